"""The words of the pages about imports and the trail: collections, outcomes, actions, and reasons."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from gis.services.imports.refusals import Problem
from webmap.refusal_words import say_problem, say_refusal

COLLECTION_WORDS = {
    "sites": _l("sites"),
    "boundaries": _l("boundaries by decree"),
    "events": _l("events"),
    "headcounts": _l("headcounts"),
    "claims": _l("claims"),
    "plans": _l("plans and letters"),
    "centres": _l("centres"),
    "occupancies": _l("occupancies"),
    "aid": _l("aid"),
}
OUTCOME_WORDS = {
    "new": _l("new"),
    "changed": _l("changed"),
    "same": _l("same"),
    "refused": _l("refused"),
}
ACTION_WORDS = {
    "insert": _l("entered"),
    "update": _l("changed"),
    "delete": _l("deleted"),
    "export": _l("exported"),
    "list": _l("listed in bulk"),
    "sign_in": _l("signed in"),
    "sign_in_refused": _l("sign-in refused"),
    "sign_out": _l("signed out"),
}

__all__ = ["ACTION_WORDS", "COLLECTION_WORDS", "OUTCOME_WORDS", "say", "say_refusal"]


def say(told: Mapping[str, Any]) -> str:
    """A problem or remark of a draft, in the language of the request.

    Parameters
    ----------
    told : as a draft keeps it: field, found, code, details
    """
    return say_problem(Problem(told["field"], told["found"], told["code"], told.get("details") or {}))

"""The words of the pages about imports and the trail: collections, outcomes, actions, and reasons."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from gis.domain.records.registry import CONTENT_OF
from gis.errors import AtlasError, BusyError, ImportRefusedError
from gis.services.imports.refusals import Problem
from webmap import error_words
from webmap.record_words import COLLECTION_WORDS, say_field
from webmap.refusal_words import say_problem, say_refusal

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

IMPORTED = {name: word for name, word in COLLECTION_WORDS.items() if name in CONTENT_OF}
_SURE, _LIKELY = 0.9, 0.7

__all__ = [
    "ACTION_WORDS",
    "COLLECTION_WORDS",
    "OUTCOME_WORDS",
    "say",
    "say_field",
    "say_problem",
    "say_refusal",
]


def say(told: Mapping[str, Any], names: Mapping[str, str], *, is_apart: bool = False) -> str:
    """A problem or remark of a draft, in the language of the request.

    Parameters
    ----------
    told : as a draft keeps it: field, found, code, details
    names : of regions, by code
    is_apart : the row was taken for a site of its name, and is not any more
    """
    code, details = told["code"], told.get("details") or {}
    if code == "other_region":
        details = {name: name_regions(codes, names) for name, codes in details.items()}
    elif code == "same_name" and is_apart:
        code = "same_name_elsewhere"
    return say_problem(Problem(told["field"], told["found"], code, details))


def say_found(told: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """The value that a problem speaks of; the codes of regions by their names."""
    found = "" if told["found"] is None else str(told["found"])
    return name_regions(found, names) if told["code"] == "outside_scope" else found


def name_regions(codes: str, names: Mapping[str, str]) -> str:
    """The regions of a list of codes by name: the regencies, or the provinces where there is none."""
    listed = codes.split(", ") if codes else []
    narrow = [code for code in listed if "." in code] or listed
    return ", ".join(names.get(code, code) for code in narrow)


def say_confidence(confidence: float) -> str:
    """How sure it is that a column is a field."""
    if confidence >= _SURE:
        return str(_("sure"))
    return str(_("likely")) if confidence >= _LIKELY else str(_("to be checked"))


def say_error(error: AtlasError) -> str:
    """Why something cannot be done with a file or a batch."""
    if isinstance(error, ImportRefusedError):
        return say_refusal(error)
    if isinstance(error, BusyError):
        return str(_("Too many files are being read just now. Nothing is lost: try again in a minute."))
    return str(_("The register refuses this: %(words)s", words=error_words.say(str(error))))

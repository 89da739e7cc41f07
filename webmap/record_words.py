"""Records in the words of a page: what a table, a field and its value are called."""

import re
from collections.abc import Mapping
from typing import Any

from flask import g
from flask_babel import lazy_gettext as _l

from gis.services.imports.columns_words import words_of
from webmap import i18n

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
TABLE_WORDS = {
    "account": _l("account"),
    "aid": _l("aid"),
    "batch": _l("batch of entries"),
    "centre": _l("centre"),
    "centre_contact": _l("contact of a centre"),
    "centre_name": _l("name of a centre"),
    "centre_place": _l("place of a centre"),
    "claim": _l("claim"),
    "decree_boundary": _l("boundary by decree"),
    "event": _l("event"),
    "headcount": _l("headcount"),
    "occupancy": _l("occupancy"),
    "plan": _l("plan or letter"),
    "release": _l("release"),
    "site": _l("site"),
    "token": _l("token"),
}
# Where the word that lists use says too little by itself, or lists have none.
_FIELD_WORDS = {
    "after": _l("after the id"),
    "approved_at": _l("approved on"),
    "as_of_precision": _l("how exact the date is"),
    "author_name": _l("entered by"),
    "author_scope": _l("region of who entered it"),
    "checksum": _l("checksum"),
    "collection": _l("collection"),
    "corrects_id": _l("corrects the record"),
    "counted_from": _l("counted from"),
    "database_role": _l("PostgreSQL login"),
    "date_precision": _l("how exact the date is"),
    "dated_precision": _l("how exact the date of the document is"),
    "decided_by": _l("decided by"),
    "disabled_at": _l("disabled on"),
    "entry_id": _l("entry"),
    "file_name": _l("file"),
    "file_sha256": _l("SHA-256 of the file"),
    "filter": _l("filter"),
    "geometry": _l("geometry"),
    "holds_on": _l("holds on"),
    "idempotency_key": _l("key of the sending"),
    "kind": _l("kind"),
    "known_at": _l("as known on"),
    "known_on": _l("known on"),
    "language": _l("language"),
    "licence": _l("licence"),
    "n": _l("number"),
    "office": _l("office"),
    "offset": _l("left out before"),
    "password_changed_at": _l("password changed on"),
    "path": _l("address"),
    "phone": _l("phone"),
    "planned_precision": _l("how exact the planned date is"),
    "reason": _l("reason"),
    "region": _l("region"),
    "regions_on": _l("regions of the day"),
    "repeats_id": _l("repeats the record"),
    "replaces_id": _l("replaces the document"),
    "retracted": _l("taken back"),
    "role": _l("role"),
    "row": _l("row"),
    "rows": _l("number of rows"),
    "sender": _l("sender"),
    "source_crs": _l("reference system as sent"),
    "state": _l("state"),
    "status_date": _l("date of the status"),
    "tile": _l("last tile"),
    "uncertain": _l("uncertain"),
    "undoes_id": _l("undoes the batch"),
    "valid": _l("time of validity"),
}
_PRECISION = {"day": _l("by day"), "month": _l("by month"), "year": _l("by year")}
_VALUES: Mapping[str, Mapping[str, Any]] = {
    "aid_type": i18n.AID_TYPE_WORDS,
    "collection": COLLECTION_WORDS,
    "definition": {
        **i18n.DEFINITION_WORDS,
        "sites_total": _l("sites in all"),
        "sites_closed": _l("sites closed"),
        "sites_left": _l("sites left"),
        "people_resident": _l("residents"),
        "people_beneficiary": _l("beneficiaries"),
        "people_returned": _l("returned home"),
        "provinces_total": _l("provinces with sites"),
        "provinces_closed": _l("provinces with closed sites"),
        "provinces_left": _l("provinces with sites left"),
    },
    "kind": {**i18n.KIND_WORDS, **i18n.PLAN_KIND_WORDS},
    "language": {"id": "Bahasa Indonesia", "en": "English"},
    "location_accuracy": i18n.ACCURACY_WORDS,
    "operator": {
        "ministry": _l("ministry"),
        "province": _l("province"),
        "regency": _l("regency or city"),
        "foundation": _l("foundation"),
    },
    "payer": i18n.PAYER_WORDS,
    "role": i18n.ROLE_WORDS,
    "services": {
        "doctor": _l("doctor"),
        "counsellor": _l("counsellor"),
        "psychologist": _l("psychologist"),
        "sewing": _l("sewing"),
        "embroidery": _l("embroidery"),
        "cake_making": _l("cake making"),
        "cooking": _l("cooking"),
        "hairdressing": _l("hairdressing"),
        "handicraft": _l("handicraft"),
        "business_training": _l("running a business"),
        "schooling": _l("schooling"),
    },
    "state": i18n.BATCH_WORDS,
    "as_of_precision": _PRECISION,
    "date_precision": _PRECISION,
    "dated_precision": _PRECISION,
    "planned_precision": _PRECISION,
}
_TRUTH = {True: _l("true"), False: _l("false")}
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*[+-]\d\d(:\d\d)?")


def say_table(table: str | None) -> str:
    """What a row of a table is."""
    return str(TABLE_WORDS.get(table or "", table or ""))


def say_field(field: str) -> str:
    """What a field is called: in Indonesian by the word that lists of the field use for it."""
    if field in _FIELD_WORDS:
        return str(_FIELD_WORDS[field])
    words = words_of(field)
    return words[1] if g.get("language") == "id" and len(words) > 1 else words[0]


def say_value(field: str, value: object) -> str:
    """A value as a page writes it: words for codes, days and numbers in the language of the request."""
    if isinstance(value, Mapping):
        return ", ".join(f"{name}={each}" for name, each in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(say_value(field, each) for each in value)
    words = _VALUES.get(field, {}).get(str(value))
    return _plain(value, is_id=field.endswith("_id")) if words is None else str(words)


def _plain(value: object, *, is_id: bool) -> str:
    if value is None:
        return i18n.NOTHING
    if isinstance(value, bool):
        return str(_TRUTH[value])
    if isinstance(value, int) and not is_id:
        return i18n.number(value)
    text = str(value)
    if _DAY.fullmatch(text):
        return i18n.day(text)
    return i18n.moment(text) if _MOMENT.fullmatch(text) else text

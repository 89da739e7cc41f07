"""Two languages: the locale of a request, the words of the domain, and how numbers and dates are written."""

import io
from datetime import date, datetime
from functools import cache
from pathlib import Path

from babel import Locale
from babel.dates import format_date, format_time
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations
from flask import Flask, g
from flask_babel import Babel, Domain, get_locale
from flask_babel import lazy_gettext as _l

from gis.domain.queries import JAKARTA

TRANSLATIONS = Path(__file__).parent / "translations"
NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
NOTHING = "–"

# domain.md, "Lifecycle of a site" and "Words".
STATUS_WORDS = {
    "active": _l("active"),
    "planned": _l("planned"),
    "closed": _l("closed"),
    "reactivated": _l("reportedly active again"),
}
KIND_WORDS = {
    "recorded": _l("recorded"),
    "verified": _l("verified"),
    "socialised": _l("closure announced to residents"),
    "decreed": _l("decree or by-law issued"),
    "closed": _l("closed"),
    "assisted": _l("aid paid, people returned home"),
    "repurposed": _l("put to another use"),
    "monitored": _l("monitored"),
    "postponed": _l("postponed"),
    "halted": _l("halted, in dispute"),
    "reactivated": _l("reportedly active again"),
    "sealed": _l("sealed"),
    "disputed": _l("classification contested"),
    "retraction": _l("entry retracted"),
}
ACCURACY_WORDS = {
    "exact": _l("exact place"),
    "approximate": _l("approximate place"),
    "cell": _l("known to a cell of 0.01°"),
    "regency": _l("known by its regency only"),
}
ACCURACY_SHORT = {
    "exact": _l("exact"),
    "approximate": _l("approximate"),
    "cell": _l("cell of 0.01°"),
    "regency": _l("regency only"),
}
JOIN_WORDS = {
    "covers": _l("lies inside"),
    "tie": _l("lies on the border, goes to the lower code"),
    "nearest": _l("nearest region"),
    "area": _l("largest part of its area"),
    "declared": _l("as declared by the source"),
    "none": _l("in no region"),
}
DEFINITION_WORDS = {
    "resident": _l("residents"),
    "beneficiary": _l("beneficiaries"),
    "returned": _l("returned home"),
}
AID_TYPE_WORDS = {
    "package": _l("package of aid"),
    "uep": _l("enterprise grant (UEP)"),
    "jadup": _l("living allowance (jadup)"),
    "tali_asih": _l("local compensation (tali asih)"),
    "transport": _l("transport home"),
    "training": _l("training"),
    "other": _l("other aid"),
}
PAYER_WORDS = {
    "kemensos": _l("Ministry (Kemensos)"),
    "province": _l("province"),
    "regency": _l("regency or city"),
    "other": _l("another payer"),
    "unstated": _l("payer not stated"),
}
PLAN_KIND_WORDS = {
    "governor_letter": _l("governor's letter"),
    "regent_letter": _l("regent's or mayor's letter"),
    "decree": _l("decree (SK)"),
    "by_law": _l("by-law (Perda)"),
    "circular": _l("circular"),
    "instruction": _l("instruction"),
    "plan": _l("plan"),
    "event": _l("announcement"),
}
BATCH_WORDS = {
    "draft": _l("draft"),
    "submitted": _l("handed in"),
    "returned": _l("sent back"),
    "approved": _l("approved"),
    "withdrawn": _l("taken back"),
}
ROLE_WORDS = {
    "regency": _l("regency"),
    "province": _l("province"),
    "planner": _l("planner"),
    "approver": _l("approver"),
    "admin": _l("administrator"),
}
COLLECTION_WORDS = {
    "sites": _l("Sites"),
    "provinces": _l("Provinces"),
    "regencies": _l("Regencies and cities"),
    "centres": _l("Rehabilitation centres"),
}
LEVEL_WORDS = {"nation": _l("Nation"), "province": _l("Province"), "regency": _l("Regency or city")}


class SourceDomain(Domain):  # type: ignore[misc]  # flask_babel is not typed
    """The catalogues as they stand in the repository, compiled in memory so that none can be stale."""

    def get_translations(self) -> NullTranslations:
        """The catalogue of the request's language; English texts are their own keys."""
        locale = get_locale()
        return NullTranslations() if locale is None else catalogue(locale.language)


@cache
def catalogue(language: str) -> NullTranslations:
    """A language's texts.

    Parameters
    ----------
    language : `id` or `en`; one without a catalogue is answered with the English of the templates
    """
    path = TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return NullTranslations()
    compiled = io.BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale=language, abort_invalid=True))
    compiled.seek(0)
    return Translations(fp=compiled)


def init_app(app: Flask) -> None:
    """Gives an application its languages and the templates their filters and words.

    Parameters
    ----------
    app : its requests set `g.language` to `id` or `en`; without it the answer is in Indonesian
    """
    babel = Babel(app, default_locale="id", locale_selector=lambda: g.get("language", "id"))
    babel.domain_instance = SourceDomain()
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    app.jinja_env.filters.update(
        number=number, percent=percent, rupiah=rupiah, day=day, month=month, moment=moment, iso=iso
    )
    app.jinja_env.globals.update(
        status_words=STATUS_WORDS,
        kind_words=KIND_WORDS,
        accuracy_words=ACCURACY_WORDS,
        accuracy_short=ACCURACY_SHORT,
        join_words=JOIN_WORDS,
        definition_words=DEFINITION_WORDS,
        collection_words=COLLECTION_WORDS,
        level_words=LEVEL_WORDS,
        role_words=ROLE_WORDS,
        aid_type_words=AID_TYPE_WORDS,
        payer_words=PAYER_WORDS,
    )


def _locale() -> Locale:
    return get_locale() or Locale("id")


def number(value: float | None, decimals: int = 0) -> str:
    """1.234,5 in Indonesian, 1,234.5 in English, a dash for nothing.

    Parameters
    ----------
    decimals : how many digits at most stand after the decimal sign
    """
    if value is None:
        return NOTHING
    pattern = "#,##0" + ("." + "#" * decimals if decimals else "")
    return format_decimal(value, format=pattern, locale=_locale())


def percent(share: float | None, decimals: int = 1) -> str:
    """45,7 % in Indonesian, 45.7% in English.

    Parameters
    ----------
    share : of one, so 0.457
    """
    if share is None:
        return NOTHING
    space = NO_BREAK_SPACE if _locale().language == "id" else ""
    return f"{number(share * 100, decimals)}{space}%"


def rupiah(amount: int | None) -> str:
    """Rp 3.000.000 in Indonesian, Rp 3,000,000 in English; whole rupiah."""
    return NOTHING if amount is None else f"Rp{NO_BREAK_SPACE}{number(amount)}"


def day(value: date | str | None, precision: str = "day", width: str = "long") -> str:
    """22 Februari 2016, as precise as the date is known.

    Parameters
    ----------
    value : a date, or its ISO text
    precision : `day`, `month` or `year`
    width : `long` names the month in full, `short` abbreviates it
    """
    if value is None:
        return NOTHING
    name = "MMMM" if width == "long" else "MMM"
    pattern = {"day": f"d {name} y", "month": f"{name} y", "year": "y"}[precision]
    return format_date(date.fromisoformat(iso(value)), pattern, locale=_locale())


def moment(value: datetime | str) -> str:
    """22 Februari 2016 14.05, in Jakarta; of a time or its ISO text."""
    there = (datetime.fromisoformat(value) if isinstance(value, str) else value).astimezone(JAKARTA)
    clock = format_time(there, "HH.mm" if _locale().language == "id" else "HH:mm", locale=_locale())
    return f"{day(there.date())} {clock}"


def month(value: date | str | None) -> str:
    """Februari 2016, of a date or its ISO text."""
    return day(value, "month")


def iso(value: date | str) -> str:
    """A date as 2016-02-22; text is taken to be that, with a time after it cut off."""
    return value[:10] if isinstance(value, str) else value.isoformat()[:10]

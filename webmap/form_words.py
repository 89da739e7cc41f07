"""Why a field of a form is refused, and where a place lies, in the words of a page."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask_babel import gettext as _

from gis.database.site_forms import FoundRegion, Located
from gis.domain.forms.reading import FormProblem
from webmap import error_words, i18n

Details = Mapping[str, Any]
_SAID: dict[str, Callable[[Details], str]] = {
    "required": lambda _d: _("This is needed."),
    "too_long": lambda d: _(
        "This is too long: %(found)s signs, at most %(longest)s.",
        found=i18n.number(d["found"]),
        longest=i18n.number(d["longest"]),
    ),
    "control_characters": lambda _d: _("This holds signs that are not text."),
    "choice": lambda _d: _("Choose one of those that are offered."),
    "url": lambda _d: _("An address begins with https:// and holds no space."),
    "date": lambda _d: _("This is no date. Write 2016, Juni 2016, 1 Juni 2016, 1/6/2016 or 2016-06-01."),
    "exact_date": lambda _d: _("Here the day is needed, such as 1 Juni 2016."),
    "future": lambda _d: _("This day is still to come."),
    "whole_number": lambda d: _(
        "Write a whole number from 0 to %(largest)s.", largest=i18n.number(d["largest"])
    ),
    "latitude": lambda _d: _("This is no latitude. Write -0,5022 or 0°30'8\" LS."),
    "longitude": lambda _d: _("This is no longitude. Write 117,1536 or 117°9'13\" BT."),
    "wkt": lambda _d: _(
        "This is no area in WKT, such as POLYGON ((117.1 -0.5, 117.2 -0.5, 117.2 -0.4, 117.1 -0.5)): "
        "longitude before latitude, each ring ends where it begins."
    ),
    "not_an_area": lambda _d: _("This is a point; an area is a POLYGON or a MULTIPOLYGON."),
    "vertices": lambda d: _(
        "This area has %(found)s corners, a form takes %(most)s. Import it as a file, or make it simpler.",
        found=i18n.number(d["found"]),
        most=i18n.number(d["most"]),
    ),
    "world": lambda _d: _(
        "This lies outside of the world. Longitude stands before latitude, both in degrees."
    ),
    "self_crossing": lambda d: _(
        "The line of this area crosses itself at longitude %(lon)s, latitude %(lat)s. Move a corner:"
        " nothing is mended by itself.",
        lon=i18n.number(d["lon"], 6),
        lat=i18n.number(d["lat"], 6),
    ),
    "invalid_area": lambda d: _(
        "This is no proper area near longitude %(lon)s, latitude %(lat)s: its rings overlap or touch.",
        lon=i18n.number(d["lon"], 6),
        lat=i18n.number(d["lat"], 6),
    ),
    "invalid_area_somewhere": lambda _d: _("This is no proper area: its rings overlap or touch."),
    "region_unknown": lambda d: (
        _("“%(found)s” is no regency or city. Did you mean %(options)s?", **d)
        if d["options"]
        else _("“%(found)s” is no regency or city.", found=d["found"])
    ),
    "region_ambiguous": lambda d: _("“%(found)s” may be %(options)s. Write which one.", **d),
    "outside_scope": lambda d: _("This lies in %(found)s, outside of the region of this account.", **d),
    "nowhere": lambda _d: _("This lies in no region; only national accounts enter that."),
    "cell_of_an_area": lambda _d: _("An area is no cell: choose exact or approximate."),
    "changed_meanwhile": lambda _d: _(
        "Somebody changed this site while you wrote. Open it anew to see how it is now; what you typed stands"
        " below."
    ),
    "nothing_changed": lambda _d: _("Nothing is different from what is stored."),
    "account_name": lambda _d: _(
        "A name has 2 to 63 of a–z, 0–9, dot, hyphen and underscore, and begins with a letter or digit."
    ),
    "account_taken": lambda d: _("There is an account “%(found)s” already.", found=d["found"]),
    "region_needless": lambda _d: _("This role sees all regions: leave the region empty."),
    "province_unknown": lambda d: _("“%(found)s” is no province.", found=d["found"]),
    "password_typed": lambda _d: _("A password is typed below: choose that one, or empty the field."),
    "password_short": lambda d: _("This is too short: %(shortest)s characters at least.", **d),
    "password_long": lambda d: _("This is too long: %(longest)s characters at most.", **d),
    "password_name": lambda _d: _("This is too near to the name of the account."),
    "password_common": lambda _d: _("This is among the first that are guessed."),
    "refused": lambda d: _("The register refuses this: %(words)s", words=error_words.say(d["words"])),
}


def say(problem: FormProblem) -> str:
    """The reason in a sentence of the request's language."""
    return str(_SAID[problem.code](problem.details))


def by_field(problems: Iterable[FormProblem]) -> dict[str, str]:
    """The sentences by the field that they stand at; the empty name is the form itself."""
    said: dict[str, str] = {}
    for problem in problems:
        said[problem.field] = " ".join(filter(None, [said.get(problem.field), say(problem)]))
    return said


def say_located(located: Located) -> str:
    """Where a place lies, and whether this account may enter it, in one or two sentences."""
    primary = [region for region in located.regions if region.is_primary]
    if not primary:
        return str(_("Lies in no region."))
    named = ", ".join(f"{region.name} {region.code}" for region in reversed(primary))
    method = i18n.JOIN_WORDS[primary[-1].method]
    words = [f"{named} ({method})."]
    if others := [_shared(region) for region in located.regions if not region.is_primary]:
        words.append(_("Also in %(regions)s.", regions=", ".join(others)))
    if not located.within_scope:
        words.append(_("Outside of the region of this account."))
    return " ".join(words)


def _shared(region: FoundRegion) -> str:
    return f"{region.name} {region.code} ({i18n.percent(region.share, 0)})"

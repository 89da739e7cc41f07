"""People of a release by definition, which are never added, and by province."""

from collections.abc import Iterable

from gis.database import published_topics
from gis.database.connection import Database
from gis.database.published_topics import PeopleNumber
from gis.services.catalogue import View
from gis.services.people import NUMBERS
from gis.services.public.moments import PublicView, state_of
from gis.services.public.regions import province_of

TABLE_COLUMNS = (
    *("level", "code", "name"),
    *(column for name in NUMBERS for column in (name, f"{name}_withheld")),
)


def people_view(database: Database, asked: PublicView, region: str | None = None) -> View:
    """People of the nation or a province on a day of a release, rounded to 10.

    Parameters
    ----------
    database : as the role of visitors
    asked : the release, its day and whose boundaries
    region : a province's code; none for the nation

    Returns
    -------
    `figures` of the region and `children` with theirs (one without a code is what lies in none of them),
    each with what is withheld; `parts` is of how many provinces of today a row is the sum. `left_out` counts
    the provinces that the nation's number leaves out, since theirs is withheld

    Raises
    ------
    NotFoundError : no region bears that code then, or it is a regency's
    """
    moment = asked.moment
    with database.transaction() as connection:
        place = province_of(connection, moment, region)
        numbers = published_topics.count_people(connection, moment, asked.boundaries, [moment.as_of])
    provinces = [each for each in numbers if each.level == "province"]
    own = [each for each in numbers if each.level == "nation"]
    codes = {each.code: each.name for each in provinces}
    children = {code: [each for each in provinces if each.code == code] for code in codes}
    return {
        **state_of(asked),
        "region": place,
        "figures": _figures(own if region is None else children.get(region, [])),
        "children_level": "province" if region is None else None,
        "children": [{"code": code, "name": codes[code], **_figures(mine)} for code, mine in children.items()]
        if region is None
        else [],
        "left_out": {
            name: sum(each.n is None for each in provinces if _name_of(each) == name) for name in NUMBERS
        }
        if region is None
        else {},
        "synthetic": moment.release.synthetic,
    }


def table_rows(view: View) -> list[View]:
    """The numbers of a view as rows of a table with `TABLE_COLUMNS`: its region, then what lies in it."""
    region = {**view["region"], **view["figures"]}
    children = [{"level": view["children_level"], **row} for row in view["children"]]
    return [
        {name: _cell(value) for name, value in row.items() if name in TABLE_COLUMNS}
        for row in (region, *children)
    ]


def _figures(numbers: Iterable[PeopleNumber]) -> View:
    held = {_name_of(each): each for each in numbers}
    figures: View = {"parts": max((each.parts for each in held.values()), default=1)}
    for name in NUMBERS:
        found = held.get(name)
        figures |= {name: found and found.n, f"{name}_withheld": found is not None and found.n is None}
    return figures


def _name_of(number: PeopleNumber) -> str:
    return number.definition if number.site_type == "lokalisasi" else f"lokasi_{number.definition}"


def _cell(value: object) -> object:
    return str(value).lower() if isinstance(value, bool) else value

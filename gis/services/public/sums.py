"""Aid of a release: sums of what is published, with how many numbers are withheld."""

from collections.abc import Callable, Iterable, Mapping

from gis.database import published_topics
from gis.database.connection import Connection, Database
from gis.database.published import PublicMoment
from gis.database.published_topics import PeopleNumber
from gis.domain.aid import AidQuery
from gis.domain.published_aid import AidCell, sum_aid
from gis.domain.queries import Boundaries
from gis.services.aid_sections import SECTION_FIGURES
from gis.services.catalogue import View
from gis.services.public.moments import PublicView, state_of
from gis.services.public.regions import on_release_day, province_of

CELL_COLUMNS = (
    *("code", "name", "aid_type", "payer", "amount_rupiah", "promised", "promised_withheld"),
    *("paid", "paid_withheld", "promised_rupiah", "paid_rupiah", "unpaid_rupiah", "synthetic"),
)


def aid_view(database: Database, asked: PublicView, query: AidQuery) -> View:
    """Aid of the nation or a province on the day of a release: of no other day it is published.

    Parameters
    ----------
    database : as the role of visitors
    asked : the release; its day and boundaries are not used
    query : which aid, and which count tells who is entitled

    Returns
    -------
    `figures` of the region, `children` with theirs (one without a code is for no single province), sums by
    `payers` and `types`, and the `cells` that they are sums of; what is withheld of these is none

    Raises
    ------
    NotFoundError : no region bears that code on that day, or it is a regency's
    """
    asked = on_release_day(asked)
    moment = asked.moment
    with database.transaction() as connection:
        place = province_of(connection, moment, query.region)
        cells = published_topics.find_aid(connection, moment, query)
        numbers = published_topics.count_people(connection, moment, Boundaries.today, [moment.as_of])
    entitled = _entitled(each for each in numbers if each.definition == query.definition)
    is_nation = query.region is None
    key = ("nation", None) if is_nation else ("province", query.region)
    return {
        **state_of(asked),
        "region": place,
        "payer": query.payer,
        "aid_type": query.aid_type,
        "definition": query.definition,
        "figures": {**_eligible(entitled, key), **sum_aid(cells).to_record()},
        "children_level": "province" if is_nation else None,
        "children": _children(cells, numbers, entitled) if is_nation else [],
        "payers": _sums_by(cells, "payer", lambda cell: cell.payer),
        "types": _sums_by(cells, "aid_type", lambda cell: cell.aid_type),
        "cells": [cell.to_record() for cell in cells],
        "synthetic": moment.release.synthetic,
    }


def table_rows(view: View) -> list[View]:
    """The cells of a view as rows of a table with `CELL_COLUMNS`."""
    return [
        {name: str(value).lower() if isinstance(value, bool) else value for name, value in cell.items()}
        for cell in view["cells"]
    ]


def region_aid(connection: Connection, moment: PublicMoment, code: str | None) -> View | None:
    """What the page of the nation or a province says of aid.

    Parameters
    ----------
    connection : in a transaction
    moment : the release and its day
    code : a province's on that day; none for the nation

    Returns
    -------
    none where nothing is published, and on other days than the release's
    """
    if moment.as_of != moment.release.published_on:
        return None
    cells = published_topics.find_aid(connection, moment, AidQuery(code))
    if not cells:
        return None
    record = sum_aid(cells).to_record()
    return {name: record[name] for name in (*SECTION_FIGURES, "withheld_unpaid", "withheld")}


Region = tuple[str, str | None]


def _entitled(numbers: Iterable[PeopleNumber]) -> dict[Region, int | None]:
    """People of one definition by level and code, at lokalisasi and lokasi; none is withheld."""
    found: dict[Region, int | None] = {}
    for number in numbers:
        key = (number.level, number.code)
        before = found.get(key, 0)
        found[key] = None if before is None or number.n is None else before + number.n
    return found


def _eligible(entitled: Mapping[Region, int | None], key: Region) -> View:
    n = entitled.get(key)
    return {"eligible": n, "eligible_withheld": key in entitled and n is None}


def _children(
    cells: list[AidCell], numbers: list[PeopleNumber], entitled: Mapping[Region, int | None]
) -> list[View]:
    """Provinces in which aid is told or anybody is entitled, by code."""
    named = [(number.code, number.name) for number in numbers if ("province", number.code) in entitled]
    names = dict([*named, *((cell.code, cell.name) for cell in cells)])
    codes = sorted(names, key=lambda code: (code is None, code))
    held = {code: [cell for cell in cells if cell.code == code] for code in codes}
    return [
        {
            "code": code,
            "name": names.get(code),
            **_eligible(entitled, ("province", code)),
            **sum_aid(mine).to_record(),
            "synthetic": any(cell.synthetic for cell in mine),
        }
        for code, mine in held.items()
    ]


def _sums_by(cells: list[AidCell], name: str, key: Callable[[AidCell], str]) -> list[View]:
    """Sums by payer or kind, most unpaid first."""
    by_value = {value: sum_aid(cell for cell in cells if key(cell) == value) for value in map(key, cells)}
    ordered = sorted(by_value.items(), key=lambda each: (-each[1].unpaid_rupiah, each[0]))
    return [{name: value, **total.to_record()} for value, total in ordered]

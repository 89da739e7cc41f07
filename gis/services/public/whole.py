"""A release as one document, from which a browser tells any of its days without asking again."""

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import Any

from gis.database import published, published_whole
from gis.database.connection import Database
from gis.database.published import PublicMoment
from gis.domain.queries import EARLIEST
from gis.domain.releases import Release
from gis.services.catalogue import View
from gis.services.public.moments import release_record

Row = dict[str, Any]


def whole_release(database: Database, release: Release) -> View:
    """A release: its days, counts and people where they change, regions, sites, events, and the map's layers.

    Parameters
    ----------
    database : as the role of visitors
    release : that is meant
    """
    moment = PublicMoment(release, release.published_on, release.published_on)
    with database.transaction() as connection:
        days = published.find_figure_days(connection, release.id)
        parts = published_whole.read(connection, release)
        again = published.find_reactivations(connection, moment)
    return {
        "release": release_record(moment.release),
        "days": days,
        "figures": [_row(row) for row in parts["figure"]],
        "people": [_row(row) for row in parts["people"]],
        "regions": parts["region"],
        "places": parts["place"],
        "sites": parts["site"],
        "events": parts["event"],
        "reactivated_by_year": again,
        "layers": [{**layer, "checksum": release.boundaries_id[:12]} for layer in layers_of(parts["region"])],
    }


def layers_of(regions: list[Row]) -> list[Row]:
    """The layers that maps draw: of all provinces, and of the regencies of each, since each of their changes.

    Parameters
    ----------
    regions : with level, code, parent_code, name, valid_from and valid_to
    """
    provinces = [row for row in regions if row["level"] == "province"]
    regencies = [row for row in regions if row["level"] == "regency"]
    found = [_layer("province", None, since) for since, held in _changes(provinces) if held]
    by_parent = sorted(regencies, key=lambda row: str(row["parent_code"]))
    for parent, rows in groupby(by_parent, key=lambda row: row["parent_code"]):
        found += [_layer("regency", parent, since) for since, held in _changes(list(rows)) if held]
    return found


def _changes(rows: list[Row]) -> Iterable[tuple[date, list[Row]]]:
    """Each day on which another set of regions came into being, and that set."""
    starts = {row["valid_from"] or EARLIEST for row in rows}
    for since in sorted(starts | {row["valid_to"] for row in rows if row["valid_to"]}):
        yield since, [row for row in rows if _holds(row, since)]


def _holds(row: Row, on: date) -> bool:
    return (row["valid_from"] or date.min) <= on < (row["valid_to"] or date.max)


def _layer(level: str, parent: str | None, since: date) -> Row:
    return {"level": level, "vintage": since, "parent_code": parent}


def _row(row: Row) -> list[Any]:
    """Without the names of its columns, which would be most of the document."""
    return list(row.values())

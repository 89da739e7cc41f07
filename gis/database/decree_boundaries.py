"""The boundary that a decree sets for a site, and how it compares with the mapped one."""

from collections.abc import Sequence
from typing import Any

from psycopg.types.json import Jsonb

from gis.database.connection import Connection
from gis.database.sites import moment_values
from gis.database.statements import load
from gis.domain.queries import Moment
from gis.domain.site_areas import AreaComparison
from gis.errors import NotFoundError

Row = dict[str, Any]
DECREE_COLUMNS = (
    *("id", "geometry", "legal_instrument", "legal_number", "dated_on", "source", "source_url", "note"),
    *("synthetic", "known_on", "reported"),
)
ENTERED_COLUMNS = (
    *("id", "site_id", "wkt", "legal_instrument", "legal_number", "dated_on", "source", "source_url", "note"),
)
_N = len(DECREE_COLUMNS)


def find_boundary(connection: Connection, site_id: int, moment: Moment) -> Row:
    """What is known of a site's boundary at a moment, beside what is mapped today.

    Parameters
    ----------
    connection : in a transaction
    site_id : a site that whoever acts sees
    moment : both clocks; of several decrees the newest one counts

    Returns
    -------
    `missing` (decree, mapped or both; none if both are areas), `decree` (a dictionary of `DECREE_COLUMNS`,
    its geometry as GeoJSON), `comparison` (see `AreaComparison.to_record`; none unless both are areas), and
    `point_distance_m`: of a site that is mapped as a point, how far outside of the decree's area it is
    """
    values = {"site_id": site_id, **moment_values(moment)}
    row = connection.execute(load("boundary_of_site"), values).fetchone()
    if row is None:
        return {"missing": "both", "decree": None, "comparison": None, "point_distance_m": None}
    is_area, point_distance, *rest = row
    decree = dict(zip(DECREE_COLUMNS, rest[:_N], strict=True)) if rest[0] is not None else None
    figures = rest[_N:]
    missing = {(True, False): "decree", (False, True): "mapped", (False, False): "both"}
    return {
        "missing": missing.get((bool(is_area), decree is not None)),
        "decree": decree,
        "comparison": AreaComparison(*figures).to_record() if figures[0] is not None else None,
        "point_distance_m": None if point_distance is None else round(point_distance, 1),
    }


def get_entered(connection: Connection, site_id: int, boundary_id: int) -> Row:
    """A boundary of a site as it was entered, that may be replaced or taken back: `ENTERED_COLUMNS`.

    Raises
    ------
    NotFoundError : there is none, it is corrected already, or not for whoever acts
    """
    values = {"site_id": site_id, "id": boundary_id}
    row = connection.execute(load("boundary_get_entered"), values).fetchone()
    if row is None:
        raise NotFoundError(f"there is no boundary {boundary_id} that can be corrected")
    return dict(zip(ENTERED_COLUMNS, row, strict=True))


def insert_rows(connection: Connection, rows: Sequence[Row]) -> int:
    """Insert the boundaries whose external id is not there yet, approved now; returns how many.

    Parameters
    ----------
    connection : in a transaction of the owner
    rows : of `gis.domain.records.boundaries.BoundaryRow`, as JSON has them
    """
    return connection.execute(load("boundary_insert_rows"), {"rows": Jsonb(list(rows))}).rowcount

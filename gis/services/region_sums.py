"""Regions with their sums: counted over all sites once for each revision of the register, then remembered."""

from collections.abc import Hashable
from dataclasses import replace

from gis.database import region_rows
from gis.database.connection import Connection, Database
from gis.database.features import Source
from gis.services.kept import Kept
from gis.services.seen import seen_now

MOST_CHARACTERS = 16 << 20  # the regencies are 200,000
_rows: Kept[Hashable, str] = Kept(MOST_CHARACTERS, len)


def summed(connection: Connection, database: Database, source: Source) -> Source:
    """The same regions, with sums that are made once for each revision, scope and moment.

    Parameters
    ----------
    connection : in a transaction with one snapshot that has written nothing itself
    database : as whoever asks; what a scope sees is summed for this scope alone
    source : of provinces or regencies of the register
    """
    key = (
        seen_now(connection, database),
        *(tuple(value) if isinstance(value, list) else value for value in source.values.values()),
    )
    rows = _rows.take(key, lambda: region_rows.read_rows(connection, source))
    return replace(source, statement="region_kept_source", values={**source.values, "rows": rows})

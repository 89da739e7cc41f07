"""How many features there are and where: found once for each revision of the register, and then remembered.

A page of a thousand features costs the same however many there are; to count them does not.
"""

import hashlib
from dataclasses import replace

from gis.database import features
from gis.database.connection import Connection, Database
from gis.database.features import Source
from gis.database.ready_sites import are_counted, count_ready
from gis.database.sites import Extent
from gis.domain.crs import CRS84
from gis.domain.feature_query import FeatureQuery
from gis.services.kept import Kept
from gis.services.seen import seen_now

_counts: Kept[str, int] = Kept(1_000)
_extents: Kept[str, Extent] = Kept(1_000)


def count(connection: Connection, database: Database, source: Source, asked: FeatureQuery) -> int:
    """How many features a query finds, whatever its page.

    Parameters
    ----------
    connection : in a transaction with one snapshot
    database : as whoever asks; what a scope sees is counted for this scope alone
    source : where the features are; those of a release never change
    asked : which of them
    """
    if are_counted(source, asked):
        return count_ready(connection, source)
    key = _key(connection, database, source, asked)
    return _counts.take(key, lambda: features.count_features(connection, source, asked))


def extent(connection: Connection, database: Database, source: Source) -> Extent:
    """How many features a collection has, and the box around them.

    Parameters
    ----------
    connection, database, source : as of `count`
    """
    asked = FeatureQuery()
    key = _key(connection, database, source, asked)
    return _extents.take(key, lambda: features.extent_of_features(connection, source, asked))


def _key(connection: Connection, database: Database, source: Source, asked: FeatureQuery) -> str:
    is_release = "release_id" in source.values
    told = (
        database.conninfo if is_release else seen_now(connection, database),
        source.statement,
        source.values,
        replace(
            asked,
            properties=None,
            with_geometry=True,
            order=(),
            limit=None,
            offset=0,
            after=None,
            crs=CRS84,
        ),
    )
    return hashlib.sha256(repr(told).encode()).hexdigest()  # what is told may be long

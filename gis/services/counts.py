"""How many features there are: counted once for each revision of the register, and then remembered.

A page of a thousand features costs the same however many there are; to count them does not.
"""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock

from gis.database import features
from gis.database.connection import Connection, Database
from gis.database.features import Source
from gis.database.revisions import read_revision
from gis.domain.feature_query import FeatureQuery

KEPT = 1_000
_counts: OrderedDict[Hashable, int] = OrderedDict()
_lock = Lock()


def count(connection: Connection, database: Database, source: Source, asked: FeatureQuery) -> int:
    """How many features a query finds, whatever its page.

    Parameters
    ----------
    connection : in a transaction with one snapshot
    database : as whoever asks; what a scope sees is counted for this scope alone
    source : where the features are; those of a release never change
    asked : which of them
    """
    is_release = "release_id" in source.values
    identity = database.identity
    key = (
        database.conninfo,
        None if is_release else read_revision(connection),
        None if identity is None else (identity.database_role, identity.region_code),
        source.statement,
        tuple(
            (name, tuple(value) if isinstance(value, list) else value)
            for name, value in source.values.items()
        ),
        asked.boxes,
        asked.where,
    )
    with _lock:
        found = _counts.get(key)
        if found is not None:
            _counts.move_to_end(key)
            return found
    counted = features.count_features(connection, source, asked)
    with _lock:
        _counts[key] = counted
        if len(_counts) > KEPT:
            _counts.popitem(last=False)
    return counted

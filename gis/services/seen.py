"""Names what somebody may see of the register now: what is made of it is right for whoever sees the same."""

from collections.abc import Hashable

from gis.database.connection import Connection, Database
from gis.database.revisions import read_revision


def seen_now(connection: Connection, database: Database) -> Hashable:
    """Names the register's state as a scope sees it; another one after each write.

    Parameters
    ----------
    connection : in a transaction with one snapshot that has written nothing itself
    database : as whoever reads
    """
    return database.conninfo, read_revision(connection), seen_by(database)


def seen_by(database: Database) -> Hashable:
    """Names a scope: accounts of the same role of the database and the same region see the same.

    Parameters
    ----------
    database : as whoever reads
    """
    identity = database.identity
    return None if identity is None else (identity.database_role, identity.region_code)

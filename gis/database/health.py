"""What the database says about itself: versions, and whether there is anything in the register."""

from dataclasses import dataclass

from gis.database.connection import Connection
from gis.database.statements import load
from gis.errors import DatabaseError

OLDEST_POSTGIS = (3, 3)


@dataclass(frozen=True)
class ServerVersion:
    """What the server runs; `postgis` is None if the extension is not available there."""

    postgresql: str
    postgis: str | None
    checksum_failures: int | None


def get_version(connection: Connection) -> ServerVersion:
    """The versions of PostgreSQL and of PostGIS, installed in this database or at hand on the server."""
    row = connection.execute(load("server_version")).fetchone()
    if row is None:
        raise DatabaseError("the server does not tell its version")
    return ServerVersion(*row)


def check_postgis(connection: Connection) -> None:
    """Make sure that the server has a PostGIS that is new enough.

    Raises
    ------
    DatabaseError : it has none, or one older than 3.3
    """
    version = get_version(connection)
    oldest = ".".join(str(number) for number in OLDEST_POSTGIS)
    if version.postgis is None:
        raise DatabaseError(
            f"this PostgreSQL {version.postgresql} has no PostGIS: install PostGIS {oldest} or later there"
        )
    if tuple(int(number) for number in version.postgis.split(".")[:2]) < OLDEST_POSTGIS:
        raise DatabaseError(f"this server has PostGIS {version.postgis}: upgrade it to {oldest} or later")


def is_empty(connection: Connection) -> bool:
    """Whether the register holds no site yet."""
    row = connection.execute(load("register_is_empty")).fetchone()
    return row is None or bool(row[0])

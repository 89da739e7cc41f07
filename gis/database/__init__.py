"""The only package that speaks to PostgreSQL."""

from gis.config import Settings
from gis.database import app_role
from gis.database.cluster import Cluster
from gis.database.connection import Database

__all__ = ["Database", "open_database"]


def open_database(settings: Settings, *, read_only: bool = False, as_app: bool = False) -> Database:
    """The database of these settings; the private cluster is started if no managed server is named.

    Nothing is migrated.

    Parameters
    ----------
    settings : where the database is and what its pool may hold
    read_only : every transaction refuses to write
    as_app : as the role of the web application, which owns nothing and sees no row without an identity;
        otherwise as the owner

    Raises
    ------
    ClusterError : the private cluster cannot be started
    InvalidInputError : `DATABASE_URL` or `ATLAS_APP_DATABASE_URL` cannot be read
    UnavailableError : the role has no password yet on the managed server
    """
    conninfo = settings.database_url
    if conninfo is None:
        cluster = Cluster(settings.home)
        cluster.start()
        conninfo = cluster.conninfo(user=app_role.NAME) if as_app else cluster.conninfo()
    elif as_app:
        conninfo = app_role.conninfo(settings)
    return Database(
        conninfo,
        read_only=read_only,
        statement_timeout_ms=settings.statement_timeout_ms,
        max_size=settings.pool_size,
    )

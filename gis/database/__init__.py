"""The only package that speaks to PostgreSQL."""

from gis.config import Settings
from gis.database import login_roles
from gis.database.cluster import Cluster
from gis.database.connection import Database
from gis.database.login_roles import LoginRole

__all__ = ["Database", "open_database"]


def open_database(settings: Settings, *, read_only: bool = False, role: LoginRole | None = None) -> Database:
    """The database of these settings; the private cluster is started if no managed server is named.

    Nothing is migrated.

    Parameters
    ----------
    settings : where the database is and what its pool may hold
    read_only : every transaction refuses to write
    role : as one of the web application's login roles, which own nothing; otherwise as the owner

    Raises
    ------
    ClusterError : the private cluster cannot be started
    InvalidInputError : `DATABASE_URL`, or the address of the role, cannot be read
    UnavailableError : the role has no password yet on the managed server
    """
    conninfo = settings.database_url
    if conninfo is None:
        cluster = Cluster(settings.home)
        cluster.start()
        conninfo = cluster.conninfo(user=role.name) if role else cluster.conninfo()
    elif role is not None:
        conninfo = login_roles.conninfo(settings, role)
    return Database(
        conninfo,
        read_only=read_only,
        statement_timeout_ms=settings.statement_timeout_ms,
        max_size=settings.pool_size,
    )

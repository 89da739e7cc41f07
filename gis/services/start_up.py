"""What has to be there before anybody is served: the schema, the boundaries, something to look at."""

from collections.abc import Callable

from gis.config import Settings
from gis.database import Database, login_roles
from gis.database.health import is_empty
from gis.database.migrations import migrate
from gis.services import boundaries, demo, sessions


def prepare(database: Database, settings: Settings, report: Callable[[str], None]) -> None:
    """Migrate, load the boundaries if their files changed, and demonstration data into an empty register.

    Parameters
    ----------
    database : the register
    settings : where the data folders are
    report : called with one line for each step, before it is done

    Raises
    ------
    MigrationError, BoundaryError, InvalidInputError, DatabaseError : a step cannot be done
    """
    report("bringing the schema up to date")
    for migration in migrate(database):
        report(f"  applied {migration.name}")
    login_roles.ensure_passwords(database, settings)
    report("checking the boundaries, and loading them if their files have changed (up to a minute)")
    boundaries.load(database, settings.data / "boundaries")
    with database.transaction() as connection:
        empty = is_empty(connection)
    if empty:
        report("loading demonstration data, as the register is empty")
        demo.load(database, settings.data / "demo")
    if not sessions.has_accounts(database):
        report("nobody can sign in yet; `atlas demo load --accounts` makes an account for each role,")
        report("  `atlas user add NAME --role admin` one for you")

"""What has to be there before anybody is served: the schema, the boundaries, something to look at."""

from collections.abc import Callable

from gis.config import Settings
from gis.database import Database, login_roles
from gis.database.health import is_empty
from gis.database.migrations import migrate
from gis.services import boundaries, demo, demo_release, folders, publication, sessions


def prepare(database: Database, settings: Settings, report: Callable[[str], None]) -> None:
    """Migrate, load the boundaries if their files changed, and demonstration data into an empty register.

    What killed processes left of files that they read is removed. A release is made over demonstration
    data alone: of a register of one's own a person decides.

    Parameters
    ----------
    database : the register
    settings : where the data folders are
    report : called with one line for each step, before it is done

    Raises
    ------
    MigrationError, BoundaryError, InvalidInputError, DatabaseError : a step cannot be done
    """
    folders.remove_abandoned(settings)
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
    if demo_release.is_wanted(database, settings.data / "demo"):
        report("making the first release for visitors, over the demonstration data")
        demo_release.publish_first(database, settings.data / "demo")
    elif not publication.find_releases(database):
        report("there is no release yet, so visitors see nothing: `atlas publish` makes one")
    if not sessions.has_accounts(database):
        report("nobody can sign in yet; `atlas demo load --accounts` makes an account for each role,")
        report("  `atlas user add NAME --role admin` one for you")

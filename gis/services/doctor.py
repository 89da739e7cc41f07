"""Checks each part of an installation and says what to do about what is wrong."""

from gis.config import Settings
from gis.database import Database
from gis.database.cluster import Cluster
from gis.database.health import check_postgis, get_version
from gis.database.joins import find_wrong_joins
from gis.database.migrations import pending
from gis.database.ready_sites import find_wrong_ready
from gis.database.regions import find_checksum
from gis.domain.queries import today
from gis.errors import AtlasError, MigrationError
from gis.services import machine_checks, publication
from gis.services.boundary_files import checksum
from gis.services.machine_checks import Finding

MAX_JOIN_DIFFERENCES = 10
JOIN_AGAIN = "SELECT register.assign_regions(array_agg(id)) FROM register.site"
READY_AGAIN = "SELECT register.make_ready(array_agg(id)) FROM register.site"
JOIN_TIMEOUT_MS = 600_000  # a million points take seconds, a wrecked index may take minutes


def examine(settings: Settings) -> list[Finding]:
    """Check all parts; nothing is started and nothing is changed.

    Parameters
    ----------
    settings : of the installation

    Returns
    -------
    A finding a part, each part after those that it stands on; without a server nothing of what is in it.
    """
    findings = [
        machine_checks.check_python(),
        machine_checks.check_web_assets(),
        machine_checks.check_translations(),
    ]
    if settings.database_url is not None:
        return [*findings, *examine_database(settings, settings.database_url)]
    cluster = Cluster(settings.home)
    server = machine_checks.check_server(cluster)
    findings += [
        machine_checks.check_binaries(cluster),
        machine_checks.check_disk(settings.home),
        machine_checks.check_lock(cluster),
        server,
    ]
    if server.state == "ok":
        findings += examine_database(settings, cluster.conninfo())
    return findings


def examine_database(settings: Settings, conninfo: str) -> list[Finding]:
    """Check what is in the database, as far as it can be reached.

    Parameters
    ----------
    settings : for the folder with the boundaries
    conninfo : of the database
    """
    with Database(conninfo, read_only=True, statement_timeout_ms=JOIN_TIMEOUT_MS) as database:
        try:
            findings = [_check_version(database), _check_migrations(database)]
            if all(finding.state == "ok" for finding in findings):
                findings += [
                    _check_boundaries(database, settings),
                    _check_join(database),
                    _check_ready(database),
                    _check_release(database),
                ]
        except AtlasError as error:
            return [
                Finding(
                    "database", "problem", str(error), "see that DATABASE_URL is right and its server runs"
                )
            ]
    return findings


def _check_version(database: Database) -> Finding:
    with database.transaction() as connection:
        version = get_version(connection)
        try:
            check_postgis(connection)
        except AtlasError as error:
            return Finding("postgis", "problem", str(error), "install or upgrade PostGIS on that server")
    if version.checksum_failures:
        message = f"{version.checksum_failures} pages of the database were read back damaged"
        return Finding("postgis", "problem", message, "stop it, check the disk, and restore a backup")
    return Finding("postgis", "ok", f"PostgreSQL {version.postgresql}, PostGIS {version.postgis}")


def _check_migrations(database: Database) -> Finding:
    try:
        waiting = pending(database)
    except MigrationError as error:
        return Finding("migrations", "problem", str(error), "use the code that this database was made with")
    if waiting:
        names = ", ".join(migration.name for migration in waiting)
        return Finding("migrations", "problem", f"pending: {names}", "atlas db migrate")
    return Finding("migrations", "ok", "the schema is up to date")


def _check_boundaries(database: Database, settings: Settings) -> Finding:
    advice = "atlas boundaries load"
    with database.transaction() as connection:
        loaded = find_checksum(connection)
    if loaded is None:
        return Finding("boundaries", "problem", "no boundaries are loaded", advice)
    try:
        wanted = checksum(settings.data / "boundaries")
    except AtlasError as error:
        return Finding(
            "boundaries", "problem", str(error), "restore data/boundaries with git, or set ATLAS_DATA"
        )
    if loaded != wanted:
        return Finding("boundaries", "problem", "the loaded boundaries are not those of the files", advice)
    return Finding("boundaries", "ok", f"loaded, sha256 {loaded[:12]}… as the files")


def _check_release(database: Database) -> Finding:
    found = publication.find_releases(database)
    if not found:
        return Finding("release", "warning", "there is none, so visitors see nothing", "atlas publish")
    return Finding("release", "ok", f"visitors see {found[0].id}, sha256 {found[0].checksum[:12]}…")


def _check_join(database: Database) -> Finding:
    with database.transaction() as connection:
        differences = find_wrong_joins(connection, MAX_JOIN_DIFFERENCES + 1)
    if not differences:
        return Finding("join", "ok", "all stored regions agree with ST_Covers")
    shown = "; ".join(
        f"site {found.site_id}: {found.level} {found.stored_code or 'none'} by {found.method or 'no join'},"
        f" covered by {found.covering_code or 'none'}"
        for found in differences[:MAX_JOIN_DIFFERENCES]
    )
    more = " and more" if len(differences) > MAX_JOIN_DIFFERENCES else ""
    return Finding(
        "join",
        "problem",
        f"{shown}{more}",
        f"atlas db psql -c '{JOIN_AGAIN}'",
    )


def _check_ready(database: Database) -> Finding:
    with database.transaction() as connection:
        wrong = find_wrong_ready(connection, [today()], MAX_JOIN_DIFFERENCES + 1)
    if not wrong:
        return Finding("ready", "ok", "all sites are ready as they are derived")
    sites = [str(site_id) for site_id, _ in wrong[:MAX_JOIN_DIFFERENCES] if site_id is not None]
    shown = f"sites {', '.join(sites)} are not ready as they are derived" if sites else "sites are miscounted"
    more = " and more" if len(wrong) > MAX_JOIN_DIFFERENCES else ""
    return Finding("ready", "problem", f"{shown}{more}", f"atlas db psql -c '{READY_AGAIN}'")

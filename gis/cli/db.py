"""The database: start, stop, status, url, psql, migrate."""

import dataclasses
import json
import os

import click

from gis.config import Settings
from gis.database import open_database
from gis.database.cluster import Cluster
from gis.database.migrations import migrate, pending
from gis.errors import ClusterError


@click.group()
def command() -> None:
    """The database: a private PostgreSQL under ATLAS_HOME, or the server that DATABASE_URL names."""


@command.command()
def start() -> None:
    """Start the private server, if it does not run."""
    cluster = _private_cluster()
    state = "started" if cluster.start() else "runs already"
    click.echo(f"{state}: {cluster.url()}")


@command.command()
def stop() -> None:
    """Stop the private server; data are kept."""
    click.echo("stopped" if _private_cluster().stop() else "did not run")


@command.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def status(as_json: bool) -> None:
    """Whether the private server runs, and where its files are; exit code 1 if it does not."""
    found = _private_cluster().status()
    if as_json:
        click.echo(json.dumps(dataclasses.asdict(found), default=str))
    else:
        state = f"runs, process {found.pid}" if found.running else "does not run (atlas db start)"
        made = f"PostgreSQL {found.major}" if found.major else "not made yet"
        click.echo(f"{state}; {made}\ndata    {found.data}\nsocket  {found.socket}\nlog     {found.log}")
    if not found.running:
        raise SystemExit(1)


@command.command()
def url() -> None:
    """Print the address of the database, for psql, QGIS and GDAL; DATABASE_URL as it is, if it is set."""
    settings = Settings.from_environment()
    click.echo(settings.database_url or Cluster(settings.home).url())


@command.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def psql(arguments: tuple[str, ...]) -> None:
    """Open psql in the database; ARGUMENTS go to psql, such as `-c 'TABLE register.site'`."""
    settings = Settings.from_environment()
    address = settings.database_url
    if address is None:
        cluster = Cluster(settings.home)
        cluster.start()
        address = cluster.url()
    options = f"{os.environ.get('PGOPTIONS', '')} -c search_path=register,public".strip()
    try:
        os.execvpe("psql", ["psql", address, *arguments], {**os.environ, "PGOPTIONS": options})  # noqa: S606
    except FileNotFoundError:
        raise ClusterError("psql is not installed: apt-get install postgresql-client") from None


@command.command(name="migrate")
@click.option("--check", is_flag=True, help="Only say what is pending; exit code 1 if anything is.")
def migrate_command(check: bool) -> None:
    """Bring the schema up to date."""
    with open_database(Settings.from_environment()) as database:
        migrations = pending(database) if check else migrate(database)
    for migration in migrations:
        click.echo(f"{'pending' if check else 'applied'}: {migration.name}")
    if not migrations:
        click.echo("nothing is pending")
    elif check:
        raise SystemExit(1)


def _private_cluster() -> Cluster:
    settings = Settings.from_environment()
    if settings.database_url is not None:
        raise ClusterError(
            "DATABASE_URL names a managed server: unset it, or start and stop that server where it is"
        )
    return Cluster(settings.home)

"""The database: start, stop, status, url, psql, migrate, backup, restore."""

import dataclasses
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gis.config import Settings
from gis.database import login_roles, open_database
from gis.database.cluster import Cluster
from gis.database.migrations import migrate, pending
from gis.errors import ClusterError

if TYPE_CHECKING:
    from gis.services.backup_files import BackupFile

FILE = click.Path(path_type=Path)


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
    settings = Settings.from_environment()
    with open_database(settings) as database:
        migrations = pending(database) if check else migrate(database)
        if not check:
            login_roles.ensure_passwords(database, settings)
    for migration in migrations:
        click.echo(f"{'pending' if check else 'applied'}: {migration.name}")
    if not migrations:
        click.echo("nothing is pending")
    elif check:
        raise SystemExit(1)


@command.command()
@click.argument("file", type=FILE)
@click.option("--json", "as_json", is_flag=True, help="For programs; with a checksum for each table.")
def backup(file: Path, as_json: bool) -> None:
    """Copy the register to FILE as it is at one moment, while others go on writing.

    FILE is complete or not there at all, and for your eyes only. pg_restore reads it as well.
    """
    from gis.services import backups

    with (
        open_database(Settings.from_environment(), read_only=True) as database,
        _progress("backup") as report,
    ):
        written = backups.back_up(database, file, report)
    _say(file, written, as_json, f"{written.size} bytes, sha256 {written.sha256}", {})


@command.command()
@click.argument("file", type=FILE)
@click.option("--json", "as_json", is_flag=True, help="For programs; with a checksum for each table.")
def restore(file: Path, as_json: bool) -> None:
    """Put the register of FILE into a database that holds none, or an empty one: all of it or nothing.

    What comes out is compared with the backup, row for row by checksum, before it counts. Roles that are
    missing are made, without passwords.
    """
    from gis.services import backups

    with open_database(Settings.from_environment()) as database, _progress("restore") as report:
        restored = backups.restore(database, file, report)
    follows = f"; pending, atlas db migrate: {', '.join(restored.pending)}" if restored.pending else ""
    _say(
        file, restored.file, as_json, f"restored, equal to the backup{follows}", {"pending": restored.pending}
    )


def _say(file: Path, found: "BackupFile", as_json: bool, outcome: str, more: dict[str, object]) -> None:
    manifest = found.manifest
    if as_json:
        click.echo(
            json.dumps(
                {
                    "file": str(file),
                    "bytes": found.size,
                    "sha256": found.sha256,
                    "made_at": manifest.made_at.isoformat(),
                    "checksum": manifest.checksum,
                    "tables": [each.model_dump() for each in manifest.tables],
                    **more,
                }
            )
        )
        return
    rows = sum(each.rows for each in manifest.tables)
    click.echo(f"{file}: {outcome}")
    click.echo(f"{rows} rows in {len(manifest.tables)} tables of {manifest.made_at:%Y-%m-%d %H:%M:%S} UTC")
    click.echo(f"checksum of the register {manifest.checksum}")


@contextmanager
def _progress(label: str) -> Iterator[Callable[[str, int, int], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    console = Console(stderr=True)
    columns = (
        TextColumn(label),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.description}", markup=False),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=None)
        yield lambda step, done, total: bar.update(task, description=step, completed=done, total=total)


def _private_cluster() -> Cluster:
    settings = Settings.from_environment()
    if settings.database_url is not None:
        raise ClusterError(
            "DATABASE_URL names a managed server: unset it, or start and stop that server where it is"
        )
    return Cluster(settings.home)

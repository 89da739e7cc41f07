"""Make a public release, or write one as files."""

import dataclasses
import json
import pkgutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from gis.config import Settings

STATIC_SITE = "webmap.static_site.folder:write"  # a text, since gis never imports webmap
TOLD = {
    "site": "closed sites",
    "event": "events of theirs",
    "decree": "decrees",
    "claim": "claims",
    "centre": "centres",
    "aid": "amounts of aid",
    "reactivation": "years with reactivations",
    "figure_days": "days with figures",
}
WITHHELD = {
    "open_sites": "sites that were never closed: a number of their province",
    "people": "numbers of people in a province: 1 to 9",
    "nation_people": "numbers of people in the nation: all provinces withheld",
    "aid": "numbers of people behind an amount of aid: 1 to 9",
    "claims": "values of claims: 1 to 9 people, or what could be set against one",
}


@click.command()
@click.option("--note", default="", metavar="TEXT", help="What is said with it, for everybody to read.")
@click.option(
    "--static",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Make no release, but write the whole public side of one into this folder, for any web server.",
)
@click.option("--release", metavar="ID", help="With --static: which release.  [default: the newest]")
@click.option("--url", default="", metavar="URL", help="With --static: where the folder will be served from.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def command(note: str, static: Path | None, release: str | None, url: str, as_json: bool) -> None:
    """Make a public release of the register as it is now: dated, citable, and never changed again.

    What the rules withhold is withheld, an attacker tries to tell it from this release and all earlier ones,
    and if he can there is no release. Exit code 1 then, and when no boundaries are loaded.

    With --static a release is written as files, pages in both languages with their data, which date, filters
    and tabs work on in the browser. The folder is replaced as a whole, when all of it is there; one that
    holds anything else is refused.
    """
    if static is not None:
        if note:
            raise click.UsageError("--note is said with a new release, and --static makes none")
        _write(static, release, url, as_json)
    elif release or url:
        raise click.UsageError("--release and --url are for --static")
    else:
        _make(note, as_json)


def _write(directory: Path, release: str | None, url: str, as_json: bool) -> None:
    write = pkgutil.resolve_name(STATIC_SITE)
    with _progress() as report:
        manifest = write(
            Settings.from_environment(),
            directory,
            release_id=release,
            url=url,
            report=lambda done, total: report("writing files", done, total),
        )
    size = sum(file["size"] for file in manifest["files"].values())
    told = {"directory": str(directory), "release": manifest["release"], "size": size}
    files = len(manifest["files"])
    if as_json:
        click.echo(json.dumps({**told, "files": files}))
    else:
        click.echo(
            f"{directory}: release {manifest['release']} in {files} files, {size / 1e6:.1f} MB;"
            " manifest.json has the checksum of each"
        )


def _make(note: str, as_json: bool) -> None:
    from gis.database import open_database
    from gis.domain import release_account
    from gis.services import publication

    with open_database(Settings.from_environment()) as database, _progress() as report:
        made = publication.make(database, note, report=report)
    told = release_account.told(made.contents)
    withheld = release_account.withheld(made.contents, made.release.published_on)
    if as_json:
        counts = {
            "told": told,
            "withheld": {each.what: each.n for each in withheld},
            "named": [each._asdict() for each in made.named],
        }
        click.echo(json.dumps({**dataclasses.asdict(made.release), **counts}, default=str))
        return
    click.echo(f"release {made.release.id}, the public side from now on; of {made.release.published_on}")
    click.echo(f"checksum {made.release.checksum}")
    click.echo("told: " + ", ".join(f"{told[name]} {words}" for name, words in TOLD.items()))
    for each in withheld:
        if each.n:
            click.echo(f"withheld by rule {each.rule}: {each.n} {WITHHELD[each.what]}")
    for named in made.named:
        where = f"{named.column} of a {named.table}"
        click.echo(f"warning: {named.text!r} ({where}) has the name of a site that is not public", err=True)


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None]]:
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=None)

        def report(step: str, done: int, total: int) -> None:
            bar.update(task, description=f"{step}, {done} of {total}" if total > 1 else step)

        yield report

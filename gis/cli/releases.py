"""List the public releases."""

import dataclasses
import json

import click

from gis.config import Settings


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def command(as_json: bool) -> None:
    """All public releases, the newest first, which is the one that the public sees."""
    from gis.database import open_database
    from gis.services import publication

    with open_database(Settings.from_environment(), read_only=True) as database:
        found = publication.find_releases(database)
    if as_json:
        click.echo(json.dumps({"releases": [dataclasses.asdict(each) for each in found]}, default=str))
        return
    for each in found:
        click.echo(f"{each.id}: of {each.published_on}, {each.checksum[:12]}…{_said(each.note)}")
    if not found:
        click.echo("no release yet, so the public sees nothing; make one with `atlas publish`")


def _said(note: str) -> str:
    return f", {' '.join(note.split())}" if note else ""

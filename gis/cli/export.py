"""Whole files out of the register."""

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path

import click

from gis.cli.options import Box, Groups, moment, moment_options
from gis.config import Settings
from gis.domain.lifecycle import StatusGroup
from gis.domain.queries import ALL_GROUPS, BoundingBox, SiteQuery
from gis.domain.regions import Level
from gis.domain.sites import SiteType
from gis.errors import InvalidInputError

FILE = click.Path(dir_okay=False, path_type=Path)
LEVELS: dict[str, Level] = {"provinces": "province", "regencies": "regency"}


@click.command()
@click.argument("collection", type=click.Choice(["sites", *LEVELS]))
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True, help="FILE.geojson"
)
@moment_options
@click.option("--region", metavar="CODE", help="Only what counts in that province or regency.")
@click.option("--status", "groups", type=Groups(), default=ALL_GROUPS, help="Sites: a comma list of groups.")
@click.option(
    "--site-type", type=click.Choice([each.value for each in SiteType]), help="Sites: only that type."
)
@click.option("--bbox", type=Box(), metavar="W,S,E,N", help="Sites: only those whose place meets it.")
@click.option("--json", "as_json", is_flag=True, help="Print the receipt for programs.")
def command(
    collection: str,
    output: Path,
    as_of: date | None,
    known_at: date | None,
    boundaries: str,
    region: str | None,
    groups: tuple[StatusGroup, ...],
    site_type: str | None,
    bbox: BoundingBox | None,
    as_json: bool,
) -> None:
    """Write COLLECTION (sites, provinces or regencies) to a file; the format is told by its ending.

    The file is complete or not there at all: it is written beside its place and moved when it is whole.
    """
    from gis.database import open_database
    from gis.services.complete_files import complete_or_absent
    from gis.services.exports import geojson

    if output.suffix.lower() != ".geojson":
        raise InvalidInputError("--output", output.name, "a name that ends with .geojson")
    asked = moment(as_of, known_at, boundaries)
    kind = SiteType(site_type) if site_type else None
    query = SiteQuery(asked, region=region, groups=groups, site_type=kind, bbox=bbox)
    with (
        open_database(Settings.from_environment(), read_only=True) as database,
        complete_or_absent(output) as unfinished,
        unfinished.open("wb") as target,
    ):
        if collection == "sites":
            receipt = geojson.write_sites(database, query, target)
        else:
            receipt = geojson.write_regions(database, LEVELS[collection], asked, region, target)
    if as_json:
        click.echo(json.dumps({**asdict(receipt), "file": str(output)}))
    else:
        click.echo(f"{output}: {receipt.features} features, {receipt.size} bytes, sha256 {receipt.sha256}")

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
from gis.domain.sites import SiteType

COLLECTIONS = ("sites", "provinces", "regencies", "centres")


@click.command()
@click.argument("collection", type=click.Choice(COLLECTIONS))
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="FILE.geojson, .geojsonl, .csv, .xlsx, .gpkg, .fgb, .parquet, .kml or .shp.zip",
)
@moment_options
@click.option("--region", metavar="CODE", help="Only what counts in that province or regency.")
@click.option("--status", "groups", type=Groups(), default=ALL_GROUPS, help="Sites: a comma list of groups.")
@click.option(
    "--site-type", type=click.Choice([each.value for each in SiteType]), help="Sites: only that type."
)
@click.option("--bbox", type=Box(), metavar="W,S,E,N", help="Only those whose place meets it.")
@click.option("--locale", type=click.Choice(["id"]), help="CSV: as Excel in Indonesia opens it.")
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
    locale: str | None,
    as_json: bool,
) -> None:
    """Write COLLECTION (sites, provinces, regencies or centres) to a file; its ending tells the format.

    The file is complete or not there at all: it is written beside its place and moved when it is whole.
    """
    from gis.database import open_database
    from gis.domain.feature_query import FeatureQuery
    from gis.services.complete_files import complete_or_absent
    from gis.services.exports.formats import format_of, get_format
    from gis.services.exports.writing import write_file
    from gis.services.features import Reader

    file_format = get_format(format_of(output).ending, locale)
    kind = SiteType(site_type) if site_type else None
    query = SiteQuery(moment(as_of, known_at, boundaries), region=region, groups=groups, site_type=kind)
    asked = FeatureQuery(boxes=(bbox,) if bbox else ())
    with (
        open_database(Settings.from_environment(), read_only=True) as database,
        complete_or_absent(output) as unfinished,
    ):
        receipt = write_file(Reader(database), collection, query, asked, file_format, unfinished).receipt
    if as_json:
        click.echo(json.dumps({**asdict(receipt), "file": str(output)}))
    else:
        click.echo(f"{output}: {receipt.features} features, {receipt.size} bytes, sha256 {receipt.sha256}")

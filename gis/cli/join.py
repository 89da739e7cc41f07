"""Provinces and regencies for the rows of any file."""

import json
from pathlib import Path

import click

from gis.config import Settings

FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=FILE)
@click.option("-o", "--output", type=FILE, required=True, help="Where to; the format is told by the ending.")
@click.option("--crs", help="The reference system of a file that states none, such as EPSG:32750.")
@click.option("--layer", help="Which layer of a file with several.")
@click.option("--engine", type=click.Choice(["geopandas"]), default="geopandas", help="What joins.")
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def command(file: Path, output: Path, crs: str | None, layer: str | None, engine: str, as_json: bool) -> None:
    """Add province_code, regency_code, province_join_method and regency_join_method to FILE.

    FILE holds points or polygons: GeoParquet, a CSV with lon,lat or wkt, or whatever GDAL reads. The output
    is .geojson, .gpkg, .fgb, .parquet or .csv, with all rows and other columns; it is complete or not there
    at all. No database is needed. Methods: covers, tie (on a shared border; the lowest code), area (a polygon
    in several regions; the largest), nearest (in a lake, or within 5 km across water), none.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from gis.services.join_files import join_file
    from gis.services.join_index import open_index

    console = Console(stderr=True)
    columns = (TextColumn("joining"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    regions = open_index(Settings.from_environment())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("joining", total=None)
        report = join_file(
            file,
            output,
            regions,
            crs=crs,
            layer=layer,
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
    if as_json:
        click.echo(json.dumps({"rows": report.rows, "regency_join_method": report.methods}))
    else:
        counts = ", ".join(f"{method} {count}" for method, count in report.methods.most_common() if count)
        click.echo(f"{report.rows} rows in {output} ({counts or 'no rows'})")

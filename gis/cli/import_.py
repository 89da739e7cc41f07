"""Bring a file into the register."""

import json
from pathlib import Path
from typing import get_args

import click

from gis.config import Settings
from gis.domain.batches import Collection
from gis.errors import InvalidInputError


@click.command()
@click.argument("collection", type=click.Choice(get_args(Collection)))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Apply nothing; say what would be.")
@click.option("--key", help="The same key again gives the same receipt and enters nothing.")
@click.option("--sender", default="", help="The agency whose file it is.")
@click.option("--table", help="The sheet or layer, of a file with several.")
@click.option("--crs", help="The reference system of a file that states none, such as EPSG:32750.")
@click.option("--column", "columns", multiple=True, metavar="FIELD=COLUMN", help="Which column a field is.")
@click.option("--set", "constants", multiple=True, metavar="FIELD=TEXT", help="What holds for every row.")
@click.option("--json", "as_json", is_flag=True, help="Print the receipt for programs.")
def command(
    collection: Collection,
    file: Path,
    dry_run: bool,
    key: str | None,
    sender: str,
    table: str | None,
    crs: str | None,
    columns: tuple[str, ...],
    constants: tuple[str, ...],
    as_json: bool,
) -> None:
    """Import COLLECTION (sites, events, headcounts, claims …) from FILE, whole or not at all.

    CSV, XLSX, GeoJSON, GeoPackage, zipped Shapefile, KML and GeoParquet, told by their content. Prints the
    receipt; refused rows go to a CSV beside the file, with the reason, to be corrected and imported again.
    """
    from gis.database import open_database
    from gis.services.imports import importing
    from gis.services.imports.reading_worker import Options

    sent = importing.Upload(
        collection, file.read_bytes(), file.name, sender, key, Options(table=table, crs=crs)
    )
    said = {"columns": dict(map(_pair, columns)), "constants": dict(map(_pair, constants))}
    refused = file.with_name(f"{file.stem}.refused.csv")
    with open_database(Settings.from_environment()) as database:
        receipt = importing.import_at_once(database, sent, said, dry_run=dry_run)
        if receipt["refused"] and receipt["batch_id"] is not None:
            importing.write_refused_rows(database, int(receipt["batch_id"]), refused)
            receipt = {**receipt, "refused_rows": str(refused)}
    if as_json:
        click.echo(json.dumps(receipt))
        return
    counts = ", ".join(f"{receipt[name]} {name}" for name in ("new", "changed", "same", "refused"))
    click.echo(
        f"{'would be' if dry_run else 'batch'} {receipt['batch_id'] or ''}: {receipt['rows']} rows; {counts}"
    )
    click.echo(f"sha256 {receipt['sha256']}")
    if "refused_rows" in receipt:
        click.echo(f"refused rows, with the reason: {refused}")


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise InvalidInputError("--column, --set", text, "FIELD=COLUMN or FIELD=TEXT")
    return name, value

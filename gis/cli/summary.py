"""The regional summary as a table, JSON or CSV."""

import csv
import json
import sys
from datetime import date
from typing import Any

import click

from gis.cli.options import moment, moment_options
from gis.config import Settings
from gis.domain.queries import SummaryLevel

LEVELS = click.Choice(["nation", "province", "regency"])
MIN_WIDTH = 100
SHOWN = {
    "code": "code",
    "name": "name",
    "sites_total": "all",
    "active": "active",
    "planned": "planned",
    "closed": "closed",
    "reactivated": "react.",
    "closed_share": "share",
    "people": "people",
}


@click.command()
@click.option("--level", type=LEVELS, default="province", show_default=True)
@click.option("--region", metavar="CODE", help="Only that region, and the regencies of that province.")
@moment_options
@click.option(
    "--format", "form", type=click.Choice(["table", "json", "csv"]), default="table", show_default=True
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
def command(
    level: SummaryLevel,
    region: str | None,
    as_of: date | None,
    known_at: date | None,
    boundaries: str,
    form: str,
    as_json: bool,
) -> None:
    """Counts of every region of a level, zeros included: lokalisasi in the totals, lokasi beside them."""
    from gis.database import open_database
    from gis.services import catalogue

    asked = moment(as_of, known_at, boundaries)
    with open_database(Settings.from_environment(), read_only=True) as database:
        rows = catalogue.regional_summary(database, level, asked, region)
    document = catalogue.summary_document(asked, rows)
    if as_json or form == "json":
        click.echo(json.dumps(document, default=str, ensure_ascii=False))
    elif form == "csv":
        _write_csv(document["regions"])
    else:
        _print_table(document["regions"], asked.as_of)


def _write_csv(records: list[dict[str, Any]]) -> None:
    from gis.domain.regions import REGION_PROPERTIES

    writer = csv.DictWriter(sys.stdout, REGION_PROPERTIES, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(records)


def _print_table(records: list[dict[str, Any]], as_of: date) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title=f"lokalisasi as of {as_of}", title_justify="left", box=None)
    for name, heading in SHOWN.items():
        table.add_column(heading, justify="left" if name in {"code", "name"} else "right")
    for record in records:
        table.add_row(*(_cell(record[name]) for name in SHOWN))
    # Names are never cut: what is piped into a file has no width to keep to.
    console = Console()
    console.print(table, width=max(console.width, MIN_WIDTH), no_wrap=True)


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    return f"{value:.1%}" if isinstance(value, float) else str(value)

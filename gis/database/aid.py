"""Aid as both clocks see it: items, and sums by region, payer and kind."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from psycopg.types.json import Jsonb

from gis.database.connection import Connection
from gis.database.sites import moment_values
from gis.database.statements import load
from gis.domain.aid import AidFigures, AidQuery
from gis.domain.queries import Moment, SummaryLevel

Row = dict[str, Any]
PAYER_COLUMNS = (
    *("payer", "aid_type", "promised", "paid", "promised_rupiah", "paid_rupiah", "unvalued", "synthetic"),
)
ITEM_COLUMNS = (
    *("id", "item_key", "aid_type", "payer", "payer_name"),
    *("province_code", "province_name", "regency_code", "regency_name", "site_id", "site_name"),
    *("amount_rupiah", "by_rate", "eligible_n", "planned_n", "paid_n"),
    *("promised_rupiah", "paid_rupiah", "unpaid_rupiah", "period_from", "period_to", "stated_on"),
    *("source", "source_url", "note", "synthetic"),
)
RATE_COLUMNS = ("aid_type", "amount_rupiah", "valid_from", "valid_to", "source", "source_url")


@dataclass(frozen=True)
class RegionAid:
    """The figures of a region; without a code: what belongs to no smaller region than the one around it."""

    level: SummaryLevel
    code: str | None
    name: str | None
    parent_code: str | None
    figures: AidFigures
    synthetic: bool


def sum_by_region(connection: Connection, moment: Moment, query: AidQuery) -> list[RegionAid]:
    """The nation (or what was asked for, as level "nation"), its provinces and regencies with any figure.

    Parameters
    ----------
    connection : in a transaction
    moment : both clocks and whose boundaries
    query : which aid; with a region its level "nation" row is the sum of that region
    """
    values = _values(moment, query)
    rows = connection.execute(load("aid_by_region"), {**values, "definition": query.definition})
    return [
        RegionAid(level, code, name, parent, AidFigures(*figures), synthetic)
        for level, code, name, parent, *figures, synthetic in rows
    ]


def sum_by_payer(connection: Connection, moment: Moment, query: AidQuery) -> list[Row]:
    """Sums by payer, then by kind of aid: dictionaries of `PAYER_COLUMNS`, of which one key is none."""
    return _rows(connection, "aid_by_payer", _values(moment, query), PAYER_COLUMNS)


def list_items(
    connection: Connection,
    moment: Moment,
    query: AidQuery,
    *,
    site_id: int | None = None,
    limit: int | None = None,
) -> list[Row]:
    """Items as they stood, most unpaid first: dictionaries of `ITEM_COLUMNS`."""
    values = {**_values(moment, query), "site_id": site_id, "row_limit": limit}
    return _rows(connection, "aid_list", values, ITEM_COLUMNS)


def list_rates(connection: Connection, on: date) -> list[Row]:
    """What kinds of aid amounted to on a day: dictionaries of `RATE_COLUMNS`."""
    return _rows(connection, "aid_list_rates", {"as_of": on}, RATE_COLUMNS)


def insert_rates(connection: Connection, rows: Sequence[Row]) -> int:
    """Insert rates that overlap none that is there (`AidRateRow` as JSON has it); how many were inserted."""
    return connection.execute(load("aid_insert_rates"), {"rows": Jsonb(rows)}).rowcount


def insert_rows(connection: Connection, rows: Sequence[Row]) -> int:
    """Insert rows of aid whose external id is not there (`AidRow` as JSON has it), approved now; how many."""
    return connection.execute(load("aid_insert_rows"), {"rows": Jsonb(rows)}).rowcount


def _values(moment: Moment, query: AidQuery) -> Row:
    return {
        **moment_values(moment),
        "region": query.region,
        "payer": query.payer,
        "aid_type": query.aid_type,
    }


def _rows(connection: Connection, statement: str, values: Row, columns: tuple[str, ...]) -> list[Row]:
    return [dict(zip(columns, row, strict=True)) for row in connection.execute(load(statement), values)]

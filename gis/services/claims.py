"""Reported against derived: claims, what the register has for their day, and why the two may differ."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from gis.database import claims, regions, sites
from gis.database.claims import NATION, Span
from gis.database.connection import Connection, Database
from gis.domain.claim_comparison import (
    Comparison,
    PeopleNumbers,
    RegisterCounts,
    SiteNumbers,
    compare,
    counts_of,
)
from gis.domain.claims import Claim, Definition, Reading, read_reports
from gis.domain.lifecycle import DatePrecision
from gis.domain.queries import Boundaries, Moment, SiteQuery
from gis.domain.regions import Region
from gis.domain.sites import SiteType
from gis.errors import NotFoundError
from gis.services.catalogue import View, state_of

MAX_CLAIMS = 1_000
MAX_REGION_CLAIMS = 3
COMPARED_COLUMNS = ("derivation", "derived", "late", "difference", "reasons")
TABLE_COLUMNS = (*claims.CLAIM_COLUMNS, *COMPARED_COLUMNS)
PEOPLE = {
    Definition.people_resident: "resident",
    Definition.people_beneficiary: "beneficiary",
    Definition.people_returned: "returned",
}
NOT_COMPARED = Comparison(None, None, None, ())


def claims_view(database: Database, moment: Moment, region: str | None = None) -> View:
    """Every claim on a day up to the moment, by report, beside what the register derives for its day.

    Parameters
    ----------
    database : the register
    moment : `as_of` is the latest day of a claim; claims and register as known at `known_at`; regions of each
        claim's day, or today's
    region : only claims on that region, and of a province those on its regencies; a code of any period

    Raises
    ------
    NotFoundError : nothing ever bore that code
    """
    with database.transaction(snapshot=True) as connection:
        asked = None if region is None else _region(connection, region)
        codes = None if asked is None else [asked.code_today]
        rows, total = claims.find_claims(connection, moment, codes, within=True, limit=MAX_CLAIMS)
        compared, readings = _compared(connection, moment, rows)
        claimed = claims.find_claimed_regions(connection, moment)
        extent = sites.extent_of_sites(connection, SiteQuery(moment))
    here = None if asked is None else (asked.code_today, asked.name)
    offered = sorted({*claimed, *([here] if here else [])})
    return {
        **state_of(moment),
        "region": None if here is None else dict(zip(("code", "name"), here, strict=True)),
        "regions": [{"code": code, "name": name} for code, name in offered],
        "total": total,
        "shown": len(compared),
        "counts": {
            "equal": sum(row["difference"] == 0 for row in compared),
            "differ": sum(bool(row["difference"]) for row in compared),
            "outside": sum(row["derivation"] == "outside_scope" for row in compared),
        },
        "synthetic": extent.synthetic or any(row["synthetic"] for row in rows),
        "reports": reports_of(compared, readings),
    }


def reports_of(compared: Sequence[View], readings: Mapping[str, Sequence[Reading]]) -> list[View]:
    """Compared claims by the report that they stand in, with what is read within it.

    Parameters
    ----------
    compared : claims, those of a report in their order
    readings : by report
    """
    return [
        {
            "report": report,
            "claims": [row for row in compared if row["report"] == report],
            "readings": [reading_view(reading) for reading in readings.get(report, ())],
        }
        for report in dict.fromkeys(row["report"] for row in compared)
    ]


def first_reports(view: View, limit: int) -> View:
    """The same view with whole reports only, as many as fit into a number of rows; one at least."""
    kept: list[View] = []
    rows = 0
    for report in view["reports"]:
        rows += len(report["claims"])
        if kept and rows > limit:
            break
        kept.append(report)
    return {**view, "reports": kept, "shown": sum(len(report["claims"]) for report in kept)}


def table_rows(view: View) -> list[View]:
    """The claims of a view as rows of a table with `TABLE_COLUMNS`, written as a file to import has them."""
    return [
        {name: _cell(value) for name, value in row.items()}
        for report in view["reports"]
        for row in report["claims"]
    ]


def region_claims(connection: Connection, moment: Moment, code: str | None) -> View:
    """The newest claims on a region itself, for its page: each beside the register.

    Parameters
    ----------
    connection : in a transaction
    moment : as for `claims_view`
    code : the region's code of today; none for the nation
    """
    codes = [NATION if code is None else code]
    rows, total = claims.find_claims(connection, moment, codes, within=False, limit=MAX_REGION_CLAIMS)
    compared, _ = _compared(connection, moment, rows)
    # Why they may differ is told where the whole report is read.
    told = (*claims.CLAIM_COLUMNS, "derivation", "derived", "difference")
    return {"total": total, "rows": [{name: row[name] for name in told} for row in compared]}


def _region(connection: Connection, code: str) -> Region:
    """The region that bears a code today, else the newest that ever did."""
    periods = regions.find_history(connection, code)
    borne = [region for region in periods if region.code_today == code] or periods
    if not borne:
        raise NotFoundError(f"region {code}: no province or regency has this Kemendagri code")
    return borne[-1]


def _compared(
    connection: Connection, moment: Moment, rows: Sequence[View]
) -> tuple[list[View], dict[str, list[Reading]]]:
    """Each row beside the register, and what is read within the reports."""
    said = [claim_of(row) for row in rows]
    readings = read_reports(said)
    counts = _counts(connection, moment, rows)
    on_region: dict[str | None, list[Claim]] = defaultdict(list)
    for claim in said:
        on_region[claim.region_code].append(claim)
    compared = []
    for row, claim in zip(rows, said, strict=True):
        now = counts.get((row["holds_on"], _code_then(row)))
        others = on_region[claim.region_code]
        comparison = compare(claim, now, others, readings[claim.report]) if now else NOT_COMPARED
        compared.append({**row, **_comparison_view(comparison, row, found=now is not None)})
    return compared, readings


def _counts(
    connection: Connection, moment: Moment, rows: Sequence[View]
) -> dict[tuple[date, str], RegisterCounts]:
    """What the register derives, by day and code: one statement, one more a definition of people."""
    asked = [row for row in rows if row["region_code_then"] or row["region_code"] is None]
    if not asked:
        return {}
    codes = sorted({_code_then(row) for row in asked})
    sites_of: dict[tuple[date, str], dict[SiteType, SiteNumbers]] = defaultdict(dict)
    provinces: dict[date, list[dict[SiteType, SiteNumbers]]] = defaultdict(list)
    for row in claims.count_sites(connection, _span(moment, asked), codes):
        key = (row.on, row.code)
        if row.level == "province" and key not in sites_of:
            provinces[row.on].append(sites_of[key])
        sites_of[key][SiteType(row.site_type)] = SiteNumbers(*row[-4:])
    people: dict[tuple[date, str], dict[tuple[Definition, SiteType], PeopleNumbers]] = defaultdict(dict)
    for definition, counted in PEOPLE.items():
        of_people = [row for row in asked if row["definition"] == definition]
        if of_people:
            for found in claims.count_people(connection, counted, _span(moment, of_people), codes):
                numbers = PeopleNumbers(found.n, found.late)
                people[found.on, found.code][definition, SiteType(found.site_type)] = numbers
    return {
        (on, code): counts_of(numbers, provinces[on] if code == NATION else [], people[on, code])
        for (on, code), numbers in sites_of.items()
    }


def _span(moment: Moment, rows: Sequence[View]) -> Span:
    days = tuple(sorted({row["holds_on"] for row in rows}))
    own = moment.boundaries is Boundaries.then
    return Span(days, moment.known_at, None if own else moment.regions_on)


def claim_of(row: View) -> Claim:
    """What the rules have to know of a row."""
    return Claim(
        id=row["id"],
        report=row["report"],
        region_code=row["region_code"],
        definition=Definition(row["definition"]),
        site_type=SiteType(row["site_type"]) if row["site_type"] else None,
        value=row["value"],
        as_of=row["as_of"],
        as_of_precision=DatePrecision(row["as_of_precision"]),
        holds_on=row["holds_on"],
        counted_from=row["counted_from"],
        uncertain=row["uncertain"],
        other_boundaries=row["other_boundaries"],
    )


def _code_then(row: View) -> str:
    code: str = row["region_code_then"] or row["region_code"] or NATION
    return code


def _comparison_view(comparison: Comparison, row: View, *, found: bool) -> dict[str, Any]:
    """The register's side of a row; `derivation` tells why there is no number where there is none."""
    if row["region_code"] is not None and row["region_code_then"] is None:
        derivation = "no_region"
    elif not found:
        derivation = "outside_scope"
    elif comparison.derived is None:
        derivation = "no_count"
    else:
        derivation = "derived"
    return {
        "derivation": derivation,
        "derived": comparison.derived,
        "late": comparison.late,
        "difference": comparison.difference,
        "reasons": list(comparison.reasons),
    }


def reading_view(reading: Reading) -> View:
    """A number of a report against others of it, as outputs have it."""
    return {
        "kind": reading.kind,
        "claim_id": reading.headline,
        "part_ids": list(reading.parts),
        "reported": reading.reported,
        "parts_total": reading.total,
        "difference": reading.difference,
        "contradicts": reading.is_contradiction,
    }


def _cell(value: object) -> object:
    match value:
        case bool():
            return "true" if value else "false"
        case list():
            return ";".join(value)
    return value

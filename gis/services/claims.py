"""Reported against derived: claims, what the register has for their day, and why the two may differ."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from gis.database import claims, regions, sites
from gis.database.claims import NATION, Day
from gis.database.connection import Connection, Database
from gis.domain.claim_comparison import Comparison, RegisterCounts, compare, counts_of
from gis.domain.claims import Claim, Definition, Reading, read_reports
from gis.domain.lifecycle import DatePrecision
from gis.domain.queries import Boundaries, Moment, SiteQuery
from gis.domain.regional_summary import RegionSummary
from gis.domain.regions import Region
from gis.domain.sites import SiteType
from gis.errors import NotFoundError
from gis.services.catalogue import View, state_of

MAX_CLAIMS = 1_000
MAX_REGION_CLAIMS = 5
#: Definitions that the regional summary has no number of.
COUNTED_APART = {
    Definition.people_beneficiary: "beneficiary",
    Definition.people_returned: "returned",
}
Keyed = Mapping[tuple[Day, str], RegisterCounts]


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
    with database.transaction() as connection:
        sites.hold_snapshot(connection)
        asked = None if region is None else _region(connection, region)
        codes = None if asked is None else [asked.code_today]
        rows, total = claims.find_claims(connection, moment, codes, within=True, limit=MAX_CLAIMS)
        compared, readings = _compared(connection, moment, rows)
        extent = sites.extent_of_sites(connection, SiteQuery(moment))
    return {
        **state_of(moment),
        "region": None if asked is None else {"code": asked.code_today, "name": asked.name},
        "total": total,
        "truncated": total > len(rows),
        "synthetic": extent.synthetic or any(row["synthetic"] for row in rows),
        "reports": [
            {
                "report": report,
                "claims": [row for row in compared if row["report"] == report],
                "readings": [_reading_view(reading) for reading in readings[report]],
            }
            for report in dict.fromkeys(row["report"] for row in compared)
        ],
    }


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
    return {"total": total, "rows": compared}


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
    said = [_claim(row) for row in rows]
    readings = read_reports(said)
    days = {claim.id: (_day(claim, moment), _day_then(claim, moment)) for claim in said}
    counts = _counts(connection, said, rows, days)
    on_region: dict[str | None, list[Claim]] = defaultdict(list)
    for claim in said:
        on_region[claim.region_code].append(claim)
    compared = []
    for row, claim in zip(rows, said, strict=True):
        now, then = (counts.get((day, _code_then(row))) for day in days[claim.id])
        comparison = (
            compare(
                claim, now, then or RegisterCounts({}), on_region[claim.region_code], readings[claim.report]
            )
            if now
            else Comparison(None, None, None, ())
        )
        compared.append({**row, **_comparison_view(comparison, row, found=now is not None)})
    return compared, readings


def _counts(
    connection: Connection,
    said: Sequence[Claim],
    rows: Sequence[View],
    days: Mapping[int, tuple[Day, Day]],
) -> dict[tuple[Day, str], RegisterCounts]:
    """What the register derives, by day and code: one statement, one more a kind of head count."""
    asked = list(dict.fromkeys(day for pair in days.values() for day in pair))
    codes = sorted({_code_then(row) for row in rows if row["region_code_then"] or row["region_code"] is None})
    if not asked or not codes:
        return {}
    summaries = claims.summarise_days(connection, asked, codes)
    people: dict[tuple[Day, str], dict[tuple[Definition, SiteType | None], int | None]] = defaultdict(dict)
    for definition in {claim.definition for claim in said} & COUNTED_APART.keys():
        found = claims.count_people(connection, COUNTED_APART[definition], asked, codes)
        for key, (in_lokalisasi, in_lokasi) in found.items():
            people[key][definition, SiteType.lokalisasi] = in_lokalisasi
            people[key][definition, SiteType.lokasi] = in_lokasi
    return {
        (day, code): counts_of(summary, _provinces(code, of_day.values()), people.get((day, code), {}))
        for day, of_day in summaries.items()
        for code, summary in of_day.items()
    }


def _provinces(code: str, summaries: Iterable[RegionSummary]) -> list[RegionSummary]:
    return [row for row in summaries if row.level == "province"] if code == NATION else []


def _claim(row: View) -> Claim:
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
    )


def _day(claim: Claim, moment: Moment) -> Day:
    own = moment.boundaries is Boundaries.then
    return Day(claim.holds_on, moment.known_at, claim.holds_on if own else moment.regions_on)


def _day_then(claim: Claim, moment: Moment) -> Day:
    day = _day(claim, moment)
    known_at = claim.holds_on if moment.known_at is None else min(claim.holds_on, moment.known_at)
    return day._replace(known_at=known_at)


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
        "known_then": comparison.known_then,
        "difference": comparison.difference,
        "reasons": list(comparison.reasons),
    }


def _reading_view(reading: Reading) -> View:
    return {
        "kind": reading.kind,
        "claim_id": reading.headline,
        "part_ids": list(reading.parts),
        "reported": reading.reported,
        "parts_total": reading.total,
        "difference": reading.difference,
        "contradicts": reading.is_contradiction,
    }

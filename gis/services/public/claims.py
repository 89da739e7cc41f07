"""Claims of a release beside what the release has for their day, and why the two may differ."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from gis.database import published, published_topics
from gis.database.connection import Connection, Database
from gis.database.published import PublicMoment
from gis.database.published_topics import CLAIM_COLUMNS, NATION
from gis.domain.claim_comparison import (
    Comparison,
    PeopleNumbers,
    RegisterCounts,
    SiteNumbers,
    compare,
    counts_of,
)
from gis.domain.claims import Claim, Definition, Reading, read_reports
from gis.domain.disclosure import STEP
from gis.domain.queries import Boundaries
from gis.domain.sites import SiteType
from gis.services.catalogue import View
from gis.services.claims import MAX_REGION_CLAIMS, PEOPLE, claim_of, reports_of
from gis.services.public.moments import PublicView, state_of
from gis.services.public.regions import refuse_regency

TABLE_COLUMNS = (*CLAIM_COLUMNS, "derivation", "derived", "difference", "within_rounding", "reasons")
_DEFINITION_OF = {counted: definition for definition, counted in PEOPLE.items()}
_TOLD = (*CLAIM_COLUMNS, "derivation", "derived", "difference", "within_rounding")
Series = tuple[Definition, SiteType]


class ReleaseCounts(NamedTuple):
    """What a release has for a region and a day.

    Parameters
    ----------
    counts : its numbers
    withheld : the series of people that it does not tell
    parts : of how many rounded numbers each series of people is the sum; 0 where others are left out of it
    """

    counts: RegisterCounts
    withheld: set[Series]
    parts: dict[Series, int]


def claims_view(database: Database, asked: PublicView, region: str | None = None) -> View:
    """Every claim of a release up to a day, by report, beside what the release has for its day.

    Parameters
    ----------
    database : as the role of visitors
    asked : the release, and the latest day of a claim; regions of each claim's day, or of the release's
    region : only claims on that province; a code of any period

    Returns
    -------
    as `gis.services.claims.claims_view`; a value that is `withheld` is none

    Raises
    ------
    NotFoundError : nothing ever bore that code, or it is a regency's
    """
    moment = asked.moment
    with database.transaction() as connection:
        here = None if region is None else published.get_region(connection, moment, region)
        refuse_regency(here)
        codes = None if here is None else [here.code_today]
        rows, total = published_topics.find_claims(connection, moment, asked.boundaries, codes)
        compared, readings = _compared(connection, moment, asked.boundaries, rows)
        claimed = published_topics.find_claimed_provinces(connection, moment)
    chosen = None if here is None else {"code": here.code_today, "name": here.name}
    offered = {each["code"]: each for each in ([chosen] if chosen else []) + claimed}
    return {
        **state_of(asked),
        "region": chosen,
        "regions": [offered[code] for code in sorted(offered)],
        "total": total,
        "shown": total,
        "counts": {
            "equal": sum(row["difference"] == 0 or row["within_rounding"] for row in compared),
            "differ": sum(bool(row["difference"]) and not row["within_rounding"] for row in compared),
            "withheld": sum(row["withheld"] or row["derivation"] == "withheld" for row in compared),
        },
        "synthetic": moment.release.synthetic,
        "reports": reports_of(compared, readings),
    }


def region_claims(connection: Connection, asked: PublicView, code: str | None) -> View:
    """The newest claims on the nation or a province itself, for its page: each beside the release.

    Parameters
    ----------
    connection : in a transaction
    asked : as for `claims_view`
    code : a province's code of today; none for the nation
    """
    codes = [NATION if code is None else code]
    rows, total = published_topics.find_claims(
        connection, asked.moment, asked.boundaries, codes, MAX_REGION_CLAIMS
    )
    compared, _ = _compared(connection, asked.moment, asked.boundaries, rows)
    return {"total": total, "rows": [{name: row[name] for name in _TOLD} for row in compared]}


def _compared(
    connection: Connection, moment: PublicMoment, boundaries: Boundaries, rows: Sequence[View]
) -> tuple[list[View], dict[str, list[Reading]]]:
    """Each row beside the release, and what is read within the reports; of values that are told alone."""
    days = sorted({row["holds_on"] for row in rows})
    found = _counts(connection, moment, boundaries, days) if days else {}
    said = {row["id"]: claim_of(row) for row in rows if not row["withheld"]}
    readings = read_reports(said.values())
    on_region: dict[str | None, list[Claim]] = defaultdict(list)
    for claim in said.values():
        on_region[claim.region_code].append(claim)
    compared = []
    for row in rows:
        code = NATION if row["region_code"] is None else row["region_code_then"]
        here, told = found.get((row["holds_on"], code)), said.get(row["id"])
        others, read = on_region[row["region_code"]], readings.get(row["report"], [])
        comparison = compare(told, here.counts, others, read) if here and told else None
        compared.append({**row, **_beside(row, here, comparison)})
    return compared, readings


def _counts(
    connection: Connection, moment: PublicMoment, boundaries: Boundaries, days: Sequence[date]
) -> dict[tuple[date, str], ReleaseCounts]:
    """What the release has on several days for the nation and for every province, by day and code."""
    sites: dict[tuple[date, str], dict[SiteType, SiteNumbers]] = defaultdict(dict)
    for row in published_topics.count_sites(connection, moment, boundaries, days):
        sites[row.on, row.code][SiteType(row.site_type)] = SiteNumbers(row.total, row.closed)
    people: dict[tuple[date, str], dict[Series, PeopleNumbers]] = defaultdict(dict)
    parts: dict[tuple[date, str], dict[Series, int]] = defaultdict(dict)
    left_out: set[tuple[date, Series]] = set()
    for number in published_topics.count_people(connection, moment, boundaries, days):
        series = (_DEFINITION_OF[number.definition], SiteType(number.site_type))
        if number.level == "province" and number.n is None:
            left_out.add((number.on, series))
        if number.level == "nation" or number.code is not None:
            people[number.on, number.code or NATION][series] = PeopleNumbers(number.n)
            parts[number.on, number.code or NATION][series] = number.parts
    for on, series in left_out:
        parts[on, NATION][series] = 0
    found = {}
    for (on, code), numbers in sites.items():
        provinces = [each for (day, part), each in sites.items() if day == on and part != NATION]
        counts = counts_of(numbers, provinces if code == NATION else [], people[on, code])
        withheld = {series for series, number in people[on, code].items() if number.n is None}
        found[on, code] = ReleaseCounts(counts, withheld, parts[on, code])
    return found


def _beside(row: View, here: ReleaseCounts | None, comparison: Comparison | None) -> View:
    """The release's side of a row; `derivation` tells why there is no number where there is none."""
    nothing: View = {"derived": None, "difference": None, "within_rounding": False, "reasons": []}
    if here is None:
        return {"derivation": "no_region", **nothing}
    definition = Definition(row["definition"])
    kinds = [SiteType(row["site_type"])] if row["site_type"] else list(SiteType)
    series = [(definition, kind) for kind in kinds]
    if here.withheld.intersection(series):
        return {"derivation": "withheld", **nothing}
    derived = here.counts.numbers.get((definition, kinds[0] if row["site_type"] else None))
    if derived is None:
        return {"derivation": "no_count", **nothing}
    shown = {**nothing, "derivation": "derived", "derived": derived}
    if comparison is None:
        return shown
    difference = comparison.difference or 0
    parts = [here.parts[each] for each in series if each in here.parts]
    # A number that was rounded may stand for any within half a step; one that leaves some out for more.
    within = difference != 0 and all(parts) and abs(difference) <= sum(parts) * STEP // 2
    return {
        **shown,
        "difference": difference,
        "within_rounding": within,
        "reasons": ["told_in_tens"] if within else list(comparison.reasons),
    }

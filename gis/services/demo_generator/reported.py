"""The real, publicly reported sites, with their sources (domain.md, "Publicly reported sites").

Nothing is invented of a real site but one `recorded` event, marked synthetic, where the sources begin with
the closing. A real site whose last reported state is not closed is named nowhere.
"""

from dataclasses import dataclass, field
from datetime import date

from gis.domain.lifecycle import DatePrecision, period
from gis.services.demo_generator.dice import stable_id
from gis.services.demo_generator.log import SOURCE
from gis.services.demo_rows import EventRow, HeadcountRow, SiteRow

# Before the first anchor, so that the totals of domain.md hold; which day it was is not claimed.
RECORDED = date(2010, 1, 1)
YEAR, MONTH, DAY = DatePrecision.year, DatePrecision.month, DatePrecision.day
RESIDENT, BENEFICIARY, RETURNED = "resident", "beneficiary", "returned"


@dataclass(frozen=True)
class Fact:
    """What a source says happened."""

    kind: str
    day: date
    source: str
    url: str
    precision: DatePrecision = DAY
    note: str | None = None
    instrument: str | None = None


@dataclass(frozen=True)
class Count:
    """How many people a source gives; `reported_on` where it is not the day of the count."""

    day: date
    n: int
    definition: str
    source: str
    url: str
    region_code: str
    reported_on: date | None = None


@dataclass(frozen=True)
class ReportedSite:
    """A real site; `key` is what its id and the keys of its rows are made from."""

    key: str
    name: str
    region_codes: tuple[str, ...]
    facts: tuple[Fact, ...]
    counts: tuple[Count, ...] = ()
    alternative_names: tuple[str, ...] = field(default=())

    def site_row(self) -> SiteRow:
        """The row of sites.csv: no geometry, since the sources name the regency only."""
        return SiteRow(
            id=stable_id(self.key),
            name=self.name,
            alternative_names=self.alternative_names,
            site_type="lokalisasi",
            location_accuracy="regency",
            location_source=f"{self.facts[0].source} (hanya kabupaten/kota)",
            declared_region_codes=self.region_codes,
            synthetic=False,
            source_url=self.facts[0].url,
        )

    def event_rows(self) -> list[EventRow]:
        """The rows of events.csv, the synthetic beginning first."""
        note = "Sumber dimulai dengan penutupan; baris ini hanya menyatakan bahwa lokasi sudah ada."
        facts = (Fact("recorded", RECORDED, SOURCE, "", YEAR, note), *self.facts)
        return [
            EventRow(
                external_id=f"demo:e:{self.key}:{number:02}",
                site_id=stable_id(self.key),
                kind=fact.kind,
                occurred_on=fact.day,
                date_precision=fact.precision,
                legal_instrument=fact.instrument,
                source=fact.source,
                source_url=fact.url or None,
                reported_on=period(fact.day, fact.precision)[1],
                synthetic=fact.source == SOURCE,
                note=fact.note,
            )
            for number, fact in enumerate(facts, start=1)
        ]

    def headcount_rows(self) -> list[HeadcountRow]:
        """The rows of headcounts.csv, one a source."""
        return [
            HeadcountRow(
                external_id=f"demo:h:{self.key}:{number:02}",
                site_id=stable_id(self.key),
                region_code=count.region_code,
                counted_on=count.day,
                n=count.n,
                definition=count.definition,  # type: ignore[arg-type]  # checked by the row itself
                source=count.source,
                source_url=count.url,
                reported_on=count.reported_on or count.day,
                synthetic=False,
            )
            for number, count in enumerate(self.counts, start=1)
        ]

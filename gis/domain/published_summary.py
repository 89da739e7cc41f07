"""What a regional summary of a release holds: what is not public of a level is not in it."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from gis.domain.regional_summary import Pace, pace

#: What is public of nation and provinces only (domain.md, "Who sees what").
_NOT_OF_REGENCIES = (
    *("active", "planned", "lokasi_active", "lokasi_planned"),
    *("people", "people_withheld", "lokasi_people", "lokasi_people_withheld"),
)


@dataclass(frozen=True)
class PublishedSummary:
    """The summary of one region in a release, on one of its figure days.

    `active` and `planned` are none of a regency. People are rounded to 10; none, and withheld, or none where
    nobody counted.
    """

    level: str
    code: str | None
    iso_code: str | None
    name: str
    kind: str | None
    parent_code: str | None
    parent_name: str | None
    valid_from: date | None
    valid_to: date | None
    area_km2: float | None
    active: int | None
    planned: int | None
    closed: int
    lokasi_active: int | None
    lokasi_planned: int | None
    lokasi_closed: int
    people: int | None
    people_withheld: bool
    lokasi_people: int | None
    lokasi_people_withheld: bool
    last_event_on: date | None
    closed_12_months: int

    @property
    def sites_total(self) -> int | None:
        """All lokalisasi; none of a regency."""
        return _sum(self.active, self.planned, self.closed)

    def pace(self, as_of: date) -> Pace | None:
        """The pace of this region; none of a regency."""
        remaining = _sum(self.active, self.planned)
        return None if remaining is None else pace(remaining, self.closed_12_months, as_of)

    def to_record(self, as_of: date) -> dict[str, Any]:
        """The summary as every public output shows it; without what is not public of its level.

        Parameters
        ----------
        as_of : the figure day
        """
        record = asdict(self)
        record["area_km2"] = None if self.area_km2 is None else round(self.area_km2, 1)
        total, speed = self.sites_total, self.pace(as_of)
        if total is None or speed is None:
            return {name: value for name, value in record.items() if name not in _NOT_OF_REGENCIES}
        lokasi_total = _sum(self.lokasi_active, self.lokasi_planned, self.lokasi_closed)
        return {
            **record,
            "sites_total": total,
            "lokasi_total": lokasi_total,
            "closed_share": round(self.closed / total, 4) if total else None,
            "target_gap": total - self.closed,
            "pace": asdict(speed),
        }


def _sum(*parts: int | None) -> int | None:
    known = [part for part in parts if part is not None]
    return sum(known) if len(known) == len(parts) else None

"""Numbers of people at synthetic sites; where a list gives a regency's sum, they add up to it."""

from collections.abc import Sequence
from datetime import date, timedelta

from gis.domain.lifecycle import DatePrecision, period
from gis.services.demo_generator.allotment import (
    LISTED_LOKASI_PEOPLE,
    LISTED_ON,
    LISTED_PEOPLE,
    NORTH_LISTED_ON,
    NORTH_LISTED_PEOPLE,
    Place,
)
from gis.services.demo_generator.dice import Dice
from gis.services.demo_generator.log import LAST_DAY, SOURCE
from gis.services.demo_rows import EventRow, HeadcountRow

SURVEYS = (date(2012, 6, 30), date(2015, 12, 31))
LIST_URL = "https://kaltim.antaranews.com/berita/32590"
LOKASI_URL = "https://detakkaltim.com"
NORTH_URL = "https://dinsos-kaltaraprov.id"


class Census:
    """The headcounts of one site, in the order in which they stand in headcounts.csv.

    Parameters
    ----------
    site_id, key : of the site
    region_codes : its regencies, primary first; a count is divided between them, 70 to 30
    """

    def __init__(self, site_id: int, key: str, region_codes: Sequence[str]) -> None:
        self.rows: list[HeadcountRow] = []
        self._site_id, self._key, self._region_codes = site_id, key, region_codes

    def add(
        self, day: date, n: int, definition: str, source: str = SOURCE, source_url: str | None = None
    ) -> None:
        """Append a count of `n` people, one row a regency; reported on the day it was made."""
        parts = divide(n, [7, 3]) if len(self._region_codes) == 2 else [n]
        for region_code, part in zip(self._region_codes, parts, strict=True):
            self.rows.append(
                HeadcountRow(
                    external_id=f"demo:h:{self._key}:{len(self.rows) + 1:02}",
                    site_id=self._site_id,
                    region_code=region_code,
                    counted_on=day,
                    n=part,
                    definition=definition,  # type: ignore[arg-type]  # checked by the row itself
                    source=source,
                    source_url=source_url,
                    reported_on=day,
                    synthetic=True,
                )
            )


def divide(total: int, weights: Sequence[float]) -> list[int]:
    """Whole numbers that add up to `total` and are as near as can be to the weights' shares of it."""
    exact = [total * weight / sum(weights) for weight in weights]
    whole = [int(share) for share in exact]
    by_rest = sorted(range(len(exact)), key=lambda i: (whole[i] - exact[i], i))
    for i in by_rest[: total - sum(whole)]:
        whole[i] += 1
    return whole


def listed_people(places: Sequence[Place]) -> dict[str, int]:
    """How many people each site of a list has, by site key.

    Samarinda's and Tarakan's real sites stand in the lists without a number of their own; none is invented
    for them, so the synthetic site beside them carries the whole number.
    """
    groups = {(code, "lokalisasi"): n for code, n in (LISTED_PEOPLE | NORTH_LISTED_PEOPLE).items()}
    groups["64", "lokasi"] = LISTED_LOKASI_PEOPLE
    listed: dict[str, int] = {}
    for (code, site_type), total in groups.items():
        keys = [p.key for p in places if p.regency_code.startswith(code) and p.site_type == site_type]
        weights = [Dice(f"{key}/listed").number(0.5, 1.5) for key in keys]
        listed.update(zip(keys, divide(total, weights), strict=True))
    return listed


def count_listed(census: Census, place: Place, n: int) -> None:
    """Write the one count that a list gives; nothing before and nothing after it is known."""
    if place.regency_code.startswith("65"):
        day, words, url = NORTH_LISTED_ON, "139 orang di tiga lokasi, Juli 2018", NORTH_URL
    elif place.site_type == "lokasi":
        day, words, url = LISTED_ON, "308 orang di 16 lokasi, 1 Juni 2016", LOKASI_URL
    else:
        day, words, url = LISTED_ON, "jumlah per kabupaten/kota menurut daftar 1 Juni 2016", LIST_URL
    census.add(day, n, "resident", f"{SOURCE}; pembagian sintetis dari {words}", url)


def count_people(census: Census, events: Sequence[EventRow], dice: Dice) -> None:
    """Write surveys, then aid and returns after a closing, and nobody left, or the few who are back."""
    recorded = period(events[0].occurred_on, events[0].date_precision)[1]
    ends = [day for kind, day in _facts(events) if kind == "closed"]
    closed = ends[0] if ends else LAST_DAY
    n = int(22 + 430 * dice.number(0, 1) ** 3)
    first = recorded + timedelta(days=20)
    for day in (first, *(day for day in SURVEYS if first < day < closed)):
        census.add(day, n, "resident")
        n = max(5, int(n * dice.number(0.7, 1.1)))
    for kind, day in _facts(events):
        if kind == "closed":
            if dice.chance(0.8):
                census.add(day + timedelta(days=dice.whole(2, 25)), 0, "resident")
            if dice.chance(0.4):
                census.add(
                    day + timedelta(days=dice.whole(5, 40)), int(n * dice.number(0.3, 0.7)), "returned"
                )
        elif kind == "assisted":
            census.add(day, int(n * dice.number(0.6, 0.95)), "beneficiary")
        elif kind == "reactivated":
            census.add(day + timedelta(days=dice.whole(1, 10)), dice.whole(4, 40), "resident")


def _facts(events: Sequence[EventRow]) -> list[tuple[str, date]]:
    """Kind and last possible day of what happened by today's belief, in order of these days."""
    corrected = {event.corrects_external_id for event in events}
    facts = [
        (period(event.occurred_on, DatePrecision(event.date_precision))[1], event.kind)
        for event in events
        if not event.planned and event.external_id not in corrected
    ]
    return [(kind, day) for day, kind in sorted(facts)]

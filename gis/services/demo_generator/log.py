"""Writes the log of one synthetic site, entry by entry, with both clocks."""

from datetime import date, timedelta

from gis.domain.lifecycle import RETRACTION, DatePrecision, period
from gis.services.demo_generator.dice import Dice
from gis.services.demo_rows import EventRow

LAST_DAY = date(2026, 5, 31)  # nothing is said to have happened, or to have been reported, after it
SOURCE = "Data contoh sintetis closure-atlas"
# Days between an event and its report, and how often: entry that is late, and out of order, is normal.
LAGS = {(0, 14): 0.72, (15, 90): 0.2, (200, 900): 0.08}


class Log:
    """The entries of one site, in the order in which they stand in events.csv.

    Parameters
    ----------
    site_id, key : of the site
    head : who signs its instruments, "Bupati" or "Wali Kota"
    dice : of this site
    """

    def __init__(self, site_id: int, key: str, head: str, dice: Dice) -> None:
        self.rows: list[EventRow] = []
        self.dice = dice
        self._site_id, self._key, self._head = site_id, key, head

    def add(
        self,
        kind: str,
        day: date,
        precision: DatePrecision = DatePrecision.day,
        *,
        instrument: str | None = None,
        planned_on: date | None = None,
        corrects: str | None = None,
        reported_on: date | None = None,
        note: str | None = None,
    ) -> str:
        """Append an entry and return its key.

        Parameters
        ----------
        kind : see gis.domain.lifecycle
        day : any day of the period that `precision` states
        instrument : the kind of legal act, such as "SK"; its number is made up and says so
        planned_on : for a date that is only announced: the day of the announcement
        corrects : the key of the entry that this one retracts or replaces
        reported_on, note : none draws a delay; a text in Indonesian
        """
        first, last = period(day, precision)
        row = EventRow(
            external_id=f"demo:e:{self._key}:{len(self.rows) + 1:02}",
            site_id=self._site_id,
            kind=kind,
            occurred_on=first,
            date_precision=precision,
            planned=planned_on is not None,
            legal_instrument=f"{instrument} {self._head}" if instrument else None,
            legal_number=self._legal_number(planned_on or last) if instrument else None,
            source=SOURCE,
            reported_on=reported_on or planned_on or self._report_day(last),
            corrects_external_id=corrects,
            synthetic=True,
            note=note,
        )
        self.rows.append(row)
        return row.external_id

    def retract(self, corrects: str, day: date, note: str) -> None:
        """Append an entry that takes another one back."""
        self.add(RETRACTION, day, corrects=corrects, reported_on=day, note=note)

    def _legal_number(self, day: date) -> str:
        return f"SINTETIS-{self.dice.whole(1, 399):03}/{day.year}"

    def _report_day(self, last: date) -> date:
        low, high = self.dice.weighted(LAGS)
        return min(last + timedelta(days=self.dice.whole(low, high)), max(last, LAST_DAY))

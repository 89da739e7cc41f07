"""The history of a synthetic site that gets closed: what comes before its closing, and what after."""

from dataclasses import dataclass
from datetime import date, timedelta

from gis.domain.lifecycle import DatePrecision, period
from gis.services.demo_generator.allotment import INTERVALS, LISTED_ON, NEW, Place
from gis.services.demo_generator.dice import Dice
from gis.services.demo_generator.log import LAST_DAY, Log

# How closings spread over the years inside each interval; Jawa Timur went first.
EAST_JAVA_YEARS = {2010: 1.0, 2011: 2.0, 2012: 8.0, 2013: 12.0, 2014: 13.0, 2015: 4.0}
YEARS = {
    "a": {2011: 1.0, 2012: 2.0, 2013: 4.0, 2014: 5.0, 2015: 8.0, 2016: 3.0},
    "b": {2016: 1.0},
    "c": {2016: 9.0, 2017: 17.0, 2018: 8.0},
    "d": {2018: 5.0, 2019: 27.0},
}
NEW_RECORDED_ON = date(2017, 3, 14)


@dataclass(frozen=True)
class Closing:
    """When a site was closed for good, as exactly as it is known: the days of the period."""

    first: date
    last: date
    precision: DatePrecision


def draw_closing(place: Place, dice: Dice) -> Closing:
    """A closing inside the place's interval, imprecise only where the whole period lies in it."""
    if place.letter == "b" and place.regency_code.startswith("64"):
        # Kalimantan Timur closed province-wide that day (kaltim.antaranews.com/berita/32590).
        return Closing(LISTED_ON, LISTED_ON, DatePrecision.day)
    letter = "d" if place.letter == NEW else place.letter
    low, high = INTERVALS[letter]
    east_java = place.regency_code.startswith("35")
    year = dice.weighted(EAST_JAVA_YEARS if east_java else YEARS[letter])
    day = dice.day(max(low, date(year, 1, 1)), min(high, date(year, 12, 31)))
    wanted = dice.weighted({DatePrecision.day: 0.82, DatePrecision.month: 0.12, DatePrecision.year: 0.06})
    for precision in (wanted, DatePrecision.day):
        first, last = period(day, precision)
        if low <= first and last <= high:
            break
    return Closing(first, last, precision)


def write_history(log: Log, place: Place, closing: Closing) -> None:
    """Write the whole life of a site that is closed at the end of its interval."""
    known_from = write_beginning(log, closing.first, NEW_RECORDED_ON if place.letter == NEW else None)
    before = _write_reversal(log, place, closing, known_from) or known_from
    write_way_to_closing(log, before, closing)
    _write_closing(log, closing)
    write_aftermath(log, closing.last)


def write_beginning(log: Log, before: date, recorded_on: date | None = None) -> date:
    """Write how a site became known: recorded, contested now and then, mostly verified.

    Parameters
    ----------
    before : all of it comes at least some weeks before this day
    recorded_on : none draws it, mostly before 2013

    Returns
    -------
    the last day that is taken
    """
    dice = log.dice
    if recorded_on:
        log.add("recorded", recorded_on)
        return recorded_on
    latest = 2015 if before.year > 2016 and dice.chance(0.15) else 2012
    earliest = 2013 if latest == 2015 else 2008
    last_year = max(2008, min(latest, before.year - 2))
    day = dice.day(date(earliest, 1, 1), date(last_year, 12, 31))
    precision = dice.weighted({DatePrecision.day: 0.45, DatePrecision.month: 0.25, DatePrecision.year: 0.3})
    log.add("recorded", day, precision)
    last = period(day, precision)[1]
    if dice.chance(0.06) and (before - last).days > 500:
        last += timedelta(days=dice.whole(40, 120))
        log.add("disputed", last, note="Klasifikasinya dipersoalkan.")
        last += timedelta(days=dice.whole(30, 100))
        log.add("verified", last, note="Klasifikasi dikukuhkan.")
    elif dice.chance(0.8) and (before - last).days > 200:
        last = dice.day(last + timedelta(days=30), before - timedelta(days=150))
        log.add("verified", last)
    return last


def write_way_to_closing(log: Log, after: date, closing: Closing) -> None:
    """Write socialisation, decree, announced dates, postponements and halts, as far as there is time."""
    dice = log.dice
    room = (closing.first - after).days
    if room > 120 and dice.chance(0.78):
        after = closing.first - timedelta(days=dice.whole(100, min(420, room - 10)))
        log.add("socialised", after)
    room = (closing.first - after).days
    if room > 90 and dice.chance(0.18):
        after += timedelta(days=dice.whole(20, 40))
        log.add("closed", after + timedelta(days=15), instrument="Surat", planned_on=after)
        after += timedelta(days=10)
        log.add("postponed", after, note="Menunggu anggaran pemulangan.")
    room = (closing.first - after).days
    if room < 20 or not dice.chance(0.72):
        return
    decreed = closing.first - timedelta(days=dice.whole(10, min(110, room - 5)))
    log.add("decreed", decreed, instrument="SK")
    if dice.chance(0.6):
        announced = closing.first + timedelta(days=dice.whole(-9, 12))
        log.add("closed", announced, instrument="SK", planned_on=decreed)
    if (closing.first - decreed).days > 40 and dice.chance(0.15):
        log.add("halted", decreed + timedelta(days=20), note="Gugatan warga; dicabut kemudian.")


def write_aftermath(log: Log, closed: date) -> None:
    """Write aid, re-use, monitoring and, for some, a false alarm, after a closing."""
    dice = log.dice
    day = closed
    steps = (("assisted", 0.65, 20, 200), ("repurposed", 0.35, 120, 700), ("monitored", 0.5, 150, 900))
    for kind, probability, low, high in (*steps, ("monitored", 0.25, 300, 900)):
        later = day + timedelta(days=dice.whole(low, high))
        if dice.chance(probability) and later <= LAST_DAY:
            day = later
            log.add(kind, day)
    alarm = day + timedelta(days=dice.whole(30, 200))
    if dice.chance(0.04) and alarm <= LAST_DAY - timedelta(days=60):
        entry = log.add("reactivated", alarm, reported_on=alarm)
        log.retract(entry, alarm + timedelta(days=45), "Laporan keliru; lokasi tetap tutup.")
    elif dice.chance(0.11):
        _write_relapse(log, max(day, date(2019, 12, 31)))


def _write_reversal(log: Log, place: Place, closing: Closing, after: date) -> date | None:
    """A first closing that did not hold, wholly inside the same interval, so that no anchor sees it."""
    dice = log.dice
    opens = max(INTERVALS.get(place.letter, INTERVALS["d"])[0], after + timedelta(days=30))
    room = (closing.first - opens).days
    if closing.precision is not DatePrecision.day or room < 240 or not dice.chance(0.16):
        return None
    first_closing = closing.first - timedelta(days=dice.whole(220, min(room, 800)))
    log.add("closed", first_closing)
    reactivated = dice.day(first_closing + timedelta(days=60), closing.first - timedelta(days=130))
    log.add("reactivated", reactivated, note="Terindikasi aktif kembali.")
    return reactivated


def _write_closing(log: Log, closing: Closing) -> None:
    dice = log.dice
    instrument = "SK" if dice.chance(0.4) else None
    if closing.precision is not DatePrecision.day or not dice.chance(0.05):
        log.add("closed", closing.first, closing.precision, instrument=instrument)
        return
    wrong = closing.last + timedelta(days=dice.whole(3, 12))
    entry = log.add("closed", wrong, instrument=instrument, reported_on=wrong)
    mended = wrong + timedelta(days=dice.whole(60, 400))
    note = "Menggantikan tanggal yang keliru."
    log.add("closed", closing.last, instrument=instrument, corrects=entry, reported_on=mended, note=note)


def _write_relapse(log: Log, after: date) -> None:
    """Active again after 2019; closed again, sealed, or not so far."""
    dice = log.dice
    day = dice.day(after, max(after, LAST_DAY - timedelta(days=120)))
    if day > LAST_DAY:
        return
    exact = dice.chance(0.7)
    log.add("reactivated", day, DatePrecision.day if exact else DatePrecision.month)
    answer = period(day, DatePrecision.month)[1] + timedelta(days=dice.whole(25, 500))
    if answer > LAST_DAY or not dice.chance(0.7):
        return
    log.add(dice.pick(("closed", "sealed")), answer, instrument="SK")
    check = answer + timedelta(days=dice.whole(150, 400))
    if check <= LAST_DAY:
        log.add("monitored", check)

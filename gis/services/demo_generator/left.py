"""The histories of synthetic sites not closed on 19 November 2019: seven told one by one, and lokasi.

None of them was closed before, since the public counts a site as closed from its first closing on, and its
counts shall meet the anchors too.
"""

from datetime import date

from gis.domain.lifecycle import DatePrecision
from gis.services.demo_generator.allotment import Place
from gis.services.demo_generator.histories import write_beginning
from gis.services.demo_generator.log import LAST_DAY, Log

YEAR, MONTH = DatePrecision.year, DatePrecision.month


def write_left(log: Log, place: Place) -> None:
    """Write the history of a site that no anchor counts as closed."""
    if place.site_type == "lokasi":
        _write_open_lokasi(log)
    else:
        _STORIES[place.regency_code](log)


def write_new_lokasi(log: Log) -> None:
    """Write the history of a lokasi that was found after the programme's target date."""
    log.add("recorded", date(2021, 8, 1), MONTH)
    log.add("verified", date(2022, 3, 15))


def _write_open_lokasi(log: Log) -> None:
    last = write_beginning(log, date(2016, 1, 1))
    if log.dice.chance(0.6):
        socialised = log.dice.day(max(last, date(2017, 1, 1)), date(2022, 12, 31))
        log.add("socialised", socialised)
        if log.dice.chance(0.5):
            log.add("decreed", log.dice.day(date(2023, 2, 1), LAST_DAY), instrument="SK")


def _labuhanbatu(log: Log) -> None:
    log.add("recorded", date(2010, 5, 20))
    log.add("decreed", date(2015, 3, 2), instrument="SK")
    log.add("closed", date(2020, 8, 12), instrument="SK")
    log.add("reactivated", date(2022, 2, 1), MONTH)


def _serdang_bedagai(log: Log) -> None:
    log.add("recorded", date(2009, 1, 1), YEAR)
    log.add("verified", date(2011, 5, 10))
    log.add("socialised", date(2015, 9, 1))
    log.add("decreed", date(2016, 8, 15), instrument="SK")
    log.add("closed", date(2016, 12, 31), instrument="SK", planned_on=date(2016, 8, 15))
    log.add("halted", date(2016, 12, 20), note="Sengketa: batas lokasi tidak tercantum dalam SK.")
    log.add("disputed", date(2017, 2, 10))
    log.add("decreed", date(2022, 3, 14), instrument="SK")
    log.add("closed", date(2022, 6, 30))
    log.add("monitored", date(2023, 5, 9))


def _bengkulu(log: Log) -> None:
    log.add("recorded", date(2011, 1, 1), YEAR)
    log.add("socialised", date(2018, 4, 1), MONTH)
    log.add("decreed", date(2019, 9, 2), instrument="SK")
    log.add("closed", date(2019, 12, 31), instrument="SK", planned_on=date(2019, 9, 2))
    log.add("closed", date(2020, 2, 28))
    log.add("reactivated", date(2023, 7, 1), MONTH)
    log.add("closed", date(2024, 1, 15), instrument="SK")


def _pangkal_pinang(log: Log) -> None:
    log.add("recorded", date(2008, 6, 1), MONTH)
    log.add("verified", date(2012, 10, 4))
    log.add("socialised", date(2017, 6, 19))
    log.add("decreed", date(2018, 12, 10), instrument="SK")
    log.add("closed", date(2019, 6, 30), instrument="SK", planned_on=date(2018, 12, 10))
    log.add("postponed", date(2019, 6, 20), instrument="Surat", note="Menunggu anggaran pemulangan.")
    log.add("closed", date(2020, 3, 31), instrument="Surat", planned_on=date(2019, 6, 20))
    log.add("closed", date(2021, 12, 15), instrument="SK")
    log.add("assisted", date(2022, 4, 6))


def _palangka_raya(log: Log) -> None:
    log.add("recorded", date(2009, 3, 1), MONTH)
    log.add("verified", date(2013, 2, 11))
    log.add("socialised", date(2019, 3, 5))
    log.add("closed", date(2019, 12, 31), instrument="Surat", planned_on=date(2019, 3, 5))
    log.add("postponed", date(2019, 11, 4), instrument="Surat")
    log.add("closed", date(2027, 6, 30), instrument="SK", planned_on=date(2026, 1, 12))


def _mimika(log: Log) -> None:
    log.add("recorded", date(2010, 1, 1), YEAR)
    log.add("disputed", date(2015, 4, 8), note="Klasifikasinya dipersoalkan.")
    log.add("verified", date(2018, 2, 20), note="Klasifikasi dikukuhkan.")
    log.add("disputed", date(2024, 9, 17), note="Klasifikasinya dipersoalkan lagi.")


def _ambon(log: Log) -> None:
    log.add("recorded", date(2008, 11, 3))
    log.add("socialised", date(2014, 7, 1), MONTH)
    log.add("decreed", date(2018, 5, 7), instrument="SK")
    log.add("closed", date(2022, 11, 1), instrument="SK")
    log.add("monitored", date(2023, 11, 14))


_STORIES = {
    "12.10": _labuhanbatu,
    "12.18": _serdang_bedagai,
    "17.71": _bengkulu,
    "19.71": _pangkal_pinang,
    "62.71": _palangka_raya,
    "81.71": _ambon,
    "94.04": _mimika,
}

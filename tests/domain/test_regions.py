"""Lineage and codes, without files."""

from datetime import date

import pytest

from gis.domain.regions import Lineage, LineagePeriod, kind_of, level_of
from gis.errors import BoundaryError, InvalidInputError, NotFoundError

SPLIT = date(2013, 4, 22)
TARAKAN = [
    LineagePeriod("65.71", "64.73", "64", None, SPLIT),
    LineagePeriod("65.71", "65.71", "65", SPLIT, None, "UU 20/2012"),
]
SAMARINDA = [LineagePeriod("64.72", "64.72", "64", None, None)]


def test_a_regency_changes_its_province_on_the_day_of_the_inauguration() -> None:
    lineage = Lineage([*TARAKAN, *SAMARINDA])
    assert lineage.province_of("65.71", date(2013, 4, 21)) == "64"
    assert lineage.province_of("65.71", SPLIT) == "65"
    assert lineage.period_of("65.71", date(2013, 4, 21)).code == "64.73"


def test_a_province_has_a_vintage_for_each_extent() -> None:
    vintages = Lineage([*TARAKAN, *SAMARINDA]).vintages()
    found = [(each.code, each.valid_from, each.valid_to, each.regency_codes) for each in vintages]
    assert found == [
        ("64", None, SPLIT, ("64.72", "65.71")),
        ("64", SPLIT, None, ("64.72",)),
        ("65", SPLIT, None, ("65.71",)),
    ]


def test_a_change_elsewhere_makes_no_new_vintage() -> None:
    other = LineagePeriod("11.01", "11.01", "11", None, None)
    vintages = Lineage([*TARAKAN, *SAMARINDA, other]).vintages()
    assert [each.valid_from for each in vintages if each.code == "11"] == [None]


@pytest.mark.parametrize(
    ("periods", "message"),
    [
        (TARAKAN[:1], "do not reach today"),
        (TARAKAN[1:], "gap"),
        ([TARAKAN[0], LineagePeriod("65.71", "65.71", "65", date(2013, 4, 23), None)], "gap"),
        ([TARAKAN[0], LineagePeriod("65.71", "65.01", "65", SPLIT, None)], "bears 65.01"),
        ([*TARAKAN, LineagePeriod("64.73", "64.73", "64", None, None)], "bear 64.73 on one day"),
    ],
)
def test_a_lineage_that_contradicts_itself_is_refused(periods: list[LineagePeriod], message: str) -> None:
    with pytest.raises(BoundaryError, match=message):
        Lineage(periods)


def test_a_code_may_pass_on_once_it_is_free() -> None:
    heir = [
        LineagePeriod("64.73", "64.99", "64", None, SPLIT),
        LineagePeriod("64.73", "64.73", "64", SPLIT, None),
    ]
    assert Lineage([*TARAKAN, *heir]).period_of("64.73", SPLIT).code == "64.73"


def test_an_unknown_regency_is_not_found() -> None:
    with pytest.raises(NotFoundError, match="99\\.99"):
        Lineage(TARAKAN).periods("99.99")


@pytest.mark.parametrize(("code", "level"), [("64", "province"), ("64.72", "regency")])
def test_the_form_of_a_code_tells_its_level(code: str, level: str) -> None:
    assert level_of(code) == level


@pytest.mark.parametrize(
    "code", ["", "6", "644", "64.", "64.7", "64.720", "6a", "64.7x", "ID-KI", "٦٤", "64.٧٢"]
)
def test_what_is_no_code_is_refused(code: str) -> None:
    with pytest.raises(InvalidInputError, match="Kemendagri"):
        level_of(code)


def test_the_kind_follows_from_the_name() -> None:
    assert kind_of("Kota Administrasi Jakarta Pusat", "regency") == "kota"
    assert kind_of("Kabupaten Kotabaru", "regency") == "kabupaten"
    assert kind_of("Kalimantan Timur", "province") == "provinsi"

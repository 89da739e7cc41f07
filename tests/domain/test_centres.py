"""Centres: what may be entered, what is refused, and what bands tell."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from gis.domain.centres import (
    CAPACITY_BANDS,
    DISTANCE_BANDS,
    Places,
    distance_band,
    names_office,
    names_safe_house,
    places_of,
)
from gis.domain.records.centres import CentreContent, CentreName, OccupancyContent

SAFE_HOUSES = [
    "Rumah Aman Melati",
    "rumah-aman",
    "RUMAHAMAN",
    "Panti dan Rumah  Aman",
    "Rumah Perlindungan Anak",
    "safe house",
    "Safehouses",
    "RPTC Melati",
    "R.P.T.C.",
    "Melati (RPTC)",
    "Rumah Perlindungan dan Trauma Center",
    "trauma centre",
    "ＲＰＴＣ",
    "rum\N{ZERO WIDTH SPACE}ah aman",
    "rumah\N{SOFT HYPHEN}aman",
]
HARMLESS = ["Rumah Amanah", "PSKW Melati", "Sinar PT Cipta", "Balai Aman Sejahtera", "Bandar PT C", ""]


def given(**more: Any) -> dict[str, Any]:
    return {
        "names": "PSKW Melati[/2018-09-01];"
        "BRS Watunas Melati[2018-09-01/2022-01-01];PRTS Melati[2022-01-01/]",
        "region_code": "64.72",
        "services": "doctor;counsellor;cake_making",
        "operator": "ministry",
        "source": "Dinsos",
        **more,
    }


PLACED = {"wkt": "POINT (117.1 -0.5)", "location_accuracy": "exact", "location_source": "survey"}


@pytest.mark.parametrize("said", SAFE_HOUSES)
def test_a_safe_house_is_recognised(said: str) -> None:
    assert names_safe_house(said)


@pytest.mark.parametrize("said", HARMLESS)
def test_other_words_are_not_taken_for_one(said: str) -> None:
    assert not names_safe_house(said)


@pytest.mark.parametrize("field", ["names", "source", "location_source", "contact_office", "source_url"])
def test_no_text_of_a_centre_names_a_safe_house(field: str) -> None:
    said = {"contact_office": "Dinas Sosial, RPTC", "source_url": "https://example.org/rumah-aman"}
    with pytest.raises(ValidationError):
        CentreContent.model_validate({**given(**PLACED), field: said.get(field, "RPTC Melati")})
    with pytest.raises(ValidationError):
        CentreContent.model_validate(given(services="safe_house"))
    count = {"centre_id": 1, "counted_on": "2016-01-01", "occupied": "3", "source": "Dinsos"}
    for text in ("source", "note"):
        with pytest.raises(ValidationError):
            OccupancyContent.model_validate({**count, text: "di rumah aman"})


def test_names_carry_their_times() -> None:
    content = CentreContent.model_validate(given())
    assert content.names == (
        CentreName(name="PSKW Melati", valid_to=date(2018, 9, 1)),
        CentreName(name="BRS Watunas Melati", valid_from=date(2018, 9, 1), valid_to=date(2022, 1, 1)),
        CentreName(name="PRTS Melati", valid_from=date(2022, 1, 1)),
    )
    assert CentreContent.model_validate(content.model_dump(mode="json")) == content
    assert CentreContent.model_validate(given(names="PSKW Melati")).names == (CentreName(name="PSKW Melati"),)


@pytest.mark.parametrize(
    "wrong",
    [
        {"names": ""},
        {"names": "PSKW[2018-09-01/2018-09-01]"},
        {"names": "PSKW[/2019-01-01];BRS[2018-09-01/]"},
        {"names": "PSKW[2018]"},
        {"region_code": "64"},
        {"services": "doctor;doctor"},
        {"services": "massage"},
        {"operator": "a person"},
        {"wkt": "POINT (117.1 -0.5)"},
        {"wkt": "POLYGON ((0 0, 1 0, 1 1, 0 0))", "location_accuracy": "exact", "location_source": "survey"},
        {"wkt": "POINT Z (117.1 -0.5 3)", "location_accuracy": "exact", "location_source": "survey"},
        {"contact_phone": "+62 541 123456"},
        {"retracted": "true"},
        {"note": "a field that there is not"},
    ],
)
def test_what_contradicts_itself_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        CentreContent.model_validate(given(**wrong))


@pytest.mark.parametrize(
    "office", ["Dinas Sosial Kota Samarinda", "UPT Dinsos", "Bidang Rehabilitasi Sosial"]
)
def test_a_contact_is_an_office(office: str) -> None:
    assert names_office(office)
    for phone in ("+62 541 123456", "+62 21 3103591", "171", "1500 771", "1500771"):
        content = CentreContent.model_validate(given(contact_office=office, contact_phone=phone))
        assert content.contact_phone == phone


@pytest.mark.parametrize(
    ("office", "phone"),
    [
        ("Sri Wahyuni", ""),
        ("Bapak Budi, Dinas Sosial", ""),
        ("Dinas Sosial, Bpk. Budi", ""),
        ("Dinas Sosial, HP 081234567", ""),
        ("Dinas Sosial", "081234567890"),
        ("Dinas Sosial", "+62 812 34567890"),
        ("Dinas Sosial", "+62 811 234567"),
    ],
)
def test_a_contact_is_never_a_person(office: str, phone: str) -> None:
    with pytest.raises(ValidationError):
        CentreContent.model_validate(given(contact_office=office, contact_phone=phone))


def test_a_count_says_something() -> None:
    count = {"centre_id": 1, "counted_on": "2016-01-01", "source": "Dinsos"}
    assert OccupancyContent.model_validate({**count, "occupied": "0"}).occupied == 0
    assert OccupancyContent.model_validate({**count, "capacity": "40", "occupied": ""}).occupied is None
    for wrong in ({}, {"occupied": "-1"}, {"occupied": "3.5"}, {"occupied": "3", "retracted": "true"}):
        with pytest.raises(ValidationError):
            OccupancyContent.model_validate({**count, **wrong})


def test_every_distance_has_one_band() -> None:
    assert distance_band(0) == "0-25"
    below = 0.0
    for band, limit in DISTANCE_BANDS.items():
        assert distance_band(below * 1000) == band
        below = limit
    assert distance_band(24_999.9) == "0-25"
    assert distance_band(5_000_000) == "500-"


def test_bands_of_places_leave_no_gap() -> None:
    bounds = list(CAPACITY_BANDS.values())
    assert bounds[0][0] == 0
    assert [low for low, _ in bounds[1:]] == [(most or 0) + 1 for _, most in bounds[:-1]]
    assert bounds[-1][1] is None


def test_places_add_up_and_are_missing_within_bounds() -> None:
    assert places_of(80, "51-100") == Places(80, 80)
    assert places_of(None, "51-100") == Places(51, 100)
    assert places_of(None, None) == Places(0, 0)
    assert Places(51, 100) + Places(101, 200) == Places(152, 300)
    assert Places(51, 100) + Places(201, None) == Places(252, None)
    assert Places(80, 80).missing_for(100) == Places(20, 20)
    assert Places(80, 80).missing_for(60) == Places(0, 0)
    assert Places(51, 100).missing_for(120) == Places(20, 69)
    assert Places(201, None).missing_for(300) == Places(0, 99)

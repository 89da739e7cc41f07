"""Regions by the names that people give them."""

import json

import pytest

from gis.config import PROJECT_DIRECTORY
from gis.domain.region_names import RegionNames

Row = tuple[str, str, str, str | None]


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    found: list[Row] = []
    for level in ("provinces", "regencies"):
        text = (PROJECT_DIRECTORY / "data" / "boundaries" / f"{level}.geojson").read_text(encoding="utf-8")
        for feature in json.loads(text)["features"]:
            each = feature["properties"]
            if each["valid_to"] is None:
                found.append((each["code"], each["level"], each["name"], each["parent_code"]))
    return found


@pytest.fixture(scope="module")
def names(rows: list[Row]) -> RegionNames:
    return RegionNames(rows)


def test_every_official_name_is_found(names: RegionNames, rows: list[Row]) -> None:
    assert len(rows) >= 552
    for code, level, name, _ in rows:
        find = names.provinces if level == "province" else names.regencies
        assert find(name) == find(name.upper()) == find(f"  {name.lower()} ") == find(code) == (code,)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Samarinda", ("64.72",)),
        ("KOTA SAMARINDA", ("64.72",)),
        ("Samarinda City", ("64.72",)),
        ("Kab. Kutai Kartanegara", ("64.02",)),
        ("kab.kutai kartanegara", ("64.02",)),
        ("Kutai_Kartanegara", ("64.02",)),
        ("Kukar", ("64.02",)),
        ("Bogor", ("32.01", "32.71")),
        ("Kab Bogor", ("32.01",)),
        ("Kodya Bogor", ("32.71",)),
        ("Kota Baru", ("63.02",)),
        ("Kota Waringin Barat", ("62.01",)),
        ("Jakarta Barat", ("31.73",)),
        ("Kota Adm. Jakarta Barat", ("31.73",)),
        ("Kep. Seribu", ("31.01",)),
        ("64.72", ("64.72",)),
        ("6472", ()),
        ("64", ()),
        ("Kab. Samarinda", ()),
        ("Atlantis", ()),
        ("", ()),
    ],
)
def test_regencies(names: RegionNames, text: str, codes: tuple[str, ...]) -> None:
    assert names.regencies(text) == codes


def test_a_province_narrows_the_search(names: RegionNames) -> None:
    assert names.regencies("Samarinda", "64") == ("64.72",)
    assert names.regencies("Samarinda", "63") == ()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Kaltim", "64"),
        ("Prov. Kalimantan Timur", "64"),
        ("DKI Jakarta", "31"),
        ("Jakarta", "31"),
        ("D.I. Yogyakarta", "34"),
        ("DI Yogyakarta", "34"),
        ("Kep. Riau", "21"),
        ("64", "64"),
    ],
)
def test_provinces(names: RegionNames, text: str, code: str) -> None:
    assert names.provinces(text) == (code,)


def test_what_is_misspelt_gets_suggestions_and_no_guess(names: RegionNames) -> None:
    assert names.regencies("Samarnda") == ()
    assert names.suggestions("Samarnda")[0] == "Kota Samarinda"
    assert names.suggestions("zzz") == ()

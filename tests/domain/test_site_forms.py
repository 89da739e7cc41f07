"""What people type into the forms of a site, read without a database."""

from datetime import date
from typing import Any

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis.domain.forms import prefilling
from gis.domain.forms.places import LARGEST_DRAWN, is_same_place, read_place, read_regions
from gis.domain.forms.reading import FormReader
from gis.domain.forms.sites import (
    StoredSite,
    changes,
    read_event,
    read_headcount,
    read_retraction,
    read_site,
    read_taken_back_count,
)
from gis.domain.lifecycle import DatePrecision
from gis.domain.region_names import RegionNames

TODAY = date(2024, 5, 1)
NAMES = RegionNames(
    [
        ("32", "province", "Jawa Barat", None),
        ("32.01", "regency", "Kabupaten Bogor", "32"),
        ("32.71", "regency", "Kota Bogor", "32"),
        ("64", "province", "Kalimantan Timur", None),
        ("64.72", "regency", "Kota Samarinda", "64"),
    ]
)
SQUARE = "POLYGON ((117.15 -0.51, 117.152 -0.51, 117.152 -0.508, 117.15 -0.51))"
STORED = StoredSite(
    7,
    "Uji",
    ["A", "B"],
    "lokalisasi",
    SQUARE,
    4,
    "exact",
    "survey",
    "EPSG:9470",
    ["64.72"],
    None,
    True,
    "now",
)


def place(**fields: str) -> tuple[str | None, dict[str, str]]:
    form = FormReader(fields)
    found = read_place(form, "POINT (1 2)")
    return (found.wkt if found else None), {problem.field: problem.code for problem in form.problems}


@pytest.mark.parametrize(
    ("lat", "lon"),
    [("-0.5022", "117.1536"), ("-0,5022", "117,1536"), ("0°30'7.92\" LS", "117°9'12.96\" BT")],
)
def test_coordinates_as_people_write_them(lat: str, lon: str) -> None:
    assert place(place="point", lat=lat, lon=lon) == ("POINT (117.1536 -0.5022)", {})


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_a_place_comes_back_from_its_fields(lat: float, lon: float) -> None:
    wkt, problems = place(place="point", lat=f"{lat:.9f}", lon=f"{lon:.9f}")
    assert problems == {}
    again, _ = place(**prefilling.place_fields(wkt))
    assert again == wkt
    assert is_same_place(wkt, f"POINT({lon!r} {lat!r})")


@pytest.mark.parametrize(
    ("fields", "problems"),
    [
        ({}, {"place": "required"}),
        ({"place": "x"}, {"place": "choice"}),
        ({"place": "point"}, {"lat": "required", "lon": "required"}),
        ({"place": "point", "lat": "nan", "lon": "inf"}, {"lat": "latitude", "lon": "longitude"}),
        ({"place": "area"}, {"wkt": "required"}),
        ({"place": "area", "wkt": "POLYGON EMPTY"}, {"wkt": "wkt"}),
        ({"place": "area", "wkt": "LINESTRING (0 0, 1 1)"}, {"wkt": "wkt"}),
        ({"place": "area", "wkt": "POLYGON ((0 0, 1 1, 1 0))"}, {"wkt": "wkt"}),
        ({"place": "area", "wkt": "POLYGON ((0 0, 1 1, 1 nan, 0 0))"}, {"wkt": "wkt"}),
        ({"place": "area", "wkt": "POLYGON ((0 0, 0 0, 0 0, 0 0))"}, {"wkt": "invalid_area"}),
        ({"place": "area", "wkt": "POLYGON ((0 0, 0 95, 1 1, 0 0))"}, {"wkt": "world"}),
        ({"place": "area", "wkt": "POLYGON ((0 0, 2 2, 2 0, 0 2, 0 0))"}, {"wkt": "self_crossing"}),
        (
            {"place": "area", "wkt": "POLYGON ((0 0, 0 1, 1 1, 0 0), (5 5, 5 6, 6 6, 5 5))"},
            {"wkt": "invalid_area"},
        ),
        ({"place": "area", "wkt": "(" * 300_000}, {"wkt": "wkt"}),
        ({"place": "area", "wkt": "P" * 400_001}, {"wkt": "too_long"}),
    ],
)
def test_a_place_that_cannot_be_taken(fields: dict[str, str], problems: dict[str, str]) -> None:
    found, said = place(**fields)
    assert found is None
    assert said == problems


def test_vertices_are_counted_before_the_shape_is_looked_at() -> None:
    crossing = shapely.Point(0, 0).buffer(1, quad_segs=LARGEST_DRAWN // 4 + 1)
    assert place(place="area", wkt=crossing.wkt)[1] == {"wkt": "vertices"}


def test_heights_are_left_out() -> None:
    wkt, problems = place(place="area", wkt="POLYGON Z ((0 0 5, 1 0 5, 1 1 5, 0 0 5))")
    assert problems == {}
    assert wkt is not None
    assert not shapely.from_wkt(wkt).has_z


def test_the_place_may_stay_as_it_is() -> None:
    assert place(place="keep") == ("POINT (1 2)", {})
    form = FormReader({"place": "keep"})
    assert read_place(form) is None
    assert [problem.code for problem in form.problems] == ["choice"]


@pytest.mark.parametrize(
    ("typed", "codes", "code"),
    [
        ("Kota Samarinda", ("64.72",), None),
        ("64.72; kab. bogor\nKota Bogor", ("64.72", "32.01", "32.71"), None),
        ("Samarinda; Samarinda", ("64.72",), None),
        ("Bogor", (), "region_ambiguous"),
        ("Atlantis", (), "region_unknown"),
        ("", (), "required"),
    ],
)
def test_regions_by_name(typed: str, codes: tuple[str, ...], code: str | None) -> None:
    form = FormReader({"region": typed})
    assert read_regions(form, NAMES, required=True) == codes
    assert [problem.code for problem in form.problems] == ([code] if code else [])


def site(stored: StoredSite | None = None, **fields: str) -> Any:
    given = {
        "name": "Uji", "alternative_names": "A\nB;A", "site_type": "lokalisasi",
        "place": "point", "lat": "-0.5", "lon": "117.15", "location_accuracy": "exact",
        "location_source": "survey", "region": "Kota Samarinda", "source": "Dinsos", "recorded_on": "2015",
        **fields,
    }  # fmt: skip
    form = FormReader(given)
    return read_site(form, NAMES, stored, TODAY) or {problem.field: problem.code for problem in form.problems}


def test_a_new_site() -> None:
    filled = site()
    assert filled.recorded_precision is DatePrecision.year
    assert filled.content.recorded_on == date(2015, 1, 1)
    assert filled.content.alternative_names == ("A", "B")
    assert not filled.content.synthetic


def test_a_place_known_by_its_region_has_no_other_accuracy() -> None:
    filled = site(place="region", location_accuracy="exact")
    assert (filled.content.wkt, filled.content.location_accuracy) == (None, "regency")


def test_a_change_keeps_what_the_form_does_not_show() -> None:
    fields = prefilling.stored_fields(STORED, ["Kota Samarinda"])
    assert fields["based_on"] == "now"
    same = site(STORED, **fields)
    assert same.content.synthetic
    assert same.content.source_crs == "EPSG:9470"
    assert same.content.wkt == SQUARE
    assert not changes(same.content, STORED)
    moved = site(STORED, **{**fields, "wkt": SQUARE.replace("117.152", "117.153")})
    assert changes(moved.content, STORED)
    assert moved.content.source_crs == "EPSG:4326"


def test_a_large_shape_is_kept_and_not_shown() -> None:
    wide = shapely.Point(117.15, -0.5).buffer(0.1, quad_segs=2_000).wkt
    fields = prefilling.place_fields(wide)
    assert fields == {"place": "keep"}


def read(form: dict[str, str], **more: str) -> FormReader:
    return FormReader({**form, **more})


EVENT = {"kind": "closed", "planned": "no", "occurred_on": "Juni 2016", "source": "Dinsos"}


def test_an_event() -> None:
    content = read_event(read(EVENT), 7, TODAY, 9)
    assert content is not None
    assert (content.occurred_on, content.date_precision) == (date(2016, 6, 1), DatePrecision.month)
    assert content.corrects_id == 9
    again = read_event(FormReader(prefilling.event_fields(content.model_dump())), 7, TODAY, 9)
    assert again == content


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"kind": "retraction"}, ("kind", "choice")),
        ({"planned": ""}, ("planned", "required")),
        ({"occurred_on": "2/13/2016"}, ("occurred_on", "date")),
        ({"occurred_on": "2 Mei 2024"}, ("occurred_on", "future")),
        ({"source": " "}, ("source", "required")),
        ({"source_url": "http://a.example"}, ("source_url", "url")),
        ({"note": "x" * 2001}, ("note", "too_long")),
        ({"note": "\x07"}, ("note", "control_characters")),
    ],
)
def test_an_event_that_is_refused(changed: dict[str, str], problem: tuple[str, str]) -> None:
    form = read(EVENT, **changed)
    assert read_event(form, 7, TODAY) is None
    assert [(each.field, each.code) for each in form.problems] == [problem]


def test_taking_back_repeats_what_is_taken_back() -> None:
    event = {"id": 5, "occurred_on": date(2016, 6, 1), "date_precision": "month"}
    content = read_retraction(FormReader({"source": "Dinsos", "note": "twice"}), 7, event)
    assert content is not None
    assert (content.kind, content.corrects_id, content.note) == ("retraction", 5, "twice")
    assert content.date_precision is DatePrecision.month
    count = {
        "id": 5,
        "counted_on": date(2016, 6, 1),
        "n": 12,
        "definition": "resident",
        "region_code": "64.72",
    }
    taken = read_taken_back_count(FormReader({"source": "Dinsos"}), 7, count)
    assert taken is not None
    assert (taken.retracted, taken.corrects_id, taken.n) == (True, 5, 12)


@pytest.mark.parametrize(
    ("typed", "n"), [("0", 0), ("1.234", 1234), ("12 345", 12345), ("1000000", 1_000_000)]
)
def test_a_headcount(typed: str, n: int) -> None:
    given = {"n": typed, "definition": "resident", "counted_on": "1/6/2016", "source": "Dinsos"}
    content = read_headcount(FormReader(given), 7, [], TODAY)
    assert content is not None
    assert content.n == n
    again = read_headcount(FormReader(prefilling.headcount_fields(content.model_dump())), 7, [], TODAY)
    assert again == content


@pytest.mark.parametrize("typed", ["-1", "1,5", "1.23", "²", "1e3", "١٢", "9" * 30, "1000001"])
def test_a_number_that_is_none(typed: str) -> None:
    form = FormReader({"n": typed})
    assert form.whole("n", 1_000_000) is None
    assert [problem.code for problem in form.problems] == ["whole_number"]

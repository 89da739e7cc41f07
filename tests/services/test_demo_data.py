"""data/demo against the domain's anchors, by an obvious re-computation of its own."""

import calendar
import csv
import re
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
import shapely

from gis.config import PROJECT_DIRECTORY
from gis.services.boundaries import BoundarySet, read_regions
from gis.services.demo_files import read_register
from gis.services.demo_generator import build

BOUNDARIES = PROJECT_DIRECTORY / "data" / "boundaries"
DEMO = PROJECT_DIRECTORY / "data" / "demo"
BEFORE = ("recorded", "verified", "socialised", "postponed", "decreed", "halted")
AFTER = ("closed", "assisted", "repurposed", "monitored", "reactivated", "sealed")
RANK = {kind: rank for rank, kind in enumerate((*BEFORE, *AFTER))}
CLOSED = {*AFTER} - {"reactivated"}
REAL_WEST = {"Dolly dan Jarak", "Kalijodo", "Balongcangkring", "Sunan Kuning", "Gambilangu"}
REAL_BORNEO = {"Bayur", "Loa Hui", "Pembatuan", "Sungai Bengawan", "Karang Agas"}
REAL_EAST = {"Tanjung Elmo", "Karang Dempel"}
SYNTHETIC_SOURCE = "Data contoh sintetis closure-atlas"


def _rows(name: str) -> list[dict[str, str]]:
    with (DEMO / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


SITES = {row["id"]: row for row in _rows("sites.csv")}
EVENTS = _rows("events.csv")
HEADCOUNTS = _rows("headcounts.csv")


@pytest.fixture(scope="module")
def boundaries() -> BoundarySet:
    return read_regions(BOUNDARIES)


def _period(event: dict[str, str]) -> tuple[date, date]:
    day = date.fromisoformat(event["occurred_on"])
    if event["date_precision"] == "year":
        return date(day.year, 1, 1), date(day.year, 12, 31)
    if event["date_precision"] == "month":
        return day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1])
    return day, day


def _steps(site_id: str) -> list[tuple[date, int, int, str]]:
    """(day on which it counts, rank, place in the file, kind) of every event that sets a status, in order."""
    corrected = {event["corrects_external_id"] for event in EVENTS}
    counting = [
        (place, event)
        for place, event in enumerate(EVENTS)
        if event["site_id"] == site_id
        and event["planned"] == "false"
        and event["kind"] in RANK
        and event["external_id"] not in corrected
    ]
    steps = []
    for place, event in counting:
        first, day = _period(event)
        for _, other in counting:
            last = _period(other)[1]
            if first != _period(event)[1] and RANK[other["kind"]] > RANK[event["kind"]] and first <= last:
                day = min(day, last - timedelta(days=1))
        steps.append((day, RANK[event["kind"]], place, event["kind"]))
    return sorted(steps)


STEPS = {site_id: _steps(site_id) for site_id in SITES}


def _statuses(as_of: date) -> dict[str, str]:
    """Status by site id, for the sites that exist on that day."""
    found = {}
    for site_id, steps in STEPS.items():
        for day, _, _, kind in steps:
            if day <= as_of:
                found[site_id] = kind
    return found


def _closed_of_total(as_of: date) -> tuple[int, int]:
    lokalisasi = [
        kind for site_id, kind in _statuses(as_of).items() if SITES[site_id]["site_type"] == "lokalisasi"
    ]
    return sum(kind in CLOSED for kind in lokalisasi), len(lokalisasi)


def _primary(site_id: str) -> str:
    return SITES[site_id]["declared_region_codes"].split(";")[0]


@pytest.mark.parametrize(
    ("as_of", "closed_of_total"),
    [
        (date(2016, 2, 22), (68, 168)),
        (date(2018, 10, 31), (125, 169)),
        (date(2019, 11, 18), (161, 169)),  # the next day's closing is said to be the 162nd
        (date(2019, 11, 19), (162, 169)),
    ],
)
def test_the_anchors_hold(as_of: date, closed_of_total: tuple[int, int]) -> None:
    assert _closed_of_total(as_of) == closed_of_total


def test_the_seven_left_are_in_the_six_places_named() -> None:
    left = [
        _primary(site_id)
        for site_id, kind in _statuses(date(2019, 11, 19)).items()
        if kind not in CLOSED and SITES[site_id]["site_type"] == "lokalisasi"
    ]
    places = Counter(code if code in ("62.71", "94.04", "81.71") else code[:2] for code in left)
    assert places == {"12": 2, "19": 1, "17": 1, "62.71": 1, "94.04": 1, "81.71": 1}


def test_kalimantan_timur_is_the_list_of_1_june_2016() -> None:
    day = date(2016, 6, 1)
    sites, people = Counter[str](), Counter[str]()
    for site_id in _statuses(day):
        if _primary(site_id).startswith("64"):
            sites[SITES[site_id]["site_type"], _primary(site_id)] += 1
    latest: dict[tuple[str, str], tuple[str, int]] = {}
    for row in HEADCOUNTS:
        if row["definition"] == "resident" and row["counted_on"] <= day.isoformat():
            key = row["site_id"], row["region_code"]
            latest[key] = max(latest.get(key, ("", 0)), (row["counted_on"], int(row["n"])))
    for (site_id, region_code), (_, n) in latest.items():
        if region_code.startswith("64"):
            people[SITES[site_id]["site_type"], region_code] += n
    listed = {"64.72": (3, 500), "64.71": (1, 216), "64.02": (12, 469), "64.07": (7, 238), "64.08": (1, 30)}
    found = {
        code: (sites[kind, code], people[kind, code]) for kind, code in list(sites) if kind == "lokalisasi"
    }
    assert found == listed
    assert sum(n for (kind, _), n in sites.items() if kind == "lokasi") == 16
    assert sum(n for (kind, _), n in people.items() if kind == "lokasi") == 308


def test_kalimantan_utara_has_three_and_kota_mojokerto_one() -> None:
    existing = _statuses(date(2018, 7, 31))
    assert sum(_primary(site_id).startswith("65") for site_id in existing) == 3
    assert [SITES[s]["name"] for s in existing if _primary(s) == "35.76"] == ["Balongcangkring"]
    assert [row["n"] for row in HEADCOUNTS if row["region_code"].startswith("65") and row["n"] != "0"] == [
        "139"
    ]


def test_168_sites_lie_in_24_provinces_of_that_time() -> None:
    day = date(2016, 2, 22)
    with (BOUNDARIES / "lineage.csv").open(encoding="utf-8", newline="") as stream:
        province_of = {
            row["regency_code"]: row["province_code"]
            for row in csv.DictReader(stream)
            if row["valid_from"] <= day.isoformat() < (row["valid_to"] or "9999")
        }
    lokalisasi = [s for s in _statuses(day) if SITES[s]["site_type"] == "lokalisasi"]
    assert len({province_of[_primary(site_id)] for site_id in lokalisasi}) == 24


def test_the_real_sites_are_those_of_the_domain_and_have_no_geometry() -> None:
    real = [row for row in SITES.values() if row["synthetic"] == "false"]
    assert {row["name"] for row in real} == REAL_WEST | REAL_BORNEO | REAL_EAST
    assert {(row["wkt"], row["location_accuracy"]) for row in real} == {("", "regency")}
    assert all(row["source_url"].startswith("https://") for row in real)


def test_nothing_of_a_real_site_is_invented_but_its_beginning() -> None:
    for site_id, site in SITES.items():
        events = [event for event in EVENTS if event["site_id"] == site_id]
        synthetic = [event["kind"] for event in events if event["synthetic"] == "true"]
        if site["synthetic"] == "false":
            assert synthetic == ["recorded"], site["name"]
            assert not any(row["synthetic"] == "true" for row in HEADCOUNTS if row["site_id"] == site_id)
        else:
            assert len(synthetic) == len(events), site["name"]


@pytest.mark.parametrize("table", [EVENTS, HEADCOUNTS], ids=["events", "headcounts"])
def test_every_row_has_its_source_and_the_day_of_its_report(table: list[dict[str, str]]) -> None:
    for row in table:
        assert row["reported_on"], row
        if row["synthetic"] == "true":
            assert row["source"].startswith(SYNTHETIC_SOURCE), row
        else:
            assert row["source_url"].startswith("https://"), row
            assert SYNTHETIC_SOURCE not in row["source"], row


def test_no_event_is_reported_before_it_happened() -> None:
    early = [e for e in EVENTS if e["planned"] == "false" and e["reported_on"] < _period(e)[1].isoformat()]
    assert early == []


def test_no_real_site_was_last_reported_in_any_other_state_than_closed() -> None:
    last = _statuses(date.max)
    assert {last[s] for s, site in SITES.items() if site["synthetic"] == "false"} <= CLOSED


def test_synthetic_sites_say_so_in_their_name() -> None:
    for site in SITES.values():
        marked = re.fullmatch(r"(Lokalisasi|Lokasi) contoh .+ \d\d \(sintetis\)", site["name"])
        assert bool(marked) == (site["synthetic"] == "true"), site["name"]


def test_every_kind_precision_and_correction_occurs_synthetically() -> None:
    synthetic = [event for event in EVENTS if event["synthetic"] == "true"]
    assert {event["kind"] for event in synthetic} == {*RANK, "disputed", "retraction"}
    assert {event["date_precision"] for event in synthetic} == {"day", "month", "year"}
    replacements = [e for e in synthetic if e["corrects_external_id"] and e["kind"] != "retraction"]
    assert replacements
    assert any(event["planned"] == "true" and event["legal_number"] for event in synthetic)
    late = [e for e in synthetic if (date.fromisoformat(e["reported_on"]) - _period(e)[1]).days > 180]
    assert len(late) > 30


def test_instruments_of_synthetic_events_cannot_be_taken_for_real_ones() -> None:
    numbers = [event["legal_number"] for event in EVENTS if event["legal_number"]]
    assert all(re.fullmatch(r"SINTETIS-\d{3}/\d{4}", number) for number in numbers)


def test_the_seven_uncertain_sites_and_later_reversals_show_all_groups_today() -> None:
    groups = {SITES[s]["site_type"]: set() for s in SITES}
    for site_id, kind in _statuses(date(2026, 5, 31)).items():
        group = "closed" if kind in CLOSED else kind if kind == "reactivated" else "open"
        groups[SITES[site_id]["site_type"]].add(group)
    assert groups == {
        "lokalisasi": {"closed", "reactivated", "open"},
        "lokasi": {"closed", "reactivated", "open"},
    }


def test_synthetic_geometries_lie_on_land_in_the_regency_they_claim(boundaries: BoundarySet) -> None:
    shapes = dict(zip(boundaries.regencies["code"], boundaries.regencies.geometry, strict=True))
    for site in SITES.values():
        if not site["wkt"]:
            continue
        geometry = shapely.from_wkt(site["wkt"])
        claimed = [shapes[code] for code in site["declared_region_codes"].split(";")]
        assert geometry.is_valid, site["name"]
        if len(claimed) == 1:
            assert claimed[0].contains(geometry), site["name"]
        else:
            shares = [shape.intersection(geometry).area / geometry.area for shape in claimed]
            assert shares == sorted(shares, reverse=True), site["name"]
            assert min(shares) > 0.1, site["name"]
            assert sum(shares) == pytest.approx(1, abs=1e-3), site["name"]


def test_most_points_keep_a_kilometre_from_every_border(boundaries: BoundarySet) -> None:
    shapes = dict(zip(boundaries.regencies["code"], boundaries.regencies.geometry, strict=True))
    points = [
        (shapely.from_wkt(site["wkt"]), shapes[site["declared_region_codes"]])
        for site in SITES.values()
        if site["wkt"].startswith("POINT")
    ]
    near = [point for point, shape in points if shape.boundary.distance(point) < 0.0091]  # 1 km, less in lon
    assert len(near) < 0.2 * len(points)


def test_some_sites_cross_a_regency_border_and_some_a_province_border() -> None:
    crossing = [
        codes
        for site in SITES.values()
        if site["synthetic"] == "true" and len(codes := site["declared_region_codes"].split(";")) == 2
    ]
    assert {first[:2] == second[:2] for first, second in crossing} == {True, False}


def test_the_generator_reproduces_the_files_byte_for_byte(boundaries: BoundarySet, tmp_path: Path) -> None:
    build(boundaries, tmp_path)
    for name in ("sites.csv", "events.csv", "headcounts.csv"):
        assert (tmp_path / name).read_bytes() == (DEMO / name).read_bytes(), name


def test_ids_are_16_digits() -> None:
    assert all(re.fullmatch(r"[1-8]\d{15}", site_id) for site_id in SITES)
    assert len(read_register(DEMO).sites) == len(SITES)

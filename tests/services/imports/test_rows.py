"""What rows of lists come to: contents of records, or reasons why not; and never a row less."""

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapely

from gis.domain.records.aid import AidContent
from gis.domain.records.boundaries import BoundaryContent
from gis.domain.records.centres import CentreContent, OccupancyContent
from gis.domain.records.claims import ClaimContent
from gis.domain.records.plans import PlanContent
from gis.domain.records.sites import EventContent, HeadcountContent, SiteContent
from gis.services.imports.columns import ColumnMapping, propose_columns
from gis.services.imports.raw_table import RawRow, RawTable
from gis.services.imports.reading import read_table
from gis.services.imports.refusals import PROBLEMS, REFUSALS, REMARKS, Problem
from gis.services.imports.rows import build_rows
from gis.services.imports.rows_draft import BuiltRow
from gis.services.imports.rows_refused import write_refused
from tests.services.imports.regions import REGIONS

MODELS = {
    "sites": SiteContent,
    "events": EventContent,
    "headcounts": HeadcountContent,
    "aid": AidContent,
    "boundaries": BoundaryContent,
    "centres": CentreContent,
    "claims": ClaimContent,
    "occupancies": OccupancyContent,
    "plans": PlanContent,
}
CONSTANTS = {"source": "Dinsos", "site_type": "lokalisasi", "recorded_on": "2016-01-01"}


def built(
    rows: Sequence[Mapping[str, Any]],
    collection: str = "sites",
    constants: Mapping[str, str] = CONSTANTS,
    geometries: Sequence[shapely.Geometry | None] = (),
    source_crs: str | None = None,
) -> list[BuiltRow]:
    columns = tuple(dict.fromkeys(name for row in rows for name in row))
    blobs = [None if each is None else shapely.to_wkb(each) for each in geometries] or [None] * len(rows)
    table = RawTable(
        "",
        columns,
        [
            RawRow(number, tuple(row.get(name) for name in columns), blob)
            for number, (row, blob) in enumerate(zip(rows, blobs, strict=True), start=2)
        ],
        "csv",
        has_geometry=bool(geometries),
        source_crs=source_crs,
    )
    proposal = propose_columns(collection, MODELS[collection], columns, rows, has_geometry=table.has_geometry)
    mapping = ColumnMapping(proposal.columns, {**proposal.constants, **constants})
    return list(build_rows(collection, table, mapping, REGIONS, MODELS))


def one(row: Mapping[str, Any], **options: Any) -> BuiltRow:
    (found,) = built([row], **options)
    return found


def content(row: Mapping[str, Any], **options: Any) -> dict[str, Any]:
    found = one(row, **options)
    assert found.problems == ()
    assert found.content is not None
    return found.content


def codes(row: Mapping[str, Any], **options: Any) -> set[tuple[str, str]]:
    found = one(row, **options)
    assert found.content is None
    assert found.events == found.headcounts == ()
    return {(problem.field, problem.code) for problem in found.problems}


def test_a_whole_row() -> None:
    found = one(
        {
            "Nama": "Contoh",
            "Kab/Kota": "Kota Samarinda",
            "Lintang": "0°30' LS",
            "Bujur": "117,25",
            "Status": "Sudah ditutup",
            "Tanggal Penutupan": "Juni 2016",
            "No SK": "SK 1/2016",
            "Jumlah WTS": "1.207 orang",
            "Dipulangkan": 135.0,
            "Sumber": "Dinsos Kaltim",
            "Tautan": "https://example.org/1",
        },
        constants={"site_type": "lokalisasi"},
    )
    assert found.problems == ()
    assert found.content == {
        "site_id": None,
        "name": "Contoh",
        "alternative_names": [],
        "site_type": "lokalisasi",
        "wkt": "POINT (117.25 -0.5)",
        "location_accuracy": "approximate",
        "location_source": "Dinsos Kaltim",
        "source_crs": "EPSG:4326",
        "declared_region_codes": ["64.72"],
        "source": "Dinsos Kaltim",
        "source_url": "https://example.org/1",
        "recorded_on": "2016-06-01",
        "synthetic": False,
    }
    (event,) = found.events
    assert event["kind"] == "closed"
    assert (event["occurred_on"], event["date_precision"]) == ("2016-06-01", "month")
    assert event["legal_number"] == "SK 1/2016"
    assert [(each["definition"], each["n"]) for each in found.headcounts] == [
        ("resident", 1207),
        ("returned", 135),
    ]
    # They have no site until the batch makes one, and are whole but for that.
    for each, model in [(event, EventContent), *((count, HeadcountContent) for count in found.headcounts)]:
        assert "site_id" not in each
        assert model.model_validate({"site_id": 1, **each}).source == "Dinsos Kaltim"


@pytest.mark.parametrize(
    ("cells", "region"),
    [
        ({"Kabupaten": "Kab. Kutai Kartanegara"}, ["64.02"]),
        ({"Kabupaten": "KUKAR", "Provinsi": "Kaltim"}, ["64.02"]),
        ({"Kabupaten/Kota": "Samarinda"}, ["64.72"]),
        ({"Kabupaten": "Kota Semarang dan Kab. Kendal"}, ["33.74", "33.24"]),
        ({"Kode wilayah": "64.72"}, ["64.72"]),
        ({"Kode wilayah": 64.1}, ["64.10"]),
        ({"Kode wilayah": 64.72}, ["64.72"]),
    ],
)
def test_a_regency_alone_is_a_place_of_that_accuracy(cells: dict[str, Any], region: list[str]) -> None:
    found = one({"Nama": "Contoh", **cells})
    assert found.content is not None
    assert found.content["declared_region_codes"] == region
    assert (found.content["wkt"], found.content["location_accuracy"]) == (None, "regency")
    assert [remark.code for remark in found.remarks] == ["regency_only"]


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ({"Kabupaten": "Bogor"}, ("regency", "region_ambiguous")),
        ({"Kabupaten": "Samarnda"}, ("regency", "region_similar")),
        ({"Kabupaten": "Atlantis"}, ("regency", "region_unknown")),
        ({"Kabupaten": "Samarinda", "Provinsi": "Kalsel"}, ("regency", "region_elsewhere")),
        ({"Kabupaten": "Samarinda", "Provinsi": "Utopia"}, ("province", "province_unknown")),
        ({"Kode wilayah": "6472"}, ("declared_region_codes", "code_system")),
        ({"Kode wilayah": "64.99"}, ("declared_region_codes", "region_unknown")),
        ({}, ("declared_region_codes", "model")),
    ],
)
def test_a_region_that_is_not_found_is_not_guessed(cells: dict[str, Any], problem: tuple[str, str]) -> None:
    assert problem in codes({"Nama": "Contoh", **cells})


def test_an_ambiguous_name_lists_what_it_may_be() -> None:
    (problem,) = [
        each for each in one({"Nama": "a", "Kabupaten": "Bogor"}).problems if each.field == "regency"
    ]
    assert problem.allowed == "one of Kabupaten Bogor (32.01), Kota Bogor (32.71)"
    assert problem.found == "Bogor"


@pytest.mark.parametrize(
    ("cells", "place", "crs"),
    [
        ({"lat": "-0,5", "lon": "117,25"}, (117.25, -0.5), "EPSG:4326"),
        ({"Koordinat": "-0.5, 117.25"}, (117.25, -0.5), "EPSG:4326"),
        ({"X": "527.818", "Y": "9.944.734", "Zona": "50S"}, (117.25, -0.5), "EPSG:32750"),
        ({"wkt": "POINT (117.25 -0.5)"}, (117.25, -0.5), "EPSG:4326"),
    ],
)
def test_places(cells: dict[str, Any], place: tuple[float, float], crs: str) -> None:
    found = content({"Nama": "Contoh", **cells})
    point = shapely.from_wkt(found["wkt"])
    assert (point.x, point.y) == pytest.approx(place, abs=1e-5)
    assert found["source_crs"] == crs
    assert found["location_accuracy"] == "approximate"


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ({"lat": "-0,5", "lon": ""}, ("lon", "place_incomplete")),
        ({"lat": "utara", "lon": "117"}, ("lat", "latitude")),
        ({"lat": "9", "lon": "11,7"}, ("lat", "outside_indonesia")),
        ({"lat": "-0,5", "lon": "117", "wkt": "POINT (117 -0.5)"}, ("lat", "place_twice")),
        ({"X": 527826, "Y": 9944731}, ("zone", "place_incomplete")),
        ({"X": 527826, "Y": 9944731, "Zona": "lima"}, ("zone", "zone")),
        ({"wkt": "LINESTRING (117 0, 118 0)"}, ("wkt", "geometry_broken")),
        ({"wkt": "POLYGON ((117 0, 118 1, 118 0, 117 1, 117 0))"}, ("wkt", "model")),
    ],
)
def test_what_is_no_place_is_refused(cells: dict[str, Any], problem: tuple[str, str]) -> None:
    assert problem in codes({"Nama": "Contoh", "Kabupaten": "Kukar", **cells})


def test_a_layer_brings_its_own_places() -> None:
    shape = shapely.box(117, -1, 117.5, -0.5)
    found = content({"Nama": "Contoh"}, geometries=[shape], source_crs="EPSG:9470")
    assert shapely.from_wkt(found["wkt"]).equals_exact(shape)
    assert found["source_crs"] == "EPSG:9470"


@pytest.mark.parametrize(
    ("status", "events"),
    [
        ("aktif", []),
        ("Belum ditutup", []),
        ("SOSIALISASI", [("socialised", False)]),
        ("akan ditutup", [("closed", True)]),
        ("Terindikasi aktif kembali", [("reactivated", False)]),
        ("sealed", [("sealed", False)]),
    ],
)
def test_words_for_a_status(status: str, events: list[tuple[str, bool]]) -> None:
    found = one({"Nama": "a", "Kabupaten": "Kukar", "Status": status, "Tanggal": date(2016, 6, 1)})
    assert [(each["kind"], each["planned"]) for each in found.events] == events
    assert found.content is not None
    assert found.content["recorded_on"] == "2016-01-01"


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ({"Status": "entah"}, ("status", "choice")),
        ({"Status": "ditutup"}, ("status_date", "missing")),
        ({"Status": "ditutup", "Tanggal Penutupan": "31/2/2016"}, ("status_date", "date")),
        ({"Tanggal Penutupan": "2016"}, ("status", "missing")),
        ({"Jumlah WTS": "banyak"}, ("residents", "number")),
        ({"Jumlah WTS": "-3"}, ("n", "model")),
        ({"Nama": ""}, ("name", "missing")),
        ({"Nama": "a" * 300}, ("name", "model")),
        ({"Tautan": "http://example.org"}, ("source_url", "model")),
        ({"Jenis": "warung"}, ("site_type", "choice")),
        ({"synthetic": "mungkin"}, ("synthetic", "truth")),
    ],
)
def test_every_reason_names_its_field(cells: dict[str, Any], problem: tuple[str, str]) -> None:
    assert problem in codes({"Nama": "Contoh", "Kabupaten": "Kukar", **cells})


def test_all_reasons_of_a_row_are_told_at_once() -> None:
    found = codes({"Nama": "", "Kabupaten": "Bogor", "Status": "entah", "lat": "x", "lon": "1"})
    assert {field for field, _ in found} == {"name", "regency", "status", "lat"}


def test_events_of_sites_that_are_named() -> None:
    row = {"Lokalisasi": "Contoh", "Kab/Kota": "Samarinda", "Peristiwa": "ditutup", "Tanggal": "2016"}
    found = one(row, collection="events", constants={"source": "Dinsos"})
    assert found.problems == ()
    assert found.site is not None
    assert (found.site.name, found.site.region_codes) == ("Contoh", ("64.72",))
    assert found.content is not None
    assert "site_id" not in found.content
    assert (found.content["kind"], found.content["date_precision"]) == ("closed", "year")


def test_events_and_headcounts_with_an_id() -> None:
    event = {"site_id": 42, "kind": "closed", "occurred_on": "1 Juni 2016", "source": "Dinsos"}
    assert content(event, collection="events", constants={})["site_id"] == 42
    count = {
        "site_id": "42",
        "n": "1.207",
        "counted_on": "1/6/2016",
        "definition": "penghuni",
        "source": "Dinsos",
    }
    found = content(count, collection="headcounts", constants={})
    assert (found["n"], found["counted_on"], found["definition"]) == (1207, "2016-06-01", "resident")
    # A month is no day on which somebody counted.
    assert ("counted_on", "whole_day") in codes(
        {**count, "counted_on": "Juni 2016"}, collection="headcounts", constants={}
    )
    assert ("site_id", "missing") in codes({**event, "site_id": None}, collection="events", constants={})


@pytest.mark.parametrize(
    ("collection", "row", "expected"),
    [
        (
            "aid",
            {
                "Nama bantuan": "UEP 2016",
                "Jenis bantuan": "UEP",
                "Kabupaten": "Samarinda",
                "Sumber dana": "Kemensos",
                "Nilai per orang": "Rp 3.000.000",
                "Rencana penerima": "100",
                "Realisasi": "90",
                "Mulai": "1/1/2016",
                "Sampai": "31/12/2016",
                "Per tanggal": "31/12/2016",
            },
            {"aid_type": "uep", "payer": "kemensos", "amount_rupiah": 3_000_000, "region_code": "64.72"},
        ),
        (
            "claims",
            {
                "Laporan": "a",
                "Provinsi": "Kaltim",
                "Definisi": "penghuni",
                "Jumlah": "1.207",
                "Per tanggal": "2016",
            },
            {"definition": "people_resident", "value": 1207, "region_code": "64", "as_of_precision": "year"},
        ),
        (
            "plans",
            {"Jenis dokumen": "SK", "Tanggal surat": "1 Juni 2016", "Penerbit": "a", "Kabupaten": "Kukar"},
            {"kind": "decree", "dated": "2016-06-01", "region_code": "64.02", "site_id": None},
        ),
        (
            "centres",
            {
                "Nama panti": "PSKW Contoh",
                "Kota": "Samarinda",
                "Layanan": "dokter; tata boga",
                "Pengelola": "province",
            },
            {
                "services": ["doctor", "cake_making"],
                "region_code": "64.72",
                "wkt": None,
                "location_accuracy": None,
            },
        ),
        (
            "occupancies",
            {"ID panti": "5", "Per tanggal": "1/6/2016", "Terisi": 30, "Kapasitas": "40"},
            {"centre_id": 5, "occupied": 30, "capacity": 40},
        ),
    ],
)
def test_the_other_collections(collection: str, row: dict[str, Any], expected: dict[str, Any]) -> None:
    found = content(row, collection=collection, constants={"source": "Dinsos"})
    assert {name: found[name] for name in expected} == expected
    assert MODELS[collection].model_validate(found).source == "Dinsos"


def test_the_boundary_of_a_decree() -> None:
    row = {"site id": 7, "Jenis SK": "SK Wali Kota", "Tanggal SK": "1/6/2016"}
    shape = shapely.box(117, -1, 117.5, -0.5)
    options: dict[str, Any] = {"collection": "boundaries", "constants": {"source": "Dinsos"}}
    assert shapely.from_wkt(content(row, geometries=[shape], **options)["wkt"]) == shape
    assert ("wkt", "missing") in codes(row, **options)


def test_no_row_is_lost_and_refused_ones_come_again(tmp_path: Path) -> None:
    rows = [
        {"Nama": "=1+1", "Kabupaten": "Kukar", "Jumlah WTS": "-3", "Ket": "'=keep"},
        {"Nama": "Baik", "Kabupaten": "Kukar", "Jumlah WTS": "3", "Ket": ""},
        {"Nama": "@x", "Kabupaten": "Bogor", "Jumlah WTS": "-0,5", "Ket": "a\nb"},
    ]
    found = built(rows)
    assert [(row.row_number, row.content is None) for row in found] == [(2, True), (3, False), (4, True)]
    assert [row.raw for row in found] == rows
    path = tmp_path / "refused.csv"
    assert write_refused(found, path) == 2
    with path.open(encoding="utf-8-sig", newline="") as stream:
        header, *lines = list(csv.reader(stream))
    assert header == ["Nama", "Kabupaten", "Jumlah WTS", "Ket", "row", "reason"]
    assert [line[4] for line in lines] == ["2", "4"]
    assert "one of Kabupaten Bogor" in lines[1][5]
    # No spreadsheet computes anything of it, and reading gives back what was written.
    assert not any(cell.startswith(("=", "@", "+")) for line in lines for cell in line)
    table = read_table(path)
    kept = [
        {name: cell or "" for name, cell in table.raw(row).items() if name in rows[0]} for row in table.rows
    ]
    assert kept == [rows[0], rows[2]]
    again = propose_columns("sites", SiteContent, table.columns, table.sample())
    assert not {"row", "reason"} & {column for each in again.columns.values() for column in each}


def test_a_refused_geometry_is_kept_as_text() -> None:
    (found,) = built([{"Nama": ""}], geometries=[shapely.Point(117, -0.5)])
    assert found.raw["wkt"] == "POINT (117 -0.5)"


def test_every_reason_is_a_sentence() -> None:
    for code, sentence in {**REFUSALS, **PROBLEMS, **REMARKS}.items():
        assert code.replace("_", "").isalpha()
        assert sentence.strip() == sentence != ""
    assert Problem("row", 3, "row_too_long").allowed == PROBLEMS["row_too_long"]

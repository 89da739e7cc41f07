"""Which column is which field: proposed, corrected, kept."""

from typing import Any

import pytest

from gis.domain.records.sites import EventContent, HeadcountContent, SiteContent
from gis.errors import InvalidInputError
from gis.services.imports.columns import ColumnMapping, mapping_from_json, propose_columns

AGENCY = {
    "No": 1,
    "Nama Lokalisasi": "Contoh",
    "Kabupaten/Kota": "Kota Samarinda",
    "Provinsi": "Kaltim",
    "Lintang": "-0,5",
    "Bujur": "117,1",
    "Jumlah WTS (orang)": 30,
    "Status": "ditutup",
    "Tanggal Penutupan": "1 Juni 2016",
    "Nomor SK": "SK/1",
    "Sumber": "Dinsos",
    "Tautan": "https://example.org",
}


def proposed(
    collection: str, row: dict[str, Any], model: Any = SiteContent, **options: Any
) -> dict[str, str]:
    found = propose_columns(collection, model, list(row), [row], **options)
    assert set(found.confidence) == {*found.columns, *found.constants}
    assert all(0 < found.confidence[name] <= 1 for name in found.columns)
    return {name: columns[0] for name, columns in found.columns.items()}


def test_the_list_of_an_agency() -> None:
    assert proposed("sites", AGENCY) == {
        "name": "Nama Lokalisasi",
        "regency": "Kabupaten/Kota",
        "province": "Provinsi",
        "lat": "Lintang",
        "lon": "Bujur",
        "residents": "Jumlah WTS (orang)",
        "status": "Status",
        "status_date": "Tanggal Penutupan",
        "legal_number": "Nomor SK",
        "source": "Sumber",
        "source_url": "Tautan",
    }


def test_names_that_a_shapefile_cut() -> None:
    row = {"NAMA_LOKAL": "a", "KABUPATEN_": "Kukar", "X": 516000, "Y": 9945000, "ZONA": "50S", "JML_PSK": 3}
    assert proposed("sites", row) == {
        "name": "NAMA_LOKAL",
        "regency": "KABUPATEN_",
        "easting": "X",
        "northing": "Y",
        "zone": "ZONA",
        "residents": "JML_PSK",
    }


def test_x_and_y_are_degrees_or_metres_by_what_stands_in_them() -> None:
    assert {"lon", "lat"} <= set(proposed("sites", {"Nama": "a", "X": 117.1, "Y": -0.5}))
    assert {"easting", "northing"} <= set(proposed("sites", {"Nama": "a", "X": "516.789", "Y": "9.945.123"}))


def test_typing_errors_are_forgiven() -> None:
    row = {"Nama Lokalissai": "a", "Kabupatn": "Kukar", "Propinsi": "Kaltim", "Tanggal Penutpan": "2016"}
    assert proposed("sites", row) == {
        "name": "Nama Lokalissai",
        "regency": "Kabupatn",
        "province": "Propinsi",
        "status_date": "Tanggal Penutpan",
    }


def test_english_and_our_own_names() -> None:
    row = {"Site name": "a", "Regency": "b", "lat": 1, "long": 117, "Closing date": "2016", "Type": "lokasi"}
    assert set(proposed("sites", row)) == {"name", "regency", "lat", "lon", "status_date", "site_type"}
    assert proposed("sites", dict.fromkeys(SiteContent.model_fields)).keys() >= {
        "site_id",
        "recorded_on",
        "wkt",
    }


def test_a_layer_needs_no_columns_for_its_places() -> None:
    assert "lat" not in proposed("sites", {"Nama": "a", "Lintang": -0.5, "Bujur": 117}, has_geometry=True)


def test_events_and_headcounts_name_their_site() -> None:
    events = {
        "Nama Lokalisasi": "a",
        "Kab/Kota": "b",
        "Peristiwa": "ditutup",
        "Tanggal": "2016",
        "No SK": "1",
    }
    assert proposed("events", events, EventContent) == {
        "site": "Nama Lokalisasi",
        "regency": "Kab/Kota",
        "kind": "Peristiwa",
        "occurred_on": "Tanggal",
        "legal_number": "No SK",
    }
    counts = {"Lokalisasi": "a", "Jumlah": 3, "Per tanggal": "1/6/2016"}
    assert set(proposed("headcounts", counts, HeadcountContent)) == {"site", "n", "counted_on"}


def test_a_column_of_the_very_name_stays_though_no_value_is_good_and_others_do_not() -> None:
    row = {"Nama": "a", "Tanggal": "belum", "Jumlah WTS": "banyak", "Status tanah": "milik"}
    found = propose_columns("sites", SiteContent, list(row), [row])
    assert set(found.columns) == {"name", "status_date", "residents"}
    assert found.confidence["status_date"] < 0.5


def mapping() -> ColumnMapping:
    return propose_columns("sites", SiteContent, list(AGENCY), [AGENCY])


def corrected(said: dict[str, Any]) -> ColumnMapping:
    return mapping().corrected("sites", SiteContent, list(AGENCY), said)


def test_a_person_has_the_last_word() -> None:
    mine = corrected(
        {
            "columns": {"alternative_names": "Nama Lokalisasi", "name": ["No", "Nomor SK"], "lat": None},
            "constants": {"source": "Dinsos Kaltim, 2016", "site_type": "lokasi"},
        }
    )
    assert mine.columns["name"] == ("No", "Nomor SK")
    assert mine.columns["alternative_names"] == ("Nama Lokalisasi",)
    assert not {"lat", "legal_number", "source"} & set(mine.columns)
    assert mine.constants == {"source": "Dinsos Kaltim, 2016", "site_type": "lokasi"}
    assert mine.confidence["name"] == mine.confidence["source"] == 1.0


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ({"columns": {"name": "Nmaa"}}, "Nmaa"),
        ({"columns": {"colour": "No"}}, "colour"),
        ({"columns": {"name": "No", "note": "No"}}, "No"),
        ({"constants": {"colour": "red"}}, "colour"),
        ({"constants": {"source": 3}}, "3"),
        ({"columns": ["name"]}, "name"),
    ],
)
def test_what_there_is_not_is_named(said: dict[str, Any], named: str) -> None:
    with pytest.raises(InvalidInputError, match=named):
        corrected(said)


def test_a_mapping_is_kept_for_the_next_file_as_far_as_it_fits() -> None:
    first = corrected({"columns": {"note": "No"}, "constants": {"source": "Dinsos"}})
    again = mapping_from_json(first.to_json())
    assert (again.columns, again.constants) == (first.columns, first.constants)
    others = [name for name in AGENCY if name != "No"]
    next_one = propose_columns("sites", SiteContent, others, []).corrected(
        "sites", SiteContent, others, again.as_far_as(others)
    )
    assert "note" not in next_one.columns
    assert next_one.columns["name"] == ("Nama Lokalisasi",)
    assert next_one.constants["source"] == "Dinsos"


@pytest.mark.parametrize(
    ("cell", "is_ours"), [(6249866178179308, True), ("6249866178179308", True), (7, False), ("A-7", False)]
)
def test_ids_of_the_register_are_told_from_somebodys_numbers(cell: object, is_ours: bool) -> None:
    found = proposed("sites", {"id": cell, "name": "Contoh", "status_since": "2016-06-01", "closed_on": None})
    assert ("site_id" in found) == is_ours
    assert found["status_date"] == "status_since", "as exports have it"

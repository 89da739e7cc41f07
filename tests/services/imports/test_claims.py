"""Claims by file: read, applied with a receipt, the same again, and undone."""

from datetime import date
from typing import Any

from gis.config import PROJECT_DIRECTORY
from gis.database.connection import Database
from gis.domain.queries import Moment
from gis.services import claims, entries
from gis.services.imports import importing
from gis.services.imports.importing import Upload

FILE = """laporan;kabupaten/kota;definisi;jenis lokasi;nilai;per tanggal;narasumber;sumber
Rapat Kaltim;Kota Samarinda;sites_total;lokalisasi;3;1 Juni 2016;Wali Kota;Berita acara
Rapat Kaltim;Kab. Berau;people_resident;lokalisasi;1.207;Juni 2016;;Berita acara
Rapat Kaltim;Kota Samarinda;sites_total;lokalisasi;banyak;1 Juni 2016;;Berita acara
"""


def said(database: Database, report: str) -> list[dict[str, Any]]:
    view = claims.claims_view(database, Moment())
    return [row for each in view["reports"] for row in each["claims"] if each["report"] == report]


def test_a_list_of_claims_is_taken_and_taken_back(database: Database) -> None:
    receipt = importing.import_at_once(database, Upload("claims", FILE.encode(), "klaim.csv"), {})
    assert (receipt["new"], receipt["refused"]) == (2, 1)
    berau, samarinda = sorted(said(database, "Rapat Kaltim"), key=lambda row: row["region_code"])
    assert (samarinda["region_code"], samarinda["value"], samarinda["as_of"]) == (
        "64.72",
        3,
        date(2016, 6, 1),
    )
    assert (samarinda["speaker"], samarinda["source"]) == ("Wali Kota", "Berita acara")
    assert (berau["region_code"], berau["value"], berau["as_of_precision"]) == ("64.03", 1207, "month")
    again = importing.import_at_once(database, Upload("claims", FILE.encode(), "klaim.csv"), {})
    assert (again["new"], again["same"]) == (0, 2)
    entries.undo(database, int(receipt["batch_id"]), as_operator=True)
    assert said(database, "Rapat Kaltim") == []


def test_the_demonstrations_claims_are_an_import_as_well(demo_database: Database) -> None:
    content = (PROJECT_DIRECTORY / "data" / "demo" / "claims.csv").read_bytes()
    receipt = importing.import_at_once(demo_database, Upload("claims", content, "claims.csv"), {})
    assert (receipt["rows"], receipt["same"]) == (41, 41)

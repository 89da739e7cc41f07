"""What a demonstration folder may hold, and how a row that cannot be taken is refused."""

import csv
from pathlib import Path

import pytest

from gis.config import PROJECT_DIRECTORY
from gis.errors import InvalidInputError, NotFoundError
from gis.services.demo_files import read_register, write_register

DEMO = PROJECT_DIRECTORY / "data" / "demo"
SITE = {
    "id": "1234567890123456",
    "name": "Lokasi contoh",
    "alternative_names": "",
    "site_type": "lokasi",
    "wkt": "POINT (117.1 -0.5)",
    "location_accuracy": "exact",
    "location_source": "contoh",
    "declared_region_codes": "64.72",
    "synthetic": "true",
    "source_url": "",
}
EVENT = {
    "external_id": "e1",
    "site_id": SITE["id"],
    "kind": "recorded",
    "occurred_on": "2016-01-01",
    "date_precision": "day",
    "planned": "false",
    "legal_instrument": "",
    "legal_number": "",
    "source": "contoh",
    "source_url": "",
    "reported_on": "2016-01-02",
    "corrects_external_id": "",
    "synthetic": "true",
    "note": "",
}
HEADCOUNT = {
    "external_id": "h1",
    "site_id": SITE["id"],
    "region_code": "64.72",
    "counted_on": "2016-01-01",
    "n": "12",
    "definition": "resident",
    "source": "contoh",
    "source_url": "",
    "reported_on": "",
    "synthetic": "true",
}
GOOD = {"sites.csv": [SITE], "events.csv": [EVENT], "headcounts.csv": [HEADCOUNT]}


def _write(folder: Path, files: dict[str, list[dict[str, str]]]) -> Path:
    for name, rows in files.items():
        with (folder / name).open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    return folder


def test_what_is_written_is_what_was_read(tmp_path: Path) -> None:
    register = read_register(DEMO)
    write_register(tmp_path, register.sites, register.events, register.headcounts)
    assert read_register(tmp_path) == register


def test_a_good_folder_is_taken(tmp_path: Path) -> None:
    register = read_register(_write(tmp_path, GOOD))
    assert (len(register.sites), len(register.events), len(register.headcounts)) == (1, 1, 1)
    assert register.sites[0].declared_region_codes == ("64.72",)
    assert register.headcounts[0].reported_on is None


@pytest.mark.parametrize(
    ("file", "field", "value", "allowed"),
    [
        ("sites.csv", "id", "0", "2^53"),
        ("sites.csv", "id", "9007199254740993", "2^53"),
        ("sites.csv", "id", "12.0", "whole number"),
        ("sites.csv", "name", "", "1 to 200"),
        ("sites.csv", "site_type", "kompleks", "lokalisasi or lokasi"),
        ("sites.csv", "wkt", "POINT (nan 1)", "WKT"),
        ("sites.csv", "wkt", "POINT (117 95)", "WKT"),
        ("sites.csv", "wkt", "POINT EMPTY", "WKT"),
        ("sites.csv", "wkt", "LINESTRING (0 0, 1 1)", "WKT"),
        ("sites.csv", "wkt", "POLYGON ((0 0, 1 1, 1 0, 0 1, 0 0))", "WKT"),
        ("sites.csv", "wkt", "tanah", "WKT"),
        ("sites.csv", "location_accuracy", "regency", "if and only if there is no wkt"),
        ("sites.csv", "declared_region_codes", "6472", "35.76"),
        ("sites.csv", "synthetic", "yes", "true or false"),
        ("sites.csv", "source_url", "http://contoh.id", "https://"),
        ("events.csv", "site_id", "1", "sites.csv"),
        ("events.csv", "kind", "opened", "recorded, verified"),
        ("events.csv", "occurred_on", "2016-02-30", "YYYY-MM-DD"),
        ("events.csv", "occurred_on", "1456000000", "YYYY-MM-DD"),
        ("events.csv", "occurred_on", "2016-W01-1", "YYYY-MM-DD"),
        ("events.csv", "date_precision", "hour", "day, month or year"),
        ("events.csv", "planned", "", "true or false"),
        ("events.csv", "source", "", "1 to 2000"),
        ("events.csv", "corrects_external_id", "e1", "earlier row of the same site"),
        ("events.csv", "kind", "retraction", "a retraction needs it"),
        ("headcounts.csv", "site_id", "1", "sites.csv"),
        ("headcounts.csv", "region_code", "64", "35.76"),
        ("headcounts.csv", "n", "-1", "0 to 1000000"),
        ("headcounts.csv", "n", "1000001", "0 to 1000000"),
        ("headcounts.csv", "definition", "all", "resident, beneficiary or returned"),
    ],
)
def test_a_bad_row_is_named_with_what_is_allowed(
    tmp_path: Path, file: str, field: str, value: str, allowed: str
) -> None:
    bad = {**GOOD[file][0], field: value}
    with pytest.raises(InvalidInputError) as caught:
        read_register(_write(tmp_path, {**GOOD, file: [bad]}))
    named = "corrects_external_id" if value == "retraction" else field
    assert caught.value.field == f"{file}, {named}"
    assert caught.value.row == 1
    assert allowed in str(caught.value)


def test_a_site_known_by_nothing_is_refused(tmp_path: Path) -> None:
    nowhere = {**SITE, "wkt": "", "location_accuracy": "regency", "declared_region_codes": ""}
    with pytest.raises(InvalidInputError, match=r"row 1, sites\.csv, declared_region_codes"):
        read_register(_write(tmp_path, {**GOOD, "sites.csv": [nowhere]}))


@pytest.mark.parametrize(("file", "key"), [("sites.csv", "id"), ("events.csv", "external_id")])
def test_a_key_that_comes_twice_is_refused(tmp_path: Path, file: str, key: str) -> None:
    with pytest.raises(InvalidInputError, match=rf"row 2, {file}, {key}: .* no earlier row"):
        read_register(_write(tmp_path, {**GOOD, file: [GOOD[file][0]] * 2}))


def test_a_correction_of_another_sites_event_is_refused(tmp_path: Path) -> None:
    other = {**SITE, "id": "1234567890123457"}
    correction = {**EVENT, "external_id": "e2", "site_id": other["id"], "corrects_external_id": "e1"}
    with pytest.raises(InvalidInputError, match=r"row 2, events\.csv, corrects_external_id"):
        read_register(
            _write(tmp_path, {**GOOD, "sites.csv": [SITE, other], "events.csv": [EVENT, correction]})
        )


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    _write(tmp_path, GOOD)
    (tmp_path / "events.csv").unlink()
    with pytest.raises(NotFoundError, match=r"events\.csv"):
        read_register(tmp_path)


def test_other_columns_are_refused(tmp_path: Path) -> None:
    renamed = {("title" if name == "name" else name): value for name, value in SITE.items()}
    with pytest.raises(InvalidInputError, match=r"sites\.csv, header"):
        read_register(_write(tmp_path, {**GOOD, "sites.csv": [renamed]}))


@pytest.mark.parametrize("line", ["1234567890123456,too,few\n", ",".join(["1"] * 11) + "\n"])
def test_a_row_of_another_length_is_refused(tmp_path: Path, line: str) -> None:
    _write(tmp_path, GOOD)
    with (tmp_path / "sites.csv").open("a", encoding="utf-8") as stream:
        stream.write(line)
    with pytest.raises(InvalidInputError, match=r"row 2, sites\.csv: .* 10 cells"):
        read_register(tmp_path)


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    _write(tmp_path, GOOD)
    (tmp_path / "events.csv").write_bytes((tmp_path / "events.csv").read_bytes() + b"\xe9\n")
    with pytest.raises(InvalidInputError, match=r"events\.csv: .* UTF-8"):
        read_register(tmp_path)

"""Sites in a file of any format, imported into the register and exported again, are what they were."""

import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis.database.connection import Database
from gis.domain.feature_query import FeatureQuery
from gis.domain.queries import Boundaries, Moment, SiteQuery, today
from gis.services.exports.formats import FORMATS, get_format
from gis.services.exports.writing import write_file
from gis.services.features import Reader
from gis.services.imports import importing
from gis.services.imports.importing import Upload
from gis.services.imports.limits import DEFAULT_LIMITS
from gis.services.imports.raw_table import RawTable, load_table, write_table
from gis.services.imports.reading_worker import Options, open_table
from gis.services.imports.sniffing import sniff
from gis.services.imports.values import is_empty
from tests.conftest import undone
from tests.services.imports import made_files as made

COLUMNS = ["name", "site_type", "regency", "status", "status_date", "recorded_on", "residents"]
COLUMNS += ["source", "source_url", "synthetic"]
PLACES = {
    "64.72": ("Kota Samarinda", 117.15, -0.5),
    "64.71": ("Kota Balikpapan", 116.85, -1.2),
    "35.78": ("Kota Surabaya", 112.74, -7.27),
    "65.71": ("Kota Tarakan", 117.6, 3.3),
    "33.74": ("Kota Semarang", 110.42, -7.02),
}
KINDS = {"ditutup": "closed", "Sudah ditutup": "closed", "sosialisasi": "socialised", "verified": "verified"}
MONTHS = ["Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September"]
MONTHS += ["Oktober", "November", "Desember"]
DAYS: list[Callable[[date], str]] = [
    date.isoformat,
    lambda day: f"{day:%d/%m/%Y}",
    lambda day: f"{day.day} {MONTHS[day.month - 1]} {day.year}",
]
few = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))


@dataclass(frozen=True)
class Site:
    """A site as it goes into a file, and as it shall come out of the register."""

    name: str
    site_type: str
    code: str
    status: str | None
    status_date: date | None
    recorded_on: date
    people: int | None
    source: str
    source_url: str | None
    synthetic: bool
    shape: Any

    def cells(self) -> tuple[Any, ...]:
        told = (self.name, self.site_type, PLACES[self.code][0], self.status, self.status_date)
        return (*told, self.recorded_on, self.people, self.source, self.source_url, self.synthetic)

    def exported(self) -> dict[str, Any]:
        kind = KINDS[self.status] if self.status else "recorded"
        since = self.status_date or self.recorded_on
        return {
            "name": self.name,
            "site_type": self.site_type,
            "status": kind,
            "status_since": since.isoformat(),
            "closed_on": since.isoformat() if kind == "closed" else None,
            "regency_code": self.code,
            "location_accuracy": "regency" if self.shape is None else "approximate",
            "people": self.people,
            "source_url": self.source_url,
            "synthetic": self.synthetic,
            "shape": None if self.shape is None else shapely.to_wkt(shapely.normalize(self.shape)),
        }


@st.composite
def sites(
    draw: st.DrawFn, texts: st.SearchStrategy[str], shapes: tuple[str, ...] = ("none", "point", "area")
) -> Site:
    code = draw(st.sampled_from(sorted(PLACES)))
    _, lon, lat = PLACES[code]
    x, y = (round(base + draw(st.integers(-99, 99)) * 1e-5, 5) for base in (lon, lat))
    kind = draw(st.sampled_from(shapes))
    shape = {"none": None, "point": shapely.Point(x, y), "area": shapely.box(x, y, x + 0.0011, y + 0.0013)}[
        kind
    ]
    status = draw(st.none() | st.sampled_from(sorted(KINDS)))
    status_date = None if status is None else draw(st.dates(date(2015, 1, 1), date(2024, 12, 31)))
    return Site(
        name=draw(texts),
        site_type=draw(st.sampled_from(["lokalisasi", "lokasi"])),
        code=code,
        status=status,
        status_date=status_date,
        recorded_on=draw(st.dates(date(1980, 1, 1), date(2014, 12, 31))),
        people=draw(st.none() | st.integers(0, 12_345)),
        source=draw(texts),
        source_url=draw(st.none() | st.just("https://example.org/a?b=1&c='%20\"")),
        synthetic=draw(st.booleans()),
        shape=shape,
    )


def lists(texts: st.SearchStrategy[str], *shapes: str) -> st.SearchStrategy[list[Site]]:
    told = texts.map(str.strip).filter(lambda text: not is_empty(text))
    return st.lists(sites(told, shapes) if shapes else sites(told), min_size=1, max_size=5)


#: What a spreadsheet would compute, what CSV and SQL give a meaning to, and letters of other scripts.
marked = st.sampled_from(
    ["=1+1", "@x", "-2+3", '"', "a,b;c\td", "x\ny", "'=1", "\\N", "%s", "{}", "লক 地 é", "NULL "]
)
any_text = made.texts | marked | st.tuples(made.texts, marked).map("".join)


def read_here(content: bytes, options: Options) -> RawTable:
    """As the reading process does, without starting one for each file."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "input"
        path.write_bytes(content)
        kind = sniff(path, DEFAULT_LIMITS)
        write_table(open_table(path, kind, options, DEFAULT_LIMITS), kind, path.parent, DEFAULT_LIMITS)
        return load_table(path.parent, "")


#: Formats that are written and that no import takes.
UNREAD = ("fgb", "geojsonl")
Compared = tuple[list[dict[str, Any]], list[dict[str, Any]]]


@pytest.fixture
def come_back(database: Database, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Compared]:
    """Imports a file that was written of sites and exports the register: what came out, and what went in."""
    read_apart = importing._read

    def checked(
        given: list[Site],
        write: Callable[[Path], Path],
        *,
        apart: bool = False,
        again_as: tuple[str, ...] = ("geojson",),
    ) -> Compared:
        monkeypatch.setattr(importing, "_read", read_apart if apart else read_here)
        with tempfile.TemporaryDirectory() as name, undone(database) as register:
            content = write(Path(name) / "input").read_bytes()
            receipt = importing.import_at_once(register, Upload("sites", content, "x"), {})
            assert (receipt["new"], receipt["rows"]) == (len(given), len(given))
            came_back = exported(export_of(register, "geojson"))
            silent: dict[str, Any] = dict.fromkeys(("status", "status_date", "residents"), None)
            said = {"columns": silent, "constants": {"source": "sites"}}
            for ending in again_as:
                # The reader of Shapefiles takes all other drivers from its process.
                monkeypatch.setattr(importing, "_read", read_apart if ending == "shp.zip" else read_here)
                again = Upload("sites", export_of(register, ending), f"sites.{ending}")
                receipt = importing.import_at_once(register, again, said)
                assert receipt["same"] == receipt["rows"] > 0, f"a {ending} is an import with nothing new"
                # Of an archive one table is read: points, and sites without a place, lie apart from areas.
                assert receipt["rows"] == len(given) - (ending == "shp.zip")
        return came_back, ordered([site.exported() for site in given])

    return checked


def export_of(register: Database, ending: str) -> bytes:
    """All sites as of today."""
    query = SiteQuery(Moment(today(), boundaries=Boundaries.today))
    locale, file_format = ("id", "csv") if ending == "id.csv" else (None, ending)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"sites.{file_format}"
        write_file(Reader(register), "sites", query, FeatureQuery(), get_format(file_format, locale), path)
        return path.read_bytes()


def exported(content: bytes) -> list[dict[str, Any]]:
    found = []
    for feature in json.loads(content)["features"]:
        properties, shape = feature["properties"], feature["geometry"]
        kept = {name: properties[name] for name in properties if name in Site.exported(EXAMPLE)}
        wkt = None if shape is None else shapely.to_wkt(shapely.normalize(shapely.geometry.shape(shape)))
        found.append({**kept, "shape": wkt})
    return ordered(found)


def ordered(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(found, key=lambda site: json.dumps(site, sort_keys=True))


EXAMPLE = Site("", "", "64.72", None, None, date(2014, 1, 1), None, "", None, False, None)


def frame(
    given: list[Site], say_day: Callable[[date], Any] = lambda day: day, **more: list[Any]
) -> made.Frame:
    rows = [
        (*(say_day(cell) if isinstance(cell, date) else cell for cell in site.cells()), *beside)
        for site, *beside in zip(given, *more.values(), strict=True)
    ]
    return made.Frame([*COLUMNS, *more], rows, [site.shape for site in given])


@few
@given(
    given=lists(any_text),
    delimiter=st.sampled_from(",;\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    say_day=st.sampled_from(DAYS),
)
def test_csv(
    come_back: Callable[..., Compared],
    given: list[Site],
    delimiter: str,
    encoding: str,
    say_day: Callable[[date], str],
) -> None:
    wkt = [
        None if site.shape is None else shapely.to_wkt(site.shape, rounding_precision=-1) for site in given
    ]
    table = frame(given, say_day, wkt=wkt)
    out, put_in = come_back(given, lambda path: made.write_csv(path, table, delimiter, encoding))
    assert out == put_in


@few
@given(given=lists(any_text, "point", "none"), say_day=st.sampled_from(DAYS), mark=st.sampled_from(",."))
def test_csv_of_degrees(
    come_back: Callable[..., Compared], given: list[Site], say_day: Callable[[date], str], mark: str
) -> None:
    def said(values: list[float | None]) -> list[str | None]:
        return [None if value is None else f"{value:.5f}".replace(".", mark) for value in values]

    lon = said([site.shape and site.shape.x for site in given])
    lat = said([site.shape and site.shape.y for site in given])
    table = frame(given, say_day, Bujur=lon, Lintang=lat)
    out, put_in = come_back(given, lambda path: made.write_csv(path, table, ";"))
    assert out == put_in


@few
@given(given=lists(any_text))
def test_xlsx(come_back: Callable[..., Compared], given: list[Site]) -> None:
    wkt = [
        None if site.shape is None else shapely.to_wkt(site.shape, rounding_precision=-1) for site in given
    ]
    out, put_in = come_back(given, lambda path: made.write_xlsx(path, frame(given, wkt=wkt)))
    assert out == put_in


@few
@given(given=lists(any_text))
def test_geojson(come_back: Callable[..., Compared], given: list[Site]) -> None:
    out, put_in = come_back(given, lambda path: made.write_geojson(path, frame(given, date.isoformat)))
    assert out == put_in


@few
@given(given=lists(any_text))
def test_kml(come_back: Callable[..., Compared], given: list[Site]) -> None:
    out, put_in = come_back(given, lambda path: made.write_kml(path, frame(given, date.isoformat)))
    assert out == put_in


@pytest.mark.parametrize("write", [made.write_gpkg, made.write_parquet])
@few
@given(given=lists(any_text))
def test_geopackage_and_geoparquet(
    come_back: Callable[..., Compared], write: Callable[[Path, made.Frame], Path], given: list[Site]
) -> None:
    out, put_in = come_back(given, lambda path: write(path.with_suffix(".gpkg"), frame(given)))
    assert out == put_in


@settings(few, max_examples=4)
@given(given=lists(made.ascii_texts, "area", "none") | lists(made.ascii_texts, "point", "none"))
def test_shapefile(come_back: Callable[..., Compared], given: list[Site]) -> None:
    flat = [replace(site, synthetic=True) for site in given]
    table = frame(flat, str)
    table.columns = [name[:10] for name in table.columns]  # more it does not hold
    # Its reader takes all other drivers from its process.
    out, put_in = come_back(
        flat, lambda path: made.write_shapefile(path.with_suffix(".zip"), table), apart=True
    )
    assert out == put_in


@pytest.mark.parametrize(
    "ending", [*(each.ending for each in FORMATS if each.ending not in UNREAD), "id.csv"]
)
def test_an_export_of_any_format_is_an_import(come_back: Callable[..., Compared], ending: str) -> None:
    shapes = [None, shapely.Point(117.15123, -0.5), shapely.box(117.15, -0.5, 117.1511, -0.4987)]
    # What a spreadsheet would compute gets a mark in a file for spreadsheets.
    names = ["a" if ending == "id.csv" else "=1+1", "লক 地 é\nx", 'a",b;c']
    day, url = date(2014, 1, 1), "https://example.org/a?b=1&c='%20"
    given = [
        Site(name, "lokasi", "64.72", None, None, day, None, "x", url, True, shape)
        for name, shape in zip(names, shapes, strict=True)
    ]

    def write(path: Path) -> Path:
        return made.write_gpkg(path.with_suffix(".gpkg"), frame(given))

    out, put_in = come_back(given, write, again_as=(ending,))
    assert out == put_in

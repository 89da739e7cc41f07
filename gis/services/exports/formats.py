"""The formats in which every collection leaves, by the ending of their files; each has a writer in a module.

Writers are imported when they write: GDAL and Arrow take time and memory that most requests do not need.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from gis.errors import InvalidInputError, NotFoundError
from gis.services.exports.stream import Features, Receipt

Writer = Callable[[Features, Path], Receipt]


@dataclass(frozen=True)
class Format:
    """A format of files.

    Parameters
    ----------
    name : by which records and programs know it
    ending : of the names of files, without the first dot
    media_type : of its content
    title : for people
    writer : module and function that write it
    max_rows : features at most; none for no limit
    is_in_order : it is written from front to back, so that it can be read while it grows
    """

    name: str
    ending: str
    media_type: str
    title: str
    writer: str
    max_rows: int | None = None
    is_in_order: bool = False

    def check(self, rows: int) -> None:
        """Refuse what does not fit.

        Parameters
        ----------
        rows : features that are to be written

        Raises
        ------
        InvalidInputError : the format does not hold so many
        """
        if self.max_rows is not None and rows > self.max_rows:
            allowed = f"at most {self.max_rows} rows; ask for fewer by filters, or for csv, gpkg or parquet"
            raise InvalidInputError(self.ending, rows, allowed)

    def write(self, features: Features, path: Path) -> Receipt:
        """Write a file.

        Parameters
        ----------
        features : in their order
        path : of the file; ends with the format's ending

        Raises
        ------
        UnavailableError : the database went away; the file is incomplete
        """
        module, _, name = self.writer.partition(":")
        write: Writer = getattr(import_module(f"gis.services.exports.{module}"), name)
        return write(features, path)


FORMATS = (
    Format("geojson", "geojson", "application/geo+json", "GeoJSON", "geojson:write", is_in_order=True),
    Format(
        "geojsonl",
        "geojsonl",
        "application/geo+json-seq",
        "GeoJSONSeq",
        "geojson:write_lines",
        is_in_order=True,
    ),
    Format("csv", "csv", "text/csv", "CSV", "csv_table:write", is_in_order=True),
    Format(
        "xlsx",
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "XLSX",
        "workbook:write",
        max_rows=1_048_575,
    ),
    Format("gpkg", "gpkg", "application/geopackage+sqlite3", "GeoPackage", "ogr_files:write_geopackage"),
    Format("fgb", "fgb", "application/flatgeobuf", "FlatGeobuf", "ogr_files:write_flatgeobuf"),
    Format("parquet", "parquet", "application/vnd.apache.parquet", "GeoParquet", "geoparquet:write"),
    Format("kml", "kml", "application/vnd.google-earth.kml+xml", "KML", "kml:write"),
    Format("shapefile", "shp.zip", "application/zip", "Shapefile", "shapefile:write"),
)
#: For a page that lists them.
OFFERED = [{"ending": each.ending, "title": each.title} for each in FORMATS]
BY_ENDING = {each.ending: each for each in FORMATS}
LOCALES = ("id",)
_LOCAL_CSV = Format(
    "csv-id", "csv", "text/csv", "CSV (Excel, Indonesia)", "csv_table:write_local", is_in_order=True
)


def get_format(ending: str, locale: str | None = None) -> Format:
    """The format of an ending.

    Parameters
    ----------
    ending : without the first dot
    locale : of a table for people: id, for CSV; none for what programs read

    Raises
    ------
    NotFoundError : no format ends so
    InvalidInputError : the format has no such locale
    """
    found = BY_ENDING.get(ending)
    if found is None:
        raise NotFoundError(f"format {ending}: one of {', '.join(BY_ENDING)}")
    if locale is None:
        return found
    if found.name != "csv" or locale not in LOCALES:
        allowed = "id" if found.name == "csv" else "nothing: only csv has locales"
        raise InvalidInputError("locale", locale, allowed)
    return _LOCAL_CSV


def format_of(path: Path) -> Format:
    """The format that the name of a file tells.

    Parameters
    ----------
    path : of the file

    Raises
    ------
    InvalidInputError : it ends otherwise
    """
    name = path.name.lower()
    found = next((each for each in FORMATS if name.endswith(f".{each.ending}")), None)
    if found is None:
        allowed = "a name that ends with one of " + ", ".join(f".{ending}" for ending in BY_ENDING)
        raise InvalidInputError("--output", path.name, allowed)
    return found

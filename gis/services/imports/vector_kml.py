"""Reads KML: placemarks with their data; what it points to is not fetched, and it may declare no entities."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.parsers import expat

import shapely
from shapely.geometry.base import BaseGeometry

from gis.services.imports.limits import MIB, Limits
from gis.services.imports.raw_table import check_size
from gis.services.imports.refusals import refusal
from gis.services.imports.vector import Layer
from gis.services.imports.vector_places import Feature

_TEXTS = {
    ("Placemark", "name"): "name",
    ("Placemark", "description"): "description",
    ("Placemark", "address"): "address",
    ("TimeStamp", "when"): "when",
    ("TimeSpan", "begin"): "begin",
    ("TimeSpan", "end"): "end",
}
_SHAPES = ("Point", "Polygon", "LineString", "LinearRing", "MultiGeometry", "Track", "Model")
_DEEPEST = 100


def read_kml(path: Path, limits: Limits) -> Layer:
    """All placemarks of a document, whatever folder they are in; `folder` is a column where there are any.

    Raises
    ------
    ImportRefusedError : no KML, or one that declares entities
    """
    reader = _Reader(limits)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.EntityDeclHandler = _refuse_doctype
    try:
        with path.open("rb") as stream:
            while block := stream.read(MIB):
                parser.Parse(block, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise refusal("broken_file", format="KML") from error
    columns = list(dict.fromkeys(name for each in reader.placemarks for name in each.cells))
    features = (
        Feature(tuple(each.cells.get(name) for name in columns), *each.geometry())
        for each in reader.placemarks
    )
    return Layer("", columns, features, "EPSG:4326", [])


def _refuse_doctype(*_arguments: Any) -> None:
    raise refusal("xml_entities")


@dataclass
class _Placemark:
    cells: dict[str, str] = field(default_factory=dict)
    shapes: list[BaseGeometry] = field(default_factory=list)
    broken: str | None = None

    def geometry(self) -> tuple[BaseGeometry | None, str | None]:
        if self.broken is not None:
            return None, self.broken
        if len(self.shapes) <= 1:
            return (self.shapes[0] if self.shapes else None), None
        polygons = [each for each in self.shapes if isinstance(each, shapely.Polygon)]
        if len(polygons) == len(self.shapes):
            return shapely.MultiPolygon(polygons), None
        return shapely.GeometryCollection(self.shapes), None


class _Reader:
    """Follows the elements of a document; the path of their names tells what a text is."""

    def __init__(self, limits: Limits) -> None:
        self.placemarks: list[_Placemark] = []
        self._limits = limits
        self._path: list[str] = []
        self._words: list[str] = []
        self._folders: list[str] = []
        self._now: _Placemark | None = None
        self._data = ""
        self._rings: list[list[tuple[float, ...]]] = []
        self._names: set[str] = set()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(" ")[2]
        self._path.append(local)
        self._words = []
        if len(self._path) > _DEEPEST:
            raise refusal("broken_file", format="KML")
        if local == "Placemark":
            self._now = _Placemark()
            if self._folders:
                self._now.cells["folder"] = " / ".join(each for each in self._folders if each)
            self.placemarks.append(self._now)
            check_size(len(self.placemarks), len(self._names), self._limits)
        elif local in {"Data", "SimpleData"}:
            self._data = attributes.get("name", "")
        elif local == "Folder":
            self._folders.append("")
        elif local in {"Polygon", "Point", "LineString"}:
            self._rings = []

    def text(self, words: str) -> None:
        self._words.append(words)

    def end(self, name: str) -> None:
        local = self._path.pop()
        words = "".join(self._words).strip()
        parent = self._path[-1] if self._path else ""
        self._words = []
        if local == "Folder":
            self._folders.pop()
        elif local == "Placemark":
            self._now = None
        elif (parent, local) == ("Folder", "name"):
            self._folders[-1] = words
        elif self._now is not None:
            self._end_within(self._now, parent, local, words)

    def _end_within(self, placemark: _Placemark, parent: str, local: str, words: str) -> None:
        if local == "SimpleData" or (parent, local) == ("Data", "value"):
            self._keep(placemark, self._data, words)
        elif (parent, local) in _TEXTS:
            self._keep(placemark, _TEXTS[parent, local], words)
        elif local == "coordinates":
            try:
                self._rings.append(_coordinates(words))
            except ValueError:
                placemark.broken = words[:200]
        elif local in _SHAPES and placemark.broken is None:
            self._shape(placemark, parent, local)

    def _shape(self, placemark: _Placemark, parent: str, local: str) -> None:
        if local == "LinearRing" and parent in {"outerBoundaryIs", "innerBoundaryIs"}:
            return
        try:
            match local:
                case "Point":
                    placemark.shapes.append(shapely.Point(self._rings[0][0][:2]))
                case "Polygon":
                    placemark.shapes.append(shapely.Polygon(self._rings[0], self._rings[1:]))
                case "LineString" | "LinearRing":
                    placemark.shapes.append(shapely.LineString(self._rings[0]))
                case "Track" | "Model":
                    placemark.broken = local
        except (ValueError, IndexError, TypeError, shapely.errors.GEOSException) as error:
            placemark.broken = f"{local}: {error}"[:200]

    def _keep(self, placemark: _Placemark, name: str, words: str) -> None:
        if name and words:
            self._names.add(name)
            placemark.cells[name] = words


def _coordinates(words: str) -> list[tuple[float, ...]]:
    """The tuples of an element: longitude, latitude; heights are not kept."""
    return [tuple(float(each) for each in part.split(",")[:2]) for part in words.split()]

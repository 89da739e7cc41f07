"""KML 2.2: placemarks with their name, their properties, and the colour of their status on the map."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import shapely

from gis.database.arrow import GEOMETRY
from gis.domain.collections import PropertyType
from gis.services.exports.about import as_texts
from gis.services.exports.ogr_files import flat
from gis.services.exports.stream import Features, Receipt
from gis.services.exports.styles import GROUP_COLOURS, PLAIN_COLOUR, SHARE_COLOURS, share_step

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, 2.2
#: Whole numbers of KML have 32 bits, so that ids are texts.
_TYPES: dict[PropertyType, str] = {"integer": "int", "number": "double", "boolean": "bool"}


def write(features: Features, path: Path) -> Receipt:
    """Write one document with one folder.

    Parameters
    ----------
    features : in their order
    path : of the file
    """
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(_head(features))
        for batch in flat(features.batches()):
            file.writelines(_placemarks(batch, features))
        file.write("</Folder></Document></kml>\n")
    return features.receipt(path)


def _head(features: Features) -> Iterator[str]:
    collection, told = features.collection, as_texts(features.about())
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document>\n'
    yield f"<name>{_words(collection.title)}</name>\n"
    lines = "\n".join(f"{name}: {text}" for name, text in told.items())
    yield f"<description>{_words(lines)}</description>\n"
    for name, colour in _colours().items():
        yield (
            f'<Style id="{name}"><IconStyle><color>{_ordered("ff", colour)}</color></IconStyle>'
            f"<LineStyle><color>{_ordered('ff', colour)}</color><width>1</width></LineStyle>"
            f"<PolyStyle><color>{_ordered('99', colour)}</color></PolyStyle></Style>\n"
        )
    yield f'<Schema name="{collection.id}" id="{collection.id}_columns">'
    for name in features.names:
        kind = "string" if name == "id" else _TYPES.get(collection.types[name], "string")
        yield f'<SimpleField name="{_column(name, features)}" type="{kind}"/>'
    yield f"</Schema>\n<Folder><name>{collection.id}</name>\n"


def _placemarks(batch: Any, features: Features) -> Iterator[str]:
    names = [name for name in batch.schema.names if name != GEOMETRY]
    shapes = shapely.from_wkb(batch.column(GEOMETRY).to_numpy(zero_copy_only=False))
    columns = [batch.column(name).to_pylist() for name in names]
    schema = f'<ExtendedData><SchemaData schemaUrl="#{features.collection.id}_columns">'
    for shape, *row in zip(shapes, *columns, strict=True):
        values = dict(zip(names, row, strict=True))
        name = _words(values.get("name") or "")
        yield f"<Placemark><name>{name}</name><styleUrl>#{_style(values)}</styleUrl>{schema}"
        for key, value in values.items():
            if value is not None:
                yield f'<SimpleData name="{_column(key, features)}">{_words(_plain(value))}</SimpleData>'
        yield f"</SchemaData></ExtendedData>{_geometry(shape)}</Placemark>\n"


def _column(name: str, features: Features) -> str:
    """The name of a column; `id` would be that of an element of the document."""
    return f"{features.collection.item}_id" if name == "id" else name


def _style(values: dict[str, Any]) -> str:
    if values.get("status_group"):
        return str(values["status_group"])
    share = values.get("closed_share")
    return "plain" if share is None else f"share-{share_step(share) + 1}"


def _colours() -> dict[str, str]:
    shares = {f"share-{number}": colour for number, colour in enumerate(SHARE_COLOURS, start=1)}
    return {**GROUP_COLOURS, **shares, "plain": PLAIN_COLOUR}


def _ordered(alpha: str, colour: str) -> str:
    """A colour as KML has it: opacity, blue, green, red."""
    red, green, blue = colour[1:3], colour[3:5], colour[5:7]
    return alpha + blue + green + red


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _words(text: str) -> str:
    return escape(_FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text))


def _geometry(shape: Any) -> str:
    if shape is None:
        return ""
    if shape.geom_type == "Point":
        return f"<Point><coordinates>{_coordinates(shape)}</coordinates></Point>"
    if shape.geom_type == "Polygon":
        inner = "".join(f"<innerBoundaryIs>{_ring(ring)}</innerBoundaryIs>" for ring in shape.interiors)
        return f"<Polygon><outerBoundaryIs>{_ring(shape.exterior)}</outerBoundaryIs>{inner}</Polygon>"
    return f"<MultiGeometry>{''.join(map(_geometry, shape.geoms))}</MultiGeometry>"


def _ring(ring: Any) -> str:
    return f"<LinearRing><coordinates>{_coordinates(ring)}</coordinates></LinearRing>"


def _coordinates(shape: Any) -> str:
    return " ".join(f"{x:.7f},{y:.7f}" for x, y in shapely.get_coordinates(shape).tolist())

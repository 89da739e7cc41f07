"""Shapefiles in an archive: points and areas apart, as the format wants it, and a list of the short names."""

import shutil
import struct
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyogrio

from gis.database.arrow import GEOMETRY
from gis.errors import InvalidInputError
from gis.services.exports.about import as_texts
from gis.services.exports.ogr_files import flat, flat_schema, write_arrow
from gis.services.exports.stream import Features, Receipt

#: Names have ten letters at most.
SHORT_NAMES = {
    "status_group": "status_grp",
    "status_since": "stat_since",
    "province_code": "prov_code",
    "province_name": "prov_name",
    "regency_code": "regencycod",
    "regency_name": "regencynam",
    "province_join_method": "prov_join",
    "regency_join_method": "reg_join",
    "shared_with": "sharedwith",
    "location_accuracy": "accuracy",
    "parent_code": "parent",
    "sites_total": "sites",
    "lokasi_total": "lokasi",
    "lokasi_closed": "lokasi_cl",
    "reactivated": "reactivatd",
    "closed_share": "closed_shr",
    "people_withheld": "ppl_wheld",
    "capacity_band": "capacity",
    "occupancy_band": "occupancy",
}
_LONGEST_TEXT = 254  # bytes of a cell
_POINT_BYTES = 21
#: Where .shp and .shx have their extent.
_EXTENT_AT = 36
_README = """{title}: {description}

Coordinates: longitude and latitude in degrees, WGS 84 (CRS84). Texts: UTF-8 (.cpg). Times: UTC.
{parts}

What this file tells of itself
{about}

Columns, whose names have ten letters at most
{columns}
{cut}"""


def short_name(name: str) -> str:
    """The name of a column in a Shapefile.

    Parameters
    ----------
    name : of a property
    """
    return SHORT_NAMES.get(name, name)


def write(features: Features, path: Path) -> Receipt:
    """Write an archive: points and features without a place in one Shapefile, areas in another.

    Parameters
    ----------
    features : in their order
    path : of the archive

    Raises
    ------
    InvalidInputError : a part would be larger than 2 GB, which the format does not hold
    """
    held, cut = path.parent / "features.arrow", Counter[str]()
    schema = _schema(flat_schema(features.schema()))
    has_areas, has_points = False, False
    with pa.OSFile(str(held), "wb") as file, pa.ipc.new_file(file, schema) as writer:
        for batch in flat(features.batches()):
            is_area = _is_area(batch.column(GEOMETRY))
            has_areas, has_points = has_areas or is_area.any(), has_points or not is_area.all()
            writer.write_batch(_fitting(batch, schema, cut))
    name = features.collection.id
    areas_only = features.geometry_type == "MultiPolygon"
    parts = {}
    if has_areas or areas_only:
        parts[name if not has_points else f"{name}_areas"] = ("MultiPolygon", True)
    if has_points or not parts:
        parts[name] = ("Point", False)
    for stem, (kind, wanted) in sorted(parts.items()):
        _write_part(features, held, schema, path.parent / f"{stem}.shp", kind, wanted)
    held.unlink()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_dated("README.txt", features), _readme(features, parts, cut))
        for stem in sorted(parts):
            for each in sorted(path.parent.glob(f"{stem}.*")):
                if each != path:
                    with each.open("rb") as part, archive.open(_dated(each.name, features), "w") as member:
                        shutil.copyfileobj(part, member)
                    each.unlink()
    return features.receipt(path)


def _dated(name: str, features: Features) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(
        name, (max(features.day.year, 1980), features.day.month, features.day.day, 0, 0, 0)
    )
    member.compress_type = zipfile.ZIP_DEFLATED
    return member


def _schema(schema: Any) -> Any:
    """With short names, and texts for times, which the format does not have."""
    fields = [
        pa.field(short_name(field.name), pa.string() if pa.types.is_timestamp(field.type) else field.type)
        for field in schema
    ]
    return pa.schema(fields)


def _is_area(geometries: Any) -> Any:
    sizes = pc.fill_null(pc.binary_length(geometries), 0)
    return np.asarray(pc.greater(sizes, _POINT_BYTES))


def _fitting(batch: Any, schema: Any, cut: Counter[str]) -> Any:
    """A batch as the format holds it; counts by column the texts that are cut."""
    columns = []
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        now = column
        if pa.types.is_timestamp(column.type):
            now = pc.strftime(column, format="%Y-%m-%dT%H:%M:%SZ")
        elif pa.types.is_string(column.type):
            too_long = pc.sum(pc.greater(pc.binary_length(column), _LONGEST_TEXT)).as_py() or 0
            if too_long:
                cut[name] += too_long
                now = pa.array([_cut(text) for text in column.to_pylist()], pa.string())
        columns.append(now)
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def _cut(text: str | None) -> str | None:
    return None if text is None else text.encode()[:_LONGEST_TEXT].decode(errors="ignore")


def _write_part(features: Features, held: Path, schema: Any, path: Path, kind: str, wanted: bool) -> None:
    places: list[Any] = []

    def batches() -> Iterator[Any]:
        with pa.memory_map(str(held)) as file, pa.ipc.open_file(file) as reader:
            for number in range(reader.num_record_batches):
                batch = reader.get_batch(number)
                part = batch.filter(pa.array(_is_area(batch.column(GEOMETRY)) == wanted))
                if not wanted:
                    places.append(_corners(part.column(GEOMETRY)))
                yield part

    reader = pa.RecordBatchReader.from_batches(schema, batches())
    options = {"driver": "ESRI Shapefile", "layer": path.stem, "geometry_type": kind}
    try:
        write_arrow(
            features,
            reader,
            path,
            **options,
            layer_options={
                "2GB_LIMIT": "YES",
                "SPATIAL_INDEX": "NO",
                "DBF_DATE_LAST_UPDATE": features.day.isoformat(),
            },
        )
    except pyogrio.errors.DataLayerError as error:
        if path.stat().st_size + path.with_suffix(".dbf").stat().st_size < 1 << 30:
            raise
        allowed = "at most 2 GB; ask for fewer features by filters, or for gpkg or parquet"
        raise InvalidInputError("shp.zip", features.extent.n, allowed) from error
    corners = np.concatenate(places) if places else np.empty((0, 2))
    if len(corners):
        # GDAL begins the extent at 0, 0 where the first shape is none.
        _set_extent(path, *corners.min(axis=0), *corners.max(axis=0))


def _corners(points: Any) -> Any:
    """The lower left and the upper right of points, as rows of x and y; none where all are null."""
    wkb = b"".join(points.drop_null().to_pylist())
    found = np.frombuffer(wkb, [("head", "V5"), ("at", "<f8", 2)])["at"]
    return np.array([found.min(axis=0), found.max(axis=0)]) if len(found) else found


def _set_extent(path: Path, west: float, south: float, east: float, north: float) -> None:
    for suffix in (".shp", ".shx"):
        with path.with_suffix(suffix).open("r+b") as file:
            file.seek(_EXTENT_AT)
            file.write(struct.pack("<4d", west, south, east, north))


def _readme(features: Features, parts: dict[str, tuple[str, bool]], cut: Counter[str]) -> str:
    told = features.collection
    kinds = {"Point": "points, and features without a place", "MultiPolygon": "areas"}
    columns = {each.name: each.description for each in told.properties if each.name in features.names}
    lost = [
        f"{name}: {n} texts were longer than {_LONGEST_TEXT} bytes and are cut" for name, n in cut.items()
    ]
    return _README.format(
        title=told.title,
        description=told.description,
        parts="\n".join(f"{stem}.shp: {kinds[kind]}" for stem, (kind, _) in sorted(parts.items())),
        about="\n".join(f"{name}: {text}" for name, text in as_texts(features.about()).items()),
        columns="\n".join(f"{short_name(name)}: {name}, {text}" for name, text in columns.items()),
        cut="\n".join(("\nCut", *lost, "")) if lost else "",
    )

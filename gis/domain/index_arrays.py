"""A region index as plain arrays, so that it can be kept in a file, and back."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from gis.domain.borders import Borders, Geometries
from gis.domain.cell_grid import CellGrid
from gis.domain.grid_index import Layer, RegionIndex

Arrays = Mapping[str, npt.NDArray[Any]]

#: Part of a kept index's name: raise it whenever the arrays or what they mean change.
FORMAT_VERSION = 1
GRID_ARRAYS = ("faces", "border_cells", "face_after", "first_segment", "segments", "centre_answers")
BORDER_ARRAYS = ("x0", "y0", "x1", "y1", "change")


def to_arrays(index: RegionIndex) -> dict[str, npt.NDArray[Any]]:
    """Arrays without Python objects that hold all of an index."""
    grid = index.grid
    return {
        "province_codes": index.provinces.codes.astype(str),
        "regency_codes": index.regencies.codes.astype(str),
        "parent": index.parent,
        **_packed("provinces", index.provinces.geometries),
        **_packed("regencies", index.regencies.geometries),
        **_packed("foreign_land", index.foreign_land),
        "corner": np.array([grid.west, grid.south]),
        "shape": np.array([grid.rows, grid.columns]),
        **{name: getattr(grid, name) for name in GRID_ARRAYS},
        **{name: getattr(grid.borders, name) for name in BORDER_ARRAYS},
    }


def from_arrays(arrays: Arrays) -> RegionIndex:
    """The index that `to_arrays` was given.

    Raises
    ------
    KeyError : an array is missing
    """
    west, south = arrays["corner"].tolist()
    rows, columns = arrays["shape"].tolist()
    return RegionIndex(
        provinces=Layer(arrays["province_codes"].astype(object), _unpacked(arrays, "provinces")),
        regencies=Layer(arrays["regency_codes"].astype(object), _unpacked(arrays, "regencies")),
        parent=arrays["parent"],
        foreign_land=_unpacked(arrays, "foreign_land"),
        grid=CellGrid(
            west=west,
            south=south,
            rows=rows,
            columns=columns,
            borders=Borders(**{name: arrays[name] for name in BORDER_ARRAYS}),
            **{name: arrays[name] for name in GRID_ARRAYS},
        ),
    )


def _packed(name: str, geometries: Geometries) -> dict[str, npt.NDArray[Any]]:
    parts = shapely.to_wkb(geometries).tolist()
    return {
        f"{name}_wkb": np.frombuffer(b"".join(parts), dtype=np.uint8),
        f"{name}_ends": np.cumsum([len(part) for part in parts]),
    }


def _unpacked(arrays: Arrays, name: str) -> Geometries:
    whole, ends = arrays[f"{name}_wkb"].tobytes(), arrays[f"{name}_ends"].tolist()
    parts = [whole[start:end] for start, end in zip([0, *ends], ends, strict=False)]
    return np.asarray(shapely.from_wkb(parts), dtype=object)

"""Today's regions, indexed: which of them cover a point, and by a cell grid which one covers most of them."""

from dataclasses import dataclass, field
from functools import cached_property

import geopandas as gpd
import numpy as np
import shapely

from gis.domain.borders import Borders, Floats, Geometries, Ints, unpack
from gis.domain.cell_grid import UNDECIDED, CellGrid
from gis.domain.cell_painting import paint
from gis.domain.shores import Shore
from gis.errors import BoundaryError

# Points that are looked up at once: their arrays stay in the processor's cache.
BLOCK_POINTS = 1 << 16


@dataclass(frozen=True)
class Layer:
    """The regions of one level by code, so that the lower position is the lower code.

    Parameters
    ----------
    codes : (n,) Kemendagri codes of today
    geometries : (n,) polygons or multipolygons, EPSG:4326, lon before lat
    """

    codes: Geometries
    geometries: Geometries

    @classmethod
    def of_frame(cls, frame: gpd.GeoDataFrame) -> "Layer":
        """The layer of a frame with a column `code`."""
        ordered = frame.sort_values("code")
        codes = np.asarray(ordered["code"], dtype=object)
        if len(set(codes)) != len(codes) or not len(codes):
            raise BoundaryError("regions: a layer needs at least one region, and no code twice")
        return cls(codes, np.asarray(ordered.geometry.array, dtype=object))

    @cached_property
    def tree(self) -> shapely.STRtree:
        """A tree over prepared geometries."""
        shapely.prepare(self.geometries)
        return shapely.STRtree(self.geometries)

    def covering(self, x: Floats, y: Floats) -> tuple[Ints, Ints]:
        """All pairs of a point and a region that covers it, border included; by point, then by code."""
        point, region = self.tree.query(shapely.points(x, y), predicate="intersects")
        order = np.lexsort([region, point])
        return point[order], region[order]


@dataclass(frozen=True)
class RegionIndex:
    """What `assign_regions` looks things up in; make it once and keep it.

    Parameters
    ----------
    provinces, regencies : the two layers; lakes are holes in regencies and filled in provinces
    parent : (regencies,) position of each regency's province
    foreign_land : polygons of the neighbours, good to 1–2 km
    grid : answers for the points that no border is near
    """

    provinces: Layer
    regencies: Layer
    parent: Ints
    foreign_land: Geometries
    grid: CellGrid
    _shores: dict[int, Shore] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def build(
        cls,
        provinces: gpd.GeoDataFrame,
        regencies: gpd.GeoDataFrame,
        neighbours: gpd.GeoDataFrame,
        grid: CellGrid | None = None,
    ) -> "RegionIndex":
        """Index regions, which takes about 0.2 s for Indonesia.

        Parameters
        ----------
        provinces : columns code, geometry
        regencies : columns code, parent_code (the province's), geometry; they do not overlap
        neighbours : foreign land, column geometry
        grid : the grid of the very same regions, where it was kept

        Raises
        ------
        BoundaryError : a code stands twice, a layer is empty, or a parent is not among the provinces
        """
        upper, lower = Layer.of_frame(provinces), Layer.of_frame(regencies)
        parent_codes = np.asarray(regencies.sort_values("code")["parent_code"], dtype=object)
        unknown = sorted(set(parent_codes) - set(upper.codes))
        if unknown:
            raise BoundaryError(f"regencies: parent_code {unknown[0]} is not among the provinces")
        return cls(
            provinces=upper,
            regencies=lower,
            parent=np.searchsorted(upper.codes, parent_codes),
            foreign_land=shapely.get_parts(np.asarray(neighbours.geometry.array, dtype=object)),
            grid=grid or paint(Borders.of_layers(lower.geometries, upper.geometries)),
        )

    def locate(self, x: Floats, y: Floats) -> tuple[Ints, Ints, Ints]:
        """Positions of the one regency and one province around each point, -1 for none.

        Parameters
        ----------
        x, y : (n,) degrees, finite

        Returns
        -------
        regency, province : (n,)
        undecided : positions of the points on or very near a border, for which `Layer.covering` must be asked
        """
        regency, province = np.empty(len(x), dtype=np.int16), np.empty(len(x), dtype=np.int16)
        undecided = [np.zeros(0, dtype=np.int64)]
        for start in range(0, len(x), BLOCK_POINTS):
            block = slice(start, start + BLOCK_POINTS)
            answers = self.grid.locate(x[block], y[block])
            is_open = answers == UNDECIDED
            if is_open.any():
                undecided.append(start + np.flatnonzero(is_open))
                answers[is_open] = 0
            regency[block], province[block] = unpack(answers)
        return regency, province, np.concatenate(undecided)

    @cached_property
    def shore(self) -> Shore:
        """The borders of all regencies."""
        return Shore.of_regions(self.regencies.geometries, np.arange(len(self.parent)))

    def shore_of(self, province: int) -> Shore:
        """The borders of one province's regencies."""
        if province not in self._shores:
            members = np.flatnonzero(self.parent == province)
            self._shores[province] = Shore.of_regions(self.regencies.geometries[members], members)
        return self._shores[province]

    @cached_property
    def outline(self) -> Shore:
        """The borders of all provinces."""
        return Shore.of_regions(self.provinces.geometries, np.arange(len(self.provinces.codes)))

    @cached_property
    def foreign_tree(self) -> shapely.STRtree:
        """A tree over `foreign_land`."""
        return shapely.STRtree(self.foreign_land)

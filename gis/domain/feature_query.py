"""Which features of a collection are asked for, in what order, and how they are written."""

from dataclasses import dataclass
from typing import NamedTuple

from gis.domain.crs import CRS84, Crs
from gis.domain.filters import Expression
from gis.domain.queries import BoundingBox


class Sorting(NamedTuple):
    """A property to sort by."""

    name: str
    descending: bool = False


@dataclass(frozen=True)
class FeatureQuery:
    """What is asked of a collection.

    Parameters
    ----------
    boxes : only features whose geometry meets one of them, and those without a place; none for all
    is_placed : what has no place is in no box
    where : a condition on the properties and the geometry
    properties : only those, in the collection's order; none for all
    with_geometry : without, no geometry is read, and null is written for each
    order : before the key, which makes every order total
    limit, offset : features at most, and how many are left out before; no limit for all
    after : only features whose key is greater, where the order is that of the key
    crs : of the geometries that are written
    """

    boxes: tuple[BoundingBox, ...] = ()
    is_placed: bool = False
    where: Expression | None = None
    properties: tuple[str, ...] | None = None
    with_geometry: bool = True
    order: tuple[Sorting, ...] = ()
    limit: int | None = None
    offset: int = 0
    after: int | str | None = None
    crs: Crs = CRS84

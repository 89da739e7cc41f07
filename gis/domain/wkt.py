"""Well-known text of a stranger: read only where it is of a kind that a record holds.

GEOS reads nested collections by calling itself, so that a text of many opening brackets ends the process. So
the kind and the depth of a text are looked at before GEOS sees it.
"""

import re

import shapely
from shapely.geometry.base import BaseGeometry

_KIND = re.compile(r"\s*(?:POINT|POLYGON|MULTIPOLYGON)\s*(?:ZM?|M)?\s*[(E]", re.IGNORECASE)
_NOT_A_BRACKET = re.compile(r"[^()]+")
_DEEPEST = 3  # a multipolygon's rings


def parse_wkt(text: str) -> BaseGeometry | None:
    """The point, polygon or multipolygon of a text; None for anything else."""
    if not _KIND.match(text) or _depth(text) > _DEEPEST:
        return None
    return shapely.from_wkt(text, on_invalid="ignore")


def _depth(text: str) -> int:
    depth = deepest = 0
    for bracket in _NOT_A_BRACKET.sub("", text):
        depth += 1 if bracket == "(" else -1
        deepest = max(deepest, depth)
    return deepest

"""CQL text as GDAL writes it, to the tree of CQL2.

GDAL makes it of SQL. It differs from CQL2 in ILIKE, in booleans, which are 0 and 1, and in a day, which is
`'2024-05-31T'`.
"""

import re
from collections.abc import Mapping
from typing import Any

Tree = Any
_COMPARATORS = ("=", "<>", "<=", ">=", "<", ">")
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)T", re.ASCII)


def as_cql2(tree: Tree, queryables: Mapping[str, str]) -> Tree:
    """The same condition in CQL2.

    Parameters
    ----------
    tree : as `parse_text` reads it
    queryables : the properties with their types
    """
    if not isinstance(tree, dict) or "op" not in tree:
        return tree
    arguments = [as_cql2(each, queryables) for each in tree["args"]]
    if tree["op"] == "ilike":
        return {"op": "like", "args": [{"op": "casei", "args": [each]} for each in arguments]}
    if tree["op"] in _COMPARATORS and isinstance(arguments[0], dict):
        kind = queryables.get(str(arguments[0].get("property")), "")
        arguments[1:] = [_value(each, kind) for each in arguments[1:]]
    return {**tree, "args": arguments}


def _value(tree: Tree, kind: str) -> Tree:
    """A value that stands beside a property of some type."""
    if kind == "boolean" and tree in (0, 1):
        return bool(tree)
    day = _DAY.fullmatch(tree) if kind in ("date", "date-time") and isinstance(tree, str) else None
    if day is None:
        return tree
    # The day as such, or the moment at which it begins: GDAL's times have no zone but UTC.
    return day[1] if kind == "date" else f"{day[0]}00:00:00Z"

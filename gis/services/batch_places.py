"""Where the rows of a batch lie, and where they were said to lie."""

from collections.abc import Sequence
from typing import NamedTuple

from shapely.geometry import mapping

from gis.domain.batches import Draft, JSONObject
from gis.domain.wkt import parse_wkt
from gis.services.entries import BatchView


class Lying(NamedTuple):
    """The regions of a draft: codes of today.

    Parameters
    ----------
    found : by the join; regencies, or provinces where there is none
    declared : by the row itself
    differs : its place lies outside of what was declared
    """

    found: list[str]
    declared: list[str]
    differs: bool


def lying(draft: Draft) -> Lying:
    """Where a draft lies, and where it was said to lie."""
    content = draft.content or {}
    one = content.get("region_code")
    declared = list(content.get("declared_region_codes") or ([one] if one else ()))
    codes = draft.region_codes or []
    found = [code for code in codes if "." in code] or list(codes)
    differs = bool(content.get("wkt") and declared and codes) and not set(declared) & set(codes)
    return Lying(found, declared, differs)


def features(view: BatchView) -> JSONObject:
    """The sites of a page of a batch as GeoJSON, by row; those without a place are left out.

    Parameters
    ----------
    view : of `entries.get`
    """
    return {
        "type": "FeatureCollection",
        "features": [
            feature
            for draft in view.drafts
            if draft.collection == "sites" and (feature := _feature(draft, view.region_names))
        ],
    }


def _feature(draft: Draft, names: dict[str, str]) -> JSONObject | None:
    content = draft.content or {}
    shape = parse_wkt(content.get("wkt") or "")
    if shape is None or shape.is_empty:
        return None
    found, declared, differs = lying(draft)
    return {
        "type": "Feature",
        "geometry": mapping(shape),
        "properties": {
            "row": draft.row_number,
            "outcome": draft.outcome,
            "name": content["name"],
            "found": named(found, names),
            "declared": named(declared, names),
            "declared_codes": declared,
            "differs": differs,
        },
    }


def named(codes: Sequence[str], names: dict[str, str]) -> list[str]:
    """The names of regions, a code where there is none."""
    return [names.get(code, code) for code in codes]

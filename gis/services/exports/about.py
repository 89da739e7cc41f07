"""What a file tells of itself: licence, source, as of when, of which release or record, precision."""

from gis.database.sites import Extent
from gis.domain.batches import JSONObject
from gis.domain.collections import Collection

LICENCE = "CC BY 3.0 IGO (boundaries: BPS / WFP / OCHA ROAP 2020, via geoBoundaries IDN-ADM2-22746128)"
LICENCE_URL = "https://creativecommons.org/licenses/by/3.0/igo/"
ATTRIBUTION = "Closure atlas; boundaries: BPS / WFP / OCHA ROAP 2020, via geoBoundaries"
_OF_REGIONS = (
    "borders of 2020 with today's names and codes; coast and borders are good to some hundred metres"
)
_PRECISION = {
    "sites": "location_accuracy tells of each site: exact, approximate, cell (the centre of a cell of "
    "0.01°), regency (no place is given)",
    "provinces": _OF_REGIONS,
    "regencies": _OF_REGIONS,
    "centres": "location_accuracy tells of each place; a centre without it has none",
}


def about_file(collection: Collection, told: JSONObject, extent: Extent) -> JSONObject:
    """What a file of a collection tells of itself.

    Parameters
    ----------
    collection : that it is of
    told : as of when, and of what
    extent : of its features
    """
    return {
        "title": collection.id,
        "description": collection.description,
        **told,
        "crs": "OGC:CRS84",
        "axis_order": "longitude, latitude",
        "precision": _PRECISION[collection.id],
        "licence": LICENCE,
        "attribution": ATTRIBUTION,
        "feature_count": extent.n,
        "holds_synthetic_rows": extent.synthetic,
    }


def as_texts(about: JSONObject) -> dict[str, str]:
    """The same, for formats that keep texts only; what is not told is left out.

    Parameters
    ----------
    about : as `about_file` makes it
    """
    release = about.get("release")
    named = {"release": release["id"], "release_checksum": release["checksum"]} if release else {}
    told = {**about, **named}
    return {name: _text(value) for name, value in told.items() if value is not None}


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)

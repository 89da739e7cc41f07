"""The collections of features that leave the register, with the properties that every output of them shows.

A release has the same collections, with the properties that are public (domain.md, "Who sees what").
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

from gis.domain.lifecycle import DISPUTED, EVENT_KINDS, RETRACTION, StatusGroup
from gis.domain.sites import SiteType
from gis.errors import NotFoundError

PropertyType = Literal["string", "integer", "number", "boolean", "date", "date-time", "array"]
CollectionId = Literal["sites", "provinces", "regencies", "centres"]


class Property(NamedTuple):
    """A property of a feature; `values` are all that it can be, where they are few. Any may be null."""

    name: str
    type: PropertyType
    description: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Collection:
    """A collection of features.

    Parameters
    ----------
    id : in addresses and file names
    title, description : for people
    item : what one feature is called
    properties : in the order of every output
    key : the property that is the feature's id, and by which items are ordered
    valid : the properties that say from when to when a feature is; one for an instant, none for neither
    """

    id: CollectionId
    title: str
    description: str
    item: str
    properties: tuple[Property, ...]
    key: str
    valid: tuple[str, ...] = ()

    @cached_property
    def types(self) -> Mapping[str, PropertyType]:
        """The type of each property."""
        return {each.name: each.type for each in self.properties}

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the properties, in their order."""
        return tuple(each.name for each in self.properties)


_STATUSES = tuple(kind for kind in EVENT_KINDS if kind not in (DISPUTED, RETRACTION))
_METHODS = ("covers", "tie", "nearest", "area", "declared", "none")
_ID = Property("id", "integer", "the feature's number: random, and the same at all times")
_IN = (
    Property("province_code", "string", "Kemendagri's code of the province that it counts in"),
    Property("province_name", "string", "that province's name"),
    Property("regency_code", "string", "Kemendagri's code of the regency that it counts in"),
    Property("regency_name", "string", "that regency's name"),
)
_ACCURACY = Property(
    "location_accuracy",
    "string",
    "how well its place is known",
    ("exact", "approximate", "cell", "regency"),
)
_SOURCE = Property("source", "string", "who says so")
_SYNTHETIC = Property("synthetic", "boolean", "whether it is made up, for demonstration")
_SOURCE_URL = Property("source_url", "string", "where its source stands")
_SITE_HEAD = (
    _ID,
    Property("name", "string", "its name"),
    Property("site_type", "string", "lokalisasi, or lokasi, which are counted apart", tuple(SiteType)),
    Property("status", "string", "the last step that is on record", _STATUSES),
    Property("status_group", "string", "the group of its status, as maps colour it", tuple(StatusGroup)),
    Property("status_since", "date", "since when it stands there"),
    Property("closed_on", "date", "when it closed; null while it is not closed"),
    *_IN,
    Property("province_join_method", "string", "how its province was found", _METHODS),
    Property("regency_join_method", "string", "how its regency was found", _METHODS),
    Property("shared_with", "array", "codes of the other regions that it lies in"),
    _ACCURACY,
)
_REGION_HEAD = (
    Property("code", "string", "Kemendagri's code"),
    Property("iso_code", "string", "ISO 3166-2, of provinces"),
    Property("level", "string", "province or regency", ("province", "regency")),
    Property("name", "string", "its name"),
    Property("parent_code", "string", "the code of its province, of regencies"),
    Property("valid_from", "date", "since when it has been as it is"),
    Property("valid_to", "date", "from when on it is otherwise; null for today's"),
    Property("area_km2", "number", "its geodesic area in km²"),
)
_COUNTS = (
    Property("sites_total", "integer", "lokalisasi that count in it"),
    Property("lokasi_total", "integer", "lokasi that count in it"),
    Property("shared", "integer", "sites that lie in it in part and count elsewhere"),
    Property("active", "integer", "lokalisasi that are active"),
    Property("planned", "integer", "lokalisasi whose closing is planned"),
    Property("closed", "integer", "lokalisasi that are closed"),
    Property("reactivated", "integer", "lokalisasi that are active again"),
    Property("closed_share", "number", "closed / sites_total; null where there is none"),
    Property("people", "integer", "residents by the latest counts; null where nobody counted"),
    Property("target_gap", "integer", "lokalisasi that are not closed"),
)
_CENTRE = (
    _ID,
    Property("name", "string", "its name"),
    *_IN,
    Property("services", "array", "what it offers"),
    Property("operator", "string", "who runs it"),
)
_PEOPLE = Property("people", "integer", "residents by the latest count")
_UPDATED = Property("updated_at", "date-time", "when what is known of it changed last")
_BANDS = (
    Property("capacity_band", "string", "how many places it has"),
    Property("occupancy_band", "string", "how far it is taken"),
    Property("counted_on", "date", "when that was counted"),
    _ACCURACY,
)
_COUNTED = {each.name: each for each in _COUNTS}
_LOKASI_CLOSED = Property("lokasi_closed", "integer", "lokasi that are closed")
_WITHHELD = Property("people_withheld", "boolean", "whether the number of people is too small to be told")
_OF_PROVINCES = ("sites_total", "lokasi_total", "active", "planned", "closed", "closed_share", "people")


def _collections(
    sites: tuple[str, tuple[Property, ...]],
    provinces: tuple[Property, ...],
    regencies: tuple[Property, ...],
    centres: tuple[str, tuple[Property, ...]],
) -> Mapping[str, Collection]:
    """The four collections, with what differs between the register and a release."""
    of_regions = "with how far the closing is in each, as of a day."
    valid = ("valid_from", "valid_to")
    named = "Regencies and cities"
    every = (
        Collection("sites", "Sites", sites[0], "site", sites[1], "id", ("status_since",)),
        Collection("provinces", "Provinces", f"Provinces {of_regions}", "province", provinces, "code", valid),
        Collection("regencies", named, f"{named} {of_regions}", "regency", regencies, "code", valid),
        Collection("centres", "Rehabilitation centres", centres[0], "centre", centres[1], "id"),
    )
    return {each.id: each for each in every}


REGISTER = _collections(
    (
        "Lokalisasi and lokasi with the status of their closing, as of a day.",
        (*_SITE_HEAD, _PEOPLE, _SYNTHETIC, _SOURCE_URL, _UPDATED),
    ),
    (*_REGION_HEAD, *_COUNTS),
    (*_REGION_HEAD, *_COUNTS),
    (
        "Rehabilitation centres by their city.",
        (*_CENTRE, *_BANDS, _SOURCE, _SOURCE_URL, _SYNTHETIC),
    ),
)
PUBLIC = _collections(
    (
        "Closed lokalisasi and lokasi, each as the centre of a cell of 0.01°.",
        (*_SITE_HEAD, _SYNTHETIC, _SOURCE_URL),
    ),
    (*_REGION_HEAD, *(_COUNTED[name] for name in _OF_PROVINCES), _WITHHELD, _COUNTED["target_gap"]),
    (*_REGION_HEAD, _COUNTED["closed"], _LOKASI_CLOSED),
    (
        "Rehabilitation centres by their city. No place is public.",
        (*_CENTRE, _SOURCE, _SOURCE_URL, _SYNTHETIC),
    ),
)


def get_collection(collections: Mapping[str, Collection], collection_id: str) -> Collection:
    """One of some collections.

    Raises
    ------
    NotFoundError : there is none of that name
    """
    found = collections.get(collection_id)
    if found is None:
        raise NotFoundError(f"collection {collection_id}: one of {', '.join(collections)}")
    return found

"""From the query string of a collection's items, tiles and files to what is asked of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeVar

from flask import g
from pydantic import Field
from werkzeug.datastructures import MultiDict

from gis.domain import filters
from gis.domain.batches import JSONObject
from gis.domain.collections import PUBLIC, REGISTER, Collection, get_collection
from gis.domain.crs import CRS84, get_crs, read_boxes
from gis.domain.feature_query import FeatureQuery, Sorting
from gis.domain.filters import Expression, Language
from gis.domain.queries import JAKARTA, SiteQuery
from gis.errors import InvalidInputError, NotFoundError
from gis.services.features import Reader, key_of
from webmap import public, responses
from webmap.parameters import MomentParameters, RegionCode, Whole, single
from webmap.public import RELEASE, ReleaseId

DEFAULT_LIMIT, MAX_LIMIT = 1_000, 10_000
#: The last is what GDAL looks for, without which it reads everything and filters itself.
FILTER_LANGUAGES: tuple[Language, ...] = ("cql2-text", "cql2-json", "cql-text")
#: Parameters whose names hold a hyphen, which a field of a class cannot.
HYPHENATED = {"bbox-crs": "bbox_crs", "filter-lang": "filter_lang", "filter-crs": "filter_crs"}
_UNHYPHENATED = {field: name for name, field in HYPHENATED.items()}
_DATE = r"\d{4}-\d\d-\d\d"
#: What the record of a reading names by itself.
_RECORDED = {"as_of", "known_at", "boundaries", "release", "region"}
_TIME = re.compile(rf"{_DATE}([Tt]\d\d:\d\d:\d\d(\.\d{{1,9}})?([Zz]|[+-]\d\d:\d\d))?", re.ASCII)
_DATETIME = "a date or a time of RFC 3339, or an interval of two with a slash, where .. is open"


class MomentAndRelease(MomentParameters):
    """Both clocks, whose boundaries, and of a visitor which release."""

    release: ReleaseId | None = RELEASE


class ItemParameters(MomentAndRelease):
    """How one feature is written."""

    crs: str = Field(CRS84.uri, max_length=100, description="the URI of the system of the answer")


class FeatureParameters(ItemParameters):
    """What the address of a collection's items holds, beside the names of its properties."""

    region: RegionCode | None = Field(None, description="a Kemendagri code such as 64 or 35.76")
    bbox: str | None = Field(
        None,
        max_length=200,
        description="four numbers: west,south,east,north in degrees, or as bbox-crs has it",
    )
    bbox_crs: str = Field(CRS84.uri, max_length=100, description="the URI of the system of bbox")
    datetime: str | None = Field(None, max_length=80, description=_DATETIME)
    filter: str | None = Field(None, max_length=8_000, description="a condition in CQL2")
    filter_lang: str | None = Field(None, description="one of " + ", ".join(FILTER_LANGUAGES))
    filter_crs: str = Field(
        CRS84.uri, max_length=100, description="the URI of the system of filter's geometries"
    )
    sortby: str | None = Field(
        None, max_length=400, description="a comma list of properties, each with - before it for descending"
    )
    properties: str | None = Field(None, max_length=800, description="a comma list of properties")


class PageParameters(FeatureParameters):
    """Which page of the items."""

    limit: Whole = Field(
        DEFAULT_LIMIT, ge=1, lt=2**31, description=f"a whole number from 1; {MAX_LIMIT} at most are sent"
    )
    offset: Whole = Field(0, ge=0, lt=2**53, description="a whole number from 0")
    after: str | None = Field(
        None, max_length=40, description="the id after which the page begins, as next has it"
    )


Given = TypeVar("Given", bound=ItemParameters)


@dataclass(frozen=True)
class Asked:
    """What is asked: by whom, of which collection, as of when and where, and which of its features."""

    reader: Reader
    collection: Collection
    query: SiteQuery
    features: FeatureQuery


def reader(given: MomentParameters) -> Reader:
    """Who reads: a visitor the release of this request, all others the register as they may see it."""
    if "release" not in g:
        asked = getattr(given, "release", None)
        if asked is not None:
            raise NotFoundError(f"release {asked}: there are no releases here")
        return Reader(responses.database())
    return Reader(public.database(), public.view_of(given).moment)


def read_page(collection_id: str, arguments: MultiDict[str, str]) -> Asked:
    """A page of a collection's items.

    Parameters
    ----------
    collection_id : as the address has it
    arguments : of the query string

    Raises
    ------
    NotFoundError : there is no such collection
    InvalidInputError : a parameter is unknown, or not of the form that is allowed
    """
    return _read(collection_id, arguments, PageParameters)


def read_all(collection_id: str, arguments: MultiDict[str, str]) -> Asked:
    """All items of a collection that a query string asks for; raises as `read_page` does."""
    return _read(collection_id, arguments, FeatureParameters)


def read_item(collection_id: str, arguments: MultiDict[str, str]) -> Asked:
    """One item of a collection; raises as `read_page` does."""
    collection = _collection(collection_id)
    given, _own = _parted(collection, arguments, ItemParameters, with_properties=False)
    return Asked(reader(given), collection, SiteQuery(given.moment()), FeatureQuery(crs=get_crs(given.crs)))


def said(arguments: MultiDict[str, str]) -> JSONObject:
    """The filters as they were asked for, for the record of a reading.

    Parameters
    ----------
    arguments : of the query string
    """
    return {name: value for name, value in arguments.items() if name not in _RECORDED}


def _read(collection_id: str, arguments: MultiDict[str, str], model: type[FeatureParameters]) -> Asked:
    collection = _collection(collection_id)
    given, own = _parted(collection, arguments, model)
    query = SiteQuery(given.moment(), region=given.region)
    return Asked(reader(given), collection, query, _features(collection, given, own))


def _collection(collection_id: str) -> Collection:
    return get_collection(PUBLIC if "release" in g else REGISTER, collection_id)


def _parted(
    collection: Collection,
    arguments: MultiDict[str, str],
    model: type[Given],
    *,
    with_properties: bool = True,
) -> tuple[Given, dict[str, str]]:
    """The parameters that all collections have, and those that are properties of this one."""
    names = collection.names if with_properties else ()
    common: MultiDict[str, str] = MultiDict()
    own = {}
    for name, every in arguments.lists():
        value = single(name, every)
        field = HYPHENATED.get(name, name)
        if field in model.model_fields and name not in _UNHYPHENATED:
            common[field] = value
        elif name in names:
            own[name] = value
        else:
            known = [_UNHYPHENATED.get(each, each) for each in model.model_fields]
            raise InvalidInputError(name, value, "one of " + ", ".join((*known, *names)))
    try:
        return model.read(common), own
    except InvalidInputError as error:
        field = _UNHYPHENATED.get(error.field, error.field)
        raise InvalidInputError(field, error.found, error.allowed) from error


def _features(collection: Collection, given: FeatureParameters, own: Mapping[str, str]) -> FeatureQuery:
    where = filters.both(
        *(filters.equals(name, text, collection.types) for name, text in own.items()),
        _during(collection, given.datetime) if given.datetime is not None else None,
        _filter(collection, given),
    )
    bbox_crs = get_crs(given.bbox_crs, "bbox-crs")
    query = FeatureQuery(
        boxes=read_boxes(given.bbox, bbox_crs) if given.bbox is not None else (),
        where=where,
        properties=_names(collection, given.properties) if given.properties is not None else None,
        order=_order(collection, given.sortby) if given.sortby is not None else (),
        crs=get_crs(given.crs),
    )
    if not isinstance(given, PageParameters):
        return query
    limit = min(given.limit, MAX_LIMIT)  # Features core, requirement 22: more than the maximum is no error
    return replace(query, limit=limit, offset=given.offset, after=_after(collection, given))


def _filter(collection: Collection, given: FeatureParameters) -> Expression | None:
    asked = given.filter_lang or "cql2-text"
    language = next((each for each in FILTER_LANGUAGES if each == asked), None)
    if language is None:
        raise InvalidInputError("filter-lang", asked, "one of " + ", ".join(FILTER_LANGUAGES))
    crs = get_crs(given.filter_crs, "filter-crs")
    if given.filter is None:
        return None
    return filters.read_filter(
        given.filter,
        language,
        {**collection.types, "geom": "geometry"},
        srid=crs.srid,
        flip_axes=crs.flips,
    )


def _after(collection: Collection, given: PageParameters) -> int | str | None:
    if given.after is None:
        return None
    if given.sortby:
        raise InvalidInputError("after", given.after, "not together with sortby, which pages by offset")
    key = key_of(collection, given.after)
    if key is None:
        raise InvalidInputError("after", given.after, "the id of a feature")
    return key


def _names(collection: Collection, text: str) -> tuple[str, ...]:
    asked = text.split(",") if text else []
    for name in asked:
        _known(collection, "properties", name)
    return tuple(name for name in collection.names if name in asked)


def _order(collection: Collection, text: str) -> tuple[Sorting, ...]:
    parts = [part.strip() for part in text.split(",")]
    order = [Sorting(part.lstrip("+-"), part.startswith("-")) for part in parts]
    for each in order:
        _known(collection, "sortby", each.name)
    return tuple({each.name: each for each in reversed(order)}.values())[::-1]


def _known(collection: Collection, parameter: str, name: str) -> None:
    if name not in collection.types:
        raise InvalidInputError(parameter, name, "some of " + ", ".join(collection.names))


def _during(collection: Collection, text: str) -> Expression | None:
    start, slash, end = text.partition("/")
    first = _day(text, start)
    last = _day(text, end) if slash else first
    if (first is None and last is None) or (first and last and first > last):
        raise InvalidInputError("datetime", text, _DATETIME)
    if not collection.valid:
        return None  # Features core, 7.15.4: what has no time is at all times
    return filters.within(
        collection.valid[0], collection.valid[1] if collection.valid[1:] else None, first, last
    )


def _day(text: str, part: str) -> date | None:
    """The day in Jakarta of a time; none for an open end."""
    if part in ("", "..") and "/" in text:
        return None
    if not _TIME.fullmatch(part):
        raise InvalidInputError("datetime", text, _DATETIME)
    try:
        if len(part) == 10:
            return date.fromisoformat(part)
        return datetime.fromisoformat(part.upper()).astimezone(JAKARTA).date()
    except (ValueError, OverflowError) as error:
        raise InvalidInputError("datetime", text, _DATETIME) from error

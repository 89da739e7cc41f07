"""Features for whoever asks: of the register as an account may see it, or of a release."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

from gis.database import features, published, regions
from gis.database.cancelling import Watch, cancellable, unwatched
from gis.database.collection_sources import published_source, register_source
from gis.database.connection import Connection, Database
from gis.database.features import Source
from gis.database.published import PublicMoment
from gis.database.sites import Extent
from gis.domain.batches import JSONObject
from gis.domain.collections import PUBLIC, REGISTER, Collection, get_collection
from gis.domain.feature_query import FeatureQuery
from gis.domain.queries import SiteQuery
from gis.errors import NotFoundError
from gis.services import counts
from gis.services.audit import BULK, count_sent, record_bulk_reading, recording
from gis.services.region_sums import summed
from gis.services.scope import moment_within, own_moment, region_within

MAX_MAP_SITES = 5_000


@dataclass(frozen=True)
class Reader:
    """Who reads, and of what.

    Parameters
    ----------
    database : acting as the account that reads; as visitors where `release` is given
    release : the release and its day; none for the register
    """

    database: Database
    release: PublicMoment | None = None

    @property
    def collections(self) -> Mapping[str, Collection]:
        """What there is to read."""
        return REGISTER if self.release is None else PUBLIC

    def about(self, query: SiteQuery) -> JSONObject:
        """As of when, and of what, for the metadata of an answer."""
        release = self.release
        if release is not None:
            return {
                "as_of": release.as_of.isoformat(),
                "release": release.release.id,
                "regions_on": release.regions_on.isoformat(),
            }
        known_at = query.moment.known_at
        return {
            "as_of": query.moment.as_of.isoformat(),
            "known_at": known_at.isoformat() if known_at else None,
            "regions_on": query.moment.regions_on.isoformat(),
        }


@dataclass(frozen=True)
class Page:
    """Some features of a collection, each as GeoJSON, how many there are in all, and whether more follow."""

    features: list[bytes]
    matched: int
    has_more: bool


@contextmanager
def reading(
    reader: Reader, collection_id: str, query: SiteQuery, *, records: bool = False, shapes_alone: bool = False
) -> Iterator[tuple[Connection, Source]]:
    """One snapshot, and where a collection is in it.

    Parameters
    ----------
    reader : who reads
    collection_id : which collection
    query : as of when, and of which region
    records : the reading leaves a record
    shapes_alone : of regions nothing is asked for but where they are, for which no sites are summed

    Raises
    ------
    NotFoundError : there is no such collection, or no region bears the code on the day that is meant
    """
    collection = get_collection(reader.collections, collection_id)
    release = reader.release
    if release is not None:
        with reader.database.transaction() as connection:
            if query.region is not None:
                found = published.get_region(connection, release, query.region)
                if not found.is_on(release.regions_on):
                    raise NotFoundError(f"region {query.region}: nothing bears this code on that day")
            yield connection, published_source(collection.id, release, query)
        return
    database = reader.database
    if collection_id in ("provinces", "regencies"):  # sums over the regions of the account's scope
        region = region_within(database, query.region)
        query = replace(query, region=region, moment=moment_within(database, query.moment, region))
    else:
        query = replace(query, moment=own_moment(database, query.moment))
    with (recording(database) if records else database).transaction(snapshot=True) as connection:
        if query.region is not None:
            regions.get_region(connection, query.region, query.moment.regions_on)
        sees_all = database.identity is None or not database.identity.role.is_scoped
        source = register_source(collection.id, query, sees_all=sees_all)
        if collection.id in ("provinces", "regencies"):
            if shapes_alone:
                source = replace(source, statement="region_shape_source")
            else:
                source = summed(connection, database, source)
        yield connection, source


def find_page(
    reader: Reader,
    collection_id: str,
    query: SiteQuery,
    asked: FeatureQuery,
    *,
    said: JSONObject | None = None,
    watch: Watch = unwatched,
) -> Page:
    """A page of features in a total order, and how many there are.

    Parameters
    ----------
    reader : who reads
    collection_id : which collection
    query : as of when, and of which region
    asked : which of them, how many, and how they are written
    said : the filters as they were asked for, for the record of reading in bulk
    watch : ends a query for which nobody waits any more

    Raises
    ------
    NotFoundError : there is no such collection or region
    UnavailableError : nobody waits any more
    """
    is_first = asked.offset == 0 and asked.after is None
    is_bulk = reader.database.identity is not None and not (is_first and (asked.limit or BULK) <= BULK)
    one_more = replace(asked, limit=None if asked.limit is None else asked.limit + 1)
    with (
        reading(reader, collection_id, query, records=is_bulk) as (connection, source),
        cancellable(connection, watch),
    ):
        found = features.find_features(connection, source, one_more)
        has_more = asked.limit is not None and len(found) > asked.limit
        found = found[: asked.limit]
        if asked.after is None and not has_more and (found or is_first):
            matched = asked.offset + len(found)
        else:
            matched = counts.count(connection, reader.database, source, asked)
        if is_bulk:
            detail: JSONObject = {**reader.about(query), "collection": collection_id, "region": query.region}
            rows: JSONObject = {"filter": said or None, "rows": len(found)}
            record_bulk_reading(connection, {**detail, **rows})
    if not is_bulk and collection_id == "sites":
        _count_sent(reader, query, len(found), said)
    return Page(found, matched, has_more)


def map_layer(reader: Reader, query: SiteQuery, *, said: JSONObject | None = None) -> bytes:
    """Sites for the map as one FeatureCollection, `MAX_MAP_SITES` at most; `numberMatched` are there.

    An account that is sent many leaves records, as by tiles.

    Parameters
    ----------
    reader : who reads
    query : which sites; a map asks for a box, in which is only what has a place
    said : the filters as they were asked for, for the record
    """
    with reading(reader, "sites", query) as (connection, source):
        matched = counts.count(connection, reader.database, source, FeatureQuery())
        found = features.find_features(connection, source, FeatureQuery(limit=MAX_MAP_SITES))
    _count_sent(reader, query, len(found), said)
    head = b'{"type":"FeatureCollection","numberMatched":%d,"features":[' % matched
    return head + b",".join(found) + b"]}"


def get_feature(reader: Reader, collection_id: str, key: str, query: SiteQuery, asked: FeatureQuery) -> str:
    """One feature as GeoJSON.

    Parameters
    ----------
    key : its id, as it stands in the address

    Raises
    ------
    NotFoundError : there is none with this id, or it is not for this reader
    """
    with reading(reader, collection_id, query) as (connection, source):
        number = key_of(source.collection, key)
        found = None if number is None else features.find_feature(connection, source, number, asked)
    if found is None:
        raise NotFoundError(f"{collection_id} {key}: there is none with this id")
    if collection_id == "sites":
        _count_sent(reader, query, 1, None)
    return found


def extent_of(reader: Reader, collection_id: str, query: SiteQuery) -> Extent:
    """How many features a collection has, and the box around them."""
    with reading(reader, collection_id, query, shapes_alone=True) as (connection, source):
        return counts.extent(connection, reader.database, source)


def key_of(collection: Collection, text: str) -> int | str | None:
    """The id of a feature as the database has it; none where nothing can bear it.

    Parameters
    ----------
    collection : that the feature belongs to
    text : as it stands in an address
    """
    if collection.types[collection.key] != "integer":
        return text if text.isascii() and "\x00" not in text else None
    is_number = text.isascii() and text.isdigit() and len(text) <= 16
    return int(text) if is_number else None


def _count_sent(reader: Reader, query: SiteQuery, sites: int, said: JSONObject | None) -> None:
    """Count single sites that an account is sent a few at a time, which add up to reading in bulk."""
    about = {**reader.about(query), "collection": "sites", "region": query.region, "filter": said or None}
    count_sent(reader.database, sites, about)

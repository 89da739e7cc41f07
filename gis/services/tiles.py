"""Vector tiles for whoever asks, kept for as long as they are right."""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import NamedTuple

from gis.database import region_tiles, tiles
from gis.database.cancelling import Watch, cancellable, unwatched
from gis.database.connection import Connection
from gis.database.features import Source
from gis.database.ready_sites import are_counted
from gis.database.revisions import read_revision
from gis.database.tiles import Cluster
from gis.domain.batches import JSONObject
from gis.domain.feature_query import FeatureQuery
from gis.domain.queries import BoundingBox, SiteQuery
from gis.domain.tiles import Tile, intersection
from gis.errors import NotFoundError, UnavailableError
from gis.services.audit import count_sent
from gis.services.features import Reader, reading
from gis.services.flights import Flights, GivenUpError
from gis.services.kept import Kept
from gis.services.seen import seen_by

#: The collections that have tiles: a rehabilitation centre is known by its city.
TILED = ("sites", "provinces", "regencies")
#: From this zoom on sites are drawn one by one, before it by regency.
SINGLE_FROM = 8
#: A tile of more single sites is summed up by a grid.
MOST_SITES = 5_000
MOST_BYTES = 32 << 20
TIME_LIMIT_MS = 8_000

#: What a kept tile takes beside its bytes: the key, a node of the dictionary, the objects.
OVERHEAD = 400
_cache: Kept[str, "_Made"] = Kept(MOST_BYTES, lambda made: len(made.body) + OVERHEAD)
_flights: Flights["_Made"] = Flights()
_prepared: Flights["_Prepared"] = Flights()


class _Made(NamedTuple):
    """What was made, and how many single sites are told in it."""

    body: bytes
    sites: int = 0


class _Prepared(NamedTuple):
    """What tiles of several squares are made from, and of which state of the data it is."""

    state: str
    content: bytes


class _Asked(NamedTuple):
    """A tile that is asked for."""

    reader: Reader
    collection_id: str
    query: SiteQuery
    features: FeatureQuery
    tile: Tile

    def key(self, state: str, part: str = "") -> str:
        """Names what is made of this: of which data, for whom, and what of it.

        Parameters
        ----------
        state : of the data
        part : what is prepared for tiles of several squares; else the tile itself
        """
        told = (
            self.reader.database.conninfo,
            state,
            seen_by(self.reader.database),
            self.collection_id,
            self.query,
            self.query.moment.regions_on,
            self.features,
            part or self.tile,
        )
        return hashlib.sha256(repr(told).encode()).hexdigest()


def get_tile(
    reader: Reader,
    collection_id: str,
    query: SiteQuery,
    features: FeatureQuery,
    tile: Tile,
    *,
    said: JSONObject | None = None,
    watch: Watch = unwatched,
) -> bytes:
    """A tile of a collection, from the cache if the data have not changed.

    Sites before zoom 8 are summed up by regency, at its label point, also those whose place is only known by
    it; from there on they are single, and where there are too many summed up by a grid. Each cluster says so.
    An account that is sent single sites leaves a record of each thousand (domain.md, rule 7).

    Parameters
    ----------
    reader : who reads; what a scope sees is kept for this scope alone
    collection_id : which collection
    query : as of when, and of which region
    features : which of its features
    tile : the square
    said : the filters as they were asked for, for the record
    watch : ends a query for which nobody waits any more

    Returns
    -------
    the tile; empty where there is nothing in it

    Raises
    ------
    NotFoundError : the collection has no tiles, or no region bears the code on the day that is meant
    UnavailableError : it takes too long
    """
    if collection_id not in TILED:
        raise NotFoundError(f"tiles of {collection_id}: there are those of {', '.join(TILED)}")
    asked = _Asked(reader, collection_id, query, replace(features, properties=None, order=()), tile)
    state = _state_now(reader)
    key = asked.key(state)
    made = _cache.get(key) or _flights.run(key, lambda: _make(asked, state, watch))
    if made.sites:
        _count(asked, made.sites, said)
    return made.body


def forget() -> None:
    """Forget all tiles, as a benchmark and a test want it."""
    _cache.clear()


def _state_now(reader: Reader) -> str:
    """Names the data: a release never changes, the register has a revision."""
    if reader.release is not None:
        moment = reader.release
        return f"{moment.release.id} {moment.release.checksum} {moment.as_of} {moment.regions_on}"
    with reader.database.statement() as connection:
        return read_revision(connection)


def _count(asked: _Asked, sites: int, said: JSONObject | None) -> None:
    """Count the single sites of a tile, also of one that is kept."""
    tile = asked.tile
    count_sent(
        asked.reader.database,
        sites,
        {
            **asked.reader.about(asked.query),
            "collection": asked.collection_id,
            "region": asked.query.region,
            "filter": said or None,
            "tile": f"{tile.z}/{tile.y}/{tile.x}",
        },
    )


def _make(asked: _Asked, state: str, watch: Watch) -> _Made:
    if asked.collection_id == "sites" and asked.tile.z >= SINGLE_FROM:
        with _reading(asked, watch) as (connection, source, own):
            return _keep(asked, own, _single(connection, source, asked))
    if asked.collection_id == "sites":
        with _reading(asked, watch) as (connection, source, own):
            if are_counted(source, asked.features):
                counted = tiles.find_counted(connection, source, asked.tile)
                return _keep(asked, own, _clustered(connection, counted, asked.tile))
    prepared = _prepare(asked, state, watch)
    if asked.collection_id == "sites":
        clusters = [
            cluster
            for cluster in (Cluster(*row) for row in json.loads(prepared.content))
            if cluster.lon is not None and cluster.lat is not None
            if asked.tile.holds(cluster.lon, cluster.lat)
        ]
        with asked.reader.database.transaction() as connection:
            return _keep(asked, prepared.state, _clustered(connection, clusters, asked.tile))
    with _reading(asked, watch) as (connection, source, own):
        made = _Made(region_tiles.write_regions(connection, source, json.loads(prepared.content), asked.tile))
    if own != prepared.state:  # somebody wrote in between: this is right for now, and not kept
        return made
    return _keep(asked, own, made)


def _clustered(connection: Connection, clusters: list[Cluster], tile: Tile) -> _Made:
    return _Made(tiles.write_clusters(connection, clusters, tile) if clusters else b"")


def _single(connection: Connection, source: Source, asked: _Asked) -> _Made:
    boxes: tuple[BoundingBox, ...] = (asked.tile.box,)
    if asked.features.boxes:
        shared = (intersection(asked.tile.box, box) for box in asked.features.boxes)
        boxes = tuple(box for box in shared if box is not None)
        if not boxes:
            return _Made(b"")
    within = replace(asked.features, boxes=boxes, is_placed=True)
    written = tiles.write_sites(connection, source, within, asked.tile, MOST_SITES)
    if written is None:
        return _Made(tiles.write_grid(connection, source, within, asked.tile))
    sites, body = written
    return _Made(body, sites)


def _prepare(asked: _Asked, state: str, watch: Watch) -> _Prepared:
    """Counts by region, which all tiles of a zoom share: made once for each state of the data."""

    def make() -> _Prepared:
        with _reading(asked, watch) as (connection, source, own):
            if asked.collection_id == "sites":
                found: object = tiles.find_clusters(connection, source, asked.features)
            else:
                found = region_tiles.find_regions(connection, source, asked.features)
        content = json.dumps(found, default=float).encode()
        _cache.put(asked.key(own, "counts"), _Made(content))
        return _Prepared(own, content)

    key = asked.key(state, "counts")
    kept = _cache.get(key)
    return _Prepared(state, kept.body) if kept is not None else _prepared.run(key, make)


@contextmanager
def _reading(asked: _Asked, watch: Watch) -> Iterator[tuple[Connection, Source, str]]:
    """One snapshot, where the collection is in it, and the name of its state; the time in it is limited."""
    has_left = False

    def noting(cancel: Callable[[], None]) -> AbstractContextManager[None]:
        def leave() -> None:
            nonlocal has_left
            has_left = True
            cancel()

        return watch(leave)

    try:
        with reading(asked.reader, asked.collection_id, asked.query) as (connection, source):
            tiles.limit_time(connection, TIME_LIMIT_MS)
            state = _state_now(asked.reader) if asked.reader.release else read_revision(connection)
            with cancellable(connection, noting):
                yield connection, source, state
    except UnavailableError as error:
        if has_left:
            raise GivenUpError("nobody waits for this tile any more") from error
        raise


def _keep(asked: _Asked, state: str, made: _Made) -> _Made:
    _cache.put(asked.key(state), made)
    return made

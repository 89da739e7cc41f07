"""GeoJSON (RFC 7946): PostgreSQL makes each feature's bytes, this module puts the collection around them."""

import base64
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Protocol

from gis.database.connection import Connection, Database
from gis.database.copying import Bytes
from gis.database.regions import get_region
from gis.database.sites import (
    Extent,
    extent_of_regions,
    extent_of_sites,
    hold_snapshot,
    stream_region_features,
    stream_site_features,
)
from gis.domain.batches import JSONObject
from gis.domain.queries import Moment, SiteQuery
from gis.domain.regions import Level
from gis.errors import DatabaseError
from gis.services.audit import record_export, recording
from gis.services.scope import moment_within, own_moment, region_within

LICENCE = "CC BY 3.0 IGO (boundaries: BPS / WFP / OCHA ROAP 2020, via geoBoundaries IDN-ADM2-22746128)"
COLLECTION_OF_LEVEL: dict[Level, str] = {"province": "provinces", "regency": "regencies"}
DECIMALS = 7  # RFC 7946, 11.2


class Writable(Protocol):
    """Anything that takes bytes."""

    def write(self, data: Bytes, /) -> object:
        """Take them."""


@dataclass(frozen=True)
class Receipt:
    """What a finished file holds: its features, its size in bytes, and the sha256 of them."""

    features: int
    size: int
    sha256: str

    @property
    def digest_base64(self) -> str:
        """The sha256 as the `Digest` header wants it (RFC 3230)."""
        return base64.b64encode(bytes.fromhex(self.sha256)).decode()


def write_sites(database: Database, query: SiteQuery, target: Writable) -> Receipt:
    """Write the sites that a query finds as one FeatureCollection, by id.

    Parameters
    ----------
    database : where they are
    query : which sites, as of when
    target : gets the bytes; what it holds after an error is no file

    Raises
    ------
    NotFoundError : no region bears the code on the day whose boundaries are meant
    UnavailableError : the database went away; the target is incomplete
    """
    query = replace(query, moment=own_moment(database, query.moment))
    with recording(database).transaction() as connection:
        hold_snapshot(connection)
        _check_region(connection, query.region, query.moment)
        extent = extent_of_sites(connection, query)
        record_id = (
            record_export(connection, _asked("sites", query.moment, query.region, extent, query))
            if database.identity
            else None
        )
        head = collection_head("sites", _about(query.moment, record_id), extent)
        return write_collection(head, stream_site_features(connection, query), extent, target)


def write_regions(
    database: Database, level: Level, moment: Moment, region: str | None, target: Writable
) -> Receipt:
    """Write the regions of a level with their summaries as one FeatureCollection, by code.

    Parameters
    ----------
    database : where they are
    level : province or regency
    moment : both clocks and whose boundaries
    region : only that one, and the regencies of that province; none for all that the account sees
    target : gets the bytes; what it holds after an error is no file

    Raises
    ------
    NotFoundError : no region bears the code on that day, or it is not for this account
    UnavailableError : the database went away; the target is incomplete
    """
    region = region_within(database, region)
    moment = moment_within(database, moment, region)
    collection = COLLECTION_OF_LEVEL[level]
    with recording(database).transaction() as connection:
        hold_snapshot(connection)
        _check_region(connection, region, moment)
        extent = extent_of_regions(connection, level, moment, region)
        record_id = (
            record_export(connection, _asked(collection, moment, region, extent))
            if database.identity
            else None
        )
        head = collection_head(collection, _about(moment, record_id), extent)
        lines = stream_region_features(connection, level, moment, region)
        return write_collection(head, lines, extent, target)


def _check_region(connection: Connection, region: str | None, moment: Moment) -> None:
    if region is not None:
        get_region(connection, region, moment.regions_on)


def _asked(
    collection: str, moment: Moment, region: str | None, extent: Extent, query: SiteQuery | None = None
) -> JSONObject:
    """What the record of a file says: which filter, and how many rows."""
    box = query.bbox if query else None
    return {
        "collection": collection,
        "format": "geojson",
        "as_of": moment.as_of.isoformat(),
        "known_at": moment.known_at.isoformat() if moment.known_at else None,
        "region": region,
        "status": list(query.groups) if query else None,
        "site_type": query.site_type if query else None,
        "bbox": [box.west, box.south, box.east, box.north] if box else None,
        "rows": extent.n,
    }


def _about(moment: Moment, record_id: int | None) -> JSONObject:
    about: JSONObject = {
        "as_of": moment.as_of.isoformat(),
        "known_at": moment.known_at.isoformat() if moment.known_at else None,
        "boundaries": moment.boundaries.value,
    }
    return {**about, "export_record": str(record_id)} if record_id else about


def collection_head(title: str, about: JSONObject, extent: Extent) -> bytes:
    """The beginning of a FeatureCollection, up to its first feature.

    Parameters
    ----------
    title : of the collection
    about : what else the file tells of itself
    extent : of its features
    """
    # Members beside those of the standard are allowed (RFC 7946, 6.1); who does not know them skips them.
    members: dict[str, object] = {
        "type": "FeatureCollection",
        "metadata": {
            "title": title,
            **about,
            "crs": "OGC:CRS84",
            "licence": LICENCE,
            "feature_count": extent.n,
            "holds_synthetic_rows": extent.synthetic,
        },
    }
    if extent.bbox:
        box = extent.bbox
        members["bbox"] = [round(n, DECIMALS) for n in (box.west, box.south, box.east, box.north)]
    text = json.dumps(members, ensure_ascii=False, separators=(",", ":"))
    return (text[:-1] + ',"features":[\n').encode()


def write_collection(head: bytes, lines: Iterable[Bytes], extent: Extent, target: Writable) -> Receipt:
    """Write a FeatureCollection.

    Parameters
    ----------
    head : made by `collection_head`
    lines : a feature each
    extent : of the features; as many have to come
    target : gets the bytes

    Raises
    ------
    DatabaseError : more or fewer features came; the target is incomplete
    """
    digest, size, n = hashlib.sha256(), 0, 0

    def put(data: Bytes) -> None:
        nonlocal size
        digest.update(data)
        size += len(data)
        target.write(data)

    put(head)
    for n, line in enumerate(lines, start=1):
        if n > 1:
            put(b",")
        put(line)
    put(b"]}\n")
    if n != extent.n:
        raise DatabaseError(f"the database announced {extent.n} features and sent {n}")
    return Receipt(n, size, digest.hexdigest())

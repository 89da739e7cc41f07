"""One way to a whole file: every format, every collection, the register and its releases."""

import errno
import json
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from gis.database.cancelling import cancellable
from gis.database.features import extent_of_features
from gis.database.long_reading import give_time
from gis.domain.batches import JSONObject
from gis.domain.feature_query import FeatureQuery
from gis.domain.queries import SiteQuery
from gis.errors import UnavailableError
from gis.services.audit import record_export, recording
from gis.services.exports.formats import Format
from gis.services.exports.progress import Progress
from gis.services.exports.stream import Features, Receipt
from gis.services.features import Reader, reading
from gis.services.public.moments import release_record
from gis.services.scope import own_moment

LONGEST_S = 900  # a workbook of a million sites takes two minutes


class Written(NamedTuple):
    """A file that is whole: its receipt, and what it tells of itself."""

    receipt: Receipt
    about: JSONObject


def write_file(
    reader: Reader,
    collection_id: str,
    query: SiteQuery,
    asked: FeatureQuery,
    file_format: Format,
    path: Path,
    said: JSONObject | None = None,
    progress: Progress | None = None,
) -> Written:
    """Write the features of a collection that are asked for, in their order.

    Where it has to be recorded, it is so for good before the first byte is written: some bytes may have left
    when the rest cannot be had.

    Parameters
    ----------
    reader : who reads
    collection_id : which collection
    query : as of when, and of which region
    asked : which of its features; their coordinates are always longitude and latitude
    file_format : how they are written
    path : of the file, in a folder of its own; what is there after an error is no file
    said : the filters as they were asked for, for the record
    progress : hears how it comes along, and may end it

    Raises
    ------
    NotFoundError : there is no such collection, or no region bears the code on the day that is meant
    InvalidInputError : the format does not hold so many features
    UnavailableError : the database went away, or there is no room, or nobody waits; the file is incomplete
    """
    progress = progress or Progress()
    if reader.release is None:
        query = replace(query, moment=own_moment(reader.database, query.moment))
    try:
        with (
            reading(reader, collection_id, query) as (connection, source),
            cancellable(connection, progress.watch),
        ):
            give_time(connection, LONGEST_S)
            extent = extent_of_features(connection, source, asked)
            file_format.check(extent.n)
            told = _told(reader, query)
            if reader.release is None and reader.database.identity is not None:
                detail = {**_detail(collection_id, file_format, query, told, said), "rows": extent.n}
                with recording(reader.database).apart().transaction() as of_record:
                    told["export_record"] = str(record_export(of_record, detail))
            with closing(Features(connection, source, asked, extent, told, progress.grows)) as features:
                progress.begins(features.about())
                return Written(file_format.write(features, path), features.about())
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        raise UnavailableError("there is no room for the file at the moment") from error


def _told(reader: Reader, query: SiteQuery) -> JSONObject:
    told = {**reader.about(query), "boundaries": query.moment.boundaries.value}
    if reader.release is not None:
        told["release"] = json.loads(json.dumps(release_record(reader.release.release), default=str))
    return told


def _detail(
    collection_id: str, file_format: Format, query: SiteQuery, told: JSONObject, said: JSONObject | None
) -> JSONObject:
    """What the record of a file says: which filter, and how many rows."""
    box = query.bbox
    return {
        "collection": collection_id,
        "format": file_format.name,
        "as_of": told["as_of"],
        "known_at": told["known_at"],
        "region": query.region,
        "status": [group.value for group in query.groups],
        "site_type": query.site_type,
        "bbox": [box.west, box.south, box.east, box.north] if box else None,
        "filter": said or None,
    }

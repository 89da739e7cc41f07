"""What every writer gets: features, to be read once as text or as Arrow, and what is told of them."""

import base64
import hashlib
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from gis.database.connection import Connection
from gis.database.copying import Bytes
from gis.database.csv_rows import names_of, stream_csv
from gis.database.features import Source, stream_features
from gis.database.sites import Extent
from gis.domain.batches import JSONObject
from gis.domain.collections import Collection
from gis.domain.feature_query import FeatureQuery
from gis.errors import DatabaseError
from gis.services.exports.about import about_file


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


class Features:
    """The features of a file and what is told of them.

    Parameters
    ----------
    connection : in a transaction; it can do nothing else while features are read
    source : where they are
    query : which of them
    extent : how many they are, and where
    told : as of when they are, out of which release or by which record
    grows : is told the size of a file that is written from front to back
    """

    def __init__(
        self,
        connection: Connection,
        source: Source,
        query: FeatureQuery,
        extent: Extent,
        told: JSONObject,
        grows: Callable[[int], None],
    ) -> None:
        self.query, self.extent, self.grows = query, extent, grows
        self.read = 0
        self.error: Exception | None = None
        self._connection, self._source = connection, source
        self._told = told
        self._open: list[Generator[Any, None, None]] = []

    @property
    def collection(self) -> Collection:
        """That the features are of."""
        return self._source.collection

    @property
    def names(self) -> tuple[str, ...]:
        """The properties that the file holds."""
        return names_of(self.collection, self.query)

    @property
    def geometry_type(self) -> str:
        """What the geometries are, as GDAL names it; Unknown where they are of several types."""
        if self.collection.id == "sites":
            return "Point" if self.is_public else "Unknown"
        return "Point" if self.collection.id == "centres" else "MultiPolygon"

    @property
    def is_public(self) -> bool:
        """Whether they are of a release."""
        return "release" in self._told

    @property
    def day(self) -> date:
        """The day that the file tells of, by which formats date it: the same rows are the same bytes."""
        return date.fromisoformat(str(self._told["as_of"]))

    def about(self) -> JSONObject:
        """What the file tells of itself."""
        return about_file(self.collection, self._told, self.extent)

    def lines(self) -> Iterator[Bytes]:
        """A GeoJSON feature a line."""
        return self._kept(stream_features(self._connection, self._source, self.query))

    def csv(self, *, local: bool) -> Iterator[bytes]:
        """The names of the columns, then a row of CSV a feature."""
        rows = stream_csv(self._connection, self._source, self.query, self.geometry_type, local=local)
        return self._kept(rows)

    def schema(self) -> Any:
        """The fields of the batches."""
        from gis.database import arrow

        return arrow.schema_of(self.collection, self.query)

    def batches(self) -> Iterator[Any]:
        """Batches of Arrow: the properties, and the geometry as WKB in the column `geom`."""
        return self._kept(self._batches())

    def _batches(self) -> Generator[Any, None, None]:
        from gis.database import arrow

        try:
            for batch in arrow.stream_batches(self._connection, self._source, self.query):
                self.read += batch.num_rows
                yield batch
        except Exception as error:
            self.error = error  # what passes through Arrow's C interface is only a text behind it
            raise

    def _kept(self, stream: Iterator[Any]) -> Iterator[Any]:
        if isinstance(stream, Generator):
            self._open.append(stream)
        return stream

    def close(self) -> None:
        """End what is being read, so that the connection can do something else."""
        for stream in self._open:
            stream.close()

    def receipt(self, path: Path) -> Receipt:
        """Of a file that is written.

        Raises
        ------
        DatabaseError : more or fewer features came than were announced
        """
        self.check()
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        return Receipt(self.read, path.stat().st_size, digest)

    def check(self) -> None:
        """Refuse a file that is not whole.

        Raises
        ------
        DatabaseError : more or fewer features came than were announced
        """
        if self.read != self.extent.n:
            raise DatabaseError(f"the database announced {self.extent.n} features and sent {self.read}")

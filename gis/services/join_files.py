"""Adds provinces and regencies to the rows of a file, batch by batch."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import pyarrow as pa
import shapely

from gis.domain.assignment import JOIN_COLUMNS
from gis.domain.grid_index import RegionIndex
from gis.domain.spatial_join import assign_regions
from gis.errors import AtlasError, InvalidInputError
from gis.services.complete_files import complete_or_absent
from gis.services.join_sources import Source, open_source
from gis.services.join_targets import ENDINGS, write

Progress = Callable[[int, int | None], None]
ADDED = [pa.field(name, pa.string()) for name in JOIN_COLUMNS]
MADE_GEOMETRY = "geometry"  # the column that a CSV's places become in other formats


@dataclass
class JoinReport:
    """How many rows went through, and by which method their regencies were found."""

    rows: int = 0
    methods: Counter[str] = field(default_factory=Counter)


def join_file(
    source: Path,
    target: Path,
    regions: RegionIndex,
    *,
    crs: str | None = None,
    layer: str | None = None,
    progress: Progress = lambda done, total: None,
) -> JoinReport:
    """Write a file again with the columns of `JOIN_COLUMNS`; other columns, rows and their order stay.

    Parameters
    ----------
    source : any vector file that GDAL reads, GeoParquet, or CSV with lon,lat or wkt
    target : the format is told by its ending; the file is complete or not there at all. The CRS stays, but in
        GeoJSON, which is always in degrees (RFC 7946)
    regions : the index
    crs : the CRS of a file that states none
    layer : of a file with several
    progress : told how many rows are done, and of how many, where that is known

    Raises
    ------
    InvalidInputError : a file that cannot be read, a column name that is taken, a row that is no place
    CrsMismatchError : the CRS is not known, or another one than is stated
    """
    ending = target.suffix.lower()
    if ending not in ENDINGS:
        raise InvalidInputError("--output", target.name, f"a name that ends with {', '.join(ENDINGS)}")
    with open_source(source, crs, layer) as opened, complete_or_absent(target) as unfinished:
        joined = _Joined(opened, regions, progress, makes_geometry=opened.is_text and ending != ".csv")
        try:
            reader = pa.RecordBatchReader.from_batches(joined.schema, joined.batches())
            write(unfinished, reader, joined.geometry, opened.geometry_type, opened.crs)
        except (InvalidInputError, pa.ArrowException, RuntimeError) as error:
            # On its way through Arrow's C stream an error becomes another; the first one says what is wrong.
            if joined.failure is None:
                raise
            raise joined.failure from error
    return joined.report


class _Joined:
    """The source's batches with the columns of the join.

    Parameters
    ----------
    makes_geometry : append the places of text columns as WKB
    """

    def __init__(
        self, source: Source, regions: RegionIndex, progress: Progress, *, makes_geometry: bool
    ) -> None:
        own = [pa.field(MADE_GEOMETRY, pa.binary())] if makes_geometry else []
        taken = {each.name.lower() for each in [*ADDED, *own]} & {
            name.lower() for name in source.schema.names
        }
        if taken:
            raise InvalidInputError(
                "FILE", min(taken), "a file without a column of that name, which the join adds"
            )
        self._source, self._regions, self._progress = source, regions, progress
        self._makes_geometry = makes_geometry
        self.schema = pa.schema([*source.schema, *own, *ADDED], metadata=source.schema.metadata)
        self.geometry = (
            MADE_GEOMETRY if makes_geometry else None if source.is_text else source.geometry_columns[0]
        )
        self.report = JoinReport()
        self.failure: AtlasError | None = None

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Each batch, joined; an error is kept in `failure`."""
        try:
            for batch in self._source.batches:
                yield self._join(batch)
                self._progress(self.report.rows, self._source.rows)
        except AtlasError as error:
            self.failure = error
            raise

    def _join(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        first_row = self.report.rows + 1
        frame = gpd.GeoDataFrame(geometry=self._source.geometries(batch, first_row), crs=self._source.crs)
        joined = assign_regions(frame, self._regions, first_row=first_row)
        columns = list(batch.columns)
        if self._makes_geometry:
            columns.append(pa.array(shapely.to_wkb(frame.geometry.to_numpy()), type=pa.binary()))
        columns += [pa.array(joined[name], type=pa.string(), from_pandas=True) for name in JOIN_COLUMNS]
        self.report.rows += len(frame)
        self.report.methods.update(joined["regency_join_method"].tolist())
        return pa.RecordBatch.from_arrays(columns, schema=self.schema)

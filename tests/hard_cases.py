"""The cases of tests/data/hard_cases.json, run against the join for frames and the one in PostGIS."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely

FILE = Path(__file__).parent / "data" / "hard_cases.json"


@dataclass(frozen=True)
class HardCase:
    """One place and what both joins make of it.

    Parameters
    ----------
    name : what it is
    geometry : well-known text, lon before lat; None for no geometry
    srid : the EPSG code that is stated for it
    expected : the columns of the join, or `error` with the class that the join for frames raises
    postgis : "refused" where the table's CHECK does not let it in, "" where the answer is the same
    """

    name: str
    geometry: str | None
    srid: int
    expected: dict[str, Any]
    postgis: str = ""

    def shape(self) -> shapely.Geometry | None:
        return None if self.geometry is None else shapely.from_wkt(self.geometry)


CASES = [HardCase(**case) for case in json.loads(FILE.read_text(encoding="utf-8"))]

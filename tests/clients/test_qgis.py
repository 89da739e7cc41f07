"""QGIS reads the API and the exports, without a screen: Debian's, whose Python is not the project's.

Where it is not installed these tests are left out, but never on a build server (`ATLAS_QGIS=1 make test`).
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.many_sites import make_sites
from gis.config import Settings
from gis.database.connection import Database
from gis.domain.access import Identity, Role
from tests.clients.conftest import QGIS_PYTHON, Served, personal_token, serve
from webmap import create_app

QGIS_READS = Path(__file__).with_name("qgis_reads.py")
BOX = (110.0, -9.0, 115.0, -6.0)
MANY = 5_000
Found = dict[str, dict[str, Any]]


def read(served: Served, folder: Path, cases: dict[str, dict[str, Any]]) -> Found:
    """What QGIS reads of each case."""
    environment = {"HOME": str(folder), "XDG_RUNTIME_DIR": str(folder), "QT_QPA_PLATFORM": "offscreen"}
    folder.chmod(0o700)
    found: Found = json.loads(served.run(QGIS_PYTHON, QGIS_READS, text=json.dumps(cases), **environment))
    assert {name: each.get("problem") for name, each in found.items()} == dict.fromkeys(cases)
    return found


def source(served: Served, collection: str = "sites") -> str:
    """A layer as the dialogue of QGIS makes it; a token is the password."""
    known = f" username='token' password='{served.token}'" if served.token else ""
    return f"url='{served.url}/ogc' typename='{collection}'{known}"


@pytest.fixture(scope="module")
def many(
    settings: Settings,
    database: Database,
    as_app: Callable[[Database], Database],
    actor: Callable[..., Identity],
    token_of: Callable[[Database, Identity], str],
) -> Iterator[Served]:
    """A register of many sites, as a planner reads it."""
    make_sites(database, MANY)
    app_database = as_app(database)
    token = personal_token(database, app_database, token_of, actor(database, Role.planner))
    yield from serve(Served(create_app(settings, app_database), token))


def test_all_of_5000_come_in_three_requests_and_nothing_can_be_edited(many: Served, tmp_path: Path) -> None:
    case = {"source": source(many), "provider": "OAPIF"}
    found = read(many, tmp_path, {"sites": case})["sites"]
    assert found["ids"] == sorted(each["id"] for each in many.features())
    assert (found["count"], len(set(found["ids"]))) == (MANY, MANY)
    assert found["editable"] is False
    assert len(many.items()) <= 3
    assert {each.method for each in many.log} <= {"GET", "HEAD"}
    assert {each.status for each in many.log} <= {200, 401}  # QGIS sends a password when it is asked for one


def test_the_release_its_exports_and_a_layer_definition(release: Served, tmp_path: Path) -> None:
    sites = [each["properties"] for each in release.features()]
    closed = sorted(each["id"] for each in sites if each["site_type"] == "lokalisasi")
    assert 0 < len(closed) < len(sites)
    cases = {
        "api": {
            "source": source(release),
            "provider": "OAPIF",
            "box": BOX,
            "subset": "site_type = 'lokalisasi'",
        }
    }
    for ending in ("geojson", "gpkg", "fgb"):
        path = tmp_path / f"sites.{ending}"
        path.write_bytes(release.get(f"/exports/sites.{ending}"))
        cases[ending] = {"source": str(path), "provider": "ogr", "box": BOX}
    definition = tmp_path / "sites.qlr"
    definition.write_bytes(release.get("/exports/sites.qlr"))
    cases["qlr"] = {"definition": str(definition)}
    release.log.clear()
    found = read(release, tmp_path, cases)
    every = sorted(each["id"] for each in sites)
    assert {name: each["ids"] for name, each in found.items()} == dict.fromkeys(cases, every)
    assert found["api"]["subset"] == closed
    assert 0 < len(found["api"]["boxed"]) < len(every)
    assert (
        found["api"]["boxed"] == found["geojson"]["boxed"] == found["gpkg"]["boxed"] == found["fgb"]["boxed"]
    )
    assert (found["api"]["crs"], found["gpkg"]["crs"]) == ("EPSG:4326", "EPSG:4326")
    assert found["qlr"]["provider"] == "OAPIF"
    assert found["qlr"]["renderer"] == "categorizedSymbol"
    assert {each.method for each in release.log} <= {"GET", "HEAD"}

"""The contenders of `benchmarks/over_http.py`: how each is installed and started."""

import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from gis.cli.serve import server_command
from gis.config import PROJECT_DIRECTORY, Settings
from gis.database.cluster import DATABASE_NAME, Cluster

PORTS = {"limit": 18_801, "atlas": 18_802, "tipg": 18_803, "pygeoapi": 18_804}
_PACKAGES = {
    "tipg": ["tipg==1.6.1", "uvicorn"],
    "pygeoapi": ["pygeoapi==0.21.0", "psycopg2-binary", "gunicorn", "geoalchemy2"],
}
_PYGEOAPI = """
    server:
      bind: {{host: 127.0.0.1, port: {port}}}
      url: http://127.0.0.1:{port}
      mimetype: application/json; charset=UTF-8
      encoding: utf-8
      language: en-US
      limits: {{default_items: 1000, max_items: 10000}}
      map: {{url: 'http://127.0.0.1/', attribution: none}}
    logging: {{level: ERROR}}
    metadata:
      identification:
        title: b
        description: b
        keywords: [b]
        keywords_type: theme
        terms_of_service: b
        url: 'http://127.0.0.1'
      license: {{name: b, url: 'http://127.0.0.1'}}
      provider: {{name: b, url: 'http://127.0.0.1'}}
      contact: {{name: b}}
    resources:
      sites:
        type: collection
        title: sites
        description: sites
        keywords: [b]
        extents: {{spatial: {{bbox: [95, -11, 141, 6], crs: 'http://www.opengis.net/def/crs/OGC/1.3/CRS84'}}}}
        providers:
          - type: feature
            name: PostgreSQL
            data:
              host: {socket}
              port: 5432
              dbname: {name}
              user: {user}
              password: ''
              search_path: [bench, public]
            id_field: id
            table: sites
            geom_field: geom
"""


def atlas(cluster: Cluster) -> tuple[list[str], dict[str, str]]:
    """The command and the environment of this program, as `atlas serve` starts it."""
    settings = Settings(home=cluster.home, data=PROJECT_DIRECTORY / "data", port=PORTS["atlas"])
    return server_command(settings), {"ATLAS_HOME": str(cluster.home)}


def peers(cluster: Cluster, folder: Path, scratch: Path) -> Iterator[tuple[str, list[str], dict[str, str]]]:
    """Each contender: its name, its command, and its environment.

    Parameters
    ----------
    cluster : that all of them ask
    folder : where the peers are installed
    scratch : for their settings
    """
    owner = cluster.conninfo(DATABASE_NAME)
    yield "limit", [sys.executable, "benchmarks/limit_server.py", str(PORTS["limit"]), owner], {}
    yield "atlas", *atlas(cluster)
    socket = next(part.partition("=")[2] for part in owner.split() if part.startswith("host="))
    user = next(part.partition("=")[2] for part in owner.split() if part.startswith("user="))
    yield (
        "tipg",
        [
            *(str(_installed(folder, "tipg")), "-m", "uvicorn", "tipg.main:app", "--workers", "2"),
            *("--log-level", "error", "--port", str(PORTS["tipg"])),
        ],
        {
            "DATABASE_URL": f"postgresql://{user}@{quote(socket, safe='')}/{DATABASE_NAME}",
            "TIPG_DB_SCHEMAS": '["bench"]',
            "TIPG_MAX_FEATURES_PER_QUERY": "10000000",
            "TIPG_MAX_FEATURES_PER_TILE": "10000000",
        },
    )
    settings = scratch / "pygeoapi.yml"
    text = _PYGEOAPI.format(port=PORTS["pygeoapi"], socket=socket, name=DATABASE_NAME, user=user)
    settings.write_text(textwrap.dedent(text), encoding="utf-8")
    python = _installed(folder, "pygeoapi")
    paths = {"PYGEOAPI_CONFIG": str(settings), "PYGEOAPI_OPENAPI": str(scratch / "openapi.yml")}
    subprocess.run(
        [
            python.with_name("pygeoapi"),
            "openapi",
            "generate",
            settings,
            "--output-file",
            scratch / "openapi.yml",
        ],
        check=True,
        env={**paths},
    )
    serve = ["-m", "gunicorn", "--workers", "2", "--threads", "8", "--bind", f"127.0.0.1:{PORTS['pygeoapi']}"]
    yield "pygeoapi", [str(python), *serve, "pygeoapi.flask_app:APP"], paths


def _installed(folder: Path, name: str) -> Path:
    home = folder / name
    python = home / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", home], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *_PACKAGES[name]], check=True)
    return python

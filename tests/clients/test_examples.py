"""What the page of the API says to type does what it says, where the program is here."""

import html
import json
import re
import shlex
from pathlib import Path
from urllib.parse import quote

import geopandas
import pytest

from tests.clients.conftest import Served


@pytest.fixture
def examples(release: Served) -> list[str]:
    """The commands and addresses that the page shows, as a reader copies them."""
    page = release.get("/ogc/api?f=html").decode()
    return [html.unescape(each) for each in re.findall(r'<code class="long">(.*?)</code>', page)]


def test_commands_of_gdal(release: Served, examples: list[str], tmp_path: Path) -> None:
    summary, copy = (shlex.split(each) for each in examples if each.startswith("ogr"))
    every = release.features()
    assert f"Feature Count: {len(every)}" in release.run(*summary)
    copied = [str(tmp_path / each) if each == "sites.gpkg" else each for each in copy]
    release.log.clear()
    release.run(*copied)
    assert {"limit": "10000", "filter": "status = 'closed'", "filter-lang": "cql-text"} in release.items()
    frame = geopandas.read_file(tmp_path / "sites.gpkg")
    closed = [each["id"] for each in every if each["properties"]["status"] == "closed"]
    assert sorted(frame["id"]) == sorted(closed)


def test_address_for_python_and_r(release: Served, examples: list[str]) -> None:
    calls = [each for each in examples if each.startswith(("geopandas", "sf::"))]
    addresses = {found[1] for each in calls if (found := re.search(r'"(.*)"', each))}
    assert len(calls) == 2
    (address,) = addresses
    assert len(geopandas.read_file(address)) == len(release.features())


def test_command_of_curl(release: Served, examples: list[str]) -> None:
    (command,) = (shlex.split(each) for each in examples if each.startswith("curl"))
    program, how, address, option, text = command
    assert (program, how, option) == ("curl", "-G", "--data-urlencode")
    name, _, value = text.partition("=")
    path = address.removeprefix(release.url)
    found = json.loads(release.get(f"{path}?{name}={quote(value)}"))["features"]
    assert [each["id"] for each in found] == [
        each["id"]
        for each in release.features()
        if each["properties"]["status"] == "closed" and each["properties"]["closed_on"] > "2015-01-01"
    ]


def test_address_for_excel(release: Served, examples: list[str]) -> None:
    (address,) = (each for each in examples if each.endswith("sites.csv"))
    rows = release.get(address.removeprefix(release.url)).decode().splitlines()
    assert len(rows) == len(release.features()) + 1

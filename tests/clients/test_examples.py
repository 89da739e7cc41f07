"""What the page of the API says to type does what it says, where the program is here."""

import html
import json
import re
import shlex
import sys
from pathlib import Path
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

import geopandas
import pytest

from tests.clients.conftest import Served

_FIELD = re.compile(r'<input name="(\w+)"[^>]* value="([^"]*)"')


def shown(served: Served) -> list[str]:
    """The commands and addresses that the page shows, as a reader copies them."""
    page = served.get("/ogc/api?f=html").decode()
    return [html.unescape(each) for each in re.findall(r'<code class="long">(.*?)</code>', page)]


@pytest.fixture
def examples(release: Served) -> list[str]:
    return shown(release)


def test_each_program_of_the_issue_has_an_example(release: Served) -> None:
    page = release.get("/en/ogc/api?f=html").decode()
    told = set(re.findall(r"<dt>(.*?)<dd>", page))
    assert {"QGIS", "ArcGIS Pro", "GDAL", "Python (geopandas)", "R (sf)", "curl", "Excel"} <= told
    for connecting in re.findall(r"<dt>(?:QGIS|ArcGIS Pro)<dd>(.*)", page):
        assert "address above" in connecting


def test_forms_to_try_it_answer(release: Served) -> None:
    page = release.get("/ogc/api?f=html").decode()
    forms = re.findall(r'<form[^>]* action="([^"]+)">(.*?)</form>', page, re.DOTALL)
    assert len(forms) == 4
    for action, fields in forms:
        given = {name: html.unescape(value) for name, value in _FIELD.findall(fields)}
        assert {"filter", "properties", "sortby", "limit"} <= set(given)
        found = json.loads(release.get(f"{action}?{urlencode({**given, 'f': 'json'})}"))
        assert 0 < len(found["features"]) <= 10
        assert set(found["features"][0]["properties"]) == set(given["properties"].split(","))
        assert b"<table" in release.get(f"{action}?{urlencode({**given, 'f': 'html'})}")


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


def test_call_of_python(release: Served, examples: list[str]) -> None:
    (call,) = (each for each in examples if each.startswith("geopandas"))
    every = release.features()
    release.log.clear()
    assert ids_read(release, call) == sorted(
        each["id"] for each in every if each["properties"]["status"] == "closed"
    )
    assert "filter" in release.items()[-1]  # nothing is read that is not wanted


def test_call_of_r(release: Served, examples: list[str]) -> None:
    (call,) = (each for each in examples if each.startswith("sf::"))
    source, layer = re.findall(r'"([^"]*)"', call)
    assert call == f'sf::st_read("{source}", "{layer}")'  # sf hands both to GDAL
    read = f"geopandas.read_file({source!r}, layer={layer!r})"
    assert ids_read(release, read) == sorted(each["id"] for each in release.features())


def ids_read(served: Served, call: str) -> list[int]:
    """Of what a call reads, in a process of its own: GDAL waits for the server with Python's lock in hand."""
    told = served.run(sys.executable, "-c", f"import geopandas\nprint(*{call}['id'])")
    return sorted(map(int, told.split()))


def test_commands_with_a_token(register: Served) -> None:
    """They are those of an account, which sees more than a visitor."""
    assert register.token
    sent, named = (each.replace("$TOKEN", register.token) for each in shown(register) if "$TOKEN" in each)
    every = register.features()
    variable, *command = shlex.split(named)
    name, _, value = variable.partition("=")
    assert f"Feature Count: {len(every)}" in register.run(*command, **{name: value})
    program, option, header, address = shlex.split(sent)
    assert (program, option) == ("curl", "-H")
    with urlopen(Request(address, headers=dict([header.split(": ")]))) as answer:
        assert json.load(answer)["numberMatched"] == len(every)


def test_addresses_of_tiles(release: Served, examples: list[str]) -> None:
    template, tilejson = (
        each.removeprefix(release.url)
        for each in examples
        if each.startswith(release.url) and "/tiles/" in each
    )
    assert release.get(template.format(z=5, y=16, x=25))
    (tiles,) = json.loads(release.get(tilejson))["tiles"]
    assert tiles.removeprefix(release.url) == template


def test_command_of_curl(release: Served, examples: list[str]) -> None:
    (command,) = (shlex.split(each) for each in examples if each.startswith("curl -G"))
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

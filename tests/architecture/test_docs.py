"""The README is held to what it says: settings, commands, addresses, files."""

import re
import shlex
from collections.abc import Callable
from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from gis.cli import COMMANDS, atlas
from gis.config import PROJECT_DIRECTORY, Settings
from gis.database.connection import Database
from gis.domain.access import Identity, Role
from gis.services.publication import publish
from webmap import create_app
from webmap.cookies import SESSION

README = (PROJECT_DIRECTORY / "README.md").read_text(encoding="utf-8")
CONFIG = (PROJECT_DIRECTORY / "gis" / "config.py").read_text(encoding="utf-8")
# A word in backquotes that begins with a slash is an address of ours, but for a path of the file system.
ADDRESSES = sorted(set(re.findall(r"`(/[^`{}\s]*)`", README)) - {"/var/lib/closure-atlas"})
COMMAND_LINES = sorted(
    {
        line.strip()
        for line in re.findall(r"^(atlas [^\n]+)$|`(atlas [a-z][^`]*)`", README, re.MULTILINE)
        for line in line
        if line
    }
)


@pytest.fixture(scope="module")
def client(
    settings: Settings,
    demo_database: Database,
    as_app: Callable[[Database], Database],
    as_visitor: Callable[[Database], Database],
    actor: Callable[..., Identity],
    token_of: Callable[[Database, Identity], str],
) -> FlaskClient:
    publish(demo_database, on=date(2026, 11, 24))
    client = create_app(settings, as_app(demo_database), as_visitor(demo_database)).test_client()
    client.set_cookie(SESSION, token_of(demo_database, actor(demo_database, Role.admin)))
    return client


def test_every_setting_is_in_the_readme() -> None:
    variables = set(re.findall(r'"((?:ATLAS_)?[A-Z]+(?:_[A-Z]+)*)"', CONFIG)) - {"PROJECT"}
    assert len(variables) >= len(fields(Settings))
    missing = {name for name in variables if f"`{name}`" not in README}
    assert not missing


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_address_of_the_readme_answers(client: FlaskClient, address: str) -> None:
    assert client.get(address, buffered=True, follow_redirects=True).status_code == 200


def test_every_route_is_in_the_readme_or_a_twin(client: FlaskClient) -> None:
    urls = client.application.url_map.bind("localhost")
    told = {
        urls.match(address.partition("?")[0], return_rule=True)[0].rule
        for address in ADDRESSES
        if not address.startswith("/static/")
    }
    silent = ("/static/", "/map/", "/en")
    for rule in client.application.url_map.iter_rules():
        if rule.rule.startswith(silent) or "<int" in rule.rule or "GET" not in (rule.methods or ()):
            continue
        stem, _, ending = rule.rule.rpartition(".")
        assert rule.rule in told or (ending in {"json", "csv", "geojson"} and stem in told), rule.rule


@pytest.mark.parametrize("line", COMMAND_LINES)
def test_every_command_of_the_readme_is_understood(line: str) -> None:
    words = [word for word in shlex.split(line)[1:] if word.isascii()]
    names = [word for word in words if not word.startswith("-")]
    assert names[0] in COMMANDS
    command = atlas.get_command(None, names[0])  # type: ignore[arg-type]
    assert command is not None
    path = [names[0]]
    if len(names) > 1 and hasattr(command, "commands") and names[1] in command.commands:
        command = command.commands[names[1]]
        path.append(names[1])
    assert CliRunner().invoke(atlas, [*path, "--help"]).exit_code == 0
    known = {option for parameter in command.params for option in parameter.opts} | {"--help"}
    assert {word for word in words if word.startswith("-")} <= known


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\(([^)#:]+)\)", README))))
def test_every_link_of_the_readme_leads_somewhere(target: str) -> None:
    assert (PROJECT_DIRECTORY / target).exists()


def test_the_picture_of_the_tree_is_true() -> None:
    tree = README[README.index("```\ndata/boundaries/") : README.index("Imports point one way")]
    base = Path()
    for line in tree.splitlines()[1:]:
        words = re.match(r"(\s*)((?:[\w/]+(?:\.py|/)\s?)+)", line)
        if words is None:
            continue
        names = words[2].split()
        if not words[1]:
            base = Path(names[0])
            assert (PROJECT_DIRECTORY / base).is_dir(), base
            continue
        for name in names:
            assert (PROJECT_DIRECTORY / base / name).exists(), name

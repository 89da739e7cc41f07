"""The public side of a release as files: whole, the same each time, with nothing hidden in it."""

import hashlib
import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner
from flask import Flask

from gis.cli import atlas
from gis.config import Settings
from gis.database.connection import Database
from gis.errors import AtlasError, InvalidInputError, NotFoundError
from gis.services.publication import publish
from tests.webmap.conftest import PUBLISHED_ON
from webmap.static_site.addresses import place_of
from webmap.static_site.folder import refuse_what_is_not_ours, replaced_at_the_end, write
from webmap.static_site.site import FORMAT, MANIFEST, PATTERNS, Site

# A few regions stand for all: the others are left out, and so is what their pages alone name.
CODES = ("64", "64.72", "65", "91.09")
LIVE_ONLY = re.compile(r'href="[^"]*/(?:login|manage|account|monitoring)\b|csrf|method="post"')
LAYER = "/map/regions/regency/2013-04-22"
ADDRESS = re.compile(r'\s(?:href|src|action|data-[a-z-]+)="(/[^"]*)"')


@pytest.fixture(scope="module")
def folder(released: Flask, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The newest release, with the pages of a few regions."""
    made = tmp_path_factory.mktemp("site")
    Site(released, codes=CODES).write(made)
    return made


def pages(folder: Path) -> Iterator[tuple[str, str]]:
    for path in folder.rglob("*.html"):
        yield path.relative_to(folder).as_posix(), path.read_text(encoding="utf-8")


def file_of(address: str) -> str:
    path = urlsplit(address).path[1:]
    return f"{path}index.html" if path == "" or path.endswith("/") else path


@pytest.mark.parametrize(
    ("address", "asked", "file", "named"),
    [
        ("/", "/", "index.html", "/"),
        ("/en", "/en", "en/index.html", "/en/"),
        ("/regions/64.72?as_of=2016-06-01&release=x", "/regions/64.72", "regions/64.72/index.html", None),
        ("/claims?region=64", "/claims?region=64", "claims/region-64/index.html", "/claims/region-64/"),
        ("/claims?as_of=2016-06-01", "/claims", "claims/index.html", "/claims/"),
        ("/en/regions/64.json", "/regions/64.json", "regions/64.json", "/regions/64.json"),
        ("/releases/2026-11-24.2#a", "/releases/2026-11-24.2", "releases/2026-11-24.2/index.html", None),
        (LAYER + ".geojson?parent=64&v=1", LAYER + ".geojson?parent=64", None, LAYER + "/parent-64.geojson"),
        ("/exports/sites.geojson?region=../x", "/exports/sites.geojson?region=..%2Fx", None, None),
        ("/static/a.css?v=1", "/static/a.css", "static/a.css", "/static/a.css?v=1"),
    ],
)
def test_where_an_address_lies(address: str, asked: str, file: str | None, named: str | None) -> None:
    place = place_of(address)
    assert place.asked == asked
    assert file in (None, place.file)
    assert named in (None, place.address)
    assert "/../" not in place.file


def test_pages_data_layers_and_files_of_both_languages_are_there(folder: Path) -> None:
    names = ("index.html", "about/index.html", "claims/index.html", "claims/region-64/index.html")
    for name in (*names, "regions/64.72/index.html", f"releases/{PUBLISHED_ON}/index.html"):
        assert '<html lang="id" data-release="/release.json">' in (folder / name).read_text()
        assert '<html lang="en" data-release="/release.json">' in (folder / "en" / name).read_text()
    data = ("index.json", "index.csv", "index.geojson", "regions/64.json", "summary.csv", "series.json")
    files = ("exports/sites.geojson", "exports/regencies.geojson", "release.json", "404.html", "map/shell.js")
    for name in (*data, *files, "static/vendor/atlas.js", "static/vendor/basemap.geojson"):
        assert (folder / name).stat().st_size > 100
    assert "68 dari 168" not in (folder / "index.html").read_text()
    layers = json.loads((folder / "release.json").read_bytes())["layers"]
    drawn = [layer for layer in layers if layer["parent_code"] in (None, *CODES)]
    assert len(drawn) > 10
    for layer in drawn:
        assert json.loads((folder / layer["url"][1:]).read_bytes())["features"]


def test_every_address_in_a_page_is_a_file(folder: Path) -> None:
    kept = "|".join(map(re.escape, CODES))
    left_out = re.compile(rf"(?:/regions/|region-)(?!(?:{kept})(?:/|\.[a-z]|$))\d\d")
    patterns = {f"{pattern}/" for pattern in PATTERNS} | PATTERNS
    seen = 0
    for name, page in pages(folder):
        for address in map(html.unescape, ADDRESS.findall(page)):
            if urlsplit(address).path in patterns or left_out.search(address):
                continue
            seen += 1
            assert (folder / file_of(address)).is_file(), (name, address)
    assert seen > 5000
    for path in folder.rglob("*.json"):
        for address in re.findall(r'"(?:url|href)":"(/[^"]*)"', path.read_text(encoding="utf-8")):
            assert left_out.search(address) or "parent-" in address or (folder / address[1:]).is_file()


def test_no_page_names_what_a_server_alone_has(folder: Path) -> None:
    for name, page in pages(folder):
        assert not LIVE_ONLY.search(page), name
        assert re.findall(r"<form[^>]*>", page) == [] or 'id="state"' in page, name
        assert "static.invalid" not in page, name
        assert "release=" not in page.replace("data-release=", ""), name
        assert len(page.encode()) <= 30 * 1024, name


def test_the_manifest_names_every_file_with_its_checksum(folder: Path) -> None:
    manifest = json.loads((folder / MANIFEST).read_bytes())
    assert (manifest["format"], manifest["release"]) == (FORMAT, str(PUBLISHED_ON))
    there = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    assert set(there) == {*manifest["files"], MANIFEST}
    for name, told in manifest["files"].items():
        body = there[name].read_bytes()
        assert told == {"size": len(body), "sha256": hashlib.sha256(body).hexdigest()}


def test_nothing_hidden_is_in_any_byte(folder: Path, demo_database: Database) -> None:
    with demo_database.transaction() as connection:
        rows = connection.execute(
            "SELECT s.id::text, s.name, ST_X(p.at)::numeric(9, 4)::text, ST_Y(p.at)::numeric(9, 4)::text,"
            "       told.id"
            " FROM register.site s LEFT JOIN published.site told ON told.id = s.id"
            " CROSS JOIN LATERAL (SELECT ST_PointOnSurface(s.geom) AS at) p"
        ).fetchall()
    hidden = {row[0].encode() for row in rows if row[4] is None}
    names = {row[1].encode() for row in rows} - {row[1].encode() for row in rows if row[4] is not None}
    exact = {row[2].encode(): rf"{row[2]}\d*[^\d]{{1,9}}{row[3]}".encode() for row in rows if row[2]}
    assert len(hidden) >= 10 <= len(names)
    for path in folder.rglob("*"):
        if path.is_file() and path.suffix not in (".js", ".css"):
            body = path.read_bytes()
            assert not [each for each in hidden if each in body], path
            there = [name for name in names if name in body]
            assert not [name for name in there if re.search(rb"\b" + re.escape(name) + rb"\b", body)], path
            if len(body) > 1_000_000:  # shapes of all regions, and no place
                continue
            assert not [lon for lon, place in exact.items() if lon in body and re.search(place, body)], path
    sites = json.loads((folder / "exports" / "sites.geojson").read_bytes())["features"]
    cells = [feature["geometry"]["coordinates"] for feature in sites if feature["geometry"]]
    assert all(re.fullmatch(r"-?\d+\.\d\d5", str(part)) for cell in cells for part in cell)


def test_a_release_is_the_same_bytes_also_after_the_next_one(
    folder: Path, released: Flask, demo_database: Database, tmp_path: Path
) -> None:
    newer = publish(demo_database, "Second", PUBLISHED_ON)
    again = tmp_path / "again"
    again.mkdir()
    files = Site(released, str(PUBLISHED_ON), "https://atlas.example/closed/", codes=("65",)).write(again)
    page = (again / "regions/65/index.html").read_text()
    assert all(address.startswith("/closed/") for address in ADDRESS.findall(page))
    assert (
        f"https://atlas.example/closed/releases/{PUBLISHED_ON}"
        in (again / f"releases/{PUBLISHED_ON}/index.html").read_text()
    )
    same = 0
    for file in files:
        body = (again / file.path).read_bytes()
        body = body.replace(b"https://atlas.example/closed", b"").replace(b'"/closed/', b'"/')
        assert body == (folder / file.path).read_bytes(), file.path
        same += 1
    assert same > 100
    assert newer.id not in (again / "releases/index.html").read_text()
    with pytest.raises(NotFoundError):
        Site(released, "2001-01-01")


def test_the_command_writes_where_it_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def fake(_: Settings, directory: Path, **options: object) -> dict[str, object]:
        asked.append((directory, options["release_id"], options["url"]))
        return {"release": "2026-11-24", "files": {"index.html": {"size": 2_000_000}}}

    monkeypatch.setattr("webmap.static_site.folder.write", fake)
    words = (
        "publish",
        "--static",
        str(tmp_path),
        "--release",
        "2026-11-24",
        "--url",
        "https://atlas.example",
    )
    assert "in 1 files, 2.0 MB" in CliRunner().invoke(atlas, words).output
    told = json.loads(CliRunner().invoke(atlas, [*words, "--json"]).output)
    assert told == {"directory": str(tmp_path), "release": "2026-11-24", "size": 2_000_000, "files": 1}
    assert asked == [(tmp_path, "2026-11-24", "https://atlas.example")] * 2
    for wrong in (("--note", "x"), ("--url", "https://atlas.example")):
        static = ("--static", str(tmp_path)) if "--note" in wrong else ()
        assert CliRunner().invoke(atlas, ["publish", *static, *wrong]).exit_code == 2


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    ours, other = tmp_path / "ours", tmp_path / "other"
    for place in (tmp_path / "none", ours):
        refuse_what_is_not_ours(place)
    other.mkdir()
    refuse_what_is_not_ours(other)
    for text in ("[]", "{", '{"format": "another"}'):
        (other / MANIFEST).write_text(text)
        with pytest.raises(InvalidInputError, match="static site"):
            write(Settings(home=tmp_path), other)
    with pytest.raises(InvalidInputError, match="static site"):
        refuse_what_is_not_ours(other / MANIFEST)
    with pytest.raises(InvalidInputError, match="can be written"), replaced_at_the_end(tmp_path / "a" / "b"):
        pass


def test_a_folder_is_complete_or_as_before(tmp_path: Path) -> None:
    place = tmp_path / "site"
    with replaced_at_the_end(place) as unfinished:
        (unfinished / MANIFEST).write_text(json.dumps({"format": FORMAT}))
        assert not place.exists()
    refuse_what_is_not_ours(place)

    def fail() -> None:
        with replaced_at_the_end(place) as unfinished:
            (unfinished / "half").touch()
            raise AtlasError("a page names what is not there")

    with pytest.raises(AtlasError):
        fail()
    assert [path.name for path in place.iterdir()] == [MANIFEST]
    with replaced_at_the_end(place) as unfinished:
        (unfinished / "new").touch()
    assert [path.name for path in tmp_path.rglob("*")] == ["site", "new"]
    assert place.stat().st_mode & 0o777 == 0o755

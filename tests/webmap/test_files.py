"""Files over HTTP: headers, records, what visitors get, and what is left when something breaks."""

import re
import socket
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient

from gis.config import Settings
from gis.database.connection import Database
from gis.domain.access import Role
from gis.domain.collections import PUBLIC, REGISTER
from gis.errors import UnavailableError
from gis.services.exports.formats import BY_ENDING, FORMATS, Format
from gis.services.folders import own_folder
from tests.services.export_files import READERS
from tests.webmap.conftest import PUBLISHED_ON, SignedIn
from webmap import create_app, sending
from webmap.cookies import SESSION

ENDINGS = [each.ending for each in FORMATS]


@pytest.fixture
def temporary(
    app: Flask, released: Flask, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """Where files are made while they are not whole."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    for each in (app, released):
        own = partial(own_folder, replace(settings, home=folder / "home"))
        monkeypatch.setattr(each.extensions["atlas_sending"], "folder", own)
    return folder


def left(temporary: Path) -> list[Path]:
    """What is left there, besides the place where such folders are made."""
    return [each for each in temporary.rglob("*") if not re.fullmatch(r"home|reading-\d+|lock", each.name)]


@pytest.fixture
def anyone(released: Flask) -> FlaskClient:
    return released.test_client()


@pytest.mark.parametrize("file_format", FORMATS, ids=ENDINGS)
def test_visitors_get_a_release_in_every_format(
    anyone: FlaskClient, tmp_path: Path, temporary: Path, file_format: Format
) -> None:
    for collection in ("sites", "centres"):
        answer = anyone.get(f"/exports/{collection}.{file_format.ending}?region=64")
        assert (answer.status_code, answer.mimetype) == (200, file_format.media_type)
        assert answer.headers["X-Release"] == str(PUBLISHED_ON)
        assert answer.headers["Cache-Control"] == "public, max-age=60"
        assert 'rel="license"' in answer.headers["Link"]
        name = f"{collection}.{file_format.ending}"
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
        path = tmp_path / name
        path.write_bytes(answer.data)
        rows = READERS[file_format.ending](path)
        assert len(rows) == int(answer.headers["X-Feature-Count"]) > 0
        hidden = set(REGISTER[collection].names) - set(PUBLIC[collection].names)
        assert not hidden & set(rows[0])
        if collection == "centres":
            assert {row["geom"] for row in rows} == {None}
        path.unlink()
    assert left(temporary) == []


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_file_of_a_release_is_the_same_bytes_each_time(
    anyone: FlaskClient, released: Flask, ending: str
) -> None:
    first = anyone.get(f"/exports/sites.{ending}?region=64")
    released.extensions["atlas_sending"].kept.clear()
    time.sleep(1.01 if ending in ("xlsx", "gpkg") else 0)  # they hold times, of which none may be of now
    again = anyone.get(f"/exports/sites.{ending}?region=64")
    assert again.headers["Digest"] == first.headers["Digest"]
    assert again.data == first.data


def test_a_restricted_file_is_recorded_and_bears_the_number(
    signed_in: SignedIn, demo_database: Database
) -> None:
    answer = signed_in(Role.province, "64").get(
        "/exports/sites.gpkg?status=closed&site_type=lokalisasi&sortby=-name"
    )
    found = re.search(r'filename="sites-(\d+)\.gpkg"', answer.headers["Content-Disposition"])
    assert found
    assert answer.headers["X-Export-Record"] == found[1]
    with demo_database.transaction() as connection:
        ((detail,),) = connection.execute(
            "SELECT detail FROM register.audit WHERE uid = %s", [int(found[1])]
        ).fetchall()
    assert (detail["format"], detail["status"], detail["site_type"]) == ("gpkg", ["closed"], "lokalisasi")
    assert detail["filter"]["sortby"] == "-name"
    assert detail["rows"] == int(answer.headers["X-Feature-Count"])


def test_a_file_that_is_not_read_holds_neither_a_connection_nor_a_name(
    released: Flask, signed_in: SignedIn, demo_database: Database, temporary: Path
) -> None:
    client = signed_in()
    answer = client.get("/exports/regencies.geojson", buffered=False)
    assert left(temporary) == []
    with demo_database.transaction() as connection:
        (busy,) = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND usename = 'atlas_app' AND state <> 'idle'"
        ).fetchone() or (None,)
    assert busy == 0
    assert len(b"".join(answer.response)) == answer.content_length
    answer.close()


@pytest.mark.parametrize("ending", ["geojson", "csv", "fgb"])
def test_a_database_that_breaks_off_is_503_and_no_file(
    client: FlaskClient,
    demo_database: Database,
    temporary: Path,
    monkeypatch: pytest.MonkeyPatch,
    ending: str,
) -> None:
    def write(self: Format, features: Any, path: Path) -> None:
        path.write_bytes(b"half")
        reading: Any = features._connection
        with demo_database.transaction() as connection:
            connection.execute("SELECT pg_terminate_backend(%s)", [reading.info.backend_pid])
        reading.execute("SELECT 1")

    monkeypatch.setattr(Format, "write", write)
    answer = client.get(f"/exports/sites.{ending}")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert "Content-Disposition" not in answer.headers
    assert left(temporary) == []


def test_a_record_stands_before_the_first_byte(
    client: FlaskClient, demo_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[Any] = []

    def write(self: Format, features: Any, path: Path) -> None:
        number = int(features.about()["export_record"])
        with demo_database.transaction() as connection:
            query = "SELECT detail FROM register.audit WHERE uid = %s"
            found.extend(connection.execute(query, [number]).fetchall())
        raise UnavailableError("in the middle")

    monkeypatch.setattr(Format, "write", write)
    assert client.get("/exports/sites.geojson").status_code == 503
    assert found[0][0]["rows"] > 0


def test_what_a_format_does_not_hold_leaves_no_record(
    client: FlaskClient, demo_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def count() -> Any:
        with demo_database.transaction() as connection:
            return connection.execute(
                "SELECT count(*) FROM register.audit WHERE action = 'export'"
            ).fetchone()

    monkeypatch.setitem(BY_ENDING, "xlsx", replace(BY_ENDING["xlsx"], max_rows=3))
    before = count()
    answer = client.get("/exports/sites.xlsx")
    assert (answer.status_code, "at most 3 rows" in answer.text) == (400, True)
    assert count() == before


def test_many_files_at_once_wait_for_no_connection(app: Flask, signed_in: SignedIn) -> None:
    clients = [signed_in() for _ in range(12)]
    with ThreadPoolExecutor(len(clients)) as threads:
        answers = list(threads.map(lambda each: each.get("/exports/sites.geojson"), clients))
    assert {each.status_code for each in answers} == {200}
    assert len({each.headers["X-Export-Record"] for each in answers}) == len(clients)


def test_a_file_of_the_register_is_read_as_a_whole(client: FlaskClient) -> None:
    answer = client.get("/exports/sites.geojson", headers={"Range": "bytes=10-19"})
    assert (answer.status_code, answer.headers["Accept-Ranges"]) == (200, "none")
    assert len(answer.data) == answer.content_length


def test_parts_of_a_release_are_of_a_file_that_is_kept(
    anyone: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = anyone.get("/exports/sites.fgb?region=35")
    monkeypatch.setattr(Format, "write", None)  # nothing is written any more
    part = anyone.get("/exports/sites.fgb?region=35", headers={"Range": "bytes=-100"})
    assert (part.status_code, part.data) == (206, whole.data[-100:])
    other = anyone.get("/exports/sites.fgb?region=35")
    assert (other.data, other.headers["Digest"]) == (whole.data, whole.headers["Digest"])


def test_no_more_than_some_large_answers_are_on_their_way(
    settings: Settings, demo_database: Database, signed_in: SignedIn, as_app: Callable[[Database], Database]
) -> None:
    narrow = create_app(replace(settings, threads=2), as_app(demo_database))  # one of them may send much
    cookie = signed_in().get_cookie(SESSION)
    assert cookie is not None
    client = narrow.test_client()
    client.set_cookie(SESSION, cookie.value)
    large, items = "/exports/regencies.geojson", "/ogc/collections/regencies/items"
    for unread in (large, items):
        answer = client.get(unread)
        for asked in (large, items):
            refused = client.get(asked)
            assert (refused.status_code, refused.headers["Retry-After"]) == (503, "10")
            assert refused.mimetype == "application/problem+json"
            assert refused.headers["X-Content-Type-Options"] == "nosniff"
        assert client.get("/health").status_code == 200
        answer.close()
        assert client.head(large).status_code == 200  # it gives its room back as well
        after = client.get(large)
        assert after.status_code == 200
        after.close()


def test_who_takes_nothing_is_cut_off(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "STALLED_S", 1)
    browser, server = socket.socketpair()
    with browser, server:
        client.get("/health", environ_overrides={"gunicorn.socket": server})
        with pytest.raises(BlockingIOError):
            server.sendall(bytes(10_000_000))


def test_a_file_for_excel_in_indonesia(client: FlaskClient) -> None:
    answer = client.get("/exports/sites.csv?locale=id")
    assert answer.data.startswith(b"\xef\xbb\xbfid;name;")
    assert answer.mimetype == "text/csv"


@pytest.mark.parametrize(
    ("address", "status", "word"),
    [
        ("/exports/sites.csv?locale=fr", 400, "locale"),
        ("/exports/sites.gpkg?locale=id", 400, "only csv"),
        ("/exports/sites.gpkg?crs=http://www.opengis.net/def/crs/EPSG/0/3857", 400, "CRS84"),
        ("/exports/centres.csv?status=closed", 400, "status"),
        ("/exports/sites.doc", 404, ""),
        ("/exports/people.csv", 404, ""),
        ("/exports/sites.qml?x=1", 400, "release"),
        *(
            (f"/exports/{name}.geojson?{query}", 400, f"{query.partition('=')[0]}: found ")
            for name in ("sites", "provinces")
            for query in (
                *("bbox=abc", "bbox=nan,nan,nan,nan", "datetime=garbage", "filter=nosuch=1", "nosuch=1"),
                *("name=a%00b", "sortby=nosuch", "properties=nosuch", "limit=5"),
            )
        ),
    ],
)
def test_what_is_not_offered_is_refused(client: FlaskClient, address: str, status: int, word: str) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    assert word in answer.text


def test_filters_and_properties_hold_in_every_format(client: FlaskClient) -> None:
    asked = "filter=status_group='closed' AND people > 100&properties=name,people&sortby=-people"
    rows = client.get(f"/exports/sites.csv?{asked}").text.splitlines()
    assert rows[0] == "name,people,lon,lat,wkt"
    people = [int(row.rsplit(",", 4)[1]) for row in rows[1:] if row.endswith(",")]
    assert people
    assert people == sorted(people, reverse=True)
    assert min(people) > 100


@pytest.mark.parametrize("style", ["qml", "sld", "qlr"])
@pytest.mark.parametrize("collection", REGISTER)
def test_styles_are_xml_and_a_layer_names_the_api(anyone: FlaskClient, collection: str, style: str) -> None:
    answer = anyone.get(f"/exports/{collection}.{style}", base_url="http://localhost")
    text = answer.text
    ElementTree.fromstring(text)
    assert answer.mimetype == "application/xml"
    if style == "qlr":
        assert "url='http://localhost/ogc' typename='" + collection in text
    if collection == "sites":
        assert all(group in text for group in ("active", "planned", "closed", "reactivated"))


def test_colours_are_those_of_the_map() -> None:
    from gis.services.exports.styles import GROUP_COLOURS, SHARE_COLOURS

    css = (Path(__file__).parents[2] / "webmap" / "static" / "css" / "atlas.css").read_text()
    for group, colour in GROUP_COLOURS.items():
        assert f"--{group}: {colour};" in css
    for number, colour in enumerate(SHARE_COLOURS, start=1):
        assert f"--share-{number}: {colour};" in css

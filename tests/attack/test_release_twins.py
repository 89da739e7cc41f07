"""Two registers that differ only in what is hidden, and publish the same figures, are one to a visitor."""

import os
import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from itertools import product
from statistics import median
from time import perf_counter_ns
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from gis.config import Settings
from gis.database.connection import Database
from gis.database.login_roles import VISITOR
from gis.domain.collections import PUBLIC as COLLECTIONS
from gis.services.exports.formats import FORMATS
from gis.services.publication import publish
from tests.conftest import TestServer
from tests.webmap.conftest import BufferedClient
from webmap import create_app, public
from webmap.links import without_language

PUBLISHED_ON = date(2026, 11, 24)
MARK = "zorbulak"
# Everything of a hidden site, people within a step of ten, what is not approved, what is inside: none of it
# is in a release.
HIDDEN = f"""
UPDATE register.site s
SET name = '{MARK} ' || s.id, alternative_names = '{{{MARK}}}', location_source = '{MARK}',
    source_url = 'https://{MARK}.id/',
    geom = ST_SetSRID(ST_MakePoint(ST_X(s.geom) + 0.0123, ST_Y(s.geom) + 0.0123), 4326)
WHERE GeometryType(s.geom) = 'POINT' AND s.id <> ALL (%(public)s);
UPDATE register.site s SET name = '{MARK} ' || s.id WHERE s.geom IS NULL AND s.id <> ALL (%(public)s);
INSERT INTO register.headcount (site_id, region_code, counted_on, n, definition, source, reported_on,
                                corrects_id)
SELECT h.site_id, h.region_code, h.counted_on, h.n + 1, h.definition, '{MARK}', h.reported_on, h.id
FROM register.headcount h WHERE h.id = ANY (%(within)s);
INSERT INTO register.event (site_id, kind, occurred_on, planned, source, note, reported_on)
SELECT s.id, 'closed', '2027-03-01', true, '{MARK}', '{MARK}', '2026-01-01'
FROM register.site s WHERE s.id <> ALL (%(public)s);
INSERT INTO register.event (site_id, kind, occurred_on, source, note, approved_at)
SELECT s.id, 'closed', '2026-02-01', '{MARK}', '{MARK}', NULL FROM register.site s;
INSERT INTO register.event (site_id, kind, occurred_on, source, note)
SELECT max(s.id), 'monitored', '2026-11-01', '{MARK}', '{MARK}'
FROM register.site s WHERE s.id = ANY (%(public)s);
"""
PUBLIC = "SELECT DISTINCT st.site_id FROM register.site_state st WHERE st.status_group = 'closed' ORDER BY 1"
# Counts, the only ones of their province and definition, to which one person may be added without any
# published number changing: both are from 1 to 9.
WITHIN = """
WITH latest AS (
    SELECT h.*, count(*) OVER (PARTITION BY left(h.region_code, 2), h.definition) AS others
    FROM register.headcount h JOIN register.site s ON s.id = h.site_id AND s.site_type = 'lokalisasi'
    WHERE NOT EXISTS (SELECT FROM register.headcount c WHERE c.corrects_id = h.id)
)
SELECT l.id FROM latest l WHERE l.definition = 'returned' AND l.others = 1 AND l.n BETWEEN 1 AND 8
"""
QUESTIONS = (
    *("", "?as_of=2016-02-22", f"?release={PUBLISHED_ON}", "?region=62"),
    *(
        "?as_of=2026-10-31&boundaries=today",
        "?region=64.72",
        "?status=active,planned",
        "?known_at=2020-01-01",
    ),
    *(
        "?bbox=113.9,-2.3,114.1,-2.1",
        "?level=regency&region=62",
        "?x=1",
        "?definition=returned",
        "?sortby=name",
    ),
)
ENDINGS = tuple(each.ending for each in FORMATS)
FEW = 4  # of the questions, for addresses that answer with many or large things
Side = tuple[Flask, Database]


@pytest.fixture(scope="module")
def twins(cluster: TestServer, demo_template: str, settings: Settings) -> Iterator[tuple[Side, Side]]:
    """The application over a register, and over its twin."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    with ExitStack() as stack:
        made = []
        for which in ("one", "other"):
            name = f"{demo_template}_{worker}_release_{which}"[:63]
            cluster.drop(name)
            cluster.clone(name, demo_template)
            database = stack.enter_context(Database(cluster.conninfo(name)))
            if which == "other":
                change_what_is_hidden(database)
            publish(database, "Twin", PUBLISHED_ON)
            app = create_app(
                settings,
                stack.enter_context(Database(cluster.app_conninfo(name))),
                stack.enter_context(Database(cluster.app_conninfo(name, VISITOR), read_only=True)),
            )
            app.test_client_class = BufferedClient
            made.append((app, database))
        yield made[0], made[1]


def change_what_is_hidden(database: Database) -> None:
    values = {"within": ask(database, WITHIN), "public": ask(database, PUBLIC)}
    assert values["within"]
    with database.transaction() as connection:
        for statement in HIDDEN.split(";\n"):
            if statement.strip():
                connection.execute(statement, values)


def ask(database: Database, query: str) -> list[int]:
    with database.transaction() as connection:
        return [row[0] for row in connection.execute(query)]


def hidden_ids(database: Database) -> list[int]:
    return sorted({*ask(database, "SELECT s.id FROM register.site s")} - {*ask(database, PUBLIC)})


def addresses(app: Flask, database: Database) -> list[str]:
    """Every public address, found in the route table, with many questions."""
    values = {
        "code": ("62", "64.72", "94.04", "99"),
        "site_id": (*hidden_ids(database)[:3], *ask(database, PUBLIC)[:3], 1),
        "level": ("province", "regency"),
        "release_id": (str(PUBLISHED_ON), "2020-01-01"),
        "collection_id": tuple(COLLECTIONS),
        "ending": ENDINGS,
        "key": (hidden_ids(database)[0], ask(database, PUBLIC)[0], "62", "64.72"),
        "style": ("qml", "sld", "qlr"),
        "matrix_set_id": ("WebMercatorQuad",),
        "z": (5,),
        "y": (16,),
        "x": (25, 26),
    }
    found = []
    urls = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or without_language(rule.endpoint) not in public.VIEWS:
            continue
        fixed = dict(rule.defaults or {})
        names = sorted(rule.arguments - set(fixed))
        for chosen in product(*(values[name] for name in names)):
            path = urls.build(rule.endpoint, {**fixed, **dict(zip(names, chosen, strict=True))})
            large = (*ENDINGS, "items")
            few = fixed or "site_id" in names or "key" in names or path.endswith(large)
            found.extend(path + question for question in QUESTIONS[: FEW if few else None])
    return found


def seen(client: FlaskClient, path: str) -> tuple[int, bytes, list[tuple[str, str]]]:
    answer = client.get(path)
    headers = sorted((name, value) for name, value in answer.headers if name != "Date")
    return answer.status_code, answer.data, headers


def hidden_texts(database: Database) -> re.Pattern[bytes]:
    """Names, ids and places, to a hundred metres, of the sites that are not public."""
    with database.transaction() as connection:
        rows = connection.execute(
            "SELECT s.id, trunc(ST_X(p)::numeric, 3), trunc(ST_Y(p)::numeric, 3)"
            " FROM register.site s LEFT JOIN LATERAL ST_PointOnSurface(s.geom) p ON true"
            " WHERE s.id = ANY (%(ids)s)",
            {"ids": hidden_ids(database)},
        ).fetchall()
    places = [rf"{lon}\d*,\s*{lat}\d" for _, lon, lat in rows if lon is not None]
    return re.compile("|".join([MARK, *(str(site_id) for site_id, *_ in rows), *places]).encode())


def test_every_public_view_is_asked(twins: tuple[Side, Side]) -> None:
    app, database = twins[0]
    urls = app.url_map.bind("localhost")
    asked = {
        without_language(str(urls.match(path.partition("?")[0])[0])) for path in addresses(app, database)
    }
    assert asked == set(public.VIEWS)


def test_twins_are_the_same_to_the_byte_and_nothing_hidden_is_in_any(twins: tuple[Side, Side]) -> None:
    (one, database), (other, changed) = twins
    first, second = one.test_client(), other.test_client()
    hidden = hidden_texts(changed)
    answered = 0
    for path in addresses(one, database):
        told = seen(second, path)
        assert told == seen(first, path), path
        found = hidden.findall(told[1] + repr(told[2]).encode())
        assert not [each for each in found if each not in path.encode()], path
        answered += told[0] == 200
    assert answered > 150


def test_absent_and_hidden_take_the_same_time(twins: tuple[Side, Side]) -> None:
    app, database = twins[0]
    client = app.test_client()
    hidden = hidden_ids(database)[0]
    took: dict[int, list[int]] = {hidden: [], hidden + 1: []}
    for _ in range(1_000):
        for site_id, times in took.items():
            began = perf_counter_ns()
            answer = client.get(f"/sites/{site_id}.geojson")
            times.append(perf_counter_ns() - began)
            assert answer.status_code == 404
    of_hidden, of_absent = (median(times) for times in took.values())
    # Of the same statement over the same rows; what other programs take of the processor is in both.
    assert abs(of_hidden - of_absent) < 0.1 * of_absent


def test_the_document_of_the_api_names_no_other_address(twins: tuple[Side, Side]) -> None:
    app, database = twins[0]
    urls = app.url_map.bind("localhost")
    document = app.test_client().get("/ogc/api").get_json()
    fill = {"z": "5", "y": "16", "x": "25", "tileMatrix": "5", "tileRow": "16", "tileCol": "25"}
    asked = {
        without_language(str(urls.match(path.partition("?")[0])[0])) for path in addresses(app, database)
    }
    for path, item in document["paths"].items():
        root = urlsplit(item.get("servers", document["servers"])[0]["url"]).path.rstrip("/")
        filled = re.sub(r"\{(\w+)\}", lambda found: fill.get(found[1], "1"), root + path)
        assert without_language(str(urls.match(filled)[0])) in asked, path
    assert len(document["paths"]) > 10

"""The server on both of its sides, over the demonstration data; one of it for all modules."""

import os
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from gis.config import Settings
from gis.database.connection import Database
from gis.database.login_roles import VISITOR
from gis.domain.access import Identity, Role
from gis.services.publication import publish
from tests.conformance.answers import Page, Side, pages
from webmap import create_app
from webmap.cookies import SESSION

PUBLISHED_ON = date(2026, 11, 24)
SIDES = ("visitor", "planner")
KINDS = ("all", "bbox", "limit", "datetime")


class BufferedClient(FlaskClient):
    """Reads each answer to its end and closes it, as a server does."""

    def open(self, *arguments: Any, **options: Any) -> TestResponse:
        return super().open(*arguments, **{"buffered": True, **options})


@pytest.fixture(scope="session")
def conforming(
    cluster: Any,
    demo_template: str,
    settings: Settings,
    actor: Callable[..., Identity],
    token_of: Callable[[Database, Identity], str],
) -> Iterator[dict[str, Side]]:
    """The server for a visitor and for a planner, with one release."""
    name = f"{demo_template}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_conformance"[:63]
    cluster.drop(name)
    cluster.clone(name, demo_template)
    with (
        Database(cluster.conninfo(name)) as owned,
        Database(cluster.app_conninfo(name)) as as_account,
        Database(cluster.app_conninfo(name, VISITOR)) as as_visitor,
    ):
        publish(owned, "First", PUBLISHED_ON)
        app = create_app(settings, as_account, as_visitor)
        token = token_of(owned, actor(owned, Role.planner))
        yield {side: Side(side, _client(app, token if side == "planner" else None)) for side in SIDES}
    cluster.drop(name)


def _client(app: Flask, token: str | None) -> FlaskClient:
    app.test_client_class = BufferedClient
    client = app.test_client()
    if token:
        client.set_cookie(SESSION, token)
    return client


@pytest.fixture(scope="session", params=SIDES)
def side(request: pytest.FixtureRequest, conforming: dict[str, Side]) -> Side:
    """The server for a visitor, and for a planner."""
    return conforming[request.param]


@pytest.fixture(scope="session", params=KINDS)
def some_pages(request: pytest.FixtureRequest, side: Side) -> list[Page]:
    """Pages of every collection: of all features, in boxes, of a number of them, of a time."""
    return pages(side, request.param)

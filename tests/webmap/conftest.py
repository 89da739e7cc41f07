"""The application over the demonstration register, and clients of it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from gis.config import Settings
from gis.database.connection import Database
from gis.domain.access import Identity, Role
from gis.services.publication import publish
from webmap import create_app
from webmap.cookies import SESSION

SignedIn = Callable[..., FlaskClient]


PUBLISHED_ON = date(2026, 11, 24)


class BufferedClient(FlaskClient):
    """Reads each answer to its end and closes it, as a server does."""

    def open(self, *arguments: Any, **options: Any) -> TestResponse:
        return super().open(*arguments, **{"buffered": True, **options})


@pytest.fixture(scope="module")
def app(settings: Settings, demo_database: Database, as_app: Callable[[Database], Database]) -> Flask:
    """The application, connected as its own role."""
    app = create_app(settings, as_app(demo_database))
    app.test_client_class = BufferedClient
    return app


@pytest.fixture(scope="module")
def released(
    settings: Settings,
    demo_database: Database,
    as_app: Callable[[Database], Database],
    as_visitor: Callable[[Database], Database],
) -> Flask:
    """The application with a public side: one release over the demonstration data."""
    publish(demo_database, "First", PUBLISHED_ON)
    app = create_app(settings, as_app(demo_database), as_visitor(demo_database))
    app.test_client_class = BufferedClient
    return app


@pytest.fixture(scope="module")
def signed_in(
    app: Flask,
    demo_database: Database,
    actor: Callable[..., Identity],
    token_of: Callable[[Database, Identity], str],
) -> SignedIn:
    """A client with a session of its own: `signed_in(Role.province, "64")`."""

    def made(role: Role = Role.planner, region_code: str | None = None) -> FlaskClient:
        client = app.test_client()
        client.set_cookie(SESSION, token_of(demo_database, actor(demo_database, role, region_code)))
        return client

    return made


@pytest.fixture(scope="module")
def client(signed_in: SignedIn) -> FlaskClient:
    """A client that is signed in as a planner."""
    return signed_in()


@pytest.fixture
def visitor(app: Flask) -> FlaskClient:
    """A client without a session."""
    return app.test_client()

"""The application over the demonstration register, and a client of it."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from gis.config import Settings
from gis.database.connection import Database
from webmap import create_app


@pytest.fixture(scope="module")
def app(settings: Settings, demo_database: Database) -> Flask:
    return create_app(settings, demo_database)


class BufferedClient(FlaskClient):
    """Reads each answer to its end and closes it, as a server does."""

    def open(self, *arguments: Any, **options: Any) -> TestResponse:
        return super().open(*arguments, **{"buffered": True, **options})


@pytest.fixture(scope="module")
def client(app: Flask) -> FlaskClient:
    app.test_client_class = BufferedClient
    return app.test_client()

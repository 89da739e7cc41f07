"""How answers leave: JSON, tables, cache and security headers, compression."""

import csv
import io
from collections.abc import Iterable
from datetime import date, datetime
from enum import Enum
from typing import Any

from flask import Response, current_app, g, render_template, request
from flask.json.provider import DefaultJSONProvider
from flask_compress import Compress

from gis.database.connection import Database
from gis.database.sessions import OpenSession

GEOJSON = "application/geo+json"
READING = ("GET", "HEAD", "OPTIONS")
COMPRESSED_TYPES = [
    "text/html",
    "text/css",
    "text/csv",
    "text/javascript",
    "application/json",
    "application/ld+json",
    GEOJSON,
    "application/vnd.mapbox-vector-tile",
    "application/problem+json",
    "image/svg+xml",
]
_SECURITY = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class JSONProvider(DefaultJSONProvider):
    """JSON with ISO 8601 dates and the keys in the order that they were given."""

    sort_keys = False
    ensure_ascii = False
    compact = True

    @staticmethod
    def default(value: Any) -> Any:
        """Dates as ISO 8601, members of an enumeration as their value."""
        if isinstance(value, date | datetime):
            return value.isoformat()
        if isinstance(value, Enum):
            return value.value
        raise TypeError(f"{type(value).__name__} has no JSON form")


def app_database() -> Database:
    """The register as the application itself reaches it: without an identity there are no rows in it."""
    found: Database = current_app.extensions["atlas_database"]
    return found


def database() -> Database:
    """The register as whoever asks may see it; what only reads cannot write."""
    session: OpenSession | None = g.get("session")
    if session is None:
        return app_database()
    return app_database().acting_as(session.identity, read_only=request.method in READING)


def plain(view: Any) -> Any:
    """A view as its JSON twin has it: dates are text, so that a page and its twin cannot differ."""
    return current_app.json.loads(current_app.json.dumps(view))


def page(template: str, **values: Any) -> str:
    """A page of a template; `view` among the values is made plain first."""
    return render_template(template, **{name: plain(value) for name, value in values.items()})


def dumped(value: Any) -> str:
    """A value as compact JSON."""
    return current_app.json.dumps(value)


def csv_rows(columns: Iterable[str], rows: Iterable[dict[str, Any]], name: str) -> Response:
    """A CSV of some columns (RFC 4180, UTF-8), to be saved under a name."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(columns), extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    response = Response(text.getvalue(), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def secured(response: Response) -> Response:
    """Headers of every answer; what names no other rule for caches is nobody's to keep."""
    for name, value in _SECURITY.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "private, no-store")
    return response


def compressed(response: Response, compress: Compress) -> Response:
    """Compress what is text, but no file: its length and digest speak of the bytes that are sent."""
    if "X-Feature-Count" in response.headers or request.method == "HEAD":
        return response
    answer: Response = compress.after_request(response)
    return answer

"""How answers leave: JSON, files with their checksum, cache and security headers, compression."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

from flask import Response, current_app, g, render_template, request
from flask.json.provider import DefaultJSONProvider
from flask_compress import Compress

from gis.database.connection import Database
from gis.database.sessions import OpenSession
from gis.services.exports.about import as_texts
from gis.services.exports.formats import Format
from gis.services.exports.writing import Written

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
CHUNK_BYTES = 1 << 16
#: What a file tells of itself that stands in headers too, for the formats that hold no metadata.
_TOLD = ("as_of", "known_at", "release", "export_record", "crs", "holds_synthetic_rows")
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


def file(stem: str, file_format: Format, write: Callable[[Path], Written]) -> Response:
    """A whole file, complete or not at all: it is written first, and the database connection given back.

    It has lost its name before its first byte leaves, so that nothing is left whatever happens to the answer.

    Parameters
    ----------
    stem : under which it is saved; the number of its record and its ending are put behind it
    file_format : of the file
    write : writes it to a path and says what it wrote
    """
    with TemporaryDirectory(prefix="atlas-export-") as folder:
        path = Path(folder) / f"{stem}.{file_format.ending}"
        receipt, about = write(path)
        content = path.open("rb")
    told = as_texts(about)
    name = "-".join((stem, *([told["export_record"]] if "export_record" in told else ())))
    response = Response(_chunks(content), mimetype=file_format.media_type)
    response.call_on_close(content.close)
    response.content_length = receipt.size
    response.headers["X-Feature-Count"] = str(receipt.features)
    response.headers["Digest"] = f"sha-256={receipt.digest_base64}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{file_format.ending}"'
    response.headers["Link"] = '</about>; rel="license", </about>; rel="describedby"'
    for key in _TOLD:
        if key in told:
            response.headers[f"X-{key.replace('_', '-').title()}"] = told[key]
    return response


def secured(response: Response) -> Response:
    """Headers of every answer; what names no other rule for caches is nobody's to keep."""
    for name, value in _SECURITY.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "private, no-store")
    return response


def compressed(response: Response, compress: Compress) -> Response:
    """Compress what is text, but no file: its length and digest speak of the bytes that are sent."""
    if "Digest" in response.headers or request.method == "HEAD":
        return response
    answer: Response = compress.after_request(response)
    return answer


def _chunks(spool: IO[bytes]) -> Iterator[bytes]:
    while chunk := spool.read(CHUNK_BYTES):
        yield chunk

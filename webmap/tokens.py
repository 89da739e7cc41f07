"""Requests of GIS programs, which send a personal token in place of a session's cookie.

As `Authorization: Bearer atlas_…`, or as the password of HTTP Basic, whatever the name: ArcGIS Pro, Excel and
older QGIS send nothing else. Real passwords are taken by neither. Who sends the header is asked by it alone:
if it names no token that holds, the answer is 401, and never what a visitor or a session of the browser gets.
"""

import base64
import binascii

from flask import g, request
from werkzeug.exceptions import Forbidden, HTTPException, Unauthorized

from gis.database.sessions import OpenSession
from gis.services import tokens
from webmap import responses

CHALLENGE = "WWW-Authenticate"
_READING = ("GET", "HEAD")
_FOLDERS = ("ogc", "exports", "tiles")
_ENDINGS = (".json", ".jsonld", ".csv", ".geojson", ".xlsx")
_CLOSED = ("manage", "account", "login", "logout")


class TokenError(HTTPException):
    """A request by a token that is refused.

    Attributes
    ----------
    challenge : of the header WWW-Authenticate (RFC 6750)
    """

    challenge: str


class TokenRefusedError(TokenError, Unauthorized):
    """The request names no token that holds."""

    description = (
        "no token that holds was sent: it is mistyped, has expired or was revoked; the page of the account"
        " makes another one, and a password is not taken here"
    )
    challenge = 'Bearer error="invalid_token"'


class TokenReadsDataError(TokenError, Forbidden):
    """The request asks with a token for what tokens are not for."""

    description = "a token reads data and does nothing else: sign in with a browser for this"
    challenge = 'Bearer error="insufficient_scope"'


def is_sent() -> bool:
    """Whether the request says by a token who asks, or tries to."""
    return "Authorization" in request.headers


def find() -> OpenSession:
    """Who asks by a token.

    Raises
    ------
    TokenReadsDataError : it is not asked to read data
    TokenRefusedError : the token does not hold, or is none
    """
    if request.method not in _READING or not is_data_address():
        raise TokenReadsDataError
    found = tokens.find(responses.app_database(), _given(request.headers["Authorization"]))
    if found is None:
        raise TokenRefusedError
    g.has_token = True
    return found


def is_data_address() -> bool:
    """Whether this address gives data to programs: of the API, a file, or the twin of a page."""
    rule = (request.url_rule.rule if request.url_rule else "").removeprefix("/en")
    first = rule.split("/")[1] if rule.startswith("/") else ""
    return first in _FOLDERS or (first not in _CLOSED and rule.endswith(_ENDINGS))


def _given(header: str) -> str:
    """The token of an Authorization header; empty if there is none in it."""
    scheme, _, value = header.partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    return _password(value.strip()) if scheme.lower() == "basic" else ""


def _password(value: str) -> str:
    try:
        return base64.b64decode(value, validate=True).partition(b":")[2].decode("ascii")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""

"""Visitors: which addresses answer without an account, from which release, and for how long that may be kept.

What is in `VIEWS` reads one release through a role of the database that can read nothing else; every other
address asks to sign in. A release never changes, so an answer is named by it (its ETag), and a conditional
request asks no database.
"""

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Annotated

from flask import Flask, Response, current_app, g, request
from flask.typing import ResponseReturnValue
from pydantic import Field
from werkzeug.exceptions import RequestedRangeNotSatisfiable

from gis.database.connection import Database
from gis.domain.access import Identity
from gis.domain.disclosure import PUBLIC_GROUPS
from gis.domain.releases import Release
from gis.services.public.moments import PublicView, ReleaseIndex, chosen
from webmap.links import FOREVER, without_language
from webmap.negotiation import asked_form
from webmap.parameters import Day, MomentParameters, Parameters, ViewParameters

View = Callable[..., ResponseReturnValue]
NEWEST = "public, max-age=60"
PROJECT = Path(__file__).resolve().parent.parent
PROGRAM_FILES = {".py", ".sql", ".html", ".css", ".js", ".mo", ".svg", ".geojson"}
#: Addresses that change with every new release, also where one is named.
LISTS = {"releases.list_page", "releases.list_json"}
#: Filled by the modules of public views: by endpoint, without the language of a page.
VIEWS: dict[str, View] = {}

ReleaseId = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(\.[0-9]{1,4})?$")]
RELEASE = Field(None, description="the id of a release, such as 2026-11-24")


class ReleaseParameters(Parameters):
    """Which release: one by its id, or the newest that is not later than a day."""

    release: ReleaseId | None = RELEASE
    known_at: Day | None = Field(None, description="a date as YYYY-MM-DD")


class NamedReleaseParameters(Parameters):
    """What tells the same on all days of a release: it may be named, or is the newest."""

    release: ReleaseId | None = RELEASE


class PublicParameters(ViewParameters):
    """What the address of a public page holds."""

    release: ReleaseId | None = RELEASE


def init_app(app: Flask, database: Database | None) -> None:
    """Keep the releases at hand, and tell templates which one they show.

    Parameters
    ----------
    app : the application
    database : as the role of visitors; none for an application without a public side
    """
    app.extensions["atlas_releases"] = ReleaseIndex(database) if database else None
    contact = app.extensions["atlas_settings"].contact
    app.context_processor(
        lambda: {"release": g.get("release"), "has_releases": has_releases(), "contact": contact}
    )


def answer(identity: Identity | None) -> ResponseReturnValue | None:
    """What a visitor gets at this address; none where it is not for visitors.

    A signed-in person gets it where he names a release, and, bound to a region, for the nation and other
    regions.

    Parameters
    ----------
    identity : the account that asks; none for a visitor

    Raises
    ------
    NotFoundError : there is no such release
    """
    view = VIEWS.get(own_endpoint())
    if view is None or request.method not in ("GET", "HEAD") or not _is_for(identity):
        return None
    asked = ReleaseParameters.read(request.args, lenient=True)
    index = releases()
    if index is None or (index.find() is None and asked.release is None):
        return None
    g.release = chosen(index, asked.release, asked.known_at)
    etag = _etag(g.release)
    if identity is None and etag in {tag.partition(":")[0] for tag in request.if_none_match.as_set()}:
        return _kept(Response(status=304), etag)
    response = current_app.make_response(view(**(request.view_args or {})))
    if identity is None:
        response = _kept(response, etag)
    if response.accept_ranges == "bytes":
        _offer_parts(response)
    return response


def view_of(asked: MomentParameters) -> PublicView:
    """The release of this request, the day of it that is meant, and the groups shown.

    Parameters
    ----------
    asked : the parameters of the address
    """
    moment = index().moment(g.release, asked.as_of, asked.boundaries)
    groups = asked.status if isinstance(asked, ViewParameters) else PUBLIC_GROUPS
    return PublicView(moment, asked.boundaries, tuple(group for group in PUBLIC_GROUPS if group in groups))


def database() -> Database:
    """The releases as visitors may read them."""
    return index().database


def index() -> ReleaseIndex:
    """The releases, where there must be some."""
    found = releases()
    if found is None:
        raise LookupError("an application without a public side was asked for a public view")
    return found


def releases() -> ReleaseIndex | None:
    """The releases; none for an application without a public side."""
    found: ReleaseIndex | None = current_app.extensions["atlas_releases"]
    return found


def has_releases() -> bool:
    """Whether there is something for visitors to see; the page of an error asks no database for it."""
    index = releases()
    if index is None or not index.is_empty or g.get("is_refusal"):
        return index is not None and not index.is_empty
    return index.find() is not None


def own_endpoint() -> str:
    """The endpoint of this request, without the language of a page."""
    return without_language(request.endpoint or "")


def _is_for(identity: Identity | None) -> bool:
    if identity is None or "release" in request.args:
        return True
    scope = identity.region_code
    if scope is None:
        return False
    noun = own_endpoint().partition("_")[0]
    code = str((request.view_args or {}).get("code", ""))
    return noun == "nation" or (noun == "region" and code != scope and not code.startswith(f"{scope}."))


def _kept(response: Response, etag: str) -> Response:
    if response.status_code in (200, 204, 304):  # an empty tile is kept as well
        response.set_etag(etag)
        is_named = "release" in request.args and own_endpoint() not in LISTS
        response.headers["Cache-Control"] = FOREVER if is_named else NEWEST
    return response


def _offer_parts(response: Response) -> None:
    """Send the part of a file that is asked for, as GDAL reads files (RFC 9110, 14)."""
    try:
        response.make_conditional(request, accept_ranges=True, complete_length=response.content_length)
    except RequestedRangeNotSatisfiable:
        response.close()
        raise


def _etag(release: Release) -> str:
    """Names what an address answers: the release, and the program and the contact that word it."""
    words = _program(current_app.extensions["atlas_settings"].contact or "")
    form = "-html" if own_endpoint().startswith("ogc.") and asked_form()[1] == "html" else ""
    return f"{release.id}-{release.checksum[:16]}-{words}{form}"


@cache
def _program(contact: str) -> str:
    digest = hashlib.sha256(contact.encode())
    for folder in ("gis", "webmap"):
        for path in sorted((PROJECT / folder).rglob("*")):
            if path.is_file() and path.suffix in PROGRAM_FILES:
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]

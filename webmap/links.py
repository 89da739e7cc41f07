"""Addresses: languages in the path, the state of a view in the query, static files by their content."""

import hashlib
import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, g, request, send_from_directory, url_for
from markupsafe import Markup, escape
from werkzeug.routing import BaseConverter, ValidationError

from gis.domain.lifecycle import StatusGroup

LANGUAGE_PREFIXES = {"id": "", "en": "/en"}
STATIC = Path(__file__).parent / "static"
STATE_PARAMETERS = ("as_of", "known_at", "release", "boundaries", "status", "tab")
TABBED = ("nation", "region")
# What the pages of a topic hold in their address beside that; their twins know it, and no status and tab.
OWN_PARAMETERS = {
    "aid": ("region", "payer", "aid_type", "definition"),
    "centres": ("region", "site"),
    "claims": ("region",),
    "people": ("region",),
    "plans": ("region", "state"),
}
# Of these, what pages of a release do not know: which site is meant, and what became of a plan.
NOT_PUBLIC = ("site", "state")
_STATE_AMPERSAND = re.compile(f"&amp;(?=(?:{'|'.join(STATE_PARAMETERS)})=)")
FOREVER = "public, max-age=31536000, immutable"


class RegionConverter(BaseConverter):
    """A Kemendagri code in a path: `64` or `35.76`."""

    regex = r"\d\d(?:\.\d\d)?"


class ReleaseConverter(BaseConverter):
    """The id of a release in a path: `2026-11-24` or `2026-11-24.2`."""

    regex = r"\d{4}-\d\d-\d\d(?:\.[1-9]\d{0,3})?"


class DayConverter(BaseConverter):
    """A date in a path: `2013-04-22`."""

    regex = r"\d{4}-\d\d-\d\d"

    def to_python(self, value: str) -> date:
        """The day that the text names; a text that names none is no address of ours."""
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise ValidationError from error

    def to_url(self, value: date) -> str:
        """The day as ISO 8601."""
        return value.isoformat()


def init_app(app: Flask) -> None:
    """Give templates their helpers, requests their language, and static files their address."""
    app.add_url_rule("/static/<path:name>", "static", _static)
    app.before_request(_find_language)
    app.context_processor(
        lambda: {
            "page_url": lambda endpoint, **values: _in_attribute(page_url(endpoint, **values)),
            "bare_url": bare_url,
            "twin_url": lambda ending: _in_attribute(twin_url(ending)),
            "static_url": static_url,
            "language": g.get("language", "id"),
            "other_language_url": _in_attribute(other_language_url()),
            "state": state(),
        }
    )


def state() -> dict[str, str]:
    """The parameters of this view that differ from the defaults, as they stand in the address."""
    own = OWN_PARAMETERS.get(_topic(_own_endpoint()), ())
    names = (*STATE_PARAMETERS, *(name for name in own if not ("release" in g and name in NOT_PUBLIC)))
    given = {name: ",".join(request.args.getlist(name)) for name in names if request.args.get(name)}
    if given.get("boundaries") == "then":
        del given["boundaries"]
    if set(given.get("status", "").split(",")) == set(StatusGroup):
        del given["status"]
    return given


def page_url(endpoint: str, **values: Any) -> str:
    """The address of a page in this language, with the state of this view.

    Parameters
    ----------
    endpoint : nation, region, site, downloads, about, or of a part of its own such as account.login
    values : parts of the path, and state parameters to change; None drops one
    """
    return _page_url(g.get("language", "id"), endpoint, values)


def bare_url(endpoint: str, **values: Any) -> str:
    """The address of a page in this language without the state of this view, as forms and accounts need it.

    Parameters
    ----------
    endpoint, values : as of `page_url`
    """
    return url_for(f"pages_{g.get('language', 'id')}.{endpoint}", **values)


def other_language_url() -> str | None:
    """This page with the same state in the other language; none where the request is no page."""
    endpoint = (request.endpoint or "").partition(".")
    if not endpoint[0].startswith("pages_") or request.method == "POST":
        return None
    other = "en" if g.language == "id" else "id"
    return _page_url(other, endpoint[2], request.view_args or {})


def twin_url(ending: str) -> str:
    """The same view as data.

    Parameters
    ----------
    ending : json, geojson or csv
    """
    path = request.path.rstrip("/")
    if path in LANGUAGE_PREFIXES.values():
        path += "/index"
    left_out = ("tab", "status") if _topic(_own_endpoint()) in OWN_PARAMETERS else ("tab",)
    query = {name: value for name, value in state().items() if name not in left_out}
    return f"{path}.{ending}" + (f"?{urlencode(query, safe=',')}" if query else "")


def static_url(name: str) -> str:
    """A static file under an address that changes with its content."""
    return url_for("static", name=name, v=_content_hash(STATIC / name, (STATIC / name).stat().st_mtime))


def layer_url(layer: dict[str, Any]) -> str:
    """The address of a region layer; it names the boundary files, so that its answer never changes."""
    return url_for(
        "map_layers.region_layer",
        level=layer["level"],
        vintage=layer["vintage"],
        parent=layer["parent_code"],
        v=layer["checksum"],
    )


def _page_url(language: str, endpoint: str, values: dict[str, Any]) -> str:
    known = (*STATE_PARAMETERS, *OWN_PARAMETERS.get(_topic(endpoint), ()))
    query = {**{name: value for name, value in state().items() if name in known}, **values}
    if endpoint not in TABBED:
        query.pop("tab", None)
    if _topic(endpoint) in OWN_PARAMETERS and endpoint != _own_endpoint():
        query.pop("status", None)
    address = url_for(f"pages_{language}.{endpoint}", **{k: v for k, v in query.items() if v is not None})
    return address.replace(
        "%2C", ","
    )  # allowed in a query as it is (RFC 3986, 3.4), and shorter in every row


def _in_attribute(address: str | None) -> Markup | None:
    """An address as it stands between double quotes; before the state of a view the ampersands as they are.

    HTML allows that where the name behind it begins no entity (as `reg` in `region` does). Written out, those
    of a view with all of its state would be many in a long table.
    """
    return None if address is None else Markup(_STATE_AMPERSAND.sub("&", escape(address)))  # noqa: S704


def without_language(endpoint: str) -> str:
    """An endpoint as `page_url` names it: that of a page without its language."""
    prefix, _, own = endpoint.partition(".")
    return own if prefix.removeprefix("pages_") in LANGUAGE_PREFIXES else endpoint


def _own_endpoint() -> str:
    """The endpoint of this page, as `page_url` names it; empty where the request is none."""
    prefix, _, endpoint = (request.endpoint or "").partition(".")
    return endpoint if prefix.startswith("pages_") else ""


def _topic(endpoint: str) -> str:
    """The topic that a page belongs to; empty for the pages that belong to none."""
    return endpoint.rpartition(".")[0]


def _find_language() -> None:
    prefix = LANGUAGE_PREFIXES["en"]
    g.language = "en" if request.path == prefix or request.path.startswith(f"{prefix}/") else "id"


def _static(name: str) -> Response:
    response = send_from_directory(STATIC, name)
    # Compression wraps a streamed file and never closes it; these are small, so they are read at once.
    response.direct_passthrough = False
    response.make_sequence()
    if request.args.get("v"):
        response.headers["Cache-Control"] = FOREVER
    return response


@cache
def _content_hash(path: Path, changed_at: float) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]

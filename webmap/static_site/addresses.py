"""Where an address of the application lies among files, and how files name each other.

A file server knows no query. So a page is the `index.html` of a folder, and what a query chooses becomes part
of the path: `/claims?region=64` is `/claims/region-64/`. What the script of an overview reads stays a query.
"""

import html
import re
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

from webmap.links import OWN_PARAMETERS, STATE_PARAMETERS

#: Never part of a path: which release is what all files are of, and `v` names a content that has one address.
LEFT_OUT = {"release", "known_at", "v"}
#: What the script of an overview reads.
IN_BROWSER = tuple(name for name in STATE_PARAMETERS if name not in LEFT_OUT)
_UNSAFE = re.compile(r"[^\w.,-]")
_ENDING = re.compile(r"\.[a-z]\w*$")
_DATA_OF_ENGLISH = re.compile(r"^/en(?=/.*\.(?:json|geojson|csv)$)")
_OVERVIEW = re.compile(r"^(/en)?/?$|^(/en)?/regions/[\d.]+/?$")
_IN_HTML = re.compile(r'(\s(?:href|src|data-[a-z-]+)=")(/[^"]*)(?=")')
_IN_JSON = re.compile(r'("(?:url|href)":")(/[^"]*)(?=")')
_IN_TEXT = {".html": _IN_HTML, ".json": _IN_JSON, ".geojson": _IN_JSON}


class Place(NamedTuple):
    """Where an address lies.

    Parameters
    ----------
    asked : what the application is asked for
    file : within the folder
    address : how other files name it, without a fragment
    """

    asked: str
    file: str
    address: str


def place_of(address: str) -> Place:
    """Where an address of the application lies.

    Parameters
    ----------
    address : a path, with or without a query and a fragment
    """
    parts = urlsplit(address)
    path = _DATA_OF_ENGLISH.sub("", parts.path)
    given = [(name, value) for name, value in parse_qsl(parts.query) if value]
    ending = _ENDING.search(path)
    if path.startswith("/static/"):
        return Place(path, path[1:], path + (f"?{parts.query}" if parts.query else ""))
    if ending is None:
        return _page(path.rstrip("/"), given)
    chosen = sorted((name, value) for name, value in given if name not in LEFT_OUT)
    stem = path[: ending.start()] + _folder(chosen)
    return Place(_asked(path, chosen), stem[1:] + ending[0], stem + ending[0])


def rewritten(text: str, ending: str, base: str, found: Callable[[str], Place | None]) -> str:
    """A document whose addresses are those of files.

    Parameters
    ----------
    text : as the application answers
    ending : of its name
    base : the path beneath which the files will lie, without a slash at the end
    found : told each address that stands in it; gives its place, or none where it stays as it is
    """
    pattern = _IN_TEXT.get(ending)
    if pattern is None:
        return text
    is_html = ending == ".html"

    def replaced(match: re.Match[str]) -> str:
        raw = html.unescape(match[2]) if is_html else match[2]
        place = found(raw)
        if place is None:
            return match[0]
        fragment = urlsplit(raw).fragment
        address = base + place.address + (f"#{fragment}" if fragment else "")
        return match[1] + (html.escape(address) if is_html else address)

    return pattern.sub(replaced, text)


def _page(path: str, given: list[tuple[str, str]]) -> Place:
    own = OWN_PARAMETERS.get(path.removeprefix("/en").strip("/"), ())
    chosen = sorted((name, value) for name, value in given if name in own)
    kept = [(name, value) for name, value in given if name in IN_BROWSER] if _OVERVIEW.match(path) else []
    folder = path + _folder(chosen)
    query = f"?{urlencode(kept, safe=',')}" if kept else ""
    return Place(_asked(path or "/", chosen), f"{folder}/index.html"[1:], f"{folder}/{query}")


def _folder(chosen: list[tuple[str, str]]) -> str:
    return "".join(f"/{name}-{_UNSAFE.sub('_', value)}" for name, value in chosen)


def _asked(path: str, chosen: list[tuple[str, str]]) -> str:
    return path + (f"?{urlencode(chosen, safe=',')}" if chosen else "")

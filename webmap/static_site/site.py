"""Asks the application for every public address of one release, and writes what it answers."""

import hashlib
import html
import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.routing import Rule

from gis.domain.releases import Release
from gis.errors import AtlasError, NotFoundError
from gis.services.public.moments import ReleaseIndex
from webmap import public
from webmap.links import without_language
from webmap.static_site.addresses import Place, place_of, rewritten
from webmap.static_site.pages import without_forms

MANIFEST = "manifest.json"
FORMAT = "closure-atlas static site 1"
#: Addresses that stand in pages for a script to fill in, or to ask a server for.
PATTERNS = {"/sites/0", "/en/sites/0", "/regions/00.00", "/en/regions/00.00", "/map/sites.geojson"}
#: Asked with a box that only a visitor's map knows; its sites are in release.json.
OF_A_SERVER = ("catalog.", "ogc.", "tiles.")  # what answers questions is nothing without who answers
OF_A_MAP = {"map_layers.sites"}
NOWHERE = "http://static.invalid"
THREADS = 4
_CODE = re.compile(r"(?:/regions/|[?&](?:region|parent)=)(\d\d(?:\.\d\d)?)(?=$|[.?&])")
_IS_DATA = re.compile(r"\.[a-z]\w*$")
NO_RELEASE = "there is no release yet; `atlas publish` makes one"

Report = Callable[[int, int], None]


class File(NamedTuple):
    """A file that was written."""

    path: str
    size: int
    sha256: str


class Taken(NamedTuple):
    """What became of some addresses.

    Parameters
    ----------
    files : that were written
    named : addresses that stand in them
    absent : files of which there is nothing
    """

    files: list[File]
    named: list[Place]
    absent: set[str]


class OneRelease(ReleaseIndex):
    """As if a release were the only one: its files do not change when a newer one is made."""

    def __init__(self, index: ReleaseIndex, release: Release) -> None:
        super().__init__(index.database)
        self.release = release

    def all(self) -> list[Release]:
        """The release."""
        return [self.release]

    def find(self, release_id: str | None = None, known_at: date | None = None) -> Release | None:
        """The release; none where another one is meant."""
        return self.release if release_id in (None, self.release.id) else None


class Site:
    """The public side of a release, to be written into a folder.

    Parameters
    ----------
    app : with a public side; it serves nothing else from here on
    release_id : none for the newest
    url : where the files will be served from, for citations and examples; without one they name paths alone
    codes : of the regions that get a page; none for all

    Raises
    ------
    NotFoundError : there is no such release
    """

    def __init__(
        self, app: Flask, release_id: str | None = None, url: str = "", codes: Collection[str] | None = None
    ) -> None:
        index: ReleaseIndex = app.extensions["atlas_releases"]
        release = index.find(release_id)
        if release is None:
            raise NotFoundError(
                f"release {release_id}: there is none" if release_id else "there is no release"
            )
        app.extensions["atlas_releases"] = OneRelease(index, release)
        app.config["TRUSTED_HOSTS"] = [*app.config["TRUSTED_HOSTS"], urlsplit(NOWHERE).hostname]
        app.jinja_env.globals["is_static"] = True
        self.app, self.release, self.codes = app, release, codes
        self.url = url.rstrip("/")
        self.base = urlsplit(self.url).path

    def write(self, folder: Path, report: Report = lambda _done, _total: None) -> list[File]:
        """Write every file, and at last the manifest that names them with their checksums.

        Parameters
        ----------
        folder : empty
        report : told how many files there are, of how many that are known of

        Raises
        ------
        AtlasError : a page names an address that is not for visitors
        """
        lost = self._filed((self._answer("/404", expected=404) or b"").decode(), "/404", ".html", [])
        files = [self._written(folder, "404.html", lost.encode())]
        known = {place.file: place for place in self._addresses()}
        linked: set[str] = set()
        absent: set[str] = set()
        waiting = list(known.values())
        with ThreadPoolExecutor(THREADS) as threads:
            while waiting:
                found: dict[str, Place] = {}
                for taken in threads.map(lambda places: self._take(folder, places), _related(waiting)):
                    files += taken.files
                    absent |= taken.absent
                    linked |= {place.file for place in taken.named}
                    found |= {place.file: place for place in taken.named if place.file not in known}
                    report(len(files), len(known) + len(found) + 1)
                known |= found
                waiting = list(found.values())
        if absent & linked:
            raise AtlasError(f"nothing was written: pages name {min(absent & linked)}, which is not there")
        self._write_manifest(folder, files)
        return sorted(files)

    def _take(self, folder: Path, places: list[Place]) -> Taken:
        taken = Taken([], [], set())
        for place in places:
            body = self._answer(place.asked)
            if body is None:
                taken.absent.add(place.file)
                continue
            ending = Path(place.file).suffix
            if ending in (".html", ".json", ".geojson"):
                body = self._filed(body.decode(), place.asked, ending, taken.named).encode()
            taken.files.append(self._written(folder, place.file, body))
        return taken

    def _filed(self, text: str, asked: str, ending: str, named: list[Place]) -> str:
        def found(address: str) -> Place | None:
            place = place_of(address)
            if urlsplit(address).path not in PATTERNS and self._is_wanted(place.asked):
                named.append(place)
            return place

        if ending == ".html":
            text = without_forms(text, asked.partition("?")[0])
        text = rewritten(text, ending, self.base, found)
        return text.replace(html.escape(NOWHERE), html.escape(self.url)).replace(NOWHERE, self.url)

    def _answer(self, asked: str, expected: int = 200) -> bytes | None:
        """What an address answers; none where there is nothing."""
        accept = {"Accept": "text/html" if not re.search(r"\.[a-z]\w*(\?|$)", asked) else "*/*"}
        with self.app.test_client(use_cookies=False) as client:
            answer = client.get(asked, base_url=NOWHERE, headers=accept, buffered=True)
            if answer.status_code == 404 != expected:
                return None
            if answer.status_code != expected:
                raise AtlasError(f"nothing was written: {asked} answers {answer.status_code} to a visitor")
            body: bytes = answer.data
        return body

    def _is_wanted(self, asked: str) -> bool:
        code = _CODE.search(asked)
        return self.codes is None or code is None or code[1] in self.codes

    def _written(self, folder: Path, path: str, body: bytes) -> File:
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(body)
        return File(path, len(body), hashlib.sha256(body).hexdigest())

    def _write_manifest(self, folder: Path, files: Iterable[File]) -> None:
        told = {
            "format": FORMAT,
            "release": self.release.id,
            "checksum": self.release.checksum,
            "files": {file.path: {"size": file.size, "sha256": file.sha256} for file in sorted(files)},
        }
        (folder / MANIFEST).write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")

    def _addresses(self) -> Iterator[Place]:
        """Every address of the table of routes that visitors may ask for; pages name the others."""
        document = json.loads(self._answer("/release.json") or b"")
        values = {
            "code": sorted(
                {region["code"] for region in document["regions"]} & set(self.codes or _codes(document))
            ),
            "site_id": [site["id"] for site in document["sites"]] if self.codes is None else [],
            "release_id": [self.release.id],
        }
        adapter = self.app.url_map.bind("localhost")
        for rule in self.app.url_map.iter_rules():
            if "GET" in (rule.methods or ()) and _is_public(rule) and rule.endpoint not in OF_A_MAP:
                yield from (
                    place_of(adapter.build(rule.endpoint, given)) for given in _arguments(rule, values)
                )


def _codes(document: Mapping[str, Any]) -> set[str]:
    return {region["code"] for region in document["regions"]}


def _related(places: Iterable[Place]) -> list[list[Place]]:
    """A page, its other language and its twins together, since the application makes them of one view."""
    found: dict[str, list[Place]] = {}
    for place in places:
        stem = place.file.removeprefix("en/").removesuffix("/index.html")
        found.setdefault(_IS_DATA.sub("", stem), []).append(place)
    return list(found.values())


def _is_public(rule: Rule) -> bool:
    endpoint = without_language(rule.endpoint)
    return endpoint in public.VIEWS and not endpoint.startswith(OF_A_SERVER)


def _arguments(rule: Rule, values: Mapping[str, list[Any]]) -> Iterator[dict[str, Any]]:
    """All that a route may be asked; what has no values here is found in pages, or not at all."""
    fixed = dict(rule.defaults or {})
    names = sorted(rule.arguments - set(fixed))
    for chosen in product(*(values.get(name, ()) for name in names)):
        yield {**fixed, **dict(zip(names, chosen, strict=True))}

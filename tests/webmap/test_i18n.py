"""Words, numbers and dates in both languages; no text of a template without its Indonesian."""

import re
import string
from collections.abc import Callable
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po
from flask import Flask, g

from gis.config import PROJECT_DIRECTORY
from gis.domain.lifecycle import StatusGroup
from webmap import i18n

WEBMAP = PROJECT_DIRECTORY / "webmap"


@pytest.fixture
def plain_app() -> Flask:
    app = Flask("words")
    i18n.init_app(app)
    return app


def said(app: Flask, language: str, speak: Callable[[], str]) -> str:
    with app.test_request_context():
        g.language = language
        return speak().replace(i18n.NO_BREAK_SPACE, " ")


@pytest.mark.parametrize(
    ("speak", "indonesian", "english"),
    [
        (lambda: i18n.number(1234), "1.234", "1,234"),
        (lambda: i18n.number(25.94, 1), "25,9", "25.9"),
        (lambda: i18n.number(17.0, 1), "17", "17"),
        (lambda: i18n.number(None), "–", "–"),
        (lambda: i18n.percent(0.457), "45,7 %", "45.7%"),
        (lambda: i18n.percent(None), "–", "–"),
        (lambda: i18n.rupiah(3_000_000), "Rp 3.000.000", "Rp 3,000,000"),
        (lambda: i18n.day("2016-02-22"), "22 Februari 2016", "22 February 2016"),
        (lambda: i18n.day("2016-02-22", "month"), "Februari 2016", "February 2016"),
        (lambda: i18n.day("2016-02-22", "year"), "2016", "2016"),
        (lambda: i18n.day("2016-02-22T01:02:03Z", "day", "short"), "22 Feb 2016", "22 Feb 2016"),
        (lambda: i18n.month("2022-01-10"), "Januari 2022", "January 2022"),
        (lambda: str(i18n.STATUS_WORDS["active"]), "aktif", "active"),
        (lambda: str(i18n.STATUS_WORDS["planned"]), "direncanakan", "planned"),
        (lambda: str(i18n.STATUS_WORDS["closed"]), "ditutup", "closed"),
        (
            lambda: str(i18n.STATUS_WORDS["reactivated"]),
            "terindikasi aktif kembali",
            "reportedly active again",
        ),
    ],
)
def test_both_languages(plain_app: Flask, speak: Callable[[], str], indonesian: str, english: str) -> None:
    assert said(plain_app, "id", speak) == indonesian
    assert said(plain_app, "en", speak) == english


def test_every_status_has_a_word() -> None:
    assert set(i18n.STATUS_WORDS) == set(StatusGroup)


def texts_in_use() -> set[str]:
    """Every text that templates and modules mark for translation; of a plural its singular."""
    with (WEBMAP / "translations" / "babel.cfg").open() as source:
        methods, options = parse_mapping_cfg(source)
    found = extract_from_dir(
        WEBMAP, methods, options, keywords={"_": None, "_l": None, "gettext": None, "ngettext": (1, 2)}
    )
    return {text if isinstance(text, str) else text[0] for _, _, text, _, _ in found}


def test_catalogue_is_complete_and_holds_nothing_else() -> None:
    path = WEBMAP / "translations" / "id" / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as source:
        catalogue = read_po(source, locale="id", abort_invalid=True)
    known = {}
    for message in catalogue:
        if message.id:
            key = message.id if isinstance(message.id, str) else message.id[0]
            known[key] = message.string if isinstance(message.string, tuple) else (message.string,)
    assert set(known) == texts_in_use()
    assert [key for key, translated in known.items() if not all(translated)] == []


# Names and terms that are the same in both languages, and the names of the languages themselves.
SAME = {
    "GeoJSON", "CSV", "JSON", "Indonesia", "lokasi", "QGIS", "Excel", "R", "Python", "English",
    "Bahasa Indonesia", "closure-atlas", "CSV (UTF-8", "GeoJSON (RFC 7946",
    "OGC API", "OpenAPI", "OpenAPI 3.0", "DCAT", "JSON Schema", "HTML", "GDAL", "ArcGIS Pro", "curl", "R (sf",
    "Python (geopandas", "geometry", "filter (CQL2", "limit", "sortby", "properties",
}  # fmt: skip
MARKED = re.compile(
    r"{% block main_attributes %}.*?{% endblock %}|{%-?\s*trans\b.*?endtrans\s*-?%}|{#.*?#}|{{.*?}}|{%.*?%}",
    re.DOTALL,
)
FILE = re.compile(r"\w+\.(?:geojson|jsonld|json|csv)")
CODE = re.compile(r"<(pre|code|symbol)\b.*?</\1>", re.DOTALL)
SPOKEN = re.compile(r"\b(?:aria-label|title|alt|placeholder)=([\"'])(.*?)\1", re.DOTALL)


@pytest.mark.parametrize("path", sorted((WEBMAP / "templates").glob("*.html")), ids=lambda path: path.name)
def test_no_bare_text_in_a_template(path: Path) -> None:
    left = MARKED.sub("", CODE.sub("", path.read_text(encoding="utf-8")))
    spoken = [words for _, words in SPOKEN.findall(left)]
    texts = [*spoken, *re.sub(r"<[^>]*>", "\n", left).splitlines()]
    bare = {text.strip(" ·›:,.()\n") for text in texts if re.search(r"[A-Za-z]", text)}
    assert {text for text in bare - SAME if not FILE.fullmatch(text)} == set()


@pytest.mark.parametrize("path", sorted((WEBMAP / "static" / "js").glob("*.js")), ids=lambda path: path.name)
def test_scripts_hold_no_words(path: Path) -> None:
    # They come with the page, in its language; a sentence in quotes would be in one language alone.
    code = re.sub(r"^\s*//.*$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    quoted = [words for _, words in re.findall(r"([\"'`])((?:(?!\1).)*)\1", code)]
    assert [text for text in quoted if re.search(r"[A-Z][a-z]+ [a-z]+ [a-z]+", text)] == []


def test_catalogue_holds_nothing_uncertain() -> None:
    with (WEBMAP / "translations" / "id" / "LC_MESSAGES" / "messages.po").open("rb") as source:
        assert [message.id for message in read_po(source, locale="id") if message.id and message.fuzzy] == []


def test_translations_keep_the_places_of_values() -> None:
    path = WEBMAP / "translations" / "id" / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as source:
        catalogue = read_po(source, locale="id", abort_invalid=True)
    for message in catalogue:
        if not message.id:
            continue
        originals = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        for translated in strings:
            assert values_in(translated) == values_in(originals[0]), translated


def values_in(text: str) -> set[str]:
    return {part.split(")")[0] for part in text.split("%(")[1:]} - set(string.whitespace)

"""Reasons of imports in both languages."""

import re

import pytest
from flask import Flask, g

from gis.services.imports.refusals import PROBLEMS, REFUSALS, REMARKS, Problem, refusal
from webmap import i18n
from webmap.refusal_words import PROBLEM_WORDS, REFUSAL_WORDS, REMARK_WORDS, say_problem, say_refusal

WORDS = {**REFUSAL_WORDS, **PROBLEM_WORDS, **REMARK_WORDS}
# What the class of a record allows is told by its fields.
SENTENCES = {code: text for code, text in {**REFUSALS, **PROBLEMS, **REMARKS}.items() if code != "model"}
PLACES = re.compile(r"%\((\w+)\)s")


@pytest.fixture
def plain_app() -> Flask:
    app = Flask("words")
    i18n.init_app(app)
    return app


def test_every_reason_is_said_in_both_languages_with_all_that_it_holds(plain_app: Flask) -> None:
    assert set(WORDS) == set(SENTENCES)
    for language in ("en", "id"):
        with plain_app.test_request_context():
            g.language = language
            said = {code: str(words) for code, words in WORDS.items()}
        for code, sentence in SENTENCES.items():
            assert sorted(PLACES.findall(said[code])) == sorted(PLACES.findall(sentence)), code
            assert (said[code] == sentence) == (language == "en"), code


def test_a_reason_is_said_with_its_details(plain_app: Flask) -> None:
    with plain_app.test_request_context():
        g.language = "id"
        assert say_refusal(refusal("too_many_rows", limit=7)) == "tabel ini lebih dari 7 baris"
        known = Problem("regency", "Bogor", "region_ambiguous", {"allowed": "Kota Bogor (32.71)"})
        assert say_problem(known) == "salah satu dari Kota Bogor (32.71)"
        assert say_problem(Problem("wkt", None, "regency_only")).startswith("tempat tidak disebut")
        assert say_problem(Problem("name", "", "model", {"allowed": "a text"})) == "teks"

"""Every refusal that a person can meet on a page has its words in Indonesian.

The sentences are taken from where they are written: what the SQL files raise, what the packages raise, what
fields of records and parameters of addresses say that they take. A new one fails here until it stands in
`webmap/error_words.py` or `webmap/allowed_words.py`, or its module on the list of those that no page calls.
"""

import ast
import importlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from flask import Flask, g

from gis.config import PROJECT_DIRECTORY
from gis.domain.records.registry import CONTENT_OF
from gis.errors import ConflictError, InvalidInputError, RuleError
from webmap import error_words, i18n
from webmap.parameters import Parameters

MIGRATIONS = PROJECT_DIRECTORY / "gis" / "database" / "sql" / "migrations"
RAISE = re.compile(r"RAISE EXCEPTION\s+'((?:[^']|'')*)'")
# Sentences of the database that no page can show, each with the reason.
UNSHOWN = {
    "% is append-only": "no page writes to the trail",
    "% is append-only: enter a row that corrects this one": "no page changes a fact",
    "a release that is out is not added to (%)": "no page writes into a release",
    "regions of releases are not added to (%)": "no page writes regions",
    "looked at": "caught in the function that raises it",
    "no such batch": "a page that is not found says no more than that",
    "there is no account % with a direct connection": "by the command line alone",
}
# What stands for the places of a sentence where not anything may.
SAMPLES = {
    "row %: the site %": ("7", "was changed by somebody else in the meantime"),
    "the batch is %, this needs %": ("approved", "draft or returned"),
}
# Modules whose refusals no page shows, each with the reason.
ELSEWHERE = {
    "gis.cli": "the command line",
    "gis.config": "settings, read when the server starts",
    "gis.database.backup": "the command line",
    "gis.database.connection": "DATABASE_URL, read when the server starts",
    "gis.database.login_roles": "DATABASE_URL, read when the server starts",
    "gis.domain.crs": "the API, whose problems are in English",
    "gis.domain.filter": "the API, whose problems are in English",
    "gis.domain.tiles": "the API, whose problems are in English",
    "gis.services.exports": "files, whose problems are in English",
    "webmap.feature_parameters": "the API, whose problems are in English",
    "webmap.negotiation": "the API, whose problems are in English",
    "webmap.views.files": "files, whose problems are in English",
    "webmap.views.ogc": "the API, whose problems are in English",
    "webmap.views.tiles": "the API, whose problems are in English",
    "gis.domain.coordinates": "caught where cells and fields are read, which say it by a code",
    "gis.domain.dates": "caught where cells and fields are read, which say it by a code",
    "gis.domain.numbers": "caught where cells are read, which say it by a code",
    "gis.domain.places": "joining files, by the command line",
    "gis.services.accounts": "the forms of accounts say it by a code, before",
    "gis.services.backup": "the command line",
    "gis.services.boundar": "the command line",
    "gis.services.complete_files": "the command line",
    "gis.services.demo": "the command line",
    "gis.services.imports.refusals": "webmap/refusal_words.py says it by a code",
    "gis.services.join_": "joining files, by the command line",
    "webmap.static_site": "writing the public pages as files, by the command line",
}
SHOWN = {
    *("AtlasError", "InvalidInputError", "CrsMismatchError", "ConflictError", "ForbiddenError"),
    *("BusyError", "UnavailableError"),
}


@pytest.fixture
def plain_app() -> Flask:
    app = Flask("words")
    i18n.init_app(app)
    return app


def raised() -> Iterator[str]:
    for path in sorted(MIGRATIONS.glob("*.sql")):
        yield from (text.replace("''", "'") for text in RAISE.findall(path.read_text(encoding="utf-8")))


def filled(text: str) -> str:
    samples = iter(SAMPLES.get(text, ("64.72", "7", "8")))
    return re.sub("%", lambda _: next(samples), text)


def test_what_the_database_raises_has_words() -> None:
    every = set(raised())
    assert len(every) > 25
    assert {text for text in every - set(UNSHOWN) if not error_words.knows(filled(text))} == set()
    assert set(UNSHOWN) <= every, "the list holds what is not raised any more"


def modules() -> Iterator[tuple[str, Path]]:
    for package in ("gis", "webmap"):
        for path in sorted((PROJECT_DIRECTORY / package).rglob("*.py")):
            name = ".".join(path.relative_to(PROJECT_DIRECTORY).with_suffix("").parts)
            if not name.startswith(tuple(ELSEWHERE)):
                yield name, path


def sentences(node: ast.expr, within: list[ast.stmt], module: str) -> list[str]:
    """The texts that an expression may be, with a 7 for every part that is not written there."""
    parts: list[ast.expr] = []
    texts = ["7"]
    match node:
        case ast.Constant(value=value):
            texts = [str(value)]
        case ast.JoinedStr(values=values):
            texts = ["".join(str(each.value) if isinstance(each, ast.Constant) else "7" for each in values)]
        case ast.BinOp(left=left):
            texts = [f"{text}7, 8" for text in sentences(left, within, module)]
        case ast.BoolOp(values=values):
            parts = values
        case ast.Name(id=name):
            made = [each for each in within if isinstance(each, ast.Assign)]
            parts = [each.value for each in made if ast.unparse(each.targets[0]) == name]
            texts = [str(getattr(importlib.import_module(module), name, "7"))]
    return [text for part in parts for text in sentences(part, within, module)] or texts


def texts_of(call: ast.Call, within: list[ast.stmt], module: str) -> list[str]:
    """What an error of this call says."""
    if ast.unparse(call.func) in {"InvalidInputError", "CrsMismatchError"}:
        return [f"a: found 'b'; allowed is {text}" for text in sentences(call.args[2], within, module)]
    return sentences(call.args[0], within, module)


@cache
def errors_made() -> frozenset[tuple[str, str]]:
    """Module and text of each error that is made anywhere."""
    return frozenset(_errors_made())


def _errors_made() -> Iterator[tuple[str, str]]:
    for module, path in modules():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
        for function in functions:
            within = [node for node in ast.walk(function) if isinstance(node, ast.stmt)]
            for node in ast.walk(function):
                if isinstance(node, ast.Call) and ast.unparse(node.func) in SHOWN:
                    yield from ((module, text) for text in texts_of(node, within, module))


def test_what_the_packages_raise_has_words() -> None:
    every = errors_made()
    assert len(every) > 25
    # `allowed` of a parameter comes from its class, and is tried below.
    assert {each for each in every if not error_words.knows(each[1]) and not each[1].endswith(" 7")} == set()


def parameters(kind: type[Parameters] = Parameters) -> Iterator[type[Parameters]]:
    for each in kind.__subclasses__():
        if each.__module__ not in ELSEWHERE:
            yield each
        yield from parameters(each)


def test_what_fields_and_parameters_take_has_words() -> None:
    importlib.import_module("webmap.views.audit")  # its parameters, like those of all views, are known then
    classes = [*CONTENT_OF.values(), *parameters()]
    taken = {field.description or "" for each in classes for field in each.model_fields.values()}
    assert len(taken) > 50
    assert {text for text in taken if not error_words.knows(text)} == set()


def test_every_sentence_is_used(plain_app: Flask) -> None:
    classes = [*CONTENT_OF.values(), *parameters()]
    texts = [field.description or "" for each in classes for field in each.model_fields.values()]
    texts += [filled(text) for text in raised()] + [text for _, text in errors_made()]
    used = {
        error_words.sentence_of(part) for text in texts for part in (text, *re.split("allowed is |: ", text))
    }
    # What PostgreSQL itself says beside a refusal, how a row's begins, and one of two ends of a sentence.
    beside = ("Key (", "row %(row)s", "%(table)s", "lies in no region", "the site is not there")
    unused = set(error_words.SENTENCES) - used
    assert {text for text in unused if not text.startswith(beside)} == set()


@pytest.mark.parametrize(
    ("error", "indonesian"),
    [
        (
            ConflictError("the batch is approved, this needs draft or returned"),
            "kiriman ini disetujui, padahal harus rancangan atau dikembalikan",
        ),
        (
            RuleError("draft.site_id", "row 7: the site is not there", "draft_site"),
            "baris 7: tempat itu tidak ada",
        ),
        (
            InvalidInputError("region", "<b>", "a Kemendagri code such as 64 or 35.76"),
            "region: tertulis '<b>'; yang diterima: kode Kemendagri seperti 64 atau 35.76",
        ),
        (
            InvalidInputError("n", "-1", "a whole number from 0 to 1000000", row=3),
            "baris 3, n: tertulis '-1'; yang diterima: bilangan bulat dari 0 sampai 1000000",
        ),
        (
            ConflictError(
                "claim: contradicts what is stored, by claim_key: Key (external_id)=(a) already exists."
            ),
            "claim: bertentangan dengan yang tersimpan, menurut claim_key: external_id = a sudah ada.",
        ),
    ],
)
def test_a_sentence_is_said_with_all_that_it_holds(
    plain_app: Flask, error: Exception, indonesian: str
) -> None:
    said = {}
    for language in ("id", "en"):
        with plain_app.test_request_context():
            g.language = language
            said[language] = error_words.say(str(error))
    english = str(error).replace("returned", "sent back")  # the word of pages
    assert said == {"id": indonesian, "en": english}

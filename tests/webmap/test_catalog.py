"""The catalogue as its gatherers read it: triples of DCAT, whose addresses answer what they are said to."""

import json
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, FOAF, RDF, XSD, Namespace

from gis.config import Settings
from gis.domain.access import Role
from gis.domain.collections import PUBLIC, REGISTER
from gis.services.exports.formats import FORMATS
from gis.services.tiles import TILED
from tests.webmap.conftest import PUBLISHED_ON, SignedIn
from webmap.i18n import catalogue

ROOT = "http://localhost"
PATH = "/catalog.jsonld"
IANA = "https://www.iana.org/assignments/media-types/"
DCAT = Namespace("http://www.w3.org/ns/dcat#")  # of version 3, which rdflib does not know yet
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
DATASETS = {*PUBLIC, "summary"}
# What DCAT-AP 3 demands of each class, and what a reader in two languages needs.
DEMANDED = {
    DCAT.Catalog: (DCTERMS.title, DCTERMS.description, DCTERMS.publisher, DCAT.dataset),
    DCAT.Dataset: (DCTERMS.title, DCTERMS.description, DCTERMS.publisher, DCAT.theme, DCAT.distribution),
    DCAT.Distribution: (DCAT.accessURL, DCAT.mediaType, DCTERMS["format"], DCTERMS.title),
    DCAT.DataService: (DCTERMS.title, DCAT.endpointURL, DCAT.endpointDescription, DCAT.servesDataset),
    FOAF.Agent: (FOAF.name,),
}
# rdflib reads into a class that it has itself given up.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")


@pytest.fixture
def visitor(released: Flask) -> FlaskClient:
    return released.test_client()


def graph(client: FlaskClient, path: str = PATH) -> Graph:
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "application/ld+json")
    assert isinstance(json.loads(answer.text)["@context"], dict)  # nothing is fetched to read it
    return Graph().parse(data=answer.text, format="json-ld")


def node(name: str, query: str = "") -> URIRef:
    return URIRef(f"{ROOT}{PATH}{query}#{name}")


def of(it: Graph, kind: URIRef) -> set[Any]:
    return set(it.subjects(RDF.type, kind))


def path_of(address: Any) -> str:
    assert str(address).startswith(f"{ROOT}/")
    return str(address).removeprefix(ROOT)


def test_there_is_one_catalogue_with_a_dataset_for_each_collection_and_the_summary(
    visitor: FlaskClient,
) -> None:
    found = graph(visitor)
    (it,) = of(found, DCAT.Catalog)
    assert it == URIRef(ROOT + PATH)
    assert set(found.objects(it, DCAT.dataset)) == of(found, DCAT.Dataset) == set(map(node, DATASETS))
    assert set(found.objects(it, DCAT.service)) == {node("service")}
    assert (it, DCTERMS.license, URIRef("https://creativecommons.org/licenses/by/4.0/")) in found
    assert (it, DCTERMS.conformsTo, URIRef("https://www.w3.org/TR/vocab-dcat-3/")) in found
    languages = {str(each).rpartition("/")[2] for each in found.objects(it, DCTERMS.language)}
    assert languages == {"IND", "ENG"}
    (place,) = found.objects(it, DCTERMS.spatial)
    (box,) = found.objects(place, DCAT.bbox)
    assert str(box).startswith("POLYGON((95 ")
    day = Literal(PUBLISHED_ON.isoformat(), datatype=XSD.date)
    for each in (it, *map(node, DATASETS), node("service")):
        assert set(found.objects(each, DCTERMS.issued)) == {day}
        assert set(found.objects(each, DCTERMS.modified)) == {day}


@pytest.mark.parametrize("kind", DEMANDED, ids=lambda kind: kind.rpartition("#")[2])
def test_what_the_profile_demands_is_there_in_both_languages(visitor: FlaskClient, kind: URIRef) -> None:
    found = graph(visitor)
    assert of(found, kind)
    for each in of(found, kind):
        for wanted in DEMANDED[kind]:
            values = set(found.objects(each, wanted))
            assert values, (each, wanted)
            if wanted in (DCTERMS.title, DCTERMS.description, FOAF.name):
                assert {value.language for value in values if isinstance(value, Literal)} == {"id", "en"}


def test_each_format_is_a_distribution_that_is_there(visitor: FlaskClient) -> None:
    found = graph(visitor)
    for collection in PUBLIC:
        files = {
            path_of(address): found.value(each, DCAT.mediaType)
            for each in found.objects(node(collection), DCAT.distribution)
            for address in found.objects(each, DCAT.downloadURL)
        }
        assert files == {
            f"/exports/{collection}.{each.ending}": URIRef(IANA + each.media_type) for each in FORMATS
        }
        for path, media_type in files.items() if collection == "centres" else ():
            assert visitor.get(path).mimetype == str(media_type).removeprefix(IANA)
    for each in found.objects(node("summary"), DCAT.distribution):
        answer = visitor.get(path_of(found.value(each, DCAT.downloadURL)))
        assert (answer.status_code, IANA + answer.mimetype) == (200, str(found.value(each, DCAT.mediaType)))


def test_the_api_is_a_service_of_which_items_and_tiles_are_had(visitor: FlaskClient) -> None:
    found = graph(visitor)
    service = node("service")
    assert set(found.objects(service, DCAT.servesDataset)) == set(map(node, PUBLIC))
    landing = visitor.get(path_of(found.value(service, DCAT.endpointURL))).get_json()
    described = visitor.get(path_of(found.value(service, DCAT.endpointDescription)))
    assert described.get_json()["openapi"].startswith("3.0")
    classes = visitor.get("/ogc/conformance").get_json()["conformsTo"]
    assert {str(each) for each in found.objects(service, DCTERMS.conformsTo)} == set(classes)
    served: dict[URIRef, set[str]] = {}
    for each in found.subjects(DCAT.accessService, service):
        dataset = found.value(predicate=DCAT.distribution, object=each)
        address = path_of(found.value(each, DCAT.accessURL))
        assert visitor.get(f"{address}?limit=1" if "items" in address else address).status_code == 200
        served.setdefault(URIRef(str(dataset)), set()).add(address.rpartition("/")[2])
    assert served == {
        node(name): {"items", *(["WebMercatorQuad"] if name in TILED else [])} for name in PUBLIC
    }
    (link,) = (each for each in landing["links"] if each["rel"] == "describedby")
    assert (link["href"], link["type"]) == (ROOT + PATH, "application/ld+json")


def test_a_named_release_names_itself_in_all_addresses_and_never_changes(visitor: FlaskClient) -> None:
    query = f"?release={PUBLISHED_ON}"
    answer = visitor.get(PATH + query)
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert visitor.get(PATH).headers["Cache-Control"] == "public, max-age=60"
    found = graph(visitor, PATH + query)
    for each in found.objects(None, DCAT.downloadURL):
        assert urlsplit(str(each)).query == query[1:]
    assert (node("sites", query), DCAT.isVersionOf, node("sites")) in found
    assert (node("sites"), DCAT.hasCurrentVersion, node("sites", query)) in graph(visitor)
    assert {str(each) for each in found.objects(None, DCAT.version)} == {str(PUBLISHED_ON)}
    assert visitor.get(f"{PATH}?release=2001-01-01").status_code == 404
    assert visitor.get(f"{PATH}?as_of=2016-01-01").status_code == 400


def test_shapes_are_under_the_licence_of_the_boundaries(visitor: FlaskClient) -> None:
    found = graph(visitor)
    licences = {
        name: {
            str(found.value(each, DCTERMS.license)) for each in found.objects(node(name), DCAT.distribution)
        }
        for name in DATASETS
    }
    by, igo = (f"https://creativecommons.org/licenses/by/{kind}" for kind in ("4.0/", "3.0/igo/"))
    assert licences == {
        **{name: {igo} for name in ("provinces", "regencies")},
        **{name: {by} for name in ("sites", "centres", "summary")},
    }


def test_an_account_reads_what_there_is_of_the_register(app: Flask, signed_in: SignedIn) -> None:
    assert app.test_client().get(PATH).status_code == 401
    found = graph(signed_in(Role.province, "64"))
    (rights,) = set(found.objects(node("sites"), DCTERMS.accessRights))
    assert str(rights).endswith("/RESTRICTED")
    assert not set(found.objects(None, DCTERMS.issued)) | set(found.objects(None, DCAT.version))
    descriptions = {str(each) for each in found.objects(node("sites"), DCTERMS.description)}
    assert REGISTER["sites"].description in descriptions
    assert signed_in().get(f"{PATH}?release={PUBLISHED_ON}").status_code == 404  # there is no public side


def test_pages_lead_to_it(visitor: FlaskClient) -> None:
    page = visitor.get("/downloads").text
    assert f'<link rel="alternate" type="application/ld+json" href="{PATH}"' in page
    assert f'<a href="{PATH}" type="application/ld+json">' in page
    named = visitor.get(f"/en/downloads?release={PUBLISHED_ON}").text
    assert f'href="{PATH}?release={PUBLISHED_ON}"' in named
    assert f'href="{PATH}"' in visitor.get("/ogc?f=html").text


def test_descriptions_of_all_collections_are_translated() -> None:
    indonesian = catalogue("id")
    for it in (*PUBLIC.values(), *REGISTER.values()):
        assert indonesian.gettext(it.description) != it.description


@pytest.mark.parametrize(
    ("contact", "link"),
    [
        ("https://kemensos.go.id/lapor", "https://kemensos.go.id/lapor"),
        ("atlas@kemensos.go.id", "mailto:atlas@kemensos.go.id"),
        ("Dinas Sosial", None),
        (None, None),
    ],
)
def test_whom_to_write_to(visitor: FlaskClient, contact: str | None, link: str | None) -> None:
    settings: Settings = visitor.application.extensions["atlas_settings"]
    visitor.application.extensions["atlas_settings"] = type(settings)(
        **{**vars(settings), "contact": contact}
    )
    try:
        found = graph(visitor)
    finally:
        visitor.application.extensions["atlas_settings"] = settings
    (said,) = set(found.objects(node("sites"), DCAT.contactPoint))
    links = {*found.objects(said, VCARD.hasURL), *found.objects(said, VCARD.hasEmail)}
    assert {str(each) for each in links} == ({link} if link else set())
    assert list(found.objects(said, VCARD.fn))

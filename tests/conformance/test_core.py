"""Features core: the landing page, the API's definition, the conformance classes, and the collections."""

from schemathesis.specs.openapi.definitions import OPENAPI_30_VALIDATOR

from tests.conformance.answers import COLLECTIONS, CRS84, GEOJSON, HTML, JSON, OPENAPI, Side

CLASSES = ("http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",)
TOLD_TWICE = ("id", "title", "description", "extent")


def test_http(side: Side) -> None:
    """/req/core/http, abstract test 1: the paths that are told of answer by HTTP 1.1, also to HEAD.

    Suite: GeneralHttp.http
    """
    for path in ("/ogc", "/ogc/", "/ogc/conformance", "/ogc/collections", "/ogc/collections/sites/items"):
        found, head = side.found(path), side.get(path, method="HEAD")
        assert (head.status, head.media_type, head.body) == (200, found.media_type, b"")
    refused = side.get("/ogc/collections", method="PUT")
    assert refused.status == 405 or (refused.status, side.name) == (401, "visitor")


def test_root_op(side: Side) -> None:
    """/req/core/root-op, abstract test 3: the landing page is at the root, with a slash and without.

    Suite: LandingPage.landingPageRetrieval
    """
    for path in ("/ogc", "/ogc/"):
        answer = side.found(path, accept=JSON)
        assert (answer.media_type, answer.json["title"]) == (JSON, "closure-atlas")


def test_root_success(side: Side) -> None:
    """/req/core/root-success, abstract test 4: the landing page leads to the API, the classes and the data.

    Suite: LandingPage.landingPageValidation
    """
    landing = side.found("/ogc", accept=JSON)
    assert landing.link("service-desc", OPENAPI).endswith("/ogc/api")
    assert landing.link("service-doc", HTML)
    assert side.found(landing.link("conformance")).json["conformsTo"]
    assert side.found(landing.link("data")).json["collections"]
    assert all({"href", "rel", "type"} <= set(link) for link in landing.links)


def test_api_definition_op(side: Side) -> None:
    """/req/core/api-definition-op, abstract test 5: each link to the API's definition leads to a document.

    Suite: ApiDefinition.openapiDocumentRetrieval
    """
    landing = side.found("/ogc", accept=JSON)
    for link in landing.links:
        if link["rel"] in ("service-desc", "service-doc"):
            answer = side.found(link["href"], accept=link["type"])
            assert answer.headers["Content-Type"].split(";")[0] == link["type"].split(";")[0]


def test_api_definition_success(side: Side) -> None:
    """/req/core/api-definition-success, abstract test 6: the API's definition is valid OpenAPI 3.0.

    Suite: ApiDefinition.apiDefinitionValidation
    """
    address = side.found("/ogc", accept=JSON).link("service-desc")
    answer = side.found(address, accept=OPENAPI)
    assert answer.headers["Content-Type"] == OPENAPI
    assert [error.message for error in OPENAPI_30_VALIDATOR.iter_errors(answer.json)] == []


def test_conformance_op(side: Side) -> None:
    """/req/core/conformance-op and -success, abstract tests 7 and 8: the classes are told, core among them.

    Suite: Conformance.validateConformanceOperationAndResponse
    """
    landing = side.found("/ogc", accept=JSON)
    for address in (landing.link("conformance"), "/ogc/conformance"):
        declared = side.found(address, accept=JSON).json["conformsTo"]
        assert all(isinstance(uri, str) for uri in declared)
        assert len(declared) == len(set(declared))
        assert CLASSES[0] in declared


def test_fc_md_op(side: Side) -> None:
    """/req/core/fc-md-op, abstract test 9: the collections are told of where the API's definition says so.

    Suite: FeatureCollections.validateFeatureCollectionsMetadataOperation
    """
    assert "/ogc/collections" in side.paths
    assert side.found("/ogc/collections", accept=JSON).media_type == JSON


def test_fc_md_links(side: Side) -> None:
    """/req/core/fc-md-links, abstract test 10, method 1: the collections lead to themselves in each form.

    Suite: FeatureCollections.validateFeatureCollectionsMetadataOperationResponse_Links
    """
    answer = side.found("/ogc/collections", accept=JSON)
    assert side.found(answer.link("self", JSON)).json == answer.json
    assert side.found(answer.link("alternate", HTML)).media_type == HTML
    assert all({"href", "rel", "type"} <= set(link) for link in answer.links)


def test_fc_md_items(side: Side) -> None:
    """/req/core/fc-md-items, abstract test 10, method 2: each collection is told, with links to its features.

    Suite: FeatureCollections.validateFeatureCollectionsMetadataOperationResponse_Items
    """
    told = side.found("/ogc/collections", accept=JSON).json["collections"]
    assert [each["id"] for each in told] == list(COLLECTIONS)
    for each in told:
        links = {link["type"]: link["href"] for link in each["links"] if link["rel"] == "items"}
        assert set(links) == {GEOJSON, HTML}
        assert side.found(links[GEOJSON], accept=GEOJSON).media_type == GEOJSON
        assert side.found(links[HTML], {"limit": 3}).media_type == HTML
        assert all({"href", "rel", "type"} <= set(link) for link in each["links"])
        assert each["itemType"] == "feature"


def test_fc_md_success_crs(side: Side) -> None:
    """/req/core/fc-md-success, abstract test 10, method 3: the first system of coordinates is CRS84.

    Suite: FeatureCollections.validateFeatureCollectionsMetadataOperationResponse_CrsProperty
    """
    answer = side.found("/ogc/collections", accept=JSON).json
    assert {answer["crs"][0], *(each["crs"][0] for each in answer["collections"])} == {CRS84}


def test_fc_md_success_content(side: Side) -> None:
    """/req/core/fc-md-success, abstract test 10, method 4: there are links and collections of the right form.

    Suite: FeatureCollections.validateFeatureCollectionsMetadataOperationResponse_Content
    """
    answer = side.found("/ogc/collections", accept=JSON).json
    assert answer["links"]
    assert answer["collections"]
    for each in answer["collections"]:
        assert all(isinstance(each[name], str) for name in ("id", "title", "description"))
        assert all(isinstance(link["href"], str) for link in each["links"])


def test_fc_md_extent(side: Side) -> None:
    """/req/core/fc-md-extent: an extent holds all features of a collection; without places there is none."""
    for name in COLLECTIONS:
        extent = side.found(f"/ogc/collections/{name}").json.get("extent")
        placed = [each for each in side.whole(name) if each["geometry"]]
        assert bool(extent) == bool(placed), name
        if extent:
            assert extent["spatial"]["crs"] == CRS84
            box = ",".join(map(str, extent["spatial"]["bbox"][0]))
            found = side.items(name, {"bbox": box, "limit": 1})
            assert found.json["numberMatched"] == len(side.whole(name))


def test_sfc_md_op(side: Side) -> None:
    """/req/core/sfc-md-op, abstract test 11: each collection that is told of answers; others do not.

    Suite: FeatureCollection.validateFeatureCollectionMetadataOperation
    """
    for name in COLLECTIONS:
        assert f"/ogc/collections/{name}" in side.paths
        assert side.found(f"/ogc/collections/{name}", accept=JSON).json["id"] == name
    assert side.get("/ogc/collections/villages").status == 404
    assert side.get("/ogc/collections/villages/items").status == 404


def test_sfc_md_success(side: Side) -> None:
    """/req/core/sfc-md-success, abstract test 12: a collection tells the same of itself as the list does.

    Suite: FeatureCollection.validateFeatureCollectionMetadataResponse
    """
    for told in side.found("/ogc/collections", accept=JSON).json["collections"]:
        own = side.found(f"/ogc/collections/{told['id']}", accept=JSON).json
        assert {name: own.get(name) for name in TOLD_TWICE} == {name: told.get(name) for name in TOLD_TWICE}

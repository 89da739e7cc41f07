"""Features core: the features of a collection, in pages of every kind, and one feature."""

import json

import pytest
import shapely

from tests.conformance.answers import COLLECTIONS, GEOJSON, HTML, TIMES, Page, Side, pages

CLASSES = ("http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",)
DEFAULT_LIMIT, MAX_LIMIT = 1_000, 10_000
INDONESIA = shapely.box(94, -12, 142, 7)
#: What no parameter of the name can be.
REFUSED = {
    "limit": ("unlimited", "0", "-1", "1.5", "", "1e3"),
    "offset": ("-1", "first", ""),
    "bbox": ("abc", "nan,nan,nan,nan", "1,2,3", "1,2,3,4,5", "inf,0,1,1", "100,5,110,-5", "", "0,0,0,0,0,x"),
    "datetime": ("garbage", "2016-13-01", "2016-02-30", "2017-01-01/2016-01-01", "/", "../..", "2016", ""),
    "crs": ("EPSG:4326", "http://www.opengis.net/def/crs/EPSG/0/99999", ""),
    "sortby": ("colour", "-", ""),
    "properties": ("colour",),
    "f": ("yaml", ""),
}


def test_fc_op(some_pages: list[Page]) -> None:
    """/req/core/fc-op, abstract test 13: features come from each collection, whatever selects them.

    Suite: Features.validateFeaturesOperation, FeaturesBBox.validateFeaturesWithBoundingBoxOperation,
    FeaturesLimit.validateFeaturesWithLimitOperation, FeaturesTime.validateFeaturesWithDateTimeOperation
    """
    assert {page.collection for page in some_pages} == set(COLLECTIONS)
    assert {(page.answer.status, page.answer.media_type) for page in some_pages} == {(200, GEOJSON)}


def test_crs84(some_pages: list[Page]) -> None:
    """/req/core/crs84, abstract test 2: places are in CRS84 where no other system is asked for.

    Suite: Features.validateFeaturesResponse_GeometryInCRS84,
    FeaturesBBox.validateFeaturesResponse_GeometryInCRS84,
    FeaturesLimit.validateFeaturesWithLimitResponse_GeometryInCRS84,
    FeaturesTime.validateFeaturesWithDateTimeResponse_GeometryInCRS84
    """
    for page in some_pages:
        meant = {each["id"]: each["geometry"] for each in page.meant}
        assert all(each["geometry"] == meant[each["id"]] for each in page.answer.features), (
            page.answer.address
        )


def test_crs84_of_all(side: Side) -> None:
    """/req/core/crs84, abstract test 2: all places lie where Indonesia does, longitude first."""
    for name in COLLECTIONS:
        outside = shapely.box(-180, -90, 180, 90).difference(INDONESIA)
        placed = [each["id"] for each in side.whole(name) if each["geometry"]]
        assert side.met_by(name, INDONESIA) == placed
        assert side.met_by(name, outside) == []


def test_fc_response_type(some_pages: list[Page]) -> None:
    """/req/core/fc-response, abstract test 22, method 1: a page is a FeatureCollection.

    Suite: Features.validateFeaturesResponse_TypeProperty,
    FeaturesBBox.validateFeaturesWithBoundingBoxResponse_TypeProperty,
    FeaturesLimit.validateFeaturesWithLimitResponse_TypeProperty,
    FeaturesTime.validateFeaturesWithDateTimeResponse_TypeProperty
    """
    assert {page.answer.json["type"] for page in some_pages} == {"FeatureCollection"}


def test_fc_response_features(some_pages: list[Page]) -> None:
    """/req/core/fc-response, abstract test 22, method 2: a page holds a list of features, each once.

    Suite: Features.validateFeaturesResponse_FeaturesProperty,
    FeaturesBBox.validateFeaturesWithBoundingBoxResponse_FeaturesProperty,
    FeaturesLimit.validateFeaturesWithLimitResponse_FeaturesProperty,
    FeaturesTime.validateFeaturesWithDateTimeResponse_FeaturesProperty
    """
    for page in some_pages:
        assert isinstance(page.answer.json["features"], list)
        assert all(each["type"] == "Feature" for each in page.answer.features)
        assert len(set(page.answer.ids)) == len(page.answer.ids)


def test_fc_links(some_pages: list[Page]) -> None:
    """/req/core/fc-links and fc-rel-type, abstract tests 22.4 and 23: a page leads to itself in each form.

    Suite: Features.validateFeaturesResponse_Links,
    FeaturesBBox.validateFeaturesWithBoundingBoxResponse_Links,
    FeaturesLimit.validateFeaturesWithLimitResponse_Links,
    FeaturesTime.validateFeaturesWithDateTimeResponse_Links
    """
    for page in some_pages:
        answer = page.answer
        assert answer.link("self", GEOJSON).removeprefix("http://localhost") == answer.address
        assert answer.link("alternate", HTML).removeprefix("http://localhost").startswith(answer.address)
        assert answer.link("collection").endswith(f"/ogc/collections/{page.collection}")
        assert all({"href", "rel", "type"} <= set(link) for link in answer.links)


def test_fc_links_alternate(side: Side) -> None:
    """/req/core/fc-links: the same page for people tells of the same features."""
    for name in COLLECTIONS:
        answer = side.items(name, {"limit": 5})
        page = side.found(answer.link("alternate", HTML))
        assert page.media_type == HTML
        assert all(str(key) in page.body.decode() for key in answer.ids)


def test_fc_time_stamp(some_pages: list[Page]) -> None:
    """/req/core/fc-timeStamp, abstract tests 22.5 and 24: there is none, so that answers stay the same.

    Suite: Features.validateFeaturesResponse_TimeStamp,
    FeaturesBBox.validateFeaturesWithBoundingBoxResponse_TimeStamp,
    FeaturesLimit.validateFeaturesWithLimitResponse_TimeStamp,
    FeaturesTime.validateFeaturesWithDateTimeResponse_TimeStamp
    """
    assert not any("timeStamp" in page.answer.json for page in some_pages)


def test_fc_number_matched(some_pages: list[Page]) -> None:
    """/req/core/fc-numberMatched, abstract tests 22.6 and 25: as many match as the whole collection holds.

    Suite: Features.validateFeaturesResponse_NumberMatched,
    FeaturesBBox.validateFeaturesWithBoundingBoxResponse_NumberMatched,
    FeaturesLimit.validateFeaturesWithLimitResponse_NumberMatched,
    FeaturesTime.validateFeaturesWithDateTimeResponse_NumberMatched
    """
    for page in some_pages:
        assert page.answer.json["numberMatched"] == len(page.meant), page.answer.address


def test_fc_number_returned(some_pages: list[Page]) -> None:
    """/req/core/fc-numberReturned, abstract tests 22.7 and 26: the number of features is that of the page.

    Suite: Features.validateFeaturesResponse_NumberReturned,
    FeaturesBBox.validateFeaturesResponse_NumberReturned,
    FeaturesLimit.validateFeaturesResponse_NumberReturned,
    FeaturesTime.validateFeaturesResponse_NumberReturned
    """
    for page in some_pages:
        assert page.answer.json["numberReturned"] == len(page.answer.features)


def test_fc_bbox_definition(side: Side) -> None:
    """/req/core/fc-bbox-definition, abstract test 14: bbox is defined as four to six numbers with commas.

    Suite: FeaturesBBox.boundingBoxParameterDefinition
    """
    for name in COLLECTIONS:
        it = side.parameters(f"/ogc/collections/{name}/items")["bbox"]
        assert (it["in"], it["required"], it["style"], it["explode"]) == ("query", False, "form", False)
        assert it["schema"]["type"] == "array"
        assert (it["schema"]["minItems"], it["schema"]["maxItems"]) == (4, 6)
        assert it["schema"]["items"]["type"] == "number"


def test_fc_bbox_response(side: Side) -> None:
    """/req/core/fc-bbox-response, abstract test 15: what meets the box, or has no place, comes, nothing else.

    Suite: FeaturesBBox.validateFeaturesWithBoundingBoxResponse
    """
    found = pages(side, "bbox")
    for page in found:
        assert page.answer.ids == page.expected, page.answer.address
    assert any(page.meant and len(page.meant) < len(side.whole(page.collection)) for page in found)


def test_fc_bbox_response_heights(side: Side) -> None:
    """/req/core/fc-bbox-response: the heights of a box of six numbers count for nothing."""
    flat = side.items("regencies", {"bbox": "110,-8,113.5,-6.5", "properties": ""})
    high = side.items("regencies", {"bbox": "110,-8,0,113.5,-6.5,9000", "properties": ""})
    assert flat.ids == high.ids != []


def test_fc_limit_definition(side: Side) -> None:
    """/req/core/fc-limit-definition, abstract test 16: limit is defined as a whole number with a least value.

    Suite: FeaturesLimit.limitParameterDefinition
    """
    for name in COLLECTIONS:
        it = side.parameters(f"/ogc/collections/{name}/items")["limit"]
        assert (it["in"], it["required"], it["style"], it["explode"]) == ("query", False, "form", False)
        schema = it["schema"]
        assert (schema["type"], schema["minimum"], schema["maximum"]) == ("integer", 1, MAX_LIMIT)
        assert str(DEFAULT_LIMIT) in it["description"]


def test_fc_limit_response_1(side: Side) -> None:
    """/req/core/fc-limit-response, abstract test 17: no more features come than limit asks for.

    Suite: FeaturesLimit.validateFeaturesWithLimitResponse
    """
    for page in pages(side, "limit"):
        assert page.answer.ids == page.expected
    more = side.items("centres", {"limit": 2**31 - 1})  # more than the maximum is no error
    assert more.ids == [each["id"] for each in side.whole("centres")]


def test_fc_limit_response_2(side: Side) -> None:
    """/req/core/fc-links: links from page to page lead through all features that are meant, each once."""
    for name, query in (
        ("sites", {"limit": 40}),
        ("regencies", {"limit": 100, "bbox": "105,-9,116,-5", "properties": "name"}),
        ("regencies", {"limit": 90, "region": "35", "sortby": "-area_km2"}),
        ("centres", {"limit": 11, "sortby": "operator"}),
    ):
        answer = side.items(name, query)
        ids, matched = list(answer.ids), answer.json["numberMatched"]
        while any(link["rel"] == "next" for link in answer.links):
            answer = side.found(answer.link("next", GEOJSON))
            assert answer.ids
            assert answer.json["numberMatched"] == matched
            ids += answer.ids
        whole = side.items(name, {**query, "limit": MAX_LIMIT})
        assert ids == whole.ids
        assert len(ids) == matched


def test_fc_time_definition(side: Side) -> None:
    """/req/core/fc-time-definition, abstract test 18: datetime is defined as a string.

    Suite: FeaturesTime.timeParameterDefinition
    """
    for name in COLLECTIONS:
        it = side.parameters(f"/ogc/collections/{name}/items")["datetime"]
        assert (it["in"], it["required"], it["style"], it["explode"]) == ("query", False, "form", False)
        assert it["schema"]["type"] == "string"


def test_fc_time_response(side: Side) -> None:
    """/req/core/fc-time-response, abstract test 19: what is at that time, or at no time, comes, nothing else.

    Suite: FeaturesTime.validateFeaturesWithDateTimeResponse
    """
    found = pages(side, "datetime")
    for page in found:
        assert page.answer.ids == page.expected, page.answer.address
    timed = [page for page in found if TIMES[page.collection]]
    assert any(page.meant and len(page.meant) < len(side.whole(page.collection)) for page in timed)


@pytest.mark.parametrize("name", REFUSED)
def test_query_param_invalid(side: Side, name: str) -> None:
    """/req/core/query-param-invalid, abstract test 20: what a parameter cannot be is answered with 400.

    Suite: FeaturesErrorConditions.validateFeaturesOperation_QueryParamInvalid
    """
    for collection in COLLECTIONS if name == "limit" else ("regencies",):
        for value in REFUSED[name]:
            answer = side.get(f"/ogc/collections/{collection}/items", {name: value}, accept=GEOJSON)
            assert answer.status == 400, answer.address
            assert answer.media_type == "application/problem+json"
            assert name in answer.json["detail"]
    twice = side.get("/ogc/collections/sites/items", [("limit", 1), ("limit", 2)])
    assert twice.status == 400


def test_query_param_unknown(side: Side) -> None:
    """/req/core/query-param-unknown, abstract test 21: a parameter that is not defined is answered with 400.

    Suite: FeaturesErrorConditions.validateFeaturesOperation_QueryParamUnknown
    """
    for name in COLLECTIONS:
        path = f"/ogc/collections/{name}/items"
        for unknown in ("unknown17342", "colour", "bbox_crs", "filter_lang", "LIMIT", "limit[]", "colour\0"):
            assert unknown not in side.parameters(path)
            assert side.get(path, {unknown: 1}).status == 400, (path, unknown)
    for path in ("/ogc", "/ogc/conformance", "/ogc/api", "/ogc/collections", "/ogc/collections/sites"):
        assert side.get(path, {"unknown17342": 1}).status == 400, path


def test_f_op(side: Side) -> None:
    """/req/core/f-op, abstract test 27: a feature is at its collection's items and its id.

    Suite: Feature.featureOperation
    """
    for name in COLLECTIONS:
        assert f"/ogc/collections/{name}/items/{{key}}" in side.paths
        for told in side.whole(name)[:3]:
            answer = side.found(f"/ogc/collections/{name}/items/{told['id']}", accept=GEOJSON)
            assert answer.media_type == GEOJSON
            assert {key: value for key, value in answer.json.items() if key != "links"} == told
        for absent in ("0", "99.99", "x", "-1", "9" * 30, "%00"):
            assert side.get(f"/ogc/collections/{name}/items/{absent}").status == 404, (name, absent)


def test_f_links(side: Side) -> None:
    """/req/core/f-success and f-links, abstract tests 28 and 29: a feature leads to itself in each form.

    Suite: Feature.validateFeatureResponse
    """
    for name in COLLECTIONS:
        key = side.whole(name)[0]["id"]
        answer = side.found(f"/ogc/collections/{name}/items/{key}", accept=GEOJSON)
        assert answer.json["type"] == "Feature"
        assert side.found(answer.link("self", GEOJSON)).json == answer.json
        assert str(key) in side.found(answer.link("alternate", HTML)).body.decode()
        assert side.found(answer.link("collection")).json["id"] == name
        assert all({"href", "rel", "type"} <= set(link) for link in answer.links)


def test_answers_stay_the_same(conforming: dict[str, Side]) -> None:
    """/rec/core/etag: a visitor's answer is the same bytes each time, and has a name that spares it."""
    visitor = conforming["visitor"]
    first = visitor.items("provinces", {"limit": 2})
    again = visitor.client.get(first.address, headers={"Accept": GEOJSON})
    assert (again.get_data(), again.headers["ETag"]) == (first.body, first.headers["ETag"])
    kept = visitor.client.get(first.address, headers={"If-None-Match": first.headers["ETag"]})
    assert (kept.status_code, kept.get_data()) == (304, b"")
    assert json.loads(first.body)["features"]


def test_negotiation(side: Side) -> None:
    """/rec/core/link-header and html: the form is chosen by Accept, and caches are told so."""
    for path in ("/ogc", "/ogc/conformance", "/ogc/collections", "/ogc/collections/sites/items"):
        page = side.found(path, accept="text/html,application/xhtml+xml,*/*;q=0.8")
        assert page.media_type == HTML
        assert "Accept" in page.headers["Vary"]
        assert "Accept" in side.found(path).headers["Vary"]
        assert side.found(path, accept="*/*").media_type in (GEOJSON, "application/json")

"""Features Part 2, systems of coordinates: which there are, and what is asked and answered in them."""

import re
from functools import cache
from typing import Any

import numpy
import pytest
import shapely
from pyproj import Transformer

from tests.conformance.answers import (
    COLLECTIONS,
    CRS84,
    EPSG,
    GEOJSON,
    JSON,
    Answer,
    Feature,
    Side,
    place_of,
)

CLASSES = ("http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",)
SYSTEMS = (CRS84, f"{EPSG}4326", f"{EPSG}3857", f"{EPSG}9470")
UNKNOWN = (f"{EPSG}99999", "EPSG:3857", "urn:ogc:def:crs:EPSG::3857", "", f"{EPSG}4326/", CRS84.lower())
#: A name of OGC: http://www.opengis.net/def/crs/ and authority, version and code.
OGC_NAME = re.compile(r"http://www\.opengis\.net/def/crs/[A-Za-z0-9._~-]+/[A-Za-z0-9._~-]+/[A-Za-z0-9._~-]+")
BOX = (108.3, -8.1, 115.7, -6.2)
#: How far a place may be off after there and back, in degrees: what the decimals of the answers leave, and
#: with EPSG:9470, to which PROJ knows no way better than 1.2 m, some decimetres.
POINTS = 200  # of a place that are looked at
ROUNDING, DECIMETRES = 2e-7, 1e-5


def _collections(side: Side) -> list[Feature]:
    told: list[Feature] = side.found("/ogc/collections", accept=JSON).json["collections"]
    return told


def _own(side: Side) -> list[Feature]:
    return [side.found(f"/ogc/collections/{name}", accept=JSON).json for name in COLLECTIONS]


@cache
def _turner(uri: str) -> Transformer:
    return Transformer.from_crs("OGC:CRS84", "OGC:CRS84" if uri == CRS84 else int(uri.rpartition("/")[2]))


def _turned(uri: str, points: Any, direction: str) -> Any:
    """Points between CRS84 and a system, in that system's own order of axes."""
    return numpy.column_stack(_turner(uri).transform(*numpy.asarray(points).T, direction=direction))


def _same_places(side: Side, found: list[Feature], uri: str) -> None:
    assert found
    tolerance = DECIMETRES if uri.endswith("9470") else ROUNDING
    for each in found:
        meant = next(it for it in side.whole(_collection_of(each)) if it["id"] == each["id"])
        points, own = (shapely.get_coordinates(place_of(it)) for it in (each, meant))
        assert len(points) == len(own)
        if len(own):
            off = numpy.abs(_turned(uri, points[:POINTS], "INVERSE") - own[:POINTS]).max()
            assert off <= tolerance, (each["id"], uri)


def _collection_of(feature: Feature) -> str:
    properties = feature["properties"]
    if "level" in properties:
        return {"province": "provinces", "regency": "regencies"}[properties["level"]]
    return "sites" if "site_type" in properties else "centres"


def _some(side: Side, name: str) -> list[Feature]:
    """A few features of a collection, one of them without a place where there is such a one."""
    whole = side.whole(name)
    placed = [each for each in whole if each["geometry"]]
    return [*placed[:2], *(each for each in whole if not each["geometry"])][:3]


def _header(answer: Answer) -> str:
    return answer.headers["Content-Crs"]


def test_crs_class(side: Side) -> None:
    """/conf/crs: the class is declared.

    Suite: CrsRequirementClassPrecondition.verifyConformanceClass
    """
    assert CLASSES[0] in side.found("/ogc/conformance", accept=JSON).json["conformsTo"]


def test_crs_uri_1(side: Side) -> None:
    """/req/crs/crs-uri, abstract test 1: each system that a collection names for itself is a name of OGC.

    Suite: DiscoveryCollectionCrsUri.verifyCollectionCrsIdentifierOfCrsProperty
    """
    assert all(each["crs"] for each in _own(side))
    assert all(OGC_NAME.fullmatch(uri) for each in _own(side) for uri in each["crs"])


def test_crs_uri_2(side: Side) -> None:
    """/req/crs/crs-uri and fc-md-storageCrs, abstract test 1: the stored system is a name of OGC.

    Suite: DiscoveryCollectionCrsUri.verifyCollectionCrsIdentifierOfStorageCrsProperty
    """
    assert all(OGC_NAME.fullmatch(each["storageCrs"]) for each in _own(side))


def test_crs_uri_3(side: Side) -> None:
    """/req/crs/fc-md-crs-list-global, abstract test 1: so are those that all collections are offered in.

    Suite: DiscoveryCollectionsCrsUri.verifyCollectionsCrsIdentifierOfCrsProperty
    """
    assert tuple(side.found("/ogc/collections", accept=JSON).json["crs"]) == SYSTEMS


def test_crs_uri_4(side: Side) -> None:
    """/req/crs/crs-uri, abstract test 1: a system stored for all collections, if told, is a name of OGC.

    Suite: DiscoveryCollectionsCrsUri.verifyCollectionsCrsIdentifierOfStorageCrs
    """
    told = side.found("/ogc/collections", accept=JSON).json.get("storageCrs", CRS84)
    assert OGC_NAME.fullmatch(told)


def test_crs_uri_5(side: Side) -> None:
    """/req/crs/fc-md-crs-list A, abstract test 1: so are those of each collection in the list.

    Suite: DiscoveryCollectionsCrsUri.verifyCollectionsCollectionCrsIdentifierOfCrsProperty
    """
    told = _collections(side)
    assert all(OGC_NAME.fullmatch(uri) or uri == "#/crs" for each in told for uri in each["crs"])
    assert [each["crs"] for each in told] == [each["crs"] for each in _own(side)]


def test_crs_uri_6(side: Side) -> None:
    """/req/crs/fc-md-storageCrs, abstract test 1: so is the stored system of each collection in the list.

    Suite: DiscoveryCollectionsCrsUri.verifyCollectionsCollectionCrsIdentifierOfStorageCrs
    """
    told = _collections(side)
    assert all(OGC_NAME.fullmatch(each["storageCrs"]) for each in told)


def test_default_crs_1(side: Side) -> None:
    """/req/crs/fc-md-crs-list B, abstract test 2: a collection with places is offered in CRS84.

    Suite: DiscoveryCollectionDefaultCrs.verifyCollectionCrsIdentifierOfCrsProperty
    """
    assert all(CRS84 in each["crs"] for each in _own(side))


def test_default_crs_2(side: Side) -> None:
    """/req/crs/fc-md-crs-list B, abstract test 2: the list says so too.

    Suite: DiscoveryCollectionsDefaultCrs.verifyCollectionsPathCollectionCrsPropertyContainsDefaultCrs
    """
    assert all(CRS84 in each["crs"] for each in _collections(side))


def test_storage_crs_1(side: Side) -> None:
    """/req/crs/fc-md-storageCrs-valid-value, abstract test 3: the stored system is one that is offered.

    Suite: DiscoveryCollectionStorageCrs.verifyCollectionCrsIdentifierOfCrsProperty
    """
    assert all(each["storageCrs"] in each["crs"] for each in _own(side))


def test_storage_crs_2(side: Side) -> None:
    """/req/crs/fc-md-storageCrs-valid-value, abstract test 3: the list says so too.

    Suite: DiscoveryCollectionsStorageCrs.verifyCollectionsPathCollectionCrsPropertyContainsStorageCrs
    """
    assert all(each["storageCrs"] in each["crs"] for each in _collections(side))


@pytest.mark.parametrize("uri", SYSTEMS)
def test_crs_parameter_items(side: Side, uri: str) -> None:
    """/req/crs/fc-crs-definition, ogc-crs-header and geojson, abstract test 4: features come in each system.

    Suite: FeaturesCrsParameter.verifyFeaturesCrsParameter
    """
    for name in COLLECTIONS:
        assert uri in side.parameters(f"/ogc/collections/{name}/items")["crs"]["schema"]["enum"]
        answer = side.items(name, {"crs": uri, "limit": 3})
        assert (_header(answer), answer.media_type) == (f"<{uri}>", GEOJSON)
        assert answer.json["type"] == "FeatureCollection"


@pytest.mark.parametrize("uri", SYSTEMS)
def test_crs_parameter_item(side: Side, uri: str) -> None:
    """/req/crs/fc-crs-definition and ogc-crs-header-value, abstract test 4: a feature comes in each system.

    Suite: FeatureCrsParameter.verifyFeatureCrsParameter
    """
    for name in COLLECTIONS:
        assert uri in side.parameters(f"/ogc/collections/{name}/items/{{key}}")["crs"]["schema"]["enum"]
        key = side.whole(name)[0]["id"]
        answer = side.found(f"/ogc/collections/{name}/items/{key}", {"crs": uri}, accept=GEOJSON)
        assert (_header(answer), answer.json["id"]) == (f"<{uri}>", key)


def test_crs_parameter_invalid_items(side: Side) -> None:
    """/req/crs/fc-crs-valid-value, abstract test 5: features in a system that is not offered are refused.

    Suite: FeaturesCrsParameterInvalid.verifyFeaturesCrsParameterInvalid
    """
    for name in COLLECTIONS:
        for uri in UNKNOWN:
            assert side.get(f"/ogc/collections/{name}/items", {"crs": uri}).status == 400, uri


def test_crs_parameter_invalid_item(side: Side) -> None:
    """/req/crs/fc-crs-valid-value, abstract test 5: so is a feature in such a system.

    Suite: FeatureCrsParameterInvalid.verifyFeatureCrsParameterInvalid
    """
    for name in COLLECTIONS:
        key = side.whole(name)[0]["id"]
        for uri in UNKNOWN:
            assert side.get(f"/ogc/collections/{name}/items/{key}", {"crs": uri}).status == 400, uri


def test_crs_parameter_default_items(side: Side) -> None:
    """/req/crs/fc-crs-default-value, abstract test 6: features come in CRS84 where nothing is said.

    Suite: FeaturesCrsParameterDefault.verifyFeaturesCrsParameterDefault
    """
    assert {_header(side.items(name)) for name in COLLECTIONS} == {f"<{CRS84}>"}


def test_crs_parameter_default_item(side: Side) -> None:
    """/req/crs/fc-crs-default-value, abstract test 6: so does a feature.

    Suite: FeatureCrsParameterDefault.verifyFeatureCrsParameterDefault
    """
    for name in COLLECTIONS:
        answer = side.found(f"/ogc/collections/{name}/items/{side.whole(name)[0]['id']}", accept=GEOJSON)
        assert _header(answer) == f"<{CRS84}>"


def test_crs_action_items_1(side: Side) -> None:
    """/req/crs/crs-action, abstract test 7: features without the parameter are those in CRS84.

    Suite: FeaturesCrsParameterTransform.verifyFeaturesCrsParameterTransformWithoutCrsParameter
    """
    for name in COLLECTIONS:
        asked = side.items(name, {"crs": CRS84, "limit": 25})
        assert asked.features == side.whole(name)[:25]


@pytest.mark.parametrize("uri", SYSTEMS)
def test_crs_action_items_2(side: Side, uri: str) -> None:
    """/req/crs/crs-action, abstract test 7: features in each system are at the same places.

    Suite: FeaturesCrsParameterTransform.verifyFeaturesCrsParameterTransformWithCrsParameter
    """
    for name in COLLECTIONS:
        _same_places(side, side.items(name, {"crs": uri, "limit": 3}).features, uri)
    _same_places(side, side.items("sites", {"crs": uri}).features, uri)


def test_crs_action_item_1(side: Side) -> None:
    """/req/crs/crs-action, abstract test 7: a feature without the parameter is that in CRS84.

    Suite: FeatureCrsParameterTransform.verifyFeatureCrsParameterTransformWithoutCrsParameter
    """
    for name in COLLECTIONS:
        for each in _some(side, name):
            path = f"/ogc/collections/{name}/items/{each['id']}"
            assert side.found(path, {"crs": CRS84}).json["geometry"] == each["geometry"]
            assert side.found(path, accept=GEOJSON).json["geometry"] == each["geometry"]


@pytest.mark.parametrize("uri", SYSTEMS)
def test_crs_action_item_2(side: Side, uri: str) -> None:
    """/req/crs/crs-action, abstract test 7: a feature in each system is at the same place.

    Suite: FeatureCrsParameterTransform.verifyFeatureCrsParameterTransformWithCrsParameter
    """
    for name in COLLECTIONS:
        paths = [f"/ogc/collections/{name}/items/{each['id']}" for each in _some(side, name)]
        _same_places(side, [side.found(path, {"crs": uri}).json for path in paths], uri)


def test_crs_action_axes(side: Side) -> None:
    """/req/crs/crs-action: the axes of each system stand in its own order."""
    for name in ("provinces", "centres" if side.name == "planner" else "sites"):
        key = next(each["id"] for each in side.whole(name) if each["geometry"])
        for uri in SYSTEMS[1:]:
            answer = side.found(f"/ogc/collections/{name}/items/{key}", {"crs": uri}).json
            first, second = shapely.get_coordinates(place_of(answer))[0]
            if uri.endswith("3857"):
                assert 1e7 < first < 1.6e7
            else:
                assert -12 < first < 7
                assert 94 < second < 142


def test_bbox_crs_parameter_1(side: Side) -> None:
    """/req/crs/bbox-crs-action, abstract test 8: a box in CRS84 finds what meets it.

    Suite: BBoxCrsParameter.verifyBboxCrsParameterWithDefaultCrs
    """
    for name in COLLECTIONS:
        assert (
            tuple(side.parameters(f"/ogc/collections/{name}/items")["bbox-crs"]["schema"]["enum"]) == SYSTEMS
        )
        answer = side.items(name, {"bbox": ",".join(map(str, BOX)), "properties": "", "limit": 60})
        assert answer.ids == [each["id"] for each in side.in_box(name, *BOX)][:60]


@pytest.mark.parametrize("uri", SYSTEMS)
def test_bbox_crs_parameter_2(side: Side, uri: str) -> None:
    """/req/crs/bbox-crs-action, abstract test 8: a box in each system finds the same features.

    Suite: BBoxCrsParameter.verifyBboxCrsParameter
    """
    corners = ",".join(f"{n:.9f}" for n in _turned(uri, (BOX[:2], BOX[2:]), "FORWARD").ravel())
    for name in COLLECTIONS:
        plain = side.items(name, {"bbox": ",".join(map(str, BOX)), "properties": "", "limit": 60})
        answer = side.items(name, {"bbox": corners, "bbox-crs": uri, "properties": "", "limit": 60})
        assert answer.ids == plain.ids
        assert answer.json["numberMatched"] == plain.json["numberMatched"]
        assert _header(answer) == f"<{CRS84}>"  # bbox-crs says nothing of what comes


def test_bbox_crs_parameter_invalid(side: Side) -> None:
    """/req/crs/fc-bbox-crs-valid-value, abstract test 9: a box in a system that is not offered is refused.

    Suite: BBoxCrsParameterInvalid.verifyBboxCrsParameterInvalid
    """
    for name in COLLECTIONS:
        for uri in UNKNOWN:
            query = {"bbox": "105,-8,106,-7", "bbox-crs": uri}
            assert side.get(f"/ogc/collections/{name}/items", query).status == 400, uri


def test_bbox_crs_parameter_default(side: Side) -> None:
    """/req/crs/fc-bbox-crs-default-value, abstract test 10: a box is in CRS84 where nothing is said.

    Suite: BBoxCrsParameterDefault.verifyBboxCrsParameterDefault
    """
    for name in COLLECTIONS:
        assert side.parameters(f"/ogc/collections/{name}/items")["bbox-crs"]["schema"]["default"] == CRS84
        query = {"bbox": ",".join(map(str, BOX)), "properties": "", "limit": 60}
        assert side.items(name, {**query, "bbox-crs": CRS84}).ids == side.items(name, query).ids

"""What the server answers, asked once: a side of it, its answers, and pages of features of every kind."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlencode, urlsplit

import shapely
from flask.testing import FlaskClient

GEOJSON, JSON, HTML = "application/geo+json", "application/json", "text/html"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
SCHEMA = "application/schema+json"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
COLLECTIONS = ("sites", "provinces", "regencies", "centres")
#: Of each collection, what says from when to when a feature is; an instant, an interval, or nothing.
TIMES = {
    "sites": ("status_since",),
    "provinces": ("valid_from", "valid_to"),
    "regencies": ("valid_from", "valid_to"),
    "centres": (),
}
#: Greenwich, the equator, the antimeridian, both poles, and a part of Java; west, south, east, north.
BOXES = (
    *((-2.0, 45.0, 2.0, 55.0), (105.0, -2.5, 120.0, 2.5), (135.0, -10.0, -170.0, 5.0)),
    *((-180.0, 80.0, 180.0, 90.0), (-180.0, -90.0, 180.0, -80.0), (110.0, -8.0, 113.5, -6.5)),
)
#: Instants and intervals, closed and open; each with its first and last day in Jakarta.
TIMES_ASKED = (
    ("2012-12-12", "2012-12-12", "2012-12-12"),
    ("2014-06-18T00:00:00+07:00", "2014-06-18", "2014-06-18"),
    ("2013-12-31T17:00:00Z", "2014-01-01", "2014-01-01"),
    ("2013-01-01/2016-12-31", "2013-01-01", "2016-12-31"),
    ("2013-01-01T00:00:00+07:00/2016-12-31T12:00:00+07:00", "2013-01-01", "2016-12-31"),
    ("../2015-06-30", "", "2015-06-30"),
    ("2015-06-30/..", "2015-06-30", "9999"),
    ("2015-06-30/", "2015-06-30", "9999"),
)
#: Collections whose places are so large that most tests read only some of them.
FEW = {"provinces": 3, "regencies": 20}
REGION = "33"
Feature = dict[str, Any]
Query = Mapping[str, object]


@dataclass(frozen=True)
class Answer:
    """An answer to one request.

    Parameters
    ----------
    address : that was asked for, with its query
    status, media_type, headers, body : of the answer
    """

    address: str
    status: int
    media_type: str
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    @cached_property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def features(self) -> list[Feature]:
        features: list[Feature] = self.json["features"]
        return features

    @property
    def ids(self) -> list[Any]:
        return [each["id"] for each in self.features]

    @property
    def links(self) -> list[dict[str, Any]]:
        links: list[dict[str, Any]] = self.json["links"]
        return links

    def link(self, rel: str, media_type: str | None = None) -> str:
        """The address of the one link with this relation, and of this type where one is named."""
        found = [
            each["href"]
            for each in self.links
            if each["rel"] == rel and media_type in (None, each["type"].replace(" ", ""))
        ]
        assert len(found) == 1, (self.address, rel, found)
        return str(found[0])


@dataclass
class Side:
    """The server as somebody sees it; what was asked for once is not asked for again.

    Parameters
    ----------
    name : who it is
    client : as which he asks
    """

    name: str
    client: FlaskClient
    asked: dict[object, Answer] = field(default_factory=dict)
    wholes: dict[str, list[Feature]] = field(default_factory=dict)
    trees: dict[str, shapely.STRtree] = field(default_factory=dict)

    def get(
        self,
        address: str,
        query: Query | Iterable[tuple[str, object]] = (),
        *,
        accept: str | None = None,
        method: str = "GET",
    ) -> Answer:
        """The answer to a request; `address` is a path or a link of an answer."""
        parts = urlsplit(address)
        given = "&".join(
            filter(None, (parts.query, urlencode(query if isinstance(query, Mapping) else list(query))))
        )
        path = f"{parts.path}?{given}" if given else parts.path
        key = (method, path, accept)
        if key not in self.asked:
            headers = {"Accept": accept} if accept else {}
            answer = self.client.open(path, method=method, headers=headers)
            self.asked[key] = Answer(
                path, answer.status_code, answer.mimetype, answer.headers, answer.get_data()
            )
        return self.asked[key]

    def found(self, address: str, query: Query | Iterable[tuple[str, object]] = (), **how: Any) -> Answer:
        """The answer to a request that must succeed."""
        answer = self.get(address, query, **how)
        assert answer.status == 200, (answer.address, answer.status, answer.body[:300])
        return answer

    def items(self, collection: str, query: Query | Iterable[tuple[str, object]] = ()) -> Answer:
        """A page of a collection, as GeoJSON."""
        return self.found(f"/ogc/collections/{collection}/items", query, accept=GEOJSON)

    def whole(self, collection: str) -> list[Feature]:
        """All features of a collection, by its links from page to page; places in CRS84."""
        if collection not in self.wholes:
            answer = self.items(collection)
            features = list(answer.features)
            while any(each["rel"] == "next" for each in answer.links):
                answer = self.found(answer.link("next"))
                features += answer.features
            self.wholes[collection] = features
        return self.wholes[collection]

    def filtered(self, collection: str, text: str, **query: object) -> list[Any]:
        """The ids that a filter finds, in a language that is CQL2 text where none is named."""
        return self.items(collection, {"filter": text, "limit": 10_000, **query}).ids

    def assert_found(self, collection: str, text: str, meant: list[Any]) -> None:
        """A filter finds what is meant; regencies are those of a province, of provinces a few are read."""
        most = FEW.get(collection, 10_000)
        query = {"filter": text, "limit": most, "properties": ""}
        if collection == "regencies":
            own = {each["id"] for each in self.swept(collection)}
            meant, query = [key for key in meant if key in own], {**query, "region": REGION}
        answer = self.items(collection, query)
        assert (answer.ids, answer.json["numberMatched"]) == (meant[:most], len(meant)), (collection, text)

    def swept(self, collection: str) -> list[Feature]:
        """The features that filters of every kind are tried on."""
        whole = self.whole(collection)
        if collection != "regencies":
            return whole
        return [each for each in whole if each["properties"]["parent_code"] == REGION]

    def met_by(self, collection: str, place: shapely.Geometry) -> list[Any]:
        """The ids of those features of the whole collection whose place meets another."""
        if collection not in self.trees:
            self.trees[collection] = shapely.STRtree([place_of(each) for each in self.whole(collection)])
        found = sorted(self.trees[collection].query(place, predicate="intersects"))
        return [self.whole(collection)[number]["id"] for number in found]

    def in_box(self, collection: str, west: float, south: float, east: float, north: float) -> list[Feature]:
        """The features that meet a box, which may cross the antimeridian, or have no place."""
        sides = [(west, east)] if west <= east else [(west, 180.0), (-180.0, east)]
        meets = set(
            self.met_by(collection, shapely.MultiPolygon([shapely.box(a, south, b, north) for a, b in sides]))
        )
        return [each for each in self.whole(collection) if each["id"] in meets or not each["geometry"]]

    def expected(self, collection: str, holds: Callable[[Feature], object]) -> list[Any]:
        """The ids of those features of the whole collection that a condition of ours holds for."""
        return [each["id"] for each in self.whole(collection) if holds(each)]

    @property
    def document(self) -> dict[str, Any]:
        """The API as OpenAPI."""
        document: dict[str, Any] = self.found("/ogc/api", accept=OPENAPI).json
        return document

    @property
    def paths(self) -> dict[str, dict[str, Any]]:
        """What the API's definition has for GET, by paths of this server, with its references followed."""
        document = self.document
        defined = document["components"]["parameters"]
        found = {}
        for path, made in document["paths"].items():
            (server,) = made.get("servers", document["servers"])
            parameters = [
                defined[each["$ref"].rpartition("/")[2]] if "$ref" in each else each
                for each in made["get"]["parameters"]
            ]
            root = str(server["url"]).removeprefix("http://localhost")
            found[root + path.rstrip("/")] = {**made["get"], "parameters": parameters}
        return found

    def parameters(self, path: str) -> dict[str, dict[str, Any]]:
        """The parameters that the API's definition has for a path, by name."""
        return {each["name"]: each for each in self.paths[path]["parameters"]}


@dataclass(frozen=True)
class Page:
    """A page of features, what was asked for, and which features of the whole collection are meant."""

    collection: str
    query: Query
    answer: Answer
    meant: list[Feature] = field(repr=False)

    @property
    def expected(self) -> list[Any]:
        """The ids that the page should hold."""
        return [each["id"] for each in self.meant][: int(str(self.query.get("limit", 10_000)))]


def pages(side: Side, kind: str) -> list[Page]:
    """Pages of every collection: of all features, in boxes, of a number of them, or of a time."""
    makers = {"all": _all, "bbox": _in_boxes, "limit": _limited, "datetime": _at_times}
    return [page for name in COLLECTIONS for page in makers[kind](side, name)]


def _all(side: Side, name: str) -> list[Page]:
    return [Page(name, {}, side.items(name), side.whole(name))]


def _limited(side: Side, name: str) -> list[Page]:
    asked = [{"limit": number} for number in (1, 7, 10_000)]
    return [Page(name, query, side.items(name, query), side.whole(name)) for query in asked]


def _in_boxes(side: Side, name: str) -> list[Page]:
    extent = side.found(f"/ogc/collections/{name}").json.get("extent")
    boxes = [*BOXES, *((tuple(extent["spatial"]["bbox"][0]),) if extent else ())]
    found = []
    for corners in boxes:
        query = {"bbox": ",".join(map(str, corners)), **_few(name)}
        found.append(Page(name, query, side.items(name, query), side.in_box(name, *corners)))
    return found


def _at_times(side: Side, name: str) -> list[Page]:
    found = []
    for text, first, last in TIMES_ASKED:
        meant = [each for each in side.whole(name) if is_within(each, TIMES[name], first, last)]
        query = {"datetime": text, **_few(name)}
        found.append(Page(name, query, side.items(name, query), meant))
    return found


def _few(name: str) -> Query:
    return {"limit": FEW[name]} if name in FEW else {}


def place_of(feature: Feature) -> shapely.Geometry | None:
    """The geometry of a feature; none where it has none."""
    geometry = feature["geometry"]
    return None if geometry is None else shapely.from_geojson(json.dumps(geometry))


def is_within(feature: Feature, names: tuple[str, ...], first: str, last: str) -> bool:
    """Whether a feature is at some time between two days, or has no time and so is at all times."""
    if not names:
        return True
    start = feature["properties"][names[0]]
    if len(names) == 1:
        return start is None or bool(first <= start <= last)
    end = feature["properties"][names[1]]
    return bool((start is None or start <= last) and (end is None or end > first))

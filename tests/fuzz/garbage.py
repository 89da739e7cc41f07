"""What no reasonable program sends: paths, parameters and headers, byte for byte as they go over the wire."""

import base64
from urllib.parse import quote_from_bytes

from hypothesis import strategies as st

from gis.domain.collections import REGISTER
from gis.services.exports.formats import FORMATS
from tests.attack.planting import PLACES
from tests.fuzz.conftest import MARKS

_DEEP = 1_500  # a server takes lines of some 8,000 bytes, and these are escaped
_LON, _LAT = PLACES[0].centre_point
_SITE = MARKS.site_id(0)
#: Of every kind that a parameter could choke on, whichever it is given to.
VALUES = (
    *(
        "",
        " ",
        "0",
        "1",
        "5",
        "+5",
        "-1",
        "-0",
        " 5",
        "5 ",
        "1_000",
        "1e3",
        "1e400",
        "-1e400",
        "nan",
        "inf",
        "0x10",
    ),
    *("１２", "٣", "²", "99999999999999999999", "9" * 400, "9" * 3_000, "4.9e-324", "9007199254740993"),
    *(
        "\x00",
        "a\x00b",
        "\x01\x7f",
        "%",
        "%%",
        "%00",
        "'",
        '"',
        "';--",
        "\\",
        "`",
        "$1",
        "%(a)s",
        "{}",
        "{0}",
    ),
    *("[" * _DEEP, "(" * _DEEP, "{" * _DEEP, "NOT " * 700, "((1=1) AND " * 200, '{"op":"not","args":[' * 150),
    *("\ufffe", "\u202e", "e\u0301" * 50, "\U0001f600", "İıŞ", "\u2028", "é" * 300, "ﷺ" * 90),
    *(
        "null",
        "true",
        "[]",
        "{}",
        '""',
        "undefined",
        "None",
        "default",
        "../..",
        "..",
        "/",
        "//",
        "?",
        "#",
        "&",
    ),
    *("abc", "nan,nan,nan,nan", "1,2,3", "1,2,3,4,5", "1,2,3,4,5,6", "1,2,3,4,5,6,7", "1e308,0,1e308,1"),
    *("180,-90,-180,90", "95,-11,141,6", "5,4,3,2", ",,,", "-1e5,-1e5,1e5,1e5", "0,0,0,0", "1,2,3,x"),
    *(
        "garbage",
        "2016-02-30",
        "2016-13-01",
        "0000-00-00",
        "0001-01-01",
        "9999-12-31",
        "10000-01-01",
        "2016-1-1",
    ),
    *(
        "2016-01-01T25:00:00Z",
        "2016-01-01T00:00:00+99:99",
        "9999-12-31T23:59:59-23:59",
        "2016-01-01T00:00:00+23:59",
        "0001-01-01T00:00:00+00:01",
        "../..",
        "../2016-01-01",
    ),
    *("2016-01-01/..", "2017-01-01/2016-01-01", "2016-01-01/2017-01-01/2018-01-01", "/", "2016-02-22"),
    *("http://www.opengis.net/def/crs/EPSG/0/3857", "EPSG:4326", "urn:ogc:def:crs:OGC:1.3:CRS84", "9470"),
    *(
        "name",
        "-name",
        "+name",
        "nosuch",
        "name,name,name",
        "geom",
        "-geom",
        "id",
        "*",
        "name desc",
        "id;drop",
    ),
    *("name = 'a'", "nosuch = 1", "name LIKE '%'", "name LIKE '%%%_%' || 'x'", "id = 1e300", "id / 0 = 1"),
    *(
        "closed_on > DATE('2016-02-30')",
        "S_INTERSECTS(geom, POINT(1e400 0))",
        "name = 'zorbul'",
        "id IS NULL",
    ),
    *("S_INTERSECTS(geom, POLYGON((0 0, 1 1, 0 1, 1 0, 0 0)))", "S_WITHIN(geom, POLYGON EMPTY)", "id IN ()"),
    *(
        "POLYGON((((",
        "name IN (" + ",".join(["'a'"] * 400) + ")",
        "CASEI(name) = CASEI('İ')",
        "1 = 1",
        "a=b=c",
    ),
    *(
        '{"op":"=","args":[{"property":"name"},"a"]}',
        '{"op":"="}',
        "[1,2",
        '{"op":"s_intersects","args":[1,2]}',
    ),
    *('{"op":"=","args":[{"property":"id"},1e999]}', '{"op":"like","args":[{"property":"name"},{"op":"x"}]}'),
    *("64", "33", "33.24", "99", "99.99", "6", "64.72.1", str(_SITE), str(-_SITE), f"{_LON},{_LAT}"),
    *(
        "cql2-text",
        "cql2-json",
        "cql-text",
        "ecql",
        "json",
        "html",
        "xml",
        "geojson",
        "closed",
        "active,closed",
    ),
    *(
        "2026-01-01",
        "2026-01-01.1",
        "2001-01-01",
        "then",
        "today",
        "nation",
        "province",
        "regency",
        "lokalisasi",
    ),
)
NAMES = (
    *(
        "limit",
        "offset",
        "after",
        "bbox",
        "bbox-crs",
        "crs",
        "datetime",
        "filter",
        "filter-lang",
        "filter-crs",
    ),
    *("sortby", "properties", "as_of", "known_at", "release", "region", "boundaries", "status", "site_type"),
    *(
        "level",
        "f",
        "id",
        "name",
        "people",
        "closed_on",
        "updated_at",
        "synthetic",
        "shared_with",
        "area_km2",
    ),
    *(
        "locale",
        "site",
        "tab",
        "payer",
        "state",
        "q",
        "next",
        "draft",
        "code",
        "bbox_crs",
        "LIMIT",
        "limit[]",
    ),
)
_COLLECTION = st.sampled_from(
    [*REGISTER, "nosuch", "sites%00", "si%ffte", "..", "%2e%2e", "SITES", "sites;x"]
)
_ENDING = st.sampled_from(
    [*(each.ending for each in FORMATS if each.ending in ("geojson", "csv")), "qlr", "exe"]
)
_PLACE = st.sampled_from(
    ["0", "5", "16", "25", "99", "-1", "1e3", "%00", "08", "9" * 30, "x", "1.5", "٣", "2147483648"]
)
_FIXED = (
    *(
        "/ogc",
        "/ogc/",
        "/ogc/api",
        "/ogc/conformance",
        "/ogc/collections",
        "/ogc/tileMatrixSets",
        "/catalog.jsonld",
    ),
    *("/summary.json", "/summary.csv", "/series.json", "/release.json", "/index.json", "/index.geojson", "/"),
    *("/regions/64", "/regions/99.99.json", "/regions/64.geojson", "/plans.json", "/claims", "/centres.json"),
    *(
        "/map/sites.geojson",
        "/releases/2026-01-01",
        "/releases/2026-99-99",
        "/en/downloads",
        "/people",
        "/aid.json",
    ),
    *(
        "/map/regions/province/2013-04-22.geojson",
        "/map/regions/province/2013-02-30.geojson",
        "/nosuch",
        "//",
        "/%00",
    ),
    *("/manage/sites/new", "/manage/audit.json", "/manage/batches", "/login", "/static/../../etc/passwd"),
    *("/static/%2e%2e/%2e%2e/etc/passwd", "/health", "/metrics", "/%ff%fe", "/ogc%2Fapi", "/" + "a" * 3_000),
)


def _escaped(value: bytes) -> st.SearchStrategy[bytes]:
    """A value as an address has it: escaped, escaped in part, with escapes that are none, or as it is."""
    plain = quote_from_bytes(value).encode()
    raw = value.translate(None, b" \r\n\t\x0b\x0c#&")  # what would end the line, or the parameter
    return st.sampled_from(
        [plain, plain, plain, plain.replace(b"%20", b"+"), raw, plain + b"%", plain + b"%zz"]
    )


_VALUE = st.one_of(
    st.sampled_from(VALUES).map(str.encode),
    st.sampled_from(VALUES).map(str.encode),
    st.text(max_size=40).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.binary(max_size=24),
    st.integers().map(lambda number: str(number).encode()),
    st.floats().map(lambda number: repr(number).encode()),
).flatmap(_escaped)
_NAME = st.one_of(
    *[st.sampled_from(NAMES).map(str.encode)] * 6,
    st.binary(max_size=6).map(lambda name: quote_from_bytes(name).encode()),
)
_KEY = st.one_of(st.just(str(_SITE).encode()), st.just(b"64"), _VALUE)
PATHS = st.one_of(
    st.sampled_from(_FIXED).map(str.encode),
    st.builds(lambda name: f"/ogc/collections/{name}/items".encode(), _COLLECTION),
    st.builds(lambda name: f"/ogc/collections/{name}/items".encode(), st.sampled_from([*REGISTER])),
    st.builds(lambda name, key: f"/ogc/collections/{name}/items/".encode() + key, _COLLECTION, _KEY),
    st.builds(
        lambda name, end: f"/ogc/collections/{name}{end}".encode(),
        _COLLECTION,
        st.sampled_from(["", "/queryables", "/tiles"]),
    ),
    st.builds(
        lambda name, z, y, x: f"/ogc/collections/{name}/tiles/WebMercatorQuad/{z}/{y}/{x}".encode(),
        *(_COLLECTION, _PLACE, _PLACE, _PLACE),
    ),
    st.builds(lambda name, ending: f"/exports/{name}.{ending}".encode(), _COLLECTION, _ENDING),
    st.builds(lambda key: b"/sites/" + key, _KEY),
    st.builds(lambda key: b"/regions/" + key, _KEY),
)
QUERIES = st.lists(st.builds(lambda name, value: name + b"=" + value, _NAME, _VALUE), max_size=3).map(
    b"&".join
)

_ASCII = st.text(st.characters(min_codepoint=33, max_codepoint=255), max_size=30).map(
    lambda t: t.encode("latin-1")
)
HEADERS = {
    b"Accept": [
        *(b"text/html", b"*/*", b"application/geo+json", b"text/html;q=abc", b",,,,", b";", b"text/*;q=-1"),
        *(b"*/*;q=0", b"a" * 2_000, b"application/problem+json", b"\xff\xfe", b"text/html;" * 200, b"x/y"),
    ],
    b"Accept-Encoding": [
        b"gzip",
        b"br",
        b"deflate",
        b"identity;q=0",
        b"*;q=0",
        b"gzip;q=nan",
        b"\xff",
        b"x" * 900,
        b",;=",
    ],
    b"Authorization": [
        *(b"Bearer", b"Bearer ", b"Bearer x", b"bearer atlas_" + b"x" * 500, b"Basic", b"Basic !!!", b"\xff"),
        *(
            b"Basic " + base64.b64encode(b"\xff\xfe:\x00"),
            b"Basic " + b"A" * 2_000,
            b"Digest a=b",
            b"Negotiate =",
        ),
    ],
    b"If-None-Match": [b"*", b'"', b'W/"x', b"x" * 900, b'"\xff"', b"," * 500],
    b"If-Modified-Since": [b"garbage", b"Mon, 99 Foo 9999 99:99:99 GMT"],
    b"Range": [
        b"bytes=0-",
        b"bytes=-1",
        b"bytes=9-1",
        b"bytes=a-b",
        b"bytes=" + b"0-0," * 200,
        b"x=1-2",
        b"bytes=99999999999999999999-",
    ],
    b"Cookie": [b"session=\xff", b"session=" + b"a" * 3_000, b"=;=;", b"session", b"form=\x80;session=x"],
    b"Accept-Language": [b"*", b"\xff", b"id;q=x", b"x" * 900],
    b"Host": [b"evil.example", b"127.0.0.1:99999999", b"[::1", b"a" * 300, b"\xff", b"localhost\x00"],
    b"X-Forwarded-For": [b"garbage", b"," * 99],
    b"X-Forwarded-Proto": [b"javascript"],
    b"Content-Length": [b"0", b"-1", b"x"],
    b"Expect": [b"100-continue", b"x"],
}
_HEADER = st.sampled_from([*HEADERS]).flatmap(
    lambda name: st.tuples(st.just(name), st.one_of(*[st.sampled_from(HEADERS[name])] * 4, _ASCII))
)
SOME_HEADERS = st.one_of(st.just([]), st.lists(_HEADER, max_size=2))
METHODS = st.sampled_from([*[b"GET"] * 20, b"HEAD", b"OPTIONS", b"POST", b"DELETE", b"TRACE", b"X"])

"""What the API's document allows and forbids is asked: nothing breaks, all is as it says, nothing leaks."""

from typing import Any
from urllib.parse import unquote_plus

import mapbox_vector_tile
import pytest
from hypothesis import given
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode, openapi
from schemathesis.checks import not_a_server_error
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.attack.planting import PLACES, crossing_id
from tests.fuzz.conftest import LONGEST_S, MARKS, RELEASED_ON, Fuzzed, Reader, dice
from tests.webmap.test_tiles import MVT, at

#: By the last word of an operation's name; of all others, which are documents, a few are enough.
EXAMPLES = {"items": 18, "item": 12, "tile": 12, "tileset": 8, "summary": 8, "summary_csv": 6, "series": 8}
FEW = 3
MOST_PARAMETERS = 3
CHECKS = [
    *(not_a_server_error, status_code_conformance),
    *(content_type_conformance, response_schema_conformance),
]
#: What a schema cannot know: that of hidden rows, and what is understood.
LIKELY = {
    "release": [str(RELEASED_ON)],
    "as_of": ["2017-04-02", "2016-01-01"],
    "region": ["33.24", "33", "64", "64.72"],
    "filter": [
        *("name LIKE '%zorbul%'", f"id = {MARKS.site_id(0)}", "people > 48000", "province_code <> '64'"),
        "S_INTERSECTS(geom, BBOX(110.1, -7.1, 110.4, -6.9))",
    ],
    "filter-lang": ["cql2-text"],
    "bbox": ["110.1,-7.1,110.4,-6.9", "95,-11,141,6"],
    "datetime": ["2017-03-19", "../2017-03-20"],
    "sortby": ["-name", "people"],
    "properties": ["name", "code"],
    "name": ["zorbulak-0"],
}
KEYS = [MARKS.site_id(0), crossing_id(0, primary_is_hidden=True), "33", "33.24", "64"]
_LON, _LAT = (n + MARKS.shift for n in PLACES[0].centre_point)
TILES = [at(z, _LON, _LAT) for z in (0, 5, 8, 14)]


@st.composite
def asked(draw: st.DrawFn, operation: Any) -> Case:
    """A request by the document or against it; of its parameters as few as let it come far."""
    case: Case = draw(st.one_of(operation.as_strategy(generation_mode=mode) for mode in GenerationMode))
    query = dict(case.query or {})
    if query:
        kept = draw(st.sets(st.sampled_from(sorted(query)), min_size=1, max_size=MOST_PARAMETERS))
        likely = {name for name in kept if name in LIKELY and draw(st.booleans())}
        case.query = {
            name: draw(st.sampled_from(LIKELY[name])) if name in likely else query[name] for name in kept
        }
    path = case.path_parameters or {}
    if "key" in path and draw(st.booleans()):
        path["key"] = draw(st.sampled_from(KEYS))
    if "tileRow" in path and draw(st.booleans()):
        tile = draw(st.sampled_from(TILES))
        path.update(tileMatrix=tile.z, tileRow=tile.y, tileCol=tile.x)
    return case


def check(answer: Response, case: Case, reader: Reader) -> None:
    case.validate_response(answer, checks=CHECKS)
    assert answer.elapsed < LONGEST_S
    address = unquote_plus(str(answer.request.url))
    assert not reader.told(answer.content, address), address
    if answer.status_code == 200 and answer.headers["content-type"] == [MVT]:
        ids = {each.get("id") for each in features_of(answer.content)}
        assert not ids & reader.hidden_ids, address


def features_of(tile: bytes) -> list[dict[str, Any]]:
    return [each for layer in mapbox_vector_tile.decode(tile).values() for each in layer["features"]]


@pytest.mark.parametrize("who", ["visitor", "province", "planner"])
def test_each_operation(fuzzed: Fuzzed, who: str) -> None:
    reader = fuzzed.readers[who]
    headers = {**reader.headers, "Accept-Encoding": "identity"}  # what is packed cannot be looked through
    schema = openapi.from_dict(fuzzed.app.test_client().get("/ogc/api", headers=headers).get_json())
    schema.app = fuzzed.app
    for made in schema.get_all_operations():
        operation = made.ok()
        name = operation.definition.raw["operationId"].rpartition(".")[2]

        @dice(EXAMPLES.get(name, FEW))
        @given(asked(operation))
        def fuzz(case: Case) -> None:
            answer = case.call(base_url=case.operation.base_url, headers=headers)
            check(answer, case, reader)

        fuzz()

"""Each value that could choke a reader, given to parameters of items and files: refused by name, or taken."""

import time
from urllib.parse import urlencode

import pytest

from gis.domain.collections import REGISTER
from tests.fuzz.conftest import LONGEST_S, Fuzzed
from tests.fuzz.garbage import VALUES
from tests.fuzz.test_wire import INSIDE, PROBLEM
from webmap.feature_parameters import HYPHENATED, PageParameters

HYPHENS = {field: name for name, field in HYPHENATED.items()}
NAMES = [HYPHENS.get(field, field) for field in PageParameters.model_fields]
#: Of the properties one of each type.
OWN = {each.type: each.name for each in REGISTER["sites"].properties}.values()


ITEMS, FILE = "/ogc/collections/sites/items", "/exports/sites.geojson"
#: A file binds values in another way.
ASKED = [
    *((ITEMS, name) for name in (*NAMES, *OWN, "f", "nosuch")),
    *((FILE, name) for name in ("filter", *OWN)),
]


@pytest.mark.parametrize(("path", "name"), ASKED)
def test_each_value_of_a_parameter(fuzzed: Fuzzed, path: str, name: str) -> None:
    client, headers = fuzzed.app.test_client(), fuzzed.readers["planner"].headers
    page = {} if name == "limit" or path == FILE else {"limit": "1"}
    taken = 0
    for value in VALUES:
        query = urlencode({**page, name: value.encode("utf-8", "surrogatepass")})
        begun = time.monotonic()
        answer = client.get(f"{path}?{query}", headers=headers)
        assert time.monotonic() - begun < LONGEST_S
        assert answer.status_code in ({200, 400, 404} if name == "release" else {200, 400}), query
        assert not INSIDE.search(answer.data), query
        if answer.status_code == 400:
            assert answer.mimetype == PROBLEM
            assert answer.get_json()["detail"].startswith(f"{name}: found "), query
        taken += answer.status_code == 200
    assert (taken > 0) == (name != "nosuch")

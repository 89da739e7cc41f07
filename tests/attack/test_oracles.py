"""What an account enters is compared with what is stored: no answer tells that a hidden row was there.

Each entry names a row that the one register hides and that the other does not have: a key, an id, a name.
"""

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from gis.domain.access import Role
from gis.services.imports import importing
from gis.services.imports.raw_table import RawTable
from gis.services.imports.reading_worker import Options
from tests.attack.conftest import ONE, PROVINCE, Register
from tests.attack.planting import OURS, PLACES, crossing_id
from tests.webmap.test_manage import token

Twins = tuple[Register, Register]
# Thrown by the program itself, and the clock.
_RANDOM = re.compile(
    r'"(?:fact|site|corrects)_id":"?(?!5555|7777)\d+"?|"\w+_at":"[^"]+"|\d{4}-\d\d-\d\dT[\d:.+]+'
)
HIDDEN = PLACES[0].regency
SITE = crossing_id(0, primary_is_hidden=False)
FIRST, WORD = ONE.first_id, ONE.word
EVENT = {"site_id": SITE, "kind": "verified", "occurred_on": "2011-01-01"}
COUNT = {"site_id": SITE, "counted_on": "2012-02-02", "n": 50, "definition": "resident"}
CLAIM = {"report": "uji", "region_code": "64", "definition": "sites_total", "value": 5, "as_of": "2012-02-02"}
AID = {
    **{"item_key": "uji", "aid_type": "uep", "payer": "regency", "region_code": "64.72", "planned_n": 9},
    **{"paid_n": 1, "period_from": "2012-01-01", "period_to": "2012-02-02", "stated_on": "2012-02-02"},
}
BOUNDARY = {
    **{"site_id": SITE, "legal_instrument": "SK"},
    **{"wkt": "POLYGON ((117.1 -0.5, 117.11 -0.5, 117.11 -0.49, 117.1 -0.5))"},
}
PLAN = {"kind": "decree", "issuer": "uji", "dated": "2012-02-02", "region_code": "64"}
OCCUPANCY = {"centre_id": OURS + 90, "counted_on": "2012-02-02", "occupied": 5, "capacity": 9}
NEW_SITE = {"site_type": "lokalisasi", "lat": -0.5, "lon": 117.15, "recorded_on": "2012-02-02"}
# By collection a file, each row of which names something else that is hidden.
FILES: dict[str, list[dict[str, Any]]] = {
    "events": [
        {**EVENT, "external_id": f"{WORD}-e-11{HIDDEN}"},
        {**EVENT, "corrects_id": FIRST + 111},
        {**EVENT, "corrects_external_id": f"{WORD}-e-12{HIDDEN}"},
        {**EVENT, "site_id": FIRST + 1},
        {**EVENT, "site_id": None, "site": f"{WORD} 1"},
    ],
    "headcounts": [
        {**COUNT, "external_id": f"{WORD}-h-11{HIDDEN}"},
        {**COUNT, "corrects_id": FIRST + 204},
        {**COUNT, "corrects_id": FIRST + 307},  # the other part's
        {**COUNT, "corrects_id": FIRST + 307, "region_code": HIDDEN},
        {**COUNT, "counted_on": "2015-01-01", "n": ONE.n + 21, "region_code": HIDDEN},
    ],
    "claims": [
        {**CLAIM, "external_id": f"{WORD}-c-{HIDDEN}"},
        {**CLAIM, "corrects_id": FIRST + 400},
        {**CLAIM, "corrects_id": FIRST + 400, "region_code": HIDDEN},
        {**CLAIM, "corrects_id": FIRST + 401, "region_code": HIDDEN[:2]},
    ],
    "aid": [
        {**AID, "external_id": f"{WORD}-a-1{HIDDEN}"},
        {**AID, "corrects_id": FIRST + 421},
        {**AID, "corrects_id": FIRST + 421, "region_code": HIDDEN},
        {**AID, "item_key": f"{WORD}1", "region_code": HIDDEN},
        {**AID, "site_id": FIRST + 1},
    ],
    "boundaries": [
        {**BOUNDARY, "external_id": f"{WORD}-b-{HIDDEN}"},
        {**BOUNDARY, "corrects_id": FIRST + 430},
        {**BOUNDARY, "site_id": FIRST + 1},
    ],
    "plans": [
        {**PLAN, "external_id": f"{WORD}-p-{HIDDEN}"},
        {**PLAN, "corrects_id": FIRST + 410},
        {**PLAN, "replaces_id": FIRST + 410},
        {**PLAN, "replaces_id": FIRST + 410, "region_code": HIDDEN},
        {**PLAN, "region_code": None, "site_id": FIRST + 1},
    ],
    "occupancies": [
        {**OCCUPANCY, "external_id": f"{WORD}-o-{HIDDEN}"},
        {**OCCUPANCY, "corrects_id": FIRST + 440},
    ],
    "sites": [{**NEW_SITE, "name": WORD}, {**NEW_SITE, "name": "Baru", "site_id": FIRST + 1}],
}


@pytest.fixture
def read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each file is read in its process once, and not again for every request."""
    kept: dict[bytes, RawTable] = {}
    read: Callable[[Path, Options], RawTable] = importing.read_table

    def reading(path: Path, options: Options) -> RawTable:
        content = path.read_bytes()
        if content not in kept:
            kept[content] = read(path, options)
        return kept[content]

    monkeypatch.setattr(importing, "read_table", reading)


def entered(client: FlaskClient, collection: str, rows: list[dict[str, Any]], key: str) -> list[Any]:
    """All that is said to whoever sends rows, agrees to their columns and hands them in."""
    text = io.StringIO()
    columns = dict.fromkeys([*(name for row in rows for name in row), "source"])
    writer = csv.DictWriter(text, columns)
    writer.writeheader()
    writer.writerows({"source": "uji", **row} for row in rows)
    file = (io.BytesIO(text.getvalue().encode()), "a.csv")
    sent = client.post("/en/manage/import", data={"csrf_token": key, "collection": collection, "file": file})
    batch = sent.headers["Location"].removesuffix("/columns")
    agreed = client.post(
        f"{batch}/columns", data={"csrf_token": key, **{f"column-{name}": name for name in columns}}
    )
    pages = [client.get(f"{batch}{end}") for end in ("", ".json", ".geojson", "/refused.csv")]
    handed_in = client.post(f"{batch}/submit", data={"csrf_token": key})
    answers = [sent, agreed, *pages, handed_in, client.get(f"{batch}.json")]
    return [(answer.status_code, _RANDOM.sub("", answer.get_data(as_text=True))) for answer in answers]


@pytest.mark.usefixtures("read_once")
def test_no_entry_tells_that_a_hidden_row_is_there(twins: Twins) -> None:
    for register in twins:
        register.throw_dice_again((Role.admin, None))  # whose numbers nobody has used
    clients = [register.client(PROVINCE) for register in twins]
    keys = [token(client) for client in clients]
    for collection, rows in FILES.items():
        one, other = (
            entered(client, collection, rows, key) for client, key in zip(clients, keys, strict=True)
        )
        assert [status for status, _ in one] == [303, 303, 200, 200, 200, 200, one[6][0], 200], collection
        assert '"outcome":"refused"' in one[3][1], collection
        assert one == other, collection

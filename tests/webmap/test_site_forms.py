"""The forms of a site, an event and a headcount: entered as drafts, refused at the field, within a scope."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from gis.database import batches
from gis.database.connection import Database
from gis.domain.access import Identity, Role
from tests.webmap.conftest import SignedIn

SAMARINDA = {"lat": "-0,5022", "lon": "117,1536"}
TARAKAN = {"lat": "3.3", "lon": "117.6"}
HOSTILE = '"><script>alert(1)</script>'
SQUARE = "POLYGON ((117.15 -0.51, 117.152 -0.51, 117.152 -0.508, 117.15 -0.508, 117.15 -0.51))"
BOW_TIE = "POLYGON ((117.1 -0.5, 117.2 -0.4, 117.2 -0.5, 117.1 -0.4, 117.1 -0.5))"
SITE = {
    "name": "Lokalisasi Uji", "alternative_names": "Uji A\r\nUji B", "site_type": "lokalisasi",
    "place": "point", **SAMARINDA, "location_accuracy": "exact", "location_source": "Survei", "region": "",
    "recorded_on": "Juni 2015", "source": "Dinsos Samarinda", "source_url": "https://dinsos.example/1",
}  # fmt: skip
EVENT = {
    "kind": "closed", "planned": "no", "occurred_on": "1 Juni 2016", "legal_instrument": "SK Wali Kota",
    "legal_number": "1/2016", "source": "Dinsos", "source_url": "", "note": "",
}  # fmt: skip
COUNT = {"n": "1.234", "definition": "resident", "counted_on": "2016-06-01", "source": "Dinsos"}


@pytest.fixture(scope="module")
def samarinda(signed_in: SignedIn) -> FlaskClient:
    return signed_in(Role.regency, "64.72")


def post(client: FlaskClient, path: str, fields: dict[str, str], action: str = "hand-in") -> TestResponse:
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/en/account").text)
    assert token
    return client.post(path, data={"csrf_token": token[1], "action": action, **fields})


def data(answer: TestResponse) -> Any:
    assert answer.status_code == 200
    return answer.json


def entered(client: FlaskClient, answer: TestResponse) -> int:
    assert answer.status_code == 303, re.findall(r'class="wrong"[^>]*>([^<]+)<', answer.text)
    page = client.get(answer.location)
    assert page.status_code == 200
    return int(answer.location.rpartition("/")[2])


def contents(database: Database, batch_id: int) -> list[dict[str, Any]]:
    with database.transaction() as connection:
        return [draft.content or {} for draft in batches.find_drafts(connection, batch_id)]


def state(database: Database, batch_id: int) -> str:
    with database.transaction() as connection:
        return str(batches.get_batch(connection, batch_id).state)


@pytest.fixture(scope="module")
def approve(demo_database: Database, actor: Callable[..., Identity]) -> Callable[[int], None]:
    acting = demo_database.acting_as(actor(demo_database, Role.approver), read_only=False)

    def approved(batch_id: int) -> None:
        with acting.transaction() as connection:
            batches.approve(connection, batch_id)

    return approved


@pytest.fixture
def site_id(samarinda: FlaskClient, demo_database: Database, approve: Callable[[int], None]) -> int:
    """A site that was entered with the form and approved."""
    batch_id = entered(samarinda, post(samarinda, "/manage/sites/new", SITE))
    approve(batch_id)
    with demo_database.transaction() as connection:
        return next(batches.find_drafts(connection, batch_id)).fact_id


def errors(answer: TestResponse) -> dict[str, str]:
    assert answer.status_code == 422
    found = re.findall(r'<p class="wrong" id="p-(\w+)">([^<]+)</p>', answer.text)
    return dict(found)


def test_a_site_and_its_first_event_are_one_batch(samarinda: FlaskClient, demo_database: Database) -> None:
    batch_id = entered(samarinda, post(samarinda, "/manage/sites/new", SITE))
    site, event = contents(demo_database, batch_id)
    assert site["wkt"] == "POINT (117.1536 -0.5022)"
    assert site["alternative_names"] == ["Uji A", "Uji B"]
    assert (event["kind"], event["occurred_on"], event["date_precision"]) == (
        "recorded",
        "2015-06-01",
        "month",
    )
    assert state(demo_database, batch_id) == "submitted"


def test_the_same_form_sent_twice_is_one_batch(samarinda: FlaskClient) -> None:
    form = {**SITE, "key": "one form"}
    first = entered(samarinda, post(samarinda, "/manage/sites/new", form))
    assert entered(samarinda, post(samarinda, "/manage/sites/new", form)) == first
    changed = {**form, "name": "Another name"}
    assert entered(samarinda, post(samarinda, "/manage/sites/new", changed)) != first


def test_a_draft_is_opened_again_and_replaced(samarinda: FlaskClient, demo_database: Database) -> None:
    batch_id = entered(samarinda, post(samarinda, "/manage/sites/new", SITE, "draft"))
    assert state(demo_database, batch_id) == "draft"
    page = samarinda.get(f"/manage/batches/{batch_id}").text
    again = re.search(r'href="(/manage/sites/new\?draft=\d+)"', page)
    assert again
    form = samarinda.get(again[1]).text
    for text in ("Lokalisasi Uji", "Uji A\nUji B", "-0.5022", "117.1536", "2015-06", "Dinsos Samarinda"):
        assert text in form
    later = entered(samarinda, post(samarinda, "/manage/sites/new", {**SITE, "batch": str(batch_id)}))
    assert state(demo_database, batch_id) == "withdrawn"
    assert state(demo_database, later) == "submitted"


def test_an_entry_is_handed_in_and_taken_back(samarinda: FlaskClient, demo_database: Database) -> None:
    batch_id = entered(samarinda, post(samarinda, "/manage/sites/new", SITE, "draft"))
    assert post(samarinda, f"/manage/batches/{batch_id}/submit", {}).status_code == 303
    assert state(demo_database, batch_id) == "submitted"
    assert post(samarinda, f"/manage/batches/{batch_id}/withdraw", {}).status_code == 303
    assert state(demo_database, batch_id) == "withdrawn"


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"name": ""}, "name", "This is needed."),
        ({"name": "x" * 201}, "name", "This is too long: 201 signs, at most 200."),
        ({"name": "a\x00b"}, "name", "This holds signs that are not text."),
        ({"site_type": "x"}, "site_type", "Choose one"),
        ({"place": "elsewhere"}, "place", "Choose one"),
        ({"place": "keep"}, "place", "Choose one"),
        ({"lat": "120"}, "lat", "This is no latitude"),
        ({"lon": ""}, "lon", "This is needed."),
        ({"lon": "1e3"}, "lon", "This is no longitude"),
        ({"place": "area", "wkt": "POLYGON ((1 1"}, "wkt", "This is no area in WKT"),
        ({"place": "area", "wkt": "POINT (117 -0.5)"}, "wkt", "This is a point"),
        ({"place": "area", "wkt": "GEOMETRYCOLLECTION (" * 9999}, "wkt", "This is no area in WKT"),
        ({"place": "area", "wkt": BOW_TIE}, "wkt", "crosses itself at longitude 117.15, latitude -0.45"),
        ({"place": "area", "wkt": "POLYGON ((0 0, 200 0, 200 1, 0 0))"}, "wkt", "outside of the world"),
        (
            {"place": "area", "wkt": SQUARE, "location_accuracy": "cell"},
            "location_accuracy",
            "An area is no cell",
        ),
        ({"place": "region", "region": ""}, "region", "This is needed."),
        ({"place": "region", "region": "Samarnda"}, "region", "Did you mean Kota Samarinda"),
        ({"place": "region", "region": "Bogor"}, "region", "Kota Bogor"),
        ({"recorded_on": "31 Juni 2016"}, "recorded_on", "This is no date"),
        ({"recorded_on": "2150"}, "recorded_on", "This day is still to come."),
        ({"source_url": "javascript:alert(1)"}, "source_url", "begins with https://"),
        (
            TARAKAN,
            "lat",
            "This lies in Kalimantan Utara, Kota Tarakan, outside of the region of this account.",
        ),
        ({"lat": "-12.5", "lon": "112"}, "lat", "This lies in no region"),
        ({"place": "region", "region": "Kota Tarakan"}, "region", "outside of the region of this account"),
    ],
)
def test_a_refusal_stands_at_its_field_and_what_was_typed_stays(
    samarinda: FlaskClient, demo_database: Database, changed: dict[str, str], field: str, said: str
) -> None:
    form = {**SITE, "name": f"Tetap {HOSTILE}", **changed}
    answer = post(samarinda, "/en/manage/sites/new", form)
    found = errors(answer)
    assert set(found) == {field}
    assert said in found[field].replace("&#34;", '"')
    assert f'href="#f-{field}"' in answer.text
    assert HOSTILE not in answer.text
    if "name" not in changed:
        assert "Tetap &#34;&gt;&lt;script&gt;" in answer.text
    assert f'value="{SITE["source_url"]}"' in answer.text or "source_url" in changed


def test_too_many_corners_are_refused_before_anything_else(samarinda: FlaskClient) -> None:
    ring = ", ".join(f"{117 + n / 1e5} {n % 2}" for n in range(5_001))
    form = {**SITE, "place": "area", "wkt": f"POLYGON (({ring}, 117 0))"}
    assert errors(post(samarinda, "/en/manage/sites/new", form))["wkt"].startswith(
        "This area has 5,002 corners"
    )


def test_a_site_is_changed_from_what_its_author_saw(
    samarinda: FlaskClient, demo_database: Database, site_id: int, approve: Callable[[int], None]
) -> None:
    path = f"/en/manage/sites/{site_id}/edit"
    form = fields_of(samarinda.get(path).text)
    assert (form["name"], form["place"], form["lat"]) == ("Lokalisasi Uji", "point", "-0.5022")
    assert "Nothing is different" in post(samarinda, path, form).text
    changed = {**form, "place": "area", "wkt": SQUARE}
    batch_id = entered(samarinda, post(samarinda, path, changed))
    approve(batch_id)
    late = post(samarinda, path, {**form, "name": "Too late"})
    assert "Somebody changed this site" in late.text
    assert "Too late" in late.text
    form = fields_of(samarinda.get(path).text)
    assert form["place"] == "area"
    assert form["wkt"].startswith("POLYGON")
    outside = post(samarinda, path, {**form, "place": "point", **TARAKAN})
    assert "outside of the region" in errors(outside)["lat"]


def fields_of(page: str) -> dict[str, str]:
    """What a browser would send of the page's form of a site."""
    form = page.partition('id="site-form"')[2].partition("</form>")[0]
    fields = dict(re.findall(r'<input [^>]*?name="(\w+)"(?: type="\w+")? value="([^"]*)"', form))
    fields |= dict(re.findall(r'<textarea [^>]*?name="(\w+)"[^>]*>\n?([^<]*)</textarea>', form))
    fields |= dict(re.findall(r'<input type="radio" name="(\w+)" value="(\w+)"[^>]* checked', form))
    for name, options in re.findall(r'<select [^>]*?name="(\w+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="(\w+)" selected', options)
        fields[name] = chosen[1] if chosen else ""
    return {name: text for name, text in fields.items() if name != "csrf_token"}


def test_an_event_is_entered_replaced_and_taken_back(
    samarinda: FlaskClient, demo_database: Database, site_id: int, approve: Callable[[int], None]
) -> None:
    path = f"/en/manage/sites/{site_id}/events/new"
    approve(entered(samarinda, post(samarinda, path, EVENT)))
    history = samarinda.get(path).text
    replaces = re.findall(r"events/new\?replaces=(\d+)", history)[-1]
    form = samarinda.get(f"{path}?replaces={replaces}").text
    assert 'value="2016-06-01"' in form
    assert 'value="closed" selected' in form
    later = {**EVENT, "occurred_on": "2 Juni 2016"}
    batch_id = entered(samarinda, post(samarinda, f"{path}?replaces={replaces}", later))
    assert contents(demo_database, batch_id)[0]["corrects_id"] == int(replaces)
    approve(batch_id)
    page = samarinda.get(path)
    assert "replaced by a later entry" in page.text
    assert samarinda.get(f"{path}?replaces={replaces}").status_code == 404
    newest = [uid for uid in re.findall(r"events/new\?retracts=(\d+)", page.text) if uid != replaces][-1]
    assert errors(post(samarinda, f"{path}?retracts={newest}", {"source": "Dinsos"})) == {
        "note": "This is needed."
    }
    said = {"source": "Dinsos", "note": "It was another site"}
    approve(entered(samarinda, post(samarinda, f"{path}?retracts={newest}", said)))
    twin = data(samarinda.get(f"/sites/{site_id}.json"))
    assert twin["site"]["status"] == "recorded"


def test_a_planned_date_may_be_to_come_and_an_actual_one_not(samarinda: FlaskClient, site_id: int) -> None:
    path = f"/en/manage/sites/{site_id}/events/new"
    later = {**EVENT, "occurred_on": "2150"}
    assert errors(post(samarinda, path, later)) == {"occurred_on": "This day is still to come."}
    assert entered(samarinda, post(samarinda, path, {**later, "planned": "yes"}))


def counting(client: FlaskClient, site_id: int) -> list[int]:
    """The headcounts of a site that are neither corrected nor corrections that only take back."""
    counts = data(client.get(f"/sites/{site_id}.json"))["headcounts"]
    return [count["n"] for count in counts if not (count["corrected"] or count["retracted"])]


def test_a_headcount_is_entered_replaced_and_taken_back(
    samarinda: FlaskClient, demo_database: Database, site_id: int, approve: Callable[[int], None]
) -> None:
    path = f"/en/manage/sites/{site_id}/headcounts/new"
    batch_id = entered(samarinda, post(samarinda, path, COUNT))
    assert contents(demo_database, batch_id)[0]["n"] == 1234
    approve(batch_id)
    [first] = set(re.findall(r"headcounts/new\?replaces=(\d+)", samarinda.get(path).text))
    approve(entered(samarinda, post(samarinda, f"{path}?replaces={first}", {**COUNT, "n": "99"})))
    [second] = set(re.findall(r"headcounts/new\?replaces=(\d+)", samarinda.get(path).text))
    assert second != first
    assert counting(samarinda, site_id) == [99]
    approve(entered(samarinda, post(samarinda, f"{path}?retracts={second}", {"source": "Dinsos"})))
    assert counting(samarinda, site_id) == []


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"n": "-1"}, "n"), ({"n": "12,5"}, "n"), ({"n": "1000001"}, "n"), ({"definition": ""}, "definition"),
     ({"counted_on": "2016"}, "counted_on"), ({"counted_on": "2150-01-01"}, "counted_on")],
)  # fmt: skip
def test_a_headcount_is_refused(
    samarinda: FlaskClient, site_id: int, changed: dict[str, str], field: str
) -> None:
    answer = post(samarinda, f"/en/manage/sites/{site_id}/headcounts/new", {**COUNT, **changed})
    assert list(errors(answer)) == [field]


def test_a_count_across_a_border_says_which_part(signed_in: SignedIn, demo_database: Database) -> None:
    with demo_database.transaction() as connection:
        row = connection.execute("SELECT id FROM site WHERE name = 'Gambilangu'").fetchone()
    assert row is not None
    path = f"/en/manage/sites/{row[0]}/headcounts/new"
    kendal, national = signed_in(Role.regency, "33.24"), signed_in()
    assert errors(post(national, path, COUNT)) == {"region_code": "This is needed."}
    assert list(errors(post(kendal, path, {**COUNT, "region_code": "33.74"}))) == ["region_code"]
    assert entered(kendal, post(kendal, path, {**COUNT, "region_code": "33.24"}))


def test_sites_of_others_are_not_there(signed_in: SignedIn, site_id: int) -> None:
    kaltara = signed_in(Role.province, "65")
    for part in ("edit", "events/new", "headcounts/new", "boundaries/new"):
        path = f"/manage/sites/{site_id}/{part}"
        absent = f"/manage/sites/1/{part}"
        assert kaltara.get(path).status_code == 404
        answers = [post(kaltara, each, {**SITE, **EVENT, **COUNT, **BOUNDARY}) for each in (path, absent)]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].text == answers[1].text


def test_entries_of_others_are_not_there(signed_in: SignedIn, samarinda: FlaskClient) -> None:
    batch_id = entered(samarinda, post(samarinda, "/manage/sites/new", SITE, "draft"))
    balikpapan = signed_in(Role.regency, "64.71")
    assert balikpapan.get(f"/manage/batches/{batch_id}").status_code == 404
    assert balikpapan.get(f"/manage/sites/new?draft={batch_id}").status_code == 404
    assert post(balikpapan, f"/manage/batches/{batch_id}/submit", {}).status_code == 404


@pytest.mark.parametrize("text", ["9" * 20, "9" * 5_000, "-1", "x", "٣", "%00"])
def test_what_no_record_can_bear_names_none(samarinda: FlaskClient, site_id: int, text: str) -> None:
    fresh = re.compile(r'name="key" value="[^"]*"')
    for path, name in (
        ("new", "draft"),
        (f"{site_id}/events/new", "replaces"),
        (f"{site_id}/events/new", "retracts"),
    ):
        plain, asked = (samarinda.get(f"/manage/sites/{path}{query}") for query in ("", f"?{name}={text}"))
        assert asked.status_code == plain.status_code == 200
        assert fresh.sub("", asked.text).replace(f"?{name}={text}", "") == fresh.sub("", plain.text)


def test_without_a_session_or_a_token_nothing_is_entered(
    visitor: FlaskClient, samarinda: FlaskClient
) -> None:
    assert visitor.get("/manage/sites/new").status_code == 303
    assert visitor.post("/manage/locate", data=SITE).status_code in {303, 401, 403}
    assert samarinda.post("/manage/sites/new", data=SITE).status_code == 403


def test_locate_says_the_region_and_the_scope(samarinda: FlaskClient) -> None:
    found = data(post(samarinda, "/en/manage/locate", {"place": "point", **SAMARINDA}))
    assert [region["code"] for region in found["regions"]] == ["64", "64.72"]
    assert found["words"] == "Kota Samarinda 64.72, Kalimantan Timur 64 (lies inside)."
    assert found["geometry"] == {"type": "Point", "coordinates": [117.1536, -0.5022]}
    assert found["within_scope"] is True
    assert found["layer"].startswith("/map/regions/regency/")
    outside = data(post(samarinda, "/manage/locate", {"place": "point", **TARAKAN}))
    assert outside["within_scope"] is False
    assert "Di luar wilayah akun ini." in outside["words"]
    broken = data(post(samarinda, "/en/manage/locate", {"place": "area", "wkt": BOW_TIE}))
    assert list(broken["problems"]) == ["wkt"]
    assert broken["regions"] == []


def test_the_button_finds_the_region_without_scripts(samarinda: FlaskClient) -> None:
    page = post(samarinda, "/en/manage/sites/new", SITE, "locate")
    assert page.status_code == 200
    assert "Kota Samarinda 64.72" in page.text
    assert 'value="Lokalisasi Uji"' in page.text


def test_names_of_regions_are_those_of_the_scope(samarinda: FlaskClient, signed_in: SignedIn) -> None:
    assert data(samarinda.get("/manage/regions.json")) == ["Kota Samarinda"]
    assert len(data(signed_in(Role.province, "64").get("/manage/regions.json"))) == 10
    assert len(data(signed_in().get("/manage/regions.json"))) == 514


def test_the_history_names_what_waits(samarinda: FlaskClient, site_id: int) -> None:
    path = f"/en/manage/sites/{site_id}/events/new"
    batch_id = entered(samarinda, post(samarinda, path, {**EVENT, "kind": "verified"}))
    page = samarinda.get(path).text
    assert f"/en/manage/batches/{batch_id}" in page
    assert "Waiting for a decision" in page


def test_pages_are_small(samarinda: FlaskClient, signed_in: SignedIn, site_id: int) -> None:
    for client in (samarinda, signed_in(), signed_in(Role.province, "64")):
        for path in ("sites/new", f"sites/{site_id}/edit", f"sites/{site_id}/boundaries/new"):
            for prefix in ("", "/en"):
                assert len(client.get(f"{prefix}/manage/{path}").data) <= 30 * 1024


BOUNDARY = {
    "place": "area", "wkt": SQUARE, "legal_instrument": "SK Wali Kota", "legal_number": "2/2014",
    "dated_on": "1 Mei 2014", "source": "Dinsos", "source_url": "", "note": "",
}  # fmt: skip


def test_a_boundary_by_decree_is_entered_replaced_and_taken_back(
    samarinda: FlaskClient, demo_database: Database, site_id: int, approve: Callable[[int], None]
) -> None:
    path = f"/en/manage/sites/{site_id}/boundaries/new"
    batch_id = entered(samarinda, post(samarinda, path, BOUNDARY))
    approve(batch_id)
    twin = data(samarinda.get(f"/sites/{site_id}.json"))["boundary"]
    assert (twin["missing"], twin["decree"]["dated_on"]) == ("mapped", "2014-05-01")
    [first] = re.findall(r"boundaries/new\?replaces=(\d+)", samarinda.get(path).text)
    form = samarinda.get(f"{path}?replaces={first}").text
    assert "POLYGON((117.15 -0.51" in form
    assert 'value="2014-05-01"' in form
    later = {**BOUNDARY, "legal_number": "3/2014", "dated_on": ""}
    approve(entered(samarinda, post(samarinda, f"{path}?replaces={first}", later)))
    assert samarinda.get(f"{path}?replaces={first}").status_code == 404
    [second] = re.findall(r"boundaries/new\?retracts=(\d+)", samarinda.get(path).text)
    refused = post(samarinda, f"{path}?retracts={second}", {"source": "Dinsos"})
    assert errors(refused) == {"note": "This is needed."}
    said = {"source": "Dinsos", "note": "annulled"}
    approve(entered(samarinda, post(samarinda, f"{path}?retracts={second}", said)))
    assert data(samarinda.get(f"/sites/{site_id}.json"))["boundary"]["decree"] is None


def test_a_boundary_kept_as_a_draft_is_opened_again(samarinda: FlaskClient, site_id: int) -> None:
    path = f"/en/manage/sites/{site_id}/boundaries/new"
    batch_id = entered(samarinda, post(samarinda, path, BOUNDARY, "draft"))
    again = samarinda.get(f"{path}?draft={batch_id}").text
    assert "2/2014" in again
    assert "POLYGON ((117.15 -0.51" in again


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"wkt": BOW_TIE}, "wkt"), ({"wkt": ""}, "wkt"), ({"legal_instrument": " "}, "legal_instrument"),
     ({"dated_on": "2014"}, "dated_on"), ({"dated_on": "1/1/2150"}, "dated_on"), ({"source": ""}, "source")],
)  # fmt: skip
def test_a_boundary_is_refused(
    samarinda: FlaskClient, site_id: int, changed: dict[str, str], field: str
) -> None:
    answer = post(samarinda, f"/en/manage/sites/{site_id}/boundaries/new", {**BOUNDARY, **changed})
    assert list(errors(answer)) == [field]

"""What each role gets of each address that changes something; a new one fails until it is on the table."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from psycopg.types.json import Jsonb

from gis.config import Settings
from gis.database.connection import Database
from gis.domain.access import Identity, Role
from tests.webmap.conftest import BufferedClient
from webmap import create_app
from webmap.cookies import SESSION

# Done, with a page to follow or with an answer; refused in words at the form; not for this role; not there.
NEXT, OK, WORDS, WRONG, STOP, GONE = 303, 200, 422, 401, 403, 404
LOGIN = "/login"
Outcome = int | str
# The author is a regency; to the stranger, a province, the author's region is another one.
ROLES: dict[str, tuple[Role, str | None] | None] = {
    "visitor": None,
    "author": (Role.regency, "64.72"),
    "stranger": (Role.province, "33"),
    "planner": (Role.planner, None),
    "approver": (Role.approver, None),
    "admin": (Role.admin, None),
}
# In the order of ROLES.
ANYBODY_ELSE = (GONE, STOP, STOP, STOP)
ADMINS = (LOGIN, STOP, STOP, STOP, STOP)
TABLE: dict[str, tuple[Outcome, ...]] = {
    "/login":                                       (WRONG, WRONG, WRONG, WRONG, WRONG, WRONG),
    "/logout":                                      (LOGIN, LOGIN, LOGIN, LOGIN, LOGIN, LOGIN),
    "/account/sign-out-everywhere":                 (LOGIN, LOGIN, LOGIN, LOGIN, LOGIN, LOGIN),
    "/account/language":                            (LOGIN, NEXT, NEXT, NEXT, NEXT, NEXT),
    "/account/password":                            (LOGIN, 400, 400, 400, 400, 400),
    "/account/tokens":                              (LOGIN, 400, 400, 400, 400, 400),
    "/account/tokens/<token_id>/revoke":            (LOGIN, GONE, GONE, GONE, GONE, GONE),
    "/manage/import":                               (LOGIN, WORDS, WORDS, WORDS, WORDS, WORDS),
    "/manage/locate":                               (LOGIN, OK, OK, OK, OK, OK),
    "/manage/sites/new":                            (LOGIN, WORDS, WORDS, WORDS, WORDS, WORDS),
    "/manage/sites/<site_id>/edit":                 (LOGIN, WORDS, GONE, WORDS, WORDS, WORDS),
    "/manage/sites/<site_id>/events/new":           (LOGIN, WORDS, GONE, WORDS, WORDS, WORDS),
    "/manage/sites/<site_id>/headcounts/new":       (LOGIN, WORDS, GONE, WORDS, WORDS, WORDS),
    "/manage/sites/<site_id>/boundaries/new":       (LOGIN, WORDS, GONE, WORDS, WORDS, WORDS),
    "/manage/batches/<batch_id>/columns":           (LOGIN, NEXT, *ANYBODY_ELSE),
    "/manage/batches/<batch_id>/rows/<row_number>": (LOGIN, NEXT, *ANYBODY_ELSE),
    "/manage/batches/<batch_id>/submit":            (LOGIN, NEXT, *ANYBODY_ELSE),
    "/manage/batches/<batch_id>/withdraw":          (LOGIN, NEXT, *ANYBODY_ELSE),
    "/manage/batches/<batch_id>/return":            (LOGIN, STOP, GONE, STOP, NEXT, STOP),
    "/manage/batches/<batch_id>/approve":           (LOGIN, STOP, GONE, STOP, NEXT, STOP),
    "/manage/batches/<batch_id>/undo":              (LOGIN, NEXT, GONE, NEXT, NEXT, NEXT),
    "/manage/releases":                             (*ADMINS, 409),
    "/manage/users":                                (*ADMINS, WORDS),
    "/manage/users/<account_id>/post":              (*ADMINS, WORDS),
    "/manage/users/<account_id>/password":          (*ADMINS, WORDS),
    "/manage/users/<account_id>/disable":           (*ADMINS, NEXT),
    "/manage/users/<account_id>/enable":            (*ADMINS, NEXT),
}  # fmt: skip
STATES = {
    "return": "submitted",
    "approve": "submitted",
    "undo": "submitted",
}  # of the batch that a step needs
SENT = {"reason": "uji", "old": "x", "new": "y", "again": "z", "password": "x"}
_CHOICE = re.compile(r"<any\(([^)]*)\):\w+>")
_SITE = {
    **{"name": "Tulis", "site_type": "lokalisasi", "location_accuracy": "regency", "location_source": "uji"},
    **{"declared_region_codes": ["64.72"], "source": "uji", "recorded_on": "2012-01-01"},
}
_EVENT = {"date_precision": "day", "planned": False, "source": "uji", "synthetic": False}
_DETAIL = {
    **{"columns": ["name"], "mapping": {"columns": {"name": ["name"]}, "constants": {}}, "confidence": {}},
    **{"format": "csv", "rows": 1, "sample": [], "tables": [], "options": {"table": None, "crs": None}},
}


class World:
    """The application, and whoever and whatever a test needs of it."""

    def __init__(self, app: Flask, database: Database, actor: Any, token_of: Any) -> None:
        self.app, self.database = app, database
        self._actor, self._token_of = actor, token_of

    def identity(self, name: str) -> Identity:
        account = ROLES[name]
        assert account is not None
        found: Identity = self._actor(self.database, *account)
        return found

    def client(self, name: str) -> FlaskClient:
        """A browser of its own for a role."""
        client = self.app.test_client()
        if ROLES[name] is not None:
            client.set_cookie(SESSION, self._token_of(self.database, self.identity(name)))
        return client

    def number(self, statement: str, values: Any = ()) -> int:
        with self.database.transaction() as connection:
            row = connection.execute(statement.encode(), values).fetchone()
        assert row is not None
        return int(row[0])

    def site(self) -> int:
        return self.number("SELECT min(id) FROM site WHERE region_codes @> '{64.72}'")

    def account(self) -> int:
        """Somebody whom nobody of the table is."""
        found: Identity = self._actor(self.database, Role.regency, "31.75")
        return found.account_id

    def token(self) -> int:
        """The id of a token of somebody whom nobody of the table is."""
        return self.number(
            "INSERT INTO token (account_id, name, token_hash, created_at, expires_at)"
            " VALUES (%s, gen_random_uuid()::text, sha256(gen_random_uuid()::text::bytea), now(), now()"
            " + interval '1 day') RETURNING id",
            [self.account()],
        )

    def batch(self, state: str) -> int:
        """A batch of the author's: a file with one new site."""
        author = self.identity("author")
        values = [state, author.account_id, author.name, author.region_code, Jsonb(_DETAIL)]
        batch_id = self.number(
            "INSERT INTO batch (collection, state, author_id, author_name, author_scope, detail)"
            " VALUES ('sites', %s, %s, %s, %s, %s) RETURNING id",
            values,
        )
        self.number(
            "INSERT INTO batch_file (batch_id, content) VALUES (%s, %s) RETURNING 1",
            [batch_id, b"name\nTulis\n"],
        )
        draft = (
            "INSERT INTO draft (batch_id, row_number, part, collection, content, outcome)"
            " VALUES (%s, 1, %s, %s, %s, 'new') RETURNING fact_id"
        )
        site_id = self.number(draft, [batch_id, 1, "sites", Jsonb(_SITE)])
        event = {"site_id": site_id, "kind": "recorded", "occurred_on": "2012-01-01"}
        self.number(draft, [batch_id, 2, "events", Jsonb({**event, **_EVENT})])
        return batch_id

    def path(self, row: str) -> str:
        """The address of a row of the table, with what is needed made anew."""
        step = row.rpartition("/")[2]
        made: dict[str, Callable[[], int]] = {
            "site_id": self.site,
            "account_id": self.account,
            "batch_id": lambda: self.batch(STATES.get(step, "draft")),
            "row_number": lambda: 1,
            "token_id": self.token,
        }
        path = re.sub(r"<(\w+)>", lambda found: str(made[found[1]]()), row)
        if step == "undo":
            approver = self.client("approver")
            answer = approver.post(path.replace("undo", "approve"), data={"csrf_token": token(approver)})
            assert answer.status_code == NEXT
        return path


@pytest.fixture(scope="module")
def world(
    settings: Settings,
    demo_database: Database,
    as_app: Callable[[Database], Database],
    actor: Callable[..., Identity],
    token_of: Callable[[Database, Identity], str],
) -> World:
    app = create_app(settings, as_app(demo_database))
    app.test_client_class = BufferedClient
    return World(app, demo_database, actor, token_of)


def token(client: FlaskClient) -> str:
    """What the forms of a browser hold: of its session, or for a visitor of the sign-in page."""
    page = client.get("/account", follow_redirects=True).text
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found
    return found[1]


def rows_of(app: Flask) -> dict[str, set[str]]:
    """Every address that takes anything but a reading, as rows of the table, with its endpoints."""
    found: dict[str, set[str]] = {}
    for rule in app.url_map.iter_rules():
        methods = set(rule.methods or ()) - {"GET", "HEAD", "OPTIONS"}
        assert methods <= {"POST"}, rule
        if methods:
            path = str(rule).removeprefix("/en")
            choice = _CHOICE.search(path)
            steps = choice[1].split(", ") if choice else [""]
            for step in steps:
                row = re.sub(r"<(?:[^<>]*:)?(\w+)>", r"<\1>", _CHOICE.sub(step, path))
                found.setdefault(row, set()).add(rule.endpoint)
    return found


def test_the_table_holds_every_address_in_both_languages(world: World) -> None:
    rows = rows_of(world.app)
    assert set(rows) == set(TABLE)
    for row, endpoints in rows.items():
        assert {name.partition(".")[0] for name in endpoints} == {"pages_id", "pages_en"}, row
        assert len({world.app.view_functions[name] for name in endpoints}) == 1, row
    assert {len(outcomes) for outcomes in TABLE.values()} == {len(ROLES)}


def outcome(answer: Any) -> Outcome:
    to_login = answer.status_code == NEXT and answer.headers["Location"].startswith(LOGIN)
    return LOGIN if to_login else int(answer.status_code)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_what_the_table_says(world: World, role: str) -> None:
    found = {}
    for row in TABLE:
        client = world.client(role)
        path = world.path(row)
        found[row] = outcome(
            client.post(path, data={**SENT, "name": f"nobody-{role}", "csrf_token": token(client)})
        )
    place = list(ROLES).index(role)
    assert found == {row: outcomes[place] for row, outcomes in TABLE.items()}


def test_nothing_is_done_for_a_form_of_somebody_else(world: World) -> None:
    state = (
        "SELECT hashtextextended(string_agg(t, ''), 0) FROM (SELECT b::text AS t FROM batch b UNION ALL"
        " SELECT a::text FROM account a UNION ALL SELECT count(*)::text FROM session"
        " UNION ALL SELECT count(*)::text FROM draft UNION ALL SELECT count(*)::text FROM site ORDER BY 1) x"
    )
    strangers = token(world.client("planner"))
    client = world.client("admin")
    own = token(client)
    forged: list[tuple[dict[str, str], dict[str, str]]] = [
        ({}, {}),
        ({"csrf_token": strangers}, {}),
        ({"csrf_token": own[:-1]}, {}),
        ({"csrf_token": own}, {"Origin": "https://elsewhere.example"}),
        ({"csrf_token": own}, {"Sec-Fetch-Site": "cross-site"}),
        ({}, {"X-CSRF-Token": strangers}),
    ]
    for row in TABLE:
        path = world.path(row)
        before = world.number(state)
        for fields, headers in forged:
            answer = client.post(path, data={**SENT, **fields}, headers=headers)
            assert answer.status_code == STOP, (row, fields, headers)
        assert world.number(state) == before, row
    assert client.get("/account").status_code == OK  # nobody was signed out

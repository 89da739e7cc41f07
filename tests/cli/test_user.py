"""atlas user: accounts from the command line, with passwords that are no arguments."""

import json
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from gis.cli import atlas
from gis.database.connection import Database
from gis.errors import AtlasError
from gis.services import sessions, tokens

PASSWORD = "sungai yang tenang 7"


@pytest.fixture
def user(database: Database, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.setenv("DATABASE_URL", database.conninfo)

    def run(*words: str, typed: str = "") -> Result:
        return CliRunner().invoke(atlas, ["user", *words], input=typed)

    return run


def test_an_account_from_its_first_day_to_its_last(
    user: Callable[..., Result], database: Database, as_app: Callable[[Database], Database]
) -> None:
    app = as_app(database)
    added = user("add", "kaltim", "--role", "province", "--region", "64", typed=f"{PASSWORD}\n")
    assert (added.exit_code, added.output) == (0, "added: kaltim, province 64\n")
    token = sessions.sign_in(app, "kaltim", PASSWORD, "203.0.113.1", None)

    changed = user("passwd", "kaltim", "--generate")
    assert sessions.find_session(app, token) is None
    password = changed.output.partition("password: ")[2].split()[0]
    assert sessions.sign_in(app, "kaltim", password, "203.0.113.1", None)

    assert user("change", "kaltim", "--role", "regency", "--region", "64.72").exit_code == 0
    (listed,) = json.loads(user("list", "--json").output)["accounts"]
    assert (listed["role"], listed["region_name"]) == ("regency", "Kota Samarinda")
    assert listed["last_sign_in"]
    assert "kaltim: regency, 64.72 Kota Samarinda, last signed in" in user("list").output

    assert user("disable", "kaltim").output == "disabled: kaltim\n"
    assert "disabled" in user("list").output
    with pytest.raises(AtlasError):
        sessions.sign_in(app, "kaltim", password, "203.0.113.1", None)
    assert user("enable", "kaltim").exit_code == 0
    assert sessions.sign_in(app, "kaltim", password, "203.0.113.1", None)


@pytest.mark.parametrize(
    ("words", "typed", "told"),
    [
        (["add", "budi", "--role", "planner"], "", "one line on standard input"),
        (["add", "budi", "--role", "planner"], "kurang\n", "12 characters at least"),
        (["add", "budi", "--role", "province"], f"{PASSWORD}\n", "Kemendagri code of a province"),
        (["passwd", "nobody-there", "--generate"], "", "there is no account nobody-there"),
        (["disable", "nobody-there"], "", "there is no account nobody-there"),
        (["direct", "nobody-there", "--generate"], "", "there is no account nobody-there"),
        (["tokens", "nobody-there"], "", "there is no account nobody-there"),
        (["tokens", "nobody-there", "--revoke-all"], "", "there is no account nobody-there"),
    ],
)
def test_a_refusal_is_a_sentence(
    user: Callable[..., Result], words: list[str], typed: str, told: str
) -> None:
    result = user(*words, typed=typed)
    assert isinstance(result.exception, AtlasError)
    assert told in str(result.exception)
    assert typed.strip() not in str(result.exception) or not typed


def test_an_operator_sees_and_ends_the_tokens_of_an_account(
    user: Callable[..., Result], database: Database, as_app: Callable[[Database], Database]
) -> None:
    app = as_app(database)
    user("add", "sari", "--role", "planner", typed=f"{PASSWORD}\n")
    assert user("tokens", "sari").output == "sari has no tokens\n"
    session = sessions.sign_in(app, "sari", PASSWORD, "203.0.113.1", None)
    token = tokens.create(app, session, "QGIS", 30)
    assert "QGIS: made 20" in user("tokens", "sari").output
    told = user("tokens", "sari", "--json").output
    assert json.loads(told)["tokens"][0]["last_used_on"] is None
    assert token not in told
    assert user("tokens", "sari", "--revoke-all").output == "revoked: 1\n"
    assert tokens.find(app, token) is None
    assert sessions.find_session(app, session) is not None


def test_the_password_is_no_argument(user: Callable[..., Result]) -> None:
    assert user("add", "budi", PASSWORD, "--role", "planner").exit_code == 2
    assert user("add", "budi", "--password", PASSWORD, "--role", "planner").exit_code == 2

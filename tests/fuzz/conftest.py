"""One register with hidden rows for all of the fuzzers, and readers who may not see those."""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings

from gis.config import Settings
from gis.database.connection import Database
from gis.database.login_roles import VISITOR
from gis.domain.access import Identity, Role
from gis.services import tokens
from gis.services.publication import publish
from tests.attack.planting import PLACES, Marks, plant, plant_shared
from tests.conftest import TestServer
from tests.webmap.conftest import BufferedClient
from webmap import create_app

RELEASED_ON = date(2026, 1, 1)
MARKS = Marks("zorbulak", 7_777_777_700_000_000, 48_512, 734_569, 0.012347, "2017-03-19", sites=2)
_PEOPLE = range(MARKS.n, MARKS.n + 41)
_NUMBER = re.compile(rb"(?<![\d.])\d{10,16}(?![\d.])")
LONGEST_S = 5
#: Words, places and people of the planted rows. (Days are asked for, and other numbers are in metres, too.)
_TELLING = re.compile(
    b"|".join(
        [
            *(MARKS.word.encode(), rb'"people":(?:%s)\b' % b"|".join(b"%d" % n for n in _PEOPLE)),
            *(
                re.escape(f"{n + MARKS.shift:.6f}"[:-1]).encode()
                for place in PLACES
                for n in place.centre_point
            ),
        ]
    )
)
#: How many times as many examples as in the suite, with other dice each time; for a run by hand.
LONGER = int(os.environ.get("ATLAS_FUZZ", "0"))
_EVERY_CHECK = list(HealthCheck)


def dice(examples: int) -> settings:
    """How a fuzzer throws: the same each time, or, where `ATLAS_FUZZ` is set, anew and as often."""
    return settings(
        max_examples=examples * max(LONGER, 1),
        derandomize=not LONGER,
        database=None,
        deadline=None,
        suppress_health_check=_EVERY_CHECK,
        print_blob=False,
    )


@dataclass(frozen=True)
class Reader:
    """Somebody who asks, and what he may not be told.

    Parameters
    ----------
    name : visitor, province or planner
    headers : by which he says who he is
    hidden_ids : of sites that he may not see
    sees_all : also what is planted
    session : the cookie of a browser in which he is signed in; none for a visitor
    """

    name: str
    headers: dict[str, str] = field(repr=False)
    hidden_ids: frozenset[int]
    sees_all: bool = False
    session: str | None = field(default=None, repr=False)

    def told(self, body: bytes, asked: str) -> list[str]:
        """What an answer says that he may not know, beyond what he typed himself.

        Parameters
        ----------
        body : the answer
        asked : the address, without escapes
        """
        ids = {int(found) for found in _NUMBER.findall(body)} & self.hidden_ids
        words = set() if self.sees_all else {found.decode() for found in _TELLING.findall(body)}
        return sorted(each for each in {*map(str, ids), *words} if each not in asked)


@dataclass(frozen=True)
class Fuzzed:
    """The application over a register of which most is hidden from most."""

    app: Flask
    environment: dict[str, str] = field(repr=False)
    readers: dict[str, Reader]


@pytest.fixture(scope="session")
def fuzzed(
    cluster: TestServer,
    demo_template: str,
    settings: Settings,
    actor: Callable[..., Identity],
    token_of: Callable[[Database, Identity], str],
) -> Iterator[Fuzzed]:
    """A release, rows that came after it, and a visitor, a province and a planner who read."""
    name = f"{demo_template}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_fuzzed"[:63]
    cluster.drop(name)
    cluster.clone(name, demo_template)
    with (
        Database(cluster.conninfo(name)) as owned,
        Database(cluster.app_conninfo(name)) as inside,
        Database(cluster.app_conninfo(name, VISITOR), read_only=True) as outside,
    ):
        plant_shared(owned)
        publish(owned, "Before", RELEASED_ON)
        plant(owned, MARKS)
        every = _ids(owned, "SELECT id FROM register.site")
        public = _ids(outside, "SELECT id FROM published.site")
        readers = {"visitor": Reader("visitor", {}, every - public)}
        for role, code in ((Role.province, "64"), (Role.planner, None)):
            account = actor(owned, role, code)
            session = token_of(owned, account)
            token = tokens.create(inside, session, "QGIS", 30)
            seen = public | _ids(inside.acting_as(account), "SELECT id FROM register.site")
            headers = {"Authorization": f"Bearer {token}"}
            readers[role] = Reader(role, headers, every - seen, sees_all=code is None, session=session)
        assert not readers["planner"].hidden_ids
        assert readers["visitor"].hidden_ids > readers["province"].hidden_ids > {MARKS.site_id(0)}
        app = create_app(settings, inside, outside)
        app.test_client_class = BufferedClient
        environment = {
            "PATH": os.environ["PATH"],
            "ATLAS_HOME": str(settings.home),
            "DATABASE_URL": cluster.conninfo(name),
            "ATLAS_APP_DATABASE_URL": cluster.app_conninfo(name),
            "ATLAS_VISITOR_DATABASE_URL": cluster.app_conninfo(name, VISITOR),
        }
        yield Fuzzed(app, environment, readers)
    cluster.drop(name)


def _ids(database: Database, query: str) -> frozenset[int]:
    with database.transaction() as connection:
        return frozenset(row[0] for row in connection.execute(query.encode()))

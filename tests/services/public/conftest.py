"""One release over the demonstration data and a few planted rows, as visitors read it."""

import os
from collections.abc import Callable, Iterator
from datetime import date

import pytest

from gis.database.connection import Database
from gis.database.login_roles import VISITOR
from gis.domain.queries import Boundaries
from gis.services.public.moments import PublicView, ReleaseIndex, chosen
from gis.services.publication import publish
from tests.conftest import TestServer

PUBLISHED_ON = date(2026, 11, 24)
# A claim of seven people, another one that would give it back, one whose day is of a withheld number, one of
# a province before it was there, and one of both types of site.
PLANTED = """
INSERT INTO register.claim
    (report, region_code, definition, site_type, value, as_of, reported_on, source, synthetic)
SELECT r.report, r.region_code, r.definition, r.site_type, r.value, r.as_of, r.as_of, 'planted', true
FROM (VALUES
    ('planted-few', '65', 'people_beneficiary', 'lokalisasi', 7, date '2016-06-01'),
    ('planted-few', NULL, 'people_beneficiary', 'lokalisasi', 907, '2016-06-01'),
    ('planted-day', '15', 'people_returned', 'lokalisasi', 300, '2014-01-15'),
    ('planted-early', '65', 'sites_total', 'lokalisasi', 3, '2011-06-30'),
    ('planted-both', '64', 'people_resident', NULL, 1762, '2016-06-01')
) AS r (report, region_code, definition, site_type, value, as_of)
"""
Asked = Callable[..., PublicView]


@pytest.fixture(scope="package")
def visitors(cluster: TestServer, demo_template: str) -> Iterator[Database]:
    """The published register of this package's tests, as the role of visitors."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    name = f"{demo_template}_{worker}_public"[:63]
    cluster.drop(name)
    cluster.clone(name, demo_template)
    with Database(cluster.conninfo(name)) as owner:
        with owner.transaction() as connection:
            connection.execute(PLANTED)
        publish(owner, "First", PUBLISHED_ON)
    with Database(cluster.app_conninfo(name, VISITOR)) as database:
        yield database
    cluster.drop(name)


@pytest.fixture(scope="package")
def asked(visitors: Database) -> Asked:
    """A view of the newest release: `asked("2016-06-01", Boundaries.today)`."""
    index = ReleaseIndex(visitors)

    def made(as_of: str | None = None, boundaries: Boundaries = Boundaries.then) -> PublicView:
        day = date.fromisoformat(as_of) if as_of else None
        moment = index.moment(chosen(index, None, None), day, boundaries)
        return PublicView(moment, boundaries)

    return made

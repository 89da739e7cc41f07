"""Times a public release over 38 provinces, 514 regencies and 15 years of months with many numbers of people.

    python benchmarks/publication.py [--releases 3]

Every regency has a lokalisasi and a lokasi, each of them a count of residents every month and of
beneficiaries and returned people every quarter; in half of the provinces so few that months on end are
withheld. Between releases some of the past is corrected. Prints for each release the seconds of its steps
and how many numbers are withheld; at the end how long the attacker takes where the nation's number is told as
if nothing were withheld, so that he has to ask for every one. A private cluster is made in a temporary folder
and removed. Wanted on two cores: less than 60 s a release.
"""

import argparse
import json
import tempfile
import time
from pathlib import Path

from gis.config import PROJECT_DIRECTORY, Settings
from gis.database import Database, open_database
from gis.database.cluster import Cluster
from gis.database.migrations import migrate
from gis.database.publications import find_people_changes
from gis.domain.complementary_suppression import PublishedPeople
from gis.domain.disclosure import rounded
from gis.domain.disclosure_attack import attack
from gis.domain.release_account import told, withheld
from gis.services import boundaries, publication, publication_rows

FILL = """
INSERT INTO register.site (id, name, site_type, location_accuracy, location_source, declared_region_codes,
                           synthetic)
SELECT 1000000000000000 + 2 * row_number() OVER (ORDER BY r.code) + t, t || ' ' || r.name,
       (ARRAY['lokalisasi', 'lokasi'])[t + 1], 'regency', 'made up', ARRAY[r.code], true
FROM register.region r CROSS JOIN generate_series(0, 1) t WHERE r.level = 'regency' AND upper_inf(r.valid);
INSERT INTO register.event (site_id, kind, occurred_on, source, synthetic)
SELECT s.id, 'recorded', date '2011-01-01' + (s.id % 20)::integer, 'made up', true FROM register.site s
UNION ALL
SELECT s.id, 'closed', date '2014-01-01' + (s.id * 7919 % 3000)::integer, 'made up', true
FROM register.site s WHERE s.id % 10 < 8;
INSERT INTO register.headcount (site_id, counted_on, n, definition, source, synthetic)
SELECT s.id, m::date,
       CASE WHEN s.province_code::integer % 2 = 0 THEN (random() * 0.6)::integer
            ELSE (random() * 60)::integer END, d, 'made up', true
FROM register.site s CROSS JOIN generate_series(timestamp '2011-02-15', '2026-01-15', '1 month') m
CROSS JOIN unnest('{resident,beneficiary,returned}'::text[]) d
WHERE d = 'resident' OR extract(month FROM m)::integer % 3 = 0;
ANALYZE register.site, register.event, register.headcount, register.site_state
"""
CORRECT = """
INSERT INTO register.headcount (site_id, region_code, counted_on, n, definition, source, synthetic,
                                corrects_id)
SELECT h.site_id, h.region_code, h.counted_on, h.n + 1, h.definition, h.source, true, h.id
FROM register.headcount h
WHERE h.id % 50 = 0 AND NOT EXISTS (SELECT FROM register.headcount c WHERE c.corrects_id = h.id)
"""


def main() -> None:
    """Fill a register, publish it again and again, print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--releases", type=int, default=3)
    many = parser.parse_args().releases
    with tempfile.TemporaryDirectory(prefix="atlas-benchmark-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        cluster = Cluster(home / "home")
        try:
            with open_database(Settings(home=home / "home", statement_timeout_ms=600_000)) as database:
                migrate(database)
                boundaries.load(database, PROJECT_DIRECTORY / "data" / "boundaries")
                execute(database, FILL)
                for number in range(many):
                    print(json.dumps(publish(database)), flush=True)
                    if number + 1 < many:
                        execute(database, CORRECT)
                print(json.dumps(attack_all(database)))
        finally:
            cluster.stop()


def execute(database: Database, statements: str) -> None:
    """Run statements in one transaction."""
    with database.transaction() as connection:
        for statement in statements.split(";\n"):
            connection.execute(statement.encode())


def publish(database: Database) -> dict[str, object]:
    """Make a release; the seconds of its steps."""
    begun = time.perf_counter()
    steps: dict[str, float] = {}
    before: list[tuple[str, float]] = []

    def report(step: str, _done: int, _total: int) -> None:
        now = time.perf_counter()
        if before:
            steps[before[-1][0]] = steps.get(before[-1][0], 0.0) + now - before[-1][1]
        before.append((step, now))

    made = publication.make(database, report=report)
    report("", 0, 1)
    return {
        "release": made.release.id,
        "seconds": round(time.perf_counter() - begun, 1),
        "steps": {step: round(seconds, 1) for step, seconds in steps.items()},
        "people": len(made.contents["people"]),
        "days": told(made.contents)["figure_days"],
        "withheld": {each.what: each.n for each in withheld(made.contents, made.release.published_on)},
    }


def attack_all(database: Database) -> dict[str, object]:
    """The attacker over what would be told naively, when he has to ask for every number."""
    on = publication.find_releases(database)[0].published_on
    with database.transaction() as connection:
        changes = [
            change
            for change in find_people_changes(connection, on)
            if (change.site_type, change.definition) == ("lokalisasi", "resident")
        ]
    days = sorted({change.on for change in changes})
    counted = publication_rows.running(changes, days)
    begun = time.perf_counter()
    found = attack([{day: naive(people) for day, people in counted.items()}])
    return {
        "naive": True,
        "seconds": round(time.perf_counter() - begun, 1),
        "days": len(days),
        "told": len(found),
    }


def naive(people: dict[str, int]) -> PublishedPeople:
    """The nation's number rounded, whatever is withheld."""
    numbers = tuple((code, rounded(n)) for code, n in sorted(people.items()))
    return PublishedPeople(numbers, rounded(sum(people.values())))


if __name__ == "__main__":
    main()

"""What leaves of centres: numbers and places for planners, bands for all else; and what is missing."""

from collections.abc import Callable
from datetime import date

import pytest

from gis.database.connection import Database
from gis.domain.access import Identity, Role
from gis.domain.batches import new_fact_id
from gis.domain.queries import Boundaries, Moment
from gis.domain.records.centres import CentreContent, OccupancyContent
from gis.errors import NotFoundError
from gis.services import centres, entries
from gis.services.entries import Entry
from gis.services.nearest_centres import CENTRE_PROPERTIES

from ..domain.test_centres import PLACED, given

Actor = Callable[..., Identity]
ON = Moment(date(2016, 6, 1))
HIDDEN = ("capacity", "occupied", "free_places")


def test_a_planner_gets_numbers_and_distances(demo_database: Database, actor: Actor) -> None:
    view = centres.centres_view(demo_database.acting_as(actor(demo_database, Role.planner)), ON, "64")
    assert [row["regency_code"] for row in view["centres"]] == ["64.71", "64.72"]
    for row in view["centres"]:
        assert set(row) == {*CENTRE_PROPERTIES, "city_lon", "city_lat"}
        assert row["free_places"] == max(0, row["capacity"] - row["occupied"])
        assert row["has_free_places"] == (row["free_places"] > 0)
    distances = [row["distance_km"] for row in view["nearest"]]
    assert len(distances) == 5
    assert distances == sorted(distances)
    assert {row["distance_band"] for row in view["nearest"]} == {None}


@pytest.mark.parametrize(
    ("role", "code", "contact"), [(Role.province, "64", False), (Role.regency, "64.72", True)]
)
def test_a_scoped_account_gets_bands(
    demo_database: Database, actor: Actor, role: Role, code: str, contact: bool
) -> None:
    database = demo_database.acting_as(actor(demo_database, role, code))
    view = centres.centres_view(database, ON, "64")
    planned = centres.centres_view(demo_database, ON, "64")
    assert len(view["nearest"]) == 5
    for row in [*view["centres"], *view["nearest"]]:
        assert [row[name] for name in HIDDEN] == [None, None, None]
    for row in view["nearest"]:
        assert row["distance_km"] is None
        assert row["distance_band"]
    public = ("id", "name", "names", "services", "regency_code", "capacity_band", "occupancy_band")
    for own, all_of_it in zip(view["centres"], planned["centres"], strict=True):
        assert [own[name] for name in public] == [all_of_it[name] for name in public]
        assert own["has_free_places"] == all_of_it["has_free_places"]
    assert any(row["contact_office"] for row in view["centres"]) == contact
    assert view["boundaries"] == Boundaries.today


def test_only_a_planners_features_have_a_geometry(demo_database: Database, actor: Actor) -> None:
    for role, code in ((Role.planner, None), (Role.province, "64"), (Role.regency, "64.72")):
        database = demo_database.acting_as(actor(demo_database, role, code))
        features = centres.centres_features(database, ON)["features"]
        placed = [feature for feature in features if feature["geometry"]]
        assert len(features) > 20
        assert (len(placed) > 20) == (role is Role.planner)
        if role is not Role.planner:
            assert placed == []
            assert {feature["properties"]["location_accuracy"] for feature in features} == {None}


def test_a_file_leaves_a_record_and_carries_its_number(demo_database: Database, actor: Actor) -> None:
    identity = actor(demo_database, Role.province, "64")
    database = demo_database.acting_as(identity)
    rows, name = centres.centres_table(database, ON, "64")
    features = centres.centres_features(database, ON, "64")
    with demo_database.transaction() as connection:
        records = connection.execute(
            "SELECT uid, detail FROM audit WHERE action = 'export' AND account_name = %s"
            " ORDER BY id DESC LIMIT 2",
            [identity.name],
        ).fetchall()
    assert features["metadata"]["export_record"] == str(records[0][0])
    assert name == f"centres-{records[1][0]}.csv"
    assert records[1][1]["rows"] == len(rows) == 2
    assert centres.centres_table(demo_database, ON)[1] == "centres.csv"
    assert rows[0]["names"].startswith("PSKW ")
    assert "[/2018-09-01];" in rows[0]["names"]
    assert ";" in rows[0]["services"]


def test_the_gap_is_people_beside_places(demo_database: Database) -> None:
    view = centres.centres_view(demo_database, ON)
    by_code = {row["code"]: row for row in view["gap"]}
    kaltim = by_code["64"]
    here = [row for row in view["centres"] if row["province_code"] == "64"]
    places = sum(row["capacity"] for row in here)
    # The list of 1 June 2016 has 1,453 people; no aid is on record on the day of closing.
    assert kaltim["people"] == 1453
    assert (kaltim["places_least"], kaltim["places_most"]) == (places, places)
    assert (kaltim["missing_least"], kaltim["missing_most"]) == (1453 - places, 1453 - places)
    assert kaltim["free_places"] == sum(row["free_places"] for row in here)
    for row in view["gap"]:
        assert row["people"] or row["centres"]


def test_the_gap_of_a_scoped_account_is_its_own_and_within_its_bands(
    demo_database: Database, actor: Actor
) -> None:
    exact = {row["code"]: row for row in centres.centres_view(demo_database, ON)["gap"]}
    province = demo_database.acting_as(actor(demo_database, Role.province, "64"))
    (row,) = centres.centres_view(province, ON)["gap"]
    assert (row["code"], row["people"], row["free_places"]) == ("64", 1453, None)
    assert row["places_least"] <= exact["64"]["places_least"] <= (row["places_most"] or 10**6)
    assert row["missing_least"] <= exact["64"]["missing_least"] <= row["missing_most"]
    regency = demo_database.acting_as(actor(demo_database, Role.regency, "64.72"))
    (row,) = centres.centres_view(regency, ON)["gap"]
    assert (row["code"], row["people"]) == ("64.72", 500)
    # Of another province: its centres are public, its people are not.
    other = centres.centres_view(province, ON, "33")
    assert len(other["centres"]) == 2
    assert other["gap"] == []


def test_who_was_helped_is_not_to_be_served(demo_database: Database) -> None:
    """The sum by hand: residents of what is not closed, and of what is closed and was not helped since."""
    day = date(2019, 11, 19)
    with demo_database.transaction() as connection:
        rows = connection.execute(
            """
            SELECT s.id, p.n, st.status_group,
                   (SELECT max(e.effective_on) FROM effective_events(ARRAY[s.id], NULL) e
                    WHERE e.kind = 'assisted' AND e.effective_on <= %(on)s),
                   (SELECT max(e.effective_on) FROM effective_events(ARRAY[s.id], NULL) e
                    WHERE e.kind = 'reactivated' AND e.effective_on <= %(on)s)
            FROM site s JOIN states_at(%(on)s, NULL) st ON st.site_id = s.id
            JOIN people_at(%(on)s, NULL) p ON p.site_id = s.id
            WHERE s.site_type = 'lokalisasi'
            """,
            {"on": day},
        ).fetchall()
    served = sum(
        n
        for _, n, group, helped, again in rows
        if group != "closed" or helped is None or (again is not None and helped < again)
    )
    view = centres.centres_view(demo_database, Moment(day))
    assert sum(row["people"] for row in view["gap"]) == served
    assert 0 < served < sum(row[1] for row in rows)


def test_the_nearest_to_a_site(demo_database: Database, actor: Actor) -> None:
    with demo_database.transaction() as connection:
        sites = connection.execute(
            "SELECT id, geom IS NULL, regency_code FROM site WHERE province_code = '64'"
            " ORDER BY geom IS NULL, id"
        ).fetchall()
    placed, unplaced = sites[0], sites[-1]
    assert (placed[1], unplaced[1]) == (False, True)
    for site_id, _, regency in (placed, unplaced):
        view = centres.centres_view(demo_database, ON, None, site_id)
        assert view["site"]["id"] == site_id
        assert len(view["nearest"]) == 5
        by_region = centres.centres_view(demo_database, ON, regency)["nearest"]
        same = [row["distance_km"] for row in by_region] == [row["distance_km"] for row in view["nearest"]]
        assert same == (site_id == unplaced[0])
    other = demo_database.acting_as(actor(demo_database, Role.province, "33"))
    with pytest.raises(NotFoundError):
        centres.centres_view(other, ON, None, placed[0])
    with pytest.raises(NotFoundError):
        centres.check_site(demo_database, new_fact_id(), ON)


def test_full_centres_and_those_that_nobody_counted_are_not_near(demo_database: Database) -> None:
    moment = Moment(date(2026, 1, 1))
    view = centres.centres_view(demo_database, moment)
    closed = {row["id"] for row in view["centres"] if not row["has_free_places"]}
    assert closed
    for code in ("94", "31", "36", "52"):
        near = centres.centres_view(demo_database, moment, code)["nearest"]
        assert not closed & {row["id"] for row in near}


def test_a_region_that_nobody_bore_is_not_found(demo_database: Database) -> None:
    with pytest.raises(NotFoundError):
        centres.centres_view(demo_database, ON, "99")


def entered(author: Database, approver: Database, given: list[Entry]) -> int:
    batch_id = entries.enter(author, given)
    entries.approve(approver, batch_id)
    return batch_id


def test_entries_of_centres_are_undone_as_one(database: Database, actor: Actor) -> None:
    planner = database.acting_as(actor(database, Role.planner), read_only=False)
    approver = database.acting_as(actor(database, Role.approver), read_only=False)
    scoped = database.acting_as(actor(database, Role.regency, "64.72"), read_only=False)
    made, count = new_fact_id(), new_fact_id()
    content = CentreContent.model_validate(given(**PLACED))
    number = {
        "centre_id": made,
        "counted_on": "2016-01-01",
        "occupied": 10,
        "capacity": 40,
        "source": "Dinsos",
    }
    first = [
        Entry("centres", content, made),
        Entry("occupancies", OccupancyContent.model_validate(number), count),
    ]

    def seen() -> tuple[object, ...] | None:
        rows = centres.centres_features(database, ON, "64.72")["features"]
        properties = [(row["properties"], row["geometry"]) for row in rows]
        return next(((each["services"], each["occupied"], place) for each, place in properties), None)

    batch_id = entered(planner, approver, first)
    before = seen()
    assert before is not None
    assert before[1] == 10
    # Whoever may not see the place says the services anew, and takes that back: the place stays where it is.
    fewer = content.model_copy(update={"corrects_id": made, "services": content.services[:1], "wkt": None})
    fewer = fewer.model_copy(update={"location_accuracy": None, "location_source": None})
    changed = entered(scoped, approver, [Entry("centres", fewer, new_fact_id())])
    assert seen() == (["doctor"], 10, before[2])
    entries.approve(approver, entries.undo(scoped, changed))
    assert seen() == before
    more = OccupancyContent.model_validate({**number, "occupied": 20, "corrects_id": count})
    recounted = entered(planner, approver, [Entry("occupancies", more, new_fact_id())])
    assert seen() == (before[0], 20, before[2])
    entries.approve(approver, entries.undo(planner, recounted))
    assert seen() == before
    # Every change since was taken back, so the end of the chain is what was entered first.
    entries.approve(approver, entries.undo(planner, batch_id))
    assert seen() is None

"""CQL2, temporal functions: the fifteen relations of times, against what Python makes of them."""

from collections.abc import Callable

import pytest

from tests.conformance.answers import Feature, Side

CLASSES = ("http://www.opengis.net/spec/cql2/1.0/conf/temporal-functions",)
Time = tuple[str, str]
#: How two times lie to each other; an instant begins and ends at once.
RELATIONS: dict[str, Callable[[Time, Time], bool]] = {
    "T_AFTER": lambda a, b: a[0] > b[1],
    "T_BEFORE": lambda a, b: a[1] < b[0],
    "T_CONTAINS": lambda a, b: a[0] < b[0] and a[1] > b[1],
    "T_DISJOINT": lambda a, b: a[1] < b[0] or a[0] > b[1],
    "T_DURING": lambda a, b: a[0] > b[0] and a[1] < b[1],
    "T_EQUALS": lambda a, b: a == b,
    "T_FINISHEDBY": lambda a, b: a[0] < b[0] and a[1] == b[1],
    "T_FINISHES": lambda a, b: a[0] > b[0] and a[1] == b[1],
    "T_INTERSECTS": lambda a, b: a[0] <= b[1] and a[1] >= b[0],
    "T_MEETS": lambda a, b: a[1] == b[0],
    "T_METBY": lambda a, b: a[0] == b[1],
    "T_OVERLAPPEDBY": lambda a, b: b[0] < a[0] < b[1] < a[1],
    "T_OVERLAPS": lambda a, b: a[0] < b[0] < a[1] < b[1],
    "T_STARTEDBY": lambda a, b: a[0] == b[0] and a[1] > b[1],
    "T_STARTS": lambda a, b: a[0] == b[0] and a[1] < b[1],
}
#: Those that instants have too.
OF_INSTANTS = ("T_AFTER", "T_BEFORE", "T_DISJOINT", "T_EQUALS", "T_INTERSECTS")
#: What an interval means that has no beginning is not told.
KNOWN = "closed_on IS NOT NULL AND "
LATEST = "9999-12-31"


def _own(it: Feature) -> Time:
    """From the closing of a site to its last step."""
    return it["properties"]["closed_on"], it["properties"]["status_since"]


@pytest.mark.parametrize("function", RELATIONS)
def test_temporal_functions_intervals(side: Side, function: str) -> None:
    """/req/temporal-functions: each relation of two intervals, one of which is of properties."""
    known = [it for it in side.whole("sites") if it["properties"]["closed_on"]]
    start, end = _own(max(known, key=lambda it: (_own(it)[0] < _own(it)[1], _own(it))))
    relate = RELATIONS[function]
    for time in ((start, end), ("2013-01-01", LATEST)):
        last = ".." if time[1] == LATEST else time[1]
        text = f"INTERVAL('{time[0]}', '{last}')"
        forth = side.filtered("sites", f"{KNOWN}{function}(INTERVAL(closed_on, status_since), {text})")
        back = side.filtered("sites", f"{KNOWN}{function}({text}, INTERVAL(closed_on, status_since))")
        assert forth == [it["id"] for it in known if relate(_own(it), time)], text
        assert back == [it["id"] for it in known if relate(time, _own(it))], text


@pytest.mark.parametrize("function", OF_INSTANTS)
def test_temporal_functions_instants(side: Side, function: str) -> None:
    """/req/temporal-functions: the relations of an instant with an instant and with an interval."""
    days = sorted(it["properties"]["status_since"] for it in side.whole("sites"))
    day = days[len(days) // 2]
    for text, time in (
        (f"DATE('{day}')", (day, day)),
        ("INTERVAL('2013-01-01', '2016-12-31')", ("2013-01-01", "2016-12-31")),
        (f"INTERVAL('..', '{day}')", ("", day)),
    ):
        found = side.filtered("sites", f"{function}(status_since, {text})")
        own = [(it["id"], it["properties"]["status_since"]) for it in side.whole("sites")]
        assert found == [key for key, since in own if RELATIONS[function]((since, since), time)], text


def test_temporal_functions_moments(conforming: dict[str, Side]) -> None:
    """/req/temporal-functions: moments with their time zone, in a register that keeps them."""
    planner = conforming["planner"]
    whole = [each["id"] for each in planner.whole("sites")]
    assert planner.filtered("sites", "T_AFTER(updated_at, TIMESTAMP('2020-01-01T00:00:00Z'))") == whole
    assert planner.filtered("sites", "T_BEFORE(updated_at, TIMESTAMP('2020-01-01T00:00:00Z'))") == []


def test_temporal_functions_invalid(side: Side) -> None:
    """/req/temporal-functions: what is no time, and an interval that ends before it begins, is refused."""
    for text in (
        *(
            "T_AFTER(name, DATE('2016-01-01'))",
            "T_AFTER(status_since, '2016-01-01x')",
            "T_AFTER(status_since)",
        ),
        *("T_AFTER(status_since, DATE('2016-02-30'))", "T_SOON(status_since, DATE('2016-01-01'))"),
        "T_DURING(status_since, INTERVAL('2016-01-01', '2015-01-01'))",
    ):
        answer = side.get("/ogc/collections/sites/items", {"filter": text})
        assert answer.status == 400, text
        assert answer.json["detail"].startswith("filter")

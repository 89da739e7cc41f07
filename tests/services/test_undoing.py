"""Facts that are corrected, taken back and undone in any order, also by whoever may not see all of them."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis.database import batches
from gis.database.connection import Database
from gis.domain.access import Identity, Role
from gis.domain.batches import BatchOrigin, Collection, Draft, new_fact_id
from gis.domain.records.registry import CONTENT_OF
from gis.errors import ConflictError, InvalidInputError
from gis.services import entries
from gis.services.entries import Entry
from gis.services.imports import importing
from gis.services.imports.importing import Upload

Actor = Callable[..., Identity]
AREA = "POLYGON ((117.1 {0}, 117.2 {0}, 117.2 0.9, 117.1 {0}))"
SERVICES = ("doctor", "sewing", "cooking", "schooling")
#: Of each collection a content with a value from 0 to 3, and the expression that tells it from a stored row.
KINDS: Mapping[Collection, tuple[Callable[[int], dict[str, Any]], str]] = {
    "events": (
        lambda v: {"kind": "closed", "occurred_on": f"2017-01-0{v + 1}"},
        "extract(day FROM occurred_on) - 1",
    ),
    "headcounts": (lambda v: {"counted_on": "2017-01-01", "n": v, "definition": "resident"}, "n"),
    "claims": (
        lambda v: {
            **{"report": "uji", "region_code": "64", "definition": "sites_total"},
            **{"value": v, "as_of": "2017-01-01"},
        },
        "value",
    ),
    "plans": (
        lambda v: {"kind": "decree", "issuer": "Bupati", "dated": f"2017-01-0{v + 1}"},
        "extract(day FROM dated) - 1",
    ),
    "boundaries": (
        lambda v: {"wkt": AREA.format(v / 10), "legal_instrument": "SK Bupati"},
        "round(st_ymin(geom) * 10)",
    ),
    "aid": (
        lambda v: {
            **{"item_key": "uji", "aid_type": "uep", "payer": "kemensos", "planned_n": 9, "paid_n": v},
            **{"period_from": "2017-01-01", "period_to": "2017-12-31", "stated_on": "2017-12-31"},
        },
        "paid_n",
    ),
    "centres": (
        lambda v: {
            **{"names": [{"name": "PSKW Uji"}], "region_code": "64.03", "services": [SERVICES[v]]},
            **{"operator": "province", "contact_office": f"Dinas Sosial {v}"},
        },
        f"array_position('{{{','.join(SERVICES)}}}', services[1]) - 1",
    ),
    "occupancies": (lambda v: {"counted_on": "2017-01-01", "occupied": v}, "occupied"),
}


def ask(database: Database, statement: str, values: Mapping[str, Any] = {}) -> list[Any]:
    with database.transaction() as connection:
        return [row[0] for row in connection.execute(statement.encode(), values)]


class Chain:
    """One fact of a collection with everything that is done to it, and what ought to stand."""

    def __init__(self, database: Database, collection: Collection, source: str) -> None:
        self.database, self.collection, self.source = database, collection, source
        self.content, self.value = KINDS[collection]
        (self.table,) = ask(
            database, "SELECT table_name FROM collection WHERE name = %(name)s", {"name": collection}
        )
        self.places = {
            "site_id": ask(database, "SELECT id FROM site WHERE regency_code = '64.03' ORDER BY id LIMIT 1")[
                0
            ],
            "centre_id": ask(database, "SELECT id FROM centre WHERE corrects_id IS NULL ORDER BY id LIMIT 1")[
                0
            ],
        }
        #: Of each batch: its id, what stood before and after it, and the one that undid it.
        self.done: list[list[Any]] = []
        self.expected: int | None = None

    def standing(self) -> list[int]:
        withdraws = "f.kind = 'retraction'" if self.collection == "events" else "f.retracted"
        rows = ask(
            self.database,
            f"SELECT {self.value} FROM {self.table} f WHERE f.source = %(source)s AND NOT {withdraws}"
            f" AND NOT EXISTS (SELECT FROM {self.table} later WHERE later.corrects_id = f.id)",
            {"source": self.source},
        )
        return [int(value) for value in rows]

    def end(self) -> int:
        key = "uid" if self.collection in ("events", "headcounts") else "id"
        (found,) = ask(
            self.database,
            f"SELECT {key} FROM {self.table} f WHERE f.source = %(source)s"
            f" AND NOT EXISTS (SELECT FROM {self.table} later WHERE later.corrects_id = f.id)",
            {"source": self.source},
        )
        return int(found)

    def enter(self, value: int | None) -> None:
        """A first entry, a correction, or, of no value, a retraction."""
        fields = CONTENT_OF[self.collection].model_fields
        given: dict[str, Any] = {**self.content(value or 0), "source": self.source}
        given |= {
            name: place
            for name, place in self.places.items()
            if name in fields and "region_code" not in given
        }
        if self.done:
            given["corrects_id"] = self.end()
        if value is None:
            given |= {"kind": "retraction"} if self.collection == "events" else {"retracted": True}
        content = CONTENT_OF[self.collection].model_validate(given).model_dump(mode="json")
        with self.database.transaction() as connection:
            batch_id = batches.open_batch(connection, self.collection, BatchOrigin())
            draft = Draft(1, 1, self.collection, content, None, None, "new", new_fact_id())
            batches.add_drafts(connection, batch_id, [draft])
            batches.apply_as_operator(connection, batch_id)
        self.done.append([batch_id, self.expected, value, None])
        self.expected = value

    def undo(self, place: int) -> bool:
        """Whether it could be undone."""
        batch_id, before, after, undone_by = self.done[place]
        if undone_by is not None:
            return False
        if self.expected != after or (before is None and after is None):
            with pytest.raises(ConflictError, match=r"undo batch|nothing new"):
                entries.undo(self.database, batch_id, as_operator=True)
            return False
        undoing_id = entries.undo(self.database, batch_id, as_operator=True)
        self.done[place][3] = len(self.done)
        self.done.append([undoing_id, after, before, None])
        self.expected = before
        return True

    def undo_all(self) -> None:
        """The last first; of one that was undone and done again, that."""
        first = set(range(len(self.done))) - {row[3] for row in self.done}
        for place in sorted(first, reverse=True):
            steps, last = 0, place
            while self.done[last][3] is not None:
                steps, last = steps + 1, self.done[last][3]
            if steps % 2 == 0:
                self.undo(last)


counter = iter(range(10_000))


@pytest.mark.parametrize("collection", KINDS)
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    steps=st.lists(
        st.sampled_from("cccruuu").flatmap(lambda kind: st.tuples(st.just(kind), st.integers(0, 9))),
        max_size=8,
    )
)
def test_undoing_everything_leaves_nothing(
    demo_database: Database, collection: Collection, steps: list[tuple[str, int]]
) -> None:
    chain = Chain(demo_database, collection, f"Uji {collection} {next(counter)}")
    chain.enter(0)
    for kind, number in steps:
        if kind == "u":
            chain.undo(number % len(chain.done))
        elif chain.expected is not None:
            chain.enter(None if kind == "r" else number % 4)
        assert chain.standing() == ([] if chain.expected is None else [chain.expected])
    chain.undo_all()
    assert chain.standing() == []


# What a scoped account may not see of its own entries: numbers in centres, places, contacts.


@pytest.fixture
def author(demo_database: Database, actor: Actor) -> Database:
    return demo_database.acting_as(actor(demo_database, Role.province, "64"), read_only=False)


@pytest.fixture
def approver(demo_database: Database, actor: Actor) -> Database:
    return demo_database.acting_as(actor(demo_database, Role.approver), read_only=False)


@pytest.fixture
def planner(demo_database: Database, actor: Actor) -> Database:
    return demo_database.acting_as(actor(demo_database, Role.planner), read_only=False)


def centre(database: Database, region_code: str, name: str) -> int:
    """A new centre, entered by the operator."""
    given = {**KINDS["centres"][0](0), "source": "Uji", "region_code": region_code, "names": [{"name": name}]}
    fact_id = new_fact_id()
    content = CONTENT_OF["centres"].model_validate(given).model_dump(mode="json")
    with database.transaction() as connection:
        batch_id = batches.open_batch(connection, "centres", BatchOrigin())
        batches.add_drafts(
            connection, batch_id, [Draft(1, 1, "centres", content, None, None, "new", fact_id)]
        )
        batches.apply_as_operator(connection, batch_id)
    return fact_id


def listed(centre_id: int, *rows: str) -> bytes:
    lines = [f"{row.replace('CENTRE', str(centre_id))};Dinsos" for row in rows]
    return "\n".join(["kunci;id panti;tanggal hitung;terisi;kapasitas;sumber", *lines]).encode()


def staged(author: Database, content: bytes) -> tuple[int, list[str]]:
    batch_id = importing.upload(author, Upload("occupancies", content, "panti.csv"))
    importing.agree(author, batch_id, {})
    return batch_id, [draft.outcome for draft in entries.get(author, batch_id).drafts]


def sent(author: Database, approver: Database, content: bytes) -> tuple[int, list[str]]:
    batch_id, outcomes = staged(author, content)
    entries.submit(author, batch_id)
    entries.approve(approver, batch_id)
    return batch_id, outcomes


def undone(author: Database, approver: Database, batch_id: int) -> int:
    undoing_id = entries.undo(author, batch_id)
    entries.approve(approver, undoing_id)
    return undoing_id


def counted(database: Database, centre_id: int) -> list[int]:
    return ask(
        database,
        "SELECT o.occupied FROM occupancy o WHERE o.centre_id = %(id)s AND NOT o.retracted AND NOT EXISTS"
        " (SELECT FROM occupancy later WHERE later.corrects_id = o.id) ORDER BY o.counted_on, o.occupied",
        {"id": centre_id},
    )


def test_counts_that_their_author_may_not_read_are_known_when_they_come_again(
    demo_database: Database, author: Database, approver: Database, planner: Database
) -> None:
    here = centre(demo_database, "64.03", "PSKW Satu")
    first = listed(here, "a;CENTRE;2020-01-01;41;60", ";CENTRE;2021-01-01;43;60")
    assert sent(author, approver, first)[1] == ["new", "new"]
    assert author.identity is not None
    with author.transaction() as connection:
        assert connection.execute("SELECT count(*) FROM occupancy").fetchone() == (0,)
    assert staged(author, first)[1] == ["same", "same"]
    corrected, outcomes = sent(author, approver, listed(here, "a;CENTRE;2020-01-01;42;60"))
    assert outcomes == ["changed"]
    assert counted(demo_database, here) == [42, 43]
    assert staged(author, listed(here, "a;CENTRE;2020-01-01;42;60"))[1] == ["same"]
    undone(author, approver, corrected)
    assert counted(demo_database, here) == [41, 43]
    assert staged(author, first)[1] == ["same", "same"]
    # A planner corrects it, unseen by the author, who sends it once more and cannot undo it any more.
    again, _ = sent(planner, approver, listed(here, "64:a;CENTRE;2020-01-01;44;60"))
    assert counted(demo_database, here) == [43, 44][::-1]
    assert staged(author, first)[1] == ["same", "same"]
    first_batch = entries.find(author, None, own=True)[-1].id
    with pytest.raises(ConflictError, match=f"undo batch {again} first"):
        entries.undo(author, first_batch)
    undone(planner, approver, again)
    undone(author, approver, first_batch)
    assert counted(demo_database, here) == []
    # What was taken back may come again, and goes by its key as before.
    assert sent(author, approver, first)[1] == ["new", "new"]
    assert counted(demo_database, here) == [41, 43]
    assert sent(author, approver, listed(here, "a;CENTRE;2020-01-01;45;60"))[1] == ["changed"]
    assert counted(demo_database, here) == [45, 43]


def test_a_key_of_others_is_neither_met_nor_told(
    demo_database: Database, author: Database, approver: Database, planner: Database
) -> None:
    here, elsewhere = (centre(demo_database, code, f"PSKW {code}") for code in ("64.72", "33.74"))
    sent(planner, approver, listed(elsewhere, "k;CENTRE;2020-01-01;17;60"))
    sent(planner, approver, listed(here, "l;CENTRE;2020-01-01;18;60"))
    taken, free = (listed(here, f"{key};CENTRE;2022-01-01;19;60") for key in ("k", "m"))
    assert staged(author, taken)[1] == staged(author, free)[1] == ["new"]
    # One's own region's, but not one's own entry: no number is confirmed either.
    for guess in (17, 18, 19):
        assert staged(author, listed(here, f"l;CENTRE;2020-01-01;{guess};60"))[1] == ["new"]
    assert sent(author, approver, taken)[1] == ["new"]
    assert counted(demo_database, here) == [18, 19]
    keys = ask(demo_database, "SELECT external_id FROM occupancy WHERE occupied = 19 AND capacity = 60")
    assert keys == ["64:k"]


def test_a_place_that_its_author_may_not_see_is_taken_back(
    demo_database: Database, author: Database, approver: Database
) -> None:
    here = centre(demo_database, "64.03", "PSKW Dua")
    given = {**KINDS["centres"][0](1), "source": "Uji", "names": [{"name": "PSKW Dua"}], "corrects_id": here}
    given |= {"wkt": "POINT (117.5 2.15)", "location_accuracy": "exact", "location_source": "GPS"}
    entry = Entry("centres", CONTENT_OF["centres"].model_validate(given), new_fact_id())
    batch_id = entries.enter(author, [entry])
    entries.approve(approver, batch_id)

    def stands() -> list[Any]:
        return ask(
            demo_database,
            "SELECT jsonb_build_array(c.services, c.wkt, c.contact_office, e.centre_id::text)"
            " FROM centre_entry c JOIN centre e ON e.id = c.id WHERE e.centre_id = %(id)s"
            " AND NOT EXISTS (SELECT FROM centre later WHERE later.corrects_id = c.id)",
            {"id": here},
        )

    assert stands() == [[["sewing"], "POINT(117.5 2.15)", "Dinas Sosial 1", str(here)]]
    undoing_id = undone(author, approver, batch_id)
    assert stands() == [[["doctor"], None, "Dinas Sosial 0", str(here)]]
    (draft,) = entries.get(author, undoing_id).drafts
    assert "Dinas Sosial 0" not in str(draft.content), "what the author may not see is not in his draft"
    undone(author, approver, undoing_id)
    assert stands() == [[["sewing"], "POINT(117.5 2.15)", "Dinas Sosial 1", str(here)]]


def test_nobody_copies_what_is_not_his_by_a_draft_of_his_own(
    demo_database: Database, author: Database, approver: Database, planner: Database
) -> None:
    here = centre(demo_database, "64.03", "PSKW Tiga")
    sent(planner, approver, listed(here, ";CENTRE;2020-01-01;51;60"))
    hidden = ask(demo_database, "SELECT id FROM occupancy WHERE centre_id = %(id)s", {"id": here})[0]
    sent(author, approver, listed(here, ";CENTRE;2020-01-02;52;60"))
    own = ask(
        demo_database, "SELECT id FROM occupancy WHERE occupied = 52 AND centre_id = %(id)s", {"id": here}
    )[0]
    content = {
        "centre_id": here,
        "counted_on": "2020-01-02",
        "source": "x",
        "corrects_id": own,
        "repeats_id": hidden,
    }
    with author.transaction() as connection:
        batch_id = batches.open_batch(connection, "occupancies", BatchOrigin())
        batches.add_drafts(
            connection, batch_id, [Draft(1, 1, "occupancies", content, None, None, "new", new_fact_id())]
        )
    with pytest.raises(InvalidInputError, match=r"not an earlier entry|repeats_id"):
        entries.submit(author, batch_id)


def test_what_is_corrected_is_not_corrected_again(
    demo_database: Database, planner: Database, approver: Database
) -> None:
    """Two corrections that were entered beside each other: the second one is refused, and nothing is lost."""
    chain = Chain(demo_database, "events", "Uji dua koreksi")
    chain.enter(0)
    corrected = {
        **chain.content(1),
        "source": "Uji",
        "site_id": chain.places["site_id"],
        "corrects_id": chain.end(),
    }
    content = CONTENT_OF["events"].model_validate(corrected)
    waiting = [entries.enter(planner, [Entry("events", content, new_fact_id())]) for _ in range(2)]
    entries.approve(approver, waiting[0])
    with pytest.raises(ConflictError, match="corrected by another entry in the meantime"):
        entries.approve(approver, waiting[1])


def test_a_batch_that_corrects_itself_is_undone_as_one(demo_database: Database) -> None:
    chain = Chain(demo_database, "events", "Uji dalam satu berkas")
    site_id, first, second = chain.places["site_id"], new_fact_id(), new_fact_id()
    with demo_database.transaction() as connection:
        batch_id = batches.open_batch(connection, "events", BatchOrigin())
        drafts = []
        for row, (fact_id, corrects) in enumerate([(first, None), (second, first)], start=1):
            given = {
                **chain.content(row),
                "source": chain.source,
                "site_id": site_id,
                "corrects_id": corrects,
            }
            content = CONTENT_OF["events"].model_validate(given).model_dump(mode="json")
            drafts.append(Draft(row, 1, "events", content, None, None, "new", fact_id))
        batches.add_drafts(connection, batch_id, drafts)
        batches.apply_as_operator(connection, batch_id)
    assert chain.standing() == [2]
    entries.undo(demo_database, batch_id, as_operator=True)
    assert chain.standing() == []

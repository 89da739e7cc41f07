"""Names of hidden sites are found in the words of a release."""

from typing import Any

from gis.domain.hidden_names import TEXTS, find_named
from gis.domain.releases import TABLES, Rows


def contents(**rows: Any) -> dict[str, Rows]:
    empty: dict[str, Rows] = {table: [] for table in TABLES}
    for table, given in rows.items():
        empty[table] = [dict.fromkeys(TEXTS[table]) | row for row in given]
    return empty


def test_a_name_is_found_as_whole_words_in_any_case() -> None:
    release = contents(
        site=[{"name": "Dolly"}],
        event=[
            {"source": "Kabar tentang GANG SADAR, 2016", "source_url": "https://kabar.id/gang-sadar-ditutup"}
        ],
        decree=[{"issuer": "Bupati Sadar", "number": "Gangsadar 1"}],
    )
    found = find_named(release, ["Gang Sadar", "Dol"])
    assert [(each.table, each.column, each.name) for each in found] == [
        ("event", "source", "Gang Sadar"),
        ("event", "source_url", "Gang Sadar"),
    ]


def test_a_name_that_is_public_too_is_no_matter() -> None:
    release = contents(site=[{"name": "Bayur"}], event=[{"source": "Bayur ditutup"}] * 2)
    assert find_named(release, ["bayur"]) == []
    assert len(find_named(release, ["Ditutup"])) == 1
    assert find_named(release, []) == []

"""Aid of a release: each sum follows from the cells that are told, and from nothing else."""

from collections.abc import Callable
from typing import Any

import pytest

from gis.database.connection import Database
from gis.domain.aid import AidQuery, AidType, Payer
from gis.domain.disclosure import FEWEST, STEP
from gis.errors import NotFoundError
from gis.services.public.moments import PublicView
from gis.services.public.sums import CELL_COLUMNS, aid_view, region_aid, table_rows

Asked = Callable[..., PublicView]
PEOPLE = ("promised", "paid", "unpaid")


def cells_of(view: dict[str, Any], **wanted: Any) -> list[dict[str, Any]]:
    return [cell for cell in view["cells"] if all(cell[name] == value for name, value in wanted.items())]


def test_each_sum_follows_from_what_is_told(visitors: Database, asked: Asked) -> None:
    view = aid_view(visitors, asked(), AidQuery())
    assert any(cell["promised_withheld"] or cell["paid_withheld"] for cell in view["cells"])
    sums = [(view["figures"], view["cells"])]
    sums += [(row, cells_of(view, code=row["code"])) for row in view["children"]]
    sums += [(row, cells_of(view, payer=row["payer"])) for row in view["payers"]]
    sums += [(row, cells_of(view, aid_type=row["aid_type"])) for row in view["types"]]
    for row, cells in sums:
        for name in ("promised_rupiah", "paid_rupiah", "unpaid_rupiah"):
            assert row[name] == sum(cell[name] or 0 for cell in cells)
        assert row["withheld"] == sum(cell["promised_withheld"] + cell["paid_withheld"] for cell in cells)
        assert all(row[name] % STEP == 0 for name in PEOPLE)


def test_no_cell_tells_of_a_few_people(visitors: Database, asked: Asked) -> None:
    for cell in aid_view(visitors, asked(), AidQuery())["cells"]:
        for name in ("promised", "paid"):
            n, amount = cell[name], cell["amount_rupiah"]
            assert n is None or n == 0 or n >= FEWEST
            assert (n is None) == cell[f"{name}_withheld"]
            told = None if n is None or amount is None else n * amount
            assert cell[f"{name}_rupiah"] == told


def test_aid_is_of_the_day_of_the_release_alone(visitors: Database, asked: Asked) -> None:
    view = aid_view(visitors, asked("2016-06-01"), AidQuery())
    assert view["as_of"] == view["release"]["published_on"]
    assert view["figures"] == aid_view(visitors, asked(), AidQuery())["figures"]
    with visitors.transaction() as connection:
        assert region_aid(connection, asked("2016-06-01").moment, None) is None


def test_filters_and_provinces(visitors: Database, asked: Asked) -> None:
    nation = aid_view(visitors, asked(), AidQuery())
    kaltim = aid_view(visitors, asked(), AidQuery("64"))
    assert kaltim["region"]["name"] == "Kalimantan Timur"
    assert (kaltim["children"], kaltim["children_level"]) == ([], None)
    (child,) = [row for row in nation["children"] if row["code"] == "64"]
    assert kaltim["figures"].items() <= child.items()
    by_regency = aid_view(visitors, asked(), AidQuery(payer=Payer.regency, aid_type=AidType.tali_asih))
    assert {(cell["payer"], cell["aid_type"]) for cell in by_regency["cells"]} == {("regency", "tali_asih")}
    resident = aid_view(visitors, asked(), AidQuery(definition="resident"))
    assert resident["figures"]["eligible"] != nation["figures"]["eligible"]
    for code in ("64.72", "99"):
        with pytest.raises(NotFoundError):
            aid_view(visitors, asked(), AidQuery(code))


def test_nothing_of_an_item_or_a_site_is_told(visitors: Database, asked: Asked) -> None:
    view = aid_view(visitors, asked(), AidQuery("64"))
    assert not {"items", "rates"} & view.keys()
    assert all(tuple(row) == CELL_COLUMNS for row in table_rows(view))


def test_the_page_of_a_region_has_a_few_figures(visitors: Database, asked: Asked) -> None:
    figures = aid_view(visitors, asked(), AidQuery("64"))["figures"]
    with visitors.transaction() as connection:
        section = region_aid(connection, asked().moment, "64")
        assert region_aid(connection, asked().moment, "11") is None
    assert section is not None
    assert section.items() <= figures.items()
    assert {"promised_rupiah", "unpaid", "withheld"} <= section.keys()

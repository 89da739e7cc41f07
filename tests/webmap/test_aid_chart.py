"""The bars of promised and paid aid, and what their caption states."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from webmap.aid_chart import WIDTH, aid_chart


def row(promised: int, paid: int) -> dict[str, Any]:
    return {"promised_rupiah": promised, "paid_rupiah": paid, "unpaid_rupiah": promised - paid}


amounts = st.integers(0, 10**15)
rows = st.tuples(amounts, amounts).map(lambda pair: row(max(pair), min(pair)))


@given(st.lists(rows, max_size=6))
def test_bars_are_as_long_as_their_sums(payers: list[dict[str, Any]]) -> None:
    chart = aid_chart(payers)
    if not any(payer["promised_rupiah"] for payer in payers):
        assert chart is None
        return
    assert chart is not None
    assert [bar.row for bar in chart.bars] == payers
    for bar in chart.bars:
        assert 0 <= bar.paid <= bar.promised <= WIDTH
        assert (bar.paid > 0) == (bar.row["paid_rupiah"] > 0)
    assert max(bar.promised for bar in chart.bars) == WIDTH
    assert chart.bars[-1].y + 20 + chart.bar <= chart.height


def test_the_caption_names_who_owes_most() -> None:
    chart = aid_chart([row(100, 90), row(200, 170)])
    assert chart is not None
    assert chart.owing == row(200, 170)
    assert chart.owing_share == 0.75
    settled = aid_chart([row(5, 5)])
    assert settled is not None
    assert settled.owing is None

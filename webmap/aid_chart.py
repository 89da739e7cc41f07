"""The bars of promised and paid aid: where they run, and the finding that their caption states."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

WIDTH, BAR, ROW, TOP = 480, 16, 44, 4


@dataclass(frozen=True)
class Bar:
    """One payer: the bar of what was promised, and within it what was paid, in pixels.

    Parameters
    ----------
    y : top of the row; its words stand above the bar
    promised, paid : how wide; something is never drawn as nothing
    row : the figures themselves
    """

    y: int
    promised: float
    paid: float
    row: Mapping[str, Any]


@dataclass(frozen=True)
class AidChart:
    """Bars in a box of `width` by `height`, and who owes most of what is unpaid.

    Parameters
    ----------
    owing : the row with the most unpaid rupiah; none if everything is paid
    owing_share : its share of all that is unpaid, 0…1
    """

    width: int
    height: int
    bar: int
    bars: list[Bar]
    owing: Mapping[str, Any] | None
    owing_share: float


def aid_chart(payers: Sequence[Mapping[str, Any]]) -> AidChart | None:
    """Lays out sums by payer, in their order.

    Parameters
    ----------
    payers : with `promised_rupiah`, `paid_rupiah` and `unpaid_rupiah`

    Returns
    -------
    none where no rupiah was promised
    """
    most = max((row["promised_rupiah"] for row in payers), default=0)
    if most == 0:
        return None
    bars = [
        Bar(
            TOP + number * ROW,
            _width(row["promised_rupiah"], most),
            _width(row["paid_rupiah"], most),
            row,
        )
        for number, row in enumerate(payers)
    ]
    unpaid = sum(row["unpaid_rupiah"] for row in payers)
    owing = max(payers, key=lambda row: row["unpaid_rupiah"]) if unpaid else None
    return AidChart(
        WIDTH, TOP + ROW * len(bars), BAR, bars, owing, owing["unpaid_rupiah"] / unpaid if owing else 0.0
    )


def _width(amount: int, most: int) -> float:
    return 0 if amount == 0 else max(1.0, round(WIDTH * amount / most, 1))

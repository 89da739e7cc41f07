"""Sums of aid as it is published: of the numbers that are told, with how many are withheld beside them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class AidCell:
    """The people behind one amount in one province (or none), of one kind and payer.

    Parameters
    ----------
    code, name : of the province; none where it is for no single one
    aid_type, payer : as `gis.domain.aid` names them
    amount_rupiah : a person; none: not known
    promised, paid : people, rounded to 10; none is withheld
    synthetic : whether rows made up for demonstration are in it
    """

    code: str | None
    name: str | None
    aid_type: str
    payer: str
    amount_rupiah: int | None
    promised: int | None
    paid: int | None
    synthetic: bool

    @property
    def unpaid(self) -> int | None:
        """People who were promised it and did not get it; none where one of both numbers is withheld."""
        return None if self.promised is None or self.paid is None else self.promised - self.paid

    def rupiah(self, people: int | None) -> int | None:
        """Money for some of its people; none where that is not told."""
        return None if people is None or self.amount_rupiah is None else people * self.amount_rupiah

    def to_record(self) -> dict[str, Any]:
        """The cell as every public output shows it."""
        return {
            "code": self.code,
            "name": self.name,
            "aid_type": self.aid_type,
            "payer": self.payer,
            "amount_rupiah": self.amount_rupiah,
            "promised": self.promised,
            "promised_withheld": self.promised is None,
            "paid": self.paid,
            "paid_withheld": self.paid is None,
            "promised_rupiah": self.rupiah(self.promised),
            "paid_rupiah": self.rupiah(self.paid),
            "unpaid_rupiah": self.rupiah(self.unpaid),
            "synthetic": self.synthetic,
        }


@dataclass(frozen=True)
class AidSum:
    """What is told of some aid.

    Money adds up. People do not, since a person may get several kinds of aid: of each province those of the
    kind that reaches most are taken, so the numbers are the least that there can be.

    Parameters
    ----------
    promised, paid, unpaid : people
    promised_rupiah, paid_rupiah, unpaid_rupiah : as far as the amount a person is known
    unvalued : promised portions whose amount is not known, so that the rupiah are too few
    withheld_promised, withheld_paid : how many numbers of people are withheld and in no sum
    withheld_unpaid : how often one of both is, so that what is not paid leaves it out
    """

    promised: int
    paid: int
    unpaid: int
    promised_rupiah: int
    paid_rupiah: int
    unpaid_rupiah: int
    unvalued: int
    withheld_promised: int
    withheld_paid: int
    withheld_unpaid: int

    def to_record(self) -> dict[str, Any]:
        """The sum as every public output shows it; `withheld` is how many numbers are."""
        return {**asdict(self), "withheld": self.withheld_promised + self.withheld_paid}


def sum_aid(cells: Iterable[AidCell]) -> AidSum:
    """Sum what is told of some aid."""
    held = list(cells)
    return AidSum(
        promised=_people((cell, cell.promised) for cell in held),
        paid=_people((cell, cell.paid) for cell in held),
        unpaid=_people((cell, cell.unpaid) for cell in held),
        promised_rupiah=sum(cell.rupiah(cell.promised) or 0 for cell in held),
        paid_rupiah=sum(cell.rupiah(cell.paid) or 0 for cell in held),
        unpaid_rupiah=sum(cell.rupiah(cell.unpaid) or 0 for cell in held),
        unvalued=sum(cell.promised or 0 for cell in held if cell.amount_rupiah is None),
        withheld_promised=sum(cell.promised is None for cell in held),
        withheld_paid=sum(cell.paid is None for cell in held),
        withheld_unpaid=sum(cell.unpaid is None for cell in held),
    )


def _people(numbers: Iterable[tuple[AidCell, int | None]]) -> int:
    """Of each province the people of the kind of aid that reaches most."""
    by_kind: dict[str | None, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for cell, people in numbers:
        by_kind[cell.code][cell.aid_type] += people or 0
    return sum(max(kinds.values()) for kinds in by_kind.values())

"""Aid: who pays what, and how far from those entitled over what was promised to what was paid."""

from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Literal

#: Which count tells how many people are entitled. Two definitions are never added to each other.
Definition = Literal["beneficiary", "resident", "returned"]
DEFINITIONS: tuple[Definition, ...] = ("beneficiary", "resident", "returned")


class AidType(StrEnum):
    """Kinds of aid (domain.md, "Words"): a package holds several of the others."""

    package = "package"
    uep = "uep"
    jadup = "jadup"
    tali_asih = "tali_asih"
    transport = "transport"
    training = "training"
    other = "other"


class Payer(StrEnum):
    """Who pays; `unstated` where the source does not say it."""

    kemensos = "kemensos"
    province = "province"
    regency = "regency"
    other = "other"
    unstated = "unstated"


@dataclass(frozen=True)
class AidFigures:
    """From those entitled to what was paid, of a region or a payer; people, and whole rupiah.

    Money adds up over kinds of aid and over payers. People do not, since a person may get several: in each
    place those of the kind that reaches most are taken, so the numbers are the least that there can be.

    Parameters
    ----------
    eligible : people by the latest counts of one definition; none where nobody counted
    promised, paid : people
    unpromised : people counted in places where fewer, or nobody, were promised anything
    uncounted : people who were promised aid in places without such a count
    promised_rupiah, paid_rupiah : as far as the amount a person is known
    unvalued : promised portions whose amount is not known, so that the rupiah are too few
    """

    eligible: int | None
    promised: int
    paid: int
    unpromised: int
    uncounted: int
    promised_rupiah: int
    paid_rupiah: int
    unvalued: int

    @property
    def unpaid(self) -> int:
        """People who were promised aid and did not get it."""
        return self.promised - self.paid

    @property
    def unpaid_rupiah(self) -> int:
        """What was promised and not paid."""
        return self.promised_rupiah - self.paid_rupiah

    @property
    def paid_share(self) -> float | None:
        """Paid of promised rupiah, 0…1; none where no amount was promised."""
        return round(self.paid_rupiah / self.promised_rupiah, 4) if self.promised_rupiah else None

    def to_record(self) -> dict[str, Any]:
        """The figures as every output shows them, with what follows from them."""
        return {
            **asdict(self),
            "unpaid": self.unpaid,
            "unpaid_rupiah": self.unpaid_rupiah,
            "paid_share": self.paid_share,
        }


NOTHING = AidFigures(None, 0, 0, 0, 0, 0, 0, 0)


def is_overdue(period_to: date, planned_n: int, paid_n: int, as_of: date) -> bool:
    """Whether the time in which an item was to be paid is over, and somebody still waits."""
    return period_to < as_of and paid_n < planned_n


@dataclass(frozen=True)
class AidQuery:
    """Which aid.

    Parameters
    ----------
    region : a province or regency of the moment's boundaries; none for the nation
    payer, aid_type : only that one; none for all
    definition : which count tells how many are entitled; none: that is not asked
    """

    region: str | None = None
    payer: Payer | None = None
    aid_type: AidType | None = None
    definition: Definition | None = "beneficiary"

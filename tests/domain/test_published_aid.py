"""Sums of published aid: of what is told alone, so that they give nothing back."""

from collections.abc import Callable
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from gis.domain.disclosure import published_aid
from gis.domain.published_aid import AidCell, sum_aid

UEP = AidCell("64", "Kalimantan Timur", "uep", "kemensos", 3_000_000, 100, 60, synthetic=False)
FEW = replace(UEP, payer="province", promised=None, paid=None)


def test_money_is_people_times_the_amount() -> None:
    assert UEP.to_record()["promised_rupiah"] == 300_000_000
    assert UEP.to_record()["unpaid_rupiah"] == 120_000_000
    assert FEW.to_record()["promised_rupiah"] is None
    assert FEW.to_record()["paid_withheld"] is True
    assert replace(UEP, amount_rupiah=None).to_record()["paid_rupiah"] is None


def test_withheld_numbers_are_counted_and_in_no_sum() -> None:
    with_few = sum_aid([UEP, FEW]).to_record()
    counts = ("withheld", "withheld_promised", "withheld_paid", "withheld_unpaid")
    assert [with_few.pop(name) for name in counts] == [2, 1, 1, 1]
    without = sum_aid([UEP]).to_record()
    assert [without.pop(name) for name in counts] == [0, 0, 0, 0]
    assert with_few == without


def test_what_is_not_paid_is_told_where_both_numbers_are() -> None:
    half = replace(UEP, payer="regency", paid=None)
    total = sum_aid([UEP, half])
    assert (total.promised, total.paid, total.unpaid) == (200, 60, 40)
    assert (total.unpaid_rupiah, total.withheld_unpaid) == (120_000_000, 1)
    assert (total.withheld_promised, total.withheld_paid) == (0, 1)


def test_of_a_province_the_kind_that_reaches_most_counts() -> None:
    package = replace(UEP, aid_type="package", promised=70, paid=70)
    elsewhere = replace(UEP, code="65", name="Kalimantan Utara", promised=10, paid=10)
    total = sum_aid([UEP, package, elsewhere])
    assert (total.promised, total.paid) == (110, 80)
    assert total.promised_rupiah == (100 + 70 + 10) * 3_000_000
    assert sum_aid([]).to_record() == dict.fromkeys(sum_aid([]).to_record(), 0)


def test_an_amount_that_is_not_known_is_named() -> None:
    assert sum_aid([replace(UEP, amount_rupiah=None)]).unvalued == 100


few = st.integers(1, 9)


@given(st.lists(st.tuples(few, few), min_size=1, max_size=6), st.data())
def test_other_few_people_give_the_same_sums(hidden: list[tuple[int, int]], data: st.DataObject) -> None:
    def summed(draw: Callable[[], tuple[int, int]]) -> dict[str, int]:
        told = [published_aid(*draw()) for _ in hidden]
        cells = [replace(UEP, payer=str(at), **vars(numbers)) for at, numbers in enumerate(told)]
        return sum_aid([UEP, *cells]).to_record()

    true = iter(hidden)
    assert summed(lambda: next(true)) == summed(lambda: data.draw(st.tuples(few, few)))

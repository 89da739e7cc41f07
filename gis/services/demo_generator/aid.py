"""Aid: the one reported item, and synthetic ones for the beneficiaries that synthetic sites count."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from gis.domain.aid import AidType, Payer
from gis.domain.lifecycle import period
from gis.domain.records.aid import AidRateRow, AidRow
from gis.services.demo_generator.dice import Dice, stable_id
from gis.services.demo_generator.log import LAST_DAY, SOURCE
from gis.services.demo_rows import DemoRegister, EventRow, SiteRow

REPORTED_SITE = "Pembatuan"
REPORTED_ON = date(2016, 12, 15)
PACKAGE_PAYERS = {Payer.kemensos: 0.7, Payer.province: 0.2, Payer.regency: 0.1}
NAMES = {
    Payer.kemensos: "Kementerian Sosial",
    Payer.province: "Dinas Sosial Provinsi",
    Payer.regency: "Dinas Sosial Kabupaten/Kota",
}
STEP = 250_000  # synthetic amounts are multiples of this


@dataclass(frozen=True)
class _Place:
    key: str
    site_id: int | None
    region_code: str | None


def aid_rows(register: DemoRegister, rates: Sequence[AidRateRow]) -> list[AidRow]:
    """The rows of aid.csv: what was reported first, then the synthetic ones by site, then by region.

    Parameters
    ----------
    register : the sites, with their events and counts
    rates : what a kind of aid amounts to, by day
    """
    rows = [_reported(register)]
    events = defaultdict(list)
    for event in register.events:
        events[event.site_id].append(event)
    counts: dict[int, dict[str, tuple[date, int]]] = defaultdict(dict)
    for count in register.headcounts:
        if count.definition == "beneficiary" and count.synthetic:
            counts[count.site_id][count.region_code or ""] = (count.counted_on, count.n)
    for site in register.sites:
        if site.synthetic:
            rows += _of_site(site, events[site.id], counts[site.id], rates)
    rows += _of_regions(register)
    return rows


def _reported(register: DemoRegister) -> AidRow:
    """Banjarbaru (domain.md): whom the money came from and how much it was the source does not say."""
    site_id = next(site.id for site in register.sites if site.name == REPORTED_SITE)
    return AidRow(
        id=stable_id("aid/real-pembatuan"),
        external_id="demo:a:real-pembatuan:01",
        item_key="bantuan 2016",
        aid_type=AidType.package,
        payer=Payer.unstated,
        region_code="63.72",
        site_id=site_id,
        eligible_n=432,
        planned_n=432,
        paid_n=346,
        period_from=date(2016, 1, 1),
        period_to=date(2016, 12, 31),
        stated_on=REPORTED_ON,
        source="metro7.co.id",
        source_url="https://metro7.co.id",
        note="346 dari 432 penerima manfaat sudah dibayar; sumber tidak menyebut besarnya dan pembayarnya.",
        reported_on=REPORTED_ON,
        synthetic=False,
    )


def _of_site(
    site: SiteRow,
    events: Sequence[EventRow],
    counts: dict[str, tuple[date, int]],
    rates: Sequence[AidRateRow],
) -> Iterator[AidRow]:
    closings = [
        period(event.occurred_on, event.date_precision)[1]
        for event in events
        if event.kind == "closed" and not event.planned
    ]
    crossing = len(site.declared_region_codes) > 1
    for code, (counted_on, n) in counts.items():
        dice = Dice(f"aid/{site.id}/{code}")
        place = _Place(f"{site.id}:{code}", site.id, code if crossing else None)
        start = min([day for day in closings if day <= counted_on], default=counted_on - timedelta(days=60))
        yield from _package(place, start, counted_on, n, rates, dice)
        if dice.chance(0.35):
            amount = STEP * dice.whole(4, 10)
            yield from _item(place, AidType.tali_asih, Payer.regency, amount, (start, counted_on), n, dice)
        if dice.chance(0.3):
            amount = STEP * dice.whole(1, 3)
            yield from _item(place, AidType.transport, Payer.province, amount, (start, counted_on), n, dice)
    if closings and not counts and not crossing and Dice(f"aid/{site.id}/promise").chance(0.3):
        dice = Dice(f"aid/{site.id}/jadup")
        place = _Place(f"{site.id}:", site.id, None)
        day = closings[-1]
        yield _row(
            place,
            AidType.jadup,
            Payer.regency,
            2 * STEP,
            (day, _later(day, 180)),
            day,
            dice.whole(20, 120),
            0,
            1,
        )


def _package(
    place: _Place, start: date, counted_on: date, n: int, rates: Sequence[AidRateRow], dice: Dice
) -> Iterator[AidRow]:
    """The package where there was one that year, else the enterprise grant."""
    valid = {rate.aid_type: rate.amount_rupiah for rate in rates if rate.holds_on(start)}
    kind = AidType.package if AidType.package in valid else AidType.uep
    payer = dice.weighted(PACKAGE_PAYERS)
    yield from _item(place, kind, payer, valid.get(kind), (start, counted_on), n, dice)


def _item(
    place: _Place,
    kind: AidType,
    payer: Payer,
    amount: int | None,
    days: tuple[date, date],
    n: int,
    dice: Dice,
) -> Iterator[AidRow]:
    """A promise, what was paid at the count, for some what was paid later; now and then a slip, mended."""
    start, counted_on = days
    planned = max(1, int(n * dice.number(0.8, 1.0)))
    paid = int(planned * dice.number(0.35, 0.95))
    due = (start, _later(counted_on, 90))
    if start < counted_on:
        yield _row(place, kind, payer, amount, due, start, planned, 0, 1)
    if dice.chance(0.06) and paid > 5:
        wrong = _row(place, kind, payer, amount, due, counted_on, planned, paid - 5, 2)
        yield wrong
        yield _row(place, kind, payer, amount, due, counted_on, planned, paid, 3, corrects=wrong)
    else:
        yield _row(place, kind, payer, amount, due, counted_on, planned, paid, 2)
    if dice.chance(0.5):
        rest = planned if dice.chance(0.6) else (planned + paid) // 2
        last = _later(counted_on, dice.whole(30, 200))
        if last > counted_on:
            yield _row(place, kind, payer, amount, due, last, planned, rest, 4)


def _of_regions(register: DemoRegister) -> Iterator[AidRow]:
    """Training that a province, or the ministry, gives outside of any one site."""
    provinces = sorted({site.declared_region_codes[0][:2] for site in register.sites if site.synthetic})
    year = (date(2018, 1, 1), date(2018, 12, 31))
    for code in provinces:
        dice = Dice(f"aid/province/{code}")
        if dice.chance(0.35):
            planned = dice.whole(40, 200)
            paid = int(planned * dice.number(0.3, 1.0))
            place = _Place(code, None, code)
            amount = STEP * dice.whole(4, 12)
            yield _row(place, AidType.training, Payer.province, amount, year, year[1], planned, paid, 1)
    yield _row(
        _Place("ID", None, None), AidType.training, Payer.kemensos, 8 * STEP, year, year[1], 400, 260, 1
    )


def _row(
    place: _Place,
    kind: AidType,
    payer: Payer,
    amount: int | None,
    due: tuple[date, date],
    stated_on: date,
    planned: int,
    paid: int,
    number: int,
    corrects: AidRow | None = None,
) -> AidRow:
    key = f"{place.key}:{kind}:{number:02}"
    return AidRow(
        id=stable_id(f"aid/{key}"),
        external_id=f"demo:a:{key}",
        item_key=f"{kind} {due[0].year}",
        aid_type=kind,
        payer=payer,
        payer_name=NAMES[payer],
        region_code=place.region_code,
        site_id=place.site_id,
        amount_rupiah=amount,
        planned_n=planned,
        paid_n=paid,
        period_from=due[0],
        period_to=due[1],
        stated_on=stated_on,
        source=SOURCE,
        reported_on=_later(stated_on, 30) if corrects else stated_on,
        synthetic=True,
        corrects_id=corrects.id if corrects else None,
    )


def _later(day: date, days: int) -> date:
    return min(day + timedelta(days=days), max(day, LAST_DAY))

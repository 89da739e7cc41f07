"""Letters and decrees: the one plan that was reported, and synthetic documents about sites and regions."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

from gis.domain.lifecycle import DatePrecision, period
from gis.domain.records.plans import PlanRow
from gis.services.demo_generator.dice import Dice
from gis.services.demo_generator.log import LAST_DAY, SOURCE
from gis.services.demo_rows import DemoRegister, EventRow, SiteRow

# domain.md, "The programme in ten lines" and "Claims": the day of the report, and the year of the target.
TARGET = PlanRow(
    external_id="demo:p:real-target",
    kind="plan",
    issuer="Kementerian Sosial",
    dated=date(2016, 2, 22),
    planned_on=date(2019, 12, 31),
    planned_precision=DatePrecision.year,
    source="NetralNews, Menteri Sosial Khofifah",
    reported_on=date(2016, 2, 22),
    note="Tidak ada lokalisasi lagi pada 2019; 68 dari 168 sudah ditutup.",
)
FEWEST_SITES = 3  # of a province whose governor writes


def plan_rows(register: DemoRegister) -> list[PlanRow]:
    """The rows of plans.csv: the reported one, then by site, then by province and regency.

    Parameters
    ----------
    register : its sites and events
    """
    sites = {site.id: site for site in register.sites if site.synthetic}
    rows = [TARGET]
    for event in register.events:
        if event.site_id in sites and event.legal_number and event.kind in {"closed", "decreed"}:
            rows += _of_event(sites[event.site_id], event)
    lokalisasi = [site for site in register.sites if site.site_type == "lokalisasi"]
    provinces = Counter(site.declared_region_codes[0][:2] for site in lokalisasi)
    for code, count in sorted(provinces.items()):
        if count >= FEWEST_SITES:
            rows += _of_governor(code)
    for code in sorted({site.declared_region_codes[0] for site in lokalisasi}):
        rows += _of_regency(code)
    return rows


def _of_event(site: SiteRow, event: EventRow) -> Iterator[PlanRow]:
    """The document that an event speaks of, for some events; now and then entered wrongly at first."""
    dice = Dice(f"{event.external_id}/document")
    if not dice.chance(0.55 if event.planned else 0.3):
        return
    head = (event.legal_instrument or "").removeprefix("Surat ").removeprefix("SK ")
    is_letter = (event.legal_instrument or "").startswith("Surat")
    kind = "regent_letter" if is_letter else "by_law" if dice.chance(0.1) else "decree"
    reported = event.reported_on or event.occurred_on
    key = event.external_id.replace("demo:e:", "demo:p:")
    row = PlanRow(
        external_id=key,
        kind=kind,  # type: ignore[arg-type]  # checked by the row itself
        issuer=head if kind != "by_law" else f"{head} dan DPRD",
        number=event.legal_number,
        dated=reported if event.planned else event.occurred_on,
        dated_precision=DatePrecision.day if event.planned else event.date_precision,
        text_reference=f"hlm. {dice.whole(1, 4)}"
        if is_letter
        else f"Pasal {dice.whole(2, 9)}, hlm. {dice.whole(1, 12)}",
        region_code=site.declared_region_codes[0] if dice.chance(0.5) else None,
        site_id=site.id,
        planned_on=event.occurred_on if event.planned else None,
        source=SOURCE,
        reported_on=reported,
        synthetic=True,
    )
    if event.planned and dice.chance(0.12):
        wrong = {
            "planned_on": event.occurred_on + timedelta(days=dice.whole(5, 60)),
            "external_id": f"{key}:0",
        }
        yield row.model_copy(update=wrong)
        mended = {
            "corrects_external_id": f"{key}:0",
            "reported_on": reported + timedelta(days=dice.whole(10, 200)),
            "note": "Menggantikan tanggal yang keliru.",
        }
        row = row.model_copy(update=mended)
    yield row


def _of_governor(code: str) -> Iterator[PlanRow]:
    """A governor's letter to close all lokalisasi by a date; some are followed by one with a later date."""
    dice = Dice(f"{code}/governor")
    dated = dice.day(date(2014, 3, 1), date(2016, 9, 30))
    planned = dated + timedelta(days=dice.whole(150, 800))
    first = _letter(f"demo:p:{code}:1", code, dice, dated, planned)
    yield first
    if dice.chance(0.4):
        dated = planned - timedelta(days=dice.whole(5, 90))
        later = planned + timedelta(days=dice.whole(200, 700))
        yield _letter(f"demo:p:{code}:2", code, dice, dated, later, replaces=first.external_id)


def _letter(
    key: str, code: str, dice: Dice, dated: date, planned: date, replaces: str | None = None
) -> PlanRow:
    precision = dice.weighted({DatePrecision.day: 0.5, DatePrecision.month: 0.3, DatePrecision.year: 0.2})
    return PlanRow(
        external_id=key,
        kind="governor_letter",
        issuer="Gubernur",
        number=_number(dice, dated),
        dated=dated,
        text_reference=f"hlm. {dice.whole(1, 3)}",
        region_code=code,
        planned_on=period(planned, precision)[0],
        planned_precision=precision,
        replaces_external_id=replaces,
        source=SOURCE,
        reported_on=min(dated + timedelta(days=dice.whole(0, 40)), LAST_DAY),
        synthetic=True,
        note="Menunda tanggal surat sebelumnya." if replaces else None,
    )


def _of_regency(code: str) -> Iterator[PlanRow]:
    """A circular or an instruction now and then, mostly without a date; one of them withdrawn."""
    dice = Dice(f"{code}/head")
    if not dice.chance(0.14):
        return
    dated = dice.day(date(2013, 1, 1), date(2019, 6, 30))
    key = f"demo:p:{code}"
    row = PlanRow(
        external_id=key,
        kind=dice.pick(("circular", "circular", "instruction", "plan")),
        issuer="Wali Kota" if code[3] == "7" else "Bupati",
        number=_number(dice, dated),
        dated=period(dated, DatePrecision.month)[0],
        dated_precision=DatePrecision.month,
        region_code=code,
        planned_on=dated + timedelta(days=dice.whole(60, 900)) if dice.chance(0.4) else None,
        source=SOURCE,
        reported_on=period(dated, DatePrecision.month)[1],
        synthetic=True,
    )
    yield row
    if dice.chance(0.15):
        taken_back = {
            "external_id": f"{key}:2",
            "corrects_external_id": key,
            "retracted": True,
            "reported_on": dated + timedelta(days=300),
            "note": "Surat itu ternyata milik kabupaten lain.",
        }
        yield row.model_copy(update=taken_back)


def _number(dice: Dice, dated: date) -> str:
    return f"SINTETIS-{dice.whole(1, 399):03}/{dated.year}"

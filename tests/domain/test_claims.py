"""Claims within their report: parts against the headline, closed and left against all."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from gis.domain.claims import Claim, Definition, read_reports
from gis.domain.lifecycle import DatePrecision
from gis.domain.records.claims import ClaimContent
from gis.domain.sites import SiteType

DAY = date(2016, 6, 1)
LOKALISASI = SiteType.lokalisasi
REGIONS = [None, "64", "64.72", "64.71", "65", "65.71", "33"]


def claim(
    number: int, region: str | None, value: int, definition: str = "sites_total", **more: object
) -> Claim:
    given = {
        "id": number,
        "report": "report",
        "region_code": region,
        "definition": Definition(definition),
        "site_type": LOKALISASI,
        "value": value,
        "as_of": DAY,
        "as_of_precision": DatePrecision.day,
        "holds_on": DAY,
        **more,
    }
    return Claim(**given)  # type: ignore[arg-type]  # named above


def sets_of_claims() -> st.SearchStrategy[list[Claim]]:
    one = st.builds(
        Claim,
        id=st.integers(1, 10**6),
        report=st.sampled_from(["a", "b"]),
        region_code=st.sampled_from(REGIONS),
        definition=st.sampled_from([Definition.sites_total, Definition.sites_left, Definition.sites_closed]),
        site_type=st.sampled_from([None, *SiteType]),
        value=st.integers(0, 200),
        as_of=st.sampled_from([DAY, date(2019, 1, 1)]),
        as_of_precision=st.sampled_from(DatePrecision),
        holds_on=st.just(DAY),
    )
    return st.lists(one, max_size=14, unique_by=lambda each: each.id)


def test_parts_are_read_against_the_headline() -> None:
    list_of_kaltim = [claim(n, f"64.7{n}", sites) for n, sites in ((1, 1), (2, 3), (4, 20))]
    (reading,) = read_reports([claim(9, "64", 22), *list_of_kaltim])["report"]
    assert (reading.headline, reading.reported, reading.total, reading.difference) == (9, 22, 24, 2)
    assert reading.is_contradiction


def test_a_list_that_names_less_is_no_contradiction() -> None:
    (reading,) = read_reports([claim(1, None, 69), claim(2, "32", 11), claim(3, "62", 10)])["report"]
    assert (reading.difference, reading.is_contradiction) == (-48, False)


def test_only_the_largest_parts_count() -> None:
    readings = read_reports(
        [claim(1, None, 9), claim(2, "64", 5), claim(3, "64.72", 4), claim(4, "65.71", 4)]
    )
    by_headline = {reading.headline: reading for reading in readings["report"]}
    assert by_headline[1].parts == (2, 4)
    assert by_headline[2].parts == (3,)


def test_what_is_said_twice_of_a_region_is_not_added() -> None:
    assert read_reports([claim(1, None, 9), claim(2, "35", 47), claim(3, "35", 41)])["report"] == []


@pytest.mark.parametrize(
    "other",
    [
        {"report": "another"},
        {"site_type": SiteType.lokasi},
        {"definition": Definition.people_resident},
        {"as_of": date(2016, 6, 2)},
        {"as_of_precision": DatePrecision.month},
    ],
)
def test_only_the_same_thing_is_added(other: dict[str, object]) -> None:
    part = claim(2, "64", 5, **{"definition": "sites_total", **other})  # type: ignore[arg-type]
    assert not any(read_reports([claim(1, None, 9), part]).values())


def test_closed_and_left_are_read_against_all() -> None:
    said = [claim(1, None, 168), claim(2, None, 118, "sites_closed"), claim(3, None, 41, "sites_left")]
    (reading,) = read_reports(said)["report"]
    assert (reading.kind, reading.total, reading.difference) == ("account", 159, -9)
    assert reading.is_contradiction


@given(sets_of_claims())
def test_readings_hold_of_any_claims(claims: list[Claim]) -> None:
    by_id = {each.id: each for each in claims}
    for report, readings in read_reports(claims).items():
        assert len(readings) == len({(reading.kind, reading.headline) for reading in readings})
        for reading in readings:
            headline, parts = by_id[reading.headline], [by_id[part] for part in reading.parts]
            assert {headline.report, *(part.report for part in parts)} == {report}
            assert reading.reported == headline.value
            assert reading.total == sum(part.value for part in parts)
            assert reading.headline not in reading.parts
            if reading.kind == "parts":
                assert all(part.is_inside(headline.region_code) for part in parts)
                # No region is added twice, neither itself nor as a part of another.
                codes = Counter(part.region_code for part in parts)
                assert max(codes.values()) == 1
                assert not any(part.is_inside(code) for part in parts for code in codes if code)


@given(sets_of_claims(), st.randoms())
def test_the_order_of_claims_plays_no_part(claims: list[Claim], chance: object) -> None:
    shuffled = list(claims)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    found, again = read_reports(claims), read_reports(shuffled)
    assert {report: set(each) for report, each in found.items()} == {
        report: set(each) for report, each in again.items()
    }


ENTERED = {
    "report": "kaltim-2016-06-01",
    "region_code": "64",
    "definition": "sites_total",
    "site_type": "lokalisasi",
    "value": "22",
    "as_of": "2016-06-01",
    "source": "detakkaltim.com",
}


def test_what_a_file_holds_becomes_a_claim() -> None:
    content = ClaimContent.model_validate({**ENTERED, "speaker": "", "counted_from": ""})
    assert (content.value, content.as_of, content.speaker, content.region_code) == (22, DAY, None, "64")
    assert ClaimContent.model_validate({**ENTERED, "region_code": ""}).region_code is None
    assert ClaimContent.model_validate(content.model_dump(mode="json")) == content


@pytest.mark.parametrize(
    ("field", "found"),
    [
        ("value", "-1"),
        ("value", "2,5"),
        ("value", "1000000001"),
        ("definition", "sites"),
        ("site_type", "kompleks"),
        ("region_code", "6472"),
        ("as_of", "1 Juni 2016"),
        ("as_of_precision", "week"),
        ("report", "  "),
        ("source", ""),
        ("source_url", "javascript:alert(1)"),
        ("speaker", " "),
        ("retracted", "true"),
        ("counted_from", "2017-01-01"),
        ("reported_on", "2016-05-31"),
        ("definition", "provinces_left"),
        ("anything_else", "1"),
    ],
)
def test_what_is_no_claim_is_refused(field: str, found: str) -> None:
    with pytest.raises(ValidationError):
        ClaimContent.model_validate({**ENTERED, field: found})

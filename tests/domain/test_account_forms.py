"""What an administrator types about an account: a wrong field is named, and every other one is read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.domain.access import Role
from gis.domain.forms.accounts import read_account, read_password, read_post
from gis.domain.forms.reading import FormReader
from gis.domain.passwords import check_password
from gis.domain.region_names import RegionNames

NAMES = RegionNames(
    [
        ("32", "province", "Jawa Barat", None),
        ("32.01", "regency", "Kabupaten Bogor", "32"),
        ("32.71", "regency", "Kota Bogor", "32"),
        ("64", "province", "Kalimantan Timur", None),
        ("64.72", "regency", "Kota Samarinda", "64"),
    ]
)
GOOD = {
    "name": "dinsos-kaltim",
    "role": "province",
    "region": "Kaltim",
    "language": "id",
    "way": "typed",
    "password": " sungai yang tenang 7",
}


def refused(**fields: str) -> dict[str, str]:
    form = FormReader({**GOOD, **fields})
    account = read_account(form, NAMES)
    assert (account is None) == bool(form.problems)
    return {problem.field: problem.code for problem in form.problems}


def test_a_good_form_is_an_account_with_its_password_to_the_last_space() -> None:
    account = read_account(FormReader(GOOD), NAMES)
    assert account is not None
    assert account.post == (Role.province, "64")
    assert account.password == (" sungai yang tenang 7", False)


@pytest.mark.parametrize(
    ("role", "typed", "code"),
    [
        ("province", "64", "64"),
        ("province", "Provinsi Kalimantan Timur", "64"),
        ("regency", "64.72", "64.72"),
        ("regency", "kota samarinda", "64.72"),
        ("planner", "", None),
        ("admin", "", None),
    ],
)
def test_a_region_is_a_name_or_a_code(role: str, typed: str, code: str | None) -> None:
    post = read_post(FormReader({"role": role, "region": typed}), NAMES)
    assert post == (Role(role), code)


WRONG = {
    "name": (["", "Budi", "x", "büdi", "a b", "-a", "a" * 64], {"required", "account_name"}),
    "role": (["", "king", "Province"], {"required", "choice"}),
    "region": (
        ["", "Kota Samarinda", "99", "64.72", "x" * 101],
        {"required", "province_unknown", "too_long"},
    ),
    "language": (["", "de"], {"required", "choice"}),
    "way": (["", "none"], {"required", "choice"}),
    "password": (
        ["", "kurang", "x" * 1025, "dinsos-kaltim12", "password1234"],
        {"required", "password_short", "password_long", "password_name", "password_common"},
    ),
}


@given(st.sets(st.sampled_from(sorted(WRONG)), min_size=1), st.data())
def test_each_wrong_field_is_named_and_no_other(fields: set[str], data: st.DataObject) -> None:
    typed = {name: data.draw(st.sampled_from(WRONG[name][0])) for name in fields}
    found = refused(**typed)
    # Whether a region or a password fits is not asked where its role or its way is wrong.
    unasked = {"region"} if "role" in fields else set()
    unasked |= {"password"} if "way" in fields else set()
    if "name" in fields:  # a password is near to the name that was meant
        unasked |= {"password"} & ({"password"} if typed.get("password") == "dinsos-kaltim12" else set())
    assert set(found) == fields - unasked
    assert all(code in WRONG[name][1] for name, code in found.items())


@pytest.mark.parametrize(
    ("role", "region", "code"),
    [
        ("regency", "Bogor", "region_ambiguous"),
        ("regency", "Samarinde", "region_unknown"),
        ("regency", "64", "region_unknown"),
        ("approver", "64", "region_needless"),
    ],
)
def test_a_region_that_does_not_fit_its_role(role: str, region: str, code: str) -> None:
    assert refused(role=role, region=region) == {"region": code}


def test_a_made_password_may_be_used_and_a_typed_one_is_not_dropped() -> None:
    made = read_password(FormReader({"way": "made"}), "dinsos")
    assert made is not None
    assert made.made
    assert check_password(made.text, "dinsos") is None
    assert refused(way="made") == {"way": "password_typed"}

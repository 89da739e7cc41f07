"""Reads the forms about an account: its name, its role with a region, its first or another password."""

import re
from typing import NamedTuple

from gis.domain.access import Language, Role
from gis.domain.forms.reading import FormReader
from gis.domain.passwords import LONGEST, SHORTEST, check_password, random_password
from gis.domain.region_names import RegionNames

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,62}", re.ASCII)
#: Where a password comes from: made and shown once, or typed by the admin.
WAYS = ("made", "typed")


class Post(NamedTuple):
    """A role, with the code of the region that it is bound to."""

    role: Role
    region_code: str | None


class NewPassword(NamedTuple):
    """A password, and whether it was made here and has to be shown."""

    text: str
    made: bool


class NewAccount(NamedTuple):
    """What the form of a new account says."""

    name: str
    post: Post
    language: Language
    password: NewPassword


def read_account(form: FormReader, names: RegionNames) -> NewAccount | None:
    """A new account; none if a field is refused."""
    name = form.text("name", required=True)
    if name is not None and not NAME.fullmatch(name):
        form.refuse("name", "account_name")
    post = read_post(form, names)
    language = form.choice("language", ("id", "en"))
    password = read_password(form, name or "")
    if form.problems or name is None or post is None or password is None:
        return None
    return NewAccount(name, post, "en" if language == "en" else "id", password)


def read_post(form: FormReader, names: RegionNames) -> Post | None:
    """A role, and the region by name or code where it is bound to one; none if a field is refused."""
    said = form.choice("role", tuple(Role))
    if said is None:
        return None
    role = Role(said)
    if not role.is_scoped:
        if form.raw("region"):
            form.refuse("region", "region_needless")
            return None
        return Post(role, None)
    text = form.text("region", required=True, longest=100)
    code = None if text is None else _region(form, text, role, names)
    return None if code is None else Post(role, code)


def read_password(form: FormReader, name: str) -> NewPassword | None:
    """A password as typed, or a made one; none if a field is refused.

    Parameters
    ----------
    form : with `way` and `password`
    name : of the account, to which the password may not be near
    """
    way = form.choice("way", WAYS)
    if way == "made":
        if form.exact("password"):
            form.refuse("way", "password_typed")
            return None
        return NewPassword(random_password(), made=True)
    if way is None:
        return None
    # As it was typed: a space at an end belongs to it.
    text = form.exact("password")
    refused = check_password(text, name)
    if not text:
        form.refuse("password", "required")
    elif refused is not None:
        form.refuse("password", f"password_{refused}", shortest=SHORTEST, longest=LONGEST)
    else:
        return NewPassword(text, made=False)
    return None


def _region(form: FormReader, text: str, role: Role, names: RegionNames) -> str | None:
    codes = names.provinces(text) if role is Role.province else names.regencies(text)
    if len(codes) == 1:
        return codes[0]
    if codes:
        options = ", ".join(names.name(code) for code in codes)
        form.refuse("region", "region_ambiguous", found=text, options=options)
    elif role is Role.province:
        form.refuse("region", "province_unknown", found=text)
    else:
        form.refuse("region", "region_unknown", found=text, options=", ".join(names.suggestions(text)))
    return None

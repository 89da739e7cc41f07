"""Reads the fields of a form; each refusal names the field and a code, which pages say in their language."""

import dataclasses
import re
from collections.abc import Collection, Mapping
from datetime import date

from gis.domain.dates import parse_day
from gis.domain.lifecycle import DatePrecision
from gis.errors import InvalidInputError

LONGEST_TEXT = 2_000
_URL = re.compile(r"https://[^\s]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclasses.dataclass(frozen=True)
class FormProblem:
    """Why a field is refused.

    Parameters
    ----------
    field : its name in the form
    code : the stable name of the reason
    details : what its words need beside the code
    """

    field: str
    code: str
    details: Mapping[str, str | int | float] = dataclasses.field(default_factory=dict)


class FormReader:
    """The fields of a form as they were typed, and what is wrong with them.

    Parameters
    ----------
    given : texts by name; an absent field is an empty one
    """

    def __init__(self, given: Mapping[str, str]) -> None:
        self._given = given
        self.problems: list[FormProblem] = []

    def refuse(self, name: str, code: str, **details: str | float) -> None:
        """Note that a field cannot be taken."""
        self.problems.append(FormProblem(name, code, details))

    def raw(self, name: str) -> str:
        """What was typed, without space around it; a line ends with a newline alone."""
        return self._given.get(name, "").replace("\r\n", "\n").strip()

    def exact(self, name: str) -> str:
        """What was typed to the last space, as a password is."""
        return self._given.get(name, "")

    def text(self, name: str, *, longest: int = LONGEST_TEXT, required: bool = False) -> str | None:
        """A text; none if it is empty or refused."""
        text = self.raw(name)
        if not text:
            if required:
                self.refuse(name, "required")
            return None
        if len(text) > longest:
            self.refuse(name, "too_long", longest=longest, found=len(text))
            return None
        if _CONTROL.search(text):
            self.refuse(name, "control_characters")
            return None
        return text

    def choice(self, name: str, allowed: Collection[str]) -> str | None:
        """One of the values that the form offers."""
        text = self.raw(name)
        if text in allowed:
            return text
        self.refuse(name, "choice" if text else "required")
        return None

    def url(self, name: str) -> str | None:
        """An address that may be opened; none if nothing was typed."""
        text = self.text(name)
        if text is not None and not _URL.fullmatch(text):
            self.refuse(name, "url")
            return None
        return text

    def day(
        self, name: str, *, exact: bool = False, latest: date | None = None
    ) -> tuple[date, DatePrecision] | None:
        """A date as precise as it was typed: `2016`, `Juni 2016`, `1 Juni 2016`, `2016-06-01`, `1/6/2016`.

        Parameters
        ----------
        exact : a month or a year is not enough
        latest : a later day is refused
        """
        text = self.text(name, required=True, longest=100)
        if text is None:
            return None
        try:
            day, precision = parse_day(text)
        except InvalidInputError:
            self.refuse(name, "date")
            return None
        if exact and precision is not DatePrecision.day:
            self.refuse(name, "exact_date")
            return None
        if latest is not None and day > latest:
            self.refuse(name, "future")
            return None
        return day, precision

    def whole(self, name: str, largest: int) -> int | None:
        """A whole number from 0; dots and spaces may stand between thousands."""
        text = self.text(name, required=True, longest=100)
        if text is None:
            return None
        digits = re.sub(r"(?<=\d)[. ](?=\d{3}(?:\D|$))", "", text)
        if not (digits.isascii() and digits.isdigit()) or len(digits) > 15 or int(digits) > largest:
            self.refuse(name, "whole_number", largest=largest)
            return None
        return int(digits)

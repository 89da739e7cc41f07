"""Texts that no spreadsheet takes for a formula, and back."""

import re

#: The last two columns of a file of refused rows; by them it is known when it comes back.
ADDED = ("row", "reason")
#: What a spreadsheet takes for a formula; a number with a sign is none.
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?\d[\d.,]*")


def safe(text: str) -> str:
    """A text that no spreadsheet computes; `unsafe` undoes it."""
    return "'" + text if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def unsafe(text: str) -> str:
    """What `safe` was given."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text

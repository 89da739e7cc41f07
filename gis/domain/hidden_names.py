"""Words of a release that are the name of a site which is not in it: for a person to look at beforehand.

Names stand in free text that others wrote, and a name may be a common word; so nothing is struck out by
itself.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from gis.domain.releases import Rows

FEWEST_LETTERS = 4
TEXTS = {
    "site": ("name", "source_url"),
    "event": ("legal_instrument", "legal_number", "source", "source_url"),
    "decree": ("issuer", "number", "source", "source_url"),
    "claim": ("report", "speaker", "source", "source_url"),
    "centre": ("name", "operator", "source", "source_url"),
}
_WORD = re.compile(r"\w+")


class NamedText(NamedTuple):
    """A text of a release that holds the name of a hidden site."""

    table: str
    column: str
    text: str
    name: str


def find_named(contents: Mapping[str, Rows], hidden: Iterable[str]) -> list[NamedText]:
    """The texts of a release that name a hidden site, each once.

    Parameters
    ----------
    contents : its rows by table
    hidden : the names of the sites that are not in it; a name that a published one has too is no matter
    """
    public = {_words(row["name"]) for row in contents["site"]}
    names = {_words(name): name for name in hidden if sum(map(len, _words(name))) >= FEWEST_LETTERS}
    wanted = {words: name for words, name in names.items() if words not in public}
    longest = max(map(len, wanted), default=0)
    found: dict[NamedText, None] = {}
    for table, column, text in _texts(contents):
        words = _words(text)
        for begin in range(len(words)):
            for end in range(begin + 1, min(begin + longest, len(words)) + 1):
                if name := wanted.get(words[begin:end]):
                    found[NamedText(table, column, text, name)] = None
    return list(found)


def _texts(contents: Mapping[str, Rows]) -> Iterator[tuple[str, str, str]]:
    seen = set()
    for table, columns in TEXTS.items():
        for row in contents[table]:
            for column in columns:
                text = row[column]
                if text is not None and (table, column, text) not in seen:
                    seen.add((table, column, text))
                    yield table, column, text


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(text.casefold()))

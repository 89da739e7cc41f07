"""Finds the region that a person means: by name, abbreviation or Kemendagri's code."""

import difflib
import functools
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

KEMENDAGRI_CODE = re.compile(r"\d\d(?:\.\d\d)?")
_KINDS = re.compile(
    r"^(?:(?P<kab>kabupaten(?: administrasi)?|kab\.?(?: adm\.?)?)"
    r"|(?P<kota>kota ?madya|kodya|kota(?: administrasi| adm\.?)?))(?: |(?<=\.))"
)
_LATER_KINDS = re.compile(r" (?:(?P<kab>regency|kab\.?)|(?P<kota>city|municipality|kota))$")
_PROVINCE = re.compile(r"^(?:provinsi|propinsi|prov\.?|prop\.?) ?| province$")
_SPECIAL = re.compile(r"^(?:daerah khusus ibu ?kota|daerah istimewa|dki|d\.? ?i)(?: |\. ?)")
_SHORT_PROVINCES = {
    "babel": "19", "bangkabelitung": "19", "kepri": "21", "sumut": "12", "sumbar": "13", "sumsel": "16",
    "dki": "31", "dkj": "31", "daerahkhususjakarta": "31", "diy": "34", "jogja": "34", "jogjakarta": "34",
    "jabar": "32", "jateng": "33", "jatim": "35", "ntb": "52", "ntt": "53", "kalbar": "61", "kalteng": "62",
    "kalsel": "63", "kaltim": "64", "kaltara": "65", "sulut": "71", "sulteng": "72", "sulsel": "73",
    "sultra": "74", "sulbar": "76", "malut": "82", "nad": "11", "nanggroeacehdarussalam": "11",
}  # fmt: skip
#: Names of before and short ones, of the regencies that lists of the field name so.
_SHORT_REGENCIES = {
    "kukar": "64.02", "kubar": "64.07", "kutim": "64.08", "ppu": "64.09", "penajam": "64.09",
    "mahulu": "64.11", "mahakamhulu": "64.11", "malukutenggarabarat": "81.03", "mamujuutara": "76.01",
    "tobasamosir": "12.12", "sitaro": "71.09", "pangkep": "73.10", "jogja": "34.71", "jogjakarta": "34.71",
    "kobar": "62.01", "kotim": "62.02", "hss": "63.06", "hst": "63.07", "hsu": "63.08", "timika": "94.04",
}  # fmt: skip

Kind = Literal["kabupaten", "kota"]


@dataclass(frozen=True)
class NamedRegion:
    """A region as far as its name goes: Kemendagri's code of today, level, official name, province's code."""

    code: str
    level: str
    name: str
    parent_code: str | None


class RegionNames:
    """The regions of today, by their names.

    Parameters
    ----------
    regions : code, level, name and parent's code of each; names are official ones ("Kota Samarinda")
    """

    def __init__(self, regions: Iterable[tuple[str, str, str, str | None]]) -> None:
        self.by_code = {code: NamedRegion(code, level, name, parent) for code, level, name, parent in regions}
        self._provinces: dict[str, set[str]] = defaultdict(set)
        self._regencies: dict[str, set[str]] = defaultdict(set)
        for each in self.by_code.values():
            if each.level == "province":
                self._provinces[_letters(each.name)].add(each.code)
                self._provinces[_letters(_SPECIAL.sub("", _plain(each.name)))].add(each.code)
            else:
                self._regencies[_letters(_split(each.name)[1])].add(each.code)
        self._add(_SHORT_PROVINCES, self._provinces)
        self._add(_SHORT_REGENCIES, self._regencies)
        self._suggestions = functools.lru_cache(maxsize=4096)(self._similar)

    def provinces(self, text: str) -> tuple[str, ...]:
        """Codes of the provinces that a text may mean: one if all is well, none if unknown."""
        if text.strip() in self.by_code and "." not in text:
            return (text.strip(),)
        plain = _PROVINCE.sub("", _plain(text))
        found = self._provinces.get(_letters(plain)) or self._provinces.get(_letters(_SPECIAL.sub("", plain)))
        return tuple(sorted(found or ()))

    def regencies(self, text: str, province: str | None = None) -> tuple[str, ...]:
        """Codes of the regencies that a text may mean: two for a bare "Bogor", which is Kota and Kabupaten.

        Parameters
        ----------
        text : a name, with or without "Kab." or "Kota", or a code such as 64.72
        province : the code of the province to look in
        """
        if KEMENDAGRI_CODE.fullmatch(text.strip()):
            codes = {text.strip()} & {code for code in self.by_code if "." in code}
        else:
            kind, stem = _split(text)
            codes = {
                code for code in self._regencies.get(_letters(stem), ()) if kind in {None, self._kind(code)}
            }
            # "Kota Baru" and "Kota Waringin" are no cities: the word belongs to the name.
            codes = codes or self._regencies.get(_letters(text), set())
        return tuple(sorted(code for code in codes if province in {None, self.by_code[code].parent_code}))

    def suggestions(self, text: str) -> tuple[str, ...]:
        """Official names of regencies that are spelt like a text, at most three."""
        return self._suggestions(_letters(_split(text)[1]))

    def name(self, code: str) -> str:
        """The official name of a region."""
        return self.by_code[code].name

    def _kind(self, code: str) -> Kind:
        return "kota" if self.by_code[code].name.startswith("Kota ") else "kabupaten"

    def _similar(self, letters: str) -> tuple[str, ...]:
        close = difflib.get_close_matches(letters, self._regencies, n=3, cutoff=0.75)
        codes = dict.fromkeys(code for stem in close for code in sorted(self._regencies[stem]))
        return tuple(self.by_code[code].name for code in codes)[:3]

    def _add(self, names: dict[str, str], to: dict[str, set[str]]) -> None:
        for name, code in names.items():
            if code in self.by_code and name not in to:
                to[name].add(code)


def _split(text: str) -> tuple[Kind | None, str]:
    """The kind that a name says, and the rest of it."""
    plain = _plain(text)
    for pattern in (_KINDS, _LATER_KINDS):
        if found := pattern.search(plain):
            kind: Kind = "kota" if found["kota"] else "kabupaten"
            return kind, plain[: found.start()] + plain[found.end() :]
    return None, plain


def _plain(text: str) -> str:
    """Lower case, without accents, with single spaces, "kep." written out."""
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"\bkep\b\.? ?", "kepulauan ", " ".join(re.sub(r"[_/,-]", " ", bare).split()))


def _letters(text: str) -> str:
    return re.sub(r"[^a-z]", "", _plain(text))

"""How many synthetic sites each regency gets, and when each one's closing falls.

One letter a site: the interval between two anchors (domain.md, "Publicly reported sites") in which it was
closed for good. Of the real sites 3 were closed by the first anchor, 3 between it and 1 June 2016, 1 in the
third interval and 5 in the fourth; together with them the letters give 68 of 168, 125 of 169 and 162 of 169.
"""

from dataclasses import dataclass
from datetime import date

# The last day is the eve of the 162nd closing, which is a real one (Gambilangu, 19 November 2019).
INTERVALS = {
    "a": (date(2010, 1, 1), date(2016, 2, 22)),
    "b": (date(2016, 2, 23), date(2016, 6, 1)),
    "c": (date(2016, 6, 2), date(2018, 10, 31)),
    "d": (date(2018, 11, 1), date(2019, 11, 18)),
}
NEW = "n"  # first recorded in 2017, which makes 169 of 168; closed in the interval of "d"
LEFT = "e"  # not closed on 19 November 2019

LOKALISASI = {
    "12.07": "ad", "12.10": "e", "12.18": "e",
    "14.01": "d", "14.03": "cd", "14.04": "c", "14.07": "cd", "14.71": "ac", "14.72": "cd",
    "15.71": "aa",
    "16.03": "c", "16.71": "a",
    "17.71": "e",
    "18.01": "a", "18.71": "ac",
    "19.02": "d", "19.71": "ae",
    "21.01": "d", "21.02": "ccd", "21.71": "accdd", "21.72": "cd",
    "32.04": "c", "32.09": "cd", "32.12": "accd", "32.13": "cd", "32.14": "a", "32.15": "cc", "32.16": "d",
    "33.01": "b", "33.02": "a", "33.25": "ac", "33.28": "ad",
    "35.02": "aa", "35.04": "aaa", "35.05": "aa", "35.06": "aaa", "35.07": "aaaaaa", "35.08": "a",
    "35.09": "aaa", "35.10": "aaaaaa", "35.11": "a", "35.12": "a", "35.13": "aa", "35.18": "a",
    "35.19": "a", "35.21": "a", "35.22": "aa", "35.23": "aa", "35.24": "a", "35.25": "a", "35.78": "aa",
    "53.04": "c", "53.07": "d", "53.08": "d",
    "61.01": "a", "61.04": "d", "61.72": "a",
    "62.01": "acd", "62.02": "bccd", "62.03": "d", "62.05": "c", "62.06": "c", "62.12": "d", "62.71": "e",
    "63.02": "d", "63.10": "ac",
    "64.02": "bbbbbbbbbbcc", "64.07": "bbbbbcd", "64.08": "b", "64.71": "b", "64.72": "b",
    "65.03": "d",
    "71.72": "a",
    "72.06": "d", "72.71": "a",
    "73.08": "a", "73.24": "d", "73.71": "a",
    "81.07": "d", "81.71": "e",
    "91.06": "c", "91.71": "d",
    "92.02": "c",
    "93.01": "cn",
    "94.01": "a", "94.04": "e",
    "95.01": "d",
    "96.71": "a",
}  # fmt: skip

# Counted beside the lokalisasi, never into them: 16 in Kalimantan Timur, a few elsewhere.
LOKASI = {
    "64.01": "be", "64.02": "bce", "64.03": "ce", "64.07": "e", "64.08": "bcd", "64.09": "d", "64.72": "bbe",
    "64.74": "c",
    "18.71": "d", "21.71": "ce", "51.71": "e", "71.71": "c", "73.71": "n",
}  # fmt: skip

# The list of 1 June 2016 (kaltim.antaranews.com/berita/32590), and the sums that domain.md gives beside it.
LISTED_ON = date(2016, 6, 1)
LISTED_PEOPLE = {"64.72": 500, "64.71": 216, "64.02": 469, "64.07": 238, "64.08": 30}
LISTED_LOKASI_PEOPLE = 308
NORTH_LISTED_ON = date(2018, 7, 31)
NORTH_LISTED_PEOPLE = {"65.03": 139}

# Polygons that lie across a border: which site, and the regency on the other side.
ACROSS = {
    ("35.07", 1): "35.05",
    ("32.15", 1): "32.16",
    ("32.09", 2): "33.29",  # a province border: Jawa Barat and Jawa Tengah
    ("62.03", 1): "63.04",  # a province border: Kalimantan Tengah and Kalimantan Selatan
}


@dataclass(frozen=True)
class Place:
    """One synthetic site before it has a geometry and a history.

    Parameters
    ----------
    regency_code : Kemendagri, of today
    site_type : lokalisasi or lokasi
    number : counted from 1 within regency and type
    letter : when it closes, see `INTERVALS`, `NEW` and `LEFT`
    """

    regency_code: str
    site_type: str
    number: int
    letter: str

    @property
    def key(self) -> str:
        """What the site's id and all its random choices hang on."""
        return f"{self.regency_code}-{self.site_type}-{self.number:02}"


def places() -> list[Place]:
    """All synthetic sites: lokalisasi before lokasi, by regency code, by number."""
    return [
        Place(regency_code, site_type, number, letter)
        for site_type, table in (("lokalisasi", LOKALISASI), ("lokasi", LOKASI))
        for regency_code, letters in sorted(table.items())
        for number, letter in enumerate(letters, start=1)
    ]

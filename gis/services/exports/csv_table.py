"""CSV, exact for programs (RFC 4180), or as a spreadsheet of Indonesia opens it."""

from pathlib import Path

from gis.services.exports.stream import Features, Receipt
from gis.services.exports.text_files import write_text

_BOM = b"\xef\xbb\xbf"


def write(features: Features, path: Path) -> Receipt:
    """Write commas, decimal points, UTF-8; a null is empty, an empty text is two quotes.

    Parameters
    ----------
    features : in their order
    path : of the file
    """
    rows = features.csv(local=False)
    return write_text(features, path, next(rows), rows, b"", b"")


def write_local(features: Features, path: Path) -> Receipt:
    """Write semicolons, decimal commas and UTF-8 with its mark; no text is taken for a formula.

    Parameters
    ----------
    features : in their order
    path : of the file
    """
    rows = features.csv(local=True)
    return write_text(features, path, _BOM + next(rows), rows, b"", b"")

"""GeoJSON (RFC 7946), and a feature a line: PostgreSQL makes each feature's bytes."""

import json
from pathlib import Path

from gis.domain.batches import JSONObject
from gis.services.exports.stream import Features, Receipt
from gis.services.exports.text_files import write_text

DECIMALS = 7  # RFC 7946, 11.2


def write(features: Features, path: Path) -> Receipt:
    """Write one FeatureCollection.

    Parameters
    ----------
    features : in their order
    path : of the file
    """
    # Members beside those of the standard are allowed (RFC 7946, 6.1); who does not know them skips them.
    members: JSONObject = {"type": "FeatureCollection", "metadata": features.about()}
    box = features.extent.bbox
    if box:
        members["bbox"] = [round(n, DECIMALS) for n in (box.west, box.south, box.east, box.north)]
    text = json.dumps(members, ensure_ascii=False, separators=(",", ":"), default=str)
    head = (text[:-1] + ',"features":[\n').encode()
    return write_text(features, path, head, features.lines(), b",", b"]}\n")


def write_lines(features: Features, path: Path) -> Receipt:
    """Write newline-delimited features (GeoJSONSeq without record separators), which hold no metadata.

    Parameters
    ----------
    features : in their order
    path : of the file
    """
    return write_text(features, path, b"", features.lines(), b"", b"")

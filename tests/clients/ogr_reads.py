"""Reads an OGC API as `pyogrio` does, in a process of its own, which may wait for the server.

    python ogr_reads.py ADDRESS < CASES

A case is a list of a layer and how it is read; printed are the ids and the place of the first that has one.
"""

import json
import sys
from typing import Any

import shapely
from pyogrio import list_layers, read_info
from pyogrio.raw import read


def _found(address: str, layer: str, **how: Any) -> dict[str, Any]:
    how = {name: tuple(value) if isinstance(value, list) else value for name, value in how.items()}
    meta, _fids, places, columns = read(address, layer=layer, **how)
    own = dict(zip(meta["fields"], columns, strict=True))
    key = own["id" if "id" in own else "code"]
    wkb = next((each for each in places if each is not None), None) if places is not None else None
    first = None if wkb is None else shapely.from_wkb(wkb).centroid.coords[0]
    return {"ids": key.tolist(), "first": first, "crs": meta["crs"]}


def _main(address: str) -> None:
    layers = dict(list_layers(address).tolist())
    info = read_info(address, layer="sites")
    told = {
        "layers": layers,
        "types": dict(zip(info["fields"].tolist(), info["ogr_types"], strict=True)),
        "features": info["features"],
        "title": info["layer_metadata"]["TITLE"],
        "found": [_found(address, layer, **how) for layer, how in json.load(sys.stdin)],
    }
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    _main(sys.argv[1])

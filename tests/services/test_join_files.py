"""Whole files through the join: formats, reference systems, refusals, and no half files."""

import json
from functools import cache
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
import shapely

from gis.config import PROJECT_DIRECTORY, Settings
from gis.domain.grid_index import RegionIndex
from gis.domain.spatial_join import assign_regions
from gis.errors import CrsMismatchError, InvalidInputError
from gis.services import join_sources
from gis.services.boundaries import read_regions
from gis.services.join_files import JOIN_COLUMNS, join_file
from gis.services.join_index import open_index

PLACES = {"Samarinda": (117.14, -0.5), "Toba": (98.902474, 2.610676), "sea": (110.0, -10.0)}
CODES = ["64.72", "12.17", None]
SOURCES = [(ending, crs) for ending in (".gpkg", ".fgb", ".shp", ".parquet") for crs in (4326, 32750, 9470)]
SOURCES.append((".geojson", 4326))  # which is in degrees always (RFC 7946, 4)


@cache
def index() -> RegionIndex:
    found = read_regions(PROJECT_DIRECTORY / "data" / "boundaries")
    return RegionIndex.build(found.provinces, found.regencies, found.neighbours)


def places(crs: str | int = 4326) -> gpd.GeoDataFrame:
    x, y = zip(*PLACES.values(), strict=True)
    frame = gpd.GeoDataFrame(
        {"name": list(PLACES), "count": [7, 0, -3]}, geometry=gpd.points_from_xy(x, y), crs=4326
    )
    return frame.to_crs(crs)


def read(path: Path) -> pd.DataFrame:
    if path.suffix == ".csv":
        return pd.read_csv(path, dtype=str)
    return gpd.read_parquet(path) if path.suffix == ".parquet" else gpd.read_file(path)


def save(frame: gpd.GeoDataFrame, path: Path) -> Path:
    if path.suffix == ".parquet":
        frame.to_parquet(path)
    else:
        frame.to_file(path)
    return path


def codes(frame: pd.DataFrame) -> list[str | None]:
    return frame["regency_code"].astype(object).where(frame["regency_code"].notna(), None).tolist()


@pytest.mark.parametrize(("source", "crs"), SOURCES)
@pytest.mark.parametrize("target", [".gpkg", ".geojson", ".fgb", ".csv", ".parquet"])
def test_every_format_keeps_rows_columns_and_places(
    source: str, target: str, crs: int, tmp_path: Path
) -> None:
    given = save(places(crs), tmp_path / f"given{source}")
    report = join_file(given, tmp_path / f"joined{target}", index())
    joined = read(tmp_path / f"joined{target}")
    if source == ".fgb" or target == ".fgb":  # orders its features by a spatial index
        joined = joined.set_index("name").loc[list(PLACES)].reset_index()
    assert report.rows == len(joined) == 3
    assert joined["name"].tolist() == list(PLACES)
    assert joined["count"].astype(int).tolist() == [7, 0, -3]
    assert codes(joined) == CODES
    if isinstance(joined, gpd.GeoDataFrame):
        assert target == ".geojson" or joined.crs.to_epsg() == crs
        x, y = zip(*PLACES.values(), strict=True)
        there = joined.to_crs(4326).geometry
        np.testing.assert_allclose([there.x, there.y], [x, y], atol=1e-6)


def test_a_csv_keeps_its_text_to_the_letter(tmp_path: Path) -> None:
    lines = ["id,Lon,LAT,note", '007,117.14000,-0.50,"a, ""b""\nc"', "010,,,NULL", "1e3,110,-10,"]
    (tmp_path / "given.csv").write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
    join_file(tmp_path / "given.csv", tmp_path / "joined.csv", index())
    joined = pd.read_csv(tmp_path / "joined.csv", dtype=str, keep_default_na=False)
    assert joined["id"].tolist() == ["007", "010", "1e3"]
    assert joined["Lon"].tolist() == ["117.14000", "", "110"]
    assert joined["note"].tolist() == ['a, "b"\nc', "NULL", ""]
    assert joined["regency_code"].tolist() == ["64.72", "", ""]
    assert joined["regency_join_method"].tolist() == ["covers", "none", "none"]


def test_wkt_needs_a_crs(tmp_path: Path) -> None:
    frame = places(32750)
    pd.DataFrame({"name": frame["name"], "wkt": frame.geometry.to_wkt()}).to_csv(tmp_path / "given.csv")
    with pytest.raises(CrsMismatchError, match="state"):
        join_file(tmp_path / "given.csv", tmp_path / "joined.gpkg", index())
    join_file(tmp_path / "given.csv", tmp_path / "joined.gpkg", index(), crs="EPSG:32750")
    assert codes(read(tmp_path / "joined.gpkg")) == CODES


def test_a_crs_that_contradicts_the_files_own_is_refused(tmp_path: Path) -> None:
    given = save(places(), tmp_path / "given.gpkg")
    with pytest.raises(CrsMismatchError, match="WGS 84"):
        join_file(given, tmp_path / "joined.gpkg", index(), crs="EPSG:32750")
    with pytest.raises(InvalidInputError, match="--crs"):
        join_file(given, tmp_path / "joined.gpkg", index(), crs="EPSG:nonsense")


@pytest.mark.parametrize("target", [".gpkg", ".geojson", ".fgb", ".csv", ".parquet"])
def test_a_bad_row_late_in_the_file_is_named_and_leaves_nothing_behind(
    target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(join_sources, "BATCH_ROWS", 100)
    frame = gpd.GeoDataFrame(
        {"name": [f"{n}" for n in range(1001)]},
        geometry=gpd.points_from_xy([117.0] * 1000 + [-0.5], [-0.5] * 1000 + [117.0]),
        crs=4326,
    )
    given = save(frame, tmp_path / "given.parquet")
    before = tmp_path / f"joined{target}"
    before.write_text("the file of yesterday")
    with pytest.raises(InvalidInputError, match=r"row 1001, geometry.*swapped"):
        join_file(given, before, index())
    assert before.read_text() == "the file of yesterday"
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["given.parquet", before.name])


def test_batches_make_the_same_file_as_the_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(join_sources, "BATCH_ROWS", 97)
    random = np.random.default_rng(1)
    shapes = shapely.points(random.uniform((95, -11), (141, 6), (1000, 2)))
    shapes[::50], shapes[1::50] = None, shapely.buffer(shapes[1::50], 0.05)
    frame = gpd.GeoDataFrame(geometry=shapes, crs=4326)
    steps: list[tuple[int, int | None]] = []
    join_file(
        save(frame, tmp_path / "given.parquet"),
        tmp_path / "joined.parquet",
        index(),
        progress=lambda done, total: steps.append((done, total)),
    )
    joined = read(tmp_path / "joined.parquet")
    expected = assign_regions(frame, index())
    for name in JOIN_COLUMNS:
        pd.testing.assert_series_equal(
            joined[name].astype(object), expected[name].astype("str").astype(object), check_names=False
        )
    assert steps[-1] == (1000, 1000)
    assert len(steps) == 11


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("missing.gpkg", None, "exists"),
        ("empty.gpkg", b"", "vector file"),
        ("text.geojson", b"not json", "vector file"),
        ("cut.parquet", b"PAR1 and no more", "vector file"),
        ("no-place.csv", b"a,b\n1,2\n", "lon,lat or wkt"),
        ("letters.csv", b"lon,lat\n117.1,-0.5\n117.2,south\n", "row 2, lat"),
        ("comma.csv", b'lon,lat\n"117,1","-0,5"\n', "row 1, lon"),
        ("broken.csv", b"wkt\nPOINT (1 2\n", "row 1, wkt"),
        ("taken.csv", b"lon,lat,Province_Code\n117.1,-0.5,x\n", "province_code"),
        ("twice.csv", b"lon,lat,lon\n117.1,-0.5,2\n", "twice"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(
    name: str, content: bytes | None, message: str, tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    crs = "EPSG:4326" if name == "broken.csv" else None
    with pytest.raises(InvalidInputError, match=message):
        join_file(tmp_path / name, tmp_path / "joined.csv", index(), crs=crs)
    assert not (tmp_path / "joined.csv").exists()


def test_an_unknown_ending_or_folder_is_refused(tmp_path: Path) -> None:
    given = save(places(), tmp_path / "given.gpkg")
    with pytest.raises(InvalidInputError, match=r"\.geojson"):
        join_file(given, tmp_path / "joined.shp", index())
    with pytest.raises(InvalidInputError, match="folder that can be written"):
        join_file(given, tmp_path / "nowhere" / "joined.csv", index())


def test_geojson_is_as_rfc_7946_wants_it(tmp_path: Path) -> None:
    join_file(save(places(32750), tmp_path / "given.gpkg"), tmp_path / "joined.geojson", index())
    found = json.loads((tmp_path / "joined.geojson").read_text())
    assert "crs" not in found
    assert found["features"][0]["geometry"]["coordinates"] == pytest.approx([117.14, -0.5], abs=1e-6)
    assert found["features"][2]["properties"]["regency_code"] is None


def test_geoparquet_describes_its_geometry(tmp_path: Path) -> None:
    (tmp_path / "given.csv").write_text("lon,lat\n117.14,-0.5\n")
    join_file(tmp_path / "given.csv", tmp_path / "joined.parquet", index())
    geo = json.loads(pq.read_metadata(tmp_path / "joined.parquet").metadata[b"geo"])
    assert geo["primary_column"] == "geometry"
    assert geo["columns"]["geometry"]["crs"]["id"]["code"] == 4326


# --- the kept index --------------------------------------------------------------------------------------


def kept_files(home: Path) -> list[Path]:
    return list((home / "cache").glob("join-index-*.npz"))


def test_the_index_is_kept_and_answers_the_same(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    random = np.random.default_rng(2)
    frame = gpd.GeoDataFrame(
        geometry=shapely.points(random.uniform((95, -11), (141, 6), (5000, 2))), crs=4326
    )
    made = assign_regions(frame, open_index(settings))
    (kept,) = kept_files(tmp_path)
    written = kept.stat().st_mtime_ns
    pd.testing.assert_frame_equal(assign_regions(frame, open_index(settings)), made)
    assert kept.stat().st_mtime_ns == written


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty", "text"])
def test_a_broken_index_is_made_again(tmp_path: Path, damage: str) -> None:
    settings = Settings(home=tmp_path)
    open_index(settings)
    (kept,) = kept_files(tmp_path)
    whole = kept.read_bytes()
    middle = len(whole) // 2
    broken = {
        "cut": whole[:middle],
        "flipped": whole[:middle] + bytes([whole[middle] ^ 255]) + whole[middle + 1 :],
        "empty": b"",
        "text": b"not an index",
    }[damage]
    kept.write_bytes(broken)
    found = open_index(settings)
    assert codes(assign_regions(places(), found)) == CODES
    assert kept.read_bytes() != broken


def test_other_boundaries_have_an_index_of_their_own(tmp_path: Path) -> None:
    data = tmp_path / "data"
    (data / "boundaries").mkdir(parents=True)
    for path in (PROJECT_DIRECTORY / "data" / "boundaries").iterdir():
        if path.is_file():
            (data / "boundaries" / path.name).write_bytes(path.read_bytes())
    settings = Settings(home=tmp_path / "home", data=data)
    open_index(settings)
    with (data / "boundaries" / "neighbours.geojson").open("a") as file:
        file.write("\n")
    open_index(settings)
    assert len(kept_files(tmp_path / "home")) == 2


def test_a_home_that_cannot_be_written_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file where the folder should be")
    assert codes(assign_regions(places(), open_index(Settings(home=tmp_path / "home")))) == CODES

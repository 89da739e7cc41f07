"""A release as one document: any day of it can be told from it."""

from flask import Flask

from tests.webmap.conftest import PUBLISHED_ON


def test_the_whole_of_a_release_tells_its_days(released: Flask) -> None:
    anyone = released.test_client()
    answer = anyone.get("/release.json")
    whole = answer.get_json()
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert whole["release"]["id"] == whole["days"][-1] == str(PUBLISHED_ON)
    for as_of, closed, total in (("2016-02-22", 68, 168), ("2018-10-31", 125, 169), ("2019-11-19", 162, 169)):
        latest = {(row[1], row[2]): row[3:] for row in whole["figures"] if row[0] <= as_of}
        counts = [row for (_, kind), row in latest.items() if kind == "lokalisasi"]
        assert (sum(row[2] for row in counts), sum(map(sum, counts))) == (closed, total)
        sites = [site for site in whole["sites"] if site["closed_on"] <= as_of]
        assert sum(site["site_type"] == "lokalisasi" for site in sites) == closed
    for layer in whole["layers"]:
        shapes = anyone.get(layer["url"]).get_json()["features"]
        assert all(shape["properties"]["parent_code"] == layer["parent_code"] for shape in shapes)
    assert len([layer for layer in whole["layers"] if layer["parent_code"] == "64"]) == 2
    assert "reactivated" not in answer.text.replace("reactivated_by_year", "")


def test_one_release_is_chosen_by_its_id(released: Flask) -> None:
    anyone = released.test_client()
    assert anyone.get(f"/release.json?release={PUBLISHED_ON}").status_code == 200
    assert anyone.get("/release.json?release=2001-01-01").status_code == 404
    assert anyone.get("/release.json?as_of=2016-01-01").status_code == 400

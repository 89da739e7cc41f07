"""What pages say of a site and of a region in unusual states: each word with the date that is its own."""

import re

import pytest
from flask.testing import FlaskClient

from gis.database.connection import Database

AT_SEA = (112.0, -12.5)  # south of Jawa, far from any region


def site(database: Database, condition: str) -> int:
    with database.transaction() as connection:
        row = connection.execute("SELECT id FROM site WHERE name LIKE %s ORDER BY id LIMIT 1", [condition])
        found = row.fetchone()
    assert found is not None
    return int(found[0])


def add_site(database: Database, name: str, place: tuple[float, float], *events: tuple[str, str]) -> int:
    with database.transaction() as connection:
        row = connection.execute(
            "INSERT INTO site (name, site_type, geom, location_accuracy, location_source)"
            " VALUES (%s, 'lokalisasi', ST_SetSRID(ST_MakePoint(%s, %s), 4326), 'exact', 'uji') RETURNING id",
            [name, *place],
        ).fetchone()
        assert row is not None
        for kind, day in events:
            connection.execute(
                "INSERT INTO event (site_id, kind, occurred_on, reported_on, source)"
                " VALUES (%s, %s, %s, %s, 'uji')",
                [row[0], kind, day, day],
            )
    return int(row[0])


def words(client: FlaskClient, address: str) -> str:
    """A page's text in one line, without marks and doubled spaces."""
    answer = client.get(address)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text)).replace("\N{NO-BREAK SPACE}", " ")


@pytest.fixture(scope="module")
def history(demo_database: Database) -> int:
    return add_site(
        demo_database,
        "Contoh",
        (117.15, -0.5),
        ("recorded", "2011-01-10"),
        ("verified", "2012-02-10"),
        ("socialised", "2013-03-10"),
        ("decreed", "2014-04-10"),
        ("closed", "2015-05-10"),
        ("monitored", "2016-06-10"),
        ("disputed", "2016-07-10"),
        ("reactivated", "2017-07-10"),
    )


@pytest.mark.parametrize(
    ("as_of", "said"),
    [
        ("2010-01-01", ["Belum terdata pada 1 Januari 2010"]),
        ("2011-06-01", ["aktif", "terdata sejak 10 Januari 2011"]),
        ("2012-06-01", ["aktif", "terverifikasi sejak 10 Februari 2012"]),
        ("2013-06-01", ["direncanakan", "sosialisasi penutupan sejak 10 Maret 2013"]),
        ("2014-06-01", ["direncanakan", "SK/Perda terbit sejak 10 April 2014"]),
        ("2015-06-01", ["ditutup sejak 10 Mei 2015"]),
        ("2016-06-30", ["ditutup sejak 10 Mei 2015", "pemantauan sejak 10 Juni 2016"]),
        ("2016-08-01", ["ditutup sejak 10 Mei 2015", "klasifikasi dipersoalkan"]),
        ("2017-08-01", ["terindikasi aktif kembali sejak 10 Juli 2017"]),
    ],
)
def test_headline_and_stage_have_a_date_each(
    client: FlaskClient, history: int, as_of: str, said: list[str]
) -> None:
    text = words(client, f"/sites/{history}?as_of={as_of}").partition("Tahapan")[0]
    for part in said:
        assert part in text
    assert "aktif sejak" not in text
    assert "direncanakan sejak" not in text


def test_events_after_the_chosen_day_are_marked(client: FlaskClient, history: int) -> None:
    text = words(client, f"/en/sites/{history}?as_of=2014-06-01")
    assert text.count("after the chosen day") == 4
    assert "after the chosen day" not in words(client, f"/en/sites/{history}")


def test_a_list_dates_a_closed_site_by_its_closing(client: FlaskClient, history: int) -> None:
    page = client.get("/en/regions/64.72?as_of=2016-06-30").text
    row = page.partition(f"/en/sites/{history}")[2].partition("<tr>")[0]
    assert "10 May 2015" in row
    assert "2016" not in row.partition("</a>")[2]


def test_sites_in_no_region_are_told(client: FlaskClient, demo_database: Database) -> None:
    assert "lies in no region" not in words(client, "/en/?as_of=2016-02-22")
    add_site(demo_database, "Di laut", AT_SEA, ("recorded", "2011-01-10"))
    assert "1 site lies in no region" in words(client, "/en/?as_of=2016-02-22")
    assert "1 tempat berada di luar semua wilayah" in words(client, "/?as_of=2016-02-22")


def test_a_region_that_did_not_exist_yet(client: FlaskClient) -> None:
    page = client.get("/regions/65?as_of=2012-06-01").text
    assert "Kalimantan Utara belum ada pada 1 Juni 2012." in page
    assert 'bagian dari <a href="/regions/64?as_of=2012-06-01">Kalimantan Timur</a>' in page
    assert "/regions/65?as_of=2012-06-01&boundaries=today" in page


def test_a_code_that_is_no_longer_borne(client: FlaskClient) -> None:
    # Mimika was 91.09 until 2022.
    page = client.get("/en/regions/91.09?as_of=2024-01-01").text
    assert "no region bore this code on 1 January 2024" in page


def test_on_the_target_day_no_rate_is_needed(client: FlaskClient) -> None:
    text = words(client, "/en/?as_of=2019-12-31")
    assert "the target date has come with" in text
    assert "needs –" not in text


def test_an_error_page_says_what_and_what_to_do(client: FlaskClient) -> None:
    answer = client.get("/?as_of=yesterday", headers={"Accept": "text/html"})
    assert answer.status_code == 400
    assert "as_of: tertulis &#39;yesterday&#39;; yang diterima: tanggal sebagai YYYY-MM-DD" in answer.text
    assert "Perbaiki alamatnya" in answer.text
    missing = client.get("/nothing", headers={"Accept": "text/html"})
    assert missing.status_code == 404
    assert "<p></p>" not in missing.text

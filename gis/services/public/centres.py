"""Rehabilitation centres of a release: name, city and services; no place, nothing near it, nothing in it."""

from gis.database import published_topics
from gis.database.connection import Connection, Database
from gis.database.published import PublicMoment
from gis.services.catalogue import View
from gis.services.public.moments import PublicView, release_record, state_of
from gis.services.public.regions import on_release_day, region_of

CENTRE_PROPERTIES = (
    *("id", "name", "regency_code", "regency_name", "province_code", "province_name"),
    *("services", "operator", "source", "source_url", "synthetic"),
)


def centres_view(database: Database, asked: PublicView, region: str | None = None) -> View:
    """Centres as they are on the day of a release, by province and city.

    Parameters
    ----------
    database : as the role of visitors
    asked : the release; its day and boundaries are not used
    region : only those of a province or city; none for all

    Raises
    ------
    NotFoundError : no region bears that code on that day
    """
    asked = on_release_day(asked)
    with database.transaction() as connection:
        place, rows = _find(connection, asked.moment, region)
        provinces = published_topics.list_provinces(connection, asked.moment)
    return {
        **state_of(asked),
        "region": place,
        "regions": provinces,
        "centres": rows,
        "synthetic": any(row["synthetic"] for row in rows),
    }


def table_rows(view: View) -> list[View]:
    """The centres of a view as rows of a table with `CENTRE_PROPERTIES`."""
    return [
        {**row, "services": ";".join(row["services"]), "synthetic": str(row["synthetic"]).lower()}
        for row in view["centres"]
    ]


def centres_features(database: Database, asked: PublicView, region: str | None = None) -> View:
    """The same centres as GeoJSON (RFC 7946), each without a geometry.

    Raises
    ------
    NotFoundError : no region bears that code on that day
    """
    asked = on_release_day(asked)
    with database.transaction() as connection:
        _, rows = _find(connection, asked.moment, region)
    metadata = {
        "title": "centres",
        "as_of": asked.moment.as_of,
        "release": release_record(asked.moment.release),
        "feature_count": len(rows),
        "holds_synthetic_rows": any(row["synthetic"] for row in rows),
    }
    features = [{"type": "Feature", "id": row["id"], "geometry": None, "properties": row} for row in rows]
    return {"type": "FeatureCollection", "metadata": metadata, "features": features}


def _find(connection: Connection, moment: PublicMoment, region: str | None) -> tuple[View | None, list[View]]:
    place = region_of(connection, moment, region)
    return place, published_topics.find_centres(connection, moment, region)

"""Rehabilitation centres: which there are, which are near and have room, and what is missing by region."""

from collections.abc import Iterable
from typing import Any

from gis.database import centres, regions, sites
from gis.database.connection import Database
from gis.domain.batches import JSONObject
from gis.domain.queries import BoundingBox, Moment
from gis.domain.regions import Level
from gis.services.audit import record_export, recording
from gis.services.catalogue import View, layer_of, state_of
from gis.services.nearest_centres import CENTRE_PROPERTIES, gap_by_region, nearest, shown
from gis.services.scope import own_moment

__all__ = ["CENTRE_PROPERTIES", "centres_features", "centres_table", "centres_view", "check_site"]

NATION_BBOX = BoundingBox(94.9, -11.1, 141.1, 6.1)
NEAREST = 5


def centres_view(
    database: Database, moment: Moment, region: str | None = None, site_id: int | None = None
) -> View:
    """Centres at a moment, those near a region or a site that have free places, and what is missing.

    Parameters
    ----------
    database : the register
    moment : both clocks and whose boundaries
    region : only centres in it, and the nearest from its label point; none for all
    site_id : the nearest from this site, in the place of the region

    Returns
    -------
    `centres` and `nearest` with what the account may see, and `gap` by province, or of a regency

    Raises
    ------
    NotFoundError : no region bears that code on that day, or there is no such site
    """
    moment = own_moment(database, moment)
    with database.transaction(snapshot=True) as connection:
        asked = None if region is None else regions.get_region(connection, region, moment.regions_on)
        site = None if site_id is None else sites.get_site(connection, site_id, moment)
        found = centres.find_centres(connection, moment, region)
        near = nearest(connection, moment, region, site, NEAREST)
        gap = gap_by_region(connection, moment, _gap_level(database, region), region)
        provinces = regions.list_regions(connection, "province", moment.regions_on)
        drawn: Level = "province" if asked is None else "regency"
        within = asked.parent_code or asked.code if asked else None
        layer = layer_of(connection, drawn, moment, within)
    return {
        **state_of(moment),
        "region": None if asked is None else {"code": asked.code, "name": asked.name},
        "site": None if site is None else {"id": site["id"], "name": site["name"]},
        "regions": [{"code": each.code, "name": each.name} for each in provinces],
        "centres": [{**shown(row), "city_lon": row["lon"], "city_lat": row["lat"]} for row in found],
        "nearest": near,
        "gap": gap,
        "layer": layer,
        "bbox": list(asked.bbox) if asked else list(vars(NATION_BBOX).values()),
        "synthetic": any(row["synthetic"] for row in found),
    }


def check_site(database: Database, site_id: int, moment: Moment) -> None:
    """Look whether there is such a site for this account.

    Raises
    ------
    NotFoundError : there is none
    """
    with database.transaction() as connection:
        sites.get_site(connection, site_id, moment)


def centres_table(database: Database, moment: Moment, region: str | None = None) -> tuple[list[View], str]:
    """The centres of a view as rows of `CENTRE_PROPERTIES`, written as a file to import has them.

    Returns
    -------
    the rows, and the name of the file, which bears the number of the record that it leaves

    Raises
    ------
    NotFoundError : no region bears that code on that day
    """
    rows, record = _export(database, moment, region, "csv")
    table = [
        {**row, "names": _names(row["names"]), "services": ";".join(row["services"])}
        for row in map(shown, rows)
    ]
    return table, f"centres-{record}.csv" if record else "centres.csv"


def centres_features(database: Database, moment: Moment, region: str | None = None) -> View:
    """The centres of a view as GeoJSON (RFC 7946); a geometry has only who may see the place.

    Raises
    ------
    NotFoundError : no region bears that code on that day
    """
    rows, record = _export(database, moment, region, "geojson")
    metadata = {
        **{"title": "centres", "as_of": moment.as_of, "known_at": moment.known_at, "crs": "OGC:CRS84"},
        "feature_count": len(rows),
        "holds_synthetic_rows": any(row["synthetic"] for row in rows),
        **({"export_record": str(record)} if record else {}),
    }
    features = [
        {
            "type": "Feature",
            "id": row["id"],
            "geometry": row["place"],
            "properties": {**shown(row), "location_accuracy": row["location_accuracy"]},
        }
        for row in rows
    ]
    return {"type": "FeatureCollection", "metadata": metadata, "features": features}


def _export(
    database: Database, moment: Moment, region: str | None, form: str
) -> tuple[list[View], int | None]:
    moment = own_moment(database, moment)
    with recording(database).transaction() as connection:
        if region is not None:
            regions.get_region(connection, region, moment.regions_on)
        rows = centres.find_centres(connection, moment, region)
        known = moment.known_at.isoformat() if moment.known_at else None
        asked: JSONObject = {"collection": "centres", "format": form, "region": region, "known_at": known}
        return rows, record_export(
            connection, {**asked, "as_of": moment.as_of.isoformat(), "rows": len(rows)}
        )


def _gap_level(database: Database, region: str | None) -> Level:
    scope = database.identity.region_code if database.identity else None
    return "regency" if "." in (region or scope or "") else "province"


def _names(names: Iterable[dict[str, Any]]) -> str:
    return ";".join(f"{each['name']}[{each['valid_from'] or ''}/{each['valid_to'] or ''}]" for each in names)

"""The next release beside the newest one: what would be told, what would be withheld, and by which rule."""

from dataclasses import asdict
from datetime import date
from typing import Any

from gis.database import matching, releases
from gis.database.connection import Database
from gis.database.releases import PublishedSite
from gis.domain import release_account
from gis.domain.release_account import ProvinceCounts
from gis.domain.releases import Release
from gis.errors import ConflictError
from gis.services import publication
from gis.services.publication import Publication

View = dict[str, Any]
COUNTS = ("active", "planned", "closed")


def releases_view(database: Database, on: date | None = None) -> View:
    """All releases, and what the next one would be.

    Parameters
    ----------
    database : acting as an account that sees the whole register
    on : the day of the next one; today by default

    Returns
    -------
    releases, newest first; next: provinces (before, after, by code), nation, new_sites, changed_sites,
    named (texts that name a site which is not public), withheld and told in numbers; refused: why there can
    be none, and then next is none
    """
    found = publication.find_releases(database)
    listed = [{**asdict(each)} for each in found]
    try:
        made = publication.preview(database, on)
    except ConflictError as error:
        return {"releases": listed, "next": None, "refused": str(error)}
    return {"releases": listed, "next": _next(database, found[0] if found else None, made), "refused": None}


def _next(database: Database, newest: Release | None, made: Publication) -> View:
    on = made.release.published_on
    with database.transaction() as connection:
        names = {code: name for code, _, name, _ in matching.list_regions_of_today(connection)}
        before = releases.find_day(connection, newest) if newest else None
        sites = {site.id: site for site in releases.find_sites(connection, newest)} if newest else {}
    after = release_account.by_province(made.contents, on)
    earlier = release_account.by_province(before, newest.published_on) if newest and before else None
    new_sites = [_site(row, names) for row in made.contents["site"] if row["id"] not in sites]
    return {
        "id": made.release.id,
        "published_on": on,
        "checksum": made.release.checksum,
        "same_as": newest.id if newest and newest.checksum == made.release.checksum else None,
        "beside": newest.id if newest else None,
        "provinces": _provinces(earlier, after, names),
        "nation": {"before": _sum(earlier) if earlier is not None else None, "after": _sum(after)},
        "new_sites": new_sites,
        "changed_sites": [
            {
                **_site(row, names),
                "was": _was(sites[row["id"]], names),
                "moved": row["geom"] != sites[row["id"]].place,
            }
            for row in made.contents["site"]
            if row["id"] in sites and _told(row) != sites[row["id"]]
        ],
        "named": [each._asdict() for each in made.named],
        "told": release_account.told(made.contents),
        "withheld": [each._asdict() for each in release_account.withheld(made.contents, on)],
    }


def _provinces(
    earlier: dict[str, ProvinceCounts] | None, after: dict[str, ProvinceCounts], names: dict[str, str]
) -> list[View]:
    rows = []
    for code in sorted(after.keys() | (earlier or {}).keys()):
        was = (earlier or {}).get(code, ProvinceCounts())
        will = after.get(code, ProvinceCounts())
        rows.append(
            {
                "code": code or None,
                "name": names.get(code),
                "before": was._asdict() if earlier is not None else None,
                "after": will._asdict(),
                "changed": earlier is not None and was != will,
            }
        )
    return rows


def _sum(provinces: dict[str, ProvinceCounts]) -> dict[str, int]:
    return {name: sum(getattr(counts, name) for counts in provinces.values()) for name in COUNTS}


def _told(row: dict[str, Any]) -> PublishedSite:
    return PublishedSite(row["id"], row["name"], row["geom"], row["regency_code"])


def _site(row: dict[str, Any], names: dict[str, str]) -> View:
    return {
        "id": str(row["id"]),
        "name": row["name"],
        "site_type": row["site_type"],
        "closed_on": row["closed_on"],
        "province_code": row["province_code"],
        "region_name": names.get(row["regency_code"] or row["province_code"]),
        "synthetic": row["synthetic"],
    }


def _was(site: PublishedSite, names: dict[str, str]) -> View:
    return {"name": site.name, "place": site.place, "region_name": names.get(site.regency_code or "")}

"""Where each collection is: in the register as of a moment, or in a release."""

from gis.database.features import Source
from gis.database.published import PublicMoment, PublicSites
from gis.database.sites import moment_values, site_values
from gis.domain.collections import PUBLIC, REGISTER, CollectionId
from gis.domain.queries import Moment, SiteQuery, today

_STATEMENTS = {
    "sites": "site_source",
    "provinces": "region_source",
    "regencies": "region_source",
    "centres": "centre_source",
}
_PUBLISHED = {
    "sites": "published_site_source",
    "provinces": "published_province_source",
    "regencies": "published_regency_source",
    "centres": "published_centre_source",
}
_LEVELS = {"provinces": ["province"], "regencies": ["regency"]}


def register_source(collection_id: CollectionId, query: SiteQuery, *, sees_all: bool = False) -> Source:
    """A collection in the register.

    Parameters
    ----------
    collection_id : which
    query : as of when and of which region; of sites also the group, the type and a box
    sees_all : it is read for the owner or a national role, for whom sites are kept ready
    """
    if collection_id == "sites":
        values = site_values(query)
        if sees_all and _are_ready(query.moment):
            return Source(REGISTER["sites"], "ready_site_source", values, is_ready=True)
    else:
        values = {**moment_values(query.moment), "region": query.region}
        if collection_id in _LEVELS:
            values["levels"] = _LEVELS[collection_id]
    return Source(REGISTER[collection_id], _STATEMENTS[collection_id], values)


def _are_ready(moment: Moment) -> bool:
    """Whether sites of a moment are those that are made at each write: now or later, as believed now."""
    return moment.known_at is None and moment.regions_on == moment.as_of >= today()


def published_source(collection_id: CollectionId, moment: PublicMoment, query: SiteQuery) -> Source:
    """A collection in a release.

    Parameters
    ----------
    collection_id : which
    moment : the release and its day
    query : of which region; of sites also the group, the type and a box; its own moment counts for nothing
    """
    values = {**moment.values, "region": query.region}
    if collection_id == "sites":
        asked = PublicSites(query.region, query.with_shared, query.site_type, query.bbox)
        values |= {**asked.values, "groups": [group.value for group in query.groups]}
    return Source(PUBLIC[collection_id], _PUBLISHED[collection_id], values)

"""What a site is: its type, and the properties that every output shows."""

from enum import StrEnum


class SiteType(StrEnum):
    """Two kinds that are counted apart: *lokasi* stand beside the totals, never in them (domain.md)."""

    lokalisasi = "lokalisasi"
    lokasi = "lokasi"


# The order in which every output shows them: GeoJSON, CSV, pages.
SITE_PROPERTIES = (
    "id",
    "name",
    "site_type",
    "status",
    "status_group",
    "status_since",
    "closed_on",
    "province_code",
    "province_name",
    "regency_code",
    "regency_name",
    "province_join_method",
    "regency_join_method",
    "shared_with",
    "location_accuracy",
    "people",
    "synthetic",
    "source_url",
    "updated_at",
)

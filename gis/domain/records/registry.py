"""Which class checks the content of which collection."""

from gis.domain.batches import Collection
from gis.domain.records.aid import AidContent
from gis.domain.records.boundaries import BoundaryContent
from gis.domain.records.centres import CentreContent, OccupancyContent
from gis.domain.records.claims import ClaimContent
from gis.domain.records.fields import Record
from gis.domain.records.plans import PlanContent
from gis.domain.records.sites import EventContent, HeadcountContent, SiteContent

CONTENT_OF: dict[Collection, type[Record]] = {
    "sites": SiteContent,
    "boundaries": BoundaryContent,
    "events": EventContent,
    "headcounts": HeadcountContent,
    "claims": ClaimContent,
    "plans": PlanContent,
    "centres": CentreContent,
    "occupancies": OccupancyContent,
    "aid": AidContent,
}
#: Their rows are numbered in the order of entry; the numbers stay inside, and `uid` is the id that is shown.
HAS_NUMBERED_LOG: tuple[Collection, ...] = ("events", "headcounts")

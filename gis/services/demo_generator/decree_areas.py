"""Boundaries of decrees for the synthetic sites that are mapped as areas, and for some that are points.

Of the areas every third has none, so that the pages show what is missing; of the others every second one is
the decree's own, and the rest differ: turned, stretched and moved by tens of metres, as sketches are.
"""

import shapely
from shapely import affinity
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from gis.domain.records.boundaries import BoundaryRow
from gis.services.demo_generator.dice import Dice, stable_id
from gis.services.demo_generator.log import SOURCE
from gis.services.demo_rows import DemoRegister, EventRow, SiteRow

DECIMALS = 6
M_PER_DEGREE = 111_320.0
POINTS = 3  # of the sites that are mapped as points, so many have a decree with a boundary


def boundary_rows(register: DemoRegister) -> list[BoundaryRow]:
    """The boundaries of a demonstration register, by site in its order.

    Parameters
    ----------
    register : its sites and events; a decree is an event of the site, and one without has no boundary
    """
    decrees = {event.site_id: event for event in reversed(register.events) if _sets_a_boundary(event)}
    decreed = [site for site in register.sites if site.synthetic and site.wkt and site.id in decrees]
    areas = [site for site in decreed if str(site.wkt).startswith("POLYGON")]
    points = [site for site in decreed if str(site.wkt).startswith("POINT")][:POINTS]
    kept = [(site, number % 3 == 1) for number, site in enumerate(areas) if number % 3]
    kept += [(site, False) for site in points]
    return [_row(site, decrees[site.id], same=same) for site, same in kept]


def _sets_a_boundary(event: EventRow) -> bool:
    return event.kind == "decreed" and not event.planned and event.legal_instrument is not None


def _row(site: SiteRow, decree: EventRow, *, same: bool) -> BoundaryRow:
    mapped = shapely.from_wkt(str(site.wkt))
    dice = Dice(f"{site.id}/decree boundary")
    shape = mapped if same else _sketch(mapped, dice)
    return BoundaryRow(
        id=stable_id(f"{site.id}/decree boundary"),
        external_id=f"{site.id}/decree boundary",
        site_id=site.id,
        wkt=shapely.to_wkt(shape, rounding_precision=DECIMALS),
        legal_instrument=str(decree.legal_instrument),
        legal_number=decree.legal_number,
        dated_on=decree.occurred_on,
        source=SOURCE,
        reported_on=decree.reported_on,
        synthetic=True,
    )


def _sketch(mapped: BaseGeometry, dice: Dice) -> BaseGeometry:
    if isinstance(mapped, Point):
        half = dice.number(40, 90) / M_PER_DEGREE
        mapped = shapely.box(mapped.x - half, mapped.y - half, mapped.x + half, mapped.y + half)
    turned = affinity.rotate(mapped, dice.number(-25, 25), origin="centroid")
    wider = affinity.scale(turned, dice.number(0.8, 1.3), dice.number(0.8, 1.3), origin="centroid")
    east, north = dice.number(-40, 40) / M_PER_DEGREE, dice.number(-40, 40) / M_PER_DEGREE
    return affinity.translate(wider, east, north)

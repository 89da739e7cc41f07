"""Puts the demonstration register together and writes it."""

from pathlib import Path

from shapely.geometry import MultiPolygon

from gis.services.boundaries import BoundarySet
from gis.services.demo_files import check_references, write_register
from gis.services.demo_generator.allotment import ACROSS, LEFT, NEW, Place, places
from gis.services.demo_generator.dice import Dice, stable_id
from gis.services.demo_generator.histories import draw_closing, write_history
from gis.services.demo_generator.left import write_left, write_new_lokasi
from gis.services.demo_generator.log import SOURCE, Log
from gis.services.demo_generator.people import Census, count_listed, count_people, listed_people
from gis.services.demo_generator.placing import Location, locate, locate_across
from gis.services.demo_generator.reported_sites import REPORTED_SITES
from gis.services.demo_rows import DemoRegister, EventRow, HeadcountRow, SiteRow


def build(boundaries: BoundarySet, directory: Path) -> DemoRegister:
    """Make the demonstration register and write its three files; the same boundaries give the same bytes.

    Parameters
    ----------
    boundaries : of today; the synthetic sites are placed in them
    directory : made if it is missing; sites.csv, events.csv and headcounts.csv in it are replaced

    Returns
    -------
    what was written
    """
    register = generate(boundaries)
    write_register(directory, register.sites, register.events, register.headcounts)
    return register


def generate(boundaries: BoundarySet) -> DemoRegister:
    """The demonstration register: real sites first, then the synthetic ones by type, regency and number.

    Parameters
    ----------
    boundaries : of today

    Raises
    ------
    BoundaryError : a regency is missing or has no room for a site
    """
    frame = boundaries.regencies
    shapes = dict(zip(frame["code"], frame.geometry, strict=True))
    names = dict(zip(frame["code"], frame["name"], strict=True))
    sites = [reported.site_row() for reported in REPORTED_SITES]
    events = [row for reported in REPORTED_SITES for row in reported.event_rows()]
    headcounts = [row for reported in REPORTED_SITES for row in reported.headcount_rows()]
    drawn = places()
    listed = listed_people(drawn)
    for place in drawn:
        location = _locate(place, shapes)
        sites.append(_site_row(place, names[place.regency_code], location))
        history = _history(place, names[place.regency_code])
        events += history
        headcounts += _headcounts(place, location, history, listed)
    register = DemoRegister(sites, events, headcounts)
    check_references(register)
    return register


def _locate(place: Place, shapes: dict[str, MultiPolygon]) -> Location:
    dice = Dice(f"{place.key}/place")
    other = ACROSS.get((place.regency_code, place.number)) if place.site_type == "lokalisasi" else None
    if other is not None:
        return locate_across((place.regency_code, other), shapes, dice)
    return locate(place.regency_code, shapes[place.regency_code], dice)


def _site_row(place: Place, regency_name: str, location: Location) -> SiteRow:
    short = regency_name.removeprefix("Kabupaten ").replace("Kota Administrasi ", "Kota ")
    words = f"contoh {short} {place.number:02} (sintetis)"
    another = Dice(f"{place.key}/names").chance(0.2)
    return SiteRow(
        id=stable_id(place.key),
        name=f"{place.site_type.capitalize()} {words}",
        alternative_names=(f"Kompleks {words}",) if another else (),
        site_type=place.site_type,  # type: ignore[arg-type]  # checked by the row itself
        wkt=location.wkt,
        location_accuracy=location.accuracy,  # type: ignore[arg-type]  # checked by the row itself
        location_source=SOURCE,
        declared_region_codes=location.region_codes,
        synthetic=True,
    )


def _history(place: Place, regency_name: str) -> list[EventRow]:
    head = "Wali Kota" if regency_name.startswith("Kota") else "Bupati"
    dice = Dice(f"{place.key}/history")
    log = Log(stable_id(place.key), place.key, head, dice)
    if place.letter == LEFT:
        write_left(log, place)
    elif place.letter == NEW and place.site_type == "lokasi":
        write_new_lokasi(log)
    else:
        write_history(log, place, draw_closing(place, dice))
    return log.rows


def _headcounts(
    place: Place, location: Location, history: list[EventRow], listed: dict[str, int]
) -> list[HeadcountRow]:
    census = Census(stable_id(place.key), place.key, location.region_codes)
    if place.key in listed:
        count_listed(census, place, listed[place.key])
    else:
        count_people(census, history, Dice(f"{place.key}/people"))
    return census.rows

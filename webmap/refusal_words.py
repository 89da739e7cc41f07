"""Why a file or a row of an import is refused, and what was done to a row, in the words of a page."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from gis.errors import ImportRefusedError
from gis.services.imports.refusals import Problem
from webmap import error_words

# The English sentences are those of gis/services/imports/refusals.py; a test holds the two together.
REFUSAL_WORDS: Mapping[str, LazyString] = {
    "empty_file": _l("the file is empty"),
    "too_many_bytes": _l("the file is larger than %(limit)s MiB"),
    "unknown_format": _l(
        "the file is %(found)s; allowed are CSV, XLSX, GeoJSON, GeoPackage, zipped "
        "Shapefile, KML and GeoParquet"
    ),
    "old_excel": _l(
        "the file is an encrypted workbook, or one of Excel before 2007; save it as XLSX without a password"
    ),
    "broken_file": _l("the file cannot be read as %(format)s"),
    "broken_csv": _l("the CSV is broken in line %(line)s: look at its quotation marks"),
    "shapefile_part": _l(
        "the file is one part of a Shapefile; send .shp, .shx, .dbf and .prj together, zipped"
    ),
    "archive_encrypted": _l("the archive is encrypted (%(member)s)"),
    "archive_link": _l("the archive holds a symbolic link (%(member)s)"),
    "archive_name": _l("the archive holds a name that leads out of its folder, or stands twice (%(member)s)"),
    "archive_nested": _l("the archive holds another archive (%(member)s)"),
    "archive_members": _l("the archive holds more than %(limit)s files"),
    "archive_ratio": _l("the archive unpacks to far more than it holds (%(member)s)"),
    "archive_bytes": _l("the archive unpacks to more than %(limit)s MiB"),
    "archive_broken": _l("the archive is broken (%(member)s)"),
    "archive_content": _l("the archive holds neither one Shapefile (.shp, .shx, .dbf) nor a workbook"),
    "xml_entities": _l("the file declares entities or a document type, which no register needs"),
    "unsafe_database": _l("the GeoPackage holds %(kind)s %(name)s; export the layer alone"),
    "no_header": _l("the table %(table)s has no line with the names of its columns"),
    "unknown_table": _l("there is no table %(found)s; there are %(allowed)s"),
    "too_many_rows": _l("the table has more than %(limit)s rows"),
    "too_many_columns": _l("the table has more than %(limit)s columns"),
    "too_many_cells": _l("the table has more than %(limit)s cells"),
    "far_cell": _l(
        "the sheet has a value in cell %(cell)s; allowed are %(limit)s rows and the columns to ZZ"
    ),
    "too_many_vertices": _l("the geometries have more than %(limit)s vertices together"),
    "crs_missing": _l("the file states no reference system; state the one that its coordinates are in"),
    "crs_unknown": _l("the reference system %(found)s is not known"),
    "crs_differs": _l("the file states %(found)s, not %(stated)s"),
    "crs_implausible": _l("the coordinates cannot be %(stated)s"),
    "reading_time": _l("reading the file took longer than %(limit)s seconds"),
    "reading_memory": _l("reading the file needs more memory than it may have"),
    "reading_output": _l("the file holds more than can be kept"),
    "reading_failed": _l("the file made its reader fail; it is broken, or made to do harm"),
}
PROBLEM_WORDS: Mapping[str, LazyString] = {
    "missing": _l("a value; this one is needed"),
    "date": _l("a date such as 2016-06-01, 1/6/2016, 1 Juni 2016, Juni 2016 or 2016"),
    "whole_day": _l("a day such as 2016-06-01; a month or year is not enough here"),
    "number": _l("a whole number such as 1207 or 1.207"),
    "latitude": _l("a latitude from -90 to 90, such as -0,5022 or 0°30'8\" LS"),
    "longitude": _l("a longitude from -180 to 180, such as 117,1536 or 117°9'13\" BT"),
    "coordinates": _l("a latitude and a longitude, such as -0.5022, 117.1536"),
    "utm": _l("an easting from 100000 to 900000 and a northing from 0 to 10000000, in metres"),
    "zone": _l("a UTM zone with its hemisphere, such as 50S or 50N"),
    "choice": _l("one of %(allowed)s"),
    "truth": _l("yes or no"),
    "code_system": _l("Kemendagri's code with a point, such as 64.72; without one it may be of BPS"),
    "region_unknown": _l("the name or Kemendagri code of a regency of today"),
    "region_similar": _l("the name of a regency; spelt alike are %(allowed)s"),
    "region_ambiguous": _l("one of %(allowed)s"),
    "unknown_site": _l("the name or the id of a site that is there"),
    "ambiguous_site": _l("one of %(allowed)s, as site_id or with its regency"),
    "key_taken": _l("a key that no other record has"),
    "unknown_key": _l("the key of a record that is there, or of a row further up"),
    "unknown_record": _l("the id of a record that is there"),
    "outside_scope": _l("a place within the region of this account"),
    "region_elsewhere": _l("a regency of %(province)s"),
    "province_unknown": _l("the name or Kemendagri code of a province of today"),
    "place_twice": _l("one place; the row has a geometry and other coordinates"),
    "place_incomplete": _l("both coordinates, or none"),
    "outside_indonesia": _l(
        "a place within 90° to 145° east and 15° south to 10° north; are the axes swapped?"
    ),
    "row_too_long": _l("as many cells as the header has"),
    "geometry_type": _l("a point, polygon or multipolygon"),
    "geometry_vertices": _l("at most %(limit)s vertices"),
    "geometry_broken": _l("a geometry that can be read"),
    "geometry_invalid": _l("a polygon that bounds an area"),
    "geometry_outside": _l("coordinates within the world"),
}
REMARK_WORDS: Mapping[str, LazyString] = {
    "other_region": _l("the place lies in %(found)s, not in %(declared)s"),
    "same_name": _l("taken for %(name)s (%(site_id)s), which bears the name"),
    "same_name_elsewhere": _l("%(name)s (%(site_id)s) bears the same name"),
    "geometry_repaired": _l("the polygon crossed itself and was repaired"),
    "hemisphere_guessed": _l("the zone does not tell its hemisphere; it was taken from the northing"),
    "regency_only": _l("no place is given, the regency alone"),
}


def say_refusal(error: ImportRefusedError) -> str:
    """Why a file is not read, in the language of the request."""
    return str(REFUSAL_WORDS[error.code]) % error.details


def say_problem(problem: Problem) -> str:
    """What would have been accepted, or what was done to a row, in the language of the request.

    What the class of a record allows is told in the words of its fields.
    """
    words = PROBLEM_WORDS.get(problem.code) or REMARK_WORDS.get(problem.code)
    return error_words.say(problem.allowed) if words is None else str(words) % problem.details

"""Why a file or a row is refused: a stable code each, and its sentence in English with places for details.

A sentence is also what a translation is looked up by; `%(name)s` stands for the detail of that name.
"""

import dataclasses
from dataclasses import dataclass
from typing import Any

from gis.errors import ImportRefusedError

Details = dict[str, str | int]

#: Reasons for which a whole file is not read.
REFUSALS = {
    "empty_file": "the file is empty",
    "too_many_bytes": "the file is larger than %(limit)s MiB",
    "unknown_format": "the file is %(found)s; allowed are CSV, XLSX, GeoJSON, GeoPackage, zipped Shapefile, "
    "KML and GeoParquet",
    "old_excel": "the file is an encrypted workbook, or one of Excel before 2007; save it as XLSX without a "
    "password",
    "broken_file": "the file cannot be read as %(format)s",
    "broken_csv": "the CSV is broken in line %(line)s: look at its quotation marks",
    "shapefile_part": "the file is one part of a Shapefile; send .shp, .shx, .dbf and .prj together, zipped",
    "archive_encrypted": "the archive is encrypted (%(member)s)",
    "archive_link": "the archive holds a symbolic link (%(member)s)",
    "archive_name": "the archive holds a name that leads out of its folder, or stands twice (%(member)s)",
    "archive_nested": "the archive holds another archive (%(member)s)",
    "archive_members": "the archive holds more than %(limit)s files",
    "archive_ratio": "the archive unpacks to far more than it holds (%(member)s)",
    "archive_bytes": "the archive unpacks to more than %(limit)s MiB",
    "archive_broken": "the archive is broken (%(member)s)",
    "archive_content": "the archive holds neither one Shapefile (.shp, .shx, .dbf) nor a workbook",
    "xml_entities": "the file declares entities or a document type, which no register needs",
    "unsafe_database": "the GeoPackage holds %(kind)s %(name)s; export the layer alone",
    "no_header": "the table %(table)s has no line with the names of its columns",
    "unknown_table": "there is no table %(found)s; there are %(allowed)s",
    "too_many_rows": "the table has more than %(limit)s rows",
    "too_many_columns": "the table has more than %(limit)s columns",
    "too_many_cells": "the table has more than %(limit)s cells",
    "far_cell": "the sheet has a value in cell %(cell)s; allowed are %(limit)s rows and the columns to ZZ",
    "too_many_vertices": "the geometries have more than %(limit)s vertices together",
    "crs_missing": "the file states no reference system; state the one that its coordinates are in",
    "crs_unknown": "the reference system %(found)s is not known",
    "crs_differs": "the file states %(found)s, not %(stated)s",
    "crs_implausible": "the coordinates cannot be %(stated)s",
    "reading_time": "reading the file took longer than %(limit)s seconds",
    "reading_memory": "reading the file needs more memory than it may have",
    "reading_output": "the file holds more than can be kept",
    "reading_failed": "the file made its reader fail; it is broken, or made to do harm",
}

#: Reasons for which a row is not taken; `allowed` of a `Problem`.
PROBLEMS = {
    "missing": "a value; this one is needed",
    "model": "%(allowed)s",
    "date": "a date such as 2016-06-01, 1/6/2016, 1 Juni 2016, Juni 2016 or 2016",
    "whole_day": "a day such as 2016-06-01; a month or year is not enough here",
    "number": "a whole number such as 1207 or 1.207",
    "latitude": "a latitude from -90 to 90, such as -0,5022 or 0°30'8\" LS",
    "longitude": "a longitude from -180 to 180, such as 117,1536 or 117°9'13\" BT",
    "coordinates": "a latitude and a longitude, such as -0.5022, 117.1536",
    "utm": "an easting from 100000 to 900000 and a northing from 0 to 10000000, in metres",
    "zone": "a UTM zone with its hemisphere, such as 50S or 50N",
    "choice": "one of %(allowed)s",
    "truth": "yes or no",
    "code_system": "Kemendagri's code with a point, such as 64.72; without one it may be of BPS",
    "region_unknown": "the name or Kemendagri code of a regency of today",
    "region_similar": "the name of a regency; spelt alike are %(allowed)s",
    "region_ambiguous": "one of %(allowed)s",
    "unknown_site": "the name or the id of a site that is there",
    "ambiguous_site": "one of %(allowed)s, as site_id or with its regency",
    "key_taken": "a key that no other record has",
    "unknown_key": "the key of a record that is there, or of a row further up",
    "unknown_record": "the id of a record that is there",
    "outside_scope": "a place within the region of this account",
    "region_elsewhere": "a regency of %(province)s",
    "province_unknown": "the name or Kemendagri code of a province of today",
    "place_twice": "one place; the row has a geometry and other coordinates",
    "place_incomplete": "both coordinates, or none",
    "outside_indonesia": "a place within 90° to 145° east and 15° south to 10° north; are the axes swapped?",
    "row_too_long": "as many cells as the header has",
    "geometry_type": "a point, polygon or multipolygon",
    "geometry_vertices": "at most %(limit)s vertices",
    "geometry_broken": "a geometry that can be read",
    "geometry_invalid": "a polygon that bounds an area",
    "geometry_outside": "coordinates within the world",
}

#: What was done to a row that is taken; `allowed` is empty.
REMARKS = {
    "other_region": "the place lies in %(found)s, not in %(declared)s",
    "same_name": "taken for %(name)s (%(site_id)s), which bears the name",
    "same_name_elsewhere": "%(name)s (%(site_id)s) bears the same name",
    "geometry_repaired": "the polygon crossed itself and was repaired",
    "hemisphere_guessed": "the zone does not tell its hemisphere; it was taken from the northing",
    "regency_only": "no place is given, the regency alone",
}


@dataclass(frozen=True)
class Problem:
    """Something about one field of one row, to be refused for or to be told.

    Parameters
    ----------
    field : the field of the register, or "geometry", or "row"
    found : the value as it was given
    code : a key of PROBLEMS or REMARKS
    details : what the sentence holds beside its words
    """

    field: str
    found: Any
    code: str
    details: Details = dataclasses.field(default_factory=dict)

    @property
    def allowed(self) -> str:
        """What would have been accepted, or what was done, in English."""
        return (PROBLEMS.get(self.code) or REMARKS[self.code]) % self.details


def refusal(code: str, **details: str | int) -> ImportRefusedError:
    """The error that refuses a file, with its sentence."""
    return ImportRefusedError(code, REFUSALS[code] % details, details)

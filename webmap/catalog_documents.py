"""What there is, for catalogues that gather it: DCAT 3 as JSON-LD, in the manner of DCAT-AP.

Made from what also answers, so that a new format or collection is told at once. The context stands in the
document: who reads it fetches nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urlencode

from gis.domain.collections import Collection
from gis.domain.crs import CRS84
from gis.domain.releases import Release
from gis.services.exports.about import LICENCE, LICENCE_URL
from gis.services.exports.formats import FORMATS
from gis.services.tiles import TILED
from webmap import catalog_words as words
from webmap.catalog_words import in_both
from webmap.i18n import COLLECTION_WORDS
from webmap.negotiation import GEOJSON, JSON
from webmap.ogc_documents import CATALOG, CONFORMS_TO
from webmap.tile_documents import MATRIX_SET, MVT

Document = dict[str, Any]
_DCAT_3 = "https://www.w3.org/TR/vocab-dcat-3/"
_IANA = "https://www.iana.org/assignments/media-types/"
_AUTHORITY = "http://publications.europa.eu/resource/authority/"
_MINISTRY = "https://kemensos.go.id/"
_INDONESIA = f"{_AUTHORITY}country/IDN"
_LICENCES = {"CC BY 4.0": "https://creativecommons.org/licenses/by/4.0/"}
_AROUND_INDONESIA = "POLYGON((95 -11.1,141.1 -11.1,141.1 6.1,95 6.1,95 -11.1))"
#: The authority's file types by ending; others bear their name alone.
_FILE_TYPES = {
    **{ending: ending.upper() for ending in ("geojson", "csv", "xlsx", "gpkg", "parquet", "kml", "json")},
    "shp.zip": "SHP",
}
_THEMES = {"centres": ("SOCI", "HEAL")}
_SHAPES = ("provinces", "regencies")
_MADE_UP = "Some of it is made up for demonstration, and says so: synthetic is true."
_LINKS = (
    *("dcat:themeTaxonomy", "dcat:theme", "dcat:landingPage", "dcat:accessURL", "dcat:downloadURL"),
    *("dcat:mediaType", "dcat:accessService", "dcat:endpointURL", "dcat:endpointDescription"),
    *("dcat:servesDataset", "dcat:hasCurrentVersion", "dcat:isVersionOf", "dcat:contactPoint"),
    *("dct:license", "dct:language", "dct:conformsTo", "dct:accessRights", "dct:accrualPeriodicity"),
    *("dct:publisher", "dct:spatial", "dct:provenance", "foaf:homepage", "vcard:hasURL", "vcard:hasEmail"),
)
_SPOKEN = ("dct:title", "dct:description", "dcat:keyword", "foaf:name", "skos:prefLabel")
_CONTEXT: Document = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "gsp": "http://www.opengis.net/ont/geosparql#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    **{name: {"@id": name, "@type": "@id"} for name in _LINKS},
    **{name: {"@id": name, "@container": "@language"} for name in _SPOKEN},
    **{name: {"@id": name, "@type": "xsd:date"} for name in ("dct:issued", "dct:modified", "dcat:endDate")},
    "dcat:bbox": {"@id": "dcat:bbox", "@type": "gsp:wktLiteral"},
}


@dataclass(frozen=True)
class Catalogued:
    """What a catalogue is of.

    Parameters
    ----------
    root : the address of this server, without a slash at the end
    collections : that whoever asks reads
    release : that he reads; none for the register
    is_named : whether it was asked for by its id: then all addresses name it, and none changes any more
    modified : the day at whose end all this is true
    contact : to whom one writes: an address of the web or of mail, or words; none for the ministry's office
    """

    root: str
    collections: Mapping[str, Collection]
    release: Release | None
    is_named: bool
    modified: date
    contact: str | None

    def at(self, path: str) -> str:
        """An absolute address."""
        if self.release is None or not self.is_named:
            return self.root + path
        return f"{self.root}{path}?{urlencode({'release': self.release.id})}"

    def node(self, name: str) -> str:
        """What bears a name in the catalogue; without one the catalogue itself."""
        return self.at(CATALOG) + name


class _Form(NamedTuple):
    """A form in which a dataset is had: its title, its media type, and the ending of files of it."""

    title: object
    media_type: str
    ending: str


_FILES = tuple(_Form(each.title, each.media_type, each.ending) for each in FORMATS)
_SUMMARIES = (_Form("JSON", JSON, "json"), _Form("CSV", "text/csv", "csv"))
_ITEMS = _Form("OGC API – Features", GEOJSON, "geojson")
_TILES = _Form(words.TILES, MVT, "mvt")


def catalog(of: Catalogued) -> Document:
    """The whole catalogue, as one document; what its parts have in common is told in its head.

    Parameters
    ----------
    of : what it is of
    """
    return {
        "@context": _CONTEXT,
        "@type": "dcat:Catalog",
        "dct:title": in_both(words.TITLE),
        "dct:description": in_both(words.DESCRIPTION),
        **_resource(of, ""),
        "dct:publisher": {
            "@id": _MINISTRY,
            "@type": "foaf:Agent",
            "foaf:name": in_both(words.PUBLISHER),
        },
        "dcat:contactPoint": {
            "@id": of.node("#contact"),
            "@type": ["vcard:Organization", "vcard:Kind"],
            **_contact(of),
        },
        "dct:spatial": {
            "@id": _INDONESIA,
            "@type": "dct:Location",
            "skos:prefLabel": {"id": "Indonesia", "en": "Indonesia"},
            "dcat:bbox": _AROUND_INDONESIA,
        },
        "dct:provenance": _provenance(of),
        "dct:license": _a("dct:LicenseDocument", _LICENCES["CC BY 4.0"]),  # of what is said here
        "dct:conformsTo": _a("dct:Standard", _DCAT_3),
        "dcat:themeTaxonomy": f"{_AUTHORITY}data-theme",
        "foaf:homepage": f"{of.root}/",
        "dcat:dataset": [*(_collection(of, it) for it in of.collections.values()), _summary(of)],
        "dcat:service": _service(of),
    }


def _a(kind: str, address: str) -> Document:
    """Something that is told of elsewhere, and what it is, by which validators go."""
    return {"@id": address, "@type": kind}


def _resource(of: Catalogued, name: str) -> Document:
    """What is told of the catalogue and of each part of it."""
    told: Document = {
        "@id": of.node(name),
        "dct:publisher": _MINISTRY,
        "dcat:contactPoint": of.node("#contact"),
        "dct:language": [f"{_AUTHORITY}language/{code}" for code in ("IND", "ENG")],
        "dct:spatial": _INDONESIA,
        "dcat:keyword": words.KEYWORDS,
        "dct:modified": of.modified.isoformat(),
        "dct:accessRights": f"{_AUTHORITY}access-right/{'PUBLIC' if of.release else 'RESTRICTED'}",
    }
    if of.release is None:
        return told | {"dct:accrualPeriodicity": f"{_AUTHORITY}frequency/CONT"}
    ever, this = f"{of.root}{CATALOG}{name}", f"{of.root}{CATALOG}?release={of.release.id}{name}"
    return told | {
        "dct:issued": of.release.published_on.isoformat(),
        "dcat:version": of.release.id,
        **({"dcat:isVersionOf": ever} if of.is_named else {"dcat:hasCurrentVersion": this}),
        "dct:accrualPeriodicity": f"{_AUTHORITY}frequency/IRREG",
        "dct:provenance": [each["@id"] for each in _provenance(of)],
        "dcat:landingPage": f"{of.root}/releases/{of.release.id}",
    }


def _contact(of: Catalogued) -> Document:
    given = of.contact
    if given is None:
        said = in_both(words.OFFICE)
        return {"vcard:fn": [{"@language": name, "@value": text} for name, text in said.items()]}
    if given.startswith("https://"):
        return {"vcard:fn": given, "vcard:hasURL": given}
    if "@" in given and " " not in given:
        return {"vcard:fn": given, "vcard:hasEmail": f"mailto:{given}"}
    return {"vcard:fn": given}


def _provenance(of: Catalogued) -> list[Document]:
    """How a release is made, and that some of it is made up where some is."""
    if of.release is None:
        return []
    said = {"#method": of.release.method, **({"#synthetic": _MADE_UP} if of.release.synthetic else {})}
    kind = {"@type": "dct:ProvenanceStatement"}
    return [{"@id": of.node(name), **kind, "rdfs:label": text} for name, text in said.items()]


def _dataset(of: Catalogued, name: str, title: object, description: object) -> Document:
    return {
        "@type": "dcat:Dataset",
        "dct:title": in_both(title),
        "dct:description": in_both(description),
        **_resource(of, f"#{name}"),
        "dct:identifier": of.node(f"#{name}"),
        "dct:temporal": {"@type": "dct:PeriodOfTime", "dcat:endDate": of.modified.isoformat()},
        "dcat:theme": [f"{_AUTHORITY}data-theme/{theme}" for theme in _THEMES.get(name, ("SOCI", "REGI"))],
    }


def _collection(of: Catalogued, it: Collection) -> Document:
    root = f"/ogc/collections/{it.id}"
    return {
        **_dataset(of, it.id, COLLECTION_WORDS[it.id], it.description),
        "dct:conformsTo": _a("dct:Standard", CRS84.uri),
        "dcat:distribution": [
            *(_file(of, it.id, f"/exports/{it.id}.{each.ending}", each) for each in _FILES),
            _served(of, it.id, f"{root}/items", _ITEMS),
            *([_served(of, it.id, f"{root}/tiles/{MATRIX_SET}", _TILES)] if it.id in TILED else []),
        ],
    }


def _summary(of: Catalogued) -> Document:
    return {
        **_dataset(of, "summary", *words.SUMMARY),
        "dcat:distribution": [_file(of, "summary", f"/summary.{each.ending}", each) for each in _SUMMARIES],
    }


def _file(of: Catalogued, name: str, path: str, form: _Form) -> Document:
    return _distribution(of, name, path, form) | {"dcat:downloadURL": of.at(path)}


def _served(of: Catalogued, name: str, path: str, form: _Form) -> Document:
    return _distribution(of, name, path, form) | {"dcat:accessService": of.node("#service")}


def _distribution(of: Catalogued, name: str, path: str, form: _Form) -> Document:
    listed = _FILE_TYPES.get(form.ending)
    file_type = {"@id": f"{_AUTHORITY}file-type/{listed}"} if listed else {}
    # A shape is under the licence of the boundaries, whatever is told of it.
    licence = LICENCE_URL if name in _SHAPES else _LICENCES.get(of.release.licence) if of.release else None
    return {
        "@id": of.node("#" + path.strip("/").replace("/", ".")),
        "@type": "dcat:Distribution",
        "dct:title": in_both(form.title),
        "dcat:accessURL": of.at(path),
        "dcat:mediaType": _a("dct:MediaType", _IANA + form.media_type),
        "dct:format": {**file_type, "@type": "dct:MediaTypeOrExtent", "rdfs:label": form.ending},
        "dct:modified": of.modified.isoformat(),
        **({"dct:license": _a("dct:LicenseDocument", licence)} if licence else {}),
        "dct:rights": {"@type": "dct:RightsStatement", "rdfs:label": LICENCE},
    }


def _service(of: Catalogued) -> Document:
    return {
        "@type": "dcat:DataService",
        "dct:title": in_both(words.SERVICE[0]),
        "dct:description": in_both(words.SERVICE[1]),
        **_resource(of, "#service"),
        "dcat:endpointURL": f"{of.root}/ogc",
        "dcat:endpointDescription": f"{of.root}/ogc/api",
        "dct:conformsTo": [_a("dct:Standard", each) for each in CONFORMS_TO],
        "dcat:servesDataset": [of.node(f"#{name}") for name in of.collections],
    }

"""Whole files for other programs: every collection in every format, of the register or of a release."""

from dataclasses import replace

from flask import Blueprint, Response, g, request
from flask.typing import ResponseReturnValue
from pydantic import Field
from werkzeug.datastructures import MultiDict

from gis.domain.collections import PUBLIC, REGISTER, CollectionId, get_collection
from gis.domain.crs import CRS84
from gis.domain.feature_query import FeatureQuery
from gis.domain.queries import ALL_GROUPS, SiteQuery
from gis.domain.sites import SiteType
from gis.errors import InvalidInputError
from gis.services.exports.formats import BY_ENDING, Format, get_format
from gis.services.exports.layer_definition import qlr
from gis.services.exports.styles import qml, sld
from gis.services.exports.writing import write_file
from gis.services.features import Reader
from webmap import sending
from webmap.feature_parameters import Asked, read_all, said
from webmap.parameters import Groups, Parameters, named_region
from webmap.public import RELEASE, ReleaseId

blueprint = Blueprint("files", __name__, url_prefix="/exports")
_COLLECTIONS = f"<any({','.join(REGISTER)}):collection_id>"
_ENDINGS = ",".join(f'"{ending}"' for ending in BY_ENDING)


class StyleParameters(Parameters):
    """A style is the same at all times; a release may be named, as in all addresses."""

    release: ReleaseId | None = RELEASE


class FileParameters(Parameters):
    """What the address of a file holds beside that of a collection's items."""

    locale: str | None = Field(None, description="id, of csv: as Excel in Indonesia opens it")


class SiteFileParameters(FileParameters):
    """Of sites."""

    status: Groups = Field(ALL_GROUPS, description="a comma list of active, planned, closed, reactivated")
    site_type: SiteType | None = Field(None, description="lokalisasi or lokasi")


@blueprint.get(f"/{_COLLECTIONS}.<any({_ENDINGS}):ending>")
def export(collection_id: CollectionId, ending: str) -> ResponseReturnValue:
    """The features that the parameters ask for."""
    asked, file_format = _read(collection_id, ending)
    filters = said(request.args)
    with named_region(asked.query.region):
        return sending.file(
            collection_id,
            file_format,
            lambda path, progress: write_file(
                asked.reader, collection_id, asked.query, asked.features, file_format, path, filters, progress
            ),
        )


@blueprint.get(f"/{_COLLECTIONS}.<any(qlr,qml,sld):style>")
def style(collection_id: CollectionId, style: str) -> ResponseReturnValue:
    """A layer that QGIS opens live, and the colours of the map, for QGIS and for other programs."""
    StyleParameters.read(request.args)
    collection = get_collection(PUBLIC if "release" in g else REGISTER, collection_id)
    if style == "qlr":
        made = qlr(collection, f"{request.host_url}ogc")
    else:
        made = qml(collection) if style == "qml" else sld(collection)
    response = Response(made, mimetype="application/xml")
    response.headers["Content-Disposition"] = f'attachment; filename="{collection_id}.{style}"'
    return response


def regions_geojson(reader: Reader, collection_id: CollectionId, query: SiteQuery, stem: str) -> Response:
    """Regions as GeoJSON, as pages have them beside their other twins.

    Parameters
    ----------
    reader : who reads, and of what
    collection_id : provinces or regencies
    query : as of when, and of which region
    stem : under which the file is saved
    """
    file_format = BY_ENDING["geojson"]
    return sending.file(
        stem,
        file_format,
        lambda path, progress: write_file(
            reader, collection_id, query, FeatureQuery(), file_format, path, progress=progress
        ),
    )


def _read(collection_id: CollectionId, ending: str) -> tuple[Asked, Format]:
    model = SiteFileParameters if collection_id == "sites" else FileParameters
    own: MultiDict[str, str] = MultiDict()
    rest: MultiDict[str, str] = MultiDict()
    for name, value in request.args.items(multi=True):
        (own if name in model.model_fields else rest).add(name, value)
    given = model.read(own)
    asked = read_all(collection_id, rest)
    if asked.features.crs is not CRS84:
        raise InvalidInputError("crs", asked.features.crs.uri, f"{CRS84.uri}, which is that of all files")
    if isinstance(given, SiteFileParameters):
        groups = tuple(group for group in ALL_GROUPS if group in given.status)
        asked = replace(asked, query=replace(asked.query, groups=groups, site_type=given.site_type))
    return asked, get_format(ending, given.locale)


VIEWS = {"files.export": export, "files.style": style}

"""The catalogue of all data, for those who gather catalogues."""

from flask import Blueprint, Response, current_app, g, request
from flask.typing import ResponseReturnValue

from gis.domain.collections import PUBLIC, REGISTER
from gis.domain.queries import today
from gis.domain.releases import Release
from gis.errors import NotFoundError
from webmap import catalog_documents as documents
from webmap import public, responses
from webmap.negotiation import JSON_LD
from webmap.ogc_documents import CATALOG
from webmap.public import NamedReleaseParameters

blueprint = Blueprint("catalog", __name__)


@blueprint.get(CATALOG)
def catalog() -> ResponseReturnValue:
    """What there is of a release, or of the register: datasets, their files, and the API."""
    asked = NamedReleaseParameters.read(request.args)
    release: Release | None = g.get("release")
    if release is None and asked.release is not None:
        raise NotFoundError(f"release {asked.release}: there are no releases here")
    made = documents.catalog(
        documents.Catalogued(
            root=request.url_root.rstrip("/"),
            collections=PUBLIC if release else REGISTER,
            release=release,
            is_named=asked.release is not None,
            modified=release.published_on if release else today(),  # the register tells of each day
            contact=current_app.extensions["atlas_settings"].contact,
        )
    )
    return Response(responses.dumped(made) + "\n", mimetype=JSON_LD)


VIEWS: dict[str, public.View] = {"catalog.catalog": catalog}

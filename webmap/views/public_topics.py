"""Public pages of topics and their twins: the addresses of the signed-in, answered from one release."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from gis.errors import InvalidInputError, NotFoundError
from gis.services.catalogue import View
from gis.services.claims import first_reports, table_rows
from gis.services.public import centres, claims, decrees, people, sums
from webmap import public, responses
from webmap.parameters import named_region
from webmap.public import RELEASE, ReleaseId
from webmap.views.aid import AidParameters
from webmap.views.centres import SHOWN as SHOWN_CENTRES
from webmap.views.claims import SHOWN as SHOWN_CLAIMS
from webmap.views.public_pages import PublicRegionParameters


class PublicAidParameters(AidParameters):
    """Which aid, from which release."""

    release: ReleaseId | None = RELEASE


def claims_page() -> ResponseReturnValue:
    """What was said, and what the release has for it."""
    view = _claims(PublicRegionParameters.read(request.args, lenient=True))
    return responses.page("claims.html", view=first_reports(view, SHOWN_CLAIMS))


def claims_json() -> ResponseReturnValue:
    """The data of `/claims`."""
    return jsonify(_claims(PublicRegionParameters.read(request.args)))


def claims_csv() -> ResponseReturnValue:
    """The table of `/claims`, a row a claim."""
    view = _claims(PublicRegionParameters.read(request.args))
    return responses.csv_rows(claims.TABLE_COLUMNS, table_rows(view), "claims.csv")


def aid_page() -> ResponseReturnValue:
    """Aid of the nation or of a province."""
    view = _aid(PublicAidParameters.read(request.args, lenient=True))
    return responses.page("published_aid.html", view=view)


def aid_json() -> ResponseReturnValue:
    """The data of `/aid`."""
    return jsonify(_aid(PublicAidParameters.read(request.args)))


def aid_csv() -> ResponseReturnValue:
    """The people behind each amount that the sums of `/aid` rest on."""
    view = _aid(PublicAidParameters.read(request.args))
    return responses.csv_rows(sums.CELL_COLUMNS, sums.table_rows(view), "aid.csv")


def people_page() -> ResponseReturnValue:
    """People of the nation or of a province."""
    view = _people(PublicRegionParameters.read(request.args, lenient=True))
    return responses.page("published_people.html", view=view)


def people_json() -> ResponseReturnValue:
    """The data of `/people`."""
    return jsonify(_people(PublicRegionParameters.read(request.args)))


def people_csv() -> ResponseReturnValue:
    """The numbers of `/people`, a row a region."""
    view = _people(PublicRegionParameters.read(request.args))
    return responses.csv_rows(people.TABLE_COLUMNS, people.table_rows(view), "people.csv")


def centres_page() -> ResponseReturnValue:
    """The centres, by city."""
    view = _centres(PublicRegionParameters.read(request.args, lenient=True))
    return responses.page("published_centres.html", view=view, limit=SHOWN_CENTRES)


def centres_json() -> ResponseReturnValue:
    """The data of `/centres`."""
    return jsonify(_centres(PublicRegionParameters.read(request.args)))


def centres_csv() -> ResponseReturnValue:
    """The centres as a table."""
    view = _centres(PublicRegionParameters.read(request.args))
    return responses.csv_rows(centres.CENTRE_PROPERTIES, centres.table_rows(view), "centres.csv")


def centres_geojson() -> ResponseReturnValue:
    """The centres as GeoJSON, without geometries."""
    asked = PublicRegionParameters.read(request.args)
    with named_region(asked.region):
        found = centres.centres_features(public.database(), public.view_of(asked), asked.region)
    response = jsonify(found)
    response.mimetype = responses.GEOJSON
    return response


def decrees_page() -> ResponseReturnValue:
    """Decrees and by-laws, of all that `/plans` has for those who work with the register."""
    view = _decrees(PublicRegionParameters.read(request.args, lenient=True))
    return responses.page("published_decrees.html", view=view)


def decrees_json() -> ResponseReturnValue:
    """The data of `/plans`."""
    view = _decrees(PublicRegionParameters.read(request.args))
    return jsonify({name: value for name, value in view.items() if name != "provinces"})


def decrees_csv() -> ResponseReturnValue:
    """The table of `/plans`."""
    view = _decrees(PublicRegionParameters.read(request.args))
    return responses.csv_rows(decrees.DECREE_COLUMNS, decrees.table_rows(view), "decrees.csv")


def _claims(asked: PublicRegionParameters) -> View:
    with _named_province(asked.region):
        return claims.claims_view(public.database(), public.view_of(asked), asked.region)


def _aid(asked: PublicAidParameters) -> View:
    with _named_province(asked.region):
        return sums.aid_view(public.database(), public.view_of(asked), asked.aid())


def _people(asked: PublicRegionParameters) -> View:
    with _named_province(asked.region):
        return people.people_view(public.database(), public.view_of(asked), asked.region)


def _centres(asked: PublicRegionParameters) -> View:
    with named_region(asked.region):
        return centres.centres_view(public.database(), public.view_of(asked), asked.region)


def _decrees(asked: PublicRegionParameters) -> View:
    with named_region(asked.region):
        return decrees.decrees_view(public.database(), public.view_of(asked), asked.region)


@contextmanager
def _named_province(code: str | None) -> Iterator[None]:
    """Turn "there is no such province" into "this parameter names none", where a parameter named it.

    Raises
    ------
    InvalidInputError : no province bore that code, or it is a regency's
    """
    try:
        yield
    except NotFoundError as error:
        allowed = "the Kemendagri code of a province; of regencies this is not public"
        raise InvalidInputError("region", code, allowed) from error


VIEWS: dict[str, public.View] = {
    "claims.page": claims_page,
    "claims.page_json": claims_json,
    "claims.page_csv": claims_csv,
    "aid.page": aid_page,
    "aid.page_json": aid_json,
    "aid.page_csv": aid_csv,
    "people.page": people_page,
    "people.page_json": people_json,
    "people.page_csv": people_csv,
    "centres.page": centres_page,
    "centres.page_json": centres_json,
    "centres.page_csv": centres_csv,
    "centres.page_geojson": centres_geojson,
    "plans.plan_list": decrees_page,
    "plans.plan_list_json": decrees_json,
    "plans.plan_list_csv": decrees_csv,
}

"""Which form of an answer is asked for, where an address has several: by `f`, else by Accept (RFC 9110)."""

from typing import Literal

from flask import request
from werkzeug.datastructures import MultiDict

from gis.errors import InvalidInputError

Form = Literal["json", "html"]
GEOJSON, JSON, HTML = "application/geo+json", "application/json", "text/html"
JSON_LD = "application/ld+json"
_FORMS: dict[str, Form] = {"json": "json", "html": "html"}


def asked_form() -> tuple[MultiDict[str, str], Form]:
    """The parameters of this request but `f`, and the form that is asked for; JSON where nothing is said.

    Raises
    ------
    InvalidInputError : there is no such form
    """
    arguments = MultiDict(request.args)
    asked = arguments.poplist("f")
    if not asked:
        best = request.accept_mimetypes.best_match([GEOJSON, JSON, HTML])
        return arguments, "html" if best == HTML else "json"
    if len(asked) > 1 or asked[0] not in _FORMS:
        raise InvalidInputError("f", ",".join(asked), "one of " + ", ".join(_FORMS))
    return arguments, _FORMS[asked[0]]

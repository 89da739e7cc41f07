"""Who did what: the audit trail with its filters, and as a file."""

import json
from typing import Annotated, Any

from flask import Blueprint, jsonify, make_response, request
from flask.typing import ResponseReturnValue
from pydantic import Field

from gis.database.audit import Action, AuditQuery, AuditRow
from gis.errors import InvalidInputError
from gis.services import audit
from webmap import import_words, record_words, responses
from webmap.links import bare_url
from webmap.parameters import Day, Parameters, RegionCode

blueprint = Blueprint("audit", __name__, url_prefix="/manage")
COLUMNS = (
    *("record", "occurred_at", "account", "author", "batch_id", "action", "table", "key", "regions"),
    *("before", "after", "detail"),
)
PAGE_ROWS = 40  # a page stays within 30 KB
REFUSED = 422
Short = Annotated[str, Field(min_length=1, max_length=100)]
_TOLD_ELSEWHERE = {
    *("id", "uid", "site_id", "author_id", "decided_by_id", "recorded_at", "approved_at", "created_at"),
    *("submitted_at", "decided_at", "receipt", "geom"),
}


class AuditParameters(Parameters):
    """Which rows of the trail."""

    account: Short | None = Field(None, description="the name of an account")
    action: Action | None = Field(None, description="insert, update, delete, export, list, sign_in …")
    table: Short | None = Field(None, description="the name of a table, such as site or event")
    key: Short | None = Field(None, description="the id of a row; of a site also what belongs to it")
    region: RegionCode | None = Field(None, description="a Kemendagri code such as 64 or 35.76")
    batch_id: int | None = Field(None, ge=1, le=2**53, description="the id of a batch")
    since: Day | None = Field(None, description="a date as YYYY-MM-DD")
    until: Day | None = Field(None, description="a date as YYYY-MM-DD")
    offset: int = Field(0, ge=0, le=10_000_000, description="how many rows to leave out")

    def query(self) -> AuditQuery:
        """The query that is meant."""
        return AuditQuery(**self.model_dump(exclude={"offset"}))


@blueprint.get("/audit")
def trail() -> ResponseReturnValue:
    """The trail, newest first."""
    wrong, given = "", request.args.to_dict()
    try:
        asked = AuditParameters.read(request.args, lenient=True)
        given = asked.model_dump(mode="json")
        rows = audit.find_audit(responses.database(), asked.query(), limit=PAGE_ROWS, offset=asked.offset)
    except InvalidInputError as error:
        wrong, asked, rows = error.field, AuditParameters.model_validate({}), []
    body = responses.page(
        "audit.html",
        rows=[
            {**_record(row), "what": record_words.say_table(row.table_name), "changes": _changes(row)}
            for row in rows
        ],
        csv=bare_url("audit.trail_csv", **_said(asked)),
        newer=_elsewhere(asked, -PAGE_ROWS),
        older=_elsewhere(asked, PAGE_ROWS),
        asked=given,
        wrong=wrong,
        page_rows=PAGE_ROWS,
        action_words={name: str(word) for name, word in import_words.ACTION_WORDS.items()},
    )
    return make_response(body, REFUSED if wrong else 200)


@blueprint.get("/audit.json")
def trail_json() -> ResponseReturnValue:
    """The data of the trail's page."""
    asked = AuditParameters.read(request.args)
    rows = audit.find_audit(responses.database(), asked.query(), offset=asked.offset)
    return jsonify({"rows": [_record(row) for row in rows]})


@blueprint.get("/audit.csv")
def trail_csv() -> ResponseReturnValue:
    """The trail as a table, 100,000 rows at most."""
    asked = AuditParameters.read(request.args)
    rows, number = audit.export_audit(responses.database(), asked.query(), offset=asked.offset)
    return responses.csv_rows(COLUMNS, [_flat(_record(row)) for row in rows], f"audit-{number}.csv")


def _record(row: AuditRow) -> dict[str, Any]:
    return {
        "record": str(row.uid),
        "occurred_at": row.occurred_at,
        "account": row.account_name,
        "author": row.author_name,
        "batch_id": str(row.batch_id) if row.batch_id else None,
        "action": row.action,
        "table": row.table_name,
        "key": row.row_key,
        "regions": row.region_codes,
        "before": row.before,
        "after": row.after,
        "detail": row.detail,
    }


def _changes(row: AuditRow) -> list[str]:
    """The fields that a row of the trail set or changed, or what a file was asked for by."""
    before, after = row.before or {}, row.after or row.detail or {}
    return [
        f"{record_words.say_field(name)}: {_was(before, name)}{record_words.say_value(name, value)}"
        for name, value in after.items()
        if value not in (None, [], "", False) and before.get(name) != value and name not in _TOLD_ELSEWHERE
    ]


def _was(before: dict[str, Any], name: str) -> str:
    return f"{record_words.say_value(name, before[name])} → " if name in before else ""


def _said(asked: AuditParameters) -> dict[str, Any]:
    return {name: value for name, value in asked.model_dump(mode="json", exclude={"offset"}).items() if value}


def _elsewhere(asked: AuditParameters, by: int) -> str:
    return bare_url("audit.trail", **{**_said(asked), "offset": max(asked.offset + by, 0)})


def _flat(record: dict[str, Any]) -> dict[str, Any]:
    return {
        name: json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value
        for name, value in record.items()
    }

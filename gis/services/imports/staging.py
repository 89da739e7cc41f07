"""Rows of a file become the drafts of a batch: resolved, joined, compared with what is stored."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from itertools import groupby
from types import MappingProxyType

from gis.database import batches, matching
from gis.database.connection import Connection
from gis.domain.batches import Collection, Draft, JSONObject, new_fact_id
from gis.errors import NotFoundError
from gis.services.imports.comparing import compared
from gis.services.imports.comparing_facts import Links
from gis.services.imports.refusals import Problem
from gis.services.imports.rows_draft import BuiltRow
from gis.services.imports.values import shown

#: How far apart two places of one name may be and still be one (distance on the ellipsoid).
SAME_PLACE_M = 2_000
_RECORDED = ("source", "source_url", "synthetic")


def stage(
    connection: Connection,
    batch_id: int,
    collection: Collection,
    rows: Iterable[BuiltRow],
    *,
    preview: bool = True,
) -> None:
    """Make drafts of rows, in an open batch that has none.

    A row that cannot be taken is kept with its content and its reasons. A new site that bears the name of one
    nearby, or of one of the same regency, becomes a change of that one, with a remark; see `keep_apart`.

    Parameters
    ----------
    connection : in a transaction that may write; whoever acts is the batch's author
    batch_id : the batch
    collection : what the rows are
    rows : as they were built, in the order of the file
    preview : join them now, to look at; False leaves that to the approval, where nobody looks before

    Raises
    ------
    InvalidInputError, ConflictError : together they contradict what is stored; the message names the row
    """
    drafts: list[Draft] = []
    links: dict[int, Mapping[str, str]] = {}
    for row in _resolved(connection, list(rows)):
        parts = list(_drafts_of(row, collection))
        if row.links:
            links[parts[0].fact_id] = row.links
        drafts += parts
    batches.add_drafts(connection, batch_id, _all_compared(connection, drafts, links))
    if preview:
        batches.place(connection, batch_id)
    merge_known(connection, batch_id)


def merge_known(connection: Connection, batch_id: int) -> None:
    """Turn new sites of a batch that are known by name into changes of the sites that they are."""
    merged: dict[int, list[matching.NameMatch]] = {}
    for match in matching.find_name_matches(connection, batch_id):
        if match.distance_m is None or match.distance_m <= SAME_PLACE_M:
            merged.setdefault(match.row_number, []).append(match)
    rows = batches.find_drafts(connection, batch_id, row_numbers=list(merged))
    changed: list[Draft] = []
    for number, parts in groupby(list(rows), key=lambda draft: draft.row_number):
        changed += _merged(list(parts), merged[number])
    if changed:
        rewrite(connection, batch_id, changed)


def rewrite(connection: Connection, batch_id: int, drafts: Sequence[Draft]) -> None:
    """Put drafts in the place of those of the same rows, compared and joined again."""
    batches.delete_drafts(connection, batch_id, sorted({draft.row_number for draft in drafts}))
    batches.add_drafts(connection, batch_id, _all_compared(connection, list(drafts)))
    batches.place(connection, batch_id)


def keep_apart(connection: Connection, batch_id: int, row_number: int) -> None:
    """A row that was taken for a site that is there is a new one after all.

    Raises
    ------
    NotFoundError : there is no such row, or it is refused
    """
    rewrite(connection, batch_id, list(_as_site(_site_row(connection, batch_id, row_number), None)))


def merge_into(connection: Connection, batch_id: int, row_number: int, site_id: int) -> None:
    """A row is the site that a person says it is.

    Raises
    ------
    NotFoundError : there is no such site for whoever acts, or no such row, or it is refused
    """
    if site_id not in matching.find_site_contents(connection, [site_id]):
        raise NotFoundError(f"site {site_id}: there is none, or not for this account")
    rewrite(connection, batch_id, list(_as_site(_site_row(connection, batch_id, row_number), site_id)))


def _site_row(connection: Connection, batch_id: int, row_number: int) -> list[Draft]:
    parts = list(batches.find_drafts(connection, batch_id, row_numbers=[row_number]))
    if not parts or parts[0].collection != "sites" or parts[0].outcome == "refused":
        raise NotFoundError(f"row {row_number}: the batch has no site there")
    return parts


def _merged(parts: list[Draft], matches: list[matching.NameMatch]) -> list[Draft]:
    content = parts[0].content or {}
    codes = set(parts[0].region_codes or content.get("declared_region_codes") or ())
    here = [match for match in matches if match.regency_code in codes or match.distance_m is not None]
    remarks = [
        {
            "code": "same_name" if match in here else "same_name_elsewhere",
            "field": "name",
            "found": match.name,
            "details": {
                "name": match.name,
                "site_id": str(match.site_id),
                "distance_m": None if match.distance_m is None else round(match.distance_m),
                "region_code": match.regency_code or match.province_code,
            },
        }
        for match in matches
    ]
    noted = parts[0]._replace(remarks=[*(parts[0].remarks or []), *remarks])
    return list(_as_site([noted, *parts[1:]], here[0].site_id if len(here) == 1 else None))


def _as_site(parts: Sequence[Draft], site_id: int | None) -> Iterator[Draft]:
    """The parts of a row as one site: one that is there, or a new one, which has to be on record."""
    chosen = site_id or new_fact_id()
    is_recorded = False
    for part in parts:
        content = dict(part.content or {})
        fresh = part._replace(outcome="new", region_codes=None, problems=None, based_on=None)
        if part.collection == "sites":
            content["site_id"] = site_id
            yield fresh._replace(content=content, fact_id=chosen)
        elif site_id is None or content.get("kind") != "recorded":
            content["site_id"] = chosen
            is_recorded = is_recorded or content.get("kind") == "recorded"
            yield fresh._replace(content=content)
    if site_id is None and not is_recorded:
        free = min(set(range(2, len(parts) + 3)) - {part.part for part in parts})
        content = {**_recorded(parts[0].content or {}), "site_id": chosen}
        yield Draft(parts[0].row_number, free, "events", content, None, None, "new", new_fact_id())


def _all_compared(
    connection: Connection, drafts: list[Draft], links: Links = MappingProxyType({})
) -> list[Draft]:
    refused = [draft for draft in drafts if draft.outcome == "refused"]
    done = [*refused]
    taken = [draft for draft in drafts if draft.outcome != "refused"]
    new_sites = {draft.fact_id for draft in taken if draft.collection == "sites" and not _names_site(draft)}
    for collection in dict.fromkeys(draft.collection for draft in taken):
        of_kind = [draft for draft in taken if draft.collection == collection]
        fresh = [draft for draft in of_kind if _is_of_new_site(draft, new_sites)]
        known = [draft for draft in of_kind if not _is_of_new_site(draft, new_sites)]
        done += [*fresh, *(compared(connection, collection, known, links) if known else ())]
    return sorted(done, key=lambda draft: (draft.row_number, draft.part))


def _is_of_new_site(draft: Draft, new_sites: set[int]) -> bool:
    if draft.collection == "sites":
        return not _names_site(draft)
    return (draft.content or {}).get("site_id") in new_sites


def _names_site(draft: Draft) -> bool:
    return (draft.content or {}).get("site_id") is not None


def _resolved(connection: Connection, rows: list[BuiltRow]) -> list[BuiltRow]:
    """Rows with the site that they name, or the problem that there is no such site, or more than one."""
    names = sorted({row.site.name for row in rows if row.site is not None})
    known = matching.find_sites_by_name(connection, names) if names else {}
    ids = [row.content["site_id"] for row in rows if row.content and row.content.get("site_id")]
    there = set(matching.find_site_contents(connection, ids)) if ids else set()
    return [_with_site(row, known, there) for row in rows]


def _with_site(row: BuiltRow, known: dict[str, list[matching.NamedSite]], there: set[int]) -> BuiltRow:
    if row.content is None:
        return row
    if row.site is None:
        site_id = row.content.get("site_id")
        if site_id is None or site_id in there:
            return row
        problem = Problem("site_id", shown(site_id), "unknown_site")
        return replace(row, content=None, problems=(problem,))
    declared = set(row.site.region_codes)
    found = [site for site in known[row.site.name] if not declared or declared & set(site.region_codes)]
    if len(found) == 1:
        return replace(row, content={**row.content, "site_id": found[0].site_id})
    if not found:
        return replace(row, content=None, problems=(Problem("site", shown(row.site.name), "unknown_site"),))
    allowed = "; ".join(f"{site.site_id} {site.name}" for site in found)
    problem = Problem("site", shown(row.site.name), "ambiguous_site", {"allowed": allowed})
    return replace(row, content=None, problems=(problem,))


def _drafts_of(row: BuiltRow, collection: Collection) -> Iterator[Draft]:
    raw = {
        name: cell if isinstance(cell, str | int | float | bool) else str(cell)
        for name, cell in row.raw.items()
        if cell is not None
    }
    if row.content is None:
        problems = [asdict(problem) for problem in row.problems]
        yield Draft(row.row_number, 1, collection, None, raw, problems, "refused", new_fact_id())
        return
    remarks = [asdict(remark) for remark in row.remarks] or None
    fact_id = new_fact_id()
    yield Draft(row.row_number, 1, collection, row.content, raw, None, "new", fact_id, remarks=remarks)
    if collection != "sites":
        return
    site_id = row.content.get("site_id") or fact_id
    beside: list[tuple[Collection, JSONObject]] = [
        *(("events", event) for event in row.events),
        *(("headcounts", count) for count in row.headcounts),
    ]
    if row.content.get("site_id") is None:
        beside.insert(0, ("events", _recorded(row.content)))
    for part, (kind, content) in enumerate(beside, start=2):
        with_site = {**content, "site_id": site_id}
        yield Draft(row.row_number, part, kind, with_site, None, None, "new", new_fact_id())


def _recorded(content: JSONObject) -> JSONObject:
    """The entry with which a new site is on record."""
    told = {name: content[name] for name in _RECORDED if content.get(name) is not None}
    return {"kind": "recorded", "occurred_on": content["recorded_on"], "date_precision": "day", **told}

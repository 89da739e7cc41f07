"""Makes rows of a list into contents of records, one by one; a refused row keeps what it holds and why."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

import shapely

from gis.domain.lifecycle import RETRACTION, DatePrecision
from gis.domain.queries import today
from gis.domain.region_names import RegionNames
from gis.domain.status_words import STATUS_KINDS, is_retraction, status_kind
from gis.services.imports.columns import ColumnMapping
from gis.services.imports.columns_words import LINK_FIELDS, PLACE_FIELDS, REGION_FIELDS
from gis.services.imports.raw_table import Cell, RawRow, RawTable
from gis.services.imports.rows_draft import BuiltRow, Content, Draft, Models, SiteReference, validated
from gis.services.imports.rows_places import placed
from gis.services.imports.rows_regions import RegionFinder
from gis.services.imports.rows_sites import log_of
from gis.services.imports.values import (
    BadCellError,
    FieldType,
    as_text,
    field_types,
    is_empty,
    parse_cell,
)

#: Where the precision of a day is kept.
PRECISIONS = {
    "occurred_on": "date_precision",
    "as_of": "as_of_precision",
    "dated": "dated_precision",
    "planned_on": "planned_precision",
}


#: A place and regions have ways of their own.
_FOUND_OTHERWISE = {"wkt", "region_code", "declared_region_codes"}


#: Fields that are made of others: what is wrong with those is not said twice.
_FOLLOWS = {
    "location_accuracy": (*PLACE_FIELDS, "wkt", "geometry"),
    "wkt": (*PLACE_FIELDS, "geometry"),
    "location_source": ("source",),
    "declared_region_codes": ("region_code", *REGION_FIELDS),
    "region_code": ("declared_region_codes", *REGION_FIELDS),
    "recorded_on": ("status", "status_date"),
}


def build_rows(
    collection: str,
    table: RawTable,
    mapping: ColumnMapping,
    regions: Iterable[tuple[str, str, str, str | None]],
    models: Models,
) -> Iterator[BuiltRow]:
    """The rows of a table as contents of a collection, in the table's order, none left out.

    Parameters
    ----------
    collection : such as sites
    table : as it was read
    mapping : which columns hold which field, and what holds for all rows
    regions : code, level, name and parent's code of the regions of today
    models : the class of the content of each collection; for sites also those of events and headcounts
    """
    builder = _Builder(collection, table, mapping, RegionNames(regions), models)
    for row in table.rows:
        yield builder.build(row)


class _Builder:
    def __init__(
        self, collection: str, table: RawTable, mapping: ColumnMapping, names: RegionNames, models: Models
    ) -> None:
        self._collection, self._models = collection, models
        self._model = models[collection]
        self._types = field_types(self._model)
        self._table, self._regions = table, RegionFinder(names)
        places = {name: place for place, name in enumerate(table.columns)}
        self._cells = {
            name: [places[column] for column in columns] for name, columns in mapping.columns.items()
        }
        self._constants = dict(mapping.constants)
        accuracy = self._types.get("location_accuracy")
        self._accuracies = accuracy.choices if accuracy else ()
        self._has_place = "wkt" in self._types

    def build(self, row: RawRow) -> BuiltRow:
        draft = Draft(self._fields(row), row, problems=list(row.problems), remarks=list(row.remarks))
        self._parse(draft)
        self._regions.find(draft, self._types)
        if self._has_place:
            placed(draft, self._table.source_crs, self._accuracies)
        site = self._site(draft)
        events, headcounts = log_of(draft, self._models) if self._collection == "sites" else ((), ())
        links = {
            field: as_text(named)
            for field, name in LINK_FIELDS.items()
            if field in self._types and (named := draft.said(name)) is not None
        }
        content = self._checked(draft, site, links)
        if draft.problems:
            content, events, headcounts = None, (), ()
        return BuiltRow(
            row.number,
            self._raw(draft),
            content,
            tuple(draft.problems),
            tuple(draft.remarks),
            events,
            headcounts,
            site,
            links,
        )

    def _fields(self, row: RawRow) -> dict[str, Cell]:
        """The cells by field; a constant where the row has none of its own."""
        cells: dict[str, Cell] = dict(self._constants)
        for name, places in self._cells.items():
            if len(places) == 1:
                if not is_empty(cell := row.cells[places[0]]):
                    cells[name] = cell
            elif there := [cell for cell in (row.cells[place] for place in places) if not is_empty(cell)]:
                cells[name] = there[0] if len(there) == 1 else " ".join(map(as_text, there))
        return cells

    def _parse(self, draft: Draft) -> None:
        for name, cell in draft.cells.items():
            kind = self._types.get(name)
            if kind is None or name in _FOUND_OTHERWISE:
                continue
            try:
                self._parse_one(draft, name, kind, cell)
            except BadCellError as error:
                draft.problems.append(error.problem)

    def _parse_one(self, draft: Draft, name: str, kind: FieldType, cell: Cell) -> None:
        if name == "kind" and self._collection == "events":
            found = status_kind(as_text(cell))
            if found is None and is_retraction(as_text(cell)):
                found = RETRACTION, False
            if found is None:
                raise BadCellError(name, cell, "choice", allowed=", ".join(STATUS_KINDS))
            draft.values["kind"] = found[0]
            if found[1]:
                draft.values.setdefault("planned", True)
            return
        value = parse_cell(name, kind, cell)
        if kind.kind == "day":
            day, precision = value
            keep_day(draft.values, name, day, precision, cell, self._types)
        else:
            draft.values[name] = value

    def _site(self, draft: Draft) -> SiteReference | None:
        if self._collection == "sites" or "site_id" not in self._types or "site_id" in draft.values:
            return None
        name = draft.said("site")
        return SiteReference(as_text(name), self._regions.declared(draft)) if name is not None else None

    def _checked(self, draft: Draft, site: SiteReference | None, links: Mapping[str, str]) -> Content | None:
        """The content as its class makes it; what the class refuses becomes problems."""
        values = {
            name: value for name, value in draft.values.items() if name in self._types and value is not None
        }
        _default(self._collection, values)
        stand_ins = [*links, *(("site_id",) if site is not None else ())]
        values |= dict.fromkeys(stand_ins, 1)  # for those that are found by name or key
        content, problems = validated(self._model, values)
        told = {problem.field for problem in (*draft.problems, *problems)}
        earlier = {problem.field for problem in draft.problems}
        draft.problems.extend(
            each
            for each in problems
            if each.field not in earlier and not told.intersection(_FOLLOWS.get(each.field, ()))
        )
        if content is not None:
            for name in stand_ins:
                del content[name]
        return content

    def _raw(self, draft: Draft) -> dict[str, Cell]:
        raw = self._table.raw(draft.row)
        if draft.problems and draft.row.geometry is not None:
            raw.setdefault("wkt", shapely.to_wkt(shapely.from_wkb(draft.row.geometry), rounding_precision=-1))
        return raw


def keep_day(
    values: Content,
    name: str,
    day: date,
    precision: DatePrecision,
    found: Cell,
    types: Mapping[str, FieldType],
) -> None:
    """Keep a day with its precision where the record has a field for that.

    Raises
    ------
    BadCellError : the record needs a whole day and the cell has a month or year
    """
    if name in PRECISIONS and PRECISIONS[name] in types:
        values.setdefault(PRECISIONS[name], precision.value)
    elif precision is not DatePrecision.day:
        raise BadCellError(name, found, "whole_day")
    values[name] = day


def _default(collection: str, values: Content) -> None:
    """What a list leaves to be understood."""
    if collection == "sites":
        if "site_id" in values:  # it is on record already
            values.setdefault("recorded_on", today())
            values.setdefault("source", values.get("location_source"))
        values.setdefault("location_source", values.get("source"))
        if values["location_source"] is None:
            del values["location_source"]

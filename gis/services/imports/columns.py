"""Proposes which column of a list is which field, for a person to correct, and checks what comes back."""

import difflib
import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from gis.domain.coordinates import parse_angle, parse_pair, parse_zone
from gis.domain.dates import parse_day
from gis.domain.numbers import parse_decimal, parse_whole
from gis.domain.records.fields import LARGEST_ID, SMALLEST_ID
from gis.domain.status_words import status_kind
from gis.errors import InvalidInputError
from gis.services.imports.columns_words import PLACE_FIELDS, import_fields, words_of
from gis.services.imports.raw_table import Cell
from gis.services.imports.values import FieldType, field_types, is_empty, plain

_LEAST, _SURE = 0.6, 0.93
_SHAPEFILE_NAME = 10  # letters that are left of a column's name in a Shapefile
_STOP = {"the", "of", "dan", "di", "yang", "orang", "jiwa", "org", "m", "meter", "derajat", "dd", "dms"}
Row = Mapping[str, Cell]


@dataclass(frozen=True)
class ColumnMapping:
    """Which columns hold which field.

    Parameters
    ----------
    columns : by field; the texts of several columns are joined with a space
    constants : what holds for every row, by field: such as the source of the whole list
    confidence : of a proposal, 0 to 1, by field; 1 for what a person said
    """

    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    confidence: Mapping[str, float] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """As plain values, to be kept for the next file of the same sender."""
        return {
            "columns": {name: list(columns) for name, columns in self.columns.items()},
            "constants": dict(self.constants),
        }

    def corrected(
        self, collection: str, model: type[BaseModel], columns: Sequence[str], said: Mapping[str, Any]
    ) -> "ColumnMapping":
        """With what a person said in its place; a field that is said to have no column has none.

        Parameters
        ----------
        collection, model : as of the proposal
        columns : of the table
        said : {"columns": {field: column, or a list of them, or nothing}, "constants": {field: text}}

        Raises
        ------
        InvalidInputError : a field or column that there is not, or a column that is said twice
        """
        fields = import_fields(collection, model)
        own = _said_columns(said.get("columns", {}), fields, columns)
        constants = _said_constants(said.get("constants", {}), fields)
        taken = {column for each in own.values() for column in each}
        kept = {
            name: tuple(column for column in each if column not in taken)
            for name, each in self.columns.items()
            if name not in own and name not in constants
        }
        return ColumnMapping(
            {name: each for name, each in {**kept, **own}.items() if each},
            {
                name: text
                for name, text in {**self.constants, **constants}.items()
                if text and name not in own
            },
            {
                **{name: value for name, value in self.confidence.items() if kept.get(name)},
                **dict.fromkeys((*own, *constants), 1.0),
            },
        )

    def as_far_as(self, columns: Sequence[str]) -> dict[str, Any]:
        """What of a mapping that was kept fits another table: fit for `corrected`."""
        there = set(columns)
        fitting = {name: list(each) for name, each in self.columns.items() if there.issuperset(each)}
        return {"columns": fitting, "constants": dict(self.constants)}


def mapping_from_json(kept: Mapping[str, Any]) -> ColumnMapping:
    """What `ColumnMapping.to_json` gave."""
    columns = {str(name): tuple(map(str, each)) for name, each in kept.get("columns", {}).items()}
    return ColumnMapping(columns, {str(name): str(each) for name, each in kept.get("constants", {}).items()})


def propose_columns(
    collection: str,
    model: type[BaseModel],
    columns: Sequence[str],
    sample: Sequence[Row],
    *,
    has_geometry: bool = False,
) -> ColumnMapping:
    """The likeliest column of each field, by their names and by what stands in them.

    Parameters
    ----------
    collection : such as sites
    model : the class of its content
    columns : of the table
    sample : some of its rows
    has_geometry : the table has places of its own, so that no column is looked at for them
    """
    fields = [
        name
        for name in import_fields(collection, model)
        if not (has_geometry and name in {*PLACE_FIELDS, "wkt"})
    ]
    types = field_types(model)
    scores = [
        (score, -fields.index(name), name, column)
        for name in fields
        for column in columns
        if (score := _score(name, types.get(name), column, sample)) > 0
    ]
    if collection == "sites":  # as exports have it
        scores += [(1.0, 0, "site_id", column) for column in columns if _holds_site_ids(column, sample)]
    chosen: dict[str, tuple[str, ...]] = {}
    confidence: dict[str, float] = {}
    taken: set[str] = set()
    for score, _, name, column in sorted(scores, reverse=True):
        if name not in chosen and column not in taken and not _excluded(name, chosen):
            chosen[name], confidence[name] = (column,), round(score, 2)
            taken.add(column)
    constants = {}
    if collection == "sites" and "site_type" not in chosen:
        constants["site_type"], confidence["site_type"] = "lokalisasi", 0.5
    return ColumnMapping({name: chosen[name] for name in fields if name in chosen}, constants, confidence)


def _holds_site_ids(column: str, sample: Sequence[Row]) -> bool:
    """Whether a column `id` holds ids of the register, and not the numbers of somebody's rows."""
    cells = [row.get(column) for row in sample]
    return plain(column) == "id" and bool(cells) and all(_passes(_of_register, cell) for cell in cells)


def _of_register(cell: Cell) -> int | None:
    number = parse_whole(cell)
    return number if SMALLEST_ID <= number <= LARGEST_ID else None


def _excluded(name: str, chosen: Mapping[str, object]) -> bool:
    """Degrees and metres are two ways to say one place."""
    degrees, metres = {"lat", "lon", "coordinates"}, {"easting", "northing"}
    if name in degrees:
        return bool(metres & set(chosen)) or (name == "coordinates" and bool({"lat", "lon"} & set(chosen)))
    return name in metres and bool(degrees & set(chosen))


def _score(name: str, kind: FieldType | None, column: str, sample: Sequence[Row]) -> float:
    """How sure it is that a column is a field; 0 if it is not.

    A column of the very name stays with its field though no value of it is good: its rows shall say so.
    """
    likeness = _likeness(name, column)
    if likeness < _LEAST:
        return 0.0
    score = likeness * _fits(name, kind, column, sample)
    return score if score >= _LEAST or likeness >= _SURE else 0.0


@functools.lru_cache(maxsize=100_000)
def _likeness(name: str, column: str) -> float:
    """How much a column is named like a field, 0 to 1."""
    found = plain(column)
    if not found:
        return 0.0
    tokens = set(found.split()) - _STOP
    best = 0.0
    for place, word in enumerate(words_of(name)):
        # Of several fields that share a word, the one that lists it first is meant.
        weight = 1.0 - min(place, 20) * 0.004
        best = max(best, weight * _alike(found, tokens, word))
    return best


def _alike(found: str, tokens: set[str], word: str) -> float:
    wanted = set(word.split())
    squeezed, letters = found.replace(" ", ""), word.replace(" ", "")
    if squeezed == letters:
        return 1.0
    if tokens == wanted:
        return 0.97
    if len(squeezed) == _SHAPEFILE_NAME and letters.startswith(squeezed):
        return 0.9
    if wanted < tokens:
        return 0.62 + 0.3 * len(letters) / len(squeezed)
    if min(len(squeezed), len(letters)) >= 5:
        ratio = difflib.SequenceMatcher(None, squeezed, letters, autojunk=False).ratio()
        return ratio * 0.95 if ratio >= 0.85 else 0.0
    return 0.0


def _fits(name: str, kind: FieldType | None, column: str, sample: Sequence[Row]) -> float:
    """1 if a column's values are what the field takes, little if none of them is."""
    check = _CHECKS.get(name) or _CHECKS.get(kind.kind if kind else "")
    values = [cell for cell in (row.get(column) for row in sample) if not is_empty(cell)]
    if not values:
        return 0.7 if sample else 1.0
    if check is None:
        return 1.0
    good = sum(_passes(check, cell) for cell in values)
    return 0.55 + 0.45 * good / len(values) if good else 0.4


def _passes(check: Callable[[Any], object], cell: Cell) -> bool:
    try:
        return check(cell) is not None
    except InvalidInputError:
        return False


def _of_metres(cell: Cell) -> float | None:
    """A number that is beyond degrees."""
    number = parse_decimal(cell)
    return number if abs(number) > 360 else None


_CHECKS: dict[str, Callable[[Any], object]] = {
    "day": parse_day,
    "whole": parse_whole,
    "decimal": parse_decimal,
    "status_date": parse_day,
    "people_date": parse_day,
    "lat": lambda cell: parse_angle(cell, "latitude"),
    "lon": lambda cell: parse_angle(cell, "longitude"),
    "coordinates": parse_pair,
    "easting": _of_metres,
    "northing": _of_metres,
    "zone": parse_zone,
    "residents": parse_whole,
    "beneficiaries": parse_whole,
    "returned": parse_whole,
    "status": lambda cell: status_kind(str(cell)),
    "kind": lambda cell: status_kind(str(cell)),
    "source_url": lambda cell: True if str(cell).strip().lower().startswith("http") else None,
}


def _said_columns(said: object, fields: Sequence[str], columns: Sequence[str]) -> dict[str, tuple[str, ...]]:
    if not isinstance(said, Mapping):
        raise InvalidInputError("columns", said, "an object of fields")
    own: dict[str, tuple[str, ...]] = {}
    for name, value in said.items():
        _known_field(name, fields)
        chosen = [value] if isinstance(value, str) and value else list(value or ())
        for column in chosen:
            if column not in columns:
                raise InvalidInputError(f"columns, {name}", column, "one of " + ", ".join(columns))
            if any(column in each for each in own.values()):
                raise InvalidInputError(f"columns, {name}", column, "a column that no other field has")
        own[name] = tuple(chosen)
    return own


def _said_constants(said: object, fields: Sequence[str]) -> dict[str, str]:
    if not isinstance(said, Mapping):
        raise InvalidInputError("constants", said, "an object of fields")
    for name, value in said.items():
        _known_field(name, fields)
        if not isinstance(value, str):
            raise InvalidInputError(f"constants, {name}", value, "a text")
    return {str(name): str(value) for name, value in said.items()}


def _known_field(name: object, fields: Sequence[str]) -> None:
    if name not in fields:
        raise InvalidInputError("columns", name, "one of " + ", ".join(fields))

"""Turns what stands in a cell into what a field of a record takes, by the type that the field has."""

import re
import types
import typing
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import Enum
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel

from gis.domain.dates import parse_day
from gis.domain.numbers import parse_decimal, parse_whole
from gis.errors import InvalidInputError
from gis.services.imports.raw_table import Cell
from gis.services.imports.refusals import Details, Problem

Kind = Literal["text", "texts", "day", "whole", "decimal", "truth", "choice", "choices", "region", "regions"]

_TRUTHS = {
    **dict.fromkeys(("ya", "iya", "benar", "ada", "yes", "true", "y", "1", "x", "v"), True),
    **dict.fromkeys(("tidak", "bukan", "salah", "tidak ada", "no", "false", "t", "n", "0", "-"), False),
}
#: What lists write for a value of a choice, beside the value itself.
_CHOICES = {
    "lokalisasi": ("localisation", "kompleks lokalisasi", "complex"),
    "lokasi": ("lokasi prostitusi", "non lokalisasi", "location"),
    "governor_letter": ("surat gubernur",),
    "regent_letter": ("surat bupati", "surat wali kota", "surat walikota"),
    "decree": ("sk", "surat keputusan", "keputusan"),
    "by_law": ("perda", "peraturan daerah"),
    "circular": ("surat edaran", "edaran", "se"),
    "instruction": ("instruksi",),
    "plan": ("rencana",),
    "package": ("paket",),
    "training": ("pelatihan", "keterampilan"),
    "transport": ("transportasi", "ongkos pulang"),
    "other": ("lain", "lainnya", "lain lain"),
    "kemensos": ("apbn", "kementerian sosial", "pusat"),
    "province": ("provinsi", "pemprov", "apbd provinsi"),
    "unstated": ("tidak disebut",),
    "doctor": ("dokter", "kesehatan"),
    "counsellor": ("konselor", "konseling"),
    "psychologist": ("psikolog",),
    "sewing": ("menjahit", "jahit"),
    "embroidery": ("bordir", "sulam"),
    "cake_making": ("tata boga", "kue", "membuat kue"),
    "cooking": ("memasak",),
    "hairdressing": ("salon", "tata rias"),
    "handicraft": ("kerajinan", "kerajinan tangan"),
    "business_training": ("kewirausahaan",),
    "schooling": ("kejar paket", "pendidikan"),
    "sites_total": ("jumlah lokalisasi", "lokalisasi"),
    "sites_closed": ("lokalisasi ditutup", "ditutup"),
    "sites_left": ("lokalisasi tersisa", "sisa", "belum ditutup"),
    "people_resident": ("jumlah penghuni", "penghuni", "wts", "psk"),
    "people_beneficiary": ("penerima manfaat",),
    "people_returned": ("dipulangkan", "pemulangan"),
    "exact": ("tepat", "persis", "akurat", "gps"),
    "approximate": ("perkiraan", "kira kira", "taksiran", "approx"),
    "cell": ("sel", "grid"),
    "regency": ("kabupaten", "kota", "kabupaten kota", "kab kota", "pemkab", "pemkot", "apbd kabupaten"),
    "day": ("hari", "tanggal"),
    "month": ("bulan",),
    "year": ("tahun",),
    "resident": ("penghuni", "wts", "psk", "residents"),
    "beneficiary": ("penerima manfaat", "penerima", "beneficiaries"),
    "returned": ("dipulangkan", "pemulangan", "dikembalikan"),
}
#: A truth is a whole number to Python, so it comes first.
_KINDS: tuple[tuple[type, Kind], ...] = ((bool, "truth"), (date, "day"), (int, "whole"), (float, "decimal"))
_TYPED: dict[str, Callable[[Any], Any]] = {"day": parse_day, "whole": parse_whole, "decimal": parse_decimal}
_SEPARATORS = re.compile(r"\s*[;|\n]\s*")
_EMPTY = {"", "-", "--", "n/a", "na", "nihil", "null", "none", "#n/a", "?"}


class BadCellError(Exception):
    """A cell that a field does not take; `problem` says why."""

    def __init__(self, field: str, found: object, code: str, **details: str | int) -> None:
        self.problem = Problem(field, shown(found), code, details)
        super().__init__(self.problem.allowed)


@dataclass(frozen=True)
class FieldType:
    """What a field of a record takes; `choices` are the values of a choice."""

    kind: Kind
    required: bool
    choices: tuple[str, ...] = ()


def field_types(model: type[BaseModel]) -> dict[str, FieldType]:
    """What each field of a record takes, told by its annotation."""
    found = {}
    for name, info in model.model_fields.items():
        kind, choices = _kind(name, info.annotation)
        found[name] = FieldType(kind, info.is_required(), choices)
    return found


def parse_cell(field: str, kind: FieldType, cell: Cell) -> Any:
    """The value of a cell for a field; None for an empty one.

    Raises
    ------
    BadCellError : the cell does not hold what the field takes
    """
    if is_empty(cell):
        return None
    if kind.kind in _TYPED:
        try:
            return _TYPED[kind.kind](cell)
        except InvalidInputError as error:
            raise BadCellError(field, cell, "date" if kind.kind == "day" else "number") from error
    text = as_text(cell)
    if kind.kind == "truth":
        return _truth(field, text)
    if kind.kind == "choice":
        return parse_choice(field, text, kind.choices)
    if kind.kind not in {"texts", "choices"}:
        return text
    parts = tuple(part for part in _SEPARATORS.split(text) if part)
    return tuple(parse_choice(field, part, kind.choices) for part in parts) if kind.choices else parts


def parse_choice(field: str, text: str, choices: Sequence[str]) -> str:
    """One of some values, by itself or by a word that lists use for it.

    Raises
    ------
    BadCellError : none of them
    """
    wanted = plain(text)
    for value in choices:
        if wanted == plain(value) or wanted in _CHOICES.get(value, ()):
            return value
    raise BadCellError(field, text, "choice", allowed=", ".join(choices))


def is_empty(cell: Cell) -> bool:
    """Whether a cell holds nothing, or only a mark that lists put for nothing."""
    return cell is None or (isinstance(cell, str) and cell.strip().lower() in _EMPTY)


def as_text(cell: Cell) -> str:
    """A cell as one would write it; days in ISO form."""
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case datetime() | date() | time():
            return cell.isoformat()
        case str():
            return cell.strip()
    return str(cell)


def shown(found: object) -> Any:
    """A value for a problem's `found`: as JSON takes it, and not endless."""
    if isinstance(found, date | time):
        return found.isoformat()
    if found is None or isinstance(found, bool | int | float):
        return found
    return str(found)[:200]


def plain(text: str) -> str:
    """Lower case words without accents and marks."""
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return " ".join(re.sub(r"[^a-z0-9]+", " ", bare).split())


def details_of(error: Any, model: type[BaseModel]) -> tuple[str, Any, Details]:
    """The field, the value and what is allowed, of one error of a validation."""
    context = error.get("ctx") or {}
    field = str(error["loc"][0]) if error["loc"] else str(context.get("field", "row"))
    found = error["input"] if error["loc"] else context.get("found")
    info = model.model_fields.get(field)
    return field, shown(found), {"allowed": (info.description if info else None) or str(error["msg"])}


def _truth(field: str, text: str) -> bool:
    known = _TRUTHS.get(text.lower())
    if known is None:
        raise BadCellError(field, text, "truth")
    return known


def _kind(name: str, annotation: Any) -> tuple[Kind, tuple[str, ...]]:
    core = _core(annotation)
    if get_origin(core) is Literal:
        return "choice", tuple(str(each) for each in get_args(core))
    if isinstance(core, type) and issubclass(core, Enum):
        return "choice", tuple(str(each.value) for each in core)
    if isinstance(core, type):
        return next((kind for known, kind in _KINDS if issubclass(core, known)), _text_kind(name)), ()
    of = get_args(core)[0] if get_origin(core) is tuple else None
    if isinstance(of, type) and issubclass(of, Enum):
        return "choices", tuple(str(each.value) for each in of)
    # A tuple of other things is read by the record itself, out of the text.
    return ("regions" if name.endswith("region_codes") else "texts" if of is str else "text"), ()


def _text_kind(name: str) -> Kind:
    return "region" if name.endswith("region_code") else "text"


def _core(annotation: Any) -> Any:
    """The type within Annotated and Optional."""
    while True:
        origin = get_origin(annotation)
        if origin is typing.Annotated:
            annotation = get_args(annotation)[0]
        elif origin in {typing.Union, types.UnionType}:
            annotation = next(each for each in get_args(annotation) if each is not types.NoneType)
        else:
            return annotation

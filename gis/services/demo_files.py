"""Reads and writes sites.csv, events.csv and headcounts.csv of a demonstration folder."""

import csv
from collections.abc import Container, Iterable
from datetime import date
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from gis.domain.records.fields import Record
from gis.errors import InvalidInputError, NotFoundError
from gis.services.demo_rows import DemoRegister, EventRow, HeadcountRow, SiteRow

AnyRow = TypeVar("AnyRow", bound=Record)


def read_register(directory: Path) -> DemoRegister:
    """Read the three files and check every row, and the rows against each other.

    Parameters
    ----------
    directory : a folder with sites.csv, events.csv and headcounts.csv (UTF-8, comma, one header line)

    Raises
    ------
    NotFoundError : a file is missing
    InvalidInputError : the first row that cannot be taken, with its number, column and what is allowed
    """
    register = DemoRegister(
        sites=list(read_rows(directory / "sites.csv", SiteRow)),
        events=list(read_rows(directory / "events.csv", EventRow)),
        headcounts=list(read_rows(directory / "headcounts.csv", HeadcountRow)),
    )
    check_references(register)
    return register


def check_references(register: DemoRegister) -> None:
    """Refuse what contradicts another row: a key that comes twice, an unknown site, a correction of nothing.

    Raises
    ------
    InvalidInputError : the first such row, with its number, column and what is allowed
    """
    sites: set[int] = set()
    for number, site in enumerate(register.sites, start=1):
        _once(sites, site.id, "sites.csv, id", number)
        sites.add(site.id)
    site_of_event: dict[str, int] = {}
    for number, event in enumerate(register.events, start=1):
        _known_site(sites, event.site_id, "events.csv", number)
        # Only what stands further up can be corrected: an entry's number is higher than the corrected one's.
        corrected = event.corrects_external_id
        if corrected is not None and site_of_event.get(corrected) != event.site_id:
            allowed = "the external_id of an earlier row of the same site"
            raise InvalidInputError("events.csv, corrects_external_id", corrected, allowed, number)
        _once(site_of_event, event.external_id, "events.csv, external_id", number)
        site_of_event[event.external_id] = event.site_id
    counts: set[str] = set()
    for number, headcount in enumerate(register.headcounts, start=1):
        _known_site(sites, headcount.site_id, "headcounts.csv", number)
        _once(counts, headcount.external_id, "headcounts.csv, external_id", number)
        counts.add(headcount.external_id)


def write_register(
    directory: Path, sites: Iterable[SiteRow], events: Iterable[EventRow], headcounts: Iterable[HeadcountRow]
) -> None:
    """Write the three files; the same rows give the same bytes.

    Parameters
    ----------
    directory : made if it is missing; files of these names are replaced
    sites, events, headcounts : the rows, in the order in which they shall stand
    """
    directory.mkdir(parents=True, exist_ok=True)
    write_rows(directory / "sites.csv", SiteRow, sites)
    write_rows(directory / "events.csv", EventRow, events)
    write_rows(directory / "headcounts.csv", HeadcountRow, headcounts)


def read_rows(path: Path, kind: type[AnyRow]) -> Iterable[AnyRow]:
    """Each row of one file (UTF-8, comma, a header line that names the fields of `kind`), checked by itself.

    Raises
    ------
    NotFoundError : there is no such file
    InvalidInputError : the first row that cannot be taken, with its number, column and what is allowed
    """
    columns = list(kind.model_fields)
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            reader = csv.DictReader(stream, strict=True)
            if reader.fieldnames != columns:
                raise InvalidInputError(f"{path.name}, header", reader.fieldnames, ",".join(columns))
            for number, cells in enumerate(reader, start=1):
                yield _parse(kind, cells, path.name, number)
    except FileNotFoundError as error:
        raise NotFoundError(f"{path}: there is no such file; `atlas demo build` makes it") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise InvalidInputError(
            path.name, str(error), "CSV in UTF-8 with commas and one header line"
        ) from error


def _parse(kind: type[AnyRow], cells: dict[str, str], file: str, number: int) -> AnyRow:
    if None in cells or None in cells.values():
        found = sum(value is not None for key, value in cells.items() if key is not None)
        raise InvalidInputError(file, f"{found} cells", f"{len(kind.model_fields)} cells", number)
    try:
        return kind.model_validate(cells)
    except ValidationError as error:
        first = error.errors()[0]
        field = str(first["loc"][0]) if first["loc"] else str(first["ctx"]["field"])
        allowed = kind.model_fields[field].description or ""
        raise InvalidInputError(f"{file}, {field}", cells[field], allowed, number) from error


def _once(seen: Container[object], key: object, field: str, number: int) -> None:
    if key in seen:
        raise InvalidInputError(field, key, "a key that no earlier row has", number)


def _known_site(sites: set[int], site_id: int, file: str, number: int) -> None:
    if site_id not in sites:
        raise InvalidInputError(f"{file}, site_id", site_id, "the id of a row of sites.csv", number)


def write_rows(path: Path, kind: type[Record], rows: Iterable[Record]) -> None:
    """Write one file; the same rows give the same bytes."""
    columns = list(kind.model_fields)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([_cell(getattr(row, column)) for column in columns] for row in rows)


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case tuple():
            return ";".join(value)
        case date():
            return value.isoformat()
    return str(value)

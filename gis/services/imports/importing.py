"""A file becomes a batch: read apart, its columns agreed on, its rows made drafts; a transaction each."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from gis.database import batch_files, batches, matching
from gis.database.connection import Connection, Database
from gis.domain.batches import Batch, BatchOrigin, BatchState, Collection, JSONObject
from gis.domain.records.registry import CONTENT_OF
from gis.errors import ConflictError
from gis.services.folders import own_folder
from gis.services.imports.columns import ColumnMapping, mapping_from_json, propose_columns
from gis.services.imports.columns_words import import_fields
from gis.services.imports.raw_table import RawTable
from gis.services.imports.reading import read_table
from gis.services.imports.reading_worker import Options
from gis.services.imports.refusals import Problem
from gis.services.imports.rows import build_rows
from gis.services.imports.rows_draft import BuiltRow
from gis.services.imports.rows_refused import in_english, ordered, write_refused
from gis.services.imports.staging import keep_apart, merge_into, stage

SAMPLE_ROWS = 5


@dataclass(frozen=True)
class Upload:
    """A file as it was sent.

    Parameters
    ----------
    collection : what its rows are
    content : its bytes
    file_name : for people; it decides nothing
    sender : the agency whose file it is; its columns are remembered
    idempotency_key : the same key again is the same batch
    options : what the file does not say of itself
    """

    collection: Collection
    content: bytes
    file_name: str
    sender: str = ""
    idempotency_key: str | None = None
    options: Options = field(default_factory=Options)

    @property
    def sha256(self) -> str:
        """Of its bytes, hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()


def upload(database: Database, sent: Upload) -> int:
    """Read a file and propose what its columns are; nothing is entered before `agree`.

    Parameters
    ----------
    database : acting as an account, and writing
    sent : the file

    Returns
    -------
    the id of a batch without drafts; with a key that was used before, of the batch from then

    Raises
    ------
    ImportRefusedError, BusyError : the file is not read; nothing is kept
    ConflictError : the key was used with another file
    """
    table = _read(sent.content, sent.options)
    with database.transaction() as connection:
        batch = _open(connection, sent)
        if batch.detail:
            return batch.id
        batch_files.keep_file(connection, batch.id, sent.content)
        kept = batch_files.find_mapping(connection, sent.sender, sent.collection)
        mapping = _proposed(sent.collection, table, kept)
        batch_files.note_detail(connection, batch.id, _detail(table, mapping, sent.options))
    return batch.id


def read_again(database: Database, batch_id: int, options: Options) -> None:
    """Read the file of a batch in another way: another sheet, a stated reference system.

    Raises
    ------
    NotFoundError, ForbiddenError : no such batch, or not his, or handed in
    ImportRefusedError : it is not read so
    """
    with database.transaction() as connection:  # no connection waits while the file is read
        batch, content = batches.get_batch(connection, batch_id), batch_files.get_file(connection, batch_id)
    table = _read(content, options)
    with database.transaction() as connection:
        mapping = _proposed(batch.collection, table, None)
        batch_files.note_detail(connection, batch_id, _detail(table, mapping, options))


def agree(database: Database, batch_id: int, said: Mapping[str, Any]) -> None:
    """Make drafts of the rows, with the columns that a person agreed on; they are remembered for the sender.

    Parameters
    ----------
    database : acting as the batch's author, and writing
    batch_id : a batch of `upload`; its drafts, if it has some, are made anew
    said : corrections of the proposal: {"columns": {field: column or nothing}, "constants": {field: text}}

    Raises
    ------
    NotFoundError, ForbiddenError : no such batch, or not his, or handed in
    InvalidInputError : a field or column that there is not, or rows that contradict what is stored
    """
    with database.transaction() as connection:  # no connection waits while the file is read
        batch, content = batches.get_batch(connection, batch_id), batch_files.get_file(connection, batch_id)
    options = Options(**batch.detail["options"])
    table = _read(content, options)
    mapping = _said(batch.collection, table, mapping_from_json(batch.detail["mapping"]), said)
    with database.transaction() as connection:
        batches.take_time(connection)
        batch_files.note_detail(connection, batch_id, _detail(table, mapping, options))
        if batch.sender:
            batch_files.remember_mapping(connection, batch.sender, batch.collection, mapping.to_json())
        batches.delete_drafts(connection, batch_id)
        _stage(connection, batch, table, mapping)


def import_at_once(
    database: Database, sent: Upload, said: Mapping[str, Any], *, dry_run: bool = False
) -> JSONObject:
    """The operator's way: read, joined and applied in one transaction.

    Parameters
    ----------
    database : the owner's
    sent : the file
    said : as of `agree`
    dry_run : apply nothing; the receipt tells what would be

    Returns
    -------
    the receipt: batch_id, sha256, rows, new, changed, same, refused; for a key that was used before, the same

    Raises
    ------
    ImportRefusedError, InvalidInputError, ConflictError : nothing is applied
    """
    table = _read(sent.content, sent.options)
    with database.transaction() as connection:
        batches.take_time(connection)
        batch = _open(connection, sent)
        if batch.receipt is not None:
            return batch.receipt
        mapping = _said(sent.collection, table, _proposed(sent.collection, table, None), said)
        batch_files.keep_file(connection, batch.id, sent.content)
        batch_files.note_detail(connection, batch.id, _detail(table, mapping, sent.options))
        _stage(connection, batch, table, mapping, preview=False)
        receipt = batches.apply_as_operator(connection, batch.id)
        batches.remark_regions(connection, batch.id)
        if dry_run:
            receipt = {**receipt, "batch_id": None}
            connection.rollback()
    return receipt


def write_refused_rows(
    database: Database, batch_id: int, path: Path, say: Callable[[Problem], str] = in_english
) -> int:
    """Write the refused rows of a batch as a CSV that can be corrected and sent again; returns how many.

    Parameters
    ----------
    database : acting as an account
    batch_id : the batch
    path : of the CSV
    say : what is said of a problem

    Raises
    ------
    NotFoundError : no such batch, or not for this account
    """
    with database.transaction() as connection:
        columns = batches.get_batch(connection, batch_id).detail.get("columns", ())
        drafts = batches.find_drafts(connection, batch_id, outcomes=("refused",))
        refused: dict[int, BuiltRow] = {}
        for draft in drafts:  # the first part of a row holds it as it was sent
            problems = tuple(Problem(**problem) for problem in draft.problems or ())
            raw = ordered(draft.raw, columns)
            refused.setdefault(draft.row_number, BuiltRow(draft.row_number, raw, None, problems))
    return write_refused(refused.values(), path, say)


def choose_site(database: Database, batch_id: int, row_number: int, site_id: int | None) -> None:
    """Say of a row of one's own open batch which site it is; none: a new one.

    Raises
    ------
    NotFoundError, ForbiddenError : no such batch, row or site, or not his, or handed in
    """
    with database.transaction() as connection:
        batches.get_batch(connection, batch_id)
        if site_id is None:
            keep_apart(connection, batch_id, row_number)
        else:
            merge_into(connection, batch_id, row_number, site_id)


def get_file(database: Database, batch_id: int) -> bytes:
    """The file of a batch as it was sent.

    Raises
    ------
    NotFoundError : the batch has none, or is not for this account
    """
    with database.transaction() as connection:
        return batch_files.get_file(connection, batch_id)


def fields_of(collection: Collection) -> tuple[str, ...]:
    """What a column of a file of a collection may be."""
    return import_fields(collection, CONTENT_OF[collection])


def _open(connection: Connection, sent: Upload) -> Batch:
    origin = BatchOrigin(
        sender=sent.sender or None,
        file_name=sent.file_name[:200],
        file_sha256=sent.sha256,
        idempotency_key=sent.idempotency_key,
    )
    batch = batches.get_batch(connection, batches.open_batch(connection, sent.collection, origin))
    if batch.file_sha256 != sent.sha256 or batch.collection != sent.collection:
        raise ConflictError("this key was used before, with another file; a new file needs a new key")
    return batch


def _read(content: bytes, options: Options) -> RawTable:
    with own_folder() as folder:
        path = folder / "input"
        path.write_bytes(content)
        return read_table(path, options)


def _proposed(collection: Collection, table: RawTable, kept: JSONObject | None) -> ColumnMapping:
    model = CONTENT_OF[collection]
    proposed = propose_columns(
        collection, model, table.columns, table.sample(), has_geometry=table.has_geometry
    )
    if kept is None:
        return proposed
    fitting = mapping_from_json(kept).as_far_as(table.columns)
    return proposed.corrected(collection, model, table.columns, fitting)


def _said(
    collection: Collection, table: RawTable, mapping: ColumnMapping, said: Mapping[str, Any]
) -> ColumnMapping:
    return mapping.corrected(collection, CONTENT_OF[collection], table.columns, said)


def _stage(
    connection: Connection, batch: Batch, table: RawTable, mapping: ColumnMapping, *, preview: bool = True
) -> None:
    if batch.state not in (BatchState.draft, BatchState.returned):
        raise ConflictError(f"the batch is {batch.state}; its rows cannot be read again")
    regions = matching.list_regions_of_today(connection)
    stage(
        connection,
        batch.id,
        batch.collection,
        build_rows(batch.collection, table, mapping, regions, CONTENT_OF),
        preview=preview,
    )


def _detail(table: RawTable, mapping: ColumnMapping, options: Options) -> JSONObject:
    described = {
        "format": table.format,
        "table": table.name,
        "tables": list(table.tables),
        "rows": len(table.rows),
        "crs": table.source_crs,
        "has_geometry": table.has_geometry,
        "columns": list(table.columns),
        "sample": table.sample(SAMPLE_ROWS),
        "mapping": mapping.to_json(),
        "confidence": dict(mapping.confidence),
        "options": asdict(options),
    }
    plain: JSONObject = json.loads(json.dumps(described, default=str))
    return plain

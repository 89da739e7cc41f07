"""The files of batches as they were sent, and how they are read."""

from psycopg.types.json import Jsonb

from gis.database.connection import Connection
from gis.database.statements import load
from gis.domain.batches import Collection, JSONObject
from gis.errors import ForbiddenError, NotFoundError


def keep_file(connection: Connection, batch_id: int, content: bytes) -> None:
    """Keep the file of one's own open batch as it was sent.

    Raises
    ------
    ForbiddenError : the batch is not his, or is not open
    """
    connection.execute(load("batch_file_put"), {"batch_id": batch_id, "content": content})


def get_file(connection: Connection, batch_id: int) -> bytes:
    """The file of a batch as it was sent.

    Raises
    ------
    NotFoundError : the batch has none, or whoever acts may not know of it
    """
    row = connection.execute(load("batch_file_get"), {"batch_id": batch_id}).fetchone()
    if row is None:
        raise NotFoundError(f"batch {batch_id}: there is no file, or not for this account")
    return bytes(row[0])


def note_detail(connection: Connection, batch_id: int, detail: JSONObject) -> None:
    """Add to how the file of one's own open batch is read.

    Raises
    ------
    ForbiddenError : the batch is not his, or is not open
    """
    values = {"id": batch_id, "detail": Jsonb(detail)}
    if connection.execute(load("batch_update_detail"), values).fetchone() != (True,):
        raise ForbiddenError("the batch is not open, or not this account's")


def find_mapping(connection: Connection, sender: str, collection: Collection) -> JSONObject | None:
    """The columns of a sender's files as whoever acts has corrected them before, if he has."""
    row = connection.execute(load("mapping_get"), {"sender": sender, "collection": collection}).fetchone()
    return row[0] if row else None


def remember_mapping(
    connection: Connection, sender: str, collection: Collection, mapping: JSONObject
) -> None:
    """Remember the columns of a sender's files for whoever acts; the operator has no memory."""
    values = {"sender": sender, "collection": collection, "mapping": Jsonb(mapping)}
    connection.execute(load("mapping_put"), values)

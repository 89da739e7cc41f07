"""What a backup says of itself beside the rows: where it comes from, and what a restore must arrive at."""

import hashlib
from datetime import datetime

from pydantic import BaseModel, ConfigDict


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TableChecksum(_Part):
    """One table: how many rows, and the SHA-256 over all of them."""

    table: str
    rows: int
    sha256: str


class BackupRole(_Part):
    """A role that rights or policies name; roles belong to the server, so that a dump does not hold them."""

    name: str
    login: bool
    inherit: bool
    connection_limit: int
    settings: tuple[str, ...]
    member_of: tuple[str, ...]


class OwnedObject(_Part):
    """What belongs to another role than the register's owner: a function that runs with its rights."""

    kind: str
    identity: str
    schema_name: str
    owner: str


class AppliedMigration(_Part):
    """A migration that the register has behind it."""

    number: int
    name: str
    sha256: str


class Manifest(_Part):
    """All of it.

    Parameters
    ----------
    made_at : when the snapshot was taken
    postgresql : the major version of the server
    postgis : the version of the extension
    owner : the role that owned the register
    roles : those that have to be there before a restore
    owned : what belongs to one of those
    migrations : those that were applied
    tables : the checksums of the rows in the snapshot
    """

    made_at: datetime
    postgresql: int
    postgis: str
    owner: str
    roles: tuple[BackupRole, ...]
    owned: tuple[OwnedObject, ...]
    migrations: tuple[AppliedMigration, ...]
    tables: tuple[TableChecksum, ...]

    @property
    def checksum(self) -> str:
        """One checksum for the whole register."""
        return overall_checksum(self.tables)


def overall_checksum(tables: tuple[TableChecksum, ...]) -> str:
    """SHA-256 over names, numbers of rows and checksums of all tables, a line each."""
    text = "".join(f"{each.table}\t{each.rows}\t{each.sha256}\n" for each in tables)
    return hashlib.sha256(text.encode()).hexdigest()

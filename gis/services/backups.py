"""Copies of the register: made while it is in use, and put back into an empty one."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gis.database import Database, backup, backup_restore
from gis.database.backup_manifest import Manifest, TableChecksum, overall_checksum
from gis.database.migrations import find_pending, read_migrations
from gis.errors import MigrationError
from gis.services import backup_files
from gis.services.backup_files import BackupFile
from gis.services.complete_files import complete_or_absent

Report = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Restored:
    """What a restore arrived at.

    Parameters
    ----------
    file : what it came from
    checksum : over all tables; the same as the backup's
    tables : the checksum of each
    pending : the migrations that this program knows and the backup does not have behind it
    """

    file: BackupFile
    checksum: str
    tables: tuple[TableChecksum, ...]
    pending: tuple[str, ...]


def back_up(database: Database, path: Path, report: Report) -> BackupFile:
    """Write the register to a file: one snapshot of it, complete or not there at all.

    Parameters
    ----------
    database : opened as the register's owner; others may go on writing
    path : the file; an older one of that name is replaced
    report : told what is done at the moment, how many steps are done, and how many there are

    Raises
    ------
    InvalidInputError : the folder is not there or cannot be written, or its disk is full
    MigrationError, ClusterError, DatabaseError : see `gis.database.backup.dump`
    """
    with complete_or_absent(path, "FILE") as unfinished:
        manifest = backup.dump(database, unfinished, report)
        return backup_files.seal(unfinished, manifest)


def restore(database: Database, path: Path, report: Report) -> Restored:
    """Put a backup into a database that holds no register, or an empty one: all of it or nothing.

    The rows are compared with the checksums of the backup before anybody sees them.

    Parameters
    ----------
    database : opened as the role that is to own the register
    path : a file that `back_up` wrote
    report : told what is done at the moment, how many steps are done, and how many there are

    Raises
    ------
    InvalidInputError : the file is not there, no backup, cut off or changed
    MigrationError : the backup's schema is newer than this program, or another one
    ConflictError, ClusterError, DatabaseError : see `gis.database.backup_restore.restore`
    """
    file = backup_files.read(path)
    pending = _find_pending(path, file.manifest)
    tables = backup_restore.restore(database, path, file.manifest, report)
    return Restored(file, overall_checksum(tables), tables, pending)


def _find_pending(path: Path, manifest: Manifest) -> tuple[str, ...]:
    applied = {each.number: (each.name, each.sha256) for each in manifest.migrations}
    try:
        return tuple(each.name for each in find_pending(read_migrations(), applied))
    except MigrationError as error:
        raise MigrationError(f"{path} is of another version of the program: {error}") from error

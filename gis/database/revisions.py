"""The register's revision: what is kept of it is right for as long as the revision stays."""

from gis.database.connection import Connection
from gis.database.statements import load
from gis.errors import DatabaseError


def read_revision(connection: Connection) -> str:
    """Names the state of the register that this transaction sees: the same name, the same data.

    Parameters
    ----------
    connection : by itself, or in a transaction with one snapshot that has written nothing itself; what
        is read in another snapshot may be of another revision

    Returns
    -------
    `<name of the database>.<number>`; the number tells how many transactions wrote, so it stays inside
    """
    row = connection.execute(load("revision_get"), prepare=True).fetchone()
    if row is None or row[0] is None:
        raise DatabaseError("the register does not tell its revision")
    return str(row[0])

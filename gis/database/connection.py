"""A pool of connections that are all set up alike, and transactions on them."""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from functools import lru_cache
from select import POLLIN, poll
from typing import Any, TypeAlias

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg_pool import ConnectionPool

from gis.database.error_mapping import translated_errors
from gis.domain.access import Identity
from gis.errors import DatabaseError, InvalidInputError

Connection: TypeAlias = psycopg.Connection[tuple[Any, ...]]

POOL_TIMEOUT_S = 3.0  # a visitor is told "try again" rather than kept waiting
CONNECT_TIMEOUT_S = 3
RECONNECT_TIMEOUT_S = 2.0  # bounds the pool's growing delays, so that it is back soon after the server is
IDLE_IN_TRANSACTION_TIMEOUT_MS = 60_000
NEVER_BY_COUNT = 2**31

_SET_UP = """
SELECT set_config('search_path', 'register, public', false),
       set_config('TimeZone', 'UTC', false),
       set_config('statement_timeout', %(statement_timeout_ms)s::text, false),
       set_config('idle_in_transaction_session_timeout', %(idle_timeout_ms)s::text, false),
       set_config('default_transaction_read_only', %(read_only)s::text, false)
"""

# Ends with the transaction, so that a connection goes back to the pool without an identity. SET and not
# set_config, of which each would be a statement to plan and a row to send back.
_ACT_AS = sql.SQL("; SET LOCAL ROLE {role}; SET LOCAL atlas.account_id = {account_id}")
_MODES = {True: sql.SQL(" READ ONLY"), False: sql.SQL(" READ WRITE")}
_LEVELS = {True: sql.SQL(" ISOLATION LEVEL REPEATABLE READ"), False: sql.SQL("")}


class Database:
    """One PostGIS database as one process sees it; thread-safe, cheap to create: it connects at first use.

    Parameters
    ----------
    conninfo : a libpq connection string or URL
    read_only : every transaction refuses to write
    statement_timeout_ms : the longest that one statement may run; 0 is no limit
    max_size : connections that the pool may hold

    Raises
    ------
    InvalidInputError : the connection string cannot be read
    """

    def __init__(
        self,
        conninfo: str,
        *,
        read_only: bool = False,
        statement_timeout_ms: int = 30_000,
        max_size: int = 8,
    ) -> None:
        self.conninfo = _complete(conninfo)
        self.read_only = read_only
        self.statement_timeout_ms = statement_timeout_ms
        self._identity: Identity | None = None
        self._pool = self._make_pool(max_size)
        self._pool_apart = self._make_pool(1)

    @contextmanager
    def transaction(self, *, snapshot: bool = False) -> Iterator[Connection]:
        """A connection in one transaction: committed at the end of the block, rolled back by an exception.

        Parameters
        ----------
        snapshot : every statement sees the same data, so that figures on one page agree

        Returns
        -------
        A psycopg connection with the search path `register, public` and the time zone UTC; rows are tuples.

        Raises
        ------
        gis.errors.UnavailableError, ConflictError, InvalidInputError, DatabaseError : see `error_mapping`
        """
        with translated_errors():
            self._pool.open()
            with self._pool.connection() as connection:
                # All at once, since each turn to the server costs as much as finding a row does.
                connection.execute(_begin(self._identity, self.read_only, snapshot))
                yield connection

    @contextmanager
    def statement(self) -> Iterator[Connection]:
        """A connection for one statement, which is a transaction by itself.

        It has no identity, whoever acts: rows that are guarded are not seen by it.

        Raises
        ------
        gis.errors.UnavailableError, ConflictError, InvalidInputError, DatabaseError : see `error_mapping`
        """
        with translated_errors():
            self._pool.open()
            with self._pool.connection() as connection:
                yield connection

    @property
    def identity(self) -> Identity | None:
        """The account on whose behalf transactions run; none for the connection's own user."""
        return self._identity

    def acting_as(self, identity: Identity, *, read_only: bool = True) -> "Database":
        """The same database and pool, whose transactions see what an account may see.

        Parameters
        ----------
        identity : the account; PostgreSQL's policies guard the rows for its role and scope
        read_only : every transaction refuses to write

        Returns
        -------
        a database whose `transaction` is used as before; its `session` is refused
        """
        acting = copy(self)
        acting._identity = identity
        acting.read_only = read_only
        return acting

    def apart(self) -> "Database":
        """The same database by one connection that is kept apart from the others.

        For a short transaction while another one of the same caller is open: who waits for it holds nothing
        that its holder may wait for.

        Returns
        -------
        a database whose `transaction` is used as before
        """
        other = copy(self)
        other._pool = self._pool_apart
        return other

    @contextmanager
    def session(self) -> Iterator[Connection]:
        """A connection of its own outside of the pool, in autocommit and without a statement timeout.

        For work that is longer or wider than a transaction: migrations, session locks, VACUUM.

        Raises
        ------
        gis.errors.UnavailableError, ConflictError, InvalidInputError, DatabaseError : see `error_mapping`
        """
        if self._identity is not None:
            raise DatabaseError("a session outside of the pool has no identity: use a transaction")
        with translated_errors(), psycopg.connect(self.conninfo, autocommit=True) as connection:
            self._set_up(connection, statement_timeout_ms=0)
            yield connection

    def close(self) -> None:
        """Close the pool and all its connections; the object is of no use afterwards."""
        self._pool.close()
        self._pool_apart.close()

    def __enter__(self) -> "Database":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _make_pool(self, max_size: int) -> ConnectionPool[Connection]:
        return ConnectionPool[Connection](
            self.conninfo,
            min_size=0,
            max_size=max_size,
            open=False,
            configure=self._configure,
            check=_check,
            timeout=POOL_TIMEOUT_S,
            reconnect_timeout=RECONNECT_TIMEOUT_S,
            name="closure-atlas",
        )

    def _configure(self, connection: Connection) -> None:
        # Plans are made for the values of each call: filters are written as `%(x)s IS NULL OR …`, which a
        # generic plan cannot drop. (On 100,000 sites: 0.4 s, and 3 s once a generic plan had been chosen.)
        # Only a statement that asks for it is prepared, as that of one feature, whose time is all planning.
        connection.prepare_threshold = NEVER_BY_COUNT
        connection.autocommit = True  # `transaction` begins by itself
        self._set_up(connection, self.statement_timeout_ms)

    def _set_up(self, connection: Connection, statement_timeout_ms: int) -> None:
        # Not by the `options` of the connection string, which poolers of managed servers refuse.
        connection.execute(
            _SET_UP,
            {
                "statement_timeout_ms": statement_timeout_ms,
                "idle_timeout_ms": IDLE_IN_TRANSACTION_TIMEOUT_MS,
                "read_only": "on" if self.read_only else "off",
            },
        )


@lru_cache(maxsize=1_000)
def _begin(identity: Identity | None, read_only: bool, snapshot: bool) -> bytes:
    text = sql.SQL("BEGIN{}").format(_LEVELS[snapshot])
    if identity is not None:
        role, account_id = sql.Identifier(identity.database_role), sql.Literal(str(identity.account_id))
        text += _MODES[read_only] + _ACT_AS.format(role=role, account_id=account_id)
    return text.as_bytes(None)


def _check(connection: Connection) -> None:
    """Find out whether the server has left, without asking it.

    A server that goes says so, or closes the line: either can be read. On a quiet line there is nothing, and
    the question would cost as much as one feature.
    """
    line = poll()
    line.register(connection.fileno(), POLLIN)
    if line.poll(0):
        ConnectionPool.check_connection(connection)


def _complete(conninfo: str) -> str:
    try:
        given = conninfo_to_dict(conninfo)
    except psycopg.ProgrammingError as error:
        # Neither the text nor libpq's message is shown: both may hold the password.
        allowed = "a PostgreSQL URL such as postgresql://user@host:5432/atlas"
        raise InvalidInputError("DATABASE_URL", "a text that libpq cannot read", allowed) from error
    defaults = {"connect_timeout": str(CONNECT_TIMEOUT_S), "application_name": "closure-atlas"}
    return make_conninfo(conninfo, **{name: value for name, value in defaults.items() if name not in given})

"""Statements that end early when nobody waits for them any more."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress

import psycopg

from gis.database.connection import Connection

#: Given what ends a statement, calls it from another thread when nobody waits, until the block ends.
Watch = Callable[[Callable[[], None]], AbstractContextManager[None]]
CANCEL_TIMEOUT_S = 2.0


def unwatched(_: Callable[[], None]) -> AbstractContextManager[None]:
    """Nobody watches: statements run to their end."""
    return nullcontext()


@contextmanager
def cancellable(connection: Connection, watch: Watch) -> Iterator[None]:
    """Let the statements of a block be cancelled by whoever watches.

    Parameters
    ----------
    connection : of the pool, in a transaction
    watch : when its block has ended, it calls no more

    Raises
    ------
    gis.errors.UnavailableError : by `Database.transaction`, where a statement was cancelled
    """
    cancelled = False

    def cancel() -> None:
        nonlocal cancelled
        cancelled = True
        with suppress(psycopg.Error):  # the server is away, or slow: whoever watches asks again
            connection.cancel_safe(timeout=CANCEL_TIMEOUT_S)

    try:
        with watch(cancel):
            yield
    finally:
        if cancelled:  # the request may arrive after the statement: it shall not end another one
            connection.close()

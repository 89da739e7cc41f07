"""Time for a transaction that reads much, such as a file of all sites."""

from gis.database.connection import Connection


def give_time(connection: Connection, seconds: int) -> None:
    """Let statements of this transaction run longer, and let it wait as long between them.

    Parameters
    ----------
    connection : in a transaction
    seconds : at most; a statement that takes longer is an error, and nothing that looks whole
    """
    connection.execute(
        "SELECT set_config('statement_timeout', %(ms)s, true),"
        " set_config('idle_in_transaction_session_timeout', %(ms)s, true)",
        {"ms": str(seconds * 1000)},
    )

"""One moment of the database, for as long as reading it takes."""

import datetime as dt
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from django.db import connection, transaction

# How long nothing may be asked in it on PostgreSQL, before the database ends it: as long as it lasts, nothing that has
# been deleted since is cleared away. Some hundred people are read at once; this is how long they may take to be sent.
IDLE_LIMIT = dt.timedelta(seconds=60)


@contextmanager
def snapshot() -> Iterator[None]:
    """Show everything read inside as it was at the first query. Inside another transaction it is refused.

    Raises `InternalError` where the database has ended it (`IDLE_LIMIT`).
    Only the transaction that a test runs in may lie around it, and then there are no others to be shut out.
    """
    is_outermost = not connection.in_atomic_block
    with ExitStack() as stack:
        with _writers_let_through():
            stack.enter_context(transaction.atomic(durable=True))
        if is_outermost and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                milliseconds = IDLE_LIMIT // dt.timedelta(milliseconds=1)
                cursor.execute(f"SET LOCAL idle_in_transaction_session_timeout = {milliseconds:d}")
        yield


@contextmanager
def _writers_let_through() -> Iterator[None]:
    """Begin a transaction that only reads. On SQLite ours are IMMEDIATE, and lock out every writer until they end.

    Here that would be as long as a slow supplier takes.
    """
    if connection.vendor != "sqlite":
        yield
        return
    database: Any = connection
    usual, database.transaction_mode = database.transaction_mode, "DEFERRED"
    try:
        yield
    finally:
        database.transaction_mode = usual

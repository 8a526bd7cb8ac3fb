"""Doing many rows at once, within what the databases take in one statement."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

T = TypeVar("T")

# SQLite takes 32,766 parameters a statement, PostgreSQL 65,535.
BATCH = 1000


def batches(items: Iterable[T], size: int = BATCH) -> Iterator[Sequence[T]]:
    """Yield `items` in lists of at most `size`."""
    source = iter(items)
    while batch := list(islice(source, size)):
        yield batch

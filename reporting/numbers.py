"""A line's numbers, as they are handed from one part to another."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Numbers:
    """How many there are, and how many of them were sick on each day from Monday. None is a number not written."""

    total: int | None
    days: tuple[int | None, int | None, int | None, int | None, int | None]

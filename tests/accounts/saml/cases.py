"""A table of answers with one thing wrong each: name -> the reason it is refused for, and what writes it."""

from collections.abc import Callable
from dataclasses import dataclass

from accounts.activation.refusals import Reason

from .forge import Forge

Writer = Callable[[Forge], str]


@dataclass(frozen=True)
class Case:
    reason: Reason
    write: Writer


CASES: dict[str, Case] = {}


def refused(reason: Reason) -> Callable[[Writer], Writer]:
    """Enter the function into the table, under its own name in words."""

    def enter(write: Writer) -> Writer:
        name = write.__name__.replace("_", " ")
        assert name not in CASES
        CASES[name] = Case(reason, write)
        return write

    return enter

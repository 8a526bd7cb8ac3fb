"""The text format of PostgreSQL's COPY, for the types that our tables hold.

The driver's own writer asks for each value anew how its type is written; half of a large load went there.
"""

import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

NULL = "\\N"


def lines(rows: Iterable[Sequence[Any]], same: Sequence[Any] = ()) -> Iterator[str]:
    """Yield each row as a line of COPY; the values of `same` follow those of every row."""
    forms = _FORMS
    tail = "".join("\t" + forms[type(value)](value) for value in same) + "\n"
    for row in rows:
        yield "\t".join([forms[type(value)](value) for value in row]) + tail


def _text(value: str) -> str:
    if value.isalnum():
        return value
    # Backslash first, or the others' backslashes would be doubled.
    return value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def _choice(value: str) -> str:
    # The text itself, whatever the class has made of str().
    return _text(str.__str__(value))


def _bytes(value: bytes) -> str:
    return "\\\\x" + value.hex()


def _bool(value: bool) -> str:
    return "t" if value else "f"


def _json(value: list[Any] | dict[str, Any]) -> str:
    return _text(json.dumps(value, ensure_ascii=False))


class _Forms(dict[type, Callable[[Any], str]]):
    """How a value of a type is written. Choices are texts; anything unknown is a mistake."""

    def __missing__(self, kind: type) -> Callable[[Any], str]:
        if not issubclass(kind, str):
            raise TypeError(f"COPY does not know how to write {kind.__name__}")
        self[kind] = _choice
        return _choice


_FORMS = _Forms(
    {
        type(None): lambda value: NULL,
        str: _text,
        bytes: _bytes,
        memoryview: _bytes,
        bool: _bool,
        int: str,
        Decimal: str,
        dt.date: dt.date.isoformat,
        dt.datetime: dt.datetime.isoformat,
        list: _json,
        dict: _json,
    }
)

"""What a request asks for: paging, order, fields and a filter, read from the query string. Pure.

The grammar is the specification's: `field<op>'value'`, and at most one ` AND ` or ` OR ` between two of them. It has no
way to write an apostrophe in a value; here it is written twice, as in SQL. What is not of the grammar is refused, and
so is whatever no database would take (see `clean`). Parameters of other names are not looked at.
"""

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass

from .status import CodeMinor, Refusal, quoted

DEFAULT_LIMIT = 100
LARGEST_LIMIT = 10_000
LARGEST_OFFSET = 10**9
# Characters in one parameter, or in an id. The Link header repeats the parameters, and proxies bound headers.
LONGEST = 500
PARAMETERS = ("limit", "offset", "sort", "orderBy", "filter", "fields")

_NUMBER = re.compile(r"[0-9]{1,10}")
_FIELD = r"[A-Za-z]+(?:\.[A-Za-z]+)*"
_PREDICATE = re.compile(rf" *({_FIELD}) *(!=|>=|<=|=|>|<|~) *'((?:[^']|'')*)'")
_LOGICAL = re.compile(r" +(AND|OR) +")


class Operator(enum.StrEnum):
    EQUAL = "="
    NOT_EQUAL = "!="
    GREATER = ">"
    AT_LEAST = ">="
    LESS = "<"
    AT_MOST = "<="
    CONTAINS = "~"


@dataclass(frozen=True)
class Predicate:
    field: str
    operator: Operator
    value: str


@dataclass(frozen=True)
class Filter:
    """One predicate, or two of which both must hold, or either."""

    predicates: tuple[Predicate, ...]
    either: bool = False


@dataclass(frozen=True)
class Query:
    """Whether the named fields exist, the resource's tables say."""

    limit: int = DEFAULT_LIMIT
    offset: int = 0
    sort: str | None = None
    descending: bool = False
    fields: frozenset[str] | None = None
    filter: Filter | None = None


def read(parameters: Mapping[str, str]) -> Query:
    """Return what is asked for. Raises `Refusal` for what is not of the grammar."""
    asked = {name: clean(name, parameters[name]) for name in PARAMETERS if name in parameters}
    return Query(
        limit=_number(asked.get("limit"), "limit", DEFAULT_LIMIT, 1, LARGEST_LIMIT),
        offset=_number(asked.get("offset"), "offset", 0, 0, LARGEST_OFFSET),
        sort=asked.get("sort"),
        descending=_descending(asked.get("orderBy", "asc")),
        fields=_fields(asked.get("fields")),
        filter=_filter(asked.get("filter")),
    )


def read_fields(parameters: Mapping[str, str]) -> frozenset[str] | None:
    """Return the fields asked for: of a single object the specification lets nothing else be asked."""
    return _fields(clean("fields", parameters["fields"])) if "fields" in parameters else None


def is_storable(text: str) -> bool:
    """Whether a database can take the text: no NUL, no half of a pair of surrogates, and not without end."""
    return len(text) <= LONGEST and "\0" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


def clean(name: str, text: str) -> str:
    """Return the text of a parameter, or raise `Refusal` where no field could hold it."""
    if not is_storable(text):
        raise Refusal(CodeMinor.DATA, f"'{name}' is longer than {LONGEST} characters, or is no text.")
    return text


def _number(text: str | None, name: str, default: int, least: int, most: int) -> int:
    if text is None:
        return default
    if not _NUMBER.fullmatch(text) or not least <= int(text) <= most:
        raise Refusal(CodeMinor.DATA, f"'{name}' must be a whole number from {least} to {most}.")
    return int(text)


def _descending(text: str) -> bool:
    if text not in {"asc", "desc"}:
        raise Refusal(CodeMinor.DATA, "'orderBy' must be asc or desc.")
    return text == "desc"


def _fields(text: str | None) -> frozenset[str] | None:
    if text is None:
        return None
    return frozenset(name.strip() for name in text.split(","))


def _filter(text: str | None) -> Filter | None:
    if text is None:
        return None
    first = _PREDICATE.match(text)
    if first is None:
        raise _not_a_filter(text)
    rest = text[first.end() :].rstrip(" ")
    if not rest:
        return Filter((_predicate(first),))
    logical = _LOGICAL.match(rest)
    second = _PREDICATE.fullmatch(rest, logical.end()) if logical else None
    if logical is None or second is None:
        raise _not_a_filter(rest)
    return Filter((_predicate(first), _predicate(second)), either=logical[1] == "OR")


def _predicate(found: re.Match[str]) -> Predicate:
    return Predicate(found[1], Operator(found[2]), found[3].replace("''", "'"))


def _not_a_filter(text: str) -> Refusal:
    grammar = "field<op>'value', where <op> is = != > >= < <= or ~, with at most one AND or OR"
    return Refusal(CodeMinor.FILTER, f"The filter cannot be read at {quoted(text)}. It must be {grammar}.")

"""Whom and what a supplier wants of what it may have: the filters of ws17 (D1.3 filtre). Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self, TypeAlias

from django.http import QueryDict

from institutions.importing.format import LEVELS

Query: TypeAlias = QueryDict | Mapping[str, Sequence[str]]

_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}  # xs:boolean
_LEVELS = "inkluderKlassetrin"
_PREFIX = "inkluder"


class BadFilter(ValueError):
    """A parameter has a value that it does not take. Its text does not say the value: anything may be typed there."""

    def __init__(self, parameter: str, value: str) -> None:
        super().__init__(f"{parameter} has a value that it does not take")
        self.parameter = parameter
        self.value = value


@dataclass(frozen=True)
class Filters:
    """What is wanted. What the package or the agreement does not hold is not let out, whatever is asked for.

    No `levels` are all levels; they narrow the pupils only.
    """

    include_students: bool = True
    include_employees: bool = True
    include_externals: bool = True
    include_contacts: bool = True
    levels: frozenset[str] = frozenset()
    include_cpr: bool = False

    @classmethod
    def of(cls, query: Query) -> Self:
        """Read the filters among a request's parameters, or raise `BadFilter`.

        A filter that does not exist is refused as well: misspelt and passed over, it would let out more than was
        asked for. So is one that is there and empty. All other parameters are somebody else's.
        """
        for name in query:
            if name.startswith(_PREFIX) and name not in _KNOWN:
                raise BadFilter(name, "")
        return cls(
            include_students=_flag(query, "inkluderElever", default=True),
            include_employees=_flag(query, "inkluderMedarbejdere", default=True),
            include_externals=_flag(query, "inkluderEksterne", default=True),
            include_contacts=_flag(query, "inkluderKontaktpersoner", default=True),
            levels=_levels(query),
            include_cpr=_flag(query, "inkluderCpr", default=False),
        )


_KNOWN = frozenset(
    {
        *("inkluderElever", "inkluderMedarbejdere", "inkluderEksterne", "inkluderKontaktpersoner", "inkluderCpr"),
        _LEVELS,
    }
)


def _values(query: Query, name: str) -> list[str]:
    return list(query.getlist(name) if isinstance(query, QueryDict) else query.get(name, ()))


def _flag(query: Query, name: str, *, default: bool) -> bool:
    """Return a parameter that is true or false. Said twice it is refused, even if both agree."""
    values = _values(query, name)
    if not values:
        return default
    if len(values) > 1 or values[0] not in _BOOLEANS:
        raise BadFilter(name, values[-1])
    return _BOOLEANS[values[0]]


def _levels(query: Query) -> frozenset[str]:
    """Return the levels (D1.6 Trin), however they are given: one a parameter, or several between commas."""
    levels = [level for value in _values(query, _LEVELS) for level in value.split(",")]
    for level in levels:
        if level not in LEVELS:
            raise BadFilter(_LEVELS, level)
    return frozenset(levels)

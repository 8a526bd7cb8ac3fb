"""Wanted minus held for a register: which institutions are new and which changed. Pure; nothing is removed.

A number that is missing from an extract stays as it is: extracts are made for a part of the country too, and only the
register's own status closes a unit.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ..models import InstitutionLevel
from .rows import STORED, Listed, RegisterIssue, RegisterIssueCode, RowFault

# Those above come first, so that a new unit finds the one it belongs to.
ORDER = (
    *(InstitutionLevel.CLUSTER, InstitutionLevel.UNIT, InstitutionLevel.SITE),
    *(InstitutionLevel.SCHOOL, InstitutionLevel.DEPARTMENT),
)


class HeldInstitution(NamedTuple):
    """An institution as stored: `values` by name, as `values_of` makes them."""

    id: int
    values: dict[str, Any]


@dataclass(frozen=True)
class RegisterPlan:
    """`new` and `changed` have the values to store; a parent stands in them by its number."""

    new: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    changed: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    unchanged: int = 0
    issues: list[RegisterIssue] = field(default_factory=list)


def plan(rows: Iterable[Listed], held: Mapping[str, HeldInstitution], today: dt.date) -> RegisterPlan:
    """Return what has to be done. `rows` are good in themselves; here they are held against each other."""
    by_number: dict[str, Listed] = {}
    issues: list[RegisterIssue] = []
    for row in sorted(rows, key=lambda row: (ORDER.index(row.level), row.line)):
        try:
            _check_place(row, by_number, held)
            by_number[row.number] = row
        except RowFault as fault:
            issues.append(RegisterIssue(row.line, row.number, fault.code))
    new, changed, unchanged = [], [], 0
    for number, row in by_number.items():
        institution = held.get(number)
        values = values_of(row, institution, today)
        if institution is None:
            new.append((number, values))
        elif institution.values != values:
            changed.append((institution.id, values))
        else:
            unchanged += 1
    return RegisterPlan(new, changed, unchanged, issues)


def values_of(row: Listed, held: HeldInstitution | None, today: dt.date) -> dict[str, Any]:
    """Return what is stored of a row. One that closes keeps the day on which it was first seen closed."""
    closed_on = None
    if not row.is_open:
        closed_on = (held.values["closed_on"] if held else None) or row.as_of or today
    return {
        **{name: getattr(row, name) for name in STORED},
        "parent": row.parent,
        "municipality": row.municipality,
        "location_municipality": row.location_municipality,
        "closed_on": closed_on,
    }


def _check_place(row: Listed, above: Mapping[str, Listed], held: Mapping[str, HeldInstitution]) -> None:
    institution = held.get(row.number)
    if row.number in above or (institution and institution.values["kind"] != row.kind):
        raise RowFault(RegisterIssueCode.NUMBER_DOUBLE)
    if row.parent and row.parent not in above and row.parent not in held:
        raise RowFault(RegisterIssueCode.PARENT_UNKNOWN)
    # D5.2, rule 1: a unit or address may be moved only within the same municipality.
    if institution and row.parent != institution.values["parent"] and row.parent:
        before, parent = institution.values["municipality"], above.get(row.parent)
        after = parent.municipality if parent else held[row.parent].values["municipality"]
        if institution.values["parent"] and before != after:
            raise RowFault(RegisterIssueCode.MOVED_ABROAD)

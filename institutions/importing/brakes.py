"""The brakes: what a plan may change before a person has to look at it. Pure; the thresholds are one table.

A share is of the memberships held (of relations, for contact persons). A brake stops where more than `share` percent
and at least `at_least` are touched: three of eight children may move without anybody being called at night.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

from ..models import Brake, MembershipKind, RunMode
from ..roles import LEADER_ROLES
from .codes import IssueCode
from .outcome import Outcome
from .plan import Change

# The levels of a pupil's life in their order (D1.6).
_NEXT_LEVEL = dict(pairwise(("DT", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10")))
_YEAR_BEGINS = 8  # August; systems are set to the new school year from May on
_YEAR_IS_SET = range(5, _YEAR_BEGINS)


class Threshold(NamedTuple):
    """`share` in percent, None for never; fewer than `at_least` never stop."""

    share: int | None
    at_least: int


ALWAYS = Threshold(0, 1)
THRESHOLDS: dict[Brake, dict[RunMode, Threshold]] = {
    Brake.ENDING: {RunMode.ORDINARY: Threshold(10, 5), RunMode.ROLLOVER: Threshold(30, 5)},
    Brake.JOINING: {RunMode.ORDINARY: Threshold(15, 15), RunMode.ROLLOVER: Threshold(35, 15)},
    Brake.RENAMED: {RunMode.ORDINARY: Threshold(5, 5), RunMode.ROLLOVER: Threshold(5, 5)},
    Brake.CPR: {RunMode.ORDINARY: Threshold(5, 3), RunMode.ROLLOVER: Threshold(5, 3)},
    Brake.MOVED: {RunMode.ORDINARY: Threshold(20, 10), RunMode.ROLLOVER: Threshold(20, 10)},
    Brake.CONTACTS: {RunMode.ORDINARY: Threshold(10, 10), RunMode.ROLLOVER: Threshold(10, 10)},
    Brake.PROTECTION: {RunMode.ORDINARY: Threshold(0, 2), RunMode.ROLLOVER: Threshold(0, 2)},
    Brake.LEADERS: {RunMode.ORDINARY: Threshold(2, 3), RunMode.ROLLOVER: Threshold(2, 3)},
    Brake.DRAINING: {RunMode.ORDINARY: Threshold(25, 10), RunMode.ROLLOVER: Threshold(45, 10)},
    Brake.EMPTY: {RunMode.ORDINARY: ALWAYS, RunMode.ROLLOVER: ALWAYS},
    Brake.SCHOOL_YEAR: {RunMode.ORDINARY: ALWAYS, RunMode.ROLLOVER: ALWAYS},
    Brake.UNDONE: {RunMode.ORDINARY: ALWAYS, RunMode.ROLLOVER: ALWAYS},
}
# Those that are a share, and so can have another limit at an institution.
WITH_SHARE = tuple(brake for brake, modes in THRESHOLDS.items() if modes[RunMode.ORDINARY].share)


@dataclass(frozen=True)
class Measure:
    """How many of how many."""

    count: int
    of: int


@dataclass(frozen=True)
class Stop:
    """A brake that a delivery did not pass. `limit` in percent."""

    brake: Brake
    count: int
    of: int
    limit: int

    def as_dict(self) -> dict[str, Any]:
        return {"brake": self.brake.value, "count": self.count, "of": self.of, "limit": self.limit}


def mode_of(known_year: str, year: str) -> RunMode:
    """Return whether a delivery of school year `year` begins a new one: the year after the one known."""
    if known_year and int(year[:4]) == int(known_year[:4]) + 1:
        return RunMode.ROLLOVER
    return RunMode.ORDINARY


def is_out_of_turn(known_year: str, year: str, day: dt.date) -> bool:
    """Whether a school year that differs from the known one goes back, or is not the one to expect on that day."""
    if not known_year or year == known_year:
        return False
    first = int(year[:4])
    current = day.year if day.month >= _YEAR_BEGINS else day.year - 1
    expected = {current, current + 1} if day.month in _YEAR_IS_SET else {current}
    return first not in expected or first < int(known_year[:4])


def measure(outcome: Outcome, mode: RunMode) -> dict[Brake, Measure]:
    """Count what each brake looks at. Nothing held, nothing to brake for: a first delivery is new all through."""
    held = outcome.held
    if not held.memberships:
        return {}
    members, relations = len(held.memberships), len(held.relations)
    return {
        Brake.ENDING: Measure(len(outcome.plan.leaves), members),
        Brake.JOINING: Measure(len(outcome.plan.joins), members),
        Brake.RENAMED: max(_renamed(outcome), key=lambda found: found.count / max(found.of, 1)),
        Brake.CPR: Measure(sum(issue.code == IssueCode.CPR_UNEXPECTED for issue in outcome.reading.issues), members),
        Brake.MOVED: Measure(sum(is_unusual_move(change, mode) for change in outcome.plan.changes), members),
        Brake.CONTACTS: Measure(_moved_relations(outcome), relations),
        Brake.PROTECTION: Measure(_unprotected(outcome), members + relations),
        Brake.LEADERS: Measure(new_leaders(outcome), members),
        Brake.EMPTY: Measure(members if not outcome.reading.persons else 0, members),
    }


def stops(measures: Mapping[Brake, Measure], mode: RunMode, own_limits: Mapping[Brake, int | None]) -> tuple[Stop, ...]:
    """Return the brakes that these measures do not pass, under an institution's own limits where it has some."""
    return tuple(_stops(measures, mode, own_limits))


def _stops(measures: Mapping[Brake, Measure], mode: RunMode, own: Mapping[Brake, int | None]) -> Iterator[Stop]:
    for brake, found in measures.items():
        share, at_least = threshold(brake, mode, own)
        if share is not None and found.count >= at_least and found.count * 100 > share * found.of:
            yield Stop(brake, found.count, found.of, share)


def threshold(brake: Brake, mode: RunMode, own: Mapping[Brake, int | None]) -> Threshold:
    """Return what applies: an institution's own limit, but at a new school year never less than everybody's."""
    default = THRESHOLDS[brake][mode]
    if brake not in own or default.share is None:
        return default
    share = own[brake]
    if share is not None and mode == RunMode.ROLLOVER:
        share = max(share, default.share)
    return Threshold(share, default.at_least)


def not_covered(found: Iterable[Stop], approved: Iterable[Mapping[str, Any]]) -> tuple[Stop, ...]:
    """Return the stops that go further than those a person approved (stored as `Stop.as_dict`)."""
    seen = {stop["brake"]: stop["count"] for stop in approved}
    return tuple(stop for stop in found if stop.count > seen.get(stop.brake.value, 0))


def renamed(outcome: Outcome) -> set[int]:
    """Return the held members (person ids) whose name, or protection of it, would change."""
    return _with_another_name(outcome) & {membership.person_id for membership in outcome.held.memberships.values()}


def _renamed(outcome: Outcome) -> tuple[Measure, Measure]:
    """Count those with another name among members and among contact persons: neither may hide behind the other."""
    contacts = {contact for _, contact in outcome.held.relations}
    found = len(_with_another_name(outcome) & contacts)
    return Measure(len(renamed(outcome)), len(outcome.held.memberships)), Measure(found, len(contacts))


def _with_another_name(outcome: Outcome) -> set[int]:
    before = {person.id: person.data for person in outcome.reading.people.values()}
    return {pk for pk, data in outcome.plan.people.changed if _shown_name(data) != _shown_name(before[pk])}


def _shown_name(data: Any) -> tuple[str, str, bool]:
    return data.first_name, data.family_name, data.protected


def is_unusual_move(change: Change, mode: RunMode) -> bool:
    """Whether a pupil changes level or class in a way that is not everybody's at this time of the year.

    Somebody who becomes a pupil, or is none any more under the same local id, changes both.
    """
    was, becomes = change.was, change.row.tie
    if was.kind != becomes.kind:
        return MembershipKind.STUDENT in (was.kind, becomes.kind)
    if was.kind != MembershipKind.STUDENT:
        return False
    if mode == RunMode.ROLLOVER:
        return becomes.level not in {was.level, _NEXT_LEVEL.get(was.level, was.level)}
    return (was.level, was.main_group) != (becomes.level, becomes.main_group)


def _unprotected(outcome: Outcome) -> int:
    """Count members and contact persons who would lose name and address protection: their names become readable."""
    protected = {person.id for person in outcome.reading.people.values() if person.data.protected}
    return sum(pk in protected and not data.protected for pk, data in outcome.plan.people.changed)


def new_leaders(outcome: Outcome) -> int:
    """Count those who would become leaders: they may decide about imports."""
    promoted = (
        change
        for change in outcome.plan.changes
        if LEADER_ROLES.intersection(change.row.tie.roles) and not LEADER_ROLES.intersection(change.was.roles)
    )
    joined = (row for row in outcome.plan.joins if LEADER_ROLES.intersection(row.tie.roles))
    return sum(1 for _ in promoted) + sum(1 for _ in joined)


def _moved_relations(outcome: Outcome) -> int:
    """Count relations of children who stay: those that end, begin in custody, lose or gain custody."""
    leaving = {membership.person_id for membership in outcome.plan.leaves}
    ended = set(outcome.plan.relations.ended)
    custody = {pk: contact.custody for pk, contact in outcome.plan.relations.changed}
    members = {membership.person_id for membership in outcome.held.memberships.values()}
    moved = sum(
        (held.id in ended and child not in leaving) or custody.get(held.id, held.custody) != held.custody
        for (child, _contact), held in outcome.held.relations.items()
    )
    known = outcome.plan.known
    begun = sum(
        new.contact.custody and new.child in known and known[new.child].id in members
        for new in outcome.plan.relations.new
    )
    return moved + begun

"""What a stopped run would change, so that a person can decide: counts now and after, and each change by local id.

Never a name, never a CPR number: of those it is only said that they change.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from accounts.policy import BAND_OF_LEVEL
from unilogin_portal.lib import bulk

from ..models import ChangeKind, ImportChange, ImportRun, Membership, MembershipKind
from .brakes import renamed
from .codes import IssueCode
from .outcome import Outcome
from .rows import Tie
from .validation import shown_local_id

_BIG_SHARE = 20  # percent of what a class or group was
_BIG_COUNT = 3
_LEVELS = tuple(BAND_OF_LEVEL)
_KINDS = tuple(MembershipKind)
# What of a membership is shown when it changes; the names are those of `Tie`.
_SHOWN_FIELDS = ("roles", "level", "main_group", "groups")
_LONGEST = 200


class _Key(NamedTuple):
    """Where a person is counted: pupils by level, all others by kind."""

    kind: str
    level: str

    def as_dict(self) -> dict[str, str]:
        if self.kind == MembershipKind.STUDENT:
            return {"kind": "level", "value": self.level}
        return {"kind": "role", "value": self.kind}

    @property
    def place(self) -> tuple[int, int]:
        level = _LEVELS.index(self.level) if self.level in _LEVELS else len(_LEVELS)
        return _KINDS.index(MembershipKind(self.kind)), level


@dataclass(frozen=True)
class _Present:
    """A held membership as it is now."""

    kind: str
    level: str
    roles: tuple[str, ...]
    group: str


def write(run: ImportRun, outcome: Outcome) -> None:
    """Put the difference on the run: `groups_before_after`, and an `ImportChange` for every line of it."""
    present = _present(outcome)
    run.groups_before_after = list(_before_after(outcome, present))
    ImportChange.objects.filter(run=run).delete()
    fields = ("kind", "local_person_id", "field", "was", "becomes")
    bulk.insert(ImportChange, fields, _changes(outcome, present), always={"run_id": run.pk})


def _present(outcome: Outcome) -> dict[int, _Present]:
    ids = [membership.id for membership in outcome.held.memberships.values()]
    query = Membership.objects.values_list("pk", "kind", "level", "roles", "main_group__group_id")
    rows = bulk.look_up(ids, lambda part: query.filter(pk__any_of=part))
    return {pk: _Present(kind, level, tuple(roles), group or "") for pk, kind, level, roles, group in rows}


def _before_after(outcome: Outcome, present: dict[int, _Present]) -> Iterator[dict[str, Any]]:
    """Yield objects of label, now, after, new, ends, changed and is_big, pupils by level first."""
    now = Counter(_Key(tie.kind, tie.level) for tie in present.values())
    new = Counter(_key_of(row.tie) for row in outcome.plan.joins)
    ends = Counter(_Key(present[leave.id].kind, present[leave.id].level) for leave in outcome.plan.leaves)
    changed = Counter(_key_of(change.was) for change in outcome.plan.changes)
    moved_in = Counter(_key_of(change.row.tie) for change in outcome.plan.changes if _moves(change.was, change.row.tie))
    moved_out = Counter(_key_of(change.was) for change in outcome.plan.changes if _moves(change.was, change.row.tie))
    for key in sorted({*now, *new, *moved_in}, key=lambda key: key.place):
        after = now[key] + new[key] + moved_in[key] - ends[key] - moved_out[key]
        difference = abs(after - now[key])
        yield {
            "label": key.as_dict(),
            "now": now[key],
            "after": after,
            "new": new[key],
            "ends": ends[key],
            "changed": changed[key],
            "is_big": difference >= _BIG_COUNT and difference * 100 > _BIG_SHARE * now[key],
        }


def _key_of(tie: Tie) -> _Key:
    return _Key(tie.kind, tie.level)


def _moves(was: Tie, becomes: Tie) -> bool:
    return _key_of(was) != _key_of(becomes)


def _changes(outcome: Outcome, present: dict[int, _Present]) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield kind, local id, field, was and becomes: what ends first, then what changes, then what is new."""
    for leave in outcome.plan.leaves:
        tie = present[leave.id]
        yield ChangeKind.ENDS, shown_local_id(leave.local_id), "membership", _described(tie.roles, tie.group), ""
    for change in outcome.plan.changes:
        for field in _SHOWN_FIELDS:
            was, becomes = _text(getattr(change.was, field)), _text(getattr(change.row.tie, field))
            if was != becomes:
                yield ChangeKind.CHANGES, shown_local_id(change.row.local_id), field, was, becomes
    with_new_name = renamed(outcome)
    for name, membership in outcome.held.memberships.items():
        if membership.person_id in with_new_name:
            yield ChangeKind.CHANGES, shown_local_id(name), "name", "", ""
    for issue in outcome.reading.issues:
        if issue.code == IssueCode.CPR_UNEXPECTED:
            yield ChangeKind.CHANGES, issue.local_id, "cpr", "", ""
    for row in outcome.plan.joins:
        yield (
            ChangeKind.JOINS,
            shown_local_id(row.local_id),
            "membership",
            "",
            _described(row.tie.roles, row.tie.main_group),
        )


def _described(roles: Iterable[str], group: str) -> str:
    return ", ".join(filter(None, [*roles, group]))[:_LONGEST]


def _text(value: str | Iterable[str]) -> str:
    return (value if isinstance(value, str) else ", ".join(sorted(value)))[:_LONGEST]

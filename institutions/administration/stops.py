"""What a run that was stopped would change where, in words, and what it looks like."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ..models import Brake, ChangeKind, ImportChange, MembershipKind

FIELDS: dict[str, Promise] = {
    "membership": gettext_lazy("Tie"),
    "main_group": gettext_lazy("Class"),
    "groups": gettext_lazy("Groups"),
    "level": gettext_lazy("Level"),
    "roles": gettext_lazy("Role"),
    "name": gettext_lazy("Name"),
    "cpr": gettext_lazy("CPR number"),
}
KINDS: dict[str, Promise] = {
    MembershipKind.EMPLOYEE: gettext_lazy("Employees"),
    MembershipKind.EXTERNAL: gettext_lazy("Externals"),
    MembershipKind.STUDENT: gettext_lazy("Pupils"),
}
# Those that are no number (D1.6).
LEVELS: dict[str, Promise] = {
    "DT": gettext_lazy("Day care"),
    "U1": gettext_lazy("Upper secondary, year 1"),
    "U2": gettext_lazy("Upper secondary, year 2"),
    "U3": gettext_lazy("Upper secondary, year 3"),
    "U4": gettext_lazy("Upper secondary, year 4"),
    "VU": gettext_lazy("Adult education"),
    "Andet": gettext_lazy("Other level"),
}


@dataclass(frozen=True)
class GroupLine:
    """A class or group, now and after."""

    label: str
    now: int
    after: int
    difference: str
    is_big: bool


@dataclass(frozen=True)
class ChangeLine:
    """One change, found in the school's own system by its local id."""

    local_id: str
    field: str
    was: str
    becomes: str


def group_lines(groups: Iterable[Mapping[str, Any]]) -> list[GroupLine]:
    return [
        GroupLine(label(group["label"]), group["now"], group["after"], _difference(group), bool(group["is_big"]))
        for group in groups
    ]


def label(of: Mapping[str, str]) -> str:
    """Return what a class or group is called: "Level 2", "Employees"."""
    value = of["value"]
    if of["kind"] != "level":
        return str(KINDS.get(value, value))
    return str(LEVELS[value]) if value in LEVELS else _("Level %(level)s") % {"level": value}


def _difference(group: Mapping[str, Any]) -> str:
    parts = [
        ngettext("%(count)s new", "%(count)s are new", group["new"]) % {"count": group["new"]} if group["new"] else "",
        ngettext("%(count)s ends", "%(count)s end", group["ends"]) % {"count": group["ends"]} if group["ends"] else "",
        ngettext("%(count)s changes", "%(count)s change", group["changed"]) % {"count": group["changed"]}
        if group["changed"]
        else "",
    ]
    return ", ".join(filter(None, parts)) or _("None")


def change_lines(changes: Iterable[ImportChange]) -> list[ChangeLine]:
    return [
        ChangeLine(change.local_person_id, str(FIELDS.get(change.field, change.field)), *_before_and_after(change))
        for change in changes
    ]


def _before_and_after(change: ImportChange) -> tuple[str, str]:
    """Return what stands there now and afterwards; of names and CPR numbers only that they change."""
    if change.kind == ChangeKind.ENDS:
        return change.was, _("Ends")
    if change.kind == ChangeKind.JOINS:
        return "–", change.becomes or _("New")
    if not change.was and not change.becomes:
        return _("Not shown"), _("Changes")
    return change.was or "–", change.becomes or "–"


# What the numbers look like. The first that fits is said; `{}` of nothing fits where nothing is known.
Groups = Sequence[Mapping[str, Any]]
Cause = Callable[[Mapping[str, Mapping[str, Any]], Groups], bool]


def _gone(groups: Groups) -> list[Mapping[str, Any]]:
    return [group for group in groups if group["now"] >= 3 and not group["after"]]


def _most(stops: Mapping[str, Mapping[str, Any]], brake: Brake) -> bool:
    stop = stops.get(brake, {})
    return bool(stop) and stop["count"] * 2 > stop["of"]


def _everybody_anew(stops: Mapping[str, Mapping[str, Any]], groups: Groups) -> bool:
    return Brake.ENDING in stops and sum(g["new"] for g in groups) * 2 > stops[Brake.ENDING]["count"]


CAUSES: tuple[tuple[Cause, Promise], ...] = (
    (
        lambda stops, groups: Brake.UNDONE in stops,
        gettext_lazy("Somebody took the last import back. See what has been corrected since, before you approve."),
    ),
    (
        lambda stops, groups: Brake.EMPTY in stops,
        gettext_lazy("An extract without anybody is nearly always broken off. Ask your supplier, %(source)s."),
    ),
    (
        lambda stops, groups: Brake.SCHOOL_YEAR in stops,
        gettext_lazy(
            "It looks like a new school year that is delivered too early, or an old file. Ask your supplier, "
            "%(source)s."
        ),
    ),
    (
        _everybody_anew,
        gettext_lazy(
            "About as many are new as end. It looks as if the system has given people new local ids. Ask your "
            "supplier, %(source)s."
        ),
    ),
    (
        lambda stops, groups: 0 < len(_gone(groups)) < len([g for g in groups if g["now"]]),
        gettext_lazy(
            "Whole classes or groups are missing in the file: %(gone)s. It looks like an extract that was broken "
            "off. Ask your supplier, %(source)s."
        ),
    ),
    (
        lambda stops, groups: Brake.PROTECTION in stops,
        gettext_lazy(
            "It looks as if the system has stopped sending who is protected. Approve only if you know that the "
            "protection of each of them has ended, and ask your supplier, %(source)s."
        ),
    ),
    (
        lambda stops, groups: Brake.LEADERS in stops,
        gettext_lazy(
            "It looks as if employees have been given the wrong role. Leaders may decide about imports: see who they "
            "are in your system, %(source)s, before you approve."
        ),
    ),
    (
        lambda stops, groups: _most(stops, Brake.RENAMED),
        gettext_lazy(
            "Most names change at once. It looks like columns that were swapped. Ask your supplier, %(source)s."
        ),
    ),
    (
        lambda stops, groups: Brake.CPR in stops,
        gettext_lazy(
            "It looks as if local ids have been given to other people. Ask your supplier, %(source)s, before you "
            "approve."
        ),
    ),
    (
        lambda stops, groups: _most(stops, Brake.MOVED),
        gettext_lazy(
            "Nearly everybody changes level or class. It looks like a new school year, but the file's school year "
            "is not new."
        ),
    ),
    (
        lambda stops, groups: _most(stops, Brake.CONTACTS),
        gettext_lazy(
            "Most ties to contact persons change at once. It looks like an extract without contact persons or without "
            "custody. Ask your supplier, %(source)s."
        ),
    ),
    (
        lambda stops, groups: Brake.DRAINING in stops,
        gettext_lazy(
            "People have ended over several nights, and together they are many. It looks like an extract that lacks "
            "more and more. Ask your supplier, %(source)s."
        ),
    ),
)


def possible_cause(stops: Iterable[Mapping[str, Any]], groups: Groups, source: str) -> str:
    """Return what the numbers look like, or nothing."""
    by_brake = {stop["brake"]: stop for stop in stops}
    gone = ", ".join(label(group["label"]) for group in _gone(groups))
    for fits, words in CAUSES:
        if fits(by_brake, groups):
            return str(words) % {"source": source, "gone": gone}
    return ""

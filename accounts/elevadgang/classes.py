"""What the class pages show: the pupils of a group and how they stand, the list of classes, and why it is empty.

The number of queries depends neither on the number of pupils nor of classes.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from institutions.models import Group, GroupType, Institution, Membership, MembershipGroup, MembershipKind
from unilogin_portal.lib.status import Status

from .. import throttle
from ..models import Person, ResetWindow, StepUp, User
from . import access, frame, standings

# More pupils than this are not listed from a search over whole schools: a longer name finds fewer.
FOUND = 50
LONGEST_SEARCH = 100


@dataclass(frozen=True)
class Tab:
    """One of the viewer's own classes, beside the one that is shown."""

    group: Group
    name: str
    is_here: bool


@dataclass(frozen=True)
class PupilRow:
    """A pupil of a list. Names are those that may be shown: a protected pupil's are an alias."""

    user_id: int
    name: str
    username: str
    place: str
    logs_on_with: str
    status: Status | None
    is_chosen: bool


@dataclass(frozen=True)
class GroupLine:
    """A class or group of the list, with how many pupils it has."""

    group: Group
    pupils: int


@dataclass(frozen=True)
class InstitutionLine:
    """An institution of the list, with how many pupils it has."""

    institution: Institution
    pupils: int


def tabs(groups: Iterable[Group], here: Group) -> list[Tab]:
    """Return the viewer's own classes; their schools stand beside them where there are several."""
    groups = in_order(groups)
    several = len({group.institution_id for group in groups}) > 1
    return [Tab(group, frame.name_of(group, several=several), group.pk == here.pk) for group in groups]


def in_order(groups: Iterable[Group]) -> list[Group]:
    """Return classes before teams, and 2.A before 10.A."""
    return sorted(groups, key=lambda group: (group.institution.name, group.type != GroupType.MAIN, _natural(group)))


def _natural(group: Group) -> list[tuple[int, int, str]]:
    parts = re.split(r"(\d+)", group.name)
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part.casefold()) for part in parts if part]


def pupils_of(group: Group) -> list[Membership]:
    """Return the pupils of one group, each once: one query."""
    return _each_once(_with_what_is_open(access.pupils_in([group])))


def found(groups: QuerySet[Group], asked: str) -> list[Membership]:
    """Return the first pupils of these groups whose names or user name hold every word asked for: one query."""
    pupils = access.pupils_in(groups).select_related("person__user__credential", "main_group", "institution")
    for word in asked.split():
        pupils = pupils.filter(
            Q(person__first_name__icontains=word)
            | Q(person__family_name__icontains=word)
            | Q(person__user__username__istartswith=word)
        )
    return _each_once(_with_what_is_open(pupils)[: FOUND + 1])


def _with_what_is_open(pupils: QuerySet[Membership]) -> QuerySet[Any]:
    now = timezone.now()
    window = ResetWindow.objects.live(now).filter(user=OuterRef("person__user"))  # one at most
    waiting = StepUp.objects.waiting(now).filter(user=OuterRef("person__user"))
    return pupils.annotate(
        window_state=Subquery(window.values("state")[:1]),
        window_expires_at=Subquery(window.values("expires_at")[:1]),
        waits=Exists(waiting),
    )


def _each_once(pupils: Iterable[Membership]) -> list[Membership]:
    """A school that changes systems may have a pupil twice for a while."""
    return list({pupil.person_id: pupil for pupil in pupils}.values())


def matching(pupils: Iterable[Membership], asked: str) -> list[Membership]:
    """Return those whose names or user name hold every word asked for; here, where letters are Danish everywhere."""
    words = asked.casefold().split()
    return [
        pupil
        for pupil in pupils
        if all(word in f"{pupil.person.name} {pupil.person.user.username}".casefold() for word in words)
    ]


def rows(
    pupils: Iterable[Any], *, chosen: Collection[int] = (), place_of: Callable[[Membership], str] = lambda pupil: ""
) -> list[PupilRow]:
    """Return the pupils as a list shows them, `place_of` beside their names: two queries, however many."""
    pupils, now = list(pupils), timezone.now()
    stand = throttle.standings_of([pupil.person.user for pupil in pupils])
    return [_row(pupil, stand[pupil.person.user.pk], now, chosen=chosen, place=place_of(pupil)) for pupil in pupils]


def _row(pupil: Any, standing: throttle.Standing, now: dt.datetime, *, chosen: Collection[int], place: str) -> PupilRow:
    user: User = pupil.person.user
    window = standings.OpenWindow(pupil.window_state, pupil.window_expires_at) if pupil.window_state else None
    found = standings.statuses_of(user, standing, window=window, waits=pupil.waits, now=now)
    return PupilRow(
        user.pk,
        pupil.person.name,
        user.username,
        place,
        standings.logs_on_with(user),
        found[0] if found else None,
        user.pk in chosen,
    )


def class_of(pupil: Membership) -> str:
    return pupil.main_group.name if pupil.main_group else ""


def class_and_school_of(pupil: Membership) -> str:
    return ", ".join(filter(None, [class_of(pupil), pupil.institution.name]))


def people(pupils: Iterable[Membership]) -> list[Person]:
    return [pupil.person for pupil in pupils]


def shown(pupils: Iterable[Membership], numbers: Mapping[int, str]) -> list[tuple[Person, str]]:
    """Return whom a page shows and at which institution (number, by key): what is recorded of protected people."""
    return [(pupil.person, numbers[pupil.institution_id]) for pupil in pupils]


def group_lines(institution: Institution, groups: QuerySet[Group]) -> tuple[list[GroupLine], list[GroupLine]]:
    """Return the institution's classes, and its other groups, with how many pupils each has: three queries."""
    mine = groups.filter(institution=institution)
    numbers = _pupils_by_group(mine)
    lines = [GroupLine(group, numbers[group.pk]) for group in in_order(mine)]
    lines = [line for line in lines if line.pupils or line.group.type == GroupType.MAIN]
    main = [line for line in lines if line.group.type == GroupType.MAIN]
    return main, [line for line in lines if line.group.type != GroupType.MAIN]


def _pupils_by_group(groups: QuerySet[Group]) -> Counter[int]:
    groups = groups.order_by()
    pupils = Membership.objects.current().filter(kind=MembershipKind.STUDENT, person__user__isnull=False)
    main = pupils.filter(main_group__in=groups).values_list("main_group").annotate(n=Count("person", distinct=True))
    more = (
        MembershipGroup.objects.filter(group__in=groups, membership__in=pupils)
        .exclude(membership__main_group=F("group"))
        .values_list("group")
        .annotate(n=Count("membership__person", distinct=True))
    )
    return Counter(dict(main)) + Counter(dict(more))


def institution_lines(institutions: Iterable[Institution]) -> list[InstitutionLine]:
    """Return the institutions with how many pupils each has: one query more."""
    institutions = list(institutions)
    pupils = Membership.objects.current().filter(
        institution__in=institutions, kind=MembershipKind.STUDENT, person__user__isnull=False
    )
    numbers = dict(pupils.values_list("institution").annotate(n=Count("person", distinct=True)))
    return [InstitutionLine(institution, numbers.get(institution.pk, 0)) for institution in institutions]

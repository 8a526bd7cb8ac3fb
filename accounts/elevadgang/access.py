"""Which classes and pupils somebody may help in Elevadgang, and in which capacity (D3.5).

A teacher: by the role *Lærer* at the institution and a tie to the group, both as the school's own system delivers them.
A substitute: by what a colleague lent, until a date. A user administrator: by the right that came with this very
MitID Erhverv log-in. Operators of STIL help nobody here.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Value
from django.http import Http404
from django.shortcuts import get_object_or_404

from institutions.access import institutions_by_right
from institutions.actor import Actor
from institutions.models import (
    Group,
    GroupType,
    Institution,
    Membership,
    MembershipGroup,
    MembershipKind,
    SubstituteAccess,
)
from institutions.roles import EMPLOYEE_ROLES, LEADER_ROLES, Right, Role
from unilogin_portal.lib.dates import today
from unilogin_portal.lib.gate import LevelOfAssurance

from ..models import ResetWindow, StepUp, User
from ..models.helping import ResetWindowQuerySet, StepUpQuerySet
from ..states import UserState


@dataclass(frozen=True)
class Capacity:
    """As what, and for which institution (number), somebody acts: what the audit says of every act."""

    role: str
    institution: str

    @property
    def administers(self) -> bool:
        """Whether this is a user administrator, who may block and unblock."""
        return self.role == Right.PUPIL_ACCESS


@dataclass(frozen=True)
class Reach:
    """How far somebody's help reaches: groups (keys) taught and lent, institutions (keys) administered."""

    user: User
    taught: frozenset[int]
    lent: frozenset[int]
    administered: frozenset[int]

    @property
    def is_empty(self) -> bool:
        return not (self.taught or self.lent or self.administered)

    def capacity_at(self, group: Group) -> Capacity | None:
        """Return as what the group is helped: as its administrator first, then its teacher, then a substitute."""
        number = group.institution.number
        if group.institution_id in self.administered:
            return Capacity(Right.PUPIL_ACCESS, number)
        if group.pk in self.taught:
            return Capacity(Role.TEACHER, number)
        return Capacity(Role.SUBSTITUTE, number) if group.pk in self.lent else None


_RANK = (Right.PUPIL_ACCESS, Role.TEACHER, Role.SUBSTITUTE)


# Whom Elevadgang lets in at all: employees, of whom some teach or stand in, and who brought the right.
MAY_HELP: frozenset[str] = EMPLOYEE_ROLES | {Right.PUPIL_ACCESS}


def reach_of(actor: Actor, loa: int) -> Reach:
    """Return how far the actor's help reaches now, in a session of this level: one query beside the actor's own.

    A user administrator's reach needs a session by MitID (D3.5). `actor.user` must be somebody.
    """
    assert actor.user is not None  # noqa: S101  every view here is behind a gate
    ties = [tie.membership_id for tie in actor.ties]
    teaching = [tie.membership_id for tie in actor.ties if Role.TEACHER in tie.roles]
    taught: Any = MembershipGroup.objects.filter(membership__in=teaching).values_list("group_id", Value("taught"))
    main = Membership.objects.filter(pk__in=teaching, main_group__isnull=False)
    lent = SubstituteAccess.objects.current(today()).filter(membership__in=ties).order_by()
    places: QuerySet[Institution] = Institution.objects.none().order_by()
    if is_administrator(actor) and loa >= LevelOfAssurance.SUBSTANTIAL:
        places = institutions_by_right(actor, Right.PUPIL_ACCESS).order_by()
    found = taught.union(
        main.values_list("main_group_id", Value("taught")),
        lent.values_list("group_id", Value("lent")),
        places.values_list("pk", Value("administered")),
    )
    reached: dict[str, set[int]] = {"taught": set(), "lent": set(), "administered": set()}
    for key, how in found:
        reached[how].add(key)
    return Reach(actor.user, **{how: frozenset(keys) for how, keys in reached.items()})


def is_administrator(actor: Actor) -> bool:
    """Whether this log-in brought the right of a user administrator."""
    return any(right.right == Right.PUPIL_ACCESS for right in actor.rights)


def groups_for(reach: Reach) -> QuerySet[Group]:
    """Return the classes and groups whose pupils may be helped, each once, with their institution."""
    mine = Q(pk__in=reach.taught | reach.lent) | Q(institution__in=reach.administered)
    return (
        Group.objects.filter(mine, ended_at=None)
        .exclude(type=GroupType.STAFF_TEAM)
        .select_related("institution")
        .order_by("institution__name", "name", "pk")
    )


def own_groups_for(reach: Reach) -> QuerySet[Group]:
    """Return the groups that are taught or lent, without those that a right of administration opens."""
    return groups_for(replace(reach, administered=frozenset()))


def administered_groups_for(reach: Reach) -> QuerySet[Group]:
    """Return the groups of the institutions that this log-in administers."""
    return groups_for(replace(reach, taught=frozenset(), lent=frozenset()))


def institutions_for(reach: Reach) -> QuerySet[Institution]:
    """Return the institutions that this log-in administers, by name."""
    return Institution.objects.filter(pk__in=reach.administered).order_by("name", "number")


def group_for(reach: Reach, pk: int, known: Iterable[Group] = ()) -> tuple[Group, Capacity]:
    """Return the group and as what it is helped, or 404 if it is not theirs to help.

    `known` are groups of theirs that have been read already.
    """
    group = next((one for one in known if one.pk == pk), None) or get_object_or_404(groups_for(reach), pk=pk)
    capacity = reach.capacity_at(group)
    if capacity is None:
        raise Http404
    return group, capacity


def pupils_in(groups: Iterable[Group] | QuerySet[Group]) -> QuerySet[Membership]:
    """Return the pupils' current memberships of these groups, as main group or otherwise, each once, by name."""
    in_groups = Exists(MembershipGroup.objects.filter(membership=OuterRef("pk"), group__in=groups))
    return (
        Membership.objects.current()
        .filter(Q(main_group__in=groups) | Q(in_groups), kind=MembershipKind.STUDENT, person__user__isnull=False)
        .select_related("person__user__credential", "main_group")
        .order_by("person__first_name", "person__family_name", "pk")
    )


def users_in(groups: Iterable[Group] | QuerySet[Group]) -> QuerySet[User]:
    """Return the accounts of the pupils of these groups, each once."""
    return User.objects.filter(pk__in=pupils_in(groups).order_by().values("person__user")).select_related("person")


@dataclass(frozen=True)
class Helped:
    """A pupil, as what they are helped, and where they go now: theirs or not, with class and institution."""

    user: User
    capacity: Capacity
    memberships: list[Membership]


def pupil_for(reach: Reach, user_pk: int) -> tuple[User, Capacity]:
    """Return the pupil and as what they are helped, or 404."""
    helped = helped_for(reach, user_pk)
    return helped.user, helped.capacity


def helped_for(reach: Reach, user_pk: int) -> Helped:
    """Return the pupil with all that they belong to, or 404: one query. Of several ties the strongest counts."""
    memberships = list(
        Membership.objects.current()
        .filter(person__user=user_pk, kind=MembershipKind.STUDENT)
        .select_related("person__user__credential", "main_group", "institution")
        .annotate(is_taught=_is_in(reach.taught), is_lent=_is_in(reach.lent), is_in_a_group=_is_in(None))
        .order_by("-is_primary", "pk")
    )
    capacities = [capacity for one in memberships if (capacity := _capacity_by(reach, one))]
    if not capacities:
        raise Http404
    strongest = min(capacities, key=lambda capacity: _RANK.index(capacity.role))
    return Helped(memberships[0].person.user, strongest, memberships)


def _is_in(keys: Iterable[int] | None) -> Exists:
    """Whether a membership is in one of these groups, as main group or otherwise; None: in any that pupils are in."""
    mine = Q() if keys is None else Q(pk__in=keys)
    groups = Group.objects.filter(mine, ended_at=None).exclude(type=GroupType.STAFF_TEAM)
    of_membership = Q(pk=OuterRef("main_group")) | Q(membershipgroup__membership=OuterRef("pk"))
    return Exists(groups.filter(of_membership))


def _capacity_by(reach: Reach, membership: Any) -> Capacity | None:
    number = membership.institution.number
    if membership.institution_id in reach.administered and membership.is_in_a_group:
        return Capacity(Right.PUPIL_ACCESS, number)
    if membership.is_taught:
        return Capacity(Role.TEACHER, number)
    return Capacity(Role.SUBSTITUTE, number) if membership.is_lent else None


def groups_of(reach: Reach, user: User) -> QuerySet[Group]:
    """Return the groups in which this user is theirs to help."""
    groups = groups_for(reach)
    memberships = pupils_in(groups).filter(person__user=user)
    in_group = Exists(MembershipGroup.objects.filter(group=OuterRef("pk"), membership__in=memberships))
    return groups.filter(Q(in_group) | Q(main_members__in=memberships)).distinct()


def windows_for(reach: Reach) -> ResetWindowQuerySet:
    """Return the windows that this user has opened, of pupils who are still theirs to help."""
    helped = users_in(groups_for(reach)).values("pk")
    return ResetWindow.objects.filter(opened_by=reach.user, user__in=helped).select_related("user__person")


def window_for(reach: Reach, pk: int) -> ResetWindow:
    """Return one of the user's own windows, or 404."""
    return get_object_or_404(windows_for(reach), pk=pk)


def step_ups_for(reach: Reach) -> StepUpQuerySet:
    """Return what the pupils one may help have asked an adult for."""
    helped = users_in(groups_for(reach)).values("pk")
    return StepUp.objects.filter(user__in=helped).select_related("user__person", "service", "answered_by")


def live_step_ups_for(reach: Reach, now: dt.datetime) -> StepUpQuerySet:
    """Return those who wait and those who have an adult's word now: by service, and who asked first on top."""
    ours = step_ups_for(reach)
    return (ours.waiting(now) | ours.granted(now)).order_by("service__position", "service__name", "asked_at", "pk")


def main_groups_of(reach: Reach, users: Iterable[int]) -> dict[int, Group]:
    """Return the pupils' own classes, by the user's key: one query."""
    pupils = pupils_in(groups_for(reach)).filter(person__user__in=users, main_group__isnull=False).order_by("-pk")
    return {pupil.person.user.pk: pupil.main_group for pupil in pupils if pupil.main_group}


def capacities_of(reach: Reach, users: Iterable[int]) -> dict[int, Capacity]:
    """Return as what each of these pupils is helped, by the user's key: two queries. Of several ties the strongest."""
    groups = groups_for(reach)
    helped = Prefetch("groups", groups, to_attr="helped")
    pupils = pupils_in(groups).filter(person__user__in=users).select_related("person__user", "main_group__institution")
    found: dict[int, Capacity] = {}
    for pupil in pupils.prefetch_related(helped):
        main = pupil.main_group
        shared = [*pupil.helped, main] if main and main.ended_at is None else pupil.helped
        capacities = [capacity for group in shared if (capacity := reach.capacity_at(group))]
        if known := found.get(pupil.person.user.pk):
            capacities.append(known)
        if capacities:
            found[pupil.person.user.pk] = min(capacities, key=lambda capacity: _RANK.index(capacity.role))
    return found


def lendable_groups_for(reach: Reach) -> QuerySet[Group]:
    """Return the groups that are taught or administered: what was lent to somebody is not lent on."""
    return groups_for(replace(reach, lent=frozenset()))


def colleagues_of(group: Group, *, apart_from: User) -> QuerySet[Membership]:
    """Return who is employed now at the group's institution and has an account that is not blocked, by name."""
    employed = Membership.objects.current().filter(institution=group.institution_id, kind=MembershipKind.EMPLOYEE)
    return (
        employed.filter(person__user__isnull=False)
        .exclude(person__user__state=UserState.BLOCKED)
        .exclude(person__user=apart_from)
        .select_related("person")
        .order_by("person__first_name", "person__family_name", "pk")
    )


def substitutes_for(reach: Reach) -> QuerySet[SubstituteAccess]:
    """Return who stands in now, in the groups that are taught or administered, whoever let them."""
    return _with_names(SubstituteAccess.objects.current(today()).filter(group__in=lendable_groups_for(reach)))


def substitute_for(reach: Reach, pk: int) -> tuple[SubstituteAccess, Capacity]:
    """Return one of them, and as what it may be ended, or 404."""
    found = get_object_or_404(substitutes_for(reach), pk=pk)
    capacity = replace(reach, lent=frozenset()).capacity_at(found.group)
    if capacity is None:
        raise Http404
    return found, capacity


def lent_to(reach: Reach) -> QuerySet[SubstituteAccess]:
    """Return what was lent to this user and counts now."""
    lent = SubstituteAccess.objects.current(today()).filter(group__in=reach.lent)
    return _with_names(lent.filter(membership__person=reach.user.person_id))


def _with_names(lent: QuerySet[SubstituteAccess]) -> QuerySet[SubstituteAccess]:
    return lent.select_related("group__institution", "membership__person", "given_by__person").order_by(
        "group__name", "until", "pk"
    )


def watched_groups_for(reach: Reach, actor: Actor) -> QuerySet[Group]:
    """Return the groups whose history may be read: those one may help, and all of an institution that one leads."""
    led = [tie.institution_id for tie in actor.ties if tie.roles & LEADER_ROLES]
    return groups_for(replace(reach, administered=reach.administered.union(led)))


def names_seen_at(reach: Reach, actor: Actor, groups: Iterable[Group]) -> frozenset[str]:
    """Return the institutions (numbers) of these groups where colleagues' names may be read: by its user
    administrators and leaders.
    """
    led = {tie.institution_id for tie in actor.ties if tie.roles & LEADER_ROLES}
    return frozenset(one.institution.number for one in groups if one.institution_id in led | reach.administered)

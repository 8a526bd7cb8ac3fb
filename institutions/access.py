"""Who may see which memberships, institutions and imports."""

import enum
from collections.abc import Collection, Iterable
from typing import TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, Q, QuerySet
from django.shortcuts import get_object_or_404

from accounts.models import Person

from .actor import Actor, GrantedRight
from .models import Group, ImportRun, ImportSeries, Institution, Membership, MembershipKind
from .roles import LEADER_ROLES, Right, Role, helper_at

Thing = TypeVar("Thing")


class Action(enum.StrEnum):
    """What Brugeradministration can be used for."""

    VIEW = "view"
    DECIDE = "decide"


_ADMINISTRATORS = frozenset({Role.LEADER, Role.MANAGEMENT, Role.OPERATOR, Right.USER_ADMINISTRATION})
# By a role at the institution itself, a right of a MitID Erhverv log-in that covers it, or the agency's own account.
MAY: dict[Action, frozenset[str]] = {
    Action.VIEW: _ADMINISTRATORS | {Right.USER_OVERVIEW},
    Action.DECIDE: _ADMINISTRATORS,
}


def may(actor: Actor, action: Action, institution: Institution | None) -> bool:
    """Whether what the actor holds at this very institution allows it; what is no institution's is the operators'."""
    if Role.OPERATOR in actor.roles:
        return True
    if institution is None:
        return False
    by_role = any(tie.institution_id == institution.pk and tie.roles & MAY[action] for tie in actor.ties)
    return by_role or any(_covers(right, institution) for right in actor.rights if right.right in MAY[action])


def _covers(right: GrantedRight, institution: Institution) -> bool:
    number = {"cvr": institution.cvr, "p": institution.p_number}.get(right.scope, "")
    return bool(number) and number == right.identifier


def institutions_for(actor: Actor, action: Action = Action.VIEW) -> QuerySet[Institution]:
    """Return the institutions where `may` says yes: the same rule as a query."""
    if Role.OPERATOR in actor.roles:
        return Institution.objects.all()
    by_role = Q(pk__in=[tie.institution_id for tie in actor.ties if tie.roles & MAY[action]])
    return Institution.objects.filter(by_role | _covered_by(actor, MAY[action]))


def institutions_by_right(actor: Actor, right: Right) -> QuerySet[Institution]:
    """Return the institutions on which the actor's MitID Erhverv log-in brought this right, and nothing else."""
    return Institution.objects.filter(_covered_by(actor, {right}))


def _covered_by(actor: Actor, wanted: Collection[str]) -> Q:
    rights = [right for right in actor.rights if right.right in wanted and right.identifier]
    return Q(cvr__in=[right.identifier for right in rights if right.scope == "cvr"]) | Q(
        p_number__in=[right.identifier for right in rights if right.scope == "p"]
    )


def institution_for(actor: Actor, number: str, action: Action = Action.VIEW) -> Institution:
    """Return the institution, or 404 if it is not theirs to see, or 403 if not theirs to change."""
    institution = get_object_or_404(institutions_for(actor), number=number)
    return _allowed(actor, action, institution, institution)


def runs_for(actor: Actor) -> QuerySet[ImportRun]:
    """Return the runs of the actor's institutions. A file whose institution nobody knows is the operators' to see."""
    if Role.OPERATOR in actor.roles:
        return ImportRun.objects.all()
    return ImportRun.objects.filter(institution_number__in=institutions_for(actor).values("number"))


def run_for(actor: Actor, pk: int, action: Action = Action.VIEW) -> ImportRun:
    """Return the run, or 404 if it is not theirs to see, or 403 if not theirs to decide on."""
    run = get_object_or_404(runs_for(actor).select_related("series__institution"), pk=pk)
    return _allowed(actor, action, run, institution_of(run))


def institution_of(run: ImportRun) -> Institution | None:
    """Return whose run this is. What was refused at the door may have no series, or no institution at all."""
    if run.series is not None:
        return run.series.institution
    return Institution.objects.filter(number=run.institution_number).first()


def all_series_for(actor: Actor, action: Action = Action.VIEW) -> QuerySet[ImportSeries]:
    series = ImportSeries.objects.select_related("institution")
    return series.filter(institution__in=institutions_for(actor, action))


def series_for(actor: Actor, pk: int, action: Action = Action.VIEW) -> ImportSeries:
    """Return the series, or 404 if it is not theirs to see, or 403 if not theirs to change."""
    series = get_object_or_404(all_series_for(actor), pk=pk)
    return _allowed(actor, action, series, series.institution)


def _allowed(actor: Actor, action: Action, thing: Thing, institution: Institution | None) -> Thing:
    if not may(actor, action, institution):
        raise PermissionDenied
    return thing


def memberships_of(person: Person) -> list[Membership]:
    """Return a person's own current memberships with institution, main group and groups: two queries."""
    return list(
        Membership.objects.current()
        .filter(person=person)
        .select_related("institution", "main_group")
        .prefetch_related(Prefetch("groups", Group.objects.order_by("name")))
        .order_by("-is_primary", "institution__name", "pk")
    )


def institution_names(numbers: Iterable[str]) -> dict[str, str]:
    """Return the names of institutions by number; what the registers hold is public."""
    return dict(Institution.objects.filter(number__in=set(numbers)).values_list("number", "name"))


def helper_in_words(role: str, number: str) -> str:
    """Return who helped a pupil, by role and institution, without a name."""
    return helper_at(role, institution_names([number]).get(number, number))


def administrators_mail(institution: Institution) -> list[str]:
    """Return where an institution's user administrators are written to: its leaders, else its own address."""
    leaders = Membership.objects.current().filter(institution=institution, kind=MembershipKind.EMPLOYEE)
    addresses = {
        email
        for roles, email in leaders.exclude(person__email="").values_list("roles", "person__email")
        if LEADER_ROLES.intersection(roles)
    }
    return sorted(addresses) or [email for email in [institution.email] if email]

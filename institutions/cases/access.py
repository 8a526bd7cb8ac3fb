"""Who may see which cases: the institution its own, STIL's supporters all."""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from ..access import institutions_by_right
from ..actor import Actor
from ..models import Case, CaseKind, Institution
from ..models.cases import CaseQuerySet
from ..roles import Right, Role
from .kinds import KINDS, MAY_OPEN, kind_called

SUPPORTER = Role.OPERATOR


def institutions_for(actor: Actor) -> QuerySet[Institution]:
    """Return the institutions that the actor opens cases for. An operator's reach does not count: STIL asks nobody."""
    led = [tie.institution_id for tie in actor.ties if tie.roles & MAY_OPEN]
    return Institution.objects.filter(pk__in=led) | institutions_by_right(actor, Right.USER_ADMINISTRATION)


def role_at(actor: Actor, institution: Institution) -> str:
    """Return as what the actor acts for the institution: a role there, else the right of a MitID Erhverv log-in."""
    for tie in actor.ties:
        if tie.institution_id == institution.pk and (held := sorted(tie.roles & MAY_OPEN)):
            return held[0]
    return Right.USER_ADMINISTRATION


def kind_for(actor: Actor, slug: str) -> CaseKind:
    """Return the kind of case, or 404 if there is none, or 403 if not theirs to open."""
    kind = kind_called(slug)
    if not actor.has_any(KINDS[kind].may_open):
        raise PermissionDenied
    return kind


def cases_for(actor: Actor) -> CaseQuerySet:
    """Return the cases of the actor's institutions."""
    return Case.objects.filter(institution__in=institutions_for(actor))


def cases_of_company(actor: Actor) -> CaseQuerySet:
    """Return the cases of companies for whose CVR number the actor's log-in brought the right of agreements."""
    rights = [right.identifier for right in actor.rights if right.right == Right.AGREEMENTS and right.scope == "cvr"]
    return Case.objects.filter(institution=None, cvr__in=filter(None, rights))


def company_case_for(actor: Actor, number: str) -> Case:
    """Return a case of a company that the actor acts for, or 404."""
    return get_object_or_404(_whole(cases_of_company(actor)), number=number)


def role_in(actor: Actor, case: Case) -> str:
    """Return as what the actor acts in a case for whoever asks."""
    return role_at(actor, case.institution) if case.institution else Right.AGREEMENTS


def case_for(actor: Actor, number: str) -> Case:
    """Return a case of one of the actor's institutions, or 404."""
    return get_object_or_404(_whole(cases_for(actor)), number=number)


def inbox_for(actor: Actor) -> CaseQuerySet:
    """Return what STIL's supporters see: every case."""
    return Case.objects.all() if SUPPORTER in actor.roles else Case.objects.none()


def inbox_case_for(actor: Actor, number: str) -> Case:
    """Return a case as a supporter, or 404."""
    return get_object_or_404(_whole(inbox_for(actor)), number=number)


def _whole(cases: CaseQuerySet) -> CaseQuerySet:
    return cases.select_related("institution", "subject__user", "contact", "earlier", "opened_by__person")

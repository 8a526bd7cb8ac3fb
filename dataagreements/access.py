"""Who may see and answer which agreements: by the right on agreements of a MitID Erhverv log-in (D4.1, D4.2).

One right serves both sides: on the CVR number of an institution or municipality it answers requests, on that of a
supplier it makes them.
"""

from collections.abc import Collection, Iterable

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from institutions.access import institutions_by_right
from institutions.actor import Actor
from institutions.models import Institution, InstitutionKind
from institutions.roles import Right, Role

from . import routing
from .models import Agreement, Client, Provider, RequestBatch, System
from .models.agreement import AgreementQuerySet
from .routing import Recipient
from .states import AgreementAction, Side

# Who comes in at all; STIL sees everything and answers for nobody.
MAY_SEE = frozenset({Right.AGREEMENTS, Role.OPERATOR})
MAY_ACT = frozenset({Right.AGREEMENTS})


def institutions_for(actor: Actor) -> QuerySet[Institution]:
    """Return the institutions whose agreements the actor may see."""
    if Role.OPERATOR in actor.roles:
        return Institution.objects.all()
    return institutions_by_right(actor, Right.AGREEMENTS)


def answerable_for(actor: Actor) -> QuerySet[Institution]:
    """Return the institutions that the actor answers for: the rule of `may_answer` as a query."""
    by_scope = {scope: _identifiers(actor, scope) for scope in ("cvr", "p")}
    found = Q(pk__in=[])
    if by_scope["cvr"]:
        found |= Q(cvr__in=by_scope["cvr"])
    if by_scope["p"]:
        found |= Q(p_number__in=by_scope["p"]) & _goes_to_itself()
    return Institution.objects.filter(found)


def may_answer(actor: Actor, institution: Institution) -> bool:
    """Whether a right of the actor's covers the institution, and answers what goes to whom it goes to (D4.2)."""
    numbers = {"cvr": institution.cvr, "p": institution.p_number}
    return any(
        identifier and identifier == numbers[scope] and routing.answers(scope, institution.kind, institution.ownership)
        for scope in ("cvr", "p")
        for identifier in _identifiers(actor, scope)
    )


def _goes_to_itself() -> Q:
    """Those whose requests go to themselves, as a condition of a query."""
    kinds = Q(pk__in=[])
    for (kind, ownership), recipient in routing.RECIPIENTS.items():
        if recipient is Recipient.INSTITUTION:
            kinds |= Q(kind=kind, ownership=ownership)
    return kinds | Q(kind=InstitutionKind.SCHOOL)


def _identifiers(actor: Actor, scope: str) -> list[str]:
    return [
        right.identifier
        for right in actor.rights
        if right.right == Right.AGREEMENTS and right.scope == scope and right.identifier
    ]


def agreements_for(actor: Actor) -> AgreementQuerySet:
    """Return the agreements of the institutions that the actor may see."""
    return Agreement.objects.filter(institution__in=institutions_for(actor))


def agreement_for(actor: Actor, pk: int, action: AgreementAction | None = None) -> Agreement:
    """Return an agreement as its institution sees it, or 404 if not theirs to see, or 403 if not theirs to answer."""
    agreement = get_object_or_404(whole(agreements_for(actor)), pk=pk)
    if action and not may_answer(actor, agreement.institution):
        raise PermissionDenied
    return agreement


def whole(agreements: AgreementQuerySet) -> AgreementQuerySet:
    return agreements.select_related("institution__municipality", "system__provider", "terms__contract")


def chosen_for(actor: Actor, keys: Collection[int]) -> AgreementQuerySet:
    """Return, of the agreements with these keys, those that the actor answers for."""
    return Agreement.objects.filter(pk__in=keys, institution__in=answerable_for(actor))


def earlier(agreement: Agreement) -> AgreementQuerySet:
    """Return the others that there were between the same two on the same service, newest first."""
    rows = Agreement.objects.of(agreement.system, agreement.service, [agreement.institution_id])
    return rows.exclude(pk=agreement.pk)


def side_of(actor: Actor, agreement: Agreement) -> Side | None:
    """Return on whose behalf the actor may act on an agreement; the answering side goes first."""
    if may_answer(actor, agreement.institution):
        return Side.APPROVER
    return Side.PROVIDER if acts_for(actor, agreement.system.provider) else None


# The supplier's side


def providers_for(actor: Actor) -> QuerySet[Provider]:
    """Return the suppliers that the actor acts for, by a right on their CVR number or P-number; STIL sees all."""
    if Role.OPERATOR in actor.roles:
        return Provider.objects.all()
    cvr, p = _identifiers(actor, "cvr"), _identifiers(actor, "p")
    return Provider.objects.filter(Q(cvr__in=cvr) | Q(p_number__in=p))


def acts_for(actor: Actor, provider: Provider) -> bool:
    by_p = provider.p_number and provider.p_number in _identifiers(actor, "p")
    return provider.cvr in _identifiers(actor, "cvr") or bool(by_p)


def provider_for(actor: Actor, pk: int) -> Provider:
    """Return a supplier that is the actor's, or 404."""
    return get_object_or_404(providers_for(actor), pk=pk)


def systems_for(actor: Actor) -> QuerySet[System]:
    return System.objects.filter(provider__in=providers_for(actor)).select_related("provider")


def system_for(actor: Actor, pk: int, *, to_change: bool = False) -> System:
    """Return a system of one of the actor's suppliers, or 404; STIL may look and not change: 403."""
    system = get_object_or_404(systems_for(actor), pk=pk)
    if to_change and not acts_for(actor, system.provider):
        raise PermissionDenied
    return system


def client_for(actor: Actor, system: int, pk: int) -> Client:
    """Return an access of one of the actor's own systems, or for STIL of any, or 404: both may revoke it."""
    return get_object_or_404(Client, pk=pk, system=system_for(actor, system))


def provider_agreements_for(actor: Actor) -> AgreementQuerySet:
    """Return the agreements of the actor's systems, as their supplier sees them."""
    return Agreement.objects.filter(system__provider__in=providers_for(actor))


def provider_agreement_for(actor: Actor, pk: int, *, to_change: bool = False) -> Agreement:
    """Return an agreement of one of the actor's systems, or 404; STIL may look and not change: 403."""
    agreement = get_object_or_404(whole(provider_agreements_for(actor)), pk=pk)
    if to_change and not acts_for(actor, agreement.system.provider):
        raise PermissionDenied
    return agreement


def batch_for(actor: Actor, pk: int) -> RequestBatch:
    """Return a request to many, of one of the actor's systems, or 404."""
    batches = RequestBatch.objects.filter(terms__system__provider__in=providers_for(actor))
    return get_object_or_404(batches.select_related("terms__system__provider"), pk=pk)


def cvr_numbers(actor: Actor) -> list[str]:
    """Return the CVR numbers that the actor's rights on agreements hold on."""
    return sorted(set(_identifiers(actor, "cvr")))


def numbers_of(institutions: Iterable[int]) -> dict[int, str]:
    """Return institution numbers by key: one query."""
    return dict(Institution.objects.filter(pk__any_of=list(institutions)).values_list("pk", "number"))

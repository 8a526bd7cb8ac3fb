"""Skift CPR: an administrator confirms that somebody's CPR number has changed, and the next import passes (D1.8).

A number that nobody has yet becomes the person's: account, user name and password stay. A number of somebody known
moves the tie to that person; the account under the old number loses it. Whoever other institutions have as well is the
operator's to change: their systems deliver the old number still.
"""

import enum
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import ContactRelation, Person
from unilogin_portal.lib.errors import DomainError

from ..actor import Actor
from ..models import Institution, Membership
from ..numbers import cpr_birth_date
from ..roles import Role
from . import standing
from .hidden import kept_local_id


class CprOutcome(enum.StrEnum):
    """What a change comes to."""

    KEEPS_ACCOUNT = "keeps_account"
    MOVES_TO_KNOWN = "moves_to_known"


@dataclass(frozen=True)
class CprAnalysis:
    """What changing the CPR number of this membership's person would do. Nobody's data stand here."""

    outcome: CprOutcome
    membership_id: int
    is_elsewhere_too: bool  # then only an operator may


def analyse_cpr_change(institution: Institution, source: str, local_id: str, cpr: str) -> CprAnalysis:
    """Return what the change would do. Raises `DomainError` where there is nothing to change."""
    membership, known = _find(institution, source, local_id, cpr)
    outcome = CprOutcome.MOVES_TO_KNOWN if known else CprOutcome.KEEPS_ACCOUNT
    is_elsewhere = known is None and _is_elsewhere(membership)
    return CprAnalysis(outcome, membership.pk, is_elsewhere)


@transaction.atomic
def change_cpr(institution: Institution, source: str, local_id: str, cpr: str, *, by: Actor, note: str) -> None:
    """Change the CPR number of a member of an institution. Raises `DomainError`."""
    analysis = analyse_cpr_change(institution, source, local_id, cpr)
    if analysis.is_elsewhere_too and Role.OPERATOR not in by.roles:
        raise DomainError(
            _("The person is registered at other institutions as well. Ask support to change the CPR number.")
        )
    membership, known = _find(institution, source, local_id, cpr)
    standing.lock({membership.person_id, *([known.pk] if known else [])})
    # Read again, now that nobody else can change either of the two.
    membership, known = _find(institution, source, local_id, cpr)
    if known is None:
        people = {membership.person_id}
        Person.objects.filter(pk__in=people).update(cpr=Person.sealed_cpr(cpr))
    else:
        people = {membership.person_id, known.pk}
        standing.settle(_move(membership, known))
    Membership.objects.filter(pk=membership.pk).update(digest=b"")
    for person in people:
        audit.record(
            "import.cpr_changed",
            membership,
            by=by.user,
            subject=Person.objects.get(pk=person),
            institution=institution.number,
            outcome=analysis.outcome.value,
            note=note,
        )


def _find(institution: Institution, source: str, local_id: str, cpr: str) -> tuple[Membership, Person | None]:
    """Return the membership, and who has the number already, or None."""
    if cpr_birth_date(cpr) is None:
        raise DomainError(_("The CPR number is not valid."))
    membership = (
        Membership.objects.current()
        .select_related("person")
        .filter(institution=institution, source=source, local_person_id=kept_local_id(local_id))
        .first()
    )
    if membership is None:
        raise DomainError(_("Nobody at the institution has this local id."))
    known = Person.objects.with_cpr(cpr).first()
    if known is not None and known.pk == membership.person_id:
        raise DomainError(_("The person has this CPR number already."))
    if known is not None and _is_member_already(membership, known):
        raise DomainError(
            _("Somebody else at the institution has this CPR number. Keep one of the two in your system.")
        )
    return membership, known


def _is_member_already(membership: Membership, known: Person) -> bool:
    return (
        Membership.objects.current()
        .filter(person=known, institution=membership.institution_id, source=membership.source, kind=membership.kind)
        .exists()
    )


def _is_elsewhere(membership: Membership) -> bool:
    """Whether another series has the person too, as member or as somebody's contact person."""
    person, number = membership.person_id, membership.institution.number
    members = Membership.objects.current().filter(person=person)
    as_contact = ContactRelation.objects.current().filter(contact=person)
    return (
        members.exclude(institution=membership.institution_id, source=membership.source).exists()
        or as_contact.exclude(institution=number, source=membership.source).exists()
    )


def _move(membership: Membership, known: Person) -> set[int]:
    """Give the tie to the person who has the number. The contact persons come with the next import, not from here."""
    former = membership.person_id
    Membership.objects.filter(pk=membership.pk).update(person=known, is_primary=False)
    reported = ContactRelation.objects.current().filter(
        institution=membership.institution.number, source=membership.source, child=former
    )
    contacts = set(reported.values_list("contact_id", flat=True))
    reported.update(to_date=Greatest(F("from_date"), timezone.localdate()))
    return {former, known.pk, *contacts}

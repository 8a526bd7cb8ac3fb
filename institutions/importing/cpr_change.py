"""Skift CPR: an administrator confirms that somebody's CPR number has changed, and the next import passes (D1.8).

A number that nobody has yet becomes the person's: account, user name and password stay. A number of somebody known
moves the tie to that person; the account under the old number loses it. Where another institution has one of the two
as well, it is the operator's to change: that institution's system delivers the old number still.

Asking is recorded, and slowed down: what a change comes to tells whether a number is known.
"""

import enum
from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import AuditEvent, ContactRelation, Person
from unilogin_portal.lib.errors import DomainError

from ..actor import Actor
from ..models import ImportSeries, Institution, Membership
from ..numbers import cpr_birth_date
from ..roles import Role
from . import notices, standing
from .decisions import decider
from .hidden import kept_local_id

ASKED = "import.cpr_asked"
MOST_QUESTIONS = 10
QUESTIONS_WITHIN = timedelta(hours=1)


class CprOutcome(enum.StrEnum):
    """What a change comes to."""

    KEEPS_ACCOUNT = "keeps_account"
    MOVES_TO_KNOWN = "moves_to_known"


@dataclass(frozen=True)
class CprAnalysis:
    """What changing the CPR number of this membership's person would do. Nobody's data stand here."""

    outcome: CprOutcome
    is_elsewhere_too: bool  # only an operator gets to know, and may


def analyse_cpr_change(institution: Institution, source: str, local_id: str, cpr: str, *, by: Actor) -> CprAnalysis:
    """Return what the change would do, ten times an hour. Raises `DomainError` where it may not be."""
    _count_question(institution, by)
    return _analyse(*_find(institution, source, local_id, cpr), by)


def change_cpr(
    institution: Institution, source: str, local_id: str, cpr: str, *, expected: CprOutcome, by: Actor, note: str
) -> None:
    """Change the CPR number of a member of an institution, if it comes to what was `expected`. Raises `DomainError`."""
    try:
        with transaction.atomic():
            _change(institution, source, local_id, cpr, expected=expected, by=by, note=note)
    except IntegrityError:  # somebody else gave the number to somebody at the same moment
        raise DomainError(_changed_meanwhile()) from None


def _count_question(institution: Institution, by: Actor) -> None:
    since = timezone.now() - QUESTIONS_WITHIN
    asked = AuditEvent.objects.filter(actor=decider(by), action=ASKED, at__gte=since).count()
    if asked >= MOST_QUESTIONS:
        raise DomainError(_("You have asked about many CPR numbers within an hour. Wait a while, or ask support."))
    audit.record(ASKED, institution, by=by.user, institution=institution.number)


def _analyse(membership: Membership, known: Person | None, by: Actor) -> CprAnalysis:
    outcome = CprOutcome.MOVES_TO_KNOWN if known else CprOutcome.KEEPS_ACCOUNT
    is_elsewhere = _is_elsewhere(known.pk if known else membership.person_id, membership)
    if is_elsewhere and Role.OPERATOR not in by.roles:
        raise DomainError(
            _("The person is registered at other institutions as well. Ask support to change the CPR number.")
        )
    return CprAnalysis(outcome, is_elsewhere)


def _change(
    institution: Institution, source: str, local_id: str, cpr: str, *, expected: CprOutcome, by: Actor, note: str
) -> None:
    # The series first, as an import of it does: neither sees the other's half.
    list(ImportSeries.objects.select_for_update().filter(institution=institution, source=source))
    membership, known = _find(institution, source, local_id, cpr)
    standing.lock({membership.person_id, *([known.pk] if known else [])})
    # Read again, now that nobody else can change either of the two.
    membership, known = _find(institution, source, local_id, cpr)
    analysis = _analyse(membership, known, by)
    if analysis.outcome != expected:
        raise DomainError(_changed_meanwhile())
    if known is None:
        people = {membership.person_id}
        Person.objects.filter(pk__in=people).update(cpr=Person.sealed_cpr(cpr))
    else:
        people = {membership.person_id, known.pk}
        standing.settle(_move(membership, known))
    Membership.objects.filter(pk=membership.pk).update(digest=b"")
    for person in Person.objects.filter(pk__in=people):
        audit.record(
            "import.cpr_changed",
            membership,
            by=by.user,
            subject=person,
            institution=institution.number,
            outcome=analysis.outcome.value,
            note=note,
        )
    notices.cpr_changed(membership.person, institution)


def _changed_meanwhile() -> str:
    return _("Something has changed since you looked, and nothing is saved. Analyse the number again.")


def _find(institution: Institution, source: str, local_id: str, cpr: str) -> tuple[Membership, Person | None]:
    """Return the membership, and who has the number already, or None."""
    if cpr_birth_date(cpr) is None:
        raise DomainError(_("The CPR number is not valid."))
    membership = (
        Membership.objects.current()
        .select_related("person", "institution")
        .filter(institution=institution, source=source, local_person_id=kept_local_id(local_id))
        .first()
    )
    if membership is None:
        raise DomainError(_("Nobody at the institution has this local id."))
    known = Person.objects.with_cpr(cpr).first()
    if known is not None and known.pk == membership.person_id:
        raise DomainError(_("The person has this CPR number already."))
    if known is not None and _is_member_already(membership, known):
        raise DomainError(_("Somebody else here has this CPR number. Keep one of the two in your system."))
    return membership, known


def _is_member_already(membership: Membership, known: Person) -> bool:
    same_kind = Membership.objects.current().filter(person=known, kind=membership.kind)
    return same_kind.filter(institution=membership.institution_id, source=membership.source).exists()


def _is_elsewhere(person: int, membership: Membership) -> bool:
    """Whether another series than the membership's has this person, as member or as somebody's contact person."""
    members = Membership.objects.current().filter(person=person)
    as_contact = ContactRelation.objects.current().filter(contact=person)
    number, source = membership.institution.number, membership.source
    return (
        members.exclude(institution=membership.institution_id, source=source).exists()
        or as_contact.exclude(institution=number, source=source).exists()
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

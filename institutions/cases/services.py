"""What changes cases. Every function is a transaction of its own, locks the case, and leaves an event and an audit."""

import datetime as dt
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import AuditEvent, Person, User
from unilogin_portal.lib.errors import DomainError

from ..actor import Actor
from ..models import Case, CaseApproval, CaseKind, ContactRequest, Institution, Wanted
from ..roles import Right
from . import contacts, letters, notices
from .access import SUPPORTER, role_at, role_in
from .journal import locked, move, next_number, note
from .kinds import KINDS
from .states import OPEN, CaseAction, CaseState, Side

ASKED = "case.cpr_asked"
MOST_QUESTIONS = 10
QUESTIONS_WITHIN = dt.timedelta(hours=1)


@dataclass(frozen=True)
class ContactAsked:
    """What an institution asks for about a contact person (D3.6)."""

    cpr: str = field(repr=False)
    recipient: str
    wanted: Wanted = Wanted.BOTH
    earlier_number: str = ""
    message: str = ""


def open_contact_case(kind: CaseKind, institution: Institution, asked: ContactAsked, *, by: Actor) -> Case:
    """Open a case about a contact person, ten tries an hour. Raises `DomainError`, which never tells who exists."""
    _count_question(institution, by.account)
    try:
        with transaction.atomic():
            return _open_contact_case(kind, institution, asked, by=by)
    except IntegrityError:  # a second click, or a colleague at the same moment
        raise DomainError(_already_open(institution, asked.cpr)) from None


def _open_contact_case(kind: CaseKind, institution: Institution, asked: ContactAsked, *, by: Actor) -> Case:
    person = contacts.contact_with(asked.cpr, institution)
    if person is None:
        raise DomainError(
            _(
                "We cannot create the case. See that the CPR number is right, and that the person is contact person "
                "for a child with you. If you have just corrected it in your own system, wait for the next import."
            )
        )
    if not institution.cvr:
        raise DomainError(_("The register has no CVR number for the institution. Write to support."))
    earlier = _earlier(institution, person, asked.earlier_number) if kind == CaseKind.CONTACT_FORGOTTEN else None
    now = timezone.now()
    case = Case.objects.create(
        number=next_number(now),
        kind=kind,
        institution=institution,
        opened_by=by.account,
        opened_role=role_at(by, institution),
        subject=person,
        earlier=earlier,
        created_at=now,
        changed_at=now,
    )
    ContactRequest.objects.create(
        case=case,
        cpr=ContactRequest.sealed_cpr(asked.cpr),
        cvr=institution.cvr,
        recipient=asked.recipient,
        wanted=asked.wanted,
    )
    note(case, CaseAction.OPEN, Side.INSTITUTION, by=by.account, text=asked.message, role=case.opened_role)
    notices.to_supporters(case)
    return case


@dataclass(frozen=True)
class Company:
    """Who asks, where it is no institution: name, CVR number (eight digits), and where it is written to."""

    name: str
    cvr: str
    email: str


@transaction.atomic
def open_company_case(kind: CaseKind, company: Company, *, message: str = "", by: Actor) -> Case:
    """Open a case on behalf of a company. Raises `IntegrityError` where the kind allows one open case only."""
    now = timezone.now()
    case = Case.objects.create(
        number=next_number(now),
        kind=kind,
        organisation=company.name,
        cvr=company.cvr,
        email=company.email,
        opened_by=by.account,
        opened_role=Right.AGREEMENTS,
        created_at=now,
        changed_at=now,
    )
    note(case, CaseAction.OPEN, Side.INSTITUTION, by=by.account, text=message, role=case.opened_role)
    notices.to_supporters(case)
    return case


@transaction.atomic
def finish(pk: int) -> Case | None:
    """Close an approved case of a kind without a letter, once what it leads to is done; None where it was before."""
    case = locked(Case(pk=pk))
    if case.state != CaseState.APPROVED:
        return None
    moved = move(case, CaseAction.FINISH, Side.SYSTEM, by=None)
    notices.to_asker(moved, CaseAction.FINISH)
    return moved


@transaction.atomic
def _count_question(institution: Institution, by: User) -> None:
    """Slow down who tries numbers: an open case tells that the number is right. Many at once wait for each other."""
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    since = timezone.now() - QUESTIONS_WITHIN
    if AuditEvent.objects.filter(actor=by, action=ASKED, at__gte=since).count() >= MOST_QUESTIONS:
        raise DomainError(_("You have asked about many CPR numbers within an hour. Wait a while, or ask support."))
    audit.record(ASKED, institution, by=by, institution=institution.number)


def _earlier(institution: Institution, person: Person, number: str) -> Case:
    """Return the institution's own earlier case about the same person that led to a letter."""
    led_to_a_letter = Case.objects.filter(institution=institution, contact__sent_at__isnull=False)
    earlier = led_to_a_letter.filter(number=number, subject=person).first()
    if earlier is None:
        raise DomainError(_("No earlier letter from us about this person has that case number."))
    return earlier


def _already_open(institution: Institution, cpr: str) -> str:
    cases = Case.objects.filter(institution=institution, state__in=OPEN)
    case = cases.filter(contact__cpr__in=ContactRequest.sealings_of(cpr)).first()
    return _("You already have an open case about this person: %(number)s.") % {"number": case.number if case else ""}


@transaction.atomic
def approve(case: Case, *, by: Actor, note: str = "") -> Case:
    """Say yes as one supporter. The one that completes the number needed moves the case to approved."""
    case, who, kind = locked(case), by.account, KINDS[CaseKind(case.kind)]
    if who.pk == case.opened_by_id or (who.person_id and who.person_id == case.subject_id):
        raise DomainError(_("Who opened a case, or is the person it is about, cannot approve it."))
    given = case.approvals.count()
    action = CaseAction.COMPLETE if given + 1 >= kind.approvals else CaseAction.APPROVE
    if case.approvals.filter(by=who).exists():
        raise DomainError(_("You have approved this case already. Another supporter has to approve it as well."))
    if case.subject and case.institution and not contacts.is_contact(case.subject, case.institution):
        raise DomainError(_("The person is no longer contact person at the institution. Reject the case."))
    if case.subject and contacts.is_employee(case.subject.user):
        raise DomainError(_("The account is an employee's, and no letter may open it. Reject the case."))
    moved = move(case, action, Side.STIL, by=who)
    CaseApproval.objects.create(case=moved, by=who, at=moved.changed_at, note=note)
    return moved


@transaction.atomic
def reject(case: Case, *, by: Actor, reason: str) -> Case:
    """Say no, once for all; the institution is told why."""
    moved = move(locked(case), CaseAction.REJECT, Side.STIL, by=by.account, text=reason)
    notices.to_asker(moved, CaseAction.REJECT)
    return moved


@transaction.atomic
def ask(case: Case, *, by: Actor, question: str) -> Case:
    """Ask the institution; the case waits for it, but can still be answered."""
    moved = move(locked(case), CaseAction.ASK, Side.STIL, by=by.account, text=question)
    notices.to_asker(moved, CaseAction.ASK)
    return moved


@transaction.atomic
def answer(case: Case, *, by: Actor, text: str) -> Case:
    """Write to STIL, asked or not."""
    case = locked(case)
    moved = move(case, CaseAction.ANSWER, Side.INSTITUTION, by=by.account, text=text, role=role_in(by, case))
    notices.to_supporters(moved, is_new=False)
    return moved


@transaction.atomic
def withdraw(case: Case, *, by: Actor) -> Case:
    """*Træk tilbage*: the institution no longer asks."""
    case = locked(case)
    return move(case, CaseAction.WITHDRAW, Side.INSTITUTION, by=by.account, role=role_in(by, case))


@transaction.atomic
def close(case: Case, *, by: Actor, side: Side) -> Case:
    """The letter is handed out. Twice is once."""
    case = locked(case)
    if case.state == CaseState.CLOSED:
        return case
    role = role_in(by, case) if side is Side.INSTITUTION else ""
    moved = move(case, CaseAction.CLOSE, side, by=by.account, role=role)
    if side is Side.STIL:
        notices.to_asker(moved, CaseAction.CLOSE)
    return moved


def due(now: dt.datetime) -> list[int]:
    """Return the approved cases whose outcome is still owed."""
    without_letter = Case.objects.filter(state=CaseState.APPROVED, contact=None)
    return [*letters.due(now), *without_letter.order_by("changed_at").values_list("pk", flat=True)]


def carry_out(pk: int) -> None:
    """Do what an approved case leads to: outside any transaction, safe to run twice."""
    case = Case.objects.get(pk=pk)
    if case.state == CaseState.APPROVED:
        KINDS[CaseKind(case.kind)].handle(pk)


def seen(case: Case, *, by: Actor) -> None:
    """Write down that a supporter has read whom a case is about (D9.4)."""
    audit.record("case.seen", case, by=by.account, subject=case.subject, role=SUPPORTER, number=case.number)


@transaction.atomic
def forget_old() -> int:
    """Delete cases that have been over for as long as their kind is kept, unless a later one refers to them."""
    now, gone = timezone.now(), 0
    for kind, row in KINDS.items():
        old = Case.objects.filter(kind=kind, closed_at__lt=now - row.kept, later=None)
        gone += len(keys := list(old.values_list("pk", flat=True)))
        Case.objects.filter(pk__in=keys).delete()
    if gone:
        audit.record("case.forgotten", by=None, gone=gone)
    return gone

"""The letter with user name and first password: made, handed to secure mail, and kept nowhere.

A try is begun in one transaction: it sets a new password, and its number stands in the case. Then the letter is made
and handed over, outside any. Then the case is sent. Whoever dies between the first two leaves a password that nobody
knows: the next try replaces it. Whoever dies between the last two has sent: the next try asks the connector, and sends
nothing.
"""

import datetime as dt
from dataclasses import dataclass, field

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts import policy
from accounts import services as accounts
from accounts.models import User
from accounts.policy import Band, Form

from ..models import Case, ContactRequest, Wanted
from ..roles import Role
from . import contacts, notices, secure_mail
from .journal import locked, move
from .letter_text import LetterText
from .states import CaseAction, CaseState, Side

log = structlog.get_logger("unilogin.cases")

# How long a try has, and how long after it the next one waits: twice as long each time.
FIRST_PAUSE = dt.timedelta(minutes=10)
LONGEST_PAUSE = dt.timedelta(hours=12)


@dataclass(frozen=True)
class Draft:
    """What one try has to hand over. The secret lives here and on the paper only."""

    reference: str
    number: int
    cvr: str
    text: LetterText = field(repr=False)


def due(now: dt.datetime) -> list[int]:
    """Return the approved cases whose letter has not gone out and is at nobody's hands."""
    waiting = ContactRequest.objects.filter(case__state=CaseState.APPROVED).exclude(try_until__gt=now)
    return list(waiting.order_by("case__changed_at").values_list("case_id", flat=True))


def send(pk: int) -> bool:
    """Send the letter of an approved case; return whether it is sent now. Safe to run twice, and at once."""
    connector = secure_mail.connector()
    if connector is None:
        log.error("letter_waits", case=pk, reason="SECURE_MAIL is not set")
        return False
    if last := _last_try(pk):
        gone = _has_gone(connector, pk, last[0])
        if gone is not False:
            return _finish(pk, last[1]) if gone else False
    draft = _begin(pk, timezone.now())
    if draft is None:
        return False
    try:
        connector.send(_letter(draft))
    except Exception as error:  # gateways fail in many ways; what they say may hold what they were given
        log.error("letter_not_sent", case=pk, tries=draft.number, error=type(error).__name__)
        return False
    return _finish(pk, draft.number)


def _has_gone(connector: secure_mail.SecureMail, pk: int, reference: str) -> bool | None:
    """Whether the letter went out; None where the gateway does not say: then no other letter may be made."""
    try:
        return connector.has_sent(reference)
    except Exception as error:  # as below
        log.error("letter_not_sent", case=pk, error=type(error).__name__)
        return None


def _reference(case: Case, number: int) -> str:
    return f"{case.number}-{number}"


def _last_try(pk: int) -> tuple[str, int] | None:
    """Return reference and number of the last try of a case that is not known to be sent."""
    request = ContactRequest.objects.select_related("case").filter(case=pk, case__state=CaseState.APPROVED).first()
    return (_reference(request.case, request.tries), request.tries) if request and request.tries else None


@transaction.atomic
def _begin(pk: int, now: dt.datetime) -> Draft | None:
    """Begin a try, or return None where there is nothing to do: sent, stopped, or another worker is at it."""
    case = locked(Case(pk=pk))
    request = ContactRequest.objects.select_for_update().get(case=case)
    if case.state != CaseState.APPROVED or (request.try_until and request.try_until > now):
        return None
    user = User.objects.select_for_update(of=("self",)).select_related("person").filter(person=case.subject_id).first()
    if user is None or not user.is_active or contacts.is_employee(user) or not _still_contact(case):
        _stop(case)
        return None
    request.tries += 1
    request.try_until = now + min(FIRST_PAUSE * 2 ** min(request.tries - 1, 10), LONGEST_PAUSE)
    request.save(update_fields=["tries", "try_until"])
    secret = "" if request.wanted == Wanted.USERNAME else _give_new_secret(case, user)
    return _draft(case, request, user, secret)


def _still_contact(case: Case) -> bool:
    found = case.subject, case.institution
    return found[0] is not None and found[1] is not None and contacts.is_contact(found[0], found[1])


def _stop(case: Case) -> None:
    with override("da"):
        why = _(
            "The account is blocked or needs MitID, or the person is no longer contact person with you. "
            "No letter was sent."
        )
    notices.to_asker(move(case, CaseAction.STOP, Side.SYSTEM, by=None, text=why), CaseAction.STOP)


def _give_new_secret(case: Case, user: User) -> str:
    """Give the account a new password, on behalf of who approved last; return it."""
    rule = policy.policy_of(user.band)
    if rule.form is Form.PICTURES:  # a contact person who is a young pupil too: pictures cannot stand in a letter
        rule = policy.policy_of(Band.ADULT)
    secret = policy.assigned_secret(rule)
    while policy.violations(secret, rule, accounts.names_of(user)):
        secret = policy.assigned_secret(rule)
    last = case.approvals.select_related("by").last()
    accounts.set_secret(
        user,
        accounts.hash_of(secret),
        expected_mark=accounts.secret_mark(user),
        by=last.by if last else None,
        why=accounts.Why.LETTER,
        role=Role.OPERATOR,
    )
    return secret


def _draft(case: Case, request: ContactRequest, user: User, secret: str) -> Draft:
    assert user.person is not None  # noqa: S101 - looked up by it
    text = LetterText(
        case_number=case.number,
        institution=case.asker,
        recipient=request.recipient,
        person=user.person.name,
        username="" if request.wanted == Wanted.PASSWORD else user.username,
        secret=secret,
        day=timezone.localdate(),
    )
    return Draft(_reference(case, request.tries), request.tries, request.cvr, text)


def _letter(draft: Draft) -> secure_mail.Letter:
    return secure_mail.Letter(draft.reference, draft.cvr, draft.text.recipient, draft.text.title, pdf_of(draft.text))


@transaction.atomic
def _finish(pk: int, number: int) -> bool:
    """Write down that try `number` went out. Twice is once."""
    case = locked(Case(pk=pk))
    request = ContactRequest.objects.select_for_update().get(case=case)
    if case.state != CaseState.APPROVED or request.tries != number:
        return False
    moved = move(case, CaseAction.SEND, Side.SYSTEM, by=None)
    request.sent_at, request.try_until = moved.changed_at, None
    request.save(update_fields=["sent_at", "try_until"])
    notices.to_asker(moved, CaseAction.SEND)
    return True


def pdf_of(text: LetterText) -> bytes:
    """Return the letter as PDF. The library is 20 MB: only the process that makes a letter takes it in."""
    from .letter_pdf import pdf_of as draw  # noqa: PLC0415

    return draw(text)

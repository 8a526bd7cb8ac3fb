"""What the pages show of cases: statuses in words, the history, what a supporter has to look into."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from unilogin_portal.lib.dates import date_text
from unilogin_portal.lib.status import Status

from ..models import Case, CaseEvent, CaseKind
from ..models.cases import CaseQuerySet
from ..roles import Role, labels
from . import contacts
from .kinds import KINDS
from .states import UNANSWERED, CaseAction, CaseState, Side

# How long an approved case may be on its way before the inbox warns of it, and when an unanswered one counts as old.
ON_ITS_WAY = dt.timedelta(minutes=15)
OLD = dt.timedelta(days=14)

TONES = {
    CaseState.CREATED: ("wait", ""),
    CaseState.IN_APPROVAL: ("wait", ""),
    CaseState.APPROVED: ("ok", "success"),
    CaseState.SENT: ("ok", "email"),
    CaseState.CLOSED: ("off", ""),
    CaseState.REJECTED: ("bad", ""),
    CaseState.WITHDRAWN: ("off", "reply"),
}
ICONS = {
    CaseAction.OPEN: "hourglass",
    CaseAction.APPROVE: "check",
    CaseAction.COMPLETE: "success",
    CaseAction.REJECT: "close",
    CaseAction.ASK: "help",
    CaseAction.ANSWER: "reply",
    CaseAction.WITHDRAW: "reply",
    CaseAction.SEND: "email",
    CaseAction.STOP: "close",
    CaseAction.CLOSE: "minus",
    CaseAction.FINISH: "success",
}


@dataclass(frozen=True)
class CaseLine:
    """One row of a list."""

    case: Case
    kind: Promise
    status: Status
    age: str


@dataclass(frozen=True)
class EventLine:
    """One thing in a case's history: what, what was written, when and by whom in words."""

    icon: str
    what: str
    text: str
    at: dt.datetime
    who: str


@dataclass(frozen=True)
class Check:
    """What the portal itself has found out for the supporter."""

    is_well: bool
    text: str


def lines(cases: Iterable[Case], side: Side) -> list[CaseLine]:
    """Return the rows of cases that came `with_approvals`."""
    now = timezone.now()
    return [
        CaseLine(
            case,
            KINDS[CaseKind(case.kind)].title,
            status_of(case, case.approved_by_count, side),  # type: ignore[attr-defined]
            _age(case.created_at, now),
        )
        for case in cases
    ]


def status_of(case: Case, approvals: int, side: Side) -> Status:
    """Return the case's state in words, as `side` is to read it."""
    state = CaseState(case.state)
    tone, icon = TONES[state]
    if case.asked_at:
        mine = side is Side.INSTITUTION
        others = _("Waiting for the institution") if case.institution_id else _("Waiting for the supplier")
        return Status("wait", _("Waiting for your answer") if mine else others, "help")
    if state is CaseState.IN_APPROVAL:
        needed = KINDS[CaseKind(case.kind)].approvals
        return Status("wait", _("In approval, %(given)s of %(needed)s") % {"given": approvals, "needed": needed})
    if state is CaseState.APPROVED:
        letter = _("Approved, the letter is on its way")
        return Status("wait", letter if case.institution_id else _("Approved, being carried out"), icon)
    return Status(tone, state.label, icon)  # type: ignore[arg-type]


def _age(since: dt.datetime, now: dt.datetime) -> str:
    days = (timezone.localtime(now).date() - timezone.localtime(since).date()).days
    return ngettext("%(count)s day", "%(count)s days", days) % {"count": days} if days else _("Today")


def counts(cases: CaseQuerySet) -> dict[str, int]:
    """Return what stands in numbers above the inbox: one query."""
    now = timezone.now()
    unanswered = Q(state__in=UNANSWERED)
    return cases.aggregate(
        waiting=Count("pk", filter=unanswered),
        asked=Count("pk", filter=Q(asked_at__isnull=False)),
        old=Count("pk", filter=unanswered & Q(created_at__lt=now - OLD)),
        sent=Count("pk", filter=Q(state=CaseState.SENT)),
        stuck=Count("pk", filter=Q(state=CaseState.APPROVED, changed_at__lt=now - ON_ITS_WAY)),
    )


def history_of(case: Case, side: Side) -> list[EventLine]:
    """Return everything that happened, oldest first. The institution reads no name of STIL's people."""
    events = CaseEvent.objects.filter(case=case).select_related("by__person")
    return [
        EventLine(
            ICONS[CaseAction(event.action)], event.get_action_display(), event.text, event.at, _whose(event, side)
        )
        for event in events
    ]


def _whose(event: CaseEvent, side: Side) -> str:
    if event.by is None:
        return _("the system")
    if event.side == Side.STIL and side is Side.INSTITUTION:
        return labels([Role.OPERATOR])
    return event.by.shown_name


def checks_of(case: Case) -> list[Check]:
    """Return what the portal has checked for the supporter, and what is to be known of the account (D3.6)."""
    person, institution = case.subject, case.institution
    if person is None or institution is None:
        return []
    found: list[Check] = []
    if contacts.is_contact(person, institution):
        found.append(Check(True, _("Is contact person for a child in school or day care at the institution today")))
    else:
        found.append(Check(False, _("Is no longer contact person for a child at the institution")))
    found.append(Check(True, _("The institution says that it has tried all ways to MitID")))
    found.append(Check(True, _("The institution has seen in its own system that the person is contact person")))
    found.append(Check(True, _("The letter goes to the CVR number that the register has")))
    if case.earlier:
        found.append(Check(True, _("The earlier case is about the same person")))
    return [*found, *(_warnings(case) if case.state in UNANSWERED else ())]


def _warnings(case: Case) -> Iterable[Check]:
    person = case.subject
    assert person is not None  # noqa: S101 - asked by the caller
    user = person.user
    if user.activated_at and case.kind == CaseKind.CONTACT_USER:
        when = date_text(user.activated_at)
        yield Check(
            False, _("The account has been in use since %(date)s: the letter replaces its password") % {"date": when}
        )
    if used := contacts.last_mitid(person):
        words = _("The person has logged in here with MitID, last on %(date)s: ask why a letter is needed")
        yield Check(False, words % {"date": date_text(used)})
    if not user.is_active:
        yield Check(False, _("The account is blocked: no letter can be made"))
    if contacts.is_employee(user):
        yield Check(False, _("The account is an employee's: no letter can be made. Whoever works here needs MitID"))
    elif contacts.has_other_roles(person):
        yield Check(False, _("The account is also a pupil's or an external's: the letter opens that too"))

"""Answering requests, and what may become of an agreement after that (D4.3, D4.4): one, or ten thousand in one act."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts import audit
from institutions.actor import Actor
from institutions.models import Institution
from unilogin_portal.lib.errors import IllegalTransition

from . import access, journal, notices
from .journal import Act, Held
from .models import Agreement
from .models.agreement import AgreementQuerySet
from .states import TRANSITIONS, AgreementAction, AgreementState, Side, may

# How long an approved agreement counts before somebody has to confirm it.
CONFIRMED_FOR = dt.timedelta(days=365)
# How long before that, or before its own end, the institution is mailed.
WARNED_BEFORE = dt.timedelta(days=30)


@dataclass(frozen=True)
class Answered:
    """What one act came to: the agreements it moved, and how many had moved on before it."""

    keys: tuple[int, ...]
    too_late: int

    @property
    def count(self) -> int:
        return len(self.keys)


@transaction.atomic
def answer(agreements: AgreementQuerySet, action: AgreementAction, *, by: Actor, comment: str = "") -> Answered:
    """Approve or reject what waits of `agreements`; also regret, end or confirm what is approved.

    All or nothing but for those that somebody else has answered meanwhile, which are counted. Raises
    `PermissionDenied` where one of them is not the actor's to answer.
    """
    held = journal.lock(agreements)
    _check_theirs(held, by)
    now, act = timezone.now(), Act(action, Side.APPROVER, by.account, comment)
    moving = [row for row in held if may(AgreementState(row.state), action, Side.APPROVER)]
    for state in AgreementState:
        rows = [row for row in moving if row.state == state]
        if rows:
            _carry_out(rows, act, now)
    if moving:
        notices.answered([row.pk for row in moving], act)
    return Answered(tuple(row.pk for row in moving), len(held) - len(moving))


def _carry_out(rows: Sequence[Held], act: Act, now: dt.datetime) -> None:
    if act.action is AgreementAction.APPROVE:
        _make_room(rows, now)
        journal.move(rows, act, now=now, approved_at=now, confirm_by=_confirm_by(now), warned_at=None)
    elif act.action is AgreementAction.CONFIRM:
        journal.move(rows, act, now=now, confirm_by=_confirm_by(now), warned_at=None)
    else:
        journal.move(rows, act, now=now)


def _confirm_by(now: dt.datetime) -> dt.date:
    return timezone.localtime(now).date() + CONFIRMED_FOR


def _make_room(rows: Sequence[Held], now: dt.datetime) -> None:
    """End the agreements in whose place these come: of each there is one at a time."""
    wanted = {row.between for row in rows}
    approved = Agreement.objects.filter(
        state=AgreementState.APPROVED,
        institution__any_of=list({row.institution_id for row in rows}),
        system__any_of=list({row.system_id for row in rows}),
    )
    old = [row for row in journal.lock(approved) if row.between in wanted]
    journal.move(old, Act(AgreementAction.REPLACE, Side.SYSTEM, None), now=now)


def _check_theirs(held: Sequence[Held], by: Actor) -> None:
    ids = {row.institution_id for row in held}
    theirs = set(access.answerable_for(by).filter(pk__any_of=list(ids)).values_list("pk", flat=True))
    if ids - theirs:
        raise PermissionDenied


def answer_one(
    agreement: Agreement, action: AgreementAction, *, by: Actor, comment: str = "", of: AgreementState | None = None
) -> None:
    """The same for one. Raises `IllegalTransition` where it has moved on: also from `of`, the state that was answered.

    Rejecting a request is not undoing what somebody has approved a moment before.
    """
    rows = Agreement.objects.filter(pk=agreement.pk, **({"state": of} if of else {}))
    if not answer(rows, action, by=by, comment=comment).count:
        raise IllegalTransition


@transaction.atomic
def act_as_provider(agreement: Agreement, action: AgreementAction, *, by: Actor, comment: str = "") -> None:
    """Withdraw a request, or end an agreement, as its supplier. Raises `IllegalTransition` where it has moved on."""
    (row,) = journal.lock(Agreement.objects.filter(pk=agreement.pk))
    now = timezone.now()
    act = Act(action, Side.PROVIDER, by.account, comment)
    journal.move([row], act, now=now)
    if action is AgreementAction.END:
        notices.ended_by_provider(row.pk, act)


@transaction.atomic
def confirm_deletion(agreement: Agreement, *, by: Actor, comment: str = "") -> bool:
    """Write down that the supplier has deleted what it fetched; return whether that was new. Twice is once."""
    (row,) = journal.lock(Agreement.objects.filter(pk=agreement.pk))
    asked = Agreement.objects.filter(pk=row.pk, deletion_asked_at__isnull=False, deletion_done_at=None)
    if not asked.exists():
        return False
    now = timezone.now()
    act = Act(AgreementAction.DELETED, Side.PROVIDER, by.account, comment)
    journal.move([row], act, now=now, deletion_done_at=now)
    return True


@transaction.atomic
def expire(today: dt.date) -> int:
    """End what is over: nobody has confirmed it for a year, or its own end has come. Return how many."""
    over = Agreement.objects.filter(
        Q(confirm_by__lt=today) | Q(terms__valid_until__lt=today), state=AgreementState.APPROVED
    )
    held = journal.lock(Agreement.objects.filter(pk__in=over.values("pk"), state=AgreementState.APPROVED))
    act = Act(AgreementAction.EXPIRE, Side.SYSTEM, None)
    journal.move(held, act, now=timezone.now())
    if held:
        notices.expired([row.pk for row in held])
    return len(held)


@transaction.atomic
def warn(today: dt.date) -> int:
    """Mail approvers about agreements that end within a month unless confirmed; return how many agreements."""
    soon = Agreement.objects.filter(
        state=AgreementState.APPROVED, confirm_by__range=(today, today + WARNED_BEFORE), warned_at=None
    )
    keys = [row.pk for row in journal.lock(soon)]
    Agreement.objects.filter(pk__any_of=keys).update(warned_at=timezone.now())
    if keys:
        notices.must_be_confirmed(keys)
        audit.record("agreement.warned", by=None, count=len(keys))
    return len(keys)


def answered_by(agreement: Agreement) -> str:
    """Return who last answered an agreement, for whoever came too late; nothing where nobody has."""
    event = agreement.events.filter(side=Side.APPROVER).select_related("by__person").first()
    return event.by.shown_name if event and event.by else ""


def may_be_answered(agreement: Agreement, actor: Actor) -> frozenset[AgreementAction]:
    """Return what the actor may do with the agreement as its approver now: what the page offers."""
    if not access.may_answer(actor, agreement.institution):
        return frozenset()
    state = AgreementState(agreement.state)
    return frozenset(action for of, action in TRANSITIONS if of is state and may(of, action, Side.APPROVER))


def institutions_of(keys: Sequence[int]) -> list[Institution]:
    """Return the institutions of these agreements, each once."""
    ids = Agreement.objects.filter(pk__any_of=list(keys)).values("institution")
    return list(Institution.objects.filter(pk__in=ids))

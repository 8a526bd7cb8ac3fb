"""An adult's word for a pupil at one service, for a while: `VoksenVerificeret` (D2.3, D3.5).

What is approved belongs to one pupil, one service and one login; it ends by itself after `STEP_UP_MINUTES`, and with
the login.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from . import audit
from .models import Person, ServiceLink, StepUp, User
from .models.helping import LIVE_STEP_UPS, StepUpQuerySet
from .states import StepUpAction, StepUpState, next_step_up_state

KEPT = timedelta(days=7)


@transaction.atomic
def ask(user: User, service: ServiceLink, *, login_id: str) -> StepUp:
    """Let the pupil wait for an adult's word; who waits already, or has it, gets the same row. Twice is once.

    A pupil waits at a service in one browser, the last: an answer must not go to one that was left open elsewhere.
    """
    now = timezone.now()
    # Of two tabs the second finds the first one's row. `no_key`: whoever ends a row meanwhile writes who in the audit.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    _expire(StepUp.objects.filter(user=user), now)
    mine = StepUp.objects.filter(user=user, service=service, login_id=login_id)
    held = mine.filter(state__in=LIVE_STEP_UPS).first()
    if held:
        return held
    _close(StepUp.objects.filter(user=user, service=service), StepUpState.WAITING, by=user, subject=user.person)
    asked = StepUp.objects.create(
        user=user,
        service=service,
        login_id=login_id,
        asked_at=now,
        expires_at=now + timedelta(minutes=settings.STEP_UP_WAIT_MINUTES),
    )
    audit.record("step_up.asked", asked, by=user, subject=user.person, service=service.slug)
    return asked


def latest(user: User, service: ServiceLink, *, login_id: str) -> StepUp | None:
    """Return the pupil's last question at this service in this login: one query."""
    return StepUp.objects.filter(user=user, service=service, login_id=login_id).order_by("-asked_at", "-pk").first()


def granted(user: User, service: ServiceLink, *, login_id: str) -> StepUp | None:
    """Return the approval that counts now for this pupil, service and login: one query."""
    if not login_id:
        return None
    return StepUp.objects.granted(timezone.now()).filter(user=user, service=service, login_id=login_id).first()


def approve(step_ups: Iterable[StepUp], *, by: User, role: str, institution: str = "") -> list[StepUp]:
    """Give an adult's word to those who still wait; return them. Who waits no more is passed over."""
    return _answer(step_ups, StepUpAction.APPROVE, by=by, role=role, institution=institution)


def refuse(step_ups: Iterable[StepUp], *, by: User, role: str, institution: str = "") -> list[StepUp]:
    """Say no to those who still wait; return them."""
    return _answer(step_ups, StepUpAction.REFUSE, by=by, role=role, institution=institution)


def end(step_ups: Iterable[StepUp], *, by: User, role: str, institution: str = "") -> list[StepUp]:
    """Take back the word for those who have it; return them."""
    return _answer(step_ups, StepUpAction.END, by=by, role=role, institution=institution)


@transaction.atomic
def withdraw(step_up: StepUp) -> None:
    """*Stop*: the pupil waits no more. Who was answered meanwhile is left as it is."""
    now = timezone.now()
    locked = StepUp.objects.select_for_update(of=("self",)).select_related("user__person").get(pk=step_up.pk)
    if locked.state_at(now) is not StepUpState.WAITING:
        return
    locked.state = next_step_up_state(StepUpState(locked.state), StepUpAction.WITHDRAW)
    locked.save(update_fields=["state"])
    audit.record("step_up.withdrawn", locked, by=locked.user, subject=locked.user.person)


@transaction.atomic
def drop(user: User, *, by: User | None, login_id: str = "") -> None:
    """Close what waits or counts in a login that is over, or in all of them: nobody is asked to answer it any more."""
    theirs = StepUp.objects.filter(user=user, **({"login_id": login_id} if login_id else {}))
    for state in LIVE_STEP_UPS:
        _close(theirs, state, by=by, subject=user.person)


_CLOSES = {
    StepUpState.WAITING: (StepUpAction.WITHDRAW, "step_up.withdrawn"),
    StepUpState.APPROVED: (StepUpAction.END, "step_up.ended"),
}


def _close(step_ups: StepUpQuerySet, state: StepUpState, *, by: User | None, subject: Person | None) -> None:
    action, recorded_as = _CLOSES[state]
    closed = list(step_ups.filter(state=state).select_for_update(of=("self",)).order_by("pk"))
    if closed:
        StepUp.objects.filter(pk__in=[one.pk for one in closed]).update(state=next_step_up_state(state, action))
        audit.record_many(recorded_as, [(one, subject) for one in closed], by=by)


# From which states an answer is taken; the state table says where it leads.
_TAKEN_FROM = {
    StepUpAction.APPROVE: StepUpState.WAITING,
    StepUpAction.REFUSE: StepUpState.WAITING,
    StepUpAction.END: StepUpState.APPROVED,
}
_RECORDED_AS = {
    StepUpAction.APPROVE: "step_up.approved",
    StepUpAction.REFUSE: "step_up.refused",
    StepUpAction.END: "step_up.ended",
}


@transaction.atomic
def _answer(step_ups: Iterable[StepUp], action: StepUpAction, *, by: User, role: str, institution: str) -> list[StepUp]:
    now, state = timezone.now(), _TAKEN_FROM[action]
    locked = list(
        StepUp.objects.select_for_update(of=("self",))
        .filter(pk__in=[one.pk for one in step_ups], state=state, expires_at__gt=now)
        .select_related("user__person", "service")
        .order_by("pk")
    )
    changes: dict[str, object] = {"state": next_step_up_state(state, action)}
    if action is not StepUpAction.END:
        changes |= {"answered_by": by, "answered_role": role, "answered_institution": institution, "answered_at": now}
    if action is StepUpAction.APPROVE:
        changes["expires_at"] = now + timedelta(minutes=settings.STEP_UP_MINUTES)
    StepUp.objects.filter(pk__in=[one.pk for one in locked]).update(**changes)
    for one in locked:
        for name, value in changes.items():
            setattr(one, name, value)
    for slug in sorted({one.service.slug for one in locked}):
        at_service = _pairs(one for one in locked if one.service.slug == slug)
        audit.record_many(_RECORDED_AS[action], at_service, by=by, role=role, institution=institution, service=slug)
    return locked


def _pairs(step_ups: Iterable[StepUp]) -> list[tuple[StepUp, Person | None]]:
    return [(one, one.user.person) for one in step_ups]


@transaction.atomic
def expire_overdue() -> int:
    """Write down whose waiting or approval is over; return how many. Safe to run twice."""
    return _expire(StepUp.objects.all(), timezone.now())


def _expire(step_ups: StepUpQuerySet, now: datetime) -> int:
    overdue = list(step_ups.overdue(now).select_for_update(of=("self",)).select_related("user__person").order_by("pk"))
    StepUp.objects.filter(pk__in=[one.pk for one in overdue]).update(state=StepUpState.EXPIRED)
    audit.record_many("step_up.expired", _pairs(overdue), by=None)
    return len(overdue)


def forget_old() -> int:
    """Delete what was asked more than a week ago and is over; return how many."""
    return StepUp.objects.filter(asked_at__lt=timezone.now() - KEPT).exclude(state__in=LIVE_STEP_UPS).delete()[0]

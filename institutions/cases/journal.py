"""Moving a case, with what that always leaves behind: an event in its history, a line in the audit."""

import datetime as dt

from django.utils import timezone

from accounts import audit
from accounts.models import User

from ..models import Case, CaseCounter, CaseEvent
from ..roles import Role
from .states import FINAL, CaseAction, CaseState, Side, next_state


def next_number(now: dt.datetime) -> str:
    """Return a number that nobody has: `S-2026-000123`. Whoever asks next waits for this transaction."""
    year = timezone.localtime(now).year
    CaseCounter.objects.get_or_create(year=year)
    counter = CaseCounter.objects.select_for_update().get(year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return f"S-{year}-{counter.last:06d}"


def locked(case: Case) -> Case:
    """Lock the case and read it anew: it may have moved since the page was drawn."""
    return Case.objects.select_for_update(of=("self",)).select_related("institution", "subject").get(pk=case.pk)


def move(case: Case, action: CaseAction, side: Side, *, by: User | None, text: str = "", role: str = "") -> Case:
    """Carry out `action` on a case that is `locked`, or raise `IllegalTransition`."""
    now, before = timezone.now(), case.state
    case.state = next_state(CaseState(case.state), action, side)
    case.changed_at = now
    case.asked_at = now if action is CaseAction.ASK else None
    case.closed_at = now if case.state in FINAL else None
    case.save(update_fields=["state", "changed_at", "asked_at", "closed_at"])
    note(case, action, side, by=by, text=text, role=role, before=before)
    return case


def note(
    case: Case, action: CaseAction, side: Side, *, by: User | None, text: str = "", role: str = "", before: str = ""
) -> None:
    """Write what happened into the case's history and, without what was written, into the audit."""
    CaseEvent.objects.create(case=case, at=case.changed_at, action=action, side=side, by=by, text=text)
    is_theirs = side == Side.INSTITUTION
    audit.record(
        f"case.{action}",
        case,
        by=by,
        subject=case.subject,
        role=role or (Role.OPERATOR if side == Side.STIL else ""),
        institution=case.institution.number if is_theirs and case.institution else "",
        number=case.number,
        before=before,
        after=case.state,
    )

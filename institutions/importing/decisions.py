"""What people decide about imports: approve or stop a held run, let one past the brakes, set other limits."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from unilogin_portal.lib.errors import DomainError

from ..actor import Actor
from ..models import (
    Brake,
    BrakeLimit,
    DecisionKind,
    ImportDecision,
    ImportDelivery,
    ImportRun,
    ImportSeries,
    Institution,
    RunMode,
    RunState,
)
from .brakes import THRESHOLDS, WITH_SHARE, Threshold
from .reasons import Reason
from .states import RunAction, next_state

# A bypass that nothing used is forgotten: a mistake of next month is not what it was meant for.
BYPASS_LASTS = timedelta(days=7)


@transaction.atomic
def approve_run(run: ImportRun, *, by: Actor, note: str) -> ImportRun:
    """Approve the changes that stopped this run, and no greater ones; it is then received again, to be loaded.

    Whoever calls this hands the delivery (`run.delivery`) to a worker; the sweep takes up what nobody handed over.
    Raises `DomainError` where somebody else has answered, or a newer delivery came.
    """
    locked = _move(run, RunAction.APPROVE, DecisionKind.APPROVE, by=by, note=note)
    locked.ended_at = None
    locked.save(update_fields=["state", "ended_at"])
    return locked


@transaction.atomic
def reject_run(run: ImportRun, *, by: Actor, note: str) -> ImportRun:
    """Stop this run for good; all stays as it is, and the delivery is gone. Raises `DomainError`."""
    locked = _move(run, RunAction.REJECT, DecisionKind.REJECT, by=by, note=note)
    locked.reason, locked.ended_at = Reason.STOPPED, timezone.now()
    locked.save(update_fields=["state", "reason", "ended_at"])
    ImportDelivery.objects.filter(run=locked).delete()
    return locked


def decider(by: Actor) -> User:
    """Return who decides: a decision has a name. The system never approves, stops or takes back."""
    if by.user is None:
        raise PermissionDenied
    return by.user


def _move(run: ImportRun, action: RunAction, kind: DecisionKind, *, by: Actor, note: str) -> ImportRun:
    # Lock and read again: somebody else may have answered since the page was drawn.
    locked = ImportRun.objects.select_for_update().get(pk=run.pk)
    locked.state = next_state(RunState(locked.state), action)
    ImportDecision.objects.create(run=locked, kind=kind, by=decider(by), note=note)
    audit.record(f"import.{action}", locked, by=by.user, institution=locked.institution_number, note=note)
    return locked


@transaction.atomic
def arm_bypass(series: ImportSeries, *, by: Actor, note: str) -> None:
    """Let the next delivery that a brake would stop be loaded past it, once, within a week."""
    locked = ImportSeries.objects.select_for_update(of=("self",)).select_related("institution").get(pk=series.pk)
    if locked.bypass_until is not None and locked.bypass_until > timezone.now():
        raise DomainError(_("The next import is already let through."))
    locked.bypass_until, locked.bypass_by, locked.bypass_note = timezone.now() + BYPASS_LASTS, by.user, note
    locked.save(update_fields=["bypass_until", "bypass_by", "bypass_note"])
    audit.record("import.bypass_armed", locked, by=by.user, institution=locked.institution.number, note=note)


@transaction.atomic
def disarm_bypass(series: ImportSeries, *, by: Actor) -> None:
    """Take an armed bypass back. Raises `DomainError` where there is none, or it was used."""
    locked = ImportSeries.objects.select_for_update(of=("self",)).select_related("institution").get(pk=series.pk)
    if locked.bypass_until is None:
        raise DomainError(_("There is nothing to take back: the bypass was used, or somebody else took it back."))
    locked.bypass_until, locked.bypass_by, locked.bypass_note = None, None, ""
    locked.save(update_fields=["bypass_until", "bypass_by", "bypass_note"])
    audit.record("import.bypass_disarmed", locked, by=by.user, institution=locked.institution.number)


@dataclass(frozen=True)
class LimitRow:
    """One brake at one institution: everybody's threshold in each mode, and the institution's own, if it has one."""

    brake: Brake
    ordinary: Threshold
    rollover: Threshold
    own: BrakeLimit | None

    @property
    def can_be_set(self) -> bool:
        return self.brake in WITH_SHARE

    @property
    def since(self) -> datetime | None:
        return self.own.at if self.own else None


def limits_of(institution: Institution) -> list[LimitRow]:
    """Return all brakes in their order with what applies at this institution: one query."""
    own = {limit.brake: limit for limit in institution.brake_limits.select_related("by__person")}
    return [
        LimitRow(brake, modes[RunMode.ORDINARY], modes[RunMode.ROLLOVER], own.get(brake))
        for brake, modes in THRESHOLDS.items()
    ]


@transaction.atomic
def set_limit(institution: Institution, brake: Brake, share: int | None, *, by: Actor, note: str) -> None:
    """Give an institution its own threshold, in percent; None switches the brake off there."""
    if brake not in WITH_SHARE:
        raise DomainError(_("This brake has no threshold that could be changed."))
    values = {"share": share, "by": decider(by), "at": timezone.now(), "note": note}
    limit, _is_new = BrakeLimit.objects.update_or_create(institution=institution, brake=brake, defaults=values)
    number, user = institution.number, decider(by)
    audit.record("import.limit_set", limit, by=user, institution=number, brake=brake.value, share=share, note=note)


@transaction.atomic
def clear_limit(institution: Institution, brake: Brake, *, by: Actor) -> None:
    """Let everybody's threshold apply again. Clearing what is clear is no error."""
    if BrakeLimit.objects.filter(institution=institution, brake=brake).delete()[0]:
        audit.record("import.limit_cleared", institution, by=by.user, institution=institution.number, brake=brake.value)


@transaction.atomic
def confirm_series(series: ImportSeries, *, by: Actor) -> None:
    """Keep a series that was not renewed for long: it counts as renewed today (D1.8)."""
    locked = ImportSeries.objects.select_for_update(of=("self",)).select_related("institution").get(pk=series.pk)
    if locked.ended_at is not None:
        raise DomainError(_("The series has ended. A new delivery brings it back."))
    locked.confirmed_at, locked.warned_at = timezone.now(), None
    locked.save(update_fields=["confirmed_at", "warned_at"])
    audit.record("import.series_confirmed", locked, by=by.user, institution=locked.institution.number)

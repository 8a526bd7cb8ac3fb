"""The state of a run and of a series, as an icon and a word (D1.8)."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from unilogin_portal.lib.status import Status

from ..importing.reasons import Reason
from ..importing.report import DONE
from ..models import ImportRun, RunState

# A series whose last good delivery is older is waiting for import: a night may fail, two may not.
FRESH = dt.timedelta(hours=48)
UNDER_WAY = (RunState.RECEIVED, RunState.RUNNING)

RUN: dict[RunState, Status] = {
    RunState.RECEIVED: Status("info", RunState.RECEIVED.label),
    RunState.RUNNING: Status("info", RunState.RUNNING.label, "sync"),
    RunState.LOADED: Status("ok", RunState.LOADED.label),
    RunState.LOADED_WITH_ISSUES: Status("wait", RunState.LOADED_WITH_ISSUES.label, "warning"),
    RunState.UNCHANGED: Status("ok", RunState.UNCHANGED.label),
    RunState.REJECTED: Status("bad", RunState.REJECTED.label),
    RunState.AWAITING_APPROVAL: Status("wait", RunState.AWAITING_APPROVAL.label),
    RunState.UNDONE: Status("off", RunState.UNDONE.label, "reply"),
}

# What a run that was refused is called where it was nobody's fault.
STOPPED: dict[str, Status] = {
    Reason.STOPPED: Status("off", _("Stopped"), "close"),
    Reason.SUPERSEDED: Status("off", _("Replaced")),
}
IMPORTED = Status("ok", _("Imported"))
ENDED = Status("off", _("Ended"))
WAITING: dict[str, Promise] = {
    RunState.AWAITING_APPROVAL: _("Held back"),
    RunState.REJECTED: RunState.REJECTED.label,
}


def short_status(run: ImportRun) -> Status:
    """Return the state of a run."""
    if run.state == RunState.REJECTED and run.reason in STOPPED:
        return STOPPED[run.reason]
    return RUN[RunState(run.state)]


def run_status(run: ImportRun) -> Status:
    """Return the state of a run; of a loaded one with how many are missing."""
    missing = missing_persons(run.counts)
    if run.state != RunState.LOADED_WITH_ISSUES or not missing:
        return short_status(run)
    words = ngettext("Loaded, but %(count)s person is missing", "Loaded, but %(count)s people are missing", missing)
    return Status("wait", words % {"count": missing}, "warning")


def missing_persons(counts: Mapping[str, Any]) -> int:
    """Return how many persons of the file were not loaded; an issue may also be of a contact person only."""
    known: int = sum(counts.get(name, 0) for name in ("created", "updated", "unchanged"))
    persons: int = counts.get("persons", 0)
    return max(0, persons - known)


def series_status(
    latest: str | None, done_at: dt.datetime | None, *, ended_at: dt.datetime | None, now: dt.datetime
) -> Status:
    """Return *Importstatus*: green when the last delivery was imported, red while something has to happen first."""
    if ended_at is not None:
        return ENDED
    if latest in DONE and done_at is not None and now - done_at < FRESH:
        return IMPORTED
    return Status("bad", WAITING.get(latest or "", _("Waiting for import")), "error")

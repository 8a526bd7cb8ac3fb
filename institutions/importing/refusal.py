"""Refusing a delivery as a whole: written on its run, told to who can mend it, and never with what a row says."""

import traceback
from pathlib import Path

import structlog
from django.db import transaction
from django.utils import timezone

from unilogin_portal.lib.errors import support_number

from ..models import ImportDelivery, ImportRun, ImportSeries, Institution, RunState
from . import notices
from .codes import IssueCode
from .loading import write_issues
from .reasons import DeliveryRejected, Reason
from .report import RunReport
from .rows import Header, Issue
from .sources import Delivery

log = structlog.get_logger("unilogin.import")

# Why a delivery that waits is not given up: its turn comes again.
_WAITS_ON = frozenset({Reason.BUSY, Reason.INTERRUPTED})


def refuse(
    delivery: Delivery,
    header: Header | None,
    rejection: DeliveryRejected,
    *,
    run: ImportRun | None = None,
    row: ImportDelivery | None = None,
    dry_run: bool = False,
) -> RunReport:
    """Write the refusal on the run, or on a new one; a dry run only tells of it. `row` is the delivery if it waited."""
    number, source = (header.number, header.source) if header else ("", "")
    if row is not None:
        number, source = row.institution_number, row.source
    issues = rejection.issues
    if rejection.reason == Reason.SOURCE_TIME:
        issues = (Issue(rejection.details["line"], "", IssueCode.SOURCE_TIME),)
    log.warning("delivery_refused", file=delivery.name, institution=number, reason=rejection.reason.value)
    waits_on = row is not None and rejection.reason in _WAITS_ON
    if not (dry_run or (waits_on and run is None)):
        run = run or (row.run if row else None) or ImportRun(institution_number=number, source=source)
        run.sha256, run.file_name = delivery.sha256, delivery.name[:200]
        run.source_time = header.source_time if header else run.source_time
        _write(run, rejection, issues, done_with=None if waits_on else row)
    return RunReport(
        delivery.name,
        RunState.REJECTED,
        number,
        source,
        issues=issues,
        reason=rejection.reason.value,
        details=rejection.details,
        run_id=run.pk if run else None,
    )


@transaction.atomic
def _write(
    run: ImportRun, rejection: DeliveryRejected, issues: tuple[Issue, ...], *, done_with: ImportDelivery | None
) -> None:
    run.state, run.reason, run.reason_details = RunState.REJECTED, rejection.reason.value, rejection.details
    run.ended_at = timezone.now()
    # What the transaction that failed had made is gone with it, a first delivery's series too.
    run.counts = {}
    if run.series_id is not None and not ImportSeries.objects.filter(pk=run.series_id).exists():
        run.series = None
    run.save()
    write_issues(run, issues)
    if done_with is not None:
        ImportDelivery.objects.filter(pk=done_with.pk).delete()
    institution = Institution.objects.filter(number=run.institution_number).first()
    if institution is not None and rejection.reason not in _WAITS_ON:
        notices.rejected(run, institution)


def failure(error: BaseException, header: Header | None) -> DeliveryRejected:
    """Log where an unforeseen error came from. Its text is left out: a database quotes the row, and rows are people."""
    number = support_number()
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
    cause = getattr(error.__cause__, "sqlstate", None)
    log.error("import_failed", number=number, error=type(error).__name__, sqlstate=cause, at=places[-6:])
    return DeliveryRejected(Reason.FAILED, line=header.line if header else 1, number=number)

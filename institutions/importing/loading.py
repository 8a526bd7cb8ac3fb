"""One delivery in one transaction: worked out, braked, carried out, and what tells of it written beside it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts import audit
from unilogin_portal.lib import bulk

from ..models import (
    DecisionKind,
    ImportDelivery,
    ImportIssue,
    ImportRun,
    ImportSeries,
    Institution,
    RunMode,
    RunState,
)
from . import brakes, braking, difference, journal, notices, progress, waiting
from .apply import Place, apply
from .brakes import Stop
from .outcome import Outcome, work_out
from .parser import COPENHAGEN, Document
from .plan import digest_to_keep
from .progress import Step
from .reasons import DeliveryRejected, Reason
from .report import Counts
from .rows import Header, Issue
from .sources import Delivery

# This many runs stopped one after the other are somebody's business, not only the institution's.
STOPS_BEFORE_ALARM = 5
# How far ahead of now a delivery may be dated.
FURTHEST_AHEAD = timedelta(days=180)


@dataclass(frozen=True)
class Loading:
    """What is being loaded, for whom, and the run that tells of it."""

    delivery: Delivery
    document: Document
    institution: Institution
    run: ImportRun
    row: ImportDelivery | None = None  # of a delivery that waited

    @property
    def header(self) -> Header:
        return self.document.header


@transaction.atomic
def load(job: Loading) -> Outcome:
    """Load the delivery, or leave it waiting for approval; the run says which. Raises `DeliveryRejected`."""
    progress.tell(job.run, Step.COMPARING)
    header = job.header
    series, _ = ImportSeries.objects.select_for_update().get_or_create(
        institution=job.institution, source=header.source
    )
    check_source_time([series], header)
    _replace_the_awaiting(job)
    outcome = work_out(job.document, job.institution)
    run = job.run
    run.series, run.mode = series, brakes.mode_of(series.school_year, header.school_year)
    run.counts = Counts.of(outcome.reading, outcome.plan).as_dict()
    stops = braking.find_stops(outcome, series, header, RunMode(run.mode))
    if stops and not _is_let_through(job, series, stops):
        _hold(job, series, outcome, stops)
    else:
        _carry_out(job, series, outcome)
    return outcome


def check_source_time(series: Iterable[ImportSeries], header: Header) -> None:
    """Raise `DeliveryRejected` unless the delivery is newer than the last one loaded (D1.2)."""
    for one in series:
        if one.last_source_time is not None and header.source_time <= one.last_source_time:
            raise DeliveryRejected(Reason.SOURCE_TIME, line=header.line)
    # A clock that is wrong by years would keep every right delivery out.
    if header.source_time > timezone.now() + FURTHEST_AHEAD:
        raise DeliveryRejected(Reason.AHEAD_OF_TIME, line=header.line)


def write_issues(run: ImportRun, issues: Iterable[Issue]) -> None:
    fields = ("line", "local_person_id", "code", "contact_number")
    bulk.insert(ImportIssue, fields, issues, always={"run_id": run.pk})


def _replace_the_awaiting(job: Loading) -> None:
    """A newer delivery takes the place of one that awaits approval: nobody has to answer for old news."""
    header = job.header
    series = {"institution_number": header.number, "source": header.source}
    waiting_runs = bulk.select(ImportRun, ("id",), state=RunState.AWAITING_APPROVAL.value, **series)
    awaiting = [pk for (pk,) in waiting_runs if pk != job.run.pk]
    for run in ImportRun.objects.filter(pk__in=awaiting) if awaiting else ():
        if run.source_time is not None and header.source_time <= run.source_time:
            raise DeliveryRejected(Reason.SOURCE_TIME, line=header.line)
        waiting.let_go(run, Reason.SUPERSEDED, at=timezone.now())


def _is_let_through(job: Loading, series: ImportSeries, stops: tuple[Stop, ...]) -> bool:
    """Whether somebody approved these changes, or armed the series' one-time bypass, which is then used up."""
    if job.run.decisions.filter(kind=DecisionKind.APPROVE).exists():
        return not brakes.not_covered(stops, job.run.stops)
    if series.bypass_until is None or series.bypass_until < timezone.now():
        return False
    job.run.stops = [stop.as_dict() for stop in stops]
    audit.record(
        "import.bypass_used",
        job.run,
        by=series.bypass_by,
        institution=series.institution.number,
        stops=job.run.stops,
        note=series.bypass_note,
    )
    series.bypass_until, series.bypass_by, series.bypass_note = None, None, ""
    return True


def _hold(job: Loading, series: ImportSeries, outcome: Outcome, stops: tuple[Stop, ...]) -> None:
    """Change nothing of anybody's; keep the delivery, say what it would change, and call those who may decide."""
    run = job.run
    run.stops = [stop.as_dict() for stop in stops]
    run.state, run.ended_at = RunState.AWAITING_APPROVAL, timezone.now()
    difference.write(run, outcome)
    write_issues(run, outcome.reading.issues)
    run.save()
    waiting.keep(job.delivery, job.header, run)
    series.stopped_in_a_row += 1
    series.save(update_fields=["stopped_in_a_row"])
    audit.record("import.held", run, by=None, institution=run.institution_number, stops=run.stops)
    notices.held(run, job.institution)
    if series.stopped_in_a_row % STOPS_BEFORE_ALARM == 0:
        notices.alarm(run, job.institution, series.stopped_in_a_row)


def _carry_out(job: Loading, series: ImportSeries, outcome: Outcome) -> None:
    progress.tell(job.run, Step.WRITING)
    run, header = job.run, job.header
    day = header.source_time.astimezone(COPENHAGEN).date()
    digests = {row.place: digest_to_keep(row, outcome.reading) for row in outcome.plan.joins}
    back = journal.before(outcome, series, (job.institution.number, header.source))
    place = Place(job.institution, header.source, header.source_time, day)
    journal.keep(back, apply(outcome.plan, outcome.held, digests, place), run)
    now = timezone.now()
    series.last_source_time, series.last_sha256, series.last_loaded_at = header.source_time, job.delivery.sha256, now
    series.school_year, series.last_counts = header.school_year, run.counts
    series.stopped_in_a_row, series.hold_next, series.warned_at, series.ended_at = 0, False, None, None
    series.save()
    write_issues(run, outcome.reading.issues)
    run.state, run.ended_at = state_of(outcome), now
    run.save()
    if job.row is not None:
        ImportDelivery.objects.filter(pk=job.row.pk).delete()
    audit.record("import.loaded", run, by=None, institution=run.institution_number, counts=run.counts)


def state_of(outcome: Outcome) -> RunState:
    return RunState.LOADED_WITH_ISSUES if outcome.reading.issues else RunState.LOADED

"""One delivery from its file to its report: refused, loaded, or the same as last time.

A delivery is one transaction. Whatever goes wrong, the database is as before but for the run that tells of it, and the
next delivery has its turn. A dry run stops before anything is written.
"""

import gc
import random
import time
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import structlog
from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone

from accounts import audit
from unilogin_portal.lib import bulk
from unilogin_portal.lib.errors import support_number

from ..models import ImportIssue, ImportRun, ImportSeries, Institution, InstitutionLevel, RunState
from . import parser, people, snapshot, sources
from .apply import Place, apply
from .codes import IssueCode
from .flight import flight
from .hidden import shown_file_name
from .parser import COPENHAGEN, Document
from .plan import Plan, digest_to_keep, plan
from .reading import Reading, read
from .reasons import DeliveryRejected, Reason
from .report import Counts, RunReport
from .rows import Header, Issue
from .sources import Delivery
from .unchanged import Known

log = structlog.get_logger("unilogin.import")

# Two deliveries of one night may make the same new person, or two user names alike: a second try finds the first's.
_TRIES = 4


@dataclass(frozen=True)
class Outcome:
    """What a delivery comes to: what it says, what is held, and what has to be done."""

    reading: Reading
    held: snapshot.Held
    plan: Plan


def import_files(paths: Iterable[Path], *, dry_run: bool = False) -> Iterator[RunReport]:
    """Import the deliveries in these files and folders, one by one, and yield what became of each."""
    files = list(sources.find(paths))
    known = Known(all_series=len(files) > 1)
    for file in files:
        with _without_collecting():
            report = _import_file(file, known, dry_run=dry_run)
        yield report
    if not dry_run:
        known.record()


def import_delivery(delivery: Delivery, *, dry_run: bool = False) -> RunReport:
    """Import one delivery. What is wrong with it stands in the report; nothing is raised for it."""
    known = Known()
    report = _import_delivery(delivery, known, dry_run=dry_run)
    if not dry_run:
        known.record()
    return report


def work_out(document: Document, institution: Institution) -> Outcome:
    """Return what the delivery comes to, and change nothing. Raises `DeliveryRejected`."""
    source = document.header.source
    held = snapshot.of_series(institution, source)
    reading = read(document, held)
    undelivered = [group.id for name, group in held.groups.items() if group.is_current and name not in reading.groups]
    known = [held.memberships[row.local_id].id for row in reading.rows if row.local_id in held.memberships]
    changes = plan(
        reading,
        held,
        wanted=people.wanted(reading.rows),
        ties=snapshot.ties(known),
        references=snapshot.members_of(undelivered),
        master=(institution.number, source),
    )
    return Outcome(reading, held, changes)


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Leave the search for reference cycles until after a delivery: its hundred thousand tuples make none."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _import_file(path: Path, known: Known, *, dry_run: bool) -> RunReport:
    try:
        delivery = sources.open_file(path)
    except DeliveryRejected as rejection:
        return _refuse(Delivery(shown_file_name(path.name), b"", ""), None, rejection, dry_run=dry_run)
    return _import_delivery(delivery, known, dry_run=dry_run)


def _import_delivery(delivery: Delivery, known: Known, *, dry_run: bool) -> RunReport:
    if report := known.report(delivery):
        return report
    header: Header | None = None
    try:
        document = parser.look(delivery.data)
        header = document.header
        institution = _institution(header)
        if dry_run:
            _check_source_time(ImportSeries.objects.filter(institution=institution, source=header.source), header)
            return _report(delivery, header, work_out(document, institution))
        with flight(delivery, header) as run:
            report = _attempt(delivery, document, institution, run)
        known.loaded(header.number, header.source, delivery.sha256)
    except DeliveryRejected as rejection:
        return _refuse(delivery, header, rejection, dry_run=dry_run)
    except Exception as error:
        return _refuse(delivery, header, _failure(error, header), dry_run=dry_run)
    return report


def _attempt(delivery: Delivery, document: Document, institution: Institution, run: ImportRun) -> RunReport:
    """Load, and write on the run what became of it."""
    header = document.header
    try:
        return _report(delivery, header, _load(delivery, document, institution, run), run)
    except DeliveryRejected as rejection:
        return _refuse(delivery, header, rejection, run=run)
    except Exception as error:
        return _refuse(delivery, header, _failure(error, header), run=run)
    except BaseException:
        _refuse(delivery, header, DeliveryRejected(Reason.INTERRUPTED, line=header.line), run=run)
        raise


def _load(delivery: Delivery, document: Document, institution: Institution, run: ImportRun) -> Outcome:
    for left in reversed(range(_TRIES)):
        try:
            with transaction.atomic():
                return _load_once(delivery, document, institution, run)
        except (IntegrityError, OperationalError):
            if not left:
                raise
            time.sleep(random.uniform(0.05, 0.5))  # noqa: S311 - so that two who collided do not do so again
    raise AssertionError("unreachable")


def _load_once(delivery: Delivery, document: Document, institution: Institution, run: ImportRun) -> Outcome:
    header = document.header
    series, _ = ImportSeries.objects.select_for_update().get_or_create(institution=institution, source=header.source)
    _check_source_time([series], header)
    outcome = work_out(document, institution)
    day = header.source_time.astimezone(COPENHAGEN).date()
    digests = {row.place: digest_to_keep(row, outcome.reading) for row in outcome.plan.joins}
    apply(outcome.plan, outcome.held, digests, Place(institution, header.source, header.source_time, day))
    counts = Counts.of(outcome.reading, outcome.plan).as_dict()
    _finish_series(series, delivery, header, counts)
    _write_issues(run, outcome.reading.issues)
    run.series, run.counts, run.state, run.ended_at = series, counts, _state(outcome.reading), timezone.now()
    run.save(update_fields=["series", "counts", "state", "ended_at"])
    audit.record("import.loaded", run, by=None, institution=institution.number, counts=counts)
    return outcome


def _finish_series(series: ImportSeries, delivery: Delivery, header: Header, counts: dict[str, object]) -> None:
    series.last_source_time, series.last_sha256 = header.source_time, delivery.sha256
    series.last_loaded_at, series.school_year, series.last_counts = timezone.now(), header.school_year, counts
    series.save()


def _institution(header: Header) -> Institution:
    """Return whose delivery this is, or refuse it: people belong to open schools, units and sites (D5.2)."""
    institution = Institution.objects.filter(number=header.number).first()
    if institution is None:
        raise DeliveryRejected(Reason.INSTITUTION_UNKNOWN, line=header.line, number=header.number)
    if institution.closed_on is not None:
        raise DeliveryRejected(Reason.INSTITUTION_CLOSED, line=header.line, number=header.number)
    if institution.level == InstitutionLevel.CLUSTER:
        raise DeliveryRejected(Reason.INSTITUTION_LEVEL, line=header.line, number=header.number)
    return institution


def _check_source_time(series: Iterable[ImportSeries], header: Header) -> None:
    for one in series:
        if one.last_source_time is not None and header.source_time <= one.last_source_time:
            raise DeliveryRejected(Reason.SOURCE_TIME, line=header.line)


def _state(reading: Reading) -> RunState:
    return RunState.LOADED_WITH_ISSUES if reading.issues else RunState.LOADED


def _report(delivery: Delivery, header: Header, outcome: Outcome, run: ImportRun | None = None) -> RunReport:
    return RunReport(
        delivery.name,
        _state(outcome.reading),
        header.number,
        header.source,
        Counts.of(outcome.reading, outcome.plan),
        tuple(outcome.reading.issues),
        run_id=run.pk if run else None,
    )


def _refuse(
    delivery: Delivery,
    header: Header | None,
    rejection: DeliveryRejected,
    *,
    run: ImportRun | None = None,
    dry_run: bool = False,
) -> RunReport:
    """Write the refusal on the run, or on a new one; a dry run only tells of it."""
    number, source = (header.number, header.source) if header else ("", "")
    issues = (
        (Issue(rejection.details["line"], "", IssueCode.SOURCE_TIME),) if rejection.reason == Reason.SOURCE_TIME else ()
    )
    if not dry_run:
        run = run or ImportRun(institution_number=number, source=source, sha256=delivery.sha256)
        run.file_name, run.source_time = delivery.name[:200], header.source_time if header else None
        run.state, run.reason, run.reason_details = RunState.REJECTED, rejection.reason.value, rejection.details
        run.ended_at = timezone.now()
        with transaction.atomic():
            run.save()
            _write_issues(run, issues)
    log.warning("delivery_refused", file=delivery.name, institution=number, reason=rejection.reason.value)
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


def _write_issues(run: ImportRun, issues: Iterable[Issue]) -> None:
    bulk.insert(
        ImportIssue,
        ("line", "local_person_id", "code", "contact_number"),
        issues,
        always={"run_id": run.pk},
    )


def _failure(error: BaseException, header: Header | None) -> DeliveryRejected:
    """Log where an unforeseen error came from. Its text is left out: a database quotes the row, and rows are people."""
    number = support_number()
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
    cause = getattr(error.__cause__, "sqlstate", None)
    log.error("import_failed", number=number, error=type(error).__name__, sqlstate=cause, at=places[-6:])
    return DeliveryRejected(Reason.FAILED, line=header.line if header else 1, number=number)

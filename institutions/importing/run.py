"""One delivery from its file to its report: refused, loaded, held back, or the same as last time.

A delivery is one transaction. Whatever goes wrong, the database is as before but for the run that tells of it, and the
next delivery has its turn. A dry run stops before anything is written.
"""

import gc
import random
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from celery.exceptions import SoftTimeLimitExceeded
from django.db import DatabaseError, IntegrityError, OperationalError
from django.db.models import F

from unilogin_portal.lib import bulk

from ..models import ImportDelivery, ImportRun, ImportSeries, Institution, InstitutionLevel, RunMode, RunState
from . import brakes, braking, consent, loading, parser, sources, waiting
from .flight import flight
from .hidden import shown_file_name
from .loading import Loading
from .outcome import Outcome, work_out
from .parser import Document
from .reasons import DeliveryRejected, Reason
from .refusal import failure, refuse
from .report import Counts, RunReport
from .rows import Header
from .sources import Delivery
from .unchanged import Known

# Two deliveries of one night may make the same new person, or two user names alike: a second try finds the first's.
_TRIES = 4
# Not the delivery's fault: one that waited waits on.
_GAVE_WAY = (OperationalError, SoftTimeLimitExceeded)
# A delivery whose loading ended this often without a word is not tried again: it may be what ends the worker.
_INTERRUPTIONS = 10


def import_files(paths: Iterable[Path], *, dry_run: bool = False) -> Iterator[RunReport]:
    """Import the deliveries in these files and folders, one by one, and yield what became of each."""
    files = list(sources.find(paths))
    return import_each(files, several=len(files) > 1, dry_run=dry_run)


def import_each(files: Iterable[Path], *, several: bool = True, dry_run: bool = False) -> Iterator[RunReport]:
    """Import these deliveries one by one as they come. For `several` it is worth knowing all series at once."""
    known = Known(all_series=several, dry_run=dry_run)
    try:
        with bulk.by_index():
            for file in files:
                with _without_collecting():
                    report = _import_file(file, known, dry_run=dry_run)
                yield report
    finally:
        known.record()


def import_delivery(delivery: Delivery, *, dry_run: bool = False) -> RunReport:
    """Import one delivery. What is wrong with it stands in the report; nothing is raised for it."""
    known = Known()
    report = _import_delivery(delivery, known, dry_run=dry_run)
    if not dry_run:
        known.record()
    return report


def load_waiting(pk: int) -> RunReport | None:
    """Load the delivery that waits under this key; None where it is gone, or waits for somebody's approval.

    The row goes in the transaction that writes the outcome, so that a delivery is loaded once or waits on. It waits on
    too where another process is loading the series (the report says `busy`). Raises `OperationalError` or
    `SoftTimeLimitExceeded` where the database or the time gave way: try again later.
    """
    row = ImportDelivery.objects.select_related("run").filter(pk=pk).first()
    if row is None or (row.run and row.run.state == RunState.AWAITING_APPROVAL):
        return None
    delivery = waiting.content_of(row)
    if row.tries >= _INTERRUPTIONS:
        return refuse(delivery, None, DeliveryRejected(Reason.GIVEN_UP, count=_INTERRUPTIONS), row=row)
    known = Known()
    with _tried(row), bulk.by_index(), _without_collecting():
        report = _import_delivery(delivery, known, row=row)
    known.record()
    if report.state == RunState.UNCHANGED:
        row.delete()
    return report


@contextmanager
def _tried(row: ImportDelivery) -> Iterator[None]:
    """Count a try, and take it back when its end is known: what is left are those that ended without a word."""
    rows = ImportDelivery.objects.filter(pk=row.pk)
    rows.update(tries=F("tries") + 1)
    try:
        yield
    finally:
        # Where the database gave way the count stays; what gave way is what has to be told.
        with suppress(DatabaseError):
            rows.filter(tries__gt=0).update(tries=F("tries") - 1)


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
        return refuse(Delivery(shown_file_name(path.name), b"", ""), None, rejection, dry_run=dry_run)
    return _import_delivery(delivery, known, dry_run=dry_run)


def _import_delivery(
    delivery: Delivery, known: Known, *, dry_run: bool = False, row: ImportDelivery | None = None
) -> RunReport:
    if report := known.report(delivery) or _awaiting(delivery, row):
        return report
    header: Header | None = None
    try:
        document = parser.look(delivery.data)
        header = document.header
        institution = institution_of(header)
        if dry_run:
            return _would_be(delivery, document, institution)
        with flight(delivery, header, persons=len(document.elements), run=row.run if row else None) as run:
            report = _attempt(Loading(delivery, document, institution, run, row))
    except DeliveryRejected as rejection:
        return refuse(delivery, header, rejection, dry_run=dry_run, row=row)
    except _GAVE_WAY as error:
        if row is not None:
            raise
        return refuse(delivery, header, failure(error, header), dry_run=dry_run)
    except Exception as error:
        return refuse(delivery, header, failure(error, header), dry_run=dry_run, row=row)
    if report.is_done:
        known.loaded(header.number, header.source, delivery.sha256)
    return report


def institution_of(header: Header) -> Institution:
    """Return whose delivery this is, or refuse it: people belong to open schools, units and sites (D5.2), and no
    system delivers them without an agreement (D4).
    """
    institution = Institution.objects.filter(number=header.number).first()
    if institution is None:
        raise DeliveryRejected(Reason.INSTITUTION_UNKNOWN, line=header.line, number=header.number)
    if institution.closed_on is not None:
        raise DeliveryRejected(Reason.INSTITUTION_CLOSED, line=header.line, number=header.number)
    if institution.level == InstitutionLevel.CLUSTER:
        raise DeliveryRejected(Reason.INSTITUTION_LEVEL, line=header.line, number=header.number)
    if not consent.may_deliver(header.number, header.source):
        raise DeliveryRejected(Reason.NO_AGREEMENT, line=header.line)
    return institution


def _awaiting(delivery: Delivery, row: ImportDelivery | None) -> RunReport | None:
    """Return the report of a delivery that came before and still awaits approval: it is not asked about twice.

    Nor is one that was approved and whose turn it is: loaded from here it would be another run, without the approval.
    """
    if row is not None or not delivery.sha256:
        return None
    states = (RunState.AWAITING_APPROVAL, RunState.RECEIVED)
    # Those that wait are few; of runs there is one for every delivery there ever was.
    runs = [pk for (pk,) in bulk.select(ImportDelivery, ("run_id",), sha256=delivery.sha256) if pk]
    run = ImportRun.objects.filter(pk__in=runs, state__in=states).first() if runs else None
    if run is None:
        return None
    counts, state = Counts.stored(run.counts), RunState(run.state)
    return RunReport(delivery.name, state, run.institution_number, run.source, counts, run_id=run.pk)


def _would_be(delivery: Delivery, document: Document, institution: Institution) -> RunReport:
    """Return what loading would come to. Raises `DeliveryRejected`."""
    header = document.header
    series = ImportSeries.objects.filter(institution=institution, source=header.source).first()
    loading.check_source_time([series] if series else [], header)
    outcome = work_out(document, institution)
    mode = brakes.mode_of(series.school_year if series else "", header.school_year)
    stops = braking.find_stops(outcome, series, header, RunMode(mode))
    state = RunState.AWAITING_APPROVAL if stops else loading.state_of(outcome)
    return _report(delivery, header, outcome, state)


def _attempt(job: Loading) -> RunReport:
    """Load, and write on the run what became of it."""
    delivery, header, run = job.delivery, job.header, job.run
    try:
        outcome = _load(job)
    except DeliveryRejected as rejection:
        return refuse(delivery, header, rejection, run=run, row=job.row)
    except _GAVE_WAY as error:
        if job.row is None:
            return refuse(delivery, header, failure(error, header), run=run)
        refuse(delivery, header, DeliveryRejected(Reason.INTERRUPTED, line=header.line), run=run, row=job.row)
        raise
    except Exception as error:
        return refuse(delivery, header, failure(error, header), run=run, row=job.row)
    except BaseException:
        refuse(delivery, header, DeliveryRejected(Reason.INTERRUPTED, line=header.line), run=run, row=job.row)
        raise
    return _report(delivery, header, outcome, RunState(run.state), run)


def _load(job: Loading) -> Outcome:
    for left in reversed(range(_TRIES)):
        try:
            return loading.load(job)
        except (IntegrityError, OperationalError):
            if not left:
                raise
            time.sleep(random.uniform(0.05, 0.5))  # noqa: S311 - so that two who collided do not do so again
    raise AssertionError("unreachable")


def _report(
    delivery: Delivery, header: Header, outcome: Outcome, state: RunState, run: ImportRun | None = None
) -> RunReport:
    return RunReport(
        delivery.name,
        state,
        header.number,
        header.source,
        Counts.of(outcome.reading, outcome.plan),
        tuple(outcome.reading.issues),
        run_id=run.pk if run else None,
    )

"""One running import a series (institution and source), and what becomes of one whose process was killed.

On PostgreSQL the right to run is an advisory lock that ends with the connection, so that a run that is still marked as
running while its lock is free was interrupted. Elsewhere a run counts as interrupted when it is older than any task
may live. The constraint `one_running_import_a_series` repeats the rule.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from ..models import ImportRun, RunState
from .reasons import DeliveryRejected, Reason
from .rows import Header
from .sources import Delivery


@contextmanager
def flight(delivery: Delivery, header: Header, *, persons: int, run: ImportRun | None = None) -> Iterator[ImportRun]:
    """Give the right to import this series, and a run marked as running: a new one, or `run`, which goes on.

    Raises `DeliveryRejected` when the right is taken. `persons` are in the file.
    """
    run = run or ImportRun(
        institution_number=header.number,
        source=header.source,
        file_name=delivery.name[:200],
        sha256=delivery.sha256,
        source_time=header.source_time,
    )
    with _lock(header):
        try:
            try:
                _start(run, header, persons)
            except IntegrityError:
                if not _declare_interrupted(_in_the_way(header)):
                    raise DeliveryRejected(Reason.BUSY, line=header.line) from None
                _start(run, header, persons)
            yield run
        except BaseException:
            # A signal may come between any two lines, those in which the loading has not begun to look out for it too.
            _declare_interrupted(ImportRun.objects.filter(pk=run.pk, state=RunState.RUNNING))
            raise


@contextmanager
def _lock(header: Header) -> Iterator[None]:
    if connection.vendor != "postgresql":
        yield
        return
    name = hashlib.sha256(f"import:{header.number}:{header.source}".encode()).digest()
    key = int.from_bytes(name[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        if not cursor.fetchone()[0]:
            raise DeliveryRejected(Reason.BUSY, line=header.line)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [key])


def _in_the_way(header: Header) -> QuerySet[ImportRun]:
    """Return the run of this series that is marked as running, if the process that ran it is gone."""
    running = ImportRun.objects.filter(state=RunState.RUNNING, institution_number=header.number, source=header.source)
    if connection.vendor != "postgresql":
        running = running.filter(started_at__lt=timezone.now() - timedelta(seconds=settings.CELERY_TASK_TIME_LIMIT))
    return running


def _declare_interrupted(runs: QuerySet[ImportRun]) -> bool:
    """Mark the runs as interrupted; return whether there were any."""
    return bool(runs.update(state=RunState.REJECTED, reason=Reason.INTERRUPTED, ended_at=timezone.now()))


@transaction.atomic
def _start(run: ImportRun, header: Header, persons: int) -> None:
    run.state, run.reason, run.reason_details = RunState.RUNNING, "", {}
    run.school_year = header.school_year
    run.counts, run.started_at, run.ended_at = {"persons": persons}, timezone.now(), None
    run.save()

"""The night: which deliveries are due, and the loading of what waits, one series at a time.

What waits stands in the database, so that a message that is lost, or sent twice, changes nothing: whoever asks for a
series finds what is due of it now.
"""

import datetime as dt
import time

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from unilogin_portal.lib.crypto import SecretUnreadable

from ..models import ImportDelivery, ImportRun, RunState
from . import run, waiting
from .parser import COPENHAGEN
from .reasons import Reason
from .report import RunReport

log = structlog.get_logger("unilogin.import")

# D1.1: deliveries are loaded at night, which lasts `IMPORT_NIGHT_HOURS`. What comes after its end waits for the next.
BEGINS_AT = 2


class SeriesBusy(Exception):
    """Another process is loading this series; what waits of it is still waiting."""


def began_at(now: dt.datetime) -> dt.datetime:
    """Return when the last night began, or this one."""
    tonight = now.astimezone(COPENHAGEN).replace(hour=BEGINS_AT, minute=0, second=0, microsecond=0)
    return tonight if tonight <= now else tonight - dt.timedelta(days=1)


def closed_at(now: dt.datetime) -> dt.datetime:
    """Return until when a delivery must have come to be loaded now: now, and by day the end of the last night."""
    return min(now, began_at(now) + dt.timedelta(hours=settings.IMPORT_NIGHT_HOURS))


def due(now: dt.datetime, *, everything: bool = False) -> QuerySet[ImportDelivery]:
    """Return the deliveries whose turn it is. One that somebody approved has a run already, and need not wait."""
    rows = ImportDelivery.objects.exclude(run__state=RunState.AWAITING_APPROVAL)
    return rows if everything else rows.filter(Q(received_at__lte=closed_at(now)) | Q(run__isnull=False))


def series_due(now: dt.datetime, *, everything: bool = False) -> list[tuple[str, str]]:
    """Return institution number and source of each series of which something is due."""
    rows = due(now, everything=everything).order_by("institution_number", "source")
    return list(rows.values_list("institution_number", "source").distinct())


def load_series(number: str, source: str, *, everything: bool = False) -> list[RunReport]:
    """Load the newest delivery of a series that is due; the older ones are needless then, as each is the whole (D1.2).

    Where it is refused, the next older one is tried. Raises `SeriesBusy`, `OperationalError` or
    `SoftTimeLimitExceeded`: try again later.
    """
    began = timezone.now()
    rows = due(began, everything=everything).filter(institution_number=number, source=source)
    waits = list(rows.order_by("-source_time", "-pk").values_list("pk", flat=True))
    reports = []
    for place, pk in enumerate(waits, start=1):
        report = load_waiting(pk)
        if report is None:
            continue
        reports.append(report)
        if report.state != RunState.REJECTED:
            _supersede(waits[place:], began)
            break
    return reports


def load_waiting(pk: int) -> RunReport | None:
    """Load one delivery that waits; None where it is gone, or not to be loaded. Raises as `load_series`."""
    started = time.perf_counter()
    try:
        report = run.load_waiting(pk)
    except SecretUnreadable:
        log.error("delivery_unreadable", delivery=pk)  # under a key that is not listed any more: it waits on
        return None
    if report is None:
        return None
    if report.reason == Reason.BUSY:
        raise SeriesBusy
    log.info(
        "delivery_done",
        institution=report.institution,
        source=report.source,
        state=report.state.value,
        reason=report.reason,
        persons=report.counts.persons,
        seconds=round(time.perf_counter() - started, 3),
    )
    return report


@transaction.atomic
def _supersede(older: list[int], began: dt.datetime) -> None:
    """Let deliveries go in whose place a newer one was taken. Their runs stand before that one's."""
    for row in ImportDelivery.objects.select_for_update(of=("self",)).filter(pk__in=older).defer("content"):
        one = row.run or ImportRun(
            institution_number=row.institution_number,
            source=row.source,
            source_time=row.source_time,
            file_name=row.file_name,
            sha256=row.sha256,
            started_at=began,
        )
        waiting.let_go(one, Reason.SUPERSEDED, at=began)
        row.delete()

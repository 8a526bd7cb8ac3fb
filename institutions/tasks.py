"""What runs in the background. Arguments are an institution's number, a system's name, a key: never personal data.

A task that is lost or sent twice changes nothing: what is to be done stands in the database, and the sweep asks again.
"""

import random
from collections.abc import Callable

import structlog
from celery import Task, current_app, shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.db import OperationalError
from django.utils import timezone
from kombu.exceptions import OperationalError as QueueUnreachable

from . import services
from .cases import services as cases
from .models import Case, ImportDelivery, ImportRun

log = structlog.get_logger("unilogin.import")

_MOST_TRIES = 6
_LONGEST_PAUSE = 60  # seconds; after the last try the sweep takes it up


@shared_task(name="institutions.take_up_deliveries")  # type: ignore[untyped-decorator]
def take_up_deliveries() -> None:
    """Take in what lies in the inbox, and send one task for each series of which something is due.

    As long as there are messages that no worker has had time for, everything that is due has been sent already.
    """
    services.take_in_deliveries()
    series = services.series_due(timezone.now())
    if not series or _messages_waiting():
        return
    log.info("night_sent", series=len(series))
    for number, source in series:
        load_series.delay(number, source)


@shared_task(name="institutions.load_series", bind=True, max_retries=_MOST_TRIES)  # type: ignore[untyped-decorator]
def load_series(self: Task, number: str, source: str) -> None:
    """Load what is due of one institution's deliveries from one system."""
    _now_or_later(self, lambda: services.load_series(number, source))


@shared_task(name="institutions.load_waiting", bind=True, max_retries=_MOST_TRIES)  # type: ignore[untyped-decorator]
def load_waiting(self: Task, pk: int) -> None:
    """Load one delivery that waits, by day too: somebody has approved it."""
    _now_or_later(self, lambda: services.load_waiting(pk))


@shared_task(name="institutions.end_old_series")  # type: ignore[untyped-decorator]
def end_old_series() -> None:
    services.end_old_series(timezone.now())


@shared_task(name="institutions.forget_old_imports")  # type: ignore[untyped-decorator]
def forget_old_imports() -> None:
    services.forget_old_imports()


@shared_task(name="institutions.carry_out_case", time_limit=300, soft_time_limit=240)  # type: ignore[untyped-decorator]
def carry_out_case(pk: int) -> None:
    """Do what an approved case leads to. Where it fails the sweep takes it up again."""
    cases.carry_out(pk)


@shared_task(name="institutions.send_letters")  # type: ignore[untyped-decorator]
def send_letters() -> None:
    """Take up what approved cases still wait for."""
    for pk in cases.due(timezone.now()):
        carry_out_case.delay(pk)


@shared_task(name="institutions.forget_old_cases")  # type: ignore[untyped-decorator]
def forget_old_cases() -> None:
    cases.forget_old()


def carry_out_soon(case: Case) -> None:
    """Hand an approved case to a worker."""
    try:
        carry_out_case.delay(case.pk)
    except QueueUnreachable as error:
        log.error("queue_unreachable", case=case.number, error=type(error).__name__)


def load_soon(run: ImportRun) -> None:
    """Hand an approved run's delivery to a worker. Where the queue does not answer, the sweep takes it up later."""
    for pk in ImportDelivery.objects.filter(run=run).values_list("pk", flat=True):
        try:
            load_waiting.delay(pk)
        except QueueUnreachable as error:
            log.error("queue_unreachable", run=run.pk, error=type(error).__name__)


def _now_or_later(task: Task, act: Callable[[], object]) -> None:
    """Do it, and again after growing pauses while the series is busy, or where the database or the time gave way."""
    try:
        act()
    except (services.SeriesBusy, OperationalError, SoftTimeLimitExceeded) as error:
        log.warning("import_put_off", error=type(error).__name__, tries=task.request.retries)
        if task.request.is_eager:  # without a queue there is no later: it waits in the database
            return
        pause = min(2 ** (task.request.retries + 1), _LONGEST_PAUSE)
        raise task.retry(exc=error, countdown=pause * random.uniform(0.5, 1)) from None  # noqa: S311 - no secret


def _messages_waiting() -> int:
    """Return how many messages lie in the queue, not counting those that a worker is at."""
    if current_app.conf.task_always_eager:
        return 0
    with current_app.connection_for_read() as connection:
        found = connection.default_channel.queue_declare(current_app.conf.task_default_queue)
    return int(found.message_count)

"""What runs in the background: sending requests to many, and what is due each night and each week.

Arguments are keys. A task that is lost or sent twice changes nothing: what is to be done stands in the database.
"""

import structlog
from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError as QueueUnreachable

from . import clients, deliveries, fetching, notices, services
from .models import RequestBatch

log = structlog.get_logger("unilogin.agreements")


@shared_task(name="dataagreements.send_requests", time_limit=600, soft_time_limit=540)  # type: ignore[untyped-decorator]
def send_requests(pk: int) -> None:
    services.send(pk)


@shared_task(name="dataagreements.send_unfinished")  # type: ignore[untyped-decorator]
def send_unfinished() -> None:
    """Take up requests whose worker is gone."""
    for pk in services.unfinished(timezone.now()):
        send_requests.delay(pk)


@shared_task(name="dataagreements.nightly")  # type: ignore[untyped-decorator]
def nightly() -> None:
    """End what is over, and warn of what soon will be."""
    today = timezone.localdate()
    services.expire(today)
    services.warn(today)


@shared_task(name="dataagreements.forget_old")  # type: ignore[untyped-decorator]
def forget_old() -> None:
    """Let go what is past its time of tokens, of what was sent and of what was fetched."""
    now = timezone.now()
    clients.forget_tokens(now)
    deliveries.forget_old(now)
    fetching.forget_old(now)


@shared_task(name="dataagreements.remind")  # type: ignore[untyped-decorator]
def remind() -> None:
    """Remind those whose requests have waited for over a fortnight."""
    notices.remind(timezone.now())


@shared_task(name="dataagreements.digest")  # type: ignore[untyped-decorator]
def digest() -> None:
    """Write once a week what waits."""
    notices.digest()


def send_soon(batch: RequestBatch) -> None:
    """Hand a request to a worker. Where the queue does not answer, the sweep takes it up later."""
    try:
        send_requests.delay(batch.pk)
    except QueueUnreachable as error:
        log.error("queue_unreachable", batch=batch.pk, error=type(error).__name__)

"""What runs in the background: keeping the campaigns' time, their mails, and those that come back.

Arguments are keys. A task that is lost or sent twice changes nothing: what is to be done stands in the database.
"""

import datetime as dt
import smtplib
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import structlog
from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError as QueueUnreachable

from . import bounces, campaigns, mailing, reports
from .models import Campaign
from .statistics import figures

log = structlog.get_logger("unilogin.reporting")


@shared_task(name="reporting.keep_time")  # type: ignore[untyped-decorator]
def keep_time() -> None:
    """Open, close and remind where it is time to, and take up mails whose worker is gone."""
    now = timezone.now()
    campaigns.keep_time(now)
    _give_out(send_links, ((list(part),) for part in mailing.unsent(now)))
    reminders = mailing.to_be_reminded(now)
    _give_out(send_reminders, ((list(part), asked_at.isoformat()) for asked_at, part in reminders))
    figures.bring_up_to_date()


@shared_task(name="reporting.take_in_bounces", time_limit=240, soft_time_limit=200)  # type: ignore[untyped-decorator]
def take_in_bounces() -> None:
    """Read the mails that came back since the last time."""
    if any((told := bounces.take_in()).values()):
        log.info("bounces_taken_in", **told)


@shared_task(name="reporting.send_links", time_limit=600, soft_time_limit=540)  # type: ignore[untyped-decorator]
def send_links(keys: Sequence[int]) -> None:
    _by_mail(lambda: mailing.send_links(keys, timezone.now))


@shared_task(name="reporting.send_reminders", time_limit=600, soft_time_limit=540)  # type: ignore[untyped-decorator]
def send_reminders(keys: Sequence[int], asked_at: str) -> None:
    _by_mail(lambda: mailing.send_reminders(keys, dt.datetime.fromisoformat(asked_at), timezone.now))


@shared_task(name="reporting.ask_again")  # type: ignore[untyped-decorator]
def ask_again(identifier: str) -> None:
    """Send the link once more to whoever has lost it, if there is such a one."""
    if keys := reports.ask_again(identifier, timezone.now()):
        _by_mail(lambda: mailing.send_links(keys, timezone.now))


def ask_again_soon(identifier: str) -> None:
    """Leave it to a worker, whoever asks: how long the page takes tells nothing of who exists."""
    _give_out(ask_again, [(identifier,)])


def mail_soon(campaign: Campaign) -> None:
    """Hand all mails of a campaign to the workers. Where the queue does not answer, the sweep takes them up later."""
    _give_out(send_links, ((list(part),) for part in mailing.unsent(timezone.now(), campaign)))


def mail_one_soon(pk: int) -> None:
    _give_out(send_links, [([pk],)])


def remind_soon(keys: Iterable[Sequence[int]], asked_at: dt.datetime) -> bool:
    """Hand out reminders that somebody asked for. False where the queue does not answer: no sweep knows of these."""
    return _give_out(send_reminders, ((list(part), asked_at.isoformat()) for part in keys))


def _give_out(task: Any, calls: Iterable[tuple[Any, ...]]) -> bool:
    try:
        for arguments in calls:
            task.delay(*arguments)
    except QueueUnreachable as error:
        log.error("queue_unreachable", task=task.name, error=type(error).__name__)
        return False
    return True


def _by_mail(send: Callable[[], object]) -> None:
    try:
        told = send()
    except (smtplib.SMTPException, OSError) as error:
        # Nothing was claimed that did not go, so the sweep comes back to it.
        log.error("mail_server_unreachable", error=type(error).__name__)
    else:
        log.info("mails_done", told=told)

"""`python -m tests.bench.campaigns`: a week opened, and its link mailed to a thousand respondents by real workers.

Works on the database at DATABASE_URL and, where REDIS_URL is set, with two worker processes on it. Prints JSON: seconds
from opening until the last mail had gone, of the opening alone, of writing all mails and sending none, and of a bare
COPY of the rows.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from institutions.models import Institution, InstitutionKind, InstitutionLevel, Municipality  # noqa: E402
from reporting import campaigns, mails, respondents, tasks  # noqa: E402
from reporting.models import Campaign, MunicipalAddress, Report  # noqa: E402
from reporting.states import MailState  # noqa: E402
from reporting.weeks import Week  # noqa: E402

RESPONDENTS = 1_000
LONGEST = 120
_COPY = "COPY reporting_report TO STDOUT"


def fill() -> None:
    """Have a thousand respondents in all, each with an address."""
    now = timezone.now()
    MunicipalAddress.objects.bulk_create(
        MunicipalAddress(municipality=one, email=f"post@{one.code}.example.dk", updated_at=now)
        for one in Municipality.objects.all()
    )
    missing = RESPONDENTS - len(respondents.everybody())
    facts: dict[str, Any] = {
        "kind": InstitutionKind.SCHOOL,
        "level": InstitutionLevel.SCHOOL,
        "type_code": respondents.FREE_SCHOOL,
    }
    Institution.objects.bulk_create(
        Institution(number=f"Y{n:05}", name=f"Friskole {n}", email=f"kontor@y{n:05}.example.dk", **facts)
        for n in range(missing)
    )


@contextmanager
def workers() -> Iterator[None]:
    """Keep two worker processes; without Redis, tasks run in this process."""
    if not settings.REDIS_URL:
        yield
        return
    alone = ["--concurrency", "2", "--without-mingle", "--without-gossip", "--without-heartbeat"]
    shell = [sys.executable, "-m", "celery", "-A", "unilogin_portal", "worker", *alone]
    with subprocess.Popen(
        shell, cwd=settings.BASE_DIR, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as worker:
        try:
            _until(_answers)
            yield
        finally:
            os.killpg(worker.pid, signal.SIGKILL)


def _answers() -> bool:
    from unilogin_portal.celery import app  # noqa: PLC0415 - of a portal with Redis

    return bool(app.control.ping(timeout=0.5))


def open_and_mail(week: Week) -> tuple[float, float]:
    """Return the seconds that opening took, and those until the last mail had gone."""
    campaign = campaigns.plan(week)
    started = time.perf_counter()
    campaigns.open_campaign(campaign, by=None, now=timezone.now())
    opened = time.perf_counter() - started
    tasks.mail_soon(campaign)
    _until(lambda: not campaign.reports.exclude(mail=MailState.SENT).exists())
    return opened, time.perf_counter() - started


def writing(campaign: Campaign) -> float:
    """Return the seconds for writing all mails of a campaign, text and HTML, as they would go over the line."""
    reports = list(campaign.reports.select_related("campaign"))
    now = timezone.now()

    def write() -> None:
        for report in reports:
            message = mails.link_mail(report, now)
            assert message is not None
            message.message().as_bytes()

    return _seconds(write)


def copying() -> float:
    """Return the seconds for COPY of the same rows into a table like theirs, constraints and all."""
    with connection.cursor() as cursor, transaction.atomic():
        with cursor.copy(_COPY) as copy:
            rows = b"".join(bytes(part) for part in copy)
        cursor.execute("CREATE TEMPORARY TABLE bare (LIKE reporting_report INCLUDING ALL) ON COMMIT DROP")

        def load() -> None:
            with cursor.copy("COPY bare FROM STDIN") as copy:
                copy.write(rows)

        return _seconds(load)


def _seconds(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def _until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LONGEST
    while not condition():
        if time.monotonic() > deadline:
            sys.exit(f"not done after {LONGEST} seconds")
        time.sleep(0.02)


def mails_in(folder: Path) -> int:
    return sum(path.read_bytes().count(b"\nMessage-ID: ") for path in folder.iterdir())


def main() -> dict[str, Any]:
    fill()
    this_week = Week.of(timezone.localdate())
    with workers():
        opened, mailed = open_and_mail(this_week)
    [campaign] = Campaign.objects.all()
    return {
        "asked": Report.objects.count(),
        "mails": mails_in(Path(settings.EMAIL_FILE_PATH)),
        "opened": opened,
        "mailed": mailed,
        "writing": writing(campaign),
        "copying": copying(),
        "with": "two workers" if settings.REDIS_URL else "no Redis",
    }


if __name__ == "__main__":
    print(json.dumps(main()))

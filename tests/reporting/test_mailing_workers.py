"""A week's mails by real workers on PostgreSQL and Redis: killed in the middle, they go on, and no mail goes twice."""

import os
import re
import secrets
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from celery import Celery
from django.conf import settings
from django.utils import timezone

from institutions.models import Institution, InstitutionKind, InstitutionLevel
from reporting import campaigns, links, mailing
from reporting.models import Campaign, Report
from reporting.states import MailState
from reporting.weeks import Week
from tests.institutions.test_import_together import database_url

pytestmark = [pytest.mark.postgres, pytest.mark.redis, pytest.mark.django_db(transaction=True)]

REDIS = os.environ.get("TEST_REDIS_URL", "")
SCHOOLS = 300
KILLS = 4


class Post:
    """Workers with one child each, what stands in for the queue's other end, and the folder that mails go to."""

    def __init__(self, folder: Path) -> None:
        self.mails = folder / "mail"
        self.mails.mkdir()
        self.log = folder / "worker.log"
        self.queue = f"test-{os.getpid()}-{secrets.token_hex(4)}"
        self.app = Celery("beat", broker=REDIS)
        self.workers: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        environment = {
            **os.environ,
            "DATABASE_URL": database_url(),
            "REDIS_URL": REDIS,
            "CELERY_QUEUE": self.queue,
            "SLOW_MAIL_DIR": str(self.mails),
            "DJANGO_SETTINGS_MODULE": "tests.reporting.slow_settings",
        }
        name = f"{self.queue}-{secrets.token_hex(3)}@here"
        alone = ["--concurrency", "1", "--without-mingle", "--without-gossip", "--without-heartbeat"]
        with self.log.open("ab") as out:
            worker = subprocess.Popen(
                [sys.executable, "-m", "celery", "-A", "unilogin_portal", "worker", "-n", name, *alone],
                env=environment,
                cwd=settings.BASE_DIR,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        self.workers.append(worker)

    def give_out(self) -> None:
        """As beat's sweep does, of this campaign alone."""
        for part in mailing.unsent(timezone.now()):
            self.app.send_task("reporting.send_links", [list(part)], queue=self.queue, ignore_result=True)

    def kill(self) -> None:
        """As when a machine goes down: a worker and its child at once. Another is started in its place."""
        worker = self.workers.pop(0)
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
        self.start()

    def arrived(self) -> list[Path]:
        return [path for path in self.mails.iterdir() if not path.name.startswith(".")]

    def disband(self) -> None:
        while self.workers:
            worker = self.workers.pop()
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()
        with self.app.connection_for_write() as connection:
            connection.default_channel.client.delete(self.queue, f"_kombu.binding.{self.queue}")
        self.app.close()


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    post = Post(tmp_path)
    yield post
    post.disband()


@pytest.fixture
def campaign(db: None) -> Campaign:
    """This week's, open, with a mail due to each of three hundred schools."""
    school = {"kind": InstitutionKind.SCHOOL, "level": InstitutionLevel.SCHOOL, "type_code": "1013"}
    Institution.objects.bulk_create(
        Institution(number=f"40{n:04}", name=f"Friskole {n}", email=f"kontor@40{n:04}.example.dk", **school)
        for n in range(SCHOOLS)
    )
    week = Week.of(timezone.localdate())
    return campaigns.open_campaign(campaigns.plan(week), by=None, now=timezone.now())


def until(condition: Callable[[], object], post: Post, *, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"{len(post.arrived())} mails\n{post.log.read_text()[-4000:]}"
        time.sleep(0.005)


def due() -> int:
    return Report.objects.filter(mail=MailState.DUE).count()


def test_workers_killed_in_the_middle_of_a_weeks_mails_send_none_twice_and_leave_none_behind(post, campaign):
    post.start()
    post.start()
    post.give_out()
    for kill in range(1, KILLS + 1):
        wanted = kill * SCHOOLS // (KILLS + 2)
        until(lambda wanted=wanted: len(post.arrived()) >= wanted, post)
        post.kill()
        post.give_out()  # the sweep; what is in hand elsewhere is given out twice
    assert due() > 0
    until(lambda: due() == 0 and _sent() + _perhaps() == SCHOOLS and _quiet(), post)
    assert _perhaps() <= KILLS
    opened = Counter(_report_of(path) for path in post.arrived())
    assert set(opened.values()) == {1}, "a mail went twice"
    sent = set(Report.objects.filter(mail=MailState.SENT).values_list("pk", flat=True))
    perhaps = set(Report.objects.filter(mail=MailState.CLAIMED).values_list("pk", flat=True))
    assert sent <= set(opened)
    assert set(opened) - sent <= perhaps
    assert not _addresses_in(post.log.read_text(errors="replace"))


def _sent() -> int:
    return Report.objects.filter(mail=MailState.SENT).count()


def _perhaps() -> int:
    return Report.objects.filter(mail=MailState.CLAIMED).count()


def _quiet() -> bool:
    """Whether whatever is claimed still, nobody has in hand: a mail takes a fiftieth of a second."""
    time.sleep(0.5)
    return Report.objects.filter(mail=MailState.DUE).count() == 0


def _report_of(path: Path) -> int:
    """Return which report the link in a mail opens: it has to open the report of its addressee."""
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    body = message.get_body(("plain",))
    assert body is not None
    [token] = re.findall(r"/svar/([^/\s]+)/", body.get_content())
    report = links.report_of(token, timezone.now())
    assert report is not None
    assert message["To"] == report.email
    return report.pk


def _addresses_in(log: str) -> list[str]:
    return re.findall(r"kontor@|/svar/[A-Za-z0-9_-]{20,}", log)

"""The night by real workers on PostgreSQL and Redis: they share it, and any of them may be killed at any moment."""

import datetime as dt
import os
import random
import secrets
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from celery import Celery
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from accounts.models import AuditEvent, ContactRelation, Person, User
from institutions.models import (
    Group,
    ImportDelivery,
    ImportRun,
    ImportSeries,
    Institution,
    InstitutionKind,
    InstitutionLevel,
    Membership,
    MembershipGroup,
    Municipality,
    RunState,
)

from .conftest import run_command
from .deliveries import contact, cpr, delivery, group, person, pupil
from .test_import_together import database_url

pytestmark = [pytest.mark.postgres, pytest.mark.redis, pytest.mark.django_db(transaction=True)]

REDIS = os.environ.get("TEST_REDIS_URL", "")
NUMBERS = [f"30000{n}" for n in range(6)]
PERSONS = 400
KILLS = 20
DONE = (RunState.LOADED, RunState.LOADED_WITH_ISSUES, RunState.UNCHANGED)
# What differs from one loading of the same files to the next: what is drawn, and when the loading was.
DRAWN = {"id", "username", "uniid", "password", "created_at", "last_loaded_at"}


class Crew:
    """Workers with one child each, and what stands in for beat: whoever sends the tasks."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.inbox = folder, folder / "inbox"
        self.seed = int(os.environ.get("KILL_SEED") or secrets.randbelow(10**6))
        self.inbox.mkdir()
        self.queue = f"test-{os.getpid()}-{secrets.token_hex(4)}"
        self.beat = Celery("beat", broker=REDIS)
        self.workers: list[subprocess.Popen[bytes]] = []
        self.logs: list[Path] = []

    def start(self, *options: str) -> None:
        log = self.folder / f"worker{len(self.logs)}.log"
        environment = {
            **os.environ,
            "DATABASE_URL": database_url(),
            "REDIS_URL": REDIS,
            "CELERY_QUEUE": self.queue,
            "IMPORT_INBOX": str(self.inbox),
            "IMPORT_INBOX_SECONDS": "0",
            "IMPORT_NIGHT_HOURS": "24",  # whatever the clock says, it is night
            "VAR_DIR": str(self.folder),
        }
        name = f"{self.queue}-{len(self.logs)}@here"
        alone = ["--concurrency", "1", "--without-mingle", "--without-gossip", "--without-heartbeat"]
        with log.open("wb") as out:
            worker = subprocess.Popen(
                [sys.executable, "-m", "celery", "-A", "unilogin_portal", "worker", "-n", name, *alone, *options],
                env=environment,
                cwd=settings.BASE_DIR,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        self.workers.append(worker)
        self.logs.append(log)

    def ready(self) -> int:
        """Return how many workers answer."""
        return sum(str(name).startswith(self.queue) for reply in self.beat.control.ping(timeout=0.5) for name in reply)

    def sweep(self) -> None:
        self.beat.send_task("institutions.take_up_deliveries", queue=self.queue, ignore_result=True)

    def kill_worker(self, worker: subprocess.Popen[bytes]) -> None:
        """As when a machine goes down: the worker and its child at once. Another is started in its place."""
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
        self.workers.remove(worker)
        self.start()

    def kill_child(self, worker: subprocess.Popen[bytes]) -> None:
        """As when the kernel lacks memory: the process that loads; the worker makes itself a new one."""
        children = Path(f"/proc/{worker.pid}/task/{worker.pid}/children").read_text().split()
        for child in children[-1:]:
            os.kill(int(child), signal.SIGKILL)

    def disband(self) -> None:
        while self.workers:
            worker = self.workers.pop()
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()
        with self.beat.connection_for_write() as connection:
            connection.default_channel.client.delete(self.queue, f"_kombu.binding.{self.queue}")
        self.beat.close()

    def log(self) -> str:
        return "\n".join(log.read_text(errors="replace") for log in self.logs)


@pytest.fixture
def crew(tmp_path: Path) -> Iterator[Crew]:
    crew = Crew(tmp_path)
    make_schools()
    yield crew
    crew.disband()


def make_schools() -> None:
    municipality = Municipality.objects.create(code="0101", name="København")
    for number in NUMBERS:
        Institution.objects.create(
            number=number,
            name=f"Skole {number}",
            kind=InstitutionKind.SCHOOL,
            level=InstitutionLevel.SCHOOL,
            municipality=municipality,
        )


def tonight(night: int) -> dict[str, bytes]:
    """Return the night's files by name: each school has some who leave, come, change their name and class."""
    return {f"{number}.xml": _school(place, number, night) for place, number in enumerate(NUMBERS)}


def _school(place: int, number: str, night: int) -> bytes:
    first = place * 10_000

    def one(n: int) -> str:
        name = f"Anna{n // 7}" if n % 50 == night else "Anna"
        parent = contact(person(first + 5_000 + n // 2, "Bo", "Krogh"))
        return pupil(f"e{n}", person(first + n, name), parent, main="3a" if n % 40 else "3b", groups=[f"hold{n % 5}"])

    rows = (one(n) for n in range(3 * night, PERSONS + 3 * night))
    return delivery(*rows, groups=[group(), group("3b")], number=number, night=night)


def until(condition: Callable[[], object], crew: Crew, *, seconds: float = 60, sweeping: bool = False) -> None:
    """Wait for it; `sweeping` sends a sweep every second meanwhile, as beat does every five minutes."""
    started = swept = time.monotonic()
    while not condition():
        now = time.monotonic()
        assert now < started + seconds, (
            f"still not so after {seconds} seconds with KILL_SEED={crew.seed}; {state()}\n{crew.log()[-6000:]}"
        )
        if sweeping and now > swept + 1:
            crew.sweep()
            swept = now
        time.sleep(0.01)


def state() -> str:
    runs = Counter(ImportRun.objects.values_list("state", "reason"))
    return f"runs {dict(runs)}, {ImportDelivery.objects.count()} deliveries waiting"


def is_over(files: dict[str, bytes], crew: Crew) -> bool:
    """Whether all of a night's files were loaded, and nothing of it is left anywhere."""
    moment = dt.datetime.fromisoformat(files[f"{NUMBERS[0]}.xml"].split(b'sourceDateTime="')[1][:19].decode())
    loaded = ImportSeries.objects.filter(last_source_time__date=moment.date()).count()
    running = ImportRun.objects.filter(state=RunState.RUNNING).exists()
    return loaded == len(files) and not (running or ImportDelivery.objects.exists() or any(crew.inbox.rglob("*.xml")))


def deliver(files: dict[str, bytes], inbox: Path) -> None:
    for name, data in files.items():
        hidden = inbox / f".{name}"
        hidden.write_bytes(data)
        hidden.rename(inbox / name)


def everything() -> dict[str, list[str]]:
    """Return all that deliveries are about, row by row, with names in place of keys that were drawn."""
    people = {pk: bytes(cpr).hex() for pk, cpr in Person.objects.values_list("pk", "cpr")}
    institutions = dict(Institution.objects.values_list("pk", "number"))
    groups = {row.pk: (institutions[row.institution_id], row.source, row.group_id) for row in Group.objects.all()}
    memberships = {
        row.pk: (institutions[row.institution_id], row.source, row.local_person_id, row.from_date)
        for row in Membership.objects.all()
    }
    names = {Person: people, Institution: institutions, Group: groups, Membership: memberships}

    def plain(row: Any) -> str:
        told = {}
        for field in row._meta.concrete_fields:
            value = getattr(row, field.attname)
            if field.attname not in DRAWN:
                value = bytes(value).hex() if isinstance(value, bytes | memoryview) else value
                told[field.name] = names[field.related_model].get(value) if field.related_model in names else value
        return repr(told)

    tables = (Person, User, Group, Membership, MembershipGroup, ContactRelation, ImportSeries)
    return {table.__name__: sorted(plain(row) for row in table.objects.all()) for table in tables}


def done_by(crew: Crew) -> list[int]:
    """Return how many deliveries each worker says it has done."""
    return [log.read_text().count('"event": "delivery_done"') for log in crew.logs]


def test_two_workers_share_a_night(crew):
    crew.start()
    crew.start()
    until(lambda: crew.ready() == 2, crew)
    files = tonight(0)
    deliver(files, crew.inbox)
    crew.sweep()
    until(lambda: is_over(files, crew), crew)
    until(lambda: sum(done_by(crew)) >= len(files), crew)  # the line of the last one comes after its transaction
    assert sum(done_by(crew)) == len(files)
    assert min(done_by(crew)) > 0
    assert Membership.objects.count() == len(files) * PERSONS


def test_a_delivery_that_takes_too_long_is_put_off_and_not_lost(crew):
    files = tonight(0)
    crew.start("--", "task.soft_time_limit=1")
    deliver(files, crew.inbox)
    crew.sweep()
    until(lambda: is_over(files, crew), crew)
    files = tonight(1)
    interrupted = ImportRun.objects.filter(reason="interrupted", institution_number=NUMBERS[0])
    with transaction.atomic():  # somebody sits on what the loading needs
        ImportSeries.objects.select_for_update().get(institution__number=NUMBERS[0])
        deliver(files, crew.inbox)
        crew.sweep()
        until(interrupted.exists, crew)
    until(lambda: is_over(files, crew), crew, sweeping=True)
    assert not ImportRun.objects.filter(reason="failed").exists()


def test_workers_killed_at_twenty_random_moments_leave_what_an_undisturbed_night_leaves(crew, settings):
    dice = random.Random(crew.seed)
    crew.start()
    crew.start()
    kills, night = Counter[str](), 0
    while kills.total() < KILLS:
        files = tonight(night)
        deliver(files, crew.inbox)
        crew.sweep()
        while kills.total() < KILLS and not is_over(files, crew):
            _kill_one(crew, dice, kills, files)
            crew.sweep()
        until(lambda files=files: is_over(files, crew), crew, sweeping=True)
        night += 1
        assert night < 15, f"too few of the nights could be disturbed: {kills}"
    assert kills["worker"]
    assert kills["child"]
    _nothing_was_loaded_twice(night)
    assert not any(word in crew.log() for word in ("Anna", "Krogh", cpr(1), cpr(10_001)))
    disturbed = everything()
    crew.disband()

    call_command("flush", interactive=False, verbosity=0)
    make_schools()
    settings.IMPORT_INBOX = crew.inbox
    for number in range(night):
        deliver(tonight(number), crew.inbox)
        assert run_command("take_up_deliveries", "--now")[0] == 0
    undisturbed = everything()
    for table, rows in undisturbed.items():
        assert disturbed[table] == rows, f"{table} differs after {kills} with KILL_SEED={crew.seed}"


def _kill_one(crew: Crew, dice: random.Random, kills: Counter[str], files: dict[str, bytes]) -> None:
    """Let somebody load, or take the inbox up, and kill a worker in the middle."""
    since = timezone.now()
    if dice.random() < 0.8:
        loading = ImportRun.objects.filter(state=RunState.RUNNING, started_at__gt=since)
        until(lambda: loading.exists() or is_over(files, crew), crew, sweeping=True)
    time.sleep(dice.uniform(0, 0.2))  # the moment
    worker, kind = dice.choice(crew.workers), dice.choice(("worker", "child", "child"))
    {"worker": crew.kill_worker, "child": crew.kill_child}[kind](worker)
    kills[kind] += 1


def _nothing_was_loaded_twice(nights: int) -> None:
    loaded = Counter(ImportRun.objects.filter(state=RunState.LOADED).values_list("sha256", flat=True))
    assert len(loaded) == nights * len(NUMBERS)
    assert set(loaded.values()) == {1}
    assert AuditEvent.objects.filter(action="import.loaded").count() == nights * len(NUMBERS)
    others = Counter(ImportRun.objects.exclude(state=RunState.LOADED).values_list("state", "reason"))
    assert others.pop((RunState.REJECTED, "interrupted"), 0), "nobody was killed while loading"
    assert set(others) <= {(RunState.UNCHANGED, "")}
    assert not ImportDelivery.objects.exists()

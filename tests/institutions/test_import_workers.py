"""`import_users --workers N`: the work of one process, done by several."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, connections, transaction

from accounts.models import Person, User
from institutions.models import ImportRun, Membership, RunState

from .conftest import load_bytes, make_institutions, run_command
from .deliveries import DAY_CARE, OTHER_SCHOOL, delivery, person, pupil
from .test_import_together import database_url


@pytest.fixture
def schools(transactional_db):
    return make_institutions()


@pytest.fixture
def start(tmp_path):
    """Start the command with two workers on a folder; whatever is left of it at the end is killed."""
    started: list[subprocess.Popen[str]] = []

    def begin(folder: Path, *arguments: str) -> subprocess.Popen[str]:
        shell = [sys.executable, "manage.py", "import_users", str(folder), "--workers", "2", "--json", *arguments]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        started.append(
            subprocess.Popen(
                shell,
                cwd=settings.BASE_DIR,
                env={**os.environ, "DATABASE_URL": database_url()},
                text=True,
                start_new_session=True,
                preexec_fn=heeds_interruptions,  # noqa: PLW1509 - it calls nothing that another thread could hold
                **pipes,  # type: ignore[call-overload]
            )
        )
        return started[-1]

    yield begin
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def rows(size: int, first: int = 0) -> list[str]:
    return [pupil(f"e{n}", person(n, "Anna", "Holm")) for n in range(first, first + size)]


@pytest.fixture
def night(tmp_path):
    """Three institutions, one of them with two nights, and a file that is none."""
    folder = tmp_path / "nat"
    folder.mkdir()
    (folder / "a.xml").write_bytes(delivery(*rows(30)))
    (folder / "b.xml").write_bytes(delivery(*rows(30, 100), number=OTHER_SCHOOL))
    (folder / "c.xml").write_bytes(delivery(pupil("e0", person(0, "Åge", "Holm")), *rows(29, 1), night=1))
    (folder / "d.xml").write_bytes(b"<UNILoginImport")
    (folder / "e.xml").write_bytes(delivery(*rows(5, 200), number=DAY_CARE))
    return folder


def heeds_interruptions() -> None:
    """Whatever is started from a script in the background ignores SIGINT, and so does all that it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def children(process: subprocess.Popen[str]) -> list[int]:
    shell = ["pgrep", "-P", str(process.pid)]
    found = subprocess.run(shell, capture_output=True, text=True, check=False)
    return [int(pid) for pid in found.stdout.split()]


def wait_until(holds: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def is_running() -> bool:
    return ImportRun.objects.filter(state=RunState.RUNNING).exists()


@pytest.mark.usefixtures("schools")
@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_several_processes_tell_the_same_as_one_in_the_same_order(start, night):
    process = start(night)
    out, err = process.communicate(timeout=60)
    result = json.loads(out)
    assert process.returncode == 1
    assert "d.xml, line 1: " in err
    assert (result["deliveries"], result["rejected"], result["created"], result["updated"]) == (5, 1, 65, 1)
    states = [(run["institution"], run["state"]) for run in result["runs"]]
    numbers = ["101001", OTHER_SCHOOL, "101001", "", DAY_CARE]
    assert states == list(zip(numbers, ["loaded", "loaded", "loaded", "rejected", "loaded"], strict=True))
    assert Membership.objects.get(local_person_id="e0", institution__number="101001").person.first_name == "Åge"
    again, _ = start(night).communicate(timeout=60)
    assert [run["state"] for run in json.loads(again)["runs"]] == [
        "rejected",  # older than what came after it
        "unchanged",
        "unchanged",
        "rejected",
        "unchanged",
    ]


@pytest.mark.usefixtures("schools")
@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_process_that_is_killed_leaves_no_file_untold(start, night):
    (night / "a.xml").write_bytes(delivery(*rows(3000)))
    process = start(night)
    wait_until(is_running)
    for pid in children(process):
        os.kill(pid, signal.SIGKILL)
    out, _ = process.communicate(timeout=120)
    states = [run["state"] for run in json.loads(out)["runs"]]
    assert process.returncode == 1
    assert len(states) == 5
    assert states[0] == "rejected"
    # What the other processes had not in hand was done by those that took their place.
    assert states[2] == "loaded"
    assert Membership.objects.filter(institution__number="101001").count() == 30


@pytest.mark.usefixtures("schools")
@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_an_interruption_ends_all_processes_and_leaves_nothing_half_done(start, night):
    (night / "a.xml").write_bytes(delivery(*rows(3000)))
    process = start(night)
    wait_until(is_running)
    workers = children(process)
    os.killpg(process.pid, signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode != 0
    assert workers
    for pid in workers:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
    assert not Membership.objects.filter(institution__number="101001").exists()
    assert not is_running()


@pytest.mark.usefixtures("schools")
@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_user_names_drawn_at_once_have_no_digits_in_common():
    def digits(number: str) -> set[int]:
        names = User.objects.filter(person__memberships__institution__number=number).values_list("username", flat=True)
        return {int(name[4:]) % 16 for name in names}

    def load_other() -> None:
        try:
            assert load_bytes(delivery(*rows(200, 1000), number=OTHER_SCHOOL)).is_done
        finally:
            connections.close_all()

    with transaction.atomic():
        load_bytes(delivery(*rows(200)))
        other = threading.Thread(target=load_other)
        other.start()
        other.join(60)
        assert not other.is_alive()
    assert Person.objects.count() == 400
    assert not digits("101001") & digits(OTHER_SCHOOL)


@pytest.mark.skipif(connection.vendor == "postgresql", reason="of SQLite")
@pytest.mark.django_db
def test_on_sqlite_one_process_does_it_and_says_so(night):
    make_institutions()
    code, out, err = run_command("import_users", str(night), "--workers", "3")
    assert code == 1
    assert "working in one process" in err
    assert "5 deliveries, 1 refused" in out


@pytest.mark.django_db
@pytest.mark.parametrize("workers", ["0", "-1"])
def test_a_number_of_workers_below_one_is_wrong_use(night, workers):
    assert run_command("import_users", str(night), f"--workers={workers}")[0] == 2

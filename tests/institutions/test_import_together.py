"""Several imports at once, and one whose process is killed: only a server database can show it."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection, connections

from accounts.models import Person, User
from institutions.importing.report import RunReport
from institutions.models import ImportRun, ImportSeries, Membership, RunState

from .conftest import load_bytes, make_institutions
from .deliveries import OTHER_SCHOOL, SCHOOL, contact, delivery, person, pupil

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def rows(size: int) -> list[str]:
    return [pupil(f"e{n}", person(n), contact(person(20_000 + n // 2))) for n in range(size)]


def at_once(*acts: Callable[[], RunReport]) -> list[RunReport]:
    """Run all at the same moment, each on its own connection; return what came of each."""
    start = threading.Barrier(len(acts))
    reports: list[RunReport] = []

    def run(act: Callable[[], RunReport]) -> None:
        start.wait()
        try:
            reports.append(act())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(reports) == len(acts)
    return reports


@pytest.mark.parametrize("attempt", range(3))
def test_of_two_deliveries_of_a_series_at_once_one_wins(attempt):
    make_institutions()
    first, second = (delivery(*rows(150), night=night) for night in (0, 1))
    reports = at_once(lambda: load_bytes(first), lambda: load_bytes(second))
    loaded = [report for report in reports if report.state == RunState.LOADED]
    assert loaded
    assert {report.reason for report in reports if report not in loaded} <= {"busy", "source_time"}
    assert Membership.objects.current().count() == 150
    assert Person.objects.count() == User.objects.count() == 150 + 75
    assert not ImportRun.objects.filter(state=RunState.RUNNING).exists()


def test_the_same_delivery_at_once_is_loaded_once():
    make_institutions()
    data = delivery(*rows(150))
    reports = at_once(*[lambda: load_bytes(data)] * 3)
    assert [report.state for report in reports].count(RunState.LOADED) == 1
    assert {report.reason for report in reports} <= {"", "busy", "source_time"}
    assert Membership.objects.count() == 150


def test_two_institutions_may_make_the_same_new_people_at_once():
    make_institutions()
    both = [delivery(*rows(150), number=number) for number in (SCHOOL, OTHER_SCHOOL)]
    reports = at_once(*[lambda data=data: load_bytes(data) for data in both])
    assert [report.state for report in reports] == [RunState.LOADED] * 2
    assert Person.objects.count() == User.objects.count() == 150 + 75
    assert Membership.objects.filter(is_primary=True).count() == 150
    assert User.objects.filter(is_affiliated=True).count() == 225


def test_a_person_who_moves_between_schools_in_one_night_stays_affiliated():
    make_institutions()
    for night in range(0, 6, 2):
        for number in (SCHOOL, OTHER_SCHOOL):
            load_bytes(delivery(*(rows(40) if number == SCHOOL else []), number=number, night=night))
        moves = [(SCHOOL, []), (OTHER_SCHOOL, rows(40))]
        at_once(*[lambda n=n, r=r, night=night: load_bytes(delivery(*r, number=n, night=night + 1)) for n, r in moves])
        assert User.objects.filter(is_affiliated=True).count() == 60
        assert Membership.objects.current().filter(is_primary=True).count() == 40


def database_url() -> str:
    database = connection.settings_dict
    login = quote(database["USER"] or "postgres") + (f":{quote(database['PASSWORD'])}" if database["PASSWORD"] else "")
    return f"postgres://{login}@{database['HOST'] or '127.0.0.1'}:{database['PORT'] or 5432}/{database['NAME']}"


def test_a_killed_process_leaves_nothing_half_done_and_does_not_stand_in_the_way(tmp_path):
    make_institutions()
    data = delivery(*rows(3000))
    file = tmp_path / "natten.xml"
    file.write_bytes(data)
    environment = {**os.environ, "DATABASE_URL": database_url()}
    process = subprocess.Popen(
        [sys.executable, "manage.py", "import_users", str(file)], cwd=settings.BASE_DIR, env=environment
    )
    while not ImportRun.objects.filter(state=RunState.RUNNING).exists():
        assert process.poll() is None
        time.sleep(0.01)
    time.sleep(0.2)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not Person.objects.exists()
    assert not ImportSeries.objects.exists()
    deadline = time.monotonic() + 10
    while (report := load_bytes(data)).reason == "busy" and time.monotonic() < deadline:
        time.sleep(0.1)  # until the server has noticed that its client is gone
    assert report.state == RunState.LOADED
    assert Membership.objects.count() == 3000
    assert ImportRun.objects.filter(reason="interrupted").count() == 1


def test_a_signal_between_two_lines_leaves_no_run_that_seems_to_go_on(monkeypatch):
    """The run is written, and its loading has not begun."""
    make_institutions()
    commit = connection.commit

    def commit_and_be_ended() -> None:
        commit()
        monkeypatch.undo()
        raise SystemExit(143)

    monkeypatch.setattr(connection, "commit", commit_and_be_ended)
    with pytest.raises(SystemExit):
        load_bytes(delivery(*rows(3)))
    run = ImportRun.objects.get()
    assert (run.state, run.reason) == (RunState.REJECTED, "interrupted")
    assert load_bytes(delivery(*rows(3))).state == RunState.LOADED

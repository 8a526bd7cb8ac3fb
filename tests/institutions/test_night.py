"""The night: what is loaded when, what a newer delivery makes needless, and that nothing is loaded twice or lost."""

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import time_machine
from celery.exceptions import SoftTimeLimitExceeded
from django.db import connection, connections
from django.utils import timezone

from accounts.models import User
from institutions import services, tasks
from institutions.actor import Actor
from institutions.importing import night, parser, waiting
from institutions.importing.flight import flight
from institutions.importing.night import SeriesBusy
from institutions.importing.parser import COPENHAGEN
from institutions.importing.sources import Delivery
from institutions.models import ImportDelivery, ImportRun, Membership, RunState

from .conftest import load_bytes, run_command
from .deliveries import OTHER_SCHOOL, SCHOOL, SOURCE, delivery, group, person, pupil


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=COPENHAGEN)


def receive(data: bytes, *, name: str = "delivery.xml", run: ImportRun | None = None) -> ImportDelivery:
    return waiting.keep(Delivery.of(name, data), parser.look(data).header, run)


def rows(count: int) -> list[str]:
    return [pupil(f"e{n}", person(n)) for n in range(count)]


def approve(run: ImportRun) -> None:
    operator = User.objects.create(username="stil0002", is_staff=True)
    services.approve_run(run, by=Actor.of(operator), note="Vi har lukket skolen.")


def loaded() -> list[str]:
    done = ImportRun.objects.filter(state__in=[RunState.LOADED, RunState.LOADED_WITH_ISSUES])
    return sorted(done.values_list("institution_number", flat=True))


@pytest.fixture
def clock(institutions) -> Iterator[Callable[[str], object]]:
    """Set the clock: `clock("2026-08-20 14:00")`, in Denmark."""
    with time_machine.travel(at("2026-08-20 14:00"), tick=True) as traveller:
        yield lambda text: traveller.move_to(at(text))


@pytest.mark.parametrize(
    ("now", "closed"),
    [
        ("2026-08-20 01:59", "2026-08-19 06:00"),
        ("2026-08-20 02:00", "2026-08-20 02:00"),
        ("2026-08-20 04:30", "2026-08-20 04:30"),
        ("2026-08-20 06:01", "2026-08-20 06:00"),
        ("2026-08-20 23:59", "2026-08-20 06:00"),
        ("2026-03-29 03:30", "2026-03-29 03:30"),  # the night without an hour from two to three
        ("2026-03-29 12:00", "2026-03-29 06:00"),
        ("2026-10-25 12:00", "2026-10-25 06:00"),  # the night with two of them
        ("2026-10-26 01:00", "2026-10-25 06:00"),
    ],
)
def test_what_comes_until_six_is_loaded_that_night(now, closed):
    assert night.closed_at(at(now).astimezone(dt.UTC)) == at(closed)


def test_a_delivery_that_comes_by_day_waits_for_the_night(clock):
    receive(delivery(*rows(3)))
    tasks.take_up_deliveries()
    clock("2026-08-21 01:55")
    tasks.take_up_deliveries()
    assert not Membership.objects.exists()
    clock("2026-08-21 02:00")
    tasks.take_up_deliveries()
    assert Membership.objects.count() == 3
    assert not ImportDelivery.objects.exists()


def test_a_delivery_that_comes_during_the_night_is_loaded_the_same_night(clock):
    clock("2026-08-21 03:10")
    receive(delivery(*rows(3)))
    clock("2026-08-21 03:15")
    tasks.take_up_deliveries()
    assert Membership.objects.count() == 3


def test_what_the_night_did_not_get_done_is_taken_up_by_day(clock):
    clock("2026-08-21 01:00")
    receive(delivery(*rows(3)))
    clock("2026-08-21 10:00")
    receive(delivery(*rows(3), number=OTHER_SCHOOL))
    tasks.take_up_deliveries()
    assert loaded() == [SCHOOL]
    assert ImportDelivery.objects.get().institution_number == OTHER_SCHOOL


def test_the_inbox_is_emptied_before_the_night_begins(clock, settings, tmp_path):
    settings.IMPORT_INBOX, settings.IMPORT_INBOX_SECONDS = tmp_path, 0
    clock("2026-08-21 02:00")
    (tmp_path / "101001.xml").write_bytes(delivery(*rows(3)))
    tasks.take_up_deliveries()
    assert loaded() == [SCHOOL]
    assert not list(tmp_path.rglob("*.xml"))


def test_of_several_deliveries_of_a_series_only_the_newest_is_loaded(clock):
    for number in (2, 0, 1):
        receive(delivery(*rows(3 + number), night=number), name=f"{number}.xml")
    receive(delivery(*rows(5), source="Andet system", number=OTHER_SCHOOL))
    clock("2026-08-21 02:00")
    tasks.take_up_deliveries()
    assert loaded() == [SCHOOL, OTHER_SCHOOL]
    runs = ImportRun.objects.filter(institution_number=SCHOOL)
    assert runs.values_list("file_name", "state", "reason")[0] == ("2.xml", RunState.LOADED, "")
    assert sorted(runs.exclude(state=RunState.LOADED).values_list("file_name", "state", "reason")) == [
        ("0.xml", RunState.REJECTED, "superseded"),
        ("1.xml", RunState.REJECTED, "superseded"),
    ]
    assert not ImportDelivery.objects.exists()


def test_where_the_newest_cannot_be_loaded_the_one_before_is(clock):
    whole = delivery(*rows(3), night=0)
    receive(whole)
    receive(delivery(*rows(4), night=1)[:-60])
    clock("2026-08-21 02:00")
    tasks.take_up_deliveries()
    assert Membership.objects.count() == 3
    assert list(ImportRun.objects.values_list("reason", flat=True)) == ["", "cut"]


def test_a_held_delivery_waits_for_approval_and_makes_older_ones_needless(clock):
    load_bytes(delivery(*rows(40), night=0))
    receive(delivery(*rows(39), night=1))
    receive(delivery(groups=[group()], night=2))
    clock("2026-08-21 02:00")
    tasks.take_up_deliveries()
    held = ImportDelivery.objects.get()
    assert held.run is not None
    assert held.run.state == RunState.AWAITING_APPROVAL
    assert Membership.objects.current().count() == 40
    for hour in ("02:05", "12:00"):
        clock(f"2026-08-21 {hour}")
        tasks.take_up_deliveries()
    assert Membership.objects.current().count() == 40
    assert ImportRun.objects.filter(state=RunState.AWAITING_APPROVAL).count() == 1


def test_an_approved_delivery_does_not_wait_for_the_night(clock):
    load_bytes(delivery(*rows(40), night=0))
    receive(delivery(groups=[group()], night=2))
    clock("2026-08-21 02:00")
    tasks.take_up_deliveries()
    held = ImportDelivery.objects.select_related("run").get()
    clock("2026-08-21 09:00")
    tasks.load_waiting.delay(held.pk)
    assert Membership.objects.current().count() == 40
    approve(held.run)
    tasks.load_waiting.delay(held.pk)
    assert Membership.objects.current().count() == 0
    assert not ImportDelivery.objects.exists()


def test_an_approved_delivery_whose_task_was_lost_is_taken_up_by_the_sweep(clock):
    load_bytes(delivery(*rows(40), night=0))
    receive(delivery(groups=[group()], night=2))
    clock("2026-08-21 02:00")
    tasks.take_up_deliveries()
    run = ImportRun.objects.get(state=RunState.AWAITING_APPROVAL)
    clock("2026-08-21 09:00")
    approve(run)
    tasks.take_up_deliveries()
    assert Membership.objects.current().count() == 0


def test_a_task_sent_twice_loads_once(clock):
    row = receive(delivery(*rows(3)))
    clock("2026-08-21 02:00")
    for _ in range(2):
        tasks.load_series.delay(SCHOOL, SOURCE)
        tasks.load_waiting.delay(row.pk)
    assert ImportRun.objects.count() == 1


def test_a_run_whose_process_is_gone_does_not_stand_in_the_way(clock):
    receive(delivery(*rows(3)))
    clock("2026-08-21 02:00")
    running = {"institution_number": SCHOOL, "source": SOURCE, "state": RunState.RUNNING}
    run = ImportRun.objects.create(**running, file_name="x.xml", sha256="0" * 64)
    if connection.vendor != "postgresql":  # no lock tells whether the process lives: it may, as long as a task may
        with pytest.raises(SeriesBusy):
            night.load_series(SCHOOL, SOURCE)
        tasks.load_series.delay(SCHOOL, SOURCE)  # without a queue it does not go round in circles
        assert ImportDelivery.objects.count() == 1
        assert list(ImportRun.objects.all()) == [run]
        clock("2026-08-21 02:16")
    tasks.take_up_deliveries()
    run.refresh_from_db()
    assert (run.state, run.reason) == (RunState.REJECTED, "interrupted")
    assert loaded() == [SCHOOL]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_series_that_another_process_loads_is_left_waiting(clock):
    data = delivery(*rows(3))
    receive(data)
    clock("2026-08-21 02:00")
    is_loading, is_asked = threading.Event(), threading.Event()

    def load_elsewhere() -> None:
        with flight(Delivery.of("x.xml", data), parser.look(data).header, persons=3):
            is_loading.set()
            is_asked.wait(20)
        connections.close_all()

    elsewhere = threading.Thread(target=load_elsewhere)
    elsewhere.start()
    is_loading.wait(20)
    with pytest.raises(SeriesBusy):
        night.load_series(SCHOOL, SOURCE)
    is_asked.set()
    elsewhere.join()
    assert ImportDelivery.objects.count() == 1
    assert [report.state for report in night.load_series(SCHOOL, SOURCE)] == [RunState.LOADED]


def test_a_delivery_under_a_key_that_is_gone_stays_and_does_not_stop_the_night(clock, settings):
    receive(delivery(*rows(3)))
    held_by = settings.CPR_KEYS
    settings.CPR_KEYS = ("new:" + "b6" * 64,)
    receive(delivery(*rows(3), number=OTHER_SCHOOL))
    clock("2026-08-21 02:00")
    tasks.take_up_deliveries()
    assert loaded() == [OTHER_SCHOOL]
    assert ImportDelivery.objects.get().institution_number == SCHOOL
    settings.CPR_KEYS += held_by
    tasks.take_up_deliveries()
    assert loaded() == [SCHOOL, OTHER_SCHOOL]


def test_the_command_does_what_beat_does_and_with_now_what_came_by_day_too(clock, settings, tmp_path):
    settings.IMPORT_INBOX, settings.IMPORT_INBOX_SECONDS = tmp_path, 3600
    clock("2026-08-21 01:00")
    receive(delivery(*rows(3)), name="natten.xml")
    clock("2026-08-21 10:00")
    receive(delivery(*rows(3), number=OTHER_SCHOOL), name="dagen.xml")
    code, out, _err = run_command("take_up_deliveries")
    assert (code, loaded()) == (0, [SCHOOL])
    assert "natten.xml: 101001 loaded, 3 persons, 3 created" in out
    assert "1 deliveries done, 1 waiting" in out
    with time_machine.travel(timezone.now() + dt.timedelta(days=365 * 20)):
        (tmp_path / "nu.xml").write_bytes(delivery(*rows(3), source="Tredje"))
    code, out, _err = run_command("take_up_deliveries", "--now")
    assert (code, loaded()) == (0, [SCHOOL, SCHOOL, OTHER_SCHOOL])
    assert "2 deliveries done, 0 waiting" in out


def test_the_command_tells_of_a_refused_file(institutions, settings, tmp_path: Path):
    settings.IMPORT_INBOX, settings.IMPORT_INBOX_SECONDS = tmp_path, 0
    (tmp_path / "fejl.xml").write_bytes(b"<Forkert/>")
    code, out, err = run_command("take_up_deliveries")
    assert code == 1
    assert "fejl.xml, line 1: the root element must be UNILoginImport." in err
    assert "1 deliveries done, 0 waiting" in out


def test_a_task_whose_time_is_up_puts_the_delivery_off(clock):
    def run_out_of_time(execute, sql, params, many, context):
        if Membership._meta.db_table in sql:
            raise SoftTimeLimitExceeded
        return execute(sql, params, many, context)

    receive(delivery(*rows(3)))
    clock("2026-08-21 02:00")
    with connection.execute_wrapper(run_out_of_time):
        assert tasks.load_series.apply(args=(SCHOOL, SOURCE)).successful()
    assert ImportRun.objects.get().reason == "interrupted"
    assert ImportDelivery.objects.get().tries == 0
    tasks.load_series(SCHOOL, SOURCE)
    assert loaded() == [SCHOOL]


def test_task_arguments_tell_nothing_of_anybody(clock, monkeypatch):
    sent: list[tuple[object, ...]] = []
    monkeypatch.setattr(tasks.load_series, "delay", lambda *arguments: sent.append(arguments))
    receive(delivery(*rows(3)), name="Anna Holm.xml")
    clock("2026-08-21 02:00")
    tasks.take_up_deliveries()
    assert sent == [(SCHOOL, SOURCE)]

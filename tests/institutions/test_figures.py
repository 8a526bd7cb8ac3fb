"""How the night goes, as Prometheus reads it at /metrics."""

import datetime as dt

import pytest
import time_machine
from django.test import Client

from institutions.importing import parser, waiting
from institutions.importing.parser import COPENHAGEN
from institutions.importing.sources import Delivery
from institutions.models import ImportRun, RunState

from .conftest import load_bytes
from .deliveries import OTHER_SCHOOL, delivery, person, pupil


def figures(client: Client) -> dict[str, float]:
    text = client.get("/metrics", headers={"authorization": "Bearer t"}).content.decode()
    lines = (line.rpartition(" ") for line in text.splitlines() if line.startswith("unilogin_import"))
    return {name.removeprefix("unilogin_import_"): float(value) for name, _, value in lines}


@pytest.fixture
def clock(institutions, settings):
    settings.METRICS_TOKEN = "t"
    with time_machine.travel(dt.datetime(2026, 8, 20, 14, tzinfo=COPENHAGEN), tick=False) as traveller:
        yield lambda hour, day=20: traveller.move_to(dt.datetime(2026, 8, day, hour, tzinfo=COPENHAGEN))


def receive(data: bytes, run: ImportRun | None = None) -> None:
    waiting.keep(Delivery.of("x.xml", data), parser.look(data).header, run)


def test_they_tell_how_many_wait_since_when_and_whether_it_is_their_turn(clock, client):
    receive(delivery(pupil("e1", person(1))))
    clock(16)
    receive(delivery(pupil("e1", person(1)), number=OTHER_SCHOOL))
    found = figures(client)
    assert found['waiting{until="loading"}'] == 2
    assert found['oldest_seconds{until="loading"}'] == 2 * 3600
    assert found['waiting{until="approval"}'] == found['oldest_seconds{until="approval"}'] == 0
    assert found["due"] == 0
    clock(3, day=21)
    assert figures(client)["due"] == 2


def test_those_that_wait_for_approval_are_counted_apart(clock, client):
    run = ImportRun.objects.create(state=RunState.AWAITING_APPROVAL)
    receive(delivery(pupil("e1", person(1))), run)
    clock(15)
    found = figures(client)
    assert (found['waiting{until="approval"}'], found['waiting{until="loading"}']) == (1, 0)
    assert found['oldest_seconds{until="approval"}'] == 3600
    assert found["due"] == 0


def test_runs_are_counted_by_state_since_the_night_began(clock, client):
    load_bytes(delivery(pupil("e1", person(1))))
    assert figures(client)['runs{state="loaded"}'] == 1
    clock(2, day=21)
    load_bytes(delivery(pupil("e1", person(1))))
    load_bytes(b"<Forkert/>")
    found = figures(client)
    assert (found['runs{state="loaded"}'], found['runs{state="unchanged"}'], found['runs{state="rejected"}']) == (
        0,
        1,
        1,
    )

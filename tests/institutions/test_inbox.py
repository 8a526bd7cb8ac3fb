"""Reception: files in the inbox become deliveries that wait, each once, and nothing of them is left lying about."""

import datetime as dt
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import time_machine
from django.db import connections
from django.utils import timezone

from institutions.importing import inbox, parser, waiting
from institutions.importing.sources import Delivery
from institutions.models import ImportDelivery, ImportRun, Institution, RunState

from .conftest import load_bytes, make_institutions
from .deliveries import OTHER_SCHOOL, SCHOOL, cpr, delivery, person, pupil

ONE = delivery(pupil("e1", person(1)))


@pytest.fixture
def drop(tmp_path: Path, settings) -> Callable[[str, bytes], Path]:
    """Put a file into the inbox, as a supplier's system does."""
    settings.IMPORT_INBOX = tmp_path / "inbox"
    settings.IMPORT_INBOX.mkdir()
    settings.IMPORT_INBOX_SECONDS = 0

    def put(name: str, data: bytes) -> Path:
        file = settings.IMPORT_INBOX / name
        file.write_bytes(data)
        return file

    return put


def files_in(folder: Path) -> list[str]:
    return [file.name for file in folder.rglob("*") if file.is_file()]


def test_a_file_becomes_a_delivery_that_waits_and_is_gone(institutions, drop, settings):
    drop("101001.xml", ONE)
    drop("G18199.XML", delivery(pupil("e2", person(2)), number=OTHER_SCHOOL))
    assert inbox.take_up() == []
    assert set(ImportDelivery.objects.values_list("institution_number", "file_name")) == {
        (SCHOOL, "101001.xml"),
        (OTHER_SCHOOL, "G18199.XML"),
    }
    assert waiting.content_of(ImportDelivery.objects.get(institution_number=SCHOOL)).data == ONE
    assert files_in(settings.IMPORT_INBOX) == []
    assert not ImportRun.objects.exists()


def test_without_an_inbox_nothing_is_received(db, settings, tmp_path):
    settings.IMPORT_INBOX = tmp_path / "nowhere"
    assert inbox.take_up() == []
    assert not settings.IMPORT_INBOX.exists()


def test_a_file_that_may_still_be_written_is_left_alone(institutions, drop, settings):
    settings.IMPORT_INBOX_SECONDS = 60
    file = drop("101001.xml", ONE[:100])
    os.utime(file, (0, 0))  # copied with its old date
    inbox.take_up()
    assert file.exists()
    file.write_bytes(ONE)
    with time_machine.travel(timezone.now() + dt.timedelta(seconds=61)):
        inbox.take_up()
    assert not file.exists()
    assert waiting.content_of(ImportDelivery.objects.get()).data == ONE


@pytest.mark.parametrize("name", [".101001.xml", "101001.xml.part", "101001.txt"])
def test_what_is_not_named_as_a_delivery_is_left_alone(institutions, drop, name):
    file = drop(name, ONE)
    inbox.take_up()
    assert file.exists()
    assert not ImportDelivery.objects.exists()


def test_a_link_out_of_the_inbox_is_not_followed(institutions, drop, settings, tmp_path):
    elsewhere = tmp_path / "elsewhere.xml"
    elsewhere.write_bytes(ONE)
    (settings.IMPORT_INBOX / "101001.xml").symlink_to(elsewhere)
    os.mkfifo(settings.IMPORT_INBOX / "pipe.xml")
    assert inbox.take_up() == []
    assert elsewhere.exists()
    assert not ImportDelivery.objects.exists()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"GIF89a", "not_xml"),
        (b"<Klasseliste/>", "root"),
        (ONE.replace(b"2026-2027", b"i morgen"), "attribute_invalid"),
        (delivery(pupil("e1", person(1)), number="999999"), "institution_unknown"),
    ],
)
def test_what_can_never_be_loaded_is_refused_at_once_and_not_kept(institutions, drop, settings, data, reason):
    drop("natten.xml", data)
    (report,) = inbox.take_up()
    assert (report.state, report.reason) == (RunState.REJECTED, reason)
    run = ImportRun.objects.get()
    assert (run.state, run.reason, run.file_name) == (RunState.REJECTED, reason, "natten.xml")
    assert not ImportDelivery.objects.exists()
    assert files_in(settings.IMPORT_INBOX) == []


def test_a_delivery_for_a_closed_institution_is_refused_at_once(institutions, drop):
    Institution.objects.filter(number=SCHOOL).update(closed_on="2026-01-01")
    drop("natten.xml", ONE)
    (report,) = inbox.take_up()
    assert report.reason == "institution_closed"
    assert not ImportDelivery.objects.exists()


def test_a_file_that_is_too_large_is_refused_without_being_read_whole(institutions, drop, settings):
    settings.IMPORT_MAX_BYTES = len(ONE) - 1
    drop("natten.xml", ONE)
    (report,) = inbox.take_up()
    assert report.reason == "too_large"
    assert files_in(settings.IMPORT_INBOX) == []


def test_the_same_bytes_as_last_time_do_not_wait(institutions, drop):
    load_bytes(ONE)
    drop("igen.xml", ONE)
    (report,) = inbox.take_up()
    assert report.state == RunState.UNCHANGED
    assert not ImportDelivery.objects.exists()
    assert ImportRun.objects.filter(state=RunState.UNCHANGED, file_name="igen.xml").count() == 1


def test_the_same_delivery_sent_twice_by_day_waits_once(institutions, drop):
    drop("morgen.xml", ONE)
    inbox.take_up()
    drop("aften.xml", ONE)
    inbox.take_up()
    assert ImportDelivery.objects.count() == 1


def test_a_cpr_number_in_a_file_name_is_kept_nowhere(institutions, drop, capsys):
    drop(f"elev {cpr(1)}.xml", ONE)
    drop(f"fejl {cpr(2)}.xml", b"x")
    inbox.take_up()
    names = [*ImportDelivery.objects.values_list("file_name", flat=True)]
    names += ImportRun.objects.values_list("file_name", flat=True)
    assert sorted(names) == ["elev xxxxxx-xxxx.xml", "fejl xxxxxx-xxxx.xml"]
    assert not any(cpr(number) in "".join(capsys.readouterr()) for number in (1, 2))


def test_a_long_name_is_taken_all_the_same(institutions, drop):
    drop("æ" * 125 + ".xml", ONE)
    inbox.take_up()
    assert ImportDelivery.objects.count() == 1


def test_a_file_that_cannot_be_read_stays_and_is_tried_again(institutions, drop, settings, monkeypatch):
    drop("natten.xml", ONE)
    with monkeypatch.context() as broken:
        broken.setattr(Path, "open", lambda *_args: (_ for _ in ()).throw(OSError("stale file handle")))
        assert inbox.take_up() == []
    assert len(files_in(settings.IMPORT_INBOX)) == 1
    assert not ImportRun.objects.exists()
    inbox.take_up()
    assert ImportDelivery.objects.get().file_name == "natten.xml"
    assert files_in(settings.IMPORT_INBOX) == []


def test_what_a_machine_that_died_had_claimed_is_taken_up_by_another(institutions, drop, settings, monkeypatch):
    drop("natten.xml", ONE)
    with monkeypatch.context() as dying:
        dying.setattr(Path, "unlink", lambda *_args, **_kwargs: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            inbox.take_up()
    assert len(files_in(settings.IMPORT_INBOX / inbox.TAKEN)) == 1
    settings.IMPORT_INBOX_SECONDS = 60
    inbox.take_up()
    assert len(files_in(settings.IMPORT_INBOX / inbox.TAKEN)) == 1, "another may still be at it"
    settings.IMPORT_INBOX_SECONDS = 0
    inbox.take_up()
    assert files_in(settings.IMPORT_INBOX) == []
    row = ImportDelivery.objects.get()
    assert row.file_name == "natten.xml"
    assert waiting.content_of(row).data == ONE


def test_a_new_file_of_the_same_name_is_not_lost_to_the_one_before(institutions, drop, monkeypatch):
    """The sender writes tonight's file just as last night's has been read and is about to be removed."""
    newer = delivery(pupil("e1", person(1)), night=1)
    file = drop("101001.xml", ONE)
    keep = waiting.keep

    def keep_slowly(*args: object) -> object:
        if not file.exists():
            file.write_bytes(newer)
        return keep(*args)

    monkeypatch.setattr(waiting, "keep", keep_slowly)
    inbox.take_up()
    inbox.take_up()
    assert {waiting.content_of(row).data for row in ImportDelivery.objects.all()} == {ONE, newer}


def test_a_delivery_that_awaits_approval_is_not_asked_about_twice(institutions, drop):
    document = parser.look(ONE)
    run = ImportRun.objects.create(sha256=Delivery.of("", ONE).sha256, state=RunState.AWAITING_APPROVAL)
    waiting.keep(Delivery.of("natten.xml", ONE), document.header, run)
    drop("igen.xml", ONE)
    assert inbox.take_up() == []
    assert ImportDelivery.objects.get().run == run


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_machines_at_the_same_inbox_lose_nothing_and_take_nothing_twice(drop, settings):
    make_institutions()
    sent = {f"{n}.xml": delivery(pupil("e1", person(1)), source=f"System {n}") for n in range(60)}
    for name, data in sent.items():
        drop(name, data)
    for n in range(20):
        drop(f"fejl {n}.xml", f"<Forkert{n}/>".encode())
    settings.IMPORT_INBOX_SECONDS = 3600  # what one has claimed the other leaves alone
    start = threading.Barrier(3)

    def take_up() -> None:
        start.wait()
        try:
            inbox.take_up()
        finally:
            connections.close_all()

    with time_machine.travel(timezone.now() + dt.timedelta(seconds=3601)):
        threads = [threading.Thread(target=take_up) for _ in range(2)]
        for thread in threads:
            thread.start()
        start.wait()
        for thread in threads:
            thread.join()
    assert sorted(ImportDelivery.objects.values_list("file_name", flat=True)) == sorted(sent)
    assert ImportRun.objects.filter(reason="root").count() == 20
    assert files_in(settings.IMPORT_INBOX) == []

"""Deliveries that wait: what lies in the database can be read by nobody without the key, and comes back as it was."""

import pytest
from django.db import OperationalError

from institutions import services
from institutions.importing import parser, waiting
from institutions.importing.sources import Delivery
from institutions.models import ImportDelivery, ImportRun
from unilogin_portal.lib import crypto
from unilogin_portal.lib.crypto import SecretUnreadable

from .deliveries import SCHOOL, SOURCE, cpr, delivery, person, pupil

ONE = delivery(*[pupil(f"e{n}", person(n)) for n in range(50)])


def keep(data: bytes, run: ImportRun | None = None) -> ImportDelivery:
    return waiting.keep(Delivery.of("natten.xml", data), parser.look(data).header, run)


def test_a_delivery_comes_back_as_it_was_received(db):
    row = ImportDelivery.objects.get(pk=keep(ONE).pk)
    assert waiting.content_of(row) == Delivery.of("natten.xml", ONE)
    assert (row.institution_number, row.source) == (SCHOOL, SOURCE)
    assert row.source_time == parser.look(ONE).header.source_time


def test_what_lies_in_the_database_is_small_and_not_readable(db):
    content = bytes(ImportDelivery.objects.get(pk=keep(ONE).pk).content)
    assert len(content) < len(ONE) / 3
    for secret in (cpr(3).encode(), b"Anna", b"UNILoginImport"):
        assert secret not in content


def test_the_same_delivery_waits_once(db):
    assert keep(ONE).pk == keep(ONE).pk
    assert ImportDelivery.objects.count() == 1


def test_a_delivery_that_is_stopped_while_it_waits_points_to_its_run(db):
    waits = keep(ONE)
    run = ImportRun.objects.create(file_name="natten.xml", sha256=waits.sha256)
    assert keep(ONE, run).pk == waits.pk
    assert ImportDelivery.objects.get().run == run
    keep(ONE)
    assert ImportDelivery.objects.get().run == run


def test_content_of_another_delivery_or_column_does_not_open(db):
    first, second = keep(ONE), keep(delivery(pupil("e1", person(1)), night=1))
    first.content = second.content
    with pytest.raises(SecretUnreadable):
        waiting.content_of(first)
    first.content = crypto.seal_bytes(ONE, "person.private")
    with pytest.raises(SecretUnreadable):
        waiting.content_of(first)


def test_a_delivery_kept_before_a_new_key_can_be_read_after(db, settings):
    row = keep(ONE)
    settings.CPR_KEYS = ("new:" + "b6" * 64, *settings.CPR_KEYS)
    assert waiting.content_of(row).data == ONE
    settings.CPR_KEYS = settings.CPR_KEYS[:1]
    with pytest.raises(SecretUnreadable):
        waiting.content_of(row)


@pytest.mark.parametrize("data", [b"\x00", b"\xff\xfe:\x00" * 9, "Åse".encode()])
def test_bytes_are_sealed_as_texts_are(data):
    sealed = crypto.seal_bytes(data, "a")
    assert sealed == crypto.seal_bytes(data, "a")
    assert crypto.unseal_bytes(memoryview(sealed), "a") == data
    assert crypto.unseal_bytes(crypto.seal("Åse", "b"), "b") == "Åse".encode()
    with pytest.raises(SecretUnreadable):
        crypto.unseal_bytes(sealed, "b")


def test_a_delivery_whose_loading_ended_ten_times_without_a_word_is_given_up(institutions):
    received = Delivery.of("a.xml", delivery(pupil("e1", person(1))))
    row = waiting.keep(received, parser.look(received.data).header)
    ImportDelivery.objects.update(tries=10)
    report = services.load_waiting(row.pk)
    assert report.reason == "given_up"
    assert not ImportDelivery.objects.exists()
    assert ImportRun.objects.get().reason == "given_up"


def test_a_try_whose_end_is_known_is_not_counted(institutions, monkeypatch):
    received = Delivery.of("a.xml", delivery(pupil("e1", person(1))))
    row = waiting.keep(received, parser.look(received.data).header)

    def give_way(*_: object) -> None:
        raise OperationalError

    monkeypatch.setattr("institutions.importing.run._TRIES", 1)
    monkeypatch.setattr("institutions.importing.loading.work_out", give_way)
    with pytest.raises(OperationalError):
        services.load_waiting(row.pk)
    assert ImportDelivery.objects.get().tries == 0
    monkeypatch.undo()
    assert services.load_waiting(row.pk).is_done

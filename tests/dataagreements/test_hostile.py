"""Whoever means harm at the doors of Tilslutning, by token or by body: told no; nothing falls or leaks."""

import gzip
import io
from typing import Any

import pytest
from django.test import Client as Browser

from dataagreements import services
from dataagreements.exports.oneroster.tables import RESOURCES
from dataagreements.models import Connection, Submission, WebService
from dataagreements.states import ConnectionState, SystemAction
from institutions.models import ImportDelivery, ImportRun
from tests.institutions.deliveries import delivery, group, person, pupil
from tests.machines import FORM, XML, body

EXPORT = "/api/eksport/v7/101001"
IMPORT = "/api/import/v7/101001"
AGREEMENTS = "/api/eksport/v7/dataaftaler"
ROSTER = "/ims/oneroster/rostering/v1p2"
SOURCE = "Læsebroen Sync"


@pytest.fixture
def delivers(cast, agreed, settings):
    settings.IMPORT_CONSENT = "dataagreements.consent.may_deliver"
    return agreed(cast.school, service=WebService.IMPORT, package=None, ticked=frozenset())


def a_file() -> bytes:
    return delivery(pupil("p1", person(1)), groups=[group()], number="101001", source=SOURCE)


# Tokens


def test_a_token_or_a_secret_in_an_address_is_none(machine, full, delivers):
    """Addresses stand in logs and histories (RFC 6750, section 5.3)."""
    token = machine.token
    for name in ("access_token", "token", "Authorization"):
        query = f"?pakke=lille&{name}={token}"
        assert Browser().get(f"{EXPORT}{query}").status_code == 401
        assert Browser().get(f"{ROSTER}/users{query}").status_code == 401
        assert Browser().post(f"{IMPORT}{query}", f"{name}={token}", FORM).status_code == 401
    pair = f"client_id={machine.client_id}&client_secret={machine.secret}"
    answer = Browser().post(f"/api/oauth/token?grant_type=client_credentials&{pair}", "", FORM)
    assert answer.status_code == 400
    assert Browser().post(f"/api/oauth/token?{pair}", "grant_type=client_credentials", FORM).status_code == 401


DOORS = [
    (f"{EXPORT}?pakke=lille", "eksport"),
    (f"{AGREEMENTS}?pakke=lille", "eksport"),
    *((f"{ROSTER}/{name}", "eksport") for name in RESOURCES),
    (f"{ROSTER}/users/leif000000", "eksport"),
    (IMPORT, "import"),
    (f"{IMPORT}/leverancer/{{submission}}", "import"),
]


def knock(machine, door: str) -> int:
    door = door.format(submission=getattr(Submission.objects.first(), "pk", ""))
    answer = machine.deliver("101001", a_file()) if door == IMPORT else machine.get(door)
    body(answer)
    return answer.status_code


def test_a_passive_system_gets_nowhere_and_neither_does_one_whose_connection_has_ended(machine, full, delivers, sune):
    everywhere = [(IMPORT, "import"), *(door for door in DOORS if door[0] != IMPORT)]
    assert {knock(machine, door) for door, _ in everywhere} == {200, 202}
    services.switch_system(machine.system, SystemAction.PASSIVATE, by=sune.actor)
    assert {knock(machine, door) for door, _ in everywhere} == {403}
    services.switch_system(machine.system, SystemAction.ACTIVATE, by=sune.actor)
    for ended in ("eksport", "import"):
        row = Connection.objects.get(service=ended, state=ConnectionState.VALID)
        services.end_connection(row, by=sune.actor)
        for door, service in everywhere:
            is_shut = ended in (service, "import")  # by then both have ended
            assert (knock(machine, door) == 403) is is_shut, (ended, door)


# Bodies


class Untouched(io.RawIOBase):
    """A body that may not be read."""

    def read(self, *_: Any) -> bytes:
        raise AssertionError("the body was read")


class BrokenOff(io.RawIOBase):
    """A body whose sender is gone."""

    def read(self, *_: Any) -> bytes:
        raise ConnectionResetError


def send(machine, stream: Any, length: str | None, *, path: str = IMPORT, content_type: str = XML, **more: Any) -> Any:
    extra = {"wsgi.input": stream, "CONTENT_TYPE": content_type, "CONTENT_LENGTH": length or "", **more}
    token = {"Authorization": f"Bearer {machine.token}"}
    return Browser().generic("POST", path, b"", content_type, headers=token, **extra)


@pytest.mark.parametrize(
    ("length", "more", "status"),
    [
        ("9" * 30, {}, 413),
        ("9" * 5000, {}, 413),
        (str(64 * 1024 * 1024 + 1), {}, 413),
        ("-1", {}, 411),
        ("+5", {}, 411),
        ("0x10", {}, 411),
        ("1_0", {}, 411),
        ("²", {}, 411),
        (None, {}, 411),
        (None, {"HTTP_TRANSFER_ENCODING": "chunked"}, 411),
        ("50", {"HTTP_CONTENT_ENCODING": "gzip"}, 415),
        ("50", {"HTTP_CONTENT_ENCODING": "identity, br"}, 415),
        ("50", {"content_type": "application/xml+gzip"}, 415),
        ("50", {"path": "/api/import/v7/999999"}, 403),
    ],
)
def test_nothing_is_read_that_is_not_wanted(machine, delivers, length, more, status):
    assert send(machine, Untouched(), length, **more).status_code == status
    assert not ImportRun.objects.exists()


def test_an_upload_that_is_broken_off_is_no_delivery(machine, delivers):
    """A length that lies is the same."""
    data = a_file()
    for stream, length in (
        (BrokenOff(), len(data)),
        (io.BytesIO(data[:-40]), len(data)),
        (io.BytesIO(data), len(data) + 1),
        (io.BytesIO(b""), 10),
    ):
        assert send(machine, stream, str(length)).status_code == 411
    assert not [model.objects.exists() for model in (Submission, ImportDelivery, ImportRun) if model.objects.exists()]
    assert send(machine, io.BytesIO(data), str(len(data))).status_code == 202


def test_what_comes_after_the_said_length_is_not_read(machine, delivers):
    data = a_file()
    assert send(machine, io.BytesIO(data + b"<x/>" * 1000), str(len(data))).status_code == 202
    assert Submission.objects.get().size == len(data)


def test_what_is_packed_is_not_unpacked(machine, delivers):
    bomb = gzip.compress(b" " * 5_000_000)
    for headers in ({}, {"Content-Encoding": "gzip"}):
        answer = machine.deliver("101001", bomb, **headers)
        assert answer.status_code == (415 if headers else 422)
    assert not ImportDelivery.objects.exists()


TEXT = '<?xml version="1.0"?>\n{doctype}\n<UNILoginImport>{text}</UNILoginImport>'
LAUGHS = "".join("<!ENTITY a{} '{}'>".format(n, f"&a{n - 1};" * 10) for n in range(1, 10))
BOMBS = {
    "laughter": (f'<!DOCTYPE x [<!ENTITY a0 "ha">{LAUGHS}]>', "&a9;"),
    "one long one": (f'<!DOCTYPE x [<!ENTITY a "{"a" * 50_000}">]>', "&a;" * 10_000),
    "a file of ours": ('<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>', "&a;"),
    "an address of ours": ('<!DOCTYPE x [<!ENTITY a SYSTEM "http://127.0.0.1:1/">]>', "&a;"),
    "a DTD elsewhere": ('<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd">', "x"),
    "parameters": ("<!DOCTYPE x [<!ENTITY % a \"<!ENTITY b 'c'>\">%a;]>", "&b;"),
    "an inclusion": ("", '<x xmlns:i="http://www.w3.org/2001/XInclude"><i:include href="/etc/passwd"/></x>'),
    "very deep": ("", "<a>" * 100_000),
    "many attributes": ("", "<a" + "".join(f" a{n}='1'" for n in range(50_000)) + "/>"),
    "a NUL": ("", "&#0;"),
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_a_bomb_does_not_go_off(machine, delivers, bomb):
    doctype, text = bomb
    answer = machine.deliver("101001", TEXT.format(doctype=doctype, text=text).encode())
    assert answer.status_code == 422
    assert "root:" not in answer.content.decode()
    assert len(answer.content) < 2000
    assert not ImportDelivery.objects.exists()
    assert ImportRun.objects.get().state == "rejected"

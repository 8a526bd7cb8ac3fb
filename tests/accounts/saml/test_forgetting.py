"""What is no longer of use is forgotten."""

import datetime as dt
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import AuditEvent, MitidRequest, SeenAssertion

from .door import Browser


def clean(**later: float) -> str:
    out = StringIO()
    with time_machine.travel(timezone.now() + dt.timedelta(**later)):
        call_command("forget", stdout=out)
    of_mitid = ("identities", "requests", "assertions")
    return ", ".join(line for line in out.getvalue().splitlines() if line.startswith(of_mitid))


def test_nothing_young_is_forgotten(browser: Browser):
    browser.post(browser.forge().write())
    assert clean() == "identities: 0, requests: 0, assertions: 0"
    assert not AuditEvent.objects.filter(action="mitid.forgotten").exists()


def test_an_identity_that_nobody_collected_is_emptied_soon(browser: Browser):
    browser.post(browser.forge().write())
    assert clean(minutes=3) == "identities: 1, requests: 0, assertions: 0"
    assert bytes(MitidRequest.objects.get().identity) == b""
    assert AuditEvent.objects.get(action="mitid.forgotten").details["gone"]["identities"] == 1


def test_questions_and_assertions_go_when_they_can_do_nothing_any_more(browser: Browser):
    browser.post(browser.forge().write())
    clean(hours=25)
    assert not MitidRequest.objects.exists()
    assert not SeenAssertion.objects.exists()


def test_the_database_keeps_no_identity_before_an_answer_nor_after_its_collection(db: None):
    now = timezone.now()
    common = {"browser_hash": "h", "purpose": "login", "loa": 2, "created_at": now}
    with pytest.raises(IntegrityError), transaction.atomic():
        MitidRequest.objects.create(request_id="_1", identity=b"x", **common)
    with pytest.raises(IntegrityError), transaction.atomic():
        MitidRequest.objects.create(request_id="_2", identity=b"x", answered_at=now, fetched_at=now, **common)
    with pytest.raises(IntegrityError), transaction.atomic():
        MitidRequest.objects.create(request_id="_3", fetched_at=now, **common)

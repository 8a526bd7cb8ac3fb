"""One answer posted twice at the same moment is taken once."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.test import Client

from accounts.models import MitidRequest, SeenAssertion

from .door import Browser

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
AT_ONCE = 8


def _at_once(act) -> list[int]:
    """Run `act` in several threads that start together; return the status codes, sorted."""
    start = threading.Barrier(AT_ONCE)

    def run(_: int) -> int:
        start.wait()
        try:
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return sorted(threads.map(run, range(AT_ONCE)))


def _client_of(browser: Browser) -> Client:
    client = Client()
    for name in {"mitid", "mitid-receipt"} & set(browser.client.cookies):
        client.cookies[name] = browser.client.cookies[name].value
    return client


def test_of_several_equal_answers_at_once_exactly_one_is_taken(browser: Browser):
    message = browser.forge().write()
    statuses = _at_once(lambda: _client_of(browser).post("/mitid/acs", {"SAMLResponse": message}).status_code)
    assert statuses == [303] + [400] * (AT_ONCE - 1)
    assert SeenAssertion.objects.count() == 1
    assert bytes(MitidRequest.objects.get().identity)


def test_one_assertion_in_answers_to_several_questions_at_once_is_taken_once(browser: Browser):
    forges = [browser.forge() for _ in range(AT_ONCE)]
    messages = [forge.write(forge.answer(assertion_id="_same")) for forge in forges]
    statuses = _at_once(lambda: _client_of(browser).post("/mitid/acs", {"SAMLResponse": messages.pop()}).status_code)
    assert statuses == [303] + [400] * (AT_ONCE - 1)
    assert MitidRequest.objects.exclude(identity=b"").count() == 1


def test_an_identity_collected_several_times_at_once_is_handed_over_once(browser: Browser):
    browser.post(browser.forge().write())
    statuses = _at_once(lambda: _client_of(browser).get("/mitid/fortsaet/").status_code)
    assert statuses.count(400) == AT_ONCE - 1

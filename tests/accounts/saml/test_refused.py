"""Every check broken alone: the answer is refused, the log says why, the page says what to do, nobody came in."""

import pytest

from accounts.activation.refusals import Reason
from accounts.models import LoginSession, MitidRequest

from . import cases_assertion, cases_document, cases_response, cases_signature
from .cases import CASES
from .door import Browser, MitidLog

# Imported for the table that they fill.
assert cases_assertion
assert cases_document
assert cases_response
assert cases_signature


@pytest.mark.parametrize("name", sorted(CASES))
def test_it_is_refused(name: str, browser: Browser, mitid_log: MitidLog):
    case = CASES[name]
    response = browser.post(case.write(browser.forge(next_path="/mit-unilogin/")))

    assert [line["reason"] for line in mitid_log.lines] == [case.reason]
    assert response.status_code == (403 if case.reason == Reason.LOA_TOO_LOW else 400)
    page = response.content.decode()
    assert "Du er ikke logget på" in page
    assert str(mitid_log.lines[0]["number"]) in page
    assert "MitID" in page
    assert not response.cookies
    assert not LoginSession.objects.exists()
    assert not MitidRequest.objects.exclude(identity=b"").exists()
    assert browser.client.get("/mitid/fortsaet/").status_code == 400


def test_at_least_forty_are_refused():
    assert len(CASES) >= 40

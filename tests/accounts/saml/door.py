"""A browser at the portal's door to MitID, and what is heard behind it."""

import logging
from urllib.parse import urlsplit

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.models import LoginSession, MitidRequest
from accounts.testidp import asked

from .forge import Forge


class Browser:
    """A client, and the door it knocks at."""

    def __init__(self) -> None:
        self.client = Client()

    def ask(self, purpose: str = "login", next_path: str = "") -> asked.Question:
        """Go to MitID; return the question that was put there."""
        response = self.client.get("/mitid/login", {"formaal": purpose, "next": next_path})
        assert response.status_code == 302
        return asked.question(urlsplit(response["Location"]).query, now=timezone.now())

    def forge(self, purpose: str = "login", next_path: str = "") -> Forge:
        """Go to MitID; return what makes answers to the question."""
        return Forge(self.ask(purpose, next_path).request_id)

    def post(self, message: str, **further: str) -> HttpResponse:
        return self.client.post("/mitid/acs", {"SAMLResponse": message, **further})


class MitidLog(logging.Handler):
    """What the portal wrote about MitID."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[dict[str, object]] = []

    def emit(self, record: logging.LogRecord) -> None:
        assert isinstance(record.msg, dict)
        self.lines.append(record.msg)


def assert_nobody_came_in(browser: Browser, response: HttpResponse) -> None:
    """No session, no identity put aside, and no cookie set at all."""
    assert not response.cookies
    assert not LoginSession.objects.exists()
    assert not MitidRequest.objects.exclude(identity=b"").exists()
    carried_on = browser.client.get("/mitid/fortsaet/")
    assert carried_on.status_code == 400
    assert not LoginSession.objects.exists()

"""A supplier's system as tests drive it: by its id and secret, over HTTP."""

import base64
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.test import Client as Browser

from dataagreements import services
from dataagreements.models import System

from .officers import Officer

XML = "application/xml"


@dataclass
class Machine:
    """`get` and `post` send a token, asked for at first for all that the system may use."""

    system: System
    client_id: str
    secret: str
    browser: Browser = field(default_factory=Browser)
    given: str = ""

    def ask_token(self, scope: str = "", *, secret: str | None = None) -> Any:
        """Return the answer of the token endpoint."""
        pair = f"{self.client_id}:{self.secret if secret is None else secret}"
        basic = base64.b64encode(pair.encode()).decode()
        form = {"grant_type": "client_credentials", **({"scope": scope} if scope else {})}
        return self.browser.post(
            "/api/oauth/token", form_encoded(form), FORM, headers={"Authorization": f"Basic {basic}"}
        )

    @property
    def token(self) -> str:
        if not self.given:
            answer = self.ask_token()
            assert answer.status_code == 200, answer.content
            self.given = answer.json()["access_token"]
        return self.given

    def get(self, path: str, query: dict[str, Any] | None = None, **headers: str) -> Any:
        return self.browser.get(path, query, headers={"Authorization": f"Bearer {self.token}", **headers})

    def deliver(self, number: str, data: bytes, content_type: str = XML, **headers: str) -> Any:
        headers = {"Authorization": f"Bearer {self.token}", **headers}
        return self.browser.post(f"/api/import/v7/{number}", data, content_type, headers=headers)


FORM = "application/x-www-form-urlencoded"


def form_encoded(form: dict[str, str]) -> str:

    return urlencode(form)


def machine_of(system: System, by: Officer) -> Machine:
    """Make a system's id and secret, as its supplier does."""
    made = services.make_client(system, secrets.token_hex(16), by=by.actor)
    assert made is not None
    return Machine(system, made.client.client_id, made.secret)


def body(answer: Any) -> bytes:
    """Return all of an answer, streamed or not."""
    return b"".join(answer.streaming_content) if answer.streaming else answer.content

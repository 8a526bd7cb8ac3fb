"""Fixtures that every test may ask for."""

import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.activation.saml import keys, parties
from accounts.models import User
from accounts.testidp import asked, responses

from .cast import CPR, PASSWORD, Cast, assemble

UNKNOWN_CPR = "7901015559"  # nobody's in the cast


@pytest.fixture
def cast(db: None) -> Cast:
    """The named cast, see `tests/cast.py`."""
    return assemble()


@pytest.fixture
def logged_in(cast: Cast) -> Callable[[str], Client]:
    """Return a client with the session of a member of the cast, or a visitor's for "visitor"."""

    def log_in(name: str) -> Client:
        client = Client()
        if name != "visitor":
            client.force_login(cast[name], backend="accounts.backends.UniloginBackend")
        return client

    return log_in


@pytest.fixture
def type_in() -> Callable[[Client, User | str], None]:
    """Log in on the pages, with user name and password."""

    def enter(client: Client, user: User | str, password: str = PASSWORD) -> None:
        client.post("/login/brugernavn/", {"username": getattr(user, "username", user)})
        client.post("/login/adgangskode/", {"password": password})

    return enter


@pytest.fixture(scope="session")
def mitid_keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the keys of the portal and of the stand-in: made once a run, never the installation's."""
    return tmp_path_factory.mktemp("mitid")


@pytest.fixture
def mitid(settings: Any, mitid_keys: Path) -> Callable[..., HttpResponse]:
    """Go to MitID in a client's browser and come back as a member of the cast: `mitid(client, "mette", "username")`.

    The answer is really signed and encrypted, and goes over the wire like NemLog-in's. Returns where the portal leads.
    """
    settings.VAR_DIR = mitid_keys

    def come_back(
        client: Client, name: str, purpose: str = "login", next_path: str = "", *, follow: bool = False
    ) -> HttpResponse:
        asked_at = client.get("/mitid/login", {"formaal": purpose, "next": next_path})
        question = asked.question(urlsplit(asked_at.headers["Location"]).query, now=timezone.now())
        person = responses.attributes_of(loa="Substantial", full_name=name, cpr=CPR.get(name, UNKNOWN_CPR))
        answer = responses.Answer(
            in_response_to=question.request_id,
            issuer=parties.stand_in().entity_id,
            audience=parties.service_provider().entity_id,
            acs_url=parties.service_provider().acs_url,
            name_id=f"https://data.gov.dk/model/core/eid/person/uuid/{uuid.uuid5(uuid.NAMESPACE_URL, name)}",
            now=timezone.now(),
            attributes=person,
        )
        certificate = keys.service_provider_keys().certificate_pem
        message = responses.issue(answer, keys.own_pair("test-idp"), certificate)
        client.post("/mitid/acs", {"SAMLResponse": message})
        return client.get("/mitid/fortsaet/", follow=follow)

    return come_back

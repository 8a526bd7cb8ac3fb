"""Cases for the tests: Lærkeskolen's leader asks for anna, who is esther's contact person and has no custody."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from accounts.states import UserState
from institutions.actor import Actor
from institutions.cases import services
from institutions.cases.services import ContactAsked
from institutions.models import Case, CaseKind, Wanted
from tests.cast import CPR, PASSWORD, Cast, hash_of

NEW_USER, FORGOTTEN = "/sager/ny/bruger-til-kontaktperson/", "/sager/ny/kontaktperson-har-glemt/"
INBOX = "/stil/sager/"


@pytest.fixture(autouse=True)
def letters(settings: Any, tmp_path: Path) -> Path:
    """The folder that stands in for secure mail: this test's own."""
    settings.SECURE_MAIL_DIR = tmp_path / "secure-mail"
    settings.SECURE_MAIL = "institutions.cases.secure_mail.Folder"
    return tmp_path / "secure-mail"


@pytest.fixture
def office(cast: Cast) -> str:
    """Where the school's administrators are written to: the leader has no address of his own."""
    cast.school.email = "kontor@example.dk"
    cast.school.save()
    return cast.school.email


@pytest.fixture
def second(cast: Cast) -> User:
    """Another supporter beside olga."""
    return User.objects.create(
        username="stil0002", state=UserState.ACTIVE, is_staff=True, is_superuser=True, password=hash_of(PASSWORD)
    )


@pytest.fixture
def leif(by_mitid: Callable[[str], Client]) -> Client:
    return by_mitid("leif")


@pytest.fixture
def olga(logged_in: Callable[[str], Client]) -> Client:
    return logged_in("olga")


@pytest.fixture
def other_supporter(second: User) -> Client:
    client = Client()
    client.force_login(second, backend="accounts.backends.UniloginBackend")
    return client


@pytest.fixture
def actors(cast: Cast, second: User, office: str) -> dict[str, Actor]:
    return {"leif": Actor.of(cast["leif"]), "olga": Actor.of(cast["olga"]), "second": Actor.of(second)}


@pytest.fixture
def opened(cast: Cast, actors: dict[str, Actor]) -> Case:
    """A case that leif has opened for anna."""
    return open_for(cast, actors)


@pytest.fixture
def sent(opened: Case, actors: dict[str, Actor]) -> Case:
    """The same, approved by both supporters and sent."""
    approve_by_both(opened, actors)
    services.carry_out(opened.pk)
    opened.refresh_from_db()
    assert opened.state == "sent"
    return opened


def asked(name: str = "anna", **changes: Any) -> ContactAsked:
    return ContactAsked(**{"cpr": CPR[name], "recipient": "Leif Dam", **changes})


def open_for(cast: Cast, actors: dict[str, Actor], name: str = "anna", **changes: Any) -> Case:
    kind = CaseKind.CONTACT_FORGOTTEN if "earlier_number" in changes else CaseKind.CONTACT_USER
    return services.open_contact_case(kind, cast.school, asked(name, **changes), by=actors["leif"])


def approve_by_both(case: Case, actors: dict[str, Actor]) -> None:
    services.approve(case, by=actors["olga"])
    services.approve(case, by=actors["second"])


def fields(**changes: Any) -> dict[str, Any]:
    """What leif fills in."""
    return {
        "institution": "101001",
        "cpr": CPR["anna"],
        "recipient": "Leif Dam",
        "tried": "on",
        "checked": "on",
        "message": "",
        **changes,
    }


def forgotten_fields(earlier: Case, wanted: str = Wanted.BOTH, **changes: Any) -> dict[str, Any]:
    return fields(earlier=earlier.number, wanted=wanted, **changes)

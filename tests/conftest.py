"""Fixtures that every test may ask for."""

import gc
import os
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client, TransactionTestCase
from django.utils import timezone

from accounts.activation.saml import keys, parties
from accounts.models import User
from accounts.passwords import PortalArgon2Hasher
from accounts.testidp import asked, responses
from institutions.actor import RIGHTS_SESSION_KEY
from institutions.models import Institution, InstitutionKind, InstitutionLevel, Membership, MembershipKind
from institutions.roles import Right
from unilogin_portal.lib.gate import LOA_SESSION_KEY, LevelOfAssurance

from .cast import CPR, PASSWORD, Cast, assemble
from .officers import MUNICIPALITY, SUPPLIER, Officer, make_officer

UNKNOWN_CPR = "7901015559"  # nobody's in the cast


# What is written otherwise for one engine than for the other: loading in bulk, snapshots, how texts compare. The demo
# country, with two nights of its imports, is loaded into nothing but SQLite.
BOTH_ENGINES = {
    *("test_loading_people.py", "test_registers.py"),
    *("test_reading.py", "test_privacy.py", "test_comparing.py"),  # of the exports
}
EMBEDDED_ONLY = "institutions_demo"
# What the models themselves bring: the same in every test.
THAT_STAY = {"django_content_type", "auth_permission", "django_migrations"}


def pytest_configure(config: pytest.Config) -> None:
    """Let a password cost a thousandth of what it costs in production: of thousands of tests, each would wait for it.

    What it costs, `tests/bench` measures. Python looks for rings of garbage less often: that was a sixth of the time.
    """
    gc.set_threshold(100_000, 20, 50)
    PortalArgon2Hasher.time_cost, PortalArgon2Hasher.memory_cost = 1, 64
    TransactionTestCase._fixture_teardown = _empty_what_was_filled


def _empty_what_was_filled(self: TransactionTestCase) -> None:
    """Empty the tables that a test with transactions of its own has written to.

    Django would empty all of them, which takes PostgreSQL the time of ten tests, and then find out anew which
    permissions there are.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        tables = set(connection.introspection.django_table_names(only_existing=True, include_views=False))
        names = [connection.ops.quote_name(name) for name in sorted(tables - THAT_STAY)]
        cursor.execute(" UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in names))
        for (name,) in cursor.fetchall():
            cursor.execute(f"DELETE FROM {name}")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what another part of `make test` shows (`tests/run.py`).

    `TEST_ONLY=database` leaves out what touches none, `TEST_ONLY=embedded` what touches one, but for `BOTH_ENGINES`.
    """
    wanted = {"database": _is_for_a_server, "embedded": _is_for_the_embedded}.get(os.environ.get("TEST_ONLY", ""))
    if wanted is None:
        return
    left_out = [item for item in items if not wanted(item)]
    items[:] = [item for item in items if wanted(item)]
    config.hook.pytest_deselected(items=left_out)


def _touches_a_database(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    return bool(fixtures & {"db", "transactional_db"}) or any(map(item.get_closest_marker, ("django_db", "postgres")))


def _is_for_a_server(item: pytest.Item) -> bool:
    return item.path.parent.name != EMBEDDED_ONLY and _touches_a_database(item)


def _is_for_the_embedded(item: pytest.Item) -> bool:
    is_there_too = item.path.name in BOTH_ENGINES or item.path.parent.name == EMBEDDED_ONLY
    return is_there_too or not _touches_a_database(item)


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
def by_mitid(logged_in: Callable[[str], Client]) -> Callable[..., Client]:
    """A member of the cast who logged in with MitID; `right` and where it holds come from MitID Erhverv."""

    def enter(name: str, right: Right | None = None, scope: str = "cvr", identifier: str = "94348552") -> Client:
        client = logged_in(name)
        session = client.session
        session[LOA_SESSION_KEY] = int(LevelOfAssurance.SUBSTANTIAL)
        if right:
            session[RIGHTS_SESSION_KEY] = [[right, scope, identifier]]
        session.save()
        return client

    return enter


@pytest.fixture
def officer(db: None) -> Callable[..., Officer]:
    """Make somebody who comes for an organisation: `officer("Nadia Færch", cvr=MUNICIPALITY)`."""
    return make_officer


@pytest.fixture
def nadia(db: None) -> Officer:
    """The municipality's dagtilbudsansvarlig."""
    return make_officer("Nadia Færch", cvr=MUNICIPALITY)


@pytest.fixture
def sune(db: None) -> Officer:
    """Of Nordlys Læring, which makes Læsebroen."""
    return make_officer("Sune Bak", cvr=SUPPLIER)


@pytest.fixture
def elsewhere(cast: Cast) -> Institution:
    """A school of another owner, with karim as its leader."""
    institution = Institution.objects.create(
        number="202002",
        name="Mosevangskolen",
        kind=InstitutionKind.SCHOOL,
        level=InstitutionLevel.SCHOOL,
        municipality=cast.school.municipality,
        cvr="11111111",
        p_number="2222222222",
    )
    Membership.objects.create(
        person=cast.person("karim"),
        institution=institution,
        source="Et andet system",
        local_person_id="karim",
        kind=MembershipKind.EMPLOYEE,
        roles=["Leder"],
        from_date=timezone.localdate(),
    )
    return institution


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

"""Suppliers, officers and institutions of every kind, for the tests of Tilslutning."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection

from dataagreements.models import Agreement, Provider, System
from dataagreements.packages import OPTIONAL, Package
from institutions.models import Institution, Ownership
from tests.agreements import agreement_with, approve, ask, make_system
from tests.cast import Cast
from tests.dataagreements_ws17.school import furnish
from tests.machines import Machine, machine_of
from tests.officers import SUPPLIER, Officer

OTHER_SUPPLIER = "90005678"


@pytest.fixture
def supplier(db: None) -> Provider:
    return Provider.objects.create(
        name="Nordlys Læring", cvr=SUPPLIER, p_number="1012345678", email="post@nordlys.example"
    )


@pytest.fixture
def system(supplier: Provider) -> System:
    """Læsebroen: delivers and fetches."""
    return make_system(supplier, "Læsebroen", import_source="Læsebroen Sync")


@pytest.fixture
def day_care(cast: Cast) -> Institution:
    """A municipal day care: karim's."""
    Institution.objects.filter(pk=cast.day_care.pk).update(ownership=Ownership.MUNICIPAL)
    return Institution.objects.get(pk=cast.day_care.pk)


@pytest.fixture
def requested(system: System, sune: Officer, day_care: Institution) -> Agreement:
    """Læsebroen asks the municipal day care, and waits."""
    ask(system, sune, day_care)
    return agreement_with(day_care)


@pytest.fixture
def approved(requested: Agreement, nadia: Officer) -> Agreement:
    return approve(requested, nadia)


@pytest.fixture
def machine(system: System, sune: Officer) -> Machine:
    """Læsebroen itself, with an id and a secret."""
    return machine_of(system, sune)


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    cache.clear()


@pytest.fixture
def school(cast: Cast) -> Institution:
    """Lærkeskolen, with all that may stand in an export."""
    furnish(cast)
    return cast.school


@pytest.fixture
def medium(school: Institution, agreed: Callable[..., Agreement]) -> Agreement:
    """The school lets Læsebroen fetch Medium, with dates of birth."""
    return agreed(school, package=Package.MEDIUM, ticked=frozenset({"birth_date"}))


@pytest.fixture
def full(school: Institution, agreed: Callable[..., Agreement]) -> Agreement:
    """Lærkeskolen lets Læsebroen fetch all that Full may hold."""
    return agreed(school, package=Package.FULL, ticked=frozenset(OPTIONAL[Package.FULL]))


@pytest.fixture
def connection_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the test's connection open when an answer ends that the test client does not end itself."""
    monkeypatch.setattr(connection, "close_if_unusable_or_obsolete", lambda: None)


@pytest.fixture
def agreed(system: System, sune: Officer, nadia: Officer) -> Callable[..., Agreement]:
    """Let an institution and Læsebroen agree: `agreed(institution, package=Package.FULL, ticked=frozenset())`."""

    def agree(institution: Institution, **more: Any) -> Agreement:
        Institution.objects.filter(pk=institution.pk).update(ownership=Ownership.MUNICIPAL)
        ask(system, sune, institution, **more)
        return approve(agreement_with(institution), nadia)

    return agree

"""Imports of the cast's school: one loaded, one with errors, one held back; and people who may answer for them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from institutions.actor import RIGHTS_SESSION_KEY
from institutions.models import (
    Brake,
    BrakeLimit,
    ImportRun,
    ImportSeries,
    Institution,
    InstitutionKind,
    InstitutionLevel,
    Membership,
    MembershipKind,
)
from institutions.roles import Right
from tests.cast import Cast
from tests.institutions.conftest import load_bytes
from tests.institutions.deliveries import delivery, group, person, pupil
from unilogin_portal.lib.gate import LOA_SESSION_KEY, LevelOfAssurance

SYSTEM = "Skolesystemet Solvang"
AT = "/brugeradministration/import/"


def pupils(numbers: range, *, level: str = "3") -> list[str]:
    return [
        pupil(f"E{number:03}", person(number, "Anna", f"Holm{number}"), level=level, main=f"{level}a")
        for number in numbers
    ]


def send(*rows: str, night: int, number: str = "101001") -> ImportRun:
    """Load a delivery to the cast's school, as the night does; return its run."""
    groups = [group("3a"), group("4a", level="4")]
    with _beside_the_cast(number, is_first=night == 0):
        report = load_bytes(delivery(*rows, groups=groups, night=night, number=number, source=SYSTEM))
    return ImportRun.objects.get(pk=report.run_id)


@contextmanager
def _beside_the_cast(number: str, *, is_first: bool) -> Iterator[None]:
    """A new system's first delivery to a school that has people already would wait: here it does not."""
    institution = Institution.objects.get(number=number)
    if is_first:
        by = User.objects.get(is_staff=True)
        BrakeLimit.objects.create(institution=institution, brake=Brake.JOINING, share=None, by=by)
    yield
    if is_first:
        BrakeLimit.objects.filter(institution=institution).delete()


@pytest.fixture
def loaded(cast: Cast) -> ImportRun:
    """Forty pupils, everything in order."""
    return send(*pupils(range(20)), *pupils(range(20, 40), level="4"), night=0)


@pytest.fixture
def held(loaded: ImportRun) -> ImportRun:
    """The whole of level 4 is missing in the next file."""
    return send(*pupils(range(20)), night=1)


@pytest.fixture
def flawed(cast: Cast) -> ImportRun:
    """Three rows of 23 cannot be loaded."""
    bad = [
        pupil("E900", person(None)),
        pupil("E901", person(901), level="3", main="9z"),
        pupil("=E902", person(902), level="77", main="3a"),
    ]
    return send(*pupils(range(20)), *bad, night=0)


@pytest.fixture
def series(loaded: ImportRun) -> ImportSeries:
    assert loaded.series is not None
    return loaded.series


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
def leif(by_mitid: Callable[..., Client]) -> Client:
    """The leader of the cast's school, at MitID's level."""
    return by_mitid("leif")


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

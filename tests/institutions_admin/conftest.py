"""Imports of the cast's school: one loaded, one with errors, one held back; and people who may answer for them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.test import Client

from accounts.models import User
from institutions.models import (
    Brake,
    BrakeLimit,
    ImportRun,
    ImportSeries,
    Institution,
)
from tests.cast import Cast
from tests.institutions.conftest import load_bytes
from tests.institutions.deliveries import delivery, group, person, pupil

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
def leif(by_mitid: Callable[..., Client]) -> Client:
    """The leader of the cast's school, at MitID's level."""
    return by_mitid("leif")

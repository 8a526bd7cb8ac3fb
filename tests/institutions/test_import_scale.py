"""The number of queries does not grow with the number of people, nor the outcome with who else is there."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from institutions.importing.brakes import WITH_SHARE
from institutions.models import BrakeLimit

from .conftest import load_bytes
from .deliveries import OTHER_SCHOOL, contact, delivery, employee, group, person, pupil


def name(number: int) -> str:
    """Return four letters that are another's hardly ever: user names are drawn, and a second draw is a query more."""
    return "".join(chr(ord("a") + number * prime // 7 % 26) for prime in (7, 11, 17, 31)).title()


def school(
    size: int, *, street: str = "Skolevej 1", main: str = "3a", first: int = 0, family: str = "Holm"
) -> list[str]:
    """Return the rows of a school of `size` pupils with a parent each, half of them also with a brother's."""
    rows = []
    for n in range(first, first + size):
        parents = [contact(person(10_000 + k, name(k + 99), street=street)) for k in (n, n // 2 * 2 + 1)]
        rows.append(
            pupil(
                f"e{n}", person(n, name(n), family, street=street), *dict.fromkeys(parents), main=main, groups=["Skak"]
            )
        )
    rows += [
        employee(f"m{n}", person(20_000 + n, name(n + 55), street=street), groups=[main])
        for n in range(first, first + size // 10)
    ]
    return rows


GROUPS = [group("3a"), group("3b")]


def queries(data: bytes) -> int:
    with CaptureQueriesContext(connection) as captured:
        report = load_bytes(data)
    assert report.is_done, report.message
    assert not report.issues
    return len(captured)


def nights(size: int) -> list[int]:
    """Load a school through every kind of night; return the queries of each."""
    return [
        queries(delivery(*school(size), groups=GROUPS)),
        queries(delivery(*school(size), groups=GROUPS, night=1)),
        queries(delivery(*school(size, main="3b"), groups=GROUPS, night=2)),
        queries(delivery(*school(size, street="Nyvej 2", main="3b", family="Lund"), groups=GROUPS, night=3)),
        queries(delivery(*school(size), groups=GROUPS, number=OTHER_SCHOOL, night=4)),
        queries(delivery(*school(1, first=9_000), groups=GROUPS, night=5)),
        queries(delivery(*school(size), groups=GROUPS, number=OTHER_SCHOOL, night=6)),
    ]


@pytest.fixture
def without_brakes(institutions):
    """Institutions that have said that nothing is to be stopped: these nights are as wild as can be."""
    by = User.objects.create_superuser("op", None)
    for institution in institutions.values():
        for brake in WITH_SHARE:
            BrakeLimit.objects.create(institution=institution, brake=brake, share=None, by=by)


@pytest.fixture
def counted(without_brakes):
    """The queries of the same nights for a school of 20 and for one of 200."""
    found = []
    for size in (20, 200):
        point = transaction.savepoint()
        found.append(nights(size))
        transaction.savepoint_rollback(point)
    return found


def test_the_number_of_queries_does_not_grow_with_the_number_of_people(counted):
    small, large = counted
    assert large == small


def test_an_ordinary_night_takes_few_queries(institutions):
    load_bytes(delivery(*school(20), groups=GROUPS))
    assert queries(delivery(*school(20), groups=GROUPS, night=1)) <= 30

"""The number of queries does not grow with the number of people, nor the outcome with who else is there."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import Person, User
from institutions import services
from institutions.importing.brakes import WITH_SHARE
from institutions.models import BrakeLimit, ImportRun
from tests.bench import files
from unilogin_portal.lib import bulk

from .conftest import load_bytes
from .deliveries import OTHER_SCHOOL, SCHOOL, contact, delivery, employee, group, person, pupil


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


def test_many_unchanged_deliveries_are_each_recorded_once(institutions, tmp_path):
    load_bytes(delivery(*school(2), groups=GROUPS))
    for n in range(501):
        (tmp_path / f"{n:03d}.xml").write_bytes(delivery(*school(2), groups=GROUPS))
    reports = list(services.load_deliveries([tmp_path], dry_run=True))
    assert (len(reports), ImportRun.objects.count()) == (501, 1)
    reports = list(services.load_deliveries([tmp_path]))
    assert (len(reports), ImportRun.objects.count()) == (501, 502)


@pytest.mark.postgres
def test_people_are_looked_up_by_index_while_importing_and_only_then(institutions, tmp_path):
    def setting() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SHOW enable_seqscan")
            return cursor.fetchone()[0]

    (tmp_path / "1.xml").write_bytes(delivery(*school(2), groups=GROUPS))
    found = [setting() for _ in services.load_deliveries([tmp_path])]
    assert (found, setting()) == (["off"], "on")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_planner_is_told_of_a_table_that_has_grown():
    def known() -> float:
        with connection.cursor() as cursor:
            cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'accounts_person'")
            return cursor.fetchone()[0]

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE accounts_person CASCADE")  # other tests leave it large, and known to be so
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE accounts_person CASCADE")  # whatever other tests left lying in its file
    bulk.refresh_statistics(Person)
    assert known() < 0  # too small to be worth it
    rows = ((f"{n:032d}".encode(), "Anna", "Holm", b"x" * 300) for n in range(25_000))
    bulk.insert(Person, ("cpr", "first_name", "family_name", "private"), rows)
    bulk.refresh_statistics(Person)
    assert known() == 25_000


def test_the_schools_that_are_measured_with_are_good(institutions, tmp_path):
    files.write_schools(tmp_path / "0", [SCHOOL], 600)
    files.write_schools(tmp_path / "1", [SCHOOL], 600, night=1)
    for night, tally in (("0", (654, 0, 0, 0)), ("1", (2, 8, 644, 2))):
        [report] = services.load_deliveries([tmp_path / night])
        assert (report.counts.tally, report.issues) == (tally, ())

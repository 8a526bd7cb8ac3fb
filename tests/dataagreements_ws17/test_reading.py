"""How an export reads: few queries, little memory, one moment of the database, and nothing left open behind it."""

import gc
import logging
import threading
import tracemalloc
from collections.abc import Callable

import pytest
from django.db import connection, connections, transaction
from django.http import StreamingHttpResponse
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import ContactRelation, Person, User
from dataagreements.exports.ws17 import Export
from dataagreements.packages import Package
from institutions.models import Group, GroupType, Institution, Membership, MembershipGroup, MembershipKind
from tests.cast import MEMBERS, SOURCE
from unilogin_portal.lib.crypto import SecretUnreadable

from .conftest import export_of
from .reader import read
from .school import PRIVATE, user_id

on_a_server = pytest.mark.skipif(connection.vendor != "postgresql", reason="only a server database can show it")


def fill(school: Institution, first: int, last: int) -> None:
    """Attach pupils, each with two contact persons and two groups, and all that may be known of any of them."""
    numbers = range(first, last)
    people = Person.objects.bulk_create(
        Person(
            cpr=Person.sealed_cpr(f"{number:010d}"),
            first_name=f"Navn {number}",
            family_name="Østergaard",
            email=f"n{number}@example.dk",
            private=Person.sealed_private({**PRIVATE["esther"], "photo": f"{number}.jpg"}),
        )
        for number in range(first * 3, last * 3)
    )
    User.objects.bulk_create(User(person=person, username=f"{person.pk:08d}") for person in people)
    groups = [
        Group.objects.get_or_create(
            institution=school, source=SOURCE, group_id=name, defaults={"name": name, "type": kind, "level": level}
        )[0]
        for name, kind, level in (
            ("3a", GroupType.MAIN, "3"),
            ("Kor", GroupType.TEAM, ""),
            ("Skak", GroupType.TEAM, ""),
        )
    ]
    today = timezone.localdate()
    pupils = people[::3]
    ties = Membership.objects.bulk_create(
        Membership(
            person=person,
            institution=school,
            source=SOURCE,
            local_person_id=f"e{number}",
            kind=MembershipKind.STUDENT,
            roles=["Elev"],
            level="3",
            main_group=groups[0],
            from_date=today,
        )
        for number, person in zip(numbers, pupils, strict=True)
    )
    MembershipGroup.objects.bulk_create(
        MembershipGroup(membership=one, group=group) for one in ties for group in groups[1:]
    )
    ContactRelation.objects.bulk_create(
        ContactRelation(
            child=pupil,
            contact=people[3 * place + which],
            institution=school.number,
            source=SOURCE,
            relation="Mor",
            custody=True,
            access_level=2,
            from_date=today,
        )
        for place, pupil in enumerate(pupils)
        for which in (1, 2)
    )


def queries(school: Institution, package: Package) -> int:
    with CaptureQueriesContext(connection) as captured:
        for _ in export_of(school, package):
            pass
    return len(captured)


@pytest.mark.parametrize("package", list(Package))
def test_the_number_of_queries_grows_with_the_hundreds_and_not_with_the_people(elsewhere, package):
    fill(elsewhere, 0, 10)
    ten = queries(elsewhere, package)
    fill(elsewhere, 10, 100)
    hundred = queries(elsewhere, package)
    fill(elsewhere, 100, 900)
    assert (ten, queries(elsewhere, package) - hundred) <= (hundred, 4)
    assert hundred == ten <= 10


def test_what_is_not_said_is_not_read_either(school):
    with CaptureQueriesContext(connection) as captured:
        assert list(export_of(school.school, Package.SMALL))
    read_too = [
        name for name in ("cpr", "private", "email", "password") if any(f'"{name}"' in q["sql"] for q in captured)
    ]
    assert not read_too


def peak(school: Institution) -> int:
    """Return the most memory, in bytes, that an export takes."""
    made = export_of(school)
    gc.collect()
    tracemalloc.start()
    try:
        for _ in made:
            pass
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_more_people_take_no_more_memory(elsewhere):
    fill(elsewhere, 0, 10)
    peak(elsewhere)  # what is only loaded once
    fill(elsewhere, 10, 1010)
    small = peak(elsewhere)
    fill(elsewhere, 1010, 2500)
    large = peak(elsewhere)
    assert large - small < 500_000, (small, large)


def broken_off(made: Export) -> None:
    for _ in made:
        break


def dropped(made: Export) -> None:
    chunks = iter(made)
    next(chunks)
    next(chunks)
    del chunks


def closed_while_held(made: Export) -> None:
    chunks = iter(made)
    next(chunks)
    made.close()
    assert list(chunks) == []


def failed_on(made: Export) -> None:
    def consume() -> None:
        for _ in made:
            raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        consume()


def streamed_to_who_hangs_up(made: Export) -> None:
    response = StreamingHttpResponse(made)
    next(iter(response.streaming_content))
    response.close()


def never_begun(made: Export) -> None:
    iter(made)
    made.close()


def read_to_the_end(made: Export) -> None:
    assert b"".join(made)
    made.close()


def is_in_transaction() -> bool:
    if connection.vendor == "postgresql":
        return connection.connection.info.transaction_status.name != "IDLE"
    return connection.connection.in_transaction


ENDINGS = [broken_off, dropped, closed_while_held, failed_on, streamed_to_who_hangs_up, never_begun, read_to_the_end]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("end", ENDINGS, ids=[end.__name__ for end in ENDINGS])
def test_however_an_export_ends_no_transaction_is_left_open(school, end):
    made = export_of(school.school)
    end(made)
    assert not connection.in_atomic_block
    assert not is_in_transaction()
    assert Person.objects.filter(pk=school.person("esther").pk).update(first_name="Ny") == 1
    assert "Ny" in b"".join(made).decode()


@pytest.mark.django_db(transaction=True)
def test_a_failure_while_reading_leaves_no_transaction_open_and_says_nothing_of_anybody(school, settings, caplog):
    caplog.set_level(logging.DEBUG)
    settings.CPR_KEYS = ["other:" + "b6" * 64]
    with pytest.raises(SecretUnreadable) as failure:
        list(export_of(school.school))
    assert not is_in_transaction()
    told = f"{failure.value!r} {failure.value.__cause__!r} {caplog.text}"
    for name, member in MEMBERS.items():
        assert not [text for text in (member.first, member.family, user_id(name)) if text in told]


def test_nothing_of_anybody_is_logged(school, caplog):
    caplog.set_level(logging.DEBUG)
    assert list(export_of(school.school))
    assert not [member for member in MEMBERS.values() if member.family in caplog.text]


@pytest.mark.django_db(transaction=True)
def test_an_export_in_somebody_elses_transaction_is_refused(school):
    with transaction.atomic(), pytest.raises(RuntimeError):
        list(export_of(school.school))


def elsewhere_on_the_server(act: Callable[[], None]) -> None:
    """Do something on a connection of its own, to the end."""

    def run() -> None:
        try:
            act()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


@pytest.mark.postgres
@on_a_server
@pytest.mark.django_db(transaction=True)
def test_what_changes_meanwhile_is_not_in_the_answer(school):
    def change() -> None:
        Person.objects.filter(pk=school.users["esther"].person_id).update(first_name="Ændret")
        Membership.objects.filter(person__user=school.users["sofie"]).update(to_date=timezone.localdate())
        ContactRelation.objects.update(to_date=timezone.localdate())
        Group.objects.update(name="Ændret")

    before = b"".join(export_of(school.school))
    chunks = iter(export_of(school.school))
    head = next(chunks)
    elsewhere_on_the_server(change)
    assert head + b"".join(chunks) == before
    after = read(b"".join(export_of(school.school)))
    assert after.of(user_id("esther")).person.first_name == "Ændret"
    assert not [one for one in after.people if one.person.user_id == user_id("sofie")]


@pytest.mark.postgres
@on_a_server
@pytest.mark.django_db(transaction=True)
def test_the_transaction_can_only_read(school):
    chunks = iter(export_of(school.school))
    next(chunks)
    with connection.cursor() as cursor:
        cursor.execute("SHOW transaction_read_only")
        assert cursor.fetchone() == ("on",)
    chunks.close()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="of SQLite")
@pytest.mark.django_db(transaction=True)
def test_on_sqlite_an_export_does_not_take_the_only_writers_place(school):
    with CaptureQueriesContext(connection) as captured:
        assert list(export_of(school.school))
        with transaction.atomic():
            pass
    begun = [query["sql"] for query in captured if query["sql"].startswith("BEGIN")]
    assert begun == ["BEGIN DEFERRED", "BEGIN IMMEDIATE"]

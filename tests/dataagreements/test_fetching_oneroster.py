"""OneRoster over HTTPS: of all institutions that agreed, page by page, and recorded by the hour."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from dataagreements import fetching, services
from dataagreements.models import Fetch
from dataagreements.packages import Package
from dataagreements.states import AgreementAction

USERS = "/ims/oneroster/rostering/v1p2/users"


@pytest.fixture
def both(medium, cast, agreed):
    """The day care lets the names of its people be fetched, too."""
    return medium, agreed(cast.day_care, package=Package.SMALL, ticked=frozenset())


def test_oneroster_tells_of_all_institutions_with_an_agreement(machine, both):
    orgs = machine.get(USERS.replace("users", "orgs")).json()["orgs"]
    assert [org["sourcedId"] for org in orgs] == ["kommune-0101", "101001", "G12345"]
    assert orgs[1]["parent"]["href"].startswith("http://testserver/ims/oneroster/rostering/v1p2/orgs/")
    demographics = machine.get(USERS.replace("users", "demographics")).json()["demographics"]
    assert all("birthDate" in one for one in demographics)


def test_pages_of_an_hour_are_recorded_as_one(machine, both, cast):
    school, day_care = both
    total = int(machine.get(USERS)["X-Total-Count"])
    Fetch.objects.all().delete()
    for offset in range(0, total, 5):
        machine.get(USERS, {"limit": 5, "offset": offset})
    machine.get(USERS.replace("users", "orgs"))
    people = {row.agreement_id: (row.people, row.resource, row.format) for row in Fetch.objects.all()}
    # nobody is in both but mette, as an employee of the one
    assert people == {school.pk: (9, "users", "json"), day_care.pk: (2, "users", "json")}
    machine.get(USERS.replace("users", "enrollments"))
    assert Fetch.objects.filter(resource="enrollments").count() == 2
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=59)):
        Fetch.objects.update(at=timezone.now() - dt.timedelta(hours=2))
        machine.get(USERS)
    assert Fetch.objects.filter(resource="users").count() == 4


def test_a_page_that_the_caller_has_is_neither_sent_nor_recorded_again(machine, both):
    first = machine.get(USERS)
    before = list(Fetch.objects.values_list("people", flat=True))
    again = machine.get(USERS, **{"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert list(Fetch.objects.values_list("people", flat=True)) == before


def test_the_end_of_an_agreement_takes_its_people_out_at_the_next_call(machine, both, nadia):
    school, _ = both
    before = {one["sourcedId"] for one in machine.get(USERS).json()["users"]}
    services.answer_one(school, AgreementAction.END, by=nadia.actor)
    after = {one["sourcedId"] for one in machine.get(USERS).json()["users"]}
    assert after < before
    esther = next(iter(before - after))
    assert machine.get(f"{USERS}/{esther}").status_code == 404


def test_what_there_is_not_is_said_in_the_words_of_oneroster(machine, both):
    for path in (f"{USERS}/ingen", USERS.replace("users", "lærere"), f"{USERS}?filter=x", f"{USERS}?limit=0"):
        answer = machine.get(path)
        assert answer.status_code in {400, 404}
        assert answer.json()["imsx_codeMajor"] == "failure"
    assert machine.get(f"{USERS}/a/b").status_code == 404


def test_queries_of_a_page_do_not_grow_with_its_people(machine, both, django_assert_max_num_queries):
    for limit in (1, 100):
        with django_assert_max_num_queries(24):
            machine.get(USERS, {"limit": limit})


def test_without_an_agreement_the_collections_are_empty(machine):
    for name in ("orgs", "users", "classes", "enrollments", "academicSessions", "demographics"):
        answer = machine.get(USERS.replace("users", name))
        assert (answer.status_code, answer.json()) == (200, {name: []})
    assert not Fetch.objects.exists()
    assert fetching.granted(machine.system) == []

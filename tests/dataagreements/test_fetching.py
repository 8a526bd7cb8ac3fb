"""Fetching ws17 over HTTPS: by agreement and no further, and all of it recorded."""

import datetime as dt

import pytest
from django.http import QueryDict
from django.utils import timezone

from accounts.models import AuditEvent, Person, User
from dataagreements import services
from dataagreements.models import Fetch, FetchFormat
from dataagreements.packages import Package
from dataagreements.states import AgreementAction, SystemAction
from institutions.models import Group, Membership
from tests.agreements import make_system
from tests.dataagreements_ws17.reader import read, read_agreements
from tests.machines import body, machine_of

EXPORT = "/api/eksport/v7/101001"


def fetched(machine, package="mellem", **query):
    answer = machine.get(EXPORT, {"pakke": package, **query})
    assert answer.status_code == 200, answer.content
    return read(body(answer))


def test_a_package_is_fetched_as_agreed(machine, medium):
    answer = machine.get(EXPORT, {"pakke": "mellem"})
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/xml; charset=utf-8")
    assert answer.streaming
    people = read(body(answer)).people
    assert {member.person.first_name for member in people} >= {"Esther", "Leif", "Ane"}
    assert all(member.person.birth_date for member in people)
    assert not any(member.person.gender or member.person.email or member.person.cpr for member in people)


def test_what_went_is_recorded_before_its_first_byte_and_after_its_last(machine, medium):
    answer = machine.get(EXPORT, {"pakke": "mellem"})
    chunks = iter(answer.streaming_content)
    next(chunks)
    begun = Fetch.objects.get()
    assert (begun.people, begun.complete) == (0, False)
    people = sum(chunk.count(b"<InstitutionPerson ") for chunk in chunks)
    begun.refresh_from_db()
    assert (begun.people, begun.complete, begun.package, begun.format) == (people, True, "mellem", FetchFormat.XML)
    assert people == 10


def test_an_answer_that_is_broken_off_is_recorded_as_such(connection_kept, machine, medium, nadia):
    answer = machine.get(EXPORT, {"pakke": "mellem"})
    chunks = iter(answer.streaming_content)
    next(chunks)
    next(chunks)
    answer.close()
    fetch = Fetch.objects.get()
    assert not fetch.complete
    assert "afbrudt" in nadia.client().get(f"/tilslutning/aftaler/{medium.pk}/").content.decode()


def test_a_smaller_package_may_be_fetched_and_a_bigger_one_not(machine, medium):
    people = fetched(machine, "lille").people
    assert not any(member.person.birth_date for member in people)
    for package in ("fuld", "fuldmyndighed"):
        answer = machine.get(EXPORT, {"pakke": package})
        assert (answer.status_code, answer.json()["type"]) == (403, "urn:unilogin:problem:no-agreement")
    event = AuditEvent.objects.get(action="api.turned_away")
    assert (event.actor_institution, event.object_id) == ("101001", str(machine.system.pk))


def test_another_institutions_number_is_refused_whether_there_is_such_a_one_or_not(machine, medium, cast):
    answers = [machine.get(f"/api/eksport/v7/{n}", {"pakke": "lille"}) for n in (cast.day_care.number, "999999")]
    assert [answer.status_code for answer in answers] == [403, 403]
    assert answers[0].json() == answers[1].json()
    assert AuditEvent.objects.filter(action="api.turned_away").count() == 2
    assert not Fetch.objects.exists()


def test_another_system_fetches_nothing_by_the_agreement(medium, supplier, sune):
    stranger = machine_of(make_system(supplier, "Et andet"), sune)
    assert stranger.get(EXPORT, {"pakke": "lille"}).status_code == 403


def test_the_end_of_the_agreement_counts_from_the_next_call(machine, medium, nadia):
    assert fetched(machine).people
    services.answer_one(medium, AgreementAction.END, by=nadia.actor)
    assert machine.get(EXPORT, {"pakke": "mellem"}).status_code == 403
    medium.refresh_from_db()
    assert medium.deletion_asked_at  # it has fetched something


@pytest.mark.parametrize("how", ["passive", "unconfirmed", "over"])
def test_an_agreement_that_does_not_count_today_lets_nothing_out(machine, medium, sune, how):
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    assert machine.token
    if how == "passive":
        services.switch_system(machine.system, SystemAction.PASSIVATE, by=sune.actor)
    elif how == "unconfirmed":
        type(medium).objects.update(confirm_by=yesterday)
    else:
        type(medium.terms).objects.update(valid_until=yesterday)
    assert machine.get(EXPORT, {"pakke": "mellem"}).status_code == 403
    assert not Fetch.objects.exists()


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("", "pakke"),
        ("pakke=", "pakke"),
        ("pakke=stor", "pakke"),
        ("pakke=lille&pakke=fuld", "pakke"),
        ("pakke=lille&inkluderCpr=ja", "inkluderCpr"),
        ("pakke=lille&inkluderKlassetrin=11", "inkluderKlassetrin"),
        ("pakke=lille&inkluderCPR=true", "inkluderCPR"),
    ],
)
def test_a_parameter_that_cannot_be_read_is_named(machine, medium, query, parameter):
    answer = machine.get(EXPORT, QueryDict(query))
    assert (answer.status_code, answer.json()["parameter"]) == (400, parameter)


def test_filters_narrow_what_is_fetched(machine, school, agreed):
    agreed(school, package=Package.FULL, ticked=frozenset({"cpr", "contacts"}))
    assert not any(member.person.cpr for member in fetched(machine, "fuld").people)
    assert all(member.person.cpr for member in fetched(machine, "fuld", inkluderCpr="true").people)
    pupils = fetched(machine, "fuld", inkluderMedarbejdere="false", inkluderEksterne="false", inkluderKlassetrin="2")
    assert [member.person.first_name for member in pupils.people] == ["Esther"]


def test_of_which_institutions_one_may_ask(machine, medium, cast, agreed):
    agreed(cast.day_care, package=Package.SMALL, ticked=frozenset())
    answers = {one: machine.get("/api/eksport/v7/dataaftaler", {"pakke": one}) for one in ("lille", "mellem", "fuld")}
    numbers = {one: read_agreements(answer.content)[1] for one, answer in answers.items()}
    assert numbers == {"lille": ("101001", "G12345"), "mellem": ("101001",), "fuld": ()}
    etag = answers["lille"]["ETag"]
    again = machine.get("/api/eksport/v7/dataaftaler", {"pakke": "lille"}, **{"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    assert machine.get("/api/eksport/v7/dataaftaler").status_code == 400
    assert not Fetch.objects.exists()


def test_queries_do_not_grow_with_the_people(machine, medium, django_assert_max_num_queries, cast):
    body(machine.get(EXPORT, {"pakke": "mellem"}))
    people = Person.objects.bulk_create(
        Person(cpr=f"{n}".encode(), first_name="Bo", family_name="Berg", birth_date=dt.date(2016, 1, 1))
        for n in range(120)
    )
    User.objects.bulk_create(
        User(person=one, username=f"boer{n:04d}", uniid=f"boer{n:06d}", state="imported")
        for n, one in enumerate(people)
    )
    group = Group.objects.get(group_id="5A")
    Membership.objects.bulk_create(
        Membership(
            person=one,
            institution=cast.school,
            source="Testsystem",
            local_person_id=f"b{n}",
            kind="student",
            roles=["Elev"],
            level="5",
            main_group=group,
            from_date=timezone.localdate(),
        )
        for n, one in enumerate(people)
    )
    with django_assert_max_num_queries(26):
        answer = machine.get(EXPORT, {"pakke": "mellem"})
        assert len(read(body(answer)).people) > 120

"""Fetching over HTTPS: by agreement and no further, not again while nothing changed, and all of it recorded."""

import datetime as dt

import pytest
import time_machine
from django.core.cache import cache
from django.db.models import Model
from django.http import QueryDict
from django.utils import timezone

from accounts.models import AuditEvent, ContactRelation, Person, User
from dataagreements import fetching, services, tasks
from dataagreements.exports.release import Release
from dataagreements.exports.version import version_of
from dataagreements.exports.ws17 import Export, Filters
from dataagreements.models import ExportVersion, Fetch, FetchFormat
from dataagreements.packages import Field, Package, fields_of
from dataagreements.states import AgreementAction, SystemAction
from institutions.models import Group, ImportSeries, Institution, Membership, MembershipGroup
from tests.agreements import make_system
from tests.dataagreements_ws17.reader import read, read_agreements
from tests.dataagreements_ws17.school import furnish
from tests.machines import machine_of

EXPORT = "/api/eksport/v7/101001"
NOON = dt.datetime(2026, 11, 30, 12, 0, 0, 500_000, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


@pytest.fixture
def school(cast):
    furnish(cast)
    return cast.school


@pytest.fixture
def medium(school, agreed):
    """The school lets Læsebroen fetch Medium, with dates of birth."""
    return agreed(school, package=Package.MEDIUM, ticked=frozenset({"birth_date"}))


def body(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


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


# Once, and not again while nothing changed


def test_what_the_caller_has_is_not_sent_again(machine, medium, cast):
    first = machine.get(EXPORT, {"pakke": "mellem"})
    body(first)
    for headers in ({"If-None-Match": first["ETag"]}, {"If-Modified-Since": first["Last-Modified"]}):
        answer = machine.get(EXPORT, {"pakke": "mellem"}, **headers)
        assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", first["ETag"])
    assert Fetch.objects.count() == 1
    Person.objects.filter(pk=cast.person("esther").pk).update(family_name="Holm-Bang")
    for headers in ({"If-None-Match": first["ETag"]}, {"If-Modified-Since": first["Last-Modified"]}):
        answer = machine.get(EXPORT, {"pakke": "mellem"}, **headers)
        assert (answer.status_code, "Holm-Bang" in body(answer).decode()) == (200, True)
        assert answer["ETag"] != first["ETag"]


def test_changes_within_a_second_are_not_taken_for_one(machine, medium, cast):
    with time_machine.travel(NOON, tick=False):
        machine.given = ""
        seen = set()
        for name in ("Holm", "Bang", "Krogh", "Holm"):
            Person.objects.filter(pk=cast.person("esther").pk).update(family_name=name)
            answer = machine.get(EXPORT, {"pakke": "mellem"})
            body(answer)
            assert answer["Last-Modified"] not in seen
            for since in seen:
                later = machine.get(EXPORT, {"pakke": "mellem"}, **{"If-Modified-Since": since})
                assert later.status_code == 200
            seen.add(answer["Last-Modified"])


def test_packages_and_filters_are_versions_apart(machine, medium):
    answers = [
        machine.get(EXPORT, {"pakke": "mellem"}),
        machine.get(EXPORT, {"pakke": "lille"}),
        machine.get(EXPORT, {"pakke": "mellem", "inkluderElever": "false"}),
    ]
    assert len({answer["ETag"] for answer in answers}) == 3
    assert ExportVersion.objects.count() == 3
    assert machine.get(EXPORT, {"pakke": "lille"}, **{"If-None-Match": answers[0]["ETag"]}).status_code == 200


def test_a_head_says_which_version_there_is_and_sends_nothing(machine, medium):
    etag = machine.get(EXPORT, {"pakke": "mellem"})["ETag"]
    Fetch.objects.all().delete()
    answer = machine.browser.head(f"{EXPORT}?pakke=mellem", headers={"Authorization": f"Bearer {machine.token}"})
    assert (answer.status_code, answer.content, answer["ETag"]) == (200, b"", etag)
    assert not Fetch.objects.exists()


CHANGED = (
    (Institution, "name"),
    *((ImportSeries, name) for name in ("source", "last_source_time", "school_year")),
    *((Group, name) for name in ("group_id", "name", "type", "level", "line", "from_date", "to_date", "ended_at")),
    *((Person, name) for name in ("first_name", "family_name", "protected", "birth_date", "gender", "email")),
    *((Person, name) for name in ("private", "cpr")),
    (User, "uniid"),
    *((Membership, name) for name in ("source", "local_person_id", "roles", "level", "to_date")),
    *((Membership, name) for name in ("main_group_id", "student_number", "short_name", "occupation", "location")),
    *((ContactRelation, name) for name in ("relation", "custody", "access_level", "to_date", "institution")),
    (MembershipGroup, None),
)
OTHER = {
    "last_source_time": NOON,
    "from_date": dt.date(2026, 1, 1),
    "to_date": dt.date(2046, 1, 1),
    "ended_at": NOON,
    "birth_date": dt.date(2001, 1, 1),
    "roles": ["Lærer", "TAP"],
    "level": "7",
    "type": "Hold",
    "relation": "Far",
    "access_level": 1,
    "institution": "101999",
    "gender": "M",
    "main_group_id": None,
    "school_year": "2030-2031",
    "uniid": "aaaaaaaaaa",
}


def other(row: Model, name: str) -> object:
    now = getattr(row, name)
    if name == "private":
        return Person.sealed_private({"photo": "andet.jpg"})
    if name == "cpr":
        return Person.sealed_cpr("6101010000")
    return not now if isinstance(now, bool) else OTHER.get(name, f"{now}x")


@pytest.mark.parametrize(("model", "name"), CHANGED, ids=[f"{m.__name__}.{n}" for m, n in CHANGED])
def test_whatever_changes_the_answer_changes_its_version(school, model, name):
    """Every row of every table that an answer is made of, one column at a time."""
    release = Release(school, Package.FULL_AUTHORITY, fields_of(Package.FULL_AUTHORITY, set(Field)))
    filters, changed = Filters(include_cpr=True), 0
    rows_with_it = model.objects.exclude(level="") if name == "level" else model.objects.all()
    for row in list(rows_with_it):
        answer, version = b"".join(Export(release, filters, NOON)), version_of(release, filters)
        if name is None:
            row.delete()
        else:
            kept = getattr(row, name)
            rows = model.objects.filter(pk=row.pk)
            rows.update(**{name: other(row, name)})
        release = Release(Institution.objects.get(pk=school.pk), release.package, release.fields)
        now, then = b"".join(Export(release, filters, NOON)), version_of(release, filters)
        assert (now == answer) or (then != version)
        changed += now != answer
        if name is not None:
            rows.update(**{name: kept})
    assert changed  # otherwise the row above tries nothing


def test_what_the_agreement_does_not_hold_does_not_change_the_version(school, cast):
    release = Release(school, Package.SMALL, fields_of(Package.SMALL, ()))
    before = version_of(release, Filters())
    Person.objects.update(email="nyt@example.dk", gender="M", private=b"")
    assert version_of(release, Filters()) == before


def test_versions_that_nobody_asks_for_and_old_fetches_are_forgotten(machine, medium):
    body(machine.get(EXPORT, {"pakke": "mellem"}))
    with time_machine.travel(timezone.now() + dt.timedelta(days=80)):
        tasks.forget_old()
        assert (ExportVersion.objects.count(), Fetch.objects.count()) == (1, 1)
    with time_machine.travel(timezone.now() + dt.timedelta(days=100)):
        tasks.forget_old()
        assert (ExportVersion.objects.count(), Fetch.objects.count()) == (0, 1)
    with time_machine.travel(timezone.now() + dt.timedelta(days=6 * 365)):
        tasks.forget_old()
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


# OneRoster

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

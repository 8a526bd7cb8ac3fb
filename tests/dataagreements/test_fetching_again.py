"""What the caller has is not fetched again while nothing changed, and whatever changes is fetched (RFC 9110)."""

import datetime as dt

import pytest
import time_machine
from django.db.models import Model
from django.utils import timezone

from accounts.models import ContactRelation, Person, User
from dataagreements import tasks
from dataagreements.exports.release import Release
from dataagreements.exports.version import version_of
from dataagreements.exports.ws17 import Export, Filters
from dataagreements.models import ExportVersion, Fetch
from dataagreements.packages import Field, Package, fields_of
from institutions.models import Group, ImportSeries, Institution, Membership, MembershipGroup
from tests.machines import body

EXPORT = "/api/eksport/v7/101001"
NOON = dt.datetime(2026, 11, 30, 12, 0, 0, 500_000, tzinfo=dt.UTC)


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

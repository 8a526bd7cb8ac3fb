"""OneRoster: what the names of here become there."""

import datetime as dt
import re

import pytest
import time_machine
from django.utils import timezone

from dataagreements.exports.release import Release
from institutions.models import Group, ImportSeries, Institution, Membership, MembershipGroup, MembershipKind

from ..cast import SOURCE, Cast
from .oneroster import ask, enrich, everything, found, ids, join, membership, one, uniid

pytestmark = pytest.mark.django_db

NUMBER = re.compile(r"[A-Z0-9]{6}")


@pytest.fixture
def releases(cast: Cast) -> list[Release]:
    enrich(cast)
    return everything(cast.school, cast.day_care)


def test_a_school_and_a_day_care_are_schools_below_their_municipality(cast):
    orgs = {org["sourcedId"]: org for org in found("orgs", everything(cast.school, cast.day_care))}
    assert set(orgs) == {"kommune-0101", "101001", "G12345"}
    assert orgs["101001"]["name"] == "Lærkeskolen"
    assert {orgs[number]["type"] for number in ("101001", "G12345")} == {"school"}
    assert orgs["G12345"]["parent"]["sourcedId"] == "kommune-0101"
    assert orgs["kommune-0101"]["type"] == "district"
    assert ids(orgs["kommune-0101"]["children"]) == ["101001", "G12345"]


def test_a_municipality_has_only_released_children_and_is_gone_with_the_last(cast):
    assert ids(one("orgs", everything(cast.school), "kommune-0101")["children"]) == ["101001"]
    Institution.objects.update(municipality=None)
    [org] = found("orgs", everything(cast.school))
    assert "parent" not in org


def test_a_school_year_is_the_one_that_was_delivered_last(cast):
    ImportSeries.objects.create(institution=cast.school, source="Gammelt", school_year="2024-2025")
    ImportSeries.objects.create(institution=cast.school, source=SOURCE, school_year="2025-2026")
    [session] = found("academicSessions", everything(cast.school))
    assert session["sourcedId"] == "2025-2026"
    assert session["title"] == "2025/2026"
    assert (session["startDate"], session["endDate"]) == ("2025-08-01", "2026-08-01")
    assert (session["type"], session["schoolYear"]) == ("schoolYear", "2026")
    assert {term["sourcedId"] for itself in found("classes", everything(cast.school)) for term in itself["terms"]} == {
        "2025-2026"
    }


@pytest.mark.parametrize(
    ("moment", "year"),
    [("2026-07-31T21:59:00Z", "2025-2026"), ("2026-07-31T22:00:00Z", "2026-2027"), ("2027-01-01", "2026-2027")],
)
def test_without_a_delivery_the_school_year_is_that_of_the_day_in_denmark(moment, year, cast):
    now = dt.datetime.fromisoformat(moment).replace(tzinfo=dt.UTC)
    answered = ask("academicSessions", everything(cast.school), now=now)
    assert ids(answered.body["academicSessions"]) == [year]


def test_institutions_in_different_school_years_have_a_session_each(cast):
    ImportSeries.objects.create(institution=cast.school, source=SOURCE, school_year="2025-2026")
    ImportSeries.objects.create(institution=cast.day_care, source=SOURCE, school_year="2026-2027")
    releases = everything(cast.school, cast.day_care)
    assert ids(found("academicSessions", releases)) == ["2025-2026", "2026-2027"]
    assert ids(found("classes", releases, filter="terms.sourcedId='2026-2027'")) == ids(
        found("classes", releases, filter="school.sourcedId='G12345'")
    )


def test_a_main_group_is_a_homeroom_and_every_other_group_is_scheduled(releases):
    classes = {itself["classCode"]: itself for itself in found("classes", releases)}
    assert set(classes) == {"2A", "5A", "9B", "Solen", "Skak", "Dansklærere"}
    assert {code for code, itself in classes.items() if itself["classType"] == "homeroom"} == {
        "2A",
        "5A",
        "9B",
        "Solen",
    }
    assert classes["2A"]["grades"] == ["2"]
    assert classes["Solen"]["grades"] == ["DT"]
    assert "grades" not in classes["Skak"]
    assert classes["Skak"]["title"] == "Skak (navn)"
    assert classes["Skak"]["course"]["sourcedId"] == "101001:scheduled"


def test_a_group_that_ended_or_that_nobody_is_in_any_more_is_no_class(cast, releases):
    Membership.objects.filter(pk=membership(cast, "sofie").pk).update(to_date=timezone.localdate())
    MembershipGroup.objects.filter(membership=membership(cast, "bo")).delete()
    assert {itself["classCode"] for itself in found("classes", releases)}.isdisjoint({"9B", "Sidste år", "Tom"})


def test_a_class_and_an_enrollment_keep_their_ids_when_their_rows_are_made_anew(cast, releases):
    before = {name: ids(found(name, releases)) for name in ("classes", "enrollments")}
    held = membership(cast, "esther")
    old = Group.objects.get(group_id="2A")
    Group.objects.filter(pk=old.pk).update(source="et øjeblik")
    new = Group.objects.create(
        institution=cast.school, source=SOURCE, group_id="2A", name="2. A", type=old.type, level="2"
    )
    Membership.objects.filter(main_group=old).update(main_group=new)
    MembershipGroup.objects.filter(group=old).update(group=new)
    Membership.objects.filter(pk=held.pk).update(local_person_id="et nyt")
    after = {name: ids(found(name, releases)) for name in ("classes", "enrollments")}
    assert {name: sorted(held) for name, held in before.items()} == {name: sorted(held) for name, held in after.items()}


def test_an_id_tells_neither_name_nor_row(cast, releases):
    for name in ("classes", "enrollments"):
        for itself in found(name, releases):
            number, _, hashed = itself["sourcedId"].partition(":")
            assert NUMBER.fullmatch(number)
            assert re.fullmatch(r"[0-9a-f]{20}", hashed)


def test_everybody_in_a_group_is_enrolled_once(cast, releases):
    enrolled = sorted(
        (itself["user"]["sourcedId"], itself["class"]["sourcedId"]) for itself in found("enrollments", releases)
    )
    code = {itself["sourcedId"]: itself["classCode"] for itself in found("classes", releases)}
    expected = {
        "2A": ("esther", "tove"),
        "5A": ("emil", "tove"),
        "9B": ("sofie", "bo"),
        "Solen": ("viggo",),
        "Skak": ("esther", "sofie"),
        "Dansklærere": ("tove", "leif"),
    }
    assert sorted((user, code[class_id]) for user, class_id in enrolled) == sorted(
        (uniid(cast, name), group) for group, names in expected.items() for name in names
    )


def test_pupils_are_enrolled_as_students_and_all_others_as_teachers(cast, releases):
    roles = {itself["user"]["sourcedId"]: itself["role"] for itself in found("enrollments", releases)}
    assert {name: roles[uniid(cast, name)] for name in ("esther", "viggo", "tove", "leif")} == {
        "esther": "student",
        "viggo": "student",
        "tove": "teacher",
        "leif": "teacher",
    }


@pytest.mark.parametrize(
    ("name", "roles"),
    [
        (
            "mette",
            [("101001", "primary", "teacher"), ("101001", "secondary", "parent"), ("G12345", "primary", "parent")],
        ),
        ("esther", [("101001", "primary", "student")]),
        ("viggo", [("G12345", "primary", "student")]),
        ("anna", [("101001", "primary", "relative")]),
        ("karim", [("G12345", "primary", "teacher")]),
        ("leif", [("101001", "primary", "principal"), ("101001", "secondary", "teacher")]),
        ("liv", [("101001", "primary", "aide")]),
        ("vera", [("101001", "primary", "teacher")]),
    ],
)
def test_a_user_has_each_role_once_and_one_primary_role_in_each_org(name, roles, cast, releases):
    told = one("users", releases, uniid(cast, name))["roles"]
    assert [(role["org"]["sourcedId"], role["roleType"], role["role"]) for role in told] == roles


def test_a_pupil_has_the_trin_as_it_is_and_an_employee_none(cast, releases):
    assert one("users", releases, uniid(cast, "viggo"))["grades"] == ["DT"]
    assert "grades" not in one("users", releases, uniid(cast, "tove"))


def test_a_pupil_and_the_contact_persons_point_at_each_other(cast, releases):
    esther, mette = one("users", releases, uniid(cast, "esther")), one("users", releases, uniid(cast, "mette"))
    assert set(ids(esther["agents"])) == {uniid(cast, "mette"), uniid(cast, "anna")}
    assert set(ids(mette["agents"])) == {uniid(cast, "esther"), uniid(cast, "viggo")}


def test_the_first_institution_of_somebody_in_two_is_the_primary_one(cast):
    join(cast.person("tove"), cast.day_care, MembershipKind.EMPLOYEE, "Vikar")
    told = one("users", everything(cast.day_care, cast.school), uniid(cast, "tove"))
    assert told["primaryOrg"]["sourcedId"] == "101001"
    assert [role["org"]["sourcedId"] for role in told["roles"]] == ["101001", "G12345"]


def test_a_pupil_who_is_employed_too_is_one_user_with_both_roles(cast):
    join(cast.person("sofie"), cast.school, MembershipKind.EMPLOYEE, "TAP")
    told = one("users", everything(cast.school), uniid(cast, "sofie"))
    assert [(role["roleType"], role["role"]) for role in told["roles"]] == [
        ("primary", "student"),
        ("secondary", "aide"),
    ]


def test_what_was_changed_last_is_when_people_were_loaded_and_else_when_the_register_was(cast):
    moment = dt.datetime(2026, 9, 3, 2, 30, 0, 123456, tzinfo=dt.UTC)
    Institution.objects.update(updated_at=dt.datetime(2026, 8, 1, tzinfo=dt.UTC))
    ImportSeries.objects.create(institution=cast.school, source="Gammelt", last_loaded_at=moment - dt.timedelta(days=9))
    ImportSeries.objects.create(institution=cast.school, source=SOURCE, last_loaded_at=moment)
    ImportSeries.objects.create(institution=cast.school, source="Aldrig")
    releases = everything(cast.school, cast.day_care)
    loaded, registered = "2026-09-03T02:30:00.123456Z", "2026-08-01T00:00:00.000000Z"
    for name, at_school, elsewhere in (("users", "tove", "karim"), ("demographics", "tove", "viggo")):
        assert one(name, releases, uniid(cast, at_school))["dateLastModified"] == loaded
        assert one(name, releases, uniid(cast, elsewhere))["dateLastModified"] == registered
    # A mother who is employed at one and whose child is at the other has what is newest.
    assert one("users", releases, uniid(cast, "mette"))["dateLastModified"] == loaded
    assert {
        itself["dateLastModified"] for itself in found("classes", releases, filter="school.sourcedId='101001'")
    } == {loaded}
    assert one("orgs", releases, "kommune-0101")["dateLastModified"] == loaded
    assert one("orgs", releases, "G12345")["dateLastModified"] == registered


def test_a_school_whose_name_changed_is_found_by_who_asks_for_what_changed(cast):
    ImportSeries.objects.create(
        institution=cast.school, source=SOURCE, last_loaded_at=dt.datetime(2026, 9, 1, tzinfo=dt.UTC)
    )
    Institution.objects.update(updated_at=dt.datetime(2026, 10, 1, tzinfo=dt.UTC))
    changed = found("orgs", everything(cast.school), filter="dateLastModified>'2026-09-15'")
    assert ids(changed) == ["kommune-0101", "101001"]


def test_bookkeeping_counts_everybody_who_is_named_and_the_institutions_told_of(cast, releases):
    esther = ask("users", releases, sourced_id=uniid(cast, "esther"))
    assert esther.told == {cast.school.pk: 3}  # she, mette and anna
    whole = ask("users", releases)
    # nine and anna, and viggo as a child of mette's; karim and viggo, mette and her other child
    assert whole.told == {cast.school.pk: 11, cast.day_care.pk: 4}
    pupils = ask("enrollments", releases, {"filter": "class.sourcedId~'G12345'"})
    assert pupils.told == {cast.day_care.pk: 1}
    assert ask("demographics", releases).told == {cast.school.pk: 9, cast.day_care.pk: 2}
    assert [sum(ask(name, releases).told.values()) for name in ("orgs", "academicSessions", "courses", "classes")] == [
        0
    ] * 4


def test_what_is_answered_does_not_depend_on_the_clock(cast):
    ImportSeries.objects.create(institution=cast.school, source=SOURCE, school_year="2025-2026")
    now = timezone.now()
    first = ask("academicSessions", everything(cast.day_care), now=now).body
    with time_machine.travel(now + dt.timedelta(days=800)):
        assert ask("academicSessions", everything(cast.day_care), now=now).body == first

"""OneRoster: what was not agreed does not leave, by whatever way it is asked for."""

import json
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import ContactRelation, Person
from dataagreements.exports.release import Release
from dataagreements.packages import Field, Package
from institutions.models import Group, GroupType, Institution, Membership, MembershipGroup, MembershipKind

from ..cast import CPR, MEMBERS, SOURCE, Cast
from .oneroster import NAMES, ask, enrich, everything, found, ids, join, membership, one, refs, release, uniid

pytestmark = pytest.mark.django_db

OPERATORS = ("=", "!=", ">", ">=", "<", "<=", "~")


@pytest.fixture
def rich(cast: Cast) -> Cast:
    """The cast, with something in every field; sofie's phone and address are known too."""
    enrich(cast)
    secrets = {"HomePhoneNumber": ["33445566", False], "address": {"StreetAddress": "Hemmelig Vej 9"}}
    Person.objects.filter(user=cast["sofie"]).update(private=Person.sealed_private(secrets))
    return cast


def everything_that_is_told(releases: list[Release]) -> str:
    return "".join(json.dumps(ask(name, releases, {"limit": "10000"}).body, ensure_ascii=False) for name in NAMES)


def somewhere_else(cast: Cast, institution: Institution) -> Membership:
    """Put ida into a class of another school, with karim, who leads it, and a contact person of hers."""
    group = Group.objects.create(
        institution=institution, source=SOURCE, group_id="7X", name="7X", type=GroupType.MAIN, level="7"
    )
    held = join(cast.person("ida"), institution, MembershipKind.STUDENT, "Elev", main_group=group, level="7")
    MembershipGroup.objects.create(membership=membership(cast, "karim", institution), group=group)
    relate(cast, "vera", "ida", institution)
    return held


def relate(cast: Cast, contact: str, child: str, institution: Institution, relation: str = "Far") -> ContactRelation:
    return ContactRelation.objects.create(
        child=cast.person(child),
        contact=cast.person(contact),
        institution=institution.number,
        source=SOURCE,
        relation=relation,
        custody=True,
        access_level=2,
        from_date=timezone.localdate(),
    )


@pytest.mark.parametrize(
    ("field", "key", "sample"),
    [
        (Field.EMAIL, "email", "@example.dk"),
        (Field.CONTACTS, "agents", "Krogh"),
        (Field.BIRTH_DATE, "birthDate", "birthDate"),
        (Field.GENDER, "sex", "female"),
    ],
)
def test_a_field_is_told_where_it_is_agreed_and_nowhere_else(field, key, sample, rich):
    without = [release(place, *(set(Field) - {field})) for place in (rich.school, rich.day_care)]
    only = [release(place, field) for place in (rich.school, rich.day_care)]
    assert f'"{key}"' not in everything_that_is_told(without)
    assert sample not in everything_that_is_told(without)
    assert f'"{key}"' in everything_that_is_told(only)
    assert sample in everything_that_is_told(only)


def test_the_local_id_is_not_told_by_the_small_package(rich):
    Membership.objects.filter(person=rich.person("tove")).update(local_person_id="lokalt-id-7")
    small = [release(rich.school, package=Package.SMALL)]
    assert "identifier" not in one("users", small, uniid(rich, "tove"))
    assert "lokalt-id-7" not in everything_that_is_told(small)
    assert one("users", [release(rich.school)], uniid(rich, "tove"))["identifier"] == "lokalt-id-7"


def test_a_local_id_that_was_a_cpr_number_is_not_told(rich):
    Membership.objects.filter(person=rich.person("tove")).update(local_person_id="cpr:00112233445566778899")
    assert "identifier" not in one("users", everything(rich.school), uniid(rich, "tove"))
    assert found("users", everything(rich.school), filter="identifier~'cpr:'") == []


def test_what_was_not_agreed_cannot_be_found_out_by_a_filter(rich):
    bare = [release(rich.school, package=Package.SMALL), release(rich.day_care, package=Package.SMALL)]
    for wanted in ("email~'@'", "email>'a'", "email='mette@example.dk'", "identifier='mette'", "identifier>'a'"):
        assert found("users", bare, filter=wanted) == []
    assert found("users", bare, filter="roles.role='parent'") == []
    assert found("users", bare, filter=f"agents.sourcedId='{uniid(rich, 'esther')}'") == []
    with_gender = [release(rich.school, Field.GENDER)]
    assert found("demographics", with_gender, filter="birthDate>'1900-01-01'") == []
    with_birth = [release(rich.school, Field.BIRTH_DATE)]
    assert found("demographics", with_birth, filter="sex='female'") == []


def test_what_was_not_agreed_cannot_be_found_out_by_an_order(rich):
    bare = [release(rich.school, package=Package.SMALL)]
    plain = ids(found("users", bare))
    for field in ("email", "identifier"):
        assert ids(found("users", bare, sort=field)) == plain
        assert ids(found("users", bare, sort=field, orderBy="desc")) == plain
    with_gender = [release(rich.school, Field.GENDER)]
    plain = ids(found("demographics", with_gender))
    assert ids(found("demographics", with_gender, sort="birthDate", orderBy="desc")) == plain


def test_neither_log_in_names_nor_cpr_numbers_nor_phones_nor_addresses_leave(rich):
    told = everything_that_is_told([release(place, *Field) for place in (rich.school, rich.day_care)])
    for name, member in MEMBERS.items():
        assert member.username not in told
        assert CPR[name] not in told
    for secret in ("33445566", "Hemmelig", "phone", "sms", "metadata", "password"):
        assert secret not in told


def test_a_protected_person_is_known_by_the_alias_only(rich):
    releases = [release(rich.school, *Field, package=Package.FULL_AUTHORITY)]
    Person.objects.filter(user=rich["liv"]).update(email="")
    liv = one("users", releases, uniid(rich, "liv"))
    assert (liv["givenName"], liv["familyName"]) == ("Ane", "Bech")
    told = everything_that_is_told(releases)
    assert "Liv" not in told
    assert "Skov" not in told
    assert found("users", releases, filter="familyName='Skov'") == []


def test_of_a_protected_person_birth_date_and_sex_are_told_where_agreed_and_no_more(rich):
    liv = one("demographics", everything(rich.school), uniid(rich, "liv"))
    assert set(liv) == {"sourcedId", "status", "dateLastModified", "birthDate", "sex"}


def test_demographics_hold_nobody_where_neither_of_the_two_is_agreed(rich):
    assert found("demographics", [release(rich.school, Field.EMAIL, Field.CONTACTS)]) == []
    mixed = [release(rich.school, Field.GENDER), release(rich.day_care, Field.EMAIL)]
    held = ids(found("demographics", mixed))
    assert uniid(rich, "esther") in held
    assert uniid(rich, "viggo") not in held
    assert ask("demographics", mixed, sourced_id=uniid(rich, "viggo")).status == 404


def test_contact_persons_are_there_with_name_role_and_child_only(rich):
    anna = one("users", everything(rich.school), uniid(rich, "anna"))
    always = {"sourcedId", "status", "dateLastModified", "username", "enabledUser", "givenName", "familyName"}
    assert set(anna) == always | {"roles", "primaryOrg", "agents", "email"}
    assert ids(anna["agents"]) == [uniid(rich, "esther")]
    assert ask("demographics", everything(rich.school), sourced_id=uniid(rich, "anna")).status == 404
    without_email = [release(rich.school, Field.CONTACTS)]
    assert set(one("users", without_email, uniid(rich, "anna"))) == always | {"roles", "primaryOrg", "agents"}


def test_contact_persons_are_nowhere_without_an_agreement_on_them(rich):
    releases = [release(rich.school, *(set(Field) - {Field.CONTACTS})), release(rich.day_care, Field.CONTACTS)]
    assert ask("users", releases, sourced_id=uniid(rich, "anna")).status == 404
    assert uniid(rich, "anna") not in everything_that_is_told(releases)
    mette = one("users", releases, uniid(rich, "mette"))
    assert [(role["org"]["sourcedId"], role["role"]) for role in mette["roles"]] == [
        ("101001", "teacher"),
        ("G12345", "parent"),
    ]
    assert ids(mette["agents"]) == [uniid(rich, "viggo")]
    assert "agents" not in one("users", releases, uniid(rich, "esther"))


def test_the_email_of_a_contact_person_needs_both_agreements_of_one_institution(rich):
    ContactRelation.objects.filter(child=rich.person("viggo")).update(contact=rich.person("anna"))
    releases = [release(rich.day_care, Field.CONTACTS), release(rich.school, Field.EMAIL)]
    assert "email" not in one("users", releases, uniid(rich, "anna"))
    assert found("users", releases, filter="email~'anna'") == []
    both = [release(rich.day_care, Field.CONTACTS, Field.EMAIL)]
    assert one("users", both, uniid(rich, "anna"))["email"] == "anna@example.dk"


@pytest.mark.parametrize("change", ["relation ended", "child left", "child became an employee"])
def test_a_contact_person_is_one_while_the_child_is_a_pupil_there(change, rich):
    today = timezone.localdate()
    if change == "relation ended":
        ContactRelation.objects.filter(contact=rich.person("anna")).update(to_date=today)
    elif change == "child left":
        Membership.objects.filter(person=rich.person("esther")).update(to_date=today)
    else:
        Membership.objects.filter(person=rich.person("esther")).update(
            kind=MembershipKind.EMPLOYEE, roles=["TAP"], level="", main_group=None
        )
    releases = everything(rich.school, rich.day_care)
    assert ask("users", releases, sourced_id=uniid(rich, "anna")).status == 404
    assert uniid(rich, "anna") not in everything_that_is_told(releases)


def test_who_belongs_to_two_institutions_has_what_one_of_the_agreements_holds(rich):
    join(rich.person("karim"), rich.school, MembershipKind.EMPLOYEE, "Vikar", local_person_id="karim på skolen")
    with_email, without = release(rich.school, Field.EMAIL, package=Package.MEDIUM), release(rich.day_care)
    karim = one("users", [with_email, without], uniid(rich, "karim"))
    assert karim["email"] == "karim@example.dk"
    assert karim["identifier"] == "karim"
    assert [role["org"]["sourcedId"] for role in karim["roles"]] == ["G12345", "101001"]
    assert "email" not in one("users", [without], uniid(rich, "karim"))
    small = release(rich.day_care, package=Package.SMALL)
    assert one("users", [with_email, small], uniid(rich, "karim"))["identifier"] == "karim på skolen"


def test_nobody_of_another_institution_is_there_by_any_way(rich, elsewhere):
    held = somewhere_else(rich, elsewhere)
    releases = everything(rich.school, rich.day_care)
    there = everything(elsewhere)
    secret_ids = {
        "orgs": [elsewhere.number],
        "courses": [f"{elsewhere.number}:homeroom"],
        "classes": ids(found("classes", there)),
        "enrollments": ids(found("enrollments", there)),
        "users": [held.person.user.uniid],
        "demographics": [held.person.user.uniid],
    }
    told = everything_that_is_told(releases)
    for name, sourced_ids in secret_ids.items():
        assert sourced_ids
        for sourced_id in sourced_ids:
            assert ask(name, there, sourced_id=sourced_id).status == 200
            refused = ask(name, releases, sourced_id=sourced_id)
            assert (refused.status, refused.told) == (404, {})
            assert sourced_id not in told
            assert found(name, releases, filter=f"sourcedId='{sourced_id}'") == []
    assert elsewhere.number not in told


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("orgs", "identifier"),
        ("courses", "org.sourcedId"),
        ("classes", "school.sourcedId"),
        ("enrollments", "school.sourcedId"),
        ("users", "roles.org.sourcedId"),
        ("users", "primaryOrg.sourcedId"),
    ],
)
def test_another_institution_is_not_found_by_a_filter(name, field, rich, elsewhere):
    somewhere_else(rich, elsewhere)
    releases = everything(rich.school, rich.day_care)
    for operator in ("=", "~"):
        assert found(name, releases, filter=f"{field}{operator}'{elsewhere.number}'") == []
    everybody = ids(found(name, releases))
    for operator in OPERATORS:
        assert set(ids(found(name, releases, filter=f"{field}{operator}'{elsewhere.number}'"))) <= set(everybody)
    assert found("users", releases, filter="grades='7'") == []
    assert found("users", releases, filter="roles.role='principal'") == [one("users", releases, uniid(rich, "leif"))]


def test_somebody_who_is_elsewhere_too_has_only_what_is_of_here(rich, elsewhere):
    karim = one("users", everything(rich.day_care), uniid(rich, "karim"))
    assert ids(refs(karim["roles"])) == ["G12345"]
    Membership.objects.filter(person=rich.person("karim")).update(is_primary=False)
    Membership.objects.filter(person=rich.person("karim"), institution=elsewhere).update(is_primary=True)
    assert one("users", everything(rich.day_care), uniid(rich, "karim")) == karim


def test_who_left_is_gone(rich):
    releases = everything(rich.school)
    assert ask("users", releases, sourced_id=uniid(rich, "ida")).status == 404
    assert uniid(rich, "ida") not in everything_that_is_told(releases)


def test_a_refusal_repeats_no_more_than_a_little_of_what_was_asked(rich):
    long = "x" * 480
    for query in ({"fields": long}, {"sort": long}, {"filter": f"{long}='1'"}, {"filter": long}):
        assert len(json.dumps(ask("users", everything(rich.school), query).body)) < 500


def test_an_id_that_is_not_released_looks_as_one_that_does_not_exist(rich, elsewhere):
    somewhere_else(rich, elsewhere)
    bodies: list[Any] = [
        ask("users", everything(rich.school), sourced_id=sourced_id).body
        for sourced_id in (uniid(rich, "ida"), "0000000000", "", "\0", "x" * 9_999, "\ud800")
    ]
    assert all(body == bodies[0] for body in bodies)

"""What is let out of whom: by package, by the fields of the agreement, by the filters, and of protected people."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.models import ContactRelation, Person
from dataagreements.exports.release import Release
from dataagreements.exports.ws17 import Export, Filters
from dataagreements.packages import ALWAYS, OPTIONAL, Field, Package
from institutions.models import Institution, Membership
from tests.cast import CPR, SOURCE, Cast

from .conftest import EVERYTHING, NOW, WITH_CPR
from .reader import Answer, Contact, InstitutionPerson, read
from .school import OTHER_SOURCE, tie, user_id

PACKAGES = list(Package)
WITH_CONTACTS = [Package.FULL, Package.FULL_AUTHORITY]
# Everything by which a field could be recognised in the bytes: names of its elements, and what the school has in it.
TRACES: dict[Field, tuple[str, ...]] = {
    Field.LOCAL_ID: ("LocalPersonId", "kursist-1"),
    Field.BIRTH_DATE: ("BirthDate", "1980-03-"),
    Field.GENDER: ("Gender",),
    Field.EMAIL: ("EmailAddress", "example.dk"),
    Field.PHOTO_ID: ("PhotoId", ".jpg"),
    Field.CPR: ("CivilRegistration", *CPR.values()),
    Field.ADDRESS: ("Address>", "PostalCode", "Nørregade", "Hemmelig", "Skjulested"),
    Field.PHONES: ("PhoneNumber", "3311000"),
    Field.CONTACTS: ("ContactPerson", "childCustody", user_id("anna"), "Strand"),
    Field.REGISTERED_NAME: ("AliasF", "Liv<", "Skov<", "Krogh"),
}
CHOICES = [(package, field) for package in PACKAGES for field in sorted(OPTIONAL[package])]


def traces(data: bytes, field: Field) -> list[str]:
    # An address of mail has a name that ends like that of an address.
    text = data.decode().replace("EmailAddress>", "EmailAddress ")
    return [trace for trace in TRACES[field] if trace in text]


def everybodys_contacts(found: Answer, name: str) -> list[Contact]:
    return list(found.of(user_id(name)).role.contacts)


@pytest.mark.parametrize(("package", "field"), CHOICES)
def test_a_field_that_is_not_agreed_leaves_no_trace_in_the_answer(school, answer, package, field):
    assert traces(answer(package), field)
    without = answer(package, OPTIONAL[package] - {field})
    assert not traces(without, field)
    for other in OPTIONAL[package] - {field}:
        assert traces(without, other), other


@pytest.mark.parametrize("package", PACKAGES)
def test_an_agreement_without_any_choice_passes_on_only_what_the_package_always_holds(school, answer, package):
    data = answer(package, ())
    read(data)
    assert {field for field in TRACES if traces(data, field)} == ALWAYS[package] & set(TRACES)


@pytest.mark.parametrize("package", PACKAGES)
def test_what_a_package_cannot_hold_is_not_passed_on_whatever_the_release_says(school, package):
    data = b"".join(Export(Release(school.school, package, EVERYTHING), WITH_CPR, NOW))
    read(data)
    held = ALWAYS[package] | OPTIONAL[package]
    assert {field for field in TRACES if traces(data, field)} == held & set(TRACES)


@pytest.mark.parametrize("package", PACKAGES)
def test_a_cpr_number_is_passed_on_where_it_is_agreed_and_asked_for_and_never_else(school, answer, package):
    agreed, asked = EVERYTHING, Filters(include_cpr=True)
    not_agreed, not_asked = EVERYTHING - {Field.CPR}, Filters()
    assert bool(traces(answer(package, agreed, asked), Field.CPR)) == (package != Package.SMALL)
    for ticked, filters in ((agreed, not_asked), (not_agreed, asked), (not_agreed, not_asked)):
        assert not traces(answer(package, ticked, filters), Field.CPR)


def test_a_protected_persons_cpr_number_is_not_in_the_medium_package(school, answer):
    data = answer(Package.MEDIUM)
    assert CPR["liv"].encode() not in data
    assert read(data).of(user_id("liv")).person.cpr_type is None
    assert read(data).of(user_id("leif")).person.cpr == CPR["leif"]
    assert read(answer(Package.FULL)).of(user_id("liv")).person.cpr == CPR["liv"]


@pytest.mark.parametrize("package", PACKAGES)
def test_a_protected_person_goes_by_the_alias_wherever_the_registered_name_is_not_agreed(school, answer, package):
    data = answer(package, EVERYTHING - {Field.REGISTERED_NAME})
    liv = read(data).of(user_id("liv")).person
    assert (liv.first_name, liv.family_name, liv.alias_first_name) == ("Ane", "Bech", None)
    assert not traces(data, Field.REGISTERED_NAME)


@pytest.mark.parametrize("package", [Package.SMALL, Package.MEDIUM, Package.FULL])
def test_only_authorities_are_told_a_registered_name(school, package):
    data = b"".join(Export(Release(school.school, package, EVERYTHING), WITH_CPR, NOW))
    assert not traces(data, Field.REGISTERED_NAME)


def test_a_registered_name_that_protection_has_left_behind_is_told_to_nobody(school, answer):
    Person.objects.filter(pk=school.person("liv").pk).update(protected=False)
    data = answer(Package.FULL_AUTHORITY)
    assert read(data).of(user_id("liv")).person.first_name == "Ane"
    assert b"Skov<" not in data


def test_who_is_protected_without_a_registered_name_goes_by_the_alias_alone(school, answer):
    Person.objects.filter(pk=school.person("liv").pk).update(private=b"")
    liv = read(answer(Package.FULL_AUTHORITY)).of(user_id("liv")).person
    assert (liv.first_name, liv.family_name, liv.alias_first_name, liv.protected) == ("Ane", "Bech", None, True)


def test_a_protected_persons_address_and_telephones_are_only_for_authorities(school, answer):
    hidden = [b"Hemmelig", b"9999", b"33110005", b"33110006", b"Skjulested", b"33110004"]
    full, authority = answer(Package.FULL), answer(Package.FULL_AUTHORITY)
    assert not [text for text in hidden if text in full]
    assert [text for text in hidden if text in authority] == hidden
    liv = read(authority).of(user_id("liv")).person
    assert (liv.home.protected, liv.work.protected) == (True, True)
    assert read(full).of(user_id("liv")).person.protected is True


def test_a_telephone_that_is_protected_by_itself_is_only_for_authorities(school, answer):
    full, authority = (read(answer(package)).of(user_id("esther")).person for package in WITH_CONTACTS)
    assert (full.home, full.mobile.number) == (None, "33110002")
    assert (authority.home.number, authority.home.protected, authority.mobile.protected) == ("33110001", True, False)


@pytest.mark.parametrize("package", WITH_CONTACTS)
def test_contact_persons_are_left_out_by_the_agreement_or_by_the_filter(school, answer, package):
    assert len(everybodys_contacts(read(answer(package)), "esther")) == 2
    for data in (
        answer(package, EVERYTHING - {Field.CONTACTS}),
        answer(package, EVERYTHING, Filters(include_contacts=False)),
    ):
        assert not traces(data, Field.CONTACTS)


def test_a_contact_person_is_said_as_the_package_says_people(school, answer):
    without = read(answer(Package.FULL, EVERYTHING - {Field.PHONES, Field.BIRTH_DATE}, Filters()))
    mette, anna = (contact.person for contact in everybodys_contacts(without, "esther"))
    assert (mette.user_id, mette.address, mette.email) == (
        user_id("mette"),
        (("PostalCode", "2200"),),
        "mette@example.dk",
    )
    assert (mette.cpr, mette.work, mette.birth_date) == (None, None, None)
    assert (anna.first_name, anna.protected, anna.address) == ("Sol", True, None)


def relation(school: Cast, **facts: object) -> ContactRelation:
    return ContactRelation.objects.create(
        **{
            "child": school.person("sofie"),
            "contact": school.person("ida"),
            "institution": school.school.number,
            "source": SOURCE,
            "relation": "Officielt tilknyttet person",
            "custody": False,
            "access_level": 1,
            "from_date": timezone.localdate(),
            **facts,
        }
    )


def test_a_contact_person_whom_only_another_institution_reports_is_not_let_out(school, answer):
    elsewhere = relation(school, institution=school.day_care.number)
    data = answer(Package.FULL_AUTHORITY)
    assert user_id("ida").encode() not in data
    assert not everybodys_contacts(read(data), "sofie")
    ContactRelation.objects.filter(pk=elsewhere.pk).update(institution=school.school.number)
    [contact] = everybodys_contacts(read(answer(Package.FULL_AUTHORITY)), "sofie")
    assert (contact.relation, contact.access_level) == ("Officielt tilknyttet person", 1)


def test_a_contact_person_of_before_is_not_let_out(school, answer):
    relation(school, to_date=timezone.localdate())
    data = answer(Package.FULL)
    assert user_id("ida").encode() not in data


@pytest.mark.parametrize("order", [(OTHER_SOURCE, SOURCE), (SOURCE, OTHER_SOURCE)])
def test_of_two_systems_reports_on_a_contact_person_that_of_the_pupils_own_counts(school, answer, order):
    for source in order:
        relation(school, source=source, custody=source == SOURCE)
    [contact] = everybodys_contacts(read(answer(Package.FULL)), "sofie")
    assert contact.custody is True
    relation(school, source=OTHER_SOURCE, contact=school.person("karim"))
    assert len(everybodys_contacts(read(answer(Package.FULL)), "sofie")) == 2


def test_a_contact_person_stands_with_the_pupil_and_not_with_the_teacher_who_is_the_same_person(school, answer):
    relation(school, child=school.person("bo"))
    ties = {
        type(one.role).__name__: one for one in read(answer(Package.FULL)).people if one.person.user_id == user_id("bo")
    }
    assert set(ties) == {"Employee", "Student"}
    assert len(ties["Student"].role.contacts) == 1


@pytest.mark.parametrize("package", PACKAGES)
def test_who_has_left_or_belongs_elsewhere_is_not_let_out(school, answer, package):
    data = answer(package)
    for name in ("ida", "karim", "viggo"):
        assert user_id(name).encode() not in data
    Membership.objects.filter(person=school.person("sofie")).update(to_date=timezone.localdate() + dt.timedelta(days=9))
    assert user_id("sofie").encode() not in answer(package)


@pytest.mark.parametrize("package", PACKAGES)
def test_an_institution_gets_its_own_people_only(school, package):
    day_care: Institution = school.day_care
    found = read(b"".join(Export(Release(day_care, package, ALWAYS[package]), WITH_CPR, NOW)))
    assert {one.person.user_id for one in found.people} == {user_id("karim"), user_id("viggo")}
    assert [group.group_id for group in found.groups] == ["Solen"]


def users(found: Answer, kind: str) -> set[str]:
    return {one.person.user_id for one in found.people if kind_of(one) == kind}


def kind_of(one: InstitutionPerson) -> str:
    return type(one.role).__name__


@pytest.mark.parametrize("package", PACKAGES)
@pytest.mark.parametrize(
    ("filters", "kinds"),
    [
        (Filters(include_students=False), {"Employee", "Extern"}),
        (Filters(include_employees=False), {"Student", "Extern"}),
        (Filters(include_externals=False), {"Student", "Employee"}),
        (Filters(include_students=False, include_employees=False, include_externals=False), set()),
    ],
)
def test_a_kind_of_people_can_be_left_out(school, answer, package, filters, kinds):
    assert {kind_of(one) for one in read(answer(package, EVERYTHING, filters)).people} == kinds


@pytest.mark.parametrize("package", PACKAGES)
def test_levels_narrow_the_pupils_and_nobody_else(school, answer, package):
    every = read(answer(package))
    some = read(answer(package, EVERYTHING, Filters(levels=frozenset({"2", "VU", "10"}))))
    assert users(some, "Student") == {user_id("esther"), user_id("bo")}
    for kind in ("Employee", "Extern"):
        assert users(some, kind) == users(every, kind)


def test_nothing_of_a_pupil_whose_level_is_not_asked_for_is_in_the_answer(school, answer):
    data = answer(Package.FULL_AUTHORITY, EVERYTHING, Filters(levels=frozenset({"9"})))
    assert not [name for name in ("esther", "anna", "emil") if user_id(name).encode() in data]
    assert tie(school, "esther").get().level == "2"

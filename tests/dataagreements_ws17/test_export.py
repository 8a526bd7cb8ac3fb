"""What ws17 answers: read by a reader that knows only the format, it is what the database says."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from lxml import etree

from accounts.models import Person, User
from dataagreements.exports.release import Release
from dataagreements.exports.ws17 import Export, Filters, agreements_xml, root_name
from dataagreements.packages import Field, Package
from institutions.models import Group, ImportSeries, Membership
from tests.cast import CPR, MEMBERS, SOURCE
from tests.institutions import deliveries
from tests.institutions.conftest import load_bytes, make_institutions

from .conftest import EVERYTHING, NOW, WITH_CPR, export_of
from .reader import (
    Contact,
    Employee,
    Extern,
    InstitutionPerson,
    Phone,
    Source,
    Student,
    read,
    read_agreements,
)
from .reader import Group as ReadGroup
from .reader import Person as ReadPerson
from .school import ADDRESS, LOADED_AT, OTHER_SOURCE, birth_date, tie, user_id

PACKAGES = list(Package)
BY_HAND = "HUGO Brugeradministrationen"


def plain(name: str, **more: object) -> ReadPerson:
    """Return somebody of whom the school knows little, as the largest package says it."""
    member = MEMBERS[name]
    facts = {
        "cpr": CPR[name],
        "cpr_type": "CPR_REPLACEMENT_ID",
        "birth_date": birth_date(name),
        "email": member.email or None,
        "protected": False,
    }
    return ReadPerson(member.first, member.family, user_id(name), **{**facts, **more})


ESTHER = plain(
    "esther",
    email="esther@example.dk",
    gender="K",
    photo_id="esther-2a.jpg",
    address=tuple(ADDRESS.items()),
    home=Phone("33110001", protected=True),
    mobile=Phone("33110002", protected=False),
)
METTE = plain("mette", address=(("PostalCode", "2200"),), work=Phone("33110003", protected=False))
ANNA = plain(
    "anna",
    address=(("StreetAddress", "Skjulested 9"),),
    mobile=Phone("33110004", protected=True),
    alias_first_name="Sol",
    alias_family_name="Strand",
    protected=True,
)
LIV = replace(
    plain("liv", email="liv@example.dk", gender="K", photo_id="liv.jpg", protected=True),
    first_name="Liv",
    family_name="Skov",
    alias_first_name="Ane",
    alias_family_name="Bech",
    address=(("StreetAddress", "Hemmelig Allé 1"), ("PostalCode", "9999")),
    home=Phone("33110005", protected=True),
    work=Phone("33110006", protected=True),
)
CONTACTS = (Contact("Mor", True, 2, METTE), Contact("Andet", False, 0, ANNA))
PEOPLE = {
    "mette": InstitutionPerson(SOURCE, "mette", METTE, Employee(("Lærer",))),
    "esther": InstitutionPerson(
        SOURCE,
        "esther",
        ESTHER,
        Student("Elev", "2", "2A", "17", "Bygning A", groups=("Kor & <sang>",), contacts=CONTACTS),
    ),
    "sofie": InstitutionPerson(SOURCE, "sofie", plain("sofie"), Student("Elev", "9", "9B")),
    "emil": InstitutionPerson(SOURCE, "emil", plain("emil"), Student("Elev", "5", "5A")),
    "leif": InstitutionPerson(
        SOURCE, "leif", plain("leif"), Employee(("Leder", "Lærer"), "LD", "Skoleleder", "Kontor 1")
    ),
    "liv": InstitutionPerson(SOURCE, "liv", LIV, Employee(("TAP",))),
    "tove": InstitutionPerson(SOURCE, "tove", plain("tove"), Employee(("Lærer",), groups=("2A", "5A"))),
    "bo": InstitutionPerson(SOURCE, "bo", plain("bo"), Employee(("Lærer",), groups=("9B",))),
    "bo too": InstitutionPerson(OTHER_SOURCE, "kursist-1", plain("bo"), Student("Studerende", "VU", "VU1")),
    "vera": InstitutionPerson(BY_HAND, None, plain("vera"), Extern("Praktikant", groups=("Kor & <sang>",))),
}
GROUPS = {
    ReadGroup("2A", "2A", "Hovedgruppe", "2"),
    ReadGroup("5A", "5A", "Hovedgruppe", "5"),
    ReadGroup("9B", "9B", "Hovedgruppe", "9"),
    ReadGroup("VU1", "Aftenhold", "Hovedgruppe", "VU"),
    ReadGroup("Kor & <sang>", "Skolens kor", "Hold", None, "B", dt.date(2026, 8, 1), dt.date(2027, 6, 30)),
}


def in_package(person: ReadPerson, package: Package) -> ReadPerson:
    """Return what a smaller package than the largest says of a person: the table of D1.3, and who is protected."""
    if package == Package.FULL_AUTHORITY:
        return person
    alias = {"first_name": person.alias_first_name, "family_name": person.alias_family_name} if person.protected else {}
    phones = {
        kind: phone if phone and not phone.protected else None
        for kind, phone in (("home", person.home), ("work", person.work), ("mobile", person.mobile))
    }
    full = replace(person, **alias, **phones, alias_first_name=None, alias_family_name=None)
    full = replace(full, address=None if person.protected else person.address)
    if package == Package.FULL:
        return full
    cpr = {"cpr": None, "cpr_type": None} if person.protected else {}
    medium = replace(full, **cpr, address=None, home=None, work=None, mobile=None, protected=None)
    if package == Package.MEDIUM:
        return medium
    return ReadPerson(medium.first_name, medium.family_name, medium.user_id)


def said(one: InstitutionPerson, package: Package) -> InstitutionPerson:
    role = one.role
    if isinstance(role, Student):
        contacts = role.contacts if package in {Package.FULL, Package.FULL_AUTHORITY} else ()
        role = replace(role, contacts=tuple(replace(one, person=in_package(one.person, package)) for one in contacts))
    local_id = None if package == Package.SMALL else one.local_id
    return replace(one, person=in_package(one.person, package), role=role, local_id=local_id)


@pytest.mark.parametrize("package", PACKAGES)
def test_the_answer_of_a_package_says_exactly_what_the_database_says(school, package):
    made = export_of(school.school, package)
    found = read(b"".join(made))
    assert set(found.people) == {said(one, package) for one in PEOPLE.values()}
    assert (len(found.people), made.people) == (len(PEOPLE), len(PEOPLE))
    assert (set(found.groups), len(found.groups)) == (GROUPS, len(GROUPS))
    assert (found.number, found.name, found.time) == (school.school.number, "Lærkeskolen", NOW)
    assert found.sources == (Source(SOURCE, LOADED_AT, "2026-2027"),)


@pytest.mark.parametrize("package", PACKAGES)
def test_an_institution_without_people_has_an_answer(elsewhere, package):
    Membership.objects.filter(institution=elsewhere).delete()
    made = export_of(elsewhere, package)
    found = read(b"".join(made))
    assert (found.people, found.groups, found.sources, made.people) == ((), (), (), 0)


@pytest.mark.parametrize("package", PACKAGES)
def test_the_root_is_called_as_it_is_said_to_be(school, answer, package):
    assert etree.QName(etree.fromstring(answer(package))).localname == root_name(package)


def test_what_was_exported_before_is_not_counted_again(school):
    made = export_of(school.school)
    assert list(made) == list(made)
    assert made.people == len(PEOPLE)


def test_nothing_of_a_local_id_that_held_a_cpr_number_is_passed_on(school, answer):
    tie(school, "sofie").update(local_person_id="cpr:0123456789abcdef0123456789abcdef01234567")
    data = answer(Package.FULL)
    assert read(data).of(user_id("sofie")).local_id is None
    assert b"cpr:" not in data


def test_a_cpr_number_that_is_no_replacement_number_is_called_unverified(school, answer):
    Person.objects.filter(pk=school.person("sofie").pk).update(cpr=Person.sealed_cpr("0703119992"))
    found = read(answer(Package.MEDIUM)).of(user_id("sofie")).person
    assert (found.cpr, found.cpr_type) == ("0703119992", "CPR_UNVERIFIED")


def test_only_current_groups_stand_there_and_of_two_with_one_id_one(school, answer):
    there = {"institution": school.school, "type": "Hold"}
    Group.objects.create(source=SOURCE, group_id="Gammel", name="Gammel", ended_at=NOW, **there)
    Group.objects.create(source=OTHER_SOURCE, group_id="2A", name="En anden 2A", **there)
    Group.objects.filter(group_id="Kor & <sang>").update(ended_at=NOW)
    found = read(answer(Package.SMALL))  # which refuses an id that stands twice
    assert {group.group_id for group in found.groups} == {"2A", "5A", "9B", "VU1"}
    assert found.of(user_id("esther")).role.groups == ()


def test_a_source_stands_there_where_a_person_refers_to_it_and_something_was_loaded(school, answer):
    there = {"institution": school.school, "school_year": "2026-2027"}
    ImportSeries.objects.create(source="Aldrig brugt", last_source_time=LOADED_AT, last_loaded_at=LOADED_AT, **there)
    other = ImportSeries.objects.create(source=OTHER_SOURCE, **there)
    # Of a series that was ended only the second is left.
    for told, loaded in ((None, None), (LOADED_AT, None), (None, LOADED_AT)):
        ImportSeries.objects.filter(pk=other.pk).update(last_source_time=told, last_loaded_at=loaded)
        assert [one.source for one in read(answer(Package.SMALL)).sources] == [SOURCE]
    ImportSeries.objects.filter(pk=other.pk).update(last_source_time=LOADED_AT, last_loaded_at=LOADED_AT)
    assert {one.source for one in read(answer(Package.SMALL)).sources} == {SOURCE, OTHER_SOURCE}
    without_pupils = answer(Package.SMALL, EVERYTHING, Filters(include_students=False))
    assert [one.source for one in read(without_pupils).sources] == [SOURCE]


@pytest.mark.parametrize("package", PACKAGES)
def test_who_cannot_be_said_in_the_format_does_not_spoil_the_answer(school, answer, package):
    tie(school, "sofie").update(level="")
    tie(school, "emil").update(main_group=None)
    tie(school, "tove").update(roles=[])
    for name in ("leif", "anna"):
        User.objects.filter(pk=school.users[name].pk).update(person=None, username=f"x{name}x")
    found = read(answer(package))
    left = [one for name, one in PEOPLE.items() if name not in {"sofie", "emil", "tove", "leif"}]
    assert len(found.people) == len(left)
    if package in {Package.FULL, Package.FULL_AUTHORITY}:
        assert [contact.relation for contact in found.of(user_id("esther")).role.contacts] == ["Mor"]


def test_a_release_that_its_package_cannot_be_made_from_is_refused(cast):
    with pytest.raises(ValueError, match="without what that always holds"):
        Export(Release(cast.school, Package.MEDIUM, frozenset({Field.NAME})), WITH_CPR, NOW)


@pytest.mark.parametrize(
    ("package", "root"),
    [
        (Package.SMALL, "hentDataAftalerLilleResponse"),
        (Package.MEDIUM, "hentDataAftalerMellemResponse"),
        (Package.FULL, "hentDataAftalerFuldResponse"),
        (Package.FULL_AUTHORITY, "hentDataAftalerFuldMyndighedResponse"),
    ],
)
def test_the_agreements_of_a_package_are_a_list_of_institution_numbers(package, root):
    assert read_agreements(agreements_xml(package, iter(["101001", "G12345"]))) == (root, ("101001", "G12345"))
    assert read_agreements(agreements_xml(package, [])) == (root, ())


def allowed(text: str) -> str:
    """Return `text` without what is no Char of XML 1.0 (section 2.2)."""
    return "".join(
        c for c in text if c in "\t\n\r" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c >= "\U00010000"
    )


AWKWARD = "a\tb\nc\rd <e> & f'\"]]> \x1f\uffff𝄞"
ANY_TEXT = st.text(st.characters(), max_size=30) | st.text("<>&\"']]>\r\n\t \x00\x01\x0b\x1f\x85\ufffe\uffff\ud800é𝄞")
STORED = ANY_TEXT.map(lambda text: "".join(c for c in text if c != "\0" and not "\ud800" <= c <= "\udfff")[:30])


@given(ANY_TEXT)
def test_any_text_comes_back_but_for_what_xml_forbids(text):
    assert read_agreements(agreements_xml(Package.SMALL, [text]))[1] == (allowed(text),)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.tuples(STORED, STORED), others=st.tuples(*[STORED] * 8))
@example(names=(AWKWARD, AWKWARD), others=(AWKWARD,) * 8)
@example(names=("\x01", "\ufffe"), others=("\x01",) * 8)
def test_any_texts_of_people_come_back_but_for_what_xml_forbids(school, answer, names, others):
    email, photo, street, phone, number, source, local_id, name_of_group = others
    private = {"photo": photo, "address": {"StreetAddress": street}, "MobilePhoneNumber": [phone, False]}
    Person.objects.filter(pk=school.person("esther").pk).update(
        first_name=names[0], family_name=names[1], email=email, private=Person.sealed_private(private)
    )
    tie(school, "esther").update(student_number=number[:26], source=source, local_person_id=f"{local_id}\x1f7")
    Group.objects.filter(group_id="2A").update(name=name_of_group)
    found = read(answer(Package.FULL))
    esther = found.of(user_id("esther"))
    person, [group] = esther.person, [group for group in found.groups if group.group_id == "2A"]
    assert (person.first_name, person.family_name) == (allowed(names[0]), allowed(names[1]))
    assert esther.source == (allowed(source) if source else BY_HAND)
    assert person.mobile.number == allowed(phone)
    # Where nothing is left, the element is not there either.
    assert (person.email, person.photo_id) == (allowed(email) or None, allowed(photo) or None)
    assert person.address == ((("StreetAddress", allowed(street)),) if allowed(street) else None)
    assert (esther.role.student_number, esther.local_id) == (allowed(number[:26]) or None, f"{allowed(local_id)}7")
    assert group.name == (allowed(name_of_group) or None)


class Delivered:
    """A delivery as its file says it, read by local names: what an export of it has to say again."""

    def __init__(self, data: bytes) -> None:
        self.people = {}
        for one in etree.fromstring(data).iter("{*}InstitutionPerson"):
            local_id = one.findtext("{*}LocalPersonId")
            contacts = [self._person(contact.find("{*}Person")) for contact in one.iter("{*}ContactPerson")]
            role = next(child for child in one if etree.QName(child).localname in {"Student", "Employee", "Extern"})
            self.people[local_id] = (
                self._person(one.find("{*}Person")),
                etree.QName(role).localname,
                [element.text for element in role.findall("{*}Role")],
                sorted(element.text for element in role.findall("{*}GroupId")),
                role.findtext("{*}MainGroupId"),
                contacts,
            )

    @staticmethod
    def _person(person: etree._Element) -> tuple[str | None, ...]:
        names = ("FirstName", "FamilyName", "AliasFirstName", "AliasFamilyName", "CivilRegistrationNumber")
        address = ("StreetAddress", "PostalCode")
        texts = [person.findtext(f"{{*}}{name}") for name in names]
        return (*texts, *(person.findtext(f"{{*}}Address/{{*}}{name}") for name in address), person.get("protected"))


@pytest.mark.django_db
def test_who_was_delivered_is_who_is_exported():
    institutions = make_institutions()
    protected = deliveries.person(7, "Eva", "Ravn", protected="true", alias=("Sol", "Strand"))
    data = deliveries.delivery(
        deliveries.pupil(
            "e1",
            deliveries.person(1, "Åse & Bo", "Ødegård"),
            deliveries.contact(deliveries.person(2, "Jørn")),
            deliveries.contact(protected, "Andet", "false", "0"),
            groups=["Skak", "Kor"],
        ),
        deliveries.pupil("e2", deliveries.person(3), deliveries.contact(deliveries.person(2, "Jørn"))),
        deliveries.employee("m1", deliveries.person(4, "Mia"), "Lærer", "Vikar", groups=["3a"]),
        deliveries.employee("m2", protected, "Leder"),
        deliveries.extern("x1", deliveries.person(5, "Per")),
    )
    report = load_bytes(data)
    assert not report.issues
    answer = b"".join(export_of(institutions[deliveries.SCHOOL]))
    assert Delivered(answer).people == Delivered(data).people
    found = read(answer)
    assert {group.group_id for group in found.groups} == {"3a", "Skak", "Kor"}
    # The file says no zone, so it is Danish time.
    assert found.sources == (Source(deliveries.SOURCE, dt.datetime(2026, 8, 10, 0, 0, tzinfo=dt.UTC), "2026-2027"),)

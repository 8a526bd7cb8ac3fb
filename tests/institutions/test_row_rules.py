"""Rows that break a rule (D1.8): an issue with line, local id and code, and the rest is loaded."""

import logging

import pytest

from accounts.models import ContactRelation, Person
from institutions.importing.codes import REMEDIES, IssueCode
from institutions.models import Group, ImportIssue, Membership, RunState

from .conftest import content, issues_of
from .deliveries import contact, cpr, delivery, employee, extern, group, person, pupil

GOOD = pupil("god", person(99))
SECRET = "Æselhoved"  # a name that must not be found in any issue or log line


def without(row, element):
    """Return the row without the first such element."""
    start = row.index(f"<{element}>")
    end = row.index(f"</{element}>") + len(element) + 3
    return row[:start] + row[end:]


BAD_ROWS = {
    "no local id": (without(pupil("e1", person(1)), "LocalPersonId"), "SKEMA", ""),
    "no person": (without(pupil("e1", "<Person>x</Person>"), "Person"), "SKEMA", "e1"),
    "no first name": (without(pupil("e1", person(1)), "FirstName"), "SKEMA", "e1"),
    "an empty family name": (pupil("e1", person(1, family="  ")), "SKEMA", "e1"),
    "two first names": (pupil("e1", person(1, more="<FirstName>Bo</FirstName>")), "SKEMA", "e1"),
    "not protected nor unprotected": (pupil("e1", person(1, protected="måske")), "SKEMA", "e1"),
    "no word on protection": (pupil("e1", person(1)).replace(' protected="false"', ""), "SKEMA", "e1"),
    "a birth date that is none": (pupil("e1", person(1, more="<BirthDate>2015-02-30</BirthDate>")), "SKEMA", "e1"),
    "a gender that is none": (pupil("e1", person(1, more="<Gender>X</Gender>")), "SKEMA", "e1"),
    "no role element": (without(pupil("e1", person(1)), "Student"), "SKEMA", "e1"),
    "two role elements": (
        pupil("e1", person(1)).replace("</Student>", "</Student><Extern><Role>Ekstern</Role></Extern>"),
        "SKEMA",
        "e1",
    ),
    "two levels": (pupil("e1", person(1)).replace("<Level>", "<Level>3</Level><Level>"), "SKEMA", "e1"),
    "two Students": (
        pupil("e1", person(1)).replace("</InstitutionPerson>", "<Student/></InstitutionPerson>"),
        "SKEMA",
        "e1",
    ),
    "two local ids": (
        pupil("e1", person(1)).replace("<Person ", "<LocalPersonId>x</LocalPersonId><Person "),
        "SKEMA",
        "e1",
    ),
    "two persons": (pupil("e1", person(1) + person(2)), "SKEMA", "e1"),
    "two first names, one empty": (
        pupil("e1", person(1)).replace("<FirstName>", "<FirstName/><FirstName>"),
        "SKEMA",
        "e1",
    ),
    "two addresses, one empty": (pupil("e1", person(1, more="<Address/>")), "SKEMA", "e1"),
    "two streets": (
        pupil("e1", person(1)).replace("<PostalCode>", "<StreetAddress>Åvej</StreetAddress><PostalCode>"),
        "SKEMA",
        "e1",
    ),
    "two pupil's roles": (pupil("e1", person(1)).replace("<Role>", "<Role>Barn</Role><Role>"), "SKEMA", "e1"),
    "an element that the format does not know": (
        pupil("e1", person(1, more="<Kaldenavn>Bo</Kaldenavn>")),
        "SKEMA",
        "e1",
    ),
    "an unknown element in the row": (pupil("e1", person(1)).replace("<Student>", "<Note/><Student>"), "SKEMA", "e1"),
    "an unknown part of the address": (
        pupil("e1", person(1)).replace("<PostalCode>", "<Floor>2</Floor><PostalCode>"),
        "SKEMA",
        "e1",
    ),
    "a misspelt attribute": (
        pupil("e1", person(1, more='<MobilePhoneNumber portected="true">21222324</MobilePhoneNumber>')),
        "SKEMA",
        "e1",
    ),
    "a level of an employee": (
        employee("e1", person(1)).replace("<ShortName>", "<Level>3</Level><ShortName>"),
        "SKEMA",
        "e1",
    ),
    "a contact person of an employee": (
        employee("e1", person(1)).replace("<ShortName>", contact(person(2)) + "<ShortName>"),
        "SKEMA",
        "e1",
    ),
    "a role with something in it": (pupil("e1", person(1)).replace("<Role>", "<Role><b/>"), "SKEMA", "e1"),
    "a kind of CPR number that is none": (
        pupil("e1", person(1, more="<CivilRegistrationNumberType>CPR</CivilRegistrationNumberType>")),
        "SKEMA",
        "e1",
    ),
    "no CPR number": (pupil("e1", person(None)), "CPR_MANGLER", "e1"),
    "an empty CPR number": (pupil("e1", person(cpr_number=" ")), "CPR_MANGLER", "e1"),
    "a CPR number of no day": (pupil("e1", person(cpr_number="3113990000")), "CPR_UGYLDIGT", "e1"),
    "a CPR number with a hyphen": (pupil("e1", person(cpr_number="010115-5000")), "CPR_UGYLDIGT", "e1"),
    "letters in the CPR number": (pupil("e1", person(cpr_number="010115KOTX")), "CPR_UGYLDIGT", "e1"),
    "protected without an alias": (pupil("e1", person(1, protected="true")), "ALIAS_MANGLER", "e1"),
    "protected with half an alias": (pupil("e1", person(1, protected="1", alias=("Sol", ""))), "ALIAS_MANGLER", "e1"),
    "an unknown role": (employee("e1", person(1), "Rektor"), "ROLLE_UGYLDIG", "e1"),
    "a pupil's role for an employee": (employee("e1", person(1), "Elev"), "ROLLE_UGYLDIG", "e1"),
    "an unknown role beside a known": (employee("e1", person(1), "Leder", "Rektor"), "ROLLE_UGYLDIG", "e1"),
    "no role": (extern("e1", person(1), ""), "ROLLE_UGYLDIG", "e1"),
    "an unknown level": (pupil("e1", person(1), level="12"), "TRIN_UGYLDIGT", "e1"),
    "no level": (without(pupil("e1", person(1)), "Level"), "TRIN_UGYLDIGT", "e1"),
    "an unknown main group": (pupil("e1", person(1), main="99z"), "HOVEDGRUPPE_UKENDT", "e1"),
    "no main group": (without(pupil("e1", person(1)), "MainGroupId"), "HOVEDGRUPPE_UKENDT", "e1"),
    "a main group that is a team": (pupil("e1", person(1), main="Skak"), "HOVEDGRUPPE_UKENDT", "e1"),
    "a name of 130 bytes and 65 letters": (pupil("e1", person(1, "Æ" * 65)), "FELT_FOR_LANGT", "e1"),
    "an alias too long": (
        pupil("e1", person(1, protected="true", alias=("A" * 129, "B"))),
        "FELT_FOR_LANGT",
        "e1",
    ),
    "a pupil number too long": (
        pupil("e1", person(1)).replace("<Level>", f"<StudentNumber>{'1' * 27}</StudentNumber><Level>"),
        "FELT_FOR_LANGT",
        "e1",
    ),
    "a group id too long": (pupil("e1", person(1), groups=["g" * 101]), "FELT_FOR_LANGT", "e1"),
    "a local id too long": (pupil("e" * 70, person(1)), "FELT_FOR_LANGT", "e" * 64),
    "an address too long": (pupil("e1", person(1, street="v" * 501)), "FELT_FOR_LANGT", "e1"),
}


@pytest.mark.parametrize(("row", "code", "local_id"), BAD_ROWS.values(), ids=BAD_ROWS)
def test_a_bad_row_is_an_issue_and_the_rest_is_loaded(load, row, code, local_id):
    report = load(delivery(GOOD, row, pupil("god2", person(98)), groups=[group(), group("Skak", "Hold", "")]))
    assert issues_of(report) == [(7, local_id, code)]
    assert report.state == RunState.LOADED_WITH_ISSUES
    assert report.counts.persons == 3
    assert report.counts.tally == (2, 0, 0, 0)
    issue = ImportIssue.objects.get()
    assert (issue.line, issue.local_person_id, issue.code, issue.contact_number) == (7, local_id, code, None)


def test_a_name_may_take_128_bytes(load):
    assert load(delivery(pupil("e1", person(1, "Æ" * 64)))).issues == ()


@pytest.mark.parametrize("letter", ["\N{GOTHIC LETTER AHSA}", "\N{SLIGHTLY SMILING FACE}", "𝒜"])
def test_a_letter_of_four_bytes_counts_as_four_and_is_kept_as_it_is(load, letter):
    report = load(delivery(pupil("e1", person(1, letter * 32)), pupil("e2", person(2, letter * 32 + "a"))))
    assert issues_of(report) == [(6, "e2", "FELT_FOR_LANGT")]
    assert Person.objects.get().first_name == letter * 32


def test_rows_without_a_local_id_are_not_doubles_of_each_other(load):
    nameless = [without(pupil("e1", person(number)), "LocalPersonId") for number in (1, 2)]
    assert issues_of(load(delivery(*nameless))) == [(5, "", "SKEMA"), (6, "", "SKEMA")]


def test_what_is_empty_counts_as_not_delivered(load):
    empty = "<EmailAddress/><BirthDate></BirthDate><Gender> </Gender><PhotoId/><MobilePhoneNumber/>"
    report = load(delivery(pupil("e1", person(1, more=empty), groups=["", "Skak"])))
    child = Person.objects.get()
    assert report.issues == ()
    assert (child.email, child.gender, child.private_data().keys()) == ("", "", {"address"})
    assert [one.group_id for one in Membership.objects.get().groups.all()] == ["Skak"]


def test_the_order_of_elements_does_not_matter(load):
    row = (
        "<InstitutionPerson><Student><MainGroupId>3a</MainGroupId><Level>3</Level><Role>Elev</Role></Student><Person"
        f" protected='0'><CivilRegistrationNumber>{cpr(1)}</CivilRegistrationNumber><FamilyName>Holm</FamilyName>"
        "<FirstName>Anna</FirstName></Person><LocalPersonId>e1</LocalPersonId></InstitutionPerson>"
    )
    assert load(delivery(row)).counts.tally == (1, 0, 0, 0)


def test_of_a_doubled_local_id_the_first_row_counts(load):
    report = load(
        delivery(pupil("e1", person(1)), pupil("e2", person(2)), pupil("e1", person(3)), pupil("e1", person(4)))
    )
    assert issues_of(report) == [(7, "e1", "DUBLET_LOCALPERSONID"), (8, "e1", "DUBLET_LOCALPERSONID")]
    assert Membership.objects.get(local_person_id="e1").person == Person.objects.with_cpr(cpr(1)).get()


def test_a_doubled_row_is_an_issue_every_night(load):
    row = pupil("e1", person(1))
    load(delivery(row, row))
    report = load(delivery(row, row, night=1))
    assert issues_of(report) == [(6, "e1", "DUBLET_LOCALPERSONID")]
    assert report.counts.tally == (0, 0, 1, 0)


def test_a_changed_row_before_its_unchanged_double_counts(load):
    row = pupil("e1", person(1))
    load(delivery(row))
    report = load(delivery(pupil("e1", person(1, family="Lund")), row, night=1))
    assert issues_of(report) == [(6, "e1", "DUBLET_LOCALPERSONID")]
    assert Person.objects.get().family_name == "Lund"


def test_of_a_doubled_cpr_number_the_first_row_counts(load):
    report = load(delivery(pupil("e1", person(1)), pupil("e2", person(1))))
    assert issues_of(report) == [(6, "e2", "DUBLET_CPR")]
    assert Membership.objects.get().local_person_id == "e1"


def test_of_a_doubled_cpr_number_the_row_counts_that_is_held(load):
    load(delivery(pupil("e2", person(1))))
    report = load(delivery(pupil("e1", person(1)), pupil("e2", person(1)), night=1))
    assert issues_of(report) == [(5, "e1", "DUBLET_CPR")]
    assert Membership.objects.get().local_person_id == "e2"


def test_another_cpr_number_for_a_known_local_id_is_unexpected(load):
    load(delivery(pupil("e1", person(1)), pupil("e2", person(2))))
    before = content(leaving=("digest",))  # which says that the row is to be read again
    report = load(delivery(pupil("e1", person(7)), pupil("e2", person(2)), night=1))
    assert issues_of(report) == [(5, "e1", "CPR_UVENTET")]
    assert report.counts.tally == (0, 0, 1, 0)
    assert content(leaving=("digest",)) == before


def test_two_known_local_ids_whose_cpr_numbers_are_swapped_are_both_unexpected(load):
    load(delivery(pupil("e1", person(1)), pupil("e2", person(2))))
    report = load(delivery(pupil("e1", person(2)), pupil("e2", person(1)), night=1))
    assert [code for _, _, code in issues_of(report)] == ["CPR_UVENTET", "CPR_UVENTET"]


@pytest.mark.parametrize(
    "row",
    [pupil("e1", person(None)), pupil("e1", person(1), level="12"), pupil("e1", person(1), main="99z")],
    ids=["no CPR", "level", "main group"],
)
def test_a_bad_row_never_takes_a_known_person_away(load, row):
    load(delivery(pupil("e1", person(1), contact(person(2)), groups=["Skak"]), GOOD))
    before = content(leaving=("digest",))  # which says that the row is to be read again
    report = load(delivery(row, GOOD, night=1))
    assert report.counts.tally == (0, 0, 1, 0)
    assert report.counts.contacts == (0, 0, 1, 0)
    assert content(leaving=("digest",)) == before


def test_an_unchanged_row_whose_main_group_is_gone_is_an_issue(load):
    row = pupil("e1", person(1))
    load(delivery(row))
    report = load(delivery(row, groups=[group("4a", level="4")], night=1))
    assert issues_of(report) == [(5, "e1", "HOVEDGRUPPE_UKENDT")]
    assert Membership.objects.current().count() == 1
    assert Group.objects.get(group_id="3a").ended_at is None  # a pupil is still in it


BAD_CONTACTS = {
    "no CPR number": (contact(person(None)), "CPR_MANGLER"),
    "a bad CPR number": (contact(person(cpr_number="3113990000")), "CPR_UGYLDIGT"),
    "protected without alias": (contact(person(2, protected="true")), "ALIAS_MANGLER"),
    "a name too long": (contact(person(2, "Æ" * 65)), "FELT_FOR_LANGT"),
    "an unknown relation": (contact(person(2), relation="Onkel"), "SKEMA"),
    "no word on custody": (contact(person(2), custody=""), "SKEMA"),
    "an access level in words": (contact(person(2), access="fuld"), "SKEMA"),
    "no person": (contact(""), "SKEMA"),
    "two persons": (contact(person(2) + person(4)), "SKEMA"),
    "an attribute of an older version": (contact(person(2)).replace(" relation", ' cvr="1" relation'), "SKEMA"),
    "the child's own CPR number": (contact(person(1)), "DUBLET_CPR"),
    "the same as another": (contact(person(3)), "DUBLET_CPR"),
}


@pytest.mark.parametrize(("bad", "code"), BAD_CONTACTS.values(), ids=BAD_CONTACTS)
def test_a_bad_contact_person_is_left_out_and_the_pupil_loaded(load, bad, code):
    row = pupil("e1", person(1), contact(person(3)), bad)
    report = load(delivery(row))
    assert issues_of(report) == [(5, "e1", code)]
    assert ImportIssue.objects.get().contact_number == 2
    assert report.counts.tally == (1, 0, 0, 0)
    assert report.counts.contacts == (1, 0, 0, 0)
    again = load(delivery(row, night=1))
    assert issues_of(again) == [(5, "e1", code)]  # told every night until it is mended
    assert again.counts.tally == (0, 0, 1, 0)


def test_a_contact_person_whose_row_went_bad_is_kept(load):
    load(delivery(pupil("e1", person(1), contact(person(2)), contact(person(3)))))
    report = load(delivery(pupil("e1", person(1), contact(person(None)), contact(person(3))), night=1))
    assert report.counts.contacts == (0, 0, 2, 0)
    assert ContactRelation.objects.current().count() == 2


BAD_GROUPS = {
    "no id": ("<Group><GroupType>Hold</GroupType></Group>", "SKEMA"),
    "an unknown type": (group("x", "Klub", ""), "SKEMA"),
    "a class without a level": (group("x", level=""), "TRIN_UGYLDIGT"),
    "a class of an unknown level": (group("x", level="11"), "TRIN_UGYLDIGT"),
    "a team with a level": (group("x", "Hold", "3"), "TRIN_UGYLDIGT"),
    "a doubled id": (group("3a"), "SKEMA"),
    "an unknown element": (group("x").replace("</Group>", "<Teacher>AB</Teacher></Group>"), "SKEMA"),
    "a name too long": (
        group("x").replace("<GroupType>", f"<GroupName>{'n' * 101}</GroupName><GroupType>"),
        "FELT_FOR_LANGT",
    ),
    "a date that is none": (group("x").replace("</Group>", "<FromDate>i går</FromDate></Group>"), "SKEMA"),
}


@pytest.mark.parametrize(("bad", "code"), BAD_GROUPS.values(), ids=BAD_GROUPS)
def test_a_bad_group_is_an_issue_without_a_local_id(load, bad, code):
    report = load(delivery(GOOD, groups=[group(), bad]))
    assert issues_of(report) == [(5, "", code)]
    assert report.counts.tally == (1, 0, 0, 0)


def test_a_group_that_is_delivered_badly_may_still_be_named(load):
    report = load(delivery(pupil("e1", person(1), groups=["x"]), groups=[group(), group("x", "Klub", "")]))
    assert issues_of(report) == [(5, "", "SKEMA")]
    assert [g.group_id for g in Membership.objects.get().groups.all()] == ["x"]


def test_no_name_or_cpr_number_stands_in_an_issue_or_log_line(load, caplog):
    caplog.set_level(logging.DEBUG)
    number = cpr(1)
    rows = [
        pupil(number, person(1, SECRET), level="12"),
        pupil(f"{number[:6]}-{number[6:]}", person(2, SECRET, cpr_number="3113990000"), contact(person(None, SECRET))),
        pupil("e3", person(3, SECRET * 30)),
    ]
    report = load(delivery(*rows))
    assert len(report.issues) == 3
    told = [str(issue) for issue in report.issues] + [repr(row) for row in ImportIssue.objects.values_list()]
    told += [record.getMessage() for record in caplog.records]
    assert not any(secret in line for line in told for secret in (SECRET, number, number[6:], "3113990000"))


def test_every_issue_says_how_to_mend_it():
    assert set(REMEDIES) == set(IssueCode)
    assert all(str(code.label) and str(REMEDIES[code]) for code in IssueCode)


def test_the_line_is_right_beyond_what_the_xml_library_counts(load):
    row = pupil("e2", person(None))
    report = load(delivery(GOOD.replace("<Person ", "\n" * 70_000 + "<Person "), row))
    assert issues_of(report) == [(70_006, "e2", "CPR_MANGLER")]

"""What a delivery makes of people: persons, accounts, memberships, groups, contact persons (D1.2 to D1.6)."""

import datetime as dt

import pytest
from django.apps import apps

from accounts.models import AuditEvent, ContactRelation, Person, User
from accounts.policy import Band
from accounts.states import UserState
from accounts.usernames import is_username
from institutions.models import (
    Group,
    GroupType,
    ImportRun,
    ImportSeries,
    Institution,
    Membership,
    MembershipKind,
    RunState,
)

from .conftest import content, issues_of
from .deliveries import (
    DAY_CARE,
    OTHER_SCHOOL,
    SCHOOL,
    SOURCE,
    contact,
    cpr,
    delivery,
    employee,
    extern,
    group,
    person,
    pupil,
)


def held(number):
    return Person.objects.with_cpr(cpr(number)).get()


def tie(number, **where):
    return Membership.objects.current().get(person=held(number), **where)


def test_everybody_in_a_delivery_gets_one_account_without_a_password(load):
    report = load(
        delivery(pupil("e1", person(1), contact(person(2))), employee("m1", person(3)), extern("x", person(4)))
    )
    assert report.state == RunState.LOADED
    assert report.counts.tally == (3, 0, 0, 0)
    assert report.counts.contacts == (1, 0, 0, 0)
    users = User.objects.all()
    assert {user.person_id for user in users} == {held(number).pk for number in (1, 2, 3, 4)}
    assert all(user.password == "" and not user.has_secret for user in users)
    assert all(user.state == UserState.IMPORTED and user.is_affiliated for user in users)
    assert all(is_username(user.username) and len(user.uniid) == 10 for user in users)


def test_accounts_know_what_kind_of_user_they_are(load):
    load(delivery(pupil("e1", person(1), contact(person(2))), employee("m1", person(3)), extern("x", person(4))))
    groups = {number: held(number).user.actor_group for number in (1, 2, 3, 4)}
    assert groups == {1: "Elev", 2: "Kontaktperson", 3: "Medarbejder", 4: "Ekstern"}
    bands = {number: held(number).user.password_band for number in (1, 2, 3, 4)}
    assert bands == {1: Band.FIRST_YEARS, 2: Band.ADULT, 3: Band.ADULT, 4: Band.ADULT}


def test_a_membership_holds_what_was_delivered(load):
    load(
        delivery(
            pupil("e1", person(1), groups=["Tysk I"]),
            employee("m1", person(2), "Lærer", "Leder", groups=["3a"]),
            groups=[group(), group("Tysk I", "Hold", "")],
        )
    )
    student, teacher = tie(1), tie(2)
    assert (student.kind, student.roles, student.level) == (MembershipKind.STUDENT, ["Elev"], "3")
    assert student.main_group.group_id == "3a"
    assert [g.group_id for g in student.groups.all()] == ["Tysk I"]
    assert (teacher.roles, teacher.short_name, teacher.level) == (["Lærer", "Leder"], "AB", "")
    assert [g.group_id for g in teacher.groups.all()] == ["3a"]
    assert student.is_primary
    assert student.from_date == dt.date(2026, 8, 10)
    assert student.to_date is None


def test_a_group_comes_to_be_by_being_named(load):
    load(delivery(pupil("e1", person(1), groups=["Skak"])))
    chess = Group.objects.get(group_id="Skak")
    assert (chess.name, chess.type, chess.ended_at) == ("Skak", GroupType.OTHER, None)


def test_a_group_that_nobody_delivers_or_names_any_more_ends_and_comes_back(load):
    load(delivery(pupil("e1", person(1), groups=["Skak"])))
    load(delivery(pupil("e1", person(1)), night=1))
    assert Group.objects.get(group_id="Skak").ended_at is not None
    load(delivery(pupil("e1", person(1), groups=["Skak"]), night=2))
    assert Group.objects.get(group_id="Skak").ended_at is None
    assert Group.objects.count() == 2


def test_a_group_that_was_only_named_becomes_what_is_delivered_later(load):
    load(delivery(pupil("e1", person(1), groups=["Skak"])))
    load(delivery(pupil("e1", person(1), groups=["Skak"]), groups=[group(), group("Skak", "Hold", "")], night=1))
    assert Group.objects.get(group_id="Skak").type == GroupType.TEAM
    assert Group.objects.count() == 2


def test_a_group_that_was_delivered_and_is_only_named_now_stays_what_it_was(load):
    load(delivery(pupil("e1", person(1), groups=["Skak"]), groups=[group(), group("Skak", "Hold", "")]))
    load(delivery(pupil("e1", person(1), groups=["Skak"]), night=1))
    assert (Group.objects.get(group_id="Skak").type, Group.objects.get(group_id="Skak").ended_at) == ("Hold", None)


def test_a_main_group_has_to_be_delivered_though_it_is_known(load):
    load(delivery(pupil("e1", person(1))))
    report = load(delivery(pupil("e1", person(1)), pupil("e2", person(2)), groups=[group("4a", level="4")], night=1))
    assert [code for _, _, code in issues_of(report)] == ["HOVEDGRUPPE_UKENDT"] * 2
    assert tie(1).main_group.group_id == "3a"


def test_a_group_named_by_an_unchanged_row_stays(load):
    rows = [pupil("e1", person(1), groups=["Skak"]), pupil("e2", person(2))]
    load(delivery(*rows))
    load(delivery(rows[0], night=1))
    assert Group.objects.get(group_id="Skak").ended_at is None


def test_a_protected_person_is_shown_by_alias_everywhere(load):
    load(delivery(pupil("e1", person(1, "Hemmelig", "Person", protected="true", alias=("Sol", "Strand")))))
    child = held(1)
    assert child.protected
    assert child.name == "Sol Strand"
    assert child.private_data()["name"] == ["Hemmelig", "Person"]
    assert child.user.username.startswith("sol")
    columns = [
        str(value) for model in (Person, User, Membership) for row in model.objects.values_list() for value in row
    ]
    assert not any("Hemmelig" in column for column in columns)


def test_a_protected_contact_person_is_shown_by_alias(load):
    load(
        delivery(pupil("e1", person(1), contact(person(2, "Hemmelig", "Mor", protected="1", alias=("Sol", "Strand")))))
    )
    assert (held(2).name, held(2).registered_name()) == ("Sol Strand", ("Hemmelig", "Mor"))
    assert not any("Hemmelig" in str(row) for row in Person.objects.values_list())


def test_protection_begins_and_ends_with_the_delivery_that_says_so(load):
    load(delivery(pupil("e1", person(1))))
    load(delivery(pupil("e1", person(1, protected="true", alias=("Sol", "Strand"))), night=1))
    assert (held(1).name, held(1).protected) == ("Sol Strand", True)
    assert held(1).registered_name() == ("Anna", "Holm")
    load(delivery(pupil("e1", person(1, alias=("Sol", "Strand"))), night=2))
    assert (held(1).name, held(1).protected) == ("Anna Holm", False)
    assert "name" not in held(1).private_data()


def test_what_is_for_information_only_is_not_stored(load):
    told = delivery(
        pupil("e1", person(1, more="<CivilRegistrationNumberType>CPR_VERIFIED</CivilRegistrationNumberType>"))
    )
    name = b"</InstitutionNumber><InstitutionName>Kaldet Skolen</InstitutionName>"
    told = told.replace(b"</InstitutionNumber>", name).replace(b" source=", b' sourceVersion="7.4-kaldet" source=')
    assert load(told).issues == ()
    rows = [str(row) for model in apps.get_models() for row in model.objects.values_list()]
    assert not any(word in row for row in rows for word in ("aldet", "CPR_VERIFIED"))
    assert Institution.objects.get(number=SCHOOL).name == f"Institution {SCHOOL}"


def test_address_and_telephones_are_encrypted(load):
    phone = '<MobilePhoneNumber protected="true">21222324</MobilePhoneNumber>'
    load(delivery(pupil("e1", person(1, street="Åvej 7", more=phone))))
    child = held(1)
    assert "Åvej".encode() not in bytes(child.private)
    assert child.private_data() == {
        "address": {"StreetAddress": "Åvej 7", "PostalCode": "8000"},
        "MobilePhoneNumber": ["21222324", True],
    }


def test_a_birth_date_is_read_from_the_cpr_number_where_none_is_delivered(load):
    load(delivery(pupil("e1", person(1)), pupil("e2", person(2, more="<BirthDate>2014-12-24</BirthDate>"))))
    assert held(1).birth_date == dt.date(2015, 1, 2)
    assert held(2).birth_date == dt.date(2014, 12, 24)


def test_whoever_is_missing_ends_and_is_kept(load):
    load(delivery(pupil("e1", person(1), contact(person(3))), pupil("e2", person(2))))
    report = load(delivery(pupil("e2", person(2)), night=1))
    assert report.counts.tally == (0, 0, 1, 1)
    assert report.counts.contacts == (0, 0, 0, 1)
    gone = Membership.objects.get(person=held(1))
    assert (gone.to_date, gone.is_primary) == (dt.date(2026, 8, 11), False)
    assert ContactRelation.objects.get().to_date == dt.date(2026, 8, 11)
    assert not any(held(number).user.is_affiliated for number in (1, 3))
    assert {held(number).user.actor_group for number in (1, 3)} == {""}
    assert held(2).user.is_affiliated


def test_an_ended_person_who_returns_has_the_old_account(load):
    rows = [pupil("e1", person(1)), pupil("e2", person(2))]
    load(delivery(*rows))
    account = held(1).user
    load(delivery(rows[1], night=1))
    report = load(delivery(*rows, night=2))
    assert report.counts.tally == (1, 0, 1, 0)
    again = User.objects.get(person=held(1))
    assert (again.pk, again.username, again.uniid) == (account.pk, account.username, account.uniid)
    assert again.is_affiliated
    assert tie(1).is_primary
    assert Membership.objects.filter(person=held(1)).count() == 2


def test_who_leaves_one_school_and_comes_to_another_has_the_old_account(load):
    load(delivery(pupil("e1", person(1), contact(person(3))), pupil("e2", person(2))))
    accounts = {number: (held(number).user.pk, held(number).user.username) for number in (1, 3)}
    load(delivery(pupil("e2", person(2)), night=1))
    load(delivery(pupil("b7", person(1), contact(person(3))), number=OTHER_SCHOOL, night=9))
    assert {number: (held(number).user.pk, held(number).user.username) for number in (1, 3)} == accounts
    assert all(held(number).user.is_affiliated for number in (1, 3))
    assert (tie(1).institution.number, tie(1).is_primary) == (OTHER_SCHOOL, True)
    relation = ContactRelation.objects.current().get()
    assert (relation.contact, relation.child, relation.institution) == (held(3), held(1), OTHER_SCHOOL)


def test_one_person_may_have_a_role_in_each_of_several_institutions(load):
    load(delivery(pupil("e1", person(1), level="9", main="9a"), groups=[group("9a", level="9")]))
    load(delivery(employee("m1", person(1), "Vikar"), number=DAY_CARE, night=1))
    load(delivery(extern("x1", person(1)), pupil("e5", person(5), contact(person(1))), number=OTHER_SCHOOL, night=2))
    ties = Membership.objects.current().filter(person=held(1)).values_list("institution__number", "kind", "is_primary")
    assert set(ties) == {(SCHOOL, "student", True), (DAY_CARE, "employee", False), (OTHER_SCHOOL, "extern", False)}
    assert ContactRelation.objects.get().contact == held(1)
    assert User.objects.filter(person=held(1)).count() == 1
    assert held(1).user.actor_group == "Medarbejder"


def test_a_changed_name_class_and_role_are_updates(load):
    load(delivery(pupil("e1", person(1)), employee("m1", person(2)), groups=[group(), group("7b", level="7")]))
    report = load(
        delivery(
            pupil("e1", person(1, family="Lund"), level="7", main="7b"),
            employee("m1", person(2), "Leder"),
            groups=[group(), group("7b", level="7")],
            night=1,
        )
    )
    assert report.counts.tally == (0, 2, 0, 0)
    assert held(1).family_name == "Lund"
    assert (tie(1).level, tie(1).main_group.group_id) == ("7", "7b")
    assert tie(2).roles == ["Leder"]
    assert held(1).user.password_band == Band.ADULT


def test_only_the_way_it_is_written_may_change_without_a_change(load):
    load(delivery(pupil("e1", person(1), contact(person(2)))))
    before = content(leaving=("digest",))
    spaced = pupil("e1", person(1), contact(person(2))).replace("<FirstName>", "<FirstName>\n  ")
    report = load(delivery(spaced, night=1))
    assert report.counts.tally == (0, 0, 1, 0)
    assert report.counts.contacts == (0, 0, 1, 0)
    assert content(leaving=("digest",)) == before


def test_a_new_local_id_for_a_known_person_is_an_end_and_a_beginning(load):
    load(delivery(pupil("e1", person(1), contact(person(2)))))
    report = load(delivery(pupil("ny1", person(1), contact(person(2))), night=1))
    assert report.counts.tally == (1, 0, 0, 1)
    assert report.counts.contacts == (0, 0, 1, 0)
    assert tie(1).local_person_id == "ny1"
    assert tie(1).is_primary
    assert ContactRelation.objects.current().count() == 1


def test_a_contact_person_of_several_children_is_one_person(load):
    report = load(delivery(pupil("e1", person(1), contact(person(3))), pupil("e2", person(2), contact(person(3)))))
    assert report.counts.contacts == (1, 0, 0, 0)
    assert {relation.child for relation in held(3).child_relations.all()} == {held(1), held(2)}


@pytest.mark.parametrize("relation", ["Mor", "Far", "Andet", "Officielt tilknyttet person"])
@pytest.mark.parametrize(("custody", "access"), [("true", 2), ("0", 1), ("false", 0)])
def test_a_contact_person_has_relation_custody_and_access_level(load, relation, custody, access):
    load(delivery(pupil("e1", person(1), contact(person(2), relation, custody, str(access)))))
    found = ContactRelation.objects.get()
    assert (found.child, found.contact, found.relation) == (held(1), held(2), relation)
    assert (found.custody, found.access_level) == (custody == "true", access)


def test_terms_of_a_contact_person_may_change(load):
    load(delivery(pupil("e1", person(1), contact(person(2)))))
    report = load(delivery(pupil("e1", person(1), contact(person(2), "Andet", "false", "0")), night=1))
    relation = ContactRelation.objects.get()
    assert (relation.relation, relation.custody, relation.access_level) == ("Andet", False, 0)
    assert (relation.institution, relation.source) == (SCHOOL, SOURCE)
    assert report.counts.tally == (0, 0, 1, 0)
    assert report.counts.contacts == (0, 1, 0, 0)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_differing_mentions_of_a_contact_the_child_with_the_least_local_id_counts(load, order):
    rows = [
        pupil("e1", person(1), contact(person(3, street="Åvej 1"))),
        pupil("e2", person(2), contact(person(3, street="Bøgevej 2"))),
    ]
    load(delivery(*[rows[place] for place in order]))
    assert held(3).private_data()["address"]["StreetAddress"] == "Åvej 1"


def test_where_the_counting_mention_of_a_contact_goes_the_other_counts_though_its_row_is_unchanged(load):
    rows = [
        pupil("e1", person(1), contact(person(3, street="Åvej 1"))),
        pupil("e2", person(2), contact(person(3, street="Bøgevej 2"))),
    ]
    load(delivery(*rows))
    report = load(delivery(rows[1], night=1))
    assert held(3).private_data()["address"]["StreetAddress"] == "Bøgevej 2"
    assert report.counts.contacts == (0, 1, 0, 0)


def test_an_employees_own_row_counts_before_mentions_as_a_parent(load):
    load(
        delivery(
            pupil("a", person(1), contact(person(2, street="Åvej 1"))), employee("m", person(2, street="Bøgevej 2"))
        )
    )
    parent = held(2)
    assert parent.private_data()["address"]["StreetAddress"] == "Bøgevej 2"
    assert parent.user.actor_group == "Medarbejder"


def test_a_pupil_with_another_tie_has_an_adults_password(load):
    load(delivery(pupil("e1", person(1))))
    assert held(1).user.password_band == Band.FIRST_YEARS
    load(delivery(extern("x1", person(1)), number=OTHER_SCHOOL))
    account = held(1).user
    assert (account.password_band, account.actor_group) == (Band.ADULT, "Elev")


def test_of_several_levels_the_highest_band_counts(load):
    load(delivery(pupil("e1", person(1)), groups=[group()]))
    load(delivery(pupil("e1", person(1), level="5", main="5a"), groups=[group("5a", level="5")], number=OTHER_SCHOOL))
    assert held(1).user.password_band == Band.MIDDLE_YEARS


def test_a_pupil_may_be_employed_at_the_same_school(load):
    report = load(delivery(pupil("e1", person(1)), employee("m1", person(1), "TAP")))
    assert report.counts.tally == (2, 0, 0, 0)
    assert Membership.objects.current().filter(person=held(1), is_primary=True).count() == 1


def test_the_first_institution_is_primary_and_the_next_takes_its_place(load):
    load(delivery(pupil("e1", person(1)), pupil("e2", person(2))))
    load(delivery(pupil("b7", person(1)), number=OTHER_SCHOOL, night=1))
    assert tie(1, institution__number=SCHOOL).is_primary
    assert not tie(1, institution__number=OTHER_SCHOOL).is_primary
    load(delivery(pupil("e2", person(2)), night=2))
    assert tie(1).institution.number == OTHER_SCHOOL
    assert tie(1).is_primary


def test_another_institutions_differing_data_never_flip_flop(load):
    first = delivery(pupil("e1", person(1, street="Åvej 1"), contact(person(2, "Bo"))))
    other = pupil("b7", person(1, "Anne", street="Bøgevej 2"), contact(person(2, "Ib")), role="Barn")
    load(first)
    report = load(delivery(other, number=DAY_CARE, night=1))
    assert report.counts.tally == (1, 0, 0, 0)
    assert (held(1).first_name, held(2).first_name) == ("Anna", "Bo")
    before = content(Person)
    report = load(delivery(other, number=DAY_CARE, night=2))
    assert report.counts.tally == (0, 0, 1, 0)
    assert content(Person) == before


def test_the_next_institution_takes_over_the_master_data(load):
    load(delivery(pupil("e1", person(1), contact(person(2, "Bo"))), pupil("e9", person(9))))
    other = pupil("b7", person(1, "Anne"), contact(person(2, "Ib")), role="Barn")
    load(delivery(other, number=DAY_CARE, night=1))
    load(delivery(pupil("e9", person(9)), night=2))
    assert held(1).master_institution == ""
    report = load(delivery(other, number=DAY_CARE, night=3))
    assert report.counts.tally == (0, 1, 0, 0)
    assert report.counts.contacts == (0, 1, 0, 0)
    assert (held(1).first_name, held(2).first_name) == ("Anne", "Ib")
    assert (held(1).master_institution, held(2).master_institution) == (DAY_CARE, DAY_CARE)
    assert load(delivery(other, number=DAY_CARE, night=4)).counts.tally == (0, 0, 1, 0)


def test_two_systems_of_one_institution_are_two_series(load):
    load(delivery(pupil("1", person(1)), source="SIS"))
    load(delivery(pupil("1", person(2), main="3a"), source="SFO"))
    assert ImportSeries.objects.count() == 2
    assert Membership.objects.current().count() == 2


def test_a_known_person_without_an_account_gets_one(load):
    parent = Person.objects.create(cpr=Person.sealed_cpr(cpr(5)), first_name="Bo", family_name="Lund")
    load(delivery(pupil("e1", person(1), contact(person(5, "Bo", "Lund")))))
    assert User.objects.get(person=parent).actor_group == "Kontaktperson"


def test_names_of_four_byte_letters_are_taken(load):
    report = load(delivery(pupil("e1", person(1, "𝒜𝓃𝓃𝒶", "🙂 Holm"))))
    assert report.state == RunState.LOADED
    assert held(1).name == "𝒜𝓃𝓃𝒶 🙂 Holm"


def test_elements_are_read_by_local_name_in_any_namespace(load):
    prefixed = (
        b'<?xml version="1.0"?>\n<!-- <Institution> --><u:UNILoginImport xmlns:u="https://unilogin.dk"'
        b' sourceDateTime="2026-08-10T02:00:00Z" source="S" schoolYear="2026-2027"><u:Institution>'
        b"<u:InstitutionNumber>101001</u:InstitutionNumber><!-- <InstitutionPerson/> -->\n"
        b"<u:InstitutionPerson><u:LocalPersonId>m1</u:LocalPersonId><u:Person protected='0'><u:FirstName>Anna"
        b"</u:FirstName><u:FamilyName><![CDATA[<InstitutionPerson>]]></u:FamilyName><u:CivilRegistrationNumber>"
        + cpr(1).encode()
        + b"</u:CivilRegistrationNumber></u:Person><u:Employee><u:Role>TAP</u:Role></u:Employee>\n"
        b"</u:InstitutionPerson></u:Institution></u:UNILoginImport>"
    )
    report = load(prefixed)
    assert report.counts.tally == (1, 0, 0, 0)
    assert held(1).family_name == "<InstitutionPerson>"


def test_a_run_tells_of_the_loading_and_is_audited_once(load):
    report = load(delivery(pupil("e1", person(1)), pupil("e2", person(None))))
    run = ImportRun.objects.get()
    assert (run.pk, run.state, run.institution_number, run.source) == (
        report.run_id,
        RunState.LOADED_WITH_ISSUES,
        SCHOOL,
        SOURCE,
    )
    assert run.counts["created"] == 1
    assert run.series.last_sha256 == run.sha256
    assert [(i.line, i.local_person_id, i.code) for i in run.issues.all()] == [(6, "e2", "CPR_MANGLER")]
    assert issues_of(report) == [(6, "e2", "CPR_MANGLER")]
    assert AuditEvent.objects.get().action == "import.loaded"


def test_the_same_bytes_again_are_known_without_reading(load):
    data = delivery(pupil("e1", person(1), contact(person(2))))
    load(data)
    before = content()
    report = load(data)
    assert report.state == RunState.UNCHANGED
    assert report.counts.tally == (0, 0, 1, 0)
    assert report.counts.contacts == (0, 0, 1, 0)
    assert content() == before
    assert [run.state for run in ImportRun.objects.order_by("pk")] == [RunState.LOADED, RunState.UNCHANGED]

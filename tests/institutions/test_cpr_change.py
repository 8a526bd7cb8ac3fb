"""Skift CPR: what an administrator confirms, so that the next import passes (D1.8)."""

import pytest

from accounts.models import AuditEvent, ContactRelation, Person, User
from institutions import services
from institutions.actor import Actor, GrantedRight
from institutions.importing.cpr_change import CprOutcome
from institutions.models import Institution, Membership
from institutions.roles import Right
from unilogin_portal.lib.errors import DomainError

from .conftest import issues_of, load_bytes
from .deliveries import OTHER_SCHOOL, SCHOOL, SOURCE, contact, cpr, delivery, employee, person, pupil

OLD, NEW, TAKEN = 1, 77, 3


@pytest.fixture
def school(institutions) -> Institution:
    load_bytes(
        delivery(
            pupil("e1", person(OLD, "Anna"), contact(person(11, "Karen"))),
            pupil("e2", person(2, "Bo")),
            employee("m1", person(20, "Erik")),
        )
    )
    return institutions[SCHOOL]


@pytest.fixture
def leader(db) -> Actor:
    user = User.objects.create(username="lead0001", state="active")
    return Actor(user, rights=(GrantedRight(Right.AGREEMENTS, "p", "0"),))


@pytest.fixture
def operator(db) -> Actor:
    return Actor.of(User.objects.create(username="stil0001", state="active", is_staff=True))


def with_number(number: int, *, night: int = 1) -> bytes:
    return delivery(
        pupil("e1", person(number, "Anna"), contact(person(11, "Karen"))),
        pupil("e2", person(2, "Bo")),
        employee("m1", person(20, "Erik")),
        night=night,
    )


def change(school: Institution, number: int, by: Actor, local_id: str = "e1") -> None:
    services.change_cpr(school, SOURCE, local_id, cpr(number), by=by, note="A replacement number was replaced")


def test_another_number_for_a_local_id_is_an_issue_until_it_is_confirmed(school, leader):
    report = load_bytes(with_number(NEW))
    assert [(local_id, code) for _, local_id, code in issues_of(report)] == [("e1", "CPR_UVENTET")]
    change(school, NEW, leader)
    assert issues_of(load_bytes(with_number(NEW, night=2))) == []


def test_a_number_that_nobody_has_becomes_the_persons_and_the_account_stays(school, leader):
    user = User.objects.get(person__first_name="Anna")
    analysis = services.analyse_cpr_change(school, SOURCE, "e1", cpr(NEW))
    assert (analysis.outcome, analysis.is_elsewhere_too) == (CprOutcome.KEEPS_ACCOUNT, False)
    change(school, NEW, leader)
    load_bytes(with_number(NEW))
    user.refresh_from_db()
    assert user.person.cpr_number() == cpr(NEW)
    assert user.is_affiliated
    assert Membership.objects.get(local_person_id="e1").person == user.person
    assert ContactRelation.objects.current().get().child == user.person


def test_a_number_of_somebody_known_moves_the_tie_to_that_person(institutions, school, leader):
    load_bytes(delivery(pupil("x", person(TAKEN, "Anna Holm")), number=OTHER_SCHOOL))
    former = Person.objects.with_cpr(cpr(OLD)).get()
    analysis = services.analyse_cpr_change(school, SOURCE, "e1", cpr(TAKEN))
    assert (analysis.outcome, analysis.is_elsewhere_too) == (CprOutcome.MOVES_TO_KNOWN, False)
    change(school, TAKEN, leader)
    known = Person.objects.with_cpr(cpr(TAKEN)).get()
    assert {tie.institution.number for tie in Membership.objects.current().filter(person=known)} == {
        SCHOOL,
        OTHER_SCHOOL,
    }
    assert not User.objects.get(person=former).is_affiliated


def test_the_contact_persons_come_with_the_next_import_and_not_from_a_typed_number(institutions, school, leader):
    load_bytes(delivery(pupil("x", person(TAKEN, "Anna Holm")), number=OTHER_SCHOOL))
    known = Person.objects.with_cpr(cpr(TAKEN)).get()
    change(school, TAKEN, leader)
    assert not ContactRelation.objects.current().exists()
    assert not User.objects.get(person__first_name="Karen").is_affiliated
    assert issues_of(load_bytes(with_number(TAKEN))) == []
    assert ContactRelation.objects.current().get().child == known


def test_whoever_other_institutions_have_too_is_for_the_operator(institutions, school, leader, operator):
    load_bytes(delivery(pupil("x", person(OLD, "Anna")), number=OTHER_SCHOOL))
    assert services.analyse_cpr_change(school, SOURCE, "e1", cpr(NEW)).is_elsewhere_too
    with pytest.raises(DomainError):
        change(school, NEW, leader)
    assert Person.objects.with_cpr(cpr(OLD)).exists()
    change(school, NEW, operator)
    assert not Person.objects.with_cpr(cpr(OLD)).exists()


def test_a_parent_at_another_school_is_for_the_operator_too(institutions, school, leader):
    load_bytes(delivery(pupil("x", person(50), contact(person(20, "Erik"))), number=OTHER_SCHOOL))
    with pytest.raises(DomainError):
        change(school, NEW, leader, local_id="m1")


REFUSED = {
    "not a CPR number": ("e1", "3113990000"),
    "nothing at all": ("e1", ""),
    "a local id of nobody": ("e9", cpr(NEW)),
    "the number the person has": ("e1", cpr(OLD)),
    "the number of another pupil of the same system": ("e1", cpr(2)),
}


@pytest.mark.parametrize(("local_id", "number"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_changed_is_said_and_changes_nothing(school, leader, local_id, number):
    before = list(Person.objects.order_by("pk").values_list("cpr", flat=True))
    with pytest.raises(DomainError) as refusal:
        services.change_cpr(school, SOURCE, local_id, number, by=leader, note="")
    assert list(Person.objects.order_by("pk").values_list("cpr", flat=True)) == before
    assert "Anna" not in str(refusal.value)


def test_the_act_is_audited_without_the_number(school, leader):
    change(school, NEW, leader)
    event = AuditEvent.objects.get(action="import.cpr_changed")
    assert (event.actor, event.actor_institution, event.subject.first_name) == (leader.user, SCHOOL, "Anna")
    assert cpr(NEW) not in str(event.details)
    assert cpr(OLD) not in str(event.details)


def test_another_institutions_local_id_is_nobodys_here(institutions, school, leader):
    load_bytes(delivery(pupil("theirs", person(60)), number=OTHER_SCHOOL))
    with pytest.raises(DomainError):
        change(school, NEW, leader, local_id="theirs")

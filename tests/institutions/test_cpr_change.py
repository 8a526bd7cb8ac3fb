"""Skift CPR: what an administrator confirms, so that the next import passes (D1.8)."""

import datetime as dt

import pytest
from django.core import mail
from django.utils import timezone

from accounts.models import AuditEvent, ContactRelation, Person, User
from institutions import services
from institutions.actor import Actor, GrantedRight
from institutions.importing.cpr_change import CprAnalysis, CprOutcome
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


def analyse(school: Institution, number: int, by: Actor, local_id: str = "e1") -> CprAnalysis:
    return services.analyse_cpr_change(school, SOURCE, local_id, cpr(number), by=by)


def change(school: Institution, number: int, by: Actor, local_id: str = "e1") -> None:
    outcome = analyse(school, number, by, local_id).outcome
    note = "A replacement number was replaced"
    services.change_cpr(school, SOURCE, local_id, cpr(number), expected=outcome, by=by, note=note)


def assert_refused(school: Institution, number: int, by: Actor, expected: CprOutcome, local_id: str = "e1") -> None:
    """Whether it is only asked about or confirmed at once."""
    with pytest.raises(DomainError, match="support"):
        analyse(school, number, by, local_id)
    with pytest.raises(DomainError, match="support"):
        services.change_cpr(school, SOURCE, local_id, cpr(number), expected=expected, by=by, note="")


def test_another_number_for_a_local_id_is_an_issue_until_it_is_confirmed(school, leader):
    report = load_bytes(with_number(NEW))
    assert [(local_id, code) for _, local_id, code in issues_of(report)] == [("e1", "CPR_UVENTET")]
    change(school, NEW, leader)
    assert issues_of(load_bytes(with_number(NEW, night=2))) == []


def test_a_number_that_nobody_has_becomes_the_persons_and_the_account_stays(school, leader):
    user = User.objects.get(person__first_name="Anna")
    analysis = analyse(school, NEW, leader)
    assert (analysis.outcome, analysis.is_elsewhere_too) == (CprOutcome.KEEPS_ACCOUNT, False)
    change(school, NEW, leader)
    load_bytes(with_number(NEW))
    user.refresh_from_db()
    assert user.person.cpr_number() == cpr(NEW)
    assert user.is_affiliated
    assert Membership.objects.get(local_person_id="e1").person == user.person
    assert ContactRelation.objects.current().get().child == user.person


@pytest.fixture
def known(institutions, school) -> Person:
    """Somebody who was at another school once, and is at none now."""
    load_bytes(delivery(pupil("x", person(TAKEN, "Anna Holm")), pupil("y", person(90)), number=OTHER_SCHOOL))
    load_bytes(delivery(pupil("y", person(90)), number=OTHER_SCHOOL, night=1))
    return Person.objects.with_cpr(cpr(TAKEN)).get()


def test_a_number_of_somebody_known_moves_the_tie_to_that_person(school, known, leader):
    former = Person.objects.with_cpr(cpr(OLD)).get()
    analysis = analyse(school, TAKEN, leader)
    assert (analysis.outcome, analysis.is_elsewhere_too) == (CprOutcome.MOVES_TO_KNOWN, False)
    change(school, TAKEN, leader)
    assert Membership.objects.current().get(person=known).institution == school
    assert User.objects.get(person=known).is_affiliated
    assert not User.objects.get(person=former).is_affiliated


def test_a_number_of_somebody_whom_others_have_is_for_the_operator(institutions, school, leader, operator):
    load_bytes(delivery(pupil("x", person(TAKEN, "Anna Holm")), number=OTHER_SCHOOL))
    assert_refused(school, TAKEN, leader, CprOutcome.MOVES_TO_KNOWN)
    assert Membership.objects.current().filter(institution=school).count() == 3
    change(school, TAKEN, operator)
    known = Person.objects.with_cpr(cpr(TAKEN)).get()
    places = Membership.objects.current().filter(person=known).values_list("institution__number", flat=True)
    assert set(places) == {SCHOOL, OTHER_SCHOOL}


def test_what_is_confirmed_is_what_was_shown(institutions, school, operator):
    assert analyse(school, TAKEN, operator).outcome == CprOutcome.KEEPS_ACCOUNT
    load_bytes(delivery(pupil("x", person(TAKEN, "Anna Holm")), number=OTHER_SCHOOL))
    before = list(Membership.objects.order_by("pk").values_list("person", flat=True))
    shown = CprOutcome.KEEPS_ACCOUNT
    with pytest.raises(DomainError):
        services.change_cpr(school, SOURCE, "e1", cpr(TAKEN), expected=shown, by=operator, note="")
    assert list(Membership.objects.order_by("pk").values_list("person", flat=True)) == before


def test_asking_is_recorded_and_slowed_down(school, leader, time_machine):
    for number in range(100, 110):
        analyse(school, number, leader)
    with pytest.raises(DomainError):
        analyse(school, NEW, leader)
    assert AuditEvent.objects.filter(action="import.cpr_asked", actor=leader.user).count() == 10
    time_machine.move_to(timezone.now() + dt.timedelta(hours=1), tick=True)
    analyse(school, NEW, leader)


def test_whose_account_it_is_gets_a_mail_without_the_number(school, leader, django_capture_on_commit_callbacks):
    Person.objects.filter(first_name="Anna").update(email="anna@post.example")
    with django_capture_on_commit_callbacks(execute=True):
        change(school, NEW, leader)
    [message] = mail.outbox
    assert message.to == ["anna@post.example"]
    assert cpr(NEW) not in message.body
    assert "Anna" not in message.body


def test_the_contact_persons_come_with_the_next_import_and_not_from_a_typed_number(school, known, leader):
    change(school, TAKEN, leader)
    assert not ContactRelation.objects.current().exists()
    assert not User.objects.get(person__first_name="Karen").is_affiliated
    assert issues_of(load_bytes(with_number(TAKEN))) == []
    assert ContactRelation.objects.current().get().child == known


def test_whoever_other_institutions_have_too_is_for_the_operator(institutions, school, leader, operator):
    load_bytes(delivery(pupil("x", person(OLD, "Anna")), number=OTHER_SCHOOL))
    assert_refused(school, NEW, leader, CprOutcome.KEEPS_ACCOUNT)
    assert analyse(school, NEW, operator).is_elsewhere_too
    assert Person.objects.with_cpr(cpr(OLD)).exists()
    change(school, NEW, operator)
    assert not Person.objects.with_cpr(cpr(OLD)).exists()


def test_a_parent_at_another_school_is_for_the_operator_too(institutions, school, leader):
    load_bytes(delivery(pupil("x", person(50), contact(person(20, "Erik"))), number=OTHER_SCHOOL))
    assert_refused(school, NEW, leader, CprOutcome.KEEPS_ACCOUNT, local_id="m1")


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
        services.change_cpr(school, SOURCE, local_id, number, expected=CprOutcome.KEEPS_ACCOUNT, by=leader, note="")
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

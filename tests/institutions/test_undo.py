"""A loaded run can be taken back whole, as long as no later run of the institution has built on it."""

import pytest
from django.db import transaction
from hypothesis import given

from accounts.models import AuditEvent, ContactRelation, Credential, Person, User
from institutions import services
from institutions.actor import Actor
from institutions.models import (
    DecisionKind,
    Group,
    ImportJournal,
    ImportRun,
    ImportSeries,
    Institution,
    Membership,
    MembershipGroup,
    RunState,
)
from unilogin_portal.lib.errors import DomainError

from .conftest import load_bytes
from .deliveries import OTHER_SCHOOL, SCHOOL, SOURCE, contact, cpr, delivery, employee, group, person, pupil
from .test_import_properties import CHECKED, NIGHTS, load, load_past_the_brakes, shape


@pytest.fixture
def leader(db) -> Actor:
    return Actor.of(User.objects.create(username="lead0001", state="active", is_staff=True))


def everything() -> list:
    """Return every row that a delivery is about with its key. Left out: the keys of places in groups, which are
    made anew, and the digests, which only save reading."""
    places = MembershipGroup.objects.order_by("membership", "group").values_list("membership", "group")
    models = (Institution, Person, User, Group, Membership, ContactRelation)
    rows = [
        [row for row in model.objects.order_by("pk").values() if row.pop("digest", True) is not None]
        for model in models
    ]
    return [*rows, list(places)]


def newest() -> ImportRun:
    return ImportRun.objects.exclude(state=RunState.UNDONE).latest("pk")


def give_number(institution: Institution, number: str, by: Actor) -> None:
    """Give whoever has the local id e1 this CPR number."""
    shown = services.analyse_cpr_change(institution, SOURCE, "e1", number, by=by).outcome
    services.change_cpr(institution, SOURCE, "e1", number, expected=shown, by=by, note="")


FIRST = [
    pupil("e1", person(1, "Anna"), contact(person(11, "Karen")), contact(person(12, "Per"), "Far"), groups=["Kor"]),
    pupil("e2", person(2, "Bo"), contact(person(11, "Karen"))),
    pupil("e3", person(3, "Cille"), contact(person(13, "Dorte"))),
    employee("m1", person(20, "Erik"), "Lærer", groups=["3a"]),
]
# One leaves with her contact, one moves and is renamed, one comes with a known contact, custody and roles change.
SECOND = [
    pupil(
        "e1",
        person(1, "Anna Maria", street="Nyvej 2"),
        contact(person(11, "Karen", street="Nyvej 2"), custody="false"),
        level="4",
        main="4a",
        groups=["Skak"],
    ),
    pupil("e2", person(2, "Bo"), contact(person(11, "Karen"))),
    pupil("e4", person(4, "Freja"), contact(person(12, "Per"), "Far"), contact(person(14, "Gerd"))),
    employee("m1", person(20, "Erik"), "Leder", groups=["4a"]),
]
CLASSES = [group("3a"), group("4a", level="4")]


def test_everything_is_as_before_the_run(institutions, leader):
    load_bytes(delivery(*FIRST, groups=CLASSES[:1]))
    before, series = everything(), ImportSeries.objects.values().get()
    load_bytes(delivery(*SECOND, groups=CLASSES, night=1))
    assert everything() != before
    run = services.undo_run(newest(), by=leader, note="The wrong school's file")
    assert everything() == before
    assert run.state == RunState.UNDONE
    now = ImportSeries.objects.values().get()
    assert now.pop("hold_next")
    assert now == {name: value for name, value in series.items() if name != "hold_next"}


def test_the_file_of_a_first_load_that_was_taken_back_is_asked_about_when_it_comes_again(institutions, leader):
    load_bytes(delivery(*FIRST))
    services.undo_run(newest(), by=leader, note="The wrong school's file")
    assert load_bytes(delivery(*FIRST)).state == RunState.AWAITING_APPROVAL
    assert not Membership.objects.exists()


def test_a_first_load_that_is_taken_back_leaves_nobody(institutions, leader):
    load_bytes(delivery(*FIRST))
    services.undo_run(newest(), by=leader, note="")
    for model in (Person, Membership, Group, ContactRelation, MembershipGroup):
        assert not model.objects.exists(), model
    assert list(User.objects.all()) == [leader.user]


def test_who_has_taken_the_account_into_use_keeps_it_without_a_tie(institutions, leader):
    load_bytes(delivery(*FIRST))
    user = User.objects.get(person__first_name="Erik")
    user.state = "active"
    user.set_password("LampeSkov47")
    user.save()
    services.undo_run(newest(), by=leader, note="")
    assert list(Person.objects.values_list("first_name", flat=True)) == ["Erik"]
    user.refresh_from_db()
    assert not user.is_affiliated
    assert not Membership.objects.exists()


def test_who_came_to_another_school_meanwhile_stays_there(institutions, leader):
    load_bytes(delivery(*FIRST))
    run = newest()
    load_bytes(delivery(pupil("x1", person(1, "Anna")), number=OTHER_SCHOOL))
    services.undo_run(run, by=leader, note="")
    tie = Membership.objects.get()
    assert (tie.person.first_name, tie.institution.number, tie.is_primary) == ("Anna", OTHER_SCHOOL, True)
    assert tie.person.user.is_affiliated


def test_who_got_a_tie_of_the_run_by_a_change_of_cpr_number_loses_it_and_what_followed(institutions, leader):
    load_bytes(delivery(pupil("x1", person(1, "Anna")), pupil("x2", person(2, "Bo")), number=OTHER_SCHOOL))
    load_bytes(delivery(pupil("x2", person(2, "Bo")), number=OTHER_SCHOOL, night=1))
    anna = User.objects.get(person__first_name="Anna")
    assert not anna.is_affiliated
    load_bytes(delivery(pupil("e1", person(50, "Anna"))))
    give_number(institutions[SCHOOL], cpr(1), leader)
    services.undo_run(newest(), by=leader, note="")
    anna.refresh_from_db()
    assert not anna.is_affiliated


def test_what_another_school_has_come_to_say_of_a_person_stays(institutions, leader):
    elsewhere = [pupil("x1", person(1, "Anna")), pupil("x2", person(2, "Bo"))]
    load_bytes(delivery(pupil("e1", person(1, "Anna"))))
    load_bytes(delivery(*elsewhere, number=OTHER_SCHOOL))
    load_bytes(delivery(pupil("e1", person(1, "Anna Maria")), night=1))
    run = newest()
    give_number(institutions[SCHOOL], cpr(2), leader)
    load_bytes(delivery(pupil("x1", person(1, "Berit")), elsewhere[1], number=OTHER_SCHOOL, night=1))
    assert Person.objects.with_cpr(cpr(1)).get().first_name == "Berit"
    services.undo_run(run, by=leader, note="")
    assert Person.objects.with_cpr(cpr(1)).get().first_name == "Berit"


def test_the_act_is_audited_and_says_why(institutions, leader):
    load_bytes(delivery(*FIRST))
    run = services.undo_run(newest(), by=leader, note="The wrong file")
    decision = run.decisions.get()
    assert (decision.kind, decision.by, decision.note) == (DecisionKind.UNDO, leader.user, "The wrong file")
    event = AuditEvent.objects.get(action="import.undo")
    assert (event.actor, event.actor_institution) == (leader.user, run.institution_number)


def test_the_next_delivery_waits_for_approval(institutions, leader):
    load_bytes(delivery(*FIRST))
    load_bytes(delivery(*SECOND, groups=CLASSES, night=1))
    services.undo_run(newest(), by=leader, note="")
    report = load_bytes(delivery(*FIRST, night=2))
    assert report.state == RunState.AWAITING_APPROVAL
    run = ImportRun.objects.get(state=RunState.AWAITING_APPROVAL)
    assert [stop["brake"] for stop in run.stops] == ["undone"]
    services.approve_run(run, by=leader, note="Mended")
    assert services.load_waiting(run.delivery.pk).is_done
    assert not ImportSeries.objects.get().hold_next


def test_the_same_file_may_come_again_after_its_run_was_taken_back(institutions, leader):
    load_bytes(delivery(*FIRST, groups=CLASSES[:1]))
    load_bytes(delivery(*SECOND, groups=CLASSES, night=1))
    after = shape()
    services.undo_run(newest(), by=leader, note="")
    load_bytes(delivery(*SECOND, groups=CLASSES, night=1))
    run = ImportRun.objects.get(state=RunState.AWAITING_APPROVAL)
    services.approve_run(run, by=leader, note="It was right after all")
    services.load_waiting(run.delivery.pk)
    assert shape() == after


def refusals(institutions, leader):
    load_bytes(delivery(*FIRST))
    first = newest()
    load_bytes(delivery(*SECOND, groups=CLASSES, night=1))
    return first, newest()


def test_a_run_that_a_later_one_has_built_on_stays(institutions, leader):
    first, second = refusals(institutions, leader)
    assert services.why_not_undo(first)
    assert not services.why_not_undo(second)
    before = everything()
    with pytest.raises(DomainError):
        services.undo_run(first, by=leader, note="")
    assert everything() == before


def test_a_later_run_by_another_system_of_the_institution_counts_too(institutions, leader):
    load_bytes(delivery(*FIRST))
    first = newest()
    load_bytes(delivery(employee("x", person(50)), source="Another system"))
    with pytest.raises(DomainError):
        services.undo_run(first, by=leader, note="")


def test_a_delivery_that_changed_nothing_does_not_build_on_it(institutions, leader):
    data = delivery(*FIRST)
    load_bytes(data)
    run = newest()
    load_bytes(data)
    assert not services.why_not_undo(run)


def test_a_run_is_taken_back_once(institutions, leader):
    load_bytes(delivery(*FIRST))
    run = newest()
    services.undo_run(run, by=leader, note="")
    with pytest.raises(DomainError):
        services.undo_run(run, by=leader, note="")
    assert AuditEvent.objects.filter(action="import.undo").count() == 1


def test_what_was_refused_or_waits_cannot_be_taken_back(institutions, leader):
    load_bytes(delivery(*FIRST))
    load_bytes(delivery(night=1))
    run = ImportRun.objects.get(state=RunState.AWAITING_APPROVAL)
    assert services.why_not_undo(run)
    with pytest.raises(DomainError):
        services.undo_run(run, by=leader, note="")


def test_what_is_needed_to_take_it_back_lies_sealed_and_only_for_the_newest(institutions, leader):
    refusals(institutions, leader)
    stored = bytes(ImportJournal.objects.get().content)
    assert b"Cille" not in stored
    assert b"Anna" not in stored


def test_a_password_made_meanwhile_is_not_lost_with_the_account(institutions, leader):
    load_bytes(delivery(*FIRST))
    user = User.objects.get(person__first_name="Bo")
    Credential.objects.create(user=user, band="young", made_at="2026-08-10T10:00Z")
    services.undo_run(newest(), by=leader, note="")
    assert User.objects.filter(pk=user.pk).exists()


def test_who_was_nobodys_before_keeps_the_rule_for_the_password(institutions, leader):
    load_bytes(delivery(employee("m1", person(1)), employee("m2", person(2))))
    load_bytes(delivery(employee("m2", person(2)), night=1))
    before = everything()
    load_bytes(delivery(employee("m2", person(2)), pupil("e1", person(1)), night=2))
    services.undo_run(newest(), by=leader, note="")
    assert everything() == before


@CHECKED
@given(nights=NIGHTS)
def test_whatever_was_delivered_the_last_run_can_be_taken_back(institutions, nights):
    with transaction.atomic():
        leader = Actor.of(User.objects.create(username="stil0001", state="active", is_staff=True))
        load(nights[:-1])
        before = everything()
        rows, groups, number = nights[-1]
        run = load_past_the_brakes(delivery(*rows, groups=groups, number=number, night=len(nights)))
        services.undo_run(run, by=leader, note="")
        assert everything() == before
        transaction.set_rollback(True)

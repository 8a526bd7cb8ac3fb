"""Series that nobody renews: warned after eleven months, ended after twelve, and back with the next delivery (D1.8)."""

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from accounts.models import AuditEvent, ContactRelation, Person, User
from institutions import tasks
from institutions.actor import Actor
from institutions.importing import expiry
from institutions.models import Group, ImportRun, ImportSeries, Institution, Membership, RunState
from institutions.services import confirm_series, undo_run
from tests.cast import PASSWORD

from .conftest import load_bytes, run_command
from .deliveries import OTHER_SCHOOL, SCHOOL, SOURCE, contact, delivery, employee, person, pupil

LOADED_AT = dt.datetime(2026, 8, 10, 2, 30, tzinfo=dt.UTC)
LEADER = "<EmailAddress>leder@skolen.example</EmailAddress>"
TEACHER = "<EmailAddress>laerer@skolen.example</EmailAddress>"
ROWS = [
    pupil("e1", person(1), contact(person(10, "Bo", "Krogh"))),
    pupil("e2", person(2)),
    employee("a1", person(3, "Lea", "Dam", more=LEADER), "Lærer", "Leder"),
    employee("a2", person(4, "Per", "Vang", more=TEACHER), "Lærer"),
]
DELIVERY = delivery(*ROWS)


@pytest.fixture
def day(institutions, settings, django_capture_on_commit_callbacks) -> Iterator[Callable[[int], expiry.Looked]]:
    """A series loaded on day 0; `day(335)` lets the daily job look on that day."""
    settings.OPERATOR_EMAIL = "drift@unilogin.example"
    Institution.objects.filter(number=SCHOOL).update(email="skolen@kommune.example", name="Lærkeskolen")
    with time_machine.travel(LOADED_AT, tick=False) as clock:
        load_bytes(DELIVERY)
        mail.outbox.clear()

        def look(days: int) -> expiry.Looked:
            clock.move_to(LOADED_AT + dt.timedelta(days=days))
            with django_capture_on_commit_callbacks(execute=True):
                return expiry.end_old_series(timezone.now())

        yield look


def series() -> ImportSeries:
    return ImportSeries.objects.get(institution__number=SCHOOL)


def current() -> tuple[int, int, int]:
    groups = Group.objects.filter(ended_at=None)
    return Membership.objects.current().count(), ContactRelation.objects.current().count(), groups.count()


def test_nothing_happens_for_eleven_months(day):
    assert day(0) == day(334) == expiry.Looked()
    assert mail.outbox == []


def test_after_eleven_months_those_who_answer_for_it_get_a_mail_with_a_link(day):
    assert day(336) == expiry.Looked(warned=1)
    assert [letter.to for letter in mail.outbox] == [["leder@skolen.example"], ["drift@unilogin.example"]]
    letter = mail.outbox[0]
    assert letter.subject == "En import er ikke fornyet i elleve måneder"
    assert len(letter.subject) < 60
    assert f"http://testserver/brugeradministration/import/serier/{series().pk}/bekraeft/\n" in letter.body
    assert "Lærkeskolen fra Test SIS siden 10. august 2026" in letter.body
    assert "tilknytningen for 4 personer den 10. august 2027" in letter.body
    assert AuditEvent.objects.get(action="import.series_warned").actor_institution == SCHOOL
    assert current() == (4, 1, 1)


def test_a_mail_names_nobody(day):
    for days in (336, 366):
        day(days)
    assert len(mail.outbox) == 4
    text = "".join(letter.subject + letter.body for letter in mail.outbox)
    for word in ("Anna", "Holm", "Krogh", "Lea", "Dam", "e1", "a1", "leder@"):
        assert word not in text


def test_the_mail_comes_once(day):
    day(336)
    assert day(337) == day(350) == day(363) == expiry.Looked()
    assert len(mail.outbox) == 2


def test_without_leaders_with_an_address_the_institution_itself_is_written_to(day):
    Person.objects.update(email="")
    day(336)
    assert [letter.to for letter in mail.outbox] == [["skolen@kommune.example"], ["drift@unilogin.example"]]


def test_after_twelve_months_all_that_the_series_holds_ends(day):
    load_bytes(delivery(pupil("x1", person(50)), number=OTHER_SCHOOL))
    day(336)
    load_bytes(delivery(pupil("x1", person(50)), number=OTHER_SCHOOL, night=1))
    mail.outbox.clear()
    assert day(365) == expiry.Looked(ended=1)
    assert current() == (1, 0, 1), "the other school's stay"
    assert set(Membership.objects.exclude(to_date=None).values_list("to_date", flat=True)) == {dt.date(2027, 8, 10)}
    assert User.objects.filter(is_affiliated=True).count() == 1
    run = ImportRun.objects.get(reason="not_renewed")
    assert (run.state, run.series, run.counts["ended"]) == (RunState.LOADED, series(), 4)
    assert AuditEvent.objects.get(action="import.series_ended").details["counts"]["ended"] == 4
    assert [letter.to for letter in mail.outbox] == [["leder@skolen.example"], ["drift@unilogin.example"]]
    assert mail.outbox[0].subject == "En import er ophørt, fordi den ikke blev fornyet"
    assert f"http://testserver/brugeradministration/import/{run.pk}/\n" in mail.outbox[0].body
    assert day(366) == day(600) == expiry.Looked()


def test_nobody_s_tie_ends_less_than_four_weeks_after_the_mail(day):
    assert day(400) == expiry.Looked(warned=1), "the job had stood still"
    assert "den 12. oktober 2027" in mail.outbox[0].body
    assert day(427) == expiry.Looked()
    assert day(428) == expiry.Looked(ended=1)


@pytest.mark.parametrize("delivered", [DELIVERY, delivery(*ROWS, night=5), delivery(*ROWS[1:], night=5)])
def test_any_delivery_that_is_loaded_renews_its_series(day, delivered):
    day(336)
    assert load_bytes(delivered).is_done
    assert day(366) == day(336 + 334) == expiry.Looked()
    assert day(336 + 336) == expiry.Looked(warned=1)
    assert day(336 + 366) == expiry.Looked(ended=1)


def test_a_delivery_that_is_refused_renews_nothing(day):
    day(336)
    assert not load_bytes(delivery(*ROWS, night=5)[:-60]).is_done
    assert day(366) == expiry.Looked(ended=1)


def test_a_series_whose_deliveries_are_held_back_does_not_end(day):
    day(336)
    assert load_bytes(delivery(night=5)).state == RunState.AWAITING_APPROVAL
    assert day(366) == expiry.Looked()
    assert current()[0] == 4


def test_a_confirmation_renews_the_series_for_a_year(day):
    day(336)
    confirm_series(series(), by=Actor.of(_operator()))
    assert day(366) == day(336 + 334) == expiry.Looked()
    assert day(336 + 336) == expiry.Looked(warned=1)


@pytest.mark.parametrize("night", [0, 3])
def test_an_ended_series_comes_back_with_the_next_delivery_and_everybody_with_the_old_account(day, night):
    accounts = dict(User.objects.values_list("username", "person"))
    for days in (336, 366):
        day(days)
    assert series().ended_at is not None
    assert load_bytes(delivery(*ROWS, night=night)).state == RunState.LOADED
    assert series().ended_at is None
    assert current() == (4, 1, 1)
    assert dict(User.objects.values_list("username", "person")) == accounts
    assert User.objects.filter(is_affiliated=True).count() == len(accounts)


def test_an_ending_can_be_taken_back(day):
    for days in (336, 366):
        day(days)
    undo_run(ImportRun.objects.get(reason="not_renewed"), by=Actor.of(_operator()), note="De er her endnu")
    assert current() == (4, 1, 1)
    assert day(367) == expiry.Looked()


def test_a_series_whose_ending_was_taken_back_lives_for_another_year(day):
    for days in (336, 366):
        day(days)
    undo_run(ImportRun.objects.get(reason="not_renewed"), by=Actor.of(_operator()), note="De er her endnu")
    assert series().ended_at is None
    assert day(366 + 334) == expiry.Looked()
    assert day(366 + 336) == expiry.Looked(warned=1)


def test_a_series_that_holds_nobody_ends_without_a_mail(day):
    Membership.objects.update(to_date=LOADED_AT.date(), is_primary=False)
    assert day(336) == expiry.Looked(warned=1)
    assert day(366) == expiry.Looked(ended=1)
    assert mail.outbox == []


def test_the_command_and_the_task_do_the_same(day):
    day(0)
    with time_machine.travel(LOADED_AT + dt.timedelta(days=336)):
        assert run_command("end_old_series") == (0, "1 warned, 0 ended\n", "")
    with time_machine.travel(LOADED_AT + dt.timedelta(days=366)):
        tasks.end_old_series()
    assert current() == (0, 0, 0)
    assert series().source == SOURCE


def _operator() -> User:
    return User.objects.create_superuser("stil0002", PASSWORD)


def test_a_series_whose_people_came_later_than_today_ends_like_the_others(day):
    Membership.objects.update(from_date=LOADED_AT.date() + dt.timedelta(days=900))
    for days in (336, 366):
        day(days)
    assert current() == (0, 0, 0)


def test_a_series_that_cannot_be_ended_does_not_keep_the_others_waiting(day, monkeypatch, institutions):
    load_bytes(delivery(pupil("x", person(50)), number=OTHER_SCHOOL))
    Institution.objects.filter(number=OTHER_SCHOOL).update(email="anden@kommune.example")
    real = expiry.snapshot.of_series

    def fail_for_the_first(institution: Institution, source: str) -> object:
        if institution.number == SCHOOL:
            raise RuntimeError
        return real(institution, source)

    monkeypatch.setattr(expiry.snapshot, "of_series", fail_for_the_first)
    day(336)
    assert day(366) == expiry.Looked(ended=1)

"""Reset windows: what leads from one state to another, and that one pupil has one window, one choice, one password."""

import datetime as dt
import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from accounts import animals, pictures, reset_windows, services, tasks
from accounts.models import AuditEvent, LoginSession, ResetWindow, SecretForm, User
from accounts.models.helping import LIVE_WINDOWS
from accounts.states import WINDOW_TRANSITIONS, WindowAction, WindowState, next_window_state
from tests.cast import PASSWORD, Cast, assemble, hash_of
from unilogin_portal.lib.errors import DomainError, IllegalTransition

from .animal_page import a_wrong_one

PAIRS = list(itertools.product(WindowState, WindowAction))
NEW = "trommegren"


def new_hash() -> str:
    return hash_of(NEW)


def open_for(cast: Cast, *names: str, by: str = "tove") -> reset_windows.Opened:
    return reset_windows.open_for([cast[name] for name in names], by=cast[by], role="Lærer", institution="101001")


@pytest.fixture
def window(cast: Cast) -> ResetWindow:
    return open_for(cast, "emil").windows[0]


def in_state(window: ResetWindow, state: WindowState) -> ResetWindow:
    ended_at = None if state in LIVE_WINDOWS else timezone.now()
    ResetWindow.objects.filter(pk=window.pk).update(state=state, ended_at=ended_at)
    return ResetWindow.objects.get(pk=window.pk)


def use(window: ResetWindow) -> User:
    mark = services.secret_mark(User.objects.get(pk=window.user_id))
    return reset_windows.use(window.pk, new_hash(), expected_mark=mark, form=SecretForm.WORDS)


def withdraw(window: ResetWindow) -> ResetWindow:
    return reset_windows.withdraw(window, by=window.opened_by, role="Lærer", institution="101001")


ACTS: dict[WindowAction, Callable[[ResetWindow], object]] = {
    WindowAction.CHOOSE: lambda window: reset_windows.choose(window, window.animal),
    WindowAction.MISCHOOSE: lambda window: reset_windows.choose(window, a_wrong_one(window)),
    WindowAction.USE: use,
    WindowAction.WITHDRAW: withdraw,
}


# The table


@pytest.mark.parametrize(("state", "action"), PAIRS)
def test_every_pair_of_the_table_moves_or_is_refused(state, action):
    if (state, action) in WINDOW_TRANSITIONS:
        assert next_window_state(state, action) is WINDOW_TRANSITIONS[state, action]
    else:
        with pytest.raises(IllegalTransition):
            next_window_state(state, action)


@pytest.mark.parametrize(("state", "action"), [pair for pair in PAIRS if pair[1] in ACTS])
def test_every_service_moves_a_window_as_the_table_says_or_leaves_everything_as_it_was(window, state, action):
    before = in_state(window, state)
    if (state, action) in WINDOW_TRANSITIONS:
        ACTS[action](before)
        assert ResetWindow.objects.get().state == WINDOW_TRANSITIONS[state, action]
    else:
        with pytest.raises(DomainError):
            ACTS[action](before)
        assert ResetWindow.objects.get().state == state
        assert User.objects.get(pk=window.user_id).check_password(PASSWORD)


@pytest.mark.parametrize("action", ACTS)
def test_when_the_time_is_over_nothing_can_be_done_any_more_written_down_or_not(window, action):
    if action is WindowAction.USE:
        reset_windows.choose(window, window.animal)
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=15, seconds=1)), pytest.raises(DomainError):
        ACTS[action](window)
    assert User.objects.get(pk=window.user_id).check_password(PASSWORD)


EVENTS = {
    WindowAction.CHOOSE: "window.chosen",
    WindowAction.MISCHOOSE: "window.mischosen",
    WindowAction.WITHDRAW: "window.withdrawn",
}


@pytest.mark.parametrize(("action", "event"), EVENTS.items())
def test_every_act_leaves_an_event_about_the_pupil(cast, window, action, event):
    ACTS[action](window)
    found = AuditEvent.objects.get(action=event)
    assert (found.subject, found.object_id) == (cast.person("emil"), str(window.pk))
    assert window.animal not in str(found.details)


# Opening


def test_a_window_is_open_for_five_minutes_and_changes_nothing_about_the_password(cast, window):
    assert window.expires_at - window.opened_at == dt.timedelta(minutes=5)
    assert cast["emil"].check_password(PASSWORD)
    event = AuditEvent.objects.get(action="window.opened")
    assert (event.actor, event.actor_role, event.actor_institution) == (cast["tove"], "Lærer", "101001")


def test_nine_different_animals_are_shown_and_the_right_one_is_among_them(window):
    assert len(set(window.shown)) == animals.SHOWN == len(window.shown)
    assert window.animal in window.shown
    assert set(window.shown) <= set(animals.IDS)


def test_the_right_animal_stands_at_every_place_in_the_end():
    places = {animals.nine_with("fox").index("fox") for _ in range(400)}
    assert places == set(range(9))


def test_no_animal_is_a_picture_of_a_password():
    assert not set(animals.IDS) & set(pictures.IDS)


def test_a_teachers_open_windows_have_different_animals_while_they_can(cast):
    opened = open_for(cast, "emil", "esther", "sofie", "viggo").windows
    assert len({window.animal for window in opened}) == 4
    again = open_for(cast, "emil").windows[0]
    assert again.animal not in {window.animal for window in opened if window.user != cast["emil"]}


def test_a_new_window_closes_the_one_before(cast, window):
    again = open_for(cast, "emil", by="leif").windows[0]
    assert ResetWindow.objects.get(pk=window.pk).state == WindowState.WITHDRAWN
    assert ResetWindow.objects.get(state=WindowState.OPEN) == again
    assert AuditEvent.objects.get(action="window.withdrawn").actor == cast["leif"]


def test_a_new_window_closes_also_what_is_being_made_in_the_one_before(cast, window):
    reset_windows.choose(window, window.animal)
    open_for(cast, "emil")
    with pytest.raises(DomainError):
        use(window)


def test_the_same_pupil_twice_in_one_go_is_once(cast):
    assert len(open_for(cast, "emil", "emil").windows) == 1


def test_the_database_allows_one_open_window_a_pupil(window):
    window.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        window.save()


def test_who_is_blocked_or_has_left_gets_no_window(cast):
    services.block(cast["emil"], by=cast["leif"])
    User.objects.filter(username="esth7204").update(is_affiliated=False)
    opened = open_for(cast, "emil", "esther", "sofie")
    assert [window.user for window in opened.windows] == [cast["sofie"]]
    assert opened.blocked == [cast["emil"]]


@pytest.mark.parametrize("names", [["emil"], ["emil", "esther", "sofie", "viggo", "karim", "liv", "leif", "bo"]])
def test_opening_costs_as_many_queries_for_many_as_for_one(cast, names, django_assert_num_queries):
    users, tove = [cast[name] for name in names], cast["tove"]
    with django_assert_num_queries(7):
        reset_windows.open_for(users, by=tove, role="Lærer", institution="101001")
    with django_assert_num_queries(9):
        reset_windows.open_for(users, by=tove, role="Lærer", institution="101001")


# Using


def test_the_password_is_the_pupils_and_the_act_its_helpers(cast, window, type_in):
    elsewhere = Client()
    type_in(elsewhere, "emil6613")
    reset_windows.choose(window, window.animal)
    use(window)
    assert cast["emil"].check_password(NEW)
    assert not LoginSession.objects.filter(user=cast["emil"]).exists()
    event = AuditEvent.objects.get(action="password.set")
    assert (event.actor, event.actor_role, event.details["why"]) == (cast["tove"], "Lærer", "helped")


def test_a_window_that_was_used_gives_no_second_password(cast, window):
    reset_windows.choose(window, window.animal)
    use(window)
    mark = services.secret_mark(cast["emil"])
    with pytest.raises(DomainError):
        reset_windows.use(window.pk, make_password("andet"), expected_mark=mark, form=SecretForm.WORDS)
    assert cast["emil"].check_password(NEW)


def test_a_password_that_cannot_be_saved_leaves_the_window_as_it_was(window):
    reset_windows.choose(window, window.animal)
    with pytest.raises(DomainError):
        reset_windows.use(window.pk, new_hash(), expected_mark="another", form=SecretForm.WORDS)
    assert ResetWindow.objects.get().state == WindowState.CHOSEN


def test_nothing_that_is_stored_about_a_window_is_a_secret(window):
    reset_windows.choose(window, window.animal)
    use(window)
    rows = str(list(ResetWindow.objects.values())) + str(list(AuditEvent.objects.values()))
    assert NEW not in rows
    assert new_hash() not in rows


# The end of the time


def test_what_is_over_is_written_down_once_by_the_system(cast, window):
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=6)):
        assert window.state_at(timezone.now()) is WindowState.EXPIRED
        tasks.write_down_what_is_over()
        assert reset_windows.expire_overdue() == 0
    assert ResetWindow.objects.get().state == WindowState.EXPIRED
    event = AuditEvent.objects.get(action="window.expired")
    assert (event.actor, event.subject) == (None, cast.person("emil"))


def test_what_is_over_is_written_down_by_hand_too(window, capsys):
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=6)):
        call_command("close_windows")
        call_command("close_windows")
    assert capsys.readouterr().out == "reset_windows: 1\nstep_ups: 0\nreset_windows: 0\nstep_ups: 0\n"
    assert ResetWindow.objects.get().state == WindowState.EXPIRED


def test_old_windows_are_forgotten_after_a_week(window):
    withdraw(window)
    assert reset_windows.forget_old() == 0
    with time_machine.travel(timezone.now() + dt.timedelta(days=7, minutes=1)):
        assert reset_windows.forget_old() == 1


# At once


def at_once(*acts: Callable[[], object], times: int = 6) -> int:
    """Do these at once, so many times in all; return how often one was taken."""

    def one(number: int) -> bool:
        try:
            return bool(acts[number % len(acts)]())
        except DomainError:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return sum(pool.map(one, range(times)))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_many_right_choices_at_once_one_goes_on():
    window = open_for(assemble(), "emil").windows[0]
    assert at_once(lambda: reset_windows.choose(window, window.animal)) == 1
    assert AuditEvent.objects.filter(action="window.chosen").count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_many_savings_at_once_one_is_kept():
    window = open_for(assemble(), "emil").windows[0]
    reset_windows.choose(window, window.animal)
    hashed, mark = new_hash(), services.secret_mark(User.objects.get(username="emil6613"))
    form = SecretForm.WORDS
    assert at_once(lambda: reset_windows.use(window.pk, hashed, expected_mark=mark, form=form)) == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_many_openings_at_once_one_window_is_left():
    cast = assemble()
    assert at_once(lambda: open_for(cast, "emil", "sofie").windows) == 6
    assert ResetWindow.objects.filter(state__in=LIVE_WINDOWS).count() == 2


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_saving_and_opening_anew_at_once_wait_for_each_other_and_not_in_a_circle():
    cast = assemble()
    window = open_for(cast, "emil").windows[0]
    reset_windows.choose(window, window.animal)
    assert at_once(lambda: use(window), lambda: open_for(cast, "emil", "sofie").windows) >= 3
    assert ResetWindow.objects.filter(user=cast["emil"], state__in=LIVE_WINDOWS).count() <= 1

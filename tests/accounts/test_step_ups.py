"""An adult's word: the services, the states and the level that comes of it."""

import datetime as dt
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.contrib.sessions.backends.cache import SessionStore
from django.db import connection
from django.utils import timezone

from accounts import assurance, audit, services, step_ups
from accounts.assurance import UniloginLoa
from accounts.mitunilogin import demo
from accounts.models import AuditEvent, ServiceLink, StepUp, User
from accounts.services import Why
from accounts.sessions import LOGIN_ID_KEY
from accounts.states import STEP_UP_TRANSITIONS, StepUpAction, StepUpState, next_step_up_state
from tests.cast import assemble, hash_of
from unilogin_portal.lib.errors import IllegalTransition
from unilogin_portal.lib.gate import LOA_SESSION_KEY, LevelOfAssurance

LOGIN = "a" * 32


@pytest.fixture
def bank(cast):
    demo.offer()
    return ServiceLink.objects.get(slug="proevebanken")


@pytest.fixture
def post(bank):
    return ServiceLink.objects.get(slug="klasseposten")


@pytest.fixture
def asked(cast, bank):
    return step_ups.ask(cast["emil"], bank, login_id=LOGIN)


def approve(cast, *asked):
    return step_ups.approve(asked, by=cast["tove"], role="Lærer", institution="101001")


def state_of(step_up):
    return StepUp.objects.get(pk=step_up.pk).state


def recorded(action):
    return AuditEvent.objects.filter(action=action)


@pytest.mark.parametrize("action", StepUpAction)
@pytest.mark.parametrize("state", StepUpState)
def test_every_pair_either_moves_or_is_refused(state, action):
    if (state, action) in STEP_UP_TRANSITIONS:
        assert next_step_up_state(state, action) is STEP_UP_TRANSITIONS[state, action]
    else:
        with pytest.raises(IllegalTransition):
            next_step_up_state(state, action)


ACTS = {
    StepUpAction.APPROVE: approve,
    StepUpAction.REFUSE: lambda cast, one: step_ups.refuse([one], by=cast["tove"], role="Lærer"),
    StepUpAction.END: lambda cast, one: step_ups.end([one], by=cast["tove"], role="Lærer"),
    StepUpAction.WITHDRAW: lambda cast, one: step_ups.withdraw(one),
}


@pytest.mark.parametrize("action", ACTS)
@pytest.mark.parametrize("state", StepUpState)
def test_every_service_moves_as_the_table_says_and_else_leaves_it_alone(cast, asked, state, action):
    answered = {"answered_by": cast["bo"], "answered_at": timezone.now(), "answered_role": "Lærer"}
    StepUp.objects.update(state=state, **answered)
    events = AuditEvent.objects.count()
    ACTS[action](cast, asked)
    moves = STEP_UP_TRANSITIONS.get((state, action))
    assert state_of(asked) == (moves or state)
    assert AuditEvent.objects.count() == events + (1 if moves else 0)


def test_asking_twice_is_asking_once(cast, bank, asked):
    assert step_ups.ask(cast["emil"], bank, login_id=LOGIN) == asked
    assert recorded("step_up.asked").get().details == {"service": "proevebanken"}


def test_who_waits_in_another_browser_waits_in_the_last_one_alone(cast, bank, post, asked):
    elsewhere = step_ups.ask(cast["emil"], post, login_id=LOGIN)
    later = step_ups.ask(cast["emil"], bank, login_id="b" * 32)
    states = [state_of(one) for one in (asked, elsewhere, later)]
    assert states == [StepUpState.WITHDRAWN, StepUpState.WAITING, StepUpState.WAITING]


def test_waiting_ends_by_itself_and_can_begin_anew(cast, bank, asked, settings):
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=settings.STEP_UP_WAIT_MINUTES, seconds=1)):
        assert approve(cast, asked) == []
        again = step_ups.ask(cast["emil"], bank, login_id=LOGIN)
    assert again != asked
    assert state_of(asked) == StepUpState.EXPIRED
    assert recorded("step_up.expired").count() == 1


def test_an_approval_counts_for_one_pupil_one_service_one_login_and_sixty_minutes(cast, bank, post, asked):
    approve(cast, asked)
    assert step_ups.granted(cast["emil"], bank, login_id=LOGIN) == asked
    assert step_ups.granted(cast["emil"], post, login_id=LOGIN) is None
    assert step_ups.granted(cast["esther"], bank, login_id=LOGIN) is None
    assert step_ups.granted(cast["emil"], bank, login_id="b" * 32) is None
    assert step_ups.granted(cast["emil"], bank, login_id="") is None
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=59)):
        assert step_ups.granted(cast["emil"], bank, login_id=LOGIN) == asked
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=60, seconds=1)):
        assert step_ups.granted(cast["emil"], bank, login_id=LOGIN) is None
        assert step_ups.end([asked], by=cast["tove"], role="Lærer") == []


def test_an_answer_is_recorded_about_each_pupil_with_role_and_institution(cast, bank, asked):
    other = step_ups.ask(cast["esther"], bank, login_id=LOGIN)
    approve(cast, asked, other)
    events = recorded("step_up.approved")
    assert {event.subject for event in events} == {cast.person("emil"), cast.person("esther")}
    assert {(e.actor, e.actor_role, e.actor_institution) for e in events} == {(cast["tove"], "Lærer", "101001")}


def test_who_was_answered_is_not_answered_again(cast, asked):
    step_ups.refuse([asked], by=cast["bo"], role="Lærer")
    assert approve(cast, asked) == []
    assert state_of(asked) == StepUpState.REFUSED
    assert approve(cast) == []


def test_logging_off_closes_what_waits_and_what_counts_in_that_login_alone(cast, bank, post, asked):
    waiting = step_ups.ask(cast["emil"], post, login_id=LOGIN)
    approve(cast, asked)
    elsewhere = step_ups.ask(cast["emil"], bank, login_id="b" * 32)
    step_ups.drop(cast["emil"], by=cast["emil"], login_id=LOGIN)
    states = [state_of(one) for one in (asked, waiting, elsewhere)]
    assert states == [StepUpState.ENDED, StepUpState.WITHDRAWN, StepUpState.WAITING]


def test_a_new_password_closes_them_all_as_it_ends_the_log_ins(cast, bank, post, asked):
    approve(cast, asked)
    waiting = step_ups.ask(cast["emil"], post, login_id=LOGIN)
    mark = services.secret_mark(cast["emil"])
    services.set_secret(cast["emil"], hash_of("trommegren"), expected_mark=mark, by=cast["tove"], why=Why.HELPED)
    assert [state_of(asked), state_of(waiting)] == [StepUpState.ENDED, StepUpState.WITHDRAWN]
    assert {event.actor for event in recorded("step_up.ended")} == {None}


def test_blocking_closes_them_all(cast, asked):
    services.block(cast["emil"], by=cast["leif"])
    assert state_of(asked) == StepUpState.WITHDRAWN


def test_what_is_over_is_forgotten_after_a_week_and_what_lives_is_not(cast, bank, post, asked):
    step_ups.withdraw(asked)
    with time_machine.travel(timezone.now() + dt.timedelta(days=8)):
        step_ups.ask(cast["emil"], post, login_id=LOGIN)
        assert step_ups.forget_old() == 1
        assert StepUp.objects.count() == 1


def test_time_that_is_over_is_written_down_once(cast, asked):
    with time_machine.travel(timezone.now() + dt.timedelta(hours=1)):
        assert [step_ups.expire_overdue(), step_ups.expire_overdue()] == [1, 0]


def test_a_class_is_answered_with_as_few_queries_as_a_pupil(cast, bank, asked, django_assert_max_num_queries):
    class_of = [
        User.objects.create(username=f"elev{number:04d}", actor_group="Elev", password_band="middle")
        for number in range(28)
    ]
    waiting = [step_ups.ask(pupil, bank, login_id=LOGIN) for pupil in class_of]
    tove = cast["tove"]
    with django_assert_max_num_queries(5):  # with the two of its transaction
        assert len(step_ups.approve(waiting, by=tove, role="Lærer", institution="101001")) == 28


def session(loa: int = 0, login_id: str = LOGIN) -> SessionStore:
    store = SessionStore()
    store[LOA_SESSION_KEY], store[LOGIN_ID_KEY] = loa, login_id
    return store


LEVELS = [
    (LevelOfAssurance.NONE, False, "EnFaktor"),
    (LevelOfAssurance.NONE, True, "VoksenVerificeret"),
    (LevelOfAssurance.LOW, False, "EnFaktor"),
    (LevelOfAssurance.LOW, True, "VoksenVerificeret"),
    (LevelOfAssurance.SUBSTANTIAL, False, "ToFaktor"),
    (LevelOfAssurance.SUBSTANTIAL, True, "ToFaktor"),
    (LevelOfAssurance.HIGH, False, "ToFaktor"),
    (LevelOfAssurance.HIGH, True, "ToFaktor"),
]


@pytest.mark.parametrize(("loa", "word", "level"), LEVELS)
def test_the_level_of_a_session(loa, word, level):
    assert assurance.level_of(loa, has_adults_word=word) == level


def test_the_level_at_a_service_follows_the_approval(cast, bank, post, asked, django_assert_num_queries):
    emil = cast["emil"]
    assert assurance.needs_an_adult(emil, session(), bank)
    approve(cast, asked)
    asked.refresh_from_db()
    with django_assert_num_queries(1):
        stepped_up = assurance.at_service(emil, session(), bank)
    assert (stepped_up.level, stepped_up.until) == (UniloginLoa.ADULT_VERIFIED, asked.expires_at)
    assert stepped_up.acr == "dk:unilogin:loa:VoksenVerificeret"
    assert not assurance.needs_an_adult(emil, session(), bank)
    assert assurance.at_service(emil, session(), post).level == "EnFaktor"
    assert assurance.at_service(emil, session(login_id="b" * 32), bank).level == "EnFaktor"
    step_ups.end([asked], by=cast["tove"], role="Lærer")
    assert assurance.needs_an_adult(emil, session(), bank)


def test_only_pupils_without_mitid_need_an_adult_and_only_where_the_service_asks(cast, bank):
    assert not assurance.needs_an_adult(cast["emil"], session(LevelOfAssurance.SUBSTANTIAL), bank)
    assert not assurance.needs_an_adult(cast["tove"], session(), bank)
    assert not assurance.needs_an_adult(cast["emil"], session(), ServiceLink.objects.get(slug="laesebroen"))


def slow(record):
    """Stay a while with what is locked."""

    def later(*args, **kwargs):
        time.sleep(0.4)
        return record(*args, **kwargs)

    return later


def fails_at_once(first, second) -> list[BaseException]:
    """Do both, the second while the first is under way; return what went wrong."""

    def once(act):
        try:
            act()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        begun = pool.submit(once, first)
        time.sleep(0.2)
        both = [begun, pool.submit(once, second)]
    return [error for act in both if (error := act.exception())]


@pytest.fixture
def slowly(monkeypatch):
    monkeypatch.setattr(audit, "record", slow(audit.record))
    monkeypatch.setattr(audit, "record_many", slow(audit.record_many))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", ["blocked", "stopped", "left"])
def test_asking_and_ending_at_once_wait_for_each_other_and_not_in_a_circle(slowly, how):
    cast = assemble()
    demo.offer()
    emil, bank = cast["emil"], ServiceLink.objects.get(slug="proevebanken")
    asked = step_ups.ask(emil, bank, login_id=LOGIN)
    ends = {
        "blocked": lambda: services.block(emil, by=cast["leif"]),
        "stopped": lambda: step_ups.withdraw(asked),
        "left": lambda: step_ups.drop(emil, by=emil, login_id=LOGIN),
    }
    assert not fails_at_once(ends[how], lambda: step_ups.ask(emil, bank, login_id="b" * 32))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", ["blocked", "new password"])
def test_a_pupil_who_stops_as_the_log_in_ends_waits_for_that_and_not_in_a_circle(slowly, how):
    cast = assemble()
    demo.offer()
    emil = cast["emil"]
    asked = step_ups.ask(emil, ServiceLink.objects.get(slug="proevebanken"), login_id=LOGIN)
    mark = services.secret_mark(emil)
    ends = {
        "blocked": lambda: services.block(emil, by=cast["leif"]),
        "new password": lambda: services.set_secret(
            emil, hash_of("trommegren"), expected_mark=mark, by=cast["tove"], why=Why.HELPED
        ),
    }
    assert not fails_at_once(lambda: step_ups.withdraw(asked), ends[how])

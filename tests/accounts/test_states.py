"""The states of an account: every pair moves or is refused, every move is recorded."""

import pytest

from accounts import services, throttle
from accounts.models import AuditEvent
from accounts.policy import Band
from accounts.states import TRANSITIONS, UserAction, UserState, next_state
from unilogin_portal.lib.errors import IllegalTransition


@pytest.mark.parametrize("action", UserAction)
@pytest.mark.parametrize("state", UserState)
def test_every_pair_either_moves_or_is_refused(state, action):
    if (state, action) in TRANSITIONS:
        assert next_state(state, action) is TRANSITIONS[state, action]
    else:
        with pytest.raises(IllegalTransition):
            next_state(state, action)


def test_blocking_ends_the_sessions_and_unblocking_lets_in_again(client, cast, type_in):
    type_in(client, cast["karim"])
    services.block(cast["karim"], by=cast["leif"], role="Leder", institution="G12345")
    assert client.get("/mit-unilogin/").status_code == 302
    type_in(client, cast["karim"])
    assert client.get("/mit-unilogin/").status_code == 302
    services.unblock(cast["karim"], by=cast["leif"])
    type_in(client, cast["karim"])
    assert client.get("/mit-unilogin/").status_code == 200


def test_a_stale_page_cannot_block_twice(cast):
    services.block(cast["karim"], by=cast["leif"])
    with pytest.raises(IllegalTransition):
        services.block(cast["karim"], by=cast["leif"])
    assert AuditEvent.objects.filter(action="user.block").count() == 1


ACTS = {
    "activate": lambda cast, user: services.activate(user, by=user),
    "set_secret": lambda cast, user: services.set_secret(
        user,
        services.hash_of("BaadTaage83"),
        expected_mark=services.secret_mark(user),
        by=user,
        why=services.Why.FIRST,
    ),
    "block": lambda cast, user: services.block(user, by=cast["leif"]),
    "unblock": lambda cast, user: services.unblock(services.block(user, by=cast["leif"]), by=cast["leif"]),
    "designate_band": lambda cast, user: services.designate_band(user, Band.MIDDLE_YEARS, by=cast["leif"]),
    "clear_pause": lambda cast, user: [
        throttle.begin(user.username, "", None),
        services.clear_pause(user, by=cast["leif"]),
    ],
    "end_other_sessions": lambda cast, user: services.end_other_sessions(user, keep="x"),
}


@pytest.mark.parametrize("act", ACTS)
def test_every_service_that_changes_an_account_leaves_an_event_about_it(cast, act):
    sofie = cast["sofie"]
    ACTS[act](cast, sofie)
    assert AuditEvent.objects.filter(subject=sofie.person).exists()


def test_every_service_that_changes_an_account_is_among_those_tried():
    """A service that changes something is atomic, and that is how it is found here."""
    ours = {
        name
        for name, thing in vars(services).items()
        if getattr(thing, "__wrapped__", None) and thing.__module__ == services.__name__ and name[0] != "_"
    }
    assert ours - {"forget_what_is_old", "end_session", "lru_cache"} == set(ACTS)

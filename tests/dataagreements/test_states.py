"""Every (state, action, role, institution kind) either moves or is refused: by the tables, and by the services."""

import itertools

import pytest
from django.core.exceptions import PermissionDenied

from dataagreements import routing, services
from dataagreements.models import Agreement, AgreementEvent
from dataagreements.states import (
    CONNECTION_TRANSITIONS,
    SYSTEM_TRANSITIONS,
    TRANSITIONS,
    WHO,
    AgreementAction,
    AgreementState,
    ConnectionAction,
    ConnectionState,
    Side,
    SystemAction,
    SystemState,
    next_connection_state,
    next_state,
    next_system_state,
)
from institutions.actor import Actor
from institutions.models import InstitutionKind, Ownership
from institutions.roles import Right
from tests.agreements import agreement_with, ask, institution
from tests.officers import MUNICIPALITY
from unilogin_portal.lib.errors import IllegalTransition

S, A = AgreementState, AgreementAction
EVERY_KIND = [(kind, ownership) for kind in InstitutionKind for ownership in [None, *Ownership]]


@pytest.mark.parametrize(("state", "action", "side"), list(itertools.product(S, A, Side)))
def test_every_state_action_and_side_moves_as_the_table_says_or_is_refused(state, action, side):
    if (state, action) in TRANSITIONS and side in WHO[action]:
        assert next_state(state, action, side) in S
    else:
        with pytest.raises(IllegalTransition):
            next_state(state, action, side)


def test_the_states_are_those_of_the_domain():
    """D4.4, and what is ours: a year's confirmation, an end by time, a new agreement in an old one's place."""
    moves = {(before.value, action.value, after.value) for (before, action), after in TRANSITIONS.items()}
    assert moves >= {
        ("waiting", "approve", "approved"),
        ("waiting", "reject", "rejected"),
        ("waiting", "withdraw", "withdrawn"),
        ("approved", "end", "ended"),
        ("approved", "reject", "rejected"),
        ("rejected", "request", "waiting"),
    }
    assert not [move for move in moves if move[0] in {"ended", "withdrawn"} and move[1] not in {"request", "deleted"}]


@pytest.mark.parametrize(("state", "action"), list(itertools.product(ConnectionState, ConnectionAction)))
def test_a_connection_moves_as_its_table_says(state, action):
    if (state, action) in CONNECTION_TRANSITIONS:
        assert next_connection_state(state, action) is CONNECTION_TRANSITIONS[state, action]
    else:
        with pytest.raises(IllegalTransition):
            next_connection_state(state, action)


@pytest.mark.parametrize(("state", "action"), list(itertools.product(SystemState, SystemAction)))
def test_a_system_moves_as_its_table_says(state, action):
    if (state, action) in SYSTEM_TRANSITIONS:
        assert next_system_state(state, action) is SYSTEM_TRANSITIONS[state, action]
    else:
        with pytest.raises(IllegalTransition):
            next_system_state(state, action)


@pytest.mark.parametrize(("kind", "ownership"), EVERY_KIND)
def test_every_kind_of_institution_has_somebody_who_answers(kind, ownership):
    assert routing.answers("cvr", kind, ownership)
    is_municipal = kind == InstitutionKind.DAY_CARE and ownership in (None, Ownership.MUNICIPAL)
    assert routing.answers("p", kind, ownership) is not is_municipal


ACTIONS = (A.APPROVE, A.REJECT, A.END, A.CONFIRM)


@pytest.mark.parametrize(("kind", "ownership"), EVERY_KIND)
def test_every_state_action_role_and_kind_moves_or_is_refused(cast, officer, sune, system, kind, ownership):
    place = institution(cast, "G90001", kind=kind, ownership=ownership)
    ask(system, sune, place)
    agreement = agreement_with(place)
    roles = {
        "cvr": (officer("Nadia Færch", cvr=MUNICIPALITY).actor, True),
        "p": (officer("Lise Holt", p=place.p_number).actor, routing.answers("p", kind, ownership)),
        "elsewhere": (officer("Ole Ny", cvr="12345674", p="1234567890").actor, False),
        "another right": (officer("Bo Let", cvr=MUNICIPALITY, right=Right.USER_OVERVIEW).actor, False),
        "supplier": (sune.actor, False),
        "stil": (Actor.of(cast["olga"]), False),
        "leader": (Actor.of(cast["leif"]), False),
    }
    for (role, (actor, may)), action, state in itertools.product(roles.items(), ACTIONS, S):
        put(agreement, state)
        events = AgreementEvent.objects.count()
        moves = (state, action) in TRANSITIONS
        outcome = came_of(agreement, action, actor)
        assert outcome == ("denied" if not may else "moved" if moves else "late"), (role, action, state)
        agreement.refresh_from_db()
        assert agreement.state == (TRANSITIONS[state, action] if outcome == "moved" else state)
        assert AgreementEvent.objects.count() == events + (outcome == "moved")


def put(agreement: Agreement, state: AgreementState) -> None:
    """Put an agreement into a state, with the dates that the state has."""
    now = agreement.requested_at
    agreement.state, agreement.approved_at, agreement.confirm_by = state, now, now.date()
    agreement.save()


def came_of(agreement: Agreement, action: AgreementAction, actor: Actor) -> str:
    try:
        answered = services.answer(Agreement.objects.filter(pk=agreement.pk), action, by=actor)
    except PermissionDenied:
        return "denied"
    assert answered.count + answered.too_late == 1
    return "moved" if answered.count else "late"

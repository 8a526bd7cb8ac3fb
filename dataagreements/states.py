"""The states of an agreement, of a connection and of a system, what leads from one to another, and whose act it is.

Tables, read by pure functions (D4.3, D4.4). An agreement is one request and what became of it; the request that comes
after it is another agreement of the same system with the same institution, so `REQUEST` leads to a new row.
"""

from collections.abc import Mapping
from typing import TypeVar

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from unilogin_portal.lib.errors import IllegalTransition


class AgreementState(TextChoices):
    WAITING = "waiting", _("Waiting")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")
    ENDED = "ended", _("Ended")
    WITHDRAWN = "withdrawn", _("Called back")


class AgreementAction(TextChoices):
    REQUEST = "request", _("Request received")
    APPROVE = "approve", _("Approved")
    REJECT = "reject", _("Rejected")
    WITHDRAW = "withdraw", _("Withdrawn by the supplier")
    END = "end", _("Ended")
    CONFIRM = "confirm", _("Confirmed for another year")
    EXPIRE = "expire", _("Ended because its time was over")
    REPLACE = "replace", _("Replaced by a new agreement")
    DELETED = "deleted", _("The supplier has deleted the data")


class Side(TextChoices):
    """On whose behalf somebody acts on an agreement."""

    APPROVER = "approver", _("The institution or municipality")
    PROVIDER = "provider", _("The supplier")
    SYSTEM = "system", _("The system")


S, A = AgreementState, AgreementAction
TRANSITIONS: dict[tuple[AgreementState, AgreementAction], AgreementState] = {
    (S.WAITING, A.APPROVE): S.APPROVED,
    (S.WAITING, A.REJECT): S.REJECTED,
    (S.WAITING, A.WITHDRAW): S.WITHDRAWN,
    (S.APPROVED, A.REJECT): S.REJECTED,  # the institution regrets
    (S.APPROVED, A.END): S.ENDED,
    (S.APPROVED, A.CONFIRM): S.APPROVED,
    (S.APPROVED, A.EXPIRE): S.ENDED,
    (S.APPROVED, A.REPLACE): S.ENDED,
    (S.ENDED, A.DELETED): S.ENDED,
    (S.REJECTED, A.DELETED): S.REJECTED,
    # What a new request finds of the one before it; the new row is what waits.
    (S.APPROVED, A.REQUEST): S.WAITING,  # asks for something else than the agreement that counts meanwhile
    (S.REJECTED, A.REQUEST): S.WAITING,
    (S.ENDED, A.REQUEST): S.WAITING,
    (S.WITHDRAWN, A.REQUEST): S.WAITING,
}
WHO: dict[AgreementAction, frozenset[Side]] = {
    A.REQUEST: frozenset({Side.PROVIDER}),
    A.APPROVE: frozenset({Side.APPROVER}),
    A.REJECT: frozenset({Side.APPROVER}),
    A.WITHDRAW: frozenset({Side.PROVIDER}),
    A.END: frozenset({Side.APPROVER, Side.PROVIDER}),
    A.CONFIRM: frozenset({Side.APPROVER}),
    A.EXPIRE: frozenset({Side.SYSTEM}),
    A.REPLACE: frozenset({Side.SYSTEM}),
    A.DELETED: frozenset({Side.PROVIDER}),
}


class ConnectionState(TextChoices):
    """Of a *tilslutningsaftale*: what a supplier and STIL agree on for one web service."""

    REQUESTED = "requested", _("In approval")
    VALID = "valid", _("Valid")
    REJECTED = "rejected", _("Rejected")
    ENDED = "ended", _("Ended")


class ConnectionAction(TextChoices):
    APPROVE = "approve", _("Approve")
    REJECT = "reject", _("Reject")
    END = "end", _("End")


CONNECTION_TRANSITIONS: dict[tuple[ConnectionState, ConnectionAction], ConnectionState] = {
    (ConnectionState.REQUESTED, ConnectionAction.APPROVE): ConnectionState.VALID,
    (ConnectionState.REQUESTED, ConnectionAction.REJECT): ConnectionState.REJECTED,
    (ConnectionState.VALID, ConnectionAction.END): ConnectionState.ENDED,
}


class SystemState(TextChoices):
    ACTIVE = "active", _("In use")
    PASSIVE = "passive", _("Passive")


class SystemAction(TextChoices):
    PASSIVATE = "passivate", _("Make the system passive")
    ACTIVATE = "activate", _("Activate the system")


SYSTEM_TRANSITIONS: dict[tuple[SystemState, SystemAction], SystemState] = {
    (SystemState.ACTIVE, SystemAction.PASSIVATE): SystemState.PASSIVE,
    (SystemState.PASSIVE, SystemAction.ACTIVATE): SystemState.ACTIVE,
}

State = TypeVar("State", bound=TextChoices)
Act = TypeVar("Act", bound=TextChoices)


def next_state(state: AgreementState, action: AgreementAction, side: Side) -> AgreementState:
    """Return the state that `action` by `side` leads to, or raise `IllegalTransition`."""
    refusal = _("The agreement has moved on in the meantime, and nothing was saved.")
    if side not in WHO[action]:
        raise IllegalTransition(refusal)
    return _next(TRANSITIONS, state, action, refusal)


def may(state: AgreementState, action: AgreementAction, side: Side) -> bool:
    """Whether a page offers `action` to `side`."""
    return side in WHO[action] and (state, action) in TRANSITIONS


def next_connection_state(state: ConnectionState, action: ConnectionAction) -> ConnectionState:
    return _next(CONNECTION_TRANSITIONS, state, action, _("This has already been answered."))


def next_system_state(state: SystemState, action: SystemAction) -> SystemState:
    return _next(SYSTEM_TRANSITIONS, state, action, _("Somebody has already changed the system."))


def _next(table: Mapping[tuple[State, Act], State], state: State, action: Act, refusal: object) -> State:
    try:
        return table[state, action]
    except KeyError:
        raise IllegalTransition(refusal) from None

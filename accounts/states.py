"""The states of an account, of a reset window and of a step-up, and what leads from one to another: tables."""

from collections.abc import Mapping
from typing import TypeVar

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from unilogin_portal.lib.errors import IllegalTransition


class UserState(TextChoices):
    IMPORTED = "imported", _("Not activated")
    ACTIVE = "active", _("Active")
    BLOCKED = "blocked", _("Blocked")


class UserAction(TextChoices):
    ACTIVATE = "activate", _("Activate")
    BLOCK = "block", _("Block")
    UNBLOCK = "unblock", _("Unblock")


TRANSITIONS: dict[tuple[UserState, UserAction], UserState] = {
    (UserState.IMPORTED, UserAction.ACTIVATE): UserState.ACTIVE,
    (UserState.IMPORTED, UserAction.BLOCK): UserState.BLOCKED,
    (UserState.ACTIVE, UserAction.BLOCK): UserState.BLOCKED,
    (UserState.BLOCKED, UserAction.UNBLOCK): UserState.ACTIVE,
}


class WindowState(TextChoices):
    """D3.5: opened, used, expired or withdrawn; and what lies between and beside, as the pupil has to choose."""

    OPEN = "open", _("Waiting for the pupil")
    CHOSEN = "chosen", _("The pupil is making the new password")
    USED = "used", _("Done")
    MISCHOSEN = "mischosen", _("Closed: wrong picture")
    EXPIRED = "expired", _("The time is over")
    WITHDRAWN = "withdrawn", _("Closed")


class WindowAction(TextChoices):
    CHOOSE = "choose", _("Choose the right picture")
    MISCHOOSE = "mischoose", _("Choose a wrong picture")
    USE = "use", _("Save the new password")
    EXPIRE = "expire", _("Let the time run out")
    WITHDRAW = "withdraw", _("Close")


WINDOW_TRANSITIONS: dict[tuple[WindowState, WindowAction], WindowState] = {
    (WindowState.OPEN, WindowAction.CHOOSE): WindowState.CHOSEN,
    (WindowState.OPEN, WindowAction.MISCHOOSE): WindowState.MISCHOSEN,
    (WindowState.OPEN, WindowAction.EXPIRE): WindowState.EXPIRED,
    (WindowState.OPEN, WindowAction.WITHDRAW): WindowState.WITHDRAWN,
    (WindowState.CHOSEN, WindowAction.USE): WindowState.USED,
    (WindowState.CHOSEN, WindowAction.EXPIRE): WindowState.EXPIRED,
    (WindowState.CHOSEN, WindowAction.WITHDRAW): WindowState.WITHDRAWN,
}


class StepUpState(TextChoices):
    """D3.5: waiting, approved, refused or expired; the pupil may stop waiting, and an adult may end it early."""

    WAITING = "waiting", _("Waiting")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")
    EXPIRED = "expired", _("Expired")
    WITHDRAWN = "withdrawn", _("Stopped")
    ENDED = "ended", _("Ended")


class StepUpAction(TextChoices):
    APPROVE = "approve", _("Approve")
    REFUSE = "refuse", _("Refuse")
    WITHDRAW = "withdraw", _("Stop waiting")
    EXPIRE = "expire", _("Let the time run out")
    END = "end", _("End early")


STEP_UP_TRANSITIONS: dict[tuple[StepUpState, StepUpAction], StepUpState] = {
    (StepUpState.WAITING, StepUpAction.APPROVE): StepUpState.APPROVED,
    (StepUpState.WAITING, StepUpAction.REFUSE): StepUpState.REFUSED,
    (StepUpState.WAITING, StepUpAction.WITHDRAW): StepUpState.WITHDRAWN,
    (StepUpState.WAITING, StepUpAction.EXPIRE): StepUpState.EXPIRED,
    (StepUpState.APPROVED, StepUpAction.EXPIRE): StepUpState.EXPIRED,
    (StepUpState.APPROVED, StepUpAction.END): StepUpState.ENDED,
}

State = TypeVar("State", bound=TextChoices)
Act = TypeVar("Act", bound=TextChoices)


def next_state(state: UserState, action: UserAction) -> UserState:
    """Return the state of an account that `action` leads to, or raise `IllegalTransition`."""
    return _next(TRANSITIONS, state, action, _("This account cannot be changed in that way now."))


def next_window_state(state: WindowState, action: WindowAction) -> WindowState:
    """Return the state of a reset window that `action` leads to, or raise `IllegalTransition`."""
    return _next(WINDOW_TRANSITIONS, state, action, _("This window is already closed."))


def next_step_up_state(state: StepUpState, action: StepUpAction) -> StepUpState:
    """Return the state of a step-up that `action` leads to, or raise `IllegalTransition`."""
    return _next(STEP_UP_TRANSITIONS, state, action, _("This has already been answered, or the pupil waits no more."))


def _next(table: Mapping[tuple[State, Act], State], state: State, action: Act, refusal: object) -> State:
    try:
        return table[state, action]
    except KeyError:
        raise IllegalTransition(refusal) from None

"""The states of an account, and what leads from one to another: a table."""

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


def next_state(state: UserState, action: UserAction) -> UserState:
    """Return the state that `action` leads to, or raise `IllegalTransition`."""
    try:
        return TRANSITIONS[state, action]
    except KeyError:
        raise IllegalTransition(_("This account cannot be changed in that way now.")) from None

"""How an account stands right now, as classes and the pupil's page show it: an icon and a few words."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from unilogin_portal.lib.status import Status

from .. import policy
from ..models import SecretForm, User
from ..states import WindowState
from ..throttle import Standing

NO_SECRET = pgettext_lazy("password", "None yet")


@dataclass(frozen=True)
class OpenWindow:
    """What is shown of a window that is open for the pupil, whoever opened it."""

    state: str
    expires_at: dt.datetime


def logs_on_with(user: User) -> str:
    """Return what the pupil logs in with: pictures, a password, or nothing yet."""
    credential = getattr(user, "credential", None)
    if credential is not None:
        return str(SecretForm(credential.form).label)
    return str(SecretForm.WORDS.label if user.has_secret else NO_SECRET)


def statuses_of(
    user: User, standing: Standing, *, window: OpenWindow | None, waits: bool, now: dt.datetime
) -> list[Status]:
    """Return what is to be known about the pupil now, the most important first."""
    found = [
        _blocked(user),
        _window(window, now),
        Status("wait", _("Waits in the waiting room")) if waits else None,
        _pause(standing, now),
        _next_kind(user),
    ]
    return [status for status in found if status]


def _blocked(user: User) -> Status | None:
    return None if user.is_active else Status("bad", _("Blocked by a user administrator"), "lock")


def _window(window: OpenWindow | None, now: dt.datetime) -> Status | None:
    if window is None:
        return None
    if window.state == WindowState.CHOSEN:
        return Status("info", _("Is making a new password"), "sync")
    minutes, seconds = divmod(max(0, int((window.expires_at - now).total_seconds())), 60)
    left = {"minutes": minutes, "seconds": f"{seconds:02}"}
    return Status("wait", _("Window open, %(minutes)s:%(seconds)s left") % left)


def _pause(standing: Standing, now: dt.datetime) -> Status | None:
    until = standing.paused_until
    if until is None:
        return None
    tallies = (standing.own_browsers, standing.strangers)
    failures = max(tally.failures for tally in tallies if tally.paused_until)
    minutes = -(-int((until - now).total_seconds()) // 60)
    text = ngettext(
        "Pause for %(minutes)s min. after %(count)s wrong try",
        "Pause for %(minutes)s min. after %(count)s wrong tries",
        failures,
    )
    return Status("wait", text % {"minutes": max(1, minutes), "count": failures}, "warning")


def _next_kind(user: User) -> Status | None:
    """Say that the next password is of another kind than the present one, or made under another rule."""
    credential = getattr(user, "credential", None)
    if credential is None or credential.band == user.band:
        return None
    if policy.policy_of(user.band).form is policy.Form.PICTURES:
        return Status("info", _("Gets new pictures next time"))
    return Status("info", _("Gets a new kind of password next time"))

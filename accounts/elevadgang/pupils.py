"""What the page of one pupil shows: the account, what can be done now, and what help was given lately."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from institutions.models import Membership
from unilogin_portal.lib.status import Status

from .. import throttle
from ..models import Person, ResetWindow, SecretForm, StepUp, User
from ..models.user import ActorGroup
from ..policy import Band
from ..states import StepUpState
from . import events, standings
from .access import Capacity, Helped
from .events import EventLine

# How many lines of the help that was given.
SHOWN = 10
KINDS: dict[Band, Promise] = {
    Band.FIRST_YEARS: gettext_lazy("Four pictures"),
    Band.MIDDLE_YEARS: gettext_lazy("One or two short words"),
    Band.ADULT: gettext_lazy("Two words and two digits"),
}


@dataclass(frozen=True)
class Kind:
    """Of which kind the next password is, and what may be noted instead."""

    words: str
    is_designated: bool
    offers_pictures: bool
    offers_short_words: bool
    uses_pictures: bool


@dataclass(frozen=True)
class Account:
    """How the pupil's account stands."""

    places: list[str]
    logs_on_with: str
    made_at: dt.datetime | None
    statuses: list[Status]
    is_paused: bool


def person_of(pupil: User) -> Person:
    """Return who the pupil is: whoever goes to a school is a person."""
    assert pupil.person is not None  # noqa: S101
    return pupil.person


def account_of(helped: Helped) -> Account:
    """Return how the account stands: two queries, or three where a browser of the pupil's own failed."""
    user, now = helped.user, timezone.now()
    standing = throttle.standing_of(user)
    window, waits = _open_now(user, now)
    credential = getattr(user, "credential", None)
    return Account(
        places=[_place(membership) for membership in helped.memberships],
        logs_on_with=standings.logs_on_with(user),
        made_at=credential.made_at if credential else None,
        statuses=standings.statuses_of(user, standing, window=window, waits=waits, now=now),
        is_paused=standing.paused_until is not None,
    )


def _open_now(user: User, now: dt.datetime) -> tuple[standings.OpenWindow | None, bool]:
    """Return the window that is open for the pupil, if there is one, and whether the pupil waits for an adult."""
    windows: Any = ResetWindow.objects.live(now).filter(user=user).order_by().values_list("state", "expires_at")
    waiting = StepUp.objects.waiting(now).filter(user=user).order_by().values_list("state", "expires_at")
    found = list(windows.union(waiting))
    live = [standings.OpenWindow(state, until) for state, until in found if state != StepUpState.WAITING]
    return next(iter(live), None), len(found) > len(live)


def _place(membership: Membership) -> str:
    if membership.main_group is None:
        return membership.institution.name
    return _("%(group)s at %(institution)s") % {
        "group": membership.main_group.name,
        "institution": membership.institution.name,
    }


def next_kind_of(user: User) -> Kind:
    """Return the kind of the pupil's next password, and which easier ones it can be: none that is harder."""
    is_pupil = user.actor_group == ActorGroup.STUDENT
    return Kind(
        words=str(KINDS[user.band]),
        is_designated=is_pupil and bool(user.designated_band) and user.designated_band != user.password_band,
        offers_pictures=is_pupil and user.band != Band.FIRST_YEARS,
        offers_short_words=is_pupil and user.password_band == Band.ADULT and user.band != Band.MIDDLE_YEARS,
        uses_pictures=user.band == Band.FIRST_YEARS or _logs_on_with_pictures(user),
    )


def _logs_on_with_pictures(user: User) -> bool:
    credential = getattr(user, "credential", None)
    return credential is not None and credential.form == SecretForm.PICTURES


def help_lines(pupil: User, viewer: User, capacity: Capacity) -> list[EventLine]:
    """Return the help that the pupil got lately, newest first. Only who administers reads colleagues' names."""
    named_at = frozenset({capacity.institution} if capacity.administers else ())
    found = events.help_for(person_of(pupil), capacity.institution)
    return events.in_words(found[:SHOWN], viewer, {}, named_at)

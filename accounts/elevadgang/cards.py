"""The windows that somebody has opened lately, as the page shows them: a card each, in words that follow its state."""

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from institutions.models import Group, GroupType
from unilogin_portal.lib import dates
from unilogin_portal.lib.status import Status, Tone

from .. import animals
from ..models import ResetWindow
from ..models.helping import LIVE_WINDOWS
from ..pictures import Picture
from ..states import WindowState
from . import access, frame

# How long a window that is over stays on the page.
STAYS = dt.timedelta(hours=1)


@dataclass(frozen=True)
class Words:
    """What a card says in a state: beside the icon, under the line, and aloud when the state is reached.

    They may hold the pupil's whole `name`, the `first` name, and the `clock` at which it ended.
    """

    tone: Tone
    icon: str
    status: str | Promise
    more: str | Promise
    said: str | Promise


WORDS: dict[WindowState, Words] = {
    WindowState.OPEN: Words(
        "wait",
        "hourglass",
        _("Waiting for the pupil"),
        "",
        _("The window is open for %(name)s."),
    ),
    WindowState.CHOSEN: Words(
        "info",
        "sync",
        _("%(first)s is getting the new password now"),
        _("%(first)s has found the picture."),
        _("%(name)s has found the picture and is getting the new password now."),
    ),
    WindowState.USED: Words(
        "ok",
        "success",
        _("Done at %(clock)s"),
        _("%(first)s has repeated the new password."),
        _("%(name)s is done."),
    ),
    WindowState.MISCHOSEN: Words(
        "bad",
        "close",
        _("Closed: wrong picture"),
        _("Was it not %(first)s? Then talk to the class."),
        _("The window for %(name)s is closed: wrong picture."),
    ),
    WindowState.EXPIRED: Words(
        "info",
        "time",
        _("The time is over"),
        _("%(first)s has no new password. Nothing has been changed."),
        _("The time is over for %(name)s."),
    ),
    WindowState.WITHDRAWN: Words(
        "off",
        "minus",
        _("Closed"),
        _("%(first)s has no new password. Nothing has been changed."),
        _("The window for %(name)s is closed."),
    ),
}


@dataclass(frozen=True)
class Card:
    """One window as it stands at `now`."""

    window: ResetWindow
    now: dt.datetime

    @cached_property
    def state(self) -> WindowState:
        return self.window.state_at(self.now)

    @property
    def is_open(self) -> bool:
        return self.state is WindowState.OPEN

    @property
    def is_live(self) -> bool:
        return self.state in LIVE_WINDOWS

    @property
    def may_be_given_again(self) -> bool:
        return not self.is_live and self.state is not WindowState.USED

    @property
    def animal(self) -> Picture:
        return animals.BY_ID[self.window.animal]

    @property
    def name(self) -> str:
        return self.window.user.shown_name

    @property
    def status(self) -> Status:
        return Status(self._words.tone, self._filled(self._words.status), self._words.icon)

    @property
    def more(self) -> str:
        return self._filled(self._words.more)

    @property
    def said(self) -> str:
        return self._filled(self._words.said)

    @property
    def seconds_left(self) -> int:
        return max(0, ceil((self.window.expires_at - self.now).total_seconds()))

    @property
    def seconds_in_all(self) -> int:
        """What the bar is full at: the five minutes, or the time for making the password."""
        return max(self.seconds_left, round((self.window.expires_at - self.window.opened_at).total_seconds()))

    @property
    def clock(self) -> str:
        """The time left as m.ss, which a script goes on with."""
        return f"{self.seconds_left // 60}.{self.seconds_left % 60:02}"

    @property
    def _words(self) -> Words:
        return WORDS[self.state]

    def _filled(self, text: str | Promise) -> str:
        person = self.window.user.person
        ended = self.window.ended_at or self.window.expires_at
        first = person.first_name if person else self.name
        return str(text) % {"name": self.name, "first": first, "clock": dates.clock_text(ended)}


@dataclass(frozen=True)
class Board:
    """All cards. `version` is another as soon as one of them says something else."""

    cards: Sequence[Card]

    @property
    def live(self) -> int:
        return sum(card.is_live for card in self.cards)

    @property
    def seconds(self) -> int:
        return frame.LIVELY if self.live else frame.CALM

    @property
    def version(self) -> str:
        states = " ".join(f"{card.window.pk}:{card.state}" for card in self.cards)
        return hashlib.sha256(states.encode()).hexdigest()[:16]


def class_to_go_back_to(reach: access.Reach, board: Board) -> Group | None:
    """Return the class of the pupil whose window was opened last: that is where one comes from."""
    if not board.cards:
        return None
    groups = access.groups_of(reach, board.cards[0].window.user)
    return min(groups, key=lambda group: group.type != GroupType.MAIN, default=None)


def board_of(reach: access.Reach, *, now: dt.datetime) -> Board:
    """Return what was opened lately: the newest window of each pupil, the latest opened first, then by name.

    A card keeps its place while its state changes, so that nobody presses the button of another pupil's card.
    """
    since = now - STAYS
    lately = Q(ended_at__gt=since) | Q(ended_at=None, expires_at__gt=since)
    newest: dict[int, ResetWindow] = {}
    for window in access.windows_for(reach).filter(lately).order_by("-opened_at", "-pk"):
        newest.setdefault(window.user_id, window)
    cards = [Card(window, now) for window in newest.values()]
    return Board(sorted(cards, key=lambda card: (-card.window.opened_at.timestamp(), card.name, card.window.pk)))

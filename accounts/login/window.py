"""The nine animals that a user name leads to while a window is open for it, and for a few unknown names made up.

No answer tells that an account exists (ADR 0005): a made-up display comes as seldom as a real one, stays the same for
as long as a window lasts, and is closed by its first choice, which is always wrong. Names that exist never get one.
"""

import random
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from unilogin_portal.lib import crypto
from unilogin_portal.lib.errors import DomainError

from .. import access, animals, audit, reset_windows
from ..models import FailedLogins, ResetWindow
from ..pictures import Picture

# An unknown name leads to made-up animals in one of so many of its slots. About as seldom as real windows: were it
# oftener, a name that never shows animals would be known to exist; were it never, a name that does would be.
DECOYS = 1000
# Teachers open windows while there is school.
SCHOOL_DAYS, SCHOOL_HOURS = range(5), range(8, 15)


@dataclass(frozen=True)
class Display:
    """Nine animals. `token` belongs to this one alone. Without a `window` they are made up."""

    token: str
    shown: tuple[str, ...]
    window: ResetWindow | None = None

    @cached_property
    def tiles(self) -> list[tuple[int, Picture]]:
        return [(place, animals.BY_ID[one]) for place, one in enumerate(self.shown, start=1)]

    def at(self, place: str) -> str:
        """Return the animal at this place, 1 to 9, or nothing for what is no place."""
        return {str(number): animal.id for number, animal in self.tiles}.get(place, "")


def display_for(username: str) -> Display | None:
    """Return what this user name leads to now."""
    window = reset_windows.open_window_named(username)
    display = _of(window) if window else _made_up(username, timezone.now())
    if display is None:
        return None
    # Both are asked of a real one too, where they decide nothing: made up or real, it takes as long.
    user, is_closed = access.user_named(username), FailedLogins.objects.filter(key=_key(display)).exists()
    return display if window or (user is None and not is_closed) else None


def choose(display: Display, animal: str) -> bool:
    """Take the one choice; return whether it was right. Raises `DomainError` where there is nothing to choose now."""
    if display.window is not None:
        return reset_windows.choose(display.window, animal)
    return _close(display)


@transaction.atomic
def _close(display: Display) -> bool:
    """Let the name answer as it usually does from now on, in every process: a row that is forgotten after days."""
    now = timezone.now()
    _row, is_first = FailedLogins.objects.get_or_create(key=_key(display), defaults={"last_failure_at": now})
    if not is_first:
        raise DomainError(_("This window is already closed."))
    audit.record("window.mischosen", by=None)
    return False


def _of(window: ResetWindow) -> Display:
    return Display(_token(f"window {window.pk}"), tuple(window.shown), window)


def _made_up(username: str, now: datetime) -> Display | None:
    slot, begins = _slot(username, now)
    digest = crypto.fingerprint(f"{username} {slot}", "login.window_decoy")
    if int(digest[:8], 16) % DECOYS or not _is_school_time(begins):
        return None
    chance = random.Random(digest)  # noqa: S311  (the digest is keyed: nobody else can draw the same)
    return Display(_token(digest), tuple(animals.nine_with(chance.choice(animals.IDS), chance)))


def _slot(username: str, now: datetime) -> tuple[int, datetime]:
    """Return the number of the name's present stretch of time, and when it began: each name has its own minutes."""
    length = settings.RESET_WINDOW_MINUTES * 60
    offset = int(crypto.fingerprint(username, "login.window_offset")[:8], 16) % length
    slot = (int(now.timestamp()) + offset) // length
    return slot, datetime.fromtimestamp(slot * length - offset, timezone.get_current_timezone())


def _is_school_time(moment: datetime) -> bool:
    return moment.weekday() in SCHOOL_DAYS and moment.hour in SCHOOL_HOURS


def _token(text: str) -> str:
    return crypto.fingerprint(text, "login.window_token")[:16]


def _key(display: Display) -> str:
    return crypto.fingerprint(display.token, "login.window_closed")

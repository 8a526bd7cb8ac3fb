"""What the session remembers between the steps of a log-in and of making a password.

Only ids, hashes and times: a shown password exists on the page and as a hash, nowhere else.
"""

from dataclasses import asdict, dataclass, replace
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.utils import timezone

from ..services import Why
from . import grid

VISIT_KEY = "login_visit"
MAKING_KEY = "password_making"
OFFER_KEY = "renewal_offer"
ENDED_KEY = "window_ended"
MAKING_SECONDS = 15 * 60
REPEATS = 5


@dataclass(frozen=True)
class Visit:
    """Somebody typed a user name, on the way to `next` (a path of the portal, or nothing)."""

    username: str
    next: str = ""


@dataclass(frozen=True)
class Offer:
    """Somebody proved to be `user_id` with the password of this `mark`, and is asked whether to make a new one now."""

    user_id: int
    mark: str
    started: float
    next: str = ""


@dataclass(frozen=True)
class Making:
    """Somebody proved the right to give `user_id` a new password.

    `by_id`: who proved it, and `why` by what right. `mark`: the password that is replaced.
    `window`: the reset window in which it is made, if it was opened by a teacher or user administrator.
    `candidate`: hash of the assigned password that was shown last, `in_pictures` if it was pictures. `repeats`: wrong
    repetitions of it.
    """

    user_id: int
    why: Why
    by_id: int
    mark: str
    started: float
    next: str = ""
    candidate: str = ""
    confirmed: bool = False
    repeats: int = 0
    in_pictures: bool = False
    window: int = 0

    @property
    def for_child(self) -> bool:
        return self.why is Why.CHILD

    def showing(self, candidate: str, *, in_pictures: bool) -> "Making":
        """The same, with a new assigned password on the page."""
        return replace(self, candidate=candidate, in_pictures=in_pictures, confirmed=False, repeats=0)

    def kept(self) -> "Making":
        """The same, after *Bekræft*."""
        return replace(self, confirmed=True)

    def repeated_wrongly(self) -> "Making":
        return replace(self, repeats=self.repeats + 1)


def remember_visit(session: SessionBase, visit: Visit) -> None:
    session[VISIT_KEY] = asdict(visit)
    forget_ended(session)
    grid.forget(session)


def visit_in(session: SessionBase) -> Visit | None:
    data: dict[str, Any] | None = session.get(VISIT_KEY)
    return Visit(**data) if data else None


def remember_making(session: SessionBase, making: Making) -> None:
    session[MAKING_KEY] = asdict(making)


def making_in(session: SessionBase) -> Making | None:
    """Return what is under way, unless it began more than a quarter of an hour ago."""
    data: dict[str, Any] | None = session.get(MAKING_KEY)
    if not data or data["started"] < timezone.now().timestamp() - MAKING_SECONDS:
        return None
    return Making(**{**data, "why": Why(data["why"])})


def remember_offer(session: SessionBase, offer: Offer) -> None:
    session[OFFER_KEY] = asdict(offer)


def offer_in(session: SessionBase) -> Offer | None:
    """Return what was asked, unless the password was given more than a quarter of an hour ago."""
    data: dict[str, Any] | None = session.get(OFFER_KEY)
    if not data or data["started"] < timezone.now().timestamp() - MAKING_SECONDS:
        return None
    return Offer(**data)


def remember_ended(session: SessionBase, how: str) -> None:
    """Note why nothing can be chosen any more for the user name of the visit: "wrong" or "closed"."""
    session[ENDED_KEY] = how


def ended_in(session: SessionBase) -> str:
    return str(session.get(ENDED_KEY, ""))


def forget_ended(session: SessionBase) -> None:
    session.pop(ENDED_KEY, None)


def forget(session: SessionBase) -> None:
    """Forget visit, offer and making: the way is at its end."""
    session.pop(VISIT_KEY, None)
    forget_ended(session)
    session.pop(OFFER_KEY, None)
    session.pop(MAKING_KEY, None)
    grid.forget(session)

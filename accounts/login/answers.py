"""Answers that more than one way in ends with: turned away, or let in and remembered how."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from ..models import User
from .services import Outcome, standing_of

# Why somebody is not let in: each has a page under `login/turned_away/`.
REASONS = frozenset({"unaffiliated", "blocked", "unknown", "too_young", "mismatch"})
# Which way was used last on this computer, so that the page can say so: "unilogin" or "mitid". Until the browser is
# closed, because a convenience that outlives the visit would need consent (D9.3).
LAST_CHOICE_COOKIE = "last-login"

_TURNS_AWAY = {Outcome.BLOCKED: "blocked", Outcome.UNAFFILIATED: "unaffiliated"}


def turn_away(reason: str) -> HttpResponse:
    """Lead to the page that says why somebody is not let in."""
    return redirect("login:turned_away", reason=reason)


def turned_away(user: User) -> HttpResponse | None:
    """Return the way out for an account that is blocked or that no institution has any more, else nothing."""
    reason = _TURNS_AWAY.get(standing_of(user))
    return turn_away(reason) if reason else None


def let_in(request: HttpRequest, next_path: str, choice: str) -> HttpResponse:
    """Lead where the person was going, and remember until the browser is closed which way they came."""
    response = redirect(next_path or "mitunilogin:overview")
    response.set_cookie(LAST_CHOICE_COOKIE, choice, secure=request.is_secure(), httponly=True, samesite="Lax")
    return response

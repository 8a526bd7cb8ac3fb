"""Knowing a browser again: who has logged in from it before is not stopped there by strangers' guessing (ADR 0007).

One cookie a browser, however many people share it. It opens nothing and names nobody.
"""

import re
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from unilogin_portal.lib import crypto

from .models import KnownBrowser, User

DAYS = 400  # no browser keeps a cookie for longer
KEPT = 20  # a user
# Two log-ins this far apart show that the browser keeps its cookies.
COMES_BACK = timedelta(hours=12)
_SALT = "accounts.browsers"
_KEY = re.compile(r"[A-Za-z0-9_-]{43}")


def cookie_name() -> str:
    return "__Host-browser" if settings.HTTPS else "browser"


def key_of(request: HttpRequest) -> str:
    """Return the browser's key, or the empty string where it has none that we signed."""
    key = request.get_signed_cookie(cookie_name(), default="", salt=_SALT) or ""
    return key if _KEY.fullmatch(key) else ""


def hashed(username: str, key: str) -> str:
    """Return what stands in the table for this user name and browser (64 hex digits)."""
    return crypto.fingerprint(f"{username.lower()}:{key}", "throttle.browser")


def remember(request: HttpRequest, user: User) -> datetime | None:
    """Note that the user has logged in here; return when they last did before, from any browser that is known.

    The cookie goes with the answer to this request.
    """
    key = key_of(request) or secrets.token_urlsafe(32)
    request.browser_key = key  # type: ignore[attr-defined]
    now, key_hash = timezone.now(), hashed(user.username, key)
    known = list(KnownBrowser.objects.filter(user=user))
    if any(row.key_hash == key_hash for row in known):
        KnownBrowser.objects.filter(key_hash=key_hash).update(last_at=now)
    else:
        _forget_too_many(known)
        new = KnownBrowser(user=user, key_hash=key_hash, first_at=now, last_at=now)
        KnownBrowser.objects.bulk_create([new], ignore_conflicts=True)  # of a double click the other one was first
    return max((row.last_at for row in known), default=None)


def _forget_too_many(known: list[KnownBrowser]) -> None:
    """Make room for one: first what never came back, or computers that keep no cookies would crowd out home."""
    if len(known) < KEPT:
        return
    ranked = sorted(known, key=lambda row: (row.last_at - row.first_at >= COMES_BACK, row.last_at), reverse=True)
    KnownBrowser.objects.filter(pk__in=[row.pk for row in ranked[KEPT - 1 :]]).delete()


def forget_old() -> int:
    """Delete what no browser's cookie can answer to any more; return how many."""
    return KnownBrowser.objects.filter(last_at__lt=timezone.now() - timedelta(days=DAYS)).delete()[0]


class KnownBrowserMiddleware:
    """Give the browser its key with the answer to a log-in, whichever way that came in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if key := getattr(request, "browser_key", ""):
            response.set_signed_cookie(
                cookie_name(),
                key,
                salt=_SALT,
                max_age=DAYS * 24 * 3600,
                path="/",
                secure=settings.HTTPS,
                httponly=True,
                samesite="Lax",
            )
        return response

"""The cookie by which an answer from MitID is tied to the browser that asked.

The answer comes as a POST from another site, where a browser sends no `Lax` cookie; so this one is `None`, which needs
HTTPS. It opens nothing: it only says that this is the same browser. The session's cookie stays `Lax`.
"""

import re
import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from unilogin_portal.lib import crypto

MAX_AGE = 15 * 60
_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")


def cookie_name() -> str:
    return "__Host-mitid" if settings.HTTPS else "mitid"


def secret_of(request: HttpRequest) -> str:
    """Return the browser's secret, or the empty string where it has none."""
    value = request.COOKIES.get(cookie_name(), "")
    return value if _SECRET.fullmatch(value) else ""


def new_secret() -> str:
    return secrets.token_urlsafe(32)


def hashed(secret: str) -> str:
    """Return what is stored of a secret (64 hex digits)."""
    return crypto.fingerprint(secret, "mitid.browser")


def remember(response: HttpResponse, secret: str) -> None:
    """Set the cookie. Its path is the whole site: `__Host-` allows no other."""
    response.set_cookie(
        cookie_name(),
        secret,
        max_age=MAX_AGE,
        path="/",
        secure=settings.HTTPS,
        httponly=True,
        samesite="None" if settings.HTTPS else "Lax",
    )


def forget(response: HttpResponse) -> None:
    # By hand rather than `delete_cookie`, so that the attributes are those it was set with.
    response.set_cookie(
        cookie_name(),
        "",
        max_age=0,
        path="/",
        secure=settings.HTTPS,
        httponly=True,
        samesite="None" if settings.HTTPS else "Lax",
    )

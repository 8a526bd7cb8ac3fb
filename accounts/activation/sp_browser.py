"""The cookie by which an answer from MitID is tied to the browser that asked.

The answer comes as a POST from another site, where a browser sends no `Lax` cookie; so this one is `None`, which needs
HTTPS. It opens nothing: it only says that this is the same browser. The session's cookie stays `Lax`, and so does the
receipt that the browser gets when its answer is accepted.
"""

import re
import secrets
from typing import Literal

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from unilogin_portal.lib import crypto

MAX_AGE = 15 * 60
RECEIPT_AGE = 2 * 60
_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")


def cookie_name() -> str:
    return "__Host-mitid" if settings.HTTPS else "mitid"


def receipt_name() -> str:
    return "__Host-mitid-receipt" if settings.HTTPS else "mitid-receipt"


def secret_of(request: HttpRequest) -> str:
    """Return the secret of the browser that asked, or the empty string where it has none."""
    return _secret_in(request, cookie_name())


def receipt_of(request: HttpRequest) -> str:
    """Return the secret given to the browser that brought an answer, or the empty string."""
    return _secret_in(request, receipt_name())


def _secret_in(request: HttpRequest, cookie: str) -> str:
    value = request.COOKIES.get(cookie, "")
    return value if _SECRET.fullmatch(value) else ""


def new_secret() -> str:
    return secrets.token_urlsafe(32)


def hashed(secret: str) -> str:
    """Return what is stored of a secret (64 hex digits)."""
    return crypto.fingerprint(secret, "mitid.browser")


def remember(response: HttpResponse, secret: str) -> None:
    """Set the cookie that goes along with the answer from another site."""
    _set(response, cookie_name(), secret, MAX_AGE, "None" if settings.HTTPS else "Lax")


def give_receipt(response: HttpResponse, secret: str) -> None:
    """Set the cookie by which only the browser that brought the answer collects it: a copy of the other is no use."""
    _set(response, receipt_name(), secret, RECEIPT_AGE, "Lax")


def forget(response: HttpResponse) -> None:
    """Take both back, by hand rather than `delete_cookie`, so that the attributes are those they were set with."""
    _set(response, cookie_name(), "", 0, "None" if settings.HTTPS else "Lax")
    _set(response, receipt_name(), "", 0, "Lax")


def _set(response: HttpResponse, name: str, value: str, max_age: int, samesite: Literal["Lax", "None"]) -> None:
    """Set one of the two. Its path is the whole site: `__Host-` allows no other."""
    response.set_cookie(name, value, max_age=max_age, path="/", secure=settings.HTTPS, httponly=True, samesite=samesite)

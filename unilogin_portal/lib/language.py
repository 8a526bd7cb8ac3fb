"""Which language a page is in: Danish, until somebody chooses another with `?sprog=`; the choice is kept in a cookie.

What the browser says it would like (`Accept-Language`) is not asked: most browsers in Danish schools come set to
English, and a Danish child should not meet an English page.
"""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import translation
from django.utils.cache import patch_vary_headers

PARAMETER = "sprog"


def chosen(request: HttpRequest) -> str | None:
    """Return the language that this very request asks for, if it is one of ours."""
    code = request.GET.get(PARAMETER, "")
    return code if code in dict(settings.LANGUAGES) else None


def kept(request: HttpRequest) -> str | None:
    """Return the language that an earlier request chose."""
    code = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return code if code in dict(settings.LANGUAGES) else None


def address_in(request: HttpRequest, code: str) -> str:
    """Return the request's own path and query, in the language `code`."""
    try:
        query = request.GET.copy()
    except SuspiciousOperation:  # too many parameters: the page that says so needs its links too
        query = QueryDict(mutable=True)
    query[PARAMETER] = code
    return f"{request.path}?{query.urlencode()}"


class LanguageMiddleware:
    """Set the language of the request, and tell it in the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        choice = chosen(request)
        code = choice or kept(request) or settings.LANGUAGE_CODE
        translation.activate(code)
        request.LANGUAGE_CODE = code
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", code)
        patch_vary_headers(response, ["Cookie"])
        if choice:
            keep(response, choice)
        return response


def keep(response: HttpResponse, code: str) -> None:
    """Keep the choice for a year: a technically necessary cookie, since somebody asked for it."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )

"""The front page, what the law asks for, and the error pages."""

import datetime as dt

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from . import health
from .context import installation
from .cookies import our_cookies
from .entries import ENTRIES
from .help.statements import ACCESSIBILITY, PRIVACY
from .lib.errors import support_number
from .lib.gate import public
from .models import NewsItem

log = structlog.get_logger("unilogin.errors")

NEWS_ON_THE_FRONT_PAGE = 3
# What is left when even the error page cannot be drawn: no template, no style sheet, no database.
LAST_RESORT = (
    '<!doctype html><html lang="da"><meta charset="utf-8"><title>Noget gik galt – Unilogin</title>'
    "<h1>Noget gik galt hos os</h1><p>Prøv igen om lidt. Nummer til support: {number}</p>"
    '<p lang="en">Something went wrong on our side. Try again in a little while.</p></html>'
)


@public
@require_safe
def front(request: HttpRequest) -> HttpResponse:
    news = NewsItem.objects.published()[:NEWS_ON_THE_FRONT_PAGE]
    context = {
        "entries": ENTRIES,
        "news": news,
        "summary": health.summary(health.parts()),
        "checked_at": timezone.now(),
    }
    return render(request, "portal/front.html", context)


@public
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/statement.html", {"guide": ACCESSIBILITY})


@public
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/statement.html", {"guide": PRIVACY})


@public
@require_safe
def cookies(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/cookies.html", {"cookies": our_cookies(), "changed": PRIVACY.changed})


@public
@require_safe
@cache_control(public=True, max_age=24 * 3600)
def favicon(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect(static("img/favicon.svg"))


@public
@require_safe
@cache_control(public=True, max_age=24 * 3600)
def robots(request: HttpRequest) -> HttpResponse:
    """Search engines may read what everybody may; a log-in page has nothing to find."""
    closed = [
        reverse("login:choose"),
        reverse("mitid:metadata").rsplit("/", 1)[0] + "/",
        reverse("mitunilogin:overview"),
        reverse("useradmin:runs"),
    ]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@public
@require_safe
@cache_control(public=True, max_age=24 * 3600)
def security_txt(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a hole (RFC 9116). It may stand at most a year; ours says half of one, from today."""
    expires = (timezone.now() + dt.timedelta(days=182)).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {expires.isoformat()}",
        "Preferred-Languages: da, en",
        f"Canonical: {settings.ORIGIN}{reverse('portal:security')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def _error_page(request: HttpRequest, name: str, status: int) -> HttpResponse:
    """An error in the portal's own look, with a number that also stands in the log."""
    number = support_number()
    log.info("error_page", number=number, page=name, status=status)
    return render(request, f"errors/{name}.html", {"number": number}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error_page(request, "400", 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error_page(request, "403", 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error_page(request, "404", 404)


def method_not_allowed(request: HttpRequest) -> HttpResponse:
    return _error_page(request, "405", 405)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """An expired form, or one from another site."""
    return _error_page(request, "csrf", 403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Our own fault. Drawn without the request: nothing here asks the session or the database."""
    number = support_number()
    log.error("server_error", number=number)
    try:
        page: str = render_to_string("errors/500.html", {**installation(), "number": number})
    except Exception as error:  # the page that tells of an error must not be one
        log.error("error_page_failed", number=number, error=type(error).__name__)
        page = LAST_RESORT.format(number=number)
    return HttpResponse(page, status=500)

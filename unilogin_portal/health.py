"""Whether the portal works: for people, for the machine that restarts it, and for whoever counts."""

import hmac
import ipaddress
import os
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from redis.exceptions import RedisError

from .lib.gate import public
from .lib.metrics import AT_SCRAPE
from .lib.requestlog import client_ip
from .lib.status import Status

WORKS = Status("ok", _("Working"))
FAILS = Status("bad", _("Not working"), "error")


@dataclass(frozen=True)
class Part:
    """A part that the portal cannot do without: `key` for machines, `name` and `about` for people."""

    key: str
    name: str
    about: str
    works: bool

    @property
    def status(self) -> Status:
        return WORKS if self.works else FAILS


def parts() -> list[Part]:
    """Ask every part whether it works, now."""
    asked = [
        Part("database", str(_("Login and user names")), str(_("Stores accounts and passwords.")), _database_works())
    ]
    if settings.REDIS_URL:
        asked.append(
            Part("cache", str(_("Background work")), str(_("Runs imports, mails and nightly jobs.")), _cache_works())
        )
    return asked


def _database_works() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _cache_works() -> bool:
    try:
        cache.set("health", "1", 5)
        return bool(cache.get("health") == "1")
    except (RedisError, OSError):
        return False


def summary(asked: list[Part]) -> Status:
    """One line for all parts together."""
    if all(part.works for part in asked):
        return Status("ok", str(_("All services are running")))
    return Status("wait", str(_("Part of Unilogin is not working")), "warning")


@public
@require_safe
@never_cache
def status_page(request: HttpRequest) -> HttpResponse:
    asked = parts()
    context = {"parts": asked, "summary": summary(asked), "checked_at": timezone.now()}
    return render(request, "portal/status.html", context)


@public
@require_safe
@never_cache
def live(request: HttpRequest) -> JsonResponse:
    """The process answers. Asks nothing else, so that a slow database does not get it killed."""
    return JsonResponse({"status": "ok"})


@public
@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """The process can do its work: 200, or 503 with what fails."""
    asked = parts()
    works = all(part.works for part in asked)
    answer = {"status": "ok" if works else "error", "parts": {part.key: part.works for part in asked}}
    return JsonResponse(answer, status=200 if works else 503)


@public
@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Counts for Prometheus, to those in `METRICS_ALLOW` or with `METRICS_TOKEN`; to others the page is not there."""
    if not (_address_may_read(client_ip(request)) or _token_may_read(request.headers.get("Authorization", ""))):
        raise Http404
    counts = generate_latest(_registry()) + generate_latest(AT_SCRAPE)
    return HttpResponse(counts, content_type=CONTENT_TYPE_LATEST)


def _registry() -> CollectorRegistry:
    """Return the counts of all worker processes, where gunicorn is told to gather them, else of this one."""
    if not os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry


def _address_may_read(address: str | None) -> bool:
    try:
        here = ipaddress.ip_address(address or "")
    except ValueError:
        return False
    return any(here in ipaddress.ip_network(network, strict=False) for network in settings.METRICS_ALLOW)


def _token_may_read(header: str) -> bool:
    token = settings.METRICS_TOKEN
    return bool(token) and hmac.compare_digest(header.encode(), f"Bearer {token}".encode())

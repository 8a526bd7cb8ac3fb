"""The door for machines: a bearer token (RFC 6750) in place of a session. Every view behind it carries `@machine`.

Who is turned away is told why, and so is the audit: once a minute for each system, or address, and reason, so that a
program that goes wrong, or somebody who tries out tokens, does not fill it.
"""

from collections.abc import Callable, Collection
from contextlib import suppress
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from redis.exceptions import RedisError

from accounts import audit
from unilogin_portal.lib import requestlog
from unilogin_portal.lib.gate import Gate, View

from .. import clients
from ..clients import Caller
from ..models import System
from . import problems
from .problems import Problem

REALM = 'Bearer realm="Unilogin"'
READING = ("GET", "HEAD")
_RECORDED_ONCE = 60  # seconds
Refuse = Callable[..., HttpResponse]
_ERRORS = {Problem.INVALID_TOKEN: "invalid_token", Problem.INSUFFICIENT_SCOPE: "insufficient_scope"}  # RFC 6750


class TurnedAwayError(Exception):
    """This caller may not. `number` is the institution that it was about, `system` whose token it was, where known."""

    def __init__(self, problem: Problem, detail: str, *, number: str = "", system: System | None = None) -> None:
        super().__init__(problem.value)
        self.problem = problem
        self.detail = detail
        self.number = number
        self.system = system


class MachineRequest(HttpRequest):
    """A request as views behind the door see it."""

    caller: Caller


def machine(
    *scopes: str, methods: Collection[str] = READING, refuse: Refuse = problems.answer
) -> Callable[[View], View]:
    """Let in who comes with a token for one of `scopes`, by one of `methods`. `refuse` writes the answer to others."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            with translation.override(translation.get_language_from_request(request)):
                try:
                    check_method(request, methods)
                    request.caller = _caller(request, scopes)  # type: ignore[attr-defined]
                    response = view(request, *args, **kwargs)
                except TurnedAwayError as reason:
                    record(reason, getattr(request, "caller", None))
                    headers = _challenge(reason.problem, scopes, methods)
                    response = refuse(reason.problem, reason.detail, headers=headers)
                return finished(response)

        guarded.portal_gate = Gate.MACHINE  # type: ignore[attr-defined]
        return csrf_exempt(login_not_required(guarded))

    return decorate


def check_method(request: HttpRequest, methods: Collection[str]) -> None:
    if request.method not in methods:
        raise TurnedAwayError(Problem.METHOD, _("Use %(methods)s.") % {"methods": ", ".join(methods)})


def finished(response: HttpResponseBase) -> HttpResponseBase:
    """Say in which language the answer is, and keep it from everybody's caches."""
    response.headers.setdefault("Cache-Control", "private, no-cache")
    response.headers["Content-Language"] = translation.get_language() or ""
    patch_vary_headers(response, ["Authorization", "Accept-Language"])
    return response


def _caller(request: HttpRequest, scopes: Collection[str]) -> Caller:
    kind, _space, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token.strip():
        raise TurnedAwayError(Problem.NO_TOKEN, _("Get one at /api/oauth/token and send it as Authorization: Bearer."))
    kept = clients.token_of(token.strip())
    if kept is None:
        raise TurnedAwayError(Problem.INVALID_TOKEN, _("It was not given out here, or its access was revoked."))
    system = kept.client.system
    if kept.expires_at <= timezone.now():
        expired = _("It has expired. Get a new one at /api/oauth/token.")
        raise TurnedAwayError(Problem.INVALID_TOKEN, expired, system=system)
    held = clients.held_by(kept.scopes)
    if held.isdisjoint(scopes):
        needed = _("It takes one for the scope %(scope)s.") % {"scope": " / ".join(scopes)}
        raise TurnedAwayError(Problem.INSUFFICIENT_SCOPE, needed, system=system)
    if set(clients.scopes_for(system)).isdisjoint(scopes):
        not_let = _("The system is passive, or STIL does not let it use this web service now.")
        raise TurnedAwayError(Problem.NO_AGREEMENT, not_let, system=system)
    return Caller(system, kept.client, held)


def _challenge(problem: Problem, scopes: Collection[str], methods: Collection[str]) -> dict[str, str]:
    if problem is Problem.METHOD:
        return {"Allow": ", ".join(methods)}
    if problem is Problem.NO_TOKEN:
        return {"WWW-Authenticate": REALM}
    if problem not in _ERRORS:
        return {}
    scope = f', scope="{" ".join(scopes)}"' if problem is Problem.INSUFFICIENT_SCOPE else ""
    return {"WWW-Authenticate": f'{REALM}, error="{_ERRORS[problem]}"{scope}'}


def record(reason: TurnedAwayError, caller: Caller | None = None) -> None:
    """Write who was turned away, and why."""
    system = reason.system or (caller.system if caller else None)
    if reason.problem in {Problem.METHOD, Problem.NO_TOKEN}:
        return  # nobody has claimed to be anybody
    who = f"system-{system.pk}" if system else f"address-{requestlog.current.get().ip}"
    with suppress(RedisError):  # where the cache is away, rather too often than not at all
        if not cache.add(f"api-turned-away:{who}:{reason.problem}:{reason.number}", True, _RECORDED_ONCE):
            return
    audit.record("api.turned_away", system, by=None, institution=reason.number, problem=reason.problem.value)

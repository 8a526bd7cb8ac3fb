"""OneRoster 1.2 over HTTPS: the pages of `exports.oneroster`, for what the caller's agreements hold now."""

import json
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from ... import clients, fetching
from ...exports.oneroster.answer import answer
from ...exports.oneroster.status import CodeMinor, status_info
from .. import problems
from ..conditional import unless_known
from ..door import MachineRequest, machine
from ..problems import TABLE, Problem

JSON = "application/json"


def refuse(problem: Problem, detail: str, *, headers: dict[str, str] | None = None) -> HttpResponse:
    """Turn a caller away in the words of OneRoster."""
    status = TABLE[problem][0]
    if problem is Problem.METHOD:
        return problems.answer(problem, detail, headers=headers)
    code = CodeMinor.UNAUTHORISED if status == HTTPStatus.UNAUTHORIZED else CodeMinor.FORBIDDEN
    return _json(status_info(code, detail), status, headers or {})


def _page(request: MachineRequest, resource: str, sourced_id: str | None) -> HttpResponseBase:
    by = fetching.granted(request.caller.system)
    base = f"{settings.ORIGIN}{reverse('oneroster:base')}"
    releases = [one.release for one in by]
    found = answer(resource, sourced_id, releases, request.GET.dict(), base, now=timezone.now())
    response = _json(found.body, found.status, found.headers)
    if found.status != HTTPStatus.OK:
        return response
    wanted = unless_known(request, response)
    goes = wanted is response and request.method == "GET"
    if goes and not fetching.told(resource, found.told, by):
        return _page(request, resource, sourced_id)  # without what has ended since
    return wanted


def _json(body: dict[str, Any], status: int, headers: dict[str, str]) -> HttpResponse:
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return HttpResponse(text, status=status, content_type=JSON, headers=headers)


@machine(clients.ROSTER_CORE, clients.ROSTER, refuse=refuse)
def roster(request: MachineRequest, resource: str, sourced_id: str | None = None) -> HttpResponseBase:
    """One of the core's collections, or one object of it."""
    return _page(request, resource, sourced_id)


@machine(clients.ROSTER_DEMOGRAPHICS, refuse=refuse)
def demographics(request: MachineRequest, sourced_id: str | None = None) -> HttpResponseBase:
    """Dates of birth and sex, for which there is a scope apart."""
    return _page(request, "demographics", sourced_id)

"""What every page of Elevadgang has in common: how far one's help reaches, and the menu with its two numbers."""

from collections import Counter
from typing import Any

from django.db.models import Value
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from institutions.actor import PortalRequest
from institutions.models import Group
from unilogin_portal.lib.gate import LOA_SESSION_KEY

from . import access

# An act on more rows than this goes by a page that asks first.
MANY = 20
# How often a page asks by itself what is new, in seconds: while something can happen, and otherwise.
LIVELY, CALM = 3, 30


def reach_of(request: PortalRequest) -> access.Reach:
    """Return how far the help of whoever asks reaches in this session."""
    return access.reach_of(request.actor, request.session.get(LOA_SESSION_KEY, 0))


def page(
    request: PortalRequest, template: str, reach: access.Reach, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Draw a page with its menu, which says how many windows are open and how many pupils wait: one query."""
    numbers = SimpleLazyObject(lambda: _numbers(reach))
    frame = {
        "open_windows": SimpleLazyObject(lambda: numbers["window"]),
        "waiting": SimpleLazyObject(lambda: numbers["waiting"]),
    }
    return render(request, f"elevadgang/{template}.html", {**frame, **context}, status=status)


def name_of(group: Group, *, several: bool) -> str:
    """Return what a class is called where classes of several schools may stand together."""
    return f"{group.name}, {group.institution.name}" if several else group.name


def _numbers(reach: access.Reach) -> Counter[str]:
    if reach.is_empty:
        return Counter()
    now = timezone.now()
    windows: Any = access.windows_for(reach).live(now).order_by().values_list("pk", Value("window"))
    waiting = access.step_ups_for(reach).waiting(now).order_by().values_list("pk", Value("waiting"))
    return Counter(what for _, what in windows.union(waiting))

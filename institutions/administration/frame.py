"""What every page of Brugeradministration has in common: the frame with its menu, lists by the page, the next night."""

import datetime as dt
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from .. import access
from ..actor import Actor, PortalRequest
from ..cases.kinds import MAY_OPEN
from ..importing import night
from ..importing.reasons import Reason
from ..models import ImportRun, RunState
from ..roles import Role

# How far back the menu's warning sign looks.
RECENT = dt.timedelta(days=7)
NEEDS_LOOKING_AT = (RunState.LOADED_WITH_ISSUES, RunState.REJECTED)


def page(request: PortalRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Draw a page with its menu: the warning sign, and what only those who decide somewhere need."""
    return render(request, f"useradmin/{template}.html", {**menu_of(request.actor), **context}, status=status)


def menu_of(actor: Actor) -> dict[str, Any]:
    """Return what the menu of Brugeradministration's pages asks for."""
    return {
        "needs_attention": SimpleLazyObject(lambda: needs_attention(actor)),
        "decides_somewhere": actor.has_any(access.MAY[access.Action.DECIDE]),
        "opens_cases": actor.has_any(MAY_OPEN),
        "answers_cases": Role.OPERATOR in actor.roles,
    }


def needs_attention(actor: Actor) -> bool:
    """Whether something is held, or the newest run of a series has issues. Operators are told of held runs only."""
    runs = access.runs_for(actor)
    if runs.filter(state=RunState.AWAITING_APPROVAL).exists():
        return True
    if Role.OPERATOR in actor.roles:
        return False
    recent = runs.filter(state__in=NEEDS_LOOKING_AT, started_at__gte=timezone.now() - RECENT)
    recent = recent.exclude(reason=Reason.STOPPED)  # whoever stopped it has looked
    newer = ImportRun.objects.filter(
        institution_number=OuterRef("institution_number"),
        source=OuterRef("source"),
        started_at__gt=OuterRef("started_at"),
    )
    return recent.filter(~Exists(newer)).exists()


def paged(rows: QuerySet[Any], request: PortalRequest, size: int) -> Page[Any]:
    return Paginator(rows, size).get_page(request.GET.get("side"))


def next_night(now: dt.datetime) -> dt.datetime:
    """Return when the next deliveries are taken."""
    here = timezone.localtime(now)
    tonight = here.replace(hour=night.BEGINS_AT, minute=0, second=0, microsecond=0)
    return tonight if tonight > here else tonight + dt.timedelta(days=1)

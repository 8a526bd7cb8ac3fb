"""What every page of Tilslutning has in common: the frame with its menu, and lists by the page."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject

from institutions.actor import PortalRequest
from institutions.roles import Right, Role

from . import access


def page(request: PortalRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Draw a page with its menu, which offers what the actor has something to do with."""
    actor = request.actor
    menu = {
        "administers": SimpleLazyObject(lambda: actor.has_any(access.MAY_SEE)),
        "is_operator": Role.OPERATOR in actor.roles,
        "has_right": Right.AGREEMENTS in actor.roles,
    }
    return render(request, f"dataagreements/{template}.html", {**menu, **context}, status=status)


def paged(rows: QuerySet[Any], request: PortalRequest, size: int) -> Page[Any]:
    return Paginator(rows, size).get_page(request.GET.get("side"))

"""What every page of Sygefravær has in common, but for the respondent's own: the frame with its menu."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject

from institutions.actor import PortalRequest
from institutions.roles import Role

PAGE = 50


def page(request: PortalRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Draw a page with its menu, which offers STIL the weeks and the addresses. Also for pages without log-in."""
    menu = {"is_operator": SimpleLazyObject(lambda: Role.OPERATOR in request.actor.roles)}
    return render(request, f"reporting/{template}.html", {**menu, **context}, status=status)


def paged(rows: QuerySet[Any], request: PortalRequest, size: int = PAGE) -> Page[Any]:
    return Paginator(rows, size).get_page(request.GET.get("side"))

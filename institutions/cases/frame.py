"""What the pages of cases have in common: the institution's in Brugeradministration's frame, STIL's in their own."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from ..actor import PortalRequest
from ..administration.frame import menu_of, paged
from . import access, pages

__all__ = ["inbox_page", "page", "paged"]


def page(request: PortalRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """Draw a page of the institution's."""
    return render(request, f"cases/{template}.html", {**menu_of(request.actor), **context})


def inbox_page(request: PortalRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """Draw a page of STIL's, whose menu says how many cases wait."""
    counts = pages.counts(access.inbox_for(request.actor))
    return render(request, f"cases/{template}.html", {"counts": counts, **context})

"""The help pages."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ..lib.gate import public
from .guides import GROUPS, GUIDES


@public
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    return render(request, "help/overview.html", {"groups": GROUPS})


@public
@require_safe
def guide(request: HttpRequest, slug: str) -> HttpResponse:
    if slug not in GUIDES:
        raise Http404
    return render(request, "help/guide.html", {"guide": GUIDES[slug]})

"""The help pages."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from ..lib.gate import public
from .guides import GROUPS, GUIDES
from .search import LONGEST_QUERY, search


@public
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """All guides, or with `?q=` those that fit."""
    query = request.GET.get("q", "").strip()[:LONGEST_QUERY]
    if not query:
        return render(request, "help/overview.html", {"groups": GROUPS})
    context = {"query": query, "found": search(query, get_language() or "da")}
    return render(request, "help/found.html", context)


@public
@require_safe
def guide(request: HttpRequest, slug: str) -> HttpResponse:
    """One guide on a page of its own, to link to and to print."""
    if slug not in GUIDES:
        raise Http404
    shown = GUIDES[slug]
    see_also = [GUIDES[name] for name in shown.see_also]
    return render(request, "help/guide.html", {"guide": shown, "see_also": see_also})

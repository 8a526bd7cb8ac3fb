"""Classes and their pupils."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from unilogin_portal.lib.gate import public


@public
@never_cache
@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """*Log på*, for teachers and for user administrators (D3.5)."""
    return render(request, "elevadgang/front.html")

"""Classes and their pupils."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from institutions.actor import PortalRequest
from unilogin_portal.lib.gate import LevelOfAssurance, public, signed_in, step_up

from .. import access, frame


@public
@never_cache
@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """*Log på*, for teachers and for user administrators (D3.5)."""
    return render(request, "elevadgang/front.html")


@signed_in
@step_up(LevelOfAssurance.SUBSTANTIAL)
@never_cache
@require_safe
def administrator(request: PortalRequest) -> HttpResponse:
    return redirect("elevadgang:classes")


@signed_in
@never_cache
@require_safe
def show(request: PortalRequest) -> HttpResponse:
    return frame.page(request, "blank", frame.reach_of(request), {"heading": "Elevadgang"})


@signed_in
@never_cache
@require_safe
def group(request: PortalRequest, pk: int) -> HttpResponse:
    reach = frame.reach_of(request)
    found, _ = access.group_for(reach, pk)
    return frame.page(request, "blank", reach, {"heading": found.name})

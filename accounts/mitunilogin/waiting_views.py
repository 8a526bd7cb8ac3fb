"""A parent's answer to a child who waits for an adult's word (D3.5)."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from institutions.actor import PortalRequest
from unilogin_portal.lib.gate import LevelOfAssurance, signed_in, step_up

from .. import access
from . import waiting

YES, NO = "godkend", "afvis"


@signed_in
@step_up(LevelOfAssurance.SUBSTANTIAL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: PortalRequest, pk: int) -> HttpResponse:
    """*Godkend* or *Afvis*, for a child in one's custody, in a session by MitID."""
    asked = access.step_up_of_child(request.user, pk)
    if request.method != "POST" or not {YES, NO} & request.POST.keys():
        return render(request, "mitunilogin/answer_waiting.html", {"asked": asked, "minutes": settings.STEP_UP_MINUTES})
    counts, text = waiting.answer(asked, yes=YES in request.POST, by=request.user)
    (messages.success if counts else messages.warning)(request, text)
    return redirect("mitunilogin:overview")

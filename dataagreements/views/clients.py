"""*Systemets adgang*: the ids and secrets by which a system gets tokens."""

import re
import secrets

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from institutions.actor import PortalRequest
from unilogin_portal.lib.errors import DomainError
from unilogin_portal.lib.gate import LevelOfAssurance, allow, step_up

from .. import access, frame, services

FORM_KEY = re.compile(r"[0-9a-f]{32}")


@allow(*access.MAY_ACT)
@step_up(LevelOfAssurance.SUBSTANTIAL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: PortalRequest, pk: int) -> HttpResponse:
    """Make an id and a secret for a system; the secret is on the answer to the form and nowhere else."""
    found = access.system_for(request.actor, pk, to_change=True)
    form_key = request.POST.get("form_key", "")
    if not FORM_KEY.fullmatch(form_key):  # before the form was sent, too
        return frame.page(request, "new_client", {"system": found, "form_key": secrets.token_hex(16)})
    try:
        made = services.make_client(found, form_key, by=request.actor)
    except DomainError as error:
        context = {"system": found, "form_key": form_key, "problem": str(error)}
        return frame.page(request, "new_client", context)
    if made is None:
        messages.warning(request, _("That secret has been shown once and cannot be shown again. Make another one."))
        return redirect("dataagreements:system", pk=pk)
    return frame.page(request, "client_made", {"system": found, "made": made})


@allow(*access.MAY_SEE)
@step_up(LevelOfAssurance.SUBSTANTIAL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: PortalRequest, pk: int, client: int) -> HttpResponse:
    """Revoke a system's access, after a page that says what it means; STIL, too, where a secret has leaked."""
    found = access.client_for(request.actor, pk, client)
    if request.method == "POST":
        if services.revoke_client(found, by=request.actor):
            messages.success(request, _("The access is revoked. Nothing gets in by it any more."))
        return redirect("dataagreements:system", pk=pk)
    if found.revoked_at is not None:
        return redirect("dataagreements:system", pk=pk)
    return frame.page(request, "revoke_client", {"system": found.system, "client": found})

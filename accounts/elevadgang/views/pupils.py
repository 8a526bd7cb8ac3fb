"""One pupil: how the account stands, and what can be done about it."""

from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from institutions.actor import PortalRequest
from unilogin_portal.lib.gate import signed_in

from .. import access, frame


@signed_in
@never_cache
@require_safe
def show(request: PortalRequest, pk: int) -> HttpResponse:
    reach = frame.reach_of(request)
    pupil, _ = access.pupil_for(reach, pk)
    return frame.page(request, "blank", reach, {"heading": pupil.person.name if pupil.person else pupil.username})

"""What was done for the pupils whom one may help."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from institutions.actor import PortalRequest
from unilogin_portal.lib.gate import allow

from .. import access, frame


@allow(*access.MAY_HELP)
@never_cache
@require_safe
def show(request: PortalRequest) -> HttpResponse:
    return frame.page(request, "blank", frame.reach_of(request), {"heading": _("History")})

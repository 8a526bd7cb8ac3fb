"""*Indsigt*, for everybody: who receives data on oneself and one's children."""

from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from institutions.actor import PortalRequest
from unilogin_portal.lib.gate import signed_in

from .. import frame
from ..insight import subjects_for


@signed_in
@never_cache
@require_safe
def show(request: PortalRequest) -> HttpResponse:
    person = request.user.person
    subjects = subjects_for(person) if person else []
    return frame.page(request, "insight", {"subjects": subjects, "several": len(subjects) > 1})

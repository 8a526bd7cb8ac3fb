"""One pupil: how the account stands, and what can be done about it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from institutions.actor import PortalRequest
from unilogin_portal.lib.errors import DomainError
from unilogin_portal.lib.gate import signed_in

from ... import helping
from .. import access, frame, pupils
from ..acts import ACTS
from ..giving import give, tell


@signed_in
@never_cache
@require_safe
def show(request: PortalRequest, pk: int) -> HttpResponse:
    reach = frame.reach_of(request)
    helped = access.helped_for(reach, pk)
    pupil, capacity = helped.user, helped.capacity
    helping.note_viewed([(pupils.person_of(pupil), capacity.institution)], by=request.user, role=capacity.role)
    context = {
        "pupil": pupil,
        "capacity": capacity,
        "account": pupils.account_of(helped),
        "kind": pupils.next_kind_of(pupil),
        "lines": pupils.help_lines(pupil, request.user, capacity),
    }
    return frame.page(request, "pupil", reach, context)


@signed_in
@never_cache
@require_POST
def act(request: PortalRequest, pk: int, name: str) -> HttpResponse:
    """Do what one button of the pupil's page says, and tell what came of it."""
    pupil, capacity = access.pupil_for(frame.reach_of(request), pk)
    if name not in ACTS:
        raise Http404
    if ACTS[name].administers and not capacity.administers:
        raise PermissionDenied
    try:
        messages.success(request, ACTS[name].perform(pupil, request.user, capacity))
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("elevadgang:pupil", pk=pk)


@signed_in
@never_cache
@require_POST
def give_one(request: PortalRequest, pk: int) -> HttpResponse:
    """*Giv ny adgangskode* to this pupil."""
    pupil, capacity = access.pupil_for(frame.reach_of(request), pk)
    opened = give([pupil], lambda user: capacity, by=request.user)
    tell(request, opened)
    return redirect("elevadgang:windows") if opened.windows else redirect("elevadgang:pupil", pk=pk)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def block(request: PortalRequest, pk: int) -> HttpResponse:
    """*Spær*: for user administrators, by a page that says what it ends."""
    reach = frame.reach_of(request)
    pupil, capacity = access.pupil_for(reach, pk)
    if not capacity.administers:
        raise PermissionDenied
    if request.method != "POST":
        return frame.page(request, "block", reach, {"pupil": pupil})
    try:
        helping.block(pupil, by=request.user, role=capacity.role, institution=capacity.institution)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        name = pupils.person_of(pupil).name
        messages.success(request, _("%(name)s is blocked, and logged out everywhere.") % {"name": name})
    return redirect("elevadgang:pupil", pk=pk)

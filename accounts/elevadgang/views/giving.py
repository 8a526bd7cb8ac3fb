"""*Giv ny adgangskode*, for the pupils that were ticked on a page."""

from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from institutions.actor import PortalRequest
from unilogin_portal.lib.gate import signed_in

from ...models import User
from .. import access, frame
from ..access import Capacity, Reach
from ..forms import ChosenForm
from ..giving import give, tell
from .classes import asked_in, found_page, group_page


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def in_group(request: PortalRequest, pk: int) -> HttpResponse:
    """For pupils of one class. Whoever comes back here after a new log-in is led to the class."""
    reach = frame.reach_of(request)
    group, capacity = access.group_for(reach, pk)
    back = reverse("elevadgang:group", args=[pk])
    if request.method != "POST":
        return redirect(back)
    form = ChosenForm(request.POST, pupils=access.users_in([group]))
    if not form.is_valid():
        return group_page(request, reach, pk, form)
    return _give(request, reach, form, lambda user: capacity, back)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def among_found(request: PortalRequest) -> HttpResponse:
    """For pupils whom a user administrator has searched for, at one school or several."""
    reach = frame.reach_of(request)
    if not reach.administered:
        raise Http404
    back = f"{reverse('elevadgang:classes')}?{request.GET.urlencode()}"
    if request.method != "POST":
        return redirect(back)
    groups = access.administered_groups_for(reach)
    form = ChosenForm(request.POST, pupils=access.users_in(groups))
    if not form.is_valid():
        return found_page(request, reach, list(access.institutions_for(reach)), asked_in(request), form)
    capacities = access.capacities_of(reach, [user.pk for user in form.chosen])
    return _give(request, reach, form, lambda user: capacities[user.pk], back)


def _give(
    request: PortalRequest, reach: Reach, form: ChosenForm, capacity_of: Callable[[User], Capacity], back: str
) -> HttpResponse:
    if len(form.chosen) > frame.MANY and not form.cleaned_data["bekraeft"]:
        context = {"chosen": form.chosen, "back": back, "minutes": settings.RESET_WINDOW_MINUTES}
        return frame.page(request, "confirm", reach, context)
    opened = give(form.chosen, capacity_of, by=request.user)
    tell(request, opened)
    return redirect("elevadgang:windows" if opened.windows else back)

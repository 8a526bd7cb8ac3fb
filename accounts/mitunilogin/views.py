"""Mit Unilogin."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from institutions.actor import PortalRequest
from unilogin_portal.lib.gate import LOA_SESSION_KEY, LevelOfAssurance, signed_in

from .. import access, assurance, services
from ..activation import sp_services
from ..login import flow
from ..models import ServiceLink
from ..models.mitid import Purpose
from . import forms, history, overview, waiting, work

PAGE = 50
NEWEST = 5


@signed_in
@never_cache
@require_safe
def show(request: PortalRequest) -> HttpResponse:
    """*Overblik*."""
    user = request.user
    context: dict[str, object] = {
        "doors": work.doors_for(request.actor),
        "services": overview.services_for(user),
        "term": overview.password_term(user),
        "devices": overview.devices_of(user, request.session.session_key),
    }
    if user.person is not None:
        children = access.children_of(user.person)
        context["waiting"] = waiting.waiting_for(request.user)
        context["minutes"] = settings.STEP_UP_MINUTES
        context["is_proved"] = request.session.get(LOA_SESSION_KEY, 0) >= LevelOfAssurance.SUBSTANTIAL
        context["role_lines"] = overview.role_lines(user.person)
        context["children"] = overview.children_for(children)
        context["history"] = history.in_words(history.events_for(user.person, children)[:NEWEST], user)
    return render(request, "mitunilogin/overview.html", context)


@signed_in
@never_cache
@require_safe
def show_history(request: PortalRequest) -> HttpResponse:
    """*Hvem har set og ændret*, all of it, or what one asks for."""
    person = request.user.person
    if person is None:
        raise Http404
    children = access.children_of(person)
    form = forms.HistoryFilter(request.GET, children=children)
    about, kind = form.chosen()
    events = history.events_for(person, children, about=about, kind=kind)
    page = Paginator(events, PAGE).get_page(request.GET.get("side"))
    lines = history.in_words(page.object_list, request.user)
    context = {"page": page, "lines": lines, "form": form, "is_narrowed": bool(about or kind)}
    return render(request, "mitunilogin/history.html", context)


@signed_in
@require_POST
def change_password(request: PortalRequest) -> HttpResponse:
    """*Skift adgangskode*, or make the first one, with one's own user name filled in."""
    flow.remember_visit(request.session, flow.Visit(request.user.username))
    return redirect("login:new_password" if request.user.has_secret else "login:first_password")


@signed_in
@never_cache
@require_safe
def help_child(request: PortalRequest, pk: int) -> HttpResponse:
    """Make a new password for a child in one's custody: MitID says anew who is here."""
    child = access.child_for(request.user, pk)
    if not child.user.is_active:  # a stale page, or a typed address: say it here, not after MitID
        messages.error(request, _("The account is blocked. Ask the school or day care."))
        return redirect("mitunilogin:overview")
    flow.remember_visit(request.session, flow.Visit(child.user.username))
    return sp_services.begin(request, purpose=Purpose.CHILD_PASSWORD)


@signed_in
@require_POST
def end_session(request: PortalRequest, pk: str) -> HttpResponse:
    """*Log af* on another device; on this one it is an ordinary log-off."""
    session = access.session_for(request.user, pk)
    if access.is_this_session(session, request.session.session_key):
        return redirect("mitunilogin:overview")
    services.end_session(request.user, session)
    messages.success(request, _("You are logged out on that device."))
    return redirect("mitunilogin:overview")


@signed_in
@require_POST
def end_other_sessions(request: PortalRequest) -> HttpResponse:
    """*Log af på alle andre enheder*."""
    ended = services.end_other_sessions(request.user, keep=request.session.session_key or "")
    messages.success(
        request,
        ngettext(
            "You are logged out on %(count)s other device.", "You are logged out on %(count)s other devices.", ended
        )
        % {"count": ended}
        if ended
        else _("You were not logged in anywhere else."),
    )
    return redirect("mitunilogin:overview")


@signed_in
@never_cache
@require_safe
def open_service(request: PortalRequest, slug: str) -> HttpResponse:
    """Go on to a service, or be told *Ingen adgang* and whom to ask (D2.6), or wait for an adult (D3.5)."""
    service = access.service_for(slug)
    return _kept_out(request, service) or redirect(service.url)


@signed_in
@never_cache
@require_safe
def practice_service(request: PortalRequest, slug: str) -> HttpResponse:
    """A service of the demo country: it only says that one has arrived."""
    if not overview.demo_services_run():
        raise Http404
    service = access.service_for(slug)
    if kept_out := _kept_out(request, service):
        return kept_out
    level = assurance.at_service(request.user, request.session, service)
    return render(request, "mitunilogin/practice_service.html", {"service": service, "assurance": level})


def _kept_out(request: PortalRequest, service: ServiceLink) -> HttpResponse | None:
    """Return what stands between the user and the service: *Ingen adgang*, or an adult's word that is missing."""
    if not service.is_for(request.user.actor_group):
        return render(request, "mitunilogin/no_access.html", {"service": service}, status=403)
    if assurance.needs_an_adult(request.user, request.session, service):
        return redirect("login:adult", slug=service.slug)
    return None

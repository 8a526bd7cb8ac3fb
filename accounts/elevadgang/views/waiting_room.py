"""Pupils who wait for an adult's word."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from institutions.actor import PortalRequest
from unilogin_portal.lib.dates import clock_text
from unilogin_portal.lib.gate import allow

from ... import sessions
from ...models import StepUp
from ...states import StepUpAction
from .. import access, empty, frame, waiting

CLASS = "klasse"


@allow(*access.MAY_HELP)
@never_cache
@require_safe
def show(request: PortalRequest) -> HttpResponse:
    """*Venterum*."""
    reach = frame.reach_of(request)
    if reach.is_empty:
        return frame.page(request, "waiting_room", reach, {"emptiness": empty.why_nobody(request.actor)})
    room = waiting.room_of(reach, request.GET.get(CLASS, ""))
    return frame.page(request, "waiting_room", reach, {"room": room, "minutes": settings.STEP_UP_MINUTES})


@allow(*access.MAY_HELP)
@never_cache
@require_safe
def now(request: PortalRequest) -> HttpResponse:
    """What the page asks for by itself: nothing where nothing has changed, so that nothing is read aloud again."""
    sessions.note_no_use(request)
    room = waiting.room_of(frame.reach_of(request), request.GET.get(CLASS, ""))
    if request.GET.get("kendt") == room.mark:
        return HttpResponse(status=204)
    return render(request, "elevadgang/_waiting_now.html", {"room": room, "minutes": settings.STEP_UP_MINUTES})


@allow(*access.MAY_HELP)
@require_POST
def answer(request: PortalRequest) -> HttpResponse:
    """*Godkend*, *Afvis*, *Godkend alle*, *Slut nu*: of those who stood on the page, not of who came meanwhile."""
    reach = frame.reach_of(request)
    action, keys = _chosen(request.POST)
    asked = list(access.step_ups_for(reach).filter(pk__in=keys))
    if not asked:
        raise Http404
    if len(asked) > frame.MANY and "bekraeftet" not in request.POST:
        return _confirm(request, reach, asked)
    outcome = waiting.answer(reach, asked, action)
    if outcome.done:
        messages.success(request, _said(outcome.done, action))
    if outcome.by_another:
        messages.warning(request, _("Somebody else has already answered."))
    if outcome.gone:
        messages.warning(request, _("The pupil is not waiting any more."))
    return redirect(_back(request.POST))


_ONE = {"godkend": StepUpAction.APPROVE, "afvis": StepUpAction.REFUSE, "slut": StepUpAction.END}


def _chosen(posted: QueryDict) -> tuple[StepUpAction, list[int]]:
    """Return what is to be done, and to whom (keys); 404 for what no button of ours sends."""
    for name, action in _ONE.items():
        if name in posted:
            return action, _keys(posted.getlist(name))
    if "alle" in posted:
        return StepUpAction.APPROVE, _keys(posted.getlist("vist"))
    raise Http404


def _keys(values: list[str]) -> list[int]:
    return [int(value) for value in values if value.isdecimal() and len(value) < 16]


def _confirm(request: PortalRequest, reach: access.Reach, asked: list[StepUp]) -> HttpResponse:
    chosen = request.POST.get(CLASS, "")
    context = {"asked": asked, "service": asked[0].service, "minutes": settings.STEP_UP_MINUTES, "chosen": chosen}
    return frame.page(request, "approve_many", reach, context)


def _said(done: list[StepUp], action: StepUpAction) -> str:
    """Return what an answer led to, in words."""
    service, count = done[0].service.name, len(done)
    facts = {
        "name": done[0].user.shown_name,
        "count": count,
        "service": service,
        "until": clock_text(done[0].expires_at),
    }
    if action is StepUpAction.APPROVE and count == 1:
        return _("%(name)s can use %(service)s until %(until)s.") % facts
    if action is StepUpAction.APPROVE:
        return (
            ngettext(
                "%(count)s pupil can use %(service)s until %(until)s.",
                "%(count)s pupils can use %(service)s until %(until)s.",
                count,
            )
            % facts
        )
    if action is StepUpAction.REFUSE:
        return _("%(name)s has got a no to %(service)s.") % facts
    return _("%(name)s cannot use %(service)s any more.") % facts


def _back(posted: QueryDict) -> str:
    """Return the page that was answered from, with the class that was chosen there."""
    chosen, page = posted.get(CLASS, ""), reverse("elevadgang:waiting_room")
    return f"{page}?{urlencode({CLASS: chosen})}" if chosen.isdecimal() else page

"""STIL's pages of the weeks: the list, one week live, its dates, and opening or leaving it out."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import sessions
from institutions.actor import PortalRequest
from institutions.roles import Role
from unilogin_portal.lib.errors import DomainError
from unilogin_portal.lib.gate import allow, public

from .. import access, frame, overview, respondents, tasks
from .. import campaigns as services
from ..campaign_forms import LONGEST_SEARCH, CampaignForm
from ..models import Campaign, Report
from ..overview import Choice
from ..states import CampaignState
from ..statistics.access import MAY_SEE

WEEKS = 26


@public
@require_safe
def front(request: PortalRequest) -> HttpResponse:
    """The way in: to the weeks, to one's own figures, or to what everybody may see."""
    if request.actor.has_any(access.MAY_KEEP):
        return redirect("reporting:campaigns")
    return redirect("reporting:statistics" if request.actor.has_any(MAY_SEE) else "reporting:open_data")


@allow(Role.OPERATOR)
@never_cache
@require_safe
def campaigns(request: PortalRequest) -> HttpResponse:
    """*Uge for uge*: the newest first."""
    page = frame.paged(access.campaigns_for(request.actor), request, WEEKS)
    weeks = overview.weeks_of(list(page.object_list))
    without = overview.without_address()
    return frame.page(request, "campaigns", {"page": page, "weeks": weeks, "without_address": without})


@allow(Role.OPERATOR)
@never_cache
@require_safe
def campaign(request: PortalRequest, pk: int) -> HttpResponse:
    """A week: how many have answered, and every respondent."""
    one, now = access.campaign_for(request.actor, pk), timezone.now()
    choice = choice_of(request.GET)
    page = frame.paged(choice.of(one, now), request)
    lines = overview.lines_of(one, page.object_list, now)
    context = {
        "page": page,
        "lines": lines,
        "choice": choice,
        "missing": choice.of(one, now).filter(pk__in=access.remindable_for(request.actor, now)).count(),
        "filters": [(name, label) for name, (label, _condition) in overview.FILTERS.items()],
        "kinds": list(overview.KINDS.items()),
        **_state(one, lines),
    }
    return frame.page(request, "campaign", context)


@allow(Role.OPERATOR)
@never_cache
@require_safe
def campaign_now(request: PortalRequest, pk: int) -> HttpResponse:
    """What the page asks for by itself: nothing where nothing of what it shows has changed."""
    sessions.note_no_use(request)
    one, now = access.campaign_for(request.actor, pk), timezone.now()
    keys = [int(key) for key in request.GET.get("viste", "").split(",")[: frame.PAGE] if _is_key(key)]
    shown = access.reports_for(request.actor).filter(campaign=one, pk__in=keys).order_by("kind", "name", "number")
    state = _state(one, overview.lines_of(one, shown, now))
    if request.GET.get("kendt") == state["mark"]:
        return HttpResponse(status=204)
    return render(request, "reporting/_live_now.html", state)


def _state(one: Campaign, lines: list[overview.Line]) -> dict[str, Any]:
    """Return what of the week's page changes by itself."""
    now = timezone.now()
    counts, clock = overview.counts_of(one, now), overview.clock_of(one, now)
    rows = [(line.report.pk, line.report.state, str(line.mail.text), line.under) for line in lines]
    mark = overview.mark_of(one.state, counts, clock, rows)
    return {"campaign": one, "counts": counts, "clock": clock, "lines": lines, "mark": mark}


def choice_of(asked: Any) -> Choice:
    """Return which respondents an address or a form asks for; what it does not know counts as nothing."""
    shown, kind = asked.get("vis", ""), asked.get("slags", "")
    return Choice(
        asked.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH],
        shown if shown in overview.FILTERS else "",
        kind if kind in overview.KINDS else "",
    )


def _is_key(text: str) -> bool:
    return text.isdecimal() and len(text) < 19


@allow(Role.OPERATOR)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: PortalRequest, pk: int) -> HttpResponse:
    """*Ret ugen*: its dates, and a few lines in its mails."""
    one = access.campaign_for(request.actor, pk)
    if one.state not in (CampaignState.PLANNED, CampaignState.OPEN):
        messages.warning(request, _("The week is over. Its dates stand."))
        return redirect("reporting:campaign", pk)
    form = CampaignForm(request.POST or None, campaign=one)
    if request.method == "POST" and form.is_valid():
        try:
            services.change(one, form.dates, form.cleaned_data["message"], by=request.actor, now=timezone.now())
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("reporting:campaign", pk)
    return frame.page(request, "change_campaign", {"campaign": one, "form": form})


@allow(Role.OPERATOR)
@require_POST
def move(request: PortalRequest, pk: int) -> HttpResponse:
    """*Åbn nu*, *Udelad ugen*, *Tag ugen med*. Opening asks first: hundreds are written to."""
    one = access.campaign_for(request.actor, pk)
    act = request.POST.get("handling", "")
    if act == "aabn" and "bekraeftet" not in request.POST:
        count = len(respondents.everybody())
        return frame.page(request, "open_campaign", {"campaign": one, "count": count})
    try:
        if act in _MOVES:
            messages.success(request, _MOVES[act](request, one))
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("reporting:campaign", pk)


def _open(request: PortalRequest, one: Campaign) -> str:
    opened = services.open_campaign(one, by=request.actor, now=timezone.now())
    tasks.mail_soon(opened)
    count = Report.objects.filter(campaign=opened).count()
    text = ngettext("The week is open. %(count)d is written to.", "The week is open. %(count)d are written to.", count)
    return text % {"count": count}


def _cancel(request: PortalRequest, one: Campaign) -> str:
    services.cancel(one, by=request.actor)
    return _("The week is left out. Nobody is written to.")


def _restore(request: PortalRequest, one: Campaign) -> str:
    services.restore(one, by=request.actor, now=timezone.now())
    return _("The week is taken in again.")


_MOVES: dict[str, Callable[[PortalRequest, Campaign], str]] = {"aabn": _open, "udelad": _cancel, "tag-med": _restore}

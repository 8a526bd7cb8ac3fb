"""*Send påmindelse*: to those ticked, or to all of the list who have not answered."""

from dataclasses import dataclass

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from institutions.actor import PortalRequest
from institutions.roles import Role
from unilogin_portal.lib import bulk
from unilogin_portal.lib.gate import allow

from .. import access, frame, mailing, reports, tasks
from ..models import Campaign, Report
from .campaigns import choice_of

MANY = 20  # an act on more goes by a page that says how many
NAMED = 10


@dataclass(frozen=True)
class Chosen:
    """Whom an act is about, and what carries that to the page that asks once more."""

    reports: QuerySet[Report]
    fields: list[tuple[str, str]]


@allow(Role.OPERATOR)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def remind(request: PortalRequest, pk: int) -> HttpResponse:
    """Ask first where more than twenty are chosen."""
    campaign = access.campaign_for(request.actor, pk)
    if request.method != "POST":  # whoever comes back here after a new log-in
        return redirect("reporting:campaign", pk)
    chosen = _chosen(request, campaign)
    count = chosen.reports.count()
    if count > MANY and "bekraeftet" not in request.POST:
        context = {"campaign": campaign, "count": count, "named": chosen.reports[:NAMED], "more": count - NAMED}
        return frame.page(request, "remind", {**context, "carried": chosen.fields})
    if count:
        _send(request, list(chosen.reports))
    else:
        messages.warning(request, _("You have chosen nobody who can be reminded."))
    return redirect("reporting:campaign", pk)


def _chosen(request: PortalRequest, campaign: Campaign) -> Chosen:
    remindable = access.remindable_for(request.actor, timezone.now()).filter(campaign=campaign)
    if "alle" in request.POST:
        choice = choice_of(request.POST)
        rows = choice.of(campaign, timezone.now()).filter(pk__in=remindable.values("pk"))
        return Chosen(rows, [("alle", "1"), ("q", choice.words), ("vis", choice.shown), ("slags", choice.kind)])
    keys = [int(key) for key in request.POST.getlist("svar")[: frame.PAGE] if key.isdecimal() and len(key) < 19]
    return Chosen(remindable.filter(pk__in=keys), [("svar", str(key)) for key in keys])


def _send(request: PortalRequest, chosen: list[Report]) -> None:
    now = timezone.now()
    fresh = [one for one in chosen if not one.reminded_at or one.reminded_at < now - mailing.REMINDED_LATELY]
    keys = reports.remind(fresh, by=request.actor)
    if not tasks.remind_soon(bulk.batches(keys, mailing.BATCH), now):
        messages.error(request, _("Nothing was sent: the queue does not answer. Try again in a moment."))
        return
    text = ngettext("%(count)d reminder is on its way.", "%(count)d reminders are on their way.", len(keys))
    if keys:
        messages.success(request, text % {"count": len(keys)})
    if late := len(chosen) - len(fresh):
        text = ngettext(
            "%(count)d was reminded within the last hour, and is left in peace.",
            "%(count)d were reminded within the last hour, and are left in peace.",
            late,
        )
        messages.warning(request, text % {"count": late})

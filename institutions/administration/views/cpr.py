"""*Skift CPR*: a person in the school's system has got another CPR number.

The number is typed once, is never in an address, a session or a log, and goes back to the browser only sealed.
"""

from dataclasses import replace

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from unilogin_portal.lib.errors import DomainError
from unilogin_portal.lib.gate import LevelOfAssurance, allow, step_up

from ... import access, services
from ...actor import PortalRequest
from ...models import ImportSeries, Institution
from ...services import CprOutcome
from .. import frame, overview
from ..cpr import CprChange, opened, sealed
from ..forms import CHOOSABLE, ChangeCprForm, ConfirmCprForm


@allow(*access.MAY[access.Action.DECIDE])
@step_up(LevelOfAssurance.SUBSTANTIAL)
@never_cache
@sensitive_post_parameters("cpr")
@require_http_methods(["GET", "HEAD", "POST"])
def analyse(request: PortalRequest) -> HttpResponse:
    """Ask whom and which number, and say what it comes to."""
    theirs = access.all_series_for(request.actor, access.Action.DECIDE).order_by("institution__name", "source")
    asked = request.GET.get("q", "").replace("\0", "").strip()[:100]
    series = list(_narrowed(theirs, asked, request.GET.get("serie", ""))[: CHOOSABLE + 1])
    initial = {"series": request.GET.get("serie", ""), "local_id": request.GET.get("lokalt-id", "")}
    form = ChangeCprForm(request.POST or None, series=series, initial=initial)
    context = {"form": form, "too_many": len(series) > CHOOSABLE, "asked": asked, "none": not series}
    if request.method == "POST" and form.is_valid():
        change = CprChange(int(form.cleaned_data["series"]), form.cleaned_data["local_id"], form.cleaned_data["cpr"])
        chosen = access.series_for(request.actor, change.series_id, access.Action.DECIDE)
        try:
            return _confirm_page(request, chosen, change, ConfirmCprForm())
        except DomainError as error:
            form.add_error(None, str(error))
    return frame.page(request, "change_cpr", context)


def _narrowed(series: QuerySet[ImportSeries], asked: str, pk: str) -> QuerySet[ImportSeries]:
    if pk.isascii() and pk.isdigit() and len(pk) < 19:
        return series.filter(pk=int(pk))
    return series.filter(institution__in=overview.named(Institution.objects.all(), asked)) if asked else series


def _confirm_page(
    request: PortalRequest, series: ImportSeries, change: CprChange, form: ConfirmCprForm
) -> HttpResponse:
    """Say what the change comes to. Raises `DomainError` where it comes to nothing."""
    analysis = services.analyse_cpr_change(
        series.institution, series.source, change.local_id, change.cpr, by=request.actor
    )
    form.initial["sealed"] = sealed(replace(change, outcome=analysis.outcome), request.user, timezone.now())
    context = {"form": form, "series": series, "local_id": change.local_id, "analysis": analysis}
    return frame.page(request, "confirm_cpr", context)


@allow(*access.MAY[access.Action.DECIDE])
@step_up(LevelOfAssurance.SUBSTANTIAL)
@never_cache
@sensitive_post_parameters("sealed")
@require_POST
def confirm(request: PortalRequest) -> HttpResponse:
    form = ConfirmCprForm(request.POST)
    try:
        change = opened(request.POST.get("sealed", ""), request.user, timezone.now())
        series = access.series_for(request.actor, change.series_id, access.Action.DECIDE)
        if not form.is_valid():
            return _confirm_page(request, series, change, form)
        services.change_cpr(
            series.institution,
            series.source,
            change.local_id,
            change.cpr,
            expected=CprOutcome(change.outcome),
            by=request.actor,
            note=form.cleaned_data["note"],
        )
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("useradmin:change_cpr")
    done = _("The CPR number of %(local_id)s is changed. The next import lets the row through.")
    messages.success(request, done % {"local_id": change.local_id})
    return redirect("useradmin:change_cpr")

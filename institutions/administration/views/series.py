"""A series: one system's deliveries to one institution."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from unilogin_portal.lib.errors import DomainError
from unilogin_portal.lib.gate import LevelOfAssurance, allow, step_up

from ... import access, services
from ...actor import PortalRequest
from ...models import ImportSeries
from .. import findings, frame, overview
from ..forms import NoteForm


@allow(*access.MAY[access.Action.VIEW])
@never_cache
@require_safe
def show(request: PortalRequest, pk: int) -> HttpResponse:
    series = access.series_for(request.actor, pk)
    context = {
        "series": series,
        "line": overview.series_line(series),
        "limits": services.limits_of(series.institution),
        "armed": _is_armed(series),
        "bypass_by": findings.name_of(series.bypass_by) if series.bypass_by else "",
        "next_night": frame.next_night(timezone.now()),
        "may_decide": access.may(request.actor, access.Action.DECIDE, series.institution),
    }
    return frame.page(request, "series", context)


@allow(*access.MAY[access.Action.DECIDE])
@step_up(LevelOfAssurance.SUBSTANTIAL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def bypass(request: PortalRequest, pk: int) -> HttpResponse:
    """Let the next delivery past the brakes, once; or take that back."""
    series = access.series_for(request.actor, pk, access.Action.DECIDE)
    if "fortryd" in request.POST:
        return _disarm(request, series)
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.arm_bypass(series, by=request.actor, note=form.cleaned_data["note"])
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The next import is loaded past the brakes, once."))
            return redirect("useradmin:series", pk=series.pk)
    context = {"series": series, "form": form, "armed": _is_armed(series)}
    return frame.page(request, "bypass", context)


def _disarm(request: PortalRequest, series: ImportSeries) -> HttpResponse:
    try:
        services.disarm_bypass(series, by=request.actor)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The limits apply again."))
    return redirect("useradmin:series", pk=series.pk)


def _is_armed(series: ImportSeries) -> bool:
    return series.bypass_until is not None and series.bypass_until > timezone.now()


@allow(*access.MAY[access.Action.DECIDE])
@step_up(LevelOfAssurance.SUBSTANTIAL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: PortalRequest, pk: int) -> HttpResponse:
    """*Bekræft*: keep a series that has not been renewed for nearly a year. A link in a mail leads here."""
    series = access.series_for(request.actor, pk, access.Action.DECIDE)
    problem = ""
    if request.method == "POST":
        try:
            services.confirm_series(series, by=request.actor)
        except DomainError as error:
            problem = str(error)
        else:
            messages.success(request, _("The users from this system are kept for another year."))
            return redirect("useradmin:series", pk=series.pk)
    return frame.page(request, "confirm_series", {"series": series, "problem": problem})

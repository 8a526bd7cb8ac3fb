"""How much a delivery may change at an institution before somebody has to look at it."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from unilogin_portal.lib.errors import DomainError
from unilogin_portal.lib.gate import LevelOfAssurance, allow, step_up

from ... import access, services
from ...actor import Actor, PortalRequest
from ...importing.decisions import LimitRow
from ...models import Brake, Institution
from .. import frame
from ..forms import LimitForm


@allow(*access.MAY[access.Action.VIEW])
@never_cache
@require_safe
def show(request: PortalRequest, number: str) -> HttpResponse:
    institution = access.institution_for(request.actor, number)
    context = {
        "institution": institution,
        "limits": services.limits_of(institution),
        "may_decide": access.may(request.actor, access.Action.DECIDE, institution),
    }
    return frame.page(request, "limits", context)


@allow(*access.MAY[access.Action.DECIDE])
@step_up(LevelOfAssurance.SUBSTANTIAL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: PortalRequest, number: str, brake: str) -> HttpResponse:
    institution = access.institution_for(request.actor, number, access.Action.DECIDE)
    row = next((row for row in services.limits_of(institution) if row.brake == brake and row.can_be_set), None)
    if row is None:
        raise Http404
    form = LimitForm(request.POST or None, standard=row.ordinary.share, initial=_as_now(row))
    if request.method == "POST" and form.is_valid():
        try:
            _save(institution, row.brake, form, request.actor)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The limit is saved. It applies from the next import."))
            return redirect("useradmin:limits", number=institution.number)
    return frame.page(request, "limit", {"institution": institution, "row": row, "form": form})


def _as_now(row: LimitRow) -> dict[str, object]:
    if row.own is None:
        return {"rule": LimitForm.DEFAULT}
    return {"rule": LimitForm.NEVER if row.own.share is None else LimitForm.OWN, "share": row.own.share}


def _save(institution: Institution, brake: Brake, form: LimitForm, actor: Actor) -> None:
    rule = form.cleaned_data["rule"]
    if rule == form.DEFAULT:
        services.clear_limit(institution, brake, by=actor)
        return
    share = form.cleaned_data["share"] if rule == form.OWN else None
    services.set_limit(institution, brake, share, by=actor, note=form.cleaned_data["note"])

"""Where municipalities' links are sent: the list, one, and many at once."""

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from institutions.actor import PortalRequest
from institutions.roles import Role
from unilogin_portal.lib.gate import allow

from .. import access, frame, overview, reports, respondents, tasks
from ..campaign_forms import LONGEST_SEARCH, AddressesForm, AddressForm
from ..models import Campaign


@allow(Role.OPERATOR)
@never_cache
@require_safe
def addresses(request: PortalRequest) -> HttpResponse:
    words = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH]
    rows = access.municipalities_for(request.actor)
    if words:
        rows = rows.filter(Q(name__icontains=words) | Q(code=words) | Q(sick_leave_address__email__icontains=words))
    page = frame.paged(rows, request, 100)
    named = [(one, respondents.full_name(one.code, one.name)) for one in page.object_list]
    context = {"page": page, "named": named, "asked": words, "without_address": overview.without_address()}
    return frame.page(request, "addresses", context)


@allow(Role.OPERATOR)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: PortalRequest, code: str) -> HttpResponse:
    one = access.municipality_for(request.actor, code)
    held = getattr(one, "sick_leave_address", None)
    form = AddressForm(request.POST or None, initial={"email": held.email if held else ""})
    if request.method == "POST" and form.is_valid():
        _keep(request, {code: form.cleaned_data["email"]})
        messages.success(request, _("The address is changed."))
        return redirect("reporting:addresses")
    context = {"form": form, "name": respondents.full_name(one.code, one.name)}
    return frame.page(request, "change_address", {**context, "asked": access.open_report_of(request.actor, one)})


@allow(Role.OPERATOR)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def paste(request: PortalRequest) -> HttpResponse:
    """Many at once: all of the lines, or none."""
    form = AddressesForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        count = _keep(request, form.cleaned_data["linjer"])
        text = ngettext("%(count)d address is changed.", "%(count)d addresses are changed.", count)
        messages.success(request, text % {"count": count})
        return redirect("reporting:addresses")
    return frame.page(request, "paste_addresses", {"form": form})


def _keep(request: PortalRequest, addresses: dict[str, str]) -> int:
    """Keep addresses, and send an open week's links to those that had none."""
    count = reports.keep_addresses(addresses, by=request.actor, now=timezone.now())
    for campaign in Campaign.objects.open():
        tasks.mail_soon(campaign)
    return count

"""STIL's page of one respondent's report: what is known of it, what was sent, and what can be done about its link."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from institutions.actor import PortalRequest
from institutions.roles import Role
from unilogin_portal.lib.errors import DomainError
from unilogin_portal.lib.gate import allow

from .. import access, frame, history, overview, tasks
from .. import reports as services
from ..campaign_forms import AddressForm
from ..models import Report
from ..states import ReportState
from ..weeks import SHORT_DAY_NAMES


@dataclass(frozen=True)
class Act:
    """What a button does: what is asked before it, what it is called, and what is said when it is done."""

    do: Callable[[PortalRequest, Report], object]
    heading: Promise
    consequence: Promise
    button: Promise
    done: Promise


ACTS: dict[str, Act] = {
    "send-igen": Act(
        lambda request, one: services.send_again(one, by=request.actor, now=timezone.now()),
        gettext_lazy("Send the link again?"),
        gettext_lazy("The same link goes to the same address once more."),
        gettext_lazy("Send the link again"),
        gettext_lazy("The link is on its way."),
    ),
    "nyt-link": Act(
        lambda request, one: services.reissue(one, by=request.actor, now=timezone.now()),
        gettext_lazy("Give a new link?"),
        gettext_lazy("The link they have now stops working at once. Nothing they have written is lost."),
        gettext_lazy("Give a new link"),
        gettext_lazy("The new link is on its way. The old one no longer works."),
    ),
    "luk-link": Act(
        lambda request, one: services.revoke(one, by=request.actor),
        gettext_lazy("Close the link?"),
        gettext_lazy("Nobody can write or see anything by it, until you give a new one. Nothing written is lost."),
        gettext_lazy("Close the link"),
        gettext_lazy("The link is closed."),
    ),
    "aabn": Act(
        lambda request, one: services.reopen(one, by=request.actor, now=timezone.now()),
        gettext_lazy("Open the report for correction?"),
        gettext_lazy(
            "They get a mail with the link, and have seven days. What they have sent counts until they send it again."
        ),
        gettext_lazy("Open for correction"),
        gettext_lazy("The report is open again. The respondent gets a mail."),
    ),
}


@allow(Role.OPERATOR)
@never_cache
@require_safe
def report(request: PortalRequest, pk: int) -> HttpResponse:
    one, now = access.report_for(request.actor, pk), timezone.now()
    context = {
        "report": one,
        "mail": overview.mail_status(one, now),
        "sent": history.sent_of(one),
        "days": SHORT_DAY_NAMES,
        "history": history.history_of(one),
        "is_useful": services.is_useful(one, now),
        "may_send": services.may_send_again(one, now),
        "may_reopen": one.state == ReportState.FINISHED and one.token_hash != "",
    }
    return frame.page(request, "report", context)


@allow(Role.OPERATOR)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: PortalRequest, pk: int, act: str) -> HttpResponse:
    """Ask before it is done, on a page that says what follows."""
    one = access.report_for(request.actor, pk)
    wanted = ACTS.get(act)
    if wanted is None:
        raise Http404
    if request.method != "POST":
        return frame.page(request, "act_on_report", {"report": one, "act": wanted})
    try:
        wanted.do(request, one)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        tasks.mail_one_soon(pk)
        messages.success(request, str(wanted.done))
    return redirect("reporting:report", pk)


@allow(Role.OPERATOR)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change_address(request: PortalRequest, pk: int) -> HttpResponse:
    """Another address of this week's link; for a municipality, of those to come as well."""
    one = access.report_for(request.actor, pk)
    form = AddressForm(request.POST or None, initial={"email": one.email})
    if request.method == "POST" and form.is_valid():
        services.change_address(one, form.cleaned_data["email"], by=request.actor, now=timezone.now())
        tasks.mail_one_soon(pk)
        messages.success(request, _("The address is changed."))
        return redirect("reporting:report", pk)
    return frame.page(request, "change_report_address", {"report": one, "form": form})

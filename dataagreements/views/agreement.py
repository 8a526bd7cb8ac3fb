"""One agreement, as the institution sees it: what it is about, the answer, the end, the supplier's contract."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.dateformat import format as formatted
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from institutions.actor import PortalRequest
from unilogin_portal.lib.dates import clock_text
from unilogin_portal.lib.errors import IllegalTransition
from unilogin_portal.lib.gate import LevelOfAssurance, allow, step_up

from .. import access, frame, pages, services
from ..forms import CommentForm
from ..models import Agreement, ProcessorContract
from ..states import AgreementAction, AgreementState, Side

# What the page's own buttons may do, and in which state it shows them; the end has a page of its own.
BUTTONS: dict[AgreementAction, AgreementState] = {
    AgreementAction.APPROVE: AgreementState.WAITING,
    AgreementAction.REJECT: AgreementState.WAITING,
    AgreementAction.CONFIRM: AgreementState.APPROVED,
}


@allow(*access.MAY_SEE)
@step_up(LevelOfAssurance.SUBSTANTIAL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: PortalRequest, pk: int) -> HttpResponse:
    action = _pressed(request)
    agreement = access.agreement_for(request.actor, pk, action)
    form = CommentForm(request.POST or None)
    problem = ""
    if action and form.is_valid():
        try:
            comment = form.cleaned_data["kommentar"]
            services.answer_one(agreement, action, by=request.actor, comment=comment, of=BUTTONS[action])
        except IllegalTransition:
            problem = _too_late(agreement)
            agreement = access.agreement_for(request.actor, pk)
        else:
            _tell(request, action)
            return redirect("dataagreements:agreement", pk=pk)
    return frame.page(request, "agreement", {"form": form, "problem": problem, **_shown(request, agreement)})


def _pressed(request: PortalRequest) -> AgreementAction | None:
    status = request.POST.get("status", "")
    return AgreementAction(status) if status in BUTTONS else None


def _tell(request: PortalRequest, action: AgreementAction) -> None:
    words = {
        AgreementAction.APPROVE: _("The request is approved. The supplier has been told, and can fetch data now."),
        AgreementAction.REJECT: _("It is rejected. The supplier has been told, and no data go."),
        AgreementAction.CONFIRM: _("The agreement is confirmed. We ask you again in a year."),
    }
    messages.success(request, words[action])


def _too_late(agreement: Agreement) -> str:
    """Say who was faster, and when."""
    last = agreement.events.exclude(side=Side.SYSTEM).select_related("by").first()
    if last is None or last.by is None:
        return _("It has changed in the meantime. Nothing was saved.")
    words = _("Somebody else has answered already: %(who)s, %(when)s. Nothing was saved.")
    who = services.answered_by(agreement) or agreement.system.provider.name
    return words % {"who": who, "when": f"{formatted(last.at, 'j/n')} {clock_text(last.at)}"}


def _shown(request: PortalRequest, agreement: Agreement) -> dict[str, object]:
    old = pages.before(agreement)
    offered = services.may_be_answered(agreement, request.actor)
    return {
        "agreement": agreement,
        "status": pages.long_status(agreement),
        "fields": pages.field_lines(agreement.terms, old.terms if old else None),
        "difference": pages.difference(agreement, old) if agreement.state == AgreementState.WAITING else None,
        "fetches": pages.fetches_of(agreement),
        "history": pages.history_of(agreement, names=True),
        "may_approve": AgreementAction.APPROVE in offered,
        "may_reject": AgreementAction.REJECT in offered and agreement.state == AgreementState.WAITING,
        "may_end": AgreementAction.END in offered,
        "may_confirm": AgreementAction.CONFIRM in offered,
        "answers": access.may_answer(request.actor, agreement.institution),
    }


@allow(*access.MAY_ACT)
@step_up(LevelOfAssurance.SUBSTANTIAL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: PortalRequest, pk: int) -> HttpResponse:
    """*Ophør*, after a page that says what it means."""
    agreement = access.agreement_for(request.actor, pk, AgreementAction.END)
    if agreement.state == AgreementState.ENDED or (
        agreement.state != AgreementState.APPROVED and request.method != "POST"
    ):
        return redirect("dataagreements:agreement", pk=pk)
    form = CommentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        regrets = "fortryd" in request.POST  # the history then says that it should not have been approved
        action = AgreementAction.REJECT if regrets else AgreementAction.END
        try:
            comment = form.cleaned_data["kommentar"]
            services.answer_one(agreement, action, by=request.actor, comment=comment, of=AgreementState.APPROVED)
        except IllegalTransition:
            form.add_error(None, _too_late(agreement))
        else:
            done = _("It is rejected. The supplier has been told, and no data go.")
            messages.success(request, done if regrets else _("The agreement has ended. No data go from now on."))
            return redirect("dataagreements:agreement", pk=pk)
    return frame.page(request, "end", {"agreement": agreement, "form": form})


@allow(*access.MAY_SEE)
@step_up(LevelOfAssurance.SUBSTANTIAL)
@never_cache
@require_safe
def contract(request: PortalRequest, pk: int) -> HttpResponse:
    """*Databehandleraftalen*, as the supplier uploaded it: downloaded, never shown inside the portal."""
    return contract_file(access.agreement_for(request.actor, pk).terms.contract)


def contract_file(contract: ProcessorContract | None) -> HttpResponse:
    """Return the file as a download under a name of ours: what is in it is somebody else's."""
    if contract is None:
        raise Http404
    response = HttpResponse(bytes(contract.content), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="databehandleraftale-{contract.signed_on}.pdf"'
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response

"""*Anmod om dataadgang*, what became of it, and a supplier's own list of agreements."""

import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRefresh

from institutions.actor import PortalRequest
from institutions.models import Institution
from unilogin_portal.lib.errors import DomainError, IllegalTransition
from unilogin_portal.lib.gate import LevelOfAssurance, allow, step_up

from .. import access, frame, pages, services, tasks
from .. import provider_pages as own
from ..forms import LONGEST_SEARCH, CommentForm
from ..models import Agreement, BatchState, Outcome, ProcessorContract, RequestBatch
from ..provider_forms import AskForm
from ..states import AgreementAction, AgreementState
from .agreement import contract_file

PAGE = 50
NAMED = 50  # of the numbers added so far


@allow(*access.MAY_ACT)
@step_up(LevelOfAssurance.SUBSTANTIAL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: PortalRequest) -> HttpResponse:
    """Fill in what is asked for, add numbers, send."""
    form = _form(request)
    if "tilfoej" in request.POST or "fjern" in request.POST:
        return _ask_page(request, _with_numbers(request, form))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        system = access.system_for(request.actor, int(data["system"]), to_change=True)
        try:
            batch = services.begin(
                system,
                form.asked(),
                form.all_numbers(data),
                comment=data["comment"],
                by=request.actor,
                form_key=data["form_key"],
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            tasks.send_soon(batch)
            return redirect("dataagreements:batch", pk=batch.pk)
    return _ask_page(request, form)


def _form(request: PortalRequest, initial: dict[str, Any] | None = None) -> AskForm:
    systems = [one for one in access.systems_for(request.actor) if access.acts_for(request.actor, one.provider)]
    contracts = ProcessorContract.objects.filter(provider__in={one.provider_id for one in systems}).defer("content")
    allowed = own.services_of(systems)
    facts: dict[str, Any] = {"systems": systems, "services": allowed, "contracts": list(contracts)}
    if initial is not None or request.method != "POST":
        start = {"form_key": secrets.token_hex(16), "system": request.GET.get("system"), **(initial or {})}
        return AskForm(initial=start, **facts)
    return AskForm(request.POST, request.FILES, **facts)


def _with_numbers(request: PortalRequest, form: AskForm) -> AskForm:
    """Return the form as it stands, with the numbers taken down, or one of them removed; nothing else is judged yet."""
    form.is_valid()
    gone = request.POST.get("fjern", "")
    kept = {"added": request.POST.get("added", ""), "numbers": request.POST.get("numbers", "")}
    numbers = form.all_numbers({**kept, "number_file": form.cleaned_data.get("number_file")})
    initial: dict[str, Any] = {name: request.POST.get(name, "") for name in form.fields if name != "ticked"}
    initial["ticked"] = request.POST.getlist("ticked")
    initial["added"] = " ".join(number for number in numbers if number != gone)
    initial["numbers"] = ""
    return _form(request, initial)


def _ask_page(request: PortalRequest, form: AskForm) -> HttpResponse:
    added = str(form["added"].value() or "").replace("\0", "").split()
    names = dict(Institution.objects.filter(number__in=added[:NAMED]).values_list("number", "name"))
    context = {
        "form": form,
        "added": [(number, names.get(number, "")) for number in added[:NAMED]],
        "count": len(added),
        "more": max(0, len(added) - NAMED),
        "provider": next((one.provider for one in form.systems.values()), None),
    }
    return frame.page(request, "ask", context)


@allow(*access.MAY_SEE)
@step_up(LevelOfAssurance.SUBSTANTIAL)
@never_cache
@require_safe
def batch(request: PortalRequest, pk: int) -> HttpResponse:
    """How far the sending is, and what could not be sent and why."""
    found = access.batch_for(request.actor, pk)
    shows_all = request.GET.get("vis") == "alle"
    outcomes = found.outcomes.select_related("agreement__institution")
    page = frame.paged(outcomes if shows_all else outcomes.exclude(outcome=Outcome.SENT), request, PAGE)
    context = {
        "batch": found,
        "page": page,
        "lines": [own.OutcomeLine(row, own.outcome_status(row)) for row in page.object_list],
        "shows_all": shows_all,
        **own.progress_of(found),
    }
    return frame.page(request, "batch", context)


@allow(*access.MAY_SEE)
@step_up(LevelOfAssurance.SUBSTANTIAL)
@never_cache
@require_safe
def batch_progress(request: PortalRequest, pk: int) -> HttpResponse:
    """How far it is, asked for every few seconds; once it is over the page loads itself anew."""
    found: RequestBatch = access.batch_for(request.actor, pk)
    if found.state == BatchState.DONE:
        return HttpResponseClientRefresh()
    return render(request, "dataagreements/_progress.html", {"batch": found, **own.progress_of(found)})


@allow(*access.MAY_SEE)
@step_up(LevelOfAssurance.SUBSTANTIAL)
@never_cache
@require_safe
def agreements(request: PortalRequest) -> HttpResponse:
    """A supplier's agreements with institutions."""
    state, words = request.GET.get("vis", ""), request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH]
    found = pages.found(access.provider_agreements_for(request.actor), words)
    if state == "slet":
        found = found.filter(deletion_asked_at__isnull=False, deletion_done_at=None)
    elif state in AgreementState.values:
        found = found.filter(state=state)
    if (system := request.GET.get("system", "")).isdecimal() and len(system) < 19:
        found = found.filter(system=int(system))
    page = frame.paged(access.whole(found.order_by("-changed_at", "-pk")), request, PAGE)
    context = {
        "page": page,
        "lines": pages.lines(page.object_list),
        "asked": words,
        "chosen": state,
        "options": [("", _("All")), *AgreementState.choices, ("slet", _("Data to delete"))],
    }
    return frame.page(request, "provider_agreements", context)


# What a supplier's buttons do; an end and a deletion are asked about in the form itself.
ACTS = {
    "traek-tilbage": AgreementAction.WITHDRAW,
    "ophoer": AgreementAction.END,
    "slettet": AgreementAction.DELETED,
}


@allow(*access.MAY_SEE)
@step_up(LevelOfAssurance.SUBSTANTIAL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def agreement(request: PortalRequest, pk: int) -> HttpResponse:
    """One agreement, as its supplier sees it."""
    action = ACTS.get(request.POST.get("handling", ""))
    found = access.provider_agreement_for(request.actor, pk, to_change=action is not None)
    form = CommentForm(request.POST or None)
    problem = ""
    if action and form.is_valid():
        try:
            _act(request, found, action, form.cleaned_data["kommentar"])
        except IllegalTransition as error:
            problem = str(error)
            found.refresh_from_db()
        else:
            return redirect("dataagreements:provider_agreement", pk=pk)
    old = pages.before(found)
    context = {
        "agreement": found,
        "status": pages.long_status(found),
        "fields": pages.field_lines(found.terms, old.terms if old else None),
        "fetches": pages.fetches_of(found),
        "history": pages.history_of(found, names=False),
        "acts": access.acts_for(request.actor, found.system.provider),
        "form": form,
        "problem": problem,
    }
    return frame.page(request, "provider_agreement", context)


def _act(request: PortalRequest, agreement: Agreement, action: AgreementAction, comment: str) -> None:
    if action is AgreementAction.DELETED:
        services.confirm_deletion(agreement, by=request.actor, comment=comment)
        messages.success(request, _("Thank you. The institution sees that the data are deleted."))
        return
    services.act_as_provider(agreement, action, by=request.actor, comment=comment)
    if action is AgreementAction.WITHDRAW:
        messages.success(request, _("The request is withdrawn."))
    else:
        messages.success(request, _("The agreement has ended. The institution has been told."))


@allow(*access.MAY_SEE)
@step_up(LevelOfAssurance.SUBSTANTIAL)
@never_cache
@require_safe
def contract(request: PortalRequest, pk: int) -> HttpResponse:
    """*Databehandleraftalen*, for the supplier who showed it."""
    return contract_file(access.provider_agreement_for(request.actor, pk).terms.contract)

"""*Udbydere*: a supplier's own page, the case to become one, its systems and what STIL lets them use (D4.3)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from institutions.actor import PortalRequest
from institutions.cases import access as case_access
from institutions.cases import pages as case_pages
from institutions.cases import services as cases
from institutions.cases.forms import MessageForm
from institutions.cases.kinds import KINDS
from institutions.cases.states import CaseAction, CaseState, Side, may
from institutions.models import CaseKind
from unilogin_portal.lib.errors import DomainError
from unilogin_portal.lib.gate import LevelOfAssurance, allow, step_up

from .. import access, frame, services
from .. import provider_pages as pages
from ..models import WebService
from ..provider_forms import ConnectionForm, ContractForm, ProviderForm, SystemForm
from ..states import SystemAction, SystemState


@allow(*access.MAY_SEE)
@step_up(LevelOfAssurance.SUBSTANTIAL)
@never_cache
@require_safe
def overview(request: PortalRequest) -> HttpResponse:
    """The suppliers that the actor acts for, their systems, and the cases that are under way."""
    shows_passive = "passive" in request.GET
    open_cases = case_access.cases_of_company(request.actor).with_approvals().order_by("-created_at")[:20]
    context = {
        "providers": access.providers_for(request.actor)[:50],
        "systems": pages.system_lines(access.systems_for(request.actor), passive=shows_passive),
        "shows_passive": shows_passive,
        "cases": case_pages.lines(open_cases, Side.INSTITUTION),
        "may_become": bool(access.cvr_numbers(request.actor)),
    }
    return frame.page(request, "providers", context)


@allow(*access.MAY_ACT)
@step_up(LevelOfAssurance.SUBSTANTIAL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def become(request: PortalRequest) -> HttpResponse:
    """*Opret Udbyder*: a case for STIL."""
    form = ProviderForm(request.POST or None, numbers=access.cvr_numbers(request.actor))
    if request.method == "POST" and form.is_valid():
        try:
            case = services.ask_to_become_provider(form.asked(), by=request.actor)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The case is created. Its number is %(number)s.") % {"number": case.number})
            return redirect("dataagreements:provider_case", number=case.number)
    return frame.page(request, "become_provider", {"form": form})


@allow(*access.MAY_ACT)
@step_up(LevelOfAssurance.SUBSTANTIAL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def case(request: PortalRequest, number: str) -> HttpResponse:
    """A case of the company's: how far it is, and what was written."""
    found = case_access.company_case_for(request.actor, number)
    form = MessageForm(request.POST if "svar" in request.POST else None)
    problem = ""
    withdraws = "traek-tilbage" in request.POST
    if request.method == "POST" and (withdraws or form.is_valid()):
        try:
            if withdraws:
                cases.withdraw(found, by=request.actor)
            else:
                cases.answer(found, by=request.actor, text=form.cleaned_data["text"])
        except DomainError as error:
            problem = str(error)
        else:
            messages.success(request, _("The case is withdrawn.") if withdraws else _("The message is sent to STIL."))
            return redirect("dataagreements:provider_case", number=number)
    state, kind = CaseState(found.state), KINDS[CaseKind(found.kind)]
    context = {
        "case": found,
        "kind": kind,
        "facts": kind.facts_of(found),
        "status": case_pages.status_of(found, found.approvals.count(), Side.INSTITUTION),
        "history": case_pages.history_of(found, Side.INSTITUTION),
        "may_write": may(state, CaseAction.ANSWER, Side.INSTITUTION),
        "may_withdraw": may(state, CaseAction.WITHDRAW, Side.INSTITUTION),
        "form": form,
        "problem": problem,
    }
    return frame.page(request, "provider_case", context)


@allow(*access.MAY_ACT)
@step_up(LevelOfAssurance.SUBSTANTIAL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_system(request: PortalRequest, pk: int) -> HttpResponse:
    provider = access.provider_for(request.actor, pk)
    form = SystemForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            system = services.create_system(provider, form.asked(), by=request.actor)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The system is created. Ask STIL next which web services it may use."))
            return redirect("dataagreements:system", pk=system.pk)
    return frame.page(request, "new_system", {"form": form, "provider": provider})


@allow(*access.MAY_SEE)
@step_up(LevelOfAssurance.SUBSTANTIAL)
@never_cache
@require_safe
def system(request: PortalRequest, pk: int) -> HttpResponse:
    found = access.system_for(request.actor, pk)
    context = {
        "system": found,
        "status": pages.system_status(found),
        "connections": pages.connection_lines(found),
        "counts": pages.agreement_counts(found),
        "clients": found.clients.working(),
        "acts": access.acts_for(request.actor, found.provider),
    }
    return frame.page(request, "system", context)


@allow(*access.MAY_ACT)
@step_up(LevelOfAssurance.SUBSTANTIAL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change_system(request: PortalRequest, pk: int) -> HttpResponse:
    found = access.system_for(request.actor, pk, to_change=True)
    now = {name: getattr(found, name) for name in SystemForm.base_fields}
    form = SystemForm(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_system(found, form.asked(), by=request.actor)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The system is changed."))
            return redirect("dataagreements:system", pk=pk)
    return frame.page(request, "change_system", {"form": form, "system": found})


@allow(*access.MAY_ACT)
@step_up(LevelOfAssurance.SUBSTANTIAL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def switch_system(request: PortalRequest, pk: int) -> HttpResponse:
    """*Gør systemet passivt* and *Aktivér systemet*, each after a page that says what it means."""
    found = access.system_for(request.actor, pk, to_change=True)
    is_active = found.state == SystemState.ACTIVE
    action = SystemAction.PASSIVATE if is_active else SystemAction.ACTIVATE
    problem = ""
    if request.method == "POST":
        wanted = request.POST.get("til", "")
        if wanted == found.state:  # a second click, or another tab: it is so already
            return redirect("dataagreements:system", pk=pk)
        try:
            services.switch_system(found, action, by=request.actor)
        except DomainError as error:
            problem = str(error)
        else:
            done = _("The system is passive. No data go through it.") if is_active else _("The system is active again.")
            messages.success(request, done)
            return redirect("dataagreements:system", pk=pk)
    counts = pages.agreement_counts(found)
    context = {"system": found, "is_active": is_active, "counts": counts, "problem": problem}
    return frame.page(request, "switch_system", context)


@allow(*access.MAY_ACT)
@step_up(LevelOfAssurance.SUBSTANTIAL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def connect(request: PortalRequest, pk: int) -> HttpResponse:
    """*Tilslutningsaftale*: a case for STIL."""
    found = access.system_for(request.actor, pk, to_change=True)
    form = ConnectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = services.ask_to_connect(
                found, WebService(data["service"]), message=data["message"], by=request.actor
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            assert made.case is not None  # noqa: S101  just opened
            words = _("STIL has your request. The case number is %(number)s.")
            messages.success(request, words % {"number": made.case.number})
            return redirect("dataagreements:system", pk=pk)
    return frame.page(request, "connect", {"form": form, "system": found})


@allow(*access.MAY_SEE)
@step_up(LevelOfAssurance.SUBSTANTIAL)
@require_POST
def end_connection(request: PortalRequest, pk: int, connection: int) -> HttpResponse:
    """End a *tilslutningsaftale*: its supplier, or STIL."""
    found = access.system_for(request.actor, pk)
    row = found.connections.filter(pk=connection).first()
    if row is None:
        return redirect("dataagreements:system", pk=pk)
    try:
        services.end_connection(row, by=request.actor)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The connection agreement has ended. No data go by it."))
    return redirect("dataagreements:system", pk=pk)


@allow(*access.MAY_ACT)
@step_up(LevelOfAssurance.SUBSTANTIAL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def contracts(request: PortalRequest, pk: int) -> HttpResponse:
    """*Databehandleraftaler* that a supplier shows."""
    provider = access.provider_for(request.actor, pk)
    form = ContractForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        services.keep_contract(
            provider,
            signed_on=form.cleaned_data["signed_on"],
            file_name=file.name or "",
            content=file.read(),
            by=request.actor,
        )
        messages.success(request, _("The agreement is kept. You can choose it when you ask for data."))
        return redirect("dataagreements:contracts", pk=pk)
    rows = provider.contracts.defer("content")
    return frame.page(request, "contracts", {"form": form, "provider": provider, "contracts": rows})

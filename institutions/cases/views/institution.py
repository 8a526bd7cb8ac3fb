"""*Sager* for the institution: its list, a new one, one with its history and thread."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from unilogin_portal.lib.errors import DomainError
from unilogin_portal.lib.gate import LevelOfAssurance, allow, step_up

from ...actor import PortalRequest
from ...administration.forms import CHOOSABLE
from ...models import Case, CaseKind, Institution
from .. import access, frame, pages, services
from ..forms import ContactUserForm, MessageForm
from ..kinds import INSTITUTIONS_KINDS, KINDS, MAY_OPEN
from ..states import CaseAction, CaseState, Side, may

PAGE = 25


@allow(*MAY_OPEN)
@never_cache
@require_safe
def overview(request: PortalRequest) -> HttpResponse:
    cases = access.cases_for(request.actor).with_approvals().select_related("institution")
    page = frame.paged(cases.order_by("-created_at", "-pk"), request, PAGE)
    several = len(access.institutions_for(request.actor)[:2]) > 1
    context = {"page": page, "lines": pages.lines(page.object_list, Side.INSTITUTION), "several": several}
    return frame.page(request, "list", context)


@allow(*MAY_OPEN)
@never_cache
@require_safe
def choose(request: PortalRequest) -> HttpResponse:
    """*Opret sag*: which kind."""
    kinds = [kind for kind in INSTITUTIONS_KINDS.values() if request.actor.has_any(kind.may_open)]
    return frame.page(request, "choose", {"kinds": kinds})


@allow(*MAY_OPEN)
@step_up(LevelOfAssurance.SUBSTANTIAL)
@never_cache
@sensitive_post_parameters("cpr")
@require_http_methods(["GET", "HEAD", "POST"])
def open_case(request: PortalRequest, slug: str) -> HttpResponse:
    kind = access.kind_for(request.actor, slug)
    theirs = access.institutions_for(request.actor)
    initial = {"recipient": request.user.person.name if request.user.person else "", "earlier": request.GET.get("sag")}
    form: ContactUserForm = KINDS[kind].form_class()(
        request.POST or None, institutions=list(theirs[: CHOOSABLE + 1]), initial=initial
    )
    if request.method == "POST" and form.is_valid():
        try:
            institution = _chosen(theirs, form)
            case = services.open_contact_case(kind, institution, form.asked(), by=request.actor)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The case is created. Its number is %(number)s.") % {"number": case.number})
            return redirect("cases:case", number=case.number)
    return frame.page(request, "open", {"form": form, "kind": KINDS[kind]})


def _chosen(theirs: QuerySet[Institution], form: ContactUserForm) -> Institution:
    institution = theirs.filter(number=form.cleaned_data["institution"].strip().upper()).first()
    if institution is None:
        raise DomainError(_("You open no cases for an institution with that number."))
    return institution


@allow(*MAY_OPEN)
@step_up(LevelOfAssurance.SUBSTANTIAL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: PortalRequest, number: str) -> HttpResponse:
    case = access.case_for(request.actor, number)
    handed_out = request.POST.get("handling") == "udleveret"
    form = MessageForm(None if handed_out else request.POST or None)
    problem = ""
    if request.method == "POST" and (handed_out or form.is_valid()):
        try:
            _act(request, case, form, handed_out=handed_out)
        except DomainError as error:
            problem = str(error)
            case = access.case_for(request.actor, number)
        else:
            return redirect("cases:case", number=case.number)
    return frame.page(request, "case", {"form": form, "problem": problem, **_shown(case)})


def _act(request: PortalRequest, case: Case, form: MessageForm, *, handed_out: bool) -> None:
    if handed_out:
        services.close(case, by=request.actor, side=Side.INSTITUTION)
        messages.success(request, _("The case is closed. Thank you."))
    else:
        services.answer(case, by=request.actor, text=form.cleaned_data["text"])
        messages.success(request, _("The message is sent to STIL."))


def _shown(case: Case) -> dict[str, object]:
    state = CaseState(case.state)
    return {
        "case": case,
        "kind": KINDS[CaseKind(case.kind)],
        "status": pages.status_of(case, case.approvals.count(), Side.INSTITUTION),
        "history": pages.history_of(case, Side.INSTITUTION),
        "may_write": may(state, CaseAction.ANSWER, Side.INSTITUTION),
        "may_withdraw": may(state, CaseAction.WITHDRAW, Side.INSTITUTION),
        "may_close": may(state, CaseAction.CLOSE, Side.INSTITUTION),
        "was_sent": case.contact.sent_at is not None,
    }


@allow(*MAY_OPEN)
@step_up(LevelOfAssurance.SUBSTANTIAL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: PortalRequest, number: str) -> HttpResponse:
    """*Træk tilbage*, after a page that says what it means."""
    case = access.case_for(request.actor, number)
    problem = ""
    if request.method == "POST":
        try:
            services.withdraw(case, by=request.actor)
        except DomainError as error:
            problem = str(error)
        else:
            messages.success(request, _("The case is withdrawn. No letter is sent."))
            return redirect("cases:case", number=case.number)
    return frame.page(request, "withdraw", {"case": case, "problem": problem})

"""STIL's inbox: what waits, oldest first, and one case to answer."""

import datetime as dt

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from unilogin_portal.lib.errors import DomainError
from unilogin_portal.lib.gate import LevelOfAssurance, allow, step_up

from ... import tasks
from ...actor import PortalRequest
from ...models import Case, CaseKind
from ...models.cases import CaseQuerySet
from .. import access, frame, pages, services
from ..forms import ALL, InboxFilter, VerdictForm
from ..kinds import KINDS
from ..states import UNANSWERED, CaseAction, CaseState, Side, may

PAGE = 25


@allow(access.SUPPORTER)
@never_cache
@require_safe
def overview(request: PortalRequest) -> HttpResponse:
    form = InboxFilter(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    cases = _narrowed(access.inbox_for(request.actor), asked).with_approvals().select_related("institution")
    page = frame.paged(cases.order_by("created_at", "pk"), request, PAGE)
    context = {"form": form, "page": page, "lines": pages.lines(page.object_list, Side.STIL)}
    return frame.inbox_page(request, "inbox", context)


def _narrowed(cases: CaseQuerySet, asked: dict[str, str]) -> CaseQuerySet:
    state = asked.get("tilstand", "")
    if state != ALL:
        cases = cases.filter(state=state) if state else cases.filter(state__in=UNANSWERED)
    if asked.get("type"):
        cases = cases.filter(kind=asked["type"])
    if asked.get("alder"):
        cases = cases.filter(created_at__lt=timezone.now() - dt.timedelta(days=int(asked["alder"])))
    return cases


@allow(access.SUPPORTER)
@step_up(LevelOfAssurance.SUBSTANTIAL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: PortalRequest, number: str) -> HttpResponse:
    case = access.inbox_case_for(request.actor, number)
    form = VerdictForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _answer(request, case, form)
        except DomainError as error:
            form.add_error(None, str(error))
            case = access.inbox_case_for(request.actor, number)
        else:
            return redirect("cases:inbox_case", number=number)
    services.seen(case, by=request.actor)
    return frame.inbox_page(request, "inbox_case", {"form": form, **_shown(request, case)})


def _answer(request: PortalRequest, case: Case, form: VerdictForm) -> None:
    """Carry out what the button says. Raises `DomainError` where the case has moved on."""
    text = form.cleaned_data["text"]
    if form.verdict == form.APPROVE:
        approved = services.approve(case, by=request.actor, note=text)
        _tell_of_approval(request, approved)
    elif form.verdict == form.REJECT:
        services.reject(case, by=request.actor, reason=text)
        messages.success(request, _("The case is rejected. The institution is told why."))
    elif form.verdict == form.ASK:
        services.ask(case, by=request.actor, question=text)
        messages.success(request, _("The question is sent to the institution."))
    elif form.verdict == form.CLOSE:
        services.close(case, by=request.actor, side=Side.STIL)
        messages.success(request, _("The case is closed."))
    else:
        raise DomainError(_("Choose an answer."))


def _tell_of_approval(request: PortalRequest, case: Case) -> None:
    if case.state != CaseState.APPROVED:
        messages.success(request, _("You have approved the case. Another supporter has to approve it as well."))
        return
    tasks.carry_out_soon(case)
    case.refresh_from_db()
    if case.state == CaseState.CLOSED:
        messages.success(request, _("The case is approved and carried out."))
    elif case.institution is None:
        messages.success(request, _("The case is approved. What it asks for is being done."))
    elif case.state == CaseState.SENT:
        messages.success(request, _("The case is approved, and the letter is sent by secure mail."))
    else:
        messages.success(request, _("The case is approved. The letter is being made and sent."))


def _shown(request: PortalRequest, case: Case) -> dict[str, object]:
    state, approvals = CaseState(case.state), list(case.approvals.select_related("by__person"))
    return {
        "case": case,
        "kind": KINDS[CaseKind(case.kind)],
        "status": pages.status_of(case, len(approvals), Side.STIL),
        "history": pages.history_of(case, Side.STIL),
        "checks": pages.checks_of(case),
        "approvals": [(one.by.shown_name, one) for one in approvals],
        "opened_by": case.opened_by.shown_name,
        "has_approved": any(one.by_id == request.user.pk for one in approvals),
        "may_answer": state in UNANSWERED,
        "may_close": may(state, CaseAction.CLOSE, Side.STIL),
        "letter_waits": state is CaseState.APPROVED and case.institution is not None,
        "facts": KINDS[CaseKind(case.kind)].facts_of(case),
    }

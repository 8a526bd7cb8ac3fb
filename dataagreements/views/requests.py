"""*Dataadgangadministration*: what waits, what counts, what is over; and *Skift status* on one or many."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from institutions.actor import PortalRequest
from unilogin_portal.lib.gate import LevelOfAssurance, allow, signed_in, step_up

from .. import access, frame, pages, services
from ..forms import LONGEST_SEARCH, AnswerForm
from ..models import Agreement
from ..models.agreement import AgreementQuerySet
from ..states import AgreementAction, AgreementState

PAGE = 50
NAMED = 10  # on the confirm page, before the rest is a number

TABS: dict[str, tuple[AgreementState, ...]] = {
    "requests": (AgreementState.WAITING, AgreementState.APPROVED, AgreementState.REJECTED),
    "agreements": (AgreementState.APPROVED,),
    "ended": (AgreementState.ENDED, AgreementState.REJECTED, AgreementState.WITHDRAWN),
}


@signed_in
@step_up(LevelOfAssurance.SUBSTANTIAL)
@never_cache
@require_safe
def front(request: PortalRequest) -> HttpResponse:
    """The way in: to what one answers, to what one supplies, or to how one gets the right (D4.1)."""
    actor = request.actor
    if not actor.has_any(access.MAY_SEE):
        return frame.page(request, "no_right", {}, status=403)
    if access.institutions_for(actor).exists():
        return redirect("dataagreements:requests")
    return redirect("dataagreements:providers")


@allow(*access.MAY_SEE)
@step_up(LevelOfAssurance.SUBSTANTIAL)
@never_cache
@require_safe
def requests(request: PortalRequest) -> HttpResponse:
    """*Anmodninger*: those that wait first, the oldest on top."""
    state = request.GET.get("vis", "")
    shown = [state] if state in TABS["requests"] else [AgreementState.WAITING]
    agreements = _asked_for(request).filter(state__in=TABS["requests"] if state == "alle" else shown)
    return _list(request, "requests", agreements.order_by("requested_at", "pk"), chosen=state)


@allow(*access.MAY_SEE)
@step_up(LevelOfAssurance.SUBSTANTIAL)
@never_cache
@require_safe
def agreements(request: PortalRequest) -> HttpResponse:
    """*Dataaftaler*: what counts, those that must be confirmed soonest first."""
    found = _asked_for(request).filter(state__in=TABS["agreements"])
    return _list(request, "agreements", found.order_by("confirm_by", "pk"))


@allow(*access.MAY_SEE)
@step_up(LevelOfAssurance.SUBSTANTIAL)
@never_cache
@require_safe
def ended(request: PortalRequest) -> HttpResponse:
    """*Ophørt*: what is over, newest first."""
    found = _asked_for(request).filter(state__in=TABS["ended"])
    return _list(request, "ended", found.order_by("-changed_at", "-pk"))


def _asked_for(request: PortalRequest) -> AgreementQuerySet:
    return pages.found(access.agreements_for(request.actor), _words(request))


def _words(request: PortalRequest) -> str:
    return request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH]


def _list(
    request: PortalRequest, tab: str, agreements: AgreementQuerySet, *, chosen: str = "", problem: str = ""
) -> HttpResponse:
    page = frame.paged(access.whole(agreements), request, PAGE)
    lines = pages.lines(page.object_list)
    theirs = access.answerable_for(request.actor).filter(pk__in={line.agreement.institution_id for line in lines})
    context = {
        "tab": tab,
        "page": page,
        "lines": lines,
        "answerable": set(theirs.values_list("pk", flat=True)),
        "counts": pages.counts(access.agreements_for(request.actor)),
        "asked": _words(request),
        "chosen": chosen,
        "problem": problem,
        "form": AnswerForm(),
        "newest": max((line.agreement.pk for line in lines), default=0),
        "options": [("", _("Waiting")), ("alle", _("All")), *AgreementState.choices[1:3]],
    }
    return frame.page(request, "list", context)


@dataclass(frozen=True)
class Chosen:
    """What an act is about: the rows that were ticked, or all that waited when the page was drawn."""

    agreements: AgreementQuerySet
    fields: list[tuple[str, str]]  # to be carried on in the confirm page's form


@allow(*access.MAY_ACT)
@step_up(LevelOfAssurance.SUBSTANTIAL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change_status(request: PortalRequest) -> HttpResponse:
    """*Bekræft statusskifte*: asks on a page of its own; the dialog sends what it asked along."""
    if request.method != "POST":  # whoever comes back here after a new log-in
        return redirect("dataagreements:requests")
    chosen = _chosen(request)
    count = chosen.agreements.count()
    if not count:
        messages.warning(request, _("You have not chosen any request that waits for your answer."))
        return redirect("dataagreements:requests")
    form = AnswerForm(request.POST if "udfoer" in request.POST else None)
    if form.is_bound and form.is_valid():
        comment = form.cleaned_data["kommentar"]
        answered = services.answer(chosen.agreements, form.action, by=request.actor, comment=comment)
        # Whoever was faster by a moment has taken theirs out of what was chosen.
        _tell(request, form.action, answered.count, too_late=count - answered.count)
        return redirect("dataagreements:requests")
    named = list(access.whole(chosen.agreements).order_by("institution__name", "pk")[:NAMED])
    context = {"form": form, "count": count, "named": named, "more": count - len(named), "carried": chosen.fields}
    return frame.page(request, "confirm", context)


def _chosen(request: PortalRequest) -> Chosen:
    """Return what was chosen; a list that has grown since it was drawn does not grow the act."""
    if "alle" in request.POST:
        until = request.POST.get("til", "")
        last = int(until) if until.isdecimal() and len(until) < 19 else 0
        waiting = Agreement.objects.waiting().filter(pk__lte=last, institution__in=access.answerable_for(request.actor))
        words = request.POST.get("q", "").replace("\0", "")[:LONGEST_SEARCH]
        return Chosen(pages.found(waiting, words), [("alle", "1"), ("til", str(last)), ("q", words)])
    keys = [int(key) for key in request.POST.getlist("anmodning")[: PAGE * 4] if key.isdecimal() and len(key) < 19]
    return Chosen(access.chosen_for(request.actor, keys).waiting(), [("anmodning", str(key)) for key in keys])


def _tell(request: PortalRequest, action: AgreementAction, count: int, *, too_late: int) -> None:
    if action is AgreementAction.APPROVE and count:
        done = ngettext(
            "%(count)s request is approved. The supplier has been told, and can fetch data now.",
            "%(count)s requests are approved. The suppliers have been told, and can fetch data now.",
            count,
        )
        messages.success(request, done % {"count": count})
    elif count:
        done = ngettext(
            "%(count)s request is rejected. The supplier has been told.",
            "%(count)s requests are rejected. The suppliers have been told.",
            count,
        )
        messages.success(request, done % {"count": count})
    if too_late > 0:
        late = ngettext(
            "%(count)s request had been answered by somebody else. Nothing was changed there.",
            "%(count)s requests had been answered by somebody else. Nothing was changed there.",
            too_late,
        )
        messages.warning(request, late % {"count": too_late})

"""Answering for a run that is held, and taking back one that was loaded."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from unilogin_portal.lib.errors import DomainError, IllegalTransition
from unilogin_portal.lib.gate import LevelOfAssurance, allow, step_up

from ... import access, services, tasks
from ...actor import PortalRequest
from ...importing.report import DONE
from ...importing.stop_words import stop_lines
from ...models import Brake, ImportRun, RunState
from .. import findings, frame, statuses, stops
from ..forms import DecisionForm, NoteForm


@allow(*access.MAY[access.Action.DECIDE])
@step_up(LevelOfAssurance.SUBSTANTIAL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: PortalRequest, pk: int) -> HttpResponse:
    run = access.run_for(request.actor, pk, access.Action.DECIDE)
    if run.state != RunState.AWAITING_APPROVAL:
        return _too_late(request, run)
    form = DecisionForm(request.POST or None, approve_label=_approve_label(run))
    if request.method == "POST" and form.is_valid():
        try:
            _answer(request, run, form)
        except IllegalTransition:
            run.refresh_from_db()
            return _too_late(request, run)
        return redirect("useradmin:run", pk=run.pk)
    return frame.page(request, "decide", {"run": run, "form": form, **_difference(run)})


def _answer(request: PortalRequest, run: ImportRun, form: DecisionForm) -> None:
    """Carry out the answer, and tell of it. Raises `IllegalTransition` where somebody was faster."""
    note = form.cleaned_data["note"]
    if form.cleaned_data["answer"] == form.REJECT:
        services.reject_run(run, by=request.actor, note=note)
        messages.success(request, _("The import is stopped. Everything is as it was."))
        return
    approved = services.approve_run(run, by=request.actor, note=note)
    tasks.load_soon(approved)
    approved.refresh_from_db()
    if approved.state in statuses.UNDER_WAY:
        messages.success(request, _("The import is approved, and is being loaded now."))
    elif approved.state in DONE:
        messages.success(request, _("The import is approved and loaded."))
    else:
        messages.warning(request, _("The import is approved, but could not be loaded. Here is what happened."))


def _approve_label(run: ImportRun) -> str:
    ending = next((stop["count"] for stop in run.stops if stop["brake"] == Brake.ENDING), 0)
    if not ending:
        return _("Approve the import")
    return ngettext("Approve, also that %(count)s ends", "Approve, also that %(count)s end", ending) % {"count": ending}


def _difference(run: ImportRun) -> dict[str, object]:
    institution = access.institution_of(run)
    return {
        "institution": institution,
        "stop_lines": stop_lines(run.stops, institution.name if institution else run.institution_number),
        "groups": stops.group_lines(run.groups_before_after),
        "kinds": findings.change_kinds(run),
        "examples": findings.examples(run),
        "cause": stops.possible_cause(run.stops, run.groups_before_after, run.source),
    }


def _too_late(request: PortalRequest, run: ImportRun) -> HttpResponse:
    """Tell who answered, and when. Whoever pressed twice has answered themselves, and goes on."""
    decisions = findings.decisions_of(run)
    last = decisions[-1] if decisions else None
    if last and last.decision.by_id == request.user.pk:
        return redirect("useradmin:run", pk=run.pk)
    return frame.page(request, "answered", {"run": run, "last": last})


@allow(*access.MAY[access.Action.DECIDE])
@step_up(LevelOfAssurance.SUBSTANTIAL)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: PortalRequest, pk: int) -> HttpResponse:
    run = access.run_for(request.actor, pk, access.Action.DECIDE)
    if run.state == RunState.UNDONE:
        return redirect("useradmin:run", pk=run.pk)
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.undo_run(run, by=request.actor, note=form.cleaned_data["note"])
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The import is taken back. Everything is as it was before it."))
            return redirect("useradmin:run", pk=run.pk)
    context = {"run": run, "form": form, "why_not": services.why_not_undo(run)}
    return frame.page(request, "undo", {**context, "institution": access.institution_of(run)})

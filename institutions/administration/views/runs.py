"""One run: what became of it, what is wrong with which row, and what it would change while it is held."""

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRefresh

from unilogin_portal.lib.gate import allow

from ... import access, services
from ...actor import PortalRequest
from ...importing.report import DONE
from ...models import ChangeKind, ImportRun
from .. import findings, frame, overview, statuses, stops, table_files

PAGE = 50


@allow(*access.MAY[access.Action.VIEW])
@never_cache
@require_safe
def show(request: PortalRequest, pk: int) -> HttpResponse:
    run = access.run_for(request.actor, pk)
    institution = access.institution_of(run)
    context = {
        "run": run,
        "institution": institution,
        "status": statuses.run_status(run),
        "missing": statuses.missing_persons(run.counts),
        "reason": findings.refusal(run),
        "decisions": findings.decisions_of(run),
        "earlier": overview.earlier(run),
        "duration": findings.duration(run),
        "next_night": frame.next_night(timezone.now()),
        "may_decide": access.may(request.actor, access.Action.DECIDE, institution),
        "took_effect": run.state in DONE,
        "is_loaded": run.state in findings.LOADED,
        "why_not_undo": services.why_not_undo(run),
    }
    return frame.page(request, "run", {**context, **findings.progress_of(run), **_issues(request, run)})


def _issues(request: PortalRequest, run: ImportRun) -> dict[str, object]:
    """Return one page of what is wrong, of one code if one was chosen."""
    code = request.GET.get("kode", "").replace("\0", "")
    page = frame.paged(findings.issues_of(run, code), request, PAGE)
    issues = findings.issue_lines(page.object_list)
    return {"page": page, "issues": issues, "codes": findings.codes_of(run), "code": code}


@allow(*access.MAY[access.Action.VIEW])
@never_cache
@require_safe
def progress(request: PortalRequest, pk: int) -> HttpResponse:
    """How far a run is, asked for every few seconds; once it is over the page loads itself anew."""
    run = access.run_for(request.actor, pk)
    if run.state not in statuses.UNDER_WAY:
        return HttpResponseClientRefresh()
    return render(request, "useradmin/_progress.html", {"run": run, **findings.progress_of(run)})


@allow(*access.MAY[access.Action.VIEW])
@require_safe
def issues_csv(request: PortalRequest, pk: int) -> StreamingHttpResponse:
    run = access.run_for(request.actor, pk)
    header = [_("Line no."), _("Local id"), _("Code"), _("What is wrong"), _("What to do")]
    return table_files.table_file(f"fejl-{run.pk}.csv", header, findings.issue_rows(run))


@allow(*access.MAY[access.Action.VIEW])
@never_cache
@require_safe
def changes(request: PortalRequest, pk: int) -> HttpResponse:
    run = access.run_for(request.actor, pk)
    kind = request.GET.get("type", "")
    page = frame.paged(findings.changes_of(run, kind), request, PAGE)
    context = {
        "run": run,
        "kind": kind if kind in ChangeKind.values else "",
        "kinds": findings.change_kinds(run),
        "page": page,
        "changes": stops.change_lines(page.object_list),
        "may_decide": access.may(request.actor, access.Action.DECIDE, access.institution_of(run)),
    }
    return frame.page(request, "changes", context)


@allow(*access.MAY[access.Action.VIEW])
@require_safe
def changes_csv(request: PortalRequest, pk: int) -> StreamingHttpResponse:
    run = access.run_for(request.actor, pk)
    header = [_("Local id"), _("Field"), _("Now"), _("After")]
    return table_files.table_file(f"aendringer-{run.pk}.csv", header, findings.change_rows(run))

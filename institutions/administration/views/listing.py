"""*Import*: the status of each series, and what became of the deliveries."""

import datetime as dt

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from unilogin_portal.lib.gate import allow

from ... import access
from ...actor import Actor, PortalRequest
from ...models import ImportRun, Institution
from .. import frame, overview
from ..forms import CHOOSABLE, RunFilter

PAGE = 25


@allow(*access.MAY[access.Action.VIEW])
@never_cache
@require_safe
def show(request: PortalRequest) -> HttpResponse:
    theirs = access.institutions_for(request.actor)
    first = list(theirs[: CHOOSABLE + 1])
    form = RunFilter({"periode": "30", **request.GET.dict()}, institutions=first)
    asked = form.cleaned_data if form.is_valid() else {}
    institutions = _narrowed(theirs, asked)
    runs = access.runs_for(request.actor)
    listed = _filtered(runs, institutions if asked.get("q") or asked.get("institution") else None, asked)
    page = frame.paged(listed, request, PAGE)
    waiting, waiting_count = overview.held(runs)
    lines = overview.run_lines([*waiting, *page.object_list], request.actor)
    context = {
        "form": form,
        "page": page,
        "held": lines[: len(waiting)],
        "held_count": waiting_count,
        "lines": lines[len(waiting) :],
        "several": len(first) > 1,
        "next_night": frame.next_night(timezone.now()),
        **_status(institutions, request.actor, asked),
    }
    return frame.page(request, "runs", context)


def _status(institutions: QuerySet[Institution], actor: Actor, asked: dict[str, str]) -> dict[str, object]:
    """Return the lines of *Importstatus*; who searches by name sees the institution in any case."""
    shown = institutions if asked.get("q") else overview.with_deliveries(institutions, actor)
    return {"series_lines": overview.series_lines(shown), "institution_count": shown.count()}


def _narrowed(institutions: QuerySet[Institution], asked: dict[str, str]) -> QuerySet[Institution]:
    if asked.get("institution"):
        return institutions.filter(number=asked["institution"])
    return overview.named(institutions, asked.get("q", "").strip())


def _filtered(
    runs: QuerySet[ImportRun], institutions: QuerySet[Institution] | None, asked: dict[str, str]
) -> QuerySet[ImportRun]:
    if institutions is not None:
        runs = runs.filter(institution_number__in=institutions.values("number"))
    if asked.get("tilstand"):
        runs = runs.filter(state=asked["tilstand"])
    if (days := asked.get("periode", "")).isdigit():
        runs = runs.filter(started_at__gte=timezone.now() - dt.timedelta(days=int(days)))
    return runs.order_by("-started_at", "-pk")

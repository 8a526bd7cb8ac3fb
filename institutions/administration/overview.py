"""The import page: import status of each series, what is held, and the runs that a filter lets through.

The number of queries does not depend on how many institutions, series or runs there are.
"""

import datetime as dt
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from unilogin_portal.lib.status import Status

from .. import access
from ..actor import Actor
from ..importing import stop_words
from ..importing.report import DONE
from ..models import ImportRun, ImportSeries, Institution, RunState
from ..roles import Role
from . import statuses

# How many series, and how many held runs, are shown before one has to search.
SHOWN = 10


@dataclass(frozen=True)
class SeriesLine:
    """*Importstatus* of one series; `series` is None where no system has ever delivered."""

    institution: Institution
    series: ImportSeries | None
    status: Status
    done_at: dt.datetime | None


@dataclass(frozen=True)
class RunLine:
    """One run of the list."""

    run: ImportRun
    institution: str
    missing: int
    may_answer: bool

    @property
    def status(self) -> Status:
        return statuses.run_status(self.run)

    @property
    def short_status(self) -> Status:
        """The state alone, where there is no room for how many are missing."""
        return statuses.short_status(self.run)

    @property
    def took_effect(self) -> bool:
        """Whether the counts are of what is now in the database, not of what would have come."""
        return self.run.state in DONE

    @property
    def headline(self) -> str:
        return stop_words.headline(self.run.stops, self.institution)


def named(institutions: QuerySet[Institution], words: str) -> QuerySet[Institution]:
    """Return those whose name holds the words, or whose number begins with them."""
    if not words:
        return institutions
    return institutions.filter(Q(name__icontains=words) | Q(number__istartswith=words))


def with_deliveries(institutions: QuerySet[Institution], actor: Actor) -> QuerySet[Institution]:
    """Leave out of the whole country's list the institutions that no system delivers for."""
    if Role.OPERATOR not in actor.roles:
        return institutions
    return institutions.filter(Exists(ImportSeries.objects.filter(institution=OuterRef("pk"))))


def series_lines(institutions: QuerySet[Institution]) -> list[SeriesLine]:
    """Return the import status of the first institutions, those that wait for import before the others."""
    now = timezone.now()
    fresh = ImportRun.objects.filter(
        institution_number=OuterRef("number"), state__in=DONE, started_at__gte=now - statuses.FRESH
    )
    shown = list(institutions.order_by(Exists(fresh).asc(), "name", "number")[:SHOWN])
    by_institution: dict[int, list[SeriesLine]] = {institution.pk: [] for institution in shown}
    for series in _series_of(shown):
        by_institution[series.institution_id].append(_series_line(series, now))
    return [
        line
        for institution in shown
        for line in by_institution[institution.pk]
        or [SeriesLine(institution, None, statuses.series_status(None, None, ended_at=None, now=now), None)]
    ]


def _series_of(institutions: Iterable[Institution]) -> QuerySet[ImportSeries]:
    runs = ImportRun.objects.filter(
        institution_number=OuterRef("institution__number"), source=OuterRef("source")
    ).order_by("-started_at", "-pk")
    return (
        ImportSeries.objects.filter(institution__in=list(institutions))
        .select_related("institution")
        .annotate(
            latest=Subquery(runs.values("state")[:1]),
            done_at=Subquery(runs.filter(state__in=DONE).values("started_at")[:1]),
        )
        .order_by("source")
    )


def series_line(series: ImportSeries) -> SeriesLine:
    """Return the import status of one series."""
    return _series_line(_series_of([series.institution]).get(pk=series.pk), timezone.now())


def _series_line(series: Any, now: dt.datetime) -> SeriesLine:
    status = statuses.series_status(series.latest, series.done_at, ended_at=series.ended_at, now=now)
    return SeriesLine(series.institution, series, status, series.done_at)


def held(runs: QuerySet[ImportRun]) -> tuple[list[ImportRun], int]:
    """Return the oldest runs that wait for an answer, and how many there are."""
    waiting = runs.filter(state=RunState.AWAITING_APPROVAL)
    return list(waiting.order_by("started_at", "pk")[:SHOWN]), waiting.count()


def run_lines(runs: Iterable[ImportRun], actor: Actor) -> list[RunLine]:
    """Return runs with their institutions' names, and which of them the actor may answer for: two queries."""
    runs = list(runs)
    names = access.institution_names(run.institution_number for run in runs)
    held = {run.institution_number for run in runs if run.state == RunState.AWAITING_APPROVAL}
    theirs = access.institutions_for(actor, access.Action.DECIDE).filter(number__in=held)
    answerable = set(theirs.values_list("number", flat=True))
    return [_run_line(run, names, answerable) for run in runs]


def _run_line(run: ImportRun, names: Mapping[str, str], answerable: Container[str] = ()) -> RunLine:
    name = names.get(run.institution_number, run.institution_number)
    may_answer = run.state == RunState.AWAITING_APPROVAL and run.institution_number in answerable
    return RunLine(run, name, statuses.missing_persons(run.counts), may_answer)


def earlier(run: ImportRun) -> list[RunLine]:
    """Return the runs of the same series before this one, newest first."""
    before = ImportRun.objects.filter(
        institution_number=run.institution_number, source=run.source, started_at__lt=run.started_at
    )
    return [_run_line(one, {}) for one in before[:4]] if run.institution_number else []

"""How long is kept what tells of imports: long enough to ask what happened and why, no longer."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from ..models import ImportChange, ImportIssue, ImportJournal, ImportRun, RunState
from . import waiting
from .reasons import Reason

# A file that nobody decides about, and the way back from a run, hold people's data: neither lies for ever.
WAITS_FOR_AN_ANSWER = dt.timedelta(days=30)
JOURNALS_KEPT = dt.timedelta(days=30)

# What a stopped run would have changed was there for the decision, which stays.
CHANGES_KEPT = dt.timedelta(days=90)
# An issue is mended or comes again tomorrow; thirteen months show the same week of last year.
ISSUES_KEPT = dt.timedelta(days=396)
# As long as the audit (D9.4).
RUNS_KEPT = dt.timedelta(days=5 * 365)


@transaction.atomic
def forget_old() -> int:
    """Delete what is past its time, and stop what nobody answered; return how many rows went. Safe to run twice."""
    now = timezone.now()
    unanswered = ImportRun.objects.filter(state=RunState.AWAITING_APPROVAL, started_at__lt=now - WAITS_FOR_AN_ANSWER)
    for run in unanswered.select_for_update():
        waiting.let_go(run, Reason.UNANSWERED, at=now)
    journals = ImportJournal.objects.filter(run__ended_at__lt=now - JOURNALS_KEPT)
    over = ImportRun.objects.exclude(state__in=[RunState.AWAITING_APPROVAL, RunState.RECEIVED, RunState.RUNNING])
    changes = ImportChange.objects.filter(run__in=over.filter(ended_at__lt=now - CHANGES_KEPT))
    issues = ImportIssue.objects.filter(run__in=over.filter(ended_at__lt=now - ISSUES_KEPT))
    runs = over.filter(ended_at__lt=now - RUNS_KEPT)
    return sum(rows.delete()[0] for rows in (journals, changes, issues, runs))

"""How long is kept what tells of imports: long enough to ask what happened and why, no longer."""

import datetime as dt

from django.utils import timezone

from ..models import ImportChange, ImportIssue, ImportRun, RunState

# What a stopped run would have changed was there for the decision, which stays.
CHANGES_KEPT = dt.timedelta(days=90)
# An issue is mended or comes again tomorrow; thirteen months show the same week of last year.
ISSUES_KEPT = dt.timedelta(days=396)
# As long as the audit (D9.4).
RUNS_KEPT = dt.timedelta(days=5 * 365)


def forget_old() -> int:
    """Delete what is past its time; return how many rows. Safe to run twice. What awaits an answer stays."""
    now = timezone.now()
    over = ImportRun.objects.exclude(state__in=[RunState.AWAITING_APPROVAL, RunState.RECEIVED, RunState.RUNNING])
    changes = ImportChange.objects.filter(run__in=over.filter(ended_at__lt=now - CHANGES_KEPT))
    issues = ImportIssue.objects.filter(run__in=over.filter(ended_at__lt=now - ISSUES_KEPT))
    runs = over.filter(ended_at__lt=now - RUNS_KEPT)
    return sum(rows.delete()[0] for rows in (changes, issues, runs))

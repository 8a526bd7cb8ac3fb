"""What tells of imports goes when its time is over, and not before; what awaits an answer stays."""

import datetime as dt

import pytest
from django.utils import timezone

from institutions.models import ImportChange, ImportDelivery, ImportIssue, ImportJournal, ImportRun, RunState

from .conftest import run_command


@pytest.fixture
def run_of(db):
    def make(days: int, state: RunState = RunState.LOADED) -> ImportRun:
        ended = timezone.now() - dt.timedelta(days=days)
        run = ImportRun.objects.create(file_name="a", sha256="a", state=state, started_at=ended, ended_at=ended)
        ImportIssue.objects.create(run=run, line=4, code="CPR_MANGLER")
        ImportChange.objects.create(run=run, kind="ends", local_person_id="e1")
        return run

    return make


@pytest.mark.parametrize(
    ("days", "left"),
    [(80, (1, 1, 1)), (100, (1, 1, 0)), (390, (1, 1, 0)), (400, (1, 0, 0)), (1800, (1, 0, 0)), (1900, (0, 0, 0))],
)
def test_changes_go_after_three_months_issues_after_thirteen_and_runs_after_five_years(run_of, days, left):
    run_of(days)
    code, _, _ = run_command("forget_imports")
    assert code == 0
    assert tuple(model.objects.count() for model in (ImportRun, ImportIssue, ImportChange)) == left


def test_what_awaits_an_answer_stays_for_thirty_days(run_of):
    for days in (29, 31):
        run = run_of(days, RunState.AWAITING_APPROVAL)
        ImportRun.objects.filter(pk=run.pk).update(institution_number=str(days))
        waits = {"source_time": run.started_at, "file_name": "a", "sha256": "a", "content": b"sealed"}
        ImportDelivery.objects.create(institution_number=str(days), source="a", run=run, **waits)
    run_command("forget_imports")
    states = dict(ImportRun.objects.values_list("institution_number", "state"))
    assert states == {"29": RunState.AWAITING_APPROVAL, "31": RunState.REJECTED}
    assert ImportRun.objects.get(state=RunState.REJECTED).reason == "unanswered"
    assert list(ImportDelivery.objects.values_list("institution_number", flat=True)) == ["29"]


def test_the_way_back_from_a_run_lies_for_thirty_days(run_of):
    for days in (29, 31):
        ImportJournal.objects.create(run=run_of(days), content=b"sealed")
    run_command("forget_imports")
    assert ImportJournal.objects.count() == 1


def test_forgetting_twice_is_forgetting_once(run_of):
    run_of(2000)
    assert "rows: 3" in run_command("forget_imports")[1]
    assert "rows: 0" in run_command("forget_imports")[1]

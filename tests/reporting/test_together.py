"""Many at once, on PostgreSQL: several write, one finishes, STIL closes, and the figures are added up meanwhile."""

import datetime as dt
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone

from institutions.actor import Actor
from reporting import answers, campaigns, links, reports
from reporting.models import AnswerLine, Campaign, Report, ReportVersion
from reporting.standing import standing_of
from reporting.states import CampaignState, ReportState
from tests.sick_leave import SCHOOL_NUMBERS, campaign, fill_in, free_school, report_of, row, section, send
from unilogin_portal.lib.errors import DomainError

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")


@pytest.fixture
def school(transactional_db: None) -> Report:
    return report_of(campaign(), free_school())


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Do all in threads that start together; return what came of each, a refusal being that, too."""
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        start.wait()
        try:
            return act()
        except DomainError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_five_who_write_a_day_each_at_once_all_have_it_saved(school: Report) -> None:
    part = section(school, "personale")

    def write(place: int) -> Callable[[], object]:
        typed = {("school_staff", DAYS[place]): place + 1}
        return lambda: answers.save(school, part, typed, {}, now=timezone.now())

    at_once(*(write(place) for place in range(5)))
    line = AnswerLine.objects.get()
    assert [getattr(line, day) for day in DAYS] == [1, 2, 3, 4, 5]
    assert ReportVersion.objects.count() == 1


def test_of_two_who_write_the_same_number_one_is_told(school: Report) -> None:
    part = section(school, "personale")
    told = at_once(
        *(
            lambda n=n: answers.save(school, part, {("school_staff", "total"): n}, {}, now=timezone.now())
            for n in (41, 42)
        )
    )
    (stands,) = AnswerLine.objects.values_list("total", flat=True)
    conflicts = [saved.conflicts for saved in told if isinstance(saved, answers.Saved) and saved.conflicts]
    assert conflicts == [{("school_staff", "total"): stands}]


def test_of_two_who_finish_at_once_one_sends_and_the_other_is_told(school: Report) -> None:
    fill_in(school, SCHOOL_NUMBERS)
    digest = standing_of(school).digest
    told = at_once(*[lambda: answers.finish(school, digest, now=timezone.now())] * 2)
    assert sorted(type(each).__name__ for each in told) == ["Closed", "ReportVersion"]
    assert ReportVersion.objects.filter(sent_at__isnull=False).count() == 1
    assert Campaign.objects.get().revision == 1


def test_a_number_saved_while_another_finishes_is_sent_or_keeps_it_from_being_sent(school: Report) -> None:
    part = section(school, "specialklasser")
    for _ in range(6):
        fill_in(school, SCHOOL_NUMBERS)
        digest = standing_of(school).digest
        typed, was = row("special", 12, 5), row("special", 12, 0)
        saved, finished = at_once(
            lambda was=was, typed=typed: answers.save(school, part, typed, was, now=timezone.now()),
            lambda digest=digest: answers.finish(school, digest, now=timezone.now()),
        )
        if isinstance(finished, ReportVersion):
            assert isinstance(saved, answers.Closed)  # who wrote is told that it is not saved
            assert finished.lines.get(line="special").monday == 0
            reports.reopen(school, by=Actor(), now=timezone.now())
        else:
            assert isinstance(saved, answers.Saved)
            assert AnswerLine.objects.get(version__sent_at=None, line="special").monday == 5
            answers.save(school, part, row("special", 12, 0), row("special", 12, 5), now=timezone.now())
        school.refresh_from_db()


def test_a_report_that_is_finished_as_its_week_closes_is_sent_or_expired_but_never_both(school: Report) -> None:
    fill_in(school, SCHOOL_NUMBERS)
    digest, closes_at = standing_of(school).digest, school.campaign.closes_at
    finished, _closed = at_once(
        lambda: answers.finish(school, digest, now=closes_at - dt.timedelta(seconds=1)),
        lambda: campaigns.close(school.campaign, by=None, now=closes_at),
    )
    school.refresh_from_db()
    assert Campaign.objects.get().state == CampaignState.CLOSED
    sent = isinstance(finished, ReportVersion)
    assert school.state == (ReportState.FINISHED if sent else ReportState.EXPIRED)
    assert ReportVersion.objects.filter(sent_at__isnull=False).exists() == sent
    assert AnswerLine.objects.count() == 13  # nothing written is lost


def test_two_openings_for_correction_make_one_version(school: Report) -> None:
    send(school, SCHOOL_NUMBERS)
    told = at_once(*[lambda: reports.reopen(school, by=Actor(), now=timezone.now())] * 2)
    assert sum(isinstance(each, ReportVersion) for each in told) == 1
    assert ReportVersion.objects.count() == 2


def test_two_workers_who_open_a_week_ask_everybody_once(transactional_db: None) -> None:
    for number in range(265020, 265032):
        free_school(str(number))
    now = timezone.now()
    planned = campaign(state=CampaignState.PLANNED, opened_at=None)
    at_once(*[lambda: campaigns.open_campaign(planned, by=None, now=now)] * 2)
    asked = Report.objects.filter(kind="school")
    assert asked.count() == 12
    assert len({links.token_of(report) for report in asked.select_related("campaign")}) == 12

"""The demo country's weeks: over with answers, and one that is open; made once, and as far as they are missing."""

import datetime as dt

import pytest
from django.core import mail
from django.utils import timezone

from reporting import demo, links
from reporting.models import AnswerLine, Campaign, Report, ReportVersion
from reporting.standing import standing_of
from reporting.states import CampaignState, MailState, ReportState
from reporting.weeks import Week
from tests import sick_leave


@pytest.fixture
def country(db: None) -> None:
    for n in range(30):
        sick_leave.municipality(f"03{n:02}", f"By {n}")
    for n in range(20):
        sick_leave.free_school(f"2700{n:02}", name=f"Friskole {n}")
    sick_leave.free_school("265017")


@pytest.mark.usefixtures("country")
def test_eight_weeks_are_over_and_this_one_is_open_with_some_of_its_answers():
    now = timezone.now()
    assert demo.report_some(now)
    weeks = list(Campaign.objects.order_by("year", "week"))
    assert [one.of for one in weeks] == [Week.of(timezone.localdate()).shifted(back) for back in range(-8, 1)]
    assert [one.state for one in weeks] == [CampaignState.CLOSED] * 8 + [CampaignState.OPEN]
    over = Report.objects.filter(campaign__state=CampaignState.CLOSED)
    assert set(over.values_list("state", flat=True)) <= {ReportState.FINISHED, ReportState.EXPIRED}
    assert over.filter(state=ReportState.FINISHED).count() > over.count() * 0.85
    now_open = weeks[-1].reports
    assert 0 < now_open.filter(state=ReportState.FINISHED).count() < now_open.count()
    assert now_open.filter(state=ReportState.BEGUN).exists()
    for report in now_open.filter(state=ReportState.FINISHED):
        assert not any(finding.is_error for part in report.sections for finding in standing_of(report).findings(part))


@pytest.mark.usefixtures("country")
def test_the_links_of_the_demos_own_places_are_mailed():
    demo.report_some(timezone.now())
    assert sorted(message.to[0] for message in mail.outbox) == [
        "kontor@265017.example.dk",
        "sygefravaer@0265.example.dk",
    ]
    report = Report.objects.get(campaign__state=CampaignState.OPEN, institution__number="265017")
    assert (report.state, report.mail) == (ReportState.SENT, MailState.SENT)
    assert links.path_of(report) in mail.outbox[-1].body + mail.outbox[0].body


@pytest.mark.usefixtures("country")
def test_run_again_it_changes_nothing_and_a_week_later_it_adds_a_week():
    now = timezone.now()
    demo.report_some(now)
    before = [list(table.objects.order_by("pk").values()) for table in (Campaign, Report, ReportVersion, AnswerLine)]
    assert not demo.report_some(now)
    assert before == [
        list(table.objects.order_by("pk").values()) for table in (Campaign, Report, ReportVersion, AnswerLine)
    ]
    assert demo.report_some(now + dt.timedelta(weeks=1))
    assert Campaign.objects.filter(state=CampaignState.OPEN).count() == 1
    assert Campaign.objects.count() == 10

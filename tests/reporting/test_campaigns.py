"""A week's campaign: planned, opened, left out, closed; and whom it asks."""

import datetime as dt
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import AuditEvent
from institutions.actor import Actor
from institutions.models import Municipality
from reporting import campaigns, links, reports, tasks
from reporting.models import AnswerLine, Campaign, MunicipalAddress, Report
from reporting.questions import RespondentKind
from reporting.states import CampaignState, MailState, ReportState
from reporting.weeks import ZONE, Week, schedule_of
from tests import sick_leave
from tests.institutions.conftest import registers, shared  # noqa: F401 - fixtures

WEEK = Week(2026, 47)
USUAL = schedule_of(WEEK)
MONDAY = dt.datetime(2026, 11, 16, 9, tzinfo=ZONE)
DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)
STIL = Actor()


@pytest.fixture
def respondents(db: None) -> None:
    """Two municipalities, one with an address, and two schools that are asked; beside them those that are not."""
    MunicipalAddress.objects.create(municipality=sick_leave.municipality(), email="sygefravaer@roskilde.example")
    sick_leave.municipality("0400", "Bornholm")
    sick_leave.free_school()
    sick_leave.free_school("265018", name="Nordre Friskole", email="", highest_level="")
    sick_leave.free_school("265019", name="Lukket Friskole", closed_on=dt.date(2026, 7, 31))
    sick_leave.free_school("265020", name="Folkeskolen", type_code="1012")
    sick_leave.free_school("265021", name="En afdeling", level="department")


def opened(now: dt.datetime = MONDAY) -> Campaign:
    return campaigns.open_campaign(campaigns.plan(WEEK), by=None, now=now)


def audited(action: str) -> int:
    return AuditEvent.objects.filter(action=action).count()


@pytest.mark.django_db
def test_this_week_and_the_next_are_planned_with_the_usual_dates_once():
    campaigns.plan_ahead(MONDAY)
    campaigns.plan_ahead(MONDAY + DAY)
    assert [(one.of, one.state) for one in Campaign.objects.order_by("week")] == [
        (WEEK, CampaignState.PLANNED),
        (Week(2026, 48), CampaignState.PLANNED),
    ]
    assert campaigns.schedule_for(campaigns.plan(WEEK)) == USUAL
    assert audited("campaign.planned") == 2


def test_the_municipalities_and_the_free_schools_of_today_are_asked(respondents):
    asked = Report.objects.filter(campaign=opened()).order_by("number")
    assert [(one.number, one.name, one.kind, one.email, one.mail, one.highest_level) for one in asked] == [
        (1, "Bornholms Regionskommune", "municipality", "", MailState.NO_ADDRESS, ""),
        (2, "Roskilde Kommune", "municipality", "sygefravaer@roskilde.example", MailState.DUE, ""),
        (3, "Nordre Friskole", "school", "", MailState.NO_ADDRESS, ""),
        (4, "Søndre Friskole", "school", "kontor@265017.example.dk", MailState.DUE, "9"),
    ]
    assert {one.state for one in asked} == {ReportState.CREATED}
    assert {one.municipality_id for one in asked if one.is_school} == {"0265"}


def test_each_link_is_another_and_opens_its_own_report(respondents):
    asked = list(opened().reports.all())
    tokens = [links.token_of(report) for report in asked]
    assert len(set(tokens)) == len(asked)
    assert [links.report_of(token, MONDAY) for token in tokens] == asked
    assert not Report.objects.filter(token_hash__in=tokens).exists()


def test_opening_again_changes_nothing(respondents):
    campaign = opened()
    before = list(Report.objects.values())
    with pytest.raises(campaigns.IllegalTransition):
        campaigns.open_campaign(campaign, by=None, now=MONDAY + HOUR)
    campaigns.keep_time(USUAL.opens_at + HOUR)
    assert list(Report.objects.filter(campaign=campaign).values()) == before
    assert audited("campaign.opened") == 1


def test_opening_asks_the_database_as_much_for_many_as_for_few(respondents, django_assert_max_num_queries):
    for number in range(20):
        sick_leave.free_school(f"10{number:04}", name=f"Friskole {number}")
    with django_assert_max_num_queries(18):
        opened()


def test_time_opens_reminds_and_closes_a_week(respondents):
    campaigns.keep_time(MONDAY)
    assert not Report.objects.exists()
    assert campaigns.keep_time(USUAL.opens_at).opened == 1
    campaign = Campaign.objects.get(week=47)
    assert (campaign.state, campaign.opened_at) == (CampaignState.OPEN, USUAL.opens_at)
    campaigns.keep_time(USUAL.reminds_at)
    campaigns.keep_time(USUAL.reminds_at + HOUR)
    campaign.refresh_from_db()
    assert (campaign.reminded_at, audited("campaign.reminded")) == (USUAL.reminds_at, 1)
    assert campaigns.keep_time(USUAL.closes_at).closed == 1
    campaign.refresh_from_db()
    assert (campaign.state, campaign.closed_at) == (CampaignState.CLOSED, USUAL.closes_at)
    assert set(campaign.reports.values_list("state", flat=True)) == {ReportState.EXPIRED}


def test_a_week_that_nobody_opened_in_time_is_opened_late(respondents):
    campaigns.keep_time(MONDAY)
    assert campaigns.keep_time(USUAL.deadline_at + HOUR).opened == 1


def test_a_week_that_is_over_before_anybody_opened_it_is_given_up(respondents):
    campaigns.keep_time(MONDAY)
    assert campaigns.keep_time(USUAL.closes_at).given_up == 1
    assert Campaign.objects.get(week=47).state == CampaignState.CANCELLED
    assert audited("campaign.missed") == 1
    assert not Report.objects.exists()
    with pytest.raises(campaigns.DomainError):
        campaigns.restore(Campaign.objects.get(week=47), by=STIL, now=USUAL.closes_at)


def test_a_week_left_out_is_not_opened_until_it_is_taken_in_again(respondents):
    campaign = campaigns.cancel(campaigns.plan(WEEK), by=STIL)
    campaigns.keep_time(USUAL.opens_at)
    assert not campaign.reports.exists()
    with pytest.raises(campaigns.IllegalTransition):
        campaigns.open_campaign(campaign, by=STIL, now=USUAL.opens_at)
    campaigns.restore(campaign, by=STIL, now=USUAL.opens_at)
    campaigns.keep_time(USUAL.opens_at)
    assert campaign.reports.count() == 4
    assert (audited("campaign.cancel"), audited("campaign.restore")) == (1, 1)


def test_other_dates_count(respondents):
    later = campaigns.Schedule(*(moment + DAY for moment in vars(USUAL).values()))
    campaign = campaigns.change(campaigns.plan(WEEK), later, "Husk skolestartere.", by=STIL, now=MONDAY)
    assert campaigns.schedule_for(campaign) == later
    assert campaigns.keep_time(USUAL.opens_at).opened == 0
    assert campaigns.keep_time(later.opens_at).opened == 1
    assert audited("campaign.changed") == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {"reminds_at": USUAL.opens_at},
        {"deadline_at": USUAL.reminds_at - HOUR},
        {"closes_at": USUAL.deadline_at - HOUR},
    ],
)
def test_dates_out_of_order_are_refused(wrong):
    campaign = campaigns.plan(WEEK)
    with pytest.raises(campaigns.DomainError):
        campaigns.change(campaign, campaigns.replace(USUAL, **wrong), "", by=STIL, now=MONDAY)
    assert campaigns.schedule_for(campaigns.plan(WEEK)) == USUAL


def test_of_an_open_week_the_day_of_opening_stands_and_the_end_lies_ahead(respondents):
    campaign = opened()
    moved = campaigns.replace(USUAL, opens_at=MONDAY, closes_at=USUAL.closes_at + DAY)
    assert campaigns.change(campaign, moved, "", by=STIL, now=MONDAY).opens_at == USUAL.opens_at
    with pytest.raises(campaigns.DomainError):
        campaigns.change(campaign, USUAL, "", by=STIL, now=USUAL.closes_at + HOUR)


def test_what_was_sent_in_stands_when_the_week_closes(respondents):
    campaign = opened()
    report = campaign.reports.get(institution__number="265017")
    sick_leave.send(report, sick_leave.SCHOOL_NUMBERS, now=MONDAY)
    reports.reopen(report, by=STIL, now=USUAL.closes_at - HOUR)
    campaigns.keep_time(USUAL.closes_at)
    report.refresh_from_db()
    assert report.state == ReportState.REOPENED


def test_a_correction_that_is_not_sent_in_time_leaves_what_was_sent(respondents):
    campaign = opened()
    report = sick_leave.send(campaign.reports.get(institution__number="265017"), sick_leave.SCHOOL_NUMBERS, now=MONDAY)
    draft = reports.reopen(report, by=STIL, now=MONDAY)
    assert AnswerLine.objects.filter(version=draft).count() == len(sick_leave.SCHOOL_NUMBERS)
    assert campaigns.end_corrections(MONDAY + 6 * DAY) == 0
    assert campaigns.end_corrections(MONDAY + 8 * DAY) == 1
    report.refresh_from_db()
    assert (report.state, report.reopened_until) == (ReportState.FINISHED, None)
    assert [version.number for version in report.versions.filter(sent_at__isnull=False)] == [1]
    assert audited("report.correction_ended") == 1
    assert reports.reopen(report, by=STIL, now=MONDAY + 9 * DAY) == draft  # where they left it


def test_the_command_opens_a_week_and_sends_its_links(respondents):
    week = Week.of(timezone.localdate())
    out = StringIO()
    call_command("open_campaign", stdout=out)
    assert f"{week.year}-{week.number:02}: open, 4 respondents asked" in out.getvalue()
    assert len(mail.outbox) == 2
    with pytest.raises(CommandError):
        call_command("open_campaign", "--week", f"{week.year}-{week.number}", stdout=StringIO())
    assert len(mail.outbox) == 2


@pytest.mark.django_db
@pytest.mark.parametrize("week", ["2026", "2026-54", "2025-53", "uge 47", "2026-0"])
def test_the_command_refuses_what_is_no_week(week):
    with pytest.raises(CommandError):
        call_command("open_campaign", "--week", week, stdout=StringIO())
    assert not Campaign.objects.exists()


@pytest.mark.usefixtures("respondents")
def test_keeping_time_by_hand_does_what_beat_does():
    call_command("run_campaigns", stdout=StringIO())
    tasks.keep_time()
    assert Campaign.objects.count() == 2


@pytest.mark.usefixtures("registers")
def test_every_respondent_of_the_registers_gets_one_link():
    everybody = opened()
    asked = Report.objects.filter(campaign=everybody)
    assert asked.filter(kind=RespondentKind.MUNICIPALITY.value).count() == Municipality.objects.count() == 98
    schools = asked.filter(kind=RespondentKind.SCHOOL.value)
    assert schools.count() > 190
    assert schools.exclude(email="").count() == schools.filter(mail=MailState.DUE).count() > 190
    assert not schools.filter(municipality=None).exists()
    assert schools.values("institution").distinct().count() == schools.count()
    tokens = {links.token_of(report) for report in asked}
    assert len(tokens) == asked.count()

"""Weeks that are answered already, put into the database at once: what tests and measurements of figures stand on."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from institutions.models import Institution, Municipality
from reporting.models import AnswerLine, Campaign, Report, ReportVersion
from reporting.models.answer import DAYS
from reporting.questions import RespondentKind
from reporting.states import CampaignState, ReportState
from reporting.weeks import ZONE, Week

# Numbers of a line: how many in all, then Monday and on.
Lines = Mapping[str, Sequence[int | None]]


def week(number: int = 47, year: int = 2026, *, state: CampaignState = CampaignState.CLOSED) -> Campaign:
    """Make a week that is over."""
    monday = dt.datetime.combine(Week(year, number).days[0], dt.time(8), tzinfo=ZONE)
    friday, due = monday + dt.timedelta(days=4), monday + dt.timedelta(days=7)
    return Campaign.objects.create(
        year=year,
        week=number,
        state=state,
        opens_at=friday,
        reminds_at=due,
        deadline_at=due + dt.timedelta(hours=4),
        closes_at=due + dt.timedelta(days=1),
        opened_at=friday if state in (CampaignState.OPEN, CampaignState.CLOSED) else None,
        closed_at=due + dt.timedelta(days=1) if state == CampaignState.CLOSED else None,
    )


def asked(campaign: Campaign, respondents: Iterable[Institution | Municipality]) -> list[Report]:
    """Ask them all, by three statements."""
    first = campaign.reports.count() + 1
    return Report.objects.bulk_create(
        Report(
            campaign=campaign,
            number=number,
            kind=(RespondentKind.SCHOOL if isinstance(one, Institution) else RespondentKind.MUNICIPALITY).value,
            institution=one if isinstance(one, Institution) else None,
            municipality=one.municipality if isinstance(one, Institution) else one,
            name=one.name,
            state=ReportState.EXPIRED,
        )
        for number, one in enumerate(respondents, start=first)
    )


def answered(reports: Sequence[Report], lines: Sequence[Lines], *, implausible: str = "") -> list[ReportVersion]:
    """Send an answer of each: a version after those that there are."""
    campaigns = Campaign.objects.filter(pk__in={report.campaign_id for report in reports})
    at = campaigns[0].deadline_at
    versions = ReportVersion.objects.bulk_create(
        ReportVersion(
            report=report,
            number=report.versions.count() + 1 if report.state == ReportState.FINISHED else 1,
            sent_at=at,
            implausible=implausible,
        )
        for report in reports
    )
    AnswerLine.objects.bulk_create(
        AnswerLine(version=version, line=line, total=numbers[0], **dict(zip(DAYS, numbers[1:], strict=False)))
        for version, theirs in zip(versions, lines, strict=True)
        for line, numbers in theirs.items()
    )
    Report.objects.filter(pk__in=[report.pk for report in reports]).update(state=ReportState.FINISHED, finished_at=at)
    for report in reports:
        report.state, report.finished_at = ReportState.FINISHED, at
    for campaign in campaigns:
        Campaign.objects.filter(pk=campaign.pk).update(revision=campaign.revision + len(reports))
    return versions


def send(campaign: Campaign, respondent: Institution | Municipality, **lines: Sequence[int | None]) -> Report:
    """Ask a respondent, who answers."""
    [report] = asked(campaign, [respondent])
    answered([report], [lines])
    return report


def two_weeks(roskilde: Municipality, koege: Municipality, friskole: Institution, other: Institution) -> list[Campaign]:
    """Weeks 45 and 47, both over: the week between them is left out. Few are sick at `friskole`."""
    made = []
    for number, more in ((45, 0), (47, 1)):
        campaign = week(number)
        send(campaign, roskilde, municipal_staff=(500, *[30 + more] * 5), children=(900, *[90] * 5))
        send(campaign, koege, municipal_staff=(500, *[20] * 5), children=(900, *[90] * 5))
        send(campaign, friskole, level_0=(20, 1, 1, 0, 1, 0), level_9=(22, 2, 2, 2, 2, 2), school_staff=(40, 4))
        send(campaign, other, level_0=(20, *[9] * 5), level_9=(22, *[8] * 5), school_staff=(40, 10))
        made.append(campaign)
    return made

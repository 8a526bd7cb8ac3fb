"""The demo country's sick leave: addresses, eight weeks that are over with their answers, and this week's, half in.

Every number is invented, and falls the same way on every machine. Whoever runs it again on a later day gets the weeks
since then.
"""

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.utils import timezone

from institutions.demo.dice import Dice
from institutions.demo.places import SHAPES
from institutions.models import Municipality
from unilogin_portal.lib import bulk

from . import campaigns, plausibility, tasks
from .models import AnswerLine, Campaign, MunicipalAddress, Report, ReportVersion
from .models.answer import DAYS
from .numbers import Numbers
from .questions import LEVELS, SPECIAL, STARTERS, Line, lines_for
from .states import CampaignState, MailState, ReportState
from .statistics import figures
from .weeks import WEEKDAYS, Week

WEEKS = 8
# Who answers in the end, and who already has in the week that is open; some of these have begun, some have opened.
_ANSWER_SHARE, _SO_FAR, _BEGUN, _OPENED = 0.94, 0.55, 0.65, 0.75
_SLIP_OF_THE_PEN = 0.01  # a number with a nought too many: left out of the statistics
_HOME = "0265"  # the municipality whose link waits in the mail of whoever tries the demo
# Sick on a day, in per cent: in the height of summer, and how many more in the depth of winter.
_LEAST, _WINTER = 3.2, 3.6
_USUAL: dict[str, tuple[int, int]] = {
    "schools": (6, 40),
    "municipal_staff": (300, 2400),
    "day_care_institutions": (12, 90),
    "childminders": (0, 120),
    "children": (800, 6500),
    "day_care_staff": (250, 2100),
    "school_staff": (18, 60),
    SPECIAL.key: (0, 14),
    STARTERS.key: (0, 0),
    **{level.key: (12, 26) for level in LEVELS},
}
_REPORT_COLUMNS = ("state", "mail", "mailed_at", "opened_at", "begun_at", "finished_at")


@dataclass(frozen=True)
class _Answer:
    """What a respondent writes in a week: lines with their numbers, and when it was sent, if it was."""

    report: Report
    numbers: dict[str, Numbers]
    sent_at: dt.datetime | None
    implausible: str = ""


def report_some(now: dt.datetime) -> bool:
    """Make what is missing. Return whether anything was."""
    this_week = Week.of(timezone.localtime(now).date())
    _give_addresses(now)
    made = [_past(this_week.shifted(-back), now) for back in range(WEEKS, 0, -1)]
    is_new = _present(this_week, now) or any(made)
    figures.bring_up_to_date()
    return is_new


def _give_addresses(now: dt.datetime) -> None:
    without = Municipality.objects.filter(sick_leave_address=None).values_list("code", flat=True)
    MunicipalAddress.objects.bulk_create(
        MunicipalAddress(municipality_id=code, email=f"sygefravaer@{code}.example.dk", updated_at=now)
        for code in without
    )


def _past(week: Week, now: dt.datetime) -> bool:
    """Make a week that is over, unless there is one; close one that was open when the demo was run last."""
    campaign = campaigns.plan(week)
    if campaign.state == CampaignState.OPEN:
        campaigns.close(campaign, by=None, now=now)
    if campaign.state != CampaignState.PLANNED:
        return False
    campaign = campaigns.open_campaign(campaign, by=None, now=campaign.opens_at)
    _write(campaign, _ANSWER_SHARE, campaign.opens_at, campaign.deadline_at)
    campaigns.close(campaign, by=None, now=campaign.closes_at)
    return True


def _present(week: Week, now: dt.datetime) -> bool:
    """Open this week, whichever day it is; the links of the demo's own places go out as mails, to be followed."""
    campaign = campaigns.plan(week)
    if campaign.state != CampaignState.PLANNED:
        return False
    opened_at = now - dt.timedelta(hours=5)
    campaign = campaigns.open_campaign(campaign, by=None, now=opened_at)
    _write(campaign, _SO_FAR, opened_at, now)
    own = campaign.reports.filter(institution__number__in=SHAPES) | campaign.reports.filter(municipality=_HOME)
    own.filter(state=ReportState.CREATED).update(mail=MailState.DUE)
    tasks.mail_soon(campaign)
    return True


def _write(campaign: Campaign, share: float, since: dt.datetime, until: dt.datetime) -> None:
    """Let respondents answer between two moments, `share` of them; of the others some begin, some only look."""
    rows, answers = [], []
    is_over = share == _ANSWER_SHARE
    for report in campaign.reports.select_related("institution"):
        dice = Dice("sick leave", str(campaign), _key(report))
        luck, at = dice.between(0, 999) / 1000, since + (until - since) * (dice.between(50, 950) / 1000)
        if not is_over and _key(report) in {_HOME, *SHAPES}:
            continue  # theirs is for whoever tries the demo
        answered, begun = luck < share, not is_over and luck < _BEGUN
        opened = answered or begun or luck < _OPENED
        state = ReportState.FINISHED if answered else ReportState.BEGUN if begun else ReportState.SENT
        mail = MailState.SENT if opened or luck < 0.97 or is_over else MailState.BOUNCED
        moments = (since, at if opened else None, at if answered or begun else None, at if answered else None)
        rows.append((report.pk, state.value, mail.value, *moments))
        if answered or begun:
            answers.append(_answer(campaign, report, dice, at if answered else None))
    bulk.update(Report, _REPORT_COLUMNS, rows)
    _insert(answers, since)
    campaign.revision = sum(answer.sent_at is not None for answer in answers)
    campaign.save(update_fields=["revision"])


def _key(report: Report) -> str:
    return report.institution.number if report.institution else str(report.municipality_id)


def _answer(campaign: Campaign, report: Report, dice: Dice, sent_at: dt.datetime | None) -> _Answer:
    numbers = {line.key: _numbers(campaign, report, line) for line in lines_for(report.kind, report.highest_level)}
    if not report.is_school or not dice.chance(_SLIP_OF_THE_PEN * 3):
        return _Answer(report, numbers, sent_at)
    usual = {key: line.total for key, line in numbers.items() if line.total is not None}
    staff = numbers["school_staff"]
    numbers["school_staff"] = replace(staff, total=(staff.total or 0) * 10)
    return _Answer(report, numbers, sent_at, plausibility.judge(numbers, [usual]))


def _numbers(campaign: Campaign, report: Report, line: Line) -> Numbers:
    usual = Dice("sick leave", _key(report), line.key).between(*_USUAL[line.key])
    dice = Dice("sick leave", str(campaign), _key(report), line.key)
    days: list[int | None] = [None] * WEEKDAYS
    if line.has_days:
        share = (_LEAST + _WINTER * _cold(campaign.week) + dice.between(-12, 12) / 10) / 100
        for day in _days_so_far(campaign):
            expected = usual * share * dice.between(70, 130) / 100
            days[day] = min(usual, int(expected) + dice.chance(expected % 1))
    return Numbers(usual, tuple(days))  # type: ignore[arg-type]


def _cold(week: int) -> float:
    """Return how far it is into winter, from 0 to 1 in the first days of February."""
    return (1 + math.cos((week - 5) / 52 * 2 * math.pi)) / 2


def _days_so_far(campaign: Campaign) -> Iterator[int]:
    """Yield the week's days that numbers are asked for, as far as they have come when it was opened; one at least."""
    assert campaign.opened_at is not None  # noqa: S101 - it has just been
    today = timezone.localtime(campaign.opened_at).date()
    first, *_rest = campaign.of.open_days
    return (day for day in campaign.of.open_days if day == first or campaign.days[day] <= today)


def _insert(answers: list[_Answer], began_at: dt.datetime) -> None:
    [keys] = bulk.reserve_ids([(ReportVersion, len(answers))])
    versions = [
        (key, one.report.pk, one.sent_at or began_at, one.sent_at, one.implausible)
        for key, one in zip(keys, answers, strict=True)
    ]
    columns = ("id", "report_id", "saved_at", "sent_at", "implausible")
    bulk.insert(ReportVersion, columns, versions, always={"number": 1, "began_at": began_at})
    lines = (
        (key, line, numbers.total, *numbers.days)
        for key, one in zip(keys, answers, strict=True)
        for line, numbers in one.numbers.items()
    )
    bulk.insert(AnswerLine, ("version_id", "line", "total", *DAYS), lines)

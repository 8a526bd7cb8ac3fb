"""Figures of a place over the weeks, by day and by year: what pages show and charts draw. A query a question."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from ..models import AnswerLine, Campaign, Figure, Report
from ..models.answer import DAYS
from ..models.figure import WHOLE_WEEK
from ..states import CampaignState
from ..weeks import Week
from .access import Level, Place
from .figures import counting, current, sent
from .groups import ALL_PUPILS, PUPIL_LINES, Group


@dataclass(frozen=True)
class Number:
    """How many of how many were sick, and how many answers say so. What is hidden has no `absent` and no rate."""

    total: int
    absent: int | None
    reports: int = 1

    @property
    def rate(self) -> float | None:
        """Return the per cent, with as many decimals as are shown: what looks alike is alike."""
        return None if self.absent is None or not self.total else round(100 * self.absent / self.total, 1)


@dataclass(frozen=True)
class Asked:
    """How many were asked in a week: in the country, and at the place."""

    country: int = 0
    there: int = 0


@dataclass(frozen=True)
class Point:
    """A week of a series. Without a `campaign` nobody was asked; `left_out` is an own answer that does not count."""

    week: Week
    campaign: Campaign | None = None
    own: Number | None = None
    country: Number | None = None
    asked: Asked = Asked()
    left_out: bool = False

    @property
    def is_preliminary(self) -> bool:
        return self.campaign is not None and self.campaign.state == CampaignState.OPEN


@dataclass(frozen=True)
class Compared:
    """Numbers of a place and of the country, by whatever was asked for: campaign, day or line."""

    own: dict[Any, Number]
    country: dict[Any, Number]


def latest(*, public: bool = False) -> Campaign | None:
    """Return the latest week that somebody has answered; of what is `public`, the latest that is over."""
    answered = Report.objects.filter(campaign=OuterRef("pk"), finished_at__isnull=False)
    asked = Campaign.objects.filter(state=CampaignState.CLOSED) if public else Campaign.objects.asked()
    return asked.filter(Exists(answered)).first()


def over_weeks(group: Group, place: Place, last: Week, weeks: int) -> list[Point]:
    """Return the weeks up to `last`, the oldest first, those without a campaign among them."""
    campaigns = {campaign.of: campaign for campaign in current(_between(last.shifted(1 - weeks), last))}
    keys = [campaign.pk for campaign in campaigns.values()]
    numbers = _compared("campaign", group, place, keys)
    asked, left_out = _asked(group, place, keys), _left_out(group, place, keys)
    points = []
    for week in (last.shifted(at) for at in range(1 - weeks, 1)):
        campaign = campaigns.get(week)
        key = campaign.pk if campaign else None
        own, country = numbers.own.get(key), numbers.country.get(key)
        points.append(Point(week, campaign, own, country, asked.get(key, Asked()), key in left_out))
    return points


def by_day(group: Group, place: Place, campaign: Campaign) -> Compared:
    """Return the numbers of each day of a week."""
    return _compared("day", group, place, [campaign.pk])


def by_line(lines: Sequence[str], group: Group, place: Place, campaign: Campaign) -> Compared:
    """Return the week's numbers of each of several lines."""
    return _compared("line", group, place, [campaign.pk], lines)


def _between(first: Week, last: Week) -> QuerySet[Campaign]:
    after = Q(year=first.year, week__gte=first.number) | Q(year__gt=first.year)
    before = Q(year=last.year, week__lte=last.number) | Q(year__lt=last.year)
    return Campaign.objects.asked().filter(after, before)


def _compared(axis: str, group: Group, place: Place, campaigns: list[int], lines: Sequence[str] = ()) -> Compared:
    """Return numbers by "campaign", "day" or "line": one query, and one for what a school itself has sent."""
    compared = Compared({}, {})
    shows_all = place.is_own and place.reports(group)
    where = Q(municipality=None)
    if place.level == Level.MUNICIPALITY:
        where |= Q(municipality=place.municipality)
    days = Q(day__lt=WHOLE_WEEK) if axis == "day" else Q(day=WHOLE_WEEK)
    rows = Figure.objects.filter(where, days, line__in=lines or (group.line,), campaign__in=campaigns).order_by()
    for key, municipality, total, absent, reports, hidden in rows.values_list(
        axis, "municipality", "total", "absent", "reports", "hidden"
    ):
        if municipality is None:
            compared.country[key] = Number(total, None if hidden else absent, reports)
        else:
            compared.own[key] = Number(total, absent if shows_all or not hidden else None, reports)
    if place.level == Level.SCHOOL:
        compared.own.update(_own_answers(axis, place, campaigns, lines or _lines_of(group)))
    return compared


def _own_answers(axis: str, place: Place, campaigns: list[int], lines: Sequence[str]) -> dict[Any, Number]:
    """Return what counts of a school's own answers: one query."""
    versions = counting().filter(report__institution=place.institution, report__campaign__in=campaigns)
    rows = AnswerLine.objects.filter(version__in=versions, line__in=lines, total__gt=0).order_by()
    found: dict[Any, tuple[int, int]] = {}
    for campaign, line, total, *days in rows.values_list("version__report__campaign", "line", "total", *DAYS):
        for day, absent in enumerate(days):
            if absent is not None:
                key = {"campaign": campaign, "line": line, "day": day}[axis]
                before = found.get(key, (0, 0))
                found[key] = before[0] + total, before[1] + absent
    return {key: Number(total, absent) for key, (total, absent) in found.items()}


def _lines_of(group: Group) -> Sequence[str]:
    return PUPIL_LINES if group.line == ALL_PUPILS else (group.line,)


def _asked(group: Group, place: Place, campaigns: list[int]) -> dict[Any, Asked]:
    """Return how many were asked each week: one query."""
    there = Count("pk", filter=Q(municipality=place.municipality or None))
    rows = Report.objects.filter(kind=group.kind.value, campaign__in=campaigns).order_by()
    counts = rows.values("campaign").annotate(country=Count("pk"), there=there)
    return {row["campaign"]: Asked(row["country"], row["there"]) for row in counts}


def _left_out(group: Group, place: Place, campaigns: list[int]) -> set[Any]:
    """Return the weeks in which the place's own answer is left out as implausible: one query, of own answers only."""
    if not (place.is_own and place.reports(group)):
        return set()
    where = Q(report__institution=place.institution)
    if place.level == Level.MUNICIPALITY:
        where = Q(report__municipality=place.municipality)
    own = sent().filter(where, report__kind=group.kind.value, report__campaign__in=campaigns)
    return set(own.exclude(implausible="").values_list("report__campaign", flat=True))

"""What tests of the weekly sick-leave reports do: open a week for a school and a municipality, fill in, send."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from institutions.models import Institution, InstitutionKind, InstitutionLevel, Municipality
from reporting import answers, links
from reporting.models import Campaign, Report
from reporting.questions import RespondentKind, Section
from reporting.standing import Cell, standing_of
from reporting.states import CampaignState, MailState, ReportState
from reporting.weeks import ZONE, Week

WEEK = Week(2026, 47)  # 16 to 20 November 2026: no day off
# Friday of that week, when the links have gone out.
FRIDAY = dt.datetime(2026, 11, 20, 13, 0, tzinfo=ZONE)
FIELDS = ("total", "monday", "tuesday", "wednesday", "thursday", "friday")


def campaign(week: Week = WEEK, *, now: dt.datetime | None = None, **more: Any) -> Campaign:
    """Make an open campaign whose deadline is in three days."""
    at = now or timezone.now()
    dates = {
        "opens_at": at - dt.timedelta(hours=5),
        "reminds_at": at + dt.timedelta(days=2, hours=20),
        "deadline_at": at + dt.timedelta(days=3),
        "closes_at": at + dt.timedelta(days=4),
    }
    facts = {"state": CampaignState.OPEN, "opened_at": at - dt.timedelta(hours=5), **dates, **more}
    return Campaign.objects.create(year=week.year, week=week.number, **facts)


def free_school(number: str = "265017", **more: Any) -> Institution:
    """Make a free school in Roskilde."""
    facts = {
        "name": "Søndre Friskole",
        "kind": InstitutionKind.SCHOOL,
        "level": InstitutionLevel.SCHOOL,
        "type_code": "1013",
        "ownership": 2,
        "highest_level": "9",
        "email": f"kontor@{number}.example.dk",
        "municipality": municipality(),
        "cvr": "92890074",
    }
    return Institution.objects.create(number=number, **{**facts, **more})


def municipality(code: str = "0265", name: str = "Roskilde") -> Municipality:
    return Municipality.objects.get_or_create(code=code, defaults={"name": name})[0]


def report_of(asked: Campaign, respondent: Institution | Municipality, **more: Any) -> Report:
    """Ask a school or a municipality, with a link that works."""
    is_school = isinstance(respondent, Institution)
    facts: dict[str, Any] = {
        "kind": (RespondentKind.SCHOOL if is_school else RespondentKind.MUNICIPALITY).value,
        "institution": respondent if is_school else None,
        "municipality": respondent.municipality if isinstance(respondent, Institution) else respondent,
        "name": respondent.name if is_school else f"{respondent.name} Kommune",
        "email": respondent.email if isinstance(respondent, Institution) else "sygefravaer@example.dk",
        "highest_level": respondent.highest_level if isinstance(respondent, Institution) else "",
        "state": ReportState.SENT,
        "mail": MailState.SENT,
        **more,
    }
    report = Report.objects.create(campaign=asked, number=asked.reports.count() + 1, **facts)
    report.token_hash = links.hash_for(report)
    report.save(update_fields=["token_hash"])
    return report


def section(report: Report, slug: str) -> Section:
    return next(section for section in report.sections if section.slug == slug)


def row(line: str, *numbers: int | None) -> dict[Cell, int | None]:
    """Return a line's numbers by their cells: the total, then Monday and on."""
    return dict(zip(((line, field) for field in FIELDS), numbers, strict=False))


SCHOOL_NUMBERS: dict[str, tuple[int | None, ...]] = {
    **{f"level_{level}": (20, 1, 2, 0, 1, 1) for level in range(10)},
    "special": (12, 0, 1, 1, 0, 0),
    "starters": (0, 0, 0, 0, 0, 0),
    "school_staff": (42, 3, 4, 6, 5, 2),
}
MUNICIPAL_NUMBERS: dict[str, tuple[int | None, ...]] = {
    "schools": (12,),
    "municipal_staff": (620, 31, 33, 40, 36, 28),
    "day_care_institutions": (34,),
    "childminders": (51,),
    "children": (2450, 180, 190, 175, 160, 150),
    "day_care_staff": (730, 45, 44, 51, 40, 38),
}


def fill_in(report: Report, numbers: Mapping[str, tuple[int | None, ...]], *, now: dt.datetime | None = None) -> None:
    """Write numbers in as somebody would who sees what stands there, and confirm every doubt."""
    at = now or timezone.now()
    for part in report.sections:
        typed: dict[Cell, int | None] = {}
        for line in part.lines:
            typed.update(row(line.key, *numbers.get(line.key, ())))
        was = answers.save(report, part, {}, {}, now=at).numbers
        answers.save(report, part, typed, was, now=at)
        doubts = {doubt.name: doubt.seen for doubt in standing_of(report).findings(part) if not doubt.is_error}
        answers.save(report, part, {}, {}, now=at, confirm=doubts)


def send(report: Report, numbers: Mapping[str, tuple[int | None, ...]], *, now: dt.datetime | None = None) -> Report:
    """Fill a report in and finish it."""
    at = now or timezone.now()
    fill_in(report, numbers, now=at)
    answers.finish(report, standing_of(report).digest, now=at)
    report.refresh_from_db()
    return report

"""What the respondent's pages show: the steps, a section's form, everything on one page, the receipt."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from unilogin_portal.lib.dates import clock_text

from . import links, weeks, words
from .checks import NOTHING, Finding, is_complete
from .forms import SectionForm, name_of, was_of
from .models import Report
from .models.answer import DAYS, FIELDS
from .numbers import Numbers
from .questions import Line, Section
from .standing import Standing


def section_of(report: Report, slug: str) -> Section:
    for section in report.sections:
        if section.slug == slug:
            return section
    raise Http404


@dataclass(frozen=True)
class Step:
    """A page of the form in the guide: `number` from 1, `state` "done", "doubt", "here" or ""."""

    number: int
    title: str
    url: str
    state: str

    @property
    def is_done(self) -> bool:
        return self.state == "done"


class Steps:
    """The way through a report: its sections, and the page where all is looked through."""

    def __init__(self, standing: Standing, here: Section | None = None) -> None:
        self.standing, self.here = standing, here
        self.token = links.token_of(standing.report)
        self.sections = standing.report.sections

    def url_of(self, section: Section) -> str:
        return reverse("reporting:step", args=[self.token, section.slug])

    @property
    def review(self) -> str:
        return reverse("reporting:review", args=[self.token])

    @property
    def first_unfinished(self) -> str:
        for section in self.sections:
            if not self._is_done(section):
                return self.url_of(section)
        return self.review

    def after(self, section: Section) -> str:
        place = self.sections.index(section) + 1
        return self.url_of(self.sections[place]) if place < len(self.sections) else self.review

    @property
    def before(self) -> str:
        """Return the step before this one; nothing on the first."""
        place = self.sections.index(self.here) if self.here else len(self.sections)
        return self.url_of(self.sections[place - 1]) if place else ""

    @property
    def number(self) -> int:
        return self.sections.index(self.here) + 1 if self.here else self.count

    @property
    def count(self) -> int:
        return len(self.sections) + 1

    @property
    def all(self) -> Iterator[Step]:
        for number, section in enumerate(self.sections, start=1):
            state = "here" if section == self.here else "done" if self._is_done(section) else ""
            yield Step(number, str(section.title), self.url_of(section), state)
        yield Step(self.count, _("Look through all of it"), self.review, "" if self.here else "here")

    def _is_done(self, section: Section) -> bool:
        return is_complete(section, self.standing.numbers) and not self.standing.unsettled(section)


def step_page(form: SectionForm, *, insisted: bool) -> dict[str, Any]:
    """Return what a section's page shows. `insisted` says that doubts are in the way of going on."""
    standing, section = form.standing, form.section
    doubts = [
        words.doubt_of(finding, section, confirmed=standing.is_confirmed(finding))
        for finding in standing.findings(section)
        if not finding.is_error
    ]
    # Before somebody has tried to go on, a half-written row is no doubt yet.
    shown = doubts if insisted else [doubt for doubt in doubts if doubt.confirmed]
    return {
        "report": standing.report,
        "section": section,
        "form": form,
        "rows": list(form.rows()),
        "was": was_of(form, standing),
        "doubts": shown,
        "steps": Steps(standing, section),
        "saved_at": standing.version.saved_at if standing.version else None,
        "offers_last": _offers_last(section, standing),
        "short_days": weeks.SHORT_DAY_NAMES,
    }


def _offers_last(section: Section, standing: Standing) -> bool:
    """Whether last time's totals could be taken over: there are some, and nothing stands in their place."""
    empty = [line for line in section.lines if standing.numbers.get(line.key, NOTHING).total is None]
    return any(line.key in standing.last for line in empty)


def show_error(form: SectionForm, finding: Finding) -> None:
    """Put what is wrong at its field; what belongs to no field stands above the form."""
    text = words.error_of(finding)
    if finding.line is None:
        form.add_error(None, text)
        return
    field = "total" if finding.day is None else DAYS[finding.day]
    form.add_error(name_of((finding.line.key, field)), text)


def numbers_for_script(form: SectionForm, standing: Standing) -> dict[str, Any]:
    return {"was": was_of(form, standing), "saved": saved_text(standing)}


def saved_for_script(form: SectionForm, standing: Standing) -> dict[str, Any]:
    """Return what the script shows after it has saved: when, what stands now, and what could not be saved."""
    errors = {name: str(found[0]) for name, found in form.errors.items()}
    return {**numbers_for_script(form, standing), "errors": errors}


def saved_text(standing: Standing) -> str:
    at = standing.version.saved_at if standing.version else None
    return _("Saved at %(clock)s.") % {"clock": clock_text(at)} if at else ""


@dataclass(frozen=True)
class ReviewLine:
    """A line on the page where all is looked through. A cell is a number, nothing, or a day off."""

    line: Line
    total: int | None
    days: list[int | None]

    @property
    def is_written(self) -> bool:
        return self.total is not None or any(day is not None for day in self.days)


@dataclass(frozen=True)
class ReviewSection:
    section: Section
    url: str
    with_days: list[ReviewLine]
    counts: list[ReviewLine]
    problems: list[str]
    confirmed: list[str]


def review_sections(standing: Standing) -> list[ReviewSection]:
    """Return the sections with their numbers, what is in the way of sending them, and what was confirmed."""
    steps = Steps(standing)
    found = []
    for section in steps.sections:
        lines = [_review_line(line, standing.numbers.get(line.key)) for line in section.lines]
        findings = standing.findings(section)
        sure = [finding for finding in findings if not finding.is_error and standing.is_confirmed(finding)]
        found.append(
            ReviewSection(
                section,
                steps.url_of(section),
                [row for row in lines if row.line.has_days and (row.is_written or not row.line.optional)],
                [row for row in lines if not row.line.has_days],
                [_problem(finding, section) for finding in findings if finding not in sure],
                [words.confirmed_text(finding, section) for finding in sure],
            )
        )
    return found


def _review_line(line: Line, numbers: Numbers | None) -> ReviewLine:
    if numbers is None:
        return ReviewLine(line, None, [None] * len(DAYS))
    return ReviewLine(line, numbers.total, list(numbers.days))


def _problem(finding: Finding, section: Section) -> str:
    """Return what is in the way, with the line that it is about."""
    if not finding.is_error:
        return words.heading_of(finding, section)
    if finding.line is None or len(section.lines) == 1:
        return words.error_of(finding)
    return f"{finding.line.label}: {words.error_of(finding)}"


def review_page(standing: Standing, error: str) -> dict[str, Any]:
    sections = review_sections(standing)
    return {
        "report": standing.report,
        "steps": Steps(standing),
        "sections": sections,
        "ready": not any(section.problems for section in sections),
        "seen": standing.digest,
        "error": error,
        "saved_at": standing.version.saved_at if standing.version else None,
        **_week(standing),
    }


def receipt_page(standing: Standing, now: Any) -> dict[str, Any]:
    report, version = standing.report, standing.version
    assert version is not None  # noqa: S101 - a receipt is of something that was sent
    return {
        "report": report,
        "version": version,
        "receipt": report.receipt_of(version),
        "sections": review_sections(standing),
        "token": links.token_of(report),
        "takes_answers": report.takes_answers(now),
        **_week(standing),
    }


def _week(standing: Standing) -> dict[str, Any]:
    days = standing.report.campaign.days
    closed = standing.report.campaign.of.closed_days
    return {
        "first_day": days[0],
        "last_day": days[-1],
        "day_heads": [(weeks.SHORT_DAY_NAMES[day], closed.get(day)) for day in range(len(DAYS))],
        "columns": len(FIELDS),
    }

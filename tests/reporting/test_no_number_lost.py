"""Whatever two people do at once: a number that a page has said is saved stays until somebody who saw it changes it.

The pages are played at the service's door: each person's page shows what it was drawn with, and sends what was typed
over that. What pages have been told is kept apart, and compared with the tables after each act.
"""

import datetime as dt
from dataclasses import dataclass, field

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from institutions.actor import Actor
from reporting import answers, campaigns, reports
from reporting.answers import Closed
from reporting.models import AnswerLine, Campaign, Report, ReportVersion
from reporting.models.answer import FIELDS
from reporting.standing import Cell, sent_standing_of, standing_of
from reporting.states import ReportState
from tests.sick_leave import SCHOOL_NUMBERS, campaign, fill_in, free_school, report_of, row, section
from unilogin_portal.lib.errors import DomainError, IllegalTransition

STAFF = "school_staff"
CELLS: list[Cell] = [(STAFF, name) for name in FIELDS[:2]]
NOW = timezone.now()

people = st.sampled_from((0, 1))
numbers = st.one_of(st.none(), st.integers(0, 60))
act = st.one_of(
    st.tuples(st.just("draw"), people),
    st.tuples(st.just("type"), people, st.sampled_from(CELLS), numbers),
    st.tuples(st.just("save"), people),
    st.tuples(st.just("write"), people, st.sampled_from(CELLS), numbers),
    st.tuples(st.just("write"), people, st.sampled_from(CELLS), numbers),
    st.tuples(st.just("last"), people),
    st.tuples(st.just("finish"), people),
    st.tuples(st.just("reopen")),
    st.tuples(st.just("close")),
    st.tuples(st.just("end")),
)


@dataclass
class Page:
    """One person's page: what it showed when it was drawn, and what has been typed over that."""

    shown: dict[Cell, int | None] = field(default_factory=dict)
    typed: dict[Cell, int | None] = field(default_factory=dict)

    def draw(self, saved: dict[Cell, int | None]) -> None:
        self.shown = {cell: saved.get(cell) for cell in CELLS}
        self.typed = {}

    @property
    def sent(self) -> dict[Cell, int | None]:
        return {**self.shown, **self.typed}


@dataclass
class World:
    """A report, two people at it, what they have been told is saved, and what has been sent."""

    report: Report
    told: dict[Cell, int | None] = field(default_factory=dict)
    sent: dict[int, dict[Cell, int | None]] = field(default_factory=dict)
    pages: tuple[Page, Page] = field(default_factory=lambda: (Page(), Page()))
    at: dt.datetime = NOW

    def do(self, name: str, *more: object) -> None:
        self.report.refresh_from_db()
        self.at += dt.timedelta(minutes=1)
        getattr(self, name)(*more)
        self.check(name)

    def draw(self, who: int) -> None:
        self.pages[who].draw(self.stored())

    def type(self, who: int, cell: Cell, number: int | None) -> None:
        self.pages[who].typed[cell] = number

    def write(self, who: int, cell: Cell, number: int | None) -> None:
        self.type(who, cell, number)
        self.save(who)

    def save(self, who: int) -> None:
        page = self.pages[who]
        part = section(self.report, "personale")
        try:
            saved = answers.save(self.report, part, page.sent, page.shown, now=self.at)
        except Closed:
            return  # the page says that nothing was saved
        for cell in CELLS:
            if page.sent[cell] == page.shown[cell]:
                continue
            if cell in saved.conflicts:
                # It is told, and the other's number stands: nobody is overwritten unseen.
                assert saved.conflicts[cell] == self.told.get(cell) != page.shown[cell]
                continue
            assert page.sent[cell] == self.told.get(cell) or page.shown[cell] == self.told.get(cell)
            self.told[cell] = page.sent[cell]
        page.shown = {cell: saved.numbers.get(cell) for cell in CELLS}
        page.typed = {cell: number for cell, number in page.typed.items() if cell in saved.conflicts}

    def last(self, who: int) -> None:
        try:
            saved = answers.start_from_last(self.report, section(self.report, "personale"), now=self.at)
        except Closed:
            return
        if self.told.get(CELLS[0]) is None:
            self.told[CELLS[0]] = 40
        self.pages[who].draw(saved.numbers)

    def finish(self, who: int) -> None:
        """Press *Afslut* on a page where all is looked through; it is refused where something is doubtful or wrong."""
        standing = standing_of(self.report)
        try:
            version = answers.finish(self.report, standing.digest, now=self.at)
        except DomainError:
            return
        self.sent[version.number] = {cell: self.told.get(cell) for cell in CELLS}

    def reopen(self) -> None:
        try:
            reports.reopen(self.report, by=Actor(), now=self.at)
        except IllegalTransition:
            return

    def close(self) -> None:
        self.at = max(self.at, self.report.campaign.closes_at)
        try:
            campaigns.close(self.report.campaign, by=None, now=self.at)
        except DomainError:
            return

    def end(self) -> None:
        """A week passes, and what was open again is not any more."""
        self.at += dt.timedelta(days=8)
        campaigns.end_corrections(self.at)

    def stored(self) -> dict[Cell, int | None]:
        version = ReportVersion.objects.filter(report=self.report).order_by("number").last()
        line = AnswerLine.objects.filter(version=version, line=STAFF).first()
        return {(STAFF, name): getattr(line, name) if line else None for _line, name in CELLS}

    def check(self, name: str) -> None:
        assert self.stored() == {cell: self.told.get(cell) for cell in CELLS}, name
        for number, numbers in self.sent.items():
            line = AnswerLine.objects.get(version__report=self.report, version__number=number, line=STAFF)
            assert {(STAFF, field): getattr(line, field) for _line, field in CELLS} == numbers
        self.report.refresh_from_db()
        assert bool(self.sent) == (self.report.state in (ReportState.FINISHED, ReportState.REOPENED))
        if self.sent:
            # What counts is what was sent last, whatever has been written since.
            version = sent_standing_of(self.report).version
            assert version
            assert version.number == max(self.sent)


@pytest.fixture
def asked(db: None) -> Report:
    """A school that reported 40 employees last week, and has filled in all but its staff this week.

    So what two people write decides whether it can be sent.
    """
    school = free_school()
    before = report_of(campaign(campaign().of.shifted(-1), now=NOW - dt.timedelta(days=7)), school)
    answers.save(before, section(before, "personale"), row(STAFF, 40), {}, now=NOW - dt.timedelta(days=7))
    version = before.versions.get()
    ReportVersion.objects.filter(pk=version.pk).update(sent_at=NOW)
    Report.objects.filter(pk=before.pk).update(state=ReportState.FINISHED, finished_at=NOW)
    report = report_of(Campaign.objects.get(week=47), school)
    fill_in(report, {line: those for line, those in SCHOOL_NUMBERS.items() if line != STAFF}, now=NOW)
    return report


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(act, min_size=4, max_size=20))
def test_no_sequence_of_acts_loses_a_number_that_was_saved(asked: Report, acts: list[tuple[object, ...]]) -> None:
    with transaction.atomic():
        world = World(Report.objects.select_related("campaign").get(pk=asked.pk))
        for who in (0, 1):
            world.draw(who)
        for name, *more in acts:
            world.do(str(name), *more)
        transaction.set_rollback(True)

"""What is wrong or doubtful about numbers, by table."""

import pytest

from reporting.checks import Check, Finding, findings, is_complete
from reporting.numbers import Numbers
from reporting.questions import LINES, SECTIONS, RespondentKind, Section, lines_for, sections_for

WEEK = (0, 1, 2, 3, 4)
STAFF = next(section for section in SECTIONS[RespondentKind.SCHOOL] if section.slug == "personale")
LEVELS = SECTIONS[RespondentKind.SCHOOL][0]


def found(
    section: Section, line: str, *numbers: int | None, last: int | None = None, days: tuple[int, ...] = WEEK
) -> list[Finding]:
    total, *absent = numbers
    written = {line: Numbers(total, (*absent, *[None] * (5 - len(absent))))}
    before = {} if last is None else {line: last}
    return list(findings(section, written, last=before, open_days=days))


@pytest.mark.parametrize(
    ("numbers", "last", "expected"),
    [
        ((42, 3, 4, 6, 5, 2), None, []),
        ((42, 3, 4, 6, 5, 2), 41, []),
        ((0,), None, []),
        ((0, 0, 0, 0, 0, 0), None, []),
        ((None, 1), None, [Check.MISSING]),
        ((None,), None, [Check.MISSING]),
        ((42, 43, 0, 0, 0, 0), None, [Check.MORE_THAN_TOTAL]),
        ((0, 1, 0, 0, 0, 0), None, [Check.MORE_THAN_TOTAL]),
        ((42, 21, 0, 0, 0, 0), None, []),
        ((42, 22, 0, 0, 0, 0), None, [Check.MORE_THAN_HALF]),
        ((42, 42, 0, 0, 0, 0), None, [Check.MORE_THAN_HALF]),
        ((42,), None, [Check.NO_DAY]),
        ((42, 1, None, 1, 1, 1), None, [Check.GAP]),
        ((42, 1, None, None, 1, None), None, [Check.GAP, Check.GAP]),
        ((42, None, 1, 1, None, None), None, []),
        ((130, 1, 1, 1, 1, 1), 100, []),
        ((131, 1, 1, 1, 1, 1), 100, [Check.TOTAL_MOVED]),
        ((70, 1, 1, 1, 1, 1), 100, []),
        ((69, 1, 1, 1, 1, 1), 100, [Check.TOTAL_MOVED]),
        ((1, 0, 0, 0, 0, 0), 0, [Check.TOTAL_MOVED]),
        ((0,), 0, []),
    ],
)
def test_numbers_are_judged_by_the_published_bounds(
    numbers: tuple[int | None, ...], last: int | None, expected: list[Check]
) -> None:
    assert [finding.check for finding in found(STAFF, "school_staff", *numbers, last=last)] == expected


def test_a_day_off_is_neither_empty_nor_asked_for() -> None:
    assert not found(STAFF, "school_staff", 42, 1, 2, None, 3, 1, days=(0, 1, 3, 4))
    assert not found(STAFF, "school_staff", 42, 1, 2, 40, 3, 1, days=(0, 1, 3, 4))


def test_a_doubt_is_another_one_when_its_numbers_change() -> None:
    first, second = (found(STAFF, "school_staff", 42, number, 0, 0, 0, 0)[0] for number in (22, 23))
    assert first.key == second.key
    assert first.seen != second.seen


def test_a_school_needs_no_more_than_the_years_it_has() -> None:
    one = {"level_0": Numbers(20, (1, 1, 1, 1, 1))}
    assert not list(findings(LEVELS, one, last={}, open_days=WEEK))
    assert is_complete(LEVELS, one)
    assert [finding.check for finding in findings(LEVELS, {}, last={}, open_days=WEEK)] == [Check.NO_LEVEL]
    assert not is_complete(LEVELS, {})


def test_the_matrix_is_that_of_d7() -> None:
    """D7: a municipality reports staff of its schools, and children and staff of day care; a school each year of its
    normal classes, special classes as one, school starters, and staff."""
    municipal = [(line.key, line.has_days) for line in lines_for("municipality")]
    assert municipal == [
        ("schools", False),
        ("municipal_staff", True),
        ("day_care_institutions", False),
        ("childminders", False),
        ("children", True),
        ("day_care_staff", True),
    ]
    school = [line.key for line in lines_for("school", "9")]
    assert school == [*(f"level_{level}" for level in range(10)), "special", "starters", "school_staff"]
    assert all(LINES[key].has_days for key in school)


@pytest.mark.parametrize(("highest", "years"), [("", 11), ("9", 10), ("10", 11), ("6", 10), ("12", 11), ("x", 11)])
def test_a_school_is_asked_for_the_years_up_to_its_highest(highest: str, years: int) -> None:
    assert len(sections_for("school", highest)[0].lines) == years

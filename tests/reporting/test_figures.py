"""What answers add up to: which count, of which days, for whom, and when figures are made anew."""

import threading
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from institutions.models import Institution, Municipality
from reporting import answers, plausibility
from reporting.models import AnswerLine, Campaign, Figure, Report
from reporting.models.figure import WHOLE_WEEK
from reporting.numbers import Numbers
from reporting.standing import standing_of
from reporting.states import CampaignState, ReportState
from reporting.statistics import figures
from tests import sick_leave, statistics

MONDAY, TUESDAY = 0, 1


@pytest.fixture
def week(db: None) -> Campaign:
    return statistics.week()


@pytest.fixture
def roskilde(db: None) -> Municipality:
    return sick_leave.municipality()


@pytest.fixture
def schools(db: None) -> list[Institution]:
    """Three free schools: two in Roskilde, one nobody knows where."""
    return [
        sick_leave.free_school("265017"),
        sick_leave.free_school("265018", name="Vestre Friskole"),
        sick_leave.free_school("265019", name="Løse Friskole", municipality=None),
    ]


def number_of(campaign: Campaign, line: str, day: int = WHOLE_WEEK, code: str | None = None) -> tuple[int, int, int]:
    """Return total, absent and answers of a figure, made anew if need be."""
    figures.current([campaign])
    found = Figure.objects.filter(campaign=campaign, line=line, day=day, municipality=code).first()
    return (found.total, found.absent, found.reports) if found else (0, 0, 0)


def test_a_week_is_the_sum_of_its_days_and_the_country_of_its_municipalities(
    week: Campaign, roskilde: Municipality
) -> None:
    koege = sick_leave.municipality("0259", "Køge")
    statistics.send(week, roskilde, municipal_staff=(620, 31, 33, 40, 36, 28))
    statistics.send(week, koege, municipal_staff=(400, 20, 20, 20, 20, 20))
    assert number_of(week, "municipal_staff", MONDAY, roskilde.pk) == (620, 31, 1)
    assert number_of(week, "municipal_staff", WHOLE_WEEK, roskilde.pk) == (3100, 168, 1)
    assert number_of(week, "municipal_staff", MONDAY) == (1020, 51, 2)
    assert number_of(week, "municipal_staff") == (5100, 268, 2)


def test_a_day_without_a_number_is_left_out_with_its_total(week: Campaign, roskilde: Municipality) -> None:
    statistics.send(week, roskilde, children=(100, 10, None, 10, 10, 10))
    assert number_of(week, "children", TUESDAY) == (0, 0, 0)
    assert number_of(week, "children") == (400, 40, 1)


def test_days_without_a_total_do_not_count(week: Campaign, roskilde: Municipality) -> None:
    statistics.send(week, roskilde, children=(None, 10, 10, 10, 10, 10))
    assert not Figure.objects.exists()
    assert number_of(week, "children") == (0, 0, 0)


def test_a_public_holiday_does_not_count_whatever_is_written(roskilde: Municipality) -> None:
    easter = statistics.week(14)  # Maundy Thursday and Good Friday are 2 and 3 April 2026
    statistics.send(easter, roskilde, children=(100, 10, 10, 10, 90, 90))
    assert number_of(easter, "children") == (300, 30, 1)
    assert number_of(easter, "children", 3) == (0, 0, 0)


def test_the_first_of_may_does_not_count(roskilde: Municipality) -> None:
    week = statistics.week(18)  # 1 May 2026 is a Friday
    statistics.send(week, roskilde, children=(100, 10, 10, 10, 10, 90))
    assert number_of(week, "children") == (400, 40, 1)


def test_schools_count_where_they_lie_and_everywhere_in_the_country(
    week: Campaign, schools: list[Institution], roskilde: Municipality
) -> None:
    for school in schools:
        statistics.send(week, school, school_staff=(40, 6, 6, 6, 6, 6))
    assert number_of(week, "school_staff", MONDAY, roskilde.pk) == (80, 12, 2)
    assert number_of(week, "school_staff", MONDAY) == (120, 18, 3)


def test_all_pupils_are_the_years_special_classes_and_starters_and_each_school_once(
    week: Campaign, schools: list[Institution]
) -> None:
    statistics.send(week, schools[0], level_0=(20, 1, 1, 1, 1, 1), level_9=(22, 2), special=(8, 1), starters=(10, 3))
    statistics.send(week, schools[1], level_0=(15, 1))
    assert number_of(week, "pupils", MONDAY) == (75, 8, 2)
    assert number_of(week, "level_0", MONDAY) == (35, 2, 2)
    assert number_of(week, "special", MONDAY) == (8, 1, 1)


def test_an_answer_that_is_not_finished_does_not_count(week: Campaign, roskilde: Municipality) -> None:
    [report] = statistics.asked(week, [roskilde])
    version = report.versions.create()
    AnswerLine.objects.create(version=version, line="children", total=100, monday=50)
    Campaign.objects.update(revision=1)
    assert number_of(week, "children") == (0, 0, 0)


def test_an_implausible_answer_is_left_out_and_none_before_it_takes_its_place(
    week: Campaign, roskilde: Municipality
) -> None:
    report = statistics.send(week, roskilde, children=(100, 10))
    statistics.answered([report], [{"children": (99_000, 10)}], implausible="unrealistic_total")
    assert number_of(week, "children") == (0, 0, 0)


def test_of_a_corrected_answer_the_latest_counts(week: Campaign, roskilde: Municipality) -> None:
    report = statistics.send(week, roskilde, children=(100, 10))
    assert number_of(week, "children") == (100, 10, 1)
    statistics.answered([report], [{"children": (100, 20)}])
    week.refresh_from_db()
    assert number_of(week, "children") == (100, 20, 1)
    assert Figure.objects.filter(line="children", municipality=None).count() == 2  # Monday, and the week


def test_a_report_that_is_open_again_counts_as_it_was_sent(week: Campaign, roskilde: Municipality) -> None:
    report = statistics.send(week, roskilde, children=(100, 10))
    Report.objects.update(state=ReportState.REOPENED, reopened_until=timezone.now())
    report.versions.create(number=2)
    assert number_of(week, "children") == (100, 10, 1)


def test_small_figures_are_hidden_with_what_would_give_them_away(week: Campaign, roskilde: Municipality) -> None:
    koege = sick_leave.municipality("0259", "Køge")
    statistics.send(week, roskilde, municipal_staff=(620, 4, 33, 40, 36, 28))
    statistics.send(week, koege, municipal_staff=(400, 20, 20, 20, 20, 20))
    figures.current([week])
    gone = set(Figure.objects.filter(hidden=True).values_list("municipality", "day"))
    assert (roskilde.pk, MONDAY) in gone
    assert len(gone) >= 4
    assert (None, WHOLE_WEEK) not in gone


def test_a_municipality_of_fewer_than_three_schools_is_hidden_by_day_and_week(week: Campaign) -> None:
    for code, count in (("0259", 3), ("0265", 2), ("0269", 1), ("0151", 4), ("0153", 5)):
        place = sick_leave.municipality(code, f"By {code}")
        for number in range(count):
            school = sick_leave.free_school(f"{code}{number:02}", municipality=place)
            statistics.send(week, school, level_0=(200, *[20] * 5), school_staff=(200, *[20] * 5))
    figures.current([week])
    for line in ("pupils", "level_0", "school_staff"):
        found = Figure.objects.filter(line=line)
        assert set(found.filter(municipality__in=("0265", "0269")).values_list("hidden", flat=True)) == {True}
        assert found.filter(municipality__in=("0265", "0269")).count() == 12
        shown = set(found.filter(hidden=False, day=WHOLE_WEEK).values_list("municipality", flat=True))
        assert {None, "0153"} <= shown


def test_a_municipal_figure_needs_one_answer_only(week: Campaign, roskilde: Municipality) -> None:
    statistics.send(week, roskilde, municipal_staff=(620, *[31] * 5))
    figures.current([week])
    assert not Figure.objects.filter(hidden=True).exists()


def test_figures_of_an_unchanged_week_are_not_made_again(
    week: Campaign, roskilde: Municipality, django_assert_num_queries: Any
) -> None:
    statistics.send(week, roskilde, children=(100, 10))
    week.refresh_from_db()
    figures.current([week])
    with django_assert_num_queries(0):
        figures.current([week])


def test_figures_know_of_every_answer_that_is_sent(db: None) -> None:
    open_week = sick_leave.campaign()
    report = sick_leave.report_of(open_week, sick_leave.municipality())
    figures.current([open_week])
    sick_leave.send(report, sick_leave.MUNICIPAL_NUMBERS)
    open_week.refresh_from_db()
    assert number_of(open_week, "municipal_staff", MONDAY) == (620, 31, 1)


def test_the_statements_do_not_grow_with_municipalities(week: Campaign, django_assert_max_num_queries: Any) -> None:
    for code in range(1, 21):
        statistics.send(week, sick_leave.municipality(f"{code:04}", f"By {code}"), municipal_staff=(400, 20))
    week.refresh_from_db()
    with django_assert_max_num_queries(9):
        figures.current([week])


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_an_answer_sent_while_figures_are_made_is_in_the_next_ones() -> None:
    """Two threads: one sends, one makes figures, again and again. In the end nothing is missing."""
    if connection.vendor != "postgresql":
        pytest.skip("two writers at once")
    open_week = sick_leave.campaign()
    reports = [
        sick_leave.report_of(open_week, sick_leave.municipality(f"{code:04}", f"By {code}")) for code in range(1, 9)
    ]
    for report in reports:
        sick_leave.fill_in(report, sick_leave.MUNICIPAL_NUMBERS)

    def send_all() -> None:
        for report in reports:
            answers.finish(report, standing_of(report).digest, now=timezone.now())
        connection.close()

    sender = threading.Thread(target=send_all)
    sender.start()
    while sender.is_alive():
        figures.current([Campaign.objects.get(pk=open_week.pk)])
    sender.join()
    assert number_of(Campaign.objects.get(pk=open_week.pk), "municipal_staff", MONDAY) == (8 * 620, 8 * 31, 8)


def lines(**numbers: tuple[int | None, ...]) -> dict[str, Numbers]:
    return {line: Numbers(total, (*days, *[None] * (5 - len(days)))) for line, (total, *days) in numbers.items()}


@pytest.mark.parametrize(
    ("written", "before", "expected"),
    [
        (lines(school_staff=(42, 3, 4, 6, 5, 2)), [], ""),
        (lines(school_staff=(42, 42)), [], ""),
        (lines(school_staff=(42, 43)), [], "more_absent_than_total"),
        (lines(school_staff=(42, 3), special=(5, 0, 6)), [], "more_absent_than_total"),
        (lines(school_staff=(None, 3)), [], ""),
        (lines(level_3=(3000,)), [], ""),
        (lines(level_3=(3001,)), [], "unrealistic_total"),
        (lines(children=(100_000,)), [], ""),
        (lines(children=(100_001,)), [], "unrealistic_total"),
        (lines(school_staff=(100,)), [{"school_staff": 20}], ""),
        (lines(school_staff=(101,)), [{"school_staff": 20}], "unrealistic_total"),
        (lines(school_staff=(8,)), [{"school_staff": 40}], ""),
        (lines(school_staff=(7,)), [{"school_staff": 40}], "unrealistic_total"),
        (lines(school_staff=(200,)), [{"school_staff": 19}], ""),  # too few to say anything
        # The median: one slip among the earlier answers is no measure.
        (lines(school_staff=(40,)), [{"school_staff": n} for n in (400, 40, 41, 39)], ""),
        (lines(school_staff=(400,)), [{"school_staff": n} for n in (400, 40, 41, 39)], "unrealistic_total"),
        (lines(school_staff=(400,)), [{"special": 40}], ""),
        # A slip upwards or downwards beside one correct answer: the next correct one counts.
        (lines(school_staff=(40,)), [{"school_staff": n} for n in (400, 40)], ""),
        (lines(school_staff=(250,)), [{"school_staff": n} for n in (25, 250)], ""),
        # No respondent can have so many, so nothing is compared with it.
        (lines(school_staff=(40,)), [{"school_staff": 4_000}], ""),
        (lines(school_staff=(400,)), [{"school_staff": n} for n in (40, 4_000)], "unrealistic_total"),
        # Whose size has really changed counts again, though the first of such answers did not.
        (lines(school_staff=(400,)), [{"school_staff": n} for n in (400, 40, 40)], "unrealistic_total"),
        (lines(school_staff=(400,)), [{"school_staff": n} for n in (400, 400, 40, 40)], ""),
        # All school starters begin year 0 in one day, and a year that is no more may be written as 0.
        (lines(starters=(0,)), [{"starters": 45}], ""),
        (lines(level_9=(0, 0)), [{"level_9": 25}], ""),
        (lines(school_staff=(0,)), [{"school_staff": 25}], "unrealistic_total"),
    ],
)
def test_the_rule_of_what_is_left_out(written: dict[str, Numbers], before: list[dict[str, int]], expected: str) -> None:
    assert plausibility.judge(written, before) == expected


@given(
    st.dictionaries(
        st.text(max_size=12),
        st.tuples(st.none() | st.integers(0, 10**9), st.lists(st.none() | st.integers(0, 10**9), max_size=5)),
    ),
    st.lists(st.dictionaries(st.text(max_size=12), st.integers(0, 10**9)), max_size=4),
)
def test_the_rule_has_an_answer_to_everything(written: dict[str, Any], before: list[dict[str, int]]) -> None:
    judged = plausibility.judge(lines(**{key: (total, *days) for key, (total, days) in written.items()}), before)
    assert judged in ("", *plausibility.Implausible)


def test_whoever_sends_is_judged_and_left_out(db: None) -> None:
    open_week = sick_leave.campaign()
    report = sick_leave.report_of(open_week, sick_leave.free_school())
    numbers = {**sick_leave.SCHOOL_NUMBERS, "school_staff": (3500, 3, 4, 6, 5, 2)}
    sick_leave.send(report, numbers)
    assert report.versions.get().implausible == "unrealistic_total"
    open_week.refresh_from_db()
    assert number_of(open_week, "pupils") == (0, 0, 0)


def test_a_week_that_is_cancelled_has_no_figures(db: None) -> None:
    week = statistics.week(state=CampaignState.CANCELLED)
    assert number_of(week, "children") == (0, 0, 0)

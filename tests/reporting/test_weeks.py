"""Weeks, days off, and when a week is asked about."""

import datetime as dt

import pytest

from reporting.weeks import ZONE, Week, day_off, easter, holidays, schedule_of


@pytest.mark.parametrize(
    ("year", "day"),
    [
        (2024, dt.date(2024, 3, 31)),
        (2025, dt.date(2025, 4, 20)),
        (2026, dt.date(2026, 4, 5)),
        (2038, dt.date(2038, 4, 25)),
    ],
)
def test_easter_falls_where_the_church_has_it(year: int, day: dt.date) -> None:
    assert easter(year) == day


def test_the_days_off_of_a_year_are_the_public_holidays_and_the_first_of_may() -> None:
    expected = {(1, 1), (4, 2), (4, 3), (4, 5), (4, 6), (5, 1), (5, 14), (5, 24), (5, 25), (12, 25), (12, 26)}
    assert {(day.month, day.day) for day in holidays(2026)} == expected


def test_great_prayer_day_was_a_holiday_until_2023() -> None:
    assert day_off(dt.date(2023, 5, 5))
    assert not day_off(dt.date(2024, 4, 26))


def test_a_year_of_53_weeks_has_its_last_week_across_new_year() -> None:
    week = Week.of(dt.date(2027, 1, 1))
    assert week == Week(2026, 53)
    assert week.days[0] == dt.date(2026, 12, 28)
    assert week.shifted(1) == Week(2027, 1)
    assert Week(2027, 1).shifted(-1) == week
    assert list(week.closed_days) == [4]


def test_the_week_of_christmas_has_its_days_off() -> None:
    assert list(Week(2026, 52).closed_days) == [4]  # Christmas Day is a Friday
    assert list(Week(2029, 52).closed_days) == [1, 2]
    assert Week(2029, 52).open_days == (0, 3, 4)


def at(day: int, month: int, hour: int, year: int = 2026) -> dt.datetime:
    return dt.datetime(year, month, day, hour, tzinfo=ZONE)


def test_an_ordinary_week_is_asked_about_on_friday_and_due_on_monday_at_noon() -> None:
    schedule = schedule_of(Week(2026, 47))
    assert schedule.opens_at == at(20, 11, 8)
    assert schedule.reminds_at == at(23, 11, 8)
    assert schedule.deadline_at == at(23, 11, 12)
    assert schedule.closes_at == at(24, 11, 12)


def test_a_week_that_ends_with_a_holiday_is_asked_about_the_day_before() -> None:
    assert schedule_of(Week(2026, 52)).opens_at == at(24, 12, 8)
    assert schedule_of(Week(2026, 53)).opens_at == at(31, 12, 8)
    assert schedule_of(Week(2026, 53)).deadline_at == at(4, 1, 12, 2027)


def test_a_week_before_a_monday_off_is_due_on_the_next_working_day() -> None:
    good_friday_week = schedule_of(Week(2026, 14))
    assert good_friday_week.opens_at == at(1, 4, 8)
    assert good_friday_week.deadline_at == at(7, 4, 12)


@pytest.mark.parametrize("year", range(2020, 2045))
def test_every_week_has_dates_in_order(year: int) -> None:
    for number in range(1, 54):
        try:
            week = Week(year, number)
            schedule = schedule_of(week)
        except ValueError:  # no 53rd week
            assert number == 53
            continue
        assert schedule.opens_at < schedule.reminds_at < schedule.deadline_at < schedule.closes_at
        assert schedule.opens_at.date() in week.days
        assert week.open_days

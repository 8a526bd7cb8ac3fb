"""Weeks of a campaign: ISO numbering, Danish public holidays, and when a week's reports are asked for and closed.

Pure: the clock and the campaign's own dates come from outside. Times are of Copenhagen.
"""

import datetime as dt
import functools
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ZONE = ZoneInfo("Europe/Copenhagen")
WEEKDAYS = 5
DAY_NAMES: tuple[Promise, ...] = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"))
SHORT_DAY_NAMES: tuple[Promise, ...] = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"))
# The links go out on the week's last working day, at this hour; all else follows the first working day after it.
OPENS_AT = dt.time(8)
REMINDS_AT = dt.time(8)
DEADLINE_AT = dt.time(12)
# Answers that come late are taken until the working day after the deadline.
CLOSES_AT = dt.time(12)
# Great Prayer Day was a holiday until 2023 (law 214 of 7 March 2023).
_LAST_PRAYER_DAY = 2023


@dataclass(frozen=True, order=True)
class Week:
    """An ISO week (ISO 8601): the year is the week's, not the date's."""

    year: int
    number: int

    @classmethod
    def of(cls, day: dt.date) -> "Week":
        year, number, _weekday = day.isocalendar()
        return cls(year, number)

    @property
    def days(self) -> tuple[dt.date, ...]:
        """Return Monday to Friday."""
        monday = dt.date.fromisocalendar(self.year, self.number, 1)
        return tuple(monday + dt.timedelta(days=n) for n in range(WEEKDAYS))

    def shifted(self, weeks: int) -> "Week":
        """Return the week that lies so many weeks later; earlier, if negative."""
        return Week.of(self.days[0] + dt.timedelta(weeks=weeks))

    @property
    def closed_days(self) -> dict[int, Promise]:
        """Return what the week's days off are called, by their place (0 is Monday)."""
        return {place: name for place, day in enumerate(self.days) if (name := day_off(day))}

    @property
    def open_days(self) -> tuple[int, ...]:
        """Return the places of the days that numbers are asked for."""
        closed = self.closed_days
        return tuple(place for place in range(WEEKDAYS) if place not in closed)


@dataclass(frozen=True)
class Schedule:
    """When a week's links go out, when the slow are reminded, when answers are due, and when no more are taken."""

    opens_at: dt.datetime
    reminds_at: dt.datetime
    deadline_at: dt.datetime
    closes_at: dt.datetime


def easter(year: int) -> dt.date:
    """Return Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher's rule)."""
    golden = year % 19
    century, rest = divmod(year, 100)
    epact = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return dt.date(year, month, day + 1)


@functools.lru_cache(maxsize=32)
def holidays(year: int) -> dict[dt.date, Promise]:
    """Return Denmark's public holidays of a calendar year, and 1 May, which does not count either (D7)."""
    sunday = easter(year)
    moving: dict[int, Promise] = {
        -3: _("Maundy Thursday"),
        -2: _("Good Friday"),
        0: _("Easter Sunday"),
        1: _("Easter Monday"),
        39: _("Ascension Day"),
        49: _("Whit Sunday"),
        50: _("Whit Monday"),
    }
    if year <= _LAST_PRAYER_DAY:
        moving[26] = _("Great Prayer Day")
    fixed: dict[tuple[int, int], Promise] = {
        (1, 1): _("New Year's Day"),
        (5, 1): _("1 May"),
        (12, 25): _("Christmas Day"),
        (12, 26): _("Second day of Christmas"),
    }
    found = {sunday + dt.timedelta(days=days): name for days, name in moving.items()}
    for (month, day), name in fixed.items():
        found.setdefault(dt.date(year, month, day), name)
    return found


def day_off(day: dt.date) -> Promise | None:
    """Return what the day off is called; None for a day that counts."""
    return holidays(day.year).get(day)


def is_working_day(day: dt.date) -> bool:
    return day.weekday() < WEEKDAYS and day_off(day) is None


def schedule_of(week: Week) -> Schedule:
    """Return when a week is asked about: on its last working day, to be answered by noon of the first one after it."""
    last = week.days[-1]
    while not is_working_day(last):
        last -= dt.timedelta(days=1)
    due = _next_working_day(week.days[-1])
    return Schedule(
        _at(last, OPENS_AT), _at(due, REMINDS_AT), _at(due, DEADLINE_AT), _at(_next_working_day(due), CLOSES_AT)
    )


def _next_working_day(day: dt.date) -> dt.date:
    day += dt.timedelta(days=1)
    while not is_working_day(day):
        day += dt.timedelta(days=1)
    return day


def _at(day: dt.date, time: dt.time) -> dt.datetime:
    return dt.datetime.combine(day, time, tzinfo=ZONE)

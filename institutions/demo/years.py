"""Which school year it is, and birth dates that follow it."""

import datetime as dt
from dataclasses import dataclass

# The school year, by the year in which it begins, that the CPR numbers were made for.
BASE_YEAR = 2026


def school_year(today: dt.date) -> int:
    """Return the year in which the school year of `today` began: it begins on 1 August."""
    return today.year if today.month >= 8 else today.year - 1


def school_year_name(year: int) -> str:
    """Return `2026-2027` for 2026 (D1.2)."""
    return f"{year}-{year + 1}"


@dataclass(frozen=True)
class Birthday:
    """When someone was born: in the calendar year `age` years before the one in which the school year began.

    Whoever has it on 1 August is `age` years old during the whole school year. No day is later than the 28th.
    """

    age: int
    month: int
    day: int

    def date(self, year: int) -> dt.date:
        """Return the birth date in the school year that began in `year`."""
        return dt.date(year - self.age, self.month, self.day)


def age_in_level(level: str) -> int:
    """Return how many years before the school year's first calendar year a pupil of `level` was born."""
    return int(level) + 6

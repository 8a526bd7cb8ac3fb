"""What may be wrong with the numbers: errors, which keep a report from being sent, and doubts, which *Bekræft* settles.

Pure. A doubt is known by what it has `seen`: with other numbers it has to be confirmed again (D7 [REC]).
"""

import enum
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from .numbers import Numbers
from .questions import Line, Section

# A total that moved by more than this since the last report is a doubt.
MOST_MOVED = 0.30
NOTHING = Numbers(None, (None,) * 5)


class Check(enum.StrEnum):
    MISSING = "missing"
    NO_LEVEL = "no_level"
    MORE_THAN_TOTAL = "more_than_total"
    NO_DAY = "no_day"
    GAP = "gap"
    MORE_THAN_HALF = "more_than_half"
    TOTAL_MOVED = "total_moved"


ERRORS = frozenset({Check.MISSING, Check.NO_LEVEL, Check.MORE_THAN_TOTAL})


@dataclass(frozen=True)
class Finding:
    """Something about a number: `field` is 0 to 4 for a day, None for the total. `number` is what was written there,
    `beside` what it is compared with: the total, or last time's."""

    check: Check
    section: str
    line: Line | None
    day: int | None = None
    number: int | None = None
    beside: int | None = None

    @property
    def is_error(self) -> bool:
        return self.check in ERRORS

    @property
    def key(self) -> tuple[str, str, str]:
        """Return what it is kept under when confirmed: check, line, field."""
        return self.check.value, self.line.key if self.line else "", "" if self.day is None else str(self.day)

    @property
    def name(self) -> str:
        """Return its name in a form."""
        return "confirm-" + "-".join(filter(None, self.key))

    @property
    def seen(self) -> str:
        return f"{self.number}/{self.beside}"


def findings(
    section: Section, numbers: Mapping[str, Numbers], *, last: Mapping[str, int], open_days: Iterable[int]
) -> Iterator[Finding]:
    """Yield what is wrong or doubtful in a section. `last` is the totals of the report before, by line."""
    days = tuple(open_days)
    for line in section.lines:
        yield from _of_line(section.slug, line, numbers.get(line.key, NOTHING), last.get(line.key), days)
    if all(line.optional for line in section.lines) and not any(
        numbers.get(line.key, NOTHING).total is not None for line in section.lines
    ):
        yield Finding(Check.NO_LEVEL, section.slug, None)


def is_complete(section: Section, numbers: Mapping[str, Numbers]) -> bool:
    """Whether a section has what it must have: no number that has to be there is missing."""
    missing = findings(section, numbers, last={}, open_days=range(5))
    return not any(finding.check in (Check.MISSING, Check.NO_LEVEL) for finding in missing)


def _of_line(section: str, line: Line, written: Numbers, last: int | None, days: tuple[int, ...]) -> Iterator[Finding]:
    absent = {day: number for day in days if (number := written.days[day]) is not None} if line.has_days else {}
    total = written.total
    if total is None:
        if absent or not line.optional:
            yield Finding(Check.MISSING, section, line)
        return
    if last is not None and _has_moved(last, total):
        yield Finding(Check.TOTAL_MOVED, section, line, None, total, last)
    if not line.has_days or (total == 0 and not any(absent.values())):
        return
    if days and not absent:
        yield Finding(Check.NO_DAY, section, line, None, total)
    for day, number in absent.items():
        if number > total:
            yield Finding(Check.MORE_THAN_TOTAL, section, line, day, number, total)
        elif number * 2 > total:
            yield Finding(Check.MORE_THAN_HALF, section, line, day, number, total)
    if absent:
        for day in days:
            if min(absent) < day < max(absent) and day not in absent:
                yield Finding(Check.GAP, section, line, day)


def _has_moved(last: int, total: int) -> bool:
    return abs(total - last) > MOST_MOVED * last

"""Which answers statistics leave out: the published rule (D7). Its words stand on the page *Om tallene*.

Pure. An answer is judged once, when it is sent, by itself and by what the same respondent sent before.
"""

import enum
import statistics
from collections.abc import Iterator, Mapping, Sequence

from .numbers import Numbers
from .questions import LINES, SECTIONS, STARTERS, RespondentKind

# More than this in one line is a slip of the pen.
LARGEST_TOTAL: dict[RespondentKind, int] = {RespondentKind.SCHOOL: 3_000, RespondentKind.MUNICIPALITY: 100_000}
# So many times more, or less, than the respondent usually has; where it usually has so few, nothing is said by that.
MOST_TIMES = 5
LEAST_USUAL = 20

# What the page that publishes the rule says of it.
PUBLISHED: dict[str, int] = {
    **{kind.value: largest for kind, largest in LARGEST_TOTAL.items()},
    "times": MOST_TIMES,
    "usual": LEAST_USUAL,
}

_LARGEST = {
    line.key: LARGEST_TOTAL[kind]
    for kind, sections in SECTIONS.items()
    for section in sections
    for line in section.lines
}


class Implausible(enum.StrEnum):
    MORE_ABSENT_THAN_TOTAL = "more_absent_than_total"
    UNREALISTIC_TOTAL = "unrealistic_total"


def judge(lines: Mapping[str, Numbers], before: Sequence[Mapping[str, int]]) -> str:
    """Return why an answer does not count, or "" if it does. `before` holds the totals of earlier answers by line."""
    for numbers in lines.values():
        if numbers.total is not None and any(day is not None and day > numbers.total for day in numbers.days):
            return Implausible.MORE_ABSENT_THAN_TOTAL.value
    for key, numbers in lines.items():
        if numbers.total is not None and _is_unrealistic(key, numbers.total, list(_totals(key, before))):
            return Implausible.UNREALISTIC_TOTAL.value
    return ""


def _totals(key: str, before: Sequence[Mapping[str, int]]) -> Iterator[int]:
    """Yield the earlier totals, but for those that no respondent can have: they say nothing of what is usual."""
    return (earlier[key] for earlier in before if key in earlier and earlier[key] <= _LARGEST.get(key, 0))


def _is_unrealistic(key: str, total: int, before: Sequence[int]) -> bool:
    if key not in LINES:
        return False
    if total > _LARGEST[key]:
        return True
    # School starters all go to year 0 in one day; and a year that a school has no more may be left out or written as 0.
    if not before or key == STARTERS.key or (total == 0 and LINES[key].optional):
        return False
    # Of two answers one may be a slip of the pen, upwards or downwards, and the next correct one is not to fall for it.
    # So the lower middle says what is too few, and the higher what is too many.
    low, high = statistics.median_low(before), statistics.median_high(before)
    return (low >= LEAST_USUAL and total * MOST_TIMES < low) or (high >= LEAST_USUAL and total > high * MOST_TIMES)

"""What figures say, in a sentence: headings and descriptions of charts. Compared is what is shown, to one decimal."""

from collections.abc import Sequence
from itertools import pairwise, takewhile

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from .. import plausibility
from .access import Level, Place
from .series import Number, Point

# So many weeks in a row that go the same way are told of as one.
_STREAK = 4

# Where a place stands beside the country (above 1, level 0, below -1): this week, for some weeks, in all shown.
_STANDS: dict[tuple[str, int], Promise] = {
    ("week", 1): gettext_lazy("%(name)s was above the country in week %(week)d"),
    ("week", -1): gettext_lazy("%(name)s was below the country in week %(week)d"),
    ("week", 0): gettext_lazy("%(name)s was level with the country in week %(week)d"),
    ("since", 1): gettext_lazy("%(name)s has been above the country since week %(since)d"),
    ("since", -1): gettext_lazy("%(name)s has been below the country since week %(since)d"),
    ("since", 0): gettext_lazy("%(name)s has been level with the country since week %(since)d"),
    ("all", 1): gettext_lazy("%(name)s has been above the country in all %(weeks)d weeks with figures"),
    ("all", -1): gettext_lazy("%(name)s has been below the country in all %(weeks)d weeks with figures"),
    ("all", 0): gettext_lazy("%(name)s has been level with the country in all %(weeks)d weeks with figures"),
}
# How the country's rate has moved (up 1, down -1): since the week before, or for some weeks.
_MOVES: dict[tuple[str, int], Promise] = {
    ("week", 1): gettext_lazy("Sick leave rose from week %(before)d to %(week)d"),
    ("week", -1): gettext_lazy("Sick leave fell from week %(before)d to %(week)d"),
    ("week", 0): gettext_lazy("Sick leave was the same in week %(week)d as in week %(before)d"),
    ("since", 1): gettext_lazy("Sick leave has risen every week since week %(since)d"),
    ("since", -1): gettext_lazy("Sick leave has fallen every week since week %(since)d"),
    ("since", 0): gettext_lazy("Sick leave has been the same since week %(since)d"),
}


def percent(rate: float, decimals: int = 1) -> str:
    """Return "6,6 %", on one line."""
    return f"{number_format(rate, decimals)}\N{NO-BREAK SPACE}%"


def shown(number: Number | None) -> str:
    """Return a number as tables show it: a dash for what is hidden or missing."""
    return "–" if number is None or number.rate is None else percent(number.rate)


def tick(rate: float) -> str:
    return percent(rate, 0 if rate == int(rate) else 1)


def conclusion(points: Sequence[Point], place: Place, *, alone: bool = False) -> str:
    """Return what the chart shows, as its heading: a sentence that is true of the numbers as they are shown.

    It is of the last of the points; with `alone` of nothing but that week, as others may follow.
    """
    last = points[-1]
    week = last.week.number
    if place.level != Level.COUNTRY:
        if last.own is None:
            return _("There are no figures of %(name)s in week %(week)d") % {"name": place.name, "week": week}
        if last.own.rate is None:
            return _("The figures of %(name)s in week %(week)d are of too few to be shown") % {
                "name": place.name,
                "week": week,
            }
        if last.country is not None and last.country.rate is not None:
            return _compared(points, place, alone=alone)
        return _("Sick leave of %(name)s was %(rate)s in week %(week)d") % {
            "name": place.name,
            "rate": percent(last.own.rate),
            "week": week,
        }
    return _trend(points, alone=alone)


def _compared(points: Sequence[Point], place: Place, *, alone: bool) -> str:
    """Say since when the place has been over or under the country."""
    sides = [(point.week.number, side) for point in points if (side := _side(point)) is not None]
    week, now = sides[-1]
    same = list(takewhile(lambda one: one[1] == now, reversed(sides)))
    span = "week" if alone or len(same) == 1 else "all" if len(same) == len(sides) else "since"
    return str(_STANDS[span, now]) % {"name": place.name, "week": week, "since": same[-1][0], "weeks": len(sides)}


def _side(point: Point) -> int | None:
    """Whether the place is above the country (1), below (-1) or level."""
    own, country = (number.rate if number else None for number in (point.own, point.country))
    return None if own is None or country is None else (own > country) - (own < country)


def _trend(points: Sequence[Point], *, alone: bool) -> str:
    """Say how the country's rate has moved to the latest week."""
    known = [(point.week.number, rate) for point in points if (rate := _rate(point.country)) is not None]
    week = points[-1].week.number
    if not known or known[-1][0] != week:
        return _("There are no figures in week %(week)d") % {"week": week}
    if len(known) == 1:
        return _("Sick leave was %(rate)s in week %(week)d") % {"rate": percent(known[0][1]), "week": week}
    moves = [(before[0], (after[1] > before[1]) - (after[1] < before[1])) for before, after in pairwise(known)]
    before, now = moves[-1]
    same = list(takewhile(lambda one: one[1] == now, reversed(moves)))
    span = "since" if len(same) >= _STREAK - 1 and not alone else "week"
    return str(_MOVES[span, now]) % {"before": before, "week": week, "since": same[-1][0]}


def _rate(number: Number | None) -> float | None:
    return number.rate if number else None


def description(points: Sequence[Point], place: Place) -> str:
    """Return what a chart of weeks shows, for whoever does not see it."""
    parts = []
    if place.level != Level.COUNTRY:
        parts.append(_described(place.name, [(point.week.number, _rate(point.own)) for point in points]))
    parts.append(_described(_("The country"), [(point.week.number, _rate(point.country)) for point in points]))
    return " ".join([*filter(None, parts), _("The numbers are in the table below.")])


def _described(name: str, rates: Sequence[tuple[int, float | None]]) -> str:
    known = [(week, rate) for week, rate in rates if rate is not None]
    if not known:
        return ""
    high_week, high = max(known, key=lambda one: one[1])
    words = {
        "name": name,
        "first": percent(known[0][1]),
        "first_week": known[0][0],
        "high": percent(high),
        "high_week": high_week,
        "last": percent(known[-1][1]),
        "last_week": known[-1][0],
    }
    return (
        _(
            "%(name)s: %(first)s in week %(first_week)d, at most %(high)s in week %(high_week)d, "
            "%(last)s in week %(last_week)d."
        )
        % words
    )


def pauses_text(runs: Sequence[tuple[int, int]]) -> str:
    """Return in which weeks nobody was asked: "Week 42: nobody was asked." Runs are of the first and last week."""
    if not runs:
        return ""
    names = [str(first) if first == last else f"{first}–{last}" for first, last in runs]
    many = len(runs) > 1 or runs[0][0] != runs[0][1]
    words = ngettext("Week %(weeks)s: nobody was asked.", "Weeks %(weeks)s: nobody was asked.", 2 if many else 1)
    return words % {"weeks": ", ".join(names)}


def rule() -> dict[str, str]:
    """Return the numbers of the rule that leaves answers out, as its page says them."""
    return {name: number_format(number, force_grouping=True) for name, number in plausibility.PUBLISHED.items()}

"""The page of statistics, put together: what was chosen, the facts, the charts, and the same numbers as tables.

One week is looked at closely, day by day and year by year: the one that was chosen, or the latest. While that is open
and has nothing of the place yet, it is the one before.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from ..questions import LINES, RespondentKind
from ..weeks import DAY_NAMES, Week
from . import series, wording
from .access import COUNTRY, Level, Place, place_for
from .bars import bar_chart
from .charts import Drawing, Pause, Series, Words, line_chart
from .groups import ALL_PUPILS, BY_LINE, GROUPS, PUPIL_LINES, Group
from .series import Number, Point

WEEKS = (12, 26, 52)


@dataclass(frozen=True)
class Choice:
    """What somebody wants to see; without a `week` the latest is looked at closely."""

    group: Group
    place: Place
    weeks: int
    week: Week | None = None

    @property
    def query(self) -> str:
        asked = QueryDict(mutable=True)
        asked.update({"tal": self.group.key, "sted": self.place.key, "uger": str(self.weeks)})
        return asked.urlencode()

    def query_of(self, week: Week) -> str:
        return f"{self.query}&uge={week.year}-{week.number}"


@dataclass(frozen=True)
class Figure:
    """A chart, with the sentence that it shows."""

    key: str
    heading: str
    note: str
    title: str
    description: str
    drawings: list[Drawing]


@dataclass(frozen=True)
class Row:
    """A table's row. `query` leads to a closer look at it; `is_here` where that is what the page shows."""

    head: str
    cells: list[str]
    muted: bool = False
    query: str = ""
    is_here: bool = False


@dataclass(frozen=True)
class Table:
    caption: str
    heads: list[str]
    rows: list[Row] = field(default_factory=list)


def chosen(asked: Mapping[str, str], places: list[Place]) -> Choice:
    """Return what was asked for, or what somebody with these places would first want to see. Else 404."""
    school = bool(places) and places[0].level == Level.SCHOOL
    usual = BY_LINE[ALL_PUPILS] if school else next(iter(GROUPS.values()))
    group = GROUPS.get(asked["tal"]) if asked.get("tal") else usual
    weeks = asked.get("uger") or str(WEEKS[0])
    if group is None or weeks not in map(str, WEEKS):
        raise Http404
    return Choice(group, place_for(places, asked.get("sted", ""), group), int(weeks), _week(asked.get("uge", "")))


def _week(asked: str) -> Week | None:
    """Return the week of an address, "2026-47". One that there is not, is 404."""
    if not asked:
        return None
    if found := re.fullmatch(r"([0-9]{4})-([0-9]{1,2})", asked):
        return Week(int(found[1]), int(found[2]))
    raise Http404


def context(choice: Choice, places: list[Place]) -> dict[str, Any]:
    """Return what the page shows: some ten queries, however many weeks and places."""
    shown = {"choice": choice, "groups": GROUPS.values(), "places": places, "country": COUNTRY, "weeks": WEEKS}
    latest = series.latest()
    if latest is None:
        return shown
    points = series.over_weeks(choice.group, choice.place, latest.of, choice.weeks)
    usual = _usual(choice, points)
    here = _chosen(choice.week, points) if choice.week else usual
    return {
        **shown,
        "latest": latest,
        "here": here,
        "preliminary": points[-1].is_preliminary,
        "is_usual": here is usual,
        "facts": facts(choice, here),
        "trend": trend(choice, points, here),
        "table": table(choice, points, here),
        "parts": [part for part in (days(choice, here), levels(choice, here)) if part],
    }


def _chosen(week: Week, points: Sequence[Point]) -> Point:
    """Return the point of a week that people were asked in, or 404."""
    found = next((point for point in points if point.week == week and point.campaign), None)
    if found is None:
        raise Http404
    return found


def _usual(choice: Choice, points: Sequence[Point]) -> Point:
    """Return the latest week; the one asked about before, while nothing of the place is in yet."""
    latest = points[-1]
    if choice.place.level == Level.COUNTRY:
        is_in = _rate(latest.country) is not None
    else:
        is_in = latest.own is not None or latest.left_out
    if is_in or not latest.is_preliminary:
        return latest
    return next((point for point in points[-2::-1] if point.campaign), latest)


def facts(choice: Choice, here: Point) -> list[tuple[str, str]]:
    """Return a week's numbers, and how many answers are behind them."""
    week = here.week.number
    found = [
        (_("The whole country, week %(week)d") % {"week": week}, wording.shown(here.country)),
        (_("Answers behind the country's figure"), _share(here.country, here.asked.country)),
    ]
    if choice.place.level != Level.COUNTRY:
        own = _("%(name)s, week %(week)d") % {"name": choice.place.name, "week": week}
        found.insert(0, (own, wording.shown(here.own)))
    if _is_of_many(choice):
        found.append((_("Answers behind %(name)s") % {"name": choice.place.name}, _share(here.own, here.asked.there)))
    return found


def trend(choice: Choice, points: Sequence[Point], here: Point) -> Figure:
    runs = _pauses(points)
    pauses = [Pause(first, last, _("Pause")) for first, last in runs]
    weeks = [str(point.week.number) for point in points]
    told = wording.pauses_text([(points[first].week.number, points[last].week.number) for first, last in runs])
    note = _("%(share)s, mean of the week's days.") % {"share": choice.group.share}
    drawings = line_chart(
        _series(choice, points, lambda point: point.own, lambda point: point.country), weeks, pauses, words()
    )
    title = _("Sick leave from week %(first)s to %(last)s") % {"first": weeks[0], "last": weeks[-1]}
    return Figure(
        "uger",
        wording.conclusion(points[: points.index(here) + 1], choice.place, alone=choice.week is not None),
        f"{note} {told}".strip(),
        title,
        wording.description(points, choice.place),
        drawings,
    )


def table(choice: Choice, points: Sequence[Point], here: Point) -> Table:
    """Return the weeks as a table, the latest first."""
    own = choice.place.level != Level.COUNTRY
    many = _is_of_many(choice)
    heads = [_("Week"), *([choice.place.name] if own else []), *([_("Answers")] if many else [])]
    rows = [_row(choice, point, own=own, many=many, is_here=point is here) for point in reversed(points)]
    behind = _("Municipalities that answered") if _of_municipalities(choice) else _("Schools that answered")
    return Table(str(choice.group.share), [*heads, _("The country"), behind], rows)


def days(choice: Choice, here: Point) -> tuple[Figure, Table] | None:
    """Return a week by day."""
    if here.campaign is None:
        return None
    numbers = series.by_day(choice.group, choice.place, here.campaign)
    closed = {day: str(name) for day, name in here.week.closed_days.items()}
    labels = [str(name) for name in DAY_NAMES]
    heading = _("Day by day in week %(week)d") % {"week": here.week.number}
    places = list(range(len(labels)))
    return _part(choice, numbers, key="dage", heading=heading, labels=labels, places=places, closed=closed)


def levels(choice: Choice, here: Point) -> tuple[Figure, Table] | None:
    """Return a week by the pupils' year."""
    if here.campaign is None or not choice.group.is_of_pupils:
        return None
    numbers = series.by_line(PUPIL_LINES, choice.group, choice.place, here.campaign)
    lines = [line for line in PUPIL_LINES if line in numbers.own or line in numbers.country]
    heading = _("Year by year in week %(week)d") % {"week": here.week.number}
    labels = [str(LINES[line].label) for line in lines]
    return _part(choice, numbers, key="trin", heading=heading, labels=labels, places=lines, closed={})


def words() -> Words:
    return Words(wording.tick, lambda week: _("Week %(week)s") % {"week": week})


def _part(
    choice: Choice,
    numbers: series.Compared,
    *,
    key: str,
    heading: str,
    labels: list[str],
    places: Sequence[object],
    closed: Mapping[int, str],
) -> tuple[Figure, Table] | None:
    """Return a week's numbers as bars and as a table; nothing, if there are none to show."""
    if not any(number.rate is not None for number in (*numbers.own.values(), *numbers.country.values())):
        return None
    own, country = numbers.own.get, numbers.country.get
    drawings = bar_chart(_series(choice, places, own, country), labels, closed, Words(wording.percent, str))
    heads = ["", *([choice.place.name] if choice.place.level != Level.COUNTRY else []), _("The country")]
    rows = []
    for at, (label, place) in enumerate(zip(labels, places, strict=True)):
        cells = [closed.get(at) or wording.shown(find(place)) for find in (own, country)]
        rows.append(Row(label, cells[-(len(heads) - 1) :], muted=at in closed))
    table = Table(heading, heads, rows)
    described = "; ".join(f"{row.head}: {', '.join(row.cells)}" for row in rows)
    return Figure(key, heading, str(choice.group.share) + ".", heading, described, drawings), table


def _series(
    choice: Choice,
    places: Iterable[Any],
    own: Callable[[Any], Number | None],
    country: Callable[[Any], Number | None],
) -> list[Series]:
    """Return the lines of a chart: one's own first, and the country."""
    places = list(places)
    drawn = [Series("land", _("The country"), [_rate(country(place)) for place in places])]
    if choice.place.level != Level.COUNTRY:
        drawn.insert(0, Series("own", choice.place.name, [_rate(own(place)) for place in places]))
    return drawn


def _row(choice: Choice, point: Point, *, own: bool, many: bool, is_here: bool) -> Row:
    head = str(point.week.number)
    if point.campaign is None or not point.week.open_days:
        nothing = _("Pause") if point.campaign is None else _("Holidays")
        return Row(head, [*[nothing] * own, *[""] * many, nothing, ""], muted=True)
    cells = []
    if own:
        cells.append(_("Not counted") if point.left_out else wording.shown(point.own))
    if many:
        cells.append(_share(point.own, point.asked.there))
    cells += [wording.shown(point.country), _share(point.country, point.asked.country)]
    return Row(head, cells, query=choice.query_of(point.week), is_here=is_here)


def _share(number: Number | None, asked: int) -> str:
    words = _("%(count)d of %(asked)d") % {"count": number.reports if number else 0, "asked": asked}
    return words.replace(" ", "\N{NO-BREAK SPACE}")


def _pauses(points: Sequence[Point]) -> list[tuple[int, int]]:
    """Return the runs of weeks in which nobody was asked, by their first and last place."""
    runs: list[tuple[int, int]] = []
    for place, point in enumerate(points):
        if point.campaign is None:
            if runs and runs[-1][1] == place - 1:
                runs[-1] = (runs[-1][0], place)
            else:
                runs.append((place, place))
    return runs


def _rate(number: Number | None) -> float | None:
    return number.rate if number else None


def _is_of_many(choice: Choice) -> bool:
    """Whether the place's own figure is of several schools."""
    return choice.place.level == Level.MUNICIPALITY and not choice.place.reports(choice.group)


def _of_municipalities(choice: Choice) -> bool:
    return choice.group.kind == RespondentKind.MUNICIPALITY

"""The page of statistics, put together: what was chosen, the facts, the charts, and the same numbers as tables."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from ..questions import LINES, RespondentKind
from ..weeks import DAY_NAMES
from . import series, wording
from .access import COUNTRY, Level, Place, place_for
from .bars import bar_chart
from .charts import Drawing, Pause, Series, Words, line_chart
from .groups import ALL_PUPILS, BY_LINE, GROUPS, PUPIL_LINES, Group
from .series import Number, Point

WEEKS = (12, 26, 52)


@dataclass(frozen=True)
class Choice:
    """What somebody wants to see."""

    group: Group
    place: Place
    weeks: int

    @property
    def query(self) -> str:
        asked = QueryDict(mutable=True)
        asked.update({"tal": self.group.key, "sted": self.place.key, "uger": str(self.weeks)})
        return asked.urlencode()


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
    head: str
    cells: list[str]
    muted: bool = False


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
    return Choice(group, place_for(places, asked.get("sted", ""), group), int(weeks))


def context(choice: Choice, places: list[Place]) -> dict[str, Any]:
    """Return what the page shows: some ten queries, however many weeks and places."""
    shown = {"choice": choice, "groups": GROUPS.values(), "places": places, "country": COUNTRY, "weeks": WEEKS}
    latest = series.latest()
    if latest is None:
        return shown
    points = series.over_weeks(choice.group, choice.place, latest.of, choice.weeks)
    return {
        **shown,
        "latest": latest,
        "preliminary": points[-1].is_preliminary,
        "facts": facts(choice, points[-1]),
        "trend": trend(choice, points),
        "table": table(choice, points),
        "parts": [part for part in (days(choice, points[-1]), levels(choice, points[-1])) if part],
    }


def facts(choice: Choice, last: Point) -> list[tuple[str, str]]:
    """Return the latest week's numbers, and how many answers are behind them."""
    week = last.week.number
    found = [
        (_("The whole country, week %(week)d") % {"week": week}, wording.shown(last.country)),
        (_("Answers behind the country's figure"), _share(last.country, last.asked.country)),
    ]
    if choice.place.level != Level.COUNTRY:
        own = _("%(name)s, week %(week)d") % {"name": choice.place.name, "week": week}
        found.insert(0, (own, wording.shown(last.own)))
    if _is_of_many(choice):
        found.append((_("Answers behind %(name)s") % {"name": choice.place.name}, _share(last.own, last.asked.there)))
    return found


def trend(choice: Choice, points: Sequence[Point]) -> Figure:
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
        wording.conclusion(points, choice.place),
        f"{note} {told}".strip(),
        title,
        wording.description(points, choice.place),
        drawings,
    )


def table(choice: Choice, points: Sequence[Point]) -> Table:
    """Return the weeks as a table, the latest first."""
    own = choice.place.level != Level.COUNTRY
    many = _is_of_many(choice)
    heads = [_("Week"), *([choice.place.name] if own else []), *([_("Answers")] if many else [])]
    rows = [_row(choice, point, own=own, many=many) for point in reversed(points)]
    behind = _("Municipalities that answered") if _of_municipalities(choice) else _("Schools that answered")
    return Table(str(choice.group.share), [*heads, _("The country"), behind], rows)


def days(choice: Choice, last: Point) -> tuple[Figure, Table] | None:
    """Return the latest week by day."""
    if last.campaign is None:
        return None
    numbers = series.by_day(choice.group, choice.place, last.campaign)
    closed = {day: str(name) for day, name in last.week.closed_days.items()}
    labels = [str(name) for name in DAY_NAMES]
    heading = _("Day by day in week %(week)d") % {"week": last.week.number}
    places = list(range(len(labels)))
    return _part(choice, numbers, key="dage", heading=heading, labels=labels, places=places, closed=closed)


def levels(choice: Choice, last: Point) -> tuple[Figure, Table] | None:
    """Return the latest week by the pupils' year."""
    if last.campaign is None or not choice.group.is_of_pupils:
        return None
    numbers = series.by_line(PUPIL_LINES, choice.group, choice.place, last.campaign)
    lines = [line for line in PUPIL_LINES if line in numbers.own or line in numbers.country]
    heading = _("Year by year in week %(week)d") % {"week": last.week.number}
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
    """Return a week's numbers as bars and as a table; nothing, if there are none."""
    if not numbers.own and not numbers.country:
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


def _row(choice: Choice, point: Point, *, own: bool, many: bool) -> Row:
    head = str(point.week.number)
    if point.campaign is None or not point.week.open_days:
        nothing = _("Pause") if point.campaign is None else _("Holidays")
        return Row(head, [*[nothing] * own, *[""] * many, nothing, ""], muted=True)
    cells = []
    if own:
        cells.append(_("Not counted") if point.left_out else wording.shown(point.own))
    if many:
        cells.append(_share(point.own, point.asked.there))
    return Row(head, [*cells, wording.shown(point.country), _share(point.country, point.asked.country)])


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

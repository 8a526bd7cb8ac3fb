"""Charts as the parts of an SVG, worked out on the server: pure. A template draws them, and css gives them colour.

A chart comes in two sizes, for wide pages and for phones. Coordinates are texts, as no language's comma may get in.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from math import ceil

_TOP = 24  # above the plot, room for half a line of text
_LINE = 19  # from one line of text to the next
LETTER = 7.8  # the width of a letter in a label, on average
_STEPS = (0.5, 1, 2, 5, 10, 20, 25)
_MOST_TICKS = 6
# Labels of weeks stand at least so far apart.
_APART = 36


@dataclass(frozen=True)
class Text:
    x: str
    y: str
    text: str
    anchor: str = "start"
    css: str = ""


@dataclass(frozen=True)
class Line:
    css: str
    x1: str
    y1: str
    x2: str
    y2: str


@dataclass(frozen=True)
class Box:
    css: str
    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True)
class Dot:
    css: str
    x: str
    y: str
    r: str


@dataclass(frozen=True)
class Path:
    css: str
    d: str


@dataclass
class Drawing:
    """One SVG. `name` is its class, and begins the ids of its title and description."""

    name: str
    width: int
    height: int
    boxes: list[Box] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    paths: list[Path] = field(default_factory=list)
    dots: list[Dot] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)


@dataclass(frozen=True)
class Series:
    """A line, or bars, of the chart: `css` is "own" or "land"."""

    css: str
    name: str
    values: Sequence[float | None]


@dataclass(frozen=True)
class Pause:
    """Places on the axis without numbers, from the first to the last, and the word for it."""

    first: int
    last: int
    word: str


@dataclass(frozen=True)
class Words:
    """How the page's language says a percentage, and a week by its number."""

    percent: Callable[[float], str]
    week: Callable[[str], str]


@dataclass(frozen=True)
class Scale:
    """The axis of numbers: from nought to `top`, with a tick at every `step`."""

    top: float
    step: float

    @classmethod
    def for_values(cls, values: Sequence[float]) -> "Scale":
        highest = max(values, default=0) or 1
        step = next((step for step in _STEPS if highest <= step * (_MOST_TICKS - 1)), 25)
        return cls(ceil(round(highest / step, 6)) * step, step)

    @property
    def ticks(self) -> list[float]:
        return [self.step * at for at in range(round(self.top / self.step) + 1)]


@dataclass(frozen=True)
class _Plot:
    """Where things lie: from place on the axis and number to coordinates."""

    left: float
    right: float
    bottom: float
    places: int
    scale: Scale

    def x(self, place: float) -> float:
        return self.left + (self.right - self.left) * (place / (self.places - 1) if self.places > 1 else 0.5)

    def y(self, number: float) -> float:
        return self.bottom - (self.bottom - _TOP) * number / self.scale.top


def line_chart(series: Sequence[Series], labels: Sequence[str], pauses: Sequence[Pause], words: Words) -> list[Drawing]:
    """Return lines over weeks, in two sizes. `labels` are the weeks."""
    return [
        _lines(Drawing("chart--wide", 1000, 380), series, labels, pauses, words),
        _lines(Drawing("chart--phone", 358, 300), series, labels, pauses, words),
    ]


def _lines(
    drawing: Drawing, series: Sequence[Series], labels: Sequence[str], pauses: Sequence[Pause], words: Words
) -> Drawing:
    shown = [one for one in series if any(value is not None for value in one.values)]
    names = [piece for one in shown for piece in _in_pieces(one.name)]
    margin = max((len(piece) for piece in names), default=0) * LETTER + 16
    scale = Scale.for_values([value for one in shown for value in one.values if value is not None])
    plot = _Plot(44, drawing.width - margin, drawing.height - 40, len(labels), scale)
    _draw_pauses(drawing, plot, pauses)
    _draw_axis(drawing, plot, labels, words)
    ends = []
    for one in reversed(shown):  # one's own lies on top
        drawing.paths.extend(Path(one.css, path) for path in _paths(plot, one.values))
        drawing.dots.extend(_lone_dots(plot, one))
        ends.append((one, _end(one.values)))
    for one, (place, value) in ends:
        if one.css == "own":
            drawing.dots.append(Dot("dot", coordinate(plot.x(place)), coordinate(plot.y(value)), "5"))
    _draw_names(drawing, plot, [(one, plot.y(value)) for one, (_place, value) in ends])
    return drawing


def _draw_pauses(drawing: Drawing, plot: _Plot, pauses: Sequence[Pause]) -> None:
    half = (plot.x(1) - plot.x(0)) / 2 if plot.places > 1 else (plot.right - plot.left) / 2
    for pause in pauses:
        left = max(plot.x(pause.first) - half, plot.left)
        right = min(plot.x(pause.last) + half, plot.right)
        drawing.boxes.append(
            Box("pause", coordinate(left), str(_TOP), coordinate(right - left), coordinate(plot.bottom - _TOP)),
        )
        drawing.texts.append(Text(coordinate((left + right) / 2), "18", pause.word, "middle"))
    _thin_out(drawing)


def _thin_out(drawing: Drawing) -> None:
    """Leave out a band's word where it would run into the one before."""
    kept: list[Text] = []
    for text in drawing.texts:
        if not kept or float(text.x) - float(kept[-1].x) > (len(text.text) + 1) * LETTER:
            kept.append(text)
    drawing.texts = kept


def _draw_axis(drawing: Drawing, plot: _Plot, labels: Sequence[str], words: Words) -> None:
    for tick in plot.scale.ticks:
        y = plot.y(tick)
        line = Line(
            "grid" if tick else "axis", coordinate(plot.left), coordinate(y), coordinate(plot.right), coordinate(y)
        )
        drawing.lines.append(line)
        drawing.texts.append(Text("36", coordinate(y + 5), words.percent(tick), "end"))
    apart = plot.x(1) - plot.x(0) if plot.places > 1 else _APART
    every = ceil(_APART / apart)
    # Counted from the latest week, which always has its label.
    places = [place for place in range(len(labels)) if (len(labels) - 1 - place) % every == 0]
    for place in places:
        text = words.week(labels[place]) if place == places[0] else labels[place]
        drawing.texts.append(Text(coordinate(plot.x(place)), coordinate(plot.bottom + 24), text, "middle"))


def _paths(plot: _Plot, values: Sequence[float | None]) -> Iterator[str]:
    """Yield a path that is broken where there is no number."""
    runs = [run for run in _runs(values) if len(run) > 1]
    if runs:
        yield " ".join(
            " ".join(
                f"{'L' if at else 'M'}{coordinate(plot.x(place))} {coordinate(plot.y(value))}"
                for at, (place, value) in run
            )
            for run in (list(enumerate(run)) for run in runs)
        )


def _lone_dots(plot: _Plot, one: Series) -> Iterator[Dot]:
    """Yield a dot for each number that has none beside it."""
    for run in _runs(one.values):
        if len(run) == 1:
            [(place, value)] = run
            yield Dot(f"lone lone--{one.css}", coordinate(plot.x(place)), coordinate(plot.y(value)), "3")


def _runs(values: Sequence[float | None]) -> list[list[tuple[int, float]]]:
    runs: list[list[tuple[int, float]]] = [[]]
    for place, value in enumerate(values):
        if value is not None:
            runs[-1].append((place, value))
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _end(values: Sequence[float | None]) -> tuple[int, float]:
    return _runs(values)[-1][-1]


def _draw_names(drawing: Drawing, plot: _Plot, ends: Sequence[tuple[Series, float]]) -> None:
    """Write each line's name at its end, the higher line's above, none over another, and all on the paper."""
    names = [(one, y, _in_pieces(one.name)) for one, y in sorted(ends, key=lambda end: end[1])]
    left = sum(len(pieces) * _LINE + 2 for _one, _y, pieces in names)
    free = float(_LINE)
    for one, y, pieces in names:
        lowest = drawing.height - left
        first = max(min(y + 5 - _LINE * (len(pieces) - 1) / 2, lowest), free)
        for at, piece in enumerate(pieces):
            text = Text(
                coordinate(plot.right + 12), coordinate(first + at * _LINE), piece, css=f"label label--{one.css}"
            )
            drawing.texts.append(text)
        free = first + len(pieces) * _LINE + 2
        left -= len(pieces) * _LINE + 2


def _in_pieces(name: str, longest: int = 11) -> list[str]:
    """Break a name into lines, at hyphens and spaces alone."""
    pieces: list[str] = [""]
    for part in name.replace("-", "- ").split(" "):
        glue = "" if not pieces[-1] or pieces[-1].endswith("-") else " "
        if pieces[-1] and len(pieces[-1] + glue + part) > longest:
            pieces.append(part)
        else:
            pieces[-1] += glue + part
    return pieces


def coordinate(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")

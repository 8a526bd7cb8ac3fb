"""Rows of bars as the parts of an SVG: pure. They lie down, so that their labels have room on a phone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .charts import LETTER, Box, Drawing, Line, Series, Text, Words, coordinate

_THICK, _APART, _GAP = 16, 2, 18
_LEGEND = 30
# Room for a percentage behind the longest bar.
_NUMBER = 64


def bar_chart(
    series: Sequence[Series], labels: Sequence[str], closed: Mapping[int, str], words: Words
) -> list[Drawing]:
    """Return a row of bars for each label, in two sizes. `closed` rows have no numbers, but a word."""
    shown = [one for one in series if any(value is not None for value in one.values)]
    return [_Bars(name, width, shown, labels, words).draw(closed) for name, width in _SIZES]


_SIZES = (("chart--wide", 760), ("chart--phone", 358))


@dataclass(frozen=True)
class _Bars:
    name: str
    width: int
    series: Sequence[Series]
    labels: Sequence[str]
    words: Words

    @property
    def top(self) -> int:
        return _LEGEND if len(self.series) > 1 else 4

    @property
    def block(self) -> int:
        """The height of a row's bars."""
        return max(len(self.series), 1) * (_THICK + _APART) - _APART

    @property
    def left(self) -> float:
        return max((len(label) for label in self.labels), default=0) * LETTER + 12

    @property
    def scale(self) -> float:
        longest = max((value for one in self.series for value in one.values if value is not None), default=0)
        return (self.width - self.left - _NUMBER) / (longest or 1)

    def draw(self, closed: Mapping[int, str]) -> Drawing:
        drawing = Drawing(self.name, self.width, self.top + len(self.labels) * (self.block + _GAP))
        if len(self.series) > 1:
            self._legend(drawing)
        for row, label in enumerate(self.labels):
            y = self.top + row * (self.block + _GAP)
            middle = coordinate(y + self.block / 2 + 5)
            drawing.texts.append(Text("0", middle, label))
            if row in closed:
                wide = coordinate(self.width - self.left)
                drawing.boxes.append(Box("pause", coordinate(self.left), coordinate(y), wide, coordinate(self.block)))
                drawing.texts.append(Text(coordinate(self.left + 12), middle, closed[row]))
                continue
            for at, one in enumerate(self.series):
                self._bar(drawing, one.css, one.values[row], y + at * (_THICK + _APART))
        x, end = coordinate(self.left), coordinate(drawing.height - _GAP + 4)
        drawing.lines.append(Line("axis", x, coordinate(self.top - 4), x, end))
        return drawing

    def _bar(self, drawing: Drawing, css: str, value: float | None, y: float) -> None:
        long = (value or 0) * self.scale
        if value is not None:
            wide = coordinate(max(long, 1))
            drawing.boxes.append(Box(f"bar bar--{css}", coordinate(self.left), coordinate(y), wide, str(_THICK)))
        text = "–" if value is None else self.words.percent(value)
        drawing.texts.append(Text(coordinate(self.left + long + 8), coordinate(y + 13), text, css="value"))

    def _legend(self, drawing: Drawing) -> None:
        at = self.left
        for one in self.series:
            drawing.boxes.append(Box(f"bar bar--{one.css}", coordinate(at), "2", "16", "12"))
            drawing.texts.append(Text(coordinate(at + 22), "13", one.name, css="label"))
            at += 22 + len(one.name) * LETTER + 24

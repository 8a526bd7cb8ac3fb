"""Rows of bars as the parts of an SVG: pure. They lie down, so that their labels have room on a phone."""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .charts import LETTER, Box, Drawing, Line, Series, Text, Words, coordinate

_THICK, _APART, _GAP = 16, 2, 18
_LEGEND = 30
_LINE = 19  # from one line of text to the next
_SIGN = 24  # a piece of a bar, and the room to its name
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
        if len(self.series) <= 1:
            return 4
        return _LEGEND + (sum(map(len, self.names)) - 1) * _LINE if self.is_stacked else _LEGEND

    @property
    def is_stacked(self) -> bool:
        """Whether the names of the series have no room beside each other."""
        return self.left + sum(_SIGN + len(one.name) * LETTER + _SIGN for one in self.series) - _SIGN > self.width

    @property
    def names(self) -> list[list[str]]:
        """Return each name as the lines that it takes below the others."""
        return [textwrap.wrap(one.name, int((self.width - _SIGN) / LETTER)) for one in self.series]

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
        """Say which bars are whose: side by side, or each below the other where there is no room."""
        if self.is_stacked:
            line = 0
            for one, name in zip(self.series, self.names, strict=True):
                self._entry(drawing, one.css, 0, line * _LINE, name)
                line += len(name)
            return
        at = self.left
        for one in self.series:
            self._entry(drawing, one.css, at, 0, [one.name])
            at += _SIGN + len(one.name) * LETTER + _SIGN

    def _entry(self, drawing: Drawing, css: str, x: float, y: float, name: list[str]) -> None:
        drawing.boxes.append(Box(f"bar bar--{css}", coordinate(x), coordinate(y + 2), "16", "12"))
        for at, part in enumerate(name):
            drawing.texts.append(Text(coordinate(x + _SIGN), coordinate(y + 13 + at * _LINE), part, css="label"))

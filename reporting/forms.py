"""The respondent's forms. They judge shape: whether a number is one. What numbers mean, `checks.py` judges."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .models.answer import DAYS
from .questions import Line, Section
from .standing import Cell, Standing, cells_of
from .weeks import DAY_NAMES, SHORT_DAY_NAMES

LARGEST = 999_999
_WHOLE = re.compile(r"\d{1,7}|\d{1,3}(?:[. \u00a0]\d{3})+", re.ASCII)


class WholeNumber(forms.CharField):
    """A number of people, as people write it: "42", "1.204". Blank is no number."""

    def __init__(self, **kwargs: Any) -> None:
        attributes = {"inputmode": "numeric", "autocomplete": "off"}
        super().__init__(required=False, max_length=20, widget=forms.TextInput(attrs=attributes), **kwargs)

    def clean(self, value: Any) -> int | None:
        text = super().clean(value).strip()
        if not text:
            return None
        if not _WHOLE.fullmatch(text):
            raise ValidationError(_("Write a whole number, 0 or more"))
        number = int(re.sub(r"\D", "", text))
        if number > LARGEST:
            raise ValidationError(_("The number is too large"))
        return number


@dataclass(frozen=True)
class Day:
    """A day of a line: its field, or what the day off is called."""

    name: Promise
    short: Promise
    field: BoundField | None
    day_off: Promise | None


@dataclass(frozen=True)
class Row:
    """A line as a page draws it."""

    line: Line
    total: BoundField
    days: list[Day]
    last: int | None

    @property
    def fields(self) -> list[BoundField]:
        return [self.total, *(day.field for day in self.days if day.field)]


def name_of(cell: Cell) -> str:
    return "-".join(cell)


class SectionForm(forms.Form):
    """The numbers of one section. `was` carries what they were when the page was drawn, so that a number which
    another has saved since is not written over unseen."""

    mark_optional = False

    def __init__(self, data: Any = None, *, section: Section, standing: Standing) -> None:
        self.section, self.standing = section, standing
        held = cells_of(standing.version)
        self.cells: dict[str, Cell] = {}
        initial: dict[str, Any] = {}
        for line in section.lines:
            for cell in self._cells_of(line):
                self.cells[name_of(cell)] = cell
                initial[name_of(cell)] = held.get(cell)
        super().__init__(data, initial=initial)
        for name, cell in self.cells.items():
            self.fields[name] = WholeNumber(label=self._label(cell))

    def _cells_of(self, line: Line) -> Iterator[Cell]:
        yield line.key, "total"
        if line.has_days:
            yield from ((line.key, DAYS[day]) for day in self.standing.open_days)

    def _label(self, cell: Cell) -> str:
        key, field = cell
        line = next(line for line in self.section.lines if line.key == key)
        words = str(line.total) if field == "total" else str(DAY_NAMES[DAYS.index(field)])
        return f"{line.label}: {words}" if len(self.section.lines) > 1 else words

    @property
    def typed(self) -> dict[Cell, int | None]:
        """Return the numbers that are ones; the others are told of as errors."""
        self.full_clean()
        return {cell: self.cleaned_data[name] for name, cell in self.cells.items() if name in self.cleaned_data}

    @property
    def was(self) -> dict[Cell, int | None]:
        """Return what the page showed when it was drawn; nothing where that cannot be read."""
        try:
            sent = json.loads(self.data.get("was", ""))
        except (ValueError, RecursionError):
            return {}
        if not isinstance(sent, dict):
            return {}
        return {cell: sent[name] for name, cell in self.cells.items() if type(sent.get(name)) is int}

    @property
    def confirmed(self) -> dict[str, str]:
        return {name: value for name, value in self.data.items() if name.startswith("confirm-")}

    @property
    def shown(self) -> list[str]:
        """Return the names of the tick boxes that were on the page."""
        return self.data.getlist("shown") if isinstance(self.data, QueryDict) else []

    def show_conflicts(self, conflicts: Mapping[Cell, int | None]) -> None:
        for cell, number in conflicts.items():
            held = gettext("nothing") if number is None else number
            text = gettext("Another has written %(number)s here meanwhile. Write the number that is right.")
            self.add_error(name_of(cell), text % {"number": held})

    def rows(self) -> Iterator[Row]:
        """Yield the lines, in order."""
        closed = self.standing.report.campaign.of.closed_days
        for line in self.section.lines:
            days = [
                Day(DAY_NAMES[day], SHORT_DAY_NAMES[day], self._field(line, DAYS[day]), closed.get(day))
                for day in range(len(DAYS))
                if line.has_days
            ]
            yield Row(line, self[name_of((line.key, "total"))], days, self.standing.last.get(line.key))

    def _field(self, line: Line, field: str) -> BoundField | None:
        name = name_of((line.key, field))
        return self[name] if name in self.fields else None


def was_of(form: SectionForm, standing: Standing) -> str:
    """Return what the page about to be drawn shows as saved, for its hidden field."""
    held = cells_of(standing.version)
    return json.dumps({name: held.get(cell) for name, cell in form.cells.items()})


class ReopenForm(forms.Form):
    """Why a report that is sent has to be opened again."""

    reason = forms.CharField(
        label=_("What has to be corrected?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Write no names of people."),
    )


class LostLinkForm(forms.Form):
    """Who has lost the mail with the link."""

    identifier = forms.CharField(
        label=_("Institution number, or the name of the municipality"),
        max_length=60,
        help_text=_("The number has six digits, such as 265017."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

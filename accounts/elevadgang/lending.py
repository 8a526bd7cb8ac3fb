"""Lending a class to a colleague: finding the colleague, and until when."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from institutions import substitutes
from institutions.models import Group, Membership, SubstituteAccess
from institutions.roles import labels
from unilogin_portal.lib.dates import today

from . import frame

# More colleagues than this are not listed: a longer name finds fewer.
FOUND = 20
ORDINARY = dt.timedelta(days=7)
# What a browser's date field sends, and what people type where there is none.
DATES = ("%Y-%m-%d", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%Y")


@dataclass(frozen=True)
class Lent:
    """A row of the list: which class, who stands in, until when, and who let them."""

    pk: int
    group_pk: int
    group: str
    name: str
    until: dt.date
    by: str


def lines(lent: Iterable[SubstituteAccess]) -> list[Lent]:
    """Return the rows as a list shows them; the school stands with the class where there are several."""
    lent = list(lent)
    several = len({one.group.institution_id for one in lent}) > 1
    return [
        Lent(
            one.pk,
            one.group_id,
            frame.name_of(one.group, several=several),
            one.membership.person.name,
            one.until,
            one.given_by.shown_name,
        )
        for one in lent
    ]


def called(colleagues: Iterable[Membership], asked: str) -> list[Membership]:
    """Return those whose names hold every word asked for, each person once.

    Here and not in the database, where letters are Danish everywhere: a school has few hundred employees.
    """
    words = asked.casefold().split()
    found = [one for one in colleagues if all(word in one.person.name.casefold() for word in words)]
    return list({one.person_id: one for one in reversed(found)}.values())[::-1]


class FindForm(forms.Form):
    """Which class, and whom. The names stand in the address."""

    mark_optional = False

    klasse = forms.ChoiceField(
        label=_("Class"),
        error_messages={"required": _("Choose a class"), "invalid_choice": _("Choose one of your own classes")},
    )
    q = forms.CharField(
        label=_("Colleague, name"),
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
        error_messages={"required": _("Write the colleague's name, or a part of it")},
    )

    def __init__(self, *args: Any, groups: Sequence[Group], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups = {str(group.pk): group for group in groups}
        several = len({group.institution_id for group in groups}) > 1
        field = self.fields["klasse"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        choices: list[tuple[str, Any]] = [("", _("Choose"))] if len(groups) != 1 else []
        field.choices = choices + [(key, frame.name_of(group, several=several)) for key, group in self.groups.items()]

    @property
    def group(self) -> Group:
        """The class that was chosen, of a form that is valid."""
        return self.groups[self.cleaned_data["klasse"]]


class LendForm(forms.Form):
    """Which of the colleagues found, and until when."""

    colleague = forms.ChoiceField(
        label=_("Colleague"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a colleague"), "invalid_choice": _("Choose a colleague from the list")},
    )
    until = forms.DateField(
        label=_("Last day"),
        help_text=_("At most three months ahead. The access ends by itself after that day."),
        input_formats=DATES,
        error_messages={"required": _("Choose the last day"), "invalid": _("Write the day like 20.11.2026")},
    )

    def __init__(self, *args: Any, colleagues: Sequence[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.colleagues = {str(one.pk): one for one in colleagues}
        field, day = self.fields["colleague"], today()
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [(key, f"{one.person.name} ({labels(one.roles)})") for key, one in self.colleagues.items()]
        if len(self.colleagues) == 1:
            self.initial["colleague"] = next(iter(self.colleagues))
        self.initial["until"] = day + ORDINARY
        limits = {
            "type": "date",
            "min": day.isoformat(),
            "max": (day + substitutes.LONGEST).isoformat(),
            "class": "input-width-s",
        }
        self.fields["until"].widget = forms.DateInput(format="%Y-%m-%d", attrs=limits)

    def clean_until(self) -> dt.date:
        until: dt.date = self.cleaned_data["until"]
        if not substitutes.may_last(until):
            raise forms.ValidationError(substitutes.TOO_LONG)
        return until

    @property
    def membership(self) -> Membership:
        """The colleague who was chosen, of a form that is valid."""
        return self.colleagues[self.cleaned_data["colleague"]]

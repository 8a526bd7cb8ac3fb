"""The forms of Brugeradministration. They judge shape only."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ..importing.hidden import holds_cpr
from ..models import ImportSeries, Institution, RunState
from ..numbers import is_cpr

LONGEST_NOTE = 1000
# How far back the list of runs goes, in days; the empty choice is all of them.
PERIODS: tuple[tuple[str, Promise], ...] = (
    ("7", _("Last 7 days")),
    ("30", _("Last 30 days")),
    ("365", _("Last 12 months")),
    ("alle", _("All")),
)
# More institutions than this are searched for, not chosen from a list.
CHOOSABLE = 20


class RunFilter(forms.Form):
    """What narrows the list of runs. The names stand in the address."""

    mark_optional = False

    q = forms.CharField(
        label=_("Institution, name or number"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    institution = forms.ChoiceField(label=_("Institution"), required=False)
    tilstand = forms.ChoiceField(label=_("Status"), choices=[("", _("All")), *RunState.choices], required=False)
    periode = forms.ChoiceField(label=_("Period"), choices=PERIODS, required=False, initial="30")

    def __init__(self, *args: Any, institutions: list[Institution], **kwargs: Any) -> None:
        """`institutions` are the first of those the actor may see, one more than can be chosen among."""
        super().__init__(*args, **kwargs)
        if len(institutions) > CHOOSABLE:
            del self.fields["institution"]
            return
        del self.fields["q"]
        if len(institutions) < 2:
            del self.fields["institution"]
            return
        field = self.fields["institution"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [("", _("All")), *((one.number, one.name) for one in institutions)]


class NoteForm(forms.Form):
    """A reason, which is kept with what is done."""

    note = forms.CharField(
        label=_("Reason"),
        help_text=_("Is kept together with your answer."),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": _("Write a reason"),
            "max_length": _("The reason may be %(limit_value)s characters long; it is %(show_value)s"),
        },
    )

    def clean_note(self) -> str:
        note: str = self.cleaned_data["note"]
        if holds_cpr(note):
            raise forms.ValidationError(_("Write the reason without a CPR number: it is kept with your answer"))
        return note


class DecisionForm(NoteForm):
    """*Hvad skal vi gøre?* Nothing is chosen beforehand."""

    APPROVE, REJECT = "godkend", "stop"

    field_order = ["answer", "note"]
    answer = forms.ChoiceField(
        label=_("Your answer"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what we are to do"), "invalid_choice": _("Choose what we are to do")},
    )

    def __init__(self, *args: Any, approve_label: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["answer"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [
            (self.REJECT, _("Stop the import, and keep everything as it is")),
            (self.APPROVE, approve_label),
        ]


class LimitForm(NoteForm):
    """An institution's own limit of one brake."""

    DEFAULT, OWN, NEVER = "standard", "egen", "aldrig"
    mark_optional = False  # the share belongs to one of the answers

    field_order = ["rule", "share", "note"]
    rule = forms.ChoiceField(
        label=_("Limit"), widget=forms.RadioSelect, error_messages={"required": _("Choose a limit")}
    )
    share = forms.IntegerField(
        label=_("Own limit in percent"),
        help_text=_("A whole number from 1 to 100. Only with the institution's own limit."),
        required=False,
        min_value=1,
        max_value=100,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "input-width-xs"}),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), _("Write a whole number from 1 to 100")),
    )

    def __init__(self, *args: Any, standard: int | None, **kwargs: Any) -> None:
        """`standard` is everybody's limit, in percent."""
        super().__init__(*args, **kwargs)
        field = self.fields["rule"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [
            (self.DEFAULT, _("The standard limit, %(share)s percent") % {"share": standard}),
            (self.OWN, _("The institution's own limit")),
            (self.NEVER, _("Never stop for this")),
        ]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("rule") == self.OWN and not cleaned.get("share") and "share" not in self.errors:
            self.add_error("share", _("Write a whole number from 1 to 100"))
        return cleaned


class UnechoedInput(forms.TextInput):
    """A text field whose value never goes back to the page, as with passwords."""

    def format_value(self, value: Any) -> None:
        return None


class CprField(forms.CharField):
    """A CPR number, with or without hyphen and spaces."""

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace(" ", "").replace("-", "")

    def validate(self, value: str) -> None:
        super().validate(value)
        if not is_cpr(value):
            raise forms.ValidationError(_("A CPR number is ten digits that begin with a date of birth"), code="form")


class ChangeCprForm(forms.Form):
    """*Skift CPR*: whom, and the new number."""

    series = forms.ChoiceField(label=_("Institution and system"), error_messages={"required": _("Choose a system")})
    local_id = forms.CharField(
        label=_("Local id"),
        help_text=_("As it stands in the import's list of issues."),
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "class": "input-width-m"}),
        error_messages={"required": _("Write the person's local id")},
    )
    cpr = CprField(
        label=_("New CPR number"),
        help_text=_("Ten digits: day, month, year and four more."),
        max_length=13,
        widget=UnechoedInput(
            attrs={
                "autocomplete": "off",
                "inputmode": "numeric",
                "spellcheck": "false",
                "class": "input-width-m",
            }
        ),
        error_messages={"required": _("Write the new CPR number")},
    )

    def __init__(self, *args: Any, series: Iterable[ImportSeries], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(one.pk), f"{one.institution.name}: {one.source}") for one in series]
        field = self.fields["series"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        if len(choices) == 1:
            field.widget = forms.HiddenInput()
            self.initial["series"] = choices[0][0]
            field.choices = choices
        else:
            field.choices = [("", _("Choose")), *choices]


class ConfirmCprForm(NoteForm):
    sealed = forms.CharField(widget=forms.HiddenInput, max_length=2000)

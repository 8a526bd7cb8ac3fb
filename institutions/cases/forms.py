"""The forms of cases. They judge shape only."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ..administration.forms import CHOOSABLE, CprField, UnechoedInput
from ..importing.hidden import holds_cpr
from ..models import CaseKind, Institution, Wanted
from .kinds import KINDS
from .services import ContactAsked
from .states import CaseState

LONGEST_TEXT = 1000
# The states that the inbox can be narrowed to; the empty choice is what waits for STIL.
ALL = "alle"
AGES = (("", _("All")), ("2", _("More than 2 days")), ("7", _("More than 7 days")), ("14", _("More than 14 days")))


class KeptField(forms.CharField):
    """A text that both sides keep: never with a CPR number in it."""

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and holds_cpr(value):
            raise forms.ValidationError(_("Write without a CPR number: what you write is kept in the case"))


class MessageField(KeptField):
    """A message of some length."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 4}))
        super().__init__(max_length=LONGEST_TEXT, **kwargs)
        self.error_messages["max_length"] = _("The text may be %(limit_value)s characters long; it is %(show_value)s")


class RecipientField(KeptField):
    """A name on one line of the letter and of the secure mail: nothing in it that is not seen."""

    def to_python(self, value: Any) -> str:
        seen = (one if one.isprintable() else " " for one in super().to_python(value) or "")
        return " ".join("".join(seen).split())


class MessageForm(forms.Form):
    """A message from the institution to STIL."""

    text = MessageField(
        label=_("Message to STIL"),
        help_text=_("Write no CPR number and no password."),
        error_messages={"required": _("Write a message")},
    )


class VerdictForm(forms.Form):
    """A supporter's answer. Which one it is, the button says; all but an approval need words."""

    APPROVE, REJECT, ASK, CLOSE = "godkend", "afvis", "spoerg", "luk"

    text = MessageField(
        label=_("Comment"),
        help_text=_("The institution sees it when you reject or ask. With an approval only STIL sees it."),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.verdict in {self.REJECT, self.ASK} and not cleaned.get("text") and not self.errors:
            words = {self.REJECT: _("Write why the case is rejected"), self.ASK: _("Write what you ask about")}
            self.add_error("text", words[self.verdict])
        return cleaned

    @property
    def verdict(self) -> str:
        return str(self.data.get("svar", ""))


class ContactUserForm(forms.Form):
    """A Unilogin for a contact person without MitID (D3.6)."""

    institution = forms.CharField(
        label=_("Institution"),
        error_messages={
            "required": _("Choose an institution"),
            "invalid_choice": _("Choose an institution"),
        },
    )
    cpr = CprField(
        label=_("The contact person's CPR number"),
        help_text=_("Ten digits. We keep it encrypted, and do not show it again."),
        max_length=13,
        widget=UnechoedInput(
            attrs={"autocomplete": "off", "inputmode": "numeric", "spellcheck": "false", "class": "input-width-m"}
        ),
        error_messages={"required": _("Write the contact person's CPR number")},
    )
    recipient = RecipientField(
        label=_("Recipient of the secure mail"),
        help_text=_("The employee with you who is to have the letter. It goes to the institution's own CVR number."),
        max_length=100,
        error_messages={"required": _("Write who is to have the letter")},
    )
    tried = forms.BooleanField(
        label=_("We have tried all ways to MitID together with the authorities concerned"),
        error_messages={"required": _("Confirm that you have tried all ways to MitID")},
    )
    checked = forms.BooleanField(
        label=_("We have seen in our own system that the person is contact person for a child with us"),
        error_messages={"required": _("Confirm that the person is contact person in your own system")},
    )
    message = MessageField(label=_("Message to STIL"), help_text=_("Write no CPR number."), required=False)

    def __init__(self, *args: Any, institutions: Sequence[Institution], **kwargs: Any) -> None:
        """`institutions` are the first of those the actor opens cases for, one more than can be chosen among."""
        super().__init__(*args, **kwargs)
        if len(institutions) > CHOOSABLE:
            self.fields["institution"].label = _("The institution's number")
            self.fields["institution"].widget.attrs["class"] = "input-width-s"
            return
        known = self.fields["institution"]
        choices = [(one.number, one.name) for one in institutions]
        field = forms.ChoiceField(label=known.label, error_messages=known.error_messages)
        field.choices = choices if len(choices) == 1 else [("", gettext("Choose")), *choices]
        if len(choices) == 1:
            field.widget = forms.HiddenInput()
            field.initial = choices[0][0]
        self.fields["institution"] = field

    def asked(self) -> ContactAsked:
        """Return what was asked for, of a form that is valid."""
        data = self.cleaned_data
        return ContactAsked(
            cpr=data["cpr"],
            recipient=data["recipient"],
            wanted=Wanted(data.get("wanted", Wanted.BOTH)),
            earlier_number=data.get("earlier", "").upper(),
            message=data["message"],
        )


class ContactForgottenForm(ContactUserForm):
    """The same person again: an earlier case, and what is missing now."""

    field_order = ["institution", "earlier", "cpr", "wanted", "recipient", "tried", "checked", "message"]
    earlier = forms.CharField(
        label=_("The earlier case number"),
        help_text=_("Such as S-2026-000123. It stands in the letter, and in your list of cases."),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "input-width-m"}),
        error_messages={"required": _("Write the earlier case number")},
    )
    wanted = forms.ChoiceField(
        label=_("What does the person need?"),
        choices=Wanted.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what the person needs"), "invalid_choice": _("Choose what it is")},
    )


class InboxFilter(forms.Form):
    """What narrows the inbox. The names stand in the address."""

    mark_optional = False

    tilstand = forms.ChoiceField(
        label=_("Status"),
        choices=[("", _("Waiting for an answer")), (ALL, _("All")), *CaseState.choices],
        required=False,
    )
    type = forms.ChoiceField(
        label=_("Kind of case"),
        choices=[("", _("All")), *((kind.value, KINDS[kind].title) for kind in CaseKind)],
        required=False,
    )
    alder = forms.ChoiceField(label=_("Age"), choices=AGES, required=False)

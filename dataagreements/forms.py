"""The forms of Tilslutning for those who answer. They judge shape only."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from institutions.cases.forms import MessageField

from .states import AgreementAction
from .subscriptions import About

LONGEST_SEARCH = 100


class RequestFilter(forms.Form):
    """What narrows a list of agreements. The names stand in the address."""

    mark_optional = False

    q = forms.CharField(
        label=_("Find institution or system"),
        max_length=LONGEST_SEARCH,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )


class AnswerForm(forms.Form):
    """*Skift status*: approve or reject, with a comment that both sides read."""

    status = forms.ChoiceField(
        label=_("New status"),
        widget=forms.RadioSelect,
        choices=[(AgreementAction.APPROVE.value, _("Approve")), (AgreementAction.REJECT.value, _("Reject"))],
        error_messages={"required": _("Choose a new status"), "invalid_choice": _("Choose a new status")},
    )
    kommentar = MessageField(
        label=_("Comment"), help_text=_("Is kept in the history. The supplier can see it."), required=False
    )

    @property
    def action(self) -> AgreementAction:
        return AgreementAction(self.cleaned_data["status"])


class CommentForm(forms.Form):
    """A comment that goes with an act which a button names."""

    kommentar = MessageField(label=_("Comment"), help_text=_("The other side can see it."), required=False)


class AddressForm(forms.Form):
    """*Tilmeld email*."""

    email = forms.EmailField(
        label=_("Email address to subscribe"),
        max_length=254,
        help_text=_("We send it a link first: whoever has the address says yes."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": _("Write an email address"), "invalid": _("Write an email address with an @")},
    )
    om = forms.ChoiceField(label=_("What it is told of"), error_messages={"required": _("Choose what it is told of")})

    def __init__(self, *args: Any, topics: list[tuple[About, str]], **kwargs: Any) -> None:
        """`topics`: what the actor may choose among, each with its words."""
        super().__init__(*args, **kwargs)
        self.topics = {topic.key: topic for topic, _words in topics}
        field = self.fields["om"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [(topic.key, words) for topic, words in topics]
        if len(topics) == 1:
            field.widget = forms.HiddenInput()
            field.initial = topics[0][0].key

    @property
    def topic(self) -> About:
        return self.topics[self.cleaned_data["om"]]

"""The forms of Mit Unilogin. They judge shape only."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import Person
from .told import Kind

ME = "mig"


class HistoryFilter(forms.Form):
    """What narrows the list. The names stand in the address; what is none of the choices narrows nothing."""

    mark_optional = False

    om = forms.ChoiceField(label=_("About"), required=False)
    slags = forms.ChoiceField(label=_("What"), choices=[("", _("All")), *Kind.choices], required=False)

    def __init__(self, *args: Any, children: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not children:
            del self.fields["om"]
            return
        field = self.fields["om"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [("", _("All")), (ME, _("Me")), *((str(child.pk), child.first_name) for child in children)]

    def chosen(self) -> tuple[str, Kind | None]:
        """Return about whom, and of which kind."""
        self.is_valid()
        kind = self.cleaned_data.get("slags")
        return self.cleaned_data.get("om", ""), Kind(kind) if kind else None

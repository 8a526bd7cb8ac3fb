"""The forms of Elevadgang. They judge shape, and whether what was chosen is on the list."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from ..models import User


class _Keys(forms.TypedMultipleChoiceField):
    """Numbers of rows. Which of them are on the list, the form finds out with one query."""

    def valid_value(self, value: Any) -> bool:
        return str(value).isascii() and str(value).isdecimal() and len(str(value)) < 19


class ChosenForm(forms.Form):
    """The pupils whose boxes are ticked. Those who are not on the list are passed over, never acted on."""

    elev = _Keys(coerce=int, error_messages={"required": _("Tick at least one pupil.")})
    bekraeft = forms.BooleanField(required=False)

    def __init__(self, *args: Any, pupils: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pupils = pupils
        self.chosen: list[User] = []

    def clean_elev(self) -> list[int]:
        self.chosen = list(self.pupils.filter(pk__in=self.cleaned_data["elev"]).order_by("pk"))
        if not self.chosen:
            raise forms.ValidationError(_("The pupils you ticked are no longer on this list. Look at it once more."))
        return [user.pk for user in self.chosen]

"""The forms of STIL's pages. They judge shape only."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from institutions.models import Municipality

from .models import Campaign
from .states import CampaignState
from .weeks import Schedule

LONGEST_SEARCH = 100
LONGEST_ADDRESS = 132
_MOMENT = "%Y-%m-%dT%H:%M"
_LINES_NAMED = 5


class MomentField(forms.DateTimeField):
    """A day and a clock time, in Denmark."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_MOMENT)
        errors = {"required": _("Write a day and a time"), "invalid": _("Write a day and a time")}
        super().__init__(widget=widget, input_formats=[_MOMENT], error_messages=errors, **kwargs)


class CampaignForm(forms.Form):
    """*Ret ugen*: dates, and a few lines in the mail."""

    opens_at = MomentField(label=_("The links go out"))
    reminds_at = MomentField(
        label=_("Reminder"), help_text=_("Goes to those who have not answered. Nobody is reminded after the deadline.")
    )
    deadline_at = MomentField(label=_("Deadline"))
    closes_at = MomentField(label=_("No more answers are taken from"))
    message = forms.CharField(
        label=_("Message to the respondents"),
        help_text=_("Stands in the mail under the link."),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, data: QueryDict | None, *, campaign: Campaign) -> None:
        names = [*Schedule.__dataclass_fields__, "message"]
        super().__init__(data, initial={name: getattr(campaign, name) for name in names})
        self.campaign = campaign
        if campaign.state == CampaignState.OPEN:
            del self.fields["opens_at"]

    @property
    def dates(self) -> Schedule:
        told = {
            name: self.cleaned_data.get(name, getattr(self.campaign, name)) for name in Schedule.__dataclass_fields__
        }
        return Schedule(**told)


class AddressForm(forms.Form):
    """Where somebody's link is sent."""

    email = forms.EmailField(
        label=_("Email address"),
        max_length=LONGEST_ADDRESS,
        error_messages={"required": _("Write an email address"), "invalid": _("Write an email address")},
    )


class AddressesForm(forms.Form):
    """Many addresses of municipalities at once, a line each."""

    linjer = forms.CharField(
        label=_("Addresses"),
        help_text=_("A line for each municipality: its code, a semicolon, and the address, as 0265;post@example.dk"),
        widget=forms.Textarea(attrs={"rows": 12}),
        max_length=20_000,
        error_messages={"required": _("Write at least one line")},
    )

    def clean_linjer(self) -> dict[str, str]:
        """Return addresses by municipality. Nothing is taken where a line is wrong."""
        known = set(Municipality.objects.values_list("code", flat=True))
        found: dict[str, str] = {}
        wrong: list[str] = []
        for number, line in enumerate(self.cleaned_data["linjer"].splitlines(), start=1):
            if not line.strip():
                continue
            code, _separator, email = (part.strip() for part in re.sub(r"[,\t]", ";", line).partition(";"))
            code = code.zfill(4)
            if code not in known:
                wrong.append(gettext("Line %(number)d: no municipality has the code %(code)s") % _told(number, code))
            elif not _is_address(email):
                wrong.append(gettext("Line %(number)d: this is no email address") % _told(number, code))
            else:
                found[code] = email
        if wrong:
            raise ValidationError(wrong[:_LINES_NAMED])
        return found


def _told(number: int, code: str) -> dict[str, Any]:
    return {"number": number, "code": code[:20]}


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= LONGEST_ADDRESS

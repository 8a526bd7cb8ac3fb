"""The forms of the log-in pages. They judge shape only."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .. import usernames


class UsernameField(forms.CharField):
    """A user name, however it was typed: spaces around it and capitals do not matter."""

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace(" ", "").lower()

    def validate(self, value: str) -> None:
        super().validate(value)
        if not usernames.is_username(value):
            raise forms.ValidationError(_("The user name must be four letters and four digits"), code="form")


class UsernameForm(forms.Form):
    username = UsernameField(
        label=_("User name"),
        help_text=_("Four letters and four digits, for example anna1234"),
        max_length=30,
        error_messages={"required": _("Enter your user name")},
        widget=forms.TextInput(
            attrs={
                "autocomplete": "username",
                "autocapitalize": "none",
                "spellcheck": "false",
                "class": "input-width-m",
            }
        ),
    )


def password_field(label: Any, *, autocomplete: str, required: Any, hint: Any = "") -> forms.CharField:
    """Return a field for a password: never stripped, never sent back to the page."""
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=128,
        strip=False,
        error_messages={"required": required},
        widget=forms.PasswordInput(
            attrs={
                "autocomplete": autocomplete,
                "autocapitalize": "none",
                "spellcheck": "false",
                "class": "input-width-m",
            }
        ),
    )


class PasswordForm(forms.Form):
    password = password_field(_("Password"), autocomplete="current-password", required=_("Enter your password"))


class OldPasswordForm(forms.Form):
    password = password_field(
        _("Your current password"), autocomplete="current-password", required=_("Enter your current password")
    )


class RepeatForm(forms.Form):
    password = password_field(
        _("Repeat the new password"), autocomplete="new-password", required=_("Enter the new password once more")
    )


class OwnPasswordForm(forms.Form):
    password = password_field(_("New password"), autocomplete="new-password", required=_("Enter a new password"))
    repeated = password_field(
        _("Repeat the new password"), autocomplete="new-password", required=_("Enter the new password once more")
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("password") and data.get("repeated") and data["password"] != data["repeated"]:
            self.add_error("repeated", _("The two passwords are not the same"))
        return data

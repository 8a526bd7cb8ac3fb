"""A form with every control that the portal's pages use, and news to read."""

import datetime as dt
from collections.abc import Callable

import pytest
from django import forms
from django.utils import timezone

from unilogin_portal.models import NewsItem


class EveryControl(forms.Form):
    """One field of each kind, with a hint where a hint may stand."""

    secret = forms.CharField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label="Navn", help_text="Som det står i systemet", max_length=20)
    note = forms.CharField(label="Bemærkning", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    password = forms.CharField(label="Adgangskode", widget=forms.PasswordInput(attrs={"class": "input-width-s"}))
    level = forms.ChoiceField(label="Trin", choices=[("", "Vælg"), ("0", "0. klasse"), ("1", "1. klasse")])
    way = forms.ChoiceField(
        label="Vej ind", widget=forms.RadioSelect, choices=[("u", "Unilogin"), ("m", "MitID")], help_text="Vælg en"
    )
    days = forms.MultipleChoiceField(
        label="Dage", widget=forms.CheckboxSelectMultiple, choices=[("1", "Mandag"), ("2", "Tirsdag")], required=False
    )
    begins = forms.DateField(label="Begynder", widget=forms.DateInput)
    file = forms.FileField(label="Fil", required=False)
    sure = forms.BooleanField(label="Jeg er sikker", help_text="Det kan ikke fortrydes")


@pytest.fixture
def every_control() -> type[EveryControl]:
    return EveryControl


@pytest.fixture
def make_news(db: None) -> Callable[..., NewsItem]:
    def make(number: int = 1, **changes: object) -> NewsItem:
        fields: dict[str, object] = {
            "slug": f"nyhed-{number}",
            "title_da": f"Nyhed {number} på dansk",
            "title_en": f"News {number} in English",
            "summary_da": "Kort på dansk.",
            "summary_en": "Short in English.",
            "body_da": "Første afsnit.\n\nAndet afsnit.",
            "body_en": "First paragraph.\n\nSecond paragraph.",
            "published_at": timezone.now() - dt.timedelta(days=number),
            "is_published": True,
        }
        return NewsItem.objects.create(**{**fields, **changes})

    return make

"""The stand-in's one form: who, for whom, how sure, and with which rights."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.activation.privileges import Scope
from accounts.activation.saml import IdentityKind
from institutions.roles import Right

from . import people

RIGHTS = [
    (Right.AGREEMENTS, _("Manage data agreements (Tilslutning)")),
    (Right.PUPIL_ACCESS, _("User administrator in Elevadgang")),
    (Right.USER_OVERVIEW, _("Read Brugeroversigt")),
    (Right.LANGUAGE_MUNICIPAL, _("Sprogvurdering for the municipality")),
]
LEVELS = [
    ("Low", _("Low, too little for logging in")),
    ("Substantial", _("Substantial")),
    ("High", _("High")),
]
KINDS = [(IdentityKind.PERSON, _("As myself (MitID)")), (IdentityKind.PROFESSIONAL, _("For my work (MitID Erhverv)"))]
SCOPES = [(Scope.CVR, _("The whole CVR number")), (Scope.P, _("Only the P-number"))]


class SearchForm(forms.Form):
    q = forms.CharField(label=_("Search by name"), max_length=100, required=False)


class WhoForm(forms.Form):
    person = forms.ChoiceField(
        label=_("Who are you?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a person")},
    )
    kind = forms.ChoiceField(label=_("How do you come?"), choices=KINDS, widget=forms.RadioSelect)
    loa = forms.ChoiceField(label=_("Level of assurance"), choices=LEVELS, widget=forms.RadioSelect)
    cvr = forms.RegexField(
        r"^[0-9]{8}$",
        label=_("CVR number"),
        help_text=_("Eight digits. Without one it is where the person is employed."),
        required=False,
        error_messages={"invalid": _("A CVR number has eight digits")},
    )
    p_number = forms.RegexField(
        r"^[0-9]{10}$",
        label=_("P-number"),
        help_text=_("Ten digits."),
        required=False,
        error_messages={"invalid": _("A P-number has ten digits")},
    )
    rights = forms.MultipleChoiceField(
        label=_("Rights"), choices=RIGHTS, widget=forms.CheckboxSelectMultiple, required=False
    )
    scope = forms.ChoiceField(label=_("The rights cover"), choices=SCOPES, widget=forms.RadioSelect, required=False)

    def __init__(self, *args: Any, candidates: list[people.Candidate], **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"kind": IdentityKind.PERSON, "loa": "Substantial", "scope": Scope.CVR})
        super().__init__(*args, **kwargs)
        self.candidates = {candidate.key: candidate for candidate in candidates}
        self.fields["person"].choices = [  # type: ignore[attr-defined]
            (candidate.key, candidate.label) for candidate in candidates
        ]

    def clean_person(self) -> str:
        key = str(self.cleaned_data["person"])
        if self.candidates[key].too_young:
            raise forms.ValidationError(
                _("%(name)s has no MitID: one must be %(age)s years old."),
                params={"name": self.candidates[key].name, "age": settings.MITID_MINIMUM_AGE},
            )
        return key

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("kind") == IdentityKind.PROFESSIONAL and "person" in cleaned and "cvr" in cleaned:
            self._find_organisation(cleaned)
        if cleaned.get("scope") == Scope.P and cleaned.get("rights") and not cleaned.get("p_number"):
            self.add_error("p_number", _("Write the P-number that the rights cover"))
        return cleaned

    def _find_organisation(self, cleaned: dict[str, Any]) -> None:
        employer = people.employer_of(people.person_of(cleaned["person"]))
        cleaned["cvr"] = cleaned["cvr"] or (employer.cvr if employer else "")
        if not cleaned["cvr"]:
            self.add_error("cvr", _("Write a CVR number: this person is employed nowhere in the demo country"))

"""The stand-in's one form: who, for whom, how sure, and with which rights."""

from dataclasses import replace
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.activation.privileges import Scope
from accounts.activation.saml import IdentityKind
from institutions.demo.cast import Professional
from institutions.roles import Right

from . import people

RIGHTS = [
    (Right.AGREEMENTS, _("Manage data agreements (Tilslutning)")),
    (Right.PUPIL_ACCESS, _("User administrator in Elevadgang")),
    (Right.USER_OVERVIEW, _("Read Brugeroversigt")),
    (Right.LANGUAGE_MUNICIPAL, _("Sprogvurdering for the municipality")),
]
LEVELS = [
    ("Low", _("Low, not enough to log in")),
    ("Substantial", _("Substantial")),
    ("High", _("High")),
]
KINDS = [(IdentityKind.PERSON, _("As myself (MitID)")), (IdentityKind.PROFESSIONAL, _("For my work (MitID Erhverv)"))]
SCOPES = [(Scope.CVR, _("The whole CVR number")), (Scope.P, _("Only the P-number"))]


class SearchForm(forms.Form):
    mark_optional = False

    q = forms.CharField(label=_("Search by name"), max_length=100, required=False)


class WhoForm(forms.Form):
    person = forms.ChoiceField(
        label=_("Who are you?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a person")},
    )
    kind = forms.ChoiceField(label=_("How do you log in?"), choices=KINDS, widget=forms.RadioSelect)
    loa = forms.ChoiceField(label=_("Level of assurance"), choices=LEVELS, widget=forms.RadioSelect)
    cvr = forms.RegexField(
        r"^[0-9]{8}$",
        label=_("CVR number"),
        help_text=_("Eight digits. Leave it empty to use the person's own workplace and the rights they have there."),
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
    scope = forms.ChoiceField(label=_("The rights apply to"), choices=SCOPES, widget=forms.RadioSelect)

    def __init__(self, *args: Any, candidates: list[people.Candidate], **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"kind": IdentityKind.PERSON, "loa": "Substantial", "scope": Scope.CVR})
        super().__init__(*args, **kwargs)
        self.candidates = {candidate.key: candidate for candidate in candidates}
        self.fields["person"].choices = [  # type: ignore[attr-defined]
            (candidate.key, candidate.label) for candidate in candidates
        ]

    def clean_person(self) -> str:
        key = str(self.cleaned_data["person"])
        if not self.candidates[key].has_mitid:
            raise forms.ValidationError(
                _("%(name)s has no MitID: the minimum age is %(age)s."),
                params={"name": self.candidates[key].name, "age": settings.MITID_MINIMUM_AGE},
            )
        return key

    def clean(self) -> dict[str, Any]:
        """Add `somebody`, and for who comes to work their `workplace`."""
        cleaned = super().clean() or {}
        if "person" in cleaned:
            cleaned["somebody"] = people.somebody(cleaned["person"])
        if cleaned.get("kind") == IdentityKind.PROFESSIONAL and not self.errors:
            cleaned["workplace"] = self._workplace(cleaned)
        return cleaned

    def _workplace(self, cleaned: dict[str, Any]) -> Professional | None:
        """Return the place of work: what was written, and for the rest the person's own."""
        who: people.Somebody = cleaned["somebody"]
        own = who.workplace
        if cleaned["cvr"]:
            own = Professional(people.organisation_named(cleaned["cvr"]), cleaned["cvr"], "", Scope.CVR)
        if own is None:
            self.add_error("cvr", _("Enter a CVR number: this person is not employed anywhere in the demo country"))
            return None
        chosen = {"scope": cleaned["scope"], "rights": tuple(cleaned["rights"])} if cleaned["rights"] else {}
        workplace = replace(own, p_number=cleaned["p_number"] or own.p_number, **chosen)
        if workplace.rights and not workplace.identifier:
            self.add_error("p_number", _("Enter the P-number the rights apply to"))
        return workplace

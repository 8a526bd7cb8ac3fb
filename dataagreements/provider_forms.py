"""The forms of suppliers. They judge shape only."""

import datetime as dt
import re
from collections.abc import Collection
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from institutions.cases.forms import KeptField, MessageField
from institutions.numbers import is_p_number

from .models import ProcessorContract, System, WebService
from .packages import OPTIONAL, Field, Package
from .requests import LONGEST_VALIDITY, MOST_NUMBERS, Asked
from .suppliers import ProviderAsked, SystemAsked

LARGEST_CONTRACT = 5 * 1024 * 1024
LARGEST_LIST = 256 * 1024
_BETWEEN = re.compile(r"[\s,;]+")


class ProviderForm(forms.Form):
    """*Opret Udbyder* (D4.3)."""

    cvr = forms.ChoiceField(label=_("CVR number"), error_messages={"required": _("Choose a CVR number")})
    name = KeptField(
        label=_("The company's name"), max_length=132, error_messages={"required": _("Write the company's name")}
    )
    p_number = forms.CharField(
        label=_("P-number"),
        max_length=10,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "input-width-m", "autocomplete": "off"}),
        error_messages={"required": _("Write the P-number, ten digits")},
    )
    email = forms.EmailField(
        label=_("Email address"),
        max_length=254,
        help_text=_("The company's own, not a person's. STIL and institutions write to it."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": _("Write an email address"), "invalid": _("Write an email address with an @")},
    )
    phone = forms.CharField(label=_("Telephone"), max_length=20, required=False)
    message = MessageField(
        label=_("What do you want to use data for?"),
        help_text=_("A few sentences for STIL. Write no CPR number."),
        error_messages={"required": _("Write what you want to use data for")},
    )

    def __init__(self, *args: Any, numbers: list[str], **kwargs: Any) -> None:
        """`numbers`: the CVR numbers that the actor's rights hold on."""
        super().__init__(*args, **kwargs)
        field = self.fields["cvr"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [(number, number) for number in numbers]

    def clean_p_number(self) -> str:
        number: str = self.cleaned_data["p_number"].strip()
        if not is_p_number(number):
            raise forms.ValidationError(_("A P-number is ten digits"))
        return number

    def asked(self) -> ProviderAsked:
        """Return what was asked for, of a form that is valid."""
        return ProviderAsked(**self.cleaned_data)


class SystemForm(forms.Form):
    """An *udbydersystem*."""

    name = KeptField(
        label=_("The system's name"),
        max_length=100,
        help_text=_("As schools and parents know it."),
        error_messages={"required": _("Write the system's name")},
    )
    description = KeptField(
        label=_("What the system does"),
        max_length=300,
        help_text=_("One sentence that a parent understands."),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write what the system does")},
    )
    import_source = forms.CharField(
        label=_("Name that it delivers under"),
        max_length=100,
        required=False,
        help_text=_("What stands as “source” in the deliveries of people. Leave it empty if the system delivers none."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def asked(self) -> SystemAsked:
        return SystemAsked(**self.cleaned_data)


class ConnectionForm(forms.Form):
    """*Tilslutningsaftale* on one web service."""

    service = forms.ChoiceField(
        label=_("Web service"),
        widget=forms.RadioSelect,
        choices=WebService.choices,
        error_messages={"required": _("Choose a web service")},
    )
    message = MessageField(label=_("Message to STIL"), help_text=_("Write no CPR number."), required=False)


class AskForm(forms.Form):
    """*Lav dataaftale med institutioner* → *Anmod om dataadgang* (D4.3)."""

    # An export needs a package, and numbers come in one of two ways.
    unmarked = frozenset({"package", "numbers", "number_file"})

    system = forms.ChoiceField(label=_("System"), error_messages={"required": _("Choose a system")})
    service = forms.ChoiceField(label=_("The service"), error_messages={"required": _("Choose a service")})
    package = forms.ChoiceField(
        label=_("Package"),
        required=False,
        choices=[("", _("None: the system delivers only")), *Package.choices],
        help_text=_("Of the export. An import has no package."),
    )
    ticked = forms.MultipleChoiceField(
        label=_("Fields beyond the package's minimum"),
        required=False,
        choices=[(field.value, field.label) for field in Field if field in OPTIONAL[Package.FULL_AUTHORITY]],
        help_text=_(
            "Small has none. Medium may have date of birth, gender, email, photo and CPR. Full also address, "
            "telephone and contact persons. Ask for what you need, and no more."
        ),
        widget=forms.CheckboxSelectMultiple,
    )
    purpose = KeptField(
        label=_("Purpose"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write what the data are used for")},
    )
    legal_basis = KeptField(
        label=_("Legal basis"),
        max_length=300,
        help_text=_("The law, and article and letter of the data protection regulation."),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write the legal basis")},
    )
    valid_until = forms.DateField(
        label=_("Valid until"),
        help_text=_("The institution is asked again each year before that."),
        widget=forms.DateInput(attrs={"type": "date", "class": "input-width-m"}),
        error_messages={"required": _("Choose a date"), "invalid": _("Write a date as 2027-07-31")},
    )
    contract = forms.ChoiceField(
        label=_("Data processing agreement"),
        required=False,
        help_text=_("Institutions can read it before they answer."),
    )
    numbers = forms.CharField(
        label=_("Institution numbers"),
        required=False,
        help_text=_("Type or paste them, one a line or with commas between, and press Add."),
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "autocomplete": "off"}),
    )
    number_file = forms.FileField(
        label=_("Or a file with the numbers"),
        required=False,
        help_text=_("A text file or CSV with the numbers in the first column."),
        widget=forms.ClearableFileInput(attrs={"accept": ".txt,.csv,text/plain,text/csv"}),
    )
    added = forms.CharField(required=False, widget=forms.HiddenInput)
    comment = MessageField(
        label=_("Comment to suppliers and institutions"), help_text=_("The same text goes to all."), required=False
    )
    form_key = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        systems: list[System],
        services: Collection[str],
        contracts: list[ProcessorContract],
        **kwargs: Any,
    ) -> None:
        """What may be chosen among: the actor's systems, the web services that STIL lets any of them use, contracts."""
        super().__init__(*args, **kwargs)
        self.systems = {str(system.pk): system for system in systems}
        self.contracts = {str(contract.pk): contract for contract in contracts}
        field = self.fields["contract"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [("", _("None so far")), *((key, str(contract)) for key, contract in self.contracts.items())]
        self._choices("system", [(key, system.name) for key, system in self.systems.items()])
        allowed = [choice for choice in WebService.choices if choice[0] in services]
        self._choices("service", allowed or list(WebService.choices))

    def _choices(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = choices if len(choices) == 1 else [("", gettext("Choose")), *choices]

    def clean_valid_until(self) -> dt.date:
        day: dt.date = self.cleaned_data["valid_until"]
        today = timezone.localdate()
        if not today < day <= today + LONGEST_VALIDITY:
            raise forms.ValidationError(_("Choose a day after today, and within five years"))
        return day

    def clean_number_file(self) -> list[str]:
        file: UploadedFile | None = self.cleaned_data["number_file"]
        if file is None:
            return []
        if (file.size or 0) > LARGEST_LIST:
            raise forms.ValidationError(_("The file is too large: a list of numbers is a few kilobytes"))
        text = file.read().decode("utf-8-sig", errors="replace")
        return [re.split(r"[;,\t]", line, maxsplit=1)[0] for line in text.splitlines()]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        self._check_package(cleaned)
        system, contract = self.systems.get(cleaned.get("system", "")), self.chosen_contract(cleaned)
        if system and contract and contract.provider_id != system.provider_id:
            self.add_error("contract", _("That agreement is another supplier's"))
        numbers = self.all_numbers(cleaned)
        if len(numbers) > MOST_NUMBERS:
            self.add_error("numbers", _("At most %(count)s numbers at a time") % {"count": MOST_NUMBERS})
        if not numbers:
            self.add_error("numbers", _("Add at least one institution number"))
        return cleaned

    def _check_package(self, cleaned: dict[str, Any]) -> None:
        service, package = cleaned.get("service"), cleaned.get("package")
        if service == WebService.EXPORT and not package:
            self.add_error("package", _("Choose a package"))
        elif service == WebService.IMPORT and (package or cleaned.get("ticked")):
            self.add_error("package", _("An import has no package, and no fields"))
        elif package:
            extra = set(cleaned.get("ticked") or ()) - OPTIONAL[Package(package)]
            if extra:
                names = ", ".join(str(Field(name).label) for name in Field if name in extra)
                self.add_error("ticked", _("The package does not hold: %(names)s") % {"names": names})

    @property
    def what(self) -> list[forms.BoundField]:
        """The fields that say what is asked for, before whom."""
        names = ("system", "service", "package", "ticked", "purpose", "legal_basis", "valid_until", "contract")
        return [self[name] for name in names]

    def all_numbers(self, cleaned: dict[str, Any]) -> list[str]:
        """Return the numbers added before, typed now and in the file, each once, in their order."""
        typed = _BETWEEN.split(f"{cleaned.get('added', '')} {cleaned.get('numbers', '')}")
        wanted = [*typed, *(cleaned.get("number_file") or [])]
        # No database takes a NUL; a file in UTF-16 has one beside each letter.
        shown = (number.replace("\0", "").strip().strip('"').upper()[:20] for number in wanted)
        return list(dict.fromkeys(filter(None, shown)))

    def chosen_contract(self, cleaned: dict[str, Any]) -> ProcessorContract | None:
        return self.contracts.get(cleaned.get("contract", ""))

    def asked(self) -> Asked:
        """Return what is asked for, of a form that is valid."""
        data = self.cleaned_data
        return Asked(
            service=WebService(data["service"]),
            package=Package(data["package"]) if data["package"] else None,
            ticked=frozenset(data["ticked"]),
            purpose=data["purpose"],
            legal_basis=data["legal_basis"],
            contract=self.chosen_contract(data),
            valid_until=data["valid_until"],
        )


class ContractForm(forms.Form):
    """*Databehandleraftale*: when it was signed, and the file."""

    signed_on = forms.DateField(
        label=_("Signed on"),
        widget=forms.DateInput(attrs={"type": "date", "class": "input-width-m"}),
        error_messages={"required": _("Write when it was signed"), "invalid": _("Write a date as 2027-07-31")},
    )
    file = forms.FileField(
        label=_("The agreement as PDF"),
        help_text=_("At most 5 MB."),
        widget=forms.FileInput(attrs={"accept": "application/pdf"}),
        error_messages={"required": _("Choose the file that was signed"), "empty": _("The file is empty")},
    )

    def clean_signed_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["signed_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("It cannot be signed on a day that has not come yet"))
        return day

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST_CONTRACT:
            raise forms.ValidationError(_("The file may be 5 MB at most"))
        head = file.read(5)
        file.seek(0)
        if head != b"%PDF-":
            raise forms.ValidationError(_("The file is no PDF"))
        return file

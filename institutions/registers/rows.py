"""A register's row, good to load, and what is wrong with one that is not."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from ..models import Institution, InstitutionKind, InstitutionLevel
from ..municipalities import MUNICIPALITIES
from ..numbers import is_cvr, is_institution_number, is_p_number


class RegisterIssueCode(TextChoices):
    """Why a row of an extract was not loaded. One code a row: the first that applies."""

    NUMBER_INVALID = "NUMMER_UGYLDIGT", _("The institution number is missing or is not six capitals and digits")
    NUMBER_DOUBLE = "NUMMER_DUBLET", _("The institution number stands earlier in the file, or in the other register")
    NAME_MISSING = "NAVN_MANGLER", _("The name is missing")
    FIELD_TOO_LONG = "FELT_FOR_LANGT", _("A field is too long")
    LEVEL_UNKNOWN = "NIVEAU_UKENDT", _("The kind of unit is unknown")
    STATUS_UNKNOWN = "STATUS_UKENDT", _("The activity status is unknown")
    CODE_INVALID = "KODE_UGYLDIG", _("A code is not valid")
    MUNICIPALITY_UNKNOWN = "KOMMUNE_UKENDT", _("The municipality code is unknown")
    CVR_INVALID = "CVR_UGYLDIGT", _("The CVR number is not valid")
    P_NUMBER_INVALID = "P_UGYLDIGT", _("The P-number is not ten digits")
    POSITION_INVALID = "POSITION_UGYLDIG", _("The position is not valid")
    DATE_INVALID = "DATO_UGYLDIG", _("A date is not valid")
    PARENT_UNKNOWN = "OVERENHED_UKENDT", _("The unit above is in neither the file nor the register")
    MOVED_ABROAD = "FLYTNING_UGYLDIG", _("A unit cannot be moved to another municipality")


class RegisterIssue(NamedTuple):
    """A row that is not loaded."""

    line: int
    number: str
    code: RegisterIssueCode


class RowFault(Exception):
    """The row breaks a rule."""

    def __init__(self, code: RegisterIssueCode) -> None:
        super().__init__(code.value)
        self.code = code


@dataclass(frozen=True)
class Listed:
    """An institution as its register lists it. Codes are as in the tables; `parent` is a number or blank."""

    line: int
    number: str
    name: str
    kind: InstitutionKind
    level: InstitutionLevel
    parent: str
    is_open: bool
    as_of: dt.date | None  # the day that the register last changed it
    type_code: str
    type_name: str
    ownership: int | None
    municipality: str
    location_municipality: str
    street: str
    postal_code: str
    city: str
    phone: str
    email: str
    website: str
    highest_level: str
    cvr: str
    p_number: str
    latitude: Decimal | None
    longitude: Decimal | None


# Compared with what is stored, and written, under the same names.
STORED = (
    *("name", "kind", "level", "type_code", "type_name", "ownership", "street", "postal_code", "city", "phone"),
    *("email", "website", "highest_level", "cvr", "p_number", "latitude", "longitude"),
)
_LONGEST: dict[str, int] = {
    field.name: field.max_length
    for field in Institution._meta.concrete_fields
    if field.name in STORED and field.max_length
}


def check(row: Listed) -> Listed:
    """Return the row. Raises `RowFault` for the first rule that it breaks."""
    if not is_institution_number(row.number):
        raise RowFault(RegisterIssueCode.NUMBER_INVALID)
    if not row.name:
        raise RowFault(RegisterIssueCode.NAME_MISSING)
    if any(len(getattr(row, name)) > longest for name, longest in _LONGEST.items()):
        raise RowFault(RegisterIssueCode.FIELD_TOO_LONG)
    for code in (row.municipality, row.location_municipality):
        if code and code not in MUNICIPALITIES:
            raise RowFault(RegisterIssueCode.MUNICIPALITY_UNKNOWN)
    if row.cvr and not is_cvr(row.cvr):
        raise RowFault(RegisterIssueCode.CVR_INVALID)
    if row.p_number and not is_p_number(row.p_number):
        raise RowFault(RegisterIssueCode.P_NUMBER_INVALID)
    return row


def code_of(text: str) -> int | None:
    """Return a small numeric code, or None where there is none."""
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= 4):
        raise RowFault(RegisterIssueCode.CODE_INVALID)
    return int(text)


def municipality_of(code: str) -> str:
    """Return a municipality's code with its leading zero, which spreadsheets cut off."""
    return code.zfill(4) if code else ""


def degrees(text: str, most: int) -> Decimal | None:
    """Return a latitude or longitude with eight decimals, or None where there is none."""
    if not text:
        return None
    try:
        value = Decimal(text.replace(",", "."))
    except InvalidOperation:
        raise RowFault(RegisterIssueCode.POSITION_INVALID) from None
    if not value.is_finite() or abs(value) > most:
        raise RowFault(RegisterIssueCode.POSITION_INVALID)
    return value.quantize(Decimal("1e-8"))

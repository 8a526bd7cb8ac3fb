"""Who is asked: every municipality, and every free or private school that gives basic teaching (D7), as of today."""

from collections.abc import Iterator
from dataclasses import dataclass

from institutions.models import Institution, InstitutionKind, InstitutionLevel, Municipality

from .models import MunicipalAddress
from .questions import RespondentKind

FREE_SCHOOL = "1013"  # D5.3 INST_TYPE_NR: Friskoler og private grundskoler
# What municipalities are called that are not called "<name> Kommune".
_OTHER_NAMES = {"0101": "Københavns Kommune", "0400": "Bornholms Regionskommune"}


@dataclass(frozen=True)
class Respondent:
    """Who is to report. `municipality` is the municipality itself, or where the school lies."""

    kind: RespondentKind
    name: str
    email: str
    municipality: str | None
    institution: int | None = None
    highest_level: str = ""


def everybody() -> list[Respondent]:
    return [*_municipalities(), *_schools()]


def full_name(code: str, name: str) -> str:
    """Return what a municipality calls itself: "Roskilde Kommune"."""
    return _OTHER_NAMES.get(code, f"{name} Kommune")


def _municipalities() -> Iterator[Respondent]:
    addresses = dict(MunicipalAddress.objects.values_list("municipality", "email"))
    for code, name in Municipality.objects.order_by("name").values_list("code", "name"):
        yield Respondent(RespondentKind.MUNICIPALITY, full_name(code, name), addresses.get(code, ""), code)


def _schools() -> Iterator[Respondent]:
    schools = Institution.objects.active().filter(
        kind=InstitutionKind.SCHOOL, level=InstitutionLevel.SCHOOL, type_code=FREE_SCHOOL
    )
    columns = ("pk", "name", "email", "location_municipality", "municipality", "highest_level")
    for pk, name, email, lies_in, belongs_to, highest in schools.order_by("name", "number").values_list(*columns):
        yield Respondent(RespondentKind.SCHOOL, name, email, lies_in or belongs_to, pk, highest)

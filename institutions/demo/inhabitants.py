"""What the demo country is made of, as its deliveries state it (D1.4, D1.5)."""

import datetime as dt
from dataclasses import dataclass

from .years import Birthday

BOTH_NIGHTS = frozenset({1, 2})


@dataclass(frozen=True)
class Home:
    street: str
    postal_code: str
    city: str


@dataclass(frozen=True)
class Inhabitant:
    """A person. With an `alias` they have name and address protection (D1.8)."""

    first_name: str
    family_name: str
    female: bool
    birthday: Birthday
    cpr: str
    home: Home
    email: str = ""
    mobile: str = ""
    alias: tuple[str, str] | None = None

    def birth_date(self, year: int) -> dt.date:
        return self.birthday.date(year)


@dataclass(frozen=True)
class Contact:
    """How `person` stands to a child. Access level (D1.5): 0 none, 1 basic, 2 full."""

    person: Inhabitant
    relation: str
    custody: bool = True
    access_level: int = 2


@dataclass(frozen=True)
class Group:
    """A level only for a `Hovedgruppe` (D1.4)."""

    group_id: str
    name: str
    type: str
    level: str = ""
    line: str = ""


@dataclass(frozen=True)
class Student:
    level: str
    main_group: str
    groups: tuple[str, ...] = ()
    contacts: tuple[Contact, ...] = ()

    @property
    def role(self) -> str:
        return "Barn" if self.level == "DT" else "Elev"


@dataclass(frozen=True)
class Employee:
    roles: tuple[str, ...]
    occupation: str
    groups: tuple[str, ...] = ()
    location: str = ""


@dataclass(frozen=True)
class Extern:
    role: str
    groups: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tie:
    """One `InstitutionPerson`. `nights` are those whose deliveries have it."""

    local_id: str
    person: Inhabitant
    part: Student | Employee | Extern
    nights: frozenset[int] = BOTH_NIGHTS


@dataclass(frozen=True)
class Household:
    """A family as it stands in one town: who may be asked about each of its children."""

    contacts: tuple[Contact, ...]
    children: tuple[Inhabitant, ...]

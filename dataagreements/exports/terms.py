"""What of a person an answer says: the rules of D1.3 on fields and on protection, for one release and its filters.

The reader of the database asks which columns to read, and the writer what to write; neither knows a rule.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, Self

from accounts.models import Person

from ..packages import ALWAYS, Field, Package, narrowed
from .filters import Filters
from .release import Release

PHONES = ("HomePhoneNumber", "WorkPhoneNumber", "MobilePhoneNumber")
_COLUMN = {
    Field.BIRTH_DATE: "birth_date",
    Field.GENDER: "gender",
    Field.EMAIL: "email",
    Field.CPR: "cpr",
    Field.PHOTO_ID: "private",
    Field.ADDRESS: "private",
    Field.PHONES: "private",
    Field.REGISTERED_NAME: "private",
}


class Phone(NamedTuple):
    kind: str  # one of PHONES
    number: str
    protected: bool


class Shown(NamedTuple):
    """What is said of a person, in the order in which it is; empty where nothing is."""

    first_name: str
    family_name: str
    user_id: str
    cpr: str
    email: str
    birth_date: str
    gender: str
    photo_id: str
    address: Mapping[str, str]
    phones: tuple[Phone, ...]
    alias: tuple[str, str] | None  # of whom the registered name stands above
    protected: bool


@dataclass(frozen=True)
class Terms:
    """`fields` are what is agreed, asked for, and in the package at all."""

    package: Package
    fields: frozenset[Field]

    @classmethod
    def of(cls, release: Release, filters: Filters) -> Self:
        """Raises ValueError for a release that lacks what the package always holds: its format needs that."""
        if not release.fields >= ALWAYS[release.package]:
            raise ValueError(f"a release of {release.package} without what that always holds")
        asked = narrowed(release.fields, release.package)
        if not filters.include_cpr:
            asked -= {Field.CPR}
        if not filters.include_contacts:
            asked -= {Field.CONTACTS}
        return cls(release.package, asked)

    @cached_property
    def columns(self) -> frozenset[str]:
        """The columns of a person that are read: what is not said is not fetched either."""
        shown = {_COLUMN[field] for field in self.fields if field in _COLUMN}
        return frozenset({"first_name", "family_name", "protected"} | shown)

    def show(self, person: Person, user_id: str) -> Shown:
        """Return what is said of `person`. First and family name are the alias already, where there is one (D1.8)."""
        private = person.private_data() if "private" in self.columns else {}
        names = person.first_name, person.family_name
        registered = self._registered_name(person, private)
        return Shown(
            *(registered or names),
            user_id=user_id,
            cpr=person.cpr_number() if self._says_cpr(person) else "",
            email=person.email if Field.EMAIL in self.fields else "",
            birth_date=person.birth_date.isoformat() if Field.BIRTH_DATE in self.fields and person.birth_date else "",
            gender=person.gender if Field.GENDER in self.fields else "",
            photo_id=private.get("photo", "") if Field.PHOTO_ID in self.fields else "",
            address=private.get("address", {}) if self._says_address(person) else {},
            phones=tuple(self._phones(person, private)),
            alias=names if registered else None,
            protected=person.protected,
        )

    @property
    def _is_authority(self) -> bool:
        return self.package == Package.FULL_AUTHORITY

    def _registered_name(self, person: Person, private: Mapping[str, Any]) -> tuple[str, str] | None:
        if not (person.protected and Field.REGISTERED_NAME in self.fields and "name" in private):
            return None
        first_name, family_name = private["name"]
        return first_name, family_name

    def _says_cpr(self, person: Person) -> bool:
        return Field.CPR in self.fields and not (self.package == Package.MEDIUM and person.protected)

    def _says_address(self, person: Person) -> bool:
        return Field.ADDRESS in self.fields and (self._is_authority or not person.protected)

    def _phones(self, person: Person, private: Mapping[str, Any]) -> Iterator[Phone]:
        """Yield the numbers that may be said. Who is protected has no number that is not."""
        if Field.PHONES not in self.fields:
            return
        for kind in PHONES:
            if kind in private:
                number, own = private[kind]
                protected = own or person.protected
                if self._is_authority or not protected:
                    yield Phone(kind, number, protected)

"""What a supplier may fetch: the packages of ws17 (D1.3) and the fields that each holds, as tables. Pure.

An agreement names a package and, of the fields that the package may hold, those that were asked for. What every
package needs to make sense of a person at all is always in it; the rest is ticked or left out, field by field.
"""

from collections.abc import Collection

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Package(TextChoices):
    """By the name in addresses: `?pakke=lille`."""

    SMALL = "lille", _("Small")
    MEDIUM = "mellem", _("Medium")
    FULL = "fuld", _("Full")
    FULL_AUTHORITY = "fuldmyndighed", _("Full for authorities")


class Field(TextChoices):
    """Something about a person that may be passed on, or not. The order is that of the pages."""

    NAME = "name", _("First and family name")
    USER_ID = "user_id", _("Unilogin id")
    ROLES_AND_GROUPS = "roles_and_groups", _("Roles, level and groups")
    LOCAL_ID = "local_id", _("Local id")
    BIRTH_DATE = "birth_date", _("Date of birth")
    GENDER = "gender", _("Gender")
    EMAIL = "email", _("Email address")
    PHOTO_ID = "photo_id", _("Name of a photo file")
    CPR = "cpr", _("CPR number")
    ADDRESS = "address", _("Address")
    PHONES = "phones", _("Telephone numbers")
    CONTACTS = "contacts", _("Contact persons")
    REGISTERED_NAME = "registered_name", _("Registered name of protected people")


ALWAYS: dict[Package, frozenset[Field]] = {
    Package.SMALL: frozenset({Field.NAME, Field.USER_ID, Field.ROLES_AND_GROUPS}),
    Package.MEDIUM: frozenset({Field.NAME, Field.USER_ID, Field.ROLES_AND_GROUPS, Field.LOCAL_ID}),
    Package.FULL: frozenset({Field.NAME, Field.USER_ID, Field.ROLES_AND_GROUPS, Field.LOCAL_ID}),
    Package.FULL_AUTHORITY: frozenset({Field.NAME, Field.USER_ID, Field.ROLES_AND_GROUPS, Field.LOCAL_ID}),
}
_MEDIUM = frozenset({Field.BIRTH_DATE, Field.GENDER, Field.EMAIL, Field.PHOTO_ID, Field.CPR})
_FULL = _MEDIUM | {Field.ADDRESS, Field.PHONES, Field.CONTACTS}
OPTIONAL: dict[Package, frozenset[Field]] = {
    Package.SMALL: frozenset(),
    Package.MEDIUM: _MEDIUM,
    Package.FULL: _FULL,
    Package.FULL_AUTHORITY: _FULL | {Field.REGISTERED_NAME},
}
# From the least to the most: whoever has an agreement on one may fetch those before it.
ORDER: tuple[Package, ...] = (Package.SMALL, Package.MEDIUM, Package.FULL, Package.FULL_AUTHORITY)


def fields_of(package: Package, ticked: Collection[str]) -> frozenset[Field]:
    """Return the fields that an agreement on `package` with these fields `ticked` passes on."""
    return ALWAYS[package] | {field for field in OPTIONAL[package] if field in ticked}


def covers(agreed: Package, asked: Package) -> bool:
    """Whether an agreement on one package lets the other be fetched: the same, or a smaller one."""
    return ORDER.index(asked) <= ORDER.index(agreed)


def narrowed(agreed: Collection[Field], asked: Package) -> frozenset[Field]:
    """Return what of the agreed fields a smaller package passes on."""
    return frozenset(agreed) & (ALWAYS[asked] | OPTIONAL[asked])

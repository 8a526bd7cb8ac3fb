"""The format of a delivery (D1.2 to D1.6) as tables: the validator and the published schema both read these."""

import enum

from accounts.models.person import Gender, Relation
from accounts.policy import BAND_OF_LEVEL

from ..models import GroupType, MembershipKind
from ..roles import EMPLOYEE_ROLES, EXTERNAL_ROLES, STUDENT_ROLES

NAMESPACE = "https://brugerdatabasen.stil.dk/bpi/wsaimport/7"


class Occurs(enum.Enum):
    """How often an element stands in the one that holds it."""

    ONCE = (1, 1)
    AT_MOST_ONCE = (0, 1)
    ANY = (0, None)
    SOME = (1, None)


_ONCE, _MAYBE, _ANY, _SOME = Occurs.ONCE, Occurs.AT_MOST_ONCE, Occurs.ANY, Occurs.SOME

# What stands in each element, in any order. An `InstitutionPerson` has exactly one of the three roles.
CHILDREN: dict[str, dict[str, Occurs]] = {
    "Institution": {"InstitutionNumber": _ONCE, "InstitutionName": _MAYBE, "Group": _ANY, "InstitutionPerson": _ANY},
    "Group": {
        "GroupId": _ONCE,
        "GroupName": _MAYBE,
        "GroupType": _ONCE,
        "GroupLevel": _MAYBE,
        "Line": _MAYBE,
        "FromDate": _MAYBE,
        "ToDate": _MAYBE,
    },
    "Person": {
        "FirstName": _ONCE,
        "FamilyName": _ONCE,
        "AliasFirstName": _MAYBE,
        "AliasFamilyName": _MAYBE,
        "CivilRegistrationNumber": _ONCE,
        "CivilRegistrationNumberType": _MAYBE,
        "EmailAddress": _MAYBE,
        "BirthDate": _MAYBE,
        "Gender": _MAYBE,
        "PhotoId": _MAYBE,
        "Address": _MAYBE,
        "HomePhoneNumber": _MAYBE,
        "WorkPhoneNumber": _MAYBE,
        "MobilePhoneNumber": _MAYBE,
    },
    "Address": {
        "StreetAddress": _MAYBE,
        "PostalCode": _MAYBE,
        "PostalDistrict": _MAYBE,
        "CountryCode": _MAYBE,
        "Country": _MAYBE,
        "MunicipalityCode": _MAYBE,
        "MunicipalityName": _MAYBE,
    },
    "Student": {
        "Role": _ONCE,
        "StudentNumber": _MAYBE,
        "Level": _ONCE,
        "Location": _MAYBE,
        "MainGroupId": _ONCE,
        "GroupId": _ANY,
        "ContactPerson": _ANY,
    },
    "Employee": {"Role": _SOME, "ShortName": _MAYBE, "Occupation": _MAYBE, "Location": _MAYBE, "GroupId": _ANY},
    "Extern": {"Role": _ONCE, "GroupId": _ANY},
    "ContactPerson": {"Person": _ONCE},
}
KNOWN: dict[str, frozenset[str]] = {name: frozenset(children) for name, children in CHILDREN.items()}
PHONES = frozenset({"HomePhoneNumber", "WorkPhoneNumber", "MobilePhoneNumber"})
CONTACT_ATTRIBUTES = frozenset({"relation", "childCustody", "accessLevel"})

LEVELS = frozenset(BAND_OF_LEVEL)  # D1.6 Trin
KINDS: dict[str, tuple[MembershipKind, frozenset[str]]] = {
    "Student": (MembershipKind.STUDENT, frozenset(STUDENT_ROLES)),
    "Employee": (MembershipKind.EMPLOYEE, frozenset(EMPLOYEE_ROLES)),
    "Extern": (MembershipKind.EXTERNAL, frozenset(EXTERNAL_ROLES)),
}
GENDERS = frozenset(map(str, Gender))
RELATIONS = frozenset(map(str, Relation))
GROUP_TYPES = {str(group_type): group_type for group_type in GroupType}
CPR_TYPES = frozenset({"CPR_VERIFIED", "CPR_UNVERIFIED", "CPR_REPLACEMENT_ID", "CPR_UNKNOWN_TYPE"})

# The most bytes of UTF-8 (D1.2: lengths are bytes; D1.4, D1.5, and for the rest what the tables hold).
LONGEST: dict[str, int] = {
    "LocalPersonId": 64,
    "FirstName": 128,
    "FamilyName": 128,
    "AliasFirstName": 128,
    "AliasFamilyName": 128,
    "EmailAddress": 254,
    "PhotoId": 100,
    "StudentNumber": 26,
    "ShortName": 40,
    "Occupation": 100,
    "Location": 100,
    "GroupId": 100,
    "GroupName": 100,
    "Line": 40,
}
LONGEST_SOURCE = 100
YEARS = range(2000, 2200)  # of sourceDateTime: a date that was never set says the year 1
LONGEST_ADDRESS = 500  # all of its parts together
LONGEST_PHONE = 40

# When more of a delivery's rows than these cannot be loaded, it is refused as a whole: not the rows are wrong then.
MOST_BAD_ROWS = 1000
LARGEST_BAD_SHARE = 0.5
FEWEST_ROWS_FOR_A_SHARE = 20
ISSUES_OF_A_REFUSED = 100  # kept with the run, so that the institution sees what is wrong; the rest is counted

"""Lærkeskolen of the cast, with everything about its people that a package may hold.

Besides what the cast says:

| name | here |
|---|---|
| esther | has an address, two telephones of which the one is protected, a photo, and one more group |
| mette, anna | esther's contact persons; both have address and telephone, and anna is protected, shown as Sol Strand |
| liv | protected; has address and telephones |
| leif | has two roles, initials, a title and a room |
| bo | is a pupil in another system as well |
| vera | was attached by hand, as a trainee |
"""

import datetime as dt
from typing import Any

from django.utils import timezone

from accounts.models import Person, User
from institutions.models import Group, GroupType, ImportSeries, Membership, MembershipGroup, MembershipKind
from tests.cast import CPR, MEMBERS, SOURCE, Cast

OTHER_SOURCE = 'VUC "Øst" & Vest'
LOADED_AT = dt.datetime(2026, 8, 10, 0, 0, 7, tzinfo=dt.UTC)
ADDRESS = {
    "StreetAddress": "Nørregade 4, 2. tv.",
    "PostalCode": "1165",
    "PostalDistrict": "København K",
    "CountryCode": "DK",
    "Country": "Danmark",
    "MunicipalityCode": "0101",
    "MunicipalityName": "København",
}
PRIVATE: dict[str, dict[str, Any]] = {
    "esther": {
        "address": ADDRESS,
        "photo": "esther-2a.jpg",
        "HomePhoneNumber": ["33110001", True],
        "MobilePhoneNumber": ["33110002", False],
    },
    "mette": {"address": {"PostalCode": "2200"}, "WorkPhoneNumber": ["33110003", False]},
    "anna": {
        "name": ["Anna", "Krogh"],
        "address": {"StreetAddress": "Skjulested 9"},
        "MobilePhoneNumber": ["33110004", False],
    },
    "liv": {
        "name": ["Liv", "Skov"],
        "address": {"StreetAddress": "Hemmelig Allé 1", "PostalCode": "9999"},
        "photo": "liv.jpg",
        "HomePhoneNumber": ["33110005", False],
        "WorkPhoneNumber": ["33110006", True],
    },
}
NAMES = list(MEMBERS)


def user_id(name: str) -> str:
    return name.ljust(10, "0")


def birth_date(name: str) -> dt.date:
    return dt.date(1980, 3, 1 + NAMES.index(name))


def furnish(cast: Cast) -> None:
    for name in NAMES:
        User.objects.filter(pk=cast.users[name].pk).update(uniid=user_id(name))
        Person.objects.filter(pk=cast.person(name).pk).update(
            birth_date=birth_date(name),
            private=Person.sealed_private(PRIVATE.get(name, {})),
            cpr=Person.sealed_cpr(CPR[name]),
        )
    _person(cast, "esther").update(gender="K", email="esther@example.dk")
    _person(cast, "anna").update(protected=True, first_name="Sol", family_name="Strand")
    _person(cast, "liv").update(email="liv@example.dk", gender="K")
    _ties(cast)
    _groups(cast)
    ImportSeries.objects.create(
        institution=cast.school,
        source=SOURCE,
        last_source_time=LOADED_AT,
        last_loaded_at=LOADED_AT,
        school_year="2026-2027",
    )


def _person(cast: Cast, name: str) -> Any:
    return Person.objects.filter(pk=cast.person(name).pk)


def tie(cast: Cast, name: str) -> Any:
    """Return the query set of somebody's membership at the school."""
    return Membership.objects.filter(person=cast.person(name), institution=cast.school)


def _ties(cast: Cast) -> None:
    tie(cast, "esther").update(student_number="17", location="Bygning A")
    tie(cast, "leif").update(roles=["Leder", "Lærer"], short_name="LD", occupation="Skoleleder", location="Kontor 1")
    tie(cast, "vera").update(source="", local_person_id="", kind=MembershipKind.EXTERNAL, roles=["Praktikant"])
    evening = Group.objects.create(
        institution=cast.school, source=OTHER_SOURCE, group_id="VU1", name="Aftenhold", type=GroupType.MAIN, level="VU"
    )
    Membership.objects.create(
        person=cast.person("bo"),
        institution=cast.school,
        source=OTHER_SOURCE,
        local_person_id="kursist-1",
        kind=MembershipKind.STUDENT,
        roles=["Studerende"],
        level="VU",
        main_group=evening,
        from_date=timezone.localdate(),
    )


def _groups(cast: Cast) -> None:
    choir = Group.objects.create(
        institution=cast.school,
        source=SOURCE,
        group_id="Kor & <sang>",
        name="Skolens kor",
        type=GroupType.TEAM,
        line="B",
        from_date=dt.date(2026, 8, 1),
        to_date=dt.date(2027, 6, 30),
    )
    for name in ("esther", "vera"):
        MembershipGroup.objects.create(membership=tie(cast, name).get(), group=choir)

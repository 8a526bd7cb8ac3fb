"""The named cast: people that every test knows. Their CPR numbers are replacement numbers (day + 60).

| name | who |
|---|---|
| mette | teacher at Lærkeskolen, mother of esther and viggo, in custody of both; account not yet activated |
| esther | pupil in 2.A of Lærkeskolen, eight years old |
| viggo | child in the day care Bakkehuset, three years old |
| anna | contact person of esther without custody |
| sofie | pupil in 9.B, fifteen years old: old enough for MitID |
| emil | pupil in 5.A without MitID, with a password |
| karim | pedagogue in Bakkehuset, active, with a password |
| leif | leader of Lærkeskolen, active, with a password |
| liv | protected: shown by her alias Ane Bech only; employee, active, with a password |
| ida | former employee: no institution has her any more; active, with a password |
| tove | teacher of 2.A and 5.A at Lærkeskolen, active, with a password |
| bo | teacher of 9.B at Lærkeskolen, active, with a password |
| vera | substitute at Lærkeskolen without a class of her own, active, with a password |
| olga | operator of STIL; no person, no institution |
"""

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from accounts.models import ContactRelation, Credential, Person, User
from accounts.policy import band_of
from accounts.states import UserState
from institutions.models import (
    Group,
    GroupType,
    Institution,
    InstitutionKind,
    InstitutionLevel,
    Membership,
    MembershipGroup,
    MembershipKind,
    Municipality,
)

PASSWORD = "LampeSkov47"  # everybody's who has one

CPR = {
    "mette": "7103862334",
    "esther": "7203184414",
    "viggo": "7306234431",
    "anna": "7404882344",
    "sofie": "7505114452",
    "emil": "7606154403",
    "karim": "7707902355",
    "leif": "7808702377",
    "liv": "7909912398",
    "ida": "8010892312",
    "tove": "8111842326",
    "bo": "8212802359",
    "vera": "6201952302",
}
SOURCE = "Testsystem"
K = MembershipKind


@dataclass(frozen=True)
class Member:
    """One of the cast, as the tests know them: `place` "school" or "day_care", and there in which role and groups."""

    first: str
    family: str
    username: str
    age: int
    actor_group: str = ""
    level: str = ""
    place: str = ""
    kind: MembershipKind = K.EMPLOYEE
    role: str = ""
    main_group: str = ""
    groups: tuple[str, ...] = ()
    has_left: bool = False
    has_password: bool = False
    email: str = ""
    registered: tuple[str, str] | None = None


def _staff(
    first: str, family: str, username: str, age: int, role: str, *, place: str = "school", **more: Any
) -> Member:
    facts = {"actor_group": "Medarbejder", "has_password": True, **more}
    return Member(first, family, username, age, place=place, role=role, **facts)


def _pupil(first: str, family: str, username: str, age: int, level: str, group: str, **more: Any) -> Member:
    facts = {"place": "school", "role": "Elev", **more}
    return Member(first, family, username, age, "Elev", level, kind=K.STUDENT, main_group=group, **facts)


MEMBERS: dict[str, Member] = {
    "mette": _staff("Mette", "Holm", "mett4821", 40, "Lærer", has_password=False, email="mette@example.dk"),
    "esther": _pupil("Esther", "Holm", "esth7204", 8, "2", "2A"),
    "viggo": _pupil("Viggo", "Holm", "vigg1185", 3, "DT", "Solen", place="day_care", role="Barn"),
    "anna": Member("Anna", "Krogh", "anna3310", 38, "Kontaktperson"),
    "sofie": _pupil("Sofie", "Lund", "sofi5502", 15, "9", "9B"),
    "emil": _pupil("Emil", "Berg", "emil6613", 11, "5", "5A", has_password=True),
    "karim": _staff("Karim", "Nielsen", "kari7724", 36, "Pædagog", place="day_care"),
    "leif": _staff("Leif", "Dam", "leif8835", 56, "Leder"),
    "liv": _staff("Ane", "Bech", "aneb9946", 35, "TAP", registered=("Liv", "Skov")),
    "ida": _staff("Ida", "Vang", "idav1057", 37, "Lærer", actor_group="", has_left=True),
    "tove": _staff("Tove", "Bang", "tove1168", 42, "Lærer", groups=("2A", "5A")),
    "bo": _staff("Bo", "Friis", "bofr2279", 46, "Lærer", groups=("9B",)),
    "vera": _staff("Vera", "Juhl", "vera3381", 31, "Vikar"),
}
# Contact person, child, where, relation, custody.
RELATIONS = (
    ("mette", "esther", "school", "Mor", True),
    ("mette", "viggo", "day_care", "Mor", True),
    ("anna", "esther", "school", "Andet", False),
)


@dataclass(frozen=True)
class Cast:
    """Everybody by name, as `cast["mette"]`, and the places they belong to."""

    users: dict[str, User]
    school: Institution
    day_care: Institution

    def __getitem__(self, name: str) -> User:
        return User.objects.select_related("person").get(pk=self.users[name].pk)

    def person(self, name: str) -> Person:
        person = self[name].person
        assert person is not None
        return person


def years_ago(years: int) -> dt.date:
    """Return a birth date that makes someone `years` old, and half a year, today."""
    today = timezone.localdate()
    return dt.date(today.year - years, 1, 15) if today.month > 6 else dt.date(today.year - years - 1, 7, 15)


@cache
def hash_of(secret: str) -> str:
    """Return Argon2 of a secret, made once a run: for each member of each test's cast it would be most of the time."""
    return make_password(secret)


def assemble() -> Cast:
    """Put the cast into the database: some sixty rows, in a query a table."""
    places = _places()
    users = _users(_people())
    _memberships(users, places)
    _relations(users, places)
    users["olga"] = _operator("stil0001")
    return Cast(users, places["school"], places["day_care"])


def _places() -> dict[str, Institution]:
    municipality = Municipality.objects.create(code="0101", name="København")
    there = {"municipality": municipality, "cvr": "94348552"}
    school = Institution(
        number="101001",
        name="Lærkeskolen",
        kind=InstitutionKind.SCHOOL,
        level=InstitutionLevel.SCHOOL,
        p_number="9003766444",
        **there,
    )
    day_care = Institution(
        number="G12345",
        name="Bakkehuset",
        kind=InstitutionKind.DAY_CARE,
        level=InstitutionLevel.UNIT,
        p_number="9003766445",
        **there,
    )
    Institution.objects.bulk_create([school, day_care])
    return {"school": school, "day_care": day_care}


def _people() -> list[Person]:
    return Person.objects.bulk_create(
        Person(
            cpr=Person.sealed_cpr(CPR[name]),
            first_name=member.first,
            family_name=member.family,
            protected=member.registered is not None,
            birth_date=years_ago(member.age),
            email=member.email,
            private=Person.sealed_private({"name": list(member.registered)} if member.registered else {}),
        )
        for name, member in MEMBERS.items()
    )


def _users(people: list[Person]) -> dict[str, User]:
    users = User.objects.bulk_create(
        User(
            person=person,
            username=member.username,
            state=UserState.ACTIVE if member.has_password else UserState.IMPORTED,
            actor_group=member.actor_group,
            is_affiliated=not member.has_left,
            password_band=band_of(member.level) if member.level else "adult",
            password=hash_of(PASSWORD) if member.has_password else "",
        )
        for person, member in zip(people, MEMBERS.values(), strict=True)
    )
    Credential.objects.bulk_create(_credential(user) for user in users if user.password)
    return dict(zip(MEMBERS, users, strict=True))


def _credential(user: User, *, days_left: int = 300) -> Credential:
    """Return the terms of the user's password, as if made when it had `days_left` days more to go."""
    now = timezone.now()
    return Credential(user=user, band=user.password_band, made_at=now, expires_at=now + dt.timedelta(days=days_left))


def _operator(username: str) -> User:
    user = User.objects.create(
        username=username, state=UserState.ACTIVE, is_staff=True, is_superuser=True, password=hash_of(PASSWORD)
    )
    _credential(user).save()
    return user


def _memberships(users: dict[str, User], places: dict[str, Institution]) -> None:
    groups, today = _groups(places), timezone.localdate()
    there = {name: member for name, member in MEMBERS.items() if member.place}
    memberships = Membership.objects.bulk_create(
        Membership(
            person=users[name].person,
            institution=places[member.place],
            source=SOURCE,
            local_person_id=name,
            kind=member.kind,
            roles=[member.role],
            level=member.level,
            main_group=groups.get(member.main_group),
            is_primary=not member.has_left,
            from_date=today - dt.timedelta(days=300),
            to_date=today - dt.timedelta(days=3) if member.has_left else None,
        )
        for name, member in there.items()
    )
    MembershipGroup.objects.bulk_create(
        MembershipGroup(membership=membership, group=groups[group])
        for membership, member in zip(memberships, there.values(), strict=True)
        for group in member.groups
    )


def _groups(places: dict[str, Institution]) -> dict[str, Group]:
    """Make the groups that pupils have as their main group."""
    groups = Group.objects.bulk_create(
        Group(
            institution=places[member.place],
            source=SOURCE,
            group_id=member.main_group,
            name=member.main_group,
            type=GroupType.MAIN,
            level=member.level,
        )
        for member in MEMBERS.values()
        if member.main_group
    )
    return {group.group_id: group for group in groups}


def _relations(users: dict[str, User], places: dict[str, Institution]) -> None:
    ContactRelation.objects.bulk_create(
        ContactRelation(
            child=users[child].person,
            contact=users[contact].person,
            institution=places[place].number,
            source=SOURCE,
            relation=relation,
            custody=custody,
            access_level=2 if custody else 0,
            from_date=timezone.localdate() - dt.timedelta(days=300),
        )
        for contact, child, place, relation, custody in RELATIONS
    )

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
# Argon2 of PASSWORD, made once a run: hashing it for each member of each test's cast would be most of the time.
_HASHES: dict[str, str] = {}

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


def password_hash() -> str:
    return _HASHES.setdefault(PASSWORD, make_password(PASSWORD))


def assemble() -> Cast:
    """Put the cast into the database: some forty rows."""
    municipality = Municipality.objects.create(code="0101", name="København")
    school = Institution.objects.create(
        number="101001",
        name="Lærkeskolen",
        kind=InstitutionKind.SCHOOL,
        level=InstitutionLevel.SCHOOL,
        municipality=municipality,
        cvr="94348552",
        p_number="9003766444",
    )
    day_care = Institution.objects.create(
        number="G12345",
        name="Bakkehuset",
        kind=InstitutionKind.DAY_CARE,
        level=InstitutionLevel.UNIT,
        municipality=municipality,
        cvr="94348552",
        p_number="9003766445",
    )
    users = {
        "mette": _user("mette", "Mette", "Holm", "mett4821", 40, group="Medarbejder", email="mette@example.dk"),
        "esther": _user("esther", "Esther", "Holm", "esth7204", 8, group="Elev", level="2"),
        "viggo": _user("viggo", "Viggo", "Holm", "vigg1185", 3, group="Elev", level="DT"),
        "anna": _user("anna", "Anna", "Krogh", "anna3310", 38, group="Kontaktperson"),
        "sofie": _user("sofie", "Sofie", "Lund", "sofi5502", 15, group="Elev", level="9"),
        "emil": _user("emil", "Emil", "Berg", "emil6613", 11, group="Elev", level="5", password=True),
        "karim": _user("karim", "Karim", "Nielsen", "kari7724", 36, group="Medarbejder", password=True),
        "leif": _user("leif", "Leif", "Dam", "leif8835", 56, group="Medarbejder", password=True),
        "liv": _user(
            "liv", "Ane", "Bech", "aneb9946", 35, group="Medarbejder", password=True, registered=("Liv", "Skov")
        ),
        "ida": _user("ida", "Ida", "Vang", "idav1057", 37, affiliated=False, password=True),
        "tove": _user("tove", "Tove", "Bang", "tove1168", 42, group="Medarbejder", password=True),
        "bo": _user("bo", "Bo", "Friis", "bofr2279", 46, group="Medarbejder", password=True),
        "vera": _user("vera", "Vera", "Juhl", "vera3381", 31, group="Medarbejder", password=True),
        "olga": _operator("stil0001"),
    }
    cast = Cast(users, school, day_care)
    _memberships(cast)
    _relations(cast)
    return cast


def _user(
    key: str,
    first: str,
    family: str,
    username: str,
    age: int,
    *,
    group: str = "",
    level: str = "",
    affiliated: bool = True,
    password: bool = False,
    email: str = "",
    registered: tuple[str, str] | None = None,
) -> User:
    private = {"name": list(registered)} if registered else {}
    person = Person.objects.create(
        cpr=Person.sealed_cpr(CPR[key]),
        first_name=first,
        family_name=family,
        protected=registered is not None,
        birth_date=years_ago(age),
        email=email,
        private=Person.sealed_private(private),
    )
    user = User.objects.create(
        person=person,
        username=username,
        state=UserState.ACTIVE if password else UserState.IMPORTED,
        actor_group=group,
        is_affiliated=affiliated,
        password_band=band_of(level) if level else "adult",
        password=password_hash() if password else "",
    )
    if password:
        give_credential(user)
    return user


def give_credential(user: User, *, days_left: int = 300) -> None:
    """Note the terms of the user's password, as if made when it had `days_left` days more to go."""
    now = timezone.now()
    Credential.objects.create(
        user=user, band=user.password_band, made_at=now, expires_at=now + dt.timedelta(days=days_left)
    )


def _operator(username: str) -> User:
    user = User.objects.create(
        username=username, state=UserState.ACTIVE, is_staff=True, is_superuser=True, password=password_hash()
    )
    give_credential(user)
    return user


def _memberships(cast: Cast) -> None:
    kinds = MembershipKind
    _join(cast, "mette", cast.school, kinds.EMPLOYEE, ["Lærer"], group="2A")
    _join(cast, "esther", cast.school, kinds.STUDENT, ["Elev"], level="2", group="2A")
    _join(cast, "viggo", cast.day_care, kinds.STUDENT, ["Barn"], level="DT", group="Solen")
    _join(cast, "sofie", cast.school, kinds.STUDENT, ["Elev"], level="9", group="9B")
    _join(cast, "emil", cast.school, kinds.STUDENT, ["Elev"], level="5", group="5A")
    _join(cast, "karim", cast.day_care, kinds.EMPLOYEE, ["Pædagog"])
    _join(cast, "leif", cast.school, kinds.EMPLOYEE, ["Leder"])
    _join(cast, "liv", cast.school, kinds.EMPLOYEE, ["TAP"])
    _join(cast, "tove", cast.school, kinds.EMPLOYEE, ["Lærer"], groups=("2A", "5A"))
    _join(cast, "bo", cast.school, kinds.EMPLOYEE, ["Lærer"], groups=("9B",))
    _join(cast, "vera", cast.school, kinds.EMPLOYEE, ["Vikar"])
    _join(cast, "ida", cast.school, kinds.EMPLOYEE, ["Lærer"], ended=True)


def _join(
    cast: Cast,
    name: str,
    institution: Institution,
    kind: MembershipKind,
    roles: list[str],
    *,
    level: str = "",
    group: str = "",
    groups: tuple[str, ...] = (),
    ended: bool = False,
) -> None:
    today = timezone.localdate()
    main_group = _group(institution, group, level) if group else None
    membership = Membership.objects.create(
        person=cast.person(name),
        institution=institution,
        source=SOURCE,
        local_person_id=name,
        kind=kind,
        roles=roles,
        level=level,
        main_group=main_group if kind == MembershipKind.STUDENT else None,
        is_primary=not ended,
        from_date=today - dt.timedelta(days=300),
        to_date=today - dt.timedelta(days=3) if ended else None,
    )
    for name_of_group in groups:
        MembershipGroup.objects.create(membership=membership, group=_group(institution, name_of_group, ""))


def _group(institution: Institution, group_id: str, level: str) -> Group:
    group, _ = Group.objects.get_or_create(
        institution=institution,
        source=SOURCE,
        group_id=group_id,
        defaults={"name": group_id, "type": GroupType.MAIN, "level": level},
    )
    return group


def _relations(cast: Cast) -> None:
    _relate(cast, "mette", "esther", cast.school, "Mor", custody=True)
    _relate(cast, "mette", "viggo", cast.day_care, "Mor", custody=True)
    _relate(cast, "anna", "esther", cast.school, "Andet", custody=False)


def _relate(cast: Cast, contact: str, child: str, institution: Institution, relation: str, *, custody: bool) -> None:
    ContactRelation.objects.create(
        child=cast.person(child),
        contact=cast.person(contact),
        institution=institution.number,
        source=SOURCE,
        relation=relation,
        custody=custody,
        access_level=2 if custody else 0,
        from_date=timezone.localdate() - dt.timedelta(days=300),
    )

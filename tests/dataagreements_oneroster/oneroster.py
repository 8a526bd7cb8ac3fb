"""What the tests of OneRoster share: asking, releasing, and more people and groups than the cast has."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils import timezone

from accounts.models import ContactRelation, Person, User
from dataagreements.exports.oneroster.answer import Answer, answer
from dataagreements.exports.release import Release
from dataagreements.packages import Field, Package, fields_of
from institutions.models import Group, GroupType, Institution, Membership, MembershipGroup, MembershipKind

from ..cast import SOURCE, Cast

BASE = "https://portal.example/ims/oneroster/rostering/v1p2"
NAMES = ("orgs", "academicSessions", "courses", "classes", "enrollments", "users", "demographics")
COLLECTION_OF = {
    "org": "orgs",
    "academicSession": "academicSessions",
    "course": "courses",
    "class": "classes",
    "user": "users",
}
SINGLE_OF = {**{plural: single for single, plural in COLLECTION_OF.items()}, "enrollments": "enrollment"}
SINGLE_OF["demographics"] = "demographics"

JSON = dict[str, Any]


def release(institution: Institution, *ticked: Field, package: Package = Package.FULL) -> Release:
    """A release of what every full package holds, and of the fields `ticked`."""
    return Release(institution, package, fields_of(package, ticked))


def everything(*institutions: Institution) -> list[Release]:
    return [release(institution, *Field) for institution in institutions]


def ask(
    resource: str,
    releases: Iterable[Release],
    query: Mapping[str, str] | None = None,
    sourced_id: str | None = None,
    now: dt.datetime | None = None,
) -> Answer:
    return answer(resource, sourced_id, list(releases), query or {}, BASE, now=now or timezone.now())


def found(resource: str, releases: Iterable[Release], **query: str) -> list[JSON]:
    """The objects of a collection that is answered with 200."""
    answered = ask(resource, releases, {"limit": "10000", **query})
    assert answered.status == 200, answered.body
    objects: list[JSON] = answered.body[resource]
    return objects


def one(resource: str, releases: Iterable[Release], sourced_id: str, **query: str) -> JSON:
    answered = ask(resource, releases, query, sourced_id)
    assert answered.status == 200, answered.body
    itself: JSON = answered.body[SINGLE_OF[resource]]
    return itself


def ids(objects: Iterable[JSON]) -> list[str]:
    return [itself["sourcedId"] for itself in objects]


def refs(value: Any) -> Iterator[JSON]:
    """Every reference in a piece of JSON."""
    if isinstance(value, dict):
        if "href" in value:
            yield value
        for inner in value.values():
            yield from refs(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from refs(inner)


def uniid(cast: Cast, name: str) -> str:
    return cast[name].uniid


def enrich(cast: Cast) -> None:
    """Give the cast's places what the cast alone lacks: groups of other types, several roles, email, gender."""
    chess = _group(cast.school, "Skak", GroupType.TEAM)
    _group(cast.school, "Tom", GroupType.TEAM)  # nobody is in it
    ended = _group(cast.school, "Sidste år", GroupType.OTHER, ended_at=timezone.now())
    staff = _group(cast.school, "Dansklærere", GroupType.STAFF_TEAM)
    for name, group in (("esther", chess), ("sofie", chess), ("sofie", ended), ("tove", staff), ("leif", staff)):
        MembershipGroup.objects.create(membership=membership(cast, name), group=group)
    # The main group again among the groups: some systems deliver it so.
    MembershipGroup.objects.create(membership=membership(cast, "emil"), group=Group.objects.get(group_id="5A"))
    Membership.objects.filter(pk=membership(cast, "leif").pk).update(roles=["Leder", "Lærer"])
    for name in ("esther", "karim", "liv", "sofie", "anna"):
        Person.objects.filter(user=cast[name]).update(email=f"{name}@example.dk")
    for name, gender in (("esther", "K"), ("viggo", "M"), ("liv", "K"), ("bo", "M")):
        Person.objects.filter(user=cast[name]).update(gender=gender)
    Person.objects.filter(user=cast["vera"]).update(birth_date=None)


def membership(cast: Cast, name: str, institution: Institution | None = None) -> Membership:
    mine = Membership.objects.filter(person=cast.person(name))
    return mine.get(institution=institution) if institution else mine.get()


def _group(institution: Institution, group_id: str, kind: GroupType, **more: Any) -> Group:
    return Group.objects.create(
        institution=institution, source=SOURCE, group_id=group_id, name=f"{group_id} (navn)", type=kind, **more
    )


def join(person: Person, institution: Institution, kind: MembershipKind, role: str, **more: Any) -> Membership:
    """Make somebody a member of one more institution."""
    facts = {"source": "Et andet system", "local_person_id": f"her-{person.pk}", "from_date": timezone.localdate()}
    return Membership.objects.create(
        person=person, institution=institution, kind=kind, roles=[role], **{**facts, **more}
    )


def crowd(institution: Institution, number: int) -> None:
    """Put `number` pupils into the institution, in four classes and a team, each with a contact person."""
    start = Person.objects.count()
    groups = [_group(institution, f"{start}-{letter}", GroupType.MAIN, level="4") for letter in "abcd"]
    team = _group(institution, f"{start}-hold", GroupType.TEAM)
    people = Person.objects.bulk_create(
        Person(
            cpr=f"crowd {start + place}".encode(),
            first_name=f"Fornavn {place % 7}",
            family_name=f"Efternavn {place % 3}",
            birth_date=dt.date(2015, 1, 1) + dt.timedelta(days=place % 5),
            gender="KM"[place % 2],
            email=f"{start + place}@example.dk",
        )
        for place in range(2 * number)
    )
    User.objects.bulk_create(User(person=person, username=f"crow{person.pk % 10_000:04}") for person in people)
    pupils, contacts = people[:number], people[number:]
    memberships = Membership.objects.bulk_create(
        Membership(
            person=person,
            institution=institution,
            source=SOURCE,
            local_person_id=f"{start}-{place}",
            kind=MembershipKind.STUDENT,
            roles=["Elev"],
            level="4",
            main_group=groups[place % 4],
            from_date=timezone.localdate(),
        )
        for place, person in enumerate(pupils)
    )
    MembershipGroup.objects.bulk_create(MembershipGroup(membership=held, group=team) for held in memberships)
    ContactRelation.objects.bulk_create(
        ContactRelation(
            child=child,
            contact=contact,
            institution=institution.number,
            source=SOURCE,
            relation="Far",
            custody=True,
            access_level=2,
            from_date=timezone.localdate(),
        )
        for child, contact in zip(pupils, contacts, strict=True)
    )


def read(itself: Any, path: str) -> list[str]:
    """The values that stand in an object at a path such as `roles.org.sourcedId`."""
    if isinstance(itself, list):
        return [value for inner in itself for value in read(inner, path)]
    if not path:
        return [itself]
    first, _, rest = path.partition(".")
    return read(itself[first], rest) if first in itself else []

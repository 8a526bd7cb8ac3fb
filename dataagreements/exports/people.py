"""Reading an institution's groups and people, some hundreds at a time."""

from collections.abc import Generator, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from django.db.models import F, Q, QuerySet

from accounts.models import ContactRelation, Person
from institutions.models import Group, ImportSeries, Institution, Membership, MembershipGroup, MembershipKind
from unilogin_portal.lib.bulk import batches, look_up

from ..packages import Field
from .filters import Filters
from .terms import Terms

AT_ONCE = 500
TIE = (
    *("source", "local_person_id", "kind", "roles", "level", "main_group__group_id"),
    *("student_number", "short_name", "occupation", "location"),
)
RELATION = ("child", "source", "relation", "custody", "access_level")


class Tie(NamedTuple):
    """A membership, with the columns of `TIE`. As a model it would take many times as long to read."""

    id: int
    person_id: int
    source: str
    local_person_id: str
    kind: str
    roles: list[str]
    level: str
    main_group: str | None
    student_number: str
    short_name: str
    occupation: str
    location: str


class Relation(NamedTuple):
    """A relation to a contact person, with the columns of `RELATION`."""

    contact_id: int
    child_id: int
    source: str
    relation: str
    custody: bool
    access_level: int


class Member(NamedTuple):
    """A membership, with the ids of the groups it has besides its main group, and a pupil's contact persons."""

    tie: Tie
    group_ids: Sequence[str]
    contacts: Sequence[Relation]


class Named(NamedTuple):
    """A person, and how services know that person."""

    person: Person
    user_id: str


class Lot(NamedTuple):
    """Some hundred members, and by key everybody who is named among them: a parent of two once."""

    members: Sequence[Member]
    people: Mapping[int, Named]


def memberships(institution: Institution, filters: Filters) -> QuerySet[Membership]:
    """Return those to be exported.

    One of which the database does not hold what the format requires (an account, a role, a pupil's level and main
    group) is not among them: a supplier would have to refuse the whole answer. No import leaves such a one.
    """
    wanted = {
        MembershipKind.STUDENT: filters.include_students,
        MembershipKind.EMPLOYEE: filters.include_employees,
        MembershipKind.EXTERNAL: filters.include_externals,
    }
    pupil = Q(kind=MembershipKind.STUDENT)
    found = (
        Membership.objects.current()
        .filter(institution=institution, kind__in=[kind for kind, is_wanted in wanted.items() if is_wanted])
        .filter(person__user__isnull=False)
        .exclude(roles=[])
        .exclude(pupil & (Q(level="") | Q(main_group=None)))
    )
    return found.exclude(pupil & ~Q(level__in=filters.levels)) if filters.levels else found


def sources(institution: Institution, exported: QuerySet[Membership]) -> QuerySet[ImportSeries]:
    """Return the series that exported people refer to, and that have loaded something."""
    return ImportSeries.objects.filter(
        institution=institution,
        source__in=exported.values("source"),
        last_loaded_at__isnull=False,
        last_source_time__isnull=False,
    ).order_by("source")


def groups(institution: Institution) -> Generator[Group, None, None]:
    """Yield the current groups by their ids. One that two series deliver counts once: a service knows only the id."""
    current = Group.objects.filter(institution=institution, ended_at=None).order_by("group_id", "pk")
    for _, same in groupby(current.iterator(chunk_size=AT_ONCE), key=attrgetter("group_id")):
        yield next(same)


def lots(institution: Institution, exported: QuerySet[Membership], terms: Terms) -> Generator[Lot, None, None]:
    """Yield the exported people, in three queries for every `AT_ONCE` of them."""
    # By an index that begins with the institution: by primary key alone, PostgreSQL would walk through the country.
    rows = exported.order_by("source", "pk").values_list("pk", "person", *TIE)
    for some in batches(map(Tie._make, rows.iterator(chunk_size=AT_ONCE)), AT_ONCE):
        group_ids = _group_ids(some)
        contacts = _contacts(institution, some) if Field.CONTACTS in terms.fields else {}
        members = [
            Member(tie, group_ids.get(tie.id, ()), _each_once(contacts.get(tie.person_id, ()), tie)) for tie in some
        ]
        yield Lot(members, _people(members, terms))


def _group_ids(some: Sequence[Tie]) -> dict[int, list[str]]:
    """Return the ids of the current groups of each membership, sorted."""
    places = MembershipGroup.objects.filter(
        membership__any_of=[tie.id for tie in some], group__ended_at=None
    ).values_list("membership_id", "group__group_id")
    found: dict[int, list[str]] = {}
    for membership, group_id in sorted(places):
        found.setdefault(membership, []).append(group_id)
    return found


def _contacts(institution: Institution, some: Sequence[Tie]) -> dict[int, list[Relation]]:
    """Return the current contact persons that this institution reports, by child. What others report is not ours."""
    children = [tie.person_id for tie in some if tie.kind == MembershipKind.STUDENT]
    rows = (
        ContactRelation.objects.current()
        .filter(institution=institution.number, child__any_of=children, contact__user__isnull=False)
        .order_by("pk")
        .values_list("contact", *RELATION)
    )
    found: dict[int, list[Relation]] = {}
    for relation in map(Relation._make, rows if children else ()):
        found.setdefault(relation.child_id, []).append(relation)
    return found


def _people(members: Sequence[Member], terms: Terms) -> dict[int, Named]:
    """Return members and contact persons by key.

    The user id comes along as a value: person and account would hold each other, and all that were read so would stay
    in the memory until Python looks for such pairs.
    """
    named = {member.tie.person_id for member in members}
    named |= {relation.contact_id for member in members for relation in member.contacts}
    rows: QuerySet[Any] = Person.objects.only(*terms.columns).annotate(known_as=F("user__uniid"))
    return {one.pk: Named(one, one.known_as) for one in look_up(named, lambda part: rows.filter(pk__any_of=part))}


def _each_once(reported: Sequence[Relation], tie: Tie) -> Sequence[Relation]:
    """Return one relation for each contact person: of two systems' reports that of the membership's own."""
    chosen: dict[int, Relation] = {}
    for relation in reported:
        if relation.contact_id not in chosen or relation.source == tie.source:
            chosen[relation.contact_id] = relation
    return tuple(chosen.values())

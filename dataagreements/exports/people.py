"""Reading an institution's groups and people, some hundreds at a time."""

from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from django.db.models import Q, QuerySet

from accounts.models import ContactRelation, User
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


@dataclass(frozen=True)
class Member:
    """A membership, with the ids of the groups it has besides its main group, and a pupil's contact persons.

    `user_ids` has, by person, how services know whoever is named here.
    """

    membership: Membership
    group_ids: tuple[str, ...]
    contacts: tuple[ContactRelation, ...]
    user_ids: Mapping[int, str]


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


def members(institution: Institution, exported: QuerySet[Membership], terms: Terms) -> Generator[Member, None, None]:
    """Yield the exported people, in four queries for every `AT_ONCE` of them."""
    columns = [*TIE, *(f"person__{name}" for name in terms.columns)]
    # By an index that begins with the institution: by primary key alone, PostgreSQL would walk through the country.
    ordered = exported.select_related("person", "main_group").only(*columns).order_by("source", "pk")
    for some in batches(ordered.iterator(chunk_size=AT_ONCE), AT_ONCE):
        group_ids = _group_ids(some)
        contacts = _contacts(institution, some, terms) if Field.CONTACTS in terms.fields else {}
        user_ids = _user_ids(some, contacts.values())
        for membership in some:
            reported = _each_once(contacts.get(membership.person_id, ()), membership)
            yield Member(membership, tuple(group_ids.get(membership.pk, ())), reported, user_ids)


def _group_ids(some: Sequence[Membership]) -> dict[int, list[str]]:
    """Return the ids of the current groups of each membership, sorted."""
    places = MembershipGroup.objects.filter(
        membership__any_of=[membership.pk for membership in some], group__ended_at=None
    ).values_list("membership_id", "group__group_id")
    found: dict[int, list[str]] = {}
    for membership, group_id in sorted(places):
        found.setdefault(membership, []).append(group_id)
    return found


def _contacts(institution: Institution, some: Sequence[Membership], terms: Terms) -> dict[int, list[ContactRelation]]:
    """Return the current contact persons that this institution reports, by child. What others report is not ours."""
    children = [membership.person_id for membership in some if membership.kind == MembershipKind.STUDENT]
    columns = [*RELATION, *(f"contact__{name}" for name in terms.columns)]
    reported = (
        ContactRelation.objects.current()
        .filter(institution=institution.number, child__any_of=children, contact__user__isnull=False)
        .select_related("contact")
        .only(*columns)
        .order_by("pk")
    )
    found: dict[int, list[ContactRelation]] = {}
    for relation in reported if children else ():
        found.setdefault(relation.child_id, []).append(relation)
    return found


def _user_ids(some: Sequence[Membership], contacts: Iterable[Sequence[ContactRelation]]) -> dict[int, str]:
    """Return the user ids of members and contact persons, by person.

    Not read as a part of the person: person and account would hold each other, and all that were read so would stay in
    the memory until Python looks for such pairs.
    """
    named = {membership.person_id for membership in some}
    named |= {relation.contact_id for reported in contacts for relation in reported}
    accounts = User.objects.values_list("person_id", "uniid")
    return dict(look_up(named, lambda part: accounts.filter(person__any_of=part)))


def _each_once(reported: Sequence[ContactRelation], membership: Membership) -> tuple[ContactRelation, ...]:
    """Return one relation for each contact person: of two systems' reports that of the membership's own."""
    chosen: dict[int, ContactRelation] = {}
    for relation in reported:
        if relation.contact_id not in chosen or relation.source == membership.source:
            chosen[relation.contact_id] = relation
    return tuple(chosen.values())

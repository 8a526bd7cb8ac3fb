"""What is held: the current state of one import series, and of the people that a delivery names.

A fixed number of queries a delivery, whatever its size (very long lists of values go in a few parts).
"""

import datetime as dt
import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from accounts.models import ContactRelation, Person
from accounts.models.person import CPR_CONTEXT
from unilogin_portal.lib import bulk, crypto

from ..models import Group, GroupType, Institution, Membership, MembershipGroup, MembershipKind
from .rows import GroupRow, Tie
from .validation import RULES_VERSION


class HeldMembership(NamedTuple):
    """A current membership of the series."""

    id: int
    person_id: int
    local_id: str
    main_group: str
    digest: bytes


class HeldRelation(NamedTuple):
    """A current relation that the series reports."""

    id: int
    relation: str
    custody: bool
    access_level: int


class HeldGroup(NamedTuple):
    """A group of the series, ended or not."""

    id: int
    row: GroupRow
    is_current: bool


class PersonData(NamedTuple):
    """A person's master data as the table has them; `private` is sealed. The names are the table's columns."""

    first_name: str
    family_name: str
    protected: bool
    birth_date: dt.date | None
    gender: str
    email: str
    private: bytes


class HeldPerson(NamedTuple):
    """A person as stored; `master` is the institution number and source that the data come from, or two blanks."""

    id: int
    data: PersonData
    master: tuple[str, str]


@dataclass(frozen=True)
class Held:
    """The series as it stands. Relations are keyed by (child, contact), both person ids."""

    memberships: dict[str, HeldMembership] = field(default_factory=dict)
    relations: dict[tuple[int, int], HeldRelation] = field(default_factory=dict)
    groups: dict[str, HeldGroup] = field(default_factory=dict)


def digest_of(element: bytes | memoryview) -> bytes:
    """Return what stands for an element's bytes under the rules of today."""
    digest = hashlib.sha256(b"%d:" % RULES_VERSION)
    digest.update(element)
    return digest.digest()


def of_series(institution: Institution, source: str) -> Held:
    """Read what the series holds: three queries."""
    groups = _groups(institution, source)
    return Held(_memberships(institution, source, groups), _relations(institution.number, source), groups)


def seals(cprs: Iterable[str]) -> dict[str, list[bytes]]:
    """Return what these CPR numbers may be stored as: sealed under each key held, the newest first."""
    return {cpr: crypto.sealings(cpr, CPR_CONTEXT) for cpr in cprs}


def people(sealed: Mapping[str, list[bytes]]) -> dict[str, HeldPerson]:
    """Return the persons with these CPR numbers, by CPR number. `sealed` is what `seals` returned."""
    by_seal = {seal: cpr for cpr, sealings in sealed.items() for seal in sealings}
    columns = ("cpr", "id", "master_institution", "master_source", *PersonData._fields)
    found = {}
    for seal, pk, number, source, *data in bulk.look_up(by_seal, lambda part: bulk.select(Person, columns, cpr=part)):
        data[-1] = bytes(data[-1])
        found[by_seal[bytes(seal)]] = HeldPerson(pk, PersonData(*data), (number, source))
    return found


def ties(memberships: Collection[int], groups: Mapping[str, HeldGroup]) -> dict[int, Tie]:
    """Return what each of these memberships of a series says: two queries. `groups` are the series'."""
    names: dict[int | None, str] = {None: "", **{group.id: group_id for group_id, group in groups.items()}}
    named: dict[int, set[str]] = {}
    places = ("membership_id", "group_id")
    for membership, group in bulk.look_up(
        memberships, lambda part: bulk.select(MembershipGroup, places, membership_id=part)
    ):
        named.setdefault(membership, set()).add(names[group])
    texts = Tie._fields[Tie._fields.index("student_number") :]
    columns = ("id", "kind", "roles", "level", "main_group_id", *texts)
    found = {}
    for pk, kind, roles, level, main, *rest in bulk.look_up(
        memberships, lambda part: bulk.select(Membership, columns, id=part)
    ):
        in_groups = frozenset(named.get(pk, ()))
        found[pk] = Tie(MembershipKind(kind), tuple(json.loads(roles)), level, names[main], in_groups, *rest)
    return found


def members_of(groups: Collection[int]) -> dict[int, set[int]]:
    """Return which current memberships refer to each of these groups by `GroupId`."""
    found: dict[int, set[int]] = {}
    query = MembershipGroup.objects.filter(membership__to_date=None).values_list("group_id", "membership_id")
    for group, membership in bulk.look_up(groups, lambda part: query.filter(group__any_of=part)):
        found.setdefault(group, set()).add(membership)
    return found


def _memberships(institution: Institution, source: str, groups: dict[str, HeldGroup]) -> dict[str, HeldMembership]:
    names = {group.id: group_id for group_id, group in groups.items()}
    columns = ("id", "person_id", "local_person_id", "main_group_id", "digest")
    rows = bulk.select(Membership, columns, to_date=None, institution_id=institution.pk, source=source)
    return {
        local_id: HeldMembership(pk, person, local_id, names.get(main, ""), bytes(digest))
        for pk, person, local_id, main, digest in rows
    }


def _relations(number: str, source: str) -> dict[tuple[int, int], HeldRelation]:
    columns = ("child_id", "contact_id", "id", "relation", "custody", "access_level")
    rows = bulk.select(ContactRelation, columns, to_date=None, institution=number, source=source)
    return {(child, contact): HeldRelation(*rest) for (child, contact, *rest) in rows}


def _groups(institution: Institution, source: str) -> dict[str, HeldGroup]:
    columns = ("id", "ended_at", "group_id", "name", "type", "level", "line", "from_date", "to_date")
    held = {}
    for pk, ended_at, group_id, name, kind, *rest in bulk.select(
        Group, columns, institution_id=institution.pk, source=source
    ):
        held[group_id] = HeldGroup(pk, GroupRow(group_id, name, GroupType(kind), *rest), ended_at is None)
    return held

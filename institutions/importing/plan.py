"""Wanted minus held: what a delivery will create, change and end. Pure; the same delivery twice gives an empty plan.

Nothing is deleted. Whoever is missing from the delivery is ended; whoever's row has an issue stays as held.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from ..models import GroupType
from .reading import Reading
from .rows import ContactRow, GroupRow, Row, Tie
from .snapshot import Held, HeldMembership, HeldPerson, PersonData


class Tally(NamedTuple):
    """How many were created, updated, unchanged and ended."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    ended: int = 0


class Change(NamedTuple):
    """A membership that says something else now. `was` is what it said."""

    membership: HeldMembership
    was: Tie
    row: Row


class NewRelation(NamedTuple):
    """A contact person's relation to a child, both by CPR number: either may be new in this very delivery."""

    child: str
    contact: ContactRow


@dataclass(frozen=True)
class GroupPlan:
    new: list[GroupRow] = field(default_factory=list)
    changed: list[tuple[int, GroupRow]] = field(default_factory=list)  # also those that come back
    ended: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class PeoplePlan:
    new: dict[str, PersonData] = field(default_factory=dict)
    changed: list[tuple[int, PersonData]] = field(default_factory=list)
    adopted: list[int] = field(default_factory=list)  # whose master data nobody else delivers any more


@dataclass(frozen=True)
class RelationPlan:
    new: list[NewRelation] = field(default_factory=list)
    changed: list[tuple[int, ContactRow]] = field(default_factory=list)
    ended: list[int] = field(default_factory=list)
    released: set[int] = field(default_factory=set)  # persons (ids) who lost such a relation
    retold: set[int] = field(default_factory=set)  # persons (ids) in `changed`


@dataclass(frozen=True)
class Plan:
    """All that a delivery changes. By CPR number: `known` are the persons named who are held, `seals` of all named."""

    groups: GroupPlan
    people: PeoplePlan
    joins: list[Row]
    changes: list[Change]
    leaves: list[HeldMembership]
    relations: RelationPlan
    digests: dict[int, bytes]  # by membership id: of elements that were read; nothing for one that has an issue
    known: Mapping[str, HeldPerson]
    seals: Mapping[str, bytes]
    tally: Tally
    contact_tally: Tally


def plan(
    reading: Reading,
    held: Held,
    *,
    wanted: Mapping[str, PersonData],
    ties: Mapping[int, Tie],
    references: Mapping[int, set[int]],
    master: tuple[str, str],
) -> Plan:
    """Return what has to be done.

    `wanted` is `people.wanted(reading.rows)`, `ties` what the memberships in `reading.rows` say now, `references`
    which memberships refer to each held group that is not delivered, `master` this series as a source of master data.
    """
    people = _people(wanted, reading.people, master)
    rows = [(row, held.memberships.get(row.local_id)) for row in reading.rows]
    changes = [
        Change(membership, ties[membership.id], row)
        for row, membership in rows
        if membership and ties[membership.id] != row.tie
    ]
    joins = [row for row, membership in rows if membership is None]
    leaves = list(_leaves(reading, held))
    relations = _relations(reading, held, leaves)
    updated = _updated(changes, people, rows)
    staying = len(rows) - len(joins) + len(reading.same)
    return Plan(
        groups=_groups(reading, held, references),
        people=people,
        joins=joins,
        changes=changes,
        leaves=leaves,
        relations=relations,
        digests=dict(_new_digests(rows, reading)),
        known=reading.people,
        seals=reading.seals,
        tally=Tally(len(joins), updated, staying - updated, len(leaves)),
        contact_tally=_contact_tally(held, relations, people, reading.people),
    )


def digest_to_keep(row: Row, reading: Reading) -> bytes:
    """Return what to remember the row's element by: nothing where it has an issue, so that it is told again."""
    return reading.digests[row.place] if row.whole else b""


def _new_digests(rows: Iterable[tuple[Row, HeldMembership | None]], reading: Reading) -> Iterator[tuple[int, bytes]]:
    for row, membership in rows:
        digest = digest_to_keep(row, reading)
        if membership and membership.digest != digest:
            yield membership.id, digest
    # While such a row is not heard, another of the same person may be: once it is well again it has to be read.
    for membership in reading.kept:
        if membership.digest:
            yield membership.id, b""


def _people(wanted: Mapping[str, PersonData], known: Mapping[str, HeldPerson], master: tuple[str, str]) -> PeoplePlan:
    plan = PeoplePlan()
    for cpr, data in wanted.items():
        person = known.get(cpr)
        if person is None:
            plan.new[cpr] = data
        elif person.master in {master, ("", "")}:
            if person.data != data:
                plan.changed.append((person.id, data))
            if person.master != master:
                plan.adopted.append(person.id)
    return plan


def _updated(changes: Iterable[Change], people: PeoplePlan, rows: Iterable[tuple[Row, HeldMembership | None]]) -> int:
    """Return how many held memberships changed themselves or have a person who did."""
    changed_people = {person for person, _ in people.changed}
    changed = {change.membership.id for change in changes}
    changed.update(held.id for _, held in rows if held and held.person_id in changed_people)
    return len(changed)


def _leaves(reading: Reading, held: Held) -> Iterator[HeldMembership]:
    staying = {row.local_id for row in reading.rows}
    staying.update(membership.local_id for membership in (*reading.same, *reading.kept))
    return (membership for name, membership in held.memberships.items() if name not in staying)


def _groups(reading: Reading, held: Held, references: Mapping[int, set[int]]) -> GroupPlan:
    wanted = dict(reading.groups)
    for group_id in {group_id for row in reading.rows for group_id in row.tie.groups} - wanted.keys():
        # D1.4: named by a person is enough. One that was delivered before stays as it was then.
        was = held.groups.get(group_id)
        wanted[group_id] = was.row if was else GroupRow(group_id, group_id, GroupType.OTHER)
    plan = GroupPlan()
    for group_id, wanted_row in wanted.items():
        group = held.groups.get(group_id)
        if group is None:
            plan.new.append(wanted_row)
        elif group.row != wanted_row or not group.is_current:
            plan.changed.append((group.id, wanted_row))
    standing = {membership.id for membership in (*reading.same, *reading.kept)}
    main_groups = {membership.main_group for membership in reading.kept}
    for group_id, group in held.groups.items():
        if group_id in wanted or group_id in reading.named_groups or group_id in main_groups or not group.is_current:
            continue
        if standing.isdisjoint(references.get(group.id, ())):
            plan.ended.append(group.id)
    return plan


def _relations(reading: Reading, held: Held, leaves: Iterable[HeldMembership]) -> RelationPlan:
    plan = RelationPlan()
    kept_children = {membership.person_id for membership in reading.kept}
    ids = {cpr: person.id for cpr, person in reading.people.items()}
    read_children = {membership.person_id for membership in leaves}
    incomplete: set[int] = set()
    wanted: set[tuple[int, int]] = set()
    for row in reading.rows:
        child = ids.get(row.person.cpr, 0)
        read_children.add(child)
        if not row.whole:
            incomplete.add(child)
        for contact in row.contacts:
            pair = (child, ids.get(contact.person.cpr, 0))
            wanted.add(pair)
            relation = held.relations.get(pair)
            if relation is None:
                plan.new.append(NewRelation(row.person.cpr, contact))
            elif relation[1:] != contact[1:]:
                plan.changed.append((relation.id, contact))
                plan.retold.add(pair[1])
    # A contact person left out because of an issue may be any of those held: then none of them is ended.
    ending = read_children - kept_children - incomplete
    for pair, relation in held.relations.items():
        if pair[0] in ending and pair not in wanted:
            plan.ended.append(relation.id)
            plan.released.add(pair[1])
    return plan


def _contact_tally(held: Held, relations: RelationPlan, people: PeoplePlan, known: Mapping[str, HeldPerson]) -> Tally:
    """Count contact persons, each once, however many children they stand under."""
    ended = set(relations.ended)
    before = {contact for _, contact in held.relations}
    new = {relation.contact.person.cpr for relation in relations.new}
    after = {contact for (_, contact), relation in held.relations.items() if relation.id not in ended}
    after.update(known[cpr].id for cpr in new if cpr in known)
    staying = before & after
    updated = staying & (relations.retold | {person for person, _ in people.changed})
    created = len(after - before) + sum(cpr not in known for cpr in new)
    return Tally(created, len(updated), len(staying) - len(updated), len(before - after))

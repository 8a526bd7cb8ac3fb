"""A plan's changes, written: in bulk, in the caller's one transaction, nothing deleted but places in groups."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest

from accounts import provisioning
from accounts.models import ContactRelation, Person, User
from accounts.provisioning import NewAccount
from unilogin_portal.lib import bulk

from ..models import Group, Institution, Membership, MembershipGroup
from . import standing
from .plan import Change, Plan
from .rows import Row
from .snapshot import Held, PersonData

_TABLES_OF_PEOPLE = (Person, Membership, ContactRelation)
# A delivery with so many new memberships may have made tables much larger.
_MANY = 100


@dataclass(frozen=True)
class Place:
    """Where and when a plan is carried out. `moment` is the delivery's: from and to dates count from its day."""

    institution: Institution
    source: str
    moment: dt.datetime
    day: dt.date

    @property
    def last_day(self) -> Greatest:
        """The day on which a row ends: not before the one on which it began, whatever clocks have said."""
        return Greatest(F("from_date"), Value(self.day))


@dataclass(frozen=True)
class Written:
    """The primary keys of the rows that were inserted."""

    groups: Sequence[int]
    people: Sequence[int]
    memberships: Sequence[int]
    relations: Sequence[int]


@dataclass(frozen=True)
class _Keys:
    """The primary keys of all groups that the plan names, by group id, and of all persons, by CPR number."""

    groups: Mapping[str, int]
    people: Mapping[str, int]


def apply(plan: Plan, held: Held, digests: Mapping[int, bytes], place: Place) -> Written:
    """Carry out `plan`; `digests` are those of the joining rows, by their place in the file."""
    counts = len(plan.groups.new), len(plan.people.new), len(plan.joins), len(plan.relations.new)
    written = Written(*bulk.reserve_ids(list(zip((Group, *_TABLES_OF_PEOPLE), counts, strict=True))))
    standing.lock(_touched(plan))
    keys = _Keys(_write_groups(plan, written.groups, held, place), _write_people(plan, written.people, place))
    _write_memberships(plan, written.memberships, keys, digests, place)
    _write_relations(plan, written.relations, keys, place)
    standing.settle(_unsettled(plan))
    if len(plan.joins) > _MANY:
        grown = (User, MembershipGroup, *_TABLES_OF_PEOPLE)
        transaction.on_commit(partial(bulk.refresh_statistics, *grown), robust=True)
    return written


def _write_groups(plan: Plan, new_ids: Sequence[int], held: Held, place: Place) -> dict[str, int]:
    groups = plan.groups
    ids = {group_id: group.id for group_id, group in held.groups.items()}
    fields = ("name", "type", "level", "line", "from_date", "to_date")
    bulk.insert(
        Group,
        ("id", "group_id", *fields),
        ((pk, *row) for pk, row in zip(new_ids, groups.new, strict=True)),
        always={"institution_id": place.institution.pk, "source": place.source},
    )
    bulk.update(Group, (*fields, "ended_at"), ((pk, *row[1:], None) for pk, row in groups.changed))
    for part in bulk.batches(groups.ended, bulk.MOST_VALUES):
        Group.objects.filter(pk__any_of=part).update(ended_at=place.moment)
    return ids | {row.group_id: pk for pk, row in zip(new_ids, groups.new, strict=True)}


def _write_people(plan: Plan, ids: Sequence[int], place: Place) -> dict[str, int]:
    people = plan.people
    new_ids = dict(zip(people.new, ids, strict=True))
    master = (place.institution.number, place.source)
    bulk.insert(
        Person,
        ("id", "cpr", *PersonData._fields),
        ((new_ids[cpr], plan.seals[cpr], *data) for cpr, data in people.new.items()),
        always={"master_institution": master[0], "master_source": master[1]},
    )
    bulk.update(Person, PersonData._fields, ((pk, *data) for pk, data in people.changed))
    for part in bulk.batches(people.adopted, bulk.MOST_VALUES):
        Person.objects.filter(pk__any_of=part).update(master_institution=master[0], master_source=master[1])
    provisioning.create_accounts(list(_accounts(plan, new_ids)))
    return {cpr: person.id for cpr, person in plan.known.items()} | new_ids


def _accounts(plan: Plan, new_ids: Mapping[str, int]) -> Iterator[NewAccount]:
    """Yield an account for each new person; what they are is all in this plan."""
    ties: dict[str, tuple[tuple[str, str], ...]] = {}
    for row in plan.joins:
        ties[row.person.cpr] = (*ties.get(row.person.cpr, ()), (row.tie.kind, row.tie.level))
    contacts = {relation.contact.person.cpr for relation in plan.relations.new}
    for cpr, data in plan.people.new.items():
        held = standing.standing_of(ties.get(cpr, ()), is_contact=cpr in contacts)
        yield NewAccount(new_ids[cpr], data.first_name, data.family_name, held)


def _write_memberships(plan: Plan, ids: Sequence[int], keys: _Keys, digests: Mapping[int, bytes], place: Place) -> None:
    leaving = [membership.id for membership in plan.leaves]
    for part in bulk.batches(leaving, bulk.MOST_VALUES):
        Membership.objects.filter(pk__any_of=part).update(to_date=place.last_day, is_primary=False)
    primary: set[str] = set()

    def rows() -> Iterator[tuple[object, ...]]:
        for pk, row in zip(ids, plan.joins, strict=True):
            # A new person's first row is the primary one; of somebody known `standing.settle` decides.
            is_first = row.person.cpr in plan.people.new and row.person.cpr not in primary
            primary.add(row.person.cpr)
            held = (pk, keys.people[row.person.cpr], row.local_id, is_first, digests[row.place])
            yield (*held, *_columns(row, keys.groups))

    bulk.insert(
        Membership,
        ("id", "person_id", "local_person_id", "is_primary", "digest", *TIE_FIELDS),
        rows(),
        always={"institution_id": place.institution.pk, "source": place.source, "from_date": place.day},
    )
    bulk.update(
        Membership,
        TIE_FIELDS,
        ((change.membership.id, *_columns(change.row, keys.groups)) for change in plan.changes),
    )
    bulk.update(Membership, ("digest",), plan.digests.items())
    _write_places(plan.changes, keys.groups)
    links = (
        (pk, keys.groups[name]) for pk, row in zip(ids, plan.joins, strict=True) for name in sorted(row.tie.groups)
    )
    bulk.insert(MembershipGroup, ("membership_id", "group_id"), links)


TIE_FIELDS = (
    *("kind", "roles", "level", "main_group_id"),
    *("student_number", "short_name", "occupation", "location"),
)


def _columns(row: Row, group_ids: Mapping[str, int]) -> tuple[object, ...]:
    tie = row.tie
    main_group = group_ids[tie.main_group] if tie.main_group else None
    return (tie.kind.value, list(tie.roles), tie.level, main_group, *tie[tie._fields.index("student_number") :])


def _write_places(changes: Iterable[Change], group_ids: Mapping[str, int]) -> None:
    """Move the members of `changes` between groups."""
    changes = [change for change in changes if change.was.groups != change.row.tie.groups]
    gone = {
        (change.membership.id, group_ids[name])
        for change in changes
        for name in change.was.groups - change.row.tie.groups
    }
    members = {membership for membership, _ in gone}
    for part in bulk.batches(members, bulk.MOST_VALUES):
        held = MembershipGroup.objects.filter(membership__any_of=part).values_list("pk", "membership_id", "group_id")
        MembershipGroup.objects.filter(pk__any_of=[pk for pk, *pair in held if tuple(pair) in gone]).delete()
    come = (
        (change.membership.id, group_ids[name])
        for change in changes
        for name in sorted(change.row.tie.groups - change.was.groups)
    )
    bulk.insert(MembershipGroup, ("membership_id", "group_id"), come)


def _write_relations(plan: Plan, ids: Sequence[int], keys: _Keys, place: Place) -> None:
    relations = plan.relations
    for part in bulk.batches(relations.ended, bulk.MOST_VALUES):
        ContactRelation.objects.filter(pk__any_of=part).update(to_date=place.last_day)
    terms = ("relation", "custody", "access_level")
    bulk.update(ContactRelation, terms, ((pk, *contact[1:]) for pk, contact in relations.changed))
    bulk.insert(
        ContactRelation,
        ("id", "child_id", "contact_id", *terms),
        (
            (pk, keys.people[relation.child], keys.people[relation.contact.person.cpr], *relation.contact[1:])
            for pk, relation in zip(ids, relations.new, strict=True)
        ),
        always={"institution": place.institution.number, "source": place.source, "from_date": place.day},
    )


def _touched(plan: Plan) -> set[int]:
    """Return the held persons whom the plan changes in any way."""
    changed = {pk for pk, _ in plan.people.changed} | set(plan.people.adopted)
    return changed | _unsettled(plan)


def _unsettled(plan: Plan) -> set[int]:
    """Return the held persons whose ties the plan changes."""
    named = [row.person.cpr for row in plan.joins]
    named += [relation.contact.person.cpr for relation in plan.relations.new]
    people = {plan.known[cpr].id for cpr in named if cpr in plan.known} | plan.relations.released
    people |= {membership.person_id for membership in plan.leaves}
    return people | {change.membership.person_id for change in plan.changes}

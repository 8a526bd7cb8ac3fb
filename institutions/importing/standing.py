"""What a person is to all institutions together: password band, kind of user, primary institution, master data.

The band of a pupil is that of the level; who has any other tie as well, or is somebody's contact person, is an adult
to the portal, and of several levels the highest band counts: a secret is as strong as its strongest use needs (D3.2).
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from operator import itemgetter
from typing import Any, NamedTuple

from accounts import provisioning
from accounts.models import ContactRelation, Person
from accounts.models.user import ActorGroup
from accounts.policy import Band, band_of
from accounts.provisioning import NewAccount, Standing
from unilogin_portal.lib import bulk

from ..models import Institution, Membership, MembershipKind

_BANDS = tuple(Band)  # from the first years to adults
# Of several kinds of user the first here is what services are told (D1.6, D2.3).
_ACTOR_GROUPS: tuple[tuple[MembershipKind, ActorGroup], ...] = (
    (MembershipKind.EMPLOYEE, ActorGroup.EMPLOYEE),
    (MembershipKind.STUDENT, ActorGroup.STUDENT),
    (MembershipKind.EXTERNAL, ActorGroup.EXTERNAL),
)


class Held(NamedTuple):
    """One current tie of a person to an institution; `membership_id` is None for a contact person's."""

    person_id: int
    membership_id: int | None
    kind: str
    level: str
    number: str
    source: str
    is_primary: bool
    from_date: dt.date
    id: int


@cache
def standing_of(ties: tuple[tuple[str, str], ...], *, is_contact: bool) -> Standing:
    """Return the standing of a person with these current ties, each a kind and a level. Pure."""
    kinds = {kind for kind, _ in ties}
    if not kinds and not is_contact:
        return provisioning.NOBODYS
    group = next((group for kind, group in _ACTOR_GROUPS if kind in kinds), ActorGroup.CONTACT)
    if kinds != {MembershipKind.STUDENT} or is_contact:
        return Standing(Band.ADULT, group, is_affiliated=True)
    band = max((band_of(level) for _, level in ties), key=_BANDS.index)
    return Standing(band, group, is_affiliated=True)


def lock(people: Collection[int]) -> None:
    """Keep other deliveries from deciding about these people until this transaction ends. In one order, for all."""
    for part in bulk.batches(sorted(people), bulk.MOST_VALUES):
        list(Person.objects.select_for_update(no_key=True).filter(pk__any_of=part).order_by("pk").values_list("pk"))


def settle(people: Collection[int]) -> None:
    """Work out anew what follows from the current ties of these people (ids), who have been locked."""
    if not people:
        return
    ties = _ties(people)
    lacking = provisioning.push({person: _standing(ties.get(person, ())) for person in people})
    _give_accounts(lacking, ties)
    _choose_primary(ties)
    _hand_over_master_data(people, ties)


def _standing(ties: Iterable[Held]) -> Standing:
    memberships = tuple((tie.kind, tie.level) for tie in ties if tie.membership_id)
    return standing_of(memberships, is_contact=any(tie.membership_id is None for tie in ties))


def _ties(people: Collection[int]) -> dict[int, list[Held]]:
    """Return the current ties of these people, memberships before relations, each in the order in which they began."""
    found: dict[int, list[Held]] = {}
    for part in bulk.batches(people, bulk.MOST_VALUES):
        for tie in (*_memberships(list(part)), *_relations(list(part))):
            found.setdefault(tie.person_id, []).append(tie)
    return found


def _memberships(people: list[int]) -> Iterator[Held]:
    columns = ("from_date", "id", "to_date", "person_id", "kind", "level", "institution_id", "source", "is_primary")
    rows = _current(bulk.select(Membership, columns, person_id=people))
    numbers = dict(bulk.select(Institution, ("id", "number"), id=list({row[6] for row in rows})))
    for begun, pk, _, person, kind, level, institution, source, is_primary in rows:
        yield Held(person, pk, kind, level, numbers[institution], source, is_primary, begun, pk)


def _relations(people: list[int]) -> Iterator[Held]:
    columns = ("from_date", "id", "to_date", "contact_id", "child_id", "institution", "source")
    for begun, _, _, contact, child, number, source in _current(
        bulk.select(ContactRelation, columns, contact_id=people)
    ):
        yield Held(contact, None, "", "", number, source, False, begun, child)


def _current(rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Return those whose third value, the end, is None, by the first two.

    PostgreSQL is not asked for it: as long as it does not know how few ties end it goes through all that have not.
    """
    return sorted((row for row in rows if row[2] is None), key=itemgetter(0, 1))


def _give_accounts(people: Collection[int], ties: Mapping[int, list[Held]]) -> None:
    """Make accounts for people who were known without one."""
    if not people:
        return
    names = Person.objects.filter(pk__any_of=people).values_list("pk", "first_name", "family_name")
    provisioning.create_accounts(
        [NewAccount(pk, first, family, _standing(ties.get(pk, ()))) for pk, first, family in names]
    )


def _choose_primary(ties: Mapping[int, list[Held]]) -> None:
    """D1.8: the first institution is the primary one; where it ended, the next takes its place."""
    chosen = []
    for held in ties.values():
        memberships = [tie for tie in held if tie.membership_id]
        if memberships and not any(tie.is_primary for tie in memberships):
            chosen.append(memberships[0].membership_id)
    for part in bulk.batches(chosen, bulk.MOST_VALUES):
        Membership.objects.filter(pk__any_of=part).update(is_primary=True)


def _hand_over_master_data(people: Collection[int], ties: Mapping[int, list[Held]]) -> None:
    """Where the system that a person's data come from has the person no more, let the next one's next delivery tell.

    Nobody is master until then; the elements that name the person there are forgotten, so that they are read again.
    """
    orphans: list[int] = []
    heirs: list[Held] = []
    for part in bulk.batches(people, bulk.MOST_VALUES):
        masters = bulk.select(Person, ("id", "master_institution", "master_source"), id=list(part))
        for pk, *master in masters:
            held = ties.get(pk, [])
            if master != ["", ""] and all([tie.number, tie.source] != master for tie in held):
                orphans.append(pk)
                heirs.extend(held)
    for part in bulk.batches(orphans, bulk.MOST_VALUES):
        Person.objects.filter(pk__any_of=part).update(master_institution="", master_source="")
    _forget_elements(heirs)


def _forget_elements(ties: Iterable[Held]) -> None:
    memberships: set[int] = set()
    children: set[tuple[int, str, str]] = set()
    for tie in ties:
        if tie.membership_id is None:
            children.add((tie.id, tie.number, tie.source))
        else:
            memberships.add(tie.membership_id)
    held = Membership.objects.current().values_list("person_id", "institution__number", "source", "pk")
    for part in bulk.batches({child for child, _, _ in children}, bulk.MOST_VALUES):
        memberships.update(pk for *child, pk in held.filter(person__any_of=part) if tuple(child) in children)
    for part in bulk.batches(memberships, bulk.MOST_VALUES):
        Membership.objects.filter(pk__any_of=part).update(digest=b"")

"""Which elements of a delivery have to be read, and what they say.

An element with the same bytes as last time says the same as last time, unless something outside it changed: its main
group, another row of the same person or local id, or the row that a parent's data come from. Such elements are read
too, so that the outcome is exactly that of reading everything.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..models import GroupType
from . import content, snapshot
from .codes import IssueCode
from .format import ISSUES_OF_A_REFUSED
from .parser import Document
from .reasons import DeliveryRejected, Reason
from .rows import GroupRow, Issue, RawRow, Row
from .snapshot import Held, HeldMembership, HeldPerson
from .validation import check_groups, check_rows, is_too_bad, shown_local_id

_CPR_DIGITS = 10


@dataclass(frozen=True)
class Reading:
    """What a delivery says. Every element is in `rows`, in `same`, or has an issue."""

    persons: int  # elements
    groups: dict[str, GroupRow]
    named_groups: frozenset[str]  # delivered ones, good or not
    rows: list[Row]
    digests: list[bytes]  # by place in the file
    same: list[HeldMembership]
    kept: list[HeldMembership]  # those whose row has an issue: neither changed nor ended by it
    people: dict[str, HeldPerson]  # those named in `rows` who are known already, by CPR number
    seals: dict[str, bytes]  # the CPR numbers named in `rows`, sealed
    issues: list[Issue]


def read(document: Document, held: Held) -> Reading:
    """Read what is not the same as last time. Raises `DeliveryRejected`."""
    digests = _digests(document)
    same = _same(digests, held)
    found = content.check(document)
    groups, issues = check_groups(found.groups)
    main_groups = {name: group for name, group in groups.items() if group.type == GroupType.MAIN}
    raw = list(found.rows(place for place in range(len(digests)) if place not in same))
    seals = snapshot.seals(_cprs(raw))
    known = snapshot.people(seals)
    if more := _affected(raw, same, held, known, main_groups):
        for place in more:
            del same[place]
        raw = sorted([*raw, *found.rows(more)])
        further = snapshot.seals(_cprs(raw) - seals.keys())
        known |= snapshot.people(further)
        seals |= further
    rows, row_issues = check_rows(raw, main_groups)
    rows, match_issues = match(rows, held, known)
    issues = sorted([*issues, *row_issues, *match_issues], key=lambda issue: (issue.line, issue.contact or 0))
    _check_amount(len(document.elements) - len(rows) - len(same), document, issues)
    good = {row.local_id for row in rows} | {membership.local_id for membership in same.values()}
    return Reading(
        persons=len(document.elements),
        groups=groups,
        named_groups=frozenset(group.texts.get("GroupId", "") for group in found.groups),
        rows=rows,
        digests=digests,
        same=list(same.values()),
        kept=[held.memberships[name] for name in {row.local_id for row in raw} - good if name in held.memberships],
        people=known,
        seals={cpr: newest for cpr, (newest, *_) in seals.items()},
        issues=issues,
    )


def _check_amount(bad: int, document: Document, issues: list[Issue]) -> None:
    """Raise `DeliveryRejected`, with the first issues, where too many rows cannot be loaded."""
    rows = len(document.elements)
    if is_too_bad(bad, rows):
        raise DeliveryRejected(
            Reason.TOO_MANY_ISSUES,
            line=document.header.line,
            issues=tuple(issues[:ISSUES_OF_A_REFUSED]),
            count=bad,
            persons=rows,
        )


def match(rows: Iterable[Row], held: Held, known: Mapping[str, HeldPerson]) -> tuple[list[Row], list[Issue]]:
    """Sort out rows whose CPR number is not the expected one, or stands in another row of the same kind. Pure.

    Of two rows of a person the one counts whose local id the person has already, else the first. A pupil who is
    employed too has two rows, and both count.
    """
    rows = list(rows)
    unexpected = {row.place for row in rows if _is_unexpected(row, held, known)}
    winners: dict[tuple[str, str], Row] = {}
    for row in sorted(rows, key=lambda row: (row.local_id not in held.memberships, row.place)):
        if row.place not in unexpected:
            winners.setdefault((row.person.cpr, row.tie.kind), row)
    good: list[Row] = []
    issues: list[Issue] = []
    for row in rows:
        if row.place in unexpected:
            issues.append(Issue(row.line, shown_local_id(row.local_id), IssueCode.CPR_UNEXPECTED))
        elif winners[row.person.cpr, row.tie.kind] is not row:
            issues.append(Issue(row.line, shown_local_id(row.local_id), IssueCode.DOUBLE_CPR))
        else:
            good.append(row)
    return good, issues


def _digests(document: Document) -> list[bytes]:
    view = memoryview(document.data)
    return [snapshot.digest_of(view[element.start : element.end]) for element in document.elements]


def _same(digests: list[bytes], held: Held) -> dict[int, HeldMembership]:
    """Return the memberships whose element stands in the file as it was last read, by place."""
    by_digest = {membership.digest: membership for membership in held.memberships.values() if membership.digest}
    same: dict[int, HeldMembership] = {}
    for place, digest in enumerate(digests):
        # Taken out once found: the second of two equal elements is read, and found to be a double.
        if (membership := by_digest.pop(digest, None)) is not None:
            same[place] = membership
    return same


def _is_unexpected(row: Row, held: Held, known: Mapping[str, HeldPerson]) -> bool:
    membership = held.memberships.get(row.local_id)
    person = known.get(row.person.cpr)
    return membership is not None and (person is None or person.id != membership.person_id)


def _cprs(rows: Iterable[RawRow]) -> set[str]:
    """Return the CPR numbers that the rows name, persons' and contact persons'."""
    persons = [person for row in rows for person in (row.person, *(contact.person for contact in row.contacts))]
    numbers = {person.texts.get("CivilRegistrationNumber", "") for person in persons if person}
    return {number for number in numbers if len(number) == _CPR_DIGITS and number.isdecimal()}


def _affected(
    raw: Iterable[RawRow],
    same: Mapping[int, HeldMembership],
    held: Held,
    known: Mapping[str, HeldPerson],
    main_groups: Mapping[str, GroupRow],
) -> set[int]:
    """Return the places in `same` that have to be read because of what else changed."""
    local_ids = {row.local_id for row in raw}
    affected = {
        place
        for place, membership in same.items()
        if membership.local_id in local_ids or (membership.main_group and membership.main_group not in main_groups)
    }
    staying = {membership.local_id for membership in same.values()}
    gone = [membership for name, membership in held.memberships.items() if name not in staying]
    if not (affected or known or gone):
        return affected
    contacts_of: dict[int, list[int]] = {}
    for child, contact in held.relations:
        contacts_of.setdefault(child, []).append(contact)
    places_of: dict[int, list[int]] = {}
    for place, membership in same.items():
        for person in (membership.person_id, *contacts_of.get(membership.person_id, ())):
            places_of.setdefault(person, []).append(place)
    touched = {person.id for person in known.values()} | {membership.person_id for membership in gone}
    touched.update(contact for membership in gone for contact in contacts_of.get(membership.person_id, ()))
    affected.update(place for person in touched for place in places_of.get(person, ()))
    return _spread(affected, same, contacts_of, places_of)


def _spread(
    affected: set[int],
    same: Mapping[int, HeldMembership],
    contacts_of: Mapping[int, list[int]],
    places_of: Mapping[int, list[int]],
) -> set[int]:
    """Return `affected` and whatever shares a person with it, to the end: whole families."""
    waiting = list(affected)
    while waiting:
        person_id = same[waiting.pop()].person_id
        for person in (person_id, *contacts_of.get(person_id, ())):
            found = [place for place in places_of.get(person, ()) if place not in affected]
            affected.update(found)
            waiting.extend(found)
    return affected

"""Which of a delivery's mentions of a person counts.

A contact person may stand under several children with differing addresses, and an employee may be a parent at the same
school. The person's own row counts before mentions as a contact, and among several the one whose row has the least
LocalPersonId: whatever the order of the file, the answer is the same.
"""

from collections.abc import Iterable
from operator import attrgetter

from accounts.models import Person

from .rows import PersonRow, Row
from .snapshot import PersonData


def wanted(rows: Iterable[Row]) -> dict[str, PersonData]:
    """Return the master data that the delivery states for each person it names, by CPR number."""
    ordered = sorted(rows, key=attrgetter("local_id"))
    chosen: dict[str, PersonRow] = {}
    for row in ordered:
        chosen.setdefault(row.person.cpr, row.person)
    for row in ordered:
        for contact in row.contacts:
            chosen.setdefault(contact.person.cpr, contact.person)
    return {cpr: _sealed(person) for cpr, person in chosen.items()}


def _sealed(person: PersonRow) -> PersonData:
    return PersonData(
        person.first_name,
        person.family_name,
        person.protected,
        person.birth_date,
        person.gender,
        person.email,
        Person.sealed_private(person.private),
    )

"""What travels between the steps of an import. All of it is frozen; tuples, because there are a hundred thousand."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, NamedTuple

from ..models import GroupType, MembershipKind
from .codes import IssueCode


@dataclass(frozen=True)
class Header:
    """What a delivery says of itself (D1.2). `line` is that of the root element."""

    line: int
    source: str
    source_time: dt.datetime
    school_year: str
    number: str


class Element(NamedTuple):
    """Where an `InstitutionPerson` stands in the file: the line of its start tag, and its bytes."""

    line: int
    start: int
    end: int


class RawPerson(NamedTuple):
    """A `Person` as delivered: texts by element name, whitespace collapsed.

    `sound` is False where an element stands twice or has children or attributes that it should not have.
    """

    protected: str | None
    texts: dict[str, str]
    address: dict[str, str]
    phones: dict[str, tuple[str, str]]  # number and its attribute `protected`
    sound: bool


class RawContact(NamedTuple):
    """A `ContactPerson` as delivered."""

    attributes: dict[str, str]
    person: RawPerson | None


class RawRow(NamedTuple):
    """An `InstitutionPerson` as delivered. `role_element`: Student, Employee or Extern; empty where it is not one."""

    place: int
    line: int
    local_id: str
    person: RawPerson | None
    role_element: str
    roles: tuple[str, ...]
    texts: dict[str, str]
    group_ids: tuple[str, ...]
    contacts: tuple[RawContact, ...]
    sound: bool


class RawGroup(NamedTuple):
    """A `Group` as delivered."""

    line: int
    texts: dict[str, str]
    sound: bool


class GroupRow(NamedTuple):
    """A group, good to load."""

    group_id: str
    name: str
    type: GroupType
    level: str = ""
    line: str = ""
    from_date: dt.date | None = None
    to_date: dt.date | None = None


class PersonRow(NamedTuple):
    """A person's master data, good to load. The names are those that may be shown (D1.8); `private` is still open."""

    cpr: str
    first_name: str
    family_name: str
    protected: bool
    birth_date: dt.date | None
    gender: str
    email: str
    private: dict[str, Any]


class ContactRow(NamedTuple):
    """A contact person of a pupil, good to load."""

    person: PersonRow
    relation: str
    custody: bool
    access_level: int


class Tie(NamedTuple):
    """What a membership says, besides whose it is: compared as a whole with what is held."""

    kind: MembershipKind
    roles: tuple[str, ...]
    level: str
    main_group: str
    groups: frozenset[str]
    student_number: str
    short_name: str
    occupation: str
    location: str


class Row(NamedTuple):
    """An `InstitutionPerson`, good to load. `whole` is False where a contact person had to be left out."""

    place: int
    line: int
    local_id: str
    person: PersonRow
    tie: Tie
    contacts: tuple[ContactRow, ...]
    whole: bool


class Issue(NamedTuple):
    """A row, or contact person `contact` of a row (counted from 1), that is not loaded. Never personal data."""

    line: int
    local_id: str
    code: IssueCode
    contact: int | None = None

"""What names of here become in OneRoster 1.2: tables, and the ids made from them. Pure.

**Roles of users** (D1.6 → vocabulary of `RoleDType.role`). Whoever works with children as their profession is a
`teacher`: a pedagogue leads the groups of a day care as a teacher leads classes. Leaders are `principal`, never
`siteAdministrator` or `systemAdministrator`: suppliers' systems give these rights over other people's data, which no
school has asked for by saying who leads it. All others who come in by way of the staff are `aide`, the word for who
helps and is none of the rest. A contact person is `parent`, `guardian` or `relative` by the relation.

**Ids** tell nothing and last: that of a class or an enrollment is a hash of what the delivering system itself knows
it by, so a row that is made anew keeps it, and nobody can read a name or count rows in it.
"""

import datetime as dt
import hashlib
from typing import Final

from accounts.models.person import Gender, Relation
from institutions.models import GroupType, MembershipKind
from institutions.roles import Role

ACTIVE: Final = "active"
TRUE, FALSE = "true", "false"

STUDENT, TEACHER, PRINCIPAL, AIDE = "student", "teacher", "principal", "aide"
PARENT, GUARDIAN, RELATIVE = "parent", "guardian", "relative"
USER_ROLES: tuple[str, ...] = (STUDENT, TEACHER, PRINCIPAL, AIDE, PARENT, GUARDIAN, RELATIVE)
ROLE_OF: dict[str, str] = {
    Role.TEACHER: TEACHER,
    Role.PEDAGOGUE: TEACHER,
    Role.SUBSTITUTE: TEACHER,
    Role.LEADER: PRINCIPAL,
    Role.MANAGEMENT: PRINCIPAL,
    Role.SUPPORT_STAFF: AIDE,
    Role.CONSULTANT: AIDE,
    Role.TRAINEE: AIDE,
    Role.EXTERNAL: AIDE,
}
ROLE_OF_RELATION: dict[str, str] = {
    Relation.MOTHER: PARENT,
    Relation.FATHER: PARENT,
    Relation.OFFICIAL: GUARDIAN,
    Relation.OTHER: RELATIVE,
}
PRIMARY, SECONDARY = "primary", "secondary"

SCHOOL, DISTRICT = "school", "district"
SCHOOL_YEAR: Final = "schoolYear"
YEAR_BEGINS = "08-01"  # and so ends the one before: the specification does not count `endDate` in

HOMEROOM, SCHEDULED = "homeroom", "scheduled"
CLASS_TYPES: dict[str, str] = {HOMEROOM: "Homeroom classes", SCHEDULED: "Groups and teams"}  # and a course's title
HOMEROOM_GROUP: Final = GroupType.MAIN

SEX_OF: dict[str, str] = {Gender.MALE: "male", Gender.FEMALE: "female"}
LENGTH_OF_HASH: Final = 20


def roles_of(kind: str, roles: list[str]) -> list[str]:
    """Return the roles of a membership, each once, in the order delivered: at least one."""
    if kind == MembershipKind.STUDENT:
        return [STUDENT]
    return list(dict.fromkeys(ROLE_OF[role] for role in roles if role in ROLE_OF)) or [AIDE]


def enrollment_role(kind: str) -> str:
    """Return as what somebody is in a group: who is no pupil there is `teacher`, the only other word that fits."""
    return STUDENT if kind == MembershipKind.STUDENT else TEACHER


def class_type(group_type: str) -> str:
    return HOMEROOM if group_type == HOMEROOM_GROUP else SCHEDULED


def hashed_id(number: str, *parts: str) -> str:
    """Return `101001:8f3c…` from an institution's number and what is unique there. In SQL: `expressions.hashed_id`."""
    digest = hashlib.sha256("\n".join((number, *parts)).encode()).hexdigest()
    return f"{number}:{digest[:LENGTH_OF_HASH]}"


def course_id(number: str, type_of_class: str) -> str:
    return f"{number}:{type_of_class}"


def district_id(code: str) -> str:
    return f"kommune-{code}"


def number_in(sourced_id: str) -> str:
    """Return the institution number that an id of a class, course or enrollment begins with."""
    return sourced_id.partition(":")[0]


def written(moment: dt.datetime) -> str:
    """Return a moment in UTC, to the microsecond: what is read here finds itself again in a filter."""
    return moment.astimezone(dt.UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")

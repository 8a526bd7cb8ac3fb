"""Users: who belongs to a released institution now, and contact persons where these are agreed.

| field | what | when |
|---|---|---|
| sourcedId, username | `User.uniid`, never the name that is used to log in | always |
| givenName, familyName | the names that may be shown: of a protected person the alias | always |
| enabledUser | `true`: whether an account is blocked is not part of any agreement | always |
| roles | one for each role in each released institution, see `mapping`; one an institution is `primary` | always |
| primaryOrg | the released institution that is the person's first, or else where they came first | always |
| grades | the Trin of a pupil, as delivered (D1.6) | a pupil |
| email | | agreed with one of the institutions that the person is released by |
| identifier | `LocalPersonId` | agreed with an institution that the person is a member of |
| agents | of a pupil their contact persons, of a contact person the children | contact persons agreed, there |

**Who belongs to two released institutions** is one user, and what one of the agreements holds is told: the caller has
a right to it by that agreement, whatever the other leaves out. Of two local ids the first institution's is told.

**Contact persons** are here by the institutions whose release holds them, with name, id, the role that the relation
gives and the children; their email where that same release holds email too. Who is an employee besides has both roles,
and the fields of each only by its own institution.

The registered name of a protected person is encrypted elsewhere and not read here.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from accounts.models import User

from ...packages import Field
from . import mapping
from .expressions import Among
from .facts import Facts, facts_of
from .mapping import written
from .membership import foremost, is_told, memberships, relations
from .people_columns import COLUMNS, CONTACT_COLUMNS, members, only_contacts
from .resources import BASE, Attribute, Branch, Item, Key, Links, Resource, Schema, ref, some, text, word
from .scope import Scope

_Row = dict[str, Any]


@dataclass(frozen=True)
class _Ties:
    """A person's current memberships, foremost first; as whose contact person they are here; who theirs are."""

    memberships: Sequence[_Row]
    children: Sequence[_Row]
    contacts: Sequence[str]

    def institutions(self) -> list[int]:
        """Return the institutions that the person is released by, the first one first."""
        return list(dict.fromkeys(row["institution_id"] for row in (*self.memberships, *self.children)))


def _users(keys: Sequence[Key], scope: Scope, links: Links) -> list[Item]:
    users = _rows_of(User.objects.filter(Among("pk", [key for _, key in keys])))
    ties = _ties(users.values(), scope)
    facts = facts_of((pk for tie in ties.values() for pk in tie.institutions()), scope)
    found = (users[key] for _, key in keys if key in users)
    # Whose last membership ended since the page was put together is left out.
    held = ((row, ties[row["person_id"]]) for row in found if ties[row["person_id"]].institutions())
    return [_user(row, tie, facts, scope, links) for row, tie in held]


def _rows_of(users: QuerySet[User]) -> dict[int, _Row]:
    names = ("person__first_name", "person__family_name", "person__email")
    return {row["pk"]: row for row in users.values("pk", "uniid", "person_id", *names)}


def _ties(users: Iterable[_Row], scope: Scope) -> dict[int, _Ties]:
    people = [row["person_id"] for row in users]
    held: defaultdict[int, list[_Row]] = defaultdict(list)
    columns = ("person_id", "institution_id", "kind", "roles", "level", "local_person_id")
    for row in foremost(memberships(scope.ids).filter(Among("person_id", people))).values(*columns):
        held[row["person_id"]].append(row)
    children, contacts = _relations(people, scope)
    return {person: _Ties(held[person], children[person], sorted(contacts[person])) for person in people}


def _relations(people: Sequence[int], scope: Scope) -> tuple[defaultdict[int, list[_Row]], defaultdict[int, set[str]]]:
    """Return the relations of contact persons by contact, and the uniids of contact persons by child."""
    children: defaultdict[int, list[_Row]] = defaultdict(list)
    contacts: defaultdict[int, set[str]] = defaultdict(set)
    if not scope.holding(Field.CONTACTS):
        return children, contacts
    rows = relations(scope).order_by("pk")
    columns = ("contact_id", "institution", "relation", "child__user__uniid")
    for row in rows.filter(Among("contact_id", people)).values(*columns):
        children[row["contact_id"]].append({**row, "institution_id": scope.id_of[row["institution"]]})
    theirs = rows.filter(Among("child_id", people), contact__user__isnull=False)
    for child, uniid in theirs.values_list("child_id", "contact__user__uniid"):
        contacts[child].add(uniid)
    return children, contacts


def _user(row: _Row, ties: _Ties, facts: Mapping[int, Facts], scope: Scope, links: Links) -> Item:
    institutions = ties.institutions()
    agents = sorted({*ties.contacts, *(held["child__user__uniid"] for held in ties.children)})
    body = {
        "sourcedId": row["uniid"],
        "status": mapping.ACTIVE,
        "dateLastModified": written(max(facts[pk].modified for pk in institutions)),
        "username": row["uniid"],
        "enabledUser": mapping.TRUE,
        "givenName": row["person__first_name"],
        "familyName": row["person__family_name"],
        "roles": _roles(ties, scope, links),
        "primaryOrg": links.ref("org", scope.number_of[institutions[0]]),
    }
    may_be_empty = {
        "identifier": _identifier(ties, scope),
        "email": row["person__email"] if _email_is_agreed(ties, scope) else "",
        "agents": [links.ref("user", uniid) for uniid in agents],
        "grades": list(dict.fromkeys(held["level"] for held in ties.memberships if held["level"])),
    }
    body |= {name: value for name, value in may_be_empty.items() if value}
    return Item(body, frozenset({row["uniid"], *agents}), frozenset(institutions))


def _roles(ties: _Ties, scope: Scope, links: Links) -> list[dict[str, Any]]:
    """Return each role in each institution once; the first in an institution is the primary one there."""
    pairs = [
        (held["institution_id"], role)
        for held in ties.memberships
        for role in mapping.roles_of(held["kind"], held["roles"])
    ]
    pairs += [(held["institution_id"], mapping.ROLE_OF_RELATION[held["relation"]]) for held in ties.children]
    seen: set[int] = set()
    roles = []
    for institution, role in dict.fromkeys(pairs):
        kind = mapping.SECONDARY if institution in seen else mapping.PRIMARY
        seen.add(institution)
        roles.append({"roleType": kind, "role": role, "org": links.ref("org", scope.number_of[institution])})
    return roles


def _identifier(ties: _Ties, scope: Scope) -> str:
    agreed = (held for held in ties.memberships if scope.holds(held["institution_id"], Field.LOCAL_ID))
    return next((held["local_person_id"] for held in agreed if is_told(held["local_person_id"])), "")


def _email_is_agreed(ties: _Ties, scope: Scope) -> bool:
    """Whether a release holds email that the person is in: as a contact person only in one that holds these."""
    return any(scope.holds(institution, Field.EMAIL) for institution in ties.institutions())


def _role() -> Schema:
    properties = {"roleType": word(mapping.PRIMARY, mapping.SECONDARY), "role": word(*mapping.USER_ROLES)}
    return {
        "type": "object",
        "properties": {**properties, "org": ref("org")},
        "required": ["roleType", "role", "org"],
        "additionalProperties": False,
    }


USERS = Resource(
    "users",
    "user",
    (
        *BASE,
        Attribute("username", text()),
        Attribute("enabledUser", word(mapping.TRUE)),
        Attribute("givenName", text()),
        Attribute("familyName", text()),
        Attribute("roles", some(_role())),
        Attribute("primaryOrg", ref("org")),
        Attribute("identifier", text(), required=False),
        Attribute("email", text(), required=False),
        Attribute("agents", some(ref("user")), required=False),
        Attribute("grades", some(text()), required=False),
    ),
    (Branch(members, COLUMNS), Branch(only_contacts, CONTACT_COLUMNS)),
    _users,
)

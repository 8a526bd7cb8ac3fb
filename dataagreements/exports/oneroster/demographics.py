"""Demographics: date of birth and sex, each by the institutions whose release holds it.

Only who is a member of an institution whose release holds one of the two is here; contact persons are not, whatever
else is agreed. The id is the user's. A protected person is here as everybody: what is told is agreed, and no name.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Case, DateField, Exists, F, OuterRef, Q, QuerySet, Subquery, TextField, Value, When
from django.db.models.expressions import Combinable

from accounts.models import User
from institutions.models import Membership

from ...packages import Field
from . import mapping
from .columns import Column, Kind, ListColumn, text
from .expressions import Among
from .facts import Facts, NewestColumn, facts_of, modified
from .mapping import written
from .membership import memberships
from .resources import BASE, STATUS, Attribute, Branch, Item, Key, Links, Resource, date, word
from .scope import Scope


def _institutions(scope: Scope) -> tuple[int, ...]:
    held = {*scope.holding(Field.BIRTH_DATE), *scope.holding(Field.GENDER)}
    return tuple(sorted(held))


def _released(scope: Scope) -> QuerySet[User]:
    return User.objects.filter(person__in=memberships(_institutions(scope)).order_by().values("person"))


def _agreed(scope: Scope, field: Field) -> Exists:
    return Exists(memberships(scope.holding(field)).filter(person=OuterRef("person_id")))


def _birth_date(scope: Scope) -> Combinable:
    return Case(When(_agreed(scope, Field.BIRTH_DATE), then=F("person__birth_date")), output_field=DateField())


def _sex(scope: Scope) -> Combinable:
    agreed = _agreed(scope, Field.GENDER)
    known = [When(agreed, person__gender=letter, then=Value(sex)) for letter, sex in mapping.SEX_OF.items()]
    return Case(*known, default=Value(""), output_field=TextField())


def _here(scope: Scope) -> QuerySet[Membership]:
    return memberships(_institutions(scope)).filter(person=OuterRef("person_id"))


def _changed(scope: Scope, institutions: Sequence[int]) -> Q:
    return Q(Exists(_here(scope).filter(Among("institution_id", institutions))))


def _modified(scope: Scope) -> Combinable:
    here = _here(scope).annotate(the_moment=modified("institution__"))
    return Subquery(here.order_by("-the_moment").values("the_moment")[:1])


_COLUMNS: dict[str, Column | ListColumn] = {
    "sourcedId": text("uniid"),
    "status": STATUS,
    "dateLastModified": NewestColumn(_modified, Kind.MOMENT, some=_changed),
    "birthDate": Column(_birth_date, Kind.DATE),
    "sex": Column(_sex),
}


def _demographics(keys: Sequence[Key], scope: Scope, _: Links) -> list[Item]:
    users = User.objects.filter(Among("pk", [key for _, key in keys]))
    columns = ("pk", "uniid", "person_id", "person__birth_date", "person__gender")
    rows = {row["pk"]: row for row in users.values(*columns)}
    held: defaultdict[int, set[int]] = defaultdict(set)
    people = [row["person_id"] for row in rows.values()]
    there = memberships(_institutions(scope)).filter(Among("person_id", people))
    for person, institution in there.values_list("person_id", "institution_id"):
        held[person].add(institution)
    facts = facts_of(set().union(*held.values()), scope)
    found = (rows[key] for _, key in keys if key in rows)
    # Whose last membership ended since the page was put together is left out.
    return [_one(row, held[row["person_id"]], facts, scope) for row in found if held[row["person_id"]]]


def _one(row: dict[str, Any], institutions: set[int], facts: Mapping[int, Facts], scope: Scope) -> Item:
    moment = max(facts[pk].modified for pk in institutions)
    body = {"sourcedId": row["uniid"], "status": mapping.ACTIVE, "dateLastModified": written(moment)}
    born, sex = row["person__birth_date"], mapping.SEX_OF.get(row["person__gender"])
    if born and any(scope.holds(pk, Field.BIRTH_DATE) for pk in institutions):
        body["birthDate"] = born.isoformat()
    if sex and any(scope.holds(pk, Field.GENDER) for pk in institutions):
        body["sex"] = sex
    return Item(body, frozenset({row["uniid"]}), frozenset(institutions))


DEMOGRAPHICS = Resource(
    "demographics",
    "demographics",
    (
        *BASE,
        Attribute("birthDate", date(), required=False),
        Attribute("sex", word(*mapping.SEX_OF.values()), required=False),
    ),
    (Branch(_released, _COLUMNS),),
    _demographics,
)

"""Users as SQL: who is one, and the fields that they can be filtered and sorted by; `people` says what these mean."""

import datetime as dt
from collections.abc import Sequence

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, TextField, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Greatest

from accounts.models import ContactRelation, User
from institutions.models import Institution, Membership, MembershipKind

from ...packages import Field
from . import mapping
from .columns import Column, Kind, ListColumn, constant, holds, text
from .expressions import Among, SharesSome
from .facts import NewestColumn, modified
from .membership import foremost, memberships, relations, with_local_id
from .query import Predicate
from .resources import STATUS
from .scope import Scope

_LONG_AGO = dt.datetime(1, 1, 1, tzinfo=dt.UTC)


def members(scope: Scope) -> QuerySet[User]:
    """Return the users who are members of a released institution."""
    return User.objects.filter(person__in=memberships(scope.ids).order_by().values("person"))


def only_contacts(scope: Scope) -> QuerySet[User]:
    """Return the contact persons of institutions that release these, but for those who are `members` as well.

    Two branches, not one condition with an *or*: PostgreSQL can begin with the few people of a school, or with one
    user, only where it need not look for who meets either.
    """
    contacts = User.objects.filter(person__in=relations(scope).order_by().values("contact"))
    return contacts.filter(~Exists(_own(scope.ids)))


def _own(institutions: Sequence[int]) -> QuerySet[Membership]:
    """Return the row's current memberships there."""
    return memberships(institutions).filter(person=OuterRef("person_id"))


def _as_contact(scope: Scope, *fields: Field) -> QuerySet[ContactRelation]:
    return relations(scope, *fields).filter(contact=OuterRef("person_id"))


def _as_child(scope: Scope) -> QuerySet[ContactRelation]:
    return relations(scope).filter(child=OuterRef("person_id"))


def _member(scope: Scope, where: Q) -> Q:
    return Q(Exists(_own(scope.ids).filter(where)))


def _contact(scope: Scope, where: Q) -> Q:
    return Q(Exists(_as_contact(scope).filter(where)))


def _changed(scope: Scope, institutions: Sequence[int]) -> Q:
    return _member(scope, Q(Among("institution_id", institutions))) | _contact_changed(scope, institutions)


def _contact_changed(scope: Scope, institutions: Sequence[int]) -> Q:
    return _contact(scope, Q(Among("institution", [scope.number_of[pk] for pk in institutions])))


def _modified(scope: Scope) -> Combinable:
    own = _own(scope.ids).annotate(the_moment=modified("institution__"))
    newest = Subquery(own.order_by("-the_moment").values("the_moment")[:1])
    if not scope.holding(Field.CONTACTS):
        return newest
    return Greatest(newest, Coalesce(_contact_modified(scope), Value(_LONG_AGO)))


def _contact_modified(scope: Scope) -> Combinable:
    there = Institution.objects.filter(number=OuterRef("institution")).annotate(the_moment=modified())
    by_relation = _as_contact(scope).annotate(the_moment=Subquery(there.order_by().values("the_moment")[:1]))
    return Subquery(by_relation.order_by("-the_moment").values("the_moment")[:1])


def _orgs(scope: Scope, predicate: Predicate) -> Q:
    own = text("institution__number").condition(scope, predicate)
    return _member(scope, own) | _contact_orgs(scope, predicate)


def _contact_orgs(scope: Scope, predicate: Predicate) -> Q:
    return _contact(scope, text("institution").condition(scope, predicate))


def _meant(predicate: Predicate) -> frozenset[str]:
    """Return the roles that a predicate holds for: the vocabulary is asked first, and then who has these."""
    return frozenset(role for role in mapping.USER_ROLES if holds(predicate.operator, role, predicate.value))


def _roles(scope: Scope, predicate: Predicate) -> Q:
    meant, is_pupil = _meant(predicate), Q(kind=MembershipKind.STUDENT)
    named = [name for name, role in mapping.ROLE_OF.items() if role in meant]
    own = ~is_pupil & Q(SharesSome("roles", named))
    if mapping.AIDE in meant:  # also who has no role that has a name there
        own |= ~is_pupil & ~Q(SharesSome("roles", list(mapping.ROLE_OF)))
    if mapping.STUDENT in meant:
        own |= is_pupil
    return _member(scope, own) | _contact_roles(scope, predicate)


def _contact_roles(scope: Scope, predicate: Predicate) -> Q:
    meant = _meant(predicate)
    named = [name for name, role in mapping.ROLE_OF_RELATION.items() if role in meant]
    return _contact(scope, Q(Among("relation", named)))


def _primary_org(scope: Scope) -> Combinable:
    return Subquery(foremost(_own(scope.ids)).values("institution__number")[:1])


def _contact_primary_org(scope: Scope) -> Combinable:
    return Subquery(_as_contact(scope).order_by("pk").values("institution")[:1])


def _email(scope: Scope) -> Combinable:
    own = Exists(_own(scope.holding(Field.EMAIL)))
    return _email_where(own | Exists(_as_contact(scope, Field.EMAIL)))


def _contact_email(scope: Scope) -> Combinable:
    return _email_where(Q(Exists(_as_contact(scope, Field.EMAIL))))


def _email_where(agreed: Q) -> Combinable:
    return Case(When(agreed, then=F("person__email")), default=Value(""), output_field=TextField())


def _identifier(scope: Scope) -> Combinable:
    told = foremost(with_local_id(_own(scope.holding(Field.LOCAL_ID))))
    return Coalesce(Subquery(told.values("local_person_id")[:1]), Value(""), output_field=TextField())


def _grades(scope: Scope, predicate: Predicate) -> Q:
    return _member(scope, ~Q(level="") & text("level").condition(scope, predicate))


def _agents(scope: Scope, predicate: Predicate) -> Q:
    contacts = _as_child(scope).filter(text("contact__user__uniid").condition(scope, predicate))
    return Q(Exists(contacts)) | _contact(scope, text("child__user__uniid").condition(scope, predicate))


COLUMNS: dict[str, Column | ListColumn] = {
    "sourcedId": text("uniid"),
    "status": STATUS,
    "dateLastModified": NewestColumn(_modified, Kind.MOMENT, some=_changed),
    "username": text("uniid"),
    "enabledUser": constant(mapping.TRUE),
    "givenName": text("person__first_name"),
    "familyName": text("person__family_name"),
    "roles.role": ListColumn(_roles),
    "roles.org.sourcedId": ListColumn(_orgs),
    "primaryOrg.sourcedId": Column(_primary_org),
    "identifier": Column(_identifier),
    "email": Column(_email),
    "agents.sourcedId": ListColumn(_agents),
    "grades": ListColumn(_grades),
}
# Of who is not a member: without looking, for each of them, for memberships that there are not.
CONTACT_COLUMNS: dict[str, Column | ListColumn] = {
    **COLUMNS,
    "dateLastModified": NewestColumn(_contact_modified, Kind.MOMENT, some=_contact_changed),
    "roles.role": ListColumn(_contact_roles),
    "roles.org.sourcedId": ListColumn(_contact_orgs),
    "primaryOrg.sourcedId": Column(_contact_primary_org),
    "identifier": constant(""),
    "email": Column(_contact_email),
}

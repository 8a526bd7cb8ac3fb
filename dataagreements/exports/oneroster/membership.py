"""Who is released, and by which institution: the memberships and contact relations of now, in a scope."""

from collections.abc import Sequence

from django.db.models import Exists, F, OuterRef, QuerySet

from accounts.models import ContactRelation
from institutions.models import Membership, MembershipKind

from ...packages import Field
from .expressions import Among
from .scope import Scope

_HIDDEN = "cpr:"  # a keyed hash in place of a local id that holds a CPR number: nobody can use it


def memberships(institutions: Sequence[int]) -> QuerySet[Membership]:
    """Return the current memberships there."""
    return Membership.objects.current().filter(Among("institution_id", institutions))


def relations(scope: Scope, *fields: Field) -> QuerySet[ContactRelation]:
    """Return who is contact person for whom at the institutions whose release holds contact persons, and `fields`.

    The child is a pupil there now. A relation that outlived this would lead to a child that is not released.
    """
    here = Membership.objects.current().filter(
        person=OuterRef("child"), kind=MembershipKind.STUDENT, institution__number=OuterRef("institution")
    )
    numbers = scope.numbers_holding(Field.CONTACTS, *fields)
    current = ContactRelation.objects.current().filter(Among("institution", numbers))
    return current.filter(Exists(here), child__user__isnull=False)


def with_local_id(rows: QuerySet[Membership]) -> QuerySet[Membership]:
    """Return those of `rows` whose local id can be told."""
    return rows.exclude(local_person_id="").exclude(local_person_id__startswith=_HIDDEN)


def is_told(local_id: str) -> bool:
    """Whether a membership is in `with_local_id`."""
    return bool(local_id) and not local_id.startswith(_HIDDEN)


def foremost(rows: QuerySet[Membership]) -> QuerySet[Membership]:
    """Return `rows` in the order in which a person's memberships are told: the primary one first."""
    return rows.order_by(F("is_primary").desc(), "pk")

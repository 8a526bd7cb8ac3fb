"""Who may see whom in the identity core."""

from django.shortcuts import get_object_or_404

from . import sessions
from .models import ContactRelation, LoginSession, Person, User


def children_of(parent: Person) -> list[Person]:
    """Return the children that the parent has custody of now, with their accounts: one query, by name."""
    relations = (
        ContactRelation.objects.with_custody()
        .filter(contact=parent)
        .select_related("child", "child__user")
        .order_by("child__birth_date", "child__first_name", "child_id")
    )
    return list({relation.child_id: relation.child for relation in relations}.values())


def has_custody(parent: Person | None, child: Person | None) -> bool:
    """Whether some institution reports the parent as having custody of the child now."""
    if parent is None or child is None:
        return False
    return ContactRelation.objects.with_custody().filter(contact=parent, child=child).exists()


def child_for(user: User, pk: int) -> Person:
    """Return the child with its account, or 404 if it is not in this user's custody."""
    child_ids = ContactRelation.objects.with_custody().filter(contact=user.person_id).values("child")
    return get_object_or_404(Person.objects.select_related("user"), pk=pk, pk__in=child_ids)


def session_for(user: User, pk: str) -> LoginSession:
    """Return one of the user's own sessions, or 404."""
    return get_object_or_404(LoginSession.objects.filter(user=user), pk=pk)


def is_this_session(session: LoginSession, key: str | None) -> bool:
    return key is not None and session.pk == sessions.hashed(key)

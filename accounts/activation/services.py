"""Who may do what by MitID (D3.3), and the record of it."""

from django.db import transaction

from .. import access, audit
from ..models import Person, User
from ..models.user import ActorGroup
from ..services import Why


def right_to(helper: User, user: User | None) -> Why | None:
    """Return by what right `helper` makes a password for `user`: their own account, or custody of the pupil."""
    if user is None:
        return None
    if user.pk == helper.pk:
        return Why.FORGOTTEN if user.has_secret else Why.FIRST
    return Why.CHILD if user.is_only_a_pupil and access.has_custody(helper.person, user.person) else None


def record_unknown() -> None:
    """Somebody came by MitID whom no institution has delivered."""
    audit.record("mitid.unknown_person", by=None)


def record_mismatch(helper: User, user: User | None) -> None:
    """Somebody wanted to make a password that is not theirs to make."""
    audit.record("password.refused", by=helper, subject=user.person if user else None)


@transaction.atomic
def show_children(parent: Person) -> list[Person]:
    """Return the children in the parent's custody with their accounts, and record that their user names were shown."""
    children, user = access.children_of(parent), access.user_of(parent)
    for child in children:
        audit.record("username.shown", by=user, subject=child, role=ActorGroup.CONTACT)
    return children

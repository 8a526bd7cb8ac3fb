"""Who may do what by MitID (D3.3), and the record of it."""

import secrets

from django.db import IntegrityError, transaction
from django.utils import timezone

from unilogin_portal.lib import crypto

from .. import access, audit
from ..models import Person, Professional, User
from ..models.user import ActorGroup
from ..services import Why
from ..states import UserState
from .saml import Identity

_NAME_CONTEXT = "professional.name_id"
# No page takes a user name that begins with a digit: a professional account has no other way in than MitID Erhverv.
_NO_USERNAME = "0"


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


def professional_account(identity: Identity) -> User:
    """Return the account of somebody who comes for an organisation, made now if this is the first time."""
    keys = crypto.fingerprints(identity.name_id, _NAME_CONTEXT)
    try:
        return _known_professional(keys, identity) or _new_professional(keys[0], identity)
    except IntegrityError:  # of two first log-ins at once the other one was faster
        found = _known_professional(keys, identity)
        assert found is not None  # noqa: S101
        return found


@transaction.atomic
def _known_professional(keys: list[str], identity: Identity) -> User | None:
    """Return the account, with the name and the organisation as they are today."""
    row = Professional.objects.select_related("user").filter(name_id_hash__in=keys).first()
    if row is None:
        return None
    user = row.user
    if row.name_id_hash != keys[0]:  # hashed under an earlier SECRET_KEY
        row.name_id_hash = keys[0]
        row.save(update_fields=["name_id_hash"])
    if user.display_name != _name(identity):
        user.display_name = _name(identity)
        user.save(update_fields=["display_name"])
    if (row.cvr, row.organisation) != (identity.cvr, identity.org_name[:200]):
        row.cvr, row.organisation = identity.cvr, identity.org_name[:200]
        row.save(update_fields=["cvr", "organisation"])
    return user


@transaction.atomic
def _new_professional(key: str, identity: Identity) -> User:
    now = timezone.now()
    user = User.objects.create(
        username=_NO_USERNAME + secrets.token_hex(4)[:7],
        display_name=_name(identity),
        state=UserState.ACTIVE,
        activated_at=now,
        is_professional=True,
    )
    Professional.objects.create(user=user, name_id_hash=key, cvr=identity.cvr, organisation=identity.org_name[:200])
    audit.record("user.professional_created", user, by=user, organisation=identity.cvr)
    return user


def _name(identity: Identity) -> str:
    return identity.full_name[:200]

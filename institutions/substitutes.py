"""Lending a class to a colleague until a date, and taking it back."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import audit
from accounts.models import User
from unilogin_portal.lib.dates import today
from unilogin_portal.lib.errors import DomainError

from .models import Group, Membership, MembershipKind, SubstituteAccess

# A substitute for longer than a quarter belongs in the school's own system.
LONGEST = dt.timedelta(days=92)
TOO_LONG = gettext_lazy("Choose a day from today and at most three months ahead.")


def may_last(until: dt.date) -> bool:
    """Whether a class may be lent through this day."""
    return today() <= until <= today() + LONGEST


@transaction.atomic
def give_access(
    group: Group, membership: Membership, *, until: dt.date, by: User, role: str, institution: str
) -> SubstituteAccess:
    """Let a colleague at the same institution help the pupils of `group` through the day `until`.

    Who has access already gets the new date. Raises `DomainError` for a date that is over or too far ahead, and for who
    is no employee there.
    """
    if not may_last(until):
        raise DomainError(TOO_LONG)
    group = Group.objects.select_for_update().get(pk=group.pk)
    membership = Membership.objects.select_related("person").get(pk=membership.pk)  # it may have ended meanwhile
    employed = membership.kind == MembershipKind.EMPLOYEE and membership.to_date is None
    if not employed or membership.institution_id != group.institution_id:
        raise DomainError(_("Choose a colleague who is employed at the same school."))
    held = SubstituteAccess.objects.filter(group=group, membership=membership, ended_at=None).first()
    access = held or SubstituteAccess(group=group, membership=membership)
    access.given_by, access.given_at, access.until = by, timezone.now(), until
    access.save()
    audit.record(
        "substitute.given",
        access,
        by=by,
        subject=membership.person,
        role=role,
        institution=institution,
        group=group.pk,
        until=until.isoformat(),
    )
    return access


@transaction.atomic
def end_access(access: SubstituteAccess, *, by: User, role: str, institution: str) -> bool:
    """Take the class back; return whether there was anything to take. Twice is once."""
    locked = (
        SubstituteAccess.objects.select_for_update(of=("self",)).select_related("membership__person").get(pk=access.pk)
    )
    if locked.ended_at is not None:
        return False
    locked.ended_by, locked.ended_at = by, timezone.now()
    locked.save(update_fields=["ended_by", "ended_at"])
    audit.record(
        "substitute.ended",
        locked,
        by=by,
        subject=locked.membership.person,
        role=role,
        institution=institution,
        group=locked.group_id,
    )
    return True

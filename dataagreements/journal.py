"""Moving agreements, one or ten thousand, with what that always leaves behind: events in their history and the audit.

Every act is the same few statements, however many agreements it moves.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef

from accounts import audit
from accounts.models import User
from institutions.roles import Right
from unilogin_portal.lib import bulk

from . import access
from .models import Agreement, AgreementEvent, Fetch
from .models.agreement import AgreementQuerySet
from .states import AgreementAction, AgreementState, Side, next_state


class Held(NamedTuple):
    """An agreement that is locked, as far as moving it needs."""

    pk: int
    state: str
    institution_id: int
    system_id: int
    service: str

    @property
    def between(self) -> tuple[int, int, str]:
        """What there is one agreement of at a time."""
        return self.institution_id, self.system_id, self.service


@dataclass(frozen=True)
class Act:
    """Who does what, on whose behalf, with which words."""

    action: AgreementAction
    side: Side
    by: User | None
    comment: str = ""


def lock(agreements: AgreementQuerySet) -> list[Held]:
    """Lock agreements and read them anew, in the order of their keys, so that two acts never wait in a circle."""
    rows = agreements.order_by("pk").select_for_update(no_key=True)
    return [Held(*row) for row in rows.values_list("pk", "state", "institution_id", "system_id", "service")]


def move(held: Sequence[Held], act: Act, *, now: dt.datetime, **changes: Any) -> None:
    """Move agreements that are locked, all from one state. Raises `IllegalTransition` where one is elsewhere."""
    if not held:
        return
    (before,) = {AgreementState(row.state) for row in held}
    after = next_state(before, act.action, act.side)
    keys = [row.pk for row in held]
    Agreement.objects.filter(pk__any_of=keys).update(state=after, changed_at=now, **changes)
    if before is AgreementState.APPROVED and after in (AgreementState.ENDED, AgreementState.REJECTED):
        _ask_for_deletion(keys, act, now)
    note(held, act, before=before, after=after, now=now)


def note(
    held: Sequence[Held], act: Act, *, before: AgreementState | str, after: AgreementState, now: dt.datetime
) -> None:
    """Write what happened into each agreement's history and, without the words, into the audit."""
    by = act.by.pk if act.by else None
    always = {
        "at": now,
        "action": act.action.value,
        "before": str(before),
        "after": after.value,
        "side": act.side.value,
        "by_id": by,
        "comment": act.comment,
    }
    bulk.insert(AgreementEvent, ("agreement_id",), ((row.pk,) for row in held), always=always)
    numbers = access.numbers_of({row.institution_id for row in held})
    audit.record_each(
        f"agreement.{act.action}",
        ((Agreement(pk=row.pk), numbers[row.institution_id]) for row in held),
        by=act.by,
        role=Right.AGREEMENTS if act.by else "",
        before=str(before),
        after=after.value,
    )


def _ask_for_deletion(keys: Sequence[int], act: Act, now: dt.datetime) -> None:
    """Ask suppliers to delete what they have fetched; not where a new agreement goes on in the old one's place.

    What they fetched by one that was replaced counts, too: nobody has asked them for it yet.
    """
    if act.action is AgreementAction.REPLACE:
        return
    between = ("institution", "system", "service")
    asked_since = Agreement.objects.filter(
        **{name: OuterRef(f"agreement__{name}") for name in between}, deletion_asked_at__gte=OuterRef("at")
    )
    fetched = Fetch.objects.filter(**{f"agreement__{name}": OuterRef(name) for name in between})
    has_data = Exists(fetched.exclude(Exists(asked_since)))
    Agreement.objects.filter(has_data, pk__any_of=list(keys)).update(deletion_asked_at=now)

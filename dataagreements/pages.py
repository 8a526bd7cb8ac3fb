"""What the pages show of agreements: statuses in words, what is passed on and what of it is new, the history."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from unilogin_portal.lib.status import Status

from . import access, notices
from .models import Agreement, AgreementEvent, Fetch, Terms
from .models.agreement import AgreementQuerySet
from .packages import OPTIONAL, Field, Package
from .states import AgreementAction, AgreementState, Side

TONES = {
    AgreementState.WAITING: ("wait", ""),
    AgreementState.APPROVED: ("ok", ""),
    AgreementState.REJECTED: ("bad", ""),
    AgreementState.ENDED: ("off", ""),
    AgreementState.WITHDRAWN: ("off", "reply"),
}
ICONS = {
    AgreementAction.REQUEST: "hourglass",
    AgreementAction.APPROVE: "success",
    AgreementAction.REJECT: "close",
    AgreementAction.WITHDRAW: "reply",
    AgreementAction.END: "minus",
    AgreementAction.CONFIRM: "sync",
    AgreementAction.EXPIRE: "minus",
    AgreementAction.REPLACE: "sync",
    AgreementAction.DELETED: "check",
}
# What has moved an agreement, and needs both states named beside it.
_MOVES = {AgreementAction.APPROVE, AgreementAction.REJECT, AgreementAction.END, AgreementAction.WITHDRAW}
FETCHES_SHOWN = 10


@dataclass(frozen=True)
class Line:
    """One row of a list."""

    agreement: Agreement
    status: Status
    under: str  # what stands under the status: how long it has waited, until when it counts


@dataclass(frozen=True)
class FieldLine:
    """A field of the package: whether it is passed on, and whether that is asked for anew."""

    label: Promise | str
    goes: bool
    is_new: bool


@dataclass(frozen=True)
class Difference:
    """What is asked for beyond, or short of, the last agreement that was approved."""

    before: Agreement
    package: tuple[str, str] | None
    added: list[str]
    dropped: list[str]
    purpose: tuple[str, str] | None
    legal_basis: tuple[str, str] | None

    @property
    def is_empty(self) -> bool:
        return not (self.package or self.added or self.dropped or self.purpose or self.legal_basis)


@dataclass(frozen=True)
class EventLine:
    """One thing in an agreement's history."""

    icon: str
    what: str
    moved: str
    comment: str
    at: dt.datetime
    who: str


def lines(agreements: Iterable[Agreement]) -> list[Line]:
    now = timezone.now()
    return [Line(agreement, status_of(agreement), _under(agreement, now)) for agreement in agreements]


def status_of(agreement: Agreement) -> Status:
    state = AgreementState(agreement.state)
    tone, icon = TONES[state]
    return Status(tone, state.label, icon)  # type: ignore[arg-type]


def long_status(agreement: Agreement) -> Status:
    """Return the status with how long it has been so, for the page of one agreement."""
    if agreement.state == AgreementState.WAITING:
        days = _days(agreement.requested_at, timezone.now())
        words = ngettext(
            "Has waited for an answer for %(count)s day", "Has waited for an answer for %(count)s days", days
        )
        return Status("wait", words % {"count": days} if days else _("Waiting for an answer since today"))
    return status_of(agreement)


def _under(agreement: Agreement, now: dt.datetime) -> str:
    if agreement.state != AgreementState.WAITING:
        return ""
    days = _days(agreement.requested_at, now)
    return ngettext("for %(count)s day", "for %(count)s days", days) % {"count": days} if days else _("since today")


def _days(since: dt.datetime, now: dt.datetime) -> int:
    return (timezone.localtime(now).date() - timezone.localtime(since).date()).days


def counts(agreements: AgreementQuerySet) -> dict[str, int]:
    """Return what stands in numbers on the tabs and above the list: one query."""
    now = timezone.now()
    soon = timezone.localdate() + dt.timedelta(days=30)
    return agreements.aggregate(
        waiting=Count("pk", filter=Q(state=AgreementState.WAITING)),
        old=Count("pk", filter=notices.waiting_for_long(now)),
        approved=Count("pk", filter=Q(state=AgreementState.APPROVED)),
        to_confirm=Count("pk", filter=Q(state=AgreementState.APPROVED, confirm_by__lte=soon)),
    )


def found(agreements: AgreementQuerySet, words: str) -> AgreementQuerySet:
    """Narrow a list to what holds the words: an institution, its number, a system or its supplier."""
    for word in words.split()[:5]:
        agreements = agreements.filter(
            Q(institution__name__icontains=word)
            | Q(institution__number__istartswith=word)
            | Q(system__name__icontains=word)
            | Q(system__provider__name__icontains=word)
        )
    return agreements


def before(agreement: Agreement) -> Agreement | None:
    """Return the last agreement that was approved before this one was asked for."""
    earlier = access.earlier(agreement).filter(approved_at__isnull=False, requested_at__lte=agreement.requested_at)
    return earlier.select_related("terms__contract").first()


def difference(agreement: Agreement, old: Agreement | None) -> Difference | None:
    """Return what a request asks for that the last approved agreement did not, and the other way; None without one."""
    if old is None:
        return None
    was, is_now = old.terms, agreement.terms
    return Difference(
        old,
        _changed(_package(was), _package(is_now)),
        _labels(is_now.fields - was.fields),
        _labels(was.fields - is_now.fields),
        _changed(was.purpose, is_now.purpose),
        _changed(was.legal_basis, is_now.legal_basis),
    )


def _changed(old: str, new: str) -> tuple[str, str] | None:
    return (old, new) if old != new else None


def _package(terms: Terms) -> str:
    return str(Package(terms.package).label) if terms.package else ""


def _labels(fields: frozenset[Field]) -> list[str]:
    return [str(field.label) for field in Field if field in fields]


def field_lines(terms: Terms, old: Terms | None) -> list[FieldLine]:
    """Return every field there is, so that one also reads what is not passed on."""
    if not terms.package:
        return []
    known = old.fields if old else frozenset(Field)
    return [FieldLine(field.label, field in terms.fields, field in terms.fields - known) for field in Field]


def optional_fields(package: Package) -> list[Field]:
    return [field for field in Field if field in OPTIONAL[package]]


def history_of(agreement: Agreement, *, names: bool) -> list[EventLine]:
    """Return what happened between the two on this service, newest first; over earlier agreements too.

    With `names` the own side's people are named; the other side reads the organisation alone.
    """
    events = AgreementEvent.objects.filter(
        agreement__system=agreement.system_id,
        agreement__institution=agreement.institution_id,
        agreement__service=agreement.service,
    ).select_related("by__person", "by__professional")
    return [_event_line(event, agreement, names=names) for event in events[:100]]


def _event_line(event: AgreementEvent, agreement: Agreement, *, names: bool) -> EventLine:
    action = AgreementAction(event.action)
    moved = ""
    if action in _MOVES and event.before:
        words = _("from %(before)s to %(after)s")
        states = {"before": AgreementState(event.before).label, "after": AgreementState(event.after).label}
        moved = words % states
    return EventLine(ICONS[action], str(action.label), moved, event.comment, event.at, _who(event, agreement, names))


def _who(event: AgreementEvent, agreement: Agreement, names: bool) -> str:
    """Say who did it: to the own side by name, to the other by organisation."""
    if event.by is None:
        return _("the system")
    if event.side == Side.PROVIDER:
        provider = agreement.system.provider.name
        return provider if names else f"{event.by.shown_name}, {provider}"
    organisation = getattr(getattr(event.by, "professional", None), "organisation", "") or agreement.institution.name
    return f"{event.by.shown_name}, {organisation}" if names else organisation


def fetches_of(agreement: Agreement) -> Sequence[Fetch]:
    """Return the last times that data went between the two, by this agreement or the ones before it."""
    keys = [agreement.pk, *access.earlier(agreement).values_list("pk", flat=True)]
    return list(Fetch.objects.filter(agreement__in=keys)[:FETCHES_SHOWN])

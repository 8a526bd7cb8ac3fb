"""*Anmod om dataadgang*: one request to many institutions, as one act with progress and a list of results (D4.3).

The numbers stand in the batch; a worker takes some hundred at a time, each lot in a transaction of its own. Whoever
dies in between has sent the lots that stand, and the next one goes on behind them.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from institutions.actor import Actor
from institutions.models import Institution, InstitutionLevel
from institutions.numbers import is_institution_number
from institutions.roles import Right
from unilogin_portal.lib import bulk
from unilogin_portal.lib.errors import DomainError

from . import journal, notices
from .journal import Act, Held
from .models import Agreement, BatchState, Outcome, ProcessorContract, RequestBatch, RequestOutcome, System, Terms
from .models.provider import WebService
from .packages import Package
from .states import AgreementAction, AgreementState, ConnectionState, Side, SystemState

LOT = 500
MOST_NUMBERS = 5000
LONGEST_VALIDITY = dt.timedelta(days=5 * 366)


@dataclass(frozen=True)
class Asked:
    """What a supplier asks for, of everybody alike."""

    service: WebService
    package: Package | None
    ticked: frozenset[str]
    purpose: str
    legal_basis: str
    contract: ProcessorContract | None
    valid_until: dt.date


class _Found(NamedTuple):
    """An institution as far as judging a number needs it."""

    pk: int
    number: str
    level: str
    closed_on: dt.date | None


@transaction.atomic
def begin(
    system: System, asked: Asked, numbers: Sequence[str], *, comment: str = "", by: Actor, form_key: str = ""
) -> RequestBatch:
    """Take the request up; `send` does the rest. The same form again is the same request.

    Raises `DomainError` where the system may not ask: it is passive, or STIL has not let it use the web service.
    """
    if form_key and (sent := RequestBatch.objects.filter(form_key=form_key).first()):
        return sent
    _check_may_ask(system, asked.service)
    terms = Terms.objects.create(
        system=system,
        service=asked.service,
        package=asked.package or "",
        ticked=sorted(asked.ticked),
        purpose=asked.purpose,
        legal_basis=asked.legal_basis,
        contract=asked.contract,
        valid_until=asked.valid_until,
    )
    who = by.account
    try:
        with transaction.atomic():
            batch = RequestBatch.objects.create(
                terms=terms, numbers=list(numbers), comment=comment, by=who, form_key=form_key
            )
    except IntegrityError:  # of a double click the other one was faster
        raise DomainError(_("The request is being sent already.")) from None
    audit.record("agreements.asked", batch, by=who, role=Right.AGREEMENTS, count=len(numbers))
    return batch


def _check_may_ask(system: System, service: WebService) -> None:
    if system.state != SystemState.ACTIVE:
        raise DomainError(_("The system is passive. Activate it first."))
    if not system.connections.filter(service=service, state=ConnectionState.VALID).exists():
        raise DomainError(_("STIL has not approved that the system uses this web service."))


def send(pk: int) -> RequestBatch:
    """Send what is left of a batch. Safe to run twice, and at once: lots are taken one after another."""
    while not _send_lot(pk):
        pass
    return RequestBatch.objects.get(pk=pk)


@transaction.atomic
def _send_lot(pk: int) -> bool:
    """Send the next lot; return whether that was the last."""
    batch = RequestBatch.objects.select_for_update(of=("self",)).select_related("terms__system__provider").get(pk=pk)
    System.objects.select_for_update(no_key=True).get(pk=batch.terms.system_id)  # one request of a system at a time
    if batch.state == BatchState.DONE:
        return True
    lot = batch.numbers[batch.done : batch.done + LOT]
    outcomes = _judged(batch, lot)
    agreements = _ask(batch, {number: found for number, (outcome, found) in outcomes.items() if found})
    _write(batch, lot, outcomes, agreements)
    batch.done += len(lot)
    if batch.done >= len(batch.numbers):
        batch.state = BatchState.DONE
        notices.new_requests(batch)
    batch.save(update_fields=["done", "state"])
    return batch.state == BatchState.DONE


def _judged(batch: RequestBatch, lot: Sequence[str]) -> dict[str, tuple[Outcome, _Found | None]]:
    """Return of each number what comes of it, and the institution where a request goes to it."""
    rows = Institution.objects.filter(number__any_of=list(lot)).values_list("pk", "number", "level", "closed_on")
    known = {row[1]: _Found(*row) for row in rows}
    before = set(batch.numbers[: batch.done])
    latest = _latest(batch.terms, [found.pk for found in known.values()])
    judged: dict[str, tuple[Outcome, _Found | None]] = {}
    for number in lot:
        if number not in judged:
            found = known.get(number)
            outcome = _outcome(number, found, latest, batch.terms, is_double=number in before)
            judged[number] = (outcome, found if outcome is Outcome.SENT else None)
    return judged


def _outcome(
    number: str, found: _Found | None, latest: Mapping[int, list[Agreement]], terms: Terms, *, is_double: bool
) -> Outcome:
    if is_double:
        return Outcome.DOUBLE
    if found is None:
        return Outcome.UNKNOWN if is_institution_number(number) else Outcome.NO_NUMBER
    if found.closed_on is not None or found.level == InstitutionLevel.CLUSTER:
        return Outcome.CLOSED if found.closed_on else Outcome.NO_PEOPLE
    open_ones = latest.get(found.pk, [])
    if any(one.state == AgreementState.WAITING for one in open_ones):
        return Outcome.WAITING
    if any(same_terms(one.terms, terms) for one in open_ones):
        return Outcome.AGREED
    return Outcome.SENT


def _latest(terms: Terms, institutions: Sequence[int]) -> dict[int, list[Agreement]]:
    """Return what waits or counts between the system and each institution: two at most."""
    rows = Agreement.objects.filter(
        system=terms.system_id,
        service=terms.service,
        institution__any_of=list(institutions),
        state__in=(AgreementState.WAITING, AgreementState.APPROVED),
    ).select_related("terms")
    found: dict[int, list[Agreement]] = {}
    for row in rows:
        found.setdefault(row.institution_id, []).append(row)
    return found


def same_terms(one: Terms, other: Terms) -> bool:
    """Whether two terms ask for the same, for the same reason, until the same day."""

    def said(terms: Terms) -> tuple[object, ...]:
        return terms.package, terms.fields, terms.purpose, terms.legal_basis, terms.contract_id, terms.valid_until

    return said(one) == said(other)


def _ask(batch: RequestBatch, asked: Mapping[str, _Found]) -> dict[str, int]:
    """Make the requests; return their keys by number."""
    if not asked:
        return {}
    now, terms = timezone.now(), batch.terms
    always = {
        "system_id": terms.system_id,
        "service": terms.service,
        "terms_id": terms.pk,
        "batch_id": batch.pk,
        "state": AgreementState.WAITING.value,
        "requested_at": now,
        "changed_at": now,
    }
    bulk.insert(Agreement, ("institution_id",), [(found.pk,) for found in asked.values()], always=always)
    by_institution = {found.pk: number for number, found in asked.items()}
    made = Agreement.objects.filter(batch=batch, institution__any_of=list(by_institution))
    keys = {by_institution[place]: pk for pk, place in made.values_list("pk", "institution_id")}
    held = [
        Held(keys[number], AgreementState.WAITING, found.pk, terms.system_id, terms.service)
        for number, found in asked.items()
    ]
    act = Act(AgreementAction.REQUEST, Side.PROVIDER, batch.by, batch.comment)
    journal.note(held, act, before="", after=AgreementState.WAITING, now=now)
    return keys


def _write(
    batch: RequestBatch,
    lot: Iterable[str],
    outcomes: Mapping[str, tuple[Outcome, _Found | None]],
    agreements: Mapping[str, int],
) -> None:
    """Write a line for each number; the second time in one lot it is a double."""
    seen: set[str] = set()
    rows = []
    for place, number in enumerate(lot, start=batch.done):
        outcome = Outcome.DOUBLE if number in seen else outcomes[number][0]
        seen.add(number)
        key = agreements.get(number) if outcome is Outcome.SENT else None
        rows.append((place, number[:20], outcome.value, key))
    bulk.insert(RequestOutcome, ("place", "number", "outcome", "agreement_id"), rows, always={"batch_id": batch.pk})


def unfinished(now: dt.datetime) -> list[int]:
    """Return the batches that nobody has been at for a while: their worker is gone."""
    rows = RequestBatch.objects.filter(state=BatchState.RUNNING, created_at__lt=now - dt.timedelta(minutes=5))
    return list(rows.values_list("pk", flat=True))

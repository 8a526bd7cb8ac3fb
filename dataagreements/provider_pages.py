"""What the pages of suppliers show: systems, connections, numbers of agreements, what came of each number asked."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from institutions.cases.states import FINAL
from unilogin_portal.lib.status import Status

from .models import BatchState, Connection, Outcome, RequestBatch, RequestOutcome, System, WebService
from .states import AgreementState, ConnectionState, SystemState

CONNECTION_TONES = {
    ConnectionState.REQUESTED: "wait",
    ConnectionState.VALID: "ok",
    ConnectionState.REJECTED: "bad",
    ConnectionState.ENDED: "off",
}


@dataclass(frozen=True)
class SystemLine:
    system: System
    status: Status
    approved: int
    waiting: int


@dataclass(frozen=True)
class ConnectionLine:
    connection: Connection
    status: Status

    @property
    def is_valid(self) -> bool:
        return self.connection.state == ConnectionState.VALID


@dataclass(frozen=True)
class OutcomeLine:
    """One number of a request that was not sent, and why."""

    row: RequestOutcome
    status: Status


def system_lines(systems: QuerySet[System], *, passive: bool) -> list[SystemLine]:
    """Return systems with how many agreements each has: one query."""
    rows = systems if passive else systems.filter(state=SystemState.ACTIVE)
    rows = rows.annotate(
        approved=Count("agreements", filter=Q(agreements__state=AgreementState.APPROVED)),
        waiting=Count("agreements", filter=Q(agreements__state=AgreementState.WAITING)),
    )
    return [
        SystemLine(row, system_status(row), row.approved, row.waiting)
        for row in rows.order_by("provider__name", "name")[:200]
    ]


def system_status(system: System) -> Status:
    if system.state == SystemState.ACTIVE:
        return Status("ok", _("In use"))
    return Status("off", _("Passive"))


def connection_lines(system: System) -> list[ConnectionLine]:
    rows = system.connections.select_related("case")
    return [ConnectionLine(row, _connection_status(row)) for row in rows]


def _connection_status(connection: Connection) -> Status:
    state = ConnectionState(connection.state)
    if state is ConnectionState.REQUESTED and connection.case and connection.case.state in FINAL:
        state = ConnectionState.REJECTED
    return Status(CONNECTION_TONES[state], state.label)  # type: ignore[arg-type]


def agreement_counts(system: System) -> dict[str, int]:
    return system.agreements.aggregate(
        approved=Count("pk", filter=Q(state=AgreementState.APPROVED)),
        waiting=Count("pk", filter=Q(state=AgreementState.WAITING)),
        to_delete=Count("pk", filter=Q(deletion_asked_at__isnull=False, deletion_done_at=None)),
    )


def services_of(systems: Iterable[System]) -> set[str]:
    """Return the web services that STIL lets any of the systems use."""
    rows = Connection.objects.filter(system__in=list(systems), state=ConnectionState.VALID)
    return set(rows.values_list("service", flat=True)) & set(WebService.values)


def progress_of(batch: RequestBatch) -> dict[str, object]:
    """Return how far a request is, and how many of each outcome there are."""
    counts = dict(batch.outcomes.order_by().values_list("outcome").annotate(count=Count("pk")))
    return {
        "total": len(batch.numbers),
        "is_done": batch.state == BatchState.DONE,
        "sent": counts.get(Outcome.SENT, 0),
        "not_sent": sum(count for outcome, count in counts.items() if outcome != Outcome.SENT),
    }


def outcome_status(row: RequestOutcome) -> Status:
    outcome = Outcome(row.outcome)
    if outcome is Outcome.SENT:
        return Status("ok", outcome.label)
    tone = "info" if outcome in (Outcome.WAITING, Outcome.AGREED, Outcome.DOUBLE) else "bad"
    return Status(tone, outcome.label, "warning" if tone == "bad" else "")  # type: ignore[arg-type]

"""Deliveries that suppliers' systems send over HTTPS: taken up by agreement, and what has become of each."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from institutions import services as institutions
from institutions.administration.findings import issue_lines
from institutions.importing.hidden import is_hidden
from institutions.importing.reasons import reason_text
from institutions.importing.report import RunReport
from institutions.importing.sources import Delivery
from institutions.models import Institution, RunState

from .models import Agreement, Submission, System, WebService

MOST_WAITING = 10  # of one system for one institution: a program that goes wrong does not fill the database
_KEPT = dt.timedelta(days=5 * 365)  # as long as runs, which tell what became of it
MOST_ISSUES = 500  # in a status; the institution has them all on its page


class TooManyWaitError(Exception):
    """The system has sent this institution's people so often today that no more are taken up."""


@dataclass(frozen=True)
class Received:
    """A delivery that has come. `report` is what became of it at once, or None where it waits for the night."""

    submission: Submission
    report: RunReport | None

    @property
    def is_refused(self) -> bool:
        return self.report is not None and self.report.state == RunState.REJECTED


def institution_for(system: System, number: str) -> Institution | None:
    """Return the institution that the system may deliver for now, by an agreement that counts; one query."""
    agreements = Agreement.objects.effective(timezone.localdate()).select_related("institution")
    found = agreements.filter(system=system, service=WebService.IMPORT, institution__number=number).first()
    return found.institution if found else None


def receive(system: System, institution: Institution, data: bytes) -> Received:
    """Take up a delivery. The same bytes again are the same submission, which then starts anew.

    Raises `TooManyWaitError`, or `OperationalError` where the database gave way: the sender is told, and nothing lost.
    """
    delivery, sender = Delivery.of(f"{institution.number}.xml", data), _sender(system, institution)
    if institutions.how_many_wait(sender, but=delivery.sha256) >= MOST_WAITING:
        raise TooManyWaitError
    submission, _is_new = Submission.objects.update_or_create(
        system=system,
        institution=institution,
        sha256=delivery.sha256,
        defaults={"source": system.import_source, "size": len(data), "received_at": timezone.now()},
    )
    return Received(submission, institutions.receive(delivery, sender))


def status_of(submission: Submission) -> dict[str, Any] | None:
    """Return what has become of a delivery, as its status address tells it; None where it is forgotten."""
    sender = institutions.Sender(submission.institution.number, submission.source)
    became = institutions.what_became(sender, submission.sha256)
    if became is None:
        return None
    status: dict[str, Any] = {
        "id": str(submission.pk),
        "institutionNumber": sender.number,
        "sha256": submission.sha256,
        "size": submission.size,
        "receivedAt": submission.received_at.isoformat(),
        "state": became.state.value,
        "stateText": str(became.state.label),
    }
    run = became.run
    if run is None:
        return status
    if run.ended_at and became.state != RunState.RUNNING:
        status["endedAt"] = run.ended_at.isoformat()
    if run.counts:
        tally = ("persons", "created", "updated", "unchanged", "ended")
        status["counts"] = {name: int(run.counts.get(name, 0)) for name in tally}
    if run.reason:
        text = reason_text(run.reason, run.reason_details, file=run.file_name)
        status["reason"] = {"code": run.reason, "line": int(run.reason_details.get("line", 1)), "text": text}
    issues = list(run.issues.all()[: MOST_ISSUES + 1])
    if issues:
        status["issues"] = list(_issues(issue_lines(issues[:MOST_ISSUES])))
        status["moreIssues"] = len(issues) > MOST_ISSUES
    return status


def _issues(lines: Any) -> Iterator[dict[str, Any]]:
    """Yield issues by line and local id; not by one that was a CPR number, in whose place we hold a hash."""
    for line in lines:
        issue: dict[str, Any] = {"line": line.line, "code": line.code, "text": line.what, "remedy": line.remedy}
        if line.local_id and not is_hidden(line.local_id):
            issue["localPersonId"] = line.local_id
        if line.contact_number:
            issue["contactPerson"] = line.contact_number
        yield issue


def submission_of(system: System, number: str, pk: Any) -> Submission | None:
    """Return a system's own submission for this institution."""
    rows = Submission.objects.select_related("institution").filter(system=system, institution__number=number)
    return rows.filter(pk=pk).first()


def forget_old(now: dt.datetime) -> int:
    """Delete what was sent so long ago that nothing else tells of it; return how many rows went."""
    return Submission.objects.filter(received_at__lt=now - _KEPT).delete()[0]


def _sender(system: System, institution: Institution) -> institutions.Sender:
    return institutions.Sender(institution.number, system.import_source)

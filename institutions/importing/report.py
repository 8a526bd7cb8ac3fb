"""What became of a run, and of many together: for pages, for the command and as JSON."""

import resource
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..models import RunState
from .plan import Plan, Tally
from .reading import Reading
from .reasons import reason_text
from .rows import Issue

# A delivery that was loaded, or brought nothing new, counts as well done.
DONE = frozenset({RunState.LOADED, RunState.LOADED_WITH_ISSUES, RunState.UNCHANGED})


@dataclass(frozen=True)
class Counts:
    """`persons` are the InstitutionPerson elements; the tallies say what became of them, contact persons apart.

    A row that has an issue is in no tally: persons = created + updated + unchanged + rows with an issue.
    """

    persons: int = 0
    tally: Tally = field(default_factory=Tally)
    contacts: Tally = field(default_factory=Tally)
    issues: int = 0

    @classmethod
    def of(cls, reading: Reading, plan: Plan) -> "Counts":
        return cls(reading.persons, plan.tally, plan.contact_tally, len(reading.issues))

    @classmethod
    def once_more(cls, stored: dict[str, Any]) -> "Counts":
        """Return what a delivery that was loaded with these counts says when it comes again: nothing changed."""
        persons, contacts = (
            Tally(unchanged=sum(counts.get(name, 0) for name in ("created", "updated", "unchanged")))
            for counts in (stored, stored.get("contacts", {}))
        )
        return cls(stored.get("persons", 0), persons, contacts, stored.get("issues", 0))

    @classmethod
    def stored(cls, stored: dict[str, Any]) -> "Counts":
        """Return the counts that stand on a run."""
        persons, contacts = (
            Tally(**{name: counts.get(name, 0) for name in Tally._fields})
            for counts in (stored, stored.get("contacts", {}))
        )
        return cls(stored.get("persons", 0), persons, contacts, stored.get("issues", 0))

    def as_dict(self) -> dict[str, Any]:
        return {
            "persons": self.persons,
            **self.tally._asdict(),
            "contacts": self.contacts._asdict(),
            "issues": self.issues,
        }


@dataclass(frozen=True)
class RunReport:
    """What became of one delivery. `run_id` is None after a dry run."""

    file: str
    state: RunState
    institution: str = ""
    source: str = ""
    counts: Counts = field(default_factory=Counts)
    issues: tuple[Issue, ...] = ()
    reason: str = ""
    details: dict[str, Any] = field(default_factory=dict)
    run_id: int | None = None

    @property
    def is_done(self) -> bool:
        return self.state in DONE

    @property
    def message(self) -> str:
        """Why the delivery was refused, with file and line, in the active language."""
        return reason_text(self.reason, self.details, file=self.file)

    @property
    def line(self) -> str:
        """What became of it, as commands print it."""
        counts = self.counts
        return (
            f"{self.file}: {self.institution or '-'} {self.state.value}, {counts.persons} persons,"
            f" {counts.tally.created} created, {counts.tally.updated} updated, {counts.tally.unchanged} unchanged,"
            f" {counts.tally.ended} ended"
        )

    def as_dict(self) -> dict[str, Any]:
        return {
            "institution": self.institution,
            "source": self.source,
            "state": self.state.value,
            "counts": self.counts.as_dict(),
            "issues": [
                {"line": issue.line, "local_person_id": issue.local_id, "code": issue.code.value}
                for issue in self.issues
            ],
        }


def summary(reports: Iterable[RunReport], *, seconds: float) -> dict[str, Any]:
    """Return the totals of several runs, and each run, as `import_users --json` prints them."""
    reports = list(reports)
    totals = _sum(report.counts.tally for report in reports)
    return {
        "deliveries": len(reports),
        "persons": sum(report.counts.persons for report in reports),
        **totals._asdict(),
        "rejected": sum(report.state == RunState.REJECTED for report in reports),
        "awaiting_approval": sum(report.state == RunState.AWAITING_APPROVAL for report in reports),
        "contacts": _sum(report.counts.contacts for report in reports)._asdict(),
        "seconds": round(seconds, 3),
        "peak_rss_mb": peak_rss_mb(),
        "runs": [report.as_dict() for report in reports],
    }


def peak_rss_mb() -> float:
    """Return the most memory that this process or one of its children has held, in MB."""
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / unit
    return round(max(_own_peak() or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit, children), 1)


def _own_peak() -> float:
    """Return this process's peak as Linux tells it, in MB, or 0. The other way counts what started the process, too."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:")), 0)


def _sum(tallies: Iterable[Tally]) -> Tally:
    columns = zip(*tallies, strict=True)
    return Tally(*(sum(column) for column in columns))

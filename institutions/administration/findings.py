"""What a run's page shows: issues with what to do about them, why it was refused, who decided what."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext, override
from django.utils.translation import gettext as _

from accounts.models import User

from ..importing import progress, reasons
from ..importing.codes import REMEDIES, IssueCode
from ..importing.progress import Step
from ..importing.reasons import ASK_SUPPLIER, Reason, reason_text
from ..models import ChangeKind, DecisionKind, ImportChange, ImportDecision, ImportIssue, ImportRun, RunState
from ..roles import Role, labels
from . import statuses, stops

LOADED = (RunState.LOADED, RunState.LOADED_WITH_ISSUES)
DECISION_ICONS: dict[str, str] = {
    DecisionKind.APPROVE: "check",
    DecisionKind.REJECT: "close",
    DecisionKind.UNDO: "reply",
}
SENTENCES: dict[str, Promise] = {
    DecisionKind.APPROVE: gettext_lazy("%(who)s approved the import."),
    DecisionKind.REJECT: gettext_lazy("%(who)s stopped the import."),
    DecisionKind.UNDO: gettext_lazy("%(who)s took the import back."),
}
STEPS: dict[Step, Promise] = {
    Step.READING: gettext_lazy("We are reading the file."),
    Step.COMPARING: gettext_lazy("We are comparing with what we have."),
    Step.WRITING: gettext_lazy("We are writing the changes."),
}


@dataclass(frozen=True)
class IssueLine:
    """A row that was not loaded: where, what is wrong, what to do."""

    line: int
    local_id: str
    code: str
    what: str
    remedy: str
    contact_number: int | None

    @property
    def is_cpr_change(self) -> bool:
        return self.code == IssueCode.CPR_UNEXPECTED


@dataclass(frozen=True)
class Refusal:
    """Why a run was not loaded, and what to do; `tone` is that of an alert."""

    tone: str
    heading: str
    text: str
    remedy: str


@dataclass(frozen=True)
class DecisionLine:
    """Who decided what, when and why."""

    decision: ImportDecision
    who: str
    icon: str

    @property
    def sentence(self) -> str:
        return str(SENTENCES[self.decision.kind]) % {"who": self.who}


def issues_of(run: ImportRun, code: str = "") -> QuerySet[ImportIssue]:
    issues = run.issues.all()
    return issues.filter(code=code) if code else issues


def issue_lines(issues: Iterable[ImportIssue]) -> list[IssueLine]:
    return [
        IssueLine(
            issue.line,
            issue.local_person_id,
            issue.code,
            *_meaning(issue.code),
            issue.contact_number,
        )
        for issue in issues
    ]


def _meaning(code: str) -> tuple[str, str]:
    """Return what a code means and what to do; a code of an earlier version stands for itself."""
    if code not in IssueCode.values:
        return code, str(ASK_SUPPLIER)
    known = IssueCode(code)
    return str(known.label), str(REMEDIES[known])


def codes_of(run: ImportRun) -> list[tuple[str, str, int]]:
    """Return (code, meaning, how many) of each code that the run has."""
    counted = run.issues.order_by("code").values_list("code").annotate(count=Count("pk"))
    return [(code, _meaning(code)[0], count) for code, count in counted]


def issue_rows(run: ImportRun) -> Iterator[tuple[object, ...]]:
    """Return the issues as rows of a file, in the language of the page that asked: it is sent after the request."""
    meanings = {code: _meaning(code) for code in IssueCode.values}
    whose = _("Contact person no. %(number)s:") + " "
    issues = run.issues.values_list("line", "local_person_id", "code", "contact_number").iterator(chunk_size=2000)

    def row(line: int, local_id: str, code: str, number: int | None) -> tuple[object, ...]:
        what, remedy = meanings.get(code, (code, ""))
        return line, local_id, code, (whose % {"number": number} if number else "") + what, remedy

    return (row(*issue) for issue in issues)


def refusal(run: ImportRun) -> Refusal | None:
    """Return why a run was refused as a whole, and what to do."""
    if run.state != RunState.REJECTED or run.reason in ("", Reason.STOPPED):
        return None  # what a person stopped stands among the decisions
    if run.reason not in Reason.values:
        return Refusal("error", _("The import was rejected"), run.reason, str(ASK_SUPPLIER))
    remedy = str(reasons.REMEDIES[Reason(run.reason)])
    if run.reason == Reason.SUPERSEDED:
        return Refusal("info", _("Replaced"), _("A newer file from the same system took its place."), remedy)
    text = reason_text(run.reason, run.reason_details, file=run.file_name)
    return Refusal("error", _("The import was rejected"), text, remedy)


def decisions_of(run: ImportRun) -> list[DecisionLine]:
    decisions = run.decisions.select_related("by__person")
    return [DecisionLine(decision, name_of(decision.by), DECISION_ICONS[decision.kind]) for decision in decisions]


def name_of(user: User) -> str:
    """Return who decided, for the institution's own administrators; of the agency's people only that."""
    return user.name_at_work or labels([Role.OPERATOR])


def duration(run: ImportRun) -> str:
    """Return how long a run took, in words; of one that waited for an answer it would say how long that took."""
    if run.ended_at is None or run.stops:
        return ""
    seconds = round((run.ended_at - run.started_at).total_seconds())
    if seconds < 1:
        return _("Less than a second")
    if seconds < 120:
        return ngettext("%(count)s second", "%(count)s seconds", seconds) % {"count": seconds}
    return _("%(count)s minutes") % {"count": round(seconds / 60)}


def progress_of(run: ImportRun) -> dict[str, Any]:
    """Return how far a run is, where it is under way."""
    if run.state not in statuses.UNDER_WAY:
        return {"under_way": False}
    if run.state == RunState.RECEIVED:
        return {"under_way": True, "step": _("The import waits for its turn.")}
    return {"under_way": True, "step": str(STEPS[progress.told(run)])}


def changes_of(run: ImportRun, kind: str = "") -> QuerySet[ImportChange]:
    changes = run.changes.all()
    return changes.filter(kind=kind) if kind in ChangeKind.values else changes


def change_kinds(run: ImportRun) -> list[tuple[str, str, int]]:
    """Return (kind, its name, how many) of what a run would change."""
    counted = dict(run.changes.order_by("kind").values_list("kind").annotate(count=Count("pk")))
    return [(kind.value, str(kind.label), counted[kind]) for kind in ChangeKind if counted.get(kind)]


def examples(run: ImportRun, each: int = 3) -> list[stops.ChangeLine]:
    """Return a few changes of each kind."""
    found = [change for kind in ChangeKind for change in run.changes.filter(kind=kind)[:each]]
    return stops.change_lines(found)


def change_rows(run: ImportRun) -> Iterator[tuple[object, ...]]:
    """Yield the changes as rows of a file, in the language of the page that asked: it is sent after the request."""
    language = get_language() or "da"
    for change in run.changes.iterator(chunk_size=2000):
        with override(language):
            [line] = stops.change_lines([change])
        yield line.local_id, line.field, line.was, line.becomes

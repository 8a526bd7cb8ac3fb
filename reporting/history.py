"""What has happened to a report, from the audit, and what was sent in each version: for STIL's page of it."""

import datetime as dt
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import AuditEvent

from .models import Report, ReportVersion
from .models.answer import FIELDS
from .questions import Line, Section

_EVENTS = 50
_BY_ITSELF = {"report.correction_ended", "report.mail_returned"}
ACTS: dict[str, tuple[str, Promise]] = {
    "report.finished": ("success", gettext_lazy("Sent in")),
    "report.reopening_asked": ("help", gettext_lazy("Asked to correct")),
    "report.reopened": ("edit", gettext_lazy("Opened for correction")),
    "report.correction_ended": (
        "time",
        gettext_lazy("The correction was not sent in time: what was sent before stands"),
    ),
    "report.sent_again": ("reply", gettext_lazy("Link sent again")),
    "report.asked_again": ("reply", gettext_lazy("Asked to have the link again")),
    "report.link_renewed": ("sync", gettext_lazy("New link given")),
    "report.link_closed": ("lock", gettext_lazy("Link closed")),
    "report.address_changed": ("edit", gettext_lazy("Address changed")),
    "report.mail_returned": ("warning", gettext_lazy("A mail came back")),
    "report.reminded": ("hourglass", gettext_lazy("Reminder sent by STIL")),
}


@dataclass(frozen=True)
class EventLine:
    """One thing that happened."""

    icon: str
    what: str
    at: dt.datetime
    who: str


def history_of(report: Report) -> list[EventLine]:
    """Return what has happened to a report, newest first: one query."""
    events = (
        AuditEvent.objects.filter(object_type=report._meta.label_lower, object_id=str(report.pk), action__in=ACTS)
        .select_related("actor__person")
        .order_by("-at", "-pk")
    )
    return [
        EventLine(ACTS[event.action][0], str(ACTS[event.action][1]), event.at, _who(event))
        for event in events[:_EVENTS]
    ]


def _who(event: AuditEvent) -> str:
    if event.actor:
        return f"{event.actor.shown_name}, STIL"
    return _("The portal") if event.action in _BY_ITSELF else _("The respondent")


@dataclass(frozen=True)
class Part:
    """A section's numbers: lines that are a count alone, and lines with a total and the days' numbers."""

    section: Section
    counts: list[tuple[Line, int | None]]
    days: list[tuple[Line, list[int | None]]]


@dataclass(frozen=True)
class Sent:
    """A version that was sent, with the numbers of its sections."""

    version: ReportVersion
    receipt: str
    parts: list[Part]


def sent_of(report: Report) -> list[Sent]:
    """Return the versions that were sent, newest first: two queries. What is being written is nobody's to see."""
    versions = report.versions.filter(sent_at__isnull=False).prefetch_related("lines").order_by("-number")
    return [Sent(version, report.receipt_of(version), _parts(report, version)) for version in versions]


def _parts(report: Report, version: ReportVersion) -> list[Part]:
    written = {line.line: [getattr(line, name) for name in FIELDS] for line in version.lines.all()}
    parts = []
    for section in report.sections:
        lines = [(line, written[line.key]) for line in section.lines if line.key in written]
        counts = [(line, numbers[0]) for line, numbers in lines if not line.has_days]
        parts.append(Part(section, counts, [(line, numbers) for line, numbers in lines if line.has_days]))
    return parts

"""Writing numbers in, seeing them through, and sending them: what a respondent does with its link.

Nobody logs in here, so acts are the system's in the audit, and what is recorded holds no number. Numbers are merged one
by one: a number gives way only to whoever has seen it. See ADR 0013.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts import audit
from unilogin_portal.lib.errors import DomainError
from unilogin_portal.lib.mail import send_on_commit

from . import links, plausibility
from .models import AnswerLine, Campaign, Confirmation, Report, ReportVersion
from .models.answer import DAYS, FIELDS
from .questions import Section
from .standing import Cell, Standing, cells_of, confirmed_of, earlier_totals, last_totals, numbers_of, standing_of
from .states import ReportAction, ReportState, next_report_state
from .weeks import WEEKDAYS

# How many answers before this one are compared with (`plausibility.judge`).
_EARLIER = 4


class Closed(DomainError):
    """The report takes no answers: sent already, over, or its link dead."""


@dataclass(frozen=True)
class Saved:
    """What came of a save: when, what the numbers are now, and which were not taken because another had written there.

    `conflicts` maps a cell to the other's number, which stands.
    """

    at: dt.datetime | None
    numbers: dict[Cell, int | None]
    conflicts: dict[Cell, int | None] = field(default_factory=dict)
    changed: int = 0


def note_opened(report: Report, now: dt.datetime) -> None:
    """Remember when the link was first used."""
    if report.opened_at is None:
        Report.objects.filter(pk=report.pk, opened_at=None).update(opened_at=now)


@transaction.atomic
def save(
    report: Report,
    section: Section,
    typed: Mapping[Cell, int | None],
    was: Mapping[Cell, int | None],
    *,
    now: dt.datetime,
    confirm: Mapping[str, str] | None = None,
    shown: Iterable[str] = (),
) -> Saved:
    """Save the numbers of a section that somebody has typed over those that `was` says they saw.

    A number that another has saved meanwhile stays and is told of as a conflict. `confirm` are the doubts ticked, by
    their name and what was seen; those among `shown` that are not ticked are taken back. Raises `Closed`.
    """
    locked = _locked(report, ReportAction.SAVE, now)
    version = _draft(locked, now)
    rows = {row.line: row for row in version.lines.all()} if version else {}
    changes, conflicts = _merge(rows, section, typed, was, open_days=locked.campaign.of.open_days)
    if changes or confirm or shown:
        version = version or _first_draft(locked, now)
        _write(version, rows, changes, now)
        standing = Standing(locked, version, numbers_of(version), last_totals(locked), confirmed_of(version))
        _settle(standing, section, confirm or {}, set(shown), now)
        _begin(locked, now)
    return Saved(version.saved_at if version else None, cells_of(version), conflicts, len(changes))


@transaction.atomic
def start_from_last(report: Report, section: Section, *, now: dt.datetime) -> Saved:
    """Write last time's totals into the empty ones of a section."""
    last = last_totals(report)
    typed: dict[Cell, int | None] = {(line.key, "total"): last[line.key] for line in section.lines if line.key in last}
    # Whatever is there already is no conflict to tell of: it stays.
    saved = save(report, section, typed, {}, now=now)
    return Saved(saved.at, saved.numbers, {}, saved.changed)


@transaction.atomic
def finish(report: Report, digest: str, *, now: dt.datetime) -> ReportVersion:
    """*Afslut*: send what was looked through. `digest` is the mark of the numbers that were shown.

    Raises `Closed`, or `DomainError` where numbers are missing, wrong or not confirmed, or have changed since.
    """
    # The campaign's row first: whoever adds the figures up holds it, and then misses no answer.
    campaign = Campaign.objects.select_for_update().get(pk=report.campaign_id)
    locked = _locked(report, ReportAction.FINISH, now)
    standing = standing_of(locked)
    version = standing.version
    if version is None or version.sent_at is not None or any(map(standing.unsettled, locked.sections)):
        raise DomainError(_("Something is missing yet. Look through the sections that are marked."))
    if standing.digest != digest:
        raise DomainError(_("The numbers have changed since you saw them. Look them through once more."))
    version.sent_at = now
    version.implausible = plausibility.judge(standing.numbers, earlier_totals(locked, _EARLIER))
    version.save(update_fields=["sent_at", "implausible"])
    locked.state = next_report_state(locked.state, ReportAction.FINISH)
    locked.finished_at, locked.reopened_until = now, None
    locked.begun_at = locked.begun_at or now
    locked.save(update_fields=["state", "finished_at", "reopened_until", "begun_at"])
    Campaign.objects.filter(pk=campaign.pk).update(revision=F("revision") + 1)
    audit.record("report.finished", locked, by=None, version=version.number)
    _send_receipt(locked, version)
    return version


@transaction.atomic
def ask_reopening(report: Report, reason: str, *, now: dt.datetime) -> None:
    """Tell STIL that something that was sent is wrong. Raises `DomainError` where nothing was sent."""
    locked = Report.objects.select_for_update().get(pk=report.pk)
    if locked.state != ReportState.FINISHED:
        raise DomainError(_("The report is not sent, so you can correct it yourself."))
    locked.reopening_asked_at, locked.reopening_reason = now, reason
    locked.save(update_fields=["reopening_asked_at", "reopening_reason"])
    audit.record("report.reopening_asked", locked, by=None)


def _locked(report: Report, action: ReportAction, now: dt.datetime) -> Report:
    """Lock the report and re-read it: it may have been sent, or its link changed, since the page was drawn."""
    locked = Report.objects.select_for_update(of=("self",)).select_related("campaign").get(pk=report.pk)
    if not locked.takes_answers(now) or locked.issue != report.issue or not locked.token_hash:
        raise Closed(_("The report takes no more numbers. Nothing of what you wrote last is saved."))
    next_report_state(locked.state, action)
    return locked


def _draft(report: Report, now: dt.datetime) -> ReportVersion | None:
    return report.versions.filter(sent_at=None).first()


def _first_draft(report: Report, now: dt.datetime) -> ReportVersion:
    return ReportVersion.objects.create(report=report, number=report.versions.count() + 1, began_at=now)


def _begin(report: Report, now: dt.datetime) -> None:
    state = next_report_state(report.state, ReportAction.SAVE)
    if state != report.state or report.begun_at is None:
        report.state, report.begun_at = state, report.begun_at or now
        report.save(update_fields=["state", "begun_at"])


def _merge(
    rows: Mapping[str, AnswerLine],
    section: Section,
    typed: Mapping[Cell, int | None],
    was: Mapping[Cell, int | None],
    *,
    open_days: tuple[int, ...],
) -> tuple[dict[Cell, int | None], dict[Cell, int | None]]:
    """Return what is to be written, and what another has written in the meantime."""
    asked = {line.key: line for line in section.lines}
    closed = {DAYS[day] for day in range(WEEKDAYS) if day not in open_days}
    changes: dict[Cell, int | None] = {}
    conflicts: dict[Cell, int | None] = {}
    for cell, number in typed.items():
        line, name = cell
        if line not in asked or name not in FIELDS or name in closed or (name in DAYS and not asked[line].has_days):
            continue
        held = getattr(rows[line], name) if line in rows else None
        if number in (was.get(cell), held):
            continue  # not touched by this person, or the same already
        if held == was.get(cell):
            changes[cell] = number
        else:
            conflicts[cell] = held
    return changes, conflicts


def _write(
    version: ReportVersion, rows: dict[str, AnswerLine], changes: Mapping[Cell, int | None], now: dt.datetime
) -> None:
    touched: dict[str, set[str]] = {}
    for (line, name), number in changes.items():
        row = rows.setdefault(line, AnswerLine(version=version, line=line))
        setattr(row, name, number)
        touched.setdefault(line, set()).add(name)
    new = [rows[line] for line in touched if rows[line].pk is None]
    AnswerLine.objects.bulk_create(new)
    for line, names in touched.items():
        if rows[line] not in new:
            rows[line].save(update_fields=sorted(names))
    if changes:
        version.saved_at = now
        version.save(update_fields=["saved_at"])


def _settle(
    standing: Standing, section: Section, confirm: Mapping[str, str], shown: set[str], now: dt.datetime
) -> None:
    """Keep the ticks that are about what now stands, and let go those taken back."""
    version = standing.version
    for finding in standing.findings(section):
        if finding.is_error:
            continue
        check, line, name = finding.key
        if confirm.get(finding.name) == finding.seen:
            Confirmation.objects.update_or_create(
                version=version,
                check_code=check,
                line=line,
                field=name,
                defaults={"seen": finding.seen, "at": now},
            )
        elif finding.name in shown and finding.name not in confirm:
            Confirmation.objects.filter(version=version, check_code=check, line=line, field=name).delete()


def _send_receipt(report: Report, version: ReportVersion) -> None:
    if report.email:
        context = {"report": report, "receipt": report.receipt_of(version), "path": links.path_of(report)}
        send_on_commit("sick_leave_receipt", report.email, context)

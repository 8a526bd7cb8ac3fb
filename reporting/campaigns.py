"""A week's campaign: planned ahead, changed or left out by STIL, opened and closed. `keep_time` does what is due.

All of it may be done twice, or by two workers at once: the campaign's row is locked, and its state decides.
"""

import datetime as dt
from collections import Counter
from contextlib import suppress
from dataclasses import asdict, dataclass, replace

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from institutions.actor import Actor
from unilogin_portal.lib import bulk
from unilogin_portal.lib.errors import DomainError, IllegalTransition

from . import links, respondents
from .models import Campaign, MunicipalAddress, Report
from .questions import RespondentKind
from .states import (
    UNANSWERED,
    CampaignAction,
    CampaignState,
    MailState,
    ReportAction,
    ReportState,
    next_campaign_state,
    next_report_state,
)
from .weeks import Schedule, Week, schedule_of

_WEEKS_AHEAD = 1
_COLUMNS = (
    *("id", "number", "kind", "municipality_id", "institution_id", "name", "email", "highest_level"),
    *("mail", "token_hash"),
)


@dataclass(frozen=True)
class Kept:
    """What keeping time has done: how many weeks were opened, given up and closed, and corrections that ended."""

    opened: int
    given_up: int
    closed: int
    ended: int


def keep_time(now: dt.datetime) -> Kept:
    """Do what is due: plan, open, write to new addresses, close, and end corrections that nobody has sent in time."""
    plan_ahead(now)
    opened = [pk for pk in _due("opens_at", CampaignState.PLANNED, now, closes_at__gt=now) if _opened(pk, now)]
    given_up = [pk for pk in _due("closes_at", CampaignState.PLANNED, now) if _given_up(pk, now)]
    fill_in_addresses(now)
    for pk in _due("reminds_at", CampaignState.OPEN, now, deadline_at__gt=now, reminded_at=None):
        _note_reminding(pk, now)
    closed = [pk for pk in _due("closes_at", CampaignState.OPEN, now) if _closed(pk, now)]
    return Kept(len(opened), len(given_up), len(closed), end_corrections(now))


def plan_ahead(now: dt.datetime) -> None:
    """Make the campaigns of this week and the next, so that their dates can be seen and changed."""
    this_week = Week.of(timezone.localtime(now).date())
    for ahead in range(_WEEKS_AHEAD + 1):
        plan(this_week.shifted(ahead))


@transaction.atomic
def plan(week: Week) -> Campaign:
    """Return the week's campaign, made with the usual dates if there is none."""
    campaign, is_new = Campaign.objects.get_or_create(
        year=week.year, week=week.number, defaults=asdict(schedule_of(week))
    )
    if is_new:
        audit.record("campaign.planned", campaign, by=None)
    return campaign


def schedule_for(campaign: Campaign) -> Schedule:
    return Schedule(campaign.opens_at, campaign.reminds_at, campaign.deadline_at, campaign.closes_at)


@transaction.atomic
def change(campaign: Campaign, dates: Schedule, message: str, *, by: Actor, now: dt.datetime) -> Campaign:
    """Give a week other dates, and other words in its mails. Raises `DomainError`."""
    locked = _lock(campaign.pk)
    next_campaign_state(locked.state, CampaignAction.CHANGE)
    is_open = locked.state == CampaignState.OPEN
    if is_open:
        dates = replace(dates, opens_at=locked.opens_at)
    _check(dates, now)
    changed = [name for name, moment in asdict(dates).items() if getattr(locked, name) != moment]
    for name in changed:
        setattr(locked, name, getattr(dates, name))
    if locked.message != message:
        changed.append("message")
        locked.message = message
    locked.save(update_fields=changed)
    audit.record("campaign.changed", locked, by=by.user, changed=changed)
    return locked


def _check(dates: Schedule, now: dt.datetime) -> None:
    if not dates.opens_at < dates.reminds_at <= dates.deadline_at <= dates.closes_at:
        raise DomainError(
            _("The dates must follow each other: links, reminder, deadline, and when no more answers are taken.")
        )
    if dates.closes_at <= now:
        raise DomainError(_("The time when no more answers are taken must lie ahead."))


@transaction.atomic
def cancel(campaign: Campaign, *, by: Actor) -> Campaign:
    """Leave a week out: nobody is written to. Raises `IllegalTransition` where somebody already is."""
    return _move(campaign.pk, CampaignAction.CANCEL, by=by)


@transaction.atomic
def restore(campaign: Campaign, *, by: Actor, now: dt.datetime) -> Campaign:
    """Take a week in again that was left out. Raises `DomainError` where it is over."""
    if campaign.closes_at <= now:
        raise DomainError(_("The week is over. It can no longer be taken in."))
    return _move(campaign.pk, CampaignAction.RESTORE, by=by)


def _move(pk: int, action: CampaignAction, *, by: Actor | None, **changes: object) -> Campaign:
    locked = _lock(pk)
    before, locked.state = locked.state, next_campaign_state(locked.state, action)
    for name, value in changes.items():
        setattr(locked, name, value)
    locked.save(update_fields=["state", *changes])
    audit.record(f"campaign.{action}", locked, by=by.user if by else None, before=before)
    return locked


def _lock(pk: int) -> Campaign:
    return Campaign.objects.select_for_update().get(pk=pk)


# Opening and closing


@transaction.atomic
def open_campaign(campaign: Campaign, *, by: Actor | None, now: dt.datetime) -> Campaign:
    """Make a report with a link for everybody who is to answer. Mails go afterwards, from what stands here.

    Raises `IllegalTransition` where the campaign is open already, `DomainError` where its time is over.
    """
    locked = _lock(campaign.pk)
    state = next_campaign_state(locked.state, CampaignAction.OPEN)
    if locked.closes_at <= now:
        raise DomainError(_("The week is over. Give it later dates before you open it."))
    asked = respondents.everybody()
    _make_reports(locked, asked, now)
    locked.state, locked.opened_at = state, now
    locked.save(update_fields=["state", "opened_at"])
    kinds = Counter(one.kind.value for one in asked)
    without = sum(not one.email for one in asked)
    audit.record("campaign.opened", locked, by=by.user if by else None, asked=dict(kinds), without_address=without)
    return locked


def _make_reports(campaign: Campaign, asked: list[respondents.Respondent], now: dt.datetime) -> None:
    """Insert all reports in one statement. A link's hash is worked out from the key that the row is going to have."""
    [keys] = bulk.reserve_ids([(Report, len(asked))])
    rows = (
        (
            *(pk, number, one.kind.value, one.municipality, one.institution, one.name, one.email, one.highest_level),
            MailState.DUE.value if one.email else MailState.NO_ADDRESS.value,
            links.hash_for(Report(pk=pk)),
        )
        for number, (pk, one) in enumerate(zip(keys, asked, strict=True), start=1)
    )
    always = {"campaign_id": campaign.pk, "state": ReportState.CREATED.value, "created_at": now}
    bulk.insert(Report, _COLUMNS, rows, always=always)


@transaction.atomic
def fill_in_addresses(now: dt.datetime) -> int:
    """Have the link mailed to municipalities whose address was written while their week was being opened."""
    address = MunicipalAddress.objects.filter(municipality=OuterRef("municipality")).values("email")
    without = Report.objects.filter(kind=RespondentKind.MUNICIPALITY, email="", mail=MailState.NO_ADDRESS)
    asked = without.filter(campaign__state=CampaignState.OPEN, campaign__closes_at__gt=now)
    known = asked.filter(municipality__sick_leave_address__isnull=False)
    # `without` once more: an address may have been written to the report itself meanwhile.
    filled = without.filter(pk__in=known.values("pk")).update(email=Subquery(address), mail=MailState.DUE)
    if filled:
        audit.record("campaign.addresses_filled_in", None, by=None, reports=filled)
    return filled


@transaction.atomic
def close(campaign: Campaign, *, by: Actor | None, now: dt.datetime) -> Campaign:
    """Take no more answers. What was not sent is not answered; what is open again for correction stays so."""
    locked = _move(campaign.pk, CampaignAction.CLOSE, by=by, closed_at=now)
    unanswered = locked.reports.filter(state__in=sorted(UNANSWERED)).update(state=ReportState.EXPIRED)
    audit.record("campaign.expired", locked, by=by.user if by else None, unanswered=unanswered)
    return locked


def _due(moment: str, state: CampaignState, now: dt.datetime, **more: object) -> list[int]:
    rows: QuerySet[Campaign] = Campaign.objects.filter(state=state, **{f"{moment}__lte": now}, **more)
    return list(rows.order_by("year", "week").values_list("pk", flat=True))


def _opened(pk: int, now: dt.datetime) -> bool:
    with suppress(IllegalTransition):  # another worker was faster
        return bool(open_campaign(Campaign(pk=pk), by=None, now=now))
    return False


def _closed(pk: int, now: dt.datetime) -> bool:
    with suppress(IllegalTransition):
        return bool(close(Campaign.objects.get(pk=pk), by=None, now=now))
    return False


@transaction.atomic
def _given_up(pk: int, now: dt.datetime) -> bool:
    """Leave out a week that nobody opened in time."""
    locked = _lock(pk)
    if locked.state != CampaignState.PLANNED:
        return False
    _move(pk, CampaignAction.CANCEL, by=None)
    audit.record("campaign.missed", locked, by=None, closes_at=locked.closes_at.isoformat())
    return True


@transaction.atomic
def _note_reminding(pk: int, now: dt.datetime) -> None:
    """Note that the week's reminders go out from now on; whom they go to, `mailing.to_be_reminded` says."""
    locked = _lock(pk)
    if locked.state == CampaignState.OPEN and locked.reminded_at is None:
        locked.reminded_at = now
        locked.save(update_fields=["reminded_at"])
        unanswered = locked.reports.filter(state__in=sorted(UNANSWERED)).count()
        audit.record("campaign.reminded", locked, by=None, unanswered=unanswered)


# Corrections


def end_corrections(now: dt.datetime) -> int:
    """End corrections that were not sent in time: what was sent before them stands. Return how many."""
    over = Report.objects.filter(state=ReportState.REOPENED, reopened_until__lte=now)
    return sum(_end_correction(pk, now) for pk in over.values_list("pk", flat=True))


@transaction.atomic
def _end_correction(pk: int, now: dt.datetime) -> bool:
    report = Report.objects.select_for_update().get(pk=pk)
    if report.state != ReportState.REOPENED or report.reopened_until is None or report.reopened_until > now:
        return False  # it was sent meanwhile, or given more time
    # What was written and never sent stays, for the next time that somebody opens the report again.
    report.state, report.reopened_until = next_report_state(report.state, ReportAction.EXPIRE), None
    report.save(update_fields=["state", "reopened_until"])
    audit.record("report.correction_ended", report, by=None)
    return True

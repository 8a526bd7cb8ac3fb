"""What STIL does with one report: send its link again or a new one, close the link, open it for correction.

Whatever leads to a mail marks it DUE, here and in one transaction with the rest; `tasks` sends it.
"""

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts import audit
from institutions.actor import Actor
from institutions.models import Municipality
from unilogin_portal.lib.errors import DomainError

from . import links, mailing, respondents
from .models import AnswerLine, Confirmation, MunicipalAddress, Report, ReportVersion
from .models.answer import FIELDS
from .questions import RespondentKind
from .states import CampaignState, MailState, ReportAction, ReportState, next_report_state

# For how long a report that is open again may be corrected.
CORRECTED_WITHIN = dt.timedelta(days=7)
# How often a respondent can have its link sent once more.
ASKED_AGAIN_AFTER = dt.timedelta(hours=1)


@transaction.atomic
def reopen(report: Report, *, by: Actor, now: dt.datetime) -> ReportVersion:
    """Open a report that was sent, for correction in a new version, and mail its link.

    Raises `IllegalTransition` where nothing was sent, `DomainError` where its link is closed.
    """
    locked = _lock(report)
    locked.state = next_report_state(locked.state, ReportAction.REOPEN)
    if not locked.token_hash:
        raise DomainError(_("The link is closed. Give the respondent a new one first."))
    locked.reopened_until = now + CORRECTED_WITHIN
    locked.reopening_asked_at, locked.reopening_reason = None, ""
    locked.mail = MailState.DUE if locked.email else MailState.NO_ADDRESS
    locked.save(update_fields=["state", "reopened_until", "reopening_asked_at", "reopening_reason", "mail"])
    version = _next_version(locked, now)
    audit.record("report.reopened", locked, by=by.user, version=version.number)
    return version


def _next_version(report: Report, now: dt.datetime) -> ReportVersion:
    """Make a version to be corrected, with the numbers sent last and the doubts that were confirmed.

    A correction that was begun before, and never sent, goes on.
    """
    if begun := report.versions.filter(sent_at=None).first():
        return begun
    last = report.versions.filter(sent_at__isnull=False).order_by("number").last()
    number = last.number + 1 if last else 1
    version = ReportVersion.objects.create(report=report, number=number, began_at=now)
    if last:
        lines = last.lines.values("line", *FIELDS)
        AnswerLine.objects.bulk_create(AnswerLine(version=version, **line) for line in lines)
        confirmed = last.confirmations.values("check_code", "line", "field", "seen", "at")
        Confirmation.objects.bulk_create(Confirmation(version=version, **one) for one in confirmed)
    return version


@transaction.atomic
def reissue(report: Report, *, by: Actor, now: dt.datetime) -> Report:
    """Give a new link in place of the one before, which is dead from now on, and mail it. Raises `DomainError`."""
    locked = _lock(report)
    _refuse_useless(locked, now)
    locked.issue += 1
    locked.token_hash = links.hash_for(locked)
    locked.mail = MailState.DUE if locked.email else MailState.NO_ADDRESS
    locked.save(update_fields=["issue", "token_hash", "mail"])
    audit.record("report.link_renewed", locked, by=by.user, issue=locked.issue)
    return locked


@transaction.atomic
def revoke(report: Report, *, by: Actor) -> Report:
    """Close the link, as when it has come into strange hands: it opens nothing until a new one is given."""
    locked = _lock(report)
    if not locked.token_hash:
        raise DomainError(_("The link is closed already."))
    locked.token_hash = ""
    locked.save(update_fields=["token_hash"])
    audit.record("report.link_closed", locked, by=by.user, issue=locked.issue)
    return locked


@transaction.atomic
def send_again(report: Report, *, by: Actor, now: dt.datetime) -> Report:
    """Mail the same link once more. Raises `DomainError` where it is on its way, or leads nowhere."""
    locked = _lock(report)
    _refuse_useless(locked, now)
    if not locked.token_hash:
        raise DomainError(_("The link is closed. Give the respondent a new one first."))
    if not locked.email:
        raise DomainError(_("There is no address. Write one first."))
    if locked.mail == MailState.DUE or is_being_sent(locked, now):
        raise DomainError(_("The mail is on its way."))
    _due_again(locked, now)
    audit.record("report.sent_again", locked, by=by.user)
    return locked


@transaction.atomic
def change_address(report: Report, email: str, *, by: Actor, now: dt.datetime) -> Report:
    """Write to another address from now on, and mail the link there, if it still leads somewhere."""
    locked = _lock(report)
    locked.email = email
    if is_useful(locked, now) and locked.token_hash:
        locked.mail = MailState.DUE
    locked.save(update_fields=["email", "mail"])
    if locked.kind == RespondentKind.MUNICIPALITY and locked.municipality_id:
        _keep_address(locked.municipality_id, email, now)
    audit.record("report.address_changed", locked, by=by.user)
    return locked


def is_useful(report: Report, now: dt.datetime) -> bool:
    """Whether the report's link leads to something: to be written in, or to be seen."""
    shows = report.state == ReportState.FINISHED and links.shows_receipt(report, now)
    return shows or report.takes_answers(now)


def may_send_again(report: Report, now: dt.datetime) -> bool:
    ready = report.email and report.token_hash and report.mail != MailState.DUE and not is_being_sent(report, now)
    return bool(ready) and is_useful(report, now)


def is_being_sent(report: Report, now: dt.datetime) -> bool:
    """Whether a worker has the mail in hand, as far as its claim's age tells."""
    claimed = report.mail == MailState.CLAIMED and report.mail_claimed_at is not None
    return claimed and report.mail_claimed_at > now - mailing.UNCERTAIN_AFTER  # type: ignore[operator]


def _lock(report: Report) -> Report:
    return Report.objects.select_for_update(of=("self",)).select_related("campaign").get(pk=report.pk)


def _refuse_useless(report: Report, now: dt.datetime) -> None:
    if not is_useful(report, now):
        raise DomainError(_("The week is over, and the link leads nowhere any more."))


def _due_again(report: Report, now: dt.datetime) -> None:
    if report.mail != MailState.CLAIMED:
        # A mail of its own. One that may have gone is tried again as the same, so that two may show as one.
        report.asked_again_at = now
    report.mail = MailState.DUE
    report.save(update_fields=["asked_again_at", "mail"])


# Many


def remind(reports: Collection[Report], *, by: Actor) -> list[int]:
    """Note that somebody wants these reminded, and return the keys of those that can be."""
    audit.record_many("report.reminded", ((report, None) for report in reports), by=by.user)
    return [report.pk for report in reports]


@transaction.atomic
def keep_addresses(addresses: dict[str, str], *, by: Actor, now: dt.datetime) -> int:
    """Keep where municipalities are written to from now on, by their codes. Return how many addresses are other ones.

    Where the open week has no address of a municipality, its link goes to the new one.
    """
    held = dict(MunicipalAddress.objects.values_list("municipality", "email"))
    changed = {code: email for code, email in addresses.items() if held.get(code) != email}
    for code, email in changed.items():
        _keep_address(code, email, now)
        without = Report.objects.filter(kind=RespondentKind.MUNICIPALITY, municipality=code, email="")
        asked = without.filter(campaign__state=CampaignState.OPEN, mail=MailState.NO_ADDRESS)
        Report.objects.filter(pk__in=asked.values("pk")).update(email=email, mail=MailState.DUE)
    if changed:
        audit.record("municipal_addresses.changed", None, by=by.user, municipalities=sorted(changed))
    return len(changed)


def _keep_address(code: str, email: str, now: dt.datetime) -> None:
    MunicipalAddress.objects.update_or_create(municipality_id=code, defaults={"email": email, "updated_at": now})


# The respondent's own wish


@transaction.atomic
def ask_again(identifier: str, now: dt.datetime) -> list[int]:
    """Mark the links of whoever is called this to be mailed once more, to the registered address: at most once an hour.

    `identifier` is an institution's number, or a municipality's name or code. Returns the keys of what is to be mailed.
    """
    asked = Report.objects.select_for_update(of=("self",)).select_related("campaign").filter(_called(identifier))
    open_or_shown = Q(campaign__state=CampaignState.OPEN) | Q(state=ReportState.REOPENED) | links.receipt_shown(now)
    found = asked.filter(open_or_shown).order_by("-campaign__opens_at")
    useful = [report for report in found if is_useful(report, now) and report.token_hash and report.email]
    wanted = [report for place, report in enumerate(useful) if place == 0 or report.takes_answers(now)]
    due = [report for report in wanted if _may_go_again(report, now)]
    for report in due:
        _due_again(report, now)
        audit.record("report.asked_again", report, by=None)
    return [report.pk for report in due]


def _called(identifier: str) -> Q:
    """Return the reports of whoever is called this; of nobody where nobody is."""
    text = " ".join(identifier.split()).casefold()
    if not text:
        return Q(pk__in=[])
    for code, name in Municipality.objects.values_list("code", "name"):
        if text in {code, code.lstrip("0"), name.casefold(), respondents.full_name(code, name).casefold()}:
            return Q(kind=RespondentKind.MUNICIPALITY, municipality=code)
    return Q(kind=RespondentKind.SCHOOL, institution__number=text.upper())


def _may_go_again(report: Report, now: dt.datetime) -> bool:
    # One that may have gone is asked for without a moment of its own (`_due_again`): its claim tells when it was tried.
    moments = (report.asked_again_at, report.mail_claimed_at, report.mailed_at)
    lately = any(moment is not None and moment > now - ASKED_AGAIN_AFTER for moment in moments)
    return not lately and report.mail != MailState.DUE and not is_being_sent(report, now)

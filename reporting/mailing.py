"""The mails with links: each claimed on its own before it goes, so that none goes twice, whoever dies in between.

What is to be mailed stands in the database: a link that is DUE goes with the next batch or sweep. Between a claim and
what became of it nobody can tell whether the mail has gone; such a one is never sent again by itself, STIL's page shows
it. Nothing here runs inside a transaction.
"""

import datetime as dt
import smtplib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import structlog
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db.models import Case, F, Q, QuerySet, Value, When

from unilogin_portal.lib import bulk

from . import links, mails
from .models import Campaign, Report
from .states import UNANSWERED, CampaignState, MailState, ReportState

log = structlog.get_logger("unilogin.reporting")

BATCH = 50
# A claim that is older is of a worker that died.
UNCERTAIN_AFTER = dt.timedelta(minutes=15)
# Nobody is reminded twice within so long.
REMINDED_LATELY = dt.timedelta(hours=1)

_SMTP_OK = 250

Now = Callable[[], dt.datetime]


def due(now: dt.datetime) -> QuerySet[Report]:
    """Return the reports whose link is to be mailed, and still of use to whoever gets it."""
    writable = Q(campaign__state=CampaignState.OPEN, campaign__closes_at__gt=now)
    corrected = Q(state=ReportState.REOPENED, reopened_until__gt=now)
    shown = Q(state=ReportState.FINISHED) & links.receipt_shown(now)
    return Report.objects.to_be_mailed().filter(writable | corrected | shown).exclude(token_hash="").exclude(email="")


def unsent(now: dt.datetime, campaign: Campaign | None = None) -> Iterator[Sequence[int]]:
    """Yield the keys of what is to be mailed, by the batch. What another worker has in hand may be among them."""
    rows = due(now).filter(**({"campaign": campaign} if campaign else {}))
    return bulk.batches(rows.order_by("pk").values_list("pk", flat=True), BATCH)


def to_be_reminded(now: dt.datetime) -> Iterator[tuple[dt.datetime, Sequence[int]]]:
    """Yield the keys of those whose week's reminder is due, by the batch, each with the moment that it was due at.

    Who got the link no earlier than the reminder would have come is not reminded of it.
    """
    campaigns = Campaign.objects.open().filter(reminds_at__lte=now, deadline_at__gt=now)
    for campaign in campaigns:
        early = Q(mailed_at__lt=campaign.reminds_at) | Q(mail_claimed_at__lt=campaign.reminds_at, mailed_at=None)
        rows = remindable(now).filter(early, campaign=campaign)
        keys = rows.filter(_not_reminded_since(campaign.reminds_at)).order_by("pk").values_list("pk", flat=True)
        yield from ((campaign.reminds_at, part) for part in bulk.batches(keys, BATCH))


def remindable(now: dt.datetime) -> QuerySet[Report]:
    """Return the reports that are not sent in, of those whose link has arrived, or may have.

    A mail that a worker died at is never sent again by itself: the reminder is what brings that link.
    """
    reports = Report.objects.filter(
        _arrived(now),
        state__in=sorted(UNANSWERED),
        campaign__state=CampaignState.OPEN,
        campaign__closes_at__gt=now,
    )
    return reports.exclude(token_hash="").exclude(email="")


def _arrived(now: dt.datetime) -> Q:
    return Q(mail=MailState.SENT) | Q(mail=MailState.CLAIMED, mail_claimed_at__lt=now - UNCERTAIN_AFTER)


def _not_reminded_since(moment: dt.datetime) -> Q:
    return Q(reminded_at=None) | Q(reminded_at__lt=moment - REMINDED_LATELY)


# Sending


def send_links(keys: Sequence[int], now: Now) -> Counter[str]:
    """Mail the links of those reports that are still to be mailed, over one line. Return how it went, by mail state.

    Raises what the mail server's line raises when it cannot be had: then nothing more was claimed.
    """
    told: Counter[str] = Counter()
    with MailServer() as server:
        for report in _read(due, keys, now):
            claimed_at = now()
            message = mails.link_mail(report, claimed_at)
            if message is None:
                told[MailState.BOUNCED] += _give_up(report)
                continue
            server.mend()
            if _claim(report, claimed_at):
                outcome = server.send(message)
                _settle(report, outcome, claimed_at, now())
                told[outcome] += 1
    return told


def send_reminders(keys: Sequence[int], asked_at: dt.datetime, now: Now) -> Counter[str]:
    """Remind those who have not answered yet, and have not been reminded since a little before `asked_at`."""
    told: Counter[str] = Counter()
    with MailServer() as server:
        for report in _read(lambda at: remindable(at).filter(_not_reminded_since(asked_at)), keys, now):
            claimed_at = now()
            message = mails.reminder_mail(report, claimed_at)
            if message is None:
                told[MailState.BOUNCED] += _give_up(report)
                continue
            server.mend()
            if _claim_reminder(report, claimed_at):
                outcome = server.send(message)
                _settle_reminder(report, outcome, claimed_at)
                told[outcome] += 1
    return told


def _read(which: Callable[[dt.datetime], QuerySet[Report]], keys: Sequence[int], now: Now) -> Iterator[Report]:
    """Yield reports as they are when their turn comes."""
    for pk in keys:
        yield from which(now()).select_related("campaign").filter(pk=pk)


def _claim(report: Report, now: dt.datetime) -> bool:
    """Take the mail to oneself. False where another has it, or it is of another link by now."""
    mine = Report.objects.filter(pk=report.pk, mail=MailState.DUE, issue=report.issue, email=report.email)
    return mine.exclude(token_hash="").update(mail=MailState.CLAIMED, mail_claimed_at=now) == 1


def _give_up(report: Report) -> int:
    """Mark a mail whose link no key that we hold made as not delivered: STIL sees it there, and gives a new link."""
    mine = Report.objects.filter(pk=report.pk, mail=report.mail, token_hash=report.token_hash)
    return mine.update(mail=MailState.BOUNCED)


def _settle(report: Report, outcome: MailState, claimed_at: dt.datetime, now: dt.datetime) -> None:
    """Write down what became of a claimed mail, unless a new link, another wish or another's claim came in between."""
    mine = Report.objects.filter(pk=report.pk, issue=report.issue, mail=MailState.CLAIMED, mail_claimed_at=claimed_at)
    if outcome == MailState.SENT:
        created = When(state=ReportState.CREATED, then=Value(ReportState.SENT.value))
        mine.update(mail=outcome, mailed_at=now, state=Case(created, default=F("state")))
    elif outcome != MailState.CLAIMED:
        mine.update(mail=outcome)


def _claim_reminder(report: Report, now: dt.datetime) -> bool:
    """Take the reminder to oneself, if it is still to be sent, and as it was written.

    All is asked of the report's own row: of another table's, the database would not look anew after waiting.
    """
    mine = Report.objects.filter(
        _arrived(now),
        pk=report.pk,
        reminded_at=report.reminded_at,
        issue=report.issue,
        email=report.email,
        state__in=sorted(UNANSWERED),
    )
    return mine.exclude(token_hash="").update(reminded_at=now) == 1


def _settle_reminder(report: Report, outcome: MailState, claimed_at: dt.datetime) -> None:
    mine = Report.objects.filter(pk=report.pk, reminded_at=claimed_at)
    if outcome == MailState.SENT:
        created = When(state=ReportState.CREATED, then=Value(ReportState.SENT.value))
        # Not one that another worker has claimed since.
        perhaps = mine.filter(mail=MailState.CLAIMED, mail_claimed_at=report.mail_claimed_at)
        perhaps.update(mail=outcome, mailed_at=claimed_at, state=Case(created, default=F("state")))
    elif outcome == MailState.BOUNCED:
        mine.filter(mail=MailState.SENT, email=report.email).update(mail=MailState.BOUNCED)
    elif outcome == MailState.DUE:  # it has not gone: to be tried again
        mine.update(reminded_at=report.reminded_at)


class MailServer:
    """An open line to the mail server, for many mails."""

    def __init__(self) -> None:
        self.connection: Any = get_connection()

    def __enter__(self) -> "MailServer":
        self.connection.open()
        return self

    def __exit__(self, *of_an_error: object) -> None:
        self.connection.close()

    def mend(self) -> None:
        """See that the line is still there before anything is handed over: servers close it after a number of mails."""
        smtp = getattr(self.connection, "connection", None)
        if isinstance(smtp, smtplib.SMTP) and not _is_alive(smtp):
            self.connection.close()
            self.connection.open()

    def send(self, message: EmailMultiAlternatives) -> MailState:
        """Return SENT; BOUNCED where the address takes none; DUE where it has not gone; CLAIMED where nobody knows."""
        try:
            self.connection.send_messages([message])
        except (smtplib.SMTPException, OSError, ValueError) as error:
            outcome = _meaning(error)
            log.warning("mail_not_sent", outcome=outcome.value, error=type(error).__name__)
            return outcome
        return MailState.SENT


def _is_alive(smtp: smtplib.SMTP) -> bool:
    try:
        return smtp.noop()[0] == _SMTP_OK
    except (smtplib.SMTPException, OSError):
        return False


def _meaning(error: Exception) -> MailState:
    """Return what an error says of the mail: 5xx of its address or its text is for good."""
    match error:
        case smtplib.SMTPRecipientsRefused():
            refused = all(code >= 500 for code, _text in error.recipients.values())
            return MailState.BOUNCED if refused else MailState.DUE
        case smtplib.SMTPDataError():
            return MailState.BOUNCED if error.smtp_code >= 500 else MailState.DUE
        case smtplib.SMTPNotSupportedError() | ValueError():  # an address that is none
            return MailState.BOUNCED
        case smtplib.SMTPServerDisconnected():
            return MailState.CLAIMED
        case smtplib.SMTPException():
            return MailState.DUE
    return MailState.CLAIMED

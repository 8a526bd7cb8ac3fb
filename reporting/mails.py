"""What respondents are written: the link to answer by, to correct by or to see the answers by, and a reminder of it."""

import datetime as dt
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils.translation import gettext as _
from django.utils.translation import override

from unilogin_portal.lib import crypto
from unilogin_portal.lib.mail import message_of

from . import bounces, links
from .models import Report
from .moments import due_text
from .states import ReportState

log = structlog.get_logger("unilogin.reporting")

LANGUAGE = "da"  # nobody has told us another


def link_mail(report: Report, claimed_at: dt.datetime) -> EmailMultiAlternatives | None:
    """Return the mail with the link. None where no key that we hold made it: STIL has to give a new one."""
    wish = report.reopened_until or report.asked_again_at
    return _mail("sick_leave_link", report, claimed_at, mark=f"link {wish.isoformat() if wish else ''}")


def reminder_mail(report: Report, claimed_at: dt.datetime) -> EmailMultiAlternatives | None:
    return _mail("sick_leave_reminder", report, claimed_at, mark=f"reminder {claimed_at.isoformat()}")


def _mail(template: str, report: Report, now: dt.datetime, *, mark: str) -> EmailMultiAlternatives | None:
    try:
        path = links.path_of(report)
    except LookupError:
        log.error("link_lost", report=report.pk)
        return None
    with override(LANGUAGE):
        context = {
            "report": report,
            "campaign": report.campaign,
            "link": settings.ORIGIN + path,
            "said": _said(report, now),
            "is_reopened": report.state == ReportState.REOPENED,
            "takes_answers": report.takes_answers(now),
            "authority": settings.AUTHORITY_NAME,
            "support": settings.SUPPORT_EMAIL,
        }
    headers = {"Auto-Submitted": "auto-generated", "Message-ID": _message_id(report, mark)}
    return message_of(
        template,
        report.email,
        context,
        language=LANGUAGE,
        html=True,
        headers=headers,
        return_path=bounces.return_path_of(report, now),
    )


def _said(report: Report, now: dt.datetime) -> str:
    """Return what the link is for, and until when."""
    campaign = report.campaign
    if report.state == ReportState.REOPENED and report.reopened_until:
        until = due_text(report.reopened_until)
        return _("Your report is open again. Correct it and send it by %(until)s:") % {"until": until}
    if report.state == ReportState.FINISHED:
        return _("Your answers are sent. By the link you can see and print them:")
    if now < campaign.deadline_at:
        until = due_text(campaign.deadline_at)
        return _("Fill in the numbers of the week by %(until)s. It takes about five minutes:") % {"until": until}
    moments = {"deadline": due_text(campaign.deadline_at), "until": due_text(campaign.closes_at)}
    return (
        _("The deadline was %(deadline)s. You can still answer until %(until)s. It takes about five minutes:") % moments
    )


def _message_id(report: Report, mark: str) -> str:
    """Return an id that is the same whenever the same mail is tried again, so that whoever gets two may show one."""
    name = crypto.fingerprint(f"{report.pk}:{report.issue}:{report.email}:{mark}", "reporting.message")[:32]
    return f"<{name}@{urlsplit(settings.ORIGIN).hostname}>"

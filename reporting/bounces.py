"""What becomes of a report whose mail came back hours or days after the mail server had taken it.

The key in the return path is of the report, its link and its address together, and keyed: it cannot be made up, and it
says nothing any more once the address or the link is another.
"""

import re

from django.utils.crypto import constant_time_compare

from unilogin_portal.lib import bounces, crypto

from .models import Report
from .states import MailState

_CONTEXT = "reporting.bounce"
_KEY = re.compile(r"([0-9]{1,18})-([0-9a-f]{24})")
_DIGITS = 24


def return_path_of(report: Report) -> str:
    """Return where the report's mails come back to."""
    return bounces.return_path(f"{report.pk}-{crypto.fingerprint(_mailed(report), _CONTEXT)[:_DIGITS]}")


def take_in() -> dict[str, int]:
    """Mark what came back since the last time as not delivered: STIL sees it in the week's list. Safe to run twice."""
    return bounces.take_in(_mark)


def _mark(key: str) -> bool:
    """Mark the report as not delivered, unless it was written to elsewhere since. False for a key that is none."""
    parts = _KEY.fullmatch(key)
    report = Report.objects.filter(pk=int(parts[1])).first() if parts else None
    if parts is None or report is None:
        return False
    known = (digits[:_DIGITS] for digits in crypto.fingerprints(_mailed(report), _CONTEXT))
    if not any(constant_time_compare(digits, parts[2]) for digits in known):
        return False
    same = Report.objects.filter(pk=report.pk, issue=report.issue, email=report.email)
    same.filter(mail__in=(MailState.SENT, MailState.CLAIMED)).update(mail=MailState.BOUNCED)
    return True


def _mailed(report: Report) -> str:
    return f"{report.pk}:{report.issue}:{report.email}"

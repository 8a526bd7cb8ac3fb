"""What becomes of a report whose mail came back hours or days after the mail server had taken it.

The key in the return path is of one mail: the report, its link, its address and the moment it was claimed at. It is
keyed, so it cannot be made up. It says nothing any more once another mail has gone, or the address is another.
"""

import datetime as dt
import re
from collections.abc import Iterator

from django.db import transaction
from django.utils.crypto import constant_time_compare

from accounts import audit
from accounts.models import AuditEvent
from unilogin_portal.lib import bounces, crypto

from .models import Report
from .states import MailState

_CONTEXT, _RETURNED = "reporting.bounce", "report.mail_returned"
_KEY = re.compile(r"([0-9]{1,12})-([0-9a-f]{1,13})-([0-9a-f]{18})")
_DIGITS = 18


def return_path_of(report: Report, claimed_at: dt.datetime) -> str:
    """Return where the report's mail of this moment comes back to."""
    return bounces.return_path(f"{report.pk}-{_stamp(claimed_at)}-{next(_marks(report, _stamp(claimed_at)))}")


def take_in() -> dict[str, int]:
    """Mark what came back since the last time as not delivered: STIL sees it in the week's list. Safe to run twice."""
    return bounces.take_in(lambda key: _report_of(key) is not None, _mark)


def _report_of(key: str) -> Report | None:
    """Return the report that the key is of, if it is written to at the same address, by the same link."""
    if not (parts := _KEY.fullmatch(key)):
        return None
    report = Report.objects.filter(pk=int(parts[1])).first()
    known = report and any(constant_time_compare(mark, parts[3]) for mark in _marks(report, parts[2]))
    return report if known else None


@transaction.atomic
def _mark(key: str) -> None:
    """Mark the report as not delivered, if this was its last mail and nobody has opened its link.

    Who has opened it gets its mails: the address may stand for several people, of whom one has left.
    """
    stamp = key.split("-")[1]
    report = Report.objects.select_for_update().get(pk=int(key.split("-", maxsplit=1)[0]))
    last = max(filter(None, (report.mail_claimed_at, report.reminded_at)), default=None)
    if last is None or _stamp(last) != stamp or _is_written_down(report, stamp):
        return
    if report.opened_at is None and report.mail in (MailState.SENT, MailState.CLAIMED):
        report.mail = MailState.BOUNCED
        report.save(update_fields=["mail"])
    audit.record(_RETURNED, report, by=None, mail=stamp)


def _is_written_down(report: Report, stamp: str) -> bool:
    events = AuditEvent.objects.filter(object_type=report._meta.label_lower, object_id=str(report.pk))
    return events.filter(action=_RETURNED, details__mail=stamp).exists()


def _stamp(moment: dt.datetime) -> str:
    """Return a moment to the microsecond, in hex."""
    return f"{(moment - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(microseconds=1):x}"


def _marks(report: Report, stamp: str) -> Iterator[str]:
    """Yield the key's mark under each `SECRET_KEY` held, the newest first."""
    mailed = f"{report.pk}:{report.issue}:{report.email}:{stamp}"
    return (digits[:_DIGITS] for digits in crypto.fingerprints(mailed, _CONTEXT))

"""The link that a report is answered by: 192 bits, of which the database has no more than a keyed hash (D7).

A link is worked out from the report's key and the count of its links with `SECRET_KEY`. So a reminder, or a mail that
has to be sent again, carries the same link, and a copy of the database opens nothing. After a change of `SECRET_KEY`
links made with the former key work on, as long as that is among `SECRET_KEY_FALLBACKS`.
"""

import base64
import datetime as dt
from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse

from unilogin_portal.lib import crypto

from .models import Report

_SECRET, _LOOK_UP = "reporting.link", "reporting.link.lookup"
_BYTES = 24
_LENGTH = _BYTES * 4 // 3
# How long a link still shows what was sent.
RECEIPT_FOR = dt.timedelta(days=30)


def token_of(report: Report) -> str:
    """Return the report's link as a text of 32 characters. Raises `LookupError` where no key that we hold made it."""
    for token in _tokens(report):
        if report.token_hash in crypto.fingerprints(token, _LOOK_UP):
            return token
    raise LookupError(report.pk)


def hash_for(report: Report) -> str:
    """Return what is kept of the link that the report's `issue` leads to."""
    return crypto.fingerprint(next(_tokens(report)), _LOOK_UP)


def path_of(report: Report) -> str:
    return reverse("reporting:answer", args=[token_of(report)])


def report_of(token: str, now: dt.datetime) -> Report | None:
    """Return the report that a link opens now: to be written in while its campaign is open, or to see what was sent.

    None for a link that is guessed, revoked, of a week that is over, or too old: nobody is told which.
    """
    if len(token) != _LENGTH or not token.isascii():
        return None
    rows = Report.objects.select_related("campaign").filter(token_hash__in=crypto.fingerprints(token, _LOOK_UP))
    report = rows.first()
    return report if report and _works(report, now) else None


def _works(report: Report, now: dt.datetime) -> bool:
    return report.takes_answers(now) or shows_receipt(report, now)


def shows_receipt(report: Report, now: dt.datetime) -> bool:
    """Whether what was sent is still shown: for so long after its campaign closed, or after it was sent, if that was
    later: a correction may be."""
    if report.finished_at is None:
        return False
    return now < max(report.campaign.closes_at, report.finished_at) + RECEIPT_FOR


def receipt_shown(now: dt.datetime) -> Q:
    """Return the same as a condition."""
    after = now - RECEIPT_FOR
    return Q(finished_at__isnull=False) & (Q(campaign__closes_at__gt=after) | Q(finished_at__gt=after))


def _tokens(report: Report) -> Iterator[str]:
    for digest in crypto.fingerprints(f"{report.pk}:{report.issue}", _SECRET):
        yield base64.urlsafe_b64encode(bytes.fromhex(digest)[:_BYTES]).decode()

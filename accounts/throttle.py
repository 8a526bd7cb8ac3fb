"""Slowing down who guesses: five wrong tries in a row on a user name, then a pause of fifteen minutes (D3.2).

A network address pauses only after very many, because a whole school may stand behind one.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from unilogin_portal.lib import crypto

from .models import FailedLogins

ADDRESS_FAILURES_BEFORE_PAUSE = 300
# Failures further back than this no longer count as "in a row".
MEMORY = timedelta(hours=12)


def _keys(username: str, address: str | None) -> dict[str, int]:
    """Return the keys that a try counts under, each with the number of failures that leads to a pause."""
    keys = {_username_key(username): settings.LOGIN_FAILURES_BEFORE_PAUSE}
    if address:
        keys[_address_key(address)] = ADDRESS_FAILURES_BEFORE_PAUSE
    return keys


def _username_key(username: str) -> str:
    return crypto.fingerprint(username.lower(), "throttle.username")


def _address_key(address: str) -> str:
    return crypto.fingerprint(address, "throttle.address")


@dataclass(frozen=True)
class Try:
    """A try at a password. Either it is not taken before `paused_until`, or it is, and when wrong leads to `pause`."""

    paused_until: datetime | None = None
    pause: datetime | None = None


@transaction.atomic
def begin(username: str, address: str | None) -> Try:
    """Count a try as wrong before it is judged, so that many at once are no more tries than one after another.

    An unknown user name pauses like a known one. `succeed` takes the count back.
    """
    now, limits = timezone.now(), _keys(username, address)
    for key in sorted(limits):
        FailedLogins.objects.get_or_create(key=key, defaults={"last_failure_at": now})
    rows = list(FailedLogins.objects.select_for_update().filter(key__in=limits).order_by("key"))
    pauses = [row.paused_until for row in rows if row.paused_until and row.paused_until > now]
    if pauses:
        return Try(paused_until=max(pauses))
    ends = [end for row in rows if (end := _count(row, limits[row.key], now))]
    return Try(pause=max(ends, default=None))


def _count(row: FailedLogins, limit: int, now: datetime) -> datetime | None:
    """Add one to a row of failures; return the end of the pause that this one leads to, if it does."""
    fresh = row.last_failure_at > now - MEMORY and row.paused_until is None
    row.failures = row.failures + 1 if fresh else 1
    row.last_failure_at = now
    row.paused_until = now + timedelta(minutes=settings.LOGIN_PAUSE_MINUTES) if row.failures >= limit else None
    row.save(update_fields=["failures", "last_failure_at", "paused_until"])
    return row.paused_until


@transaction.atomic
def succeed(username: str, address: str | None) -> None:
    """A right password ends the user name's row of wrong ones, and takes this try back from the address."""
    clear(username)
    if address:
        mine = FailedLogins.objects.filter(key=_address_key(address), failures__gt=0)
        mine.update(failures=F("failures") - 1, paused_until=None)


def clear(username: str) -> None:
    """Lift a pause: the right password, or a new one made by someone who proved who they are."""
    FailedLogins.objects.filter(key=_username_key(username)).delete()


def forget_old() -> int:
    """Delete rows that no longer decide anything; return how many."""
    return FailedLogins.objects.filter(last_failure_at__lt=timezone.now() - MEMORY).delete()[0]

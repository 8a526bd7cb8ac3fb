"""Slowing down who guesses: five wrong tries in a row on a user name, then a pause of fifteen minutes (D3.2).

A network address pauses only after very many, because a whole school may stand behind one.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from unilogin_portal.lib import crypto

from .models import FailedLogins

ADDRESS_FAILURES_BEFORE_PAUSE = 300
# Failures further back than this no longer count as "in a row".
MEMORY = timedelta(hours=12)


def _keys(username: str, address: str | None) -> dict[str, int]:
    """Return the keys that a try counts under, each with the number of failures that leads to a pause."""
    keys = {crypto.fingerprint(username.lower(), "throttle.username"): settings.LOGIN_FAILURES_BEFORE_PAUSE}
    if address:
        keys[crypto.fingerprint(address, "throttle.address")] = ADDRESS_FAILURES_BEFORE_PAUSE
    return keys


def paused_until(username: str, address: str | None) -> datetime | None:
    """Return when the next try is taken, or None when it is taken now. An unknown user name pauses like a known one."""
    pauses = FailedLogins.objects.filter(key__in=_keys(username, address), paused_until__gt=timezone.now()).values_list(
        "paused_until", flat=True
    )
    return max((pause for pause in pauses if pause), default=None)


@transaction.atomic
def record_failure(username: str, address: str | None) -> bool:
    """Count a wrong try; return whether it led to a pause."""
    now = timezone.now()
    paused = False
    for key, limit in _keys(username, address).items():
        FailedLogins.objects.get_or_create(key=key, defaults={"last_failure_at": now})
        row = FailedLogins.objects.select_for_update().get(key=key)
        fresh = row.last_failure_at > now - MEMORY
        row.failures = row.failures + 1 if fresh else 1
        row.last_failure_at = now
        if row.failures >= limit:
            row.failures, row.paused_until = 0, now + timedelta(minutes=settings.LOGIN_PAUSE_MINUTES)
            paused = True
        row.save(update_fields=["failures", "last_failure_at", "paused_until"])
    return paused


def record_success(username: str) -> None:
    """A right password ends the row of wrong ones."""
    FailedLogins.objects.filter(key=crypto.fingerprint(username.lower(), "throttle.username")).delete()


def clear(username: str) -> None:
    """Lift a pause: a new password was made by someone who proved who they are."""
    record_success(username)


def forget_old() -> int:
    """Delete rows that no longer decide anything; return how many."""
    return FailedLogins.objects.filter(last_failure_at__lt=timezone.now() - MEMORY).delete()[0]

"""Slowing down who guesses, and nobody else (D3.2, ADR 0007). The numbers are tables in the settings.

A try counts on one counter of the account: that of the browser it has logged in from before, or the one that all
other browsers share. So whoever guesses from elsewhere never stops the owner's own browser.
"""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from unilogin_portal.lib import crypto

from . import browsers
from .models import AddressTries, FailedLogins, KnownBrowser, User

# Failures further back than this no longer count as "in a row".
MEMORY = timedelta(days=14)
# What came from an address is counted for so long, and its pauses grow while they follow each other within it.
ADDRESS_WINDOW = timedelta(days=1)
ADMITTED_ONCE = timedelta(hours=1)


class Counter(StrEnum):
    """What a pause belongs to."""

    OWN_BROWSER = "own_browser"
    STRANGERS = "strangers"
    ADDRESS = "address"


@dataclass(frozen=True)
class Try:
    """A try at a password. Either it is not taken before `paused_until`, or it is, and when wrong leads to `pause`."""

    counter: Counter
    key: str
    address: str = ""
    paused_until: datetime | None = None
    pause: datetime | None = None


@dataclass(frozen=True)
class Tally:
    """Wrong tries in a row, and until when there is a pause."""

    failures: int = 0
    paused_until: datetime | None = None


@dataclass(frozen=True)
class Standing:
    """How an account stands: with its own browsers (the worst of them), and with all others together."""

    own_browsers: Tally
    strangers: Tally

    @property
    def paused_until(self) -> datetime | None:
        return max(filter(None, [self.own_browsers.paused_until, self.strangers.paused_until]), default=None)


def minutes_after(failures: int) -> int:
    """Return how long a pause this many wrong tries in a row lead to: past the table's end, each to the longest."""
    last = max(settings.LOGIN_PAUSES)
    return settings.LOGIN_PAUSES.get(min(failures, last), 0)


def address_step(pauses: int) -> tuple[int, int]:
    """Return how many failures lead an address to its next pause, and how many minutes that is."""
    return settings.LOGIN_ADDRESS_PAUSES[min(pauses, len(settings.LOGIN_ADDRESS_PAUSES) - 1)]


@transaction.atomic
def begin(username: str, browser: str, address: str | None) -> Try:
    """Count a try as wrong before it is judged, so that many at once are no more tries than one after another.

    An unknown user name pauses like a known one. `succeed` takes the count back. One row is locked, never two.
    """
    now, own = timezone.now(), browsers.hashed(username, browser)
    if browser and KnownBrowser.objects.filter(key_hash=own).exists():
        return _count(Try(Counter.OWN_BROWSER, own), now)
    at = _address_key(address)
    paused = AddressTries.objects.filter(key=at, paused_until__gt=now).values_list("paused_until", flat=True).first()
    if paused:
        return Try(Counter.ADDRESS, at, paused_until=paused)
    return _count(Try(Counter.STRANGERS, _strangers_key(username), at), now)


def _count(attempt: Try, now: datetime) -> Try:
    """Add one to the counter of the try, unless there is a pause."""
    first = {"last_failure_at": now, "failures": 1}
    row, is_new = FailedLogins.objects.select_for_update().get_or_create(key=attempt.key, defaults=first)
    if is_new:
        if not minutes_after(1):
            return attempt
        row.failures = 0
    if row.paused_until and row.paused_until > now:
        return Try(attempt.counter, attempt.key, paused_until=row.paused_until)
    row.failures = row.failures + 1 if row.last_failure_at > now - MEMORY else 1
    row.last_failure_at = now
    minutes = minutes_after(row.failures)
    row.paused_until = now + timedelta(minutes=minutes) if minutes else None
    row.save(update_fields=["failures", "last_failure_at", "paused_until"])
    return Try(attempt.counter, attempt.key, attempt.address, pause=row.paused_until)


def succeed(attempt: Try) -> None:
    """A right password ends the row on its own counter only: the owner's log-in gives strangers no new tries."""
    FailedLogins.objects.filter(key=attempt.key).update(failures=0, paused_until=None)


@transaction.atomic
def fail(attempt: Try) -> datetime | None:
    """Count a wrong try from an unknown browser at its address; return the end of the pause that this begins, if so."""
    if not attempt.address:
        return None
    now = timezone.now()
    rows = AddressTries.objects.select_for_update()
    row, _ = rows.get_or_create(key=attempt.address, defaults={"since": now})
    if row.paused_until and row.paused_until > now:
        return None
    if row.since < now - ADDRESS_WINDOW:
        row.since, row.failures, row.admitted, row.pauses = now, 0, 0, 0
    row.failures += 1
    most, minutes = address_step(row.pauses)
    begins = row.failures >= most and row.failures > row.admitted
    if begins:
        row.paused_until = now + timedelta(minutes=minutes)
        row.since, row.failures, row.admitted, row.pauses = row.paused_until, 0, 0, row.pauses + 1
    row.save()
    return row.paused_until if begins else None


def fail_at_window(username: str, browser: str, address: str | None) -> datetime | None:
    """Count a wrong animal at its address, as `fail` does a wrong password. The account does not pause for it."""
    if browser and KnownBrowser.objects.filter(key_hash=browsers.hashed(username, browser)).exists():
        return None
    return fail(Try(Counter.STRANGERS, "", _address_key(address)))


def is_first_of_the_hour(last: datetime | None) -> bool:
    """Whether a log-in counts for its address, after the `last` one: one account's many log-ins are no school."""
    return last is None or last <= timezone.now() - ADMITTED_ONCE


def note_admitted(address: str | None) -> None:
    """Count an account that was let in, by which an address shows that a school stands behind it."""
    AddressTries.objects.filter(key=_address_key(address)).update(admitted=F("admitted") + 1)


def standing_of(user: User) -> Standing:
    """Return how the account stands now."""
    return standings_of([user])[user.pk]


def standings_of(users: Iterable[User]) -> dict[int, Standing]:
    """Return how each account stands now, by the user's key: one query, and one more where an own browser failed."""
    now, users = timezone.now(), list(users)
    strangers = {_strangers_key(user.username): user.pk for user in users}
    own = KnownBrowser.objects.filter(user__in=users)
    counted = FailedLogins.objects.filter(
        Q(key__in=list(strangers)) | Q(key__in=own.values("key_hash")), last_failure_at__gt=now - MEMORY
    )
    rows = {row.key: row for row in counted}
    theirs: dict[int, list[FailedLogins]] = {user.pk: [] for user in users}
    if browsers_that_failed := rows.keys() - strangers.keys():
        for user_id, key in own.filter(key_hash__in=browsers_that_failed).values_list("user_id", "key_hash"):
            theirs[user_id].append(rows[key])
    return {
        pk: Standing(own_browsers=_worst(theirs[pk], now), strangers=_worst([rows[key]] if key in rows else [], now))
        for key, pk in strangers.items()
    }


def _worst(rows: list[FailedLogins], now: datetime) -> Tally:
    pauses = [row.paused_until for row in rows if row.paused_until and row.paused_until > now]
    return Tally(max((row.failures for row in rows), default=0), max(pauses, default=None))


def clear(user: User) -> int:
    """Begin all counters of the account anew: a new password by who proved the right, or help. Return how many."""
    keys = [_strangers_key(user.username), *_own_keys([user])[user.pk]]
    rows = FailedLogins.objects.select_for_update().filter(key__in=keys, failures__gt=0).order_by("key")
    return FailedLogins.objects.filter(pk__in=[row.pk for row in rows]).update(failures=0, paused_until=None)


def forget_old() -> int:
    """Delete rows that no longer decide anything; return how many."""
    now = timezone.now()
    failed = FailedLogins.objects.filter(last_failure_at__lt=now - MEMORY).delete()[0]
    return failed + AddressTries.objects.filter(since__lt=now - ADDRESS_WINDOW).delete()[0]


def _own_keys(users: list[User]) -> dict[int, list[str]]:
    keys: dict[int, list[str]] = {user.pk: [] for user in users}
    for user_id, key in KnownBrowser.objects.filter(user__in=users).values_list("user_id", "key_hash"):
        keys[user_id].append(key)
    return keys


def _strangers_key(username: str) -> str:
    return crypto.fingerprint(username.lower(), "throttle.username")


def _address_key(address: str | None) -> str:
    """Return the key of an address, or nothing for none. Who has one IPv6 address has 2^64: their network counts."""
    if not address:
        return ""
    try:
        network = ipaddress.ip_network(address)
    except ValueError:
        return crypto.fingerprint(address, "throttle.address")
    if network.version == 6:
        network = network.supernet(new_prefix=64)
    return crypto.fingerprint(str(network), "throttle.address")

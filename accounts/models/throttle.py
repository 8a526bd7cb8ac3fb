"""Wrong passwords lately, and the browsers from which an account has logged in."""

from django.conf import settings
from django.db import models


class FailedLogins(models.Model):
    """Failures in a row on one counter: a keyed hash of a user name, or the `key_hash` of a known browser."""

    key = models.CharField(max_length=64, unique=True)
    failures = models.PositiveIntegerField(default=0)
    last_failure_at = models.DateTimeField()
    paused_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.failures} until {self.paused_until}"


class KnownBrowser(models.Model):
    """A browser from which the user has logged in, as a keyed hash of the user name and the browser's own key.

    Hashed together, so that the table does not tell which users share a computer.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="known_browsers")
    key_hash = models.CharField(max_length=64)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key_hash"], name="known_browser_once"),
            models.CheckConstraint(
                condition=models.Q(last_at__gte=models.F("first_at")), name="known_browser_runs_forward"
            ),
        ]
        indexes = [models.Index(fields=["last_at"], name="known_browser_last_at")]

    def __str__(self) -> str:
        return f"{self.user_id} since {self.first_at:%Y-%m-%d}"


class AddressTries(models.Model):
    """What came from one network address since `since`: failures from unknown browsers, and accounts let in."""

    key = models.CharField(max_length=64, unique=True)
    since = models.DateTimeField()
    failures = models.PositiveIntegerField(default=0)
    admitted = models.PositiveIntegerField(default=0)
    pauses = models.PositiveIntegerField(default=0)
    paused_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.failures} and {self.admitted} until {self.paused_until}"

"""Wrong passwords lately."""

from django.db import models


class FailedLogins(models.Model):
    """Failures in a row for one key: a user name or a network address, as a keyed hash of it."""

    key = models.CharField(max_length=64, unique=True)
    failures = models.PositiveIntegerField(default=0)
    last_failure_at = models.DateTimeField()
    paused_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.failures} until {self.paused_until}"

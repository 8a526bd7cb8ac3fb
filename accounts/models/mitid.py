"""Questions put to MitID that wait for their one answer, and the answers already taken."""

import datetime as dt

from django.db import models
from django.db.models import Q


class Purpose(models.TextChoices):
    """What someone went to MitID for; it decides where the answer leads."""

    LOGIN = "login", "login"
    USERNAME = "username", "username"
    OWN_PASSWORD = "own_password", "own_password"
    CHILD_PASSWORD = "child_password", "child_password"
    STEP_UP = "step_up", "step_up"


class MitidRequestQuerySet(models.QuerySet["MitidRequest"]):
    def waiting(self, since: dt.datetime) -> "MitidRequestQuerySet":
        """Those answered after `since` whose identity nobody has collected, the oldest first."""
        return self.exclude(identity=b"").filter(fetched_at=None, answered_at__gte=since).order_by("answered_at", "pk")


class MitidRequest(models.Model):
    """One question. Good once, for ten minutes, and only in the browser that asked (`browser_hash`).

    `identity` is encrypted, stands only between the answer's arrival and the same browser's next request, and is
    emptied there.
    """

    request_id = models.CharField(max_length=64, unique=True)
    browser_hash = models.CharField(max_length=64, db_index=True)
    purpose = models.CharField(max_length=16, choices=Purpose)
    loa = models.PositiveSmallIntegerField()
    next_path = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(db_index=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    fetched_at = models.DateTimeField(null=True, blank=True)
    identity = models.BinaryField(default=bytes, blank=True)

    objects = MitidRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=False) | Q(identity=b"", fetched_at=None),
                name="nothing_stands_before_the_answer",
            ),
            models.CheckConstraint(condition=Q(fetched_at=None) | Q(identity=b""), name="a_collected_identity_is_gone"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.created_at:%Y-%m-%d %H:%M}"


class SeenAssertion(models.Model):
    """The id of an assertion that was taken: never taken again while it could still be valid (D8.3, 9)."""

    assertion_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.assertion_hash

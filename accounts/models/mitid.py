"""Questions put to MitID that wait for their one answer, and the answers already taken."""

from django.db import models


class Purpose(models.TextChoices):
    """What someone went to MitID for; it decides where the answer leads."""

    LOGIN = "login", "login"
    USERNAME = "username", "username"
    OWN_PASSWORD = "own_password", "own_password"
    CHILD_PASSWORD = "child_password", "child_password"


class MitidRequest(models.Model):
    """One question. Good once, for ten minutes, and only in the browser that asked (`browser_hash`).

    `identity` is encrypted, stands only between the answer's arrival and the same browser's next request, and is
    emptied there.
    """

    request_id = models.CharField(max_length=64, unique=True)
    browser_hash = models.CharField(max_length=64)
    purpose = models.CharField(max_length=16, choices=Purpose)
    loa = models.PositiveSmallIntegerField()
    next_path = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(db_index=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    fetched_at = models.DateTimeField(null=True, blank=True)
    identity = models.BinaryField(default=bytes, blank=True)

    def __str__(self) -> str:
        return f"{self.purpose} {self.created_at:%Y-%m-%d %H:%M}"


class SeenAssertion(models.Model):
    """The id of an assertion that was taken: never taken again while it could still be valid (D8.3, 9)."""

    assertion_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.assertion_hash

"""What belongs to a secret besides its hash, which stands in `User.password`."""

from django.conf import settings
from django.db import models

from ..policy import Band


class Credential(models.Model):
    """The terms of a user's present password."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="credential")
    band = models.CharField(max_length=16, choices=Band)  # the rule that it was made under
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.user_id} ({self.band})"


class FormerSecret(models.Model):
    """The hash of an earlier password, kept so that it is not taken again (D3.2: the last five)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="former_secrets")
    password = models.CharField(max_length=128)
    retired_at = models.DateTimeField()

    class Meta:
        ordering = ["-retired_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.user_id} until {self.retired_at:%Y-%m-%d}"

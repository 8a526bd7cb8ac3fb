"""What belongs to a secret besides its hash, which stands in `User.password`."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ..policy import Band


class SecretForm(models.TextChoices):
    """What the owner has to do at log-in: write a password, or choose four pictures."""

    WORDS = "words", _("Password")
    PICTURES = "pictures", _("Pictures")


class Credential(models.Model):
    """The terms of a user's present password."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="credential")
    band = models.CharField(max_length=16, choices=Band)  # the rule that it was made under
    form = models.CharField(max_length=16, choices=SecretForm, default=SecretForm.WORDS)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    # The owner has come to another rule: until then a new secret may be put off, after that it must be made.
    renew_by = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(form__in=SecretForm.values), name="secret_form_is_known"),
        ]

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

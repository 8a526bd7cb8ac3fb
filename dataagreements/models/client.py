"""How suppliers' systems prove who they are: a secret each, and the tokens that it was exchanged for (RFC 6749)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from .provider import System


class ClientQuerySet(models.QuerySet["Client"]):
    def working(self) -> "ClientQuerySet":
        return self.filter(revoked_at=None)


class Client(models.Model):
    """A system's access to what machines speak to: an id, and a secret of which only a keyed hash is kept."""

    system = models.ForeignKey(System, on_delete=models.PROTECT, related_name="clients")
    client_id = models.CharField(max_length=32, unique=True)
    secret_hash = models.CharField(max_length=64)
    form_key = models.CharField(max_length=32, unique=True)  # the same form again makes no second one
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(null=True, blank=True)  # to the hour
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ClientQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(secret_hash__length=64), name="a_secret_is_kept_as_a_hash")]

    def __str__(self) -> str:
        return self.client_id


class AccessToken(models.Model):
    """A token that was given out, kept as a keyed hash. It lives for an hour, and no longer than its client."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="tokens")
    token_hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(token_hash__length=64), name="a_token_is_kept_as_a_hash")]

    def __str__(self) -> str:
        return f"{self.client_id} until {self.expires_at:%Y-%m-%d %H:%M}"

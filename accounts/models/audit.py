"""What was done, by whom, in which role: append-only (D9.4)."""

from django.conf import settings
from django.db import models

from .person import Person


class AuditEvent(models.Model):
    """One act. Names, CPR numbers, addresses and secrets never stand here; `subject` says whom it was about."""

    at = models.DateTimeField(db_index=True)
    action = models.CharField(max_length=64)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="acts"
    )
    actor_role = models.CharField(max_length=64, blank=True)
    actor_institution = models.CharField(max_length=6, blank=True)
    subject = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="events_about")
    object_type = models.CharField(max_length=64, blank=True)
    object_id = models.CharField(max_length=64, blank=True)
    purpose = models.CharField(max_length=200, blank=True)
    ip = models.GenericIPAddressField(null=True, blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    details = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["subject", "-at"], name="audit_by_subject")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action}"

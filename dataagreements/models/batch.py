"""A request to many institutions as one act, and what became of each number."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .agreement import Agreement, Terms


class BatchState(models.TextChoices):
    RUNNING = "running", _("Being sent")
    DONE = "done", _("Sent")


class RequestBatch(models.Model):
    """*Anmod om dataadgang*: the numbers as the supplier gave them, and how far the sending is."""

    terms = models.ForeignKey(Terms, on_delete=models.PROTECT, related_name="batches")
    numbers = models.JSONField(default=list)
    comment = models.CharField(max_length=1000, blank=True)  # the same to all
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=16, choices=BatchState, default=BatchState.RUNNING)
    done = models.PositiveIntegerField(default=0)  # of the numbers
    # The form it was sent from: a second click or another tab with the same one sends nothing more.
    form_key = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=BatchState.values), name="batch_state_is_known"),
            models.UniqueConstraint(fields=["form_key"], condition=~Q(form_key=""), name="a_form_is_sent_once"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.done} of {len(self.numbers)}"


class Outcome(models.TextChoices):
    """What became of one number."""

    SENT = "sent", _("Sent")
    NO_NUMBER = "no_number", _("This is no institution number: it has six letters and digits")
    DOUBLE = "double", _("The number stands earlier in the list")
    UNKNOWN = "unknown", _("No institution has this number")
    CLOSED = "closed", _("The institution is closed")
    NO_PEOPLE = "no_people", _("It has no users of its own: ask its units")
    WAITING = "waiting", _("A request to it waits already")
    AGREED = "agreed", _("There is already an agreement on just this")


class RequestOutcome(models.Model):
    """One number of a request, by its place in the list."""

    batch = models.ForeignKey(RequestBatch, on_delete=models.CASCADE, related_name="outcomes")
    place = models.PositiveIntegerField()
    number = models.CharField(max_length=20)
    outcome = models.CharField(max_length=16, choices=Outcome)
    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "place"], name="one_outcome_a_number"),
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="outcome_is_known"),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.SENT, agreement__isnull=False)
                | (~Q(outcome=Outcome.SENT) & Q(agreement=None)),
                name="what_was_sent_is_an_agreement",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.outcome}"

"""What really went: deliveries that systems sent, and people that they fetched."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from institutions.models import Institution

from ..packages import Package
from .agreement import Agreement
from .provider import System


class Submission(models.Model):
    """A delivery that a system sent over HTTPS. The same bytes again are the same one, with the same address."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    system = models.ForeignKey(System, on_delete=models.PROTECT, related_name="submissions", db_index=False)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+", db_index=False)
    source = models.CharField(max_length=100)  # under which the system delivered
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()  # bytes
    received_at = models.DateTimeField(default=timezone.now)  # the last time that it came

    class Meta:
        ordering = ["-received_at"]
        constraints = [
            models.UniqueConstraint(fields=["system", "institution", "sha256"], name="the_same_file_is_one_submission")
        ]
        indexes = [models.Index(fields=["received_at"], name="submissions_by_time")]

    def __str__(self) -> str:
        return str(self.pk)


class FetchFormat(models.TextChoices):
    XML = "xml", "ws17"
    JSON = "json", "OneRoster 1.2"


class Fetch(models.Model):
    """Data that really went: when, in which package, on how many people.

    An answer in XML is one row, written before its first byte and again after its last. Answers in JSON are pages of a
    collection: what was told within an hour of the same `resource` is one row.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="fetches", db_index=False)
    at = models.DateTimeField(default=timezone.now)
    format = models.CharField(max_length=8, choices=FetchFormat)
    package = models.CharField(max_length=16, choices=Package)
    resource = models.CharField(max_length=32, blank=True)  # of OneRoster
    people = models.PositiveIntegerField()
    complete = models.BooleanField(default=True)  # whether the answer reached its end

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["agreement", "-at"], name="fetches_of_an_agreement")]
        constraints = [
            models.CheckConstraint(condition=Q(format__in=FetchFormat.values), name="fetch_format_is_known"),
            models.CheckConstraint(
                condition=Q(format=FetchFormat.JSON) | Q(resource=""), name="only_oneroster_has_resources"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.at:%Y-%m-%d %H:%M} {self.people}"


class ExportVersion(models.Model):
    """What an answer was made of when it was last asked for, as a keyed hash, and since when it is so.

    `variant` tells apart what was asked for by the same agreement: a package, and filters.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="versions", db_index=False)
    variant = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    since = models.DateTimeField()  # whole seconds, as HTTP dates are
    seen_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agreement", "variant"], name="one_version_a_variant")]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.variant} since {self.since:%Y-%m-%d %H:%M:%S}"

"""Deliveries of people, and what became of each."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .register import Institution


class RunState(models.TextChoices):
    """D1.8."""

    RECEIVED = "received", _("Received")
    RUNNING = "running", _("In progress")
    LOADED = "loaded", _("Loaded")
    LOADED_WITH_ISSUES = "loaded_with_issues", _("Loaded, with issues")
    UNCHANGED = "unchanged", _("Unchanged")
    REJECTED = "rejected", _("Rejected")
    AWAITING_APPROVAL = "awaiting_approval", _("Awaiting approval")


class ImportSeries(models.Model):
    """All deliveries of one institution by one system (D1.2 @source)."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="import_series")
    source = models.CharField(max_length=100)
    last_source_time = models.DateTimeField(null=True, blank=True)
    last_sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    last_loaded_at = models.DateTimeField(null=True, blank=True)
    last_counts = models.JSONField(default=dict)  # of the last loaded run: what the same bytes would say again
    school_year = models.CharField(max_length=9, blank=True)

    class Meta:
        verbose_name_plural = "import series"
        constraints = [models.UniqueConstraint(fields=["institution", "source"], name="one_series_a_source")]

    def __str__(self) -> str:
        return f"{self.institution_id} {self.source}"


class ImportRun(models.Model):
    """What one delivery led to. Kept also when the delivery was refused."""

    series = models.ForeignKey(ImportSeries, on_delete=models.PROTECT, null=True, blank=True, related_name="runs")
    institution_number = models.CharField(max_length=6, blank=True)
    source = models.CharField(max_length=100, blank=True)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    source_time = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=24, choices=RunState, default=RunState.RECEIVED)
    # Why the delivery was refused: a code of `importing.reasons`, and what its text needs.
    reason = models.CharField(max_length=32, blank=True)
    reason_details = models.JSONField(default=dict, blank=True)
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    counts = models.JSONField(default=dict)

    class Meta:
        ordering = ["-started_at", "-pk"]
        indexes = [models.Index(fields=["institution_number", "-started_at"], name="runs_of_an_institution")]
        constraints = [
            # By number and source, not by series: a series that has never loaded anything does not exist yet.
            models.UniqueConstraint(
                fields=["institution_number", "source"],
                condition=Q(state=RunState.RUNNING),
                name="one_running_import_a_series",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.institution_number} {self.source} {self.state}"


class ImportIssue(models.Model):
    """A row, or one contact person of a row, that was not loaded, and why.

    Never personal data: the institution finds the row by line and local id.
    """

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="issues")
    line = models.PositiveIntegerField()
    local_person_id = models.CharField(max_length=64, blank=True)
    code = models.CharField(max_length=32)
    # Which ContactPerson of the row, counted from 1; None where the row itself was not loaded.
    contact_number = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["line", "pk"]

    def __str__(self) -> str:
        return f"{self.line}: {self.code}"

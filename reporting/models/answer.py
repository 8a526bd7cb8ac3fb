"""The numbers. A version without `sent_at` is being written in; one that is sent never changes."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from ..weeks import WEEKDAYS
from .report import Report

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
FIELDS = ("total", *DAYS)
assert len(DAYS) == WEEKDAYS  # noqa: S101 - of this file alone


class ReportVersion(models.Model):
    """One sending of a report, or the writing of it. Correcting makes a new one and keeps those before."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(default=1)
    began_at = models.DateTimeField(default=timezone.now)
    saved_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    # Why statistics leave it out, by the published rule (`plausibility.py`); empty where they do not.
    implausible = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["report", "number"]
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="version_number_once_a_report"),
            models.UniqueConstraint(
                fields=["report"], condition=Q(sent_at__isnull=True), name="one_version_being_written"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} v{self.number}"


class AnswerLine(models.Model):
    """A line's numbers: how many there are, and how many were sick each day. NULL is a number not written."""

    version = models.ForeignKey(ReportVersion, on_delete=models.PROTECT, related_name="lines")
    line = models.CharField(max_length=24)  # questions.LINES
    total = models.PositiveIntegerField(null=True, blank=True)
    monday = models.PositiveIntegerField(null=True, blank=True)
    tuesday = models.PositiveIntegerField(null=True, blank=True)
    wednesday = models.PositiveIntegerField(null=True, blank=True)
    thursday = models.PositiveIntegerField(null=True, blank=True)
    friday = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["version", "pk"]
        constraints = [models.UniqueConstraint(fields=["version", "line"], name="line_once_a_version")]

    def __str__(self) -> str:
        return f"{self.version_id} {self.line}"


class Confirmation(models.Model):
    """*Bekræft*: somebody has said that numbers which look wrong are right. `seen` is what they looked like: with
    other numbers the same doubt has to be confirmed again."""

    version = models.ForeignKey(ReportVersion, on_delete=models.PROTECT, related_name="confirmations")
    check_code = models.CharField(max_length=24)
    line = models.CharField(max_length=24)
    field = models.CharField(max_length=12, blank=True)
    seen = models.CharField(max_length=60)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["version", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["version", "check_code", "line", "field"], name="doubt_confirmed_once")
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.check_code} {self.line}"

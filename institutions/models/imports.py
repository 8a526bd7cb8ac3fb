"""Deliveries of people, and what became of each."""

from django.conf import settings
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
    UNDONE = "undone", _("Taken back")


class RunMode(models.TextChoices):
    """Which thresholds apply: in a new school year everybody moving up a level is normal."""

    ORDINARY = "ordinary", _("Ordinary night")
    ROLLOVER = "rollover", _("New school year")


class ImportSeries(models.Model):
    """All deliveries of one institution by one system (D1.2 @source)."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="import_series")
    source = models.CharField(max_length=100)
    last_source_time = models.DateTimeField(null=True, blank=True)
    last_sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    last_loaded_at = models.DateTimeField(null=True, blank=True)
    last_counts = models.JSONField(default=dict)  # of the last loaded run: what the same bytes would say again
    school_year = models.CharField(max_length=9, blank=True)
    # Runs that a brake stopped since something was last loaded.
    stopped_in_a_row = models.PositiveSmallIntegerField(default=0)
    # The last run was taken back: the next delivery waits for approval, whatever it holds.
    hold_next = models.BooleanField(default=False)
    # A one-time bypass: until then the next delivery is loaded past the brakes.
    bypass_until = models.DateTimeField(null=True, blank=True)
    bypass_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    bypass_note = models.TextField(blank=True)
    # D1.8: a series that is not renewed for twelve months ends, a month after a mail; a confirmation keeps it.
    confirmed_at = models.DateTimeField(null=True, blank=True)
    warned_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "import series"
        constraints = [
            models.UniqueConstraint(fields=["institution", "source"], name="one_series_a_source"),
            models.CheckConstraint(
                condition=Q(bypass_until=None, bypass_by=None) | Q(bypass_until__isnull=False, bypass_by__isnull=False),
                name="a_bypass_has_a_name_and_an_end",
            ),
        ]

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
    school_year = models.CharField(max_length=9, blank=True)
    state = models.CharField(max_length=24, choices=RunState, default=RunState.RECEIVED)
    mode = models.CharField(max_length=16, choices=RunMode, default=RunMode.ORDINARY)
    # Why the delivery was refused: a code of `importing.reasons`, and what its text needs.
    reason = models.CharField(max_length=32, blank=True)
    reason_details = models.JSONField(default=dict, blank=True)
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    counts = models.JSONField(default=dict)
    # Which brakes stopped it, each with what was measured: `importing.brakes.Stop` as objects.
    stops = models.JSONField(default=list, blank=True)
    # Now and after per level and kind of person: `importing.difference` as objects. Only of a run that was stopped.
    groups_before_after = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["-started_at", "-pk"]
        indexes = [
            models.Index(fields=["institution_number", "-started_at"], name="runs_of_an_institution"),
            models.Index(fields=["sha256"], name="runs_of_a_file"),
            models.Index(fields=["-started_at"], name="runs_by_time"),
        ]
        constraints = [
            # By number and source, not by series: a series that has never loaded anything does not exist yet.
            models.UniqueConstraint(
                fields=["institution_number", "source"],
                condition=Q(state=RunState.RUNNING),
                name="one_running_import_a_series",
            ),
            models.UniqueConstraint(
                fields=["institution_number", "source"],
                condition=Q(state=RunState.AWAITING_APPROVAL),
                name="one_awaiting_import_a_series",
            ),
            models.CheckConstraint(condition=Q(state__in=RunState.values), name="run_state_is_known"),
            models.CheckConstraint(condition=Q(mode__in=RunMode.values), name="run_mode_is_known"),
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


class ImportDelivery(models.Model):
    """A delivery that waits: for the night, or for somebody's approval. Gone as soon as its run is over.

    The file holds CPR numbers in the clear, so its bytes lie compressed and sealed.
    """

    institution_number = models.CharField(max_length=6)
    source = models.CharField(max_length=100)
    source_time = models.DateTimeField()
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    received_at = models.DateTimeField(default=timezone.now)
    # Loadings that were begun and of whose end nothing is known.
    tries = models.PositiveSmallIntegerField(default=0)
    # The run that was stopped; of a delivery that has not been looked at there is none.
    run = models.OneToOneField(ImportRun, on_delete=models.CASCADE, null=True, blank=True, related_name="delivery")

    class Meta:
        ordering = ["source_time", "pk"]
        verbose_name_plural = "import deliveries"
        constraints = [
            models.UniqueConstraint(
                fields=["institution_number", "source", "sha256"], name="the_same_delivery_waits_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.institution_number} {self.source} {self.source_time:%Y-%m-%d %H:%M}"


class DecisionKind(models.TextChoices):
    """What a person decided about a run."""

    APPROVE = "approve", _("Approved")
    REJECT = "reject", _("Stopped")
    UNDO = "undo", _("Taken back")


class ImportDecision(models.Model):
    """Who approved, stopped or took back a run, when and why."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="decisions")
    kind = models.CharField(max_length=16, choices=DecisionKind)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=DecisionKind.values), name="decision_kind_is_known"),
            models.UniqueConstraint(
                fields=["run"], condition=Q(kind=DecisionKind.UNDO), name="a_run_is_taken_back_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.kind}"


class ChangeKind(models.TextChoices):
    """What would become of a person of a stopped run."""

    ENDS = "ends", _("Ends")
    JOINS = "joins", _("New")
    CHANGES = "changes", _("Changes")


class ImportChange(models.Model):
    """One line of a stopped run's difference, found in the school's system by local id. Never a name."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=16, choices=ChangeKind)
    local_person_id = models.CharField(max_length=64, blank=True)
    field = models.CharField(max_length=32, blank=True)  # of a change: what of it, see `importing.difference`
    was = models.CharField(max_length=200, blank=True)
    becomes = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ChangeKind.values), name="change_kind_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.kind} {self.local_person_id}"


class ImportJournal(models.Model):
    """How to take a loaded run back: what it wrote, and what stood there. Sealed; kept until a later run is loaded."""

    run = models.OneToOneField(ImportRun, on_delete=models.CASCADE, related_name="journal")
    content = models.BinaryField()

    def __str__(self) -> str:
        return f"journal of {self.run_id}"


class Brake(models.TextChoices):
    """What may stop a delivery until a person has looked at it. `importing.brakes` has the thresholds."""

    ENDING = "ending", _("Memberships that end")
    JOINING = "joining", _("New people")
    RENAMED = "renamed", _("People with a new name")
    CPR = "cpr", _("People with another CPR number")
    MOVED = "moved", _("Pupils who change level or class")
    CONTACTS = "contacts", _("Contact persons who lose or get a child")
    PROTECTION = "protection", _("Protected people who lose their protection")
    LEADERS = "leaders", _("New leaders")
    DRAINING = "draining", _("Memberships that ended within two weeks")
    EMPTY = "empty", _("A delivery without people")
    SCHOOL_YEAR = "school_year", _("A school year out of turn")
    UNDONE = "undone", _("The delivery after one that was taken back")


class BrakeLimit(models.Model):
    """An institution's own threshold, in place of the default. A `share` of None never stops."""

    institution = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="brake_limits")
    brake = models.CharField(max_length=16, choices=Brake)
    share = models.PositiveSmallIntegerField(null=True, blank=True)  # percent
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["institution", "brake"], name="one_limit_a_brake"),
            models.CheckConstraint(condition=Q(brake__in=Brake.values), name="brake_is_known"),
            models.CheckConstraint(condition=Q(share=None) | Q(share__lte=100), name="brake_limit_is_a_percentage"),
        ]

    def __str__(self) -> str:
        return f"{self.institution_id} {self.brake} {self.share}"

"""What one respondent is asked for one week."""

import datetime as dt
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone

from institutions.models import Institution, Municipality
from unilogin_portal.lib.status import Status

from ..questions import RespondentKind, Section, sections_for
from ..states import UNANSWERED, WRITABLE, MailState, ReportState
from .campaign import Campaign

if TYPE_CHECKING:
    from .answer import ReportVersion

_TONES = {
    ReportState.CREATED: ("off", "minus"),
    ReportState.SENT: ("wait", "hourglass"),
    ReportState.BEGUN: ("info", "sync"),
    ReportState.FINISHED: ("ok", "success"),
    ReportState.REOPENED: ("off", "edit"),
    ReportState.EXPIRED: ("info", "time"),
}
_KINDS = [(kind.value, kind.value) for kind in RespondentKind]


class ReportQuerySet(models.QuerySet["Report"]):
    def unanswered(self) -> "ReportQuerySet":
        return self.filter(state__in=sorted(UNANSWERED))

    def to_be_mailed(self) -> "ReportQuerySet":
        return self.filter(mail=MailState.DUE)


class Report(models.Model):
    """A respondent of a campaign, as the registers had it on the day it was opened, and the link it answers by.

    Of the link only a keyed hash is kept (`links.py`). `issue` counts the links made: a new one takes the place of the
    one before.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="reports")
    number = models.PositiveIntegerField()  # its place in the campaign
    kind = models.CharField(max_length=12, choices=_KINDS)
    # The municipality itself, or where the school lies.
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, null=True, related_name="+")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=132)
    email = models.CharField(max_length=132, blank=True)
    highest_level = models.CharField(max_length=2, blank=True)
    state = models.CharField(max_length=10, choices=ReportState, default=ReportState.CREATED)
    mail = models.CharField(max_length=10, choices=MailState, default=MailState.DUE)
    mail_claimed_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    asked_again_at = models.DateTimeField(null=True, blank=True)  # when somebody last had the link sent once more
    issue = models.PositiveSmallIntegerField(default=1)
    token_hash = models.CharField(max_length=64, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    begun_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    # Until when a report that is open again may be corrected, its campaign open or not.
    reopened_until = models.DateTimeField(null=True, blank=True)
    reopening_asked_at = models.DateTimeField(null=True, blank=True)
    reopening_reason = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["campaign", "kind", "name", "number"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "number"], name="report_number_once_a_campaign"),
            models.UniqueConstraint(
                fields=["campaign", "municipality"],
                condition=Q(kind=RespondentKind.MUNICIPALITY.value),
                name="municipality_reports_once",
            ),
            models.UniqueConstraint(
                fields=["campaign", "institution"],
                condition=Q(kind=RespondentKind.SCHOOL.value),
                name="school_reports_once",
            ),
            models.UniqueConstraint(fields=["token_hash"], condition=~Q(token_hash=""), name="link_of_one_report"),
            models.CheckConstraint(
                condition=Q(kind=RespondentKind.SCHOOL.value, institution__isnull=False)
                | Q(kind=RespondentKind.MUNICIPALITY.value, institution__isnull=True, municipality__isnull=False),
                name="report_of_a_school_or_a_municipality",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=(ReportState.FINISHED, ReportState.REOPENED)) | Q(finished_at__isnull=False),
                name="finished_report_says_when",
            ),
            models.CheckConstraint(
                condition=Q(state=ReportState.REOPENED, reopened_until__isnull=False)
                | (~Q(state=ReportState.REOPENED) & Q(reopened_until__isnull=True)),
                name="reopened_report_says_until_when",
            ),
        ]
        indexes = [
            models.Index(fields=["campaign", "state"], name="report_by_state"),
            models.Index(fields=["campaign", "mail"], name="report_by_mail"),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.name}"

    @property
    def is_school(self) -> bool:
        return self.kind == RespondentKind.SCHOOL

    @property
    def sections(self) -> tuple[Section, ...]:
        return sections_for(self.kind, self.highest_level)

    def takes_answers(self, now: dt.datetime) -> bool:
        """Whether numbers may be written in: while its campaign is open, or for as long as it is open again."""
        if self.state == ReportState.REOPENED:
            return self.reopened_until is not None and now < self.reopened_until
        return self.state in WRITABLE and self.campaign.is_open(now)

    def answers_by(self, now: dt.datetime) -> dt.datetime:
        """Return until when to answer: the deadline; after it, the end of what is taken; a correction has its own."""
        if self.state == ReportState.REOPENED and self.reopened_until is not None:
            return self.reopened_until
        return self.campaign.deadline_at if now < self.campaign.deadline_at else self.campaign.closes_at

    @property
    def status(self) -> Status:
        tone, icon = _TONES[ReportState(self.state)]
        return Status(tone, ReportState(self.state).label, icon)  # type: ignore[arg-type]

    def receipt_of(self, version: "ReportVersion") -> str:
        """Return the receipt's number: SF-2026-47-0382, and of a correction SF-2026-47-0382-2."""
        base = f"SF-{self.campaign.year}-{self.campaign.week:02}-{self.number:04}"
        return base if version.number == 1 else f"{base}-{version.number}"

"""A week that is asked about, and where municipalities are written to."""

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from institutions.models import Municipality
from unilogin_portal.lib.dates import span_text
from unilogin_portal.lib.status import Status

from ..states import CampaignState
from ..weeks import Week

_TONES = {
    CampaignState.PLANNED: ("info", "time"),
    CampaignState.OPEN: ("wait", "hourglass"),
    CampaignState.CLOSED: ("ok", "success"),
    CampaignState.CANCELLED: ("off", "minus"),
}


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def open(self) -> "CampaignQuerySet":
        return self.filter(state=CampaignState.OPEN)

    def asked(self) -> "CampaignQuerySet":
        """Those that respondents have been written to about."""
        return self.filter(state__in=(CampaignState.OPEN, CampaignState.CLOSED))


class Campaign(models.Model):
    """One ISO week. `revision` counts what has been sent in; figures are of `figures_revision`, and are made anew where
    the two differ."""

    year = models.PositiveSmallIntegerField()
    week = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, choices=CampaignState, default=CampaignState.PLANNED)
    opens_at = models.DateTimeField()
    reminds_at = models.DateTimeField()
    deadline_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    message = models.TextField(max_length=1000, blank=True)  # a few lines of STIL's own in the mail
    opened_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)
    figures_revision = models.PositiveIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "-week"]
        constraints = [
            models.UniqueConstraint(fields=["year", "week"], name="one_campaign_a_week"),
            models.CheckConstraint(condition=Q(week__range=(1, 53)), name="campaign_week_is_an_iso_week"),
            models.CheckConstraint(
                condition=Q(reminds_at__gt=F("opens_at"))
                & Q(deadline_at__gte=F("reminds_at"))
                & Q(closes_at__gte=F("deadline_at")),
                name="campaign_dates_in_order",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=(CampaignState.OPEN, CampaignState.CLOSED)) | Q(opened_at__isnull=False),
                name="asked_campaign_says_since_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}-{self.week:02}"

    @property
    def of(self) -> Week:
        return Week(self.year, self.week)

    @property
    def name(self) -> str:
        return _("Week %(week)d") % {"week": self.week}

    @property
    def days(self) -> tuple[dt.date, ...]:
        return self.of.days

    @property
    def span(self) -> str:
        """Return the week's days in words: "16. til 20. november 2026"."""
        return span_text(self.days[0], self.days[-1])

    def is_open(self, now: dt.datetime) -> bool:
        """Whether answers are taken."""
        return self.state == CampaignState.OPEN and now < self.closes_at

    @property
    def status(self) -> Status:
        tone, icon = _TONES[CampaignState(self.state)]
        return Status(tone, CampaignState(self.state).label, icon)  # type: ignore[arg-type]


class MunicipalAddress(models.Model):
    """Where a municipality's link is sent: the registers' extracts have no address of municipalities (D5.3)."""

    municipality = models.OneToOneField(
        Municipality, on_delete=models.PROTECT, primary_key=True, related_name="sick_leave_address"
    )
    email = models.EmailField(max_length=132)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "municipal addresses"

    def __str__(self) -> str:
        return f"{self.municipality_id} {self.email}"

"""What a week's answers add up to, kept so that a year can be shown at once."""

from django.db import models
from django.db.models import Q

from institutions.models import Municipality

from ..weeks import WEEKDAYS
from .campaign import Campaign

WHOLE_WEEK = WEEKDAYS


class Figure(models.Model):
    """One line, one day, of the country (`municipality` NULL) or of a municipality: made by services, never by hand.

    `total` and `absent` are of those `reports` that wrote a number for the day; of a whole week they are the sums of
    its days. What is `hidden` is shown only to whom it is about (`statistics/suppression.py`).
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="figures")
    line = models.CharField(max_length=24)
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    day = models.PositiveSmallIntegerField()  # 0 is Monday, WHOLE_WEEK all days together
    total = models.PositiveIntegerField()
    absent = models.PositiveIntegerField()
    reports = models.PositiveIntegerField()
    hidden = models.BooleanField(default=False)

    class Meta:
        ordering = ["campaign", "line", "day"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "line", "municipality", "day"],
                condition=Q(municipality__isnull=False),
                name="municipal_figure_once",
            ),
            models.UniqueConstraint(
                fields=["campaign", "line", "day"],
                condition=Q(municipality__isnull=True),
                name="national_figure_once",
            ),
            models.CheckConstraint(condition=Q(day__lte=WHOLE_WEEK), name="figure_of_a_day_or_week"),
        ]
        indexes = [models.Index(fields=["line", "municipality", "campaign"], name="figure_of_a_series")]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.line} {self.day}"

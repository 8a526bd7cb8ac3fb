"""A colleague who stands in for a class until a date."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q

from .membership import Group, Membership


class SubstituteAccessQuerySet(models.QuerySet["SubstituteAccess"]):
    def current(self, day: dt.date) -> "SubstituteAccessQuerySet":
        """Those that count on `day`, whose holder is still employed and whose class still exists."""
        return self.filter(ended_at=None, until__gte=day, membership__to_date=None, group__ended_at=None)


class SubstituteAccess(models.Model):
    """`membership`, an employment at the same institution, may help the pupils of `group` until the end of `until`."""

    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="substitutes")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="substitute_for")
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    until = models.DateField()
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = SubstituteAccessQuerySet.as_manager()

    class Meta:
        ordering = ["until", "pk"]
        verbose_name_plural = "substitute accesses"
        constraints = [
            models.UniqueConstraint(
                fields=["group", "membership"], condition=Q(ended_at=None), name="one_substitute_access_a_class"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False),
                name="who_ended_it_stands_with_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} for {self.group_id} until {self.until}"

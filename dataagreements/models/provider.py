"""Suppliers, their systems, and what they have agreed on with STIL (D4.3)."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length, Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions.models import Case

from ..states import ConnectionState, SystemState

models.CharField.register_lookup(Length)


class WebService(models.TextChoices):
    """What a supplier's system may be let use (D4.5)."""

    IMPORT = "import", _("Import of users (ws10)")
    EXPORT = "eksport", _("Export of users (ws17)")


class Provider(models.Model):
    """An *udbyder*: a company, or an institution of its own making, that a case has admitted."""

    name = models.CharField(max_length=132)
    cvr = models.CharField(max_length=8)
    p_number = models.CharField(max_length=10, blank=True)
    email = models.EmailField(max_length=254)
    phone = models.CharField(max_length=20, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["cvr"], name="one_provider_a_cvr"),
            models.CheckConstraint(condition=Q(cvr__length=8), name="provider_has_a_cvr"),
            models.CheckConstraint(
                condition=Q(p_number="") | Q(p_number__length=10), name="provider_p_number_has_ten_digits"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ProviderRequest(models.Model):
    """What a case to become a supplier needs beside the case itself (D4.3)."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, primary_key=True, related_name="provider_request")
    p_number = models.CharField(max_length=10, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    provider = models.OneToOneField(Provider, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return str(self.case_id)


class SystemQuerySet(models.QuerySet["System"]):
    def active(self) -> "SystemQuerySet":
        return self.filter(state=SystemState.ACTIVE)


class System(models.Model):
    """An *udbydersystem*. A passive one keeps its agreements, and no data goes through it."""

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="systems")
    name = models.CharField(max_length=100)
    description = models.CharField(max_length=300)
    # The name under which it delivers, as `@source` of a delivery (D1.2); nothing where it delivers nothing.
    import_source = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=16, choices=SystemState, default=SystemState.ACTIVE)
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    objects = SystemQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint("provider", Lower("name"), name="system_name_once_a_provider"),
            models.UniqueConstraint(
                fields=["import_source"], condition=~Q(import_source=""), name="import_source_is_one_systems"
            ),
            models.CheckConstraint(condition=Q(state__in=SystemState.values), name="system_state_is_known"),
        ]

    def __str__(self) -> str:
        return self.name


class Connection(models.Model):
    """A *tilslutningsaftale*: STIL lets a system use one web service."""

    system = models.ForeignKey(System, on_delete=models.PROTECT, related_name="connections")
    service = models.CharField(max_length=16, choices=WebService)
    state = models.CharField(max_length=16, choices=ConnectionState, default=ConnectionState.REQUESTED)
    case = models.OneToOneField(Case, on_delete=models.SET_NULL, null=True, blank=True, related_name="connection")
    requested_at = models.DateTimeField(default=timezone.now)
    valid_from = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["service", "-requested_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["system", "service"],
                condition=Q(state__in=(ConnectionState.REQUESTED, ConnectionState.VALID)),
                name="one_open_connection_a_service",
            ),
            models.CheckConstraint(condition=Q(service__in=WebService.values), name="connection_service_is_known"),
            models.CheckConstraint(condition=Q(state__in=ConnectionState.values), name="connection_state_is_known"),
            models.CheckConstraint(
                condition=~Q(state=ConnectionState.VALID) | Q(valid_from__isnull=False, ended_at=None),
                name="a_valid_connection_has_begun",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.system_id} {self.service} {self.state}"

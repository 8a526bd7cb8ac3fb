"""The two registers in one table: schools (D5.3) and day care in three levels (D5.2)."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

models.CharField.register_lookup(Length)


class Municipality(models.Model):
    """One of the 98 (D5.6), by its code of four digits."""

    code = models.CharField(max_length=4, primary_key=True)
    name = models.CharField(max_length=60, unique=True)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "municipalities"

    def __str__(self) -> str:
        return self.name


class InstitutionKind(models.TextChoices):
    """Which register an institution stands in."""

    SCHOOL = "school", _("School")
    DAY_CARE = "day_care", _("Day care")


class InstitutionLevel(models.TextChoices):
    """Where an institution stands in its register. People belong to schools, departments, units and sites (D5.2)."""

    SCHOOL = "school", _("School")
    DEPARTMENT = "department", _("Department")
    CLUSTER = "daginstitution", _("Day-care institution")
    UNIT = "anvisningsenhed", _("Unit that children are assigned to")
    SITE = "alternativ_adresse", _("Further address")


class Ownership(models.IntegerChoices):
    """ejerformKode (D5.2)."""

    MUNICIPAL = 1, _("Municipal")
    SELF_OWNED = 2, _("Self-owned")
    PRIVATE = 3, _("Private")
    OUTSOURCED = 4, _("Outsourced")


class InstitutionQuerySet(models.QuerySet["Institution"]):
    def active(self) -> "InstitutionQuerySet":
        return self.filter(closed_on=None)

    def with_people(self) -> "InstitutionQuerySet":
        """Those that people can be attached to."""
        return self.exclude(level=InstitutionLevel.CLUSTER)


class Institution(models.Model):
    """A school or a day-care institution, unit or site, as its register has it. Numbers are never used again."""

    number = models.CharField(max_length=6, unique=True)  # D5.1
    name = models.CharField(max_length=132)
    kind = models.CharField(max_length=16, choices=InstitutionKind)
    level = models.CharField(max_length=24, choices=InstitutionLevel)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="units")
    type_code = models.CharField(max_length=4, blank=True)  # D5.2 instType3, D5.3 INST_TYPE_NR
    type_name = models.CharField(max_length=100, blank=True)
    ownership = models.PositiveSmallIntegerField(null=True, blank=True)
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, null=True, blank=True, related_name="institutions"
    )
    location_municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    street = models.CharField(max_length=200, blank=True)
    postal_code = models.CharField(max_length=4, blank=True)
    city = models.CharField(max_length=60, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    email = models.CharField(max_length=132, blank=True)
    website = models.CharField(max_length=200, blank=True)
    highest_level = models.CharField(max_length=2, blank=True)  # UNDERV_NIV
    cvr = models.CharField(max_length=8, blank=True)
    p_number = models.CharField(max_length=10, blank=True)
    latitude = models.DecimalField(max_digits=11, decimal_places=8, null=True, blank=True)
    longitude = models.DecimalField(max_digits=11, decimal_places=8, null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    updated_at = models.DateTimeField(default=timezone.now)

    objects = InstitutionQuerySet.as_manager()

    class Meta:
        ordering = ["name", "number"]
        constraints = [
            models.CheckConstraint(condition=Q(number__length=6), name="institution_number_has_six_characters"),
            models.CheckConstraint(condition=Q(cvr="") | Q(cvr__length=8), name="cvr_has_eight_digits"),
            models.CheckConstraint(condition=Q(p_number="") | Q(p_number__length=10), name="p_number_has_ten_digits"),
        ]
        indexes = [
            models.Index(fields=["cvr"], name="institution_by_cvr"),
            models.Index(fields=["p_number"], name="institution_by_p_number"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.number})"


class Register(models.TextChoices):
    """The two registers, by the name that their extract has."""

    SCHOOLS = "institutionsregister", _("Institution register")
    DAY_CARE = "dagtilbudsregister", _("Day-care register")


class RegisterRun(models.Model):
    """One loading of a register's extract."""

    register = models.CharField(max_length=24, choices=Register)
    source_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    loaded_at = models.DateTimeField(default=timezone.now)
    counts = models.JSONField(default=dict)
    issues = models.JSONField(default=list)  # objects of line, number, code

    class Meta:
        ordering = ["-loaded_at"]

    def __str__(self) -> str:
        return f"{self.register} {self.loaded_at:%Y-%m-%d %H:%M}"

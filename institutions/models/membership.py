"""Who belongs to which institution, as what, in which groups, from when to when."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Person

from .register import Institution


class GroupType(models.TextChoices):
    """D1.6 GroupType."""

    MAIN = "Hovedgruppe", _("Main group")
    YEAR = "Årgang", _("Year group")
    LINE = "Retning", _("Line")
    TEAM = "Hold", _("Class team")
    AFTER_SCHOOL = "SFO", _("After-school care")
    STAFF_TEAM = "Team", _("Team")
    OTHER = "Andet", _("Other")


class Group(models.Model):
    """A class or group of an institution, as one import series delivers it (D1.4)."""

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="groups")
    source = models.CharField(max_length=100)
    group_id = models.CharField(max_length=100)
    name = models.CharField(max_length=100)
    type = models.CharField(max_length=16, choices=GroupType)
    level = models.CharField(max_length=8, blank=True)
    line = models.CharField(max_length=40, blank=True)
    from_date = models.DateField(null=True, blank=True)
    to_date = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["group_id"]
        constraints = [
            models.UniqueConstraint(fields=["institution", "source", "group_id"], name="group_id_once_a_series"),
        ]

    def __str__(self) -> str:
        return self.name


class MembershipKind(models.TextChoices):
    """Which of the three an `InstitutionPerson` is (D1.5)."""

    STUDENT = "student", _("Pupil")
    EMPLOYEE = "employee", _("Employee")
    EXTERNAL = "extern", _("External")


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self) -> "MembershipQuerySet":
        return self.filter(to_date=None)


class Membership(models.Model):
    """A person's tie to an institution. It ends, and is never deleted by an import."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    # Its index would be the beginning of `membership_by_series`.
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="memberships", db_index=False)
    source = models.CharField(max_length=100)  # the import series' system, D1.2 @source
    local_person_id = models.CharField(max_length=64)
    kind = models.CharField(max_length=16, choices=MembershipKind)
    roles = models.JSONField(default=list)  # D1.6: Elevrolle, Ansatrolle (1..n) or Eksternrolle, as delivered
    level = models.CharField(max_length=8, blank=True)  # D1.6 Trin, pupils only
    main_group = models.ForeignKey(Group, on_delete=models.PROTECT, null=True, blank=True, related_name="main_members")
    student_number = models.CharField(max_length=26, blank=True)
    short_name = models.CharField(max_length=40, blank=True)
    occupation = models.CharField(max_length=100, blank=True)
    location = models.CharField(max_length=100, blank=True)
    is_primary = models.BooleanField(default=False)  # D1.8: the first institution
    from_date = models.DateField()
    to_date = models.DateField(null=True, blank=True)
    # SHA-256 of the delivered element: what has not changed need not be read again.
    digest = models.BinaryField(max_length=32, default=bytes)
    groups: "models.ManyToManyField[Group, MembershipGroup]" = models.ManyToManyField(
        Group, through="MembershipGroup", related_name="members"
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "source", "local_person_id"],
                condition=Q(to_date=None),
                name="local_id_once_a_series",
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(to_date=None, is_primary=True),
                name="one_primary_institution",
            ),
            models.CheckConstraint(
                condition=Q(kind=MembershipKind.STUDENT) | Q(level=""), name="only_pupils_have_a_level"
            ),
            models.CheckConstraint(condition=Q(kind__in=MembershipKind.values), name="membership_kind_is_known"),
            models.CheckConstraint(
                condition=Q(to_date=None) | Q(to_date__gte=models.F("from_date")),
                name="membership_ends_after_it_begins",
            ),
        ]
        indexes = [models.Index(fields=["institution", "source"], name="membership_by_series")]

    def __str__(self) -> str:
        return f"{self.person_id} @ {self.institution_id} ({self.kind})"


class MembershipGroup(models.Model):
    """A membership's place in one more group; the main group stands on the membership."""

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE)
    group = models.ForeignKey(Group, on_delete=models.PROTECT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["membership", "group"], name="in_a_group_once")]

    def __str__(self) -> str:
        return f"{self.membership_id} in {self.group_id}"

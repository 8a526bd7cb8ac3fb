"""A person, once in the whole country, and who is contact person for whom."""

import datetime as dt
import json
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from unilogin_portal.lib import crypto
from unilogin_portal.lib.dates import age_on

CPR_CONTEXT = "person.cpr"
PRIVATE_CONTEXT = "person.private"
_CANONICAL = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"))


class Gender(models.TextChoices):
    MALE = "M", _("Male")
    FEMALE = "K", _("Female")


class PersonQuerySet(models.QuerySet["Person"]):
    def with_cpr(self, cpr: str) -> "PersonQuerySet":
        """Those (one at most) whose CPR number this is."""
        return self.filter(cpr__in=crypto.sealings(cpr, CPR_CONTEXT))


class Person(models.Model):
    """A person as the institutions' systems know them.

    `first_name` and `family_name` are what may be shown: for a person with name and address protection they hold the
    alias (D1.8). The registered name of such a person, and everybody's address and telephone numbers, lie encrypted
    in `private` and are read only where a law says so.
    """

    cpr = models.BinaryField(max_length=64, unique=True)
    first_name = models.CharField(max_length=128)
    family_name = models.CharField(max_length=128)
    protected = models.BooleanField(default=False)
    birth_date = models.DateField(null=True, blank=True)
    gender = models.CharField(max_length=1, choices=Gender, blank=True)
    email = models.CharField(max_length=254, blank=True)
    private = models.BinaryField(default=bytes, blank=True)
    # The institution (its number) and the system there that these master data come from: the first that delivered
    # them. Another's delivery does not change them, so that two differing systems do not undo each other every night.
    master_institution = models.CharField(max_length=6, blank=True)
    master_source = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = PersonQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name to show, everywhere."""
        return f"{self.first_name} {self.family_name}"

    def age(self, day: dt.date) -> int | None:
        return age_on(self.birth_date, day) if self.birth_date else None

    def cpr_number(self) -> str:
        """Return the CPR number, ten digits. Whoever calls this records why."""
        return crypto.unseal(self.cpr, CPR_CONTEXT)

    def private_data(self) -> dict[str, Any]:
        """Return what is encrypted. Whoever calls this records why."""
        if not self.private:
            return {}
        data: dict[str, Any] = json.loads(crypto.unseal(self.private, PRIVATE_CONTEXT))
        return data

    def registered_name(self) -> tuple[str, str]:
        """Return first and family name as registered: for a protected person not those that may be shown."""
        first_name, family_name = self.private_data().get("name", (self.first_name, self.family_name))
        return first_name, family_name

    @staticmethod
    def sealed_cpr(cpr: str) -> bytes:
        return crypto.seal(cpr, CPR_CONTEXT)

    @staticmethod
    def sealed_private(data: dict[str, Any]) -> bytes:
        """Encrypt `data`; equal data give equal bytes, so a comparison needs no decryption. Nothing stays empty."""
        if not data:
            return b""
        return crypto.seal(_CANONICAL.encode(data), PRIVATE_CONTEXT)


class Relation(models.TextChoices):
    """How a contact person stands to a child (D1.6)."""

    MOTHER = "Mor", _("Mother")
    FATHER = "Far", _("Father")
    OTHER = "Andet", _("Other")
    OFFICIAL = "Officielt tilknyttet person", _("Officially attached person")


class ContactRelationQuerySet(models.QuerySet["ContactRelation"]):
    def current(self) -> "ContactRelationQuerySet":
        return self.filter(to_date=None)

    def with_custody(self) -> "ContactRelationQuerySet":
        return self.current().filter(custody=True)


class ContactRelation(models.Model):
    """`contact` is contact person for `child`, as `institution` reports it. Ends, is never deleted."""

    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="contact_relations")
    contact = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="child_relations")
    institution = models.CharField(max_length=6)
    source = models.CharField(max_length=100)
    relation = models.CharField(max_length=32, choices=Relation)
    custody = models.BooleanField()
    access_level = models.PositiveSmallIntegerField()
    from_date = models.DateField()
    to_date = models.DateField(null=True, blank=True)

    objects = ContactRelationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["child", "contact", "institution", "source"],
                condition=Q(to_date=None),
                name="one_current_relation_per_report",
            ),
            models.CheckConstraint(condition=~Q(child=models.F("contact")), name="nobody_is_their_own_contact"),
            models.CheckConstraint(
                condition=Q(to_date=None) | Q(to_date__gte=models.F("from_date")), name="relation_ends_after_it_begins"
            ),
        ]
        indexes = [models.Index(fields=["institution", "source"], name="relation_by_report")]

    def __str__(self) -> str:
        return f"{self.contact_id} -> {self.child_id} ({self.institution})"

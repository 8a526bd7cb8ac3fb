"""Cases: what an institution or a company asks STIL for, who approved it, what was written on the way (D3.6, D4.3).

`Case` is the same for every kind. What one kind alone needs stands in a table beside it, as `ContactRequest` does.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from unilogin_portal.lib import crypto

from ..cases.states import FINAL, OPEN, UNANSWERED, CaseAction, CaseState, Side
from .register import Institution

models.CharField.register_lookup(Length)

CPR_CONTEXT = "case.cpr"


class CaseKind(models.TextChoices):
    """What a case is about; `cases/kinds.py` says what that means."""

    CONTACT_USER = "contact_user", _("Unilogin for a contact person without MitID")
    CONTACT_FORGOTTEN = "contact_forgotten", _("A contact person without MitID has forgotten something")
    PROVIDER = "provider", _("Become a supplier")
    CONNECTION = "connection", _("Connection agreement")


class CaseCounter(models.Model):
    """The last number given out in a year. Its row is locked while the next one is taken."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class CaseQuerySet(models.QuerySet["Case"]):
    def open(self) -> "CaseQuerySet":
        """Those that somebody at STIL has yet to answer, or whose letter waits."""
        return self.filter(state__in=OPEN)

    def with_approvals(self) -> "CaseQuerySet":
        """Each with how many supporters have approved it, as `approved_by_count`."""
        return self.annotate(approved_by_count=models.Count("approvals"))


class Case(models.Model):
    """One case. It is known to people by its number, such as `S-2026-000123`."""

    number = models.CharField(max_length=13)
    kind = models.CharField(max_length=32, choices=CaseKind)
    state = models.CharField(max_length=16, choices=CaseState, default=CaseState.CREATED)
    # Who asks: an institution, or else a company by its CVR number, and where it is written to.
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, null=True, blank=True, related_name="cases")
    organisation = models.CharField(max_length=132, blank=True)
    cvr = models.CharField(max_length=8, blank=True)
    email = models.CharField(max_length=254, blank=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_role = models.CharField(max_length=64)
    subject = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    earlier = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="later")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()  # when it last moved or was written in
    asked_at = models.DateTimeField(null=True, blank=True)  # STIL waits for the institution's answer
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["number"], name="case_number_once"),
            models.CheckConstraint(
                condition=Q(number__startswith="S-", number__length=13), name="case_number_has_its_form"
            ),
            models.CheckConstraint(condition=Q(kind__in=CaseKind.values), name="case_kind_is_known"),
            models.CheckConstraint(condition=Q(state__in=CaseState.values), name="case_state_is_known"),
            models.CheckConstraint(
                condition=Q(state__in=FINAL, closed_at__isnull=False) | (~Q(state__in=FINAL) & Q(closed_at=None)),
                name="case_is_over_when_it_says_so",
            ),
            models.CheckConstraint(
                condition=Q(asked_at=None) | Q(state__in=UNANSWERED),
                name="only_an_unanswered_case_asks",
            ),
            models.CheckConstraint(
                condition=~Q(kind=CaseKind.CONTACT_FORGOTTEN) | Q(earlier__isnull=False),
                name="forgotten_refers_to_an_earlier_case",
            ),
            models.CheckConstraint(condition=Q(earlier=None) | ~Q(earlier=F("id")), name="no_case_refers_to_itself"),
            models.CheckConstraint(
                condition=Q(institution__isnull=False, organisation="", cvr="", email="")
                | (Q(institution=None, cvr__length=8) & ~Q(organisation="") & ~Q(email="")),
                name="an_institution_or_a_company_asks",
            ),
            models.UniqueConstraint(
                fields=["cvr"],
                condition=Q(state__in=OPEN, kind=CaseKind.PROVIDER),
                name="one_open_case_to_become_a_provider",
            ),
            models.UniqueConstraint(
                fields=["institution", "subject"],
                condition=Q(state__in=OPEN, subject__isnull=False),
                name="one_open_case_a_person",
            ),
        ]
        indexes = [models.Index(fields=["state", "created_at"], name="case_by_state")]

    def __str__(self) -> str:
        return self.number

    @property
    def asker(self) -> str:
        """The name of whoever asks."""
        return self.institution.name if self.institution else self.organisation


class Wanted(models.TextChoices):
    """What the letter is to tell."""

    USERNAME = "username", _("The user name only")
    PASSWORD = "password", _("A new password only")
    BOTH = "both", _("User name and a new password")


class ContactRequest(models.Model):
    """What a case about a contact person without MitID needs beside the case itself (D3.6), and how its letter goes."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, primary_key=True, related_name="contact")
    cpr = models.BinaryField(max_length=64)
    cvr = models.CharField(max_length=8)  # whom the secure mail goes to: the institution's own, as its register has it
    recipient = models.CharField(max_length=100)
    wanted = models.CharField(max_length=16, choices=Wanted)
    # Each try at the letter has a number; a try that was begun keeps others away until then.
    tries = models.PositiveIntegerField(default=0)
    try_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(cvr__length=8), name="letter_goes_to_a_cvr"),
            models.CheckConstraint(condition=~Q(recipient=""), name="letter_has_a_recipient"),
            models.CheckConstraint(condition=Q(wanted__in=Wanted.values), name="wanted_is_known"),
            models.CheckConstraint(condition=Q(sent_at=None) | Q(tries__gt=0), name="sent_after_a_try"),
        ]
        indexes = [models.Index(fields=["cpr"], name="contact_request_by_cpr")]

    def __str__(self) -> str:
        return f"{self.case_id} ({self.wanted})"

    @staticmethod
    def sealed_cpr(cpr: str) -> bytes:
        return crypto.seal(cpr, CPR_CONTEXT)

    @staticmethod
    def sealings_of(cpr: str) -> list[bytes]:
        """Return all that `cpr` may lie here as, for an exact look-up."""
        return crypto.sealings(cpr, CPR_CONTEXT)


class CaseApproval(models.Model):
    """One supporter's yes. A case needs those of as many different ones as its kind says."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="approvals")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    note = models.CharField(max_length=1000, blank=True)  # for the other supporters, not for the institution

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["case", "by"], name="approves_a_case_once")]

    def __str__(self) -> str:
        return f"{self.case_id} by {self.by_id}"


class CaseEvent(models.Model):
    """One thing that happened in a case, with what was written: its history and its thread are the same list."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    action = models.CharField(max_length=16, choices=CaseAction)
    side = models.CharField(max_length=16, choices=Side)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    text = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(action__in=CaseAction.values), name="case_action_is_known"),
            models.CheckConstraint(condition=Q(side__in=Side.values), name="case_side_is_known"),
            models.CheckConstraint(
                condition=Q(side=Side.SYSTEM, by=None) | (~Q(side=Side.SYSTEM) & Q(by__isnull=False)),
                name="who_wrote_in_a_case_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.action}"

"""Agreements between a system and an institution: what was asked for, what became of it, what was really fetched."""

import datetime as dt
from collections.abc import Collection

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Length
from django.utils import timezone

from institutions.models import Institution

from ..packages import Field, Package, fields_of
from ..states import AgreementAction, AgreementState, ConnectionState, Side, SystemState
from .provider import Connection, Provider, System, WebService

models.CharField.register_lookup(Length)

_OVER = (AgreementState.REJECTED, AgreementState.ENDED, AgreementState.WITHDRAWN)


class ProcessorContract(models.Model):
    """A *databehandleraftale*: when it was signed, and the file that the supplier shows. STIL is no party to it."""

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="contracts")
    signed_on = models.DateField()
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()  # bytes
    content = models.BinaryField()
    uploaded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-signed_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["provider", "sha256", "signed_on"], name="the_same_contract_once"),
            models.CheckConstraint(condition=Q(sha256__length=64), name="contract_has_a_hash"),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.signed_on})"


class Terms(models.Model):
    """What a supplier asks for, the same towards all whom one act asks. Never changed: who asks for more asks anew."""

    system = models.ForeignKey(System, on_delete=models.PROTECT, related_name="terms")
    service = models.CharField(max_length=16, choices=WebService)
    package = models.CharField(max_length=16, choices=Package, blank=True)  # of the export
    ticked = models.JSONField(default=list)  # of the package's optional fields, those asked for
    purpose = models.CharField(max_length=300)
    legal_basis = models.CharField(max_length=300)
    contract = models.ForeignKey(ProcessorContract, on_delete=models.PROTECT, null=True, blank=True)
    valid_until = models.DateField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(service__in=WebService.values), name="terms_service_is_known"),
            models.CheckConstraint(
                condition=Q(service=WebService.EXPORT, package__in=Package.values)
                | (~Q(service=WebService.EXPORT) & Q(package="")),
                name="an_export_has_a_package",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.system_id} {self.service} {self.package}"

    @property
    def fields(self) -> frozenset[Field]:
        """What is passed on; of an import nothing, for there it is the supplier who passes on."""
        return fields_of(Package(self.package), self.ticked) if self.package else frozenset()


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def waiting(self) -> "AgreementQuerySet":
        return self.filter(state=AgreementState.WAITING)

    def effective(self, today: dt.date) -> "AgreementQuerySet":
        """Those by which data may go today: approved, within their time, of an active system that STIL lets in."""
        let_in = Connection.objects.filter(
            system=OuterRef("system"), service=OuterRef("service"), state=ConnectionState.VALID
        )
        return self.filter(
            Exists(let_in),
            state=AgreementState.APPROVED,
            confirm_by__gte=today,
            terms__valid_until__gte=today,
            system__state=SystemState.ACTIVE,
            institution__closed_on=None,
        )

    def of(self, system: System, service: str, institutions: Collection[int]) -> "AgreementQuerySet":
        """All that there ever were between a system and some institutions on one service, newest first."""
        rows = self.filter(system=system, service=service, institution__in=institutions)
        return rows.order_by("-requested_at", "-pk")


class Agreement(models.Model):
    """One request for data, and the agreement that came of it (D4.4)."""

    system = models.ForeignKey(System, on_delete=models.PROTECT, related_name="agreements", db_index=False)
    institution = models.ForeignKey(
        Institution, on_delete=models.PROTECT, related_name="data_agreements", db_index=False
    )
    service = models.CharField(max_length=16, choices=WebService)
    terms = models.ForeignKey(Terms, on_delete=models.PROTECT, related_name="agreements")
    batch = models.ForeignKey("RequestBatch", on_delete=models.PROTECT, related_name="agreements")
    state = models.CharField(max_length=16, choices=AgreementState, default=AgreementState.WAITING)
    requested_at = models.DateTimeField()
    changed_at = models.DateTimeField()  # when it last moved
    approved_at = models.DateTimeField(null=True, blank=True)
    # Asked again each year: the agreement counts until this day, and no longer than its terms say.
    confirm_by = models.DateField(null=True, blank=True)
    # The institution was mailed that it must confirm, or be without.
    warned_at = models.DateTimeField(null=True, blank=True)
    # After the end the supplier is asked to delete what it has fetched, and says when it has.
    deletion_asked_at = models.DateTimeField(null=True, blank=True)
    deletion_done_at = models.DateTimeField(null=True, blank=True)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "system", "service"],
                condition=Q(state=AgreementState.WAITING),
                name="one_waiting_request",
            ),
            models.UniqueConstraint(
                fields=["institution", "system", "service"],
                condition=Q(state=AgreementState.APPROVED),
                name="one_approved_agreement",
            ),
            models.CheckConstraint(condition=Q(service__in=WebService.values), name="agreement_service_is_known"),
            models.CheckConstraint(condition=Q(state__in=AgreementState.values), name="agreement_state_is_known"),
            models.CheckConstraint(
                condition=~Q(state=AgreementState.APPROVED) | Q(approved_at__isnull=False, confirm_by__isnull=False),
                name="an_approved_agreement_has_its_dates",
            ),
            models.CheckConstraint(
                condition=Q(deletion_asked_at=None) | Q(state__in=_OVER, approved_at__isnull=False),
                name="deletion_is_asked_after_the_end",
            ),
            models.CheckConstraint(
                condition=Q(deletion_done_at=None) | Q(deletion_done_at__gte=F("deletion_asked_at")),
                name="deletion_is_done_after_it_is_asked",
            ),
        ]
        indexes = [
            models.Index(fields=["institution", "state"], name="agreements_of_an_institution"),
            models.Index(fields=["system", "service", "state"], name="agreements_of_a_system"),
            models.Index(fields=["state", "requested_at"], name="agreements_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.system_id} at {self.institution_id} {self.service} {self.state}"


class AgreementEvent(models.Model):
    """One change of an agreement: who, when, from, to, with which words."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    action = models.CharField(max_length=16, choices=AgreementAction)
    before = models.CharField(max_length=16, choices=AgreementState, blank=True)
    after = models.CharField(max_length=16, choices=AgreementState)
    side = models.CharField(max_length=16, choices=Side)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    comment = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(action__in=AgreementAction.values), name="agreement_action_is_known"),
            models.CheckConstraint(
                condition=Q(before__in=["", *AgreementState.values], after__in=AgreementState.values),
                name="agreement_event_states_are_known",
            ),
            models.CheckConstraint(
                condition=Q(side=Side.SYSTEM, by=None) | Q(side__in=(Side.APPROVER, Side.PROVIDER), by__isnull=False),
                name="who_changed_an_agreement_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.action}"

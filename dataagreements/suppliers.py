"""Suppliers and their systems: admitted by a case, connected by another, passive and active again (D4.3)."""

import datetime as dt
import hashlib
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from institutions.actor import Actor
from institutions.cases import services as cases
from institutions.cases.states import FINAL
from institutions.models import Case, CaseKind
from institutions.roles import Right
from unilogin_portal.lib.errors import DomainError

from . import subscriptions
from .models import Connection, ProcessorContract, Provider, ProviderRequest, System, WebService
from .states import (
    ConnectionAction,
    ConnectionState,
    SystemAction,
    SystemState,
    next_connection_state,
    next_system_state,
)


@dataclass(frozen=True)
class ProviderAsked:
    """What a company says of itself when it asks to become a supplier."""

    name: str
    cvr: str
    p_number: str
    email: str
    phone: str = ""
    message: str = ""


@transaction.atomic
def ask_to_become_provider(asked: ProviderAsked, *, by: Actor) -> Case:
    """Open the case. Raises `DomainError` where the company is a supplier already, or has asked."""
    if Provider.objects.filter(cvr=asked.cvr).exists():
        raise DomainError(_("The company is a supplier already."))
    try:
        with transaction.atomic():
            company = cases.Company(asked.name, asked.cvr, asked.email)
            case = cases.open_company_case(CaseKind.PROVIDER, company, message=asked.message, by=by)
    except IntegrityError:
        if not Case.objects.open().filter(kind=CaseKind.PROVIDER, cvr=asked.cvr).exists():
            raise
        raise DomainError(_("The company has asked already. STIL answers within a few days.")) from None
    ProviderRequest.objects.create(case=case, p_number=asked.p_number, phone=asked.phone)
    return case


@transaction.atomic
def admit_provider(pk: int) -> None:
    """Make the supplier of an approved case. Safe to run twice."""
    request = ProviderRequest.objects.select_for_update().get(case=pk)
    case = cases.finish(pk)
    if case is None:
        return
    request.provider, is_new = Provider.objects.get_or_create(
        cvr=case.cvr,
        defaults={
            "name": case.organisation,
            "p_number": request.p_number,
            "email": case.email,
            "phone": request.phone,
        },
    )
    request.save(update_fields=["provider"])
    if is_new:
        audit.record("provider.admitted", request.provider, by=None, number=case.number)
        subscriptions.subscribe_at_admission(request.provider, case.opened_by)


def facts_of_provider_case(case: Case) -> list[tuple[str, str]]:
    """Return what a supporter reads of a company that wants to become a supplier."""
    request = ProviderRequest.objects.get(case=case)
    facts = [(_("P-number"), request.p_number), (_("Email address"), case.email), (_("Telephone"), request.phone)]
    return [(label, text) for label, text in facts if text]


@dataclass(frozen=True)
class SystemAsked:
    name: str
    description: str
    import_source: str = ""


@transaction.atomic
def create_system(provider: Provider, asked: SystemAsked, *, by: Actor) -> System:
    """Make a system. Raises `DomainError` where its name, or the name it delivers under, is taken."""
    _check_names(provider, asked, System())
    system = System.objects.create(provider=provider, **vars(asked))
    audit.record("system.created", system, by=by.account, role=Right.AGREEMENTS)
    return system


@transaction.atomic
def change_system(system: System, asked: SystemAsked, *, by: Actor) -> System:
    """Change what a system says of itself. The name it delivers under stays once agreements on imports exist."""
    locked = System.objects.select_for_update().get(pk=system.pk)
    _check_names(locked.provider, asked, locked)
    delivers = locked.agreements.filter(service=WebService.IMPORT).exists()
    if delivers and asked.import_source != locked.import_source:
        raise DomainError(_("The name that the system delivers under cannot change while agreements name it."))
    for name, value in vars(asked).items():
        setattr(locked, name, value)
    locked.changed_at = timezone.now()
    locked.save(update_fields=[*vars(asked), "changed_at"])
    audit.record("system.changed", locked, by=by.account, role=Right.AGREEMENTS)
    return locked


def _check_names(provider: Provider, asked: SystemAsked, system: System) -> None:
    others = System.objects.exclude(pk=system.pk)
    if others.filter(provider=provider, name__iexact=asked.name).exists():
        raise DomainError(_("You have a system of that name already."))
    if asked.import_source and others.filter(import_source=asked.import_source).exists():
        raise DomainError(_("Another system delivers under that name."))


@transaction.atomic
def keep_contract(
    provider: Provider, *, signed_on: dt.date, file_name: str, content: bytes, by: Actor
) -> ProcessorContract:
    """Keep a *databehandleraftale* with its hash. The same file of the same day is the same row."""
    digest = hashlib.sha256(content).hexdigest()
    contract, is_new = ProcessorContract.objects.get_or_create(
        provider=provider,
        sha256=digest,
        signed_on=signed_on,
        defaults={"file_name": file_name[-200:], "size": len(content), "content": content},
    )
    if is_new:
        audit.record("contract.kept", contract, by=by.account, role=Right.AGREEMENTS, sha256=digest)
    return contract


@transaction.atomic
def switch_system(system: System, action: SystemAction, *, by: Actor) -> System:
    """Make a system passive, or active again. Its agreements stay; while it is passive no data goes through it."""
    locked = System.objects.select_for_update().get(pk=system.pk)
    locked.state, locked.changed_at = next_system_state(SystemState(locked.state), action), timezone.now()
    locked.save(update_fields=["state", "changed_at"])
    audit.record(f"system.{action}", locked, by=by.account, role=Right.AGREEMENTS)
    return locked


@transaction.atomic
def ask_to_connect(system: System, service: WebService, *, message: str = "", by: Actor) -> Connection:
    """Ask STIL for a *tilslutningsaftale* on one web service. Raises `DomainError` where there is one, or a request."""
    if service is WebService.IMPORT and not system.import_source:
        raise DomainError(_("Write first which name the system delivers under."))
    _settle(system)
    provider = system.provider
    try:
        with transaction.atomic():
            company = cases.Company(provider.name, provider.cvr, provider.email)
            case = cases.open_company_case(CaseKind.CONNECTION, company, message=message, by=by)
            connection = Connection.objects.create(system=system, service=service, case=case)
    except IntegrityError:
        raise DomainError(_("There is an agreement on this web service already, or STIL has yet to answer.")) from None
    audit.record("connection.asked", connection, by=by.account, role=Right.AGREEMENTS, service=service.value)
    return connection


def _settle(system: System) -> None:
    """Let requests go whose cases came to nothing: rejected, or withdrawn by the supplier."""
    over = system.connections.filter(state=ConnectionState.REQUESTED, case__state__in=FINAL)
    for connection in over.select_for_update():
        _move_connection(connection, ConnectionAction.REJECT, by=None)


@transaction.atomic
def connect_system(pk: int) -> None:
    """Make the connection of an approved case valid. Safe to run twice."""
    connection = Connection.objects.select_for_update().get(case=pk)
    if cases.finish(pk) is None:
        return
    _move_connection(connection, ConnectionAction.APPROVE, by=None)


@transaction.atomic
def end_connection(connection: Connection, *, by: Actor) -> Connection:
    """End a *tilslutningsaftale*: its supplier or STIL wants it no more. Agreements stay, and no data goes."""
    locked = Connection.objects.select_for_update().get(pk=connection.pk)
    return _move_connection(locked, ConnectionAction.END, by=by.account)


def _move_connection(connection: Connection, action: ConnectionAction, *, by: User | None) -> Connection:
    now = timezone.now()
    connection.state = next_connection_state(ConnectionState(connection.state), action)
    if connection.state == ConnectionState.VALID:
        connection.valid_from = now
    else:
        connection.ended_at = now
    connection.save(update_fields=["state", "valid_from", "ended_at"])
    audit.record(f"connection.{action}", connection, by=by, role=Right.AGREEMENTS if by else "")
    return connection


def facts_of_connection_case(case: Case) -> list[tuple[str, str]]:
    """Return what a supporter reads of a system that wants to use a web service."""
    connection = Connection.objects.select_related("system").get(case=case)
    system = connection.system
    facts = [(_("System"), system.name), (_("What it does"), system.description)]
    if system.import_source:
        facts.append((_("Delivers under the name"), system.import_source))
    return [*facts, (_("Web service"), str(WebService(connection.service).label))]

"""What tests of Tilslutning do: make a system and institutions, ask, approve."""

import datetime as dt
from typing import Any

from django.utils import timezone

from dataagreements import requests, services
from dataagreements.models import Agreement, Connection, Provider, RequestBatch, System, WebService
from dataagreements.packages import Package
from dataagreements.states import AgreementAction, ConnectionState
from institutions.models import Institution, InstitutionKind, InstitutionLevel, Ownership

from .cast import Cast
from .officers import MUNICIPALITY, Officer


def make_system(provider: Provider, name: str, **more: Any) -> System:
    """Make a system that STIL lets use both web services."""
    system = System.objects.create(provider=provider, name=name, description=f"{name} til børn", **more)
    for service in WebService:
        Connection.objects.create(
            system=system, service=service, state=ConnectionState.VALID, valid_from=timezone.now()
        )
    return system


def institution(cast: Cast, number: str, **more: Any) -> Institution:
    """Make another institution in the cast's municipality; `kind` and `ownership` as wanted."""
    facts = {
        "name": f"Huset {number}",
        "kind": InstitutionKind.DAY_CARE,
        "level": InstitutionLevel.UNIT,
        "ownership": Ownership.MUNICIPAL,
        "municipality": cast.school.municipality,
        "cvr": MUNICIPALITY,
        "p_number": f"8{int(number[1:]):09d}",
        **more,
    }
    return Institution.objects.create(number=number, **facts)


def asked(**more: Any) -> requests.Asked:
    """What Læsebroen asks for, unless said otherwise: the export, Medium, with date of birth."""
    facts: dict[str, Any] = {
        "service": WebService.EXPORT,
        "package": Package.MEDIUM,
        "ticked": frozenset({"birth_date"}),
        "purpose": "Sprogstimulering og lydbøger til børn",
        "legal_basis": "Databeskyttelsesforordningen artikel 6, stk. 1, litra e",
        "contract": None,
        "valid_until": timezone.localdate() + dt.timedelta(days=600),
        **more,
    }
    return requests.Asked(**facts)


def ask(system: System, by: Officer, *institutions: Institution, comment: str = "", **more: Any) -> RequestBatch:
    """Send a request to these institutions."""
    numbers = [one.number for one in institutions]
    batch = services.begin(system, asked(**more), numbers, comment=comment, by=by.actor)
    return services.send(batch.pk)


def agreement_with(institution: Institution) -> Agreement:
    """Return the newest agreement of an institution."""
    return Agreement.objects.filter(institution=institution).latest("requested_at", "pk")


def approve(agreement: Agreement, by: Officer) -> Agreement:
    services.answer_one(agreement, AgreementAction.APPROVE, by=by.actor)
    agreement.refresh_from_db()
    return agreement

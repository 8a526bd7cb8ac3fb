"""The demo country's suppliers: some deliver its people, as everybody by agreement; some wait for an answer."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from accounts.states import UserState
from institutions.actor import Actor, GrantedRight
from institutions.demo.places import School, places
from institutions.models import Institution
from institutions.roles import Right

from . import services
from .models import Agreement, Connection, Provider, System, WebService
from .packages import Package
from .requests import Asked
from .states import AgreementAction, AgreementState, ConnectionState

LEGAL_BASIS = "Databeskyttelsesforordningen artikel 6, stk. 1, litra e"
READING = "90001234"  # Nordlys Læring: the CVR number that its employee in the demo comes with


@dataclass(frozen=True)
class _Company:
    name: str
    cvr: str
    employee: str
    system: str
    what: str
    source: str = ""


SCHOOL_SYSTEM = _Company(
    "Skoledata", "90002345", "Ulla Kær", "Skolesystemet", "Skolens eget administrative system", "Skolesystemet"
)
PLACES_SYSTEM = _Company(
    "Kommunedata Syd",
    "90003456",
    "Finn Lund",
    "Pladsanvisningen",
    "Holder styr på børn i dagtilbud",
    "Pladsanvisningen",
)
READING_SYSTEM = _Company("Nordlys Læring", READING, "Sune Bak", "Læsebroen", "Oplæste bøger og lydbøger til børn")
PHOTO_SYSTEM = _Company("Klik og Gem", "90004567", "Ea Friis", "Fotoalbummet", "Billeder fra hverdagen til forældre")


def let_systems_deliver() -> None:
    """Give the two systems that deliver the demo's people an agreement with each institution, and keep them valid."""
    schools = [one.number for one in places() if isinstance(one.shape, School)]
    units = [one.number for one in places() if not isinstance(one.shape, School)]
    for company, numbers in ((SCHOOL_SYSTEM, schools), (PLACES_SYSTEM, units)):
        system = _system(company)
        asked = _asked(WebService.IMPORT, None, "Brugere til Unilogin")
        _agree(system, asked, company, numbers)


def _agree(system: System, asked: Asked, company: _Company, numbers: Sequence[str]) -> None:
    """Ask those that were not asked yet, and answer for them; confirm what is about to end."""
    known = set(system.agreements.values_list("institution__number", flat=True))
    new = [number for number in numbers if number not in known]
    if new:
        batch = services.begin(system, asked, new, by=_actor(company.employee, company.cvr))
        services.send(batch.pk)
    institutions = Institution.objects.filter(number__in=numbers)
    officer = _actor("Jens Bro", *{one.cvr for one in institutions})
    waiting = Agreement.objects.filter(system=system, service=asked.service, institution__in=institutions).waiting()
    services.answer(waiting, AgreementAction.APPROVE, by=officer, comment="Aftalt med leverandøren.")
    soon = timezone.localdate() + dt.timedelta(days=60)
    ending = Agreement.objects.filter(system=system, state=AgreementState.APPROVED, confirm_by__lt=soon)
    services.answer(ending, AgreementAction.CONFIRM, by=officer)


def ask_for_data() -> None:
    """Let two suppliers ask for data: what waits is for whoever tries the demo to answer. Once."""
    if System.objects.filter(name=READING_SYSTEM.system).exists():
        return
    reading, photos = _system(READING_SYSTEM), _system(PHOTO_SYSTEM)
    small = _asked(WebService.EXPORT, Package.SMALL, "Lydbøger til børn")
    _agree(reading, small, READING_SYSTEM, ["265015", "G18466"])
    _backdate(reading.agreements.all(), days=200)
    more = _asked(WebService.EXPORT, Package.MEDIUM, "Sprogstimulering og lydbøger til børn", "birth_date", "gender")
    words = "Vi tilføjer oplæsning efter alder og beder derfor om fødselsdato."
    _ask(reading, more, READING_SYSTEM, ["G18466", "G18819", "G12392", "265015", "265012"], words, days=18)
    full = _asked(WebService.EXPORT, Package.FULL, "Billeder til forældre", "contacts", "email")
    _ask(photos, full, PHOTO_SYSTEM, ["G18466", "265015"], "", days=4)


def _ask(system: System, asked: Asked, company: _Company, numbers: Sequence[str], comment: str, *, days: int) -> None:
    """Ask, some days ago."""
    batch = services.begin(system, asked, numbers, comment=comment, by=_actor(company.employee, company.cvr))
    services.send(batch.pk)
    _backdate(batch.agreements.all(), days=days)


def _backdate(agreements: QuerySet[Agreement], *, days: int) -> None:
    """Let it have happened some days ago, in working hours."""
    then = timezone.localtime().replace(hour=9, minute=12) - dt.timedelta(days=days)
    for agreement in agreements:
        agreement.requested_at = agreement.changed_at = then
        if agreement.approved_at:
            agreement.approved_at = then + dt.timedelta(hours=5)
            agreement.confirm_by = (then + dt.timedelta(days=365)).date()
        agreement.save(update_fields=["requested_at", "changed_at", "approved_at", "confirm_by"])
        agreement.events.filter(before="").update(at=then)
        agreement.events.exclude(before="").update(at=then + dt.timedelta(hours=5))


def _asked(service: WebService, package: Package | None, purpose: str, *ticked: str) -> Asked:
    year = timezone.localdate().year
    return Asked(
        service=service,
        package=package,
        ticked=frozenset(ticked),
        purpose=purpose,
        legal_basis=LEGAL_BASIS,
        contract=None,
        valid_until=dt.date(year + 4, 7, 31),
    )


def _system(company: _Company) -> System:
    provider, _ = Provider.objects.get_or_create(
        cvr=company.cvr, defaults={"name": company.name, "email": f"post@{company.cvr}.example.dk"}
    )
    system, is_new = System.objects.get_or_create(
        provider=provider,
        name=company.system,
        defaults={"description": company.what, "import_source": company.source},
    )
    if is_new:
        service = WebService.IMPORT if company.source else WebService.EXPORT
        Connection.objects.create(
            system=system, service=service, state=ConnectionState.VALID, valid_from=timezone.now()
        )
    return system


def _actor(name: str, *cvr: str) -> Actor:
    """Return somebody who acts for these CVR numbers, with an account that nobody can log in to."""
    user = User.objects.filter(display_name=name, professional=None, is_professional=True).first()
    if user is None:
        number = User.objects.filter(is_professional=True).count()
        user = User.objects.create(
            username=f"0demo{number:03d}", display_name=name, state=UserState.ACTIVE, is_professional=True
        )
    return Actor(user, (), tuple(GrantedRight(Right.AGREEMENTS, "cvr", one) for one in cvr if one))

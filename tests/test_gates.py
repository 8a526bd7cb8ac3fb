"""Every URL × every member of the cast → status. A URL without a row is a failure, and so is a view without a gate.

The walk starts at `ROOT_URLCONF`, so a new page cannot be forgotten.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from copy import copy
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from accounts import reset_windows
from accounts.mitunilogin import demo
from accounts.models import LoginSession
from dataagreements import suppliers
from dataagreements.models import ProcessorContract, Provider, Subscription
from institutions.models import Case, CaseKind, ContactRequest, Group, ImportRun, ImportSeries, RunState
from unilogin_portal.lib.gate import Gate, gate_of
from unilogin_portal.models import NewsItem

from . import sick_leave
from .agreements import ask, make_system
from .cast import Cast
from .gates import INSIDE, MEMBERS, OFFICERS, SESSION_OF_LEIF, TABLE, TO_LOGIN
from .machines import machine_of
from .officers import MUNICIPALITY, SUPPLIER, make_officer


def routes(patterns: list[Any] | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Yield every route of the portal with its full name."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            namespace = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from routes(pattern.url_patterns, prefix + namespace)
        else:
            yield prefix + (pattern.name or f"<unnamed {pattern.pattern}>"), pattern


OURS = [(name, pattern) for name, pattern in routes() if not name.startswith("admin:")]
ADMIN = [(name, pattern) for name, pattern in routes() if name.startswith("admin:")]


def test_every_url_has_a_row_and_every_row_a_url():
    assert {name for name, _ in OURS} == set(TABLE)


@pytest.mark.parametrize(("name", "pattern"), OURS, ids=[name for name, _ in OURS])
def test_every_view_carries_a_gate(name, pattern):
    assert gate_of(pattern.callback) in set(Gate)


@pytest.mark.parametrize(("name", "pattern"), OURS, ids=[name for name, _ in OURS])
def test_a_page_for_those_logged_in_is_never_public(name, pattern):
    if TABLE[name].visitor == TO_LOGIN and name.startswith(INSIDE):
        assert gate_of(pattern.callback) is not Gate.PUBLIC


THINGS = {
    "case",
    "esther",
    "run",
    "series",
    "class",
    "pupil",
    "window",
    "agreement",
    "address",
    "provider",
    "system",
    "connection",
    "client",
    "batch",
    "week",
    "report",
}


@pytest.fixture
def things(cast: Cast) -> dict[str, Any]:
    """What the table's arguments name: a child, a service, a news item, somebody's session, a held import."""
    now = timezone.now()
    demo.offer()
    words = {f"{part}_{language}": "Nyt" for part in ("title", "summary", "body") for language in ("da", "en")}
    NewsItem.objects.create(slug="nyt", published_at=now, is_published=True, **words)
    LoginSession.objects.create(
        session_key=SESSION_OF_LEIF,
        session_data="",
        user=cast["leif"],
        started_at=now,
        last_used_at=now,
        expire_date=now + dt.timedelta(minutes=5),
    )
    series = ImportSeries.objects.create(institution=cast.school, source="Testsystem")
    run = ImportRun.objects.create(
        series=series,
        institution_number=cast.school.number,
        source=series.source,
        file_name="delivery.xml",
        sha256="0" * 64,
        state=RunState.AWAITING_APPROVAL,
        stops=[{"brake": "ending", "count": 148, "of": 912, "limit": 10}],
    )
    case = Case.objects.create(
        number="S-2026-000900",
        kind=CaseKind.CONTACT_USER,
        institution=cast.school,
        opened_by=cast["leif"],
        opened_role="Leder",
        subject=cast.person("anna"),
        created_at=now,
        changed_at=now,
    )
    ContactRequest.objects.create(case=case, cpr=b"sealed", cvr=cast.school.cvr, recipient="Leif Dam", wanted="both")
    opened = reset_windows.open_for([cast["emil"]], by=cast["tove"], role="Lærer", institution="101001")
    return {
        "esther": cast["esther"].person_id,
        "run": run.pk,
        "series": series.pk,
        "class": Group.objects.get(group_id="5A").pk,
        "pupil": cast["emil"].pk,
        "window": opened.windows[0].pk,
        **_of_tilslutning(cast),
        **_of_sick_leave(cast),
    }


def _of_sick_leave(cast: Cast) -> dict[str, Any]:
    """A week is open, and the cast's school is asked."""
    week = sick_leave.campaign()
    return {"week": week.pk, "report": sick_leave.report_of(week, cast.school).pk}


def _of_tilslutning(cast: Cast) -> dict[str, Any]:
    """Sune's company has a case and a system, and asks nadia's municipality for the day care's data."""
    nadia, sune = (make_officer(name, cvr=cvr) for name, cvr in OFFICERS.items())
    company = suppliers.ProviderAsked("Nordlys Læring", SUPPLIER, "1012345678", "post@nordlys.example", "70000000")
    case = suppliers.ask_to_become_provider(company, by=sune.actor)
    provider = Provider.objects.create(name="Nordlys Læring", cvr=SUPPLIER, email="post@nordlys.example")
    system = make_system(provider, "Læsebroen")
    contract = ProcessorContract.objects.create(
        provider=provider, signed_on="2026-01-01", file_name="a.pdf", sha256="0" * 64, size=4, content=b"%PDF"
    )
    batch = ask(system, sune, cast.day_care, contract=contract)
    address = Subscription.objects.create(
        email="dagtilbud@example.dk", scope="cvr", identifier=MUNICIPALITY, by=nadia.user, confirmed_at=timezone.now()
    )
    return {
        "provider": provider.pk,
        "system": system.pk,
        "connection": system.connections.latest("pk").pk,
        "client": machine_of(system, sune).system.clients.get().pk,
        "batch": batch.pk,
        "agreement": batch.agreements.get().pk,
        "address": address.pk,
        "case": case.number,
        "officers": {"nadia": nadia, "sune": sune},
    }


def arrive(member: str, logged_in: Callable[[str], Client], things: dict[str, Any]) -> Client:
    """Return a client with a session of whoever it is: officers come with MitID and their right, others plainly."""
    return things["officers"][member].client() if member in OFFICERS else logged_in(member)


@pytest.mark.parametrize("member", MEMBERS)
def test_every_url_answers_every_member_of_the_cast_as_the_table_says(member, logged_in, things):
    wrong = {}
    entered = arrive(member, logged_in, things).cookies
    for name, row in TABLE.items():
        kwargs = {key: things.get(value, value) for key, value in row.kwargs.items()}
        client = Client()
        client.cookies = copy(entered)
        # Each door is tried as the first after the log-in, and what lies behind it is undone.
        with transaction.atomic():
            response = getattr(client, row.method)(reverse(name, kwargs=kwargs))
            transaction.set_rollback(True)
        if response.status_code != row.expected(member):
            wrong[name] = (response.status_code, row.expected(member))
    assert wrong == {}


@pytest.mark.parametrize(
    "name", [name for name, row in TABLE.items() if row.visitor == TO_LOGIN and name.startswith(INSIDE)]
)
def test_a_visitor_is_sent_to_the_log_in_and_back(name, client, db):
    row = TABLE[name]
    path = reverse(name, kwargs={key: 1 if value in THINGS else value for key, value in row.kwargs.items()})
    response = getattr(client, row.method)(path)
    assert response.headers["Location"].startswith(f"/login/?next={path}")


ADMIN_DOORS = {"/login/", "/stil/admin/"}  # the admin's own log-off leads non-operators to its front, and that to 403


@pytest.mark.parametrize("member", [m for m in MEMBERS if m != "olga"])
def test_the_admin_opens_for_nobody_but_operators(member, logged_in, things):
    client = arrive(member, logged_in, things)
    for name, pattern in ADMIN:
        if pattern.pattern.regex.groups:
            continue
        response = client.get(reverse(name))
        assert response.status_code in {302, 403}, name
        if response.status_code == 302:
            assert any(
                response.headers["Location"].startswith(door) or door in response.headers["Location"]
                for door in ADMIN_DOORS
            ), name
    end = client.get("/stil/admin/", follow=True)
    assert end.status_code == (200 if member == "visitor" else 403)
    assert end.request["PATH_INFO"] == ("/login/" if member == "visitor" else "/stil/admin/login/")


def test_another_persons_session_cannot_be_ended(cast, logged_in, type_in):
    theirs = Client()
    type_in(theirs, cast["leif"])
    session = LoginSession.objects.get(user=cast["leif"])
    response = logged_in("karim").post(reverse("mitunilogin:end_session", kwargs={"pk": session.pk}))
    assert response.status_code == 404
    assert theirs.get("/mit-unilogin/").status_code == 200

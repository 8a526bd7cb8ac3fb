"""Every URL × every member of the cast → status. A URL without a row is a failure, and so is a view without a gate.

The walk starts at `ROOT_URLCONF`, so a new page cannot be forgotten.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
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
from .machines import machine_of
from .officers import MUNICIPALITY, SUPPLIER, make_officer

OFFICERS = {"nadia": MUNICIPALITY, "sune": SUPPLIER}  # who come for an organisation with MitID Erhverv
MEMBERS = ("visitor", "mette", "tove", "karim", "sofie", "emil", "leif", "liv", "anna", "olga", *OFFICERS)
OF_NO_PERSON = ("olga", *OFFICERS)
TO_LOGIN = 302


@dataclass(frozen=True)
class Row:
    """What a URL answers: to a visitor, to everybody with a session, and to whom it answers otherwise."""

    visitor: int
    signed_in: int
    but: dict[str, int] = field(default_factory=dict)
    kwargs: dict[str, Any] = field(default_factory=dict)
    method: str = "get"

    def expected(self, member: str) -> int:
        return self.but.get(member, self.visitor if member == "visitor" else self.signed_in)


def page(**kwargs: Any) -> Row:
    """A page for everybody."""
    return Row(200, 200, kwargs=kwargs)


def step(**but: int) -> Row:
    """A step of a flow, visited without having begun: it leads to the beginning."""
    return Row(302, 302, but=but)


def administration(**kwargs: Any) -> Row:
    """A page of Brugeradministration about the cast's school: its leader's and the operator's."""
    return Row(TO_LOGIN, 403, but={"leif": 200, "olga": 200}, kwargs=kwargs)


def deciding(method: str = "get", olga: int = 200, **kwargs: Any) -> Row:
    """The same, where something is decided: leif came with a password, and is sent to MitID first."""
    return Row(TO_LOGIN, 403, but={"leif": 302, "olga": olga}, kwargs=kwargs, method=method)


def cases(leif: int = 302, **kwargs: Any) -> Row:
    """A page of the institution's cases: STIL opens none. leif came with a password, and is sent to MitID first."""
    return Row(TO_LOGIN, 403, but={"leif": leif}, kwargs=kwargs)


def helping(staff: int = 200, method: str = "get", **kwargs: Any) -> Row:
    """A page of Elevadgang for everybody who is employed somewhere."""
    return Row(TO_LOGIN, 403, but=dict.fromkeys(STAFF, staff), kwargs=kwargs, method=method)


def of_a_window(method: str = "get", tove: int = 200, **kwargs: Any) -> Row:
    """A page of Elevadgang about a window that tove has opened: hers alone."""
    return Row(TO_LOGIN, 403, but={**dict.fromkeys(STAFF, 404), "tove": tove}, kwargs=kwargs, method=method)


def of_a_class(method: str = "get", tove: int = 200, **kwargs: Any) -> Row:
    """A page of Elevadgang about 5.A or a pupil of it: its teacher's alone. To others it does not exist."""
    return Row(TO_LOGIN, 404, but={"tove": tove}, kwargs=kwargs, method=method)


def answering(method: str = "get", olga: int = 200, nadia: int = 200, sune: int = 404, **kwargs: Any) -> Row:
    """A page of Tilslutning about what nadia's municipality answers."""
    return Row(TO_LOGIN, 403, but={"olga": olga, "nadia": nadia, "sune": sune}, kwargs=kwargs, method=method)


def supplying(method: str = "get", olga: int = 200, nadia: int = 404, sune: int = 200, **kwargs: Any) -> Row:
    """A page of Tilslutning about sune's company and its systems."""
    return Row(TO_LOGIN, 403, but={"olga": olga, "nadia": nadia, "sune": sune}, kwargs=kwargs, method=method)


def keeping(method: str = "get", olga: int = 200, **kwargs: Any) -> Row:
    """A page of Sygefravær about the weeks that STIL keeps: its operators' alone."""
    return Row(TO_LOGIN, 403, but={"olga": olga}, kwargs=kwargs, method=method)


def of_figures(**kwargs: Any) -> Row:
    """Statistics of sick leave: for who leads an institution, or comes for one; STIL sees all."""
    return Row(TO_LOGIN, 403, but=dict.fromkeys(("leif", "olga", "nadia", "sune"), 200), kwargs=kwargs)


def machine(method: str = "get", **kwargs: Any) -> Row:
    """What systems ask for with a token: nobody's session is one."""
    return Row(401, 401, kwargs=kwargs, method=method)


SESSION_OF_LEIF = "5" * 64
INSIDE = ("mitunilogin:", "useradmin:", "elevadgang:", "cases:", "dataagreements:")
STAFF = ("mette", "tove", "karim", "leif", "liv")

TABLE: dict[str, Row] = {
    # The portal's own pages
    "portal:front": page(),
    "portal:help": page(),
    "portal:guide": page(slug="glemt-adgangskode"),
    "portal:news": page(),
    "portal:news_feed": page(),
    "portal:news_item": page(slug="nyt"),
    "portal:accessibility": page(),
    "portal:cookies": page(),
    "portal:privacy": page(),
    "portal:status": page(),
    "portal:live": page(),
    "portal:ready": page(),
    "portal:metrics": Row(404, 404),
    "portal:favicon": Row(302, 302),
    "portal:favicon_ico": Row(302, 302),
    "portal:robots": page(),
    "portal:security": page(),
    # Logging in
    "login:choose": Row(200, 302),
    "login:username": Row(200, 302),
    "login:password": step(),
    "login:pictures": step(),
    "login:animal": step(),
    "login:change_pictures": step(),
    "login:repeat_pictures": step(),
    "login:first_password": step(),
    "login:new_password": step(),
    "login:change": step(),
    "login:forgotten": step(),
    "login:told": step(),
    "login:assigned": step(),
    "login:own": step(),
    "login:repeat": step(),
    "login:renew": step(),
    "login:put_off": Row(302, 302, method="post"),
    "login:done": step(),
    # a service that asks nobody of the cast for an adult leads straight there
    "login:adult": Row(TO_LOGIN, 302, kwargs={"slug": "laesebroen"}),
    "login:adult_waited": Row(TO_LOGIN, 200, kwargs={"slug": "laesebroen"}),
    "login:adult_ask": Row(TO_LOGIN, 302, kwargs={"slug": "laesebroen"}, method="post"),
    "login:adult_stop": Row(TO_LOGIN, 302, kwargs={"slug": "laesebroen"}, method="post"),
    "login:adult_parent": Row(TO_LOGIN, 302, kwargs={"slug": "laesebroen"}),
    "login:adult_answered": step(),
    "login:turned_away": Row(403, 403, kwargs={"reason": "unknown"}),
    "login:out": Row(TO_LOGIN, 302, method="post"),
    "login:left": page(),
    # User names by MitID
    "activation:start": page(),
    "activation:names": step(),
    "activation:create": Row(302, 302, method="post"),
    "activation:own": step(),
    "activation:children": step(),
    "activation:finish": Row(302, 302, method="post"),
    # MitID
    "mitid:metadata": page(),
    "mitid:login": Row(302, 302),
    "mitid:acs": Row(400, 400, method="post"),
    "mitid:continue": Row(400, 302),
    "mitid:logout": Row(302, 302),
    "mitid:slo": Row(400, 400),
    # Mit Unilogin
    "mitunilogin:overview": Row(TO_LOGIN, 200),
    "mitunilogin:history": Row(TO_LOGIN, 200, but=dict.fromkeys(OF_NO_PERSON, 404)),
    "mitunilogin:change_password": Row(TO_LOGIN, 302, method="post"),
    "mitunilogin:choose_mail": Row(TO_LOGIN, 302, but=dict.fromkeys(OF_NO_PERSON, 404), method="post"),
    "mitunilogin:decline_mail": page(token="forged"),
    # esther: in mette's custody, a contact person's without custody, nobody else's
    "mitunilogin:help_child": Row(TO_LOGIN, 404, but={"mette": 302}, kwargs={"pk": "esther"}),
    # a parent's answer needs MitID, before it is said whether there is such a child
    "mitunilogin:answer_waiting": Row(TO_LOGIN, 302, but=dict.fromkeys(OF_NO_PERSON, 404), kwargs={"pk": 1}),
    # leif's session
    "mitunilogin:end_session": Row(TO_LOGIN, 404, but={"leif": 302}, kwargs={"pk": SESSION_OF_LEIF}, method="post"),
    "mitunilogin:end_other_sessions": Row(TO_LOGIN, 302, method="post"),
    # for employees only
    "mitunilogin:service": Row(TO_LOGIN, 403, but=dict.fromkeys(STAFF, 302), kwargs={"slug": "laererbordet"}),
    "mitunilogin:practice_service": Row(TO_LOGIN, 403, but=dict.fromkeys(STAFF, 200), kwargs={"slug": "laererbordet"}),
    # Brugeradministration: the imports of the cast's school
    "useradmin:runs": administration(),
    "useradmin:run": administration(pk="run"),
    "useradmin:progress": administration(pk="run"),
    "useradmin:issues_csv": administration(pk="run"),
    "useradmin:changes": administration(pk="run"),
    "useradmin:changes_csv": administration(pk="run"),
    "useradmin:decide": deciding(pk="run"),
    "useradmin:undo": deciding(pk="run"),
    "useradmin:series": administration(pk="series"),
    "useradmin:bypass": deciding(pk="series"),
    "useradmin:confirm_series": deciding(pk="series"),
    "useradmin:limits": administration(number="101001"),
    "useradmin:limit": deciding(number="101001", brake="ending"),
    "useradmin:change_cpr": deciding(),
    "useradmin:confirm_cpr": deciding(method="post", olga=302),
    # Cases: the leader's own, and STIL's inbox
    "cases:list": cases(leif=200),
    "cases:choose": cases(leif=200),
    "cases:open": cases(slug="bruger-til-kontaktperson"),
    "cases:case": cases(number="S-2026-000900"),
    "cases:withdraw": cases(number="S-2026-000900"),
    "cases:inbox": Row(TO_LOGIN, 403, but={"olga": 200}),
    "cases:inbox_case": Row(TO_LOGIN, 403, but={"olga": 200}, kwargs={"number": "S-2026-000900"}),
    # Elevadgang
    "elevadgang:front": page(),
    # neither operators nor who came with MitID are sent there, and they have no such right
    "elevadgang:administrator": Row(TO_LOGIN, 302, but=dict.fromkeys(OF_NO_PERSON, 403)),
    "elevadgang:classes": Row(TO_LOGIN, 200, but={"tove": 302}),
    "elevadgang:group": of_a_class(pk="class"),
    "elevadgang:list": of_a_class(pk="class"),
    "elevadgang:give": of_a_class("post", pk="class"),
    "elevadgang:give_found": Row(TO_LOGIN, 404, method="post"),
    "elevadgang:pupil": of_a_class(pk="pupil"),
    "elevadgang:give_one": of_a_class("post", 302, pk="pupil"),
    "elevadgang:block": of_a_class(tove=403, pk="pupil"),
    "elevadgang:act": of_a_class("post", 302, pk="pupil", name="ophaev-pause"),
    "elevadgang:windows": helping(),
    "elevadgang:window": of_a_window(pk="window"),
    "elevadgang:close_window": of_a_window("post", 302, pk="window"),
    "elevadgang:give_again": of_a_window("post", 302, pk="window"),
    "elevadgang:waiting_room": helping(),
    "elevadgang:waiting_now": helping(),
    "elevadgang:answer_waiting": helping(404, method="post"),
    "elevadgang:substitutes": helping(),
    "elevadgang:end_substitute": helping(404, pk=1),
    "elevadgang:history": helping(),
    # Tilslutning
    "dataagreements:front": Row(TO_LOGIN, 302),  # to MitID, or to what one has a right to
    "dataagreements:requests": answering(sune=200),
    "dataagreements:change_status": answering(olga=403, nadia=302, sune=302),  # nothing chosen: back to the list
    "dataagreements:agreements": answering(sune=200),
    "dataagreements:ended": answering(sune=200),
    "dataagreements:agreement": answering(pk="agreement"),
    "dataagreements:end": answering(olga=403, nadia=302, pk="agreement"),  # it has not been approved
    "dataagreements:contract": answering(pk="agreement"),
    "dataagreements:notifications": answering(olga=403, sune=200),
    "dataagreements:remove_address": answering("post", olga=403, nadia=302, pk="address"),
    "dataagreements:confirm_address": page(token="forged"),
    "dataagreements:stop_mails": page(token="forged"),
    "dataagreements:insight": Row(TO_LOGIN, 200),
    "dataagreements:providers": supplying(nadia=200),
    "dataagreements:become_provider": supplying(olga=403, nadia=200),
    "dataagreements:provider_case": supplying(olga=403, number="case"),
    "dataagreements:new_system": supplying(olga=403, pk="provider"),
    "dataagreements:contracts": supplying(olga=403, pk="provider"),
    "dataagreements:system": supplying(pk="system"),
    "dataagreements:change_system": supplying(olga=403, pk="system"),
    "dataagreements:switch_system": supplying(olga=403, pk="system"),
    "dataagreements:connect": supplying(olga=403, pk="system"),
    "dataagreements:new_client": supplying(olga=403, pk="system"),
    "dataagreements:revoke_client": supplying(pk="system", client="client"),
    "dataagreements:end_connection": supplying("post", olga=302, sune=302, pk="system", connection="connection"),
    "dataagreements:ask": supplying(olga=403, nadia=200),
    "dataagreements:batch": supplying(pk="batch"),
    "dataagreements:batch_progress": supplying(pk="batch"),
    "dataagreements:provider_agreements": supplying(nadia=200),
    "dataagreements:provider_agreement": supplying(pk="agreement"),
    "dataagreements:provider_contract": supplying(pk="agreement"),
    # What suppliers' systems ask for
    "import_api:schema": page(),
    "api:page": page(),
    "api:document": page(),
    "api:token": Row(400, 400, method="post"),
    "api:deliver": machine("post", number="101001"),
    "api:submission": machine(number="101001", pk="00000000-0000-0000-0000-000000000000"),
    "api:agreements": machine(),
    "api:export": machine(number="101001"),
    "api:nothing": Row(404, 404, kwargs={"rest": "findes/ikke"}),
    "oneroster:base": Row(404, 404),
    "oneroster:all": machine(resource="users"),
    "oneroster:one": machine(resource="users", sourced_id="x"),
    "oneroster:demographics": machine(),
    "oneroster:demographics_one": machine(sourced_id="x"),
    "oneroster:nothing": Row(404, 404, kwargs={"rest": "a/b/c"}),
    # The stand-in identity provider
    "testidp:metadata": page(),
    "testidp:login": Row(400, 400),
    "testidp:logout": Row(400, 400),
    # Sick leave, for STIL
    "reporting:front": Row(302, 302),
    "reporting:campaigns": keeping(),
    "reporting:campaign": keeping(pk="week"),
    "reporting:campaign_now": keeping(pk="week"),
    "reporting:change_campaign": keeping(pk="week"),
    "reporting:move_campaign": keeping("post", olga=302, pk="week"),  # no such act: back to the week
    "reporting:remind": keeping(olga=302, pk="week"),
    "reporting:report": keeping(pk="report"),
    "reporting:change_report_address": keeping(pk="report"),
    "reporting:act_on_report": keeping(pk="report", act="nyt-link"),
    "reporting:addresses": keeping(),
    "reporting:paste_addresses": keeping(),
    "reporting:change_address": keeping(code="0101"),
    # Sick leave, for whoever has a link: a forged one is a page that says so
    **{
        f"reporting:{name}": Row(404, 404, kwargs={"token": "forged"})
        for name in ("answer", "later", "review", "receipt", "pdf", "ask_reopening")
    },
    "reporting:step": Row(404, 404, kwargs={"token": "forged", "slug": "personale"}),
    "reporting:lost_link": page(),
    "reporting:link_sent": page(),
    "reporting:statistics": of_figures(),
    "reporting:statistics_file": of_figures(extension="csv"),
    "reporting:open_data": page(),
    "reporting:open_file": page(group="elever", extension="json"),
    "reporting:about": page(),
}


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
    for name, row in TABLE.items():
        client = arrive(member, logged_in, things)
        kwargs = {key: things.get(value, value) for key, value in row.kwargs.items()}
        response = getattr(client, row.method)(reverse(name, kwargs=kwargs))
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

"""Mit Unilogin: what users see of themselves and of their children."""

import datetime as dt
import re

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import audit
from accounts.mitunilogin import demo
from accounts.models import ContactRelation, LoginSession, Person, User
from institutions.models import Membership, MembershipKind
from tests.cast import CPR, PASSWORD, SOURCE


@pytest.fixture
def mette(logged_in):
    return logged_in("mette")


def overview(client: Client) -> str:
    page = client.get("/mit-unilogin/")
    assert page.status_code == 200
    return page.content.decode()


def test_it_shows_user_name_institutions_roles_and_children(mette):
    page = overview(mette)
    for text in (
        "mett4821",
        "Lærkeskolen",
        "Lærer",
        "Mor til Esther",
        "Mor til Viggo",
        "esth7204",
        "vigg1185",
        "Bakkehuset",
    ):
        assert text in page


def test_it_never_shows_a_child_without_custody(logged_in):
    page = overview(logged_in("anna"))
    assert "Kontaktperson" in page
    for text in ("Esther", "esth7204"):
        assert text not in page


def test_a_protected_person_is_shown_by_alias_everywhere(logged_in, cast):
    client = logged_in("liv")
    for path in ("/mit-unilogin/", "/mit-unilogin/historik/", "/", "/hjaelp/"):
        page = client.get(path).content.decode()
        assert "Skov" not in page
    assert "Hej Ane" in overview(client)
    assert cast.person("liv").registered_name() == ("Liv", "Skov")
    assert b"Skov" not in bytes(cast.person("liv").private)


@pytest.mark.parametrize(
    ("name", "leads_to"),
    [
        ("emil", set()),
        ("mette", {"/elevadgang/klasser/"}),
        ("leif", {"/brugeradministration/import/", "/sager/", "/sygefravaer/statistik/"}),
        ("olga", {"/brugeradministration/import/", "/tilslutning/", "/stil/sager/", "/sygefravaer/"}),
    ],
)
def test_it_leads_to_the_work_that_is_theirs_and_each_door_opens(name, leads_to, logged_in):
    client = logged_in(name)
    page = overview(client)
    offered = set(re.findall(r'<a class="tile" href="([^"]+)"><span><strong>[^<]*</strong><br>', work_of(page)))
    assert offered == leads_to
    assert {client.get(path, follow=True).status_code for path in offered} <= {200}


def work_of(page: str) -> str:
    """Return the part of Mit Unilogin that is about what one does for the institution."""
    return page.partition('aria-labelledby="work"')[2].partition("</section>")[0]


def test_services_are_those_for_this_kind_of_user(logged_in):
    demo.offer()
    assert "Lærerbordet" in overview(logged_in("karim"))
    assert "Lærerbordet" not in overview(logged_in("sofie"))


def test_a_service_that_is_not_for_them_says_no_access_and_whom_to_ask(logged_in):
    demo.offer()
    client = logged_in("sofie")
    for path in ("/mit-unilogin/tjenester/laererbordet/", "/mit-unilogin/proevetjeneste/laererbordet/"):
        page = client.get(path)
        assert page.status_code == 403
        assert "Ingen adgang" in page.content.decode()
        assert "supporten hos Lærerbordet" in page.content.decode()
    arrived = client.get("/mit-unilogin/tjenester/laesebroen/", follow=True)
    assert "Du er fremme" in arrived.content.decode()


def test_without_services_the_page_says_so_and_what_to_do(mette):
    assert "Ingen tjenester endnu" in overview(mette)


def test_the_demos_services_offered_twice_are_the_same(db):
    assert demo.offer() == demo.offer() == 6


def test_sessions_are_listed_and_can_be_ended_one_by_one_and_all_at_once(cast, type_in):
    phone, tablet, desk = Client(headers={"user-agent": "iPhone Safari"}), Client(), Client()
    for browser in (phone, tablet, desk):
        type_in(browser, cast["karim"])
    assert "Safari, iPhone" in overview(desk)
    session = LoginSession.objects.get(device="Safari, iPhone")
    page = desk.post(f"/mit-unilogin/enheder/{session.pk}/log-af/", follow=True)
    assert "Du er logget af på den enhed" in page.content.decode()
    assert phone.get("/mit-unilogin/").status_code == 302
    page = desk.post("/mit-unilogin/enheder/log-af-andre/", follow=True)
    assert "Du er logget af på 1 anden enhed" in page.content.decode()
    assert tablet.get("/mit-unilogin/").status_code == 302
    assert desk.get("/mit-unilogin/").status_code == 200


def test_helping_a_child_asks_mitid_and_only_for_ones_own_child(mette, logged_in, cast, mitid):
    esther = cast.person("esther").pk
    assert "/test-mitid/" in mette.get(f"/mit-unilogin/boern/{esther}/adgangskode/").headers["Location"]
    for stranger in ("anna", "karim", "sofie"):
        assert logged_in(stranger).get(f"/mit-unilogin/boern/{esther}/adgangskode/").status_code == 404


def test_a_child_in_day_care_needs_no_password_yet(mette):
    page = overview(mette)
    assert "Har ikke brug for en adgangskode endnu" in page
    assert page.count("Få en adgangskode") == 1


def test_changing_the_password_begins_with_ones_own_user_name(logged_in):
    page = logged_in("karim").post("/mit-unilogin/adgangskode/", follow=True)
    assert page.redirect_chain[-1][0] == "/login/ny-adgangskode/"
    assert "kari7724" in page.content.decode()


def test_who_has_no_password_is_led_to_make_the_first(mette):
    page = mette.post("/mit-unilogin/adgangskode/", follow=True)
    assert page.redirect_chain[-1][0] == "/login/foerste-adgangskode/"
    assert "mett4821" in page.content.decode()


def test_parents_see_what_happened_to_their_child_by_role_and_institution_but_no_name(mette, cast):
    audit.record("password.set", by=cast["leif"], subject=cast.person("esther"), role="Leder", institution="101001")
    page = mette.get("/mit-unilogin/historik/").content.decode()
    assert "Esther: Der blev lavet en ny adgangskode" in page
    assert "Leder på Lærkeskolen" in page
    assert "Leif" not in page


def test_a_childs_log_ins_are_the_childs_own_matter(mette, cast):
    audit.record("login.admitted", by=cast["esther"], subject=cast.person("esther"))
    assert "Esther: Login" not in mette.get("/mit-unilogin/historik/").content.decode()


def test_nobody_sees_another_persons_history(logged_in, cast):
    audit.record("password.set", by=cast["karim"], subject=cast.person("karim"))
    assert "Der blev lavet en ny adgangskode" not in logged_in("anna").get("/mit-unilogin/historik/").content.decode()


def test_an_empty_history_says_so(logged_in):
    assert "Der er ikke sket noget endnu" in logged_in("anna").get("/mit-unilogin/historik/").content.decode()


def test_the_history_has_pages(mette, cast):
    for _ in range(60):
        audit.record("username.shown", by=cast["mette"], subject=cast.person("mette"))
    first = mette.get("/mit-unilogin/historik/").content.decode()
    second = mette.get("/mit-unilogin/historik/?side=2").content.decode()
    assert first.count("Brugernavnet blev vist") == 50
    assert second.count("Brugernavnet blev vist") == 10


def test_an_operator_without_a_person_has_an_overview_too(logged_in):
    assert "stil0001" in overview(logged_in("olga"))


def add_rows(cast, numbers: range) -> None:
    """Give mette more children, institutions, sessions and events: one of each for every number."""
    mette = cast.person("mette")
    today = timezone.localdate()
    place = {"source": SOURCE, "from_date": today}
    for number in numbers:
        child = Person.objects.create(
            cpr=Person.sealed_cpr(f"{number:010d}"), first_name=f"Barn{number}", family_name="Holm"
        )
        User.objects.create(person=child, username=f"barn{number:04d}", actor_group="Elev")
        ContactRelation.objects.create(
            child=child, contact=mette, institution="101001", relation="Mor", custody=True, access_level=2, **place
        )
        for person, local_id, kind, roles in (
            (child, f"b{number}", MembershipKind.STUDENT, ["Elev"]),
            (mette, f"m{number}", MembershipKind.EMPLOYEE, ["Pædagog"]),
        ):
            Membership.objects.create(
                person=person, institution=cast.day_care, local_person_id=local_id, kind=kind, roles=roles, **place
            )
        audit.record("password.set", by=None, subject=child, role="Lærer", institution="101001")
        LoginSession.objects.create(
            session_key=f"{number:064d}",
            session_data="",
            user=cast["mette"],
            started_at=timezone.now(),
            last_used_at=timezone.now(),
            expire_date=timezone.now() + dt.timedelta(minutes=5),
        )


@pytest.mark.parametrize("path", ["/mit-unilogin/", "/mit-unilogin/historik/"])
def test_queries_do_not_grow_with_rows(mette, cast, path):
    add_rows(cast, range(2))
    with CaptureQueriesContext(connection) as few:
        mette.get(path)
    add_rows(cast, range(2, 22))
    with CaptureQueriesContext(connection) as many:
        mette.get(path)
    assert len(many) == len(few) < 16


def test_a_session_ends_thirty_minutes_after_last_use(cast, type_in):
    client = Client()
    type_in(client, cast["karim"])
    start = timezone.now()
    for minutes in (20, 40, 60):
        with time_machine.travel(start + dt.timedelta(minutes=minutes)):
            assert client.get("/mit-unilogin/").status_code == 200
    with time_machine.travel(start + dt.timedelta(minutes=91)):
        assert client.get("/mit-unilogin/").status_code == 302


def test_everybody_elses_cpr_and_password_stay_out_of_the_page(mette):
    page = overview(mette)
    assert PASSWORD not in page
    assert all(cpr not in page for cpr in CPR.values())

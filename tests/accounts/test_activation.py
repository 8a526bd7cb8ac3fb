"""*Få mit eller mit barns brugernavn*, and passwords by MitID (D3.3, D3.4 A to D)."""

import datetime as dt
import re

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.login import services as login_services
from accounts.models import AuditEvent, ContactRelation, LoginSession, Person, User
from accounts.states import UserState
from tests.cast import CPR, PASSWORD, years_ago

from .grids import choose, new_pictures


def typed(client: Client, username: str) -> None:
    client.post("/login/brugernavn/", {"username": username})


def shown_secret(client: Client) -> str:
    found = re.search(r'class="secret-word">([^<]+)<', client.get("/login/din-nye-adgangskode/").content.decode())
    assert found
    return found.group(1)


def keep_assigned(client: Client) -> str:
    """Confirm and repeat the assigned password; return it."""
    secret = shown_secret(client)
    client.post("/login/din-nye-adgangskode/")
    client.post("/login/gentag/", {"password": secret})
    return secret


def keep_pictures(client: Client) -> tuple[str, ...]:
    """Confirm and repeat the pictures that a small child is given; return them."""
    ids = new_pictures(client)
    client.post("/login/din-nye-adgangskode/")
    choose(client, ids, "/login/gentag-billeder/")
    return ids


def test_a_parent_creates_a_user_and_sees_the_own_and_the_childrens_user_names(client, cast, mitid):
    assert mitid(client, "mette", "username").headers["Location"] == "/aktiver/brugernavne/"
    assert "Klik for at oprette bruger" in client.get("/aktiver/brugernavne/").content.decode()
    page = client.post("/aktiver/opret/", follow=True).content.decode()
    assert "Mit eget brugernavn" in page
    assert "Mit barns brugernavn" in page
    assert "mett4821" in client.get("/aktiver/brugernavne/mit/").content.decode()
    children = client.get("/aktiver/brugernavne/boern/").content.decode()
    assert "esth7204" in children
    assert "vigg1185" in children
    client.post("/aktiver/afslut/")
    assert client.get("/aktiver/brugernavne/mit/").status_code == 302


def test_creating_the_user_twice_creates_it_once(client, cast, mitid):
    mitid(client, "mette", "username")
    client.post("/aktiver/opret/")
    client.post("/aktiver/opret/")
    assert cast["mette"].state == UserState.ACTIVE
    assert AuditEvent.objects.filter(action="user.activated").count() == 1


def test_no_user_name_is_shown_before_the_user_is_created(client, cast, mitid):
    mitid(client, "mette", "username")
    assert "mett4821" not in client.get("/aktiver/brugernavne/").content.decode()
    assert client.get("/aktiver/brugernavne/mit/").status_code == 302
    assert client.get("/aktiver/brugernavne/boern/").status_code == 302


def test_an_employee_without_children_is_not_offered_childrens_user_names(client, cast, mitid):
    mitid(client, "karim", "username")
    assert "Mit barns brugernavn" not in client.get("/aktiver/brugernavne/").content.decode()


def test_without_custody_the_childs_user_name_stays_hidden(client, cast, mitid):
    mitid(client, "anna", "username")
    client.post("/aktiver/opret/")
    page = client.get("/aktiver/brugernavne/boern/").content.decode()
    assert "esth7204" not in page
    assert "Ingen skole og intet dagtilbud har dig som kontaktperson med forældremyndighed" in page


def test_custody_that_ended_no_longer_shows_the_child(client, cast, mitid):
    ContactRelation.objects.filter(child=cast.person("viggo")).update(to_date=timezone.localdate())
    mitid(client, "mette", "username")
    client.post("/aktiver/opret/")
    assert "vigg1185" not in client.get("/aktiver/brugernavne/boern/").content.decode()


def test_seeing_a_childs_user_name_leaves_an_audit_event_about_the_child(client, cast, mitid):
    mitid(client, "mette", "username")
    client.post("/aktiver/opret/")
    client.get("/aktiver/brugernavne/boern/")
    event = AuditEvent.objects.get(action="username.shown", subject=cast.person("esther"))
    assert event.actor == cast["mette"]
    assert event.actor_role == "Kontaktperson"


def test_the_proof_is_good_for_ten_minutes(client, cast, mitid):
    mitid(client, "karim", "username")
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=11)):
        assert client.get("/aktiver/brugernavne/").headers["Location"] == "/aktiver/"


def test_who_is_in_no_institutions_deliveries_is_told_so(client, cast, mitid):
    page = mitid(client, "nobody", "username", follow=True)
    assert page.status_code == 403
    assert "Vi kender dig ikke endnu" in page.content.decode()
    assert not AuditEvent.objects.exclude(actor=None).exists()


def test_who_has_left_every_institution_is_told_so(client, cast, mitid):
    for purpose in ("username", "login"):
        page = mitid(Client(), "ida", purpose, follow=True)
        assert page.status_code == 403
        assert "Du er ikke tilknyttet en skole eller et dagtilbud" in page.content.decode()


@pytest.mark.parametrize(("age", "status"), [(12, 403), (13, 200)])
def test_mitid_is_taken_from_the_thirteenth_year(client, cast, mitid, age, status):
    Person.objects.filter(pk=cast["sofie"].person_id).update(birth_date=years_ago(age))
    assert mitid(client, "sofie", "username", follow=True).status_code == status


def test_a_parent_makes_the_first_password_and_lands_on_mit_unilogin(client, cast, mitid, type_in):
    typed(client, "mett4821")
    assert mitid(client, "mette", "own_password").headers["Location"] == "/login/din-nye-adgangskode/"
    secret = keep_assigned(client)
    page = client.get("/mit-unilogin/").content.decode()
    assert "Hej Mette" in page
    assert cast["mette"].state == UserState.ACTIVE
    again = Client()
    type_in(again, "mett4821", secret)
    assert again.get("/mit-unilogin/").status_code == 200


def test_a_pupil_old_enough_makes_the_own_password(client, cast, mitid):
    typed(client, "sofi5502")
    mitid(client, "sofie", "own_password")
    client.post("/login/egen-adgangskode/", {"password": "BaadTaage83", "repeated": "BaadTaage83"})
    assert "Hej Sofie" in client.get("/mit-unilogin/").content.decode()


def test_a_forgotten_password_is_replaced_by_mitid_and_lifts_the_pause(client, cast, mitid, type_in):
    for _ in range(5):
        type_in(Client(), "kari7724", "Forkert123")
    typed(client, "kari7724")
    mitid(client, "karim", "own_password")
    secret = keep_assigned(client)
    again = Client()
    type_in(again, "kari7724", secret)
    assert again.get("/mit-unilogin/").status_code == 200
    assert AuditEvent.objects.get(action="password.set").details == {"why": "forgotten"}


def test_a_parent_helps_a_child_at_the_childs_screen(client, cast, mitid):
    typed(client, "esth7204")
    assert mitid(client, "mette", "child_password").headers["Location"] == "/login/besked/"
    assert "Esther får en ny adgangskode" in client.get("/login/besked/").content.decode()
    ids = keep_pictures(client)
    assert "Den nye adgangskode er gemt" in client.get("/login/faerdig/").content.decode()
    child = Client()
    typed(child, "esth7204")
    choose(child, ids)
    assert "Hej Esther" in child.get("/mit-unilogin/").content.decode()
    event = AuditEvent.objects.get(action="password.set")
    assert (event.actor, event.subject, event.details) == (cast["mette"], cast.person("esther"), {"why": "child"})


def test_helping_a_child_logs_nobody_in(client, cast, mitid):
    typed(client, "esth7204")
    mitid(client, "mette", "child_password")
    keep_pictures(client)
    assert client.get("/mit-unilogin/").status_code == 302
    assert not LoginSession.objects.exclude(user=None).exists()


def test_a_child_in_the_first_years_keeps_what_it_is_given(client, cast, mitid):
    typed(client, "esth7204")
    mitid(client, "mette", "child_password")
    assert "Lav min egen adgangskode" not in client.get("/login/din-nye-adgangskode/").content.decode()
    assert client.get("/login/egen-adgangskode/").headers["Location"] == "/login/din-nye-adgangskode/"


@pytest.mark.parametrize("purpose", ["own_password", "child_password"])
@pytest.mark.parametrize(
    ("helper", "username"),
    [("anna", "esth7204"), ("karim", "esth7204"), ("leif", "kari7724"), ("esther", "mett4821"), ("mette", "zzzz0000")],
)
def test_nobody_else_can_make_a_password(client, cast, mitid, helper, username, purpose):
    Person.objects.filter(pk=cast["esther"].person_id).update(birth_date=years_ago(14))
    typed(client, username)
    page = mitid(client, helper, purpose, follow=True)
    assert page.status_code == 403
    assert "Dette MitID passer ikke til brugernavnet" in page.content.decode()
    assert client.get("/login/din-nye-adgangskode/").status_code == 302
    assert AuditEvent.objects.filter(action="password.refused").count() == 1


def test_an_unknown_user_name_and_a_strangers_get_the_same_page(cast, mitid):
    pages = []
    for username in ("kari7724", "zzzz0000"):
        client = Client()
        typed(client, username)
        pages.append(mitid(client, "leif", "own_password", follow=True).content)
    assert pages[0] == pages[1]


def test_a_blocked_account_gets_no_password(client, cast, mitid):
    User.objects.filter(username="esth7204").update(state=UserState.BLOCKED)
    typed(client, "esth7204")
    assert "Din konto er spærret" in mitid(client, "mette", "child_password", follow=True).content.decode()


def test_mitid_logs_in_and_the_session_knows_it(client, cast, mitid):
    assert mitid(client, "karim").headers["Location"] == "/mit-unilogin/"
    page = client.get("/mit-unilogin/").content.decode()
    assert "Hej Karim" in page
    assert LoginSession.objects.get(user=cast["karim"]).method == "mitid"
    client.post("/login/log-af/")
    assert "Log også af MitID" in client.get("/login/logget-af/").content.decode()


def test_mitid_leads_to_where_one_was_going_and_never_out_of_the_portal(cast, mitid):
    assert (
        mitid(Client(), "karim", next_path="/mit-unilogin/historik/").headers["Location"] == "/mit-unilogin/historik/"
    )
    for aim in ("https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example"):
        assert mitid(Client(), "karim", next_path=aim).headers["Location"] == "/mit-unilogin/"


def test_who_never_created_a_user_is_led_to_do_so_when_logging_in_with_mitid(client, cast, mitid):
    assert mitid(client, "mette").headers["Location"] == "/aktiver/brugernavne/"


def test_a_password_is_not_needed_again_when_mitid_came_back_too_late(client, cast, mitid):
    typed(client, "kari7724")
    mitid(client, "karim", "own_password")
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=16)):
        page = client.get("/login/din-nye-adgangskode/", follow=True)
    assert "Siden er blevet for gammel" in page.content.decode()
    assert login_services.services.secret_is(cast["karim"], PASSWORD)


def test_no_cpr_number_stands_readable_anywhere_after_all_this(client, cast, mitid):
    mitid(client, "mette", "username")
    client.post("/aktiver/opret/")
    client.get("/aktiver/brugernavne/boern/")
    written = str(list(AuditEvent.objects.values())) + str([s.get_decoded() for s in LoginSession.objects.all()])
    stored = b"".join(bytes(cpr) for cpr in Person.objects.values_list("cpr", flat=True))
    for cpr in CPR.values():
        assert cpr not in written
        assert cpr.encode() not in stored


def test_a_parent_helping_at_the_childs_own_logged_in_screen_gets_the_receipt(client, cast, mitid, type_in):
    type_in(client, "emil6613")
    ContactRelation.objects.create(
        child=cast.person("emil"),
        contact=cast.person("mette"),
        institution="101001",
        source="Testsystem",
        relation="Mor",
        custody=True,
        access_level=2,
        from_date=timezone.localdate(),
    )
    client.post("/mit-unilogin/adgangskode/")
    mitid(client, "mette", "child_password")
    secret = shown_secret(client)
    client.post("/login/din-nye-adgangskode/")
    page = client.post("/login/gentag/", {"password": secret}, follow=True)
    assert page.status_code == 200
    assert "Den nye adgangskode er gemt" in page.content.decode()
    assert client.get("/mit-unilogin/").status_code == 302


def test_custody_that_ends_on_the_way_stops_the_new_password(client, cast, mitid):
    typed(client, "esth7204")
    mitid(client, "mette", "child_password")
    ids = new_pictures(client)
    client.post("/login/din-nye-adgangskode/")
    ContactRelation.objects.update(to_date=timezone.localdate())
    page = client.get(choose(client, ids, "/login/gentag-billeder/").headers["Location"])
    assert "Du har ikke længere forældremyndighed" in page.content.decode()
    assert not cast["esther"].has_secret


def test_a_copy_of_the_visitors_session_is_no_use_once_mitid_has_answered(client, cast, mitid):
    typed(client, "kari7724")
    copied = Client()
    copied.cookies["unilogin"] = client.cookies["unilogin"].value
    mitid(client, "karim", "own_password")
    assert copied.get("/login/din-nye-adgangskode/").status_code == 302
    mitid(client, "karim", "username")
    assert copied.get("/aktiver/brugernavne/mit/").status_code == 302


def test_a_stranger_who_tries_is_not_called_a_parent(client, cast, mitid):
    typed(client, "kari7724")
    mitid(client, "leif", "own_password")
    karim = Client()
    karim.force_login(cast["karim"], backend="accounts.backends.UniloginBackend")
    page = karim.get("/mit-unilogin/historik/").content.decode()
    assert "En anden" in page
    assert "En forælder" not in page

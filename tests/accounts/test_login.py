"""Logging in with user name and password (D2.6, D3.2)."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.db import connection
from django.test import Client, RequestFactory
from django.utils import timezone

from accounts.login import services as login_services
from accounts.models import AuditEvent, LoginSession, User
from accounts.sessions import hashed
from accounts.states import UserState
from tests.cast import PASSWORD, assemble

WRONG = "Brugernavn eller adgangskode er forkert"


def session_of(client: Client) -> LoginSession:
    return LoginSession.objects.get(session_key=hashed(client.cookies["unilogin"].value))


def test_the_right_password_leads_to_mit_unilogin(client, cast, type_in):
    type_in(client, cast["karim"])
    page = client.get("/mit-unilogin/")
    assert page.status_code == 200
    assert "Hej Karim" in page.content.decode()


def test_capitals_and_spaces_in_the_user_name_do_not_matter(client, cast):
    response = client.post("/login/brugernavn/", {"username": " KARI 7724 "})
    assert response.headers["Location"] == "/login/adgangskode/"


@pytest.mark.parametrize("typed", ["", "karim", "7724kari", "kari77245", "kari'--1"])
def test_what_is_no_user_name_is_asked_for_again(client, cast, typed):
    page = client.post("/login/brugernavn/", {"username": typed})
    assert page.status_code == 200
    assert "form-error-message" in page.content.decode()


def test_wrong_password_and_unknown_user_name_get_the_same_answer(client, cast):
    pages = []
    for name in ("kari7724", unknown_without_decoy(client)):
        client.post("/login/brugernavn/", {"username": name})
        page = client.post("/login/adgangskode/", {"password": "Forkert123"})
        pages.append(page.content.decode().replace(name, "abcd1234"))
    assert WRONG in pages[0]
    assert without_token(pages[0]) == without_token(pages[1])


def unknown_without_decoy(client: Client) -> str:
    """Return a user name that nobody has and that leads to the password page."""
    for number in range(100):
        name = f"zzzz{number:04d}"
        if client.post("/login/brugernavn/", {"username": name}).headers["Location"] == "/login/adgangskode/":
            return name
    raise AssertionError("every unknown user name is a decoy")


def without_token(page: str) -> str:
    return "\n".join(line for line in page.splitlines() if "csrfmiddlewaretoken" not in line)


def test_unknown_user_names_lead_to_every_page_that_accounts_lead_to_and_always_to_the_same(client, cast):
    def places() -> list[str]:
        return [client.post("/login/brugernavn/", {"username": f"qqqq{n:04d}"}).headers["Location"] for n in range(40)]

    first = places()
    assert {"/login/adgangskode/", "/login/billeder/", "/login/foerste-adgangskode/"} == set(first)
    assert places() == first


def test_five_wrong_tries_bring_a_pause_that_even_the_right_password_waits_for(client, cast, type_in):
    for _ in range(5):
        type_in(client, cast["karim"], "Forkert123")
    page = client.post("/login/adgangskode/", {"password": PASSWORD})
    assert "Der er pause i 15 minutter" in page.content.decode()
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=16)):
        type_in(client, cast["karim"])
        assert client.get("/mit-unilogin/").status_code == 200


def test_an_unknown_user_name_pauses_like_a_known_one(client, cast):
    name = unknown_without_decoy(client)
    for _ in range(5):
        client.post("/login/brugernavn/", {"username": name})
        page = client.post("/login/adgangskode/", {"password": "Forkert123"})
    assert "Der er pause i 15 minutter" in page.content.decode()


def test_a_right_password_ends_the_row_of_wrong_ones(client, cast, type_in):
    for _ in range(3):
        for _ in range(4):
            type_in(client, cast["karim"], "Forkert123")
        type_in(client, cast["karim"])
        client.post("/login/log-af/")
    assert not AuditEvent.objects.filter(action="login.paused").exists()


def test_a_class_behind_one_address_is_not_paused_by_some_wrong_tries(client, cast, type_in):
    for number in range(60):
        client.post("/login/brugernavn/", {"username": f"elev{number:04d}"})
        client.post("/login/adgangskode/", {"password": "Forkert123"})
    type_in(client, cast["karim"])
    assert client.get("/mit-unilogin/").status_code == 200


def test_who_belongs_to_no_institution_is_told_so_and_not_let_in(client, cast):
    client.post("/login/brugernavn/", {"username": "idav1057"})
    page = client.post("/login/adgangskode/", {"password": PASSWORD}, follow=True)
    assert page.status_code == 403
    assert "Du er ikke tilknyttet en skole eller et dagtilbud" in page.content.decode()
    assert client.get("/mit-unilogin/").status_code == 302


def test_only_the_right_password_learns_that_an_account_is_blocked(client, cast):
    User.objects.filter(username="kari7724").update(state=UserState.BLOCKED)
    client.post("/login/brugernavn/", {"username": "kari7724"})
    assert WRONG in client.post("/login/adgangskode/", {"password": "Forkert123"}).content.decode()
    assert (
        "Din konto er spærret"
        in client.post("/login/adgangskode/", {"password": PASSWORD}, follow=True).content.decode()
    )
    assert client.get("/mit-unilogin/").status_code == 302


def test_blocking_an_account_ends_its_sessions_at_the_next_click(client, cast, type_in):
    type_in(client, cast["karim"])
    User.objects.filter(username="kari7724").update(state=UserState.BLOCKED)
    assert client.get("/mit-unilogin/").status_code == 302


def test_a_password_that_is_a_year_old_must_be_changed_before_anything_else(client, cast, type_in):
    cast["karim"].credential.__class__.objects.filter(user=cast["karim"]).update(
        expires_at=timezone.now() - dt.timedelta(minutes=1)
    )
    client.post("/login/brugernavn/", {"username": "kari7724"})
    response = client.post("/login/adgangskode/", {"password": PASSWORD})
    assert response.headers["Location"] == "/login/din-nye-adgangskode/"
    assert client.get("/mit-unilogin/").status_code == 302


def test_logging_in_gives_a_new_session_key(client, cast, type_in):
    client.post("/login/brugernavn/", {"username": "kari7724"})
    before = client.cookies["unilogin"].value
    client.post("/login/adgangskode/", {"password": PASSWORD})
    assert client.cookies["unilogin"].value != before
    assert not LoginSession.objects.filter(session_key=hashed(before)).exists()


def test_the_database_does_not_hold_the_key_of_a_session(client, cast, type_in):
    type_in(client, cast["karim"])
    key = client.cookies["unilogin"].value
    assert session_of(client).session_key != key
    assert not LoginSession.objects.filter(session_key=key).exists()


def test_the_session_knows_device_and_way(client, cast):
    agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Safari/604.1"
    client.post("/login/brugernavn/", {"username": "kari7724"})
    client.post("/login/adgangskode/", {"password": PASSWORD}, headers={"user-agent": agent})
    session = session_of(client)
    assert (session.device, session.method, session.user) == ("Safari, iPhone", "password", cast["karim"])


@pytest.mark.parametrize(
    "aim", ["https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere.example", "javascript:alert(1)"]
)
def test_a_log_in_never_leads_out_of_the_portal(client, cast, aim):
    client.post(f"/login/brugernavn/?next={aim}", {"username": "kari7724"})
    response = client.post("/login/adgangskode/", {"password": PASSWORD})
    assert response.headers["Location"] == "/mit-unilogin/"


def test_a_log_in_leads_to_where_one_was_going(client, cast):
    asked = client.get("/mit-unilogin/historik/")
    assert asked.headers["Location"] == "/login/?next=/mit-unilogin/historik/"
    client.post("/login/brugernavn/?next=/mit-unilogin/historik/", {"username": "kari7724"})
    response = client.post("/login/adgangskode/", {"password": PASSWORD})
    assert response.headers["Location"] == "/mit-unilogin/historik/"


def test_the_password_page_without_a_user_name_goes_back_to_ask_for_it(client, db):
    assert client.get("/login/adgangskode/").headers["Location"] == "/login/brugernavn/"


def test_a_second_visit_to_the_log_in_finds_one_logged_in(client, cast, type_in):
    type_in(client, cast["karim"])
    for path in ("/login/", "/login/brugernavn/", "/login/adgangskode/"):
        assert client.get(path).headers["Location"] == "/mit-unilogin/"


def test_logging_off_ends_the_session_and_the_back_button_shows_nothing(client, cast, type_in):
    type_in(client, cast["karim"])
    assert "no-store" in client.get("/mit-unilogin/").headers["Cache-Control"]
    response = client.post("/login/log-af/", follow=True)
    assert "Du er logget af" in response.content.decode()
    assert client.get("/mit-unilogin/").status_code == 302


def test_the_choice_made_last_is_said_in_words(client, cast, type_in):
    assert "Du brugte det sidst" not in client.get("/login/").content.decode()
    type_in(client, cast["karim"])
    client.post("/login/log-af/")
    assert "Du brugte det sidst på denne computer" in client.get("/login/").content.decode()


def test_every_try_leaves_an_audit_event_without_the_password(client, cast, type_in):
    type_in(client, cast["karim"], "HemmeligForkert1")
    type_in(client, cast["karim"])
    events = list(AuditEvent.objects.order_by("pk").values_list("action", "subject_id"))
    assert events == [("login.refused", cast["karim"].person_id), ("login.admitted", cast["karim"].person_id)]
    assert "HemmeligForkert1" not in str(list(AuditEvent.objects.values()))


def test_the_operator_logs_in_the_same_way_and_reaches_the_admin(client, cast, type_in):
    assert client.get("/stil/admin/", follow=True).redirect_chain[-1][0].startswith("/login/?next=/stil/admin/")
    type_in(client, "stil0001")
    assert client.get("/stil/admin/").status_code == 200


def test_the_admin_is_closed_to_everybody_else(client, cast, type_in):
    type_in(client, cast["leif"])
    assert client.get("/stil/admin/", follow=True).status_code == 403


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_many_tries_at_once_are_no_more_than_one_after_another():
    cast = assemble()
    assert cast["karim"].has_secret

    def guess(number: int) -> str:
        request = RequestFactory().post("/login/adgangskode/")
        try:
            return login_services.try_password(request, "kari7724", f"Forkert{number}x").outcome.value
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as pool:
        outcomes = list(pool.map(guess, range(24)))
    assert outcomes.count("wrong") == 4
    assert AuditEvent.objects.filter(action__in=["login.refused", "login.paused"]).count() == 5


def test_losing_every_institution_ends_the_session_at_the_next_click(client, cast, type_in):
    type_in(client, cast["karim"])
    User.objects.filter(username="kari7724").update(is_affiliated=False)
    assert client.get("/mit-unilogin/").status_code == 302


def test_no_session_lasts_longer_than_twelve_hours(client, cast, type_in):
    type_in(client, cast["karim"])
    begun = timezone.now()
    for minutes in range(20, 12 * 60, 20):
        with time_machine.travel(begun + dt.timedelta(minutes=minutes)):
            assert client.get("/mit-unilogin/").status_code == 200
    with time_machine.travel(begun + dt.timedelta(hours=12, minutes=5)):
        assert client.get("/mit-unilogin/").status_code == 302


@pytest.mark.parametrize("path", ["/stil/admin/password_change/", "/stil/admin/logout/"])
def test_the_admin_has_no_door_of_its_own_to_passwords_and_sessions(client, cast, type_in, path):
    type_in(client, "stil0001")
    page = client.post(path, {"old_password": PASSWORD, "new_password1": "a", "new_password2": "a"})
    assert page.status_code == 302
    assert User.objects.get(username="stil0001").check_password(PASSWORD)


def test_pages_with_a_name_on_them_are_kept_out_of_caches(client, cast, type_in):
    assert "Cache-Control" not in client.get("/was/").headers
    type_in(client, cast["karim"])
    assert client.get("/was/").headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("path", ["/mitid/login?next=/%00x", "/login/brugernavn/?next=/%00x", "/?" + "a&" * 2001])
def test_odd_addresses_are_answered_without_a_fault(client, db, path):
    assert client.get(path).status_code in {200, 302, 400}

"""Making a new password (D3.2, D3.4 B to D)."""

import datetime as dt
import re
import time

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.login import services as login_services
from accounts.models import AuditEvent, Credential, LoginSession, User
from accounts.policy import POLICIES, Band, Violation, assigned_secret, violations
from accounts.states import UserState
from tests.cast import PASSWORD

GOOD = "BaadTaage83"


def begin_change(client: Client, username: str = "kari7724", password: str = PASSWORD) -> None:
    """*Skift adgangskode* up to the page that shows the assigned one."""
    client.post("/login/brugernavn/", {"username": username})
    response = client.post("/login/skift-adgangskode/", {"password": password})
    assert response.headers["Location"] == "/login/din-nye-adgangskode/"


def shown_secret(client: Client) -> str:
    page = client.get("/login/din-nye-adgangskode/").content.decode()
    found = re.search(r'class="secret-word">([^<]+)<', page)
    assert found
    return found.group(1)


def write_own(client: Client, password: str, repeated: str | None = None):
    return client.post("/login/egen-adgangskode/", {"password": password, "repeated": repeated or password})


def test_the_assigned_password_works_when_it_is_confirmed_and_repeated(client, cast, type_in):
    begin_change(client)
    secret = shown_secret(client)
    client.post("/login/din-nye-adgangskode/")
    response = client.post("/login/gentag/", {"password": secret})
    assert response.headers["Location"] == "/mit-unilogin/"
    assert client.get("/mit-unilogin/").status_code == 200
    other = Client()
    type_in(other, "kari7724", secret)
    assert other.get("/mit-unilogin/").status_code == 200


def test_the_old_password_works_until_the_new_one_is_repeated_and_not_after(client, cast, type_in):
    begin_change(client)
    secret = shown_secret(client)
    client.post("/login/din-nye-adgangskode/")
    other = Client()
    type_in(other, "kari7724")
    assert other.get("/mit-unilogin/").status_code == 200
    client.post("/login/gentag/", {"password": secret})
    late = Client()
    type_in(late, "kari7724")
    assert late.get("/mit-unilogin/").status_code == 302


def test_an_assigned_password_is_never_shown_twice(client, cast):
    begin_change(client)
    assert len({shown_secret(client) for _ in range(4)}) == 4


def test_only_the_password_shown_last_can_be_repeated(client, cast):
    begin_change(client)
    first, _ = shown_secret(client), shown_secret(client)
    client.post("/login/din-nye-adgangskode/")
    page = client.post("/login/gentag/", {"password": first})
    assert "Det er ikke den adgangskode, du fik" in page.content.decode()


def test_after_five_wrong_repetitions_a_new_one_is_drawn(client, cast):
    begin_change(client)
    shown_secret(client)
    client.post("/login/din-nye-adgangskode/")
    for _ in range(5):
        client.post("/login/gentag/", {"password": "Gaet1234"})
    assert client.get("/login/gentag/").headers["Location"] == "/login/din-nye-adgangskode/"


def test_repeating_without_having_confirmed_leads_back(client, cast):
    begin_change(client)
    shown_secret(client)
    assert client.get("/login/gentag/").headers["Location"] == "/login/din-nye-adgangskode/"


def test_an_own_password_is_taken_when_it_keeps_the_rule(client, cast, type_in):
    begin_change(client)
    assert write_own(client, GOOD).headers["Location"] == "/mit-unilogin/"
    other = Client()
    type_in(other, "kari7724", GOOD)
    assert other.get("/mit-unilogin/").status_code == 200


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("Baad83", "mindst 8 tegn"),
        ("BaadTaageBaadTaageBaadT83", "højst have 24 tegn"),
        ("baadtaage83", "mangler et stort bogstav"),
        ("BAADTAAGE83", "mangler et lille bogstav"),
        ("BaadTaageBro", "mangler et tal"),
        ("BådTåge1983", "ikke æ, ø, å"),
        ("KarimBaad83", "dit navn"),
        ("Xkari7724Aa", "dit navn"),
        ("SommerHat83", "årstid"),
        ("Vinter2026", "årstid"),
        ("Password123", "gættes først"),
        ("Adgangskode1", "gættes først"),
        ("P4ssw0rd!!1", "gættes først"),
        (PASSWORD, "fem seneste"),
    ],
)
def test_an_own_password_that_breaks_the_rule_is_refused_and_says_why(client, cast, password, words):
    begin_change(client)
    page = write_own(client, password)
    assert page.status_code == 200
    assert words in page.content.decode()
    assert password not in page.content.decode()


def test_two_different_passwords_are_refused(client, cast):
    begin_change(client)
    assert "De to adgangskoder er ikke ens" in write_own(client, GOOD, GOOD + "x").content.decode()


def test_none_of_the_last_five_is_taken_and_the_sixth_is(client, cast):
    passwords = [f"BaadTaage8{n}" for n in range(5)]
    current = PASSWORD
    for password in passwords:
        begin_change(client, password=current)
        assert write_own(client, password).status_code == 302, password
        current = password
        client.post("/login/log-af/")
    begin_change(client, password=current)
    for password in passwords:
        assert "fem seneste" in write_own(client, password).content.decode()
    assert write_own(client, PASSWORD).status_code == 302


def test_a_registered_name_behind_an_alias_may_not_be_in_the_password_either(client, cast):
    begin_change(client, "aneb9946")
    assert "dit navn" in write_own(client, "SkovLampe83").content.decode()


def test_a_new_password_lasts_365_days_and_is_warned_of_before(client, cast, type_in):
    begin_change(client)
    write_own(client, GOOD)
    credential = Credential.objects.get(user=cast["karim"])
    assert credential.expires_at - credential.made_at == dt.timedelta(days=365)
    assert "Din adgangskode udløber snart" not in client.get("/mit-unilogin/").content.decode()
    with time_machine.travel(credential.expires_at - dt.timedelta(days=20)):
        type_in(client, "kari7724", GOOD)
        assert "Din adgangskode udløber snart" in client.get("/mit-unilogin/").content.decode()
    with time_machine.travel(credential.expires_at + dt.timedelta(minutes=1)):
        other = Client()
        other.post("/login/brugernavn/", {"username": "kari7724"})
        assert (
            other.post("/login/adgangskode/", {"password": GOOD}).headers["Location"].endswith("din-nye-adgangskode/")
        )


def test_a_new_password_ends_every_other_session(client, cast, type_in):
    elsewhere = Client()
    type_in(elsewhere, cast["karim"])
    begin_change(client)
    write_own(client, GOOD)
    assert elsewhere.get("/mit-unilogin/").status_code == 302
    assert LoginSession.objects.filter(user=cast["karim"]).count() == 1


def test_a_new_password_is_told_by_mail_without_naming_it_or_the_user(client, cast, django_capture_on_commit_callbacks):
    cast.person("karim").__class__.objects.filter(pk=cast["karim"].person_id).update(email="karim@example.dk")
    begin_change(client)
    with django_capture_on_commit_callbacks(execute=True):
        write_own(client, GOOD)
    assert len(mail.outbox) == 1
    letter = mail.outbox[0]
    assert letter.to == ["karim@example.dk"]
    assert letter.subject == "Din adgangskode til Unilogin er skiftet"
    assert len(letter.subject) < 60
    assert GOOD not in letter.body
    assert "kari7724" not in letter.body


def test_two_tabs_the_first_to_finish_wins_and_the_other_is_told(cast):
    tabs = [Client(), Client()]
    for tab in tabs:
        begin_change(tab)
    assert write_own(tabs[0], GOOD).headers["Location"] == "/mit-unilogin/"
    answer = tabs[1].post(
        "/login/egen-adgangskode/", {"password": "KurvMaage61", "repeated": "KurvMaage61"}, follow=True
    )
    assert "er blevet skiftet i mellemtiden" in answer.content.decode()
    assert login_services.services.secret_is(cast["karim"], GOOD)


def test_the_way_closes_after_a_quarter_of_an_hour(client, cast):
    begin_change(client)
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=16)):
        page = client.get("/login/egen-adgangskode/", follow=True)
    assert "Siden er blevet for gammel" in page.content.decode()


def test_a_finished_form_sent_again_changes_nothing(client, cast):
    begin_change(client)
    write_own(client, GOOD)
    again = write_own(client, "KurvMaage61")
    assert again.headers["Location"] == "/mit-unilogin/"
    assert login_services.services.secret_is(cast["karim"], GOOD)
    assert AuditEvent.objects.filter(action="password.set").count() == 1


def test_the_present_password_counts_as_a_try_and_pauses(client, cast):
    client.post("/login/brugernavn/", {"username": "kari7724"})
    for _ in range(5):
        page = client.post("/login/skift-adgangskode/", {"password": "Forkert123"})
    assert "Der er pause i 15 minutter" in page.content.decode()


def test_who_is_attached_nowhere_cannot_change_the_password(client, cast):
    client.post("/login/brugernavn/", {"username": "idav1057"})
    page = client.post("/login/skift-adgangskode/", {"password": PASSWORD})
    assert page.status_code == 200
    assert "Ingen adgang" in page.content.decode()


def test_an_account_without_a_password_is_told_who_can_make_one(client, cast):
    response = client.post("/login/brugernavn/", {"username": "esth7204"}, follow=True)
    page = response.content.decode()
    assert response.redirect_chain[-1][0] == "/login/foerste-adgangskode/"
    assert "Sig det til din lærer" in page
    assert "formaal=own_password" in page
    assert "formaal=child_password" in page


def test_the_secret_shown_stands_nowhere_in_the_session(client, cast):
    begin_change(client)
    secret = shown_secret(client)
    sessions = [str(session.get_decoded()) for session in LoginSession.objects.all()]
    assert all(secret not in session for session in sessions)


@pytest.mark.parametrize("band", [Band.MIDDLE_YEARS, Band.ADULT])
def test_every_assigned_password_keeps_its_own_rule(band):
    policy = POLICIES[band]
    for _ in range(200):
        assert violations(assigned_secret(policy), policy, []) == []


def test_the_middle_years_need_no_capitals_or_digits():
    assert violations("lampeskov", POLICIES[Band.MIDDLE_YEARS], []) == []
    assert violations("lampe", POLICIES[Band.MIDDLE_YEARS], []) == [Violation.TOO_SHORT]


def test_a_first_password_takes_the_account_into_use(client, cast):
    sofie = cast["sofie"]
    login_services.services.set_secret(
        sofie,
        login_services.services.hash_of(GOOD),
        expected_mark=login_services.services.secret_mark(sofie),
        by=sofie,
        why=login_services.services.Why.FIRST,
    )
    assert User.objects.get(pk=sofie.pk).state == UserState.ACTIVE


def test_a_very_long_password_is_refused_at_once(client, cast):
    begin_change(client)
    started = time.perf_counter()
    page = write_own(client, "a" + "1" * 200_000)
    assert page.status_code == 200
    assert time.perf_counter() - started < 2


def test_twenty_five_to_a_hundred_characters_are_too_many_and_nothing_else_is_said(client, cast):
    begin_change(client)
    page = write_own(client, "1" * 100).content.decode()
    assert "højst have 24 tegn" in page
    assert "mangler" not in page


@pytest.mark.parametrize("address", ["æø@é..dk", "x@y.dk; z@q.dk", "<>", "@"])
def test_an_address_that_no_mail_server_takes_does_not_undo_the_change(client, cast, type_in, address, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    cast.person("karim").__class__.objects.filter(pk=cast["karim"].person_id).update(email=address)
    begin_change(client)
    assert write_own(client, GOOD).headers["Location"] == "/mit-unilogin/"

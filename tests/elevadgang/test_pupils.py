"""The page of one pupil, and every act on it: what it changes, what it says, and what is recorded."""

import pytest
from django.test import Client
from django.utils import timezone
from lxml import html

from accounts import helping, reset_windows, services, step_ups, throttle
from accounts.models import AuditEvent, Credential, LoginSession, SecretForm, ServiceLink
from accounts.policy import Band
from accounts.states import StepUpState, UserState, WindowState
from institutions.roles import Right
from tests.cast import Cast

from .conftest import AT
from .test_classes import TOVE, text, windows_of


def page_of(cast: Cast, name: str = "emil") -> str:
    return f"{AT}/elever/{cast[name].pk}/"


def act(client: Client, cast: Cast, what: str, name: str = "emil"):
    return client.post(f"{page_of(cast, name)}{what}/", follow=True)


def buttons(response) -> set[str]:
    page = html.fromstring(response.content)
    return {" ".join(one.text_content().split()) for one in page.xpath("//main//button | //main//td//a")}


def event(action: str) -> AuditEvent:
    return AuditEvent.objects.get(action=action)


def test_the_page_says_how_the_account_stands(logged_in, cast):
    page = text(logged_in("tove").get(page_of(cast)))
    for words in ("Emil Berg", "5A på Lærkeskolen", "emil6613", "Adgangskode, lavet", "Et eller to korte ord"):
        assert words in page
    assert "Intet særligt" in page


def test_the_page_shows_no_secret_and_no_uniid(logged_in, cast):
    whole = logged_in("tove").get(page_of(cast)).content.decode()
    for hidden in ("argon2", cast["emil"].uniid, cast.person("emil").cpr_number()):
        assert hidden not in whole


def test_a_pupils_page_takes_few_queries(logged_in, cast, django_assert_max_num_queries):
    client, path = logged_in("tove"), page_of(cast)
    with django_assert_max_num_queries(9):
        client.get(path)


def test_giving_from_the_page_opens_a_window(logged_in, cast):
    response = act(logged_in("tove"), cast, "giv")
    assert response.redirect_chain == [(f"{AT}/vinduer/", 302)]
    assert windows_of(cast["emil"]) == [WindowState.OPEN]


def test_a_blocked_pupil_is_given_nothing_from_the_page(logged_in, cast):
    client = logged_in("tove")
    services.block(cast["emil"], by=cast["leif"])
    assert "Giv ny adgangskode" not in buttons(client.get(page_of(cast)))
    assert "Emil Berg er spærret" in text(act(client, cast, "giv"))
    assert windows_of(cast["emil"]) == []


def test_a_pause_is_ended_and_the_pupil_can_try_again(logged_in, cast):
    for _ in range(5):
        throttle.begin("emil6613", "", "10.0.0.1")
    client = logged_in("tove")
    assert "Ophæv pause" in buttons(client.get(page_of(cast)))
    response = act(client, cast, "ophaev-pause")
    assert "Pausen er ophævet. Eleven kan logge på nu." in text(response)
    assert throttle.standing_of(cast["emil"]).paused_until is None
    assert "Ophæv pause" not in buttons(response)
    recorded = event("login.pause_cleared")
    assert (recorded.actor, recorded.subject) == (cast["tove"], cast.person("emil"))
    assert (recorded.actor_role, recorded.actor_institution) == ("Lærer", "101001")


def test_ending_a_pause_that_is_over_says_so_and_records_nothing(logged_in, cast):
    assert "Der er ingen pause længere." in text(act(logged_in("tove"), cast, "ophaev-pause"))
    assert not AuditEvent.objects.filter(action="login.pause_cleared").exists()


def test_a_pupil_is_marked_for_pictures_and_comes_back_to_the_class(logged_in, cast):
    client = logged_in("tove")
    assert "Skal bruge billeder" in buttons(client.get(page_of(cast)))
    response = act(client, cast, "billeder")
    assert cast["emil"].band == Band.FIRST_YEARS
    assert "Fire billeder En anden slags end klassens" in text(response)
    assert "Får nye billeder næste gang" in text(response)
    assert {"Samme som klassen", "Billederne står altid i samme rækkefølge"} <= buttons(response)
    assert "Skal bruge billeder" not in buttons(response)
    assert (event("user.band_designated").actor_role, event("user.band_designated").details["band"]) == (
        "Lærer",
        "first",
    )
    act(client, cast, "som-klassen")
    assert cast["emil"].band == Band.MIDDLE_YEARS
    assert AuditEvent.objects.filter(action="user.band_designated").count() == 2


def test_only_older_pupils_are_offered_short_words(logged_in, cast):
    assert "Skal bruge korte ord" not in buttons(logged_in("tove").get(page_of(cast)))
    client = logged_in("bo")
    assert "Skal bruge korte ord" in buttons(client.get(page_of(cast, "sofie")))
    act(client, cast, "korte-ord", "sofie")
    assert cast["sofie"].band == Band.MIDDLE_YEARS


def test_the_first_years_are_offered_nothing_easier(logged_in, cast):
    found = buttons(logged_in("tove").get(page_of(cast, "esther")))
    assert not found & {"Skal bruge billeder", "Skal bruge korte ord", "Samme som klassen"}


def test_the_order_of_the_pictures_is_kept_and_shuffled_again(logged_in, cast):
    Credential.objects.filter(user=cast["emil"]).update(form=SecretForm.PICTURES)
    client = logged_in("tove")
    act(client, cast, "fast-raekkefoelge")
    act(client, cast, "fast-raekkefoelge")
    assert cast["emil"].keeps_picture_order
    [recorded] = AuditEvent.objects.filter(action="user.picture_order_set")
    assert (recorded.actor, recorded.actor_role, recorded.details) == (cast["tove"], "Lærer", {"keeps": True})
    response = act(client, cast, "ny-raekkefoelge")
    assert not cast["emil"].keeps_picture_order
    assert "Billederne står altid i samme rækkefølge" in buttons(response)


def test_the_order_is_not_offered_to_who_has_a_password(logged_in, cast):
    assert "Billedernes rækkefølge" not in text(logged_in("tove").get(page_of(cast)))


def test_an_act_that_nobody_knows_is_not_found(logged_in, cast):
    assert logged_in("tove").post(f"{page_of(cast)}noget/").status_code == 404


@pytest.mark.parametrize("what", ["giv", "ophaev-pause", "billeder", "som-klassen", "fast-raekkefoelge"])
def test_nothing_is_changed_by_get(logged_in, cast, what):
    assert logged_in("tove").get(f"{page_of(cast)}{what}/").status_code == 405


def test_every_act_needs_the_forms_own_token(cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast["tove"], backend="accounts.backends.UniloginBackend")
    for what in ("giv", "ophaev-pause", "billeder"):
        assert client.post(f"{page_of(cast)}{what}/").status_code == 403
    assert windows_of(cast["emil"]) == []


# Blocking


def test_a_user_administrator_blocks_by_a_page_that_asks_and_unblocks(by_right, cast):
    client = by_right()
    assert "Spær" in buttons(client.get(page_of(cast)))
    asked = client.get(f"{page_of(cast)}spaer/")
    assert "Spær Emil Berg?" in text(asked)
    assert cast["emil"].state == UserState.ACTIVE
    response = client.post(f"{page_of(cast)}spaer/", follow=True)
    assert "Emil Berg er spærret og logget af overalt." in text(response)
    assert cast["emil"].state == UserState.BLOCKED
    assert (event("user.block").actor_role, event("user.block").actor_institution) == (Right.PUPIL_ACCESS, "101001")
    response = act(client, cast, "ophaev-spaerring")
    assert "Spærringen er ophævet." in text(response)
    assert cast["emil"].state == UserState.ACTIVE
    assert event("user.unblock").actor_role == Right.PUPIL_ACCESS


def test_blocking_ends_sessions_windows_and_what_an_adult_gave_their_word_for(by_right, cast, type_in):
    emil, client = cast["emil"], Client()
    type_in(client, emil)
    reset_windows.open_for([emil], by=cast["tove"], **TOVE)
    services_asked = [
        ServiceLink.objects.create(
            slug=slug, name=slug, description_da="", description_en="", url="https://example.dk/", audience=["Elev"]
        )
        for slug in ("en", "to")
    ]
    waiting, granted = (step_ups.ask(emil, service, login_id="x") for service in services_asked)
    step_ups.approve([granted], by=cast["tove"], **TOVE)
    by_right().post(f"{page_of(cast)}spaer/")
    assert not LoginSession.objects.filter(user=emil).exists()
    assert client.get("/mit-unilogin/").status_code == 302
    assert windows_of(emil) == [WindowState.WITHDRAWN]
    for one in (waiting, granted):
        one.refresh_from_db()
        assert one.state not in {StepUpState.WAITING, StepUpState.APPROVED}


def test_blocking_twice_is_told_kindly(by_right, cast):
    client = by_right()
    client.post(f"{page_of(cast)}spaer/")
    again = client.post(f"{page_of(cast)}spaer/", follow=True)
    assert again.status_code == 200
    assert "kan ikke ændres på den måde nu" in text(again)
    assert AuditEvent.objects.filter(action="user.block").count() == 1
    act(client, cast, "ophaev-spaerring")
    assert "kan ikke ændres på den måde nu" in text(act(client, cast, "ophaev-spaerring"))


def test_a_teacher_neither_blocks_nor_unblocks(logged_in, cast):
    client = logged_in("tove")
    assert not buttons(client.get(page_of(cast))) & {"Spær", "Ophæv spærring"}
    assert client.get(f"{page_of(cast)}spaer/").status_code == 403
    assert client.post(f"{page_of(cast)}spaer/").status_code == 403
    services.block(cast["emil"], by=cast["leif"])
    assert client.post(f"{page_of(cast)}ophaev-spaerring/").status_code == 403
    assert cast["emil"].state == UserState.BLOCKED


# What help was given


def helped(response) -> str:
    [section] = html.fromstring(response.content).xpath("//section[@aria-labelledby='help']")
    return " ".join(" ".join(section.itertext()).split())


def test_help_is_told_by_role_and_never_by_a_colleagues_name(logged_in, cast):
    reset_windows.open_for([cast["emil"]], by=cast["bo"], **TOVE)
    told = helped(logged_in("tove").get(page_of(cast)))
    assert "Lærer" in told
    assert "Bo Friis" not in told


def test_a_user_administrator_reads_who_it_was(by_right, cast):
    reset_windows.open_for([cast["emil"]], by=cast["tove"], **TOVE)
    assert "Tove Bang, lærer" in helped(by_right().get(page_of(cast)))


def test_what_pupil_parent_or_another_school_did_is_not_told(logged_in, cast):
    emil = cast["emil"]
    for by, why in (("emil", services.Why.KNOWN), ("anna", services.Why.CHILD)):
        services.set_secret(
            emil, services.hash_of("fiskbaad"), expected_mark=services.secret_mark(emil), by=cast[by], why=why
        )
        emil = cast["emil"]
    reset_windows.open_for([emil], by=cast["karim"], role="Lærer", institution="202002")
    assert "Ingen har hjulpet eleven for nylig." in helped(logged_in("tove").get(page_of(cast)))


# The services below


def test_looking_up_is_recorded_for_protected_people_only_and_once_a_day(cast, django_assert_max_num_queries):
    emil, sofie = cast.person("emil"), cast.person("sofie")
    emil.protected = True
    emil.save()
    tove = cast["tove"]
    with django_assert_max_num_queries(0):
        helping.note_viewed([(sofie, "101001")], by=tove, role="Lærer")
    for _ in range(2):
        helping.note_viewed([(emil, "101001"), (sofie, "101001")], by=tove, role="Lærer")
    helping.note_viewed([(emil, "101001")], by=cast["bo"], role="Vikar")
    events = AuditEvent.objects.filter(action="person.viewed").order_by("pk")
    assert [(one.actor, one.subject, one.at.date()) for one in events] == [
        (tove, emil, timezone.now().date()),
        (cast["bo"], emil, timezone.now().date()),
    ]

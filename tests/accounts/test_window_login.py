"""The pupil's side of a reset window: the nine animals, and what follows a right and a wrong one (D3.5, ADR 0005)."""

import datetime as dt
import re
from itertools import count, islice

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts import pictures, reset_windows, services
from accounts.login import window as login_window
from accounts.models import AddressTries, AuditEvent, FailedLogins, LoginSession, ResetWindow, User
from accounts.policy import Band
from accounts.states import WindowState
from tests.cast import PASSWORD, Cast

from . import grids
from .animal_page import AT, a_wrong_one, arrive, choose, display, make_words

WRONG = "Det var ikke billedet."
CALL = "Kald på din lærer."
TOO_LATE = "Du kan ikke vælge mere."
# A Tuesday at ten in Denmark, when made-up animals come up too.
SCHOOL = dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC)


def open_for(cast: Cast, name: str = "emil") -> ResetWindow:
    opened = reset_windows.open_for([cast[name]], by=cast["tove"], role="Lærer", institution="101001")
    return opened.windows[0]


@pytest.fixture
def window(cast: Cast) -> ResetWindow:
    """Open for emil of 5.A, who has a password of words."""
    return open_for(cast)


def state_of(window: ResetWindow) -> WindowState:
    return ResetWindow.objects.get(pk=window.pk).state_at(timezone.now())


def text(response) -> str:
    return response.content.decode()


# The page


def test_the_user_name_leads_to_the_nine_animals(client, window):
    assert arrive(client).headers["Location"] == AT
    token, tiles = display(client)
    assert list(tiles) == window.shown
    assert list(tiles.values()) == list("123456789")
    assert len(token) == 16


def test_the_page_names_the_animals_in_both_languages_and_never_in_a_value(client, window):
    arrive(client)
    page = text(client.get(AT))
    assert "Vælg det billede, din lærer viser dig" in page
    english = text(client.get(AT + "?sprog=en"))
    assert "Choose the picture that your teacher shows you" in english
    assert not re.search(r'value="[a-z]+"', page.split("data-animals")[1].split("</form>")[0])


def test_a_reload_does_not_reshuffle_the_nine(client, window):
    arrive(client)
    first = display(client)
    assert display(client) == first
    another = Client()
    arrive(another)
    assert display(another) == first


def test_nothing_on_the_page_tells_which_animal_is_the_right_one(client, window):
    arrive(client)
    assert text(client.get(AT)).count(f"#{window.animal}") == 1


def test_without_a_window_the_page_leads_to_the_password(client, cast):
    arrive(client)
    assert client.get(AT).headers["Location"] == "/login/adgangskode/"


def test_without_a_user_name_the_page_leads_to_the_user_name(client, db):
    assert client.get(AT).headers["Location"] == "/login/brugernavn/"


def test_a_pupil_who_remembers_the_password_can_still_log_in_with_it(client, cast, window):
    arrive(client)
    assert 'href="/login/adgangskode/"' in text(client.get(AT))
    page = client.post("/login/adgangskode/", {"password": PASSWORD}, follow=True)
    assert "Hej Emil" in text(page)
    assert state_of(window) is WindowState.OPEN


def test_a_pupil_with_pictures_finds_them_while_a_window_is_open(client, cast):
    services.set_secret(
        cast["esther"],
        services.hash_of(pictures.secret_of(grids.FOUR)),
        expected_mark=services.secret_mark(cast["esther"]),
        by=None,
        why=services.Why.FIRST,
        form="pictures",
    )
    open_for(cast, "esther")
    assert arrive(client, "esth7204").headers["Location"] == AT
    assert 'href="/login/billeder/"' in text(client.get(AT))
    assert client.get("/login/adgangskode/").headers["Location"] == "/login/billeder/"


# The right one


def test_the_right_animal_leads_to_a_new_password_and_in(client, cast, window):
    arrive(client, next_path="/mit-unilogin/historik/")
    assert choose(client, window.animal).headers["Location"] == "/login/din-nye-adgangskode/"
    assert state_of(window) is WindowState.CHOSEN
    assert make_words(client).headers["Location"] == "/mit-unilogin/historik/"
    assert client.get("/mit-unilogin/").status_code == 200
    assert state_of(window) is WindowState.USED
    event = AuditEvent.objects.get(action="password.set")
    assert (event.actor, event.subject, event.actor_role) == (cast["tove"], cast.person("emil"), "Lærer")
    assert event.details["why"] == "helped"


def test_the_old_password_counts_until_the_new_one_is_repeated(client, cast, window, type_in):
    arrive(client)
    choose(client, window.animal)
    client.get("/login/din-nye-adgangskode/")
    assert cast["emil"].check_password(PASSWORD)
    elsewhere = Client()
    type_in(elsewhere, "emil6613")
    assert elsewhere.get("/mit-unilogin/").status_code == 200
    make_words(client)
    assert not cast["emil"].check_password(PASSWORD)


def test_sessions_elsewhere_end_with_the_new_password(client, cast, window, type_in):
    elsewhere = Client()
    type_in(elsewhere, "emil6613")
    assert elsewhere.get("/mit-unilogin/").status_code == 200
    arrive(client)
    choose(client, window.animal)
    make_words(client)
    assert elsewhere.get("/mit-unilogin/").status_code == 302
    assert LoginSession.objects.filter(user=cast["emil"]).count() == 1


def test_the_new_password_lifts_a_pause(client, cast, window):
    for _ in range(5):
        client.post("/login/brugernavn/", {"username": "emil6613"})
        client.post("/login/adgangskode/", {"password": "Forkert123"})
    assert FailedLogins.objects.filter(paused_until__isnull=False).exists()
    arrive(client)
    choose(client, window.animal)
    make_words(client)
    assert not FailedLogins.objects.filter(paused_until__isnull=False).exists()


def test_a_pupil_of_the_middle_years_may_write_an_own_password(client, cast, window):
    arrive(client)
    choose(client, window.animal)
    own = {"password": "trommegren", "repeated": "trommegren"}
    answer = client.post("/login/egen-adgangskode/", own)
    assert answer.headers["Location"] == "/mit-unilogin/"
    assert state_of(window) is WindowState.USED


def test_a_pupil_of_the_first_years_gets_four_pictures_and_no_choice_of_words(client, cast):
    window = open_for(cast, "esther")
    arrive(client, "esth7204")
    assert choose(client, window.animal).headers["Location"] == "/login/din-nye-adgangskode/"
    assert client.get("/login/egen-adgangskode/").headers["Location"] == "/login/din-nye-adgangskode/"
    four = grids.new_pictures(client)
    client.post("/login/din-nye-adgangskode/")
    assert grids.choose(client, four, "/login/gentag-billeder/").headers["Location"] == "/mit-unilogin/"
    assert state_of(window) is WindowState.USED
    assert User.objects.get(username="esth7204").is_activated


def test_the_band_that_was_designated_decides_what_is_given(client, cast):
    services.designate_band(cast["emil"], Band.FIRST_YEARS, by=cast["tove"])
    window = open_for(cast)
    arrive(client)
    choose(client, window.animal)
    assert len(grids.new_pictures(client)) == 4


def test_somebody_else_who_is_logged_in_at_the_computer_is_logged_off_by_it(cast, window, logged_in):
    client = logged_in("sofie")
    arrive(client)
    choose(client, window.animal)
    make_words(client)
    assert "Hej Emil" in text(client.get("/mit-unilogin/"))


# The wrong one


def test_a_classmate_who_guesses_wrong_closes_the_window_and_is_told_whom_to_call(client, cast, window):
    arrive(client)
    page = client.get(choose(client, a_wrong_one(window)).headers["Location"])
    assert WRONG in text(page)
    assert CALL in text(page)
    assert 'href="/login/brugernavn/"' in text(page)
    assert state_of(window) is WindowState.MISCHOSEN
    assert cast["emil"].check_password(PASSWORD)
    event = AuditEvent.objects.get(action="window.mischosen")
    assert (event.subject, event.actor) == (cast.person("emil"), None)


def test_after_a_wrong_animal_the_user_name_leads_to_the_password_again(client, cast, window):
    arrive(client)
    choose(client, a_wrong_one(window))
    assert arrive(client).headers["Location"] == "/login/adgangskode/"


def test_a_window_opened_anew_shows_its_animals_to_whoever_chose_wrong(client, cast, window):
    arrive(client)
    choose(client, a_wrong_one(window))
    again = open_for(cast)
    assert choose(client, again.animal).headers["Location"] == "/login/din-nye-adgangskode/"


def test_a_wrong_animal_does_not_pause_the_account(client, cast, window, type_in):
    for _ in range(6):
        arrive(client)
        choose(client, a_wrong_one(ResetWindow.objects.first()))
        open_for(cast)
    type_in(client, "emil6613")
    assert client.get("/mit-unilogin/").status_code == 200


def test_a_wrong_animal_counts_at_the_address_of_an_unknown_browser_only(cast, window, type_in):
    arrive(stranger := Client())
    choose(stranger, a_wrong_one(window))
    assert AddressTries.objects.get().failures == 1
    type_in(own := Client(), "emil6613")
    own.post("/login/log-af/")
    again = open_for(cast)
    arrive(own)
    choose(own, a_wrong_one(again))
    assert AddressTries.objects.get().failures == 1


# Too late, twice, and from elsewhere


def test_a_replayed_form_is_no_second_choice(client, cast, window):
    arrive(client)
    token, tiles = display(client)
    wrong = {"grid": token, "animal": tiles[a_wrong_one(window)]}
    client.post(AT, wrong)
    again = open_for(cast)
    assert client.post(AT, wrong).headers["Location"] == AT
    assert state_of(again) is WindowState.OPEN


@pytest.mark.parametrize("data", [{}, {"animal": "1"}, {"grid": "0" * 16, "animal": "1"}])
def test_a_form_of_no_window_is_no_choice(client, window, data):
    arrive(client)
    assert client.post(AT, data).headers["Location"] == AT
    assert state_of(window) is WindowState.OPEN


@pytest.mark.parametrize("animal", ["", "0", "10", "dog", "1 2", "\0"])
def test_a_place_that_is_none_is_no_choice(client, window, animal):
    arrive(client)
    token, _ = display(client)
    client.post(AT, {"grid": token, "animal": animal})
    assert state_of(window) is WindowState.OPEN


def test_of_two_browsers_that_know_the_animal_one_goes_on(cast, window):
    first, second = Client(), Client()
    for one in (first, second):
        arrive(one)
    seen = display(second)
    assert choose(first, window.animal).headers["Location"] == "/login/din-nye-adgangskode/"
    answer = second.post(AT, {"grid": seen[0], "animal": seen[1][window.animal]}, follow=True)
    assert TOO_LATE in text(answer)
    assert second.get("/login/din-nye-adgangskode/").status_code == 302
    make_words(first)
    assert first.get("/mit-unilogin/").status_code == 200


def test_two_tabs_of_one_browser_both_go_on_to_the_one_new_password(client, window):
    arrive(client)
    token, tiles = display(client)
    form = {"grid": token, "animal": tiles[window.animal]}
    assert client.post(AT, form).headers["Location"] == "/login/din-nye-adgangskode/"
    assert client.post(AT, form).headers["Location"] == "/login/din-nye-adgangskode/"
    assert client.get(AT).headers["Location"] == "/login/din-nye-adgangskode/"
    assert make_words(client).headers["Location"] == "/mit-unilogin/"


def test_what_one_pupil_left_half_done_is_not_offered_to_the_next_at_the_computer(client, cast, window):
    arrive(client)
    choose(client, window.animal)
    other = open_for(cast, "sofie")
    arrive(client, "sofi5502")
    page = client.get(choose(client, a_wrong_one(other)).headers["Location"])
    assert WRONG in text(page)


def test_a_choice_after_five_minutes_is_too_late(client, window):
    arrive(client)
    token, tiles = display(client)
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=5, seconds=1)):
        page = client.post(AT, {"grid": token, "animal": tiles[window.animal]}, follow=True)
        assert TOO_LATE in text(page)
        assert arrive(client).headers["Location"] == "/login/adgangskode/"


def test_who_chose_in_time_has_time_to_make_the_password(client, window):
    arrive(client)
    choose(client, window.animal)
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=14)):
        assert make_words(client).headers["Location"] == "/mit-unilogin/"


def test_a_window_that_is_closed_meanwhile_saves_nothing(client, cast, window):
    arrive(client)
    choose(client, window.animal)
    reset_windows.withdraw(window, by=cast["tove"], role="Lærer", institution="101001")
    page = client.get(make_words(client).headers["Location"])
    assert "Din lærer har lukket vinduet. Der er ikke gemt noget." in text(page)
    assert cast["emil"].check_password(PASSWORD)
    assert client.get("/mit-unilogin/").status_code == 302


def test_a_window_that_runs_out_meanwhile_saves_nothing(client, cast, window):
    arrive(client)
    choose(client, window.animal)
    ResetWindow.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    page = client.get(make_words(client).headers["Location"])
    assert "Tiden er gået. Der er ikke gemt noget." in text(page)
    assert cast["emil"].check_password(PASSWORD)


def test_a_password_that_was_changed_meanwhile_is_not_replaced(client, cast, window):
    arrive(client)
    choose(client, window.animal)
    emil = cast["emil"]
    mark, hashed = services.secret_mark(emil), services.hash_of("Andet1234")
    services.set_secret(emil, hashed, expected_mark=mark, by=emil, why=services.Why.KNOWN)
    make_words(client)
    assert cast["emil"].check_password("Andet1234")
    assert state_of(window) is WindowState.CHOSEN


def test_a_pupil_who_is_blocked_meanwhile_gets_nothing(client, cast, window):
    arrive(client)
    choose(client, window.animal)
    services.block(cast["emil"], by=cast["leif"])
    make_words(client)
    assert client.get("/mit-unilogin/").status_code == 302
    assert cast["emil"].check_password(PASSWORD)


def test_a_window_cannot_be_chosen_for_a_pupil_who_is_blocked_or_has_left(client, cast, window):
    User.objects.filter(username="emil6613").update(is_affiliated=False)
    assert arrive(client).headers["Location"] == "/login/adgangskode/"
    User.objects.filter(username="emil6613").update(is_affiliated=True, state="blocked")
    assert arrive(client).headers["Location"] == "/login/adgangskode/"


# Names that do not exist


def names() -> list[str]:
    return [f"zqxy{number:04d}" for number in range(8000)]


def decoys(now: dt.datetime) -> list[str]:
    """Return unknown names that lead to made-up animals at this moment."""
    return [name for name in names() if login_window._made_up(name, now)]


def test_a_few_unknown_names_lead_to_animals_while_there_is_school(client, cast):
    with time_machine.travel(SCHOOL, tick=False):
        found = decoys(SCHOOL)
        assert 1 <= len(found) <= 30
        assert arrive(client, found[0]).headers["Location"] == AT
        page = text(client.get(AT))
    for words in ("Vælg det billede, din lærer viser dig", found[0], "Stop"):
        assert words in page


@pytest.mark.parametrize("moment", [SCHOOL.replace(hour=19), SCHOOL.replace(day=22)], ids=["evening", "sunday"])
def test_no_name_leads_to_made_up_animals_when_no_teacher_would_open(moment):
    assert decoys(moment) == []


def test_a_name_that_exists_never_leads_to_made_up_animals(client, cast):
    with time_machine.travel(SCHOOL, tick=False):
        name = decoys(SCHOOL)[0]
        User.objects.filter(username="emil6613").update(username=name)
        assert arrive(client, name).headers["Location"] == "/login/adgangskode/"


def test_made_up_animals_are_the_same_for_everybody_until_their_time_is_over(client, cast):
    with time_machine.travel(SCHOOL, tick=False) as clock:
        name = decoys(SCHOOL)[0]
        arrive(client, name)
        first = display(client)
        arrive(another := Client(), name)
        assert display(another) == first
        assert len(first[1]) == 9
        clock.shift(dt.timedelta(minutes=5))
        assert arrive(another, name).headers["Location"] != AT


def test_every_made_up_animal_is_wrong_and_closes_the_page_for_every_browser(client, cast):
    with time_machine.travel(SCHOOL, tick=False):
        for place, name in zip("123456789", decoys(SCHOOL), strict=False):
            arrive(client, name)
            arrive(another := Client(), name)
            token, _ = display(client)
            answer = client.post(AT, {"grid": token, "animal": place})
            assert WRONG in text(client.get(answer.headers["Location"]))
            assert arrive(client, name).headers["Location"] != AT
            assert TOO_LATE in text(another.post(AT, {"grid": token, "animal": place}, follow=True))
    assert not AuditEvent.objects.filter(action="window.mischosen", subject__isnull=False).exists()


def test_a_real_window_and_a_made_up_one_look_the_same(cast):
    """Page by page, but for the name and the animals, from the user name to the page after the wrong choice."""
    with time_machine.travel(SCHOOL, tick=False):
        window, name = open_for(cast), decoys(SCHOOL)[0]
        real = walk("emil6613", a_wrong_one(window))
        made_up = walk(name, None)
    assert [status for status, _ in real] == [status for status, _ in made_up]
    usual = {"instead": r"<p[^>]*>Kan du huske din adgangskode\?.*?</p>"}
    for (_, one), (_, other) in zip(real, made_up, strict=True):
        assert re.sub(usual["instead"], "", one) == re.sub(usual["instead"], "", other)


def walk(username: str, animal: str | None) -> list[tuple[int, str]]:
    """Go through the pages; return status and what is on them, with what differs by name or chance taken out."""
    client = Client()
    arrive(client, username)
    page = client.get(AT)
    token, tiles = display(client)
    chosen = client.post(AT, {"grid": token, "animal": tiles[animal] if animal else "5"})
    over = client.get(chosen.headers["Location"])
    return [(answer.status_code, plain(answer, username)) for answer in (page, chosen, over)]


def plain(answer, username: str) -> str:
    page = text(answer).replace(username, "NAME")
    page = re.sub(r'value="\w{16,}"', 'value="TOKEN"', page)
    return re.sub(r'#[\w-]+"></use></svg></span>[^<]+', "#ANIMAL", page)


def test_a_real_window_and_a_made_up_one_cost_the_same_queries(cast, django_assert_num_queries):
    with time_machine.travel(SCHOOL, tick=False):
        open_for(cast)
        for username in ("emil6613", decoys(SCHOOL)[0]):
            with django_assert_num_queries(3):
                assert login_window.display_for(username)
        for username in ("kari7724", next(name for name in names() if name not in decoys(SCHOOL))):
            with django_assert_num_queries(1):
                assert login_window.display_for(username) is None


def test_made_up_windows_are_as_seldom_as_the_number_says():
    moments = (SCHOOL + dt.timedelta(minutes=5 * step) for step in count())
    found = sum(len(decoys(moment)) for moment in islice(moments, 4))
    assert 8 <= found <= 64  # 32 expected of 32,000


def test_made_up_closings_are_forgotten_with_the_other_wrong_tries(client, cast):
    with time_machine.travel(SCHOOL, tick=False):
        arrive(client, name := decoys(SCHOOL)[0])
        token, _ = display(client)
        client.post(AT, {"grid": token, "animal": "1"})
        assert name not in str(FailedLogins.objects.values_list())
        assert FailedLogins.objects.count() == 1
    with time_machine.travel(SCHOOL + dt.timedelta(days=15)):
        services.forget_what_is_old()
    assert not FailedLogins.objects.exists()

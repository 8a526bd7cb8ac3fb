"""Picture passwords: what they are, making them, logging in with them (D3.2, D3.4)."""

import datetime as dt
import math
import re
from collections import Counter
from itertools import permutations

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher, make_password
from django.test import Client
from django.utils import timezone

from accounts import pictures, wordlist
from accounts.models import AuditEvent, Credential, LoginSession, SecretForm, User
from accounts.policy import POLICIES, Band, Form, assigned_secret
from tests.cast import hash_of

from .grids import FOUR, choose, display, new_pictures

OTHERS = ("cat", "boat", "sun", "key")
WRONG = "Det var ikke de rigtige billeder. Prøv igen."


@pytest.fixture
def esther(cast) -> User:
    """Esther of 2.A, who has four pictures."""
    user = cast["esther"]
    user.password = hash_of(pictures.secret_of(FOUR))
    user.state, user.activated_at = "active", timezone.now()
    user.save()
    Credential.objects.create(
        user=user, band=Band.FIRST_YEARS, form=SecretForm.PICTURES, made_at=timezone.now(), expires_at=None
    )
    return user


def arrive(client: Client, username: str = "esth7204"):
    return client.post("/login/brugernavn/", {"username": username})


def begin_as_parent(client: Client, mitid) -> None:
    arrive(client)
    assert mitid(client, "mette", "child_password").headers["Location"] == "/login/besked/"


# What they are


def test_four_different_pictures_are_drawn_and_in_the_end_every_picture_in_every_place():
    drawn = [pictures.draw() for _ in range(2000)]
    assert all(len(set(ids)) == 4 for ids in drawn)
    assert all(set(column) == set(pictures.IDS) for column in zip(*drawn, strict=True))


@pytest.mark.parametrize(("band", "combinations"), [(Band.FIRST_YEARS, 43_680), (Band.MIDDLE_YEARS, 6_000_000)])
def test_the_secrets_of_pictures_and_of_words_have_the_entropy_that_is_promised(band, combinations):
    if POLICIES[band].form is Form.PICTURES:
        assert sum(1 for _ in permutations(pictures.IDS, pictures.CHOSEN)) == combinations
    else:
        assert pairs_of_words(POLICIES[band].maximum, POLICIES[band].minimum) >= combinations


def test_the_secrets_of_adults_have_29_bits():
    assert math.log2(pairs_of_words(POLICIES[Band.ADULT].maximum - 2, 0) * 100) > 29


def pairs_of_words(maximum: int, minimum: int) -> int:
    """Count the ordered pairs of different words that have these lengths together.

    A few (under one in a hundred) are never given, because of what they spell together; the bounds leave room for it.
    """
    lengths = Counter(map(len, wordlist.WORDS))
    pairs = sum(a * b for x, a in lengths.items() for y, b in lengths.items() if minimum <= x + y <= maximum)
    same = sum(count for length, count in lengths.items() if minimum <= 2 * length <= maximum)
    return pairs - same


def test_the_first_years_are_given_pictures_and_nothing_else():
    assert not POLICIES[Band.FIRST_YEARS].self_chosen
    assert POLICIES[Band.FIRST_YEARS].lifetime_days is None
    assert len(pictures.pictures_of(assigned_secret(POLICIES[Band.FIRST_YEARS]))) == 4


@pytest.mark.parametrize("ids", [FOUR[:3], (*FOUR, "moon"), ("boat", "cat", "sun", "dog")])
def test_nothing_but_four_of_the_pictures_is_a_secret(ids):
    with pytest.raises(ValueError, match="four"):
        pictures.secret_of(ids)


@pytest.mark.parametrize("text", ["", "0 17 x ²", "1, 2", "-1 99999999"])
def test_what_is_no_place_on_a_display_chooses_nothing(text):
    assert pictures.places(text) == ()


def test_every_picture_is_drawn_and_every_drawing_is_a_picture():
    sprite = (settings.BASE_DIR / "static" / "img" / "pictures.svg").read_text()
    assert set(re.findall(r'<symbol id="([\w-]+)"', sprite)) == set(pictures.IDS)


# Logging in


def test_the_right_pictures_in_the_right_order_log_in(client, esther):
    assert arrive(client).headers["Location"] == "/login/billeder/"
    assert choose(client).headers["Location"] == "/mit-unilogin/"
    assert client.get("/mit-unilogin/").status_code == 200


def test_the_right_pictures_in_another_order_are_refused_in_words_for_a_child(client, esther):
    arrive(client)
    page = choose(client, OTHERS).content.decode()
    assert WRONG in page
    assert "alert-error" not in page
    assert client.get("/mit-unilogin/").status_code == 302


def test_without_script_one_picture_goes_in_one_round_trip(client, esther):
    arrive(client)
    token, tiles = display(client)
    for one in FOUR:
        response = client.post("/login/billeder/", {"grid": token, "picture": tiles[one]})
        assert response.headers["Location"] == "/login/billeder/#billeder"
    assert client.post("/login/billeder/", {"grid": token}).headers["Location"] == "/mit-unilogin/"


def test_a_choice_can_be_undone_and_begun_again_without_script(client, esther):
    arrive(client)
    token, tiles = display(client)

    def press(**what: str):
        return client.post("/login/billeder/", {"grid": token, **what})

    press(picture=tiles["moon"])
    press(picture=tiles["car"])
    press(clear="1")
    press(picture=tiles["boat"])
    press(picture=tiles["moon"])
    press(undo="1")
    for one in FOUR[1:]:
        press(picture=tiles[one])
    assert press().headers["Location"] == "/mit-unilogin/"


@pytest.mark.parametrize(("chosen", "says"), [(2, "Du mangler 2 billeder."), (3, "Du mangler 1 billede.")])
def test_pressed_too_early_next_says_what_is_missing_and_it_is_no_try(client, esther, chosen, says):
    arrive(client)
    for _ in range(6):
        page = choose(client, FOUR[:chosen])
        assert says in page.content.decode()
    assert not AuditEvent.objects.filter(action__in=["login.refused", "login.paused"]).exists()


def test_the_page_and_the_session_never_name_what_was_chosen(client, esther):
    arrive(client)
    token, tiles = display(client)
    for one in FOUR[:2]:
        client.post("/login/billeder/", {"grid": token, "picture": tiles[one]})
    page = client.get("/login/billeder/").content.decode()
    slots = page[page.index('class="pic-slots') : page.index('class="pic-grid')]
    assert re.findall(r"pictures[\w.]*\.svg#([\w-]+)", slots) == [FOUR[1]]  # only the one that was chosen last
    kept = str(LoginSession.objects.get().get_decoded())
    assert not [one for one in tiles if f"'{one}'" in kept or f'"{one}"' in kept]  # nor the order they stand in
    assert token not in kept
    assert sorted(tiles.values(), key=int) == [str(place) for place in range(1, 17)]


def test_the_pictures_stand_in_another_order_at_each_log_in_and_in_one_order_within_it(client, esther):
    orders = set()
    for _ in range(4):
        arrive(client)
        first, second = display(client), display(client)
        assert first == second
        orders.add(tuple(sorted(first[1].items())))
    assert len(orders) == 4


def test_a_pupil_who_needs_it_always_sees_the_same_order(client, esther):
    User.objects.filter(pk=esther.pk).update(keeps_picture_order=True)
    for _ in range(2):
        arrive(client)
        assert tuple(display(client)[1]) == pictures.IDS


def test_a_press_on_a_display_that_is_gone_is_no_try(client, esther):
    arrive(client)
    token, tiles = display(client)
    arrive(client)
    response = client.post("/login/billeder/", {"grid": token, "chosen": " ".join(tiles[one] for one in OTHERS)})
    assert response.headers["Location"] == "/login/billeder/#billeder"
    assert not AuditEvent.objects.filter(action="login.refused").exists()


def test_five_wrong_tries_bring_a_pause_that_even_the_right_pictures_wait_for(client, esther):
    arrive(client)
    for _ in range(5):
        choose(client, OTHERS)
    page = choose(client).content.decode()
    assert "Hold en lille pause" in page
    assert "alert-error" not in page
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=16)):
        arrive(client)
        assert choose(client).headers["Location"] == "/mit-unilogin/"


def test_pictures_cannot_be_written_where_a_password_is_asked_for(client, cast):
    karim = cast["karim"]
    User.objects.filter(pk=karim.pk).update(password=make_password(pictures.secret_of(FOUR)))
    arrive(client, "kari7724")
    for secret in (pictures.secret_of(FOUR), pictures.secret_of(FOUR).lstrip("\0")):
        client.post("/login/adgangskode/", {"password": secret})
        assert client.get("/mit-unilogin/").status_code == 302


def test_the_page_of_an_unknown_user_name_answers_like_a_childs(client, esther):
    pages = []
    for name in ("esth7204", unknown_with_pictures(client)):
        arrive(client, name)
        choose(client, OTHERS)
        page = choose(client, OTHERS).content.decode().replace(name, "abcd1234")
        pages.append(re.sub(r'(?s)(csrfmiddlewaretoken|grid)" value="\w+"|<ul class="pic-grid.*?</ul>', "", page))
    assert WRONG in pages[0]
    assert pages[0] == pages[1]


def test_a_wrong_choice_costs_one_hash_whoever_is_meant(client, esther, monkeypatch):
    hashed = []
    verify = Argon2PasswordHasher.verify
    monkeypatch.setattr(Argon2PasswordHasher, "verify", lambda *args: hashed.append(1) or verify(*args))
    costs = []
    for name in ("esth7204", unknown_with_pictures(client)):
        arrive(client, name)
        hashed.clear()
        assert WRONG in choose(client, OTHERS).content.decode()
        costs.append(len(hashed))
    assert costs == [1, 1]


def test_some_unknown_user_names_have_a_fixed_order_too(client, cast):
    fixed = set()
    for number in range(80):
        if arrive(client, f"qqqq{number:04d}").headers["Location"] == "/login/billeder/":
            fixed.add(tuple(display(client)[1]) == pictures.IDS)
    assert fixed == {True, False}


def unknown_with_pictures(client: Client) -> str:
    for number in range(100):
        name = f"zzzz{number:04d}"
        if arrive(client, name).headers["Location"] == "/login/billeder/":
            arrive(client, name)
            if tuple(display(client)[1]) != pictures.IDS:
                return name
    raise AssertionError("no unknown user name leads to the pictures")


def test_a_child_who_was_given_words_keeps_them_until_a_new_secret_is_made(client, cast, type_in):
    User.objects.filter(username="emil6613").update(password_band=Band.FIRST_YEARS)
    Credential.objects.filter(user=cast["emil"]).update(band=Band.FIRST_YEARS)
    assert arrive(client, "emil6613").headers["Location"] == "/login/adgangskode/"
    type_in(client, cast["emil"])
    assert client.get("/mit-unilogin/").status_code == 200


# Making them


def test_a_parent_gets_pictures_for_a_child_of_the_second_form_and_the_child_logs_in_with_them(client, cast, mitid):
    begin_as_parent(client, mitid)
    ids = new_pictures(client)
    assert client.post("/login/din-nye-adgangskode/").headers["Location"] == "/login/gentag-billeder/"
    assert choose(client, ids, "/login/gentag-billeder/").headers["Location"] == "/login/faerdig/"
    assert Credential.objects.get(user=cast["esther"]).form == SecretForm.PICTURES
    child = Client()
    arrive(child)
    assert choose(child, ids).headers["Location"] == "/mit-unilogin/"


def test_going_back_draws_new_pictures_and_only_those_shown_last_count(client, cast, mitid):
    begin_as_parent(client, mitid)
    shown = [new_pictures(client) for _ in range(4)]
    assert len(set(shown)) > 1
    client.post("/login/din-nye-adgangskode/")
    assert WRONG in choose(client, shown[0], "/login/gentag-billeder/").content.decode()
    assert choose(client, shown[-1], "/login/gentag-billeder/").headers["Location"] == "/login/faerdig/"


def test_after_five_wrong_repetitions_other_pictures_are_drawn(client, cast, mitid):
    begin_as_parent(client, mitid)
    ids = new_pictures(client)
    client.post("/login/din-nye-adgangskode/")
    for _ in range(5):
        choose(client, ids[::-1], "/login/gentag-billeder/")
    assert client.get("/login/gentag-billeder/").headers["Location"] == "/login/din-nye-adgangskode/"


def test_pictures_are_repeated_on_the_grid_and_never_written(client, cast, mitid):
    begin_as_parent(client, mitid)
    new_pictures(client)
    client.post("/login/din-nye-adgangskode/")
    assert client.get("/login/gentag/").headers["Location"] == "/login/din-nye-adgangskode/"
    assert client.get("/login/egen-adgangskode/").headers["Location"] == "/login/din-nye-adgangskode/"


def test_new_pictures_stand_nowhere_but_on_the_page(client, cast, mitid):
    begin_as_parent(client, mitid)
    ids = new_pictures(client)
    client.post("/login/din-nye-adgangskode/")
    secret = pictures.secret_of(ids)
    kept = str([session.get_decoded() for session in LoginSession.objects.all()])
    assert secret.removeprefix(pictures.PREFIX) not in kept
    assert choose(client, ids, "/login/gentag-billeder/").status_code == 302
    stored = str([*User.objects.values(), *Credential.objects.values(), *AuditEvent.objects.values()])
    assert secret.removeprefix(pictures.PREFIX) not in stored


def test_a_child_who_knows_the_pictures_can_get_others(client, esther):
    arrive(client)
    assert client.get("/login/skift-adgangskode/").headers["Location"] == "/login/skift-billeder/"
    assert WRONG in choose(client, OTHERS, "/login/skift-billeder/").content.decode()
    assert choose(client, FOUR, "/login/skift-billeder/").headers["Location"] == "/login/din-nye-adgangskode/"
    ids = new_pictures(client)
    client.post("/login/din-nye-adgangskode/")
    page = client.get(choose(client, ids, "/login/gentag-billeder/").headers["Location"])
    assert "Dine nye billeder er gemt" in page.content.decode()


def test_a_child_who_has_left_the_first_years_is_given_words_and_logs_in_with_words(client, esther):
    User.objects.filter(pk=esther.pk).update(password_band=Band.MIDDLE_YEARS)
    arrive(client)
    choose(client, FOUR, "/login/skift-billeder/")
    page = client.get("/login/din-nye-adgangskode/").content.decode()
    secret = re.search(r'class="secret-word">([^<]+)<', page).group(1)
    client.post("/login/din-nye-adgangskode/")
    assert client.post("/login/gentag/", {"password": secret}).status_code == 302
    assert Credential.objects.get(user=esther).form == SecretForm.WORDS
    assert arrive(Client()).headers["Location"] == "/login/adgangskode/"


def test_every_picture_has_a_clause_and_the_story_tells_them_in_order():
    clauses = [str(picture.does) for picture in pictures.PICTURES]
    assert all(clauses)
    assert len(set(clauses)) == len(clauses)
    chosen = pictures.PICTURES[3:7]
    story = pictures.story_of(chosen)
    places = [story.index(str(picture.does)) for picture in chosen]
    assert places == sorted(places)

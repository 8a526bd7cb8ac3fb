"""The teacher's side of reset windows: the cards, one shown large, closing, giving anew, and following by itself."""

import datetime as dt
import re

import pytest
import time_machine
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.utils import timezone

from accounts import reset_windows, services
from accounts.elevadgang import cards
from accounts.models import AuditEvent, LoginSession, Person, ResetWindow, SecretForm, User
from accounts.models.helping import LIVE_WINDOWS
from accounts.states import WindowState
from institutions.models import Group, Membership, MembershipGroup, MembershipKind
from tests.accounts.animal_page import a_wrong_one, arrive, choose, make_words
from tests.cast import SOURCE, Cast

AT = "/elevadgang/vinduer/"


def open_for(cast: Cast, *names: str, by: str = "tove") -> list[ResetWindow]:
    users = [cast[name] for name in names]
    opened = reset_windows.open_for(users, by=cast[by], role="Lærer", institution="101001").windows
    return sorted(opened, key=lambda window: users.index(window.user))


@pytest.fixture
def tove(logged_in) -> Client:
    return logged_in("tove")


@pytest.fixture
def window(cast: Cast) -> ResetWindow:
    """Opened by tove for emil of her 5.A."""
    return open_for(cast, "emil")[0]


def page_of(client: Client, path: str = AT) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def asked_again(page: str) -> str:
    """Return the address that the page asks by itself."""
    return re.search(r'hx-get="([^"]+)"', page).group(1).replace("&amp;", "&")


def state_of(window: ResetWindow) -> WindowState:
    return ResetWindow.objects.get(pk=window.pk).state_at(timezone.now())


# The page


def test_where_nothing_was_opened_the_page_says_what_to_do(tove):
    page = page_of(tove)
    assert "Ingen vinduer er åbne" in page
    assert "Giv ny adgangskode" in page
    assert 'href="/elevadgang/klasser/"' in page


def test_a_card_shows_whose_window_it_is_its_animal_and_the_time_left(tove, cast, window):
    page = page_of(tove)
    for words in ("Emil Berg", "emil6613", "Venter på eleven", "Én elev kan få en ny adgangskode nu."):
        assert words in page
    assert f"#{window.animal}" in page
    assert re.search(r"data-seconds-left=\"(29\d|300)\"[^>]*>(4\.5\d|5\.00)<", page)
    assert "Tilbage til 5A" in page


def test_the_page_never_shows_a_password_or_that_there_is_none(tove, cast, window):
    assert cast["emil"].password not in page_of(tove)


def expire(window: ResetWindow) -> None:
    ResetWindow.objects.filter(pk=window.pk).update(expires_at=timezone.now() - dt.timedelta(seconds=1))


def mischoose(window: ResetWindow) -> None:
    reset_windows.choose(window, a_wrong_one(window))


def choose_right(window: ResetWindow) -> None:
    reset_windows.choose(window, window.animal)


def withdraw(window: ResetWindow) -> None:
    reset_windows.withdraw(window, by=window.opened_by, role="Lærer", institution="101001")


def use(window: ResetWindow) -> None:
    choose_right(window)
    mark = services.secret_mark(User.objects.get(pk=window.user_id))
    reset_windows.use(window.pk, make_password("tromme"), expected_mark=mark, form=SecretForm.WORDS)


ENDS = {
    "mischosen": (mischoose, "Lukket: forkert billede", "Var det ikke Emil? Så tal med klassen."),
    "expired": (expire, "Tiden er gået", "Intet er ændret."),
    "withdrawn": (withdraw, "Lukket", "Intet er ændret."),
}


@pytest.mark.parametrize(("end", "status", "more"), ENDS.values(), ids=ENDS)
def test_a_window_that_ended_stays_and_says_how_with_the_way_on(tove, window, end, status, more):
    end(window)
    page = page_of(tove)
    assert f"<span>{status}</span>" in page
    assert more in page
    assert f'action="{AT}{window.pk}/igen/"' in page
    assert f'action="{AT}{window.pk}/luk/"' not in page
    assert f"#{window.animal}" not in page


def test_a_pupil_who_has_found_the_picture_is_seen_making_the_password(tove, window):
    choose_right(window)
    page = page_of(tove)
    assert "Emil er ved at få sin nye adgangskode" in page
    assert f"#{window.animal}" not in page
    assert f'action="{AT}{window.pk}/luk/"' in page


def test_a_pupil_who_is_done_is_done_with_the_time_of_day(tove, window):
    use(window)
    page = page_of(tove)
    at = timezone.localtime(ResetWindow.objects.get().ended_at)
    assert f"Færdig kl. {at:%-H.%M}" in page
    assert "Emil har gentaget sin nye adgangskode." in page
    assert "/igen/" not in page


def test_what_ended_more_than_an_hour_ago_is_gone(tove, window):
    withdraw(window)
    ResetWindow.objects.update(ended_at=timezone.now() - dt.timedelta(minutes=61))
    assert _cards(tove) == []


def test_what_ran_out_more_than_an_hour_ago_is_gone_written_down_or_not(tove, window):
    ResetWindow.objects.update(expires_at=timezone.now() - dt.timedelta(minutes=61))
    assert _cards(tove) == []


def _cards(client: Client) -> list[cards.Card]:
    return list(client.get(AT).context["board"].cards)


def test_a_pupil_has_one_card_the_newest(tove, cast, window):
    mischoose(window)
    again = open_for(cast, "emil")[0]
    assert [card.window.pk for card in _cards(tove)] == [again.pk]


def test_cards_keep_their_places_while_their_states_change(tove, cast):
    first, second = open_for(cast, "emil", "esther")
    before = [card.window.pk for card in _cards(tove)]
    assert before == [first.pk, second.pk]
    mischoose(first)
    assert [card.window.pk for card in _cards(tove)] == before


def test_every_state_has_its_words():
    assert set(cards.WORDS) == set(WindowState)


# Shown large


def test_shown_large_is_one_picture_and_nobody_elses(tove, cast):
    mine, other = open_for(cast, "emil", "esther")
    page = page_of(tove, f"{AT}{mine.pk}/")
    assert f"#{mine.animal}" in page
    assert "Emil Berg skal vælge dette billede" in page
    assert f"#{other.animal}" not in page
    assert "Esther" not in page


def test_shown_large_a_window_that_is_over_shows_no_picture(tove, window):
    mischoose(window)
    page = page_of(tove, f"{AT}{window.pk}/")
    assert f"#{window.animal}" not in page
    assert "Lukket: forkert billede" in page


# Closing and giving anew


def test_close_ends_the_window_and_says_by_whom_in_the_audit(tove, cast, window):
    assert tove.post(f"{AT}{window.pk}/luk/").headers["Location"] == AT
    assert state_of(window) is WindowState.WITHDRAWN
    event = AuditEvent.objects.get(action="window.withdrawn")
    assert (event.actor, event.actor_role, event.actor_institution) == (cast["tove"], "Lærer", "101001")


def test_close_ends_also_what_a_pupil_is_making(tove, cast, window):
    pupil = Client()
    arrive(pupil)
    choose(pupil, window.animal)
    tove.post(f"{AT}{window.pk}/luk/")
    make_words(pupil)
    assert state_of(window) is WindowState.WITHDRAWN
    assert pupil.get("/mit-unilogin/").status_code == 302


def test_closing_a_window_that_is_over_is_refused_in_words(tove, window):
    mischoose(window)
    page = tove.post(f"{AT}{window.pk}/luk/", follow=True).content.decode()
    assert "Vinduet er allerede lukket." in page
    assert state_of(window) is WindowState.MISCHOSEN


def test_give_again_opens_another_window_for_that_pupil_alone(tove, cast):
    window, other = open_for(cast, "emil", "esther")
    mischoose(window)
    assert tove.post(f"{AT}{window.pk}/igen/").headers["Location"] == AT
    again = ResetWindow.objects.get(user=cast["emil"], state=WindowState.OPEN)
    assert (again.opened_by, again.role) == (cast["tove"], "Lærer")
    assert state_of(other) is WindowState.OPEN


def test_give_again_twice_is_once(tove, cast, window):
    mischoose(window)
    for _ in range(2):
        tove.post(f"{AT}{window.pk}/igen/")
    assert ResetWindow.objects.filter(user=cast["emil"]).count() == 2
    assert ResetWindow.objects.filter(state=WindowState.OPEN).count() == 1


def test_give_again_names_a_pupil_who_is_blocked(tove, cast, window):
    mischoose(window)
    services.block(cast["emil"], by=cast["leif"])
    page = tove.post(f"{AT}{window.pk}/igen/", follow=True).content.decode()
    assert "Emil Berg" in page
    assert not ResetWindow.objects.filter(state__in=LIVE_WINDOWS).exists()


@pytest.mark.parametrize("act", ["luk", "igen"])
def test_nothing_is_closed_or_opened_by_a_link(tove, window, act):
    assert tove.get(f"{AT}{window.pk}/{act}/").status_code == 405


# Whose windows they are


@pytest.mark.parametrize("name", ["bo", "mette", "leif", "vera", "karim"])
def test_a_window_is_nobodys_but_its_openers(logged_in, cast, window, name):
    client = logged_in(name)
    assert "Emil Berg" not in page_of(client)
    assert client.get(f"{AT}{window.pk}/").status_code == 404
    for act in ("luk", "igen"):
        assert client.post(f"{AT}{window.pk}/{act}/").status_code == 404
    assert state_of(window) is WindowState.OPEN


@pytest.mark.parametrize("name", ["emil", "sofie", "anna"])
def test_pupils_and_parents_do_not_come_in(logged_in, window, name):
    client = logged_in(name)
    assert client.get(AT).status_code == 403
    assert client.post(f"{AT}{window.pk}/luk/").status_code == 403


def test_a_teacher_whose_employment_ended_sees_closes_and_opens_nothing(tove, cast, window):
    Membership.objects.filter(person=cast.person("tove")).update(to_date=timezone.localdate() - dt.timedelta(days=1))
    assert tove.get(AT).status_code == 403
    assert tove.post(f"{AT}{window.pk}/luk/").status_code == 403
    assert tove.post(f"{AT}{window.pk}/igen/").status_code == 403


def test_a_teacher_who_no_longer_has_the_class_sees_closes_and_opens_nothing(tove, cast, window):
    MembershipGroup.objects.filter(membership__person=cast.person("tove"), group__group_id="5A").delete()
    assert "Emil Berg" not in page_of(tove)
    assert tove.get(f"{AT}{window.pk}/").status_code == 404
    assert tove.post(f"{AT}{window.pk}/luk/").status_code == 404
    mischoose(window)
    assert tove.post(f"{AT}{window.pk}/igen/").status_code == 404
    assert ResetWindow.objects.count() == 1


def test_a_pupil_who_has_changed_school_is_seen_no_more(tove, cast, window):
    Membership.objects.filter(person=cast.person("emil")).update(to_date=timezone.localdate() - dt.timedelta(days=1))
    assert "Emil Berg" not in page_of(tove)


# Following by itself


def test_a_page_that_shows_what_is_the_case_gets_nothing_new(tove, window):
    again = asked_again(page_of(tove))
    assert again.startswith(AT + "?kendt=")
    answer = tove.get(again)
    assert (answer.status_code, answer.content) == (204, b"")


@pytest.mark.parametrize("end", [choose_right, mischoose, expire, withdraw, use])
def test_a_page_that_asks_hears_of_every_change_of_state(tove, window, end):
    large = page_of(tove, f"{AT}{window.pk}/")
    again = asked_again(page_of(tove))
    end(window)
    assert tove.get(again).status_code == 200
    assert tove.get(asked_again(large)).status_code == 200


def test_the_page_asks_every_three_seconds_while_a_window_is_live_and_else_every_thirty(tove, window):
    assert 'hx-trigger="every 3s"' in page_of(tove)
    choose_right(window)
    assert 'hx-trigger="every 3s"' in page_of(tove)
    withdraw(window)
    assert 'hx-trigger="every 30s"' in page_of(tove)


def test_what_is_said_aloud_stands_outside_of_what_is_drawn_anew(tove, window):
    page = page_of(tove)
    live = page[page.index('id="vinduer"') : page.index('role="status"')]
    assert live.count("<div") + 1 == live.count("</div>")
    assert 'data-said="Vinduet er åbent for Emil Berg."' in live


def test_without_script_a_link_asks_again(tove, window):
    assert f'<a href="{AT}">Opdater nu</a>' in page_of(tove)


@pytest.mark.parametrize("path", [AT, "/elevadgang/venterum/"])
def test_a_page_left_open_does_not_keep_the_session_alive(cast, window, type_in, path):
    client = Client()
    type_in(client, cast["tove"])
    begun, again = timezone.now(), asked_again(page_of(client, path))
    for minutes in range(3, 30, 3):
        with time_machine.travel(begun + dt.timedelta(minutes=minutes)):
            assert client.get(again).status_code in {200, 204}
    assert LoginSession.objects.get(user=cast["tove"]).expire_date < begun + dt.timedelta(minutes=31)
    with time_machine.travel(begun + dt.timedelta(minutes=31)):
        assert client.get(again).status_code == 302


@pytest.mark.parametrize("path", ["", "1/"])
def test_when_the_session_has_ended_the_page_is_loaded_anew(client, db, path):
    answer = client.get(f"{AT}{path}?kendt=0", headers={"HX-Request": "true"})
    assert answer.headers["HX-Refresh"] == "true"


def test_a_page_that_is_used_does_keep_it_alive(cast, window, type_in):
    client = Client()
    type_in(client, cast["tove"])
    begun = timezone.now()
    for minutes in range(20, 80, 20):
        with time_machine.travel(begun + dt.timedelta(minutes=minutes)):
            assert client.get(AT).status_code == 200


# However many


@pytest.fixture
def class_of_28(cast: Cast) -> list[User]:
    group = Group.objects.get(group_id="5A")
    today = timezone.localdate()
    users = []
    for number in range(28):
        person = Person.objects.create(
            cpr=Person.sealed_cpr(f"61010{number:05}"), first_name=f"Elev{number}", family_name="Prøve"
        )
        user = User.objects.create(
            person=person, username=f"elev{number:04}", actor_group="Elev", is_affiliated=True, password_band="middle"
        )
        Membership.objects.create(
            person=person,
            institution=cast.school,
            source=SOURCE,
            local_person_id=user.username,
            kind=MembershipKind.STUDENT,
            roles=["Elev"],
            level="5",
            main_group=group,
            from_date=today,
        )
        users.append(user)
    return users


@pytest.mark.parametrize("number", [0, 1, 28])
def test_the_page_costs_less_than_ten_queries_however_many_windows(
    tove, cast, class_of_28, number, django_assert_max_num_queries
):
    reset_windows.open_for(class_of_28[:number], by=cast["tove"], role="Lærer", institution="101001")
    with django_assert_max_num_queries(9):
        page = page_of(tove)
    assert page.count('data-state="open"') == number
    with django_assert_max_num_queries(7):
        assert tove.get(asked_again(page)).status_code == 204


def test_the_large_page_costs_less_than_ten_queries(tove, window, django_assert_max_num_queries):
    with django_assert_max_num_queries(9):
        page_of(tove, f"{AT}{window.pk}/")

"""The waiting room: who waits, for which service and since when, and what the teacher answers (D3.5)."""

import datetime as dt
import re

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import step_ups
from accounts.elevadgang.waiting import number_in_words
from accounts.mitunilogin import demo
from accounts.models import AuditEvent, ServiceLink, StepUp
from accounts.states import StepUpState
from institutions import substitutes
from institutions.actor import RIGHTS_SESSION_KEY
from institutions.models import Membership
from institutions.roles import Right
from unilogin_portal.lib.gate import LOA_SESSION_KEY, LevelOfAssurance

from .conftest import fill, group_of

AT = "/elevadgang/venterum/"
ANSWER = f"{AT}svar/"
NOW = f"{AT}nu/"
LOGIN = "a" * 32


@pytest.fixture
def tove(logged_in):
    demo.offer()
    return logged_in("tove")


def service(slug="proevebanken"):
    return ServiceLink.objects.get(slug=slug)


def waits(user, slug="proevebanken", login_id=LOGIN):
    return step_ups.ask(user, service(slug), login_id=login_id)


def room(client, query=""):
    response = client.get(AT + query)
    assert response.status_code == 200
    return response.content.decode()


def text(response):
    return response.content.decode()


def state_of(step_up):
    return StepUp.objects.get(pk=step_up.pk).state


def mark_in(page):
    return re.search(r"kendt=(\w+)", page)[1]


@pytest.fixture
def three(tove, cast):
    """Emil and two more of 5.A wait at Prøvebanken."""
    return [waits(user) for user in (cast["emil"], *fill(group_of("5A"), 2))]


def test_it_shows_who_waits_for_what_and_since_when_and_what_the_answer_covers(tove, cast):
    start = timezone.now()
    waits(cast["emil"])
    with time_machine.travel(start + dt.timedelta(seconds=130)):
        page = room(tove)
    for words in (
        "Venterum (1)",
        "En elev i 5A venter på",
        "Prøvebanken",
        "fordi elevens svar gemmes",
        "Din godkendelse gælder kun Prøvebanken og i 60 minutter.",
        "Emil Berg",
        "emil6613",
        "2 min. 10 sek.",
    ):
        assert words in page, words
    assert "Godkend alle" not in page


def test_each_service_has_its_own_box(tove, cast):
    waits(cast["emil"])
    waits(cast["emil"], "klasseposten")
    page = room(tove)
    assert page.index('id="service-') < page.index("eleven kan skrive til andre")
    assert page.count('<form class="box"') == 2


def test_nobody_waits(tove):
    assert "Ingen venter lige nu." in room(tove)


def test_who_can_help_nobody_is_told_why(logged_in):
    assert "Du har ingen elever her endnu" in room(logged_in("leif"))


def test_approving_one_lets_the_pupil_in_and_says_until_when(tove, cast):
    asked = waits(cast["emil"])
    page = tove.post(ANSWER, {"godkend": asked.pk}, follow=True)
    assert page.redirect_chain == [(AT, 302)]
    asked.refresh_from_db()
    until = timezone.localtime(asked.expires_at).strftime("kl. %-H.%M")
    assert f"Emil Berg kan bruge Prøvebanken til {until}." in text(page)
    assert asked.state == StepUpState.APPROVED
    event = AuditEvent.objects.get(action="step_up.approved")
    assert (event.actor, event.actor_role, event.actor_institution) == (cast["tove"], "Lærer", "101001")
    assert event.subject == cast.person("emil")


def test_refusing_one(tove, cast):
    asked = waits(cast["emil"])
    assert "Emil Berg har fået nej til Prøvebanken." in text(tove.post(ANSWER, {"afvis": asked.pk}, follow=True))
    assert state_of(asked) == StepUpState.REFUSED


def test_the_whole_class_is_approved_at_once_but_nobody_who_came_after_the_page_was_drawn(tove, three):
    page = room(tove)
    assert "Tre elever i 5A venter" in page
    assert "Godkend alle tre" in page
    late = waits(fill(group_of("5A"), 1, first=50)[0])
    shown = re.findall(r'name="vist" value="(\d+)"', page)
    assert len(shown) == 3
    done = tove.post(ANSWER, {"alle": "proevebanken", "vist": shown}, follow=True)
    assert "3 elever kan bruge Prøvebanken til" in text(done)
    assert {state_of(one) for one in three} == {StepUpState.APPROVED}
    assert state_of(late) == StepUpState.WAITING


def test_two_are_called_both_and_numbers_are_words_up_to_twelve(tove, cast, three):
    step_ups.withdraw(three[2])
    assert "Godkend begge" in room(tove)
    assert [number_in_words(number) for number in (0, 13)] == ["0", "13"]


def test_more_than_twenty_go_by_a_page_that_says_how_many(tove, cast):
    asked = [waits(user) for user in fill(group_of("5A"), 21)]
    everybody = {"alle": "proevebanken", "vist": [one.pk for one in asked]}
    page = tove.post(ANSWER, everybody)
    assert "Godkend 21 elever til Prøvebanken?" in text(page)
    assert {state_of(one) for one in asked} == {StepUpState.WAITING}
    page = tove.post(ANSWER, {**everybody, "bekraeftet": "1"}, follow=True)
    assert "21 elever kan bruge Prøvebanken" in text(page)
    assert {state_of(one) for one in asked} == {StepUpState.APPROVED}


def test_who_was_answered_meanwhile_stays_so_and_it_is_said(tove, cast):
    asked = waits(cast["emil"])
    step_ups.refuse([asked], by=cast["mette"], role="Kontaktperson")
    page = tove.post(ANSWER, {"godkend": asked.pk}, follow=True)
    assert "En anden har allerede svaret." in text(page)
    assert state_of(asked) == StepUpState.REFUSED


def test_a_double_click_says_nothing_of_others(tove, cast):
    asked = waits(cast["emil"])
    tove.post(ANSWER, {"godkend": asked.pk}, follow=True)
    again = tove.post(ANSWER, {"godkend": asked.pk}, follow=True)
    assert "En anden har allerede svaret." not in text(again)
    assert AuditEvent.objects.filter(action="step_up.approved").count() == 1


def test_who_stopped_meanwhile_gets_nothing(tove, cast):
    asked = waits(cast["emil"])
    step_ups.withdraw(asked)
    assert "Eleven venter ikke længere." in text(tove.post(ANSWER, {"godkend": asked.pk}, follow=True))
    assert state_of(asked) == StepUpState.WITHDRAWN


def test_of_three_of_whom_one_was_answered_the_others_are_approved(tove, cast, three):
    step_ups.refuse(three[:1], by=cast["mette"], role="Kontaktperson")
    done = text(tove.post(ANSWER, {"alle": "proevebanken", "vist": [one.pk for one in three]}, follow=True))
    assert "2 elever kan bruge Prøvebanken" in done
    assert "En anden har allerede svaret." in done


@pytest.mark.parametrize("name", ["bo", "vera", "leif", "karim"])
@pytest.mark.parametrize("button", ["godkend", "afvis", "slut"])
def test_another_teachers_pupils_are_neither_shown_nor_answered(tove, logged_in, cast, name, button):
    asked = waits(cast["emil"])
    if button == "slut":
        step_ups.approve([asked], by=cast["tove"], role="Lærer", institution="101001")
    before, stranger = state_of(asked), logged_in(name)
    assert "Emil" not in room(stranger)
    assert stranger.post(ANSWER, {button: asked.pk}).status_code == 404
    assert state_of(asked) == before


def test_of_a_forged_list_only_ones_own_pupils_are_approved(tove, logged_in, cast):
    mine, theirs = waits(cast["sofie"]), waits(cast["emil"])
    logged_in("bo").post(ANSWER, {"alle": "proevebanken", "vist": [mine.pk, theirs.pk]})
    assert (state_of(mine), state_of(theirs)) == (StepUpState.APPROVED, StepUpState.WAITING)


@pytest.mark.parametrize("posted", [{}, {"godkend": "x"}, {"alle": "proevebanken"}, {"slut": "9" * 30}, {"andet": "1"}])
def test_a_form_that_is_none_of_ours_is_not_answered(tove, posted):
    assert tove.post(ANSWER, posted).status_code == 404


def test_pupils_and_parents_have_no_waiting_room(logged_in):
    for name in ("sofie", "emil", "anna"):
        assert logged_in(name).get(AT).status_code == 403
        assert logged_in(name).get(NOW).status_code == 403


def test_a_teacher_whose_membership_ended_answers_nobody(tove, cast):
    asked = waits(cast["emil"])
    Membership.objects.filter(person=cast.person("tove")).update(to_date=timezone.localdate() - dt.timedelta(days=1))
    assert tove.post(ANSWER, {"godkend": asked.pk}).status_code in {403, 404}
    assert state_of(asked) == StepUpState.WAITING


def test_a_substitute_answers_for_the_lent_class_as_a_substitute(tove, logged_in, cast):
    asked = waits(cast["emil"])
    substitutes.give_access(
        group_of("5A"),
        Membership.objects.get(person=cast.person("vera")),
        until=timezone.localdate() + dt.timedelta(days=1),
        by=cast["tove"],
        role="Lærer",
        institution="101001",
    )
    assert logged_in("vera").post(ANSWER, {"godkend": asked.pk}).status_code == 302
    assert AuditEvent.objects.get(action="step_up.approved").actor_role == "Vikar"


def test_a_user_administrator_answers_with_the_right_of_this_log_in(tove, logged_in, cast):
    asked, client = waits(cast["emil"]), logged_in("liv")
    session = client.session
    session[LOA_SESSION_KEY] = int(LevelOfAssurance.SUBSTANTIAL)
    session[RIGHTS_SESSION_KEY] = [[Right.PUPIL_ACCESS, "p", "9003766444"]]
    session.save()
    assert "Emil Berg" in room(client)
    client.post(ANSWER, {"godkend": asked.pk})
    event = AuditEvent.objects.get(action="step_up.approved")
    assert (event.actor_role, event.actor_institution) == (Right.PUPIL_ACCESS, "101001")
    assert "Brugeradministrator" in room(tove)


def test_who_is_approved_now_by_whom_and_until_when(tove, cast, three):
    first, second, third = three
    tove.post(ANSWER, {"godkend": first.pk})
    step_ups.approve([second], by=cast["mette"], role="Kontaktperson")
    page = room(tove)
    table = page[page.index("Godkendt lige nu") :]
    assert "Dig" in table
    assert "En forælder med MitID" in table
    assert "Mette" not in table
    assert timezone.localtime(StepUp.objects.get(pk=first.pk).expires_at).strftime("kl. %-H.%M") in table
    assert f'value="{third.pk}"' not in table


def test_an_approval_can_be_ended_before_its_time(tove, cast):
    asked = waits(cast["emil"])
    tove.post(ANSWER, {"godkend": asked.pk})
    page = tove.post(ANSWER, {"slut": asked.pk}, follow=True)
    assert "Emil Berg kan ikke længere bruge Prøvebanken." in text(page)
    assert "Godkendt lige nu" not in text(page)
    assert state_of(asked) == StepUpState.ENDED
    assert AuditEvent.objects.filter(action="step_up.ended", subject=cast.person("emil")).exists()


def test_what_is_over_is_not_shown(tove, cast, settings):
    waits(cast["emil"])
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=settings.STEP_UP_WAIT_MINUTES, seconds=1)):
        assert "Ingen venter lige nu." in room(tove)


def test_of_several_classes_one_can_be_chosen_and_stays_so(tove, cast):
    waits(cast["emil"])
    esther = waits(cast["esther"])
    page = room(tove)
    assert "To elever venter" in page
    assert "Alle klasser" in page
    chosen = group_of("2A").pk
    page = room(tove, f"?klasse={chosen}")
    assert "Esther" in page
    assert "Emil" not in page
    assert "Venterum (2)" in page
    done = tove.post(ANSWER, {"godkend": esther.pk, "klasse": chosen})
    assert done.headers["Location"] == f"{AT}?klasse={chosen}"


@pytest.mark.parametrize("query", ["?klasse=x", "?klasse=999999", "?klasse=", "?klasse=99999999999999999999999"])
def test_a_class_that_is_none_of_theirs_shows_all(tove, cast, query):
    waits(cast["emil"])
    assert "Emil" in room(tove, query)


def test_the_page_asks_every_three_seconds_while_somebody_waits_and_else_every_thirty(tove, cast):
    assert 'hx-trigger="every 30s"' in room(tove)
    waits(cast["emil"])
    assert 'hx-trigger="every 3s"' in room(tove)


def test_the_page_is_answered_only_when_something_has_changed(tove, cast):
    empty = mark_in(room(tove))
    assert tove.get(NOW, {"kendt": empty}).status_code == 204
    asked = waits(cast["emil"])
    news = text(tove.get(NOW, {"kendt": empty}))
    assert "Emil Berg" in news
    assert 'id="waiting-said"' in news
    assert "Venterum (1)" in news
    assert "<html" not in news
    assert tove.get(NOW, {"kendt": mark_in(news)}).status_code == 204
    step_ups.approve([asked], by=cast["tove"], role="Lærer")
    assert "Godkendt lige nu" in text(tove.get(NOW, {"kendt": mark_in(news)}))


def test_a_number_in_the_menu_says_how_many_wait(tove, cast, three):
    assert "Venterum (3)" in text(tove.get("/elevadgang/vinduer/"))


def test_without_script_the_page_is_brought_up_to_date_by_a_link(tove):
    assert f'<a href="{AT}">Opdater nu</a>' in room(tove)


def test_a_protected_pupil_is_shown_by_the_alias(tove, cast):
    person = cast.person("emil")
    person.protected, person.first_name, person.family_name = True, "Alf", "Bo"
    person.save()
    waits(cast["emil"])
    assert "Alf Bo" in room(tove)


@pytest.mark.parametrize("path", [AT, f"{AT}?klasse=1", NOW])
def test_the_room_takes_under_ten_queries_however_many_wait(tove, cast, path):
    waits(cast["emil"])
    waits(cast["esther"])
    with CaptureQueriesContext(connection) as few:
        tove.get(path)
    for user in fill(group_of("5A"), 28):
        waits(user)
    with CaptureQueriesContext(connection) as many:
        tove.get(path)
    assert len(many) == len(few) < 10


def test_an_answer_to_a_class_takes_no_more_queries_than_one_to_two(tove, cast):
    queries = []
    for first, count in ((0, 2), (100, 20)):
        asked = [waits(user) for user in fill(group_of("5A"), count, first=first)]
        with CaptureQueriesContext(connection) as taken:
            tove.post(ANSWER, {"alle": "proevebanken", "vist": [one.pk for one in asked]})
        queries.append(len(taken))
    assert queries[0] == queries[1]

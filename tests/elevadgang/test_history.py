"""*Historik*: what was done in one's classes, who reads names, and what is nobody's business."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.utils import timezone

from accounts import audit, helping, reset_windows, services, step_ups
from accounts.elevadgang.events import BEFELL, DONE
from accounts.mitunilogin import demo
from accounts.models import ServiceLink
from accounts.services import Why
from institutions import substitutes
from institutions.actor import RIGHTS_SESSION_KEY
from institutions.models import Group, Membership
from institutions.roles import Right
from unilogin_portal.lib import requestlog
from unilogin_portal.lib.dates import today
from unilogin_portal.lib.gate import LOA_SESSION_KEY, LevelOfAssurance

AT = "/elevadgang/historik/"
BO = {"role": "Lærer", "institution": "101001"}


def rows(client, **narrowed: object) -> str:
    page = client.get(AT, narrowed)
    assert page.status_code == 200
    return page.content.decode().partition("<tbody>")[2].partition("</tbody>")[0]


def group(name: str) -> Group:
    return Group.objects.get(group_id=name)


def open_window(cast, pupil: str = "emil", by: str = "bo"):
    return reset_windows.open_for([cast[pupil]], by=cast[by], **BO).windows[0]


@pytest.fixture
def tove(logged_in):
    return logged_in("tove")


@pytest.fixture
def as_administrator(logged_in):
    """Liv comes with MitID Erhverv and the right on the school."""

    def enter():
        client = logged_in("liv")
        session = client.session
        session[LOA_SESSION_KEY] = int(LevelOfAssurance.SUBSTANTIAL)
        session[RIGHTS_SESSION_KEY] = [[Right.PUPIL_ACCESS, "p", "9003766444"]]
        session.save()
        return client

    return enter


def test_a_teacher_sees_what_was_done_by_role_and_her_own_as_you(tove, cast):
    open_window(cast)
    open_window(cast, by="tove")
    shown = rows(tove)
    assert shown.count("Et vindue til en ny adgangskode blev åbnet") == 2
    assert "Emil Berg" in shown
    assert "5A" in shown
    assert ">Dig<" in shown
    assert ">Lærer<" in shown
    assert "Bo" not in shown


def test_newest_come_first(tove, cast):
    audit.record("login.pause_cleared", by=cast["tove"], subject=cast.person("emil"), **BO)
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=1)):
        audit.record("user.block", by=cast["tove"], subject=cast.person("emil"), **BO)
    shown = rows(tove)
    assert shown.index("Eleven blev spærret") < shown.index("En pause efter forkerte adgangskoder blev ophævet")


def test_a_wrong_picture_and_the_end_of_the_time_are_nobodys(tove, cast):
    window = open_window(cast)
    reset_windows.choose(window, next(one for one in window.shown if one != window.animal))
    window = open_window(cast)
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=6)):
        reset_windows.expire_overdue()
        shown = rows(tove)
    assert "Vinduet blev lukket: forkert billede" in shown
    assert "Ved elevens skærm" in shown
    assert "Vinduets tid udløb" in shown
    assert "Af sig selv" in shown


@pytest.mark.parametrize("name", ["leif", "liv"])
def test_leaders_and_user_administrators_read_names(logged_in, as_administrator, cast, name):
    open_window(cast)
    client = as_administrator() if name == "liv" else logged_in(name)
    assert "Bo Friis, lærer" in rows(client)


@pytest.mark.parametrize("name", ["bo", "karim", "mette", "vera"])
def test_another_classes_history_is_not_theirs(logged_in, cast, name):
    open_window(cast)
    assert "Emil" not in rows(logged_in(name))
    assert "Emil" not in rows(logged_in(name), klasse=group("5A").pk)


def test_a_substitute_sees_the_class_while_it_is_lent(logged_in, cast):
    open_window(cast)
    vera = Membership.objects.get(person=cast.person("vera"))
    access = substitutes.give_access(group("5A"), vera, until=today(), by=cast["tove"], **BO)
    shown = rows(logged_in("vera"))
    assert "Emil Berg" in shown
    assert "Tove" not in shown
    substitutes.end_access(access, by=cast["tove"], **BO)
    assert rows(logged_in("vera")) == ""


def test_lending_stands_with_the_class_and_who_stands_in(tove, logged_in, cast):
    vera = Membership.objects.get(person=cast.person("vera"))
    access = substitutes.give_access(group("5A"), vera, until=today(), by=cast["tove"], **BO)
    substitutes.end_access(access, by=cast["tove"], **BO)
    shown = rows(tove, klasse=group("5A").pk)
    for text in ("Klassen blev lånt ud", "En kollegas adgang blev afsluttet", "Vera Juhl", "5A"):
        assert text in shown
    assert rows(tove, klasse=group("2A").pk) == ""
    assert rows(logged_in("bo")) == ""


def test_help_from_home_and_the_pupils_own_doings_are_not_the_schools(tove, cast):
    for why, by in ((Why.CHILD, "mette"), (Why.KNOWN, "emil"), (Why.FORGOTTEN, "emil")):
        services.set_secret(
            cast["emil"],
            services.hash_of(why),
            expected_mark=services.secret_mark(cast["emil"]),
            by=cast[by],
            why=why,
        )
    audit.record("login.admitted", by=cast["emil"], subject=cast.person("emil"))
    audit.record("step_up.approved", by=cast["mette"], subject=cast.person("emil"), role="Kontaktperson")
    assert rows(tove) == ""


def test_what_another_school_does_for_the_same_pupil_is_not_shown(tove, cast):
    audit.record("user.block", by=cast["karim"], subject=cast.person("emil"), role="Lærer", institution="G12345")
    assert rows(tove) == ""


def test_an_approval_names_the_service(tove, cast):
    demo.offer()
    asked = step_ups.ask(cast["emil"], ServiceLink.objects.get(slug="laesebroen"), login_id="a" * 32)
    step_ups.approve([asked], by=cast["tove"], **BO)
    assert "Godkendt: Læsebroen" in rows(tove)


@pytest.mark.parametrize("action", sorted({*DONE, *BEFELL} - {"password.set"}))
def test_everything_that_is_told_has_danish_words(tove, cast, action):
    audit.record(action, by=cast["bo"], subject=cast.person("emil"), **BO)
    assert action not in rows(tove)
    assert rows(tove).count("<tr>") == 1


def test_a_list_that_is_printed_is_one_line_without_a_name(tove, cast):
    for _ in range(2):
        requestlog.current.set(requestlog.RequestContext(uuid.uuid4().hex))
        people = [cast.person("emil"), cast.person("esther")]
        helping.note_printed(people, by=cast["tove"], role="Lærer", institution="101001")
    requestlog.current.set(requestlog.RequestContext())
    shown = rows(tove)
    assert shown.count("Klasselisten blev printet") == 2
    assert "Emil" not in shown
    assert rows(tove, klasse=group("2A").pk).count("<tr>") == 2


def test_the_list_is_narrowed_to_one_class_and_nonsense_narrows_nothing(tove, cast):
    open_window(cast)
    open_window(cast, "esther")
    assert rows(tove).count("<tr>") == 2
    assert "Emil" not in rows(tove, klasse=group("2A").pk)
    for odd in ("x", group("9B").pk, "9" * 40):
        assert rows(tove, klasse=odd).count("<tr>") == 2


def test_what_is_older_than_thirty_days_is_not_shown(tove, cast):
    with time_machine.travel(timezone.now() - dt.timedelta(days=31)):
        open_window(cast)
    assert rows(tove) == ""


def test_a_pupil_who_left_the_class_is_not_shown_any_more(tove, cast):
    open_window(cast)
    Membership.objects.filter(person=cast.person("emil")).update(to_date=today())
    assert rows(tove) == ""


def test_an_empty_history_says_why(tove, logged_in, cast):
    assert "Der er ikke sket noget endnu" in tove.get(AT).content.decode()
    assert "Der er ikke sket noget i 5A" in tove.get(AT, {"klasse": group("5A").pk}).content.decode()
    assert "Du har ingen elever her" in logged_in("karim").get(AT).content.decode()


@pytest.mark.parametrize("name", ["tove", "leif", "liv"])
def test_there_are_pages_and_under_ten_queries_whatever_the_number(
    logged_in, as_administrator, cast, django_assert_max_num_queries, name
):
    client = as_administrator() if name == "liv" else logged_in(name)
    demo.offer()
    for number in range(60):
        slug = ("laesebroen", "proevebanken")[number % 2]
        audit.record("step_up.approved", by=cast["bo"], subject=cast.person("emil"), service=slug, **BO)
    with django_assert_max_num_queries(9):
        assert rows(client).count("<tr>") == 50
    assert rows(client, side=2).count("<tr>") == 10

"""A class and its pupils: what the list shows, and giving new passwords to those who were ticked."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone
from lxml import html

from accounts import reset_windows, services, step_ups, throttle
from accounts.models import AuditEvent, Credential, ResetWindow, SecretForm, ServiceLink
from accounts.policy import Band
from accounts.states import WindowState
from institutions.models import Membership
from institutions.roles import Right
from tests.cast import CPR, PASSWORD

from .conftest import AT, fill, group_of

TOVE = {"role": "Lærer", "institution": "101001"}


def class_page(name: str = "5A") -> str:
    return f"{AT}/klasser/{group_of(name).pk}/"


def rows(response) -> dict[str, str]:
    """Return the table's rows as text, by the pupil's name."""
    page = html.fromstring(response.content)
    found = {}
    for row in page.xpath("//table[contains(@class, 'table--people')]/tbody/tr"):
        [name] = row.xpath(".//td[contains(@class, 'row-title')]/a")
        found[name.text_content()] = " ".join(" ".join(row.itertext()).split())
    return found


def text(response) -> str:
    [main] = html.fromstring(response.content).xpath("//main")
    return " ".join(" ".join(main.itertext()).split())


def give(client, *pks: int, name: str = "5A", **more: str):
    return client.post(f"{class_page(name)}giv/", {"elev": list(pks), **more})


def windows_of(*users) -> list[str]:
    return sorted(ResetWindow.objects.filter(user__in=users).values_list("state", flat=True))


# The list


def test_a_teacher_lands_on_the_first_class_with_tabs_for_the_others(logged_in):
    response = logged_in("tove").get(f"{AT}/klasser/", follow=True)
    assert response.redirect_chain == [(class_page("2A"), 302)]
    page = html.fromstring(response.content)
    tabs = page.xpath("//ul[contains(@class, 'class-tabs')]//a")
    assert [(tab.text_content(), tab.get("href")) for tab in tabs] == [
        ("2A", class_page("2A")),
        ("5A", class_page("5A")),
    ]
    assert [tab.get("aria-current") for tab in tabs] == ["true", None]


def test_the_list_shows_names_user_names_and_what_pupils_log_in_with(logged_in, cast):
    client = logged_in("tove")
    assert "emil6613 Adgangskode" in rows(client.get(class_page("5A")))["Emil Berg"]
    assert "esth7204 Ingen endnu" in rows(client.get(class_page("2A")))["Esther Holm"]
    Credential.objects.filter(user=cast["emil"]).update(form=SecretForm.PICTURES)
    assert "emil6613 Billeder" in rows(client.get(class_page("5A")))["Emil Berg"]


def test_an_open_window_is_shown_with_the_time_that_is_left(logged_in, cast):
    with time_machine.travel(dt.datetime(2026, 11, 20, 9, 0, tzinfo=dt.UTC), tick=False) as clock:
        reset_windows.open_for([cast["emil"]], by=cast["tove"], **TOVE)
        clock.shift(79)
        assert "Vindue åbent, 3.41 tilbage" in rows(logged_in("tove").get(class_page()))["Emil Berg"]
        clock.shift(300)
        assert "Vindue" not in rows(logged_in("tove").get(class_page()))["Emil Berg"]


def test_who_makes_the_password_now_is_shown_so(logged_in, cast):
    opened = reset_windows.open_for([cast["emil"]], by=cast["tove"], **TOVE)
    reset_windows.choose(opened.windows[0], opened.windows[0].animal)
    assert "Laver en ny adgangskode" in rows(logged_in("tove").get(class_page()))["Emil Berg"]


def test_a_pause_is_shown_with_what_led_to_it(logged_in, cast):
    for _ in range(5):
        throttle.begin("emil6613", "", "10.0.0.1")
    assert "Pause i 15 min. efter 5 forkerte forsøg" in rows(logged_in("tove").get(class_page()))["Emil Berg"]


def test_blocked_comes_before_all_else(logged_in, cast):
    reset_windows.open_for([cast["emil"]], by=cast["tove"], **TOVE)
    services.block(cast["emil"], by=cast["leif"])
    row = rows(logged_in("tove").get(class_page()))["Emil Berg"]
    assert "Spærret af brugeradministrator" in row
    assert "Vindue" not in row


def test_who_waits_for_an_adult_is_shown_so(logged_in, cast):
    service = ServiceLink.objects.create(
        slug="proeve", name="Prøve", description_da="", description_en="", url="https://example.dk/"
    )
    step_ups.ask(cast["emil"], service, login_id="x")
    assert "Venter i venterummet" in rows(logged_in("tove").get(class_page()))["Emil Berg"]


def test_who_comes_to_another_kind_of_password_is_shown_so(logged_in, cast):
    services.designate_band(cast["emil"], Band.FIRST_YEARS, by=cast["tove"])
    assert "Får nye billeder næste gang" in rows(logged_in("tove").get(class_page()))["Emil Berg"]


def test_the_search_finds_parts_of_names_with_danish_letters(logged_in, cast):
    pupils = fill(group_of("5A"), 3)
    person = pupils[0].person
    person.first_name, person.family_name = "Åse", "Østergård"
    person.save()
    client = logged_in("tove")
    assert list(rows(client.get(class_page(), {"q": "ØSTER ås"}))) == ["Åse Østergård"]
    assert list(rows(client.get(class_page(), {"q": "elev0002"}))) == ["Elev002 Friis"]


def test_a_search_that_finds_nobody_says_so(logged_in):
    page = text(logged_in("tove").get(class_page(), {"q": "sofi<b>"}))
    assert "Ingen elever passer til ”sofi<b>”" in page
    assert "Prøv med færre bogstaver." in page


def test_a_class_without_pupils_says_where_they_come_from(logged_in, cast):
    Membership.objects.filter(person=cast.person("emil")).update(main_group=None)
    assert "Skolens eget system har ingen elever" in text(logged_in("tove").get(class_page()))


def test_a_protected_pupil_is_shown_by_the_alias_and_the_look_is_recorded_once_a_day(logged_in, cast):
    emil = cast.person("emil")
    emil.protected, emil.first_name, emil.family_name = True, "Bo", "Bech"
    emil.private = emil.sealed_private({"name": ["Emil", "Berg"]})
    emil.save()
    client = logged_in("tove")
    for path in (class_page(), class_page(), f"{class_page()}liste/", f"{AT}/elever/{cast['emil'].pk}/"):
        page = client.get(path).content.decode()
        assert "Bo Bech" in page
        assert "Berg" not in page
    [event] = AuditEvent.objects.filter(action="person.viewed")
    assert (event.subject, event.actor) == (emil, cast["tove"])
    assert (event.actor_role, event.actor_institution) == ("Lærer", "101001")
    with time_machine.travel(timezone.now() + dt.timedelta(days=1)):
        logged_in("tove").get(class_page())
    assert AuditEvent.objects.filter(action="person.viewed").count() == 2


def test_looking_at_others_is_not_recorded(logged_in):
    logged_in("tove").get(class_page())
    assert not AuditEvent.objects.filter(action="person.viewed").exists()


# How many queries


@pytest.mark.parametrize("count", [27, 299])
def test_a_class_takes_under_ten_queries_however_many_are_in_it(logged_in, cast, django_assert_max_num_queries, count):
    fill(group_of("5A"), count)
    client, path = logged_in("tove"), class_page()
    with django_assert_max_num_queries(9):
        response = client.get(path)
    assert len(rows(response)) == count + 1


def test_a_school_of_nine_hundred_takes_under_ten_queries(by_right, cast, django_assert_max_num_queries):
    fill(group_of("5A"), 450)
    fill(group_of("9B"), 450, first=450)
    client, path = by_right(), class_page()
    with django_assert_max_num_queries(9):
        page = text(client.get(f"{AT}/klasser/"))
    assert "5A 451" in page
    with django_assert_max_num_queries(9):
        response = client.get(f"{AT}/klasser/", {"q": "Elev"})
    assert len(rows(response)) == 50
    assert "Der er flere, end der vises her" in text(response)
    with django_assert_max_num_queries(9):
        assert len(rows(client.get(path))) == 451


def test_giving_to_many_takes_no_more_queries_than_giving_to_few(logged_in, cast, django_assert_max_num_queries):
    few, many = fill(group_of("5A"), 3), fill(group_of("5A"), 20, first=3)
    client = logged_in("tove")
    with django_assert_max_num_queries(25) as first:
        give(client, *(user.pk for user in few))
    with django_assert_max_num_queries(len(first)):
        give(client, *(user.pk for user in many))
    assert ResetWindow.objects.count() == 23


# Giving


def test_giving_one_pupil_a_new_password_opens_a_window_and_leads_to_it(logged_in, cast):
    response = logged_in("tove").post(f"{class_page()}giv/", {"elev": cast["emil"].pk}, follow=True)
    assert response.redirect_chain == [(f"{AT}/vinduer/", 302)]
    assert "Vinduet er åbent for Emil Berg." in text(response)
    [window] = ResetWindow.objects.all()
    assert (window.user, window.opened_by, window.state) == (cast["emil"], cast["tove"], WindowState.OPEN)
    assert (window.role, window.institution) == ("Lærer", "101001")
    assert AuditEvent.objects.get(action="window.opened").subject == cast.person("emil")


def test_giving_many_opens_a_window_for_each(logged_in, cast):
    pupils = fill(group_of("5A"), 19)
    response = give(logged_in("tove"), *(user.pk for user in pupils), cast["emil"].pk)
    assert response.headers["Location"] == f"{AT}/vinduer/"
    assert ResetWindow.objects.count() == 20


def test_more_than_twenty_are_asked_about_first(logged_in, cast):
    pks = [user.pk for user in fill(group_of("5A"), 21)]
    client = logged_in("tove")
    asked = give(client, *pks)
    assert "Giv 21 elever en ny adgangskode?" in text(asked)
    assert "Hver elev har 5 minutter" in text(asked)
    assert not ResetWindow.objects.exists()
    [form] = html.fromstring(asked.content).xpath("//main//form")
    sent = [value for name, value in form.form_values() if name == "elev"]
    client.post(f"{class_page()}giv/", {"elev": sent, "bekraeft": "1"})
    assert ResetWindow.objects.count() == 21


def test_nothing_ticked_brings_the_page_again_and_says_so(logged_in):
    response = give(logged_in("tove"))
    assert "Sæt hak ved mindst én elev." in text(response)
    assert "Fejl:" in response.content.decode()
    assert rows(response)


@pytest.mark.parametrize("junk", ["abc", "-1", "1.5", "²", "9" * 40])
def test_what_is_no_row_opens_nothing(logged_in, junk):
    response = logged_in("tove").post(f"{class_page()}giv/", {"elev": junk})
    assert response.status_code == 200
    assert not ResetWindow.objects.exists()


def test_pupils_of_other_classes_are_passed_over(logged_in, cast):
    client = logged_in("tove")
    response = give(client, cast["esther"].pk)  # tove teaches her too, but in another class than the page's
    assert "står ikke længere på listen" in text(response)
    give(client, cast["emil"].pk, cast["sofie"].pk, cast["bo"].pk, cast["viggo"].pk)
    assert [window.user for window in ResetWindow.objects.all()] == [cast["emil"]]


def test_a_blocked_pupil_gets_no_window_and_is_named(logged_in, cast):
    [other] = fill(group_of("5A"), 1)
    services.block(cast["emil"], by=cast["leif"])
    client = logged_in("tove")
    response = client.post(f"{class_page()}giv/", {"elev": [cast["emil"].pk, other.pk]}, follow=True)
    assert "Emil Berg er spærret og fik ikke et vindue." in text(response)
    assert [window.user for window in ResetWindow.objects.all()] == [other]
    alone = client.post(f"{class_page()}giv/", {"elev": cast["emil"].pk}, follow=True)
    assert alone.redirect_chain == [(class_page(), 302)]
    assert "Emil Berg er spærret" in text(alone)


def test_pressing_twice_leaves_one_open_window_a_pupil(logged_in, cast):
    client = logged_in("tove")
    give(client, cast["emil"].pk)
    give(client, cast["emil"].pk)
    assert windows_of(cast["emil"]) == [WindowState.OPEN, WindowState.WITHDRAWN]


def test_two_teachers_of_a_class_do_not_open_two_windows(logged_in, cast):
    give(logged_in("tove"), cast["emil"].pk)
    reset_windows.open_for([cast["emil"]], by=cast["leif"], role=Right.PUPIL_ACCESS, institution="101001")
    assert windows_of(cast["emil"]) == [WindowState.OPEN, WindowState.WITHDRAWN]


def test_whoever_comes_back_after_a_new_log_in_is_led_to_the_class(logged_in):
    assert logged_in("tove").get(f"{class_page()}giv/").headers["Location"] == class_page()


# A user administrator's search


def test_an_administrator_gives_from_a_search_over_all_classes(by_right, cast):
    client = by_right()
    found = client.get(f"{AT}/klasser/", {"q": "e"})
    assert set(rows(found)) >= {"Emil Berg", "Esther Holm", "Sofie Lund"}
    assert "Emil Berg 5A emil6613" in rows(found)["Emil Berg"]
    response = client.post(f"{AT}/klasser/giv/?q=e", {"elev": [cast["emil"].pk, cast["sofie"].pk]})
    assert response.headers["Location"] == f"{AT}/vinduer/"
    assert {window.user for window in ResetWindow.objects.all()} == {cast["emil"], cast["sofie"]}
    assert {window.role for window in ResetWindow.objects.all()} == {Right.PUPIL_ACCESS}


def test_a_search_that_nothing_was_ticked_in_comes_again(by_right):
    response = by_right().post(f"{AT}/klasser/giv/?q=emil", {})
    assert "Sæt hak ved mindst én elev." in text(response)
    assert list(rows(response)) == ["Emil Berg"]


def test_windows_at_two_schools_say_each_its_own(by_right, cast, other_school):
    client = by_right(scope="cvr", identifier="94348552")
    theirs = Membership.objects.get(main_group=other_school).person.user
    client.post(f"{AT}/klasser/giv/?q=e", {"elev": [cast["emil"].pk, theirs.pk]})
    places = dict(ResetWindow.objects.values_list("user", "institution"))
    assert places == {cast["emil"].pk: "101001", theirs.pk: "202002"}


def test_an_officer_of_several_schools_chooses_one(by_right, cast, other_school):
    client = by_right(scope="cvr", identifier="94348552")
    page = text(client.get(f"{AT}/klasser/"))
    assert "Lærkeskolen 3" in page
    assert "Mosevangskolen 1" in page
    chosen = text(client.get(f"{AT}/klasser/", {"institution": "202002"}))
    assert "7C 1" in chosen
    assert "5A" not in chosen
    [(name, row)] = rows(client.get(f"{AT}/klasser/", {"institution": "202002", "q": "e"})).items()
    assert name == "Elev900 Friis"
    assert "7C, Mosevangskolen" in row


# The list on paper


def test_the_list_for_printing_holds_names_and_user_names_and_no_secret(logged_in, cast):
    response = logged_in("tove").get(f"{class_page()}liste/")
    page = text(response)
    assert "Emil Berg emil6613" in page
    assert "af Tove Bang. Listen viser kun brugernavne." in page
    whole = response.content.decode()
    assert PASSWORD not in whole
    assert not any(number in whole for number in CPR.values())
    assert cast["emil"].uniid not in whole


def test_who_prints_a_list_is_recorded_for_everybody_on_it(logged_in, cast):
    fill(group_of("5A"), 2)
    logged_in("tove").get(f"{class_page()}liste/")
    events = AuditEvent.objects.filter(action="list.printed")
    assert events.count() == 3
    assert {(event.actor, event.actor_role, event.actor_institution) for event in events} == {
        (cast["tove"], "Lærer", "101001")
    }

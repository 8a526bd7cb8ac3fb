"""Who comes in to Elevadgang, sees which classes and pupils, and is told what when there are none (D3.5)."""

import datetime as dt

import pytest
from django.utils import timezone
from lxml import html

from accounts.models import ResetWindow
from institutions import substitutes
from institutions.models import Group, GroupType, Membership, MembershipGroup, MembershipKind
from institutions.roles import Right
from unilogin_portal.lib.gate import LevelOfAssurance

from .conftest import AT, group_of
from .test_classes import rows, text


def answers(client, cast, name: str, pupil: str) -> set[int]:
    """What the pages about a class, and about a pupil of it, answer."""
    group, user = group_of(name).pk, cast[pupil].pk
    looked_at = [f"/klasser/{group}/", f"/klasser/{group}/liste/", f"/klasser/{group}/giv/", f"/elever/{user}/"]
    pressed = [f"/klasser/{group}/giv/", f"/elever/{user}/giv/", f"/elever/{user}/billeder/"]
    found = {client.get(f"{AT}{path}").status_code for path in looked_at}
    return found | {client.post(f"{AT}{path}", {"elev": user}).status_code for path in pressed}


def lend(cast, group: str, until: dt.date | None = None) -> None:
    vera = Membership.objects.get(person=cast.person("vera"))
    substitutes.give_access(
        group_of(group),
        vera,
        until=until or timezone.localdate(),
        by=cast["tove"],
        role="Lærer",
        institution="101001",
    )


@pytest.mark.parametrize(
    ("name", "helps"),
    [
        ("tove", {"5A": True, "9B": False}),
        ("bo", {"5A": False, "9B": True}),
        ("leif", {"5A": False, "9B": False}),  # leads the school: that is no teacher of a class
        ("vera", {"5A": False, "9B": False}),
        ("mette", {"5A": False, "9B": False}),
        ("liv", {"5A": False, "9B": False}),
        ("karim", {"5A": False, "9B": False}),
        ("olga", {"5A": False, "9B": False}),  # STIL's operators help nobody
        ("emil", {"5A": False, "9B": False}),
        ("anna", {"5A": False, "9B": False}),
    ],
)
def test_a_class_and_its_pupils_exist_for_those_who_teach_it_only(logged_in, cast, name, helps):
    client = logged_in(name)
    for group, pupil in (("5A", "emil"), ("9B", "sofie")):
        expected = {200, 302} if helps[group] else {404}
        assert answers(client, cast, group, pupil) == expected
    assert ResetWindow.objects.exists() == any(helps.values())


def test_a_teacher_whose_membership_ended_sees_nothing_from_that_day(logged_in, cast):
    client = logged_in("tove")
    assert answers(client, cast, "5A", "emil") == {200, 302}
    Membership.objects.filter(person=cast.person("tove")).update(to_date=timezone.localdate(), is_primary=False)
    assert answers(client, cast, "5A", "emil") == {404}
    page = text(client.get(f"{AT}/klasser/"))
    assert "Du har ikke længere elever her" in page
    assert "stoppede på Lærkeskolen" in page


def test_who_belongs_to_no_institution_any_more_does_not_come_in_at_all(logged_in, cast):
    assert answers(logged_in("ida"), cast, "5A", "emil") == {302}
    assert not ResetWindow.objects.exists()


def test_a_pupil_who_left_the_class_is_helped_by_its_teacher_no_more(logged_in, cast):
    client = logged_in("tove")
    Membership.objects.filter(person=cast.person("emil")).update(to_date=timezone.localdate(), is_primary=False)
    assert rows(client.get(f"{AT}/klasser/{group_of('5A').pk}/")) == {}
    assert client.get(f"{AT}/elever/{cast['emil'].pk}/").status_code == 404


def test_a_teacher_without_the_role_at_that_school_has_no_class_there(logged_in, cast):
    Membership.objects.filter(person=cast.person("tove")).update(roles=["Vikar"])
    assert answers(logged_in("tove"), cast, "5A", "emil") == {404}


def test_a_team_of_colleagues_is_no_class(logged_in, cast):
    team = Group.objects.create(
        institution=cast.school, source="Testsystem", group_id="T", name="Team", type=GroupType.STAFF_TEAM
    )
    MembershipGroup.objects.create(membership=Membership.objects.get(person=cast.person("tove")), group=team)
    client = logged_in("tove")
    assert client.get(f"{AT}/klasser/{team.pk}/").status_code == 404


def test_a_substitute_helps_the_lent_class_until_the_date_and_no_other(logged_in, cast):
    lend(cast, "5A")
    client = logged_in("vera")
    assert answers(client, cast, "5A", "emil") == {200, 302}
    assert answers(client, cast, "9B", "sofie") == {404}
    assert ResetWindow.objects.get(state="open").role == "Vikar"


# User administrators


def test_a_right_on_a_p_number_opens_that_unit_alone(by_right, cast, other_school):
    client = by_right()
    assert answers(client, cast, "5A", "emil") == {200, 302}
    assert client.get(f"{AT}/klasser/{other_school.pk}/").status_code == 404
    assert client.get(f"{AT}/elever/{cast['viggo'].pk}/").status_code == 404
    assert "Elev900 Friis" not in rows(client.get(f"{AT}/klasser/", {"q": "e"}))
    window = ResetWindow.objects.filter(user=cast["emil"]).first()
    assert (window.role, window.institution) == (Right.PUPIL_ACCESS, "101001")


def test_a_right_on_a_cvr_number_opens_all_its_units(by_right, cast, other_school):
    client = by_right("mette", scope="cvr", identifier="94348552")
    assert client.get(f"{AT}/klasser/{other_school.pk}/").status_code == 200
    assert answers(client, cast, "9B", "sofie") == {200, 302}


@pytest.mark.parametrize(
    ("right", "scope", "identifier", "loa"),
    [
        (Right.PUPIL_ACCESS, "p", "2222222222", LevelOfAssurance.SUBSTANTIAL),
        (Right.PUPIL_ACCESS, "p", "94348552", LevelOfAssurance.SUBSTANTIAL),
        (Right.PUPIL_ACCESS, "cvr", "9003766444", LevelOfAssurance.SUBSTANTIAL),
        (Right.PUPIL_ACCESS, "cvr", "", LevelOfAssurance.SUBSTANTIAL),
        (Right.USER_ADMINISTRATION, "p", "9003766444", LevelOfAssurance.SUBSTANTIAL),
        (Right.PUPIL_ACCESS, "p", "9003766444", LevelOfAssurance.LOW),
    ],
)
def test_another_right_another_unit_or_a_lower_level_opens_nothing(by_right, cast, right, scope, identifier, loa):
    assert answers(by_right("leif", right, scope, identifier, loa), cast, "5A", "emil") == {404}


def test_a_search_over_whole_schools_is_the_administrators_alone(logged_in, cast):
    client = logged_in("tove")
    assert client.post(f"{AT}/klasser/giv/?q=e", {"elev": cast["emil"].pk}).status_code == 404
    assert not ResetWindow.objects.exists()


def test_an_administrator_who_also_teaches_finds_the_own_classes(by_right, cast):
    page = html.fromstring(by_right("tove").get(f"{AT}/klasser/").content)
    links = [link.text_content() for link in page.xpath("//main/p/a")]
    assert links == ["2A", "5A"]


def test_the_administrators_door_asks_for_mitid_and_leads_to_the_classes(logged_in, by_right):
    asked = logged_in("leif").get(f"{AT}/administrator/")
    assert asked.headers["Location"] == "/mitid/login?formaal=login&next=%2Felevadgang%2Fadministrator%2F"
    assert by_right().get(f"{AT}/administrator/").headers["Location"] == f"{AT}/klasser/"


def test_who_came_with_mitid_but_without_the_right_is_told_which_and_by_whom(by_right):
    response = by_right("leif", Right.AGREEMENTS).get(f"{AT}/administrator/")
    assert response.status_code == 403
    page = text(response)
    assert "”Unilogin – Brugeradministrator i ElevAdgang”" in page
    assert "brugeradministrator i NemLog-in" in page


# The front page


def test_the_front_page_has_both_ways_in(client, db):
    page = html.fromstring(client.get(f"{AT}/").content)
    ways = {link.text_content(): link.get("href") for link in page.xpath("//main//a[contains(@class, 'button')]")}
    assert ways == {
        "Log på": "/login/?next=/elevadgang/klasser/",
        "Log på som brugeradministrator": "/mitid/login?formaal=login&next=/elevadgang/administrator/",
    }


def test_who_is_logged_in_and_may_help_goes_straight_to_the_classes(logged_in):
    page = html.fromstring(logged_in("tove").get(f"{AT}/").content)
    [way] = page.xpath("//main//a[contains(@class, 'button-primary')]")
    assert (way.text_content(), way.get("href")) == ("Gå til dine klasser", f"{AT}/klasser/")


# Why the list is empty


def without_class(cast) -> None:
    MembershipGroup.objects.filter(membership__person=cast.person("tove")).delete()


@pytest.mark.parametrize(
    ("name", "heading", "what_to_do"),
    [
        ("emil", "Elevadgang er for ansatte på skoler", "Arbejder du på en skole?"),
        ("olga", "Elevadgang er for ansatte på skoler", "Arbejder du på en skole?"),
        ("karim", "Du har ingen elever her endnu", "give dig rollen Lærer"),
        ("vera", "Skolens eget system har dig som vikar.", "Kollegaen kan låne dig klassen under Vikarer."),
        ("mette", "ikke for nogen klasse", "knytte dig til dine klasser"),
    ],
)
def test_the_empty_list_says_why_and_what_to_do(logged_in, cast, name, heading, what_to_do):
    without_class(cast)
    page = text(logged_in(name).get(f"{AT}/klasser/"))
    assert heading in page
    assert what_to_do in page


def test_a_right_that_no_school_here_belongs_to_is_told_so(by_right):
    page = text(by_right("leif", identifier="1234567890").get(f"{AT}/klasser/"))
    assert "gælder en enhed, som ingen skole her hører til" in page


def test_a_teacher_is_no_pupil_of_the_class(logged_in, cast):
    client = logged_in("tove")
    assert list(rows(client.get(f"{AT}/klasser/{group_of('5A').pk}/"))) == ["Emil Berg"]
    assert Membership.objects.filter(kind=MembershipKind.EMPLOYEE, membershipgroup__group=group_of("5A")).exists()
    assert client.get(f"{AT}/elever/{cast['tove'].pk}/").status_code == 404

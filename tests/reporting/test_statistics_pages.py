"""The pages of statistics: who sees whose numbers, which are hidden, and what they say."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from lxml import html as lxml_html

from institutions.models import Institution, Membership, Municipality, Ownership
from institutions.roles import Right
from reporting.models import Campaign
from reporting.states import CampaignState
from tests import sick_leave, statistics
from tests.cast import Cast
from tests.officers import make_officer

URL = "/sygefravaer/statistik/"
OWN_CVR, P_NUMBER = "92890074", "9003760001"
MUNICIPAL_CVR = "29189404"
Log_in = Callable[[str], Client]


@pytest.fixture(autouse=True)
def in_english(settings: Any) -> Iterator[None]:
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def roskilde(db: None) -> Municipality:
    """Roskilde, with a day care of its own: under whose CVR number its officers come."""
    found = sick_leave.municipality()
    sick_leave.free_school(
        "G90001", name="Solhuset", kind="day_care", level="anvisningsenhed", type_code="", cvr=MUNICIPAL_CVR,
        ownership=Ownership.MUNICIPAL,
    )  # fmt: skip
    return found


@pytest.fixture
def koege(db: None) -> Municipality:
    return sick_leave.municipality("0259", "Køge")


@pytest.fixture
def friskole(roskilde: Municipality) -> Institution:
    return sick_leave.free_school(p_number=P_NUMBER)


@pytest.fixture
def other(koege: Municipality) -> Institution:
    return sick_leave.free_school("259017", name="Køge Friskole", municipality=koege, cvr="11112222")


@pytest.fixture
def weeks(roskilde: Municipality, koege: Municipality, friskole: Institution, other: Institution) -> list[Campaign]:
    return statistics.two_weeks(roskilde, koege, friskole, other)


@pytest.fixture
def officer_of_roskilde(db: None) -> Client:
    return make_officer("Line Krogh", cvr=MUNICIPAL_CVR).client()


@pytest.fixture
def office_of_the_school(db: None) -> Client:
    return make_officer("Per Dahl", p=P_NUMBER, right=Right.USER_ADMINISTRATION).client()


def shown(client: Client, url: str = URL, **asked: str) -> str:
    """Return a page's text, its spaces alike."""
    response = client.get(url, asked)
    assert response.status_code == 200
    page = lxml_html.fromstring(response.content.decode())
    for svg in page.xpath("//svg"):
        svg.getparent().remove(svg)
    return re.sub(r"\s+", " ", " ".join(page.itertext()))


def rows(client: Client, place: int = 0, **asked: str) -> list[list[str]]:
    """Return a table of the page, cell by cell."""
    page = lxml_html.fromstring(client.get(URL, asked).content.decode())
    table = page.xpath("//main//table")[place]
    return [[" ".join(cell.text_content().split()) for cell in row.xpath("th|td")] for row in table.xpath("tbody/tr")]


def test_stil_begins_with_the_whole_country(logged_in: Log_in, weeks: list[Campaign]) -> None:
    page = shown(logged_in("olga"))
    assert "Sick leave rose from week 45 to 47" in page
    assert "The whole country, week 47 5.1 %" in page
    assert "2 of 2" in page
    assert "Weeks 36–44, 46: nobody was asked." in page


def test_stil_may_choose_any_municipality(logged_in: Log_in, weeks: list[Campaign]) -> None:
    page = shown(logged_in("olga"), sted="0259")
    assert "Køge has been below the country in all 2 weeks with figures" in page


def test_a_municipality_sees_its_own_beside_the_country(officer_of_roskilde: Client, weeks: list[Campaign]) -> None:
    page = shown(officer_of_roskilde)
    assert "Roskilde has been above the country in all 2 weeks with figures" in page
    assert "Roskilde, week 47 6.2 %" in page
    [latest, pause, earlier, *_] = rows(officer_of_roskilde)
    assert latest == ["47", "6.2 %", "5.1 %", "2 of 2"]
    assert pause == ["46", "Pause", "Pause", ""]
    assert earlier == ["45", "6.0 %", "5.0 %", "2 of 2"]


@pytest.mark.parametrize("place", ["0259", "259017", "265017", "9999", "nowhere"])
def test_somebody_elses_place_does_not_exist(officer_of_roskilde: Client, weeks: list[Campaign], place: str) -> None:
    assert officer_of_roskilde.get(URL, {"sted": place}).status_code == 404
    file = reverse("reporting:statistics_file", args=["csv"])
    assert officer_of_roskilde.get(file, {"sted": place}).status_code == 404


@pytest.mark.parametrize("asked", [{"tal": "alle"}, {"uger": "13"}, {"uger": "x"}, {"sted": "0265' OR 1=1"}])
def test_what_cannot_be_asked_for_does_not_exist(
    officer_of_roskilde: Client, weeks: list[Campaign], asked: dict[str, str]
) -> None:
    assert officer_of_roskilde.get(URL, asked).status_code == 404


def test_a_school_sees_all_of_its_own_numbers_and_of_others_none_that_is_small(
    office_of_the_school: Client, weeks: list[Campaign]
) -> None:
    page = shown(office_of_the_school)
    assert "Søndre Friskole, week 47 6.2 %" in page  # 13 of 210
    by_year = rows(office_of_the_school, 2)
    assert by_year[0][:2] == ["Year 0", "3.0 %"]  # 3 of 100, its own


def test_a_school_does_not_see_the_small_numbers_of_the_school_next_door(
    office_of_the_school: Client, weeks: list[Campaign], roskilde: Municipality, koege: Municipality
) -> None:
    neighbour = sick_leave.free_school("265018", name="Nordre Friskole", cvr="33334444")
    others = [
        sick_leave.free_school(f"25902{n}", name=f"Køge {n}", municipality=koege, cvr=f"4444000{n}") for n in range(3)
    ]
    week = statistics.week(48)
    statistics.send(week, neighbour, level_0=(40, 2, 2, 2, 2, 2), level_1=(40, *[8] * 5))
    lejre = sick_leave.municipality("0350", "Lejre")
    others.append(sick_leave.free_school("350001", name="Lejre Friskole", municipality=lejre, cvr="55556666"))
    for school in others:
        statistics.send(week, school, level_0=(90, *[9] * 5), level_1=(90, *[9] * 5))
    by_year = rows(office_of_the_school, 2, sted="0265")
    assert [row[0] for row in by_year] == ["Year 0", "Year 1"]
    assert [row[1] for row in by_year] == ["–", "–"]  # of one school
    assert all(row[2] != "–" for row in by_year)


def test_a_school_asked_about_what_municipalities_report_sees_its_municipality(
    office_of_the_school: Client, weeks: list[Campaign]
) -> None:
    page = shown(office_of_the_school, tal="personale-skoler", sted="265017")
    assert "Roskilde, week 47 6.2 %" in page


def test_the_leader_of_a_school_that_reports_nothing_sees_the_country_and_the_municipality_around(
    logged_in: Log_in, cast: Cast, weeks: list[Campaign]
) -> None:
    page = shown(logged_in("leif"))  # of Lærkeskolen in København
    assert "København" in page
    assert "There are no figures of København in week 47" in page
    assert logged_in("leif").get(URL, {"sted": "0265"}).status_code == 404


def test_a_leader_sees_the_school_that_they_lead(logged_in: Log_in, cast: Cast, weeks: list[Campaign]) -> None:
    Membership.objects.filter(person=cast.person("leif")).update(institution=Institution.objects.get(number="265017"))
    assert "Søndre Friskole, week 47" in shown(logged_in("leif"))


def test_a_teacher_of_the_school_does_not_come_in(logged_in: Log_in, cast: Cast, weeks: list[Campaign]) -> None:
    Membership.objects.filter(person=cast.person("tove")).update(institution=Institution.objects.get(number="265017"))
    assert logged_in("tove").get(URL).status_code == 403


def test_small_numbers_of_a_municipality_are_hidden_from_stil_and_shown_to_itself(
    logged_in: Log_in, officer_of_roskilde: Client, roskilde: Municipality, koege: Municipality
) -> None:
    week = statistics.week()
    statistics.send(week, roskilde, municipal_staff=(50, 1, 1, 1, 0, 1))
    statistics.send(week, koege, municipal_staff=(500, *[20] * 5))
    assert "Roskilde, week 47 1.6 %" in shown(officer_of_roskilde)
    assert "The figures of Roskilde in week 47 are of too few to be shown" in shown(logged_in("olga"), sted="0265")


def test_a_school_is_told_where_its_answer_was_left_out(office_of_the_school: Client, friskole: Institution) -> None:
    week = statistics.week()
    [report] = statistics.asked(week, [friskole])
    statistics.answered([report], [{"level_0": (4000, 1)}], implausible="unrealistic_total")
    assert rows(office_of_the_school)[0][1] == "Not counted"


def test_days_off_have_their_name_in_place_of_a_number(officer_of_roskilde: Client, roskilde: Municipality) -> None:
    statistics.send(statistics.week(14), roskilde, municipal_staff=(500, *[30] * 3))
    by_day = rows(officer_of_roskilde, 1)
    assert by_day[0] == ["Monday", "6.0 %", "6.0 %"]
    assert by_day[3] == ["Thursday", "Maundy Thursday", "Maundy Thursday"]


def test_a_week_that_is_still_open_is_marked_and_kept_from_open_data(
    officer_of_roskilde: Client, weeks: list[Campaign], roskilde: Municipality
) -> None:
    week = statistics.week(48, state=CampaignState.OPEN)
    statistics.send(week, roskilde, municipal_staff=(500, *[50] * 5))
    page = shown(officer_of_roskilde)
    assert "The figures of week 48 are preliminary" in page
    assert "Roskilde, week 48 10.0 %" in page
    document = json.loads(Client().get(reverse("reporting:open_file", args=["personale-skoler", "json"])).content)
    assert {row["uge"] for row in document["raekker"]} == {45, 47}


def test_while_a_week_is_open_and_one_has_not_answered_the_week_before_is_looked_at(
    officer_of_roskilde: Client, weeks: list[Campaign], koege: Municipality
) -> None:
    open_week = statistics.week(48, state=CampaignState.OPEN)
    statistics.send(open_week, koege, municipal_staff=(500, *[50] * 5))
    page = shown(officer_of_roskilde)
    assert "The figures of week 48 are preliminary" in page
    assert "Below, week 47 is looked at closely until more have answered." in page
    assert "Roskilde, week 47 6.2 %" in page
    assert "Roskilde has been above the country in all 2 weeks with figures" in page
    assert "Day by day in week 47" in page
    assert rows(officer_of_roskilde)[0] == ["48", "–", "10.0 %", "1 of 1"]
    assert "looked at closely until" not in shown(officer_of_roskilde, sted="landet")
    Campaign.objects.filter(pk=open_week.pk).update(state=CampaignState.CLOSED, closed_at=open_week.closes_at)
    page = shown(officer_of_roskilde)
    assert "There are no figures of Roskilde in week 48" in page
    assert "preliminary" not in page


def test_which_week_is_looked_at_does_not_depend_on_how_many_are_shown(
    officer_of_roskilde: Client, roskilde: Municipality, koege: Municipality
) -> None:
    statistics.send(statistics.week(10), roskilde, municipal_staff=(500, *[30] * 5))
    statistics.send(statistics.week(47), koege, municipal_staff=(500, *[20] * 5))
    for weeks in ("12", "52"):
        assert "The whole country, week 47 4.0 %" in shown(officer_of_roskilde, uger=weeks)


def test_an_own_answer_of_an_open_week_that_is_left_out_stays_in_sight(
    office_of_the_school: Client, friskole: Institution, weeks: list[Campaign]
) -> None:
    [report] = statistics.asked(statistics.week(48, state=CampaignState.OPEN), [friskole])
    statistics.answered([report], [{"level_0": (4000, 1)}], implausible="unrealistic_total")
    assert rows(office_of_the_school)[0][1] == "Not counted"
    assert "looked at closely until" not in shown(office_of_the_school)


def test_an_earlier_week_is_looked_at_closely_from_the_table(
    officer_of_roskilde: Client, weeks: list[Campaign]
) -> None:
    page = lxml_html.fromstring(officer_of_roskilde.get(URL).content.decode())
    links = {link.text_content(): link for link in page.xpath("//main//tbody//th/a")}
    assert set(links) == {"47", "45"}  # in week 46 nobody was asked
    assert links["47"].get("aria-current") == "true"
    closer = URL + links["45"].get("href")
    text = shown(officer_of_roskilde, closer)
    assert "Roskilde was above the country in week 45" in text
    assert "Roskilde, week 45 6.0 %" in text
    assert "Day by day in week 45" in text
    assert "Back from this week to the newest figures" in text
    assert "Back from this week" not in shown(officer_of_roskilde, uge="2026-47")


@pytest.mark.parametrize("week", ["2026-46", "2026-1", "2025-47", "2026-99", "47", "x", "2026-47'"])
def test_a_week_that_is_not_on_the_page_cannot_be_looked_at(
    officer_of_roskilde: Client, weeks: list[Campaign], week: str
) -> None:
    assert officer_of_roskilde.get(URL, {"uge": week}).status_code == 404


def test_no_chart_is_drawn_of_numbers_that_are_all_hidden(
    logged_in: Log_in, roskilde: Municipality, koege: Municipality
) -> None:
    week = statistics.week()
    for municipality in (roskilde, koege):
        statistics.send(week, municipality, municipal_staff=(40, 1, 1, 0, 0, 0))
    response = logged_in("olga").get(URL)
    assert "There are no figures in week 47" in shown(logged_in("olga"))
    assert b"chart--bars" not in response.content


def test_without_figures_the_page_says_so(
    logged_in: Log_in, officer_of_roskilde: Client, roskilde: Municipality
) -> None:
    statistics.week(48, state=CampaignState.OPEN)
    for client in (logged_in("olga"), officer_of_roskilde):
        assert "There are no figures yet." in shown(client)
    assert "There are no figures yet." in shown(Client(), reverse("reporting:open_data"))


@pytest.mark.parametrize("extension", ["csv", "xlsx", "json"])
def test_the_weeks_on_the_page_can_be_fetched(
    officer_of_roskilde: Client, weeks: list[Campaign], extension: str
) -> None:
    response = officer_of_roskilde.get(reverse("reporting:statistics_file", args=[extension]))
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"
    assert f'filename="personale-skoler-0265.{extension}"' in response["Content-Disposition"]


def test_the_file_of_a_page_has_its_numbers(officer_of_roskilde: Client, weeks: list[Campaign]) -> None:
    response = officer_of_roskilde.get(reverse("reporting:statistics_file", args=["csv"]))
    text = response.content.decode("utf-8-sig")
    latest = next(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert (latest["uge"], latest["sted"], latest["procent"], latest["landet_procent"]) == (
        "47",
        "Roskilde",
        "6,2",
        "5,1",
    )


def test_the_page_on_figures_tells_the_rule_in_numbers(db: None) -> None:
    page = shown(Client(), reverse("reporting:about"))
    assert "3,000" in page
    assert "100,000" in page
    assert "fewer than 5 were sick" in page
    assert "how many there are in all, where they are fewer than 5" in page
    assert "fewer than 3 schools have answered" in page


@pytest.mark.parametrize("group", ["elever", "personale-skoler"])
def test_queries_grow_neither_with_weeks_nor_with_municipalities(
    logged_in: Log_in, weeks: list[Campaign], roskilde: Municipality, group: str
) -> None:
    client = logged_in("olga")
    asked = {"tal": group, "sted": "0265", "uger": "52"}
    client.get(URL, asked)
    before = _queries(client, asked)
    for code in range(1, 21):
        sick_leave.municipality(f"{code:04}", f"By {code}")
    for number in range(10, 40):
        statistics.send(statistics.week(number), roskilde, municipal_staff=(500, *[30] * 5))
    client.get(URL, asked)  # makes the figures
    assert _queries(client, asked) == before


def _queries(client: Client, asked: dict[str, str]) -> int:
    with CaptureQueriesContext(connection) as found:
        client.get(URL, asked)
    return len(found)

"""A series' page: the one-time bypass, the confirmation that keeps it, and how much an import may change."""

import datetime as dt

import pytest
from django.utils import timezone
from lxml import html

from institutions.models import Brake, BrakeLimit, ImportSeries, Membership, RunState
from institutions.roles import Right

from .conftest import AT, SYSTEM, pupils, send
from .test_runs import main, words_of


@pytest.fixture
def at(series):
    return f"{AT}serier/{series.pk}/"


@pytest.fixture
def limit():
    return f"{AT}graenser/101001/ending/"


def limit_rows(client) -> dict[str, str]:
    page = html.fromstring(client.get(f"{AT}graenser/101001/").content)
    rows = page.xpath("//section[@aria-labelledby='limits']//tbody/tr")
    return {words_of(row.xpath("./td")[0]): words_of(row) for row in rows}


def test_a_series_says_when_it_was_last_loaded_and_what_is_allowed(leif, at):
    page = main(leif.get(at))
    for words in (SYSTEM, "Importeret", "Skoleår 2026-2027", "Stoppet i træk 0", "10 procent og mindst 5"):
        assert words in page


def test_a_brake_without_a_share_says_from_how_many_people_it_stops(leif, loaded):
    rows = limit_rows(leif)
    assert rows["Beskyttede personer, der mister beskyttelsen"].endswith("Mindst 2 personer Mindst 2 personer")
    assert rows["En leverance uden personer"].endswith("Altid Altid")


def test_an_armed_bypass_lets_one_import_through_and_then_the_limits_apply_again(leif, at, series):
    assert "Ingen ser på ændringerne først" in main(leif.get(f"{at}omgaa/"))
    page = main(leif.post(f"{at}omgaa/", {"note": "Vi skifter system"}, follow=True))
    assert "Næste import slipper igennem, én gang." in page
    assert "Besluttet af Leif Dam" in page
    assert "Vi skifter system" in page
    assert send(*pupils(range(20)), night=1).state == RunState.LOADED
    assert send(*pupils(range(10)), night=2).state == RunState.AWAITING_APPROVAL


def test_a_bypass_can_be_taken_back_before_it_is_used(leif, at, series):
    leif.post(f"{at}omgaa/", {"note": "Vi skifter system"})
    assert "Fjern det igen" in main(leif.get(at))
    page = main(leif.post(f"{at}omgaa/", {"fortryd": "1"}, follow=True))
    assert "Grænserne gælder igen." in page
    assert send(*pupils(range(20)), night=1).state == RunState.AWAITING_APPROVAL


def test_a_bypass_without_a_reason_is_not_armed_and_a_second_is_refused(leif, at, series):
    assert "Skriv en begrundelse" in main(leif.post(f"{at}omgaa/", {"note": ""}))
    series.refresh_from_db()
    assert series.bypass_until is None
    leif.post(f"{at}omgaa/", {"note": "a"})
    leif.post(f"{at}omgaa/", {"note": "b"})
    series.refresh_from_db()
    assert series.bypass_note == "a"


def test_taking_back_what_is_not_armed_says_so_and_changes_nothing(leif, at):
    assert leif.post(f"{at}omgaa/", {"fortryd": "1"}, follow=True).status_code == 200


def test_a_bypass_that_nobody_used_is_not_shown_as_armed(leif, at, series, cast):
    series.bypass_until, series.bypass_by = timezone.now() - dt.timedelta(minutes=1), cast["leif"]
    series.save()
    assert "slipper igennem én gang" not in main(leif.get(at))


def test_a_series_about_to_end_is_kept_by_one_click_after_a_page_that_says_so(leif, at, series):
    ImportSeries.objects.update(warned_at=timezone.now(), last_loaded_at=timezone.now() - dt.timedelta(days=340))
    assert "Brugerne fra dette system er ved at ophøre" in main(leif.get(at))
    assert f"Bruger I stadig {SYSTEM}?" in main(leif.get(f"{at}bekraeft/"))
    series.refresh_from_db()
    assert series.confirmed_at is None
    page = main(leif.post(f"{at}bekraeft/", follow=True))
    assert "Brugerne fra dette system bliver et år til." in page
    series.refresh_from_db()
    assert series.confirmed_at is not None


def test_a_series_that_has_ended_cannot_be_confirmed(leif, at, series):
    ImportSeries.objects.update(ended_at=timezone.now())
    response = leif.post(f"{at}bekraeft/")
    assert response.status_code == 200
    assert "alert-error" in response.content.decode()
    assert "Ophørt" in main(leif.get(at))


def test_an_own_limit_is_set_with_a_reason_and_counts_from_the_next_import(leif, loaded, limit):
    fields = {"rule": "egen", "share": "60", "note": "Vi lægger to skoler sammen"}
    page = main(leif.post(limit, fields, follow=True))
    assert "Grænsen er gemt." in page
    assert "60 procent" in limit_rows(leif)["Tilknytninger, der ophører"]
    assert "Vi lægger to skoler sammen" in main(leif.get(limit))
    assert send(*pupils(range(20)), night=1).state == RunState.LOADED
    assert Membership.objects.current().filter(source=SYSTEM).count() == 20


def test_a_brake_can_be_switched_off_and_the_standard_set_again(leif, loaded, limit):
    leif.post(limit, {"rule": "aldrig", "note": "Aftalt"})
    assert BrakeLimit.objects.get(brake=Brake.ENDING).share is None
    assert "Stopper aldrig" in limit_rows(leif)["Tilknytninger, der ophører"]
    leif.post(limit, {"rule": "standard", "note": "Aftalt"})
    assert not BrakeLimit.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"rule": "egen", "note": "x"},
        {"rule": "egen", "share": "0", "note": "x"},
        {"rule": "egen", "share": "101", "note": "x"},
        {"rule": "egen", "share": "ti", "note": "x"},
        {"rule": "egen", "share": "50"},
        {"share": "50", "note": "x"},
        {"rule": "noget", "share": "50", "note": "x"},
    ],
)
def test_a_limit_that_makes_no_sense_is_not_set(leif, loaded, limit, fields):
    response = leif.post(limit, fields)
    assert response.status_code == 200
    assert "form-error" in response.content.decode()
    assert not BrakeLimit.objects.exists()


def test_the_form_shows_what_applies_now(leif, loaded, limit):
    leif.post(limit, {"rule": "egen", "share": "25", "note": "x"})
    page = html.fromstring(leif.get(limit).content)
    assert page.xpath("//input[@name='rule'][@checked]/@value") == ["egen"]
    assert page.xpath("//input[@name='share']/@value") == ["25"]


def test_who_may_only_look_sees_no_way_to_change_anything(by_mitid, series, at):
    client = by_mitid("mette", Right.USER_OVERVIEW)
    for path in (at, f"{AT}graenser/101001/", AT):
        links = html.fromstring(client.get(path).content).xpath("//main//a/@href|//header//a/@href")
        assert not [link for link in links if "omgaa" in link or "/ending/" in link or "skift-cpr" in link]

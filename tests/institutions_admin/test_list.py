"""The import page: status of each series, what is held, and the runs, filtered and by the page."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import html

from institutions.models import ImportRun, ImportSeries, Institution, InstitutionKind, InstitutionLevel, RunState
from institutions.roles import Right

from .conftest import AT, SYSTEM, pupils, send


def text(response) -> str:
    [main] = html.fromstring(response.content).xpath("//main")
    return " ".join(main.text_content().split())


def status_row(client, **query: str) -> str:
    page = html.fromstring(client.get(AT, query).content)
    return " ".join(page.xpath("//section[@aria-labelledby='import-status']")[0].text_content().split())


def run_rows(response) -> list[str]:
    page = html.fromstring(response.content)
    return [
        " ".join(row.text_content().split()) for row in page.xpath("//table[contains(@class,'table--runs')]//tbody/tr")
    ]


def several(institution: Institution, count: int, state: RunState = RunState.LOADED, days: int = 0) -> None:
    ImportRun.objects.bulk_create(
        ImportRun(
            institution_number=institution.number,
            source=SYSTEM,
            file_name="x.xml",
            sha256="0" * 64,
            state=state,
            counts={"persons": number},
            started_at=timezone.now() - dt.timedelta(days=days, seconds=number),
        )
        for number in range(count)
    )


def test_a_fresh_import_is_green_with_its_word_and_both_times(leif, loaded):
    row = status_row(leif)
    assert "Lærkeskolen" in row
    assert SYSTEM in row
    assert "Importeret" in row
    assert "I dag kl." in row
    assert "I nat kl. 2.00" in row


@pytest.mark.parametrize(("state", "word"), [(RunState.REJECTED, "Afvist"), (RunState.UNDONE, "Venter på import")])
def test_what_was_not_imported_last_is_red_with_its_word(leif, loaded, state, word):
    ImportRun.objects.filter(pk=loaded.pk).update(state=state)
    assert word in status_row(leif)
    assert b"status--bad" in leif.get(AT).content


def test_a_series_that_has_not_come_for_two_days_waits_for_import(leif, loaded):
    ImportRun.objects.filter(pk=loaded.pk).update(started_at=timezone.now() - dt.timedelta(hours=49))
    assert "Venter på import" in status_row(leif)


def test_a_school_that_no_system_delivers_for_waits_for_import(leif, cast):
    assert "Venter på import" in status_row(leif)
    assert "Intet endnu" in status_row(leif)


def test_a_held_import_stands_first_with_the_way_to_answer_it(leif, held):
    page = html.fromstring(leif.get(AT).content)
    [alert] = page.xpath("//main//div[contains(@class,'alert-warning')]")
    assert "Vi har holdt en import tilbage" in alert.text_content()
    assert "20 af 40 personer ville miste deres tilknytning til Lærkeskolen" in alert.text_content()
    assert alert.xpath(".//a/@href") == [f"{AT}{held.pk}/godkend/"]


def test_who_may_only_look_is_led_to_a_page_that_they_may_see(by_mitid, held):
    client = by_mitid("mette", Right.USER_OVERVIEW)
    page = html.fromstring(client.get(AT).content)
    [link] = page.xpath("//main//div[contains(@class,'alert-warning')]//a/@href")
    assert client.get(link).status_code == 200
    assert not [path for path in page.xpath("//main//a/@href") if "godkend" in path]


def test_runs_stand_newest_first_with_their_counts(leif, loaded):
    send(*pupils(range(20)), *pupils(range(20, 39), level="4"), *pupils(range(100, 102)), night=1)
    [newest, oldest] = run_rows(leif.get(AT))
    assert newest.split()[-6:] == ["41", "2", "0", "39", "1", "0"]
    assert oldest.split()[-6:] == ["40", "40", "0", "0", "0", "0"]


def test_a_run_that_was_held_does_not_look_as_if_it_had_ended_anybody(leif, held):
    [row, _] = run_rows(leif.get(AT))
    assert row.split()[-6:] == ["20", "–", "–", "–", "–", "0"]


def test_a_run_with_errors_says_how_many_are_missing(leif, flawed):
    [row] = run_rows(leif.get(AT))
    assert "Indlæst, men 3 personer mangler" in row
    assert row.split()[-1] == "3"


def test_the_list_is_narrowed_by_state_and_period(leif, cast):
    several(cast.school, 2)
    several(cast.school, 3, RunState.REJECTED, days=20)
    several(cast.school, 4, days=60)
    assert len(run_rows(leif.get(AT))) == 5
    assert len(run_rows(leif.get(AT, {"periode": "7"}))) == 2
    assert len(run_rows(leif.get(AT, {"tilstand": "rejected"}))) == 3
    assert len(run_rows(leif.get(AT, {"periode": "alle", "tilstand": "loaded"}))) == 6


def test_a_filter_that_makes_no_sense_is_no_error(leif, loaded):
    for query in ({"periode": "x"}, {"tilstand": "'; --"}, {"side": "x"}, {"side": "-1"}, {"institution": "999999"}):
        assert leif.get(AT, query).status_code == 200


def test_pages_keep_the_filter(leif, cast):
    several(cast.school, 60, days=40)
    page = html.fromstring(leif.get(AT, {"periode": "365", "side": "2"}).content)
    links = page.xpath("//nav[contains(@class,'pagination')]//a/@href")
    assert "?periode=365&side=3" in links
    assert len(run_rows(leif.get(AT, {"periode": "365", "side": "3"}))) == 10


def test_an_empty_list_says_why_and_where_to_go(leif, cast):
    response = leif.get(AT)
    assert "Ingen importer her" in text(response)
    assert b'href="/brugeradministration/import/?periode=alle"' in response.content


def test_several_institutions_are_chosen_among(by_mitid, loaded, elsewhere):
    client = by_mitid("karim", Right.USER_OVERVIEW)
    page = html.fromstring(client.get(AT).content)
    assert page.xpath("//select[@name='institution']/option/@value") == ["", "G12345", "101001", "202002"]
    assert len(run_rows(client.get(AT))) == 1
    assert run_rows(client.get(AT, {"institution": "202002"})) == []
    assert "Mosevangskolen" in status_row(client, institution="202002")
    assert "Lærkeskolen" not in status_row(client, institution="202002")


def test_an_operator_finds_an_institution_by_name_or_number(logged_in, cast, loaded):
    country(25)
    client = logged_in("olga")
    assert "Skole 7" not in status_row(client)  # no system delivers for it
    assert "Skole 7" in status_row(client, q="skole 7")
    assert "Lærkeskolen" in status_row(client, q="1010")
    assert run_rows(client.get(AT, {"q": "skole 7"})) == []
    assert len(run_rows(client.get(AT, {"q": "lærke"}))) == 1


def test_a_file_of_nobodys_is_the_operators_to_see(logged_in, leif, cast):
    run = ImportRun.objects.create(file_name="rod.xml", sha256="0" * 64, state=RunState.REJECTED, reason="not_xml")
    assert len(run_rows(logged_in("olga").get(AT))) == 1
    assert logged_in("olga").get(f"{AT}{run.pk}/").status_code == 200
    assert run_rows(leif.get(AT)) == []
    assert leif.get(f"{AT}{run.pk}/").status_code == 404


def country(count: int) -> None:
    for number in range(count):
        Institution.objects.create(
            number=f"3{number:05}",
            name=f"Skole {number}",
            kind=InstitutionKind.SCHOOL,
            level=InstitutionLevel.SCHOOL,
            cvr="94348552",
        )


def test_no_query_more_for_more_institutions_series_and_runs(by_mitid, held):
    client = by_mitid("mette", Right.USER_OVERVIEW)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(AT)
    country(12)
    for institution in Institution.objects.filter(name__startswith="Skole"):
        ImportSeries.objects.create(institution=institution, source=SYSTEM)
        several(institution, 6)
    with CaptureQueriesContext(connection) as many:
        client.get(AT)
    assert len(many) <= len(few)


@pytest.mark.parametrize(("state", "signs"), [("loaded", 0), ("held", 2), ("flawed", 2)])
def test_the_menu_has_a_warning_sign_when_something_needs_looking_at(leif, request, state, signs):
    request.getfixturevalue(state)
    page = html.fromstring(leif.get(AT).content)
    found = page.xpath("//header//*[contains(@class,'menu-sign')]/@aria-label")
    assert found == ["Der er noget, I skal se på"] * signs  # in the menu and in the phone's


def test_a_good_import_after_a_bad_one_takes_the_sign_away(leif, flawed):
    send(*pupils(range(20)), night=1)
    assert b"menu-sign" not in leif.get(AT).content

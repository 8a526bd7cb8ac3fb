"""Answering for a held import, and taking a loaded one back."""

import pytest
from django.utils.translation import override
from lxml import html

from accounts.models import AuditEvent
from institutions import services
from institutions.actor import Actor
from institutions.administration import stops
from institutions.importing.format import LEVELS
from institutions.importing.stop_words import stop_lines
from institutions.models import (
    Brake,
    ImportChange,
    ImportDecision,
    ImportRun,
    Membership,
    RunState,
)

from .conftest import AT, SYSTEM, pupils, send
from .test_runs import main, read_csv, words_of

NOTE = "Årgangen er flyttet til naboskolen."


@pytest.fixture
def page_of(leif, held):
    return f"{AT}{held.pk}/godkend/"


def current() -> int:
    return Membership.objects.current().filter(source=SYSTEM).count()


def answer(client, path, choice="godkend", note=NOTE):
    return client.post(path, {"answer": choice, "note": note})


def test_the_page_says_what_would_have_happened_and_that_nothing_has(leif, page_of):
    page = main(leif.get(page_of))
    for words in (
        "Vi har holdt en import tilbage",
        "20 af 40 personer ville miste deres tilknytning til Lærkeskolen",
        "Det er 50 procent. Grænsen er 10 procent.",
        "Intet er ændret endnu, og alle kan logge på som i går.",
        "3. årgang 20 20 Ingen",
        "4. årgang 20 0 20 ophører",
        "Se alle 20, der ophører",
        "E020 Tilknytning Elev, 4a Ophører",
        "Hele årgange eller grupper mangler i filen: 4. årgang.",
    ):
        assert words in page
    assert current() == 40


def test_the_mail_says_what_the_page_says(leif, loaded, mailoutbox, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        run = send(*pupils(range(20)), night=1)
    page = html.fromstring(leif.get(f"{AT}{run.pk}/godkend/").content)
    heading = words_of(page.xpath("//main//*[contains(@class, 'alert-heading')]")[0])
    assert f"- {heading}. Det er 50 procent. Grænsen er 10 procent." in mailoutbox[0].body


def test_no_answer_is_chosen_beforehand(leif, page_of):
    page = html.fromstring(leif.get(page_of).content)
    assert len(page.xpath("//input[@type='radio']")) == 2
    assert page.xpath("//input[@type='radio'][@checked]") == []


def test_an_approved_import_is_loaded_with_the_reason_and_who_gave_it(leif, held, page_of):
    response = leif.post(page_of, {"answer": "godkend", "note": NOTE}, follow=True)
    assert response.redirect_chain == [(f"{AT}{held.pk}/", 302)]
    page = main(response)
    assert "Importen er godkendt og indlæst." in page
    assert f"Godkendt {NOTE}" in page
    assert "Leif Dam" in page
    assert current() == 20
    event = AuditEvent.objects.get(action="import.approve")
    assert (event.actor.username, event.details["note"]) == ("leif8835", NOTE)


def test_a_stopped_import_leaves_everything_as_it_is(leif, held, page_of):
    page = main(leif.post(page_of, {"answer": "stop", "note": NOTE}, follow=True))
    assert "Importen er stoppet. Alt er, som det var." in page
    assert "Stoppet" in page
    assert "Der er noget, I skal se på" not in leif.get(AT).content.decode()
    assert current() == 40
    held.refresh_from_db()
    assert held.state == RunState.REJECTED


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"note": NOTE}, "Vælg, hvad vi skal gøre"),
        ({"answer": "godkend"}, "Skriv en begrundelse"),
        ({"answer": "godkend", "note": "   "}, "Skriv en begrundelse"),
        ({"answer": "måske", "note": NOTE}, "Vælg, hvad vi skal gøre"),
        ({"answer": "godkend", "note": "x" * 1001}, "Begrundelsen må fylde 1000 tegn. Den fylder 1001"),
    ],
)
def test_an_answer_that_lacks_something_decides_nothing(leif, held, page_of, fields, complaint):
    response = leif.post(page_of, fields)
    assert complaint in main(response)
    assert response.content.decode().count("<title>Fejl:") == 1
    assert not ImportDecision.objects.exists()
    assert current() == 40


def test_whoever_comes_second_is_told_who_answered_when_and_why(leif, by_mitid, held, page_of, cast):
    services.reject_run(held, by=Actor.of(cast["mette"]), note="Filen er gammel")
    for response in (leif.get(page_of), answer(leif, page_of)):
        page = main(response)
        assert "En anden har allerede svaret" in page
        assert "Mette Holm" in page
        assert "I dag kl." in page
        assert "Filen er gammel" in page
        assert "Der er ikke gemt noget af det, du skrev." in page
    assert ImportDecision.objects.count() == 1
    assert current() == 40


def test_two_clicks_decide_once_and_lead_to_the_same_page(leif, held, page_of):
    first, second = answer(leif, page_of), answer(leif, page_of)
    assert first.headers["Location"] == second.headers["Location"] == f"{AT}{held.pk}/"
    assert ImportDecision.objects.count() == 1


def test_a_newer_file_ends_the_wait_and_the_page_says_so(leif, held, page_of):
    send(*pupils(range(20)), *pupils(range(20, 40), level="4"), *pupils(range(60, 61)), night=2)
    page = main(answer(leif, page_of))
    assert "Importen venter ikke længere på svar" in page
    assert "Der kom en nyere fil, så importen stoppede af sig selv." in page
    assert not ImportDecision.objects.exists()


def test_an_operator_who_answers_stands_there_as_the_agency(logged_in, leif, held, page_of):
    answer(logged_in("olga"), page_of, "stop")
    page = main(leif.get(f"{AT}{held.pk}/"))
    assert "STIL" in page
    assert "stil0001" not in page


def test_what_would_change_is_listed_by_kind_by_the_page_and_as_csv(leif, held):
    ImportChange.objects.create(run=held, kind="changes", local_person_id="E5", field="name")
    ImportChange.objects.create(
        run=held, kind="changes", local_person_id="M7", field="roles", was="Vikar", becomes="Lærer"
    )
    page = main(leif.get(f"{AT}{held.pk}/aendringer/"))
    assert "E020 Tilknytning Elev, 4a Ophører" in page
    assert page.endswith("Svar")  # the way back to answering
    only = main(leif.get(f"{AT}{held.pk}/aendringer/", {"type": "changes"}))
    assert "E020" not in only
    assert "E5 Navn Vises ikke Ændres" in only
    assert "M7 Rolle Vikar Lærer" in only
    header, *rows = read_csv(leif.get(f"{AT}{held.pk}/aendringer.csv"))
    assert header == ["Lokalt id", "Felt", "Nu", "Efter"]
    assert rows[0] == ["E020", "Tilknytning", "Elev, 4a", "Ophører"]
    assert len(rows) == 22


@pytest.mark.parametrize("brake", Brake)
def test_every_brake_has_a_sentence_with_the_institutions_name(brake):
    stop = {"brake": brake.value, "count": 5, "of": 20, "limit": 10}
    [line] = stop_lines([stop], "Lærkeskolen")
    assert "Lærkeskolen" in line.headline
    assert "%" not in line.headline


@pytest.mark.parametrize(
    ("count", "of", "limit", "words"),
    [(148, 912, 10, "Det er 16 procent."), (101, 1000, 10, "Det er 10,1 procent."), (5, 20, 0, "")],
)
def test_a_share_that_passed_its_limit_never_looks_as_if_it_had_kept_it(count, of, limit, words):
    [line] = stop_lines([{"brake": "ending", "count": count, "of": of, "limit": limit}], "L")
    assert line.share.startswith(words)


def group(level: str, now: int, after: int, new: int = 0, ends: int = 0) -> dict:
    label = {"kind": "level", "value": level}
    return {"label": label, "now": now, "after": after, "new": new, "ends": ends, "changed": 0, "is_big": False}


def stop(brake: Brake, count: int = 50, of: int = 100) -> dict:
    return {"brake": brake.value, "count": count, "of": of, "limit": 10}


@pytest.mark.parametrize(
    ("found", "groups", "words"),
    [
        ([stop(Brake.ENDING)], [group("1", 50, 50), group("2", 50, 0, ends=50)], "afbrudt"),
        ([stop(Brake.ENDING)], [group("1", 100, 98, new=48, ends=50)], "nye lokale id"),
        ([stop(Brake.EMPTY), stop(Brake.ENDING, 100)], [group("1", 100, 0, ends=100)], "uden personer"),
        ([stop(Brake.RENAMED, 90)], [group("1", 100, 100)], "byttet om"),
        ([stop(Brake.CPR, 6)], [group("1", 100, 100)], "andre personer"),
        ([stop(Brake.MOVED, 90)], [group("1", 100, 100)], "nyt skoleår"),
        ([stop(Brake.SCHOOL_YEAR)], [group("1", 100, 100)], "for tidligt"),
        ([stop(Brake.UNDONE)], [group("1", 100, 100)], "tog den forrige import tilbage"),
        ([stop(Brake.PROTECTION, 3), stop(Brake.RENAMED, 90)], [group("1", 100, 100)], "beskyttelsen"),
        ([stop(Brake.LEADERS, 4)], [group("1", 100, 100)], "forkert rolle"),
        ([stop(Brake.ENDING), stop(Brake.LEADERS)], [group("1", 100, 98, new=48, ends=50)], "nye lokale id"),
        ([stop(Brake.CONTACTS, 80)], [group("1", 100, 100)], "uden kontaktpersoner"),
        ([stop(Brake.CONTACTS)], [group("1", 100, 100)], ""),
        ([stop(Brake.DRAINING, 30)], [group("1", 80, 76, ends=4)], "flere nætter"),
        ([stop(Brake.RENAMED, 10)], [group("1", 100, 100)], ""),
    ],
)
def test_the_possible_cause_follows_from_the_numbers(found, groups, words):
    cause = stops.possible_cause(found, groups, SYSTEM)
    assert words in cause
    assert bool(cause) == bool(words)


def test_every_level_has_its_name():
    names = {level: stops.label({"kind": "level", "value": level}) for level in LEVELS}
    assert len(set(names.values())) == len(LEVELS)
    assert {level for level, name in names.items() if name.endswith(". årgang")} == {str(year) for year in range(11)}
    assert names["U2"] == "2. år på en ungdomsuddannelse"


def test_a_loaded_import_is_taken_back_with_a_reason(leif, loaded):
    page = main(leif.get(f"{AT}{loaded.pk}/tag-tilbage/"))
    assert "40 personer, der blev oprettet, fjernes igen." in page
    response = leif.post(f"{AT}{loaded.pk}/tag-tilbage/", {"note": "Forkert fil"}, follow=True)
    assert "Importen er taget tilbage. Alt er, som det var før den." in main(response)
    assert "Forkert fil" in main(response)
    assert current() == 0
    loaded.refresh_from_db()
    assert loaded.state == RunState.UNDONE


def test_taking_back_without_a_reason_or_by_get_does_nothing(leif, loaded):
    leif.get(f"{AT}{loaded.pk}/tag-tilbage/", {"note": "x"})
    assert "Skriv en begrundelse" in main(leif.post(f"{AT}{loaded.pk}/tag-tilbage/", {"note": ""}))
    assert current() == 40


def test_two_clicks_take_back_once(leif, loaded):
    for _ in range(2):
        response = leif.post(f"{AT}{loaded.pk}/tag-tilbage/", {"note": "Forkert fil"})
        assert response.headers["Location"] == f"{AT}{loaded.pk}/"
    assert ImportDecision.objects.count() == 1


def test_an_import_that_another_has_built_on_says_why_it_cannot_be_taken_back(leif, loaded):
    send(*pupils(range(20)), *pupils(range(20, 40), level="4"), *pupils(range(70, 71)), night=1)
    for response in (
        leif.get(f"{AT}{loaded.pk}/tag-tilbage/"),
        leif.post(f"{AT}{loaded.pk}/tag-tilbage/", {"note": "Forkert fil"}),
        leif.get(f"{AT}{loaded.pk}/"),
    ):
        with override("da"):
            assert services.why_not_undo(loaded) in main(response)
    assert current() == 41
    assert ImportRun.objects.get(pk=loaded.pk).state == RunState.LOADED

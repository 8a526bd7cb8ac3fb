"""Skift CPR: typed once, analysed, confirmed; the number is left nowhere."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone
from lxml import html

from accounts.models import AuditEvent, LoginSession, Person
from institutions.models import ImportIssue, Membership
from tests.cast import CPR
from tests.institutions.deliveries import cpr, person, pupil

from .conftest import AT, SYSTEM, pupils, send
from .test_runs import main

NEW, NOTE = cpr(4000), "Har fået nyt CPR-nummer"
PAGE, CONFIRM = f"{AT}skift-cpr/", f"{AT}skift-cpr/bekraeft/"


@pytest.fixture
def analyse(leif, series):
    def ask(number: str = NEW, local_id: str = "E001", client=leif, of=series):
        return client.post(PAGE, {"series": of.pk, "local_id": local_id, "cpr": number})

    return ask


def token(response) -> str:
    [value] = html.fromstring(response.content).xpath("//input[@name='sealed']/@value")
    return str(value)


def confirm(client, sealed: str, note: str = NOTE, **options):
    return client.post(CONFIRM, {"sealed": sealed, "note": note}, **options)


def member(local_id: str = "E001") -> Person:
    return Membership.objects.current().get(source=SYSTEM, local_person_id=local_id).person


def test_analysing_says_what_it_comes_to_and_changes_nothing(analyse, series):
    before = member()
    page = main(analyse())
    assert "Personen beholder konto, brugernavn og adgangskode." in page
    assert "E001" in page
    assert member() == before
    assert bytes(member().cpr) == bytes(before.cpr)


def test_after_the_confirmation_the_next_import_lets_the_row_through(leif, analyse, series):
    account = member().user
    moved = [pupil("E001", person(4000, "Anna", "Holm1"), main="3a"), *pupils(range(20))[:1], *pupils(range(20))[2:]]
    rest = pupils(range(20, 40), level="4")
    refused = send(*moved, *rest, night=1)
    assert [issue.code for issue in ImportIssue.objects.filter(run=refused)] == ["CPR_UVENTET"]
    response = confirm(leif, token(analyse()), follow=True)
    assert "CPR-nummeret på E001 er skiftet. Rækken kommer med ved næste import." in main(response)
    again = send(*moved, *rest, night=2)
    assert not ImportIssue.objects.filter(run=again).exists()
    assert member().user == account


def test_a_number_that_somebody_has_moves_the_tie_and_tells_nothing_of_that_person(leif, analyse, cast):
    response = analyse(CPR["ida"])
    page = main(response)
    assert "En anden har allerede det nye nummer" in page
    assert "Ida Vang" not in page
    assert "idav1057" not in page
    confirm(leif, token(response))
    assert member() == cast.person("ida")


@pytest.mark.parametrize(
    ("number", "local_id", "words"),
    [
        ("", "E001", "Skriv det nye cpr-nummer"),
        ("12345", "E001", "Et CPR-nummer er ti cifre, der begynder med en fødselsdato"),
        ("9999999999", "E001", "Et CPR-nummer er ti cifre, der begynder med en fødselsdato"),
        (NEW, "", "Skriv personens lokale id"),
        (NEW, "E777", "Ingen"),
        (cpr(1), "E001", ""),
        (cpr(2), "E001", ""),
    ],
)
def test_what_cannot_be_changed_says_why_and_changes_nothing(analyse, number, local_id, words):
    before = bytes(member().cpr)
    response = analyse(number, local_id)
    assert response.status_code == 200
    assert b"form-error-message" in response.content or b"alert-error" in response.content
    assert words in main(response)
    assert bytes(member().cpr) == before


@pytest.mark.parametrize("typed", [f"{NEW[:6]}-{NEW[6:]}", f" {NEW[:6]} {NEW[6:]} "])
def test_a_number_may_be_typed_with_hyphen_or_spaces(analyse, typed):
    assert "Personen beholder konto" in main(analyse(typed))


def test_a_reason_is_asked_for_and_the_number_is_not_typed_again(leif, analyse):
    response = confirm(leif, token(analyse()), note="")
    assert "Skriv en begrundelse" in main(response)
    assert confirm(leif, token(response)).status_code == 302
    assert member() == Person.objects.with_cpr(NEW).get()


def everywhere(response) -> str:
    return response.content.decode() + str(response.headers)


def test_the_number_is_in_no_page_address_session_log_or_audit(leif, analyse, capfd, caplog):
    caplog.set_level("DEBUG")
    answers = [analyse(), analyse(cpr(2)), analyse("61015")]
    done = confirm(leif, token(answers[0]), follow=True)
    for response in (*answers, done):
        assert NEW not in everywhere(response)
        assert cpr(2) not in everywhere(response)
        assert "61015" not in html.fromstring(response.content).text_content()
    assert [url for url, _ in done.redirect_chain] == [PAGE]
    for session in LoginSession.objects.all():
        assert NEW not in str(session.get_decoded())
    written = "".join(capfd.readouterr()) + caplog.text
    assert written
    for number in (NEW, cpr(2)):
        assert number not in written
    for event in AuditEvent.objects.all():
        assert NEW not in str(event.details)


def test_the_sealed_number_opens_for_nobody_else(analyse, by_mitid, logged_in):
    sealed = token(analyse())
    confirm(logged_in("olga"), sealed)
    assert not Person.objects.with_cpr(NEW).exists()


def test_the_sealed_number_is_good_for_ten_minutes(leif, analyse):
    sealed = token(analyse())
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=10, seconds=5)):
        page = main(confirm(leif, sealed, follow=True))
    assert "Siden er blevet for gammel." in page
    assert not Person.objects.with_cpr(NEW).exists()


@pytest.mark.parametrize("sealed", ["", "x", "AAAA", "ÆØÅ", "!" * 50])
def test_what_was_not_sealed_here_is_refused(leif, series, sealed):
    assert "Siden er blevet for gammel." in main(confirm(leif, sealed, follow=True))


def test_confirming_twice_changes_once(leif, analyse):
    sealed = token(analyse())
    confirm(leif, sealed)
    assert confirm(leif, sealed).status_code == 302
    assert AuditEvent.objects.filter(action="import.cpr_changed").count() == 1


def test_who_leads_another_school_cannot_change_a_number_here(by_mitid, series, elsewhere):
    client = by_mitid("karim")
    response = client.post(PAGE, {"series": series.pk, "local_id": "E001", "cpr": NEW})
    assert not html.fromstring(response.content).xpath("//input[@name='sealed']")


def test_a_person_whom_others_have_too_is_supports_matter(leif, analyse, cast):
    Membership.objects.create(
        person=member(),
        institution=cast.day_care,
        source="Et andet system",
        local_person_id="B1",
        kind="student",
        roles=["Barn"],
        level="DT",
        from_date=timezone.localdate(),
    )
    response = analyse()
    assert "Bed support" in main(response)
    assert not html.fromstring(response.content).xpath("//input[@name='sealed']")


def test_the_link_from_an_issue_fills_in_whom(leif, series):
    page = html.fromstring(leif.get(PAGE, {"serie": series.pk, "lokalt-id": "E001"}).content)
    assert page.xpath("//input[@name='local_id']/@value") == ["E001"]
    assert page.xpath("//input[@name='series']/@value") == [str(series.pk)]


def test_the_field_is_never_filled_in_by_the_page(analyse):
    page = html.fromstring(analyse("61015").content)
    assert page.xpath("//input[@name='cpr']/@value") == []


def test_without_an_import_there_is_nothing_to_change_and_the_page_says_so(leif, cast):
    assert "Ingen institution passer" in main(leif.get(PAGE))

"""*Indsigt*: who receives data on somebody and their children, by which agreement, and when last (D9.4)."""

import datetime as dt

import pytest
from django.utils import timezone

from dataagreements import services
from dataagreements.models import Connection, Fetch, WebService
from dataagreements.packages import Package
from dataagreements.states import AgreementAction, ConnectionState
from tests.agreements import agreement_with, approve, ask, institution

PATH = "/tilslutning/indsigt/"


@pytest.fixture
def fetched(approved):
    """Læsebroen has fetched Bakkehuset's children, viggo among them."""
    return Fetch.objects.create(
        agreement=approved, at=timezone.now() - dt.timedelta(days=1), format="xml", package=Package.MEDIUM, people=9
    )


def test_a_parent_sees_who_receives_data_on_her_child_and_when_last(logged_in, fetched):
    page = logged_in("mette").get(PATH).content.decode()
    assert "Om Viggo" in page
    assert "Læsebroen" in page
    assert "Nordlys Læring, efter aftale med Bakkehuset" in page
    assert "Sprogstimulering og lydbøger til børn" in page
    assert "Fødselsdato" in page
    assert "I går kl." in page


def test_who_is_no_parent_in_custody_sees_nothing_of_the_child(logged_in, fetched):
    for name in ("anna", "tove", "emil"):
        page = logged_in(name).get(PATH).content.decode()
        assert "Viggo" not in page
        assert "Læsebroen" not in page


def test_an_employee_sees_what_goes_about_oneself(logged_in, fetched):
    page = logged_in("karim").get(PATH).content.decode()
    assert "Om dig" in page
    assert "Læsebroen" in page


def test_a_contact_person_sees_an_agreement_that_passes_contact_persons_on(logged_in, nadia, sune, system, day_care):
    ask(system, sune, day_care, package=Package.FULL, ticked={"contacts"})
    approve(agreement_with(day_care), nadia)
    about_her = logged_in("mette").get(PATH).content.decode().split("Om Esther")[0]
    assert "Læsebroen" in about_her


def test_data_that_stil_or_the_system_stops_are_not_said_to_go(logged_in, fetched):
    assert "Må ikke hente data nu" not in logged_in("karim").get(PATH).content.decode()
    Connection.objects.update(state=ConnectionState.ENDED)
    assert "Må ikke hente data nu" in logged_in("karim").get(PATH).content.decode()


def test_an_ended_agreement_stands_for_a_year_after_the_last_fetch(logged_in, fetched, approved, nadia):
    services.answer_one(approved, AgreementAction.END, by=nadia.actor)
    assert "Må ikke hente data nu" in logged_in("karim").get(PATH).content.decode()
    Fetch.objects.update(at=timezone.now() - dt.timedelta(days=400))
    assert "Læsebroen" not in logged_in("karim").get(PATH).content.decode()


def test_a_request_that_waits_is_nobodys_receipt(logged_in, requested):
    assert "Læsebroen" not in logged_in("karim").get(PATH).content.decode()


def test_it_says_who_delivers_the_data(logged_in, nadia, sune, system, day_care):
    ask(system, sune, day_care, service=WebService.IMPORT, package=None, ticked=frozenset())
    approve(agreement_with(day_care), nadia)
    assert "Leveres til Unilogin af:" in logged_in("karim").get(PATH).content.decode()


def test_an_account_that_is_no_persons_is_told_so(nadia):
    assert "ingen henter data om dig" in nadia.client().get(PATH).content.decode()


def test_it_asks_the_same_few_questions_however_much_there_is(
    logged_in, cast, nadia, sune, system, day_care, django_assert_max_num_queries
):
    ask(system, sune, day_care, cast.school, *(institution(cast, f"G9003{n}") for n in range(5)))
    for agreement in (agreement_with(day_care), agreement_with(cast.school)):
        approve(agreement, nadia)
    client = logged_in("mette")
    client.get(PATH)
    with django_assert_max_num_queries(9):
        client.get(PATH)

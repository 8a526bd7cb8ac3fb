"""Mit Unilogin tells a parent whose child waits for an adult's word, and takes the answer (D3.5)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import step_ups
from accounts.mitunilogin import demo
from accounts.models import AuditEvent, ContactRelation, ServiceLink, StepUp
from accounts.states import StepUpState
from unilogin_portal.lib.gate import LOA_SESSION_KEY, LevelOfAssurance

AT = "/mit-unilogin/boern/venter/"
LOGIN = "a" * 32


@pytest.fixture
def asked(cast):
    demo.offer()
    return step_ups.ask(cast["esther"], ServiceLink.objects.get(slug="klasseposten"), login_id=LOGIN)


def proved(client):
    session = client.session
    session[LOA_SESSION_KEY] = int(LevelOfAssurance.SUBSTANTIAL)
    session.save()
    return client


@pytest.fixture
def mette(logged_in):
    """The mother, who came with MitID."""
    return proved(logged_in("mette"))


def overview(client):
    return client.get("/mit-unilogin/").content.decode()


def test_a_parent_sees_which_child_waits_for_what_since_when_and_why(asked, logged_in):
    page = overview(logged_in("mette"))
    for words in ("Venter på et ja fra dig", "Esther Holm vil bruge Klasseposten", "fordi eleven kan skrive til andre"):
        assert words in page
    assert "Dit barn har ventet siden kl." in page


def test_nothing_stands_there_when_no_child_waits(asked, mette, logged_in):
    step_ups.withdraw(asked)
    assert "Venter på et ja fra dig" not in overview(mette)


@pytest.mark.parametrize("name", ["anna", "tove", "karim", "sofie"])
def test_nobody_else_sees_it_or_answers(asked, logged_in, name):
    client = proved(logged_in(name))
    assert "Venter på et ja fra dig" not in overview(client)
    for response in (client.get(f"{AT}{asked.pk}/"), client.post(f"{AT}{asked.pk}/", {"godkend": "1"})):
        assert response.status_code == 404
    assert StepUp.objects.get().state == StepUpState.WAITING


def test_custody_that_has_ended_answers_nothing(asked, mette):
    ContactRelation.objects.update(custody=False)
    assert mette.post(f"{AT}{asked.pk}/", {"godkend": "1"}).status_code == 404


def test_with_a_password_alone_the_answer_goes_by_mitid_and_comes_back(asked, logged_in, mitid):
    client = logged_in("mette")
    assert "Svar med MitID" in overview(client)
    assert 'name="godkend"' not in overview(client)
    away = client.get(f"{AT}{asked.pk}/")
    assert (
        away.headers["Location"] == f"/mitid/login?formaal=login&next=%2Fmit-unilogin%2Fboern%2Fventer%2F{asked.pk}%2F"
    )
    assert client.post(f"{AT}{asked.pk}/", {"godkend": "1"}).headers["Location"].startswith("/mitid/login")
    assert StepUp.objects.get().state == StepUpState.WAITING


def test_a_parent_approves(asked, mette, cast):
    page = mette.post(f"{AT}{asked.pk}/", {"godkend": "1"}, follow=True)
    assert page.redirect_chain == [("/mit-unilogin/", 302)]
    assert "Esther kan bruge Klasseposten til kl." in page.content.decode()
    asked.refresh_from_db()
    assert (asked.state, asked.answered_by, asked.answered_role) == ("approved", cast["mette"], "Kontaktperson")
    event = AuditEvent.objects.get(action="step_up.approved")
    assert (event.actor_role, event.subject) == ("Kontaktperson", cast.person("esther"))


def test_a_parent_refuses(asked, mette):
    page = mette.post(f"{AT}{asked.pk}/", {"afvis": "1"}, follow=True)
    assert "Esther har fået nej til Klasseposten." in page.content.decode()
    assert StepUp.objects.get().state == StepUpState.REFUSED


def test_the_page_after_mitid_says_what_the_answer_covers(asked, mette):
    page = mette.get(f"{AT}{asked.pk}/").content.decode()
    assert "Din godkendelse gælder kun Klasseposten og i 60 minutter." in page
    assert mette.post(f"{AT}{asked.pk}/", {}).status_code == 200
    assert StepUp.objects.get().state == StepUpState.WAITING


def test_who_was_answered_meanwhile_stays_so_and_a_second_click_says_the_same(asked, mette, cast):
    step_ups.refuse([asked], by=cast["tove"], role="Lærer", institution="101001")
    page = mette.post(f"{AT}{asked.pk}/", {"godkend": "1"}, follow=True)
    assert "En anden har allerede svaret." in page.content.decode()
    StepUp.objects.update(state=StepUpState.WAITING)
    for _ in range(2):
        page = mette.post(f"{AT}{asked.pk}/", {"godkend": "1"}, follow=True)
        assert "Esther kan bruge Klasseposten til kl." in page.content.decode()
    assert AuditEvent.objects.filter(action="step_up.approved").count() == 1


def test_a_child_who_stopped_waiting_gets_nothing(asked, mette):
    step_ups.withdraw(asked)
    page = mette.post(f"{AT}{asked.pk}/", {"godkend": "1"}, follow=True)
    assert "Eleven venter ikke længere." in page.content.decode()


def test_an_operator_has_no_children(asked, logged_in):
    assert logged_in("olga").post(f"{AT}{asked.pk}/", {"godkend": "1"}).status_code == 404


def test_the_overview_takes_one_query_more_at_most_however_many_wait(asked, mette, cast):
    overview(mette)
    with CaptureQueriesContext(connection) as few:
        overview(mette)
    for service in ServiceLink.objects.exclude(pk=asked.service_id):
        step_ups.ask(cast["esther"], service, login_id=LOGIN)
    with CaptureQueriesContext(connection) as many:
        overview(mette)
    assert len(many) == len(few) < 16

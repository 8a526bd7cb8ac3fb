"""Approving, asking, rejecting, withdrawing and closing: on the pages, by whom it is theirs."""

import datetime as dt

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from lxml import html

from accounts import audit
from accounts.models import AuditEvent, ContactRelation, User
from institutions.cases import services
from institutions.cases.states import Side
from institutions.models import Case, CaseApproval, CaseEvent, Membership
from unilogin_portal.lib.errors import DomainError

from .conftest import INBOX, approve_by_both, open_for
from .test_opening import words

pytestmark = pytest.mark.django_db


def answer(client, case, svar: str, text: str = ""):
    return client.post(f"{INBOX}{case.number}/", {"svar": svar, "text": text}, follow=True)


def state_of(case: Case) -> str:
    return Case.objects.get(pk=case.pk).state


def test_two_different_supporters_approve_and_the_letter_goes(opened, olga, other_supporter, letters):
    page = words(answer(olga, opened, "godkend", "Ringede til skolen"))
    assert "Du har godkendt sagen. En anden supporter skal også godkende den." in page
    assert "Under godkendelse, 1 af 2" in page
    assert "Ringede til skolen" in page
    assert state_of(opened) == "in_approval"
    page = words(answer(other_supporter, opened, "godkend"))
    assert "Sagen er godkendt, og brevet er sendt med sikker mail." in page
    assert state_of(opened) == "sent"
    assert len(list(letters.iterdir())) == 1


def test_the_same_supporter_twice_is_refused(opened, olga, letters):
    answer(olga, opened, "godkend")
    page = words(answer(olga, opened, "godkend"))
    assert "Du har allerede godkendt sagen. En anden supporter skal også godkende den." in page
    assert state_of(opened) == "in_approval"
    assert CaseApproval.objects.count() == 1
    assert not letters.exists()


def test_the_page_offers_no_second_approval_to_who_has_given_one(opened, olga):
    answer(olga, opened, "godkend")
    page = html.fromstring(olga.get(f"{INBOX}{opened.number}/").content)
    assert page.xpath("//button[@name='svar']/@value") == ["spoerg", "afvis"]


def test_who_opened_a_case_cannot_approve_it(opened, cast, actors):
    User.objects.filter(pk=cast["leif"].pk).update(is_staff=True)
    leif = type(actors["leif"]).of(cast["leif"])
    with pytest.raises(DomainError):
        services.approve(opened, by=leif)
    assert not CaseApproval.objects.exists()


def test_who_a_case_is_about_cannot_approve_it(opened, cast, actors):
    User.objects.filter(pk=cast["anna"].pk).update(is_staff=True)
    with pytest.raises(DomainError):
        services.approve(opened, by=type(actors["leif"]).of(cast["anna"]))


def test_who_is_no_longer_contact_person_is_not_approved(opened, cast, olga):
    ContactRelation.objects.filter(contact=cast.person("anna")).delete()
    page = words(answer(olga, opened, "godkend"))
    assert "Personen er ikke længere kontaktperson hos institutionen. Afvis sagen." in page
    assert state_of(opened) == "created"


def test_rejecting_needs_a_reason_which_the_institution_reads(opened, olga, leif, django_capture_on_commit_callbacks):
    assert "Skriv, hvorfor sagen bliver afvist" in words(answer(olga, opened, "afvis"))
    assert state_of(opened) == "created"
    with django_capture_on_commit_callbacks(execute=True):
        answer(olga, opened, "afvis", "Personen kan få MitID hos Borgerservice.")
    assert state_of(opened) == "rejected"
    page = words(leif.get(f"/sager/{opened.number}/"))
    assert "Personen kan få MitID hos Borgerservice." in page
    assert "STIL" in page
    [message] = [message for message in mail.outbox if message.to == ["kontor@example.dk"]]
    assert message.subject == f"Sag {opened.number} er afvist"
    assert "Anna" not in message.body


def test_a_question_and_its_answer_stand_in_the_thread_of_both(opened, olga, leif):
    assert "Skriv, hvad du spørger om" in words(answer(olga, opened, "spoerg"))
    answer(olga, opened, "spoerg", "Hvem er Leif?")
    page = words(leif.get(f"/sager/{opened.number}/"))
    assert "Venter på jeres svar" in page
    assert "Hvem er Leif?" in page
    done = leif.post(f"/sager/{opened.number}/", {"text": "Han er vores leder."}, follow=True)
    assert "Beskeden er sendt til STIL." in words(done)
    page = words(olga.get(f"{INBOX}{opened.number}/"))
    assert "Han er vores leder." in page
    assert "Venter på institutionen" not in page
    assert Case.objects.get(pk=opened.pk).asked_at is None


def test_the_institution_never_reads_a_supporters_name(opened, olga, other_supporter, leif):
    answer(olga, opened, "spoerg", "Hvem er Leif?")
    answer(olga, opened, "godkend")
    answer(other_supporter, opened, "godkend")
    page = words(leif.get(f"/sager/{opened.number}/"))
    assert "stil0001" not in page
    assert "stil0002" not in page
    supporters = words(olga.get(f"{INBOX}{opened.number}/"))
    assert "stil0001" in supporters
    assert "stil0002" in supporters


def test_the_institution_withdraws_what_is_not_approved(opened, leif, actors):
    page = words(leif.get(f"/sager/{opened.number}/traek-tilbage/"))
    assert "Der bliver ikke sendt noget brev." in words(
        leif.post(f"/sager/{opened.number}/traek-tilbage/", follow=True)
    )
    assert "og der bliver ikke sendt noget brev" in page
    assert state_of(opened) == "withdrawn"
    with pytest.raises(DomainError):
        services.approve(opened, by=actors["olga"])


def test_what_is_sent_cannot_be_withdrawn(sent, leif):
    page = words(leif.post(f"/sager/{sent.number}/traek-tilbage/"))
    assert "Sagen er kommet videre i mellemtiden. Der er ikke gemt noget." in page
    assert state_of(sent) == "sent"


def test_the_institution_says_that_the_letter_is_handed_out(sent, leif):
    page = leif.post(f"/sager/{sent.number}/", {"handling": "udleveret"}, follow=True)
    assert "Sagen er lukket." in words(page)
    assert state_of(sent) == "closed"
    leif.post(f"/sager/{sent.number}/", {"handling": "udleveret"})
    assert AuditEvent.objects.filter(action="case.close").count() == 1


def test_stil_closes_too(sent, olga):
    assert "Sagen er lukket." in words(answer(olga, sent, "luk"))
    assert state_of(sent) == "closed"


def test_a_case_is_not_closed_before_it_is_sent(opened, leif):
    leif.post(f"/sager/{opened.number}/", {"handling": "udleveret"})
    assert state_of(opened) == "created"


def test_a_page_that_is_old_saves_nothing(opened, olga, other_supporter):
    answer(olga, opened, "afvis", "Nej")
    page = words(answer(other_supporter, opened, "godkend"))
    assert "Sagen er kommet videre i mellemtiden. Der er ikke gemt noget." in page
    assert state_of(opened) == "rejected"


def test_a_supporter_sees_that_the_letter_would_open_more_than_a_parents_account(cast, opened, actors, olga):
    membership = Membership.objects.get(person=cast.person("sofie"))
    Membership.objects.filter(pk=membership.pk).update(person=cast.person("anna"))
    assert "Kontoen er også en elevs eller en eksterns" in words(olga.get(f"{INBOX}{opened.number}/"))


def test_a_supporter_sees_that_an_employee_gets_no_letter(cast, actors, olga):
    case = services.open_contact_case(
        "contact_user",
        cast.school,
        services.ContactAsked(cpr="7103862334", recipient="Leif Dam"),
        by=actors["leif"],
    )
    assert "Kontoen er en medarbejders: Der kan ikke laves et brev." in words(olga.get(f"{INBOX}{case.number}/"))


def test_a_supporter_sees_that_the_person_has_had_mitid_here(opened, cast, olga):
    anna = cast.person("anna")
    audit.record("login.admitted", by=cast["anna"], subject=anna, method="password")
    assert "har logget på her med MitID" not in words(olga.get(f"{INBOX}{opened.number}/"))
    with time_machine.travel(dt.datetime(2025, 3, 2, 12, tzinfo=dt.UTC)):
        audit.record("login.admitted", by=cast["anna"], subject=anna, method="mitid")
    page = words(olga.get(f"{INBOX}{opened.number}/"))
    assert "Personen har logget på her med MitID, senest 2. marts 2025: Spørg, hvorfor der er brug for et brev" in page


@pytest.mark.parametrize("facts", [{"actor_group": "Medarbejder"}, {"is_staff": True}])
def test_a_letter_opens_no_employees_account(opened, cast, actors, olga, facts):
    User.objects.filter(pk=cast["anna"].pk).update(**facts)
    page = words(olga.post(f"{INBOX}{opened.number}/", {"svar": "godkend"}))
    assert "Kontoen er en medarbejders, og den må et brev ikke åbne." in page
    assert not CaseApproval.objects.exists()
    opened.refresh_from_db()
    assert opened.state == "created"


def test_no_page_shows_the_cpr_number(opened, leif, olga):
    for client, path in ((leif, f"/sager/{opened.number}/"), (leif, "/sager/"), (olga, INBOX)):
        assert "740488" not in client.get(path).content.decode()
    assert "740488" not in olga.get(f"{INBOX}{opened.number}/").content.decode()


def test_a_supporters_look_is_written_down(opened, olga, cast):
    olga.get(f"{INBOX}{opened.number}/")
    event = AuditEvent.objects.get(action="case.seen")
    assert (event.actor, event.subject, event.details) == (cast["olga"], cast.person("anna"), {"number": opened.number})


def test_every_step_leaves_an_event_and_an_audit(sent, actors):
    services.answer(sent, by=actors["leif"], text="Tak")
    services.close(sent, by=actors["leif"], side=Side.INSTITUTION)
    expected = ["open", "approve", "complete", "send", "answer", "close"]
    assert list(CaseEvent.objects.filter(case=sent).values_list("action", flat=True)) == expected
    audited = AuditEvent.objects.filter(object_type="institutions.case").exclude(action="case.seen").order_by("pk")
    assert [event.action for event in audited] == [f"case.{action}" for action in expected]
    assert {event.subject_id for event in audited} == {sent.subject_id}
    assert all(event.details["number"] == sent.number for event in audited)


def test_another_institutions_case_is_not_there(opened, by_mitid, elsewhere):
    client = by_mitid("karim")
    for path in (f"/sager/{opened.number}/", f"/sager/{opened.number}/traek-tilbage/"):
        assert client.get(path).status_code == 404
        assert client.post(path, {"handling": "udleveret", "text": "Hej"}).status_code == 404
    assert opened.number not in client.get("/sager/").content.decode()
    assert state_of(opened) == "created"


@pytest.mark.parametrize("name", ["leif", "mette", "sofie", "anna", "karim"])
def test_stils_inbox_opens_for_nobody_else(opened, by_mitid, name):
    client = by_mitid(name)
    assert client.get(INBOX).status_code == 403
    assert client.post(f"{INBOX}{opened.number}/", {"svar": "godkend"}).status_code == 403
    assert not CaseApproval.objects.exists()


def test_an_unknown_number_is_not_there(olga, leif, opened):
    assert olga.get(f"{INBOX}S-2020-000009/").status_code == 404
    assert leif.get("/sager/S-2020-000009/").status_code == 404


def test_an_answer_that_is_none_changes_nothing(opened, olga):
    assert "Vælg et svar." in words(answer(olga, opened, "noget"))
    assert state_of(opened) == "created"


def test_approving_and_handing_over_need_the_forms_token(opened, cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast["olga"], backend="accounts.backends.UniloginBackend")
    assert client.post(f"{INBOX}{opened.number}/", {"svar": "godkend"}).status_code == 403


def test_the_earlier_case_that_both_forget_is_kept_until_the_later_goes(sent, cast, actors):
    later = open_for(cast, actors, earlier_number=sent.number)
    services.close(sent, by=actors["leif"], side=Side.INSTITUTION)
    with time_machine.travel(timezone.now() + dt.timedelta(days=5 * 365 + 2)):
        assert services.forget_old() == 0
        services.withdraw(later, by=actors["leif"])
    with time_machine.travel(timezone.now() + dt.timedelta(days=10 * 365 + 5)):
        call_command("forget_cases")
        assert services.forget_old() == 1
    assert not Case.objects.exists()
    assert not CaseEvent.objects.exists()


def test_approve_by_both_is_enough(opened, actors):
    approve_by_both(opened, actors)
    assert state_of(opened) == "approved"

"""Opening a case: who may, for whom, and that a number that is not a contact person's tells nothing."""

import datetime as dt

import pytest
import time_machine
from django.core import mail
from django.utils import timezone
from lxml import html

from accounts.models import AuditEvent, ContactRelation, Person
from institutions.actor import Actor
from institutions.cases import services
from institutions.models import Case, CaseKind, ContactRequest, Membership
from tests.cast import CPR
from unilogin_portal.lib.errors import DomainError

from .conftest import FORGOTTEN, NEW_USER, asked, fields, forgotten_fields, open_for

NEUTRAL = "Vi kan ikke oprette sagen."


def words(response) -> str:
    [main] = html.fromstring(response.content).xpath("//main")
    return " ".join(main.text_content().split())


@pytest.fixture(autouse=True)
def school(office):
    return office


def test_the_leader_creates_a_case_and_gets_its_number(leif, cast):
    response = leif.post(NEW_USER, fields(message="Hun har prøvet hos Borgerservice."), follow=True)
    case = Case.objects.get()
    year = timezone.localdate().year
    assert case.number == f"S-{year}-000001"
    assert response.redirect_chain == [(f"/sager/{case.number}/", 302)]
    assert f"Sagen er oprettet. Den har nummer {case.number}." in words(response)
    assert "Anna Krogh" in words(response)
    assert "Hun har prøvet hos Borgerservice." in words(response)
    assert (case.state, case.subject, case.opened_by, case.opened_role) == (
        "created",
        cast.person("anna"),
        cast["leif"],
        "Leder",
    )
    assert (case.contact.cvr, case.contact.recipient, case.contact.wanted) == ("94348552", "Leif Dam", "both")


def test_the_number_lies_sealed_and_is_found_exactly(leif):
    leif.post(NEW_USER, fields())
    request = ContactRequest.objects.get(cpr__in=ContactRequest.sealings_of(CPR["anna"]))
    assert CPR["anna"].encode() not in bytes(request.cpr)
    assert bytes(request.cpr) != Person.sealed_cpr(CPR["anna"])  # of no use in another column


def test_supporters_are_told_of_a_new_case_without_a_name(leif, settings, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        leif.post(NEW_USER, fields())
    [message] = mail.outbox
    assert message.to == [settings.SUPPORT_EMAIL]
    assert Case.objects.get().number in message.subject
    for name in ("Anna", "Krogh", "Leif", CPR["anna"]):
        assert name not in message.subject + message.body


def test_numbers_go_on_and_begin_anew_each_year(cast, actors):
    first = open_for(cast, actors)
    with time_machine.travel(dt.datetime(first.created_at.year + 1, 1, 1, 8, tzinfo=dt.UTC)):
        assert open_for(cast, actors, "mette").number == f"S-{first.created_at.year + 1}-000001"


@pytest.mark.parametrize(
    "name",
    [
        "viggo",  # a child
        "bo",  # an employee
        "sofie",  # a pupil of the school
        "karim",  # somebody of another institution
        "nobody",
    ],
)
def test_who_is_no_contact_person_here_gets_one_answer_whoever_they_are(leif, name):
    response = leif.post(NEW_USER, fields(cpr=CPR.get(name, "7901015559")))
    assert NEUTRAL in words(response)
    assert not Case.objects.exists()
    other = leif.post(NEW_USER, fields(cpr="7901015559"))
    assert words(other) == words(response)


def test_a_contact_person_at_another_institution_only_is_like_nobody(leif, cast):
    ContactRelation.objects.filter(institution=cast.school.number, contact=cast.person("mette")).delete()
    assert ContactRelation.objects.current().filter(contact=cast.person("mette")).exists()
    assert NEUTRAL in words(leif.post(NEW_USER, fields(cpr=CPR["mette"])))


def test_a_relation_that_has_ended_counts_no_more(leif, cast):
    ContactRelation.objects.filter(contact=cast.person("anna")).update(to_date=timezone.localdate())
    assert NEUTRAL in words(leif.post(NEW_USER, fields()))


@pytest.mark.parametrize(("level", "counts"), [("DT", True), ("0", True), ("10", True), ("U1", False), ("VU", False)])
def test_the_child_goes_to_school_or_day_care(leif, cast, level, counts):
    Membership.objects.filter(person=cast.person("esther")).update(level=level)
    leif.post(NEW_USER, fields())
    assert Case.objects.exists() == counts


def test_a_child_that_has_left_counts_no_more(leif, cast):
    Membership.objects.filter(person=cast.person("esther")).update(to_date=timezone.localdate())
    assert NEUTRAL in words(leif.post(NEW_USER, fields()))


def test_custody_makes_no_difference(leif, cast):
    assert not ContactRelation.objects.with_custody().filter(contact=cast.person("anna")).exists()
    leif.post(NEW_USER, fields())
    leif.post(NEW_USER, fields(cpr=CPR["mette"]))
    assert Case.objects.count() == 2


def test_ten_numbers_an_hour_and_no_more(leif, cast):
    for _ in range(services.MOST_QUESTIONS):
        leif.post(NEW_USER, fields(cpr="7901015559"))
    response = leif.post(NEW_USER, fields())
    assert "Du har spurgt om mange CPR-numre inden for en time." in words(response)
    assert not Case.objects.exists()
    assert AuditEvent.objects.filter(action="case.cpr_asked", actor=cast["leif"]).count() == 10
    with time_machine.travel(timezone.now() + dt.timedelta(hours=1, minutes=1)):
        services.open_contact_case(CaseKind.CONTACT_USER, cast.school, asked(), by=Actor.of(cast["leif"]))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"cpr": ""}, "Skriv kontaktpersonens CPR-nummer"),
        ({"cpr": "12345"}, "Et CPR-nummer er ti cifre"),
        ({"recipient": ""}, "Skriv, hvem der skal have brevet"),
        ({"tried": ""}, "Bekræft, at I har prøvet alle muligheder for MitID"),
        ({"checked": ""}, "Bekræft, at personen er kontaktperson i jeres eget system"),
        ({"message": "Hun har 740488-2344"}, "Skriv uden CPR-nummer"),
        ({"institution": "G12345"}, ""),
    ],
)
def test_what_is_missing_is_said_at_its_field_and_nothing_is_saved(leif, change, said):
    response = leif.post(NEW_USER, fields(**change))
    assert response.status_code == 200
    assert said in words(response)
    assert not Case.objects.exists()
    assert CPR["anna"] not in response.content.decode()


@pytest.mark.parametrize("name", ["Leif Dam 110190-1234", "Leif 1101901234"])
def test_the_recipient_is_named_without_a_cpr_number(leif, name):
    response = leif.post(NEW_USER, fields(recipient=name))
    assert "Skriv uden CPR-nummer" in words(response)
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    "name", ["Leif\nDam", "Leif\r\n\tDam", "Leif\u202eDam", "Leif\x07 Dam", "\u2028Leif Dam\u200b"]
)
def test_the_recipient_is_one_line(leif, name):
    leif.post(NEW_USER, fields(recipient=name))
    assert ContactRequest.objects.get().recipient == "Leif Dam"


def test_a_recipient_of_nothing_to_see_is_none(leif):
    assert "Skriv, hvem der skal have brevet" in words(leif.post(NEW_USER, fields(recipient="\u200b\u2060")))
    assert not Case.objects.exists()


def test_a_double_click_opens_one_case(leif):
    leif.post(NEW_USER, fields())
    response = leif.post(NEW_USER, fields())
    assert f"I har allerede en åben sag om personen: {Case.objects.get().number}." in words(response)


def test_who_has_no_cvr_in_the_register_is_told_to_write(leif, cast):
    cast.school.cvr = ""
    cast.school.save()
    assert "CVR-nummer" in words(leif.post(NEW_USER, fields()))
    assert not Case.objects.exists()


@pytest.mark.parametrize("name", ["mette", "tove", "karim", "sofie", "anna", "liv", "olga"])
def test_only_leaders_and_user_administrators_open_cases(by_mitid, name):
    client = by_mitid(name)
    assert client.get(NEW_USER).status_code == 403
    assert client.post(NEW_USER, fields()).status_code == 403
    assert not Case.objects.exists()


def test_a_leader_of_another_school_cannot_ask_for_this_one(by_mitid, elsewhere):
    response = by_mitid("karim").post(NEW_USER, fields())
    assert response.status_code == 200
    assert not Case.objects.exists()


def test_who_came_with_a_password_is_sent_to_mitid(logged_in):
    response = logged_in("leif").post(NEW_USER, fields())
    assert response.headers["Location"].startswith("/mitid/login")
    assert not Case.objects.exists()


def test_an_unknown_kind_is_not_there(leif):
    assert leif.get("/sager/ny/noget/").status_code == 404


class TestForgotten:
    def test_refers_to_the_earlier_case(self, leif, sent):
        page = html.fromstring(leif.get(FORGOTTEN, {"sag": sent.number}).content)
        assert page.xpath("//input[@name='earlier']/@value") == [sent.number]
        leif.post(FORGOTTEN, forgotten_fields(sent, "username"))
        case = Case.objects.exclude(pk=sent.pk).get()
        assert (case.kind, case.earlier, case.contact.wanted) == ("contact_forgotten", sent, "username")

    def test_takes_the_number_in_small_letters_too(self, leif, sent):
        leif.post(FORGOTTEN, forgotten_fields(sent) | {"earlier": sent.number.lower()})
        assert Case.objects.filter(earlier=sent).exists()

    @pytest.mark.parametrize("wanted", ["", "everything"])
    def test_asks_what_is_wanted(self, leif, sent, wanted):
        assert b"form-error-message" in leif.post(FORGOTTEN, forgotten_fields(sent, wanted)).content
        assert Case.objects.count() == 1

    def test_is_about_the_same_person(self, leif, sent):
        response = leif.post(FORGOTTEN, forgotten_fields(sent, cpr=CPR["mette"]))
        assert "Vi har ikke sendt et brev om personen" in words(response)
        assert Case.objects.count() == 1

    def test_of_a_case_that_led_to_no_letter_is_refused(self, cast, actors, opened):
        services.withdraw(opened, by=actors["leif"])
        with pytest.raises(DomainError):
            open_for(cast, actors, earlier_number=opened.number)

    def test_of_another_institutions_case_is_refused(self, cast, actors, sent, elsewhere):
        Case.objects.filter(pk=sent.pk).update(institution=elsewhere)
        with pytest.raises(DomainError):
            open_for(cast, actors, earlier_number=sent.number)

    def test_of_a_case_that_was_never_there_is_refused(self, cast, actors, sent):
        with pytest.raises(DomainError):
            open_for(cast, actors, earlier_number="S-2020-000001")

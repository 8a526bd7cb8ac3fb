"""The pupil who waits for an adult's word, and the parent at home who gives it with MitID."""

import datetime as dt
from urllib.parse import urlsplit

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts import services, step_ups
from accounts.mitunilogin import demo
from accounts.models import AuditEvent, ContactRelation, LoginSession, StepUp
from accounts.states import StepUpState
from accounts.testidp import asked
from tests.cast import PASSWORD, SOURCE

AT = "/login/voksen/proevebanken/"
SERVICE = "/mit-unilogin/proevetjeneste/proevebanken/"
ANSWERED = "/login/voksen-svar/"


@pytest.fixture
def custody(cast):
    """Mette has custody of emil too, who is the one with a password."""
    return ContactRelation.objects.create(
        child=cast.person("emil"),
        contact=cast.person("mette"),
        institution="101001",
        source=SOURCE,
        relation="Mor",
        custody=True,
        access_level=2,
        from_date=timezone.localdate() - dt.timedelta(days=300),
    )


@pytest.fixture
def emil(cast, type_in):
    demo.offer()
    client = Client()
    type_in(client, cast["emil"])
    return client


def text(response):
    return response.content.decode()


def the_one():
    return StepUp.objects.get()


def approve(cast):
    step_ups.approve(StepUp.objects.all(), by=cast["tove"], role="Lærer", institution="101001")


def open_service(client, slug="proevebanken"):
    return client.get(f"/mit-unilogin/tjenester/{slug}/", follow=True)


def test_a_pupil_is_led_to_wait_from_the_link_and_from_the_service_itself(emil):
    for path in ("/mit-unilogin/tjenester/proevebanken/", SERVICE):
        page = emil.get(path, follow=True)
        assert page.redirect_chain[-1][0] == AT
    assert "Vent på din lærer" in text(page)
    assert "Prøvebanken skal have et ja fra en voksen" in text(page)
    assert the_one().state == StepUpState.WAITING
    assert the_one().user.username == "emil6613"


def test_coming_back_and_two_tabs_ask_once(emil):
    for _ in range(3):
        emil.get(AT)
    emil.post(f"{AT}spoerg/")
    assert StepUp.objects.count() == 1


def test_others_are_led_straight_to_the_service(logged_in, cast, emil):
    for name in ("tove", "karim", "liv"):
        assert logged_in(name).get(AT).headers["Location"] == "/mit-unilogin/tjenester/proevebanken/"
        assert "EnFaktor" in text(open_service(logged_in(name)))
    assert StepUp.objects.count() == 0


def test_a_service_that_asks_for_no_adult_opens(emil):
    page = open_service(emil, "laesebroen")
    assert "Du er fremme" in text(page)
    assert "dk:unilogin:loa:EnFaktor" in text(page)


def test_an_unknown_service_and_one_that_is_not_for_pupils_are_not_waited_for(emil):
    assert emil.get("/login/voksen/findesikke/").status_code == 404
    assert emil.get("/login/voksen/laererbordet/", follow=True).status_code == 403
    assert StepUp.objects.count() == 0


def test_the_page_asks_and_is_answered_only_when_there_is_something_new(emil, cast):
    emil.get(AT)
    assert emil.get(f"{AT}svar/?minutter=0").status_code == 204
    with time_machine.travel(timezone.now() + dt.timedelta(seconds=61)):
        minute = emil.get(f"{AT}svar/?minutter=0")
        assert "Du har ventet i 1 minut." in text(minute)
        assert "<html" not in text(minute)
    approve(cast)
    assert emil.get(f"{AT}svar/?minutter=0").headers["HX-Redirect"] == "/mit-unilogin/tjenester/proevebanken/"


def test_a_page_left_waiting_does_not_keep_the_session_alive(emil):
    emil.get(AT)
    ends = LoginSession.objects.get().expire_date
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=5)):
        emil.get(f"{AT}svar/?minutter=4")
        assert LoginSession.objects.get().expire_date == ends
        emil.get(AT)
        assert LoginSession.objects.get().expire_date > ends


def test_when_the_session_has_ended_the_page_is_loaded_anew_and_no_log_in_is_drawn_inside_it(emil):
    emil.get(AT)
    asks = emil.get(f"{AT}svar/?minutter=0", headers={"HX-Request": "true"})
    assert asks.status_code == 204
    nobody = Client().get(f"{AT}svar/?minutter=0", headers={"HX-Request": "true"})
    assert nobody.headers["HX-Refresh"] == "true"
    assert not nobody.content


def test_the_approved_pupil_comes_in_and_the_service_is_told_so_until_when(emil, cast):
    open_service(emil)
    approve(cast)
    page = emil.get(AT, follow=True)
    assert page.redirect_chain[-1][0] == SERVICE
    assert "VoksenVerificeret" in text(page)
    assert "dk:unilogin:loa:VoksenVerificeret" in text(page)
    assert timezone.localtime(the_one().expires_at).strftime("kl. %-H.%M") in text(page)


def test_a_word_for_one_service_opens_no_other(emil, cast):
    open_service(emil)
    approve(cast)
    assert open_service(emil, "klasseposten").redirect_chain[-1][0] == "/login/voksen/klasseposten/"


def test_another_browser_of_the_same_pupil_is_not_stepped_up(emil, cast, type_in):
    open_service(emil)
    approve(cast)
    other = Client()
    type_in(other, cast["emil"])
    assert open_service(other).redirect_chain[-1][0] == AT
    assert "VoksenVerificeret" in text(open_service(emil))


def test_a_new_log_in_asks_anew(emil, cast, type_in):
    open_service(emil)
    approve(cast)
    emil.post("/login/log-af/")
    assert the_one().state == StepUpState.ENDED
    type_in(emil, cast["emil"])
    assert open_service(emil).redirect_chain[-1][0] == AT


def test_an_approval_ends_after_sixty_minutes(emil, cast):
    open_service(emil)
    approve(cast)
    start = timezone.now()
    for minutes in (20, 40):
        with time_machine.travel(start + dt.timedelta(minutes=minutes)):
            assert "VoksenVerificeret" in text(emil.get(SERVICE))
    with time_machine.travel(start + dt.timedelta(minutes=61)):
        page = emil.get(SERVICE, follow=True)
        assert page.redirect_chain[-1][0] == AT
        assert "Tiden er gået" in text(page)
        assert "Spørg igen" in text(page)
        emil.post(f"{AT}spoerg/")
        assert "Vent på din lærer" in text(emil.get(AT))


def test_a_blocked_pupils_approval_opens_nothing(emil, cast):
    open_service(emil)
    approve(cast)
    services.block(cast["emil"], by=cast["leif"])
    assert emil.get(SERVICE).headers["Location"].startswith("/login/")
    assert the_one().state == StepUpState.ENDED


def test_a_no_is_told_with_a_way_on(emil, cast):
    open_service(emil)
    step_ups.refuse([the_one()], by=cast["tove"], role="Lærer", institution="101001")
    assert emil.get(f"{AT}svar/?minutter=0").headers["HX-Refresh"] == "true"
    page = text(emil.get(AT))
    assert "Din lærer sagde nej" in page
    assert "Tal med din lærer om det" in page
    assert emil.get(SERVICE).headers["Location"] == AT
    assert StepUp.objects.count() == 1
    assert "Vent på din lærer" in text(emil.post(f"{AT}spoerg/", follow=True))


def test_nobody_answered_in_time(emil, settings):
    open_service(emil)
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=settings.STEP_UP_WAIT_MINUTES, seconds=1)):
        assert emil.get(f"{AT}svar/?minutter=0").headers["HX-Refresh"] == "true"
        assert "Ingen har svaret endnu" in text(emil.get(AT))


def test_stop_ends_the_waiting(emil):
    open_service(emil)
    assert emil.get(f"{AT}stop/").status_code == 405
    page = emil.post(f"{AT}stop/", follow=True)
    assert "Du venter ikke mere" in text(page)
    assert the_one().state == StepUpState.WITHDRAWN
    assert "Spørg igen" in text(emil.get(AT))


def test_stop_after_the_yes_takes_nothing_back(emil, cast):
    open_service(emil)
    approve(cast)
    emil.post(f"{AT}stop/")
    assert the_one().state == StepUpState.APPROVED


def test_only_who_is_old_enough_is_shown_the_way_by_own_mitid(emil, cast, type_in, mitid):
    assert "Har du selv MitID?" not in text(open_service(emil))
    sofie, client = services.activate(cast["sofie"], by=cast["sofie"]), Client()
    hashed, mark = services.hash_of(PASSWORD), services.secret_mark(sofie)
    services.set_secret(sofie, hashed, expected_mark=mark, by=sofie, why=services.Why.FIRST)
    type_in(client, sofie)
    assert "Har du selv MitID?" in text(open_service(client))
    page = mitid(client, "sofie", "login", "/mit-unilogin/tjenester/proevebanken/", follow=True)
    assert page.redirect_chain[-1][0] == SERVICE
    assert "ToFaktor" in text(page)


# The parent at home, at the pupil's computer


def test_the_parent_is_told_what_for_before_mitid(emil):
    open_service(emil)
    page = text(emil.get(f"{AT}foraelder/"))
    for words in ("Emil Berg", "Prøvebanken", "elevens svar gemmes", "60 minutter", "Du bliver ikke logget på her"):
        assert words in page
    assert "/mitid/login?formaal=step_up&amp;next=%2Flogin%2Fvoksen%2Fproevebanken%2F" in page


def test_without_anybody_waiting_there_is_nothing_to_approve(emil):
    assert emil.get(f"{AT}foraelder/").headers["Location"] == AT


def test_a_parent_in_custody_approves_and_the_session_stays_the_pupils(emil, custody, cast, mitid):
    open_service(emil)
    page = mitid(emil, "mette", "step_up", AT, follow=True)
    assert page.redirect_chain[-1][0] == ANSWERED
    assert "Emil kan bruge" in text(page)
    assert "Log af MitID" in text(page)
    assert (the_one().answered_by, the_one().answered_role) == (cast["mette"], "Kontaktperson")
    assert "Hej Emil" in text(emil.get("/mit-unilogin/"))
    assert "VoksenVerificeret" in text(open_service(emil))
    assert "loa" not in emil.session or emil.session["loa"] == 0
    assert not AuditEvent.objects.filter(action="login.admitted", actor=cast["mette"]).exists()
    event = AuditEvent.objects.get(action="step_up.approved")
    assert (event.actor, event.subject, event.actor_role) == (cast["mette"], cast.person("emil"), "Kontaktperson")


def test_the_parent_logs_off_at_mitid_and_the_pupil_goes_on(emil, custody, mitid):
    open_service(emil)
    mitid(emil, "mette", "step_up", AT)
    away = emil.get("/mitid/logout").headers["Location"]
    assert "/test-mitid/logout" in away
    back = emil.get("/mitid/slo", {"SAMLResponse": "x"}, follow=True)
    assert back.redirect_chain[-1][0] == ANSWERED
    assert "Log af MitID" not in text(back)
    assert "Gå videre til Prøvebanken" in text(back)
    assert emil.get("/mitid/logout").headers["Location"] == "/mit-unilogin/"
    assert "Hej Emil" in text(emil.get("/mit-unilogin/"))


def test_who_forgot_to_log_off_at_mitid_is_offered_it_when_the_pupil_logs_off(emil, custody, mitid):
    open_service(emil)
    mitid(emil, "mette", "step_up", AT)
    assert "/mitid/logout" in text(emil.post("/login/log-af/", follow=True))


def test_logging_off_at_mitid_elsewhere_does_not_end_the_pupils_session(emil, custody, mitid):
    """The session of the pupil carries no mark of the parent by which a logout there would find it."""
    open_service(emil)
    mitid(emil, "mette", "step_up", AT)
    assert set(LoginSession.objects.exclude(user=None).values_list("mitid_name_hash", flat=True)) == {""}


@pytest.mark.parametrize("name", ["mette", "anna", "sofie", "emil", "nobody"])
def test_who_has_no_custody_is_refused(emil, cast, mitid, name):
    open_service(emil)
    page = mitid(emil, name, "step_up", AT, follow=True)
    assert page.status_code == 403
    assert "Dette MitID kan ikke godkende" in text(page)
    assert "Log af MitID" in text(page)
    assert the_one().state == StepUpState.WAITING
    event = AuditEvent.objects.get(action="step_up.parent_refused")
    assert event.subject == cast.person("emil")
    assert event.details == {"service": "proevebanken", "reason": "no_custody"}
    assert "Hej Emil" in text(emil.get("/mit-unilogin/"))


def test_a_blocked_parent_approves_nothing(emil, custody, cast, mitid):
    open_service(emil)
    services.block(cast["mette"], by=cast["leif"])
    assert mitid(emil, "mette", "step_up", AT, follow=True).status_code == 403
    assert the_one().state == StepUpState.WAITING


def test_custody_that_has_ended_approves_nothing(emil, custody, mitid):
    open_service(emil)
    custody.custody = False
    custody.save()
    assert mitid(emil, "mette", "step_up", AT, follow=True).status_code == 403


def test_when_the_pupils_session_is_gone_nothing_is_approved_and_nobody_is_logged_in(emil, custody, cast, mitid):
    open_service(emil)
    visitor = Client()
    page = mitid(visitor, "mette", "step_up", AT, follow=True)
    assert page.status_code == 403
    assert "Ingen venter på et ja her" in text(page)
    assert the_one().state == StepUpState.WAITING
    assert visitor.get("/mit-unilogin/").status_code == 302
    assert AuditEvent.objects.get(action="step_up.parent_refused").actor == cast["mette"]
    assert "/test-mitid/logout" in visitor.get("/mitid/logout").headers["Location"]


@pytest.mark.parametrize(
    "path", ["", "/mit-unilogin/", "/login/voksen/klasseposten/", "/login/voksen/findesikke/", "/x"]
)
def test_mitid_approves_only_what_is_waited_for(emil, custody, mitid, path):
    open_service(emil)
    page = mitid(emil, "mette", "step_up", path, follow=True)
    assert page.status_code == 403
    assert "Ingen venter på et ja her" in text(page)
    assert the_one().state == StepUpState.WAITING


def test_a_refused_pupil_is_not_approved_by_an_answer_that_comes_late(emil, custody, cast, mitid):
    open_service(emil)
    step_ups.refuse([the_one()], by=cast["tove"], role="Lærer", institution="101001")
    assert mitid(emil, "mette", "step_up", AT, follow=True).status_code == 403
    assert the_one().state == StepUpState.REFUSED


def test_when_a_teacher_was_faster_the_parent_is_led_on(emil, custody, cast, mitid):
    open_service(emil)
    approve(cast)
    assert mitid(emil, "mette", "step_up", AT, follow=True).status_code == 200
    assert the_one().answered_by == cast["tove"]
    assert AuditEvent.objects.filter(action="step_up.approved").count() == 1


def test_the_answer_of_mitid_counts_once(emil, custody, cast, mitid):
    open_service(emil)
    mitid(emil, "mette", "step_up", AT)
    step_ups.end([the_one()], by=cast["tove"], role="Lærer", institution="101001")
    emil.post(f"{AT}spoerg/")
    emil.get("/mitid/fortsaet/")
    assert not StepUp.objects.filter(state=StepUpState.APPROVED).exists()


def test_mitid_must_ask_anew_also_where_it_remembers_somebody(emil):
    open_service(emil)
    away = emil.get("/mitid/login", {"formaal": "step_up", "next": AT}).headers["Location"]
    assert asked.question(urlsplit(away).query, now=timezone.now()).force_authn


@pytest.mark.parametrize("path", [AT, f"{AT}svar/", f"{AT}foraelder/", SERVICE])
def test_the_pupils_pages_take_few_queries(emil, path, django_assert_max_num_queries):
    emil.get(AT)
    with django_assert_max_num_queries(9):
        emil.get(path)

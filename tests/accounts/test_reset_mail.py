"""A mail to parents when somebody else gives their child a new password, and the way to stop it."""

import re
from urllib.parse import quote

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts import reset_windows, services
from accounts.models import AuditEvent, ContactRelation, Person, User
from accounts.services import Why
from tests.cast import SOURCE
from unilogin_portal.lib.errors import DomainError

SUBJECT = "Dit barn har fået en ny adgangskode"
CHOSEN = "/mit-unilogin/besked/"


@pytest.fixture
def give(cast, django_capture_on_commit_callbacks):
    """Give esther a new password, as a member of the cast; return the mails to her parents."""

    def give(by: str, why: Why = Why.HELPED, role: str = "Lærer", institution: str = "101001") -> list:
        child, mail.outbox = cast["esther"], []
        with django_capture_on_commit_callbacks(execute=True):
            services.set_secret(
                child,
                services.hash_of(f"{by}{why}"),
                expected_mark=services.secret_mark(child),
                by=cast[by],
                why=why,
                role=role,
                institution=institution,
            )
        return [one for one in mail.outbox if one.subject == SUBJECT]

    return give


@pytest.fixture
def asked(cast) -> User:
    """Mette has asked for the mail."""
    User.objects.filter(pk=cast["mette"].pk).update(wants_reset_mail=True)
    return cast["mette"]


def with_custody(cast, name: str, child: str = "esther") -> None:
    ContactRelation.objects.create(
        child=cast.person(child),
        contact=cast.person(name),
        institution="101001",
        source=SOURCE,
        relation="Far",
        custody=True,
        access_level=2,
        from_date=timezone.localdate(),
    )
    Person.objects.filter(pk=cast[name].person_id).update(email=f"{name}@example.dk")
    User.objects.filter(pk=cast[name].pk).update(wants_reset_mail=True)


def link_in(message) -> str:
    return re.search(r"https?://[^/\s]+(/mit-unilogin/besked/\S+)", message.body).group(1)


def test_a_teachers_help_is_told_by_role_school_and_time_but_no_names(asked, give, cast):
    (message,) = give("tove")
    assert message.to == ["mette@example.dk"]
    assert "En lærer på Lærkeskolen gav i dag kl. " in message.body
    assert "Du får mailen, fordi du har bedt om besked." in message.body
    for private in ("Esther", "esth7204", "Tove", "tove1168", "Holm", "Mette"):
        assert private not in message.body + message.subject


@pytest.mark.parametrize(
    ("role", "words"),
    [
        ("Vikar", "En vikar på Lærkeskolen"),
        ("urn:dk:unilogin:elevadgang:brugeradministrator", "En brugeradministrator på Lærkeskolen"),
        ("Pædagog", "En ansat på Lærkeskolen"),
    ],
)
def test_every_role_has_its_words(asked, give, role, words):
    assert words in give("vera", role=role)[0].body


def test_who_has_not_asked_gets_none(give):
    assert give("tove") == []


def test_the_other_parent_hears_of_a_parents_help_and_the_helper_does_not(asked, give, cast):
    with_custody(cast, "karim")
    (message,) = give("mette", Why.CHILD, role="", institution="")
    assert message.to == ["karim@example.dk"]
    assert "En anden forælder gav" in message.body


def test_a_teacher_who_is_the_childs_parent_is_not_told_of_the_own_help(asked, give):
    assert give("mette") == []


@pytest.mark.parametrize("why", [Why.KNOWN, Why.FORGOTTEN, Why.FIRST, Why.OUTGROWN])
def test_what_the_child_does_itself_is_the_childs_own_matter(asked, give, why):
    assert give("esther", why, role="", institution="") == []


def test_without_custody_nobody_is_told(cast, give):
    Person.objects.filter(pk=cast["anna"].person_id).update(email="anna@example.dk")
    User.objects.filter(pk=cast["anna"].pk).update(wants_reset_mail=True)
    assert give("tove") == []


def test_custody_that_has_ended_ends_the_mails(asked, give):
    ContactRelation.objects.update(to_date=timezone.localdate())
    assert give("tove") == []


def test_two_reports_of_the_same_custody_give_one_mail(asked, give, cast):
    ContactRelation.objects.create(
        child=cast.person("esther"),
        contact=cast.person("mette"),
        institution="G12345",
        source=SOURCE,
        relation="Mor",
        custody=True,
        access_level=2,
        from_date=timezone.localdate(),
    )
    assert len(give("tove")) == 1


def test_a_password_that_was_not_saved_is_not_told_of(asked, cast, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(DomainError):
        services.set_secret(
            cast["esther"], services.hash_of("x"), expected_mark="another", by=cast["tove"], why=Why.HELPED
        )
    assert mail.outbox == []


def test_a_window_that_is_only_opened_sends_nothing(asked, cast, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        reset_windows.open_for([cast["esther"]], by=cast["tove"], role="Lærer", institution="101001")
    assert mail.outbox == []


# Asking for it


def test_a_parent_chooses_the_mail_and_stops_it_and_both_stand_in_the_audit(logged_in, cast):
    client = logged_in("mette")
    assert "Ja, skriv til mig" in client.get("/mit-unilogin/").content.decode()
    page = client.post(CHOSEN, {"besked": "ja"}, follow=True).content.decode()
    assert "Du får en mail fra nu af." in page
    assert "Stop mails" in page
    assert cast["mette"].wants_reset_mail
    client.post(CHOSEN, {"besked": "ja"})
    client.post(CHOSEN, {"besked": "nej"})
    assert not cast["mette"].wants_reset_mail
    events = AuditEvent.objects.filter(action__startswith="mail.").order_by("pk")
    assert [event.action for event in events] == ["mail.chosen", "mail.declined"]
    assert {event.actor_id for event in events} == {cast["mette"].pk}
    assert "Mail ved ny adgangskode blev valgt til" in client.get("/mit-unilogin/historik/").content.decode()


def test_without_an_address_the_page_says_kindly_where_it_comes_from(logged_in, cast):
    Person.objects.filter(pk=cast["mette"].person_id).update(email="")
    client = logged_in("mette")
    page = client.get("/mit-unilogin/").content.decode()
    assert "vi kender ikke din mailadresse" in page
    assert "Ja, skriv til mig" not in page
    page = client.post(CHOSEN, {"besked": "ja"}, follow=True).content.decode()
    assert "Vi kender ikke din mailadresse endnu" in page
    assert not cast["mette"].wants_reset_mail


@pytest.mark.parametrize("name", ["anna", "sofie", "tove", "olga"])
def test_who_has_no_children_in_custody_is_not_offered_it(logged_in, cast, name):
    client = logged_in(name)
    assert "Mail om nye adgangskoder" not in client.get("/mit-unilogin/").content.decode()
    assert client.post(CHOSEN, {"besked": "ja"}).status_code == 404
    assert not cast[name].wants_reset_mail


def test_an_address_that_is_gone_is_said_and_the_mails_can_still_be_stopped(asked, logged_in, give, cast):
    Person.objects.filter(pk=asked.person_id).update(email="")
    client = logged_in("mette")
    page = client.get("/mit-unilogin/").content.decode()
    assert "vi har ingen mailadresse til dig nu" in page
    assert give("tove") == []
    client.post(CHOSEN, {"besked": "nej"})
    assert not cast["mette"].wants_reset_mail


# Stopping it by the link


def test_the_link_in_the_mail_stops_the_mails_with_one_button_and_no_log_in(asked, give, cast):
    link, visitor = link_in(give("tove")[0]), Client()
    page = visitor.get(link)
    assert page.status_code == 200
    assert "Stop mails" in page.content.decode()
    assert page["Referrer-Policy"] == "no-referrer"
    assert cast["mette"].wants_reset_mail  # looking changes nothing: mail filters look, too
    done = visitor.post(link, follow=True)
    assert "Du får ikke flere mails" in done.content.decode()
    assert not cast["mette"].wants_reset_mail
    assert give("leif") == []
    event = AuditEvent.objects.get(action="mail.declined")
    assert (event.actor, event.subject) == (None, cast.person("mette"))


def test_the_page_names_nobody(asked, give):
    page = Client().get(link_in(give("tove")[0])).content.decode()
    for private in ("Mette", "mett4821", "Esther", "mette@example.dk", "Lærkeskolen"):
        assert private not in page


def test_a_second_visit_and_a_second_press_are_answered_kindly(asked, give):
    link, visitor = link_in(give("tove")[0]), Client()
    for _ in range(2):
        visitor.post(link)
    page = visitor.get(link)
    assert page.status_code == 200
    assert "Du får ikke flere mails" in page.content.decode()
    assert AuditEvent.objects.filter(action="mail.declined").count() == 1


def test_forged_and_old_links_get_the_same_polite_page_and_change_nothing(asked, give, cast, settings):
    link = link_in(give("tove")[0])
    settings.SECRET_KEY = "another key than the one that signed it, long enough for the signer"
    settings.SECRET_KEY_FALLBACKS = []
    pages = set()
    for path in (link, "/mit-unilogin/besked/forfalsket/", f"/mit-unilogin/besked/{cast['mette'].uniid}:x/"):
        for answer in (Client().get(path), Client().post(path)):
            assert answer.status_code == 200
            pages.add(answer.content.decode().replace(path, "").replace(quote(path), ""))
    assert len(pages) == 1
    assert "Linket virker ikke" in pages.pop()
    assert cast["mette"].wants_reset_mail


def test_a_link_of_one_parent_stops_nobody_elses_mails(asked, give, cast):
    with_custody(cast, "karim")
    links = {message.to[0]: link_in(message) for message in give("tove")}
    assert len(links) == 2
    Client().post(links["karim@example.dk"])
    assert not cast["karim"].wants_reset_mail
    assert cast["mette"].wants_reset_mail

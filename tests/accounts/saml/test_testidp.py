"""The stand-in's pages: who one may be, and the whole way through them."""

import re
from collections.abc import Callable
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client
from lxml import etree

from accounts.activation import preparse, sp_services
from accounts.activation.saml import Identity, binding, keys
from accounts.models import AuditEvent, LoginSession, Person
from accounts.testidp import people
from institutions.demo import cast as cast_of_the_demo
from tests.cast import CPR, Cast
from unilogin_portal.lib.gate import LevelOfAssurance

WHO = {"kind": "person", "loa": "Substantial", "cvr": "", "p_number": "", "scope": "cvr"}


class Visit:
    """A browser on its way through the stand-in."""

    def __init__(self, purpose: str = "login", next_path: str = "") -> None:
        self.client = Client()
        left = self.client.get("/mitid/login", {"formaal": purpose, "next": next_path})
        self.address = left["Location"].removeprefix("http://testserver")

    def page(self, q: str = "") -> str:
        response = self.client.get(f"{self.address}&q={q}")
        assert response.status_code == 200
        return response.content.decode()

    def choose(self, person: object, q: str = "", **who: object) -> HttpResponse:
        key = str(getattr(person, "person_id", person))
        return self.client.post(f"{self.address}&q={q}", {**WHO, "person": key, **who})

    def send(self, response: HttpResponse) -> HttpResponse:
        """Press the button of the page that carries the answer back."""
        page = response.content.decode()
        action = re.search(r'<form method="post" action="([^"]+)" data-autosubmit>', page)
        message = re.search(r'name="SAMLResponse" value="([^"]+)"', page)
        assert action
        assert message
        assert action[1] == "http://testserver/mitid/acs"
        return self.client.post("/mitid/acs", {"SAMLResponse": unescape(message[1])})

    def arrive(self, person: object, q: str = "", **who: object) -> HttpResponse:
        sent = self.send(self.choose(person, q, **who))
        assert sent.status_code == 303, sent.content.decode()
        return self.client.get(sent["Location"])


def key_of(member: cast_of_the_demo.Member) -> str:
    """Return the key of one of the demo country's own cast."""
    return f"cast-{cast_of_the_demo.CAST.index(member)}"


def put_mette_of_the_demo_in() -> None:
    """Where she is, the stand-in takes the demo country for loaded."""
    sealed = Person.sealed_cpr(cast_of_the_demo.METTE.cpr)
    Person.objects.create(cpr=sealed, first_name="Mette", family_name="Holm")


def test_somebody_chosen_comes_in_and_where_they_wanted_to_go(cast: Cast):
    visit = Visit(next_path="/mit-unilogin/?x=1")
    assert visit.arrive(cast["karim"], "karim")["Location"] == "/mit-unilogin/?x=1"
    session = LoginSession.objects.get(user=cast["karim"])
    assert session.mitid_name_hash
    assert visit.client.session["loa"] == LevelOfAssurance.SUBSTANTIAL


def test_the_same_person_has_the_same_name_every_time(cast: Cast):
    names = set()
    for _ in range(2):
        visit = Visit()
        visit.arrive(cast["karim"], "karim")
        names.add(visit.client.session["mitid_session"]["name_id"])
    assert len(names) == 1


def test_somebody_who_works_brings_organisation_and_rights(cast: Cast):
    visit = Visit()
    rights = ["urn:dk:unilogin:tilslutning:administrer"]
    visit.arrive(cast["leif"], "leif", kind="professional", rights=rights)
    assert [list(right) for right in visit.client.session["rights"]] == [[rights[0], "cvr", cast.school.cvr]]


def test_rights_may_cover_one_p_number(cast: Cast):
    visit = Visit()
    rights = ["urn:dk:unilogin:brugeroversigt:laes"]
    visit.arrive(cast["leif"], "leif", kind="professional", rights=rights, scope="p", p_number="9003766444")
    assert [list(right) for right in visit.client.session["rights"]] == [[rights[0], "p", "9003766444"]]


def test_a_low_level_is_sent_and_refused_by_the_portal(cast: Cast):
    visit = Visit()
    response = visit.send(visit.choose(cast["karim"], "karim", loa="Low"))
    assert response.status_code == 403
    assert "ikke sikkert nok" in response.content.decode()


def test_cancel_leads_back_and_nobody_is_logged_in(cast: Cast):
    visit = Visit()
    response = visit.send(visit.client.post(visit.address, {"cancel": "1"}))
    assert response.status_code == 400
    assert "Du blev ikke færdig hos MitID" in response.content.decode()
    assert not LoginSession.objects.exists()


def test_somebody_unknown_to_the_country_is_told_so(cast: Cast):
    visit = Visit()
    response = visit.client.get(visit.arrive(key_of(cast_of_the_demo.PETER))["Location"])
    assert response.status_code == 403
    assert not LoginSession.objects.filter(user__isnull=False).exists()


def test_a_child_has_no_mitid(cast: Cast):
    response = Visit().choose(cast["esther"], "esther")
    assert response.status_code == 200
    assert "Esther Holm har ikke MitID" in response.content.decode()


def test_an_organisation_must_be_named_for_somebody_who_works_nowhere(cast: Cast):
    response = Visit().choose(cast["anna"], "anna", kind="professional")
    assert "Skriv et CVR-nummer" in response.content.decode()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("cvr", "1234", "Et CVR-nummer har otte cifre"),
        ("p_number", "1234", "Et P-nummer har ti cifre"),
        ("person", "999999", "karim"),
    ],
)
def test_a_wrong_field_is_told_of(cast: Cast, field: str, value: str, words: str):
    page = Visit().client.post(f"{Visit().address}&q=karim", {**WHO, "person": cast["karim"].person_id, field: value})
    assert page.status_code == 200
    assert words in page.content.decode()


def test_the_rights_of_a_p_number_need_the_number(cast: Cast):
    rights = ["urn:dk:unilogin:brugeroversigt:laes"]
    response = Visit().choose(cast["leif"], "leif", kind="professional", rights=rights, scope="p", cvr="94348552")
    assert "Skriv det P-nummer" in response.content.decode()


def test_typical_people_are_suggested(cast: Cast):
    suggested = {candidate.name: candidate for candidate in people.suggested()}
    assert {"Mette Holm", "Esther Holm", "Sofie Lund", "Peter Olsen"} <= suggested.keys()
    assert not suggested["Esther Holm"].has_mitid
    assert "har ikke MitID" in suggested["Esther Holm"].note
    assert suggested["Sofie Lund"].has_mitid
    assert "forælder til 2 børn" in suggested["Mette Holm"].note
    assert "Lærkeskolen" in suggested["Mette Holm"].note


def test_in_the_demo_country_its_cast_is_suggested(db: None):
    put_mette_of_the_demo_in()
    suggested = {candidate.name: candidate for candidate in people.suggested()}
    assert suggested.keys() == {member.shown_name for member in (*cast_of_the_demo.MITID, cast_of_the_demo.ESTHER)}
    assert not suggested["Esther Holm"].has_mitid
    assert suggested["Mette Holm"].note == cast_of_the_demo.METTE.who


def test_the_demo_countrys_officer_brings_the_rights_of_the_municipality(db: None):
    put_mette_of_the_demo_in()
    visit = Visit()
    visit.send(visit.choose(key_of(cast_of_the_demo.NADIA), kind="professional"))
    identity = collected(visit)
    workplace = cast_of_the_demo.NADIA.professional
    assert workplace
    assert (identity.kind, identity.cvr, identity.org_name) == ("professional", workplace.cvr, workplace.organisation)
    assert {right for right, _, _ in identity.granted_rights()} == set(map(str, workplace.rights))
    assert {scope for _, scope, _ in identity.granted_rights()} == {"cvr"}


def test_mitid_knows_a_protected_person_by_the_registered_name(db: None):
    put_mette_of_the_demo_in()
    visit = Visit()
    visit.send(visit.choose(key_of(cast_of_the_demo.LIV)))
    identity = collected(visit)
    assert (identity.full_name, identity.cpr) == ("Liv Skov", cast_of_the_demo.LIV.cpr)


def collected(visit: Visit) -> Identity:
    """Return the identity that waits for the visit's browser."""
    return sp_services.collect(visit.client.cookies["mitid-receipt"].value)[0]


@pytest.mark.parametrize("words", ["mette", "Holm Mette", "mett4821", "METTE"])
def test_people_are_found_by_name_or_user_name(cast: Cast, words: str):
    assert [candidate.name for candidate in people.found(words)] == ["Mette Holm"]


def test_a_search_that_finds_nobody_says_so(cast: Cast):
    assert "Ingen passer til" in Visit().page("qqqq")


def test_a_protected_person_is_shown_by_the_alias(cast: Cast):
    assert [candidate.name for candidate in people.found("Bech")] == ["Ane Bech"]
    assert people.found("Skov") == []


def test_no_page_shows_a_cpr_number(cast: Cast):
    visit = Visit()
    pages = visit.page() + visit.page("holm") + visit.choose(cast["karim"], "karim").content.decode()
    assert not any(cpr in pages for cpr in (*CPR.values(), cast_of_the_demo.PETER.cpr))


def test_the_number_of_queries_does_not_grow_with_the_people(
    cast: Cast, django_assert_max_num_queries: Callable[..., object]
):
    with django_assert_max_num_queries(9):
        people.suggested()
    with django_assert_max_num_queries(3):
        people.found("e")


def test_being_somebody_leaves_a_trace(cast: Cast):
    Visit().choose(cast["karim"], "karim")
    event = AuditEvent.objects.get(action="testidp.answered")
    assert event.subject == cast["karim"].person


def test_the_pages_have_no_script_of_their_own_in_them(cast: Cast):
    page = Visit().choose(cast["karim"], "karim").content.decode()
    assert re.findall(r"<script(?![^>]* src=)", page) == []
    assert 'type="submit">Fortsæt</button>' in page


@pytest.mark.parametrize("switch", [{"TEST_IDP": False}, {"PRODUCTION": True}])
@pytest.mark.parametrize("path", ["login", "metadata", "logout"])
def test_in_production_or_switched_off_there_is_no_stand_in(db: None, settings, switch: dict[str, bool], path: str):
    for name, value in switch.items():
        setattr(settings, name, value)
    assert Client().get(f"/test-mitid/{path}").status_code == 404


def _asked(**attributes: str) -> HttpResponse:
    """Put a question of the portal's with other attributes, signed again."""
    asked = parse_qs(urlsplit(Visit().address).query)["SAMLRequest"][0]
    root = etree.fromstring(preparse.redirected(asked))
    root.attrib.update(attributes)
    key = keys.service_provider_keys().key
    return Client().get(binding.signed_url("/test-mitid/login", "SAMLRequest", etree.tostring(root), key))


def test_a_question_of_ours_is_answered(cast: Cast):
    assert _asked().status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"Destination": "http://testserver/elsewhere"},
        {"AssertionConsumerServiceURL": "https://attacker.example/acs"},
        {"ProtocolBinding": "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"},
        {"IssueInstant": "2020-01-01T00:00:00Z"},
    ],
)
def test_a_question_with_one_thing_wrong_is_not_answered(db: None, wrong: dict[str, str]):
    assert _asked(**wrong).status_code == 400


def test_a_question_that_was_changed_is_not_answered(cast: Cast):
    address = Visit().address
    query = urlsplit(address).query
    assert Client().get(address.replace("SAMLRequest=", "SAMLRequest=A")).status_code == 400
    assert Client().get("/test-mitid/login?" + query.split("&Signature=")[0]).status_code == 400
    assert Client().get("/test-mitid/login").status_code == 400


def test_a_question_that_must_not_show_a_page_is_answered_at_once(db: None):
    page = _asked(IsPassive="true").content.decode()
    assert "data-autosubmit" in page

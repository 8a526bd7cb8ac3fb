"""Single logout, from here and from there."""

import base64
from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from lxml import etree

from accounts.activation import preparse
from accounts.activation.saml import binding, keys, parties
from accounts.activation.saml.keys import own_pair
from accounts.models import AuditEvent, LoginSession
from accounts.testidp import asked, goodbyes, responses

from .door import MitidLog
from .forge import PERSON, PROFESSIONAL, idp, moment, one

MITID = {"name_id": PERSON, "session_index": "_s1"}


def came_by_mitid(client: Client, name_id: str = PERSON, session_index: str = "_s1") -> Client:
    """Give the client's session what a log-in by MitID leaves in it."""
    session = client.session
    session["mitid_session"] = {"name_id": name_id, "session_index": session_index}
    session.save()
    client.cookies["unilogin"] = session.session_key
    return client


def local(url: str) -> str:
    return url.removeprefix("http://testserver")


def outcome(response: HttpResponse) -> etree._Element:
    """Return the signed LogoutResponse that a redirect carries."""
    assert response.status_code == 302
    query = urlsplit(response["Location"]).query
    xml, _ = binding.verified(query, "SAMLResponse", [keys.service_provider_keys().certificate_pem])
    return etree.fromstring(xml)


def posted(root: etree._Element) -> str:
    return base64.b64encode(etree.tostring(root)).decode()


def test_who_came_by_mitid_may_log_off_there_too(db: None):
    client = came_by_mitid(Client())
    response = client.get("/mitid/logout")
    goodbye = asked.goodbye(urlsplit(response["Location"]).query, now=timezone.now())
    assert goodbye.name_id == PERSON
    back = Client().get(local(response["Location"]))
    assert back.status_code == 302
    assert local(back["Location"]).startswith("/mitid/slo?SAMLResponse=")
    assert Client().get(local(back["Location"]))["Location"] == "/"


def test_a_second_click_asks_nothing(db: None):
    client = came_by_mitid(Client())
    client.get("/mitid/logout")
    assert client.get("/mitid/logout")["Location"] == "/"


def test_who_never_came_by_mitid_is_sent_to_the_front_page(db: None):
    assert Client().get("/mitid/logout")["Location"] == "/"


def test_a_link_from_elsewhere_logs_nobody_off(logged_in):
    client = came_by_mitid(logged_in("karim"))
    assert client.get("/mitid/logout")["Location"] == "/mit-unilogin/"
    assert client.session["mitid_session"] == MITID


def test_mitid_ends_every_session_of_the_person_and_of_nobody_else(logged_in, mitid_log: MitidLog):
    here, there = came_by_mitid(logged_in("karim")), came_by_mitid(logged_in("karim"), session_index="_s2")
    other = came_by_mitid(logged_in("leif"), name_id=PROFESSIONAL)
    response = Client().get(local(goodbyes.request_url(PERSON, now=timezone.now())))
    assert outcome(response).tag == "{urn:oasis:names:tc:SAML:2.0:protocol}LogoutResponse"
    for client in (here, there):
        assert client.get("/mit-unilogin/").status_code == 302
    assert other.get("/mit-unilogin/").status_code == 200
    assert [(line["event"], line["sessions"]) for line in mitid_log.lines] == [("mitid_logout", 2)]
    assert AuditEvent.objects.get(action="mitid.logged_out").details == {"sessions": 2}


def test_mitid_may_end_one_session_only(logged_in):
    here, there = came_by_mitid(logged_in("karim")), came_by_mitid(logged_in("karim"), session_index="_s2")
    Client().get(local(goodbyes.request_url(PERSON, "_s2", now=timezone.now())))
    assert here.get("/mit-unilogin/").status_code == 200
    assert there.get("/mit-unilogin/").status_code == 302


def test_our_answer_names_the_request_and_carries_its_relay_state_back(db: None):
    url = goodbyes.request_url(PERSON, relay_state="abc 1&2", now=timezone.now())
    response = Client().get(local(url))
    assert parse_qs(urlsplit(response["Location"]).query)["RelayState"] == ["abc 1&2"]
    request = etree.fromstring(preparse.redirected(parse_qs(urlsplit(url).query)["SAMLRequest"][0]))
    assert outcome(response).get("InResponseTo") == request.get("ID")


def test_mitid_may_ask_by_post_across_sites_without_our_cookie(logged_in):
    client = came_by_mitid(logged_in("karim"))
    request = responses.signed(goodbyes.request(PERSON, now=timezone.now()), idp())
    response = Client(enforce_csrf_checks=True).post("/mitid/slo", {"SAMLRequest": posted(request)})
    assert outcome(response).get("Destination") == parties.stand_in().slo_url
    assert client.get("/mit-unilogin/").status_code == 302


def test_the_name_is_stored_as_a_hash_only(logged_in):
    came_by_mitid(logged_in("karim"))
    session = LoginSession.objects.get()
    assert len(session.mitid_name_hash) == 64
    assert PERSON not in session.mitid_name_hash


def _request(**attributes: str) -> etree._Element:
    root = goodbyes.request(PERSON, now=timezone.now())
    for name, value in attributes.items():
        root.set(name, value)
    return root


def _renamed() -> etree._Element:
    root = _request()
    root.tag = "{urn:oasis:names:tc:SAML:2.0:protocol}AuthnRequest"
    return root


def _from(issuer: str) -> etree._Element:
    root = _request()
    one(root, "saml:Issuer").text = issuer
    return root


def _nameless() -> etree._Element:
    root = _request()
    root.remove(one(root, "saml:NameID"))
    return root


WRONG = {
    "wrong_message": _renamed,
    "wrong_version": lambda: _request(Version="1.1"),
    "wrong_destination": lambda: _request(Destination="http://testserver/mitid/acs"),
    "wrong_issue_instant": lambda: _request(IssueInstant=moment(minutes=-6)),
    "expired": lambda: _request(NotOnOrAfter=moment(minutes=-6)),
    "wrong_issuer": lambda: _from("https://attacker.example"),
    "wrong_name_id": _nameless,
}


@pytest.mark.parametrize("reason", WRONG)
@pytest.mark.parametrize("way", ["redirect", "post"])
def test_a_request_with_one_thing_wrong_ends_nothing(logged_in, mitid_log: MitidLog, reason: str, way: str):
    client = came_by_mitid(logged_in("karim"))
    root = WRONG[reason]()
    if way == "redirect":
        response = Client().get(local(binding.signed_url("/mitid/slo", "SAMLRequest", etree.tostring(root), idp().key)))
    else:
        response = Client().post("/mitid/slo", {"SAMLRequest": posted(responses.signed(root, idp()))})
    assert response.status_code == 400
    assert [line["reason"] for line in mitid_log.lines] == [reason]
    assert client.get("/mit-unilogin/").status_code == 200


def test_an_unsigned_request_ends_nothing(logged_in, mitid_log: MitidLog):
    client = came_by_mitid(logged_in("karim"))
    url = goodbyes.request_url(PERSON, now=timezone.now())
    assert Client().get(local(url).split("&Signature=")[0]).status_code == 400
    assert Client().post("/mitid/slo", {"SAMLRequest": posted(_request())}).status_code == 400
    assert [line["reason"] for line in mitid_log.lines] == ["not_signed", "not_signed"]
    assert client.get("/mit-unilogin/").status_code == 200


def test_a_request_signed_by_somebody_else_ends_nothing(logged_in, mitid_log: MitidLog):
    client = came_by_mitid(logged_in("karim"))
    key = own_pair("attacker").key
    Client().get(binding.signed_url("/mitid/slo", "SAMLRequest", etree.tostring(_request()), key))
    assert [line["reason"] for line in mitid_log.lines] == ["signature_invalid"]
    assert client.get("/mit-unilogin/").status_code == 200


def test_a_signature_does_not_fit_another_message(db: None, mitid_log: MitidLog):
    first = goodbyes.request_url(PERSON, now=timezone.now())
    second = goodbyes.request_url(PROFESSIONAL, now=timezone.now())
    mixed = second.split("&Signature=")[0] + "&Signature=" + first.split("&Signature=")[1]
    assert Client().get(local(mixed)).status_code == 400
    assert [line["reason"] for line in mitid_log.lines] == ["signature_invalid"]


def test_nothing_at_all_is_refused(db: None, mitid_log: MitidLog):
    assert Client().get("/mitid/slo").status_code == 400
    assert Client().post("/mitid/slo").status_code == 400

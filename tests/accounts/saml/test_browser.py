"""An answer is good once, for ten minutes, in the browser that asked, and is then handed over once."""

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.activation import sp_browser
from accounts.models import AuditEvent, MitidRequest

from .door import Browser, MitidLog
from .forge import moment, setting


def reasons(log: MitidLog) -> list[object]:
    return [line["reason"] for line in log.lines if "reason" in line]


def test_the_same_answer_twice_is_refused_the_second_time(browser: Browser, mitid_log: MitidLog):
    message = browser.forge().write()
    assert browser.post(message).status_code == 303
    assert browser.post(message).status_code == 400
    assert reasons(mitid_log) == ["already_answered"]


def test_a_second_answer_to_the_same_question_is_refused(browser: Browser, mitid_log: MitidLog):
    forge = browser.forge()
    assert browser.post(forge.write()).status_code == 303
    assert browser.post(forge.write()).status_code == 400
    assert reasons(mitid_log) == ["already_answered"]


def test_a_replay_after_the_first_was_collected_is_refused(browser: Browser, mitid_log: MitidLog):
    message = browser.forge().write()
    browser.post(message)
    cookie = browser.client.cookies["mitid"].value
    browser.client.get("/mitid/fortsaet/")
    browser.client.cookies["mitid"] = cookie
    assert browser.post(message).status_code == 400
    assert reasons(mitid_log) == ["already_answered"]


def test_an_assertion_is_good_for_one_question_only(browser: Browser, mitid_log: MitidLog):
    first, second = browser.forge(), browser.forge()
    assert browser.post(first.write(first.answer(assertion_id="_same"))).status_code == 303
    assert browser.post(second.write(second.answer(assertion_id="_same"))).status_code == 400
    assert reasons(mitid_log) == ["assertion_replayed"]


def test_a_refused_replay_of_an_assertion_hands_nobody_over(browser: Browser):
    first, second = browser.forge(), browser.forge()
    browser.post(first.write(first.answer(assertion_id="_same")))
    browser.post(second.write(second.answer(assertion_id="_same")))
    assert not bytes(MitidRequest.objects.get(request_id=second.request_id).identity)


def test_a_refused_answer_uses_the_question_up(browser: Browser, mitid_log: MitidLog):
    forge = browser.forge()
    assert browser.post(forge.write(outside=setting(".", "Version", "1.0"))).status_code == 400
    assert browser.post(forge.write()).status_code == 400
    assert reasons(mitid_log) == ["wrong_version", "already_answered"]
    assert AuditEvent.objects.get(action="mitid.refused").details["reason"] == "wrong_version"


def test_an_answer_to_another_browsers_question_is_refused(
    browser: Browser, another_browser: Browser, mitid_log: MitidLog
):
    forge = browser.forge()
    another_browser.ask()
    assert another_browser.post(forge.write()).status_code == 400
    assert reasons(mitid_log) == ["other_browser"]
    assert browser.post(forge.write()).status_code == 303, "the attempt must not have used the question up"


def test_an_answer_without_the_cookie_is_refused(browser: Browser, another_browser: Browser, mitid_log: MitidLog):
    forge = browser.forge()
    assert another_browser.post(forge.write()).status_code == 400
    assert reasons(mitid_log) == ["no_browser_cookie"]


@pytest.mark.parametrize("value", ["", "short", "x" * 5000, "å" * 43])
def test_a_cookie_that_is_none_of_ours_counts_as_none(browser: Browser, mitid_log: MitidLog, value: str):
    forge = browser.forge()
    browser.client.cookies["mitid"] = value
    assert browser.post(forge.write()).status_code == 400
    assert reasons(mitid_log) == ["no_browser_cookie"]


def test_an_identity_is_collected_by_its_own_browser_only(browser: Browser, another_browser: Browser):
    browser.post(browser.forge().write())
    another_browser.ask()
    assert another_browser.client.get("/mitid/fortsaet/").status_code == 400
    assert bytes(MitidRequest.objects.exclude(answered_at=None).get().identity)


def test_a_copy_of_the_cookie_from_before_the_answer_collects_nothing(browser: Browser, another_browser: Browser):
    forge = browser.forge()
    another_browser.client.cookies["mitid"] = browser.client.cookies["mitid"].value
    browser.post(forge.write())
    assert another_browser.client.get("/mitid/fortsaet/").status_code == 400
    assert browser.client.get("/mitid/fortsaet/").status_code != 400


def test_an_identity_is_handed_over_once(browser: Browser, mitid_log: MitidLog):
    browser.post(browser.forge().write())
    receipt = browser.client.cookies["mitid-receipt"].value
    assert browser.client.get("/mitid/fortsaet/").status_code != 400
    browser.client.cookies["mitid-receipt"] = receipt
    assert browser.client.get("/mitid/fortsaet/").status_code == 400
    assert reasons(mitid_log) == ["nothing_to_collect"]


def test_an_identity_waits_for_two_minutes(browser: Browser):
    browser.post(browser.forge().write())
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=3)):
        assert browser.client.get("/mitid/fortsaet/").status_code == 400


def test_the_cookie_is_gone_when_the_identity_is_handed_over(browser: Browser):
    browser.post(browser.forge().write())
    response = browser.client.get("/mitid/fortsaet/")
    assert response.cookies["mitid"]["max-age"] == 0
    assert response.cookies["mitid-receipt"]["max-age"] == 0


def test_a_question_is_good_for_ten_minutes(browser: Browser, mitid_log: MitidLog):
    forge = browser.forge()
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=11)):
        assert browser.post(forge.write()).status_code == 400
    assert reasons(mitid_log) == ["request_too_old"]


def test_two_windows_of_one_browser_do_not_disturb_each_other(browser: Browser):
    first, second = browser.forge(), browser.forge()
    assert browser.post(second.write()).status_code == 303
    assert browser.post(first.write()).status_code == 303


def test_only_the_browsers_hash_is_stored(browser: Browser):
    browser.ask()
    secret = browser.client.cookies["mitid"].value
    assert MitidRequest.objects.get().browser_hash == sp_browser.hashed(secret)
    assert secret not in MitidRequest.objects.get().browser_hash


def test_for_a_password_mitid_must_have_asked_anew(browser: Browser, mitid_log: MitidLog):
    assert browser.ask("own_password").force_authn
    assert browser.ask("child_password").force_authn
    assert not browser.ask("login").force_authn
    forge = browser.forge("child_password")
    old = forge.write(before=setting("saml:AuthnStatement", "AuthnInstant", moment(minutes=-20)))
    assert browser.post(old).status_code == 400
    assert reasons(mitid_log) == ["authentication_too_old"]


def test_on_plain_http_the_cookie_is_lax(browser: Browser):
    response = browser.client.get("/mitid/login")
    cookie = response.cookies["mitid"]
    assert (cookie["samesite"], cookie["httponly"], cookie["path"]) == ("Lax", True, "/")
    assert not cookie["secure"]


def test_under_https_the_cookie_survives_the_other_sites_post(browser: Browser, settings):
    settings.HTTPS = True
    cookie = browser.client.get("/mitid/login").cookies["__Host-mitid"]
    assert (cookie["samesite"], cookie["secure"], cookie["httponly"]) == ("None", True, True)
    assert cookie["path"] == "/"
    assert not cookie["domain"]


def test_the_session_cookie_stays_lax(settings):
    assert settings.SESSION_COOKIE_SAMESITE == "Lax"


@pytest.mark.parametrize("path", ["https://attacker.example/", "//attacker.example/x", "/\\attacker.example", "x"])
def test_a_next_page_outside_the_portal_is_forgotten(browser: Browser, path: str):
    browser.ask(next_path=path)
    assert MitidRequest.objects.get().next_path == ""


def test_a_next_page_within_the_portal_is_kept(browser: Browser):
    browser.ask(next_path="/mit-unilogin/?side=2")
    assert MitidRequest.objects.get().next_path == "/mit-unilogin/?side=2"


def test_an_unknown_purpose_is_no_page(db: None):
    assert Client().get("/mitid/login?formaal=administration").status_code == 404


def test_one_leaves_for_mitid_by_a_link_only(db: None):
    """A form's redirect to another site would be stopped by the browser: `form-action 'self'`."""
    assert Client().post("/mitid/login", {"formaal": "username"}).status_code == 405
    assert not MitidRequest.objects.exists()


def test_an_answer_by_get_is_not_looked_at(browser: Browser):
    message = browser.forge().write()
    assert browser.client.get("/mitid/acs", {"SAMLResponse": message}).status_code == 405


def test_two_messages_in_one_form_are_refused(browser: Browser, mitid_log: MitidLog):
    message = browser.forge().write()
    response = browser.client.post("/mitid/acs", {"SAMLResponse": [message, message]})
    assert response.status_code == 400
    assert reasons(mitid_log) == ["wrong_message"]


def test_a_form_without_a_message_is_refused(browser: Browser, mitid_log: MitidLog):
    browser.ask()
    assert browser.client.post("/mitid/acs", {}).status_code == 400
    assert reasons(mitid_log) == ["no_message"]


def test_a_form_with_too_many_fields_is_refused(browser: Browser, mitid_log: MitidLog):
    browser.ask()
    assert browser.client.post("/mitid/acs", {f"f{i}": "" for i in range(2100)}).status_code == 400
    assert reasons(mitid_log) == ["too_large"]

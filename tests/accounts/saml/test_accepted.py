"""Answers that are let in, and what becomes of them."""

import datetime as dt
import os
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.utils import timezone
from lxml import etree
from xmlsec import constants

from accounts.activation import saml
from accounts.activation.privileges import Constraint, PrivilegeGroup, Scope
from accounts.activation.saml import IdentityKind, keys
from accounts.activation.saml.keys import KeyPair
from accounts.models import AuditEvent, LoginSession, MitidRequest, SeenAssertion
from accounts.testidp import metadata, responses, services
from unilogin_portal.lib.gate import LevelOfAssurance

from .door import Browser, MitidLog
from .forge import CPR, NAME, PERSON, PROFESSIONAL, Forge, idp, moment, setting, sp_certificate


def read(forge: Forge, message: str, loa: LevelOfAssurance = LevelOfAssurance.SUBSTANTIAL) -> saml.Identity:
    return saml.read_response(message, expected_request_id=forge.request_id, required_loa=loa, now=timezone.now())


def test_a_right_answer_is_put_aside_and_the_browser_sent_on(browser: Browser, mitid_log: MitidLog):
    forge = browser.forge()
    response = browser.post(forge.write())
    assert response.status_code == 303
    assert response["Location"] == "/mitid/fortsaet/"
    assert [line["event"] for line in mitid_log.lines] == ["mitid_accepted"]


def test_the_answer_itself_touches_no_session_and_sets_only_the_receipt(browser: Browser):
    response = browser.post(browser.forge().write())
    assert set(response.cookies) == {"mitid-receipt"}
    assert response.cookies["mitid-receipt"]["samesite"] == "Lax"
    assert not LoginSession.objects.exists()


def test_the_identity_lies_encrypted_until_its_browser_collects_it(browser: Browser):
    browser.post(browser.forge().write())
    stored = bytes(MitidRequest.objects.get().identity)
    assert stored
    assert CPR.encode() not in stored
    assert NAME.encode() not in stored
    browser.client.get("/mitid/fortsaet/")
    assert bytes(MitidRequest.objects.get().identity) == b""


@pytest.mark.parametrize(
    "relay_state", ["https://attacker.example/", "//attacker.example", "/stil/admin/", "javascript:alert(1)", ""]
)
def test_whatever_the_relay_state_says_the_redirect_stays_within_the_portal(browser: Browser, relay_state: str):
    response = browser.post(browser.forge().write(), RelayState=relay_state)
    assert response["Location"] == "/mitid/fortsaet/"


def test_a_private_identity_is_read_whole(browser: Browser):
    forge = browser.forge()
    answer = forge.answer()
    answer = replace(answer, attributes={**answer.attributes, saml_attribute("PID"): "PID:9208-2002-2-000000000001"})
    identity = read(forge, forge.write(answer))
    assert identity.kind is IdentityKind.PERSON
    assert identity.cpr == CPR
    assert identity.full_name == NAME
    assert identity.name_id == PERSON
    assert identity.uuid == PERSON.rsplit("/", 1)[1]
    assert identity.pid == "PID:9208-2002-2-000000000001"
    assert identity.loa is LevelOfAssurance.SUBSTANTIAL
    assert identity.session_index == answer.session_index
    assert identity.assertion_id == answer.assertion_id
    assert (identity.cvr, identity.org_name, identity.privileges) == ("", "", ())


def saml_attribute(name: str) -> str:
    from accounts.activation.saml import attributes  # noqa: PLC0415

    return str(getattr(attributes, name))


def test_a_professional_identity_brings_organisation_and_rights(browser: Browser):
    groups = (
        PrivilegeGroup(Scope.CVR, "94348552", ("urn:dk:unilogin:tilslutning:administrer",)),
        PrivilegeGroup(Scope.P, "9003766444", ("urn:dk:unilogin:brugeroversigt:laes",)),
        PrivilegeGroup(Scope.CVR, "94348552", ("urn:dk:x:y",), (Constraint("urn:dk:x:institution", "101001"),)),
    )
    forge = browser.forge()
    identity = read(forge, forge.write(forge.professional(privileges=services.privilege_list(groups))))
    assert identity.kind is IdentityKind.PROFESSIONAL
    assert identity.name_id == PROFESSIONAL
    assert (identity.cvr, identity.p_number, identity.org_name) == ("94348552", "9003766444", "Lærkeskolen")
    assert identity.privileges == groups
    # A narrowed right is not handed on: without its constraint it would be wider than what was granted.
    assert identity.granted_rights() == [
        ("urn:dk:unilogin:tilslutning:administrer", "cvr", "94348552"),
        ("urn:dk:unilogin:brugeroversigt:laes", "p", "9003766444"),
    ]


def test_what_a_private_person_says_of_an_organisation_is_not_read(browser: Browser):
    forge = browser.forge()
    answer = forge.answer(attributes={**forge.professional().attributes})
    identity = read(forge, forge.write(answer))
    assert (identity.kind, identity.cvr, identity.org_name) == (IdentityKind.PERSON, "", "")


def test_an_identity_survives_being_written_and_read(browser: Browser):
    group = PrivilegeGroup(Scope.CVR, "94348552", ("urn:a", "urn:b"), (Constraint("n", "v"),))
    forge = browser.forge()
    identity = read(forge, forge.write(forge.professional(privileges=services.privilege_list([group]))))
    assert saml.loaded(saml.dumped(identity)) == identity


def test_an_identity_in_a_traceback_shows_no_person(browser: Browser):
    forge = browser.forge()
    shown = repr(read(forge, forge.write()))
    assert CPR not in shown
    assert NAME not in shown
    assert PERSON not in shown


def test_high_is_enough_where_substantial_is_asked(browser: Browser):
    forge = browser.forge()
    assert read(forge, forge.with_attribute("LOA", "High")).loa is LevelOfAssurance.HIGH


@pytest.mark.parametrize("minutes", [-4, 4])
def test_clocks_may_differ_by_less_than_five_minutes(browser: Browser, minutes: int):
    forge = browser.forge()
    assert (
        browser.post(forge.write(forge.answer(now=timezone.now() + dt.timedelta(minutes=minutes)))).status_code == 303
    )


def test_times_with_fractions_of_a_second_are_read(browser: Browser):
    fraction = moment()[:-1] + ".1234567Z"
    assert browser.post(browser.forge().write(before=setting(".", "IssueInstant", fraction))).status_code == 303


def test_a_response_that_is_signed_as_well_is_accepted(browser: Browser):
    signing = browser.forge().write(outside=lambda response: responses.signed(response, idp()))
    assert browser.post(signing).status_code == 303


@pytest.mark.parametrize(
    ("method", "digest"),
    [
        (constants.TransformRsaSha384, constants.TransformSha384),
        (constants.TransformRsaSha512, constants.TransformSha512),
    ],
)
def test_longer_hashes_are_accepted(browser: Browser, method: object, digest: object):
    assert browser.post(browser.forge().write(method=method, digest=digest)).status_code == 303


def test_base64_may_be_broken_into_lines(browser: Browser):
    message = browser.forge().write()
    lines = "\r\n".join(message[i : i + 76] for i in range(0, len(message), 76))
    assert browser.post(lines).status_code == 303


def _encrypted_by_cbc(plaintext: bytes, certificate: bytes) -> etree._Element:
    encrypted = responses.encrypted(plaintext, certificate)
    data = encrypted[0]
    data[0].set("Algorithm", "http://www.w3.org/2001/04/xmlenc#aes256-cbc")
    key, start = os.urandom(32), os.urandom(16)
    for element in (data, data[1][0]):
        element.remove(element[-1])
    padding = 16 - len(plaintext) % 16
    encryptor = Cipher(algorithms.AES(key), modes.CBC(start)).encryptor()
    padded = plaintext + os.urandom(padding - 1) + bytes([padding])
    responses.add_cipher_value(data[1][0], responses.wrapped_key(key, certificate))
    responses.add_cipher_value(data, start + encryptor.update(padded) + encryptor.finalize())
    return encrypted


def test_cbc_as_older_identity_providers_encrypt_is_accepted(browser: Browser):
    forge = browser.forge()
    encrypted = _encrypted_by_cbc(etree.tostring(forge.signed_assertion()), sp_certificate())
    assert browser.post(responses.posted(responses.response_of(forge.answer(), encrypted))).status_code == 303


def test_an_encrypted_key_beside_the_data_is_found(browser: Browser):
    forge = browser.forge()
    encrypted = responses.encrypted(etree.tostring(forge.signed_assertion()), sp_certificate())
    encrypted.append(encrypted[0][1][0])
    assert browser.post(responses.posted(responses.response_of(forge.answer(), encrypted))).status_code == 303


@pytest.fixture
def metadata_file(settings, tmp_path: Path) -> Path:
    """The stand-in's metadata as a file, as NemLog-in's would be given."""
    path = tmp_path / "idp.xml"
    path.write_bytes(metadata.metadata())
    settings.MITID_IDP_METADATA = str(path)
    return path


def _add_key(path: Path, certificate_pem: bytes) -> None:
    text = path.read_text()
    start, end = text.index("<md:KeyDescriptor"), text.index("</md:KeyDescriptor>") + len("</md:KeyDescriptor>")
    old = keys.base64_der(idp().certificate_pem)
    path.write_text(text[:end] + text[start:end].replace(old, keys.base64_der(certificate_pem)) + text[end:])


def test_metadata_from_a_file_serve_as_well(browser: Browser, metadata_file: Path):
    assert browser.post(browser.forge().write()).status_code == 303


def test_while_the_identity_provider_changes_keys_both_are_good(browser: Browser, metadata_file: Path):
    _add_key(metadata_file, keys.own_pair("next-idp").certificate_pem)
    assert browser.post(browser.forge().write()).status_code == 303
    assert browser.post(browser.forge().write(signer=keys.own_pair("next-idp"))).status_code == 303
    assert browser.post(browser.forge().write(signer=keys.own_pair("attacker"))).status_code == 400


def _ec_pair() -> KeyPair:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(timezone.now())
        .not_valid_after(timezone.now() + dt.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return KeyPair(private, certificate.public_bytes(serialization.Encoding.PEM))


def test_an_elliptic_curve_key_may_sign(browser: Browser, metadata_file: Path):
    pair = _ec_pair()
    _add_key(metadata_file, pair.certificate_pem)
    message = browser.forge().write(signer=pair, method=constants.TransformEcdsaSha256)
    assert browser.post(message).status_code == 303


def test_asking_and_answering_leave_a_trace_without_persons(browser: Browser):
    browser.post(browser.forge().write())
    browser.client.get("/mitid/fortsaet/")
    events = list(AuditEvent.objects.order_by("pk"))
    assert [event.action for event in events][:3] == ["mitid.asked", "mitid.answered", "mitid.collected"]
    assert events[1].ip == "127.0.0.1"
    assert CPR not in str([event.details for event in events])


def test_the_assertion_is_remembered_until_it_cannot_be_valid_any_more(browser: Browser):
    browser.post(browser.forge().write())
    assert SeenAssertion.objects.get().expires_at > timezone.now() + dt.timedelta(minutes=10)

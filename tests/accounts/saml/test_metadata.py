"""The portal's metadata, the question it asks, and the identity provider's metadata."""

import datetime as dt
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import onelogin.saml2
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.utils import timezone
from lxml import etree

from accounts.activation import preparse, saml
from accounts.activation.refusals import SamlRefused
from accounts.activation.saml import attributes, binding, keys, parties
from accounts.testidp import metadata as stand_in_metadata
from unilogin_portal.lib.gate import LevelOfAssurance

from .forge import idp, one

NS = {"md": "urn:oasis:names:tc:SAML:2.0:metadata"}
BINDINGS = "urn:oasis:names:tc:SAML:2.0:bindings:"


def assert_fits(document: etree._Element, schema: str) -> None:
    folder = Path(onelogin.saml2.__file__).parent / "schemas"
    etree.XMLSchema(etree.parse(str(folder / schema))).assertValid(document)


@pytest.fixture
def descriptor(db: None) -> etree._Element:
    response = Client().get("/mitid/metadata")
    assert response["Content-Type"] == "application/samlmetadata+xml"
    return etree.fromstring(response.content)


def test_the_metadata_fit_the_schema(descriptor: etree._Element):
    assert_fits(descriptor, "saml-schema-metadata-2.0.xsd")


def test_the_metadata_ask_for_signatures_both_ways(descriptor: etree._Element, settings):
    assert descriptor.get("entityID") == settings.MITID_SP_ENTITY_ID
    service = descriptor[0]
    assert service.get("AuthnRequestsSigned") == "true"
    assert service.get("WantAssertionsSigned") == "true"
    assert {key.get("use") for key in service.findall("md:KeyDescriptor", NS)} == {"signing", "encryption"}


def test_the_metadata_name_every_endpoint(descriptor: etree._Element):
    acs = descriptor.find(".//md:AssertionConsumerService", NS)
    assert acs is not None
    assert (acs.get("Location"), acs.get("Binding")) == ("http://testserver/mitid/acs", BINDINGS + "HTTP-POST")
    logouts = descriptor.findall(".//md:SingleLogoutService", NS)
    assert {logout.get("Binding") for logout in logouts} == {BINDINGS + "HTTP-Redirect", BINDINGS + "HTTP-POST"}
    assert {logout.get("Location") for logout in logouts} == {"http://testserver/mitid/slo"}


def test_the_metadata_ask_for_attributes_by_uri(descriptor: etree._Element):
    asked = descriptor.findall(".//md:RequestedAttribute", NS)
    assert {attribute.get("Name") for attribute in asked} == set(attributes.REQUESTED)
    assert {attribute.get("NameFormat") for attribute in asked} == {"urn:oasis:names:tc:SAML:2.0:attrname-format:uri"}


def test_the_metadata_name_a_technical_contact(descriptor: etree._Element):
    contact = descriptor.find("md:ContactPerson", NS)
    assert contact is not None
    assert contact.get("contactType") == "technical"
    assert (contact.findtext("md:EmailAddress", namespaces=NS) or "").startswith("mailto:")


def question(**changes: object) -> tuple[str, etree._Element]:
    url = saml.authn_request(
        **{
            "request_id": "_q",
            "loa": LevelOfAssurance.SUBSTANTIAL,
            "force_authn": False,
            "now": timezone.now(),
            **changes,
        }
    )
    return url, etree.fromstring(preparse.redirected(parse_qs(urlsplit(url).query)["SAMLRequest"][0]))


def test_the_question_fits_the_schema():
    assert_fits(question()[1], "saml-schema-protocol-2.0.xsd")


def test_the_question_says_where_to_answer_and_how_sure():
    _, root = question(loa=LevelOfAssurance.HIGH)
    assert root.get("AssertionConsumerServiceURL") == "http://testserver/mitid/acs"
    assert root.get("ProtocolBinding") == BINDINGS + "HTTP-POST"
    assert root.get("Destination") == parties.stand_in().sso_url
    assert root.get("ForceAuthn") is None
    assert one(root, "samlp:RequestedAuthnContext").get("Comparison") == "minimum"
    assert one(root, "saml:AuthnContextClassRef").text == "https://data.gov.dk/concept/core/nsis/loa/High"


def test_the_question_can_ask_for_a_new_authentication():
    assert question(force_authn=True)[1].get("ForceAuthn") == "true"


def test_the_question_is_signed_with_our_key():
    query = urlsplit(question()[0]).query
    ours = [keys.service_provider_keys().certificate_pem]
    assert binding.verified(query, "SAMLRequest", ours)
    with pytest.raises(SamlRefused):
        binding.verified(query, "SAMLRequest", [idp().certificate_pem])
    with pytest.raises(SamlRefused):
        binding.verified(query + "&SigAlg=" + "x", "SAMLRequest", ours)
    with pytest.raises(SamlRefused):
        binding.verified(query.replace("rsa-sha256", "rsa-sha1"), "SAMLRequest", ours)


def test_the_stand_ins_metadata_fit_the_schema_and_are_what_we_trust(db: None):
    document = Client().get("/test-mitid/metadata").content
    assert_fits(etree.fromstring(document), "saml-schema-metadata-2.0.xsd")
    assert parties.read_metadata(document) == parties.stand_in()


@pytest.fixture
def metadata_file(settings, tmp_path: Path) -> Path:
    path = tmp_path / "idp.xml"
    path.write_bytes(stand_in_metadata.metadata())
    settings.MITID_IDP_METADATA = str(path)
    return path


def test_changed_metadata_are_read_without_a_restart(metadata_file: Path):
    assert parties.identity_provider() == parties.stand_in()
    metadata_file.write_text(metadata_file.read_text().replace("/test-mitid/login", "/elsewhere"))
    assert parties.identity_provider().sso_url == "http://testserver/elsewhere"


def test_metadata_past_their_date_are_not_used(metadata_file: Path):
    yesterday = (timezone.now() - dt.timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    text = metadata_file.read_text().replace("entityID", f'validUntil="{yesterday}" entityID')
    metadata_file.write_text(text)
    with pytest.raises(ImproperlyConfigured, match="validUntil"):
        parties.identity_provider()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("IDPSSODescriptor", "SPSSODescriptor"),
        ('use="signing"', 'use="encryption"'),
        ("HTTP-Redirect", "SOAP"),
        ("</md:EntityDescriptor>", ""),
        ("X509Certificate>", "X509Certificate>AAAA"),
    ],
)
def test_metadata_that_lack_something_are_not_used(metadata_file: Path, old: str, new: str):
    metadata_file.write_text(metadata_file.read_text().replace(old, new))
    with pytest.raises(ImproperlyConfigured):
        parties.identity_provider()


def test_a_missing_metadata_file_is_told_of(settings):
    settings.MITID_IDP_METADATA = "nowhere.xml"
    with pytest.raises(ImproperlyConfigured, match="cannot be read"):
        parties.identity_provider()

"""Issuing OIOSAML 3 answers, really signed and really encrypted, as NemLog-in does (D8.1 to D8.4).

An `Answer` says everything that stands in one; `issue` writes it. The steps between are functions of their own, so
that a test can break any single thing: `assertion_of`, `signed`, `encrypted`, `response_of`, `posted`.
"""

import base64
import datetime as dt
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import xmlsec
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from lxml import etree
from xmlsec import constants

from accounts.activation.saml import attributes
from accounts.activation.saml.keys import KeyPair
from accounts.activation.saml.xml import (
    BEARER,
    DS,
    NSMAP,
    PERSISTENT,
    SAML,
    SAMLP,
    STATUS,
    URI_FORMAT,
    XENC,
    XENC11,
    new_id,
    written,
)

NAME_ID = "https://data.gov.dk/model/core/eid/{kind}/uuid/{uuid}"
AUTHN_CONTEXT = "urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified"


@dataclass(frozen=True)
class Answer:
    """All that one answer says. Times are UTC; `attributes` maps an attribute's URI to its text."""

    in_response_to: str
    issuer: str
    audience: str
    acs_url: str
    name_id: str
    now: dt.datetime
    attributes: Mapping[str, str]
    session_index: str = field(default_factory=new_id)
    response_id: str = field(default_factory=new_id)
    assertion_id: str = field(default_factory=new_id)
    lifetime: dt.timedelta = dt.timedelta(minutes=10)
    session: dt.timedelta = dt.timedelta(minutes=30)


def attributes_of(*, loa: str, full_name: str, cpr: str, **further: str) -> dict[str, str]:
    """Return the attributes of an identity by URI; `further` may hold any of the names in `attributes`, lower case."""
    named = {
        attributes.SPEC_VERSION: attributes.OIOSAML_3,
        attributes.LOA: loa,
        attributes.FULL_NAME: full_name,
        attributes.CPR: cpr,
        **{getattr(attributes, name.upper()): value for name, value in further.items()},
    }
    return {name: value for name, value in named.items() if value}


def issue(answer: Answer, signer: KeyPair, recipient_certificate: bytes) -> str:
    """Return the form field SAMLResponse for `answer`."""
    assertion = signed(assertion_of(answer), signer)
    return posted(response_of(answer, encrypted(etree.tostring(assertion), recipient_certificate)))


def refuse(answer: Answer, *status: str) -> str:
    """Return the form field SAMLResponse for an answer without a person: `status` from the outer code inward."""
    return posted(response_of(answer, status=status))


def posted(response: etree._Element) -> str:
    return base64.b64encode(etree.tostring(response)).decode()


def assertion_of(answer: Answer) -> etree._Element:
    """Return the assertion, not signed yet."""
    root = etree.Element(
        f"{{{SAML}}}Assertion",
        {"ID": answer.assertion_id, "Version": "2.0", "IssueInstant": written(answer.now)},
        nsmap={"saml": SAML},
    )
    _add(root, "Issuer", answer.issuer)
    _add_subject(root, answer)
    until = written(answer.now + answer.lifetime)
    conditions = _add(root, "Conditions", NotBefore=written(answer.now), NotOnOrAfter=until)
    _add(_add(conditions, "AudienceRestriction"), "Audience", answer.audience)
    authentication = _add(
        root,
        "AuthnStatement",
        AuthnInstant=written(answer.now),
        SessionIndex=answer.session_index,
        SessionNotOnOrAfter=written(answer.now + answer.session),
    )
    _add(_add(authentication, "AuthnContext"), "AuthnContextClassRef", AUTHN_CONTEXT)
    statement = _add(root, "AttributeStatement")
    for name, value in answer.attributes.items():
        _add(_add(statement, "Attribute", Name=name, NameFormat=URI_FORMAT), "AttributeValue", value)
    return root


def _add_subject(root: etree._Element, answer: Answer) -> None:
    subject = _add(root, "Subject")
    _add(subject, "NameID", answer.name_id, Format=PERSISTENT)
    _add(
        _add(subject, "SubjectConfirmation", Method=BEARER),
        "SubjectConfirmationData",
        NotOnOrAfter=written(answer.now + answer.lifetime),
        Recipient=answer.acs_url,
        InResponseTo=answer.in_response_to,
    )


def signed(
    element: etree._Element,
    signer: KeyPair,
    *,
    method: object = constants.TransformRsaSha256,
    digest: object = constants.TransformSha256,
) -> etree._Element:
    """Return `element` with an enveloped signature after its Issuer."""
    signature = xmlsec.template.create(element, constants.TransformExclC14N, method, ns="ds")  # type: ignore[arg-type]
    element.insert(1, signature)
    reference = xmlsec.template.add_reference(signature, digest, uri="#" + element.get("ID", ""))  # type: ignore[arg-type]
    xmlsec.template.add_transform(reference, constants.TransformEnveloped)
    xmlsec.template.add_transform(reference, constants.TransformExclC14N)
    xmlsec.template.add_x509_data(xmlsec.template.ensure_key_info(signature))
    sign_again(element, signature, signer)
    return element


def sign_again(root: etree._Element, signature: etree._Element, signer: KeyPair) -> None:
    """Fill in the digest and value of a signature whose template stands in place."""
    context = xmlsec.SignatureContext()
    context.register_id(root, "ID")
    context.key = xmlsec.Key.from_memory(signer.key_pem, constants.KeyDataFormatPem)
    context.key.load_cert_from_memory(signer.certificate_pem, constants.KeyDataFormatPem)
    context.sign(signature)


def encrypted(plaintext: bytes, certificate: bytes) -> etree._Element:
    """Return an EncryptedAssertion around `plaintext`: AES-256-GCM, its key under RSA-OAEP (XML-Encryption 1.1)."""
    key, nonce = AESGCM.generate_key(256), secrets.token_bytes(12)
    root = etree.Element(f"{{{SAML}}}EncryptedAssertion", nsmap={"saml": SAML, "xenc": XENC, "ds": DS})
    data = etree.SubElement(root, f"{{{XENC}}}EncryptedData", Type=XENC + "Element")
    etree.SubElement(data, f"{{{XENC}}}EncryptionMethod", Algorithm=XENC11 + "aes256-gcm")
    info = etree.SubElement(data, f"{{{DS}}}KeyInfo")
    wrapped = etree.SubElement(info, f"{{{XENC}}}EncryptedKey")
    etree.SubElement(wrapped, f"{{{XENC}}}EncryptionMethod", Algorithm=XENC + "rsa-oaep-mgf1p")
    add_cipher_value(wrapped, wrapped_key(key, certificate))
    add_cipher_value(data, nonce + AESGCM(key).encrypt(nonce, plaintext, None))
    return root


def wrapped_key(key: bytes, certificate: bytes) -> bytes:
    """Encrypt a session key for the owner of `certificate`."""
    public = x509.load_pem_x509_certificate(certificate).public_key()
    if not isinstance(public, rsa.RSAPublicKey):
        raise TypeError("the recipient's certificate must hold an RSA key")
    oaep = padding.OAEP(mgf=padding.MGF1(hashes.SHA1()), algorithm=hashes.SHA1(), label=None)  # noqa: S303
    return public.encrypt(key, oaep)


def add_cipher_value(parent: etree._Element, value: bytes) -> None:
    cipher_data = etree.SubElement(parent, f"{{{XENC}}}CipherData")
    etree.SubElement(cipher_data, f"{{{XENC}}}CipherValue").text = base64.b64encode(value).decode()


def response_of(answer: Answer, *assertions: etree._Element, status: Sequence[str] = ("Success",)) -> etree._Element:
    """Return the Response around `assertions`; `status` holds the codes from the outer one inward."""
    root = etree.Element(
        f"{{{SAMLP}}}Response",
        {
            "ID": answer.response_id,
            "Version": "2.0",
            "IssueInstant": written(answer.now),
            "Destination": answer.acs_url,
            "InResponseTo": answer.in_response_to,
        },
        nsmap=NSMAP,
    )
    _add(root, "Issuer", answer.issuer)
    code = etree.SubElement(root, f"{{{SAMLP}}}Status")
    for name in status:
        code = etree.SubElement(code, f"{{{SAMLP}}}StatusCode", Value=STATUS + name)
    root.extend(assertions)
    return root


def _add(parent: etree._Element, name: str, content: str | None = None, **attributes: str) -> etree._Element:
    child = etree.SubElement(parent, f"{{{SAML}}}{name}", attributes)
    child.text = content
    return child

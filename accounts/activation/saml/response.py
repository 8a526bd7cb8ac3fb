"""Reading an answer: every check of D8.3, in the order in which each may rest on the ones before it."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from lxml import etree

from unilogin_portal.lib.gate import LevelOfAssurance

from .. import preparse
from ..refusals import LevelTooLow, Reason, SamlRefused
from . import assertion, decryption, keys, library, parties, signature
from .identity import Identity
from .xml import SAML, SAMLP, STATUS, children, instant, only, parse, text


@dataclass(frozen=True)
class Expected:
    """What the answer must fit: the parties, the question, the moment. `skew` is how far two clocks may differ."""

    idp: parties.IdentityProvider
    sp: parties.ServiceProvider
    request_id: str
    now: dt.datetime
    skew: dt.timedelta
    authenticated_after: dt.datetime | None


def answered_request(raw: str) -> str:
    """Return the id of the request that a posted message claims to answer. Nothing about it is verified yet."""
    root = parse(preparse.posted(raw))
    claimed = root.get("InResponseTo", "")
    if not claimed:
        raise SamlRefused(Reason.NO_IN_RESPONSE_TO)
    return claimed


def read_response(
    raw: str,
    *,
    expected_request_id: str,
    required_loa: LevelOfAssurance,
    now: dt.datetime,
    authenticated_after: dt.datetime | None = None,
) -> Identity:
    """Return who is there, from the posted SAMLResponse `raw`, or raise `SamlRefused` (`LevelTooLow` for the level).

    `authenticated_after` is for a request with ForceAuthn: an older authentication is no answer to it.
    """
    expected = Expected(
        idp=parties.identity_provider(),
        sp=parties.service_provider(),
        request_id=expected_request_id,
        now=now,
        skew=dt.timedelta(seconds=settings.MITID_CLOCK_SKEW_SECONDS),
        authenticated_after=authenticated_after,
    )
    response = parse(preparse.posted(raw))
    verified = _verified_assertion(response, expected)
    identity = assertion.read(verified, expected)
    library.agree(response, verified, expected)
    if identity.loa < required_loa:
        raise LevelTooLow
    return identity


def _verified_assertion(response: etree._Element, expected: Expected) -> etree._Element:
    """Return the assertion that the identity provider signed: the only thing that is read from here on."""
    _check_message(response, expected)
    _check_status(response)
    encrypted = _encrypted_assertion(response)
    if signature.is_signed(response):
        signature.verify(response, expected.idp.certificates)
    plaintext = decryption.decrypt(encrypted, keys.service_provider_keys().key)
    opened = parse(preparse.checked(plaintext))
    if opened.tag != f"{{{SAML}}}Assertion":
        raise SamlRefused(Reason.NOT_AN_ASSERTION)
    return signature.verify(opened, expected.idp.certificates)


def _check_message(response: etree._Element, expected: Expected) -> None:
    """Check the root and its attributes (D8.3, 1)."""
    if response.tag != f"{{{SAMLP}}}Response":
        raise SamlRefused(Reason.WRONG_MESSAGE)
    if response.get("Version") != "2.0":
        raise SamlRefused(Reason.WRONG_VERSION)
    if response.get("Destination") != expected.sp.acs_url:
        raise SamlRefused(Reason.WRONG_DESTINATION)
    issued = instant(response.get("IssueInstant"), Reason.WRONG_ISSUE_INSTANT)
    if abs(issued - expected.now) > expected.skew:
        raise SamlRefused(Reason.WRONG_ISSUE_INSTANT)
    issuer = only(response, SAML, "Issuer", Reason.WRONG_ISSUER)
    if text(issuer, Reason.WRONG_ISSUER) != expected.idp.entity_id:
        raise SamlRefused(Reason.WRONG_ISSUER)
    if response.get("InResponseTo") != expected.request_id:
        raise SamlRefused(Reason.WRONG_IN_RESPONSE_TO)


def _check_status(response: etree._Element) -> None:
    status = only(response, SAMLP, "Status", Reason.NOT_SUCCESS)
    code = only(status, SAMLP, "StatusCode", Reason.NOT_SUCCESS)
    if code.get("Value") == STATUS + "Success":
        return
    second = [child.get("Value") for child in children(code, SAMLP, "StatusCode")]
    raise SamlRefused(Reason.CANCELLED if second == [STATUS + "AuthnFailed"] else Reason.NOT_SUCCESS)


def _encrypted_assertion(response: etree._Element) -> etree._Element:
    """Return the one EncryptedAssertion; another assertion anywhere in the message is refused (D8.3, 2)."""
    if next(response.iter(f"{{{SAML}}}Assertion"), None) is not None:
        raise SamlRefused(Reason.PLAIN_ASSERTION)
    everywhere = list(response.iter(f"{{{SAML}}}EncryptedAssertion"))
    if len(everywhere) != 1:
        raise SamlRefused(Reason.NOT_ONE_ENCRYPTED_ASSERTION, str(len(everywhere)))
    return only(response, SAML, "EncryptedAssertion", Reason.NOT_ONE_ENCRYPTED_ASSERTION)

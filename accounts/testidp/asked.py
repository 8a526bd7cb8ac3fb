"""Reading what the portal asks, as NemLog-in would: signed by the key in its metadata, meant for us, and recent."""

import datetime as dt
from dataclasses import dataclass

from lxml import etree

from accounts.activation.refusals import Reason, SamlRefused
from accounts.activation.saml import attributes, binding, keys, parties
from accounts.activation.saml.xml import LOA_URL, POST_BINDING, SAML, SAMLP, children, instant, only, parse, text
from unilogin_portal.lib.gate import LevelOfAssurance

RECENT = dt.timedelta(minutes=30)


@dataclass(frozen=True)
class Question:
    """An AuthnRequest: answer it to `acs_url` with at least `loa`, and `relay_state` as it came."""

    request_id: str
    acs_url: str
    loa: LevelOfAssurance
    force_authn: bool
    is_passive: bool
    relay_state: str


@dataclass(frozen=True)
class Goodbye:
    """A LogoutRequest: answer it with `relay_state` as it came."""

    request_id: str
    name_id: str
    relay_state: str


def question(query: str, *, now: dt.datetime) -> Question:
    """Read the AuthnRequest in a query string, or raise `SamlRefused`."""
    root, relay_state = _message(query, "AuthnRequest", parties.stand_in().sso_url, now)
    if root.get("AssertionConsumerServiceURL") != parties.service_provider().acs_url:
        raise SamlRefused(Reason.WRONG_RECIPIENT)
    if root.get("ProtocolBinding") != POST_BINDING:
        raise SamlRefused(Reason.WRONG_MESSAGE)
    return Question(
        request_id=root.get("ID", ""),
        acs_url=parties.service_provider().acs_url,
        loa=_minimum(root),
        force_authn=root.get("ForceAuthn") == "true",
        is_passive=root.get("IsPassive") == "true",
        relay_state=relay_state,
    )


def goodbye(query: str, *, now: dt.datetime) -> Goodbye:
    """Read the LogoutRequest in a query string, or raise `SamlRefused`."""
    root, relay_state = _message(query, "LogoutRequest", parties.stand_in().slo_url, now)
    name_id = text(only(root, SAML, "NameID", Reason.WRONG_NAME_ID), Reason.WRONG_NAME_ID)
    return Goodbye(root.get("ID", ""), name_id, relay_state)


def _message(query: str, name: str, address: str, now: dt.datetime) -> tuple[etree._Element, str]:
    certificate = keys.service_provider_keys().certificate_pem
    xml, relay_state = binding.verified(query, "SAMLRequest", [certificate])
    root = parse(xml)
    issuer = text(only(root, SAML, "Issuer", Reason.WRONG_ISSUER), Reason.WRONG_ISSUER)
    if root.tag != f"{{{SAMLP}}}{name}" or not root.get("ID"):
        raise SamlRefused(Reason.WRONG_MESSAGE)
    if issuer != parties.service_provider().entity_id:
        raise SamlRefused(Reason.WRONG_ISSUER)
    if root.get("Destination") != address:
        raise SamlRefused(Reason.WRONG_DESTINATION)
    # Longer than between machines: a person reads the page before the form comes back with the same request.
    if abs(instant(root.get("IssueInstant"), Reason.WRONG_ISSUE_INSTANT) - now) > RECENT:
        raise SamlRefused(Reason.WRONG_ISSUE_INSTANT)
    return root, relay_state


def _minimum(root: etree._Element) -> LevelOfAssurance:
    """Return the level asked for; several alternatives, or none, mean the lowest."""
    levels = [
        attributes.LEVELS[(element.text or "").removeprefix(LOA_URL)]
        for context in children(root, SAMLP, "RequestedAuthnContext")
        for element in children(context, SAML, "AuthnContextClassRef")
        if (element.text or "").removeprefix(LOA_URL) in attributes.LEVELS
    ]
    return min(levels, default=LevelOfAssurance.LOW)

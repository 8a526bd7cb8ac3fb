"""The messages that the portal sends: the question who is there, and logging out."""

import datetime as dt

from lxml import etree

from unilogin_portal.lib.gate import LevelOfAssurance

from . import binding, keys, parties
from .attributes import LEVELS
from .xml import LOA_URL, NSMAP, PERSISTENT, POST_BINDING, SAML, SAMLP, STATUS, written

_LEVEL_NAMES = {level: name for name, level in LEVELS.items()}


def authn_request(*, request_id: str, loa: LevelOfAssurance, force_authn: bool, now: dt.datetime) -> str:
    """Return the URL that asks the identity provider who is there: an AuthnRequest by HTTP-Redirect, signed (D8.2)."""
    provider, sp = parties.identity_provider(), parties.service_provider()
    root = _message("AuthnRequest", request_id, provider.sso_url, sp.entity_id, now)
    root.set("AssertionConsumerServiceURL", sp.acs_url)
    root.set("ProtocolBinding", POST_BINDING)
    if force_authn:
        root.set("ForceAuthn", "true")
    etree.SubElement(root, f"{{{SAMLP}}}NameIDPolicy", Format=PERSISTENT, AllowCreate="true")
    context = etree.SubElement(root, f"{{{SAMLP}}}RequestedAuthnContext", Comparison="minimum")
    etree.SubElement(context, f"{{{SAML}}}AuthnContextClassRef").text = LOA_URL + _LEVEL_NAMES[loa]
    return _url(provider.sso_url, "SAMLRequest", root)


def logout_request(*, request_id: str, name_id: str, session_index: str, now: dt.datetime) -> str:
    """Return the URL that asks the identity provider to end the person's session everywhere."""
    provider, sp = parties.identity_provider(), parties.service_provider()
    root = _message("LogoutRequest", request_id, provider.slo_url, sp.entity_id, now)
    root.set("NotOnOrAfter", written(now + dt.timedelta(minutes=5)))
    etree.SubElement(root, f"{{{SAML}}}NameID", Format=PERSISTENT).text = name_id
    if session_index:
        etree.SubElement(root, f"{{{SAMLP}}}SessionIndex").text = session_index
    return _url(provider.slo_url, "SAMLRequest", root)


def logout_response(*, response_id: str, in_response_to: str, relay_state: str, now: dt.datetime) -> str:
    """Return the URL that tells the identity provider: the person's sessions here have ended."""
    provider, sp = parties.identity_provider(), parties.service_provider()
    root = _message("LogoutResponse", response_id, provider.slo_url, sp.entity_id, now)
    root.set("InResponseTo", in_response_to)
    status = etree.SubElement(root, f"{{{SAMLP}}}Status")
    etree.SubElement(status, f"{{{SAMLP}}}StatusCode", Value=STATUS + "Success")
    return _url(provider.slo_url, "SAMLResponse", root, relay_state)


def _message(name: str, message_id: str, destination: str, issuer: str, now: dt.datetime) -> etree._Element:
    root = etree.Element(
        f"{{{SAMLP}}}{name}",
        {"ID": message_id, "Version": "2.0", "IssueInstant": written(now), "Destination": destination},
        nsmap=NSMAP,
    )
    etree.SubElement(root, f"{{{SAML}}}Issuer").text = issuer
    return root


def _url(url: str, parameter: str, root: etree._Element, relay_state: str = "") -> str:
    key = keys.service_provider_keys().key
    return binding.signed_url(url, parameter, etree.tostring(root), key, relay_state)

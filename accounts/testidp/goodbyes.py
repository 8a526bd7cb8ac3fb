"""The stand-in's side of single logout."""

import datetime as dt

from lxml import etree

from accounts.activation.saml import binding, keys, parties
from accounts.activation.saml.xml import NSMAP, PERSISTENT, SAML, SAMLP, STATUS, new_id, written

from .asked import Goodbye


def answer_url(goodbye: Goodbye, *, now: dt.datetime) -> str:
    """Return where to send the browser when the portal asked to log off."""
    root = message("LogoutResponse", now=now)
    root.set("InResponseTo", goodbye.request_id)
    status = etree.SubElement(root, f"{{{SAMLP}}}Status")
    etree.SubElement(status, f"{{{SAMLP}}}StatusCode", Value=STATUS + "Success")
    return _url("SAMLResponse", root, goodbye.relay_state)


def request_url(name_id: str, session_index: str = "", *, relay_state: str = "", now: dt.datetime) -> str:
    """Return where to send a browser so that the portal ends the sessions of `name_id`."""
    return _url("SAMLRequest", request(name_id, session_index, now=now), relay_state)


def request(name_id: str, session_index: str = "", *, now: dt.datetime) -> etree._Element:
    """Return a LogoutRequest, not signed yet."""
    root = message("LogoutRequest", now=now)
    root.set("NotOnOrAfter", written(now + dt.timedelta(minutes=5)))
    etree.SubElement(root, f"{{{SAML}}}NameID", Format=PERSISTENT).text = name_id
    if session_index:
        etree.SubElement(root, f"{{{SAMLP}}}SessionIndex").text = session_index
    return root


def message(name: str, *, now: dt.datetime) -> etree._Element:
    root = etree.Element(
        f"{{{SAMLP}}}{name}",
        {
            "ID": new_id(),
            "Version": "2.0",
            "IssueInstant": written(now),
            "Destination": parties.service_provider().slo_url,
        },
        nsmap=NSMAP,
    )
    etree.SubElement(root, f"{{{SAML}}}Issuer").text = parties.stand_in().entity_id
    return root


def _url(parameter: str, root: etree._Element, relay_state: str) -> str:
    key = keys.own_pair("test-idp").key
    return binding.signed_url(parties.service_provider().slo_url, parameter, etree.tostring(root), key, relay_state)

"""Names, and reading one element strictly."""

import datetime as dt
import re
import secrets

from lxml import etree

from ..refusals import Reason, SamlRefused

SAML = "urn:oasis:names:tc:SAML:2.0:assertion"
SAMLP = "urn:oasis:names:tc:SAML:2.0:protocol"
METADATA = "urn:oasis:names:tc:SAML:2.0:metadata"
DS = "http://www.w3.org/2000/09/xmldsig#"
XENC = "http://www.w3.org/2001/04/xmlenc#"
XENC11 = "http://www.w3.org/2009/xmlenc11#"
EXC_C14N = "http://www.w3.org/2001/10/xml-exc-c14n#"
NSMAP = {"saml": SAML, "samlp": SAMLP}

POST_BINDING = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
REDIRECT_BINDING = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
TRANSIENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
URI_FORMAT = "urn:oasis:names:tc:SAML:2.0:attrname-format:uri"
BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
STATUS = "urn:oasis:names:tc:SAML:2.0:status:"
LOA_URL = "https://data.gov.dk/concept/core/nsis/loa/"

# SAML Core 1.3.3: UTC, no other time zone.
_INSTANT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d{1,9})?Z", re.ASCII)


def parse(xml: bytes) -> etree._Element:
    """Parse XML that `preparse` let through. Nothing is fetched or expanded; comments would stay visible."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(xml, parser)
    except etree.XMLSyntaxError:
        raise SamlRefused(Reason.NOT_WELL_FORMED) from None


def children(element: etree._Element, namespace: str, name: str) -> list[etree._Element]:
    """Return the direct children of that name."""
    return list(element.iterchildren(f"{{{namespace}}}{name}"))


def only(element: etree._Element, namespace: str, name: str, reason: Reason) -> etree._Element:
    """Return the one direct child of that name; none or several is refused with `reason`."""
    found = children(element, namespace, name)
    if len(found) != 1:
        raise SamlRefused(reason, f"{len(found)} {name}")
    return found[0]


def text(element: etree._Element, reason: Reason) -> str:
    """Return the element's whole text. An element within the text is refused with `reason`, so nothing is cut short."""
    if len(element):
        raise SamlRefused(reason, "not plain text")
    return (element.text or "").strip()


def instant(value: str | None, reason: Reason) -> dt.datetime:
    """Read a time; one that is missing or written in another way is refused with `reason`."""
    match = _INSTANT.fullmatch(value or "")
    try:
        return dt.datetime.fromisoformat(match[1] + "+00:00") if match else _refuse(reason)
    except ValueError:
        return _refuse(reason)


def new_id() -> str:
    """Return an identifier for a message: 160 random bits, as an XML name (SAML Core 1.3.4)."""
    return "_" + secrets.token_hex(20)


def written(moment: dt.datetime) -> str:
    """Return a time as SAML writes it."""
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _refuse(reason: Reason) -> dt.datetime:
    raise SamlRefused(reason, "not a time")

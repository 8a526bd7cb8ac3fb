"""Reading the identity provider's request that somebody's sessions end (single logout)."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from lxml import etree

from .. import preparse
from ..refusals import Reason, SamlRefused
from . import binding, parties, signature
from .xml import SAML, SAMLP, children, instant, only, parse, text


@dataclass(frozen=True)
class LogoutRequest:
    """Whose sessions are to end; all of them, or only those of `session_indexes`."""

    request_id: str
    name_id: str
    session_indexes: frozenset[str]
    relay_state: str = ""


def read_redirected(query: str, *, now: dt.datetime) -> LogoutRequest:
    """Read a LogoutRequest from the query string as it came, or raise `SamlRefused`."""
    xml, relay_state = binding.verified(query, "SAMLRequest", parties.identity_provider().certificates)
    return _read(parse(xml), relay_state, now)


def read_posted(raw: str, relay_state: str, *, now: dt.datetime) -> LogoutRequest:
    """Read a LogoutRequest from the form field SAMLRequest, or raise `SamlRefused`."""
    root = parse(preparse.posted(raw))
    return _read(signature.verify(root, parties.identity_provider().certificates), relay_state, now)


def _read(root: etree._Element, relay_state: str, now: dt.datetime) -> LogoutRequest:
    skew = dt.timedelta(seconds=settings.MITID_CLOCK_SKEW_SECONDS)
    if root.tag != f"{{{SAMLP}}}LogoutRequest" or not root.get("ID"):
        raise SamlRefused(Reason.WRONG_MESSAGE)
    if root.get("Version") != "2.0":
        raise SamlRefused(Reason.WRONG_VERSION)
    if root.get("Destination") != parties.service_provider().slo_url:
        raise SamlRefused(Reason.WRONG_DESTINATION)
    if abs(instant(root.get("IssueInstant"), Reason.WRONG_ISSUE_INSTANT) - now) > skew:
        raise SamlRefused(Reason.WRONG_ISSUE_INSTANT)
    if "NotOnOrAfter" in root.attrib and instant(root.get("NotOnOrAfter"), Reason.EXPIRED) <= now - skew:
        raise SamlRefused(Reason.EXPIRED)
    issuer = text(only(root, SAML, "Issuer", Reason.WRONG_ISSUER), Reason.WRONG_ISSUER)
    if issuer != parties.identity_provider().entity_id:
        raise SamlRefused(Reason.WRONG_ISSUER)
    return LogoutRequest(
        request_id=root.get("ID", ""),
        name_id=text(only(root, SAML, "NameID", Reason.WRONG_NAME_ID), Reason.WRONG_NAME_ID),
        session_indexes=frozenset(text(index, Reason.WRONG_MESSAGE) for index in children(root, SAMLP, "SessionIndex")),
        relay_state=relay_state,
    )

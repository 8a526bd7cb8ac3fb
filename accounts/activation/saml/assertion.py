"""Reading a verified assertion (D8.3, 3 to 7). Nothing outside the given element is looked at."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from lxml import etree

from ..privileges import PrivilegeGroup
from ..privileges import parse as parse_privileges
from ..refusals import Reason, SamlRefused
from . import attributes
from .identity import Identity, IdentityKind
from .xml import BEARER, PERSISTENT, SAML, TRANSIENT, children, instant, only, text

if TYPE_CHECKING:
    from .response import Expected

_NAME_ID = re.compile(
    r"https://data\.gov\.dk/model/core/eid/(person|professional)/uuid/"
    r"([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})"
)


def read(assertion: etree._Element, expected: Expected) -> Identity:
    """Return the identity that `assertion` states, or raise `SamlRefused`."""
    _check_issue(assertion, expected)
    subject = only(assertion, SAML, "Subject", Reason.WRONG_NAME_ID)
    kind, name_id, uuid = _name_id(subject)
    _check_confirmation(subject, expected)
    conditions = _checked_conditions(assertion, expected)
    session_index = _checked_authentication(assertion, expected)
    found = attributes.read(assertion)
    if found.get(attributes.SPEC_VERSION) != attributes.OIOSAML_3:
        raise SamlRefused(Reason.WRONG_SPEC_VERSION)
    return Identity(
        kind=kind,
        name_id=name_id,
        uuid=uuid,
        loa=attributes.level(found),
        issuer=expected.idp.entity_id,
        assertion_id=assertion.get("ID", ""),
        not_on_or_after=instant(conditions.get("NotOnOrAfter"), Reason.WRONG_CONDITIONS),
        session_index=session_index,
        cpr=attributes.digits(found, attributes.CPR, 10, Reason.WRONG_CPR),
        pid=found.get(attributes.PID, ""),
        full_name=found.get(attributes.FULL_NAME, ""),
        privileges=_privileges(found),
        **(_organisation(found) if kind == IdentityKind.PROFESSIONAL else {}),
    )


def _check_issue(assertion: etree._Element, expected: Expected) -> None:
    if assertion.get("Version") != "2.0":
        raise SamlRefused(Reason.WRONG_VERSION)
    issuer = only(assertion, SAML, "Issuer", Reason.WRONG_ISSUER)
    if text(issuer, Reason.WRONG_ISSUER) != expected.idp.entity_id:
        raise SamlRefused(Reason.WRONG_ISSUER)
    issued = instant(assertion.get("IssueInstant"), Reason.WRONG_ISSUE_INSTANT)
    if abs(issued - expected.now) > expected.skew:
        raise SamlRefused(Reason.WRONG_ISSUE_INSTANT)


def _name_id(subject: etree._Element) -> tuple[IdentityKind, str, str]:
    """Return what kind of identity it is, the NameID, and the UUID in it (D8.3, 3)."""
    element = only(subject, SAML, "NameID", Reason.WRONG_NAME_ID)
    name_id = text(element, Reason.WRONG_NAME_ID)
    match = _NAME_ID.fullmatch(name_id)
    if element.get("Format") not in (PERSISTENT, TRANSIENT) or not match:
        raise SamlRefused(Reason.WRONG_NAME_ID)
    return IdentityKind(match[1]), name_id, match[2].lower()


def _check_confirmation(subject: etree._Element, expected: Expected) -> None:
    """Check that the one bearer confirmation is for us, for this request and for now (D8.3, 4)."""
    wrong = Reason.WRONG_SUBJECT_CONFIRMATION
    confirmation = only(subject, SAML, "SubjectConfirmation", wrong)
    data = only(confirmation, SAML, "SubjectConfirmationData", wrong)
    if confirmation.get("Method") != BEARER or "NotBefore" in data.attrib:
        raise SamlRefused(wrong)
    if data.get("Recipient") != expected.sp.acs_url:
        raise SamlRefused(Reason.WRONG_RECIPIENT)
    if data.get("InResponseTo") != expected.request_id:
        raise SamlRefused(Reason.WRONG_IN_RESPONSE_TO)
    if instant(data.get("NotOnOrAfter"), wrong) <= expected.now:
        raise SamlRefused(Reason.CONFIRMATION_EXPIRED)


def _checked_conditions(assertion: etree._Element, expected: Expected) -> etree._Element:
    """Return the Conditions when they hold: the time, and we are among the audience (D8.3, 5)."""
    conditions = only(assertion, SAML, "Conditions", Reason.WRONG_CONDITIONS)
    if instant(conditions.get("NotBefore"), Reason.WRONG_CONDITIONS) > expected.now + expected.skew:
        raise SamlRefused(Reason.NOT_YET_VALID)
    if instant(conditions.get("NotOnOrAfter"), Reason.WRONG_CONDITIONS) <= expected.now - expected.skew:
        raise SamlRefused(Reason.EXPIRED)
    # SAML Core 2.5.1.4: several restrictions must all hold, the audiences of one are alternatives.
    restrictions = children(conditions, SAML, "AudienceRestriction")
    for restriction in restrictions:
        audiences = [text(audience, Reason.WRONG_AUDIENCE) for audience in children(restriction, SAML, "Audience")]
        if expected.sp.entity_id not in audiences:
            raise SamlRefused(Reason.WRONG_AUDIENCE)
    if not restrictions:
        raise SamlRefused(Reason.WRONG_AUDIENCE)
    return conditions


def _checked_authentication(assertion: etree._Element, expected: Expected) -> str:
    """Return the session index of the one AuthnStatement (D8.3, 6)."""
    wrong = Reason.WRONG_AUTHN_STATEMENT
    statement = only(assertion, SAML, "AuthnStatement", wrong)
    at = instant(statement.get("AuthnInstant"), wrong)
    if at > expected.now + expected.skew:
        raise SamlRefused(wrong)
    if expected.authenticated_after and at < expected.authenticated_after - expected.skew:
        raise SamlRefused(Reason.AUTHENTICATION_TOO_OLD)
    ends = statement.get("SessionNotOnOrAfter")
    if ends is not None and instant(ends, wrong) <= expected.now:
        raise SamlRefused(Reason.SESSION_EXPIRED)
    return statement.get("SessionIndex", "")


def _organisation(found: Mapping[str, str]) -> dict[str, str]:
    """Return what only a professional identity has (D8.3, 7)."""
    cvr = attributes.digits(found, attributes.CVR, 8, Reason.WRONG_CVR)
    if not cvr:
        raise SamlRefused(Reason.WRONG_CVR)
    if not found.get(attributes.ORGANISATION):
        raise SamlRefused(Reason.NO_ORGANISATION)
    return {
        "cvr": cvr,
        "org_name": found[attributes.ORGANISATION],
        "p_number": attributes.digits(found, attributes.P_NUMBER, 10, Reason.WRONG_P_NUMBER),
        "professional_uuid": found.get(attributes.PROFESSIONAL_UUID, ""),
    }


def _privileges(found: Mapping[str, str]) -> tuple[PrivilegeGroup, ...]:
    encoded = found.get(attributes.PRIVILEGES)
    return parse_privileges(encoded) if encoded else ()

"""Making the answer for the person who was chosen."""

import base64
import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from lxml import etree

from accounts import audit
from accounts.activation.privileges import NAMESPACES, PrivilegeGroup, Scope
from accounts.activation.saml import IdentityKind, keys, parties
from institutions.demo.cast import Professional
from unilogin_portal.lib import crypto

from . import responses
from .asked import Question
from .people import Somebody

_SCOPE_NAMES = {
    Scope.CVR: "cvrNumberIdentifier",
    Scope.P: "productionUnitIdentifier",
    Scope.SE: "seNumberIdentifier",
    Scope.CPR: "cprNumberIdentifier",
}


def log_in(question: Question, chosen: Mapping[str, Any], *, now: dt.datetime) -> str:
    """Return the form field SAMLResponse that says what was `chosen` (the cleaned data of `WhoForm`)."""
    who: Somebody = chosen["somebody"]
    workplace: Professional | None = chosen.get("workplace")
    audit.record("testidp.answered", who.person, by=None, subject=who.person, purpose="test login")
    answer = answer_to(
        question,
        now=now,
        name_id=_name_id(who, workplace),
        attributes=responses.attributes_of(
            loa=chosen["loa"],
            full_name=who.full_name,
            cpr=who.cpr,
            **(_professional(who, workplace) if workplace else {"pid": _pid(who)}),
        ),
    )
    return responses.issue(answer, keys.own_pair("test-idp"), keys.service_provider_keys().certificate_pem)


def refuse(question: Question, *status: str, now: dt.datetime) -> str:
    """Return the form field SAMLResponse that says nobody logged in: `status` from the outer code inward."""
    return responses.refuse(answer_to(question, now=now, name_id="", attributes={}), *status)


def answer_to(question: Question, *, now: dt.datetime, **who: Any) -> responses.Answer:
    return responses.Answer(
        in_response_to=question.request_id,
        issuer=parties.stand_in().entity_id,
        audience=parties.service_provider().entity_id,
        acs_url=question.acs_url,
        now=now,
        **who,
    )


def privilege_list(groups: Sequence[PrivilegeGroup]) -> str:
    """Write privileges as the attribute carries them: base64 of OIO BPP (D8.4)."""
    root = etree.Element(f"{{{NAMESPACES[0]}}}PrivilegeList", nsmap={"bpp": NAMESPACES[0]})
    for group in groups:
        scope = f"urn:dk:gov:saml:{_SCOPE_NAMES[group.scope]}:{group.identifier}"
        element = etree.SubElement(root, "PrivilegeGroup", Scope=scope)
        for constraint in group.constraints:
            etree.SubElement(element, "Constraint", Name=constraint.name).text = constraint.value
        for privilege in group.privileges:
            etree.SubElement(element, "Privilege").text = privilege
    return base64.b64encode(etree.tostring(root)).decode()


def _uuid(who: Somebody, workplace: Professional | None = None) -> uuid.UUID:
    """Return the same UUID each time for the same person, and for an employee in the same organisation."""
    employer = workplace.cvr if workplace else ""
    person = crypto.fingerprint(who.cpr, "testidp.uuid")
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{parties.stand_in().entity_id}/{person}/{employer}")


def _name_id(who: Somebody, workplace: Professional | None) -> str:
    kind = IdentityKind.PROFESSIONAL if workplace else IdentityKind.PERSON
    return responses.NAME_ID.format(kind=kind, uuid=_uuid(who, workplace))


def _pid(who: Somebody) -> str:
    return f"PID:9208-2002-2-{_uuid(who).int % 10**12:012d}"


def _professional(who: Somebody, workplace: Professional) -> dict[str, str]:
    group = PrivilegeGroup(Scope(workplace.scope), workplace.identifier, tuple(map(str, workplace.rights)))
    return {
        "professional_uuid": str(_uuid(who, workplace)),
        "cvr": workplace.cvr,
        "p_number": workplace.p_number,
        "organisation": workplace.organisation,
        "privileges": privilege_list([group]) if workplace.rights else "",
    }

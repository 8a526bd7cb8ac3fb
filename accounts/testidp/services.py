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
from institutions.models import Institution

from . import people, responses
from .asked import Question

_SCOPE_NAMES = {
    Scope.CVR: "cvrNumberIdentifier",
    Scope.P: "productionUnitIdentifier",
    Scope.SE: "seNumberIdentifier",
    Scope.CPR: "cprNumberIdentifier",
}


def log_in(question: Question, chosen: Mapping[str, Any], *, now: dt.datetime) -> str:
    """Return the form field SAMLResponse that says what was `chosen` (the cleaned data of `WhoForm`)."""
    person = people.person_of(chosen["person"])
    audit.record("testidp.answered", person, by=None, subject=person, purpose="test login")
    answer = answer_to(
        question,
        now=now,
        name_id=_name_id(chosen),
        attributes=responses.attributes_of(
            loa=chosen["loa"],
            full_name=person.name if person else people.STRANGER_NAME,
            cpr=person.cpr_number() if person else people.STRANGER_CPR,
            **(_professional(chosen) if _is_professional(chosen) else {"pid": _pid(chosen)}),
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


def _is_professional(chosen: Mapping[str, Any]) -> bool:
    return bool(chosen["kind"] == IdentityKind.PROFESSIONAL)


def _uuid(chosen: Mapping[str, Any]) -> uuid.UUID:
    """Return the same UUID each time for the same person, and for an employee in the same organisation."""
    employer = chosen["cvr"] if _is_professional(chosen) else ""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{parties.stand_in().entity_id}/{chosen['person']}/{employer}")


def _name_id(chosen: Mapping[str, Any]) -> str:
    return responses.NAME_ID.format(kind=chosen["kind"], uuid=_uuid(chosen))


def _pid(chosen: Mapping[str, Any]) -> str:
    return f"PID:9208-2002-2-{_uuid(chosen).int % 10**12:012d}"


def _professional(chosen: Mapping[str, Any]) -> dict[str, str]:
    organisation = Institution.objects.filter(cvr=chosen["cvr"]).order_by("pk").first()
    identifier = chosen["p_number"] if chosen["scope"] == Scope.P else chosen["cvr"]
    groups = [PrivilegeGroup(Scope(chosen["scope"] or Scope.CVR), identifier, tuple(chosen["rights"]))]
    return {
        "professional_uuid": str(_uuid(chosen)),
        "cvr": chosen["cvr"],
        "p_number": chosen["p_number"],
        "organisation": organisation.name if organisation else f"CVR {chosen['cvr']}",
        "privileges": privilege_list(groups) if chosen["rights"] else "",
    }

"""Answers from the identity provider, right or with one thing wrong."""

import datetime as dt
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

from django.utils import timezone
from lxml import etree

from accounts.activation.saml import attributes, keys, parties
from accounts.activation.saml.keys import KeyPair
from accounts.testidp import responses

CPR = "7103862334"
NAME = "Mette Holm"
PERSON = "https://data.gov.dk/model/core/eid/person/uuid/6f3c5a52-7d0e-4d5e-9c39-1a2b3c4d5e6f"
PROFESSIONAL = "https://data.gov.dk/model/core/eid/professional/uuid/0b9c6c1e-52a4-4f34-8c1a-9d8e7f6a5b4c"

Edit = Callable[[etree._Element], Any]


def nothing(element: etree._Element) -> None:
    """Leave everything as it is."""


def idp() -> KeyPair:
    return keys.own_pair("test-idp")


def sp_certificate() -> bytes:
    return keys.service_provider_keys().certificate_pem


@dataclass(frozen=True)
class Forge:
    """Makes answers to one request. `write` makes a right one, with the edits asked for at each step."""

    request_id: str

    def answer(self, **changes: Any) -> responses.Answer:
        answer = responses.Answer(
            in_response_to=self.request_id,
            issuer=parties.stand_in().entity_id,
            audience=parties.service_provider().entity_id,
            acs_url=parties.service_provider().acs_url,
            name_id=PERSON,
            now=timezone.now(),
            attributes=responses.attributes_of(loa="Substantial", full_name=NAME, cpr=CPR),
        )
        return replace(answer, **changes)

    def professional(self, **attribute_changes: str) -> responses.Answer:
        work = {"cvr": "94348552", "organisation": "Lærkeskolen", "p_number": "9003766444", **attribute_changes}
        return self.answer(
            name_id=PROFESSIONAL,
            attributes=responses.attributes_of(loa="Substantial", full_name=NAME, cpr=CPR, **work),
        )

    def with_attribute(self, name: str, value: str) -> str:
        """Return a right answer but for one attribute; an empty value leaves it out."""
        answer = self.answer()
        changed = {**answer.attributes, getattr(attributes, name): value}
        return self.write(replace(answer, attributes={name: text for name, text in changed.items() if text}))

    def write(
        self,
        answer: responses.Answer | None = None,
        *,
        before: Edit = nothing,
        after: Edit = nothing,
        outside: Edit = nothing,
        signer: KeyPair | None = None,
        **signing: Any,
    ) -> str:
        """Return the form field. `before` edits the assertion unsigned, `after` signed, `outside` the response."""
        answer = answer or self.answer()
        assertion = responses.assertion_of(answer)
        before(assertion)
        responses.signed(assertion, signer or idp(), **signing)
        after(assertion)
        return self.enclose(etree.tostring(assertion), answer=answer, outside=outside)

    def enclose(self, plaintext: bytes, *, answer: responses.Answer | None = None, outside: Edit = nothing) -> str:
        """Return the form field of a response around any plaintext at all."""
        encrypted = responses.encrypted(plaintext, sp_certificate())
        response = responses.response_of(answer or self.answer(), encrypted)
        outside(response)
        return responses.posted(response)

    def signed_assertion(self, **changes: Any) -> etree._Element:
        return responses.signed(responses.assertion_of(self.answer(**changes)), idp())

    def evil_twin(self, assertion: etree._Element) -> etree._Element:
        """Return a copy under another ID, without the signature, of somebody else."""
        twin = deepcopy(assertion)
        twin.set("ID", "_evil")
        twin.remove(one(twin, "ds:Signature"))
        one(twin, "saml:NameID").text = PERSON.replace("6f3c5a52", "ffffffff")
        return twin


NAMESPACES = {
    "saml": "urn:oasis:names:tc:SAML:2.0:assertion",
    "samlp": "urn:oasis:names:tc:SAML:2.0:protocol",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
    "xenc": "http://www.w3.org/2001/04/xmlenc#",
}


def one(root: etree._Element, name: str) -> etree._Element:
    """Return the first descendant called e.g. `saml:NameID`."""
    # By XPath: `find` overlooks what xmlsec put into the tree, whose names lie in another dictionary.
    found = root.xpath(f".//{name}", namespaces=NAMESPACES)
    assert isinstance(found, list)
    element = found[0]
    assert isinstance(element, etree._Element)
    return element


def setting(name: str, attribute: str, value: str | None) -> Edit:
    """Return an edit that sets, or with None removes, an attribute of the first descendant called `name`."""

    def edit(root: etree._Element) -> None:
        element = root if name == "." else one(root, name)
        if value is None:
            element.attrib.pop(attribute)
        else:
            element.set(attribute, value)

    return edit


def removing(name: str) -> Edit:
    def edit(root: etree._Element) -> None:
        element = one(root, name)
        parent = element.getparent()
        assert parent is not None
        parent.remove(element)

    return edit


def doubling(name: str) -> Edit:
    def edit(root: etree._Element) -> None:
        element = one(root, name)
        element.addnext(deepcopy(element))

    return edit


def texting(name: str, text: str) -> Edit:
    def edit(root: etree._Element) -> None:
        one(root, name).text = text

    return edit


def moment(**delta: float) -> str:
    """Return now plus a timedelta, as SAML writes it."""
    return (timezone.now() + dt.timedelta(**delta)).strftime("%Y-%m-%dT%H:%M:%SZ")

"""Rights as NemLog-in sends them: the OIO Basic Privilege Profile (D8.4), from base64 to frozen dataclasses. Pure.

What is not understood gives nothing and stops nobody: an unknown scope, a malformed identifier or an empty group is
left out. What is no privilege list at all is refused.
"""

import base64
import binascii
import enum
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml import etree

from . import preparse
from .refusals import Reason, SamlRefused

NAMESPACES = (
    "http://digst.dk/oiosaml/basic_privilege_profile",
    "http://itst.dk/oiosaml/basic_privilege_profile",
)
# Rights that are given for this portal, whatever they let one do, begin so.
OWN_RIGHTS = "urn:dk:unilogin:"
_ROOTS = tuple(f"{{{namespace}}}PrivilegeList" for namespace in NAMESPACES)
_SCOPE = re.compile(r"urn:dk:gov:saml:(\w+):(\d+)", re.ASCII)


class Scope(enum.StrEnum):
    """What a right covers: all units of a CVR number, one P-number, one SE-number, or one person."""

    CVR = "cvr"
    P = "p"
    SE = "se"
    CPR = "cpr"


# The name in the URN -> the scope and how many digits its identifier has.
_SCOPES: dict[str, tuple[Scope, int]] = {
    "cvrNumberIdentifier": (Scope.CVR, 8),
    "productionUnitIdentifier": (Scope.P, 10),
    "seNumberIdentifier": (Scope.SE, 8),
    "cprNumberIdentifier": (Scope.CPR, 10),
}


@dataclass(frozen=True)
class Constraint:
    """A narrowing that only the service which defined it can judge."""

    name: str
    value: str


@dataclass(frozen=True)
class PrivilegeGroup:
    """`privileges` (URIs), held within `identifier` of `scope`, narrowed by every one of `constraints`."""

    scope: Scope
    identifier: str
    privileges: tuple[str, ...]
    constraints: tuple[Constraint, ...] = ()


def parse(encoded: str) -> tuple[PrivilegeGroup, ...]:
    """Read the attribute `privilegesIntermediate`: base64 of a PrivilegeList. Raise `SamlRefused` if it is not that."""
    try:
        xml = base64.b64decode("".join(encoded.split()).encode("ascii"), validate=True)
        root = etree.fromstring(preparse.checked_data(xml), _parser())
    except (binascii.Error, UnicodeEncodeError, etree.XMLSyntaxError, SamlRefused) as error:
        raise SamlRefused(Reason.WRONG_PRIVILEGES, type(error).__name__) from None
    if root.tag not in _ROOTS:
        raise SamlRefused(Reason.WRONG_PRIVILEGES, "root")
    return tuple(_groups(root))


def session_rights(groups: Iterable[PrivilegeGroup]) -> list[tuple[str, str, str]]:
    """Return (right, "cvr" or "p", identifier) for what a session may carry.

    A group with constraints gives nothing: leaving a constraint out would widen what the organisation granted.
    """
    return [
        (privilege, str(group.scope), group.identifier)
        for group in groups
        if group.scope in (Scope.CVR, Scope.P) and not group.constraints
        for privilege in group.privileges
    ]


def opens_the_portal(rights: Iterable[tuple[str, str, str]]) -> bool:
    """Whether one of the rights was given for this portal: an organisation has sent its holder here."""
    return any(right.startswith(OWN_RIGHTS) for right, _, _ in rights)


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def _groups(root: etree._Element) -> Iterator[PrivilegeGroup]:
    for element in root.iterchildren("PrivilegeGroup"):
        match = _SCOPE.fullmatch(element.get("Scope", ""))
        scope, digits = _SCOPES.get(match[1], (None, 0)) if match else (None, 0)
        privileges = tuple(filter(None, (_text(child) for child in element.iterchildren("Privilege"))))
        if match and scope and len(match[2]) == digits and privileges:
            constraints = tuple(
                Constraint(child.get("Name", ""), _text(child)) for child in element.iterchildren("Constraint")
            )
            yield PrivilegeGroup(scope, match[2], privileges, constraints)


def _text(element: etree._Element) -> str:
    return "" if len(element) else (element.text or "").strip()

"""The attributes of OIOSAML 3 (D8.1), and reading them from a verified assertion."""

import re
from collections.abc import Mapping

from lxml import etree

from unilogin_portal.lib.gate import LevelOfAssurance

from ..refusals import Reason, SamlRefused
from .xml import SAML, URI_FORMAT, children, only, text

_CORE = "https://data.gov.dk/model/core/"
SPEC_VERSION = _CORE + "specVersion"
LOA = "https://data.gov.dk/concept/core/nsis/loa"
CPR = _CORE + "eid/cprNumber"
FULL_NAME = _CORE + "eid/fullName"
PID = _CORE + "eid/person/pid"
PRIVILEGES = _CORE + "eid/privilegesIntermediate"
PROFESSIONAL_UUID = _CORE + "eid/professional/uuid/persistent"
CVR = _CORE + "eid/professional/cvr"
ORGANISATION = _CORE + "eid/professional/orgName"
P_NUMBER = _CORE + "eid/professional/productionUnit"

# What the portal asks for, and whether it cannot do without.
REQUESTED: Mapping[str, bool] = {
    SPEC_VERSION: True,
    LOA: True,
    CPR: True,
    FULL_NAME: False,
    PID: False,
    PRIVILEGES: False,
    PROFESSIONAL_UUID: False,
    CVR: False,
    ORGANISATION: False,
    P_NUMBER: False,
}
OIOSAML_3 = "OIO-SAML-3.0"
LEVELS: Mapping[str, LevelOfAssurance] = {
    "Low": LevelOfAssurance.LOW,
    "Substantial": LevelOfAssurance.SUBSTANTIAL,
    "High": LevelOfAssurance.HIGH,
}


def read(assertion: etree._Element) -> dict[str, str]:
    """Return the attributes that the portal asks for, name to whole text. What it did not ask for is not read."""
    statement = only(assertion, SAML, "AttributeStatement", Reason.WRONG_ATTRIBUTE_STATEMENT)
    found: dict[str, str] = {}
    seen: set[str] = set()
    for attribute in children(statement, SAML, "Attribute"):
        name = attribute.get("Name", "")
        if name in seen:
            raise SamlRefused(Reason.DUPLICATE_ATTRIBUTE)
        seen.add(name)
        if name in REQUESTED:
            found[name] = _value(attribute)
    return found


def _value(attribute: etree._Element) -> str:
    if attribute.get("NameFormat") != URI_FORMAT:
        raise SamlRefused(Reason.WRONG_ATTRIBUTE, "name format")
    return text(only(attribute, SAML, "AttributeValue", Reason.WRONG_ATTRIBUTE), Reason.WRONG_ATTRIBUTE)


def digits(found: Mapping[str, str], name: str, count: int, reason: Reason) -> str:
    """Return a number of `count` digits, or the empty string where it was not sent; anything else is refused."""
    value = found.get(name, "")
    if value and not re.fullmatch(rf"[0-9]{{{count}}}", value):
        raise SamlRefused(reason)
    return value


def level(found: Mapping[str, str]) -> LevelOfAssurance:
    """Return the level of assurance. It counts as the attribute says, whatever the request asked for (D8.3, 8)."""
    if found.get(LOA) not in LEVELS:
        raise SamlRefused(Reason.NO_LOA)
    return LEVELS[found[LOA]]

"""The XSD of the deliveries that are accepted, written from the same tables that the validator reads. Pure.

XSD 1.0 has unordered lists only of elements that stand once at most. Where others repeat beside them the content is a
free choice, and keys over the element itself count: the field of a key must find one element, that of `unique` no more.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from django.utils import translation
from django.utils.functional import Promise
from lxml import etree

from .format import (
    CHILDREN,
    CPR_TYPES,
    GENDERS,
    GROUP_TYPES,
    KINDS,
    LEVELS,
    LONGEST,
    LONGEST_ADDRESS,
    LONGEST_PHONE,
    LONGEST_SOURCE,
    NAMESPACE,
    PHONES,
    RELATIONS,
    Occurs,
)
from .schema_words import ABOUT, BYTES, LIMITS, RULES, UNSEEN

LANGUAGES = ("da", "en")
_XS = "http://www.w3.org/2001/XMLSchema"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_PREFIX = "i"
_VISIBLE = r"[^\p{Cc}\p{Cf}\p{Co}]*"  # see `validation`: what is not to be seen has no place in a text
_ZONE = "(Z|[+-][0-9]{2}:[0-9]{2})?"

# The fewest and most characters. The most is of bytes in truth, and there are as many of those or more.
_TEXTS: dict[str, tuple[int, int]] = {
    **{name: (0, longest) for name, longest in LONGEST.items()},
    **dict.fromkeys(CHILDREN["Address"], (0, LONGEST_ADDRESS)),
    "LocalPersonId": (1, LONGEST["LocalPersonId"]),
    "FirstName": (1, LONGEST["FirstName"]),
    "FamilyName": (1, LONGEST["FamilyName"]),
    "GroupKey": (1, LONGEST["GroupId"]),
    "PhoneNumber": (0, LONGEST_PHONE),
    "Source": (1, LONGEST_SOURCE),
}
_CHOICES: dict[str, Iterable[str]] = {
    "Level": LEVELS,
    "GroupLevel": LEVELS | {""},
    "GroupType": GROUP_TYPES,
    "Gender": GENDERS | {""},
    "CivilRegistrationNumberType": CPR_TYPES | {""},
    "Relation": RELATIONS,
    **{f"{element}Role": roles for element, (_kind, roles) in KINDS.items()},
}
_PATTERNS: dict[str, tuple[str, str]] = {
    "InstitutionNumber": ("xs:token", "[A-Z0-9]{6}"),
    "CivilRegistrationNumber": ("xs:token", "[0-9]{10}"),
    "SchoolYear": ("xs:token", "[0-9]{4}-[0-9]{4}"),
    "AccessLevel": ("xs:token", "[0-9]{1,3}"),
    "Day": ("xs:date", f"[0-9]{{4}}(-[0-9]{{2}}){{2}}{_ZONE}"),
    "SourceDateTime": (
        "xs:dateTime",
        rf"2[01][0-9]{{2}}(-[0-9]{{2}}){{2}}T([01][0-9]|2[0-3])(:[0-9]{{2}}){{2}}(\.[0-9]{{1,9}})?{_ZONE}",
    ),
}
_TYPES: dict[tuple[str, str], str] = {
    # by element and what it stands in, where the type is not named like the element
    ("Group", "GroupId"): "GroupKey",
    ("Student", "MainGroupId"): "GroupKey",
    ("Group", "FromDate"): "Date",
    ("Group", "ToDate"): "Date",
    ("Person", "BirthDate"): "Date",
    ("Institution", "InstitutionName"): "xs:string",
    **{("Person", phone): "Phone" for phone in PHONES},
    **{(element, "Role"): f"{element}Role" for element in KINDS},
}
_COUNTED = (
    "Institution",
    "Student",
    "Employee",
    "Extern",
)  # those with repeating elements, whose keys count the others


@lru_cache(maxsize=1)
def xsd() -> bytes:
    """Return the schema as a document."""
    schema = etree.Element(
        f"{{{_XS}}}schema",
        {"targetNamespace": NAMESPACE, "elementFormDefault": "qualified", "version": "7"},
        nsmap={"xs": _XS, _PREFIX: NAMESPACE},
    )
    _document(schema, *ABOUT)
    for code, text in UNSEEN.items():
        _document(schema, text)
        for words in schema[-1]:
            words.set("source", code.value)
    _root(schema)
    _row(schema)
    for name in _COUNTED:
        _counted(_complex(schema, name), name)
    _contact(schema)
    _protected(_list(schema, "Person"), use="required")
    for name in ("Address", "Group"):
        _list(schema, name)
    _simple_types(schema)
    return etree.tostring(schema, encoding="UTF-8", xml_declaration=True, pretty_print=True)


def _add(parent: etree._Element, name: str, attributes: Mapping[str, str] | None = None) -> etree._Element:
    return etree.SubElement(parent, f"{{{_XS}}}{name}", dict(attributes or {}))


def _document(parent: etree._Element, *texts: Promise, **limits: int) -> None:
    """Write an annotation in every language; `limits` are what the texts tell of besides `LIMITS`."""
    annotation = _add(parent, "annotation")
    for language in LANGUAGES:
        with translation.override(language):
            for text in texts:
                _add(annotation, "documentation", {_XML_LANG: language}).text = str(text) % (LIMITS | limits)


def _explain(parent: etree._Element, name: str) -> etree._Element:
    if name in RULES:
        _document(parent, RULES[name])
    return parent


def _complex(schema: etree._Element, name: str) -> etree._Element:
    return _explain(_add(schema, "complexType", {"name": name}), name)


def _type_of(holder: str, element: str) -> str:
    name = _TYPES.get((holder, element), element)
    return name if ":" in name else f"{_PREFIX}:{name}"


def _element(parent: etree._Element, holder: str, name: str, occurs: Occurs | None = None) -> etree._Element:
    """Declare an element as it stands in `holder`; in a free choice, which has no `occurs`, keys count it."""
    attributes = {"name": name, "type": _type_of(holder, name)}
    if occurs is Occurs.AT_MOST_ONCE:
        attributes["minOccurs"] = "0"
    declared = _add(parent, "element", attributes)
    if name not in _named_types():
        _explain(declared, name)
    return declared


def _named_types() -> set[str]:
    return {"InstitutionPerson", *CHILDREN, *_TEXTS, *_CHOICES, *_PATTERNS}


def _attribute(parent: etree._Element, name: str, kind: str, *, use: str = "required") -> None:
    _explain(_add(parent, "attribute", {"name": name, "type": kind, "use": use}), f"@{name}")


def _root(schema: etree._Element) -> None:
    root = _add(_add(schema, "element", {"name": "UNILoginImport"}), "complexType")
    institution = _element(_add(root, "sequence"), "UNILoginImport", "Institution")
    _count(institution, "Institution")
    _key(institution, "unique", "one_row_a_local_id", "InstitutionPerson", "LocalPersonId")
    _key(institution, "unique", "one_group_an_id", "Group", "GroupId")
    main_group = _key(institution, "keyref", "main_group_is_delivered", "InstitutionPerson/Student", "MainGroupId")
    main_group.set("refer", f"{_PREFIX}:one_group_an_id")
    _attribute(root, "sourceDateTime", f"{_PREFIX}:SourceDateTime")
    _attribute(root, "source", f"{_PREFIX}:Source")
    _attribute(root, "schoolYear", f"{_PREFIX}:SchoolYear")
    _attribute(root, "sourceVersion", "xs:string", use="optional")


def _row(schema: etree._Element) -> None:
    """Declare `InstitutionPerson`: three elements in each of their six orders, one of them out of three."""
    orders = _add(_complex(schema, "InstitutionPerson"), "choice")
    parts = ("LocalPersonId", "Person", "role")
    for first in parts:
        order = _add(orders, "sequence")
        _part(order, first)
        rest = [part for part in parts if part != first]
        second = _add(order, "choice")
        for ordered in (rest, rest[::-1]):
            pair = _add(second, "sequence")
            for part in ordered:
                _part(pair, part)
    role = _add(_add(schema, "group", {"name": "role"}), "choice")
    for name in KINDS:
        _count(_element(role, "InstitutionPerson", name), name)


def _part(parent: etree._Element, name: str) -> None:
    if name == "role":
        _add(parent, "group", {"ref": f"{_PREFIX}:role"})
    else:
        _element(parent, "InstitutionPerson", name)


def _counted(holder: etree._Element, name: str) -> None:
    """Declare the content of a type with repeating elements: a free choice, round an element that must be there."""
    children = CHILDREN[name]
    needed = [child for child, occurs in children.items() if occurs is Occurs.SOME]
    content = _add(holder, "sequence") if needed else holder
    before = _add(content, "choice", {"minOccurs": "0", "maxOccurs": "unbounded"})
    for child in children:
        if child not in needed:
            _element(before, name, child)
    for child in needed:
        _element(content, name, child)
        after = _add(content, "choice", {"minOccurs": "0", "maxOccurs": "unbounded"})
        for other in children:
            _element(after, name, other)


def _count(element: etree._Element, name: str) -> None:
    """Have keys count, in this element, the children that stand once, or once at most."""
    kinds = {Occurs.ONCE: "key", Occurs.AT_MOST_ONCE: "unique"}
    for child, occurs in CHILDREN[name].items():
        if occurs in kinds:
            _key(element, kinds[occurs], f"{name}_{child}", ".", child)


def _key(element: etree._Element, kind: str, name: str, selector: str, field: str) -> etree._Element:
    key = _add(element, kind, {"name": name})
    path = "/".join(step if step == "." else f"{_PREFIX}:{step}" for step in selector.split("/"))
    _add(key, "selector", {"xpath": path})
    _add(key, "field", {"xpath": f"{_PREFIX}:{field}"})
    return key


def _list(schema: etree._Element, name: str) -> etree._Element:
    """Declare a type whose elements stand once at most, in any order."""
    holder = _complex(schema, name)
    content = _add(holder, "all")
    for child, occurs in CHILDREN[name].items():
        _element(content, name, child, occurs)
    return holder


def _contact(schema: etree._Element) -> None:
    holder = _complex(schema, "ContactPerson")
    _element(_add(holder, "sequence"), "ContactPerson", "Person")
    _attribute(holder, "relation", f"{_PREFIX}:Relation")
    _attribute(holder, "childCustody", "xs:boolean")
    _attribute(holder, "accessLevel", f"{_PREFIX}:AccessLevel")


def _protected(holder: etree._Element, *, use: str) -> None:
    _attribute(holder, "protected", "xs:boolean", use=use)


def _simple_types(schema: etree._Element) -> None:
    for name, (fewest, most) in _TEXTS.items():
        facets = [("minLength", str(fewest))] * bool(fewest) + [("maxLength", str(most)), ("pattern", _VISIBLE)]
        _simple(schema, name, "xs:token", facets, BYTES, longest=most)
    for name, values in _CHOICES.items():
        _simple(schema, name, "xs:token", [("enumeration", value) for value in sorted(values)])
    for name, (base, pattern) in _PATTERNS.items():
        _simple(schema, name, base, [("pattern", pattern)])
    _simple(schema, "Empty", "xs:token", [("length", "0")])
    date = _explain(_add(schema, "simpleType", {"name": "Date"}), "Date")
    _add(date, "union", {"memberTypes": f"{_PREFIX}:Day {_PREFIX}:Empty"})
    phone = _complex(schema, "Phone")
    number = _add(_add(phone, "simpleContent"), "extension", {"base": f"{_PREFIX}:PhoneNumber"})
    _add(number, "attribute", {"name": "protected", "type": "xs:boolean", "default": "false"})


def _simple(
    schema: etree._Element, name: str, base: str, facets: Iterable[tuple[str, str]], *texts: Promise, **limits: int
) -> None:
    kind = _add(schema, "simpleType", {"name": name})
    if texts := (*((RULES[name],) if name in RULES else ()), *texts):
        _document(kind, *texts, **limits)
    restriction = _add(kind, "restriction", {"base": base})
    for facet, value in facets:
        _add(restriction, facet, {"value": value})

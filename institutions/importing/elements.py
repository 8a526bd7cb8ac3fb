"""From an XML element to a raw row: which children there are and what they say, with no opinion on it."""

from typing import NamedTuple, cast

from lxml import etree

from .format import KINDS, PHONES
from .hidden import kept_local_id
from .rows import RawContact, RawGroup, RawPerson, RawRow


class _LocalNames(dict[str, str]):
    """Local names by `{namespace}name`: each is worked out once."""

    def __missing__(self, tag: str) -> str:
        name = self[tag] = tag.rpartition("}")[2]
        return name


LOCAL = _LocalNames()


def text_of(element: etree._Element) -> str:
    """Return an element's text as xs:token: whitespace at the ends cut, inside collapsed."""
    text = element.text
    if not text:
        return ""
    # Most texts are one word or number: asking that is cheaper than splitting.
    return text if text.isalnum() else " ".join(text.split())


def attributes_of(element: etree._Element) -> dict[str, str]:
    """Return the attributes of the format, which are in no namespace, as xs:token."""
    items = cast("list[tuple[str, str]]", element.items())
    return {name: " ".join(value.split()) for name, value in items if not name.startswith("{")}


def _has_only(element: etree._Element, attribute: str) -> bool:
    """Whether an element has no other attribute than this one, but for those of other namespaces."""
    names = cast("list[str]", element.keys())
    return names == [attribute] or all(name == attribute or name.startswith("{") for name in names)


def person_row(element: etree._Element, place: int, line: int) -> RawRow:
    """Read an `InstitutionPerson`."""
    local_ids: list[str] = []
    persons: list[RawPerson] = []
    roles: list[etree._Element] = []
    sound = True
    for child in element:
        name = LOCAL[child.tag]
        if name == "LocalPersonId":
            local_ids.append(text_of(child))
            sound = sound and not len(child)
        elif name == "Person":
            persons.append(person(child))
        elif name in KINDS:
            roles.append(child)
        else:
            sound = False
    local_id = kept_local_id(local_ids[0]) if local_ids else ""
    sound = sound and len(local_ids) <= 1 and len(persons) <= 1
    owner = persons[0] if persons else None
    if len(roles) != 1:
        return RawRow(place, line, local_id, owner, "", (), {}, (), (), sound)
    role = roles[0]
    return RawRow(place, line, local_id, owner, LOCAL[role.tag], *_role(role, sound))


class _Role(NamedTuple):
    """The part of a `RawRow` that comes from its Student, Employee or Extern."""

    roles: tuple[str, ...]
    texts: dict[str, str]
    group_ids: tuple[str, ...]
    contacts: tuple[RawContact, ...]
    sound: bool


def _role(element: etree._Element, sound: bool) -> _Role:
    texts: dict[str, str] = {}
    roles: list[str] = []
    groups: list[str] = []
    contacts: list[RawContact] = []
    for child in element:
        name = LOCAL[child.tag]
        if name == "ContactPerson":
            contacts.append(contact(child))
        elif name in texts or len(child):
            sound = False
        elif name == "Role":
            roles.append(text_of(child))
        elif name == "GroupId":
            groups.append(text_of(child))
        else:
            texts[name] = text_of(child)
    return _Role(tuple(roles), texts, tuple(filter(None, groups)), tuple(contacts), sound)


def contact(element: etree._Element) -> RawContact:
    """Read a `ContactPerson`."""
    children = list(element)
    whole = len(children) == 1 and LOCAL[children[0].tag] == "Person"
    return RawContact(attributes_of(element), person(children[0]) if whole else None)


def person(element: etree._Element) -> RawPerson:
    """Read a `Person`."""
    texts: dict[str, str] = {}
    addresses: list[dict[str, str]] = []
    phones: dict[str, tuple[str, str]] = {}
    sound = _has_only(element, "protected")
    for child in element:
        name = LOCAL[child.tag]
        if name == "Address":
            parts = {LOCAL[part.tag]: text_of(part) for part in child if not len(part)}
            sound = sound and not addresses and len(parts) == len(child)
            addresses.append(parts)
        elif name in texts or name in phones or len(child):
            sound = False
        elif name in PHONES:
            sound = sound and _has_only(child, "protected")
            phones[name] = (text_of(child), child.get("protected", "false"))
        else:
            texts[name] = text_of(child)
    return RawPerson(element.get("protected"), texts, addresses[0] if addresses else {}, phones, sound)


def group(element: etree._Element, line: int) -> RawGroup:
    """Read a `Group`."""
    texts: dict[str, str] = {}
    sound = True
    for child in element:
        name = LOCAL[child.tag]
        sound = sound and name not in texts and not len(child)
        texts[name] = text_of(child)
    return RawGroup(line, texts, sound)

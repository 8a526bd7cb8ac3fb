"""From an XML element to a raw row: which children there are and what they say, with no opinion on it."""

from lxml import etree

from .rows import RawContact, RawGroup, RawPerson, RawRow

PHONES = frozenset({"HomePhoneNumber", "WorkPhoneNumber", "MobilePhoneNumber"})
ROLE_ELEMENTS = frozenset({"Student", "Employee", "Extern"})


class _LocalNames(dict[str, str]):
    """Local names by `{namespace}name`: each is worked out once."""

    def __missing__(self, tag: str) -> str:
        name = self[tag] = tag.rpartition("}")[2]
        return name


LOCAL = _LocalNames()


def text_of(element: etree._Element) -> str:
    """Return an element's text as xs:token: whitespace at the ends cut, inside collapsed."""
    text = element.text
    return " ".join(text.split()) if text else ""


def attributes_of(element: etree._Element) -> dict[str, str]:
    """Return the attributes by local name, as xs:token."""
    return {LOCAL[str(name)]: " ".join(str(value).split()) for name, value in element.attrib.items()}


def person_row(element: etree._Element, place: int, line: int) -> RawRow:
    """Read an `InstitutionPerson`."""
    local_ids: list[str] = []
    persons: list[RawPerson] = []
    roles: list[etree._Element] = []
    for child in element:
        name = LOCAL[child.tag]
        if name == "LocalPersonId":
            local_ids.append(text_of(child))
        elif name == "Person":
            persons.append(person(child))
        elif name in ROLE_ELEMENTS:
            roles.append(child)
    local_id = local_ids[0] if local_ids else ""
    sound = len(local_ids) <= 1 and len(persons) <= 1
    owner = persons[0] if persons else None
    if len(roles) != 1:
        return RawRow(place, line, local_id, owner, "", (), {}, (), (), sound)
    row = RawRow(place, line, local_id, owner, LOCAL[roles[0].tag], (), {}, (), (), sound)
    return _with_role(row, roles[0])


def _with_role(row: RawRow, role: etree._Element) -> RawRow:
    sound = row.sound
    texts: dict[str, str] = {}
    lists: dict[str, list[str]] = {"Role": [], "GroupId": []}
    contacts: list[RawContact] = []
    for child in role:
        name = LOCAL[child.tag]
        if name == "ContactPerson":
            contacts.append(contact(child))
            continue
        text = text_of(child)
        if name in lists:
            lists[name].append(text)
        else:
            sound = sound and name not in texts and not len(child)
            texts[name] = text
    roles, groups = tuple(lists["Role"]), tuple(filter(None, lists["GroupId"]))
    return row._replace(roles=roles, texts=texts, group_ids=groups, contacts=tuple(contacts), sound=sound)


def contact(element: etree._Element) -> RawContact:
    """Read a `ContactPerson`."""
    persons = [person(child) for child in element if LOCAL[child.tag] == "Person"]
    return RawContact(attributes_of(element), persons[0] if len(persons) == 1 else None)


def person(element: etree._Element) -> RawPerson:
    """Read a `Person`."""
    texts: dict[str, str] = {}
    address: dict[str, str] = {}
    phones: dict[str, tuple[str, str]] = {}
    sound = True
    for child in element:
        name = LOCAL[child.tag]
        if name == "Address":
            sound = sound and not address
            address = {LOCAL[part.tag]: text for part in child if (text := text_of(part))}
            continue
        sound = sound and name not in texts and name not in phones and not len(child)
        text = text_of(child)
        if name in PHONES:
            if text:
                phones[name] = (text, child.get("protected") or "false")
        elif text:
            texts[name] = text
    return RawPerson(element.get("protected"), texts, address, phones, sound)


def group(element: etree._Element, line: int) -> RawGroup:
    """Read a `Group`."""
    texts: dict[str, str] = {}
    sound = True
    for child in element:
        name = LOCAL[child.tag]
        sound = sound and name not in texts and not len(child)
        texts[name] = text_of(child)
    return RawGroup(line, texts, sound)

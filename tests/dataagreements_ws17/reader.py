"""A supplier's reader of ws17, written from D1.3 to D1.6 alone: nothing in it comes from the portal.

It is strict: every namespace, the order, how often an element stands, every enumeration, and nothing beside these.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from lxml import etree

SERVICE = "https://brugerdatabasen.stil.dk/bpi/wsieksport/7"
COMMON = f"{SERVICE}/common"
SHARED = "https://brugerdatabasen.stil.dk/bpi/common/3"
# Root -> the end of the package's namespace, and accessLevel.
ROOTS = {
    "UNILoginExportSmall": ("small", "small"),
    "UNILoginExportMedium": ("medium", "medium"),
    "UNILoginExportFull": ("full", "full"),
    "UNILoginExportFullMyndighed": ("fullmyndighed", "full"),
}
ROLES = {
    "Student": {"Barn", "Elev", "Studerende"},
    "Employee": {"Lærer", "Pædagog", "Vikar", "Leder", "Ledelse", "TAP", "Konsulent"},
    "Extern": {"Praktikant", "Ekstern"},
}
LEVELS = {"DT", *map(str, range(11)), "U1", "U2", "U3", "U4", "VU", "Andet"}
GROUP_TYPES = {"Hovedgruppe", "Årgang", "Retning", "Hold", "SFO", "Team", "Andet"}
RELATIONS = {"Mor", "Far", "Andet", "Officielt tilknyttet person"}
CPR_TYPES = {"CPR_VERIFIED", "CPR_UNVERIFIED", "CPR_REPLACEMENT_ID", "CPR_UNKNOWN_TYPE"}
ADDRESS = ("StreetAddress", "PostalCode", "PostalDistrict", "CountryCode", "Country")
ADDRESS += ("MunicipalityCode", "MunicipalityName")

T = TypeVar("T")


class Unreadable(Exception):
    """The answer is not in the format."""


@dataclass(frozen=True)
class Phone:
    number: str
    protected: bool


@dataclass(frozen=True)
class Person:
    """What is not there is None; `address` are the parts that are."""

    first_name: str
    family_name: str
    user_id: str
    cpr: str | None = None
    cpr_type: str | None = None
    email: str | None = None
    birth_date: dt.date | None = None
    gender: str | None = None
    photo_id: str | None = None
    address: tuple[tuple[str, str], ...] | None = None
    home: Phone | None = None
    work: Phone | None = None
    mobile: Phone | None = None
    alias_first_name: str | None = None
    alias_family_name: str | None = None
    protected: bool | None = None


@dataclass(frozen=True)
class Contact:
    relation: str
    custody: bool
    access_level: int
    person: Person


@dataclass(frozen=True)
class Student:
    role: str
    level: str
    main_group: str
    student_number: str | None = None
    location: str | None = None
    groups: tuple[str, ...] = ()
    contacts: tuple[Contact, ...] = ()


@dataclass(frozen=True)
class Employee:
    roles: tuple[str, ...]
    short_name: str | None = None
    occupation: str | None = None
    location: str | None = None
    groups: tuple[str, ...] = ()


@dataclass(frozen=True)
class Extern:
    role: str
    groups: tuple[str, ...] = ()


@dataclass(frozen=True)
class InstitutionPerson:
    source: str
    local_id: str | None
    person: Person
    role: Student | Employee | Extern


@dataclass(frozen=True)
class Group:
    group_id: str
    name: str | None
    type: str
    level: str | None = None
    line: str | None = None
    from_date: dt.date | None = None
    to_date: dt.date | None = None


@dataclass(frozen=True)
class Source:
    source: str
    time: dt.datetime
    school_year: str


@dataclass(frozen=True)
class Answer:
    package: str
    access_level: str
    time: dt.datetime
    sources: tuple[Source, ...]
    number: str
    name: str | None
    groups: tuple[Group, ...]
    people: tuple[InstitutionPerson, ...]

    def of(self, user_id: str) -> InstitutionPerson:
        [found] = [one for one in self.people if one.person.user_id == user_id]
        return found


class Children:
    """An element's children, to be taken one after the other, and its attributes, which are exactly those named."""

    def __init__(self, element: etree._Element, attributes: Iterable[str] = ()) -> None:
        if set(element.attrib) != set(attributes):
            raise Unreadable(f"attributes of {element.tag}: {sorted(element.attrib)}")
        if (element.text or "").strip() or any((child.tail or "").strip() for child in element):
            raise Unreadable(f"text in {element.tag}")
        self._tag, self._left = element.tag, list(element)

    def some(self, namespace: str, name: str, read: Callable[[etree._Element], T], least: int = 0) -> tuple[T, ...]:
        tag, found = f"{{{namespace}}}{name}", []
        while self._left and self._left[0].tag == tag:
            found.append(read(self._left.pop(0)))
        if len(found) < least:
            raise Unreadable(f"{self._tag} has {len(found)} {tag}, then {[child.tag for child in self._left][:1]}")
        return tuple(found)

    def maybe(self, namespace: str, name: str, read: Callable[[etree._Element], T]) -> T | None:
        found = self.some(namespace, name, read)
        if len(found) > 1:
            raise Unreadable(f"{self._tag} has {len(found)} {name}")
        return found[0] if found else None

    def one(self, namespace: str, name: str, read: Callable[[etree._Element], T]) -> T:
        found = self.some(namespace, name, read, least=1)
        if len(found) > 1:
            raise Unreadable(f"{self._tag} has {len(found)} {name}")
        return found[0]

    def end(self) -> None:
        if self._left:
            raise Unreadable(f"{self._left[0].tag} stands in {self._tag} where it should not")


def read(data: bytes) -> Answer:
    """Read an answer, or raise `Unreadable` (or lxml's own error where it is no XML)."""
    if not data.startswith(b'<?xml version="1.0" encoding="UTF-8"?>'):
        raise Unreadable("no declaration of UTF-8")
    root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
    package, access_level = ROOTS[etree.QName(root).localname]
    here = f"{SERVICE}/{package}"
    if etree.QName(root).namespace != here or root.get("accessLevel") != access_level:
        raise Unreadable(f"root {root.tag} with {root.get('accessLevel')}")
    children = Children(root, ("exportDateTime", "accessLevel"))
    sources = children.some(COMMON, "ImportSource", _source)
    number, name, groups, people = children.one(here, "Institution", lambda element: _institution(element, here))
    children.end()
    return Answer(package, access_level, _moment(root.get("exportDateTime")), sources, number, name, groups, people)


def read_agreements(data: bytes) -> tuple[str, tuple[str, ...]]:
    """Read an answer of hentDataAftaler…: the local name of its root, and the institution numbers."""
    root = etree.fromstring(data)
    if etree.QName(root).namespace != SERVICE:
        raise Unreadable(root.tag)
    children = Children(root)
    numbers = children.some(SHARED, "regnr", _text)
    children.end()
    return etree.QName(root).localname, numbers


def _institution(
    element: etree._Element, here: str
) -> tuple[str, str | None, tuple[Group, ...], tuple[InstitutionPerson, ...]]:
    children = Children(element)
    found = (
        children.one(COMMON, "InstitutionNumber", _text),
        children.maybe(COMMON, "InstitutionName", _text),
        children.some(COMMON, "Group", _group),
        children.some(here, "InstitutionPerson", lambda person: _institution_person(person, here)),
    )
    children.end()
    ids = [group.group_id for group in found[2]]
    if len(set(ids)) != len(ids):
        raise Unreadable("a group id stands twice")
    return found


def _source(element: etree._Element) -> Source:
    Children(element, ("sourceDateTime", "source", "schoolYear")).end()
    if not re.fullmatch(r"\d{4}-\d{4}", element.get("schoolYear")):
        raise Unreadable("schoolYear")
    return Source(element.get("source"), _moment(element.get("sourceDateTime")), element.get("schoolYear"))


def _group(element: etree._Element) -> Group:
    children = Children(element)
    found = Group(
        group_id=children.one(COMMON, "GroupId", _text),
        name=children.maybe(COMMON, "GroupName", _text),
        type=children.one(COMMON, "GroupType", _one_of(GROUP_TYPES)),
        level=children.maybe(COMMON, "GroupLevel", _one_of(LEVELS)),
        line=children.maybe(COMMON, "Line", _text),
        from_date=children.maybe(COMMON, "FromDate", _date),
        to_date=children.maybe(COMMON, "ToDate", _date),
    )
    children.end()
    return found


def _institution_person(element: etree._Element, here: str) -> InstitutionPerson:
    children = Children(element, ("source",))
    local_id = None if here.endswith("/small") else children.maybe(SHARED, "LocalPersonId", _text)
    person = children.one(here, "Person", lambda one: _person(one, here))
    roles = (
        children.maybe(here, "Student", lambda one: _student(one, here)),
        children.maybe(COMMON, "Employee", _employee),
        children.maybe(COMMON, "Extern", _extern),
    )
    children.end()
    [role] = [role for role in roles if role is not None]
    return InstitutionPerson(element.get("source"), local_id, person, role)


def _person(element: etree._Element, here: str) -> Person:
    package = here.rpartition("/")[2]
    is_full = package in {"full", "fullmyndighed"}
    children = Children(element, ("protected",) if is_full else ())
    found: dict[str, object] = {
        "first_name": children.one(COMMON, "FirstName", _text),
        "family_name": children.one(COMMON, "FamilyName", _text),
        "user_id": children.one(COMMON, "UserId", _text),
    }
    if package != "small":
        found |= {
            "cpr": children.maybe(COMMON, "CivilRegistrationNumber", _cpr),
            "cpr_type": children.maybe(COMMON, "CivilRegistrationNumberType", _one_of(CPR_TYPES)),
            "email": children.maybe(COMMON, "EmailAddress", _text),
            "birth_date": children.maybe(COMMON, "BirthDate", _date),
            "gender": children.maybe(COMMON, "Gender", _one_of({"M", "K"})),
            "photo_id": children.maybe(COMMON, "PhotoId", _text),
        }
    if is_full:
        found |= {
            "address": children.maybe(COMMON, "Address", _address),
            "home": children.maybe(COMMON, "HomePhoneNumber", _phone),
            "work": children.maybe(COMMON, "WorkPhoneNumber", _phone),
            "mobile": children.maybe(COMMON, "MobilePhoneNumber", _phone),
            "protected": _boolean(element.get("protected")),
        }
    if package == "fullmyndighed":
        found |= {
            "alias_first_name": children.maybe(here, "AliasFirstName", _text),
            "alias_family_name": children.maybe(here, "AliasFamilyName", _text),
        }
    children.end()
    return Person(**found)


def _address(element: etree._Element) -> tuple[tuple[str, str], ...]:
    children = Children(element)
    parts = [(name, children.maybe(COMMON, name, _text)) for name in ADDRESS]
    children.end()
    return tuple((name, text) for name, text in parts if text is not None)


def _phone(element: etree._Element) -> Phone:
    return Phone(_text(element, ("protected",)), _boolean(element.get("protected")))


def _student(element: etree._Element, here: str) -> Student:
    children = Children(element)
    is_full = here.endswith(("/full", "/fullmyndighed"))
    found = {
        "role": children.one(COMMON, "Role", _one_of(ROLES["Student"])),
        "student_number": children.maybe(COMMON, "StudentNumber", _text),
        "level": children.one(COMMON, "Level", _one_of(LEVELS)),
        "location": children.maybe(COMMON, "Location", _text),
        "main_group": children.one(COMMON, "MainGroupId", _text),
        "groups": children.some(SHARED, "GroupId", _text),
        "contacts": children.some(here, "ContactPerson", lambda one: _contact(one, here)) if is_full else (),
    }
    children.end()
    return Student(**found)


def _contact(element: etree._Element, here: str) -> Contact:
    children = Children(element, ("relation", "childCustody", "accessLevel"))
    person = children.one(here, "Person", lambda one: _person(one, here))
    children.end()
    if element.get("relation") not in RELATIONS:
        raise Unreadable("relation")
    return Contact(
        element.get("relation"), _boolean(element.get("childCustody")), int(element.get("accessLevel")), person
    )


def _employee(element: etree._Element) -> Employee:
    children = Children(element)
    found = Employee(
        roles=children.some(COMMON, "Role", _one_of(ROLES["Employee"]), least=1),
        short_name=children.maybe(COMMON, "ShortName", _text),
        occupation=children.maybe(COMMON, "Occupation", _text),
        location=children.maybe(COMMON, "Location", _text),
        groups=children.some(SHARED, "GroupId", _text),
    )
    children.end()
    return found


def _extern(element: etree._Element) -> Extern:
    children = Children(element)
    found = Extern(
        role=children.one(COMMON, "Role", _one_of(ROLES["Extern"])), groups=children.some(SHARED, "GroupId", _text)
    )
    children.end()
    return found


def _text(element: etree._Element, attributes: Iterable[str] = ()) -> str:
    if len(element) or set(element.attrib) != set(attributes):
        raise Unreadable(f"{element.tag} is more than a text")
    return element.text or ""


def _one_of(values: set[str]) -> Callable[[etree._Element], str]:
    def read_one(element: etree._Element) -> str:
        if (text := _text(element)) not in values:
            raise Unreadable(f"{element.tag} has none of its values")
        return text

    return read_one


def _cpr(element: etree._Element) -> str:
    if not re.fullmatch(r"\d{10}", text := _text(element)):
        raise Unreadable("CivilRegistrationNumber")
    return text


def _date(element: etree._Element) -> dt.date:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text := _text(element)):
        raise Unreadable(element.tag)
    return dt.date.fromisoformat(text)


def _moment(text: str) -> dt.datetime:
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", text):
        raise Unreadable("a moment")
    return dt.datetime.fromisoformat(text)


def _boolean(text: str) -> bool:
    return {"true": True, "1": True, "false": False, "0": False}[text]

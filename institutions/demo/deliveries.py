"""The demo country as `UNILoginImport` deliveries (D1.2 to D1.5), one file an institution and night."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from lxml import etree

from .inhabitants import Contact, Employee, Extern, Group, Inhabitant, Student, Tie
from .people import Institution
from .years import school_year_name

NAMESPACE = "https://brugerdatabasen.stil.dk/bpi/wsaimport/7"


def write(country: Sequence[Institution], folder: Path, *, night: int, at: dt.datetime, year: int) -> None:
    """Write the deliveries of one night (1 or 2) in the school year `year` into `folder`.

    `at` is local time and stands as sourceDateTime.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for institution in country:
        path = folder / f"{institution.place.number}.xml"
        path.write_bytes(delivery(institution, night=night, at=at, year=year))


def delivery(institution: Institution, *, night: int, at: dt.datetime, year: int) -> bytes:
    """Return one delivery as UTF-8, one element a line."""
    root = etree.Element(
        "UNILoginImport",
        {
            "sourceDateTime": at.replace(microsecond=0, tzinfo=None).isoformat(),
            "source": institution.place.source,
            "schoolYear": school_year_name(year),
            "sourceVersion": "1.0",
        },
        nsmap={None: NAMESPACE},  # type: ignore[dict-item]
    )
    element = etree.SubElement(root, "Institution")
    _texts(element, InstitutionNumber=institution.place.number, InstitutionName=institution.place.name)
    for group in institution.groups:
        _group(element, group)
    for tie in institution.ties:
        if night in tie.nights:
            _tie(element, tie, year)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)


def _texts(parent: etree._Element, **texts: str) -> None:
    for name, text in texts.items():
        if text:
            etree.SubElement(parent, name).text = text


def _group(parent: etree._Element, group: Group) -> None:
    _texts(
        etree.SubElement(parent, "Group"),
        GroupId=group.group_id,
        GroupName=group.name,
        GroupType=group.type,
        GroupLevel=group.level,
        Line=group.line,
    )


def _tie(parent: etree._Element, tie: Tie, year: int) -> None:
    element = etree.SubElement(parent, "InstitutionPerson")
    _texts(element, LocalPersonId=tie.local_id)
    _person(element, tie.person, year)
    match tie.part:
        case Student() as student:
            _student(element, tie, student, year)
        case Employee() as employee:
            part = etree.SubElement(element, "Employee")
            for role in employee.roles:
                _texts(part, Role=role)
            _texts(part, ShortName=_short_name(tie), Occupation=employee.occupation, Location=employee.location)
            _group_ids(part, employee.groups)
        case Extern() as extern:
            part = etree.SubElement(element, "Extern")
            _texts(part, Role=extern.role)
            _group_ids(part, extern.groups)


def _student(parent: etree._Element, tie: Tie, student: Student, year: int) -> None:
    part = etree.SubElement(parent, "Student")
    _texts(part, Role=student.role, StudentNumber=tie.local_id[1:], Level=student.level, MainGroupId=student.main_group)
    _group_ids(part, student.groups)
    for contact in student.contacts:
        _contact(part, contact, year)


def _group_ids(parent: etree._Element, group_ids: Sequence[str]) -> None:
    for group_id in group_ids:
        _texts(parent, GroupId=group_id)


def _contact(parent: etree._Element, contact: Contact, year: int) -> None:
    attributes = {
        "relation": contact.relation,
        "childCustody": str(contact.custody).lower(),
        "accessLevel": str(contact.access_level),
    }
    _person(etree.SubElement(parent, "ContactPerson", attributes), contact.person, year)


def _person(parent: etree._Element, person: Inhabitant, year: int) -> None:
    hidden = str(person.alias is not None).lower()
    element = etree.SubElement(parent, "Person", {"protected": hidden})
    alias_first, alias_family = person.alias or ("", "")
    _texts(
        element,
        FirstName=person.first_name,
        FamilyName=person.family_name,
        AliasFirstName=alias_first,
        AliasFamilyName=alias_family,
        CivilRegistrationNumber=person.cpr,
        CivilRegistrationNumberType="CPR_REPLACEMENT_ID",
        EmailAddress=person.email,
        BirthDate=person.birth_date(year).isoformat(),
        Gender="K" if person.female else "M",
    )
    home = etree.SubElement(element, "Address")
    _texts(home, StreetAddress=person.home.street, PostalCode=person.home.postal_code)
    _texts(home, PostalDistrict=person.home.city, CountryCode="DK")
    if person.mobile:
        etree.SubElement(element, "MobilePhoneNumber", {"protected": hidden}).text = person.mobile


def _short_name(tie: Tie) -> str:
    """Return initials and the number in the system: short names are one person's only."""
    return f"{tie.person.first_name[0]}{tie.person.family_name[0]}{int(tie.local_id[1:])}".upper()

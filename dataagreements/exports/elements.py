"""Groups and people as an answer of ws17 writes them (D1.3 to D1.5). The order of elements is binding.

Without prefix stands what each package has in a namespace of its own, with `c:` what all of them share, and with `b:`
what other services share as well.
"""

from collections.abc import Callable, Mapping
from functools import cache

from institutions.importing.hidden import is_hidden
from institutions.models import Group, ImportSeries, MembershipKind
from institutions.numbers import is_replacement_cpr

from ..packages import Field, Package
from .markup import boolean, date_time, element, elements, escaped, optional
from .people import Lot, Member, Named, Relation
from .terms import Shown, Terms

BY_HAND = "HUGO Brugeradministrationen"  # D1.3: the source of who was attached by hand
_ADDRESS = (
    *("StreetAddress", "PostalCode", "PostalDistrict"),
    *("CountryCode", "Country", "MunicipalityCode", "MunicipalityName"),
)
_WITH_PROTECTION = frozenset({Package.FULL, Package.FULL_AUTHORITY})
_Writer = Callable[[int], str]  # of a person, by key


def import_source(series: ImportSeries) -> str:
    assert series.last_source_time is not None  # noqa: S101 - only such are read
    return (
        f'<c:ImportSource sourceDateTime="{date_time(series.last_source_time)}" source="{escaped(series.source)}"'
        f' schoolYear="{escaped(series.school_year)}"/>'
    )


def group(held: Group) -> str:
    return (
        f"<c:Group>{element('c:GroupId', held.group_id)}{optional('c:GroupName', held.name)}"
        f"{element('c:GroupType', held.type)}{optional('c:GroupLevel', held.level)}{optional('c:Line', held.line)}"
        f"{optional('c:FromDate', held.from_date.isoformat() if held.from_date else '')}"
        f"{optional('c:ToDate', held.to_date.isoformat() if held.to_date else '')}</c:Group>"
    )


def institution_people(lot: Lot, terms: Terms) -> Callable[[Member], str]:
    """Return what writes the members of a lot. A parent of two is worked out once."""
    person: _Writer = cache(lambda key: _person(lot.people[key], terms))
    return lambda member: _institution_person(member, terms, person)


def _institution_person(member: Member, terms: Terms, person: _Writer) -> str:
    tie = member.tie
    # In place of a local id with a CPR number in it we hold a keyed hash, which is no id of the institution's.
    says_local_id = Field.LOCAL_ID in terms.fields and not is_hidden(tie.local_person_id)
    return (
        f'<InstitutionPerson source="{escaped(tie.source or BY_HAND)}">'
        f"{optional('b:LocalPersonId', tie.local_person_id) if says_local_id else ''}"
        f"{person(tie.person_id)}{_ROLES[tie.kind](member, person)}"
        "</InstitutionPerson>"
    )


def _person(named: Named, terms: Terms) -> str:
    shown = terms.show(named.person, named.user_id)
    protection = f' protected="{boolean(shown.protected)}"' if terms.package in _WITH_PROTECTION else ""
    alias_first_name, alias_family_name = shown.alias or ("", "")
    return (
        f"<Person{protection}>{element('c:FirstName', shown.first_name)}{element('c:FamilyName', shown.family_name)}"
        f"{element('c:UserId', shown.user_id)}{_cpr(shown.cpr)}{optional('c:EmailAddress', shown.email)}"
        f"{optional('c:BirthDate', shown.birth_date)}{optional('c:Gender', shown.gender)}"
        f"{optional('c:PhotoId', shown.photo_id)}{_address(shown.address)}{_phones(shown)}"
        f"{optional('AliasFirstName', alias_first_name)}{optional('AliasFamilyName', alias_family_name)}</Person>"
    )


def _cpr(number: str) -> str:
    if not number:
        return ""
    # Nobody has asked the CPR register whether the number is the person's.
    kind = "CPR_REPLACEMENT_ID" if is_replacement_cpr(number) else "CPR_UNVERIFIED"
    return element("c:CivilRegistrationNumber", number) + element("c:CivilRegistrationNumberType", kind)


def _address(held: Mapping[str, str]) -> str:
    parts = "".join([optional(f"c:{name}", held[name]) for name in _ADDRESS if name in held])
    return f"<c:Address>{parts}</c:Address>" if parts else ""


def _phones(shown: Shown) -> str:
    return "".join(
        [
            f'<c:{phone.kind} protected="{boolean(phone.protected)}">{escaped(phone.number)}</c:{phone.kind}>'
            for phone in shown.phones
        ]
    )


def _student(member: Member, person: _Writer) -> str:
    tie = member.tie
    assert tie.main_group is not None  # noqa: S101 - only such are read
    return (
        f"<Student>{element('c:Role', tie.roles[0])}{optional('c:StudentNumber', tie.student_number)}"
        f"{element('c:Level', tie.level)}{optional('c:Location', tie.location)}"
        f"{element('c:MainGroupId', tie.main_group)}{elements('b:GroupId', member.group_ids)}"
        f"{''.join([_contact(relation, person) for relation in member.contacts])}</Student>"
    )


def _contact(relation: Relation, person: _Writer) -> str:
    return (
        f'<ContactPerson relation="{escaped(relation.relation)}" childCustody="{boolean(relation.custody)}"'
        f' accessLevel="{relation.access_level}">{person(relation.contact_id)}</ContactPerson>'
    )


def _employee(member: Member, person: _Writer) -> str:
    tie = member.tie
    return (
        f"<c:Employee>{elements('c:Role', tie.roles)}{optional('c:ShortName', tie.short_name)}"
        f"{optional('c:Occupation', tie.occupation)}{optional('c:Location', tie.location)}"
        f"{elements('b:GroupId', member.group_ids)}</c:Employee>"
    )


def _extern(member: Member, person: _Writer) -> str:
    role = element("c:Role", member.tie.roles[0])
    return f"<c:Extern>{role}{elements('b:GroupId', member.group_ids)}</c:Extern>"


_ROLES = {
    MembershipKind.STUDENT.value: _student,
    MembershipKind.EMPLOYEE.value: _employee,
    MembershipKind.EXTERNAL.value: _extern,
}

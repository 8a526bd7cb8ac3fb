"""The rules of a row (D1.2 to D1.8): raw rows go in, good rows and issues come out. Pure.

What depends on the people already held (`CPR_UVENTET`, `DUBLET_CPR`) is decided in `reading.match`.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from ..models import GroupType, MembershipKind
from ..numbers import cpr_birth_date
from .codes import IssueCode
from .format import (
    CONTACT_ATTRIBUTES,
    CPR_TYPES,
    FEWEST_ROWS_FOR_A_SHARE,
    GENDERS,
    GROUP_TYPES,
    KINDS,
    KNOWN,
    LARGEST_BAD_SHARE,
    LEVELS,
    LONGEST,
    LONGEST_ADDRESS,
    LONGEST_PHONE,
    MOST_BAD_ROWS,
    RELATIONS,
)
from .hidden import is_hidden
from .rows import (
    ContactRow,
    GroupRow,
    Issue,
    PersonRow,
    RawContact,
    RawGroup,
    RawPerson,
    RawRow,
    Row,
    Tie,
)

# When these rules or what is stored change, this number does too, and every element is read again (see `snapshot`).
RULES_VERSION = 2

_PERSON, _ADDRESS, _GROUP = KNOWN["Person"], KNOWN["Address"], KNOWN["Group"]
# Controls, marks of direction and the like, private letters: what is not to be seen has no place in a text.
_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs"})
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
_DATE = re.compile(r"(\d{4}-\d\d-\d\d)(?:Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))?")  # xs:date


class Fault(Exception):
    """The row, contact person or group breaks a rule."""

    def __init__(self, code: IssueCode) -> None:
        super().__init__(code.value)
        self.code = code


def check_groups(raw: Iterable[RawGroup]) -> tuple[dict[str, GroupRow], list[Issue]]:
    """Return the good groups by id, and an issue for each other one. Of a doubled id the first counts."""
    groups: dict[str, GroupRow] = {}
    issues: list[Issue] = []
    seen: set[str] = set()
    for candidate in raw:
        group_id = candidate.texts.get("GroupId", "")
        try:
            if group_id in seen:
                raise Fault(IssueCode.SCHEMA)
            seen.add(group_id)
            groups[group_id] = _group(candidate)
        except Fault as fault:
            issues.append(Issue(candidate.line, "", fault.code))
    return groups, issues


def check_rows(raw: Iterable[RawRow], main_groups: Mapping[str, Any]) -> tuple[list[Row], list[Issue]]:
    """Return the good rows, and an issue for each other row and for each contact person left out.

    `raw` comes in the order of the file and is all of a local id's rows; `main_groups` has the delivered Hovedgrupper.
    """
    rows: list[Row] = []
    issues: list[Issue] = []
    seen: set[str] = set()
    for candidate in raw:
        try:
            if candidate.local_id and candidate.local_id in seen:
                raise Fault(IssueCode.DOUBLE_LOCAL_ID)
            seen.add(candidate.local_id)
            rows.append(_row(candidate, main_groups, issues))
        except Fault as fault:
            issues.append(Issue(candidate.line, shown_local_id(candidate.local_id), fault.code))
    return rows, issues


def is_too_bad(bad: int, rows: int) -> bool:
    """Whether so many rows cannot be loaded that it is not they that are wrong, but the delivery."""
    return bad > MOST_BAD_ROWS or (rows >= FEWEST_ROWS_FOR_A_SHARE and bad > rows * LARGEST_BAD_SHARE)


def shown_local_id(local_id: str) -> str:
    """Return a local id as an issue may show it: not where a system uses the CPR number for it."""
    if is_hidden(local_id):
        return ""
    return local_id.encode()[: LONGEST["LocalPersonId"]].decode(errors="ignore")


def _row(raw: RawRow, main_groups: Mapping[str, Any], issues: list[Issue]) -> Row:
    if not (raw.sound and raw.local_id and raw.person and raw.role_element):
        raise Fault(IssueCode.SCHEMA)
    known = KNOWN[raw.role_element]
    if not known.issuperset(raw.texts) or (raw.contacts and "ContactPerson" not in known):
        raise Fault(IssueCode.SCHEMA)
    _check_lengths({"LocalPersonId": raw.local_id})
    person = _person(raw.person)
    tie = _tie(raw, main_groups)
    contacts: list[ContactRow] = []
    seen = {person.cpr}
    for number, candidate in enumerate(raw.contacts, start=1):
        try:
            contacts.append(_contact(candidate, seen))
        except Fault as fault:
            issues.append(Issue(raw.line, shown_local_id(raw.local_id), fault.code, number))
    whole = len(contacts) == len(raw.contacts)
    return Row(raw.place, raw.line, raw.local_id, person, tie, tuple(contacts), whole)


def _person(raw: RawPerson) -> PersonRow:
    """Check a person. The order is that in which a school would want to hear of its faults."""
    texts = raw.texts
    protected = _boolean(raw.protected)
    gender, cpr_type = texts.get("Gender", ""), texts.get("CivilRegistrationNumberType", "")
    names = texts.get("FirstName", ""), texts.get("FamilyName", "")
    if not raw.sound or protected is None or not all(names) or not _PERSON.issuperset(texts):
        raise Fault(IssueCode.SCHEMA)
    if (gender and gender not in GENDERS) or (cpr_type and cpr_type not in CPR_TYPES):
        raise Fault(IssueCode.SCHEMA)
    _check_lengths(texts)
    cpr = texts.get("CivilRegistrationNumber")
    if not cpr:
        raise Fault(IssueCode.CPR_MISSING)
    born = cpr_birth_date(cpr)
    if born is None:
        raise Fault(IssueCode.CPR_INVALID)
    aliases = texts.get("AliasFirstName", ""), texts.get("AliasFamilyName", "")
    if protected and not all(aliases):
        raise Fault(IssueCode.ALIAS_MISSING)
    birth_date = _date(delivered) if (delivered := texts.get("BirthDate")) else born
    shown = aliases if protected else names
    private = _private(raw, names if protected else None)
    return PersonRow(cpr, *shown, protected, birth_date, gender, texts.get("EmailAddress", ""), private)


def _private(raw: RawPerson, registered: tuple[str, str] | None) -> dict[str, Any]:
    """Return what is kept encrypted: addresses, telephones, and the registered name of who is protected."""
    private: dict[str, Any] = {}
    if registered:
        private["name"] = list(registered)
    if not _ADDRESS.issuperset(raw.address):
        raise Fault(IssueCode.SCHEMA)
    if address := {name: text for name, text in raw.address.items() if text}:
        whole = "".join(address.values())
        _check_visible(whole)
        if len(whole.encode()) > LONGEST_ADDRESS:
            raise Fault(IssueCode.FIELD_TOO_LONG)
        private["address"] = address
    for name, (number, hidden) in raw.phones.items():
        _check_visible(number)
        if len(number.encode()) > LONGEST_PHONE:
            raise Fault(IssueCode.FIELD_TOO_LONG)
        if (protected := _boolean(hidden)) is None:
            raise Fault(IssueCode.SCHEMA)
        if number:
            private[name] = [number, protected]
    if photo := raw.texts.get("PhotoId"):
        private["photo"] = photo
    return private


def _tie(raw: RawRow, main_groups: Mapping[str, Any]) -> Tie:
    kind, known_roles = KINDS[raw.role_element]
    texts = raw.texts
    if not raw.roles or not known_roles.issuperset(raw.roles):
        raise Fault(IssueCode.ROLE_INVALID)
    if len(raw.roles) > 1 and kind != MembershipKind.EMPLOYEE:
        raise Fault(IssueCode.SCHEMA)
    level = main_group = ""
    if kind == MembershipKind.STUDENT:
        level, main_group = texts.get("Level", ""), texts.get("MainGroupId", "")
        if level not in LEVELS:
            raise Fault(IssueCode.LEVEL_INVALID)
        if main_group not in main_groups:
            raise Fault(IssueCode.MAIN_GROUP_UNKNOWN)
    _check_lengths(texts)
    _check_visible("".join(raw.group_ids))
    if any(len(group.encode()) > LONGEST["GroupId"] for group in raw.group_ids):
        raise Fault(IssueCode.FIELD_TOO_LONG)
    return Tie(
        kind,
        tuple(dict.fromkeys(raw.roles)),
        level,
        main_group,
        frozenset(raw.group_ids),
        texts.get("StudentNumber", "") if kind == MembershipKind.STUDENT else "",
        texts.get("ShortName", "") if kind == MembershipKind.EMPLOYEE else "",
        texts.get("Occupation", "") if kind == MembershipKind.EMPLOYEE else "",
        texts.get("Location", "") if kind != MembershipKind.EXTERNAL else "",
    )


def _contact(raw: RawContact, seen: set[str]) -> ContactRow:
    """Check a contact person. One who cannot be told from others (no CPR number) is left out, and the pupil loaded."""
    attributes = raw.attributes
    custody = _boolean(attributes.get("childCustody"))
    access_level = attributes.get("accessLevel", "")
    if raw.person is None or custody is None or attributes.get("relation") not in RELATIONS:
        raise Fault(IssueCode.SCHEMA)
    if not CONTACT_ATTRIBUTES.issuperset(attributes):
        raise Fault(IssueCode.SCHEMA)
    if not (access_level.isascii() and access_level.isdecimal() and len(access_level) <= 3):
        raise Fault(IssueCode.SCHEMA)
    person = _person(raw.person)
    if person.cpr in seen:
        raise Fault(IssueCode.DOUBLE_CPR)
    seen.add(person.cpr)
    return ContactRow(person, attributes["relation"], custody, int(access_level))


def _group(raw: RawGroup) -> GroupRow:
    texts = raw.texts
    kind = GROUP_TYPES.get(texts.get("GroupType", ""))
    group_id, level = texts.get("GroupId", ""), texts.get("GroupLevel", "")
    if not raw.sound or not group_id or kind is None or not _GROUP.issuperset(texts):
        raise Fault(IssueCode.SCHEMA)
    # D1.4: a level is required for and only for a Hovedgruppe.
    if (kind == GroupType.MAIN and level not in LEVELS) or (kind != GroupType.MAIN and level):
        raise Fault(IssueCode.LEVEL_INVALID)
    _check_lengths(texts)
    dates = [_date(texts[name]) if texts.get(name) else None for name in ("FromDate", "ToDate")]
    return GroupRow(group_id, texts.get("GroupName") or group_id, kind, level, texts.get("Line", ""), *dates)


def _check_lengths(texts: Mapping[str, str]) -> None:
    for name, text in texts.items():
        # A character takes four bytes at most, so that most texts need not be encoded to be counted.
        if not text.isprintable():
            _check_visible(text)
        if len(text) * 4 > (longest := LONGEST.get(name, 1 << 30)) and len(text.encode()) > longest:
            raise Fault(IssueCode.FIELD_TOO_LONG)


def is_visible(text: str) -> bool:
    """Whether nothing in `text` is hidden from the eye, or moves what stands round it."""
    # A letter that is newer than our table of letters is not printable, and no fault.
    return text.isprintable() or _UNSEEN.isdisjoint(map(unicodedata.category, text))


def _check_visible(text: str) -> None:
    if not is_visible(text):
        raise Fault(IssueCode.SCHEMA)


def _boolean(text: str | None) -> bool | None:
    """Return an `xs:boolean`, or None."""
    return None if text is None else _BOOLEANS.get(text.strip())


def _date(text: str) -> dt.date:
    found = _DATE.fullmatch(text)
    try:
        if found:
            return dt.date.fromisoformat(found[1])
    except ValueError:
        pass
    raise Fault(IssueCode.SCHEMA)

"""What the published schema says in words, in both languages: of the format, of each rule, of what it cannot see."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .codes import IssueCode
from .format import (
    FEWEST_ROWS_FOR_A_SHARE,
    ISSUES_OF_A_REFUSED,
    LARGEST_BAD_SHARE,
    LONGEST,
    LONGEST_ADDRESS,
    MOST_BAD_ROWS,
)

# What the sentences below take by name.
LIMITS = {
    "name": LONGEST["FirstName"],
    "address": LONGEST_ADDRESS,
    "rows": MOST_BAD_ROWS,
    "fewest": FEWEST_ROWS_FOR_A_SHARE,
    "share": int(LARGEST_BAD_SHARE * 100),
    "kept": ISSUES_OF_A_REFUSED,
}

ABOUT: tuple[Promise, ...] = (
    _(
        "A delivery holds everybody whom one system knows at one institution (UNILoginImport, version 7, in UTF-8)."
        " Whoever is missing from it loses the tie to the institution."
    ),
    _(
        "Elements stand in any order. An optional element that is empty counts as not delivered, and white space round"
        " a text does not count."
    ),
    _(
        "Lengths are bytes of UTF-8: æ, ø and å take two, other letters up to four. A schema counts characters, so that"
        " a name of %(name)s characters may pass here and still be too long."
    ),
    _(
        "A row (InstitutionPerson) that breaks a rule is left out and listed with its line, LocalPersonId and code; the"
        " person stays as last delivered. A contact person who breaks one is left out, and the pupil is loaded. A group"
        " that breaks one is left out."
    ),
    _(
        "The whole delivery is refused where something outside groups and rows breaks a rule, and where more than"
        " %(rows)s rows do, or of at least %(fewest)s rows more than %(share)s per cent. The first %(kept)s issues are"
        " then listed."
    ),
    _(
        "The schema cannot see the rules that are listed below under their codes, nor that schoolYear names two years"
        " that follow each other, and that the institution stands in one of the registers, is open and is not a"
        " Daginstitution."
    ),
    _(
        "The portal is kinder than the schema. It reads elements by their names in any namespace or none, takes every"
        " kind of space for a space, and passes over text between elements, attributes that the element does not have,"
        " and unknown elements outside Group and InstitutionPerson."
    ),
)

# The rules that the schema cannot see, by the code of a row that breaks one; other codes it sees always.
UNSEEN: dict[IssueCode, Promise] = {
    IssueCode.FIELD_TOO_LONG: _("Lengths are counted in bytes, and an address has %(address)s bytes at most in all."),
    IssueCode.CPR_INVALID: _("A CPR number begins with the day of birth; a replacement number has 60 added to it."),
    IssueCode.ALIAS_MISSING: _("A protected person has both alias names."),
    IssueCode.LEVEL_INVALID: _("A Hovedgruppe has a GroupLevel, and no other group has one."),
    IssueCode.MAIN_GROUP_UNKNOWN: _("The group in MainGroupId is a Hovedgruppe, and has no fault itself."),
    IssueCode.DOUBLE_CPR: _(
        "A CPR number stands in one Student, one Employee and one Extern at most, and once among a pupil and the"
        " pupil's contact persons."
    ),
    IssueCode.CPR_UNEXPECTED: _("A LocalPersonId has the same CPR number as in the last delivery."),
    IssueCode.SOURCE_TIME: _("sourceDateTime is newer than that of the last delivery loaded."),
}

BYTES = _("At most %(longest)s bytes of UTF-8.")

_NOT_STORED = _("For information only; not stored.")
_PHONE = _("A telephone number, and whether it is protected.")
_ALIAS = _("Required for a protected person, and then the only name ever shown.")

# By the name of the type, element or attribute (after @).
RULES: dict[str, Promise] = {
    "@sourceDateTime": _("The time of the extract, newer than that of the last delivery. Without a zone, Danish time."),
    "SourceDateTime": _("A date and time, as 2026-11-21T02:00:00."),
    "SchoolYear": _("Two years."),
    "GroupType": _("What kind of group it is. Only a Hovedgruppe can be a pupil's class."),
    "StudentRole": _("The role of a child or pupil."),
    "EmployeeRole": _("The role of an employee."),
    "ExternRole": _("The role of somebody else."),
    "Relation": _("Mother, father, an officially attached person, or another."),
    "AccessLevel": _("A whole number."),
    "Gender": _("M for male, K for female."),
    "@source": _("The name of the system. With the institution number it makes out the series of deliveries."),
    "@schoolYear": _("For example 2026-2027."),
    "@sourceVersion": _NOT_STORED,
    "InstitutionNumber": _("Six capitals or digits, as in the registers."),
    "InstitutionName": _NOT_STORED,
    "Group": _("A class or other group. Its GroupId stands once in the delivery."),
    "GroupKey": _("A group's code, unique in the institution, such as 4a."),
    "GroupId": _("A group that the person is in besides the main group. One that is not delivered is made, as Andet."),
    "GroupName": _("The name to show; without it, the GroupId."),
    "GroupLevel": _("Required for a Hovedgruppe, and only allowed there."),
    "Line": _("The track of a class, such as B."),
    "InstitutionPerson": _("A row: a person, and exactly one of Student, Employee and Extern."),
    "LocalPersonId": _("The person's key in the system: once in the delivery, and the same every night."),
    "Person": _("Name, CPR number and how to reach the person."),
    "@protected": _("Name and address protection, always of both. Alias names are then required."),
    "AliasFirstName": _ALIAS,
    "AliasFamilyName": _ALIAS,
    "CivilRegistrationNumber": _("A CPR number or replacement number: ten digits, no hyphen."),
    "CivilRegistrationNumberType": _NOT_STORED,
    "Date": _("A day; the time zone is not used."),
    "BirthDate": _("Without it, the day that the CPR number tells."),
    "PhotoId": _("The name of a photo file."),
    "Address": _("Road with number and floor, postal code and district, country, municipality."),
    "Phone": _PHONE,
    "Student": _("A child or pupil."),
    "Employee": _("An employee, with one role or more."),
    "Extern": _("Somebody who is neither pupil nor employee."),
    "Level": _("The level, 0 to 10. DT is day care, U1 to U4 youth education, VU adult education."),
    "MainGroupId": _("The class: the GroupId of a Hovedgruppe in this delivery."),
    "StudentNumber": _("The pupil's number in the system."),
    "ShortName": _("Initials."),
    "Occupation": _("The job title."),
    "Location": _("Department, building or room."),
    "ContactPerson": _("A parent or other contact person of the pupil."),
    "@relation": _("What the contact person is to the pupil."),
    "@childCustody": _("Whether the contact person has custody."),
    "@accessLevel": _("How much of the pupil's data the contact person may see: 0 nothing, 1 basic, 2 all."),
}

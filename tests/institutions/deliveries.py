"""Writing small deliveries by hand. Everybody is invented; all CPR numbers are replacement numbers (day + 60)."""

from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

NAMESPACE = "https://brugerdatabasen.stil.dk/bpi/wsaimport/7"
SCHOOL, OTHER_SCHOOL, DAY_CARE = "101001", "101003", "G18199"
SOURCE = "Test SIS"


def cpr(number: int) -> str:
    """Return the `number`-th replacement number, of somebody born in 2015; they are all different up to 336,000."""
    day, rest = number % 28, number // 28
    month, rest = rest % 12, rest // 12
    return f"{61 + day:02d}{1 + month:02d}155{rest:03d}"


def person(
    number: int | None = 1,
    first: str = "Anna",
    family: str = "Holm",
    *,
    protected: str = "false",
    alias: tuple[str, str] | None = None,
    street: str = "Skolevej 1",
    more: str = "",
    cpr_number: str | None = None,
) -> str:
    """Return a `Person`; with `number=None` and no `cpr_number` one without CPR number."""
    text = cpr_number if cpr_number is not None else cpr(number) if number is not None else None
    parts = [f"<FirstName>{escape(first)}</FirstName><FamilyName>{escape(family)}</FamilyName>"]
    if alias:
        parts.append(f"<AliasFirstName>{alias[0]}</AliasFirstName><AliasFamilyName>{alias[1]}</AliasFamilyName>")
    if text is not None:
        parts.append(f"<CivilRegistrationNumber>{text}</CivilRegistrationNumber>")
    address = f"<Address><StreetAddress>{escape(street)}</StreetAddress><PostalCode>8000</PostalCode></Address>"
    return f'<Person protected="{protected}">{"".join(parts)}{more}{address}</Person>'


def contact(person_xml: str, relation: str = "Mor", custody: str = "true", access: str = "2") -> str:
    return (
        f'<ContactPerson relation="{relation}" childCustody="{custody}" accessLevel="{access}">'
        f"{person_xml}</ContactPerson>"
    )


def pupil(
    local_id: str,
    person_xml: str,
    *contacts: str,
    level: str = "3",
    main: str = "3a",
    groups: Iterable[str] = (),
    role: str = "Elev",
) -> str:
    others = "".join(f"<GroupId>{group}</GroupId>" for group in groups)
    return (
        f"<InstitutionPerson><LocalPersonId>{local_id}</LocalPersonId>{person_xml}<Student><Role>{role}</Role>"
        f"<Level>{level}</Level><MainGroupId>{main}</MainGroupId>{others}{''.join(contacts)}</Student>"
        "</InstitutionPerson>"
    )


def employee(local_id: str, person_xml: str, *roles: str, groups: Iterable[str] = ()) -> str:
    held = "".join(f"<Role>{role}</Role>" for role in roles or ("Lærer",))
    places = "".join(f"<GroupId>{group}</GroupId>" for group in groups)
    return (
        f"<InstitutionPerson><LocalPersonId>{local_id}</LocalPersonId>{person_xml}<Employee>{held}"
        f"<ShortName>AB</ShortName>{places}</Employee></InstitutionPerson>"
    )


def extern(local_id: str, person_xml: str, role: str = "Praktikant") -> str:
    return (
        f"<InstitutionPerson><LocalPersonId>{local_id}</LocalPersonId>{person_xml}"
        f"<Extern><Role>{role}</Role></Extern></InstitutionPerson>"
    )


def group(group_id: str = "3a", kind: str = "Hovedgruppe", level: str = "3") -> str:
    of_level = f"<GroupLevel>{level}</GroupLevel>" if level else ""
    return f"<Group><GroupId>{group_id}</GroupId><GroupType>{kind}</GroupType>{of_level}</Group>"


def delivery(
    *rows: str,
    groups: Iterable[str] = (),
    night: int = 0,
    number: str = SCHOOL,
    source: str = SOURCE,
    year: str = "2026-2027",
) -> bytes:
    """Return a delivery, one element a line: the first person stands on line 4 + the number of groups."""
    groups = list(groups) or [group()]
    head = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<UNILoginImport xmlns="{NAMESPACE}"'
        f' sourceDateTime="2026-08-{10 + night:02d}T02:00:00" source={quoteattr(source)} schoolYear="{year}">\n'
        f"<Institution><InstitutionNumber>{number}</InstitutionNumber>\n"
    )
    return (head + "\n".join([*groups, *rows]) + "\n</Institution></UNILoginImport>\n").encode()

"""The Dagtilbudsregister's export (D5.2): three levels, one row each."""

import datetime as dt
from typing import NamedTuple

from ..models import InstitutionKind, InstitutionLevel
from .extract import Record
from .rows import Listed, RegisterIssueCode, RowFault, check, code_of, degrees, municipality_of

COLUMNS = (
    *("dagtilbudsType", "daginstitutionsNummer", "anvisningsenhedsNummer", "alternativAdresseNummer"),
    *("dagtilbudsNavn", "aktivitetsstatus", "ejerformKode", "instType3", "instType3_Tekst", "kommuneKode"),
    *("admKommuneKode", "vejNavn", "husNummer", "postNummer", "byNavn", "cvrNummer", "pNummer", "email"),
    *("telefonNummer", "geoBredde", "geoLaengde", "senestOpdateret"),
)


class _Level(NamedTuple):
    level: InstitutionLevel
    number: str  # the column of its own number
    parent: str  # and of the unit above


_LEVELS: dict[str, _Level] = {
    "daginstitution": _Level(InstitutionLevel.CLUSTER, "daginstitutionsNummer", ""),
    "anvisningsenhed": _Level(InstitutionLevel.UNIT, "anvisningsenhedsNummer", "daginstitutionsNummer"),
    "alternativadresse": _Level(InstitutionLevel.SITE, "alternativAdresseNummer", "anvisningsenhedsNummer"),
}
# aktivitetsstatus. Only these close a unit; one that is missing from an extract stays as it is.
_STATUSES = {"aktiv": True, "inaktiv": False, "nedlagt": False, "ophørt": False, "lukket": False}


def number_of(record: Record) -> str:
    level = _LEVELS.get(_plain(record["dagtilbudsType"]))
    return record[level.number].upper() if level else ""


def listed(record: Record) -> Listed:
    """Return the institution, unit or address of a row. Raises `RowFault`."""
    place = _LEVELS.get(_plain(record["dagtilbudsType"]))
    if place is None:
        raise RowFault(RegisterIssueCode.LEVEL_UNKNOWN)
    is_open = _STATUSES.get(record["aktivitetsstatus"].lower())
    if is_open is None:
        raise RowFault(RegisterIssueCode.STATUS_UNKNOWN)
    if place.parent and not record[place.parent]:
        raise RowFault(RegisterIssueCode.PARENT_UNKNOWN)
    return check(
        Listed(
            line=record.line,
            number=number_of(record),
            name=record["dagtilbudsNavn"],
            kind=InstitutionKind.DAY_CARE,
            level=place.level,
            parent=record[place.parent].upper() if place.parent else "",
            is_open=is_open,
            as_of=_day(record["senestOpdateret"]),
            type_code=record["instType3"],
            type_name=record["instType3_Tekst"],
            ownership=code_of(record["ejerformKode"]),
            municipality=municipality_of(record["admKommuneKode"]),
            location_municipality=municipality_of(record["kommuneKode"]),
            street=f"{record['vejNavn']} {record['husNummer']}".strip(),
            postal_code=record["postNummer"].zfill(4) if record["postNummer"] else "",
            city=record["byNavn"],
            phone=record["telefonNummer"],
            email=record["email"],
            website="",
            highest_level="",
            cvr=record["cvrNummer"],
            p_number=record["pNummer"],
            latitude=degrees(record["geoBredde"], 90),
            longitude=degrees(record["geoLaengde"], 180),
        )
    )


def _plain(text: str) -> str:
    """Return a level's name as the table has it: the export writes it with and without a space."""
    return "".join(text.lower().split()).replace("_", "")


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text[:10]) if text else None
    except ValueError:
        raise RowFault(RegisterIssueCode.DATE_INVALID) from None

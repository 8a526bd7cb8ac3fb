"""The Institutionsregister's extract (D5.3)."""

from ..models import InstitutionKind, InstitutionLevel
from .extract import Record
from .rows import Listed, check, code_of, degrees, municipality_of

COLUMNS = (
    *("HOVEDSKOLE_INST", "INST_NR", "INST_NAVN", "ENHEDSART", "INST_ADR", "POSTNR", "POSTDISTRIKT", "TLF_NR"),
    *("E_MAIL", "WEB_ADR", "INST_TYPE_NR", "INST_TYPE_NAVN", "UNDERV_NIV", "CVR_NR", "KOMMUNE_NR", "BEL_KOMMUNE"),
    *("EJER_KODE", "P_NR", "GEO_BREDDE_GRAD", "GEO_LAENGDE_GRAD"),
)


def number_of(record: Record) -> str:
    return record["INST_NR"].upper()


def listed(record: Record) -> Listed:
    """Return the school of a row. Raises `RowFault`. A school that names a main school is a department of it.

    The extract lists what is open and has no column for what is not, so that it never closes a school.
    """
    parent = record["HOVEDSKOLE_INST"].upper()
    if parent == number_of(record):
        parent = ""  # a main school may name itself
    return check(
        Listed(
            line=record.line,
            number=number_of(record),
            name=record["INST_NAVN"],
            kind=InstitutionKind.SCHOOL,
            level=InstitutionLevel.DEPARTMENT if parent else InstitutionLevel.SCHOOL,
            parent=parent,
            is_open=True,
            as_of=None,
            type_code=record["INST_TYPE_NR"],
            type_name=record["INST_TYPE_NAVN"],
            ownership=code_of(record["EJER_KODE"]),
            municipality=municipality_of(record["KOMMUNE_NR"]),
            location_municipality=municipality_of(record["BEL_KOMMUNE"]),
            street=record["INST_ADR"],
            postal_code=record["POSTNR"].zfill(4) if record["POSTNR"] else "",
            city=record["POSTDISTRIKT"],
            phone=record["TLF_NR"],
            email=record["E_MAIL"],
            website=record["WEB_ADR"],
            highest_level=record["UNDERV_NIV"],
            cvr=record["CVR_NR"],
            p_number=record["P_NR"],
            latitude=degrees(record["GEO_BREDDE_GRAD"], 90),
            longitude=degrees(record["GEO_LAENGDE_GRAD"], 180),
        )
    )

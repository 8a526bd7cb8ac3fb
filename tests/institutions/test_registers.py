"""The two registers' extracts (D5.2, D5.3): what is loaded, what is an issue, what is refused."""

import pytest

from accounts.models import AuditEvent
from institutions.models import Institution, InstitutionLevel, Municipality, Ownership, RegisterRun
from institutions.registers import daycare, schools

from .conftest import content, run_command

SCHOOL_ROW = {
    **dict.fromkeys(schools.COLUMNS, ""),
    **{"INST_NR": "101001", "INST_NAVN": "Ærøskolen", "ENHEDSART": "Institution uden enheder", "INST_ADR": "Åvej 1"},
    **{"POSTNR": "999", "POSTDISTRIKT": "København", "INST_TYPE_NR": "1012", "INST_TYPE_NAVN": "Folkeskoler"},
    **{"UNDERV_NIV": "9", "CVR_NR": "13748136", "KOMMUNE_NR": "101", "BEL_KOMMUNE": "0147", "EJER_KODE": "1"},
    **{"P_NR": "9003766444", "GEO_BREDDE_GRAD": "55,67291655", "GEO_LAENGDE_GRAD": "12.57573764"},
}
CLUSTER = {
    **dict.fromkeys(daycare.COLUMNS, ""),
    **{"dagtilbudsType": "daginstitution", "daginstitutionsNummer": "D10001", "dagtilbudsNavn": "Klyngen"},
    **{"aktivitetsstatus": "Aktiv", "ejerformKode": "2", "kommuneKode": "0101", "admKommuneKode": "0101"},
    **{"senestOpdateret": "2026-04-10"},
}
UNIT = CLUSTER | {
    **{"dagtilbudsType": "anvisningsenhed", "anvisningsenhedsNummer": "G10001", "dagtilbudsNavn": "Bien"},
    **{"instType3": "6012", "instType3_Tekst": "0-5 år", "vejNavn": "Engen", "husNummer": "2", "cvrNummer": "13748136"},
}
SITE = UNIT | {
    **{"dagtilbudsType": "Alternativ adresse", "alternativAdresseNummer": "G10002", "dagtilbudsNavn": "Biens udegruppe"}
}
REGISTER = {"institutionsregister": (SCHOOL_ROW, "utf-16"), "dagtilbudsregister": (CLUSTER, "utf-8-sig")}


def table(*rows: dict[str, str]) -> str:
    lines = [";".join(rows[0]), *(";".join(row.values()) for row in rows)]
    return "\n".join(lines) + "\n"


@pytest.fixture
def load(db, tmp_path):
    """Load rows, or a file's bytes, as an extract; return exit code, output and message."""

    def load(register: str, *rows: dict[str, str] | bytes) -> tuple[int, str, str]:
        file = tmp_path / "udtræk.csv"
        data = rows[0] if isinstance(rows[0], bytes) else table(*rows).encode(REGISTER[register][1])
        file.write_bytes(data)
        return run_command("import_register", register, str(file))

    return load


def test_a_school_is_loaded_with_all_that_is_listed(load):
    code, out, _ = load("institutionsregister", SCHOOL_ROW)
    school = Institution.objects.get()
    assert code == 0
    assert "1 rows, 1 created, 0 updated, 0 unchanged, 0 left out" in out
    assert (school.number, school.name, school.level) == ("101001", "Ærøskolen", InstitutionLevel.SCHOOL)
    assert (school.municipality_id, school.location_municipality_id) == ("0101", "0147")
    assert (school.postal_code, school.cvr, school.p_number) == ("0999", "13748136", "9003766444")
    assert (school.ownership, school.highest_level) == (Ownership.MUNICIPAL, "9")
    assert str(school.latitude) == "55.67291655"
    assert school.closed_on is None


def test_the_municipalities_come_with_a_register(load):
    load("institutionsregister", SCHOOL_ROW)
    assert Municipality.objects.count() == 98


def test_a_school_under_a_main_school_is_its_department(load):
    under = SCHOOL_ROW | {"INST_NR": "101002", "HOVEDSKOLE_INST": "101001"}
    main = SCHOOL_ROW | {"HOVEDSKOLE_INST": "101001"}  # may name itself
    load("institutionsregister", under, main)
    department = Institution.objects.get(number="101002")
    assert (department.level, department.parent.number) == (InstitutionLevel.DEPARTMENT, "101001")
    assert Institution.objects.get(number="101001").level == InstitutionLevel.SCHOOL


def test_the_three_levels_of_day_care_hang_together_in_any_order(load):
    load("dagtilbudsregister", SITE, UNIT, CLUSTER)
    site = Institution.objects.get(number="G10002")
    assert (site.level, site.parent.number, site.parent.parent.number) == (InstitutionLevel.SITE, "G10001", "D10001")
    assert site.parent.street == "Engen 2"
    assert site.parent.ownership == Ownership.SELF_OWNED


def test_the_same_extract_again_changes_nothing_and_is_noted(load):
    load("dagtilbudsregister", CLUSTER, UNIT)
    before = content(Institution)
    code, out, _ = load("dagtilbudsregister", CLUSTER, UNIT)
    assert (code, content(Institution)) == (0, before)
    assert "0 created, 0 updated, 2 unchanged" in out
    assert RegisterRun.objects.count() == AuditEvent.objects.filter(action="register.loaded").count() == 2


def test_what_changed_is_updated(load):
    load("dagtilbudsregister", CLUSTER, UNIT)
    _, out, _ = load("dagtilbudsregister", CLUSTER, UNIT | {"dagtilbudsNavn": "Humlebien", "ejerformKode": ""})
    assert "0 created, 1 updated, 1 unchanged" in out
    unit = Institution.objects.get(number="G10001")
    assert (unit.name, unit.ownership) == ("Humlebien", None)


def test_only_the_status_closes_a_unit(load):
    load("dagtilbudsregister", CLUSTER, UNIT)
    load("dagtilbudsregister", CLUSTER)
    assert Institution.objects.active().count() == 2
    load("dagtilbudsregister", CLUSTER, UNIT | {"aktivitetsstatus": "Nedlagt", "senestOpdateret": "2026-09-01"})
    assert str(Institution.objects.get(number="G10001").closed_on) == "2026-09-01"
    load("dagtilbudsregister", CLUSTER, UNIT | {"aktivitetsstatus": "Nedlagt", "senestOpdateret": "2026-10-01"})
    assert str(Institution.objects.get(number="G10001").closed_on) == "2026-09-01"
    load("dagtilbudsregister", CLUSTER, UNIT)
    assert Institution.objects.get(number="G10001").closed_on is None


BAD_SCHOOLS = {
    "no number": ({"INST_NR": ""}, "NUMMER_UGYLDIGT"),
    "a number of five": ({"INST_NR": "10100"}, "NUMMER_UGYLDIGT"),
    "no name": ({"INST_NAVN": " "}, "NAVN_MANGLER"),
    "a name too long": ({"INST_NAVN": "n" * 133}, "FELT_FOR_LANGT"),
    "a CVR number that fails": ({"CVR_NR": "13748137"}, "CVR_UGYLDIGT"),
    "a P-number of nine": ({"P_NR": "900376644"}, "P_UGYLDIGT"),
    "an unknown municipality": ({"KOMMUNE_NR": "0411"}, "KOMMUNE_UKENDT"),
    "an owner in words": ({"EJER_KODE": "kommunal"}, "KODE_UGYLDIG"),
    "a latitude beyond the pole": ({"GEO_BREDDE_GRAD": "91"}, "POSITION_UGYLDIG"),
    "a longitude in words": ({"GEO_LAENGDE_GRAD": "NaN"}, "POSITION_UGYLDIG"),
    "an unknown main school": ({"HOVEDSKOLE_INST": "999999"}, "OVERENHED_UKENDT"),
    "a number that stands earlier": ({"INST_NR": "101009"}, "NUMMER_DUBLET"),
}


@pytest.mark.parametrize(("change", "code"), BAD_SCHOOLS.values(), ids=BAD_SCHOOLS)
def test_a_bad_row_is_an_issue_with_its_line_and_the_rest_is_loaded(load, change, code):
    good = SCHOOL_ROW | {"INST_NR": "101009"}
    exit_code, out, _ = load("institutionsregister", good, SCHOOL_ROW | change)
    assert exit_code == 0
    assert f"line 3: {(SCHOOL_ROW | change)['INST_NR']} {code}" in out
    assert list(Institution.objects.values_list("number", flat=True)) == ["101009"]
    assert [(issue["line"], issue["code"]) for issue in RegisterRun.objects.get().issues] == [(3, code)]


BAD_UNITS = {
    "an unknown level": ({"dagtilbudsType": "legestue"}, "NIVEAU_UKENDT"),
    "an unknown status": ({"aktivitetsstatus": "Måske"}, "STATUS_UKENDT"),
    "nobody above": ({"daginstitutionsNummer": ""}, "OVERENHED_UKENDT"),
    "someone unknown above": ({"daginstitutionsNummer": "D99999"}, "OVERENHED_UKENDT"),
    "a date that is none": ({"senestOpdateret": "i går"}, "DATO_UGYLDIG"),
}


@pytest.mark.parametrize(("change", "code"), BAD_UNITS.values(), ids=BAD_UNITS)
def test_a_bad_unit_is_an_issue(load, change, code):
    assert load("dagtilbudsregister", CLUSTER, UNIT | change)[0] == 0
    assert [(issue["line"], issue["code"]) for issue in RegisterRun.objects.get().issues] == [(3, code)]


def test_a_bad_row_leaves_a_known_institution_as_it_was(load):
    load("institutionsregister", SCHOOL_ROW)
    load("institutionsregister", SCHOOL_ROW | {"CVR_NR": "13748137", "INST_NAVN": "Ny"})
    assert Institution.objects.get().name == "Ærøskolen"


def test_a_number_of_the_other_register_is_not_taken_over(load):
    load("institutionsregister", SCHOOL_ROW)
    load("dagtilbudsregister", CLUSTER | {"daginstitutionsNummer": "101001"})
    assert [issue["code"] for issue in RegisterRun.objects.first().issues] == ["NUMMER_DUBLET"]
    assert Institution.objects.get().name == "Ærøskolen"


def test_a_unit_is_moved_only_within_its_municipality(load):
    near = CLUSTER | {"daginstitutionsNummer": "D10002"}
    far = CLUSTER | {"daginstitutionsNummer": "D10003", "admKommuneKode": "0147"}
    load("dagtilbudsregister", CLUSTER, near, far, UNIT)
    load("dagtilbudsregister", UNIT | {"daginstitutionsNummer": "D10003"})
    assert [issue["code"] for issue in RegisterRun.objects.first().issues] == ["FLYTNING_UGYLDIG"]
    load("dagtilbudsregister", UNIT | {"daginstitutionsNummer": "D10002"})
    assert Institution.objects.get(number="G10001").parent.number == "D10002"


GOOD = table(SCHOOL_ROW, SCHOOL_ROW | {"INST_NR": "101002"})
BAD_FILES = {
    "empty": (b"", 1),
    "Latin-1": (GOOD.encode("latin-1"), 2),
    "UTF-16 without mark": (GOOD.encode("utf-16-le"), 1),
    "half a UTF-16 letter": (GOOD.encode("utf-16")[:-1], 3),
    "UTF-8 that turns Latin-1": (GOOD.encode() + "Å".encode("latin-1"), 4),
    "the other register": (table(CLUSTER).encode("utf-8-sig"), 1),
    "commas": (GOOD.replace(";", ",").encode("utf-16"), 1),
    "XML": (b"<?xml version='1.0'?>\n<x/>\n", 1),
    "a column twice": (GOOD.replace("INST_NR;", "INST_NR;INST_NR;", 1).encode("utf-16"), 1),
    "a row of too few columns": (GOOD.replace(";1012;", ";", 1).encode("utf-16"), 2),
    "cut in a row": (GOOD.encode("utf-16")[:-60], 3),
    "cut in the last cell": (GOOD.encode("utf-16")[:-8], 3),
    "a quote that does not end": (GOOD.replace("Ærøskolen", '"Ærøskolen', 1).encode("utf-16"), 3),
    "NUL in the middle": (GOOD.replace("Åvej", "\0vej").encode("utf-16"), 2),
}


@pytest.mark.parametrize(("data", "line"), BAD_FILES.values(), ids=BAD_FILES)
def test_a_bad_file_is_refused_with_file_and_line_and_nothing_is_written(load, data, line):
    code, _, message = load("institutionsregister", data)
    assert code == 1
    assert message.startswith(f"udtræk.csv, line {line}: ")
    assert not Institution.objects.exists()
    assert not Municipality.objects.exists()
    assert not RegisterRun.objects.exists()


def test_an_extract_cut_anywhere_changes_nothing(load):
    data = table(SCHOOL_ROW).encode("utf-16")
    for length in range(0, len(data) - 1, 11):
        if data[:length].decode("utf-16", errors="ignore").count("\n") == 1 and length % 2 == 0:
            continue  # cut between two rows: nothing in the file tells
        assert load("institutionsregister", data[:length])[0] == 1, length
    assert not Institution.objects.exists()


def test_a_file_larger_than_allowed_is_refused(load, settings):
    settings.IMPORT_MAX_BYTES = 100
    code, _, message = load("institutionsregister", SCHOOL_ROW)
    assert code == 1
    assert "larger" in message


def test_utf8_without_a_mark_is_read(load):
    assert load("institutionsregister", GOOD.encode())[0] == 0
    assert Institution.objects.filter(name="Ærøskolen").count() == 2


def test_wrong_use_has_its_own_exit_code(db):
    assert run_command("import_register", "institutionsregister", "nowhere.csv")[0] == 2

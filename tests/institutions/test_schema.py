"""The published schema: valid itself, and of one mind with the validator, as far as a schema can see."""

import copy
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from institutions.importing.codes import IssueCode
from institutions.importing.format import CHILDREN, KINDS
from institutions.importing.report import RunReport
from institutions.importing.schema import xsd
from institutions.importing.schema_words import RULES, UNSEEN

from .conftest import load_bytes
from .deliveries import NAMESPACE, SCHOOL, contact, delivery, employee, extern, group, person, pupil
from .nation import write_night
from .test_row_rules import BAD_CONTACTS, BAD_GROUPS, BAD_ROWS

XS = "{http://www.w3.org/2001/XMLSchema}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
SCHEMA = etree.XMLSchema(etree.fromstring(xsd()))


def faulty_lines(data: bytes) -> set[int]:
    """Return the lines on which the schema finds something wrong."""
    SCHEMA.validate(etree.fromstring(data))
    return {error.line for error in SCHEMA.error_log}


def assert_of_one_mind(data: bytes, report: RunReport) -> None:
    """What the schema finds is an issue, and every issue but those it cannot see it finds."""
    faulty = faulty_lines(data)
    assert faulty <= {issue.line for issue in report.issues}
    # Of levels it sees those of pupils; whether a group needs one it does not see.
    levels = {issue.line for issue in report.issues if issue.code == IssueCode.LEVEL_INVALID and issue.local_id}
    assert levels | {issue.line for issue in report.issues if issue.code not in UNSEEN} <= faulty


# The document


def test_suppliers_may_fetch_the_schema_and_keep_it(client: Client):
    url = reverse("import_api:schema")
    assert url == "/api/import/v7/schema.xsd"
    first = client.get(url)
    assert first.status_code == 200
    assert first.headers["Content-Type"].startswith("application/xml")
    assert "max-age=3600" in first.headers["Cache-Control"]
    assert "public" in first.headers["Cache-Control"]
    assert etree.XMLSchema(etree.fromstring(first.content))
    again = client.get(url, headers={"if-none-match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_every_rule_is_told_in_danish_and_english():
    told = {"da": [], "en": []}
    for words in etree.fromstring(xsd()).iter(f"{XS}documentation"):
        told[words.get(LANG)].append(words.text)
    assert len(told["da"]) == len(told["en"]) >= len(RULES)
    assert all(told["da"] + told["en"])
    assert set(told["da"]).isdisjoint(told["en"])
    assert set(map(str, RULES.values())) <= {*told["da"], *told["en"]}


def test_the_schema_tells_what_it_cannot_see():
    sources = {words.get("source") for words in etree.fromstring(xsd()).iter(f"{XS}documentation")}
    assert sources == {None, *UNSEEN}


# The sample data


@pytest.mark.parametrize("night", ["night0", "night1"])
def test_ordinary_nights_follow_the_schema(shared, night):
    for file in sorted((shared / "import" / night).glob("*.xml")):
        assert faulty_lines(file.read_bytes()) == set(), file.name


@pytest.mark.parametrize(
    ("only", "night"),
    [("", 0), ("101089,G18062", 4), ("101152,121001,G11094", 0), ("101005,101137,G18185,G18199", 9)],
    ids=["as delivered", "night 4", "others", "night 9"],
)
def test_schema_and_validator_agree_on_messy_nights(registers, tmp_path, only, night):
    folder = write_night(registers, tmp_path, only, night=night, messy=True) if only else registers / "import" / "messy"
    files = sorted(folder.glob("*.xml"))
    assert files
    for file in files:
        assert_of_one_mind(file.read_bytes(), load_bytes(file.read_bytes(), dry_run=True))


# The outside of a delivery

OUTSIDES = {
    "as it should be": ("", "", True),
    "a time with parts of a second": ("T02:00:00", "T02:00:00.123456789", True),
    "a time with a zone": ("T02:00:00", "T02:00:00+02:00", True),
    "a version": (" schoolYear", ' sourceVersion="7.4" schoolYear', True),
    "a name": ("</InstitutionNumber>", "</InstitutionNumber><InstitutionName>Ådalen</InstitutionName>", True),
    "no people": ("", "", True),
    "a day for a time": ("T02:00:00", "", False),
    "a time that is none": ("T02:00:00", "T25:00:00", False),
    "midnight as the end of a day": ("T02:00:00", "T24:00:00", False),
    "a day that is none": ("2026-08-10T", "2026-02-30T", False),
    "no source": (' source="Test SIS"', "", False),
    "an empty source": ('"Test SIS"', '" "', False),
    "a source too long": ("Test SIS", "s" * 101, False),
    "a source with a mark of direction": ("Test SIS", "Test\u202eSIS", False),
    "a school year of one year": ("2026-2027", "2026", False),
    "an institution number of five": (SCHOOL, "10100", False),
    "small letters in the institution number": (SCHOOL, "g18199", False),
    "no institution number": (f"<InstitutionNumber>{SCHOOL}</InstitutionNumber>", "", False),
    "two institution numbers": ("<Group>", f"<InstitutionNumber>{SCHOOL}</InstitutionNumber><Group>", False),
    "two institutions": ("</Institution>", "</Institution><Institution/>", False),
    "another root": ("UNILoginImport", "UNILoginExport", False),
    "a person outside the institution": ("</UNILoginImport>", "<InstitutionPerson/></UNILoginImport>", False),
}


@pytest.mark.parametrize(("old", "new", "is_good"), OUTSIDES.values(), ids=OUTSIDES)
def test_schema_and_validator_agree_on_the_outside(institutions, old, new, is_good):
    data = delivery(pupil("e1", person(1))).decode().replace(old, new).encode()
    report = load_bytes(data, dry_run=True)
    assert (faulty_lines(data) == set(), report.is_done) == (is_good, is_good)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (f' xmlns="{NAMESPACE}"', ""),
        (NAMESPACE, "https://unilogin.dk"),
        ("<Student>", "<Student>elev"),
        ("<Group>", '<Group since="2026">'),
        ("<Institution>", "<Institution><Leader/>"),
    ],
    ids=["no namespace", "another namespace", "text between", "an attribute where there is none", "an unknown element"],
)
def test_the_portal_is_kinder_than_the_schema(institutions, old, new):
    data = delivery(pupil("e1", person(1))).decode().replace(old, new, 1).encode()
    assert faulty_lines(data)
    assert load_bytes(data, dry_run=True).issues == ()


# Every bad row, contact person and group that the validator is tried with

BAD = {
    **{name: ([row], []) for name, (row, _, _) in BAD_ROWS.items()},
    **{f"a contact person: {name}": ([pupil("e1", person(1), bad)], []) for name, (bad, _) in BAD_CONTACTS.items()},
    **{f"a group: {name}": ([], [bad]) for name, (bad, _) in BAD_GROUPS.items()},
}


@pytest.mark.parametrize(("rows", "groups"), BAD.values(), ids=BAD)
def test_schema_and_validator_agree_on_each_rule(institutions, rows, groups):
    data = delivery(pupil("god", person(99)), *rows, groups=[group(), group("Skak", "Hold", ""), *groups])
    assert_of_one_mind(data, load_bytes(data, dry_run=True))


# Small deliveries, spoilt here and there

PHONE = '<MobilePhoneNumber protected="true">21222324</MobilePhoneNumber>'
ROWS = [
    group("3a"),
    group("Skak", "Hold", ""),
    pupil("e1", person(1, more=PHONE), contact(person(2)), contact(person(3), "Far", "false", "0"), groups=["Skak"]),
    pupil("e2", person(4, protected="true", alias=("Sol", "Strand")), contact(person(2))),
    employee("m1", person(5, more="<BirthDate>1980-02-29</BirthDate><Gender>K</Gender>"), "Leder", "Lærer"),
    extern("x1", person(6)),
]
HOLDERS = {*CHILDREN, *KINDS, "InstitutionPerson"}
TEXTS = ["", " ", "x", "3", "3a", "12", "Elev", "Hold", "2015-02-30", "2015-12-24Z", "æ" * 65, "9" * 130]
TEXTS += ["9999999999", "  e1 ", "Lærer", "\u202ea", "K", "𐌰" * 33]
ATTRIBUTES = ["", "måske", " true ", "1", "Mor", "Onkel", "7", "1000", "-1"]
Spoiling = Callable[[etree._Element, etree._Element, str, str], None]


def simple(element: etree._Element) -> bool:
    return etree.QName(element).localname not in HOLDERS


def drop(element: etree._Element, other: etree._Element, text: str, value: str) -> None:
    element.getparent().remove(element)


def double(element: etree._Element, other: etree._Element, text: str, value: str) -> None:
    element.addnext(copy.deepcopy(element))


def turn_round(element: etree._Element, other: etree._Element, text: str, value: str) -> None:
    element[:] = list(element)[::-1]


def rename(element: etree._Element, other: etree._Element, text: str, value: str) -> None:
    if etree.QName(element).localname not in {"Group", "InstitutionPerson"}:
        element.tag = f"{{{NAMESPACE}}}Kaldenavn"


def add_unknown(element: etree._Element, other: etree._Element, text: str, value: str) -> None:
    etree.SubElement(element, f"{{{NAMESPACE}}}Kaldenavn")


def write(element: etree._Element, other: etree._Element, text: str, value: str) -> None:
    if simple(element):
        element.text = text


def set_attribute(element: etree._Element, other: etree._Element, text: str, value: str) -> None:
    for name in list(element.keys())[:1]:
        element.set(name, value)


def drop_attribute(element: etree._Element, other: etree._Element, text: str, value: str) -> None:
    for name in list(element.keys())[-1:]:
        del element.attrib[name]


def misspell_attribute(element: etree._Element, other: etree._Element, text: str, value: str) -> None:
    if element.keys():
        element.set("portected", "true")


def move(element: etree._Element, other: etree._Element, text: str, value: str) -> None:
    if simple(element) and not simple(other):
        other.append(element)


SPOILINGS: list[Spoiling] = [
    *(drop, double, turn_round, rename, add_unknown, write, write, set_attribute, drop_attribute),
    *(misspell_attribute, move),
]
CHOICES = st.tuples(
    st.sampled_from(SPOILINGS),
    st.floats(0, 1, exclude_max=True),
    st.floats(0, 1, exclude_max=True),
    st.sampled_from(TEXTS),
    st.sampled_from(ATTRIBUTES),
)


def spoilt(spoilings: list[tuple[Spoiling, float, float, str, str]]) -> bytes:
    """Return a good delivery, spoilt in these ways at these places; each row stays on a line of its own."""
    root = etree.fromstring(delivery(*ROWS, groups=[""]).replace(b"\n\n", b"\n"))
    institution = root[0]
    for spoiling, place, other, text, value in spoilings:
        elements = [element for row in institution[1:] for element in row.iter()]
        if elements:
            spoiling(elements[int(place * len(elements))], elements[int(other * len(elements))], text, value)
    for row in institution:
        row.tail = "\n"
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def has_doubled_ids(data: bytes) -> bool:
    """Whether a row or group has two ids: which of them its double would have to avoid nobody can say."""
    holders = [("InstitutionPerson", "LocalPersonId"), ("Group", "GroupId")]
    return any(
        len(row.findall(f"{{*}}{name}")) > 1
        for holder, name in holders
        for row in etree.fromstring(data).iter(f"{{*}}{holder}")
    )


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(spoilings=st.lists(CHOICES, min_size=1, max_size=4))
def test_schema_and_validator_agree_on_whatever_is_spoilt(institutions, spoilings):
    data = spoilt(spoilings)
    if not has_doubled_ids(data):
        report = load_bytes(data, dry_run=True)
        assert report.is_done, report.message
        assert_of_one_mind(data, report)


def test_what_the_property_begins_with_is_good(institutions):
    data = spoilt([])
    assert faulty_lines(data) == set()
    assert load_bytes(data, dry_run=True).issues == ()


@pytest.mark.parametrize("code", sorted(set(IssueCode) - set(UNSEEN)))
def test_each_code_that_the_schema_sees_is_tried(code, institutions):
    rows = {
        "SKEMA": pupil("e9", person(9, more="<Kaldenavn/>")),
        "CPR_MANGLER": pupil("e9", person(None)),
        "ROLLE_UGYLDIG": employee("e9", person(9), "Rektor"),
        "DUBLET_LOCALPERSONID": pupil("e1", person(9)),
    }
    data = delivery(pupil("e1", person(1)), rows[code])
    report = load_bytes(data, dry_run=True)
    assert [issue.code for issue in report.issues] == [code]
    assert_of_one_mind(data, report)

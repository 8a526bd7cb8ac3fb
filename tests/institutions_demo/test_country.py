"""The demo country before it is loaded: who lives there, and that its deliveries follow the format (D1.2 to D1.8)."""

import csv
import datetime as dt
from collections import defaultdict
from zoneinfo import ZoneInfo

import pytest
from lxml import etree

from institutions.demo import cast
from institutions.demo.cpr import WEIGHTS, Issuer
from institutions.demo.deliveries import NAMESPACE, delivery
from institutions.demo.inhabitants import Employee, Extern, Student
from institutions.demo.people import country
from institutions.demo.places import DAY_CARE_REGISTER, INSTITUTION_REGISTER, SHAPES, places
from institutions.demo.years import BASE_YEAR, school_year, school_year_name

AT = dt.datetime(2026, 11, 21, 1, 0, tzinfo=ZoneInfo("Europe/Copenhagen"))
ALL_LEVELS = {"DT", *map(str, range(11))}
UNIMPORTED = (cast.NADIA, cast.SUNE, cast.PETER)


@pytest.fixture(scope="module")
def institutions():
    return country()


@pytest.fixture(scope="module")
def ties(institutions):
    """Every tie with its institution's number."""
    return [(each.place.number, tie) for each in institutions for tie in each.ties]


@pytest.fixture(scope="module")
def mentions(ties):
    """Every mention of a person: whoever has a tie, and every contact person."""
    found = [tie.person for _, tie in ties]
    for _, tie in ties:
        found += [contact.person for contact in getattr(tie.part, "contacts", ())]
    return found


@pytest.fixture(scope="module")
def parsed(institutions):
    return {each.place.number: etree.fromstring(delivery(each, night=2, at=AT, year=2026)) for each in institutions}


def text(element, name):
    return element.findtext(f"n:{name}", "", {"n": NAMESPACE})


def test_the_country_is_the_same_every_time(institutions):
    country.cache_clear()
    again = country()
    assert again is not institutions
    assert [delivery(a, night=1, at=AT, year=2026) for a in institutions] == [
        delivery(b, night=1, at=AT, year=2026) for b in again
    ]


def test_it_is_large_enough_to_be_real_and_small_enough_to_load_in_seconds(mentions):
    assert 1200 <= len({person.cpr for person in mentions}) <= 2500


def test_there_are_pupils_at_every_level_and_children_in_day_care(ties):
    assert {tie.part.level for _, tie in ties if isinstance(tie.part, Student)} == ALL_LEVELS


def test_every_role_of_an_employee_and_of_an_external_is_met(ties):
    roles = {role for _, tie in ties if isinstance(tie.part, Employee) for role in tie.part.roles}
    assert roles == {"Lærer", "Pædagog", "Vikar", "Leder", "Ledelse", "TAP", "Konsulent"}
    assert {tie.part.role for _, tie in ties if isinstance(tie.part, Extern)} == {"Praktikant", "Ekstern"}


def test_every_cpr_number_is_a_replacement_number_that_says_sex_and_day_and_passes_modulus_11(mentions):
    for person in [*mentions, *UNIMPORTED]:
        number, born = person.cpr, person.birthday.date(BASE_YEAR)
        assert number[:6] == f"{born.day + 60:02d}{born.month:02d}{born.year % 100:02d}"
        assert int(number[9]) % 2 == (0 if person.female else 1)
        assert sum(int(digit) * weight for digit, weight in zip(number, WEIGHTS, strict=True)) % 11 == 0
        assert number[6] in ("0123" if born.year < 2000 else "456789")


def test_a_series_that_is_used_up_is_an_error_and_not_a_double():
    issuer = Issuer(set())
    issued = []

    def use_up():
        while True:
            issued.append(issuer.issue(dt.date(1980, 1, 1), female=True, start=0))

    with pytest.raises(ValueError, match="used up"):
        use_up()
    assert len(issued) == len(set(issued)) > 100


def test_a_person_is_stated_alike_wherever_mentioned_in_a_night(ties):
    for night in (1, 2):
        stated = defaultdict(set)
        for _, tie in ties:
            if night in tie.nights:
                stated[tie.person.cpr].add(tie.person)
                for contact in getattr(tie.part, "contacts", ()):
                    stated[contact.person.cpr].add(contact.person)
        assert [people for people in stated.values() if len(people) > 1] == []


def test_who_is_protected_has_a_whole_alias(mentions):
    protected = {person for person in mentions if person.alias}
    assert len(protected) >= 6
    for person in protected:
        assert all(person.alias)
        assert set(person.alias).isdisjoint(f"{person.first_name} {person.family_name}".split())
    assert {person.birthday.age < 18 for person in protected} == {True, False}


def test_every_main_group_is_delivered_as_one_and_every_other_group_is_delivered(institutions):
    for each in institutions:
        known = {group.group_id: group for group in each.groups}
        for tie in each.ties:
            assert set(tie.part.groups) <= known.keys()
            if isinstance(tie.part, Student):
                group = known[tie.part.main_group]
                assert (group.type, group.level) == ("Hovedgruppe", tie.part.level)
        assert all(bool(group.level) == (group.type == "Hovedgruppe") for group in each.groups)


def test_every_class_and_room_has_an_employee(institutions):
    for each in institutions:
        looked_after = {group for tie in each.ties if isinstance(tie.part, Employee) for group in tie.part.groups}
        assert {group.group_id for group in each.groups if group.type == "Hovedgruppe"} <= looked_after


def test_local_ids_are_given_once_a_night(institutions):
    for each in institutions:
        for night in (1, 2):
            local_ids = [tie.local_id for tie in each.ties if night in tie.nights]
            assert len(local_ids) == len(set(local_ids))


def test_every_institution_has_one_leader(institutions):
    for each in institutions:
        leaders = [tie for tie in each.ties if isinstance(tie.part, Employee) and "Leder" in tie.part.roles]
        assert len(leaders) == 1


def test_families_are_as_in_life(ties):
    """Siblings in a school and a day care, parents without custody, parents who teach, staff in two institutions."""
    children, works, custody = defaultdict(set), defaultdict(set), defaultdict(set)
    for number, tie in ties:
        if isinstance(tie.part, Employee):
            works[tie.person.cpr].add(number)
        for contact in getattr(tie.part, "contacts", ()):
            children[contact.person.cpr].add((tie.person.cpr, number[0] == "G"))
            custody[contact.custody].add(contact.person.cpr)
    across = [cpr for cpr, found in children.items() if {in_day_care for _, in_day_care in found} == {True, False}]
    assert len(across) >= 50
    assert len(custody[False]) >= 5
    assert len(works.keys() & children.keys()) >= 10
    assert [numbers for numbers in works.values() if len(numbers) == 2]


def test_every_child_has_somebody_with_custody(ties):
    assert all(
        any(contact.custody for contact in tie.part.contacts) for _, tie in ties if isinstance(tie.part, Student)
    )


@pytest.mark.parametrize(
    "today", [dt.date(2026, 8, 1), dt.date(2027, 7, 31), dt.date(2031, 2, 28), dt.date(2040, 12, 31)]
)
def test_the_country_never_ages(today):
    def age(member):
        born = member.birth_date(today)
        return today.year - born.year - ((today.month, today.day) < (born.month, born.day))

    assert (age(cast.ESTHER), age(cast.SOFIE), age(cast.EMIL), age(cast.VIGGO)) == (8, 15, 11, 4)
    assert 38 <= age(cast.METTE) <= 39


@pytest.mark.parametrize(
    ("today", "year"), [(dt.date(2026, 7, 31), 2025), (dt.date(2026, 8, 1), 2026), (dt.date(2027, 1, 1), 2026)]
)
def test_the_school_year_begins_on_the_first_of_august(today, year):
    assert school_year(today) == year
    assert school_year_name(year) == f"{year}-{year + 1}"


def test_the_cast_is_where_it_says_and_the_strangers_are_nowhere(ties, mentions):
    by_cpr = {person.cpr: person for person in mentions}
    for member in cast.CAST:
        if member in UNIMPORTED:
            assert member.cpr not in by_cpr
        else:
            assert (by_cpr[member.cpr].first_name, by_cpr[member.cpr].alias) == (member.first_name, member.alias)
    nights = {tie.nights for _, tie in ties if tie.person.cpr == cast.IDA.cpr}
    assert nights == {frozenset({1})}


def test_nobody_without_mitid_is_offered_by_mitid():
    assert {member.first_name for member in cast.CAST} - {member.first_name for member in cast.MITID} == {
        "Esther",
        "Viggo",
        "Emil",
        "Otto",
    }


def test_a_delivery_says_whose_it_is_and_when(parsed):
    for place in places():
        root = parsed[place.number]
        assert root.tag == f"{{{NAMESPACE}}}UNILoginImport"
        assert dict(root.attrib) == {
            "sourceDateTime": "2026-11-21T01:00:00",
            "source": place.source,
            "schoolYear": "2026-2027",
            "sourceVersion": "1.0",
        }
        (institution,) = root
        assert text(institution, "InstitutionNumber") == place.number


def test_every_person_of_a_delivery_is_whole(parsed):
    for root in parsed.values():
        for element in root.iter(f"{{{NAMESPACE}}}InstitutionPerson"):
            assert text(element, "LocalPersonId")
            assert (
                len([child for child in element if etree.QName(child).localname in ("Student", "Employee", "Extern")])
                == 1
            )
        for person in root.iter(f"{{{NAMESPACE}}}Person"):
            hidden = person.get("protected") == "true"
            assert bool(text(person, "AliasFirstName") and text(person, "AliasFamilyName")) == hidden
            assert text(person, "CivilRegistrationNumberType") == "CPR_REPLACEMENT_ID"
            assert text(person, "Gender") in {"M", "K"}
            for name in ("FirstName", "FamilyName", "AliasFirstName", "AliasFamilyName"):
                assert len(text(person, name).encode()) <= 128
        for contact in root.iter(f"{{{NAMESPACE}}}ContactPerson"):
            assert contact.get("relation") in {"Mor", "Far", "Andet", "Officielt tilknyttet person"}
            assert contact.get("childCustody") in {"true", "false"}
            assert contact.get("accessLevel") in {"0", "1", "2"}


def test_the_second_night_differs_as_a_school_does(institutions):
    school = next(each for each in institutions if each.place.number == "265015")
    nights = [{tie.local_id: (tie.person, tie.part) for tie in school.ties if night in tie.nights} for night in (1, 2)]
    first, second = nights
    assert len(first.keys() - second.keys()) == 2  # Ida and a pupil
    assert len(second.keys() - first.keys()) == 1
    changed = [key for key in first.keys() & second.keys() if first[key] != second[key]]
    assert len(changed) == 2


def test_the_registers_hold_every_institution_with_people_and_the_units_their_institutions():
    with INSTITUTION_REGISTER.open(encoding="utf-8-sig") as file:
        schools = {row["INST_NR"] for row in csv.DictReader(file, delimiter=";")}
    with DAY_CARE_REGISTER.open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    units = {row["anvisningsenhedsNummer"]: row for row in rows if row["dagtilbudsType"] == "anvisningsenhed"}
    owners = {row["daginstitutionsNummer"] for row in rows if row["dagtilbudsType"] == "daginstitution"}
    assert schools | units.keys() >= SHAPES.keys()
    assert {unit["daginstitutionsNummer"] for unit in units.values()} == owners
    assert {unit["ejerformKode_Tekst"] for unit in units.values()} == {"Kommunal", "Selvejende", "Privat"}
    assert INSTITUTION_REGISTER.read_bytes().startswith(b"\xef\xbb\xbf")

"""The sample data beside the repository: real registers, a night, the night after, and a messy one."""

import json
import logging
import re
from collections import Counter
from pathlib import Path

import pytest
from django.apps import apps
from lxml import etree

from accounts.models import AuditEvent, ContactRelation, Person, User
from institutions.models import (
    ImportIssue,
    ImportRun,
    Institution,
    InstitutionLevel,
    Membership,
    Municipality,
    RegisterRun,
)

from .conftest import content, run_command
from .deliveries import NAMESPACE
from .nation import Expected, expected_issues, write_night

KEYS = {"deliveries", "persons", "created", "updated", "unchanged", "ended", "rejected", "contacts", "seconds"}
KEYS |= {"peak_rss_mb", "runs", "awaiting_approval"}


def named(element: str) -> str:
    return f"{{{NAMESPACE}}}{element}"


def imported(folder: Path, *options: str) -> tuple[int, dict]:
    code, out, _ = run_command("import_users", str(folder), "--json", *options)
    return code, json.loads(out)


def told(folder: Path) -> tuple[dict[str, dict[str, bytes]], dict[str, dict[str, bytes]]]:
    """Read a night plainly: by institution, each person's element by local id and each contact's by CPR number."""
    people: dict[str, dict[str, bytes]] = {}
    contacts: dict[str, dict[str, bytes]] = {}
    for file in folder.glob("*.xml"):
        root = etree.parse(file).getroot()
        number = root.findtext(f"*/{named('InstitutionNumber')}")
        contacts[number] = {
            one.findtext(f".//{named('CivilRegistrationNumber')}"): etree.tostring(one, with_tail=False)
            for one in root.iter(named("ContactPerson"))
        }
        etree.strip_elements(root, named("ContactPerson"))
        people[number] = {
            row.findtext(named("LocalPersonId")): etree.tostring(row, with_tail=False)
            for row in root.iter(named("InstitutionPerson"))
        }
    return people, contacts


def counted(before: dict[str, dict[str, bytes]], after: dict[str, dict[str, bytes]]) -> Counter:
    counts: Counter = Counter()
    for number, now in after.items():
        then = before.get(number, {})
        counts["created"] += len(now.keys() - then.keys())
        counts["ended"] += len(then.keys() - now.keys())
        same = sum(now[key] == then[key] for key in now.keys() & then.keys())
        counts["unchanged"] += same
        counts["updated"] += len(now.keys() & then.keys()) - same
    return counts


def test_both_registers_load_whole_and_a_second_time_change_nothing(registers):
    assert Municipality.objects.count() == 98
    levels = Counter(Institution.objects.values_list("level", flat=True))
    assert levels == {InstitutionLevel.SCHOOL: 691, InstitutionLevel.CLUSTER: 1670, InstitutionLevel.UNIT: 1670}
    assert all(run.issues == [] for run in RegisterRun.objects.all())
    unit = Institution.objects.get(number="G18185")
    assert (unit.name, unit.parent.number, unit.municipality.name) == (
        "Træstubben Natur-Eksperimenter",
        "D18185",
        "Billund",
    )
    assert Institution.objects.filter(municipality=None).count() == 1  # on Christiansø
    before = content(Institution, Municipality)
    for register in ("institutionsregister", "dagtilbudsregister"):
        code, out, _ = run_command("import_register", register, str(registers / "register" / f"{register}.csv"))
        assert code == 0
        assert " 0 created, 0 updated" in out
    assert content(Institution, Municipality) == before


def test_three_nights_come_to_what_a_plain_script_counts(registers, tmp_path):
    nights = [registers / "import" / name for name in ("night0", "night1")]
    same_institutions = ",".join(file.stem for file in nights[0].glob("*.xml"))
    nights.append(write_night(registers, tmp_path, same_institutions, night=2))
    people_before: dict = {}
    contacts_before: dict = {}
    for night in nights:
        code, result = imported(night)
        people, contacts = told(night)
        wanted, wanted_contacts = counted(people_before, people), counted(contacts_before, contacts)
        assert code == 0
        assert result.keys() == KEYS
        assert result["deliveries"] == len(people) == 12
        assert result["persons"] == sum(map(len, people.values()))
        assert {key: result[key] for key in wanted} == wanted
        assert result["contacts"] == {key: wanted_contacts[key] for key in result["contacts"]}
        assert result["rejected"] == result["awaiting_approval"] == 0
        assert {run["state"] for run in result["runs"]} == {"loaded"}
        people_before, contacts_before = people, contacts
    assert Membership.objects.current().count() == sum(map(len, people_before.values()))
    assert User.objects.count() == Person.objects.count()
    before = content()
    assert {run["state"] for run in imported(nights[-1])[1]["runs"]} == {"unchanged"}
    assert content() == before
    contacts_now = ContactRelation.objects.current().values("contact", "institution").distinct().count()
    assert contacts_now == sum(map(len, contacts_before.values()))


def test_the_same_night_again_changes_no_row(registers):
    imported(registers / "import" / "night0")
    before = content()
    code, result = imported(registers / "import" / "night0")
    assert code == 0
    assert content() == before
    assert {run["state"] for run in result["runs"]} == {"unchanged"}
    assert result["persons"] == result["unchanged"] == 3182
    assert (result["created"], result["updated"], result["ended"]) == (0, 0, 0)


def test_the_same_people_at_a_later_hour_change_no_row(registers, tmp_path):
    for file in (registers / "import" / "night0").glob("*.xml"):
        later = file.read_text().replace("2026-11-20T02:00:00", "2026-11-20T14:00:00")
        (tmp_path / file.name).write_text(later)
    imported(registers / "import" / "night0")
    before = content()
    code, result = imported(tmp_path)
    assert (code, result["unchanged"], result["contacts"]["unchanged"]) == (0, 3182, 4006)
    assert {run["state"] for run in result["runs"]} == {"loaded"}
    assert content() == before


def found_issues(result: dict) -> list[Expected]:
    issues = [(run["institution"], issue) for run in result["runs"] for issue in run["issues"]]
    assert all(issue.keys() == {"line", "local_person_id", "code"} for _, issue in issues)
    return sorted((number, issue["line"], issue["local_person_id"], issue["code"]) for number, issue in issues)


def test_the_issues_of_a_messy_night_are_exactly_those_expected(registers):
    folder = registers / "import" / "messy"
    code, result = imported(folder)
    expected = expected_issues(folder)
    assert code == 0
    assert found_issues(result) == expected
    assert {run["state"] for run in result["runs"]} == {"loaded_with_issues"}
    assert result["persons"] == result["created"] + len(expected)


@pytest.mark.parametrize(
    ("only", "nights"),
    [("101003,101021,101089,G18466,G20675", [1, 2]), ("101152,121001,G11094,G18062", [0, 5]), ("101005,G18185", [7])],
    ids=["the same, later", "others, two nights", "others, a later night"],
)
def test_the_issues_of_other_messy_nights_are_exactly_those_expected(registers, tmp_path, only, nights):
    for night in nights:
        folder = write_night(registers, tmp_path / str(night), only, night=night, messy=True)
        code, result = imported(folder)
        expected = expected_issues(folder)
        assert expected
        assert (code, found_issues(result)) == (0, expected)
        tally = ("created", "updated", "unchanged")
        assert result["persons"] == sum(result[key] for key in tally) + len(expected)


def secrets_of(folder: Path) -> set[str]:
    """Return every word of a name, street or mail address and every CPR or telephone number in these deliveries."""
    kinds = ("FirstName", "FamilyName", "AliasFirstName", "AliasFamilyName", "CivilRegistrationNumber")
    kinds += ("StreetAddress", "EmailAddress", "MobilePhoneNumber")
    texts = [
        element.text.partition("@")[0]
        for file in folder.glob("*.xml")
        for kind in kinds
        for element in etree.parse(file).iter(named(kind))
    ]
    words = {word for text in texts for word in re.findall(r"\w+", text)}
    return {word for word in words if len(word) > 2 and not (word.isdigit() and len(word) < 8)}


def test_no_name_or_cpr_number_stands_in_any_issue_run_log_line_mail_or_output(
    registers, tmp_path, caplog, mailoutbox, django_capture_on_commit_callbacks
):
    caplog.set_level(logging.DEBUG)
    only = "101003,101021,101089,G18466,G20675"
    told = []
    for night in (0, 1):
        folder = write_night(registers, tmp_path / str(night), only, night=night, messy=True)
        told += map(str, run_command("import_users", str(folder), "--json"))
        told += map(str, run_command("import_users", str(folder)))
    mostly_bad = (
        (folder / "101003.xml").read_text().replace("<MainGroupId>", "<MainGroupId>9").replace("11-21T", "11-22T")
    )
    (tmp_path / "101003.xml").write_text(mostly_bad)
    with django_capture_on_commit_callbacks(execute=True):
        told += map(str, run_command("import_users", str(tmp_path / "101003.xml")))
    assert len(mailoutbox) == 1
    assert ImportRun.objects.filter(reason="too_many_issues").exists()
    told += [repr(row) for model in (ImportIssue, ImportRun, AuditEvent) for row in model.objects.values_list()]
    told += [record.getMessage() for record in caplog.records]
    told += [mail.subject + mail.body for mail in mailoutbox]
    words = set(re.findall(r"\w+", "\n".join(told)))
    assert "HOVEDGRUPPE_UKENDT" in words
    secrets = secrets_of(folder)
    assert len(secrets) > 1000
    assert words & secrets == set()


def test_a_dry_run_counts_the_same_and_writes_nothing(registers):
    everything = content_of_all_tables()
    _, tried = imported(registers / "import" / "night0", "--dry-run")
    assert content_of_all_tables() == everything
    _, done = imported(registers / "import" / "night0")
    measured = {"seconds", "peak_rss_mb"}
    assert {key: tried[key] for key in KEYS - measured} == {key: done[key] for key in KEYS - measured}


def content_of_all_tables() -> str:
    return content(
        *[model for name in ("accounts", "institutions") for model in apps.get_app_config(name).get_models()]
    )


@pytest.mark.parametrize("name", ["night0", "night1", "messy"])
def test_no_delivery_names_anybody_by_a_real_cpr_number(shared, name):
    for file in (shared / "import" / name).glob("*.xml"):
        for element in etree.parse(file).iter(named("CivilRegistrationNumber")):
            assert element.text[0] in "6789" or element.text == "3113990000"

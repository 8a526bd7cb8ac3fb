"""Deliveries made to harm: to exhaust the machine, to hang it, to leak a CPR number, or to trick a reader's eye."""

import json
import os
import time

import pytest

from accounts import services
from accounts.models import User
from accounts.policy import Violation
from institutions.models import ImportIssue, ImportRun, Membership

from .conftest import content, issues_of, run_command
from .deliveries import cpr, delivery, employee, person, pupil

TEXT = delivery(pupil("e1", person(1))).decode()
AT_ONCE = 3.0  # seconds, for what took minutes


def hidden_forms(number: str) -> list[str]:
    """Return ways in which a system may put a CPR number into an id."""
    full_width = "".join(chr(ord(digit) + 0xFEE0) for digit in number)
    six, four = number[:6], number[6:]
    return [number, f"{six}-{four}", f"{six} {four}", f"p{number}", f"{number}@skole.dk", f"{six}–{four}", full_width]


@pytest.mark.parametrize(
    "text",
    [
        TEXT.replace("<Institution>", "<Institution " + " ".join(f'a{n}="1"' for n in range(100_000)) + ">"),
        TEXT.replace("</Institution>", "<InstitutionPerson " * 80_000 + "</Institution>"),
        TEXT.replace("Anna", "A" * 1_000_000),
        TEXT.replace("</Institution>", "<a>" * 200_000),
    ],
    ids=["many attributes", "tags that never end", "an endless name", "tags that never close"],
)
def test_what_would_take_minutes_is_refused_at_once(load, text):
    started = time.perf_counter()
    report = load(text.encode())
    assert time.perf_counter() - started < AT_ONCE
    assert report.state == "rejected"
    assert not Membership.objects.exists()


def test_a_pipe_is_not_waited_for(institutions, tmp_path):
    os.mkfifo(tmp_path / "a.xml")
    (tmp_path / "b.xml").write_text(TEXT)
    answer = run_command("import_users", str(tmp_path), "--json")
    assert answer[0] == 1
    assert json.loads(answer[1])["created"] == 1


def test_a_file_name_that_is_no_text_does_not_stop_the_others(institutions, tmp_path):
    with open(os.path.join(os.fsencode(tmp_path), b"\xff\x1b[2J.xml"), "wb") as file:
        file.write(b"no xml")
    (tmp_path / "z.xml").write_text(TEXT)
    code, out, err = run_command("import_users", str(tmp_path))
    assert code == 1
    assert Membership.objects.count() == 1
    assert "\x1b" not in out + err


def test_a_cpr_number_in_a_file_name_is_masked(institutions, tmp_path):
    path = tmp_path / f"klasse {cpr(1)}.xml"
    path.write_text("no xml")
    _, out, err = run_command("import_users", str(path))
    assert cpr(1) not in out + err + str(list(ImportRun.objects.values()))


@pytest.mark.parametrize("form", range(7))
def test_a_cpr_number_used_as_local_id_stands_readable_nowhere(load, form):
    local_id = hidden_forms(cpr(1))[form]
    report = load(delivery(pupil(local_id, person(1)), pupil(local_id, person(2))))
    assert report.counts.tally.created == 1
    kept = Membership.objects.get().local_person_id
    written = kept + str(list(ImportIssue.objects.values())) + str(issues_of(report))
    assert cpr(1)[:6] not in written
    assert local_id not in written


def test_a_hidden_local_id_is_the_same_every_night(load):
    load(delivery(pupil(cpr(1), person(1))))
    before = content()
    assert load(delivery(pupil(cpr(1), person(1)), night=1)).counts.tally.unchanged == 1
    assert content() == before


@pytest.mark.parametrize("mark", ["\u202e", "\u200b", "\u009b2J", "\u2066"])
def test_characters_that_are_not_seen_have_no_place_in_names_and_ids(load, mark):
    report = load(delivery(pupil("e1", person(1, first=f"An{mark}na")), pupil(f"e{mark}2", person(2))))
    assert [code for _, _, code in issues_of(report)] == ["SKEMA", "SKEMA"]
    assert not Membership.objects.exists()
    rows = [pupil("e1", person(1, street=f"Å{mark}vej")), pupil("e3", person(3), groups=[f"Ska{mark}k"])]
    assert [code for _, _, code in issues_of(load(delivery(*rows, night=1)))] == ["SKEMA", "SKEMA"]


def test_a_letter_newer_than_the_portal_is_taken(load):
    assert load(delivery(pupil("e1", person(1, first="\U0001fae8\U000323b0")))).issues == ()


def test_the_registered_name_of_a_protected_person_is_refused_in_the_password(load):
    alias = ("Ane", "Bech")
    load(delivery(employee("a1", person(1, "Liv", "Skov", protected="true", alias=alias))))
    user = User.objects.select_related("person").get()
    assert user.person.registered_name() == ("Liv", "Skov")
    assert services.violations_of(user, "SkovLampe47") == [Violation.OWN_NAME]
    assert services.violations_of(user, "BaadTaage83") == []

"""`import_users`: exit codes, what it prints, and that one bad delivery keeps no other waiting."""

import json
import subprocess
import sys

import pytest
from django.conf import settings

from institutions.models import ImportRun, ImportSeries, Membership

from .conftest import run_command
from .deliveries import DAY_CARE, OTHER_SCHOOL, contact, delivery, person, pupil


@pytest.fixture
def night(institutions, tmp_path):
    folder = tmp_path / "nat"
    folder.mkdir()
    (folder / "1.xml").write_bytes(delivery(pupil("e1", person(1), contact(person(2))), pupil("e2", person(None))))
    (folder / "2.xml").write_bytes(b"<UNILoginImport")
    (folder / "3.XML").write_bytes(delivery(pupil("e1", person(3)), number=OTHER_SCHOOL))
    (folder / "expected.json").write_text("[]")
    (folder / "deeper").mkdir()
    (folder / "deeper" / "4.xml").write_bytes(delivery(pupil("e1", person(4)), number=DAY_CARE))
    return folder


def test_one_bad_delivery_does_not_stop_the_others(night):
    code, out, err = run_command("import_users", str(night))
    assert code == 1
    assert Membership.objects.count() == 2
    assert "2.xml, line 1: the file ends in the middle" in err
    assert "6 e2 CPR_MANGLER" in out
    assert "3 deliveries, 1 refused" in out


def test_json_is_one_object_and_nothing_else(night):
    code, out, _ = run_command("import_users", str(night), "--json")
    result = json.loads(out)
    assert code == 1
    assert (result["deliveries"], result["rejected"], result["persons"]) == (3, 1, 3)
    assert result["contacts"] == {"created": 1, "updated": 0, "unchanged": 0, "ended": 0}
    assert result["peak_rss_mb"] > 1
    assert result["seconds"] >= 0
    first, second, third = result["runs"]
    assert all(set(run) == {"institution", "source", "state", "counts", "issues"} for run in result["runs"])
    assert (first["institution"], first["source"], first["state"]) == ("101001", "Test SIS", "loaded_with_issues")
    assert first["issues"] == [{"line": 6, "local_person_id": "e2", "code": "CPR_MANGLER"}]
    assert first["counts"]["created"] == 1
    assert (second["institution"], second["state"]) == ("", "rejected")
    assert third["state"] == "loaded"


def test_issues_of_rows_do_not_change_the_exit_code(night):
    assert run_command("import_users", str(night / "1.xml"))[0] == 0
    assert run_command("import_users", str(night / "1.xml"))[0] == 0


@pytest.mark.parametrize("arguments", [[], ["nowhere.xml"], ["--unknown", "."]])
def test_wrong_use_has_its_own_exit_code(arguments):
    shell = [sys.executable, "manage.py", "import_users", *arguments]
    done = subprocess.run(shell, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr


def test_a_folder_without_deliveries_is_wrong_use(db, tmp_path):
    assert run_command("import_users", str(tmp_path))[0] == 2


def test_a_dry_run_tells_and_writes_nothing(night):
    code, out, err = run_command("import_users", str(night), "--dry-run")
    assert code == 1
    assert "1 created" in out
    assert "2.xml" in err
    assert not ImportRun.objects.exists()
    assert not ImportSeries.objects.exists()
    assert not Membership.objects.exists()


def test_a_dry_run_refuses_what_is_not_newer(night):
    run_command("import_users", str(night / "1.xml"))
    older = night / "old.xml"
    older.write_bytes(delivery(pupil("e1", person(1)), night=-2))
    assert "is not newer" in run_command("import_users", str(older), "--dry-run")[2]


def test_the_same_file_twice_in_one_go_is_loaded_once(night):
    file = str(night / "1.xml")
    code, out, _ = run_command("import_users", file, file, "--json")
    assert code == 0
    assert [run["state"] for run in json.loads(out)["runs"]] == ["loaded_with_issues", "unchanged"]


def test_a_delivery_of_before_the_last_one_is_not_taken_for_unchanged(night):
    later = night / "later.xml"
    later.write_bytes(delivery(pupil("e1", person(1)), night=1))
    first = str(night / "1.xml")
    run_command("import_users", first)
    code, out, _ = run_command("import_users", str(later), first, "--json")
    assert code == 1
    assert [run["state"] for run in json.loads(out)["runs"]] == ["loaded", "rejected"]

"""Deliveries that are refused as a whole: a message with file and line, exit code 1, nothing written but the run."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import AuditEvent
from institutions.importing import loading
from institutions.models import ImportIssue, ImportRun, ImportSeries, Institution, InstitutionLevel, RunState

from .conftest import content, load_bytes, run_command
from .deliveries import DAY_CARE, SCHOOL, SOURCE, contact, delivery, person, pupil

GOOD = delivery(pupil("e1", person(1), contact(person(2))), pupil("e2", person(3)))
TEXT = GOOD.decode()
BOMB = (
    '<?xml version="1.0"?>\n<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>\n'
    + TEXT.partition("\n")[2].replace("Anna", "&b;")
)
HEADER = 'sourceDateTime="2026-08-10T02:00:00"'

BAD_FILES = {
    "empty": (b"", "empty", 1),
    "blank": (b" \n\n", "empty", 1),
    "not XML": (b"navn;cpr\nAnna;1\n", "not_xml", 1),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00", "not_utf8", 1),
    "UTF-16": (TEXT.encode("utf-16"), "encoding", 1),
    "UTF-16 without mark": (TEXT.encode("utf-16-le"), "encoding", 1),
    "UTF-32": (TEXT.encode("utf-32"), "encoding", 1),
    "declared as Latin-1": (TEXT.replace("UTF-8", "ISO-8859-1").encode("latin-1"), "encoding", 1),
    "Latin-1 declared as UTF-8": (TEXT.replace("Anna", "Åse").encode("latin-1"), "not_utf8", 5),
    "another root": (TEXT.replace("UNILoginImport", "UNILoginExportFull").encode(), "root", 2),
    "HTML": (b"<!-- x -->\n<html><body>404</body></html>", "root", 2),
    "a DTD": (TEXT.replace("\n", "\n<!DOCTYPE UNILoginImport>\n", 1).encode(), "dtd", 2),
    "an entity bomb": (BOMB.encode(), "dtd", 2),
    "an unknown entity": (TEXT.replace("Anna", "&aelig;").encode(), "not_well_formed", 5),
    "a tag that does not match": (TEXT.replace("</FirstName>", "</Firstname>", 1).encode(), "not_well_formed", 5),
    "a control character": (TEXT.replace("Anna", "A\x01na").encode(), "not_well_formed", 5),
    "an unclosed comment": (TEXT.replace("<Group>", "<!-- <Group>").encode(), "not_well_formed", 7),
    "too deep": (b"<a>" * 300 + b"</a>" * 300, "not_well_formed", 1),
    "nested too deep": (
        TEXT.replace("</Institution>", "<a>" * 300 + "</a>" * 300 + "</Institution>").encode(),
        "not_well_formed",
        7,
    ),
    "no sourceDateTime": (TEXT.replace(HEADER, "").encode(), "attribute_missing", 2),
    "no source": (TEXT.replace('source="Test SIS"', "").encode(), "attribute_missing", 2),
    "no schoolYear": (TEXT.replace('schoolYear="2026-2027"', "").encode(), "attribute_missing", 2),
    "a sourceDateTime that is none": (TEXT.replace("2026-08-10T02", "2026-02-30T02").encode(), "attribute_invalid", 2),
    "a day as sourceDateTime": (TEXT.replace("2026-08-10T02:00:00", "2026-08-10").encode(), "attribute_invalid", 2),
    "a school year of two years": (TEXT.replace("2026-2027", "2026-2028").encode(), "attribute_invalid", 2),
    "a source too long": (TEXT.replace("Test SIS", "Æ" * 51).encode(), "attribute_invalid", 2),
    "no institution": (TEXT.replace("<Institution>", "<I>").replace("</Institution>", "</I>").encode(), "misplaced", 4),
    "two institutions": (
        TEXT.replace("</Institution>", "</Institution><Institution/>").encode(),
        "institution_count",
        2,
    ),
    "no institution number": (
        TEXT.replace(f"<InstitutionNumber>{SCHOOL}</InstitutionNumber>", "").encode(),
        "number_invalid",
        2,
    ),
    "an institution number of five": (TEXT.replace(SCHOOL, "10100").encode(), "number_invalid", 3),
    "a person in a person": (
        TEXT.replace("<LocalPersonId>e1", "<InstitutionPerson/><LocalPersonId>e1").encode(),
        "misplaced",
        5,
    ),
    "a person outside the institution": (
        TEXT.replace("</UNILoginImport>", "<InstitutionPerson/></UNILoginImport>").encode(),
        "misplaced",
        7,
    ),
    "an unknown institution": (TEXT.replace(SCHOOL, "999999").encode(), "institution_unknown", 2),
}


@pytest.mark.parametrize(("data", "reason", "line"), BAD_FILES.values(), ids=BAD_FILES)
def test_a_bad_file_is_refused_with_file_and_line(institutions, tmp_path, data, reason, line):
    before = content()
    file = tmp_path / "natten.xml"
    file.write_bytes(data)
    code, _, message = run_command("import_users", str(file))
    run = ImportRun.objects.get()
    assert (run.reason, run.reason_details["line"]) == (reason, line)
    assert run.state == RunState.REJECTED
    assert code == 1
    assert f"natten.xml, line {line}: " in message
    assert content() == before
    assert not ImportSeries.objects.exists()
    assert not ImportIssue.objects.exists()
    assert not AuditEvent.objects.exists()


def test_a_file_cut_anywhere_is_refused_and_nothing_is_written(institutions):
    before = content()
    data = delivery(pupil("e1", person(1, "Åse"), contact(person(2))), pupil("e2", person(3)))
    end = data.rindex(b">")
    for length in range(0, end + 1, 7):
        report = load_bytes(data[:length])
        assert report.state == RunState.REJECTED, length
        assert "delivery.xml, lin" in report.message
    report = load_bytes(data[:end])
    assert (report.reason, report.details["line"]) == ("cut", 7)
    assert content() == before
    assert not ImportSeries.objects.exists()


def test_a_file_larger_than_allowed_is_refused_unread(institutions, settings, tmp_path):
    settings.IMPORT_MAX_BYTES = 1024
    file = tmp_path / "stor.xml"
    file.write_bytes(GOOD)
    code, _, message = run_command("import_users", str(file))
    assert code == 1
    assert "stor.xml, line 1" in message
    assert ImportRun.objects.get().reason == "too_large"


@pytest.mark.parametrize("where", ["<Institution>", "<LocalPersonId>"])
def test_a_file_that_would_fill_the_memory_is_refused(institutions, where):
    filling = "<a/>" * 1_200_000
    report = load_bytes(
        TEXT.replace(where, where + filling if where == "<Institution>" else filling + where, 1).encode()
    )
    assert report.reason in {"element_too_large", "number_invalid"}


def test_many_comments_that_never_end_take_no_time(institutions):
    report = load_bytes(b"<?xml version='1.0'?>\n<UNILoginImport>" + b"<!-- " * 2_000_000)
    assert report.state == RunState.REJECTED


def test_a_file_that_is_not_readable_is_refused_and_the_others_load(institutions, tmp_path):
    (tmp_path / "a.xml").write_bytes(GOOD)
    (tmp_path / "b.xml").symlink_to(tmp_path / "nowhere")
    (tmp_path / "c.xml").write_bytes(delivery(pupil("e1", person(8)), number=DAY_CARE))
    code, _, message = run_command("import_users", str(tmp_path / "a.xml"), str(tmp_path / "c.xml"), str(tmp_path))
    assert code == 1
    assert "is not newer" not in message  # the folder's files are the same bytes again: unchanged
    assert ImportSeries.objects.count() == 2


def test_a_closed_institution_takes_no_people(institutions):
    Institution.objects.filter(number=SCHOOL).update(closed_on="2026-08-01")
    report = load_bytes(GOOD)
    assert (report.state, report.reason) == (RunState.REJECTED, "institution_closed")
    assert SCHOOL in report.message


def test_a_day_care_institution_has_no_people_of_its_own(institutions):
    Institution.objects.filter(number=DAY_CARE).update(level=InstitutionLevel.CLUSTER)
    report = load_bytes(delivery(pupil("e1", person(1)), number=DAY_CARE))
    assert (report.state, report.reason) == (RunState.REJECTED, "institution_level")


@pytest.mark.parametrize("level", [level for level in InstitutionLevel if level != InstitutionLevel.CLUSTER])
def test_schools_departments_units_and_further_addresses_have_people(institutions, level):
    Institution.objects.filter(number=SCHOOL).update(level=level)
    assert load_bytes(GOOD).state == RunState.LOADED


@pytest.mark.parametrize("night", [0, -1], ids=["as old", "older"])
def test_a_delivery_that_is_not_newer_is_refused(institutions, night):
    load_bytes(GOOD)
    before = content()
    report = load_bytes(delivery(pupil("e1", person(1)), night=night))
    assert (report.state, report.reason) == (RunState.REJECTED, "source_time")
    assert [(issue.line, issue.code.value) for issue in report.issues] == [(2, "SOURCE_TIDSPUNKT")]
    assert content() == before


def test_a_time_without_a_zone_is_danish(institutions):
    load_bytes(delivery(pupil("e1", person(1))))
    series = ImportSeries.objects.get()
    assert series.last_source_time.isoformat() == "2026-08-10T00:00:00+00:00"
    later = delivery(pupil("e1", person(1))).replace(b"T02:00:00", b"T00:30:00Z")
    assert load_bytes(later).state == RunState.LOADED


def test_an_error_in_the_middle_leaves_nothing_and_tells_nothing_of_anybody(institutions, monkeypatch, caplog):
    before = content()

    def fail(*args, **kwargs):
        raise RuntimeError("Anna Holm 6201155000")

    monkeypatch.setattr("institutions.importing.standing.settle", fail)
    load_bytes(delivery(pupil("x", person(9))))
    report = load_bytes(GOOD)
    assert (report.state, report.reason) == (RunState.REJECTED, "failed")
    assert content() == before
    assert not ImportSeries.objects.exists()
    assert "Anna" not in caplog.text
    assert "6201155000" not in caplog.text
    assert report.details["number"] in caplog.text
    monkeypatch.undo()
    assert load_bytes(GOOD).state == RunState.LOADED


def test_a_run_that_was_interrupted_does_not_stand_in_the_way_for_ever(institutions, monkeypatch):
    def stop(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(loading, "apply", stop)
    with pytest.raises(KeyboardInterrupt):
        load_bytes(GOOD)
    monkeypatch.undo()
    assert ImportRun.objects.get().reason == "interrupted"
    assert load_bytes(GOOD).state == RunState.LOADED


def test_while_a_series_is_being_loaded_another_delivery_of_it_is_refused(institutions):
    ImportRun.objects.create(
        state=RunState.RUNNING, institution_number=SCHOOL, source=SOURCE, file_name="x", sha256="x"
    )
    report = load_bytes(GOOD)
    if connection.vendor == "postgresql":  # there the lock decides, and nobody holds it: that run was killed
        assert report.state == RunState.LOADED
        assert ImportRun.objects.filter(reason="interrupted").count() == 1
    else:
        assert (report.state, report.reason) == (RunState.REJECTED, "busy")
        assert not ImportSeries.objects.exists()
    assert load_bytes(delivery(pupil("e1", person(1)), source="Another")).state == RunState.LOADED


def test_a_run_older_than_any_task_was_interrupted(institutions, settings):
    long_ago = timezone.now() - timedelta(seconds=settings.CELERY_TASK_TIME_LIMIT + 1)
    running = {"state": RunState.RUNNING, "institution_number": SCHOOL, "source": SOURCE}
    ImportRun.objects.create(**running, file_name="x", sha256="x", started_at=long_ago)
    assert load_bytes(GOOD).state == RunState.LOADED
    assert ImportRun.objects.get(reason="interrupted").ended_at is not None


def test_the_database_holds_one_running_import_a_series(institutions):
    running = {"state": RunState.RUNNING, "institution_number": SCHOOL, "source": SOURCE, "file_name": "x"}
    ImportRun.objects.create(**running)
    with pytest.raises(IntegrityError), transaction.atomic():
        ImportRun.objects.create(**running)


def bad(number: int) -> str:
    return pupil(f"b{number}", person(None))


def good(number: int) -> str:
    return pupil(f"g{number}", person(number))


@pytest.mark.parametrize(
    ("good_rows", "bad_rows", "is_refused"),
    [(0, 19, False), (10, 10, False), (9, 10, False), (10, 11, True), (0, 20, True), (1100, 1000, False)],
)
def test_where_too_many_rows_are_bad_the_delivery_is(institutions, good_rows, bad_rows, is_refused):
    rows = [*map(good, range(good_rows)), *map(bad, range(bad_rows))]
    report = load_bytes(delivery(*rows), dry_run=True)
    assert (report.reason == "too_many_issues") == is_refused
    assert report.counts.tally.created == (0 if is_refused else good_rows)


def test_ten_thousand_bad_rows_are_one_refusal_with_a_count_and_the_first_hundred(
    institutions, tmp_path, mailoutbox, django_capture_on_commit_callbacks
):
    Institution.objects.filter(number=SCHOOL).update(email="kontor@skole.example.dk")
    load_bytes(delivery(good(1)))
    before = content()
    file = tmp_path / "natten.xml"
    file.write_bytes(delivery(*map(good, range(12_000)), *map(bad, range(10_000)), night=1))
    with django_capture_on_commit_callbacks(execute=True):
        code, _, message = run_command("import_users", str(file))
    assert code == 1
    assert "10000 of 22000 rows cannot be loaded; nothing was changed" in message
    assert content() == before
    run = ImportRun.objects.get(reason="too_many_issues")
    assert run.state == RunState.REJECTED
    assert (run.reason_details["count"], run.reason_details["persons"]) == (10_000, 22_000)
    assert [issue.local_person_id for issue in run.issues.all()] == [f"b{number}" for number in range(100)]
    assert {issue.code for issue in run.issues.all()} == {"CPR_MANGLER"}
    assert len(mailoutbox) == 1


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00", "9999-12-31T23:59:59-12:00", "1999-12-31T23:59:59"])
def test_a_date_that_was_never_set_is_no_source_time(institutions, moment):
    report = load_bytes(GOOD.replace(b"2026-08-10T02:00:00", moment.encode()))
    assert (report.state, report.reason) == (RunState.REJECTED, "attribute_invalid")


def test_a_clock_that_is_years_ahead_does_not_keep_every_right_delivery_out(institutions):
    ahead = timezone.now().year + 2
    report = load_bytes(GOOD.replace(b"2026-08-10T", f"{ahead}-08-10T".encode()))
    assert (report.state, report.reason) == (RunState.REJECTED, "ahead_of_time")
    assert load_bytes(GOOD).state == RunState.LOADED


@pytest.mark.parametrize("encoding", ["UTF-7", "ISO-8859-1"])
def test_an_encoding_declared_far_behind_is_read_all_the_same(institutions, encoding):
    far = f'<?xml version="1.0"{" " * 500}encoding="{encoding}"?>'.encode()
    report = load_bytes(far + GOOD.partition(b"?>")[2])
    assert (report.state, report.reason) == (RunState.REJECTED, "encoding")

"""A respondent's pages: writing in over several visits, what is wrong, *Afslut*, and what the link shows afterwards."""

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEvent
from institutions.actor import Actor
from reporting import answers, reports
from reporting.models import AnswerLine, Campaign, Confirmation, Report, ReportVersion
from reporting.moments import due_text
from reporting.standing import last_totals, standing_of
from reporting.states import ReportState
from tests.sick_leave import FIELDS as NAMES
from tests.sick_leave import MUNICIPAL_NUMBERS, SCHOOL_NUMBERS, campaign, fill_in, free_school, report_of, send

from .conftest import Respondent

Opener = Callable[[Report], Respondent]
STAFF = {"school_staff__total": 42, **{f"school_staff__{day}": 3 for day in NAMES[1:]}}


def as_form(numbers: dict[str, tuple[int | None, ...]], *lines: str) -> dict[str, Any]:
    return {
        f"{line}__{name}": number
        for line in lines
        for name, number in zip(NAMES, numbers[line], strict=False)
        if number is not None
    }


def test_the_link_leads_to_the_first_section_that_is_not_filled_in(school: Report, by_link: Opener) -> None:
    respondent = by_link(school)
    assert respondent.get("answer").url == respondent.url("step", "normalklasser")  # type: ignore[attr-defined]
    respondent.write("normalklasser", **as_form(SCHOOL_NUMBERS, "level_0"))
    assert respondent.get("answer").url == respondent.url("step", "specialklasser")  # type: ignore[attr-defined]
    school.refresh_from_db()
    assert school.opened_at
    assert school.state == ReportState.BEGUN


def test_numbers_of_three_visits_are_there_at_the_end(school: Report, by_link: Opener) -> None:
    by_link(school).write("normalklasser", "later", **as_form(SCHOOL_NUMBERS, *(f"level_{n}" for n in range(10))))
    by_link(school).write("specialklasser", **as_form(SCHOOL_NUMBERS, "special"))
    by_link(school).write("skolestartere", "later", **as_form(SCHOOL_NUMBERS, "starters"))
    third = by_link(school)
    answer = third.write("personale", **as_form(SCHOOL_NUMBERS, "school_staff"))
    assert answer.url == third.url("review")  # type: ignore[attr-defined]
    page = third.get("review")
    assert page.context["ready"]  # type: ignore[attr-defined]
    assert third.post("review", seen=page.context["seen"]).url == third.url("receipt")  # type: ignore[attr-defined]
    lines = {line.line: line for line in AnswerLine.objects.all()}
    assert {key: tuple(getattr(line, name) for name in NAMES) for key, line in lines.items()} == SCHOOL_NUMBERS


def test_a_municipality_reports_its_counts_too(roskilde: Report, by_link: Opener) -> None:
    respondent = by_link(roskilde)
    respondent.write("grundskoler", **as_form(MUNICIPAL_NUMBERS, "schools", "municipal_staff"))
    keys = ("day_care_institutions", "childminders", "children", "day_care_staff")
    answer = respondent.write("dagtilbud", **as_form(MUNICIPAL_NUMBERS, *keys))
    assert answer.url == respondent.url("review")  # type: ignore[attr-defined]
    seen = respondent.get("review").context["seen"]  # type: ignore[attr-defined]
    respondent.post("review", seen=seen)
    roskilde.refresh_from_db()
    assert roskilde.state == ReportState.FINISHED
    assert AnswerLine.objects.get(line="childminders").total == 51


def test_after_finishing_the_link_shows_the_receipt_and_takes_no_more(school: Report, by_link: Opener) -> None:
    respondent = by_link(school)
    was = respondent.was("personale")
    send(school, SCHOOL_NUMBERS)
    page = respondent.client.get(respondent.url("answer"), follow=True)
    assert "SF-2026-47-0001" in page.content.decode()
    late = respondent.post("step", "personale", was=was, **{"school_staff-total": 99})
    assert late.url == respondent.url("answer")  # type: ignore[attr-defined]
    assert AnswerLine.objects.get(line="school_staff").total == 42
    assert respondent.post("review", seen="x").url == respondent.url("answer")  # type: ignore[attr-defined]


def test_finishing_tells_the_registered_address_and_the_audit_but_no_number(
    school: Report, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    fill_in(school, SCHOOL_NUMBERS)
    with django_capture_on_commit_callbacks(execute=True):
        answers.finish(school, standing_of(school).digest, now=timezone.now())
    assert [message.to for message in mail.outbox] == [[school.email]]
    assert "SF-2026-47-0001" in mail.outbox[0].body
    event = AuditEvent.objects.get(action="report.finished")
    assert event.object_id == str(school.pk)
    assert "42" not in json.dumps(event.details)


def test_what_is_wrong_is_told_at_the_field_and_the_rest_is_kept(school: Report, by_link: Opener) -> None:
    respondent = by_link(school)
    page = respondent.write("personale", **{**STAFF, "school_staff__monday": "mange", "school_staff__tuesday": 45})
    text = page.content.decode()
    assert "Write a whole number" in text or "Skriv et helt tal" in text
    line = AnswerLine.objects.get(line="school_staff")
    assert (line.total, line.monday, line.tuesday) == (42, None, 45)
    again = respondent.write("personale", **{**STAFF, "school_staff__tuesday": 45})
    assert again.status_code == 200
    assert "45" in again.content.decode()
    assert respondent.write("personale", **STAFF).status_code == 302


@pytest.mark.parametrize("written", ["-1", "2,5", "1.5", "tre", "9" * 8, "1e3", "٣", "+4", "0x1"])
def test_what_is_no_whole_number_is_not_taken(school: Report, by_link: Opener, written: str) -> None:
    answer = by_link(school).write("personale", school_staff__total=written)
    assert answer.status_code == 200
    assert not AnswerLine.objects.exists()


@pytest.mark.parametrize(("written", "number"), [("1.204", 1204), ("1 204", 1204), (" 42 ", 42), ("007", 7)])
def test_numbers_are_read_as_people_write_them(school: Report, by_link: Opener, written: str, number: int) -> None:
    by_link(school).write("personale", school_staff__total=written)
    assert AnswerLine.objects.get().total == number


def test_a_doubt_is_in_the_way_until_it_is_ticked_and_again_when_its_numbers_change(
    school: Report, by_link: Opener
) -> None:
    respondent = by_link(school)
    odd = {**STAFF, "school_staff__wednesday": 24}
    page = respondent.write("personale", **odd)
    (doubt,) = page.context["doubts"]  # type: ignore[attr-defined]
    assert doubt.seen == "24/42"
    ticked = {"shown": doubt.name, doubt.name: doubt.seen}
    assert respondent.write("personale", **odd, **ticked).status_code == 302
    assert Confirmation.objects.count() == 1
    changed = respondent.write("personale", **{**odd, "school_staff__wednesday": 25}, **ticked)
    assert changed.status_code == 200
    assert not changed.context["doubts"][0].confirmed  # type: ignore[attr-defined]


def test_a_tick_that_is_taken_away_is_taken_back(school: Report, by_link: Opener) -> None:
    respondent = by_link(school)
    odd = {**STAFF, "school_staff__wednesday": 24}
    (doubt,) = respondent.write("personale", **odd).context["doubts"]  # type: ignore[attr-defined]
    respondent.write("personale", **odd, **{"shown": doubt.name, doubt.name: doubt.seen})
    respondent.write("personale", **odd, shown=doubt.name)
    assert not Confirmation.objects.exists()


def test_two_people_at_once_lose_nothing(school: Report, by_link: Opener) -> None:
    one, two = by_link(school), by_link(school)
    empty = one.was("personale")
    one.post("step", "personale", was=empty, **{"school_staff-total": 42, "school_staff-monday": 3})
    # The other has an older page: what was not touched there stays, and what both wrote is asked about.
    page = two.post("step", "personale", was=empty, **{"school_staff-total": 40, "school_staff-tuesday": 5})
    line = AnswerLine.objects.get()
    assert (line.total, line.monday, line.tuesday) == (42, 3, 5)
    assert page.status_code == 200
    assert "school_staff-total" in page.context["form"].errors  # type: ignore[attr-defined]
    # Now that both numbers have been seen, the second answer counts.
    two.post(
        "step",
        "personale",
        was=page.context["was"],
        **{"school_staff-total": 40, "school_staff-monday": 3, "school_staff-tuesday": 5},
    )  # type: ignore[attr-defined]
    line.refresh_from_db()
    assert (line.total, line.monday, line.tuesday) == (40, 3, 5)


def test_a_double_click_saves_once_and_complains_not(school: Report, by_link: Opener) -> None:
    respondent = by_link(school)
    empty = respondent.was("personale")
    data = {name.replace("__", "-"): value for name, value in STAFF.items()}
    assert respondent.post("step", "personale", was=empty, **data).status_code == 302
    assert respondent.post("step", "personale", was=empty, **data).status_code == 302
    assert AnswerLine.objects.count() == 1


@pytest.mark.parametrize("was", ["", "[]", "null", "{", '{"school_staff-total": "x"}', "[" * 100_000])
def test_a_page_that_does_not_say_what_it_showed_writes_nothing_over(school: Report, by_link: Opener, was: str) -> None:
    respondent = by_link(school)
    respondent.write("personale", **STAFF)
    page = respondent.post("step", "personale", was=was, **{"school_staff-total": 1})
    assert page.status_code == 200
    assert AnswerLine.objects.get().total == 42


def test_saving_while_typing_says_what_is_saved_and_what_is_not(school: Report, by_link: Opener) -> None:
    respondent = by_link(school)
    answer = respondent.write("personale", "autosave", school_staff__total=42, school_staff__monday="x").json()  # type: ignore[attr-defined]
    assert json.loads(answer["was"])["school_staff-total"] == 42
    assert list(answer["errors"]) == ["school_staff-monday"]
    assert answer["saved"]
    now = respondent.client.get(respondent.url("step", "personale") + "?tal=1").json()
    assert json.loads(now["was"])["school_staff-total"] == 42


def test_saving_while_typing_is_told_when_the_report_is_sent_meanwhile(school: Report, by_link: Opener) -> None:
    respondent = by_link(school)
    was = respondent.was("personale")
    send(school, SCHOOL_NUMBERS)
    answer = respondent.post("step", "personale", was=was, autosave="1", **{"school_staff-total": 7})
    assert answer.status_code == 409
    assert answer.json()["closed"]  # type: ignore[attr-defined]


def test_last_weeks_totals_are_offered_and_fill_what_is_empty(week: Campaign, school: Report, by_link: Opener) -> None:
    before = campaign(week.of.shifted(-1), now=timezone.now() - dt.timedelta(days=7))
    assert school.institution
    send(report_of(before, school.institution), SCHOOL_NUMBERS, now=timezone.now() - dt.timedelta(days=7))
    respondent = by_link(school)
    assert respondent.get("step", "personale").context["offers_last"]  # type: ignore[attr-defined]
    respondent.write("normalklasser", "autosave", level_0__total=25)
    respondent.post("step", "normalklasser", last="1")
    assert AnswerLine.objects.get(version__report=school, line="level_0").total == 25
    assert AnswerLine.objects.get(version__report=school, line="level_1").total == 20
    assert not AnswerLine.objects.filter(version__report=school, monday__isnull=False).exists()


def test_what_was_not_seen_is_not_sent(school: Report, by_link: Opener) -> None:
    fill_in(school, SCHOOL_NUMBERS)
    respondent = by_link(school)
    seen = respondent.get("review").context["seen"]  # type: ignore[attr-defined]
    by_link(school).write("specialklasser", **{**as_form(SCHOOL_NUMBERS, "special"), "special__monday": 4})
    page = respondent.post("review", seen=seen)
    assert page.status_code == 200
    assert page.context["error"]  # type: ignore[attr-defined]
    school.refresh_from_db()
    assert school.state == ReportState.BEGUN


def test_what_is_missing_is_named_and_keeps_it_from_being_sent(school: Report, by_link: Opener) -> None:
    respondent = by_link(school)
    page = respondent.get("review")
    assert not page.context["ready"]  # type: ignore[attr-defined]
    assert all(part.problems for part in page.context["sections"])  # type: ignore[attr-defined]
    assert respondent.post("review", seen=page.context["seen"]).status_code == 200  # type: ignore[attr-defined]
    assert not ReportVersion.objects.filter(sent_at__isnull=False).exists()


def test_a_day_off_has_no_field_and_takes_no_number(db: None, by_link: Opener) -> None:
    christmas = campaign(campaign().of.shifted(5))  # week 52
    report = report_of(christmas, free_school("265018"))
    respondent = by_link(report)
    page = respondent.get("step", "personale")
    assert "school_staff-friday" not in page.context["form"].fields  # type: ignore[attr-defined]
    respondent.write("personale", **{**STAFF, "school_staff__friday": 9})
    assert AnswerLine.objects.get().friday is None


def test_the_pdf_is_of_what_was_sent(school: Report, by_link: Opener) -> None:
    send(school, SCHOOL_NUMBERS)
    answer = by_link(school).get("pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert "no-store" in answer["Cache-Control"]


def test_who_has_sent_can_ask_for_it_to_be_opened_again_and_says_why(school: Report, by_link: Opener) -> None:
    send(school, SCHOOL_NUMBERS)
    respondent = by_link(school)
    assert respondent.post("ask_reopening", reason="").status_code == 200
    assert respondent.post("ask_reopening", reason="Tirsdag er forkert").status_code == 302
    school.refresh_from_db()
    assert school.reopening_reason == "Tirsdag er forkert"
    assert school.state == ReportState.FINISHED


def test_queries_of_a_step_do_not_grow_with_its_lines(
    school: Report, by_link: Opener, django_assert_max_num_queries: Any
) -> None:
    fill_in(school, SCHOOL_NUMBERS)
    respondent = by_link(school)
    for slug in ("normalklasser", "personale"):
        with django_assert_max_num_queries(8):
            respondent.get("step", slug)
    with django_assert_max_num_queries(8):
        respondent.get("review")


def test_nobody_who_has_no_link_learns_anything(school: Report) -> None:
    assert Client().get("/sygefravaer/svar/").status_code == 404


def test_what_was_just_typed_is_kept_when_last_weeks_totals_are_taken(
    week: Campaign, school: Report, by_link: Opener
) -> None:
    before = campaign(week.of.shifted(-1), now=timezone.now() - dt.timedelta(days=7))
    assert school.institution
    send(report_of(before, school.institution), SCHOOL_NUMBERS, now=timezone.now() - dt.timedelta(days=7))
    by_link(school).write("personale", "autosave", school_staff__tuesday=4)
    assert by_link(school).get("step", "personale").context["offers_last"]  # type: ignore[attr-defined]
    by_link(school).write("personale", "last", school_staff__monday=3, school_staff__tuesday=4)
    line = AnswerLine.objects.get(version__report=school)
    assert (line.total, line.monday, line.tuesday) == (42, 3, 4)


def test_a_number_that_a_correction_took_away_is_not_what_was_sent_last(week: Campaign, school: Report) -> None:
    earlier = timezone.now() - dt.timedelta(days=7)
    before = campaign(week.of.shifted(-1), now=earlier)
    assert school.institution
    report = send(report_of(before, school.institution), SCHOOL_NUMBERS, now=earlier)
    reports.reopen(report, by=Actor(), now=earlier)
    corrected = {key: numbers for key, numbers in SCHOOL_NUMBERS.items() if key != "level_9"}
    send(report, {**corrected, "level_9": (None,) * 6}, now=earlier)
    assert "level_8" in last_totals(school)
    assert "level_9" not in last_totals(school)


def test_who_corrects_is_told_until_when(school: Report, by_link: Opener) -> None:
    send(school, SCHOOL_NUMBERS)
    reports.reopen(school, by=Actor(), now=timezone.now())
    school.refresh_from_db()
    assert school.reopened_until
    assert due_text(school.reopened_until) in by_link(school).get("later").content.decode()

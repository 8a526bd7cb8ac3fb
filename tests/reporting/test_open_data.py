"""Open data: what everybody may fetch, in three kinds of files with the same rows, the same numbers hidden."""

import csv
import io
import json
import zipfile
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from institutions.models import Municipality
from reporting import demo
from reporting.models import Campaign
from reporting.questions import LEVELS
from tests import sick_leave, statistics


@pytest.fixture
def roskilde(db: None) -> Municipality:
    return sick_leave.municipality()


@pytest.fixture
def weeks(roskilde: Municipality) -> list[Campaign]:
    koege = sick_leave.municipality("0259", "Køge")
    other = sick_leave.free_school("259017", name="Køge Friskole", municipality=koege)
    return statistics.two_weeks(roskilde, koege, sick_leave.free_school(), other)


def open_rows(group: str = "personale-skoler", **asked: str) -> list[dict[str, Any]]:
    response = Client().get(reverse("reporting:open_file", args=[group, "json"]), asked)
    found: list[dict[str, Any]] = json.loads(response.content)["raekker"]
    return found


def test_open_data_has_the_country_and_each_municipality_by_week_and_day(weeks: list[Campaign]) -> None:
    found = open_rows()
    assert len(found) == 2 * 3 * 6
    whole = {(row["uge"], row["kommune"]): row for row in found if row["dag"] is None}
    assert whole[47, "Roskilde"]["procent"] == 6.2
    assert whole[47, "Hele landet"] == {
        "aar": 2026, "uge": 47, "dag": None, "kommunekode": None, "kommune": "Hele landet", "i_alt": 5000, "syge": 255,
        "procent": 5.1, "svar": 2, "adspurgte": 2, "skjult": False,
    }  # fmt: skip


def test_all_three_files_have_the_same_rows(weeks: list[Campaign]) -> None:
    url = "/sygefravaer/aabne-data/elever."
    as_json = open_rows("elever")
    text = Client().get(url + "csv").content
    assert text.startswith(b"\xef\xbb\xbf")
    as_csv = list(csv.DictReader(io.StringIO(text.decode("utf-8-sig")), delimiter=";"))
    sheet = zipfile.ZipFile(io.BytesIO(Client().get(url + "xlsx").content)).read("xl/worksheets/sheet1.xml")
    assert len(as_csv) == len(as_json) == sheet.count(b"<row ") - 1
    assert [row["skjult"] for row in as_csv] == [{True: "ja", False: "nej"}[row["skjult"]] for row in as_json]


def test_nothing_small_is_in_any_open_file(weeks: list[Campaign]) -> None:
    for group in ("elever", *(f"elever-{level}" for level in range(len(LEVELS)))):
        for row in open_rows(group):
            assert (row["syge"] is None) == (row["procent"] is None) == row["skjult"]
            assert row["syge"] is None or row["syge"] >= 5
    assert any(row["skjult"] for row in open_rows("elever-0"))


def test_how_many_there_are_in_all_is_left_blank_where_they_are_few(roskilde: Municipality) -> None:
    week = statistics.week()
    for number in range(3):
        statistics.send(week, sick_leave.free_school(f"26501{number}"), special=(1, 0, 1, 0, 1, 0), level_0=(20, 5))
    found = open_rows("elever-specialklasser")
    assert len(found) == 12
    assert {row["i_alt"] for row in found} == {None}  # of the week, too: a fifth of it is the day's
    assert {row["i_alt"] for row in open_rows("elever-0")} == {60}
    text = Client().get(reverse("reporting:open_file", args=["elever-specialklasser", "csv"])).content.decode()
    assert ";Roskilde;;;;3;3;ja" in text


def test_the_demo_country_has_numbers_to_show(roskilde: Municipality) -> None:
    for code in range(301, 321):
        sick_leave.municipality(f"{code:04}", f"By {code}")
    for number in range(12):
        sick_leave.free_school(f"2650{number + 20}", name=f"Friskole {number}")
    demo.report_some(timezone.now())
    for group in ("personale-skoler", "boern-dagtilbud", "personale-frie-skoler", "elever"):
        found = open_rows(group)
        assert sum(not row["skjult"] for row in found) > len(found) / 2
        assert any(row["procent"] is not None and row["kommunekode"] for row in found)


def test_a_name_that_looks_like_a_formula_is_a_text_in_every_file(roskilde: Municipality) -> None:
    Municipality.objects.filter(pk=roskilde.pk).update(name="=HYPERLINK(1)")
    statistics.send(statistics.week(), roskilde, municipal_staff=(500, *[30] * 5))
    url = "/sygefravaer/aabne-data/personale-skoler."
    assert b";'=HYPERLINK(1);" in Client().get(url + "csv").content
    sheet = zipfile.ZipFile(io.BytesIO(Client().get(url + "xlsx").content)).read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet


def test_whoever_has_a_file_already_is_not_sent_it_again_until_figures_change(
    weeks: list[Campaign], roskilde: Municipality
) -> None:
    url = reverse("reporting:open_file", args=["boern-dagtilbud", "csv"])
    first = Client().get(url)
    assert first["Cache-Control"].startswith("public")
    again = Client().get(url, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    report = weeks[0].reports.get(kind="municipality", municipality=roskilde)
    statistics.answered([report], [{"children": (900, *[80] * 5)}])
    changed = Client().get(url, headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]
    assert changed.content != first.content


def test_a_municipality_that_is_given_another_name_makes_the_file_new(
    weeks: list[Campaign], roskilde: Municipality
) -> None:
    url = reverse("reporting:open_file", args=["boern-dagtilbud", "csv"])
    first = Client().get(url)
    Municipality.objects.filter(pk=roskilde.pk).update(name="Ny Roskilde")
    changed = Client().get(url, headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]
    assert "Ny Roskilde" in changed.content.decode()


def test_a_year_can_be_asked_for(weeks: list[Campaign], roskilde: Municipality) -> None:
    statistics.send(statistics.week(50, 2025), roskilde, municipal_staff=(500, *[30] * 5))
    assert {row["aar"] for row in open_rows(aar="2025")} == {2025}
    url = reverse("reporting:open_file", args=["elever", "csv"])
    for year in ("2024", "20x6", "9" * 5000, "-1"):
        assert Client().get(url, {"aar": year}).status_code == 404


@pytest.mark.parametrize("path", ["alle.csv", "elever.pdf", "elever.", "../elever.csv"])
def test_a_file_that_there_is_not_is_not_found(weeks: list[Campaign], path: str) -> None:
    assert Client().get(f"/sygefravaer/aabne-data/{path}").status_code == 404

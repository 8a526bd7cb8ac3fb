"""A run's page, its lists as files, and how it looks while it is under way."""

import csv
import io

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import html

from accounts.models import Person
from institutions.importing import notices, progress
from institutions.importing.codes import IssueCode
from institutions.importing.progress import Step
from institutions.importing.reasons import REMEDIES, Reason
from institutions.models import ImportIssue, ImportRun, RunState

from .conftest import AT, SYSTEM, pupils, send


def main(response) -> str:
    """The words of a page's main part, each piece apart."""
    return words_of(html.fromstring(response.content).xpath("//main")[0])


def words_of(element) -> str:
    return " ".join(" ".join(element.itertext()).split())


def show(client, run, **query: str) -> str:
    response = client.get(f"{AT}{run.pk}/", query)
    assert response.status_code == 200
    return main(response)


def issue_rows(client, run, **query: str) -> list[list[str]]:
    page = html.fromstring(client.get(f"{AT}{run.pk}/", query).content)
    return [
        [words_of(cell) for cell in row.xpath("./td")]
        for row in page.xpath("//section[@aria-labelledby='issues']//tbody/tr")
    ]


def read_csv(response) -> list[list[str]]:
    data = b"".join(response.streaming_content)
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))


def test_a_run_says_what_came_in_and_what_did_not(leif, flawed):
    page = show(leif, flawed)
    for words in (
        "Indlæst, men 3 personer mangler",
        "Personer i filen 23",
        "Oprettet 20",
        "Afvist 3",
        "3 personer skal rettes i jeres eget system",
        f"System {SYSTEM}",
        "Data fra 10. august",
        "Skoleår 2026-2027",
        "Næste import I nat kl. 2.00",
    ):
        assert words in page


def test_each_issue_has_line_local_id_what_is_wrong_its_code_and_what_to_do(leif, flawed):
    assert issue_rows(leif, flawed)[:2] == [
        ["26", "E900", "CPR-nummeret mangler CPR_MANGLER", "Indtast CPR-nummeret i jeres system."],
        [
            "27",
            "E901",
            "Hovedgruppen er ikke leveret som hovedgruppe HOVEDGRUPPE_UKENDT",
            "Opret klassen i jeres system, eller flyt eleven til en klasse, der findes.",
        ],
    ]


def test_issues_are_narrowed_by_code(leif, flawed):
    assert [row[1] for row in issue_rows(leif, flawed, kode="CPR_MANGLER")] == ["E900"]
    assert len(issue_rows(leif, flawed)) == 3


def test_an_unexpected_cpr_number_leads_to_skift_cpr_for_that_very_row(leif, flawed):
    ImportIssue.objects.create(run=flawed, line=30, local_person_id="E 1&2", code=IssueCode.CPR_UNEXPECTED)
    page = html.fromstring(leif.get(f"{AT}{flawed.pk}/").content)
    assert f"{AT}skift-cpr/?serie={flawed.series_id}&lokalt-id=E%201%262" in page.xpath("//main//a/@href")
    assert issue_rows(leif, flawed)[-1][-1] == "Er CPR-nummeret nyt? Brug Skift CPR E 1&2"


def test_an_issue_of_a_contact_person_says_which(leif, flawed):
    ImportIssue.objects.create(run=flawed, line=31, local_person_id="E7", code=IssueCode.CPR_INVALID, contact_number=2)
    said = "Kontaktperson nr. 2: CPR-nummeret er ikke gyldigt"
    assert said in show(leif, flawed)
    assert said in [row[3] for row in read_csv(leif.get(f"{AT}{flawed.pk}/fejl.csv"))]


def test_a_thousand_issues_come_by_the_page_with_the_same_number_of_queries(leif, flawed):
    with CaptureQueriesContext(connection) as few:
        leif.get(f"{AT}{flawed.pk}/")
    ImportIssue.objects.bulk_create(
        ImportIssue(run=flawed, line=100 + number, local_person_id=f"L{number}", code=IssueCode.CPR_MISSING)
        for number in range(1000)
    )
    with CaptureQueriesContext(connection) as many:
        leif.get(f"{AT}{flawed.pk}/")
    assert len(many) == len(few)
    assert len(issue_rows(leif, flawed)) == 50
    assert [row[0] for row in issue_rows(leif, flawed, side="21")] == ["1097", "1098", "1099"]
    assert len(issue_rows(leif, flawed, kode="CPR_MANGLER", side="2")) == 50


def test_the_issues_as_csv_open_in_a_spreadsheet_and_no_cell_is_a_formula(leif, flawed):
    response = leif.get(f"{AT}{flawed.pk}/fejl.csv")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == f'attachment; filename="fejl-{flawed.pk}.csv"'
    header, first, _, last = read_csv(response)
    assert header == ["Linje", "Lokalt id", "Kode", "Hvad er galt", "Hvad gør du"]
    assert first == ["26", "E900", "CPR_MANGLER", "CPR-nummeret mangler", "Indtast CPR-nummeret i jeres system."]
    assert last[1] == "'=E902"


def test_the_csv_speaks_the_language_of_the_page(leif, flawed):
    rows = read_csv(leif.get(f"{AT}{flawed.pk}/fejl.csv", {"sprog": "en"}))
    assert rows[0][1] == "Local id"
    assert rows[1][3] == "The CPR number is missing"


def test_there_is_something_to_do_about_every_reason():
    assert set(REMEDIES) == set(Reason)


@pytest.mark.parametrize("reason", [reason for reason in Reason if reason != Reason.STOPPED])
def test_a_refused_run_says_why_and_what_to_do(leif, cast, reason):
    details = {"limit": 64, "encoding": "UTF-16", "error": "x", "attribute": "source", "element": "Group"}
    details |= {"number": "101001", "count": 3, "persons": 9, "line": 7}
    run = ImportRun.objects.create(
        institution_number="101001",
        source=SYSTEM,
        file_name="nat.xml",
        sha256="0" * 64,
        state=RunState.REJECTED,
        reason=reason,
        reason_details=details,
    )
    page = html.fromstring(leif.get(f"{AT}{run.pk}/").content)
    tone = "info" if reason == Reason.SUPERSEDED else "error"
    [alert] = page.xpath(f"//main//div[contains(@class,'alert-{tone}')]")
    [why, remedy] = alert.xpath(".//p[not(@class)]")
    assert len(why.text_content()) > 10
    assert len(remedy.text_content()) > 10
    assert "%" not in alert.text_content()


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (Reason.CUT, "Vis det til leverandøren af jeres system."),
        (Reason.GIVEN_UP, "Fejlen kan være vores"),
        (Reason.AHEAD_OF_TIME, "stille systemets ur"),
    ],
)
def test_the_mail_of_a_refused_run_says_the_same_to_do(
    leif, cast, mailoutbox, django_capture_on_commit_callbacks, reason, words
):
    cast.school.email = "kontor@example.dk"
    cast.school.save()
    run = ImportRun.objects.create(
        institution_number="101001",
        source=SYSTEM,
        file_name="nat.xml",
        sha256="0" * 64,
        state=RunState.REJECTED,
        reason=reason,
        reason_details={"count": 10},
    )
    with django_capture_on_commit_callbacks(execute=True):
        notices.rejected(run, cast.school)
    [mail] = [mail for mail in mailoutbox if mail.to == ["kontor@example.dk"]]
    assert words in mail.body
    assert words in show(leif, run)
    assert ("everandør" in mail.body) == (reason != Reason.GIVEN_UP)


def test_a_run_without_errors_says_so(leif, loaded):
    assert "Ingen fejl" in show(leif, loaded)


def test_earlier_runs_of_the_same_system_are_a_click_away(leif, loaded):
    later = send(*pupils(range(20)), *pupils(range(20, 40), level="4"), *pupils(range(50, 51)), night=1)
    page = html.fromstring(leif.get(f"{AT}{later.pk}/").content)
    assert page.xpath("//section[@aria-labelledby='earlier']//a/@href") == [f"{AT}{loaded.pk}/"]


@pytest.mark.parametrize(
    ("state", "step", "said"),
    [
        (RunState.RECEIVED, None, "Importen venter på sin tur."),
        (RunState.RUNNING, None, "Vi læser filen."),
        (RunState.RUNNING, Step.COMPARING, "Vi sammenligner med det, vi har."),
        (RunState.RUNNING, Step.WRITING, "Vi skriver ændringerne."),
    ],
)
def test_a_run_under_way_says_how_far_it_is_and_asks_again_by_itself_and_by_a_link(leif, loaded, state, step, said):
    ImportRun.objects.filter(pk=loaded.pk).update(state=state)
    cache.clear()
    if step:
        progress.tell(loaded, step)
    response = leif.get(f"{AT}{loaded.pk}/")
    page = html.fromstring(response.content)
    [box] = page.xpath("//*[@hx-get]")
    assert box.get("hx-get") == f"{AT}{loaded.pk}/fremdrift/"
    assert said in box.text_content()
    assert box.xpath(".//a[text()='Opdatér']/@href") == [f"{AT}{loaded.pk}/"]
    assert b"htmx" in response.content
    cache.clear()


def test_when_it_is_over_the_page_loads_itself_anew(leif, loaded):
    response = leif.get(f"{AT}{loaded.pk}/fremdrift/", headers={"HX-Request": "true"})
    assert response["HX-Refresh"] == "true"


def test_a_page_that_is_not_live_brings_no_script_for_it(leif, loaded):
    assert b"htmx" not in leif.get(f"{AT}{loaded.pk}/").content


def test_no_page_and_no_file_names_a_person_or_a_cpr_number(leif, held, flawed_too):
    names = set(Person.objects.filter(family_name__startswith="Holm1").values_list("family_name", flat=True))
    assert len(names) > 5
    for run in ImportRun.objects.all():
        for path in ("", "godkend/", "aendringer/", "tag-tilbage/"):
            page = main(leif.get(f"{AT}{run.pk}/{path}"))
            assert not names & set(page.split())
            assert "155" not in page  # all of the delivery's CPR numbers have it
        for path in ("fejl.csv", "aendringer.csv"):
            data = b"".join(leif.get(f"{AT}{run.pk}/{path}").streaming_content).decode()
            assert "Holm" not in data
            assert "155" not in data


@pytest.fixture
def flawed_too(held):
    """A later file with a name that changes, a number that changes, and a row without."""
    renamed = [row.replace("Holm1", "Skov1") for row in pupils(range(20))]
    return send(*renamed, *pupils(range(20, 39), level="4"), night=2)

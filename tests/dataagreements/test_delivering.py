"""Deliveries over HTTPS: taken up by agreement alone, once, within bounds; and what became of them is told."""

import datetime as dt
import uuid

import pytest
from django.db import OperationalError, connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AuditEvent, Person
from dataagreements import deliveries, services
from dataagreements.models import Submission, WebService
from dataagreements.states import AgreementAction
from institutions import services as institutions
from institutions.importing.reasons import Reason
from institutions.models import ImportDelivery, ImportRun, RunState
from tests.agreements import institution, make_system
from tests.institutions.deliveries import contact, delivery, group, person, pupil
from tests.machines import machine_of

SOURCE = "Læsebroen Sync"


@pytest.fixture(autouse=True)
def agreements_count(settings):
    settings.IMPORT_CONSENT = "dataagreements.consent.may_deliver"


@pytest.fixture
def school(cast, agreed):
    """Lærkeskolen, which lets Læsebroen deliver its people."""
    agreed(cast.school, service=WebService.IMPORT, package=None, ticked=frozenset())
    return cast.school


def a_file(number: str = "101001", source: str = SOURCE, night: int = 0, first: str = "Anna") -> bytes:
    pupils = [pupil(f"p{n}", person(n, first=first), contact(person(100 + n, first="Mor"))) for n in range(1, 4)]
    return delivery(*pupils, groups=[group()], number=number, source=source, night=night)


def load(number: str = "101001") -> None:
    institutions.load_series(number, SOURCE, everything=True)


def test_a_delivery_is_taken_up_waits_and_its_status_tells_what_became_of_it(machine, school):
    answer = machine.deliver("101001", a_file())
    assert answer.status_code == 202
    status = answer.json()
    assert (status["state"], status["institutionNumber"], status["size"]) == ("received", "101001", len(a_file()))
    assert answer["Location"] == status["statusAddress"]
    assert machine.get(answer["Location"]).json()["state"] == "received"
    load()
    loaded = machine.get(answer["Location"]).json()
    assert (loaded["state"], loaded["stateText"]) == ("loaded", "Indlæst")
    assert loaded["counts"] == {"persons": 3, "created": 3, "updated": 0, "unchanged": 0, "ended": 0}
    assert loaded["endedAt"] >= loaded["receivedAt"]
    assert "issues" not in loaded


def test_the_same_file_twice_is_one_delivery(machine, school):
    first, second = machine.deliver("101001", a_file()), machine.deliver("101001", a_file())
    assert first["Location"] == second["Location"]
    assert (Submission.objects.count(), ImportDelivery.objects.count()) == (1, 1)
    load()
    third = machine.deliver("101001", a_file())
    assert (third.status_code, third["Location"], third.json()["state"]) == (202, first["Location"], "unchanged")
    assert Person.objects.filter(first_name="Anna").count() >= 3


def test_without_an_agreement_nothing_is_taken_up_and_the_audit_says_so(machine, cast):
    answer = machine.deliver("101001", a_file())
    assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json")
    assert answer.json()["type"] == "urn:unilogin:problem:no-agreement"
    assert [model.objects.count() for model in (Submission, ImportDelivery, ImportRun)] == [0, 0, 0]
    event = AuditEvent.objects.get(action="api.turned_away")
    assert (event.actor_institution, event.object_id) == ("101001", str(machine.system.pk))


def test_another_institutions_number_is_refused_whether_there_is_such_a_one_or_not(machine, school, cast):
    answers = [machine.deliver(number, a_file(number)) for number in (cast.day_care.number, "999999")]
    assert [answer.status_code for answer in answers] == [403, 403]
    assert answers[0].json() == answers[1].json()
    assert AuditEvent.objects.filter(action="api.turned_away").count() == 2


def test_another_systems_agreement_is_of_no_use(school, supplier, sune):
    stranger = machine_of(make_system(supplier, "Et andet", import_source="Et andet"), sune)
    assert stranger.deliver("101001", a_file(source="Et andet")).status_code == 403
    assert stranger.deliver("101001", a_file()).status_code == 403


def test_the_file_must_say_for_whom_and_by_whom_it_is(machine, school, cast):
    institution(cast, "G90001")
    for data, code in (
        (a_file("G90001"), Reason.OTHER_INSTITUTION),
        (a_file(source="Et andet"), Reason.OTHER_SOURCE),
    ):
        answer = machine.deliver("101001", data)
        assert (answer.status_code, answer.json()["code"]) == (422, code)
        status = machine.get(answer.json()["statusAddress"]).json()
        assert (status["state"], status["reason"]["code"]) == ("rejected", code)
    assert not ImportDelivery.objects.exists()
    assert set(ImportRun.objects.values_list("institution_number", "source")) == {("101001", SOURCE)}


def test_what_is_wrong_with_a_file_is_told_at_once_and_to_the_institution(machine, school):
    answer = machine.deliver("101001", b"<UNILoginImport")
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:unilogin:problem:refused")
    assert answer.json()["line"] == 1
    run = ImportRun.objects.get()
    assert (run.institution_number, run.source, run.state) == ("101001", SOURCE, RunState.REJECTED)


def test_a_refused_file_may_come_again_mended_or_not(machine, school):
    machine.deliver("101001", b"<UNILoginImport")
    assert machine.deliver("101001", b"<UNILoginImport").status_code == 422
    assert Submission.objects.count() == 1
    assert machine.deliver("101001", a_file()).status_code == 202


def test_the_end_of_the_agreement_refuses_the_next_and_what_waits(machine, school, sune, agreed):
    waiting = machine.deliver("101001", a_file())
    agreement = school.data_agreements.get()
    services.act_as_provider(agreement, AgreementAction.END, by=sune.actor)
    assert machine.deliver("101001", a_file(night=1)).status_code == 403
    load()
    status = machine.get(waiting["Location"]).json()
    assert (status["state"], status["reason"]["code"]) == ("rejected", "no_agreement")
    assert "leverancer" in waiting["Location"]


def test_what_was_loaded_is_not_a_sign_of_life_after_the_end(machine, school, sune):
    """The same bytes by another way in: without an agreement they are refused, and not called unchanged."""
    machine.deliver("101001", a_file())
    load()
    services.act_as_provider(school.data_agreements.get(), AgreementAction.END, by=sune.actor)
    report = institutions.receive(deliveries.Delivery.of("101001.xml", a_file()))
    assert report is not None
    assert (report.state, report.reason) == (RunState.REJECTED, Reason.NO_AGREEMENT)


def in_a_folder(folder, copies: int) -> list[RunState]:
    """Load the same bytes from as many files; return what became of each."""
    folder.mkdir()
    for number in range(copies):
        (folder / f"{number}.xml").write_bytes(a_file())
    return [report.state for report in institutions.load_deliveries([folder])]


def test_a_folder_of_unchanged_deliveries_asks_for_agreements_at_once(school, tmp_path):
    in_a_folder(tmp_path / "first", 1)
    queries = []
    for copies in (3, 30):
        with CaptureQueriesContext(connection) as captured:
            assert in_a_folder(tmp_path / str(copies), copies) == [RunState.UNCHANGED] * copies
        queries.append(len(captured))
    assert queries[0] == queries[1]


def test_in_a_folder_nothing_is_unchanged_after_the_end(school, sune, tmp_path):
    in_a_folder(tmp_path / "before", 1)
    services.act_as_provider(school.data_agreements.get(), AgreementAction.END, by=sune.actor)
    assert in_a_folder(tmp_path / "after", 3) == [RunState.REJECTED] * 3


def test_issues_are_told_by_line_and_local_id_and_never_by_a_cpr_number(machine, cast, agreed):
    agreed(institution(cast, "101077", kind="school"), service=WebService.IMPORT, package=None, ticked=frozenset())
    rows = [pupil("p1", person(1)), pupil("010115-1234", person(2), main="9z"), pupil("p3", person(3), main="9z")]
    rows += [pupil(f"q{n}", person(10 + n)) for n in range(40)]
    answer = machine.deliver("101077", delivery(*rows, number="101077", source=SOURCE))
    load("101077")
    status = machine.get(answer["Location"]).json()
    assert status["state"] == "loaded_with_issues"
    assert [issue.get("localPersonId") for issue in status["issues"]] == [None, "p3"]
    assert {issue["code"] for issue in status["issues"]} == {"HOVEDGRUPPE_UKENDT"}
    assert "010115" not in str(status)


@pytest.mark.parametrize("content_type", ["text/plain", "application/json", "multipart/form-data; boundary=x", ""])
def test_a_delivery_is_xml(machine, school, content_type):
    assert machine.deliver("101001", a_file(), content_type).status_code == 415


def test_a_delivery_is_bounded_before_it_is_read(machine, school, settings):
    settings.IMPORT_MAX_BYTES = 500
    assert machine.deliver("101001", a_file()).status_code == 413
    lying = machine.deliver("101001", a_file(), **{"Content-Length": "10"})
    assert lying.status_code in {413, 422}
    assert not ImportDelivery.objects.exists()


def test_a_delivery_says_how_long_it_is(machine, school):
    headers = {"Authorization": f"Bearer {machine.token}"}
    answer = Browser().generic(
        "POST", "/api/import/v7/101001", b"x", "application/xml", headers=headers, CONTENT_LENGTH=""
    )
    assert answer.status_code == 411


def test_a_program_that_goes_wrong_does_not_fill_the_database(machine, school):
    answers = [machine.deliver("101001", a_file(night=n)) for n in range(deliveries.MOST_WAITING + 1)]
    assert [answer.status_code for answer in answers] == [202] * deliveries.MOST_WAITING + [429]
    assert answers[-1]["Retry-After"] == "3600"
    assert machine.deliver("101001", a_file(night=3)).status_code == 202  # it waits already
    load()
    assert machine.deliver("101001", a_file(night=deliveries.MOST_WAITING + 1)).status_code == 202


def test_where_the_database_gives_way_the_sender_is_told_to_come_again(machine, school, monkeypatch):
    def give_way(*_args):
        raise OperationalError

    monkeypatch.setattr(deliveries.institutions, "receive", give_way)
    answer = machine.deliver("101001", a_file())
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")


def test_a_status_is_its_systems_own(machine, school, supplier, sune):
    address = machine.deliver("101001", a_file())["Location"]
    stranger = machine_of(make_system(supplier, "Et andet", import_source="Et andet"), sune)
    assert stranger.get(address).status_code == 404
    assert machine.get(address.replace("101001", "101002")).status_code == 404
    assert machine.get(f"/api/import/v7/101001/leverancer/{uuid.uuid4()}").status_code == 404
    assert Browser().get(address).status_code == 401


def test_a_status_whose_run_is_forgotten_is_gone(machine, school):
    address = machine.deliver("101001", a_file())["Location"]
    load()
    ImportRun.objects.all().delete()
    assert machine.get(address).status_code == 404


def test_a_browser_that_is_logged_in_gets_nowhere(sune, school):
    assert sune.client().post("/api/import/v7/101001", a_file(), "application/xml").status_code == 401


def test_a_passive_connection_or_an_agreement_past_its_day_takes_nothing_up(machine, school):
    agreement = school.data_agreements.get()
    agreement.confirm_by = timezone.localdate() - dt.timedelta(days=1)
    agreement.save()
    assert machine.deliver("101001", a_file()).status_code == 403


def test_other_methods_are_told_which_ones_there_are(machine):
    headers = {"Authorization": f"Bearer {machine.token}"}
    for method, path, allowed in (
        ("GET", "/api/import/v7/101001", "POST"),
        ("PUT", "/api/import/v7/101001", "POST"),
        ("DELETE", f"/api/import/v7/101001/leverancer/{uuid.uuid4()}", "GET, HEAD"),
    ):
        answer = Browser().generic(method, path, headers=headers)
        assert (answer.status_code, answer["Allow"]) == (405, allowed)
        assert answer["Content-Type"] == "application/problem+json"
    assert Browser().get("/api/findes/ikke").status_code == 404
    assert Browser().get("/api/findes/ikke")["Content-Type"] == "application/problem+json"

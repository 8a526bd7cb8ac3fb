"""Suppliers: admitted by a case, their systems, what STIL lets these use, and requests to many (D4.3)."""

import datetime as dt

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import AuditEvent
from dataagreements import requests, services, tasks
from dataagreements.models import (
    Agreement,
    BatchState,
    Connection,
    Fetch,
    ProcessorContract,
    Provider,
    RequestBatch,
    Subscription,
    System,
)
from dataagreements.packages import Package
from dataagreements.states import AgreementState, ConnectionState, SystemAction
from institutions.models import Case
from tests.agreements import agreement_with, ask, asked, institution, make_system
from tests.officers import SUPPLIER
from unilogin_portal.lib.errors import DomainError

from .conftest import OTHER_SUPPLIER

COMPANY = {
    "cvr": SUPPLIER,
    "name": "Nordlys Læring",
    "p_number": "1012345678",
    "email": "post@nordlys.example",
    "phone": "70 00 00 00",
    "message": "Vi laver bøger til børn.",
}


@pytest.fixture
def stil(logged_in):
    return logged_in("olga")


def approve_case(stil, number: str):
    return stil.post(f"/stil/sager/{number}/", {"svar": "godkend", "text": ""}, follow=True)


def test_a_company_becomes_a_supplier_by_a_case(sune, stil, django_capture_on_commit_callbacks):
    client = sune.client()
    assert "I er ikke udbyder endnu" in client.get("/tilslutning/udbyder/").content.decode()
    done = client.post("/tilslutning/udbyder/bliv/", COMPANY, follow=True).content.decode()
    case = Case.objects.get()
    assert f"Nummeret er {case.number}" in done or case.number in done
    assert not Provider.objects.exists()
    shown = stil.get(f"/stil/sager/{case.number}/").content.decode()
    assert "Nordlys Læring, CVR 90001234" in shown
    assert "1012345678" in shown
    with django_capture_on_commit_callbacks(execute=True):
        assert "Sagen er godkendt og udført" in approve_case(stil, case.number).content.decode()
    provider = Provider.objects.get()
    assert (provider.name, provider.cvr, provider.p_number) == ("Nordlys Læring", SUPPLIER, "1012345678")
    assert Subscription.objects.get(provider=provider).confirmed_at
    assert mail.outbox[-1].subject == f"Sag {case.number} er godkendt"
    assert "Nordlys Læring" in client.get("/tilslutning/udbyder/").content.decode()


def test_the_same_company_asks_once(sune, stil):
    client = sune.client()
    client.post("/tilslutning/udbyder/bliv/", COMPANY)
    assert "har allerede anmodet" in client.post("/tilslutning/udbyder/bliv/", COMPANY).content.decode()
    approve_case(stil, Case.objects.get().number)
    assert "er allerede udbyder" in client.post("/tilslutning/udbyder/bliv/", COMPANY).content.decode()
    assert Provider.objects.count() == 1


def test_a_company_asks_for_its_own_cvr_number_only(sune):
    page = sune.client().post("/tilslutning/udbyder/bliv/", {**COMPANY, "cvr": OTHER_SUPPLIER})
    assert page.status_code == 200
    assert not Case.objects.exists()


def test_stil_asks_the_company_answers_and_withdraws(sune, stil, django_capture_on_commit_callbacks):
    client = sune.client()
    client.post("/tilslutning/udbyder/bliv/", COMPANY)
    number = Case.objects.get().number
    with django_capture_on_commit_callbacks(execute=True):
        stil.post(f"/stil/sager/{number}/", {"svar": "spoerg", "text": "Hvilke skoler?"})
    assert mail.outbox[-1].to == ["post@nordlys.example"]
    path = f"/tilslutning/udbyder/sager/{number}/"
    assert "Hvilke skoler?" in client.get(path).content.decode()
    client.post(path, {"svar": "1", "text": "Alle."})
    assert "Alle." in stil.get(f"/stil/sager/{number}/").content.decode()
    client.post(path, {"traek-tilbage": "1"})
    assert Case.objects.get().state == "withdrawn"


def test_another_companys_case_is_not_there(sune, officer):
    sune.client().post("/tilslutning/udbyder/bliv/", COMPANY)
    other = officer("Ea Friis", cvr=OTHER_SUPPLIER).client()
    assert other.get(f"/tilslutning/udbyder/sager/{Case.objects.get().number}/").status_code == 404


def test_a_company_is_no_institution_among_the_schools_cases(by_mitid, sune):
    sune.client().post("/tilslutning/udbyder/bliv/", COMPANY)
    leader = by_mitid("leif")
    assert Case.objects.get().number not in leader.get("/sager/").content.decode()
    assert leader.get(f"/sager/{Case.objects.get().number}/").status_code == 404
    assert "Bliv udbyder" not in leader.get("/sager/ny/").content.decode()


def test_a_system_is_made_changed_and_its_names_are_nobody_elses(sune, supplier, system):
    client = sune.client()
    path = f"/tilslutning/udbyder/{supplier.pk}/systemer/nyt/"
    taken = client.post(path, {"name": "læsebroen", "description": "x"}).content.decode()
    assert "allerede et system med det navn" in taken
    taken = client.post(path, {"name": "Ny", "description": "x", "import_source": "Læsebroen Sync"}).content.decode()
    assert "Et andet system leverer under det navn" in taken
    client.post(path, {"name": "Lydbroen", "description": "Lydbøger"})
    made = System.objects.get(name="Lydbroen")
    client.post(f"/tilslutning/udbyder/systemer/{made.pk}/ret/", {"name": "Lydbroen 2", "description": "Lydbøger"})
    made.refresh_from_db()
    assert made.name == "Lydbroen 2"
    assert AuditEvent.objects.filter(action="system.changed").exists()


def test_another_suppliers_system_is_not_there(officer, system):
    other = officer("Ea Friis", cvr=OTHER_SUPPLIER).client()
    for path in ("", "ret/", "skift/", "tilslut/"):
        assert other.get(f"/tilslutning/udbyder/systemer/{system.pk}/{path}").status_code == 404


def test_stil_looks_at_a_system_and_does_not_change_it(stil, system):
    assert stil.get(f"/tilslutning/udbyder/systemer/{system.pk}/").status_code == 200
    assert stil.get(f"/tilslutning/udbyder/systemer/{system.pk}/ret/").status_code == 403


def test_a_connection_is_asked_for_and_valid_when_stil_says_so(sune, stil, supplier):
    client = sune.client()
    bare = System.objects.create(provider=supplier, name="Lydbroen", description="Lydbøger")
    path = f"/tilslutning/udbyder/systemer/{bare.pk}/tilslut/"
    needs_name = client.post(path, {"service": "import"}).content.decode()
    assert "hvilket navn systemet leverer under" in needs_name
    client.post(path, {"service": "eksport"})
    connection = Connection.objects.get(system=bare)
    assert connection.state == ConnectionState.REQUESTED
    assert "allerede en aftale om denne webservice" in client.post(path, {"service": "eksport"}).content.decode()
    with pytest.raises(DomainError):
        services.begin(bare, asked(), ["G12345"], by=sune.actor)
    approve_case(stil, connection.case.number)
    connection.refresh_from_db()
    assert connection.state == ConnectionState.VALID
    services.begin(bare, asked(), ["G12345"], by=sune.actor)


def test_after_a_rejected_connection_another_may_be_asked_for(sune, stil, supplier):
    bare = System.objects.create(provider=supplier, name="Lydbroen", description="Lydbøger")
    client = sune.client()
    path = f"/tilslutning/udbyder/systemer/{bare.pk}/tilslut/"
    client.post(path, {"service": "eksport"})
    stil.post(f"/stil/sager/{Case.objects.get().number}/", {"svar": "afvis", "text": "Nej"})
    assert "Afvist" in client.get(f"/tilslutning/udbyder/systemer/{bare.pk}/").content.decode()
    client.post(path, {"service": "eksport"})
    assert Connection.objects.filter(state=ConnectionState.REQUESTED).count() == 1


def test_a_system_is_made_passive_after_a_page_that_says_what_it_means(approved, sune, system):
    client = sune.client()
    path = f"/tilslutning/udbyder/systemer/{system.pk}/skift/"
    page = client.get(path).content.decode()
    assert "Bekræft deaktivering" in page
    assert "1 aftale bliver stående" in page
    client.post(path, {"til": "passive"})
    client.post(path, {"til": "passive"})  # a second click
    system.refresh_from_db()
    assert system.state == "passive"
    assert AuditEvent.objects.filter(action="system.passivate").count() == 1
    assert "Læsebroen" not in client.get("/tilslutning/udbyder/").content.decode()
    assert "Læsebroen" in client.get("/tilslutning/udbyder/?passive=1").content.decode()
    assert "Bekræft aktivering" in client.get(path).content.decode()
    client.post(path, {"til": "active"})
    system.refresh_from_db()
    assert system.state == "active"


def form(of: System, /, **more: object) -> dict[str, object]:
    return {
        "system": of.pk,
        "service": "eksport",
        "package": "mellem",
        "ticked": ["birth_date"],
        "purpose": "Lydbøger",
        "legal_basis": "Artikel 6",
        "valid_until": (timezone.localdate() + dt.timedelta(days=300)).isoformat(),
        "numbers": "",
        "added": "",
        "comment": "",
        "form_key": "a" * 32,
        **more,
    }


def test_numbers_are_added_removed_and_sent(sune, system, day_care, cast):
    client = sune.client()
    page = client.post(
        "/tilslutning/udbyder/anmod/", form(system, numbers="g12345, 101001\n999999", tilfoej="1", purpose="")
    ).content.decode()
    assert "Bakkehuset" in page
    assert "Lærkeskolen" in page
    assert "Ingen institution har dette nummer" in page
    assert 'value="G12345 101001 999999"' in page
    assert not RequestBatch.objects.exists()
    page = client.post("/tilslutning/udbyder/anmod/", form(system, added="G12345 101001", fjern="101001"))
    assert 'value="G12345"' in page.content.decode()
    done = client.post("/tilslutning/udbyder/anmod/", form(system, added="G12345"), follow=True).content.decode()
    assert "Anmodningen er sendt til 1 institution" in done
    assert agreement_with(day_care).terms.ticked == ["birth_date"]


def test_numbers_come_from_a_file_too(sune, system, day_care):
    file = SimpleUploadedFile("numre.csv", "\ufeffG12345;Bakkehuset\nG99999;Et andet\n".encode())
    sune.client().post("/tilslutning/udbyder/anmod/", form(system, number_file=file))
    batch = RequestBatch.objects.get()
    assert batch.numbers == ["G12345", "G99999"]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"package": ""}, "Vælg en pakke"),
        ({"package": "lille"}, "Pakken indeholder ikke: Fødselsdato"),
        ({"service": "import"}, "En import har ingen pakke"),
        ({"valid_until": "2001-01-01"}, "Vælg en dag efter i dag"),
        ({"valid_until": "9999-12-31"}, "Vælg en dag efter i dag"),
        ({"purpose": "Se 010190-1234"}, "CPR-nummer"),
        ({"added": ""}, "Tilføj mindst ét institutionsnummer"),
        ({"system": "999"}, "Vælg"),
    ],
)
def test_what_is_wrong_with_a_request_is_told(sune, system, wrong, words):
    page = sune.client().post("/tilslutning/udbyder/anmod/", form(system, **{"added": "G12345", **wrong}))
    assert words in page.content.decode()
    assert not RequestBatch.objects.exists()


def test_a_double_click_sends_one_request(sune, system, day_care):
    client = sune.client()
    for _ in range(2):
        client.post("/tilslutning/udbyder/anmod/", form(system, added="G12345"))
    assert RequestBatch.objects.count() == Agreement.objects.count() == 1


def test_a_request_to_two_thousand_is_one_act_with_a_list_of_what_could_not_be_sent(
    sune, system, cast, django_assert_max_num_queries, django_capture_on_commit_callbacks
):
    places = [institution(cast, f"G{n:05d}") for n in range(50_000, 52_000)]
    waiting = places[0]
    ask(system, sune, waiting)
    numbers = [*(one.number for one in places), "G50001", "XX", "999999", "D00001"]
    batch = services.begin(system, asked(), numbers, comment="Hej", by=sune.actor)
    with django_assert_max_num_queries(100), django_capture_on_commit_callbacks(execute=True):
        services.send(batch.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.done) == (BatchState.DONE, 2004)
    assert Agreement.objects.filter(batch=batch).count() == 1999
    client = sune.client()
    page = client.get(f"/tilslutning/udbyder/anmodninger/{batch.pk}/").content.decode()
    assert "Anmodningen er sendt til 1999 institutioner" in page
    for words in ("Der venter allerede en anmodning", "står tidligere på listen", "Det er ikke et institutionsnummer"):
        assert words in page
    assert [row.outcome for row in batch.outcomes.filter(place__gte=2000)] == [
        "double",
        "no_number",
        "unknown",
        "unknown",
    ]


def test_a_worker_that_died_halfway_is_taken_up_and_nothing_is_sent_twice(
    sune, system, cast, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(requests, "LOT", 3)
    places = [institution(cast, f"G5000{n}") for n in range(8)]
    batch = services.begin(system, asked(), [one.number for one in places], by=sune.actor)
    requests._send_lot(batch.pk)
    batch.refresh_from_db()
    assert (batch.done, batch.state) == (3, BatchState.RUNNING)
    client = sune.client()
    assert "3 af 8 numre" in client.get(f"/tilslutning/udbyder/anmodninger/{batch.pk}/").content.decode()
    assert "3 af 8" in client.get(f"/tilslutning/udbyder/anmodninger/{batch.pk}/fremdrift/").content.decode()
    assert services.unfinished(timezone.now()) == []
    RequestBatch.objects.update(created_at=timezone.now() - dt.timedelta(minutes=6))
    tasks.send_unfinished()
    batch.refresh_from_db()
    assert (batch.done, batch.state) == (8, BatchState.DONE)
    assert Agreement.objects.count() == batch.outcomes.count() == 8
    assert client.get(f"/tilslutning/udbyder/anmodninger/{batch.pk}/fremdrift/").headers["HX-Refresh"] == "true"
    services.send(batch.pk)
    assert Agreement.objects.count() == 8


def test_asking_for_the_same_as_is_agreed_is_needless_and_for_something_else_is_not(approved, sune, system, day_care):
    assert [row.outcome for row in ask(system, sune, day_care).outcomes.all()] == ["agreed"]
    assert [row.outcome for row in ask(system, sune, day_care, package=Package.FULL).outcomes.all()] == ["sent"]
    assert [row.outcome for row in ask(system, sune, day_care, package=Package.SMALL).outcomes.all()] == ["waiting"]


def test_a_passive_system_asks_nobody(sune, system, day_care):
    services.switch_system(system, SystemAction.PASSIVATE, by=sune.actor)
    page = sune.client().post("/tilslutning/udbyder/anmod/", form(system, added="G12345")).content.decode()
    assert "Systemet er passivt" in page


def test_a_request_is_withdrawn_by_its_supplier(requested, sune):
    client = sune.client()
    path = f"/tilslutning/udbyder/aftaler/{requested.pk}/"
    client.post(path, {"handling": "traek-tilbage", "kommentar": "Fejl"})
    requested.refresh_from_db()
    assert requested.state == AgreementState.WITHDRAWN
    again = client.post(path, {"handling": "traek-tilbage"}).content.decode()
    assert "ændret i mellemtiden" in again
    assert "Tilbagekaldt" in client.get("/tilslutning/udbyder/aftaler/").content.decode()


def test_a_supplier_confirms_that_it_has_deleted_what_it_fetched(approved, sune, nadia):
    Fetch.objects.create(agreement=approved, format="xml", package=Package.MEDIUM, people=84)
    client = sune.client()
    path = f"/tilslutning/udbyder/aftaler/{approved.pk}/"
    client.post(path, {"handling": "ophoer", "kommentar": ""})
    approved.refresh_from_db()
    assert approved.state == AgreementState.ENDED
    assert "Har I slettet data?" in client.get(path).content.decode()
    assert "data skal slettes" in client.get("/tilslutning/udbyder/aftaler/?vis=slet").content.decode()
    for _ in range(2):
        client.post(path, {"handling": "slettet", "kommentar": ""})
    assert approved.events.filter(action="deleted").count() == 1
    page = nadia.client().get(f"/tilslutning/aftaler/{approved.pk}/").content.decode()
    assert "Leverandøren har slettet data" in page


def test_a_supplier_reads_no_officers_name(approved, sune, nadia):
    page = sune.client().get(f"/tilslutning/udbyder/aftaler/{approved.pk}/").content.decode()
    assert "Nadia" not in page
    assert "Organisationen" in page
    assert "Sune Bak, Nordlys Læring" in page
    assert "Sune" not in nadia.client().get(f"/tilslutning/aftaler/{approved.pk}/").content.decode()


def test_another_suppliers_agreements_and_requests_are_not_there(officer, approved):
    other = officer("Ea Friis", cvr=OTHER_SUPPLIER).client()
    for path in (
        f"aftaler/{approved.pk}/",
        f"anmodninger/{approved.batch_id}/",
        f"anmodninger/{approved.batch_id}/fremdrift/",
    ):
        assert other.get(f"/tilslutning/udbyder/{path}").status_code == 404
    assert other.post(f"/tilslutning/udbyder/aftaler/{approved.pk}/", {"handling": "ophoer"}).status_code == 404


def test_a_contract_is_kept_with_its_hash_once(sune, supplier):
    client = sune.client()
    path = f"/tilslutning/udbyder/{supplier.pk}/databehandleraftaler/"
    for _ in range(2):
        file = SimpleUploadedFile("aftale.pdf", b"%PDF-1.7 tekst")
        client.post(path, {"signed_on": "2026-10-14", "file": file})
    assert ProcessorContract.objects.count() == 1
    assert ProcessorContract.objects.get().sha256 in client.get(path).content.decode()


@pytest.mark.parametrize(
    ("content", "day", "words"),
    [
        (b"MZ hej", "2026-10-14", "Filen er ikke en PDF"),
        (b"%PDF-" + b"x" * (5 * 1024 * 1024), "2026-10-14", "højst fylde 5 MB"),
        (b"%PDF-1.7", "2999-01-01", "en dag, der ikke er kommet endnu"),
        (b"", "2026-10-14", "Filen er tom"),
    ],
)
def test_a_file_that_is_no_contract_is_refused(sune, supplier, content, day, words):
    file = SimpleUploadedFile("aftale.pdf", content)
    page = sune.client().post(
        f"/tilslutning/udbyder/{supplier.pk}/databehandleraftaler/", {"signed_on": day, "file": file}
    )
    assert words in page.content.decode()
    assert not ProcessorContract.objects.exists()


def test_another_suppliers_contract_cannot_be_shown(officer, sune, system):
    other = Provider.objects.create(name="Klik", cvr=OTHER_SUPPLIER, email="x@klik.example")
    make_system(other, "Fotoalbummet")
    theirs = services.keep_contract(
        other,
        signed_on=dt.date(2026, 1, 1),
        file_name="x.pdf",
        content=b"%PDF-",
        by=officer("Ea", cvr=OTHER_SUPPLIER).actor,
    )
    page = sune.client().post("/tilslutning/udbyder/anmod/", form(system, added="G12345", contract=theirs.pk))
    assert page.status_code == 200
    assert not RequestBatch.objects.exists()


@pytest.mark.parametrize("path", ["udbyder/", "udbyder/aftaler/", "udbyder/anmodninger/{batch}/?vis=alle"])
def test_the_suppliers_lists_ask_the_same_few_questions_however_many_rows(
    path, sune, system, cast, django_assert_max_num_queries
):
    batch = ask(system, sune, *(institution(cast, f"G92{n:03d}") for n in range(60)))
    client = sune.client()
    address = "/tilslutning/" + path.format(batch=batch.pk)
    client.get(address)
    with django_assert_max_num_queries(9):
        assert client.get(address).status_code == 200

"""Many at once, on PostgreSQL: approvers, senders, fetchers, and whoever ends it all meanwhile."""

import datetime as dt
import secrets
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import InternalError, connection, transaction
from django.utils import timezone

from accounts.models import AuditEvent, Person
from dataagreements import fetching, requests, services
from dataagreements.exports import snapshot
from dataagreements.exports.release import Release
from dataagreements.exports.ws17 import Export, Filters
from dataagreements.models import (
    AccessToken,
    Agreement,
    AgreementEvent,
    Client,
    ExportVersion,
    Fetch,
    RequestBatch,
    Submission,
    WebService,
)
from dataagreements.packages import Package, fields_of
from dataagreements.states import AgreementAction, AgreementState
from institutions.models import Group, ImportDelivery
from tests.agreements import agreement_with, approve, ask, asked, institution
from tests.dataagreements_ws17.reader import read
from tests.dataagreements_ws17.school import furnish
from tests.institutions.deliveries import delivery, group, person, pupil
from tests.machines import Machine
from tests.officers import MUNICIPALITY
from unilogin_portal.lib.errors import DomainError

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

CONFIRM = "/tilslutning/anmodninger/bekraeft/"
EXPORT = "/api/eksport/v7/101001?pakke=mellem"
USERS = "/ims/oneroster/rostering/v1p2/users"
AGREEMENTS = "/api/eksport/v7/dataaftaler?pakke=lille"
SOURCE = "Læsebroen Sync"


@pytest.fixture
def school(cast, agreed):
    """Lærkeskolen lets Læsebroen fetch Medium."""
    furnish(cast)
    return agreed(cast.school, package=Package.MEDIUM, ticked=frozenset({"birth_date"})).institution


def alone(act: Callable[[], object]) -> object:
    """Do it on a connection of its own; a refusal is what came of it."""
    try:
        return act()
    except DomainError as error:
        return error
    finally:
        connection.close()


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Do all in threads that start together; return what came of each."""
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        start.wait()
        return alone(act)

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def overtaken(first: Callable[[], object], second: Callable[[], object]) -> object:
    """Do `first`, and before it is committed begin `second`, which has to wait for it; return what came of `second`."""
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first()
            begun = pool.submit(alone, second)
            deadline = time.monotonic() + 5
            while not somebody_waits_for_us():
                assert not begun.done(), begun.result()
                assert time.monotonic() < deadline
                time.sleep(0.01)
        return begun.result(timeout=5)


def somebody_waits_for_us() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))"
        )
        return cursor.fetchone()[0]


def another(machine: Machine) -> Machine:
    """The same system in another process, with the token it has."""
    return Machine(machine.system, machine.client_id, machine.secret, given=machine.token)


def fetch(machine: Machine, path: str = EXPORT, **headers: str):
    answer = another(machine).get(path, **headers)
    return answer, b"".join(answer.streaming_content) if answer.streaming else answer.content


# Approvers


def test_of_two_approvers_at_once_one_wins_and_the_other_is_told(officer, nadia, requested):
    ida = officer("Ida Berg", cvr=MUNICIPALITY).client()
    form = {"anmodning": requested.pk, "status": "reject", "udfoer": "1"}
    page = overtaken(lambda: approve(requested, nadia), lambda: ida.post(CONFIRM, form, follow=True))
    assert "1 anmodning var allerede besvaret af en anden" in page.content.decode()
    assert "er afvist" not in page.content.decode()
    requested.refresh_from_db()
    assert requested.state == AgreementState.APPROVED
    assert list(requested.events.values_list("action", flat=True)) == ["approve", "request"]


def test_on_the_agreements_own_page_she_is_told_who_was_faster(officer, nadia, requested):
    ida = officer("Ida Berg", cvr=MUNICIPALITY).client()
    path = f"/tilslutning/aftaler/{requested.pk}/"
    page = overtaken(lambda: approve(requested, nadia), lambda: ida.post(path, {"status": "reject"}))
    assert "En anden har allerede svaret: Nadia Færch" in page.content.decode()
    assert requested.events.count() == 2


def test_many_requests_that_two_answer_at_once_are_each_answered_once(cast, officer, nadia, sune, system):
    ask(system, sune, *[institution(cast, f"G9{n:04d}") for n in range(40)])
    ida = officer("Ida Berg", cvr=MUNICIPALITY)
    rows = Agreement.objects.waiting()
    answers = at_once(
        *[lambda: services.answer(rows, AgreementAction.APPROVE, by=nadia.actor)] * 2,
        *[lambda: services.answer(rows, AgreementAction.REJECT, by=ida.actor)] * 2,
    )
    assert sum(answer.count for answer in answers) == 40
    assert AgreementEvent.objects.exclude(action="request").count() == 40
    assert AuditEvent.objects.filter(action__in=["agreement.approve", "agreement.reject"]).count() == 40


def test_an_answer_and_a_withdrawal_at_once_are_one_of_the_two(nadia, sune, requested):
    at_once(
        lambda: services.answer_one(requested, AgreementAction.APPROVE, by=nadia.actor),
        lambda: services.act_as_provider(requested, AgreementAction.WITHDRAW, by=sune.actor),
    )
    requested.refresh_from_db()
    assert requested.state in {AgreementState.APPROVED, AgreementState.WITHDRAWN}
    assert requested.events.count() == 2


# Suppliers


def test_a_form_that_is_sent_twice_at_once_is_one_request(cast, sune, system):
    key, places = secrets.token_hex(16), [institution(cast, f"G9000{n}").number for n in range(3)]

    def begin() -> object:
        return services.begin(system, asked(), places, by=sune.actor, form_key=key)

    batches = {one.pk for one in at_once(*[begin] * 4) if isinstance(one, RequestBatch)}
    assert batches == {RequestBatch.objects.get().pk}


def test_a_request_that_two_workers_send_at_once_goes_to_each_once(cast, sune, system, monkeypatch):
    monkeypatch.setattr(requests, "LOT", 3)
    places = [institution(cast, f"G9{n:04d}").number for n in range(20)]
    batch = services.begin(system, asked(), places, by=sune.actor)
    at_once(*[lambda: services.send(batch.pk)] * 3)
    assert list(batch.outcomes.values_list("place", "outcome")) == [(n, "sent") for n in range(20)]
    assert Agreement.objects.count() == AgreementEvent.objects.count() == 20


def test_two_requests_of_a_system_at_once_wait_at_each_institution_once(cast, sune, system, monkeypatch):
    monkeypatch.setattr(requests, "LOT", 4)
    places = [institution(cast, f"G9{n:04d}").number for n in range(12)]
    batches = [services.begin(system, asked(), order, by=sune.actor) for order in (places, places[::-1])]
    at_once(*[lambda batch=batch: services.send(batch.pk) for batch in batches])
    assert Agreement.objects.count() == 12
    assert sum(batch.outcomes.filter(outcome="waiting").count() for batch in batches) == 12


def test_no_more_than_two_accesses_work_however_many_are_made_at_once(system, sune):
    made = at_once(*[lambda: services.make_client(system, secrets.token_hex(16), by=sune.actor)] * 4)
    assert sum(isinstance(one, DomainError) for one in made) == 2
    assert system.clients.working().count() == 2


def test_a_click_made_twice_at_once_shows_one_secret(system, sune):
    made = at_once(*[lambda: services.make_client(system, "a" * 32, by=sune.actor)] * 3)
    assert sum(one is not None for one in made) == 1


@pytest.mark.parametrize("first_use", [True, False])
def test_no_token_works_that_was_asked_for_while_its_access_was_revoked(machine, sune, first_use):
    if not first_use:
        assert machine.token
    client = Client.objects.get()
    answer = overtaken(lambda: services.revoke_client(client, by=sune.actor), machine.ask_token)
    machine.given = answer.json().get("access_token", "none")
    assert machine.get(AGREEMENTS).status_code == 401
    assert not AccessToken.objects.filter(client__revoked_at=None).exists()
    assert machine.ask_token().status_code == 401


# Deliveries


def test_a_file_that_comes_several_times_at_once_is_one_delivery(cast, machine, agreed, settings):
    settings.IMPORT_CONSENT = "dataagreements.consent.may_deliver"
    agreed(cast.school, service=WebService.IMPORT, package=None, ticked=frozenset())
    data = delivery(pupil("p1", person(1)), groups=[group()], number="101001", source=SOURCE)
    answers = at_once(*[lambda: another(machine).deliver("101001", data)] * 4)
    assert [answer.status_code for answer in answers] == [202] * 4
    assert len({answer["Location"] for answer in answers}) == 1
    assert (Submission.objects.count(), ImportDelivery.objects.count()) == (1, 1)


# Fetching


def test_fetches_at_once_that_each_find_a_new_version_agree_on_it(machine, school, cast):
    assert machine.token
    for name in ("Holm", "Bang", "Krogh"):  # the first time there is none yet
        Person.objects.filter(pk=cast.person("esther").pk).update(family_name=name)
        answers = at_once(*[lambda: fetch(machine)] * 4)
        assert {answer.status_code for answer, _ in answers} == {200}
        assert len({answer["ETag"] for answer, _ in answers}) == 1
        assert all(name in body.decode() for _, body in answers)
    assert (ExportVersion.objects.count(), Fetch.objects.filter(complete=True).count()) == (1, 12)
    since = http_dates(answers)
    assert fetch(machine, **{"If-Modified-Since": max(since)})[0].status_code == 304


def http_dates(answers) -> list[str]:
    return [answer["Last-Modified"] for answer, _ in answers]


def test_pages_at_once_are_all_counted_and_in_one_row(machine, school):
    people = int(fetch(machine, f"{USERS}?limit=1")[0]["X-Total-Count"])
    Fetch.objects.all().delete()
    at_once(*[lambda: fetch(machine, USERS)] * 4)
    assert list(Fetch.objects.values_list("people", flat=True)) == [4 * people]


def test_an_agreement_that_ends_as_its_people_are_asked_for_lets_nothing_out(machine, school, nadia):
    assert machine.token
    agreement = agreement_with(school)
    answer, _ = overtaken(
        lambda: services.answer_one(agreement, AgreementAction.END, by=nadia.actor), lambda: fetch(machine)
    )
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:unilogin:problem:no-agreement")
    agreement.refresh_from_db()
    assert not Fetch.objects.exists()
    assert agreement.deletion_asked_at is None


def test_a_page_of_oneroster_leaves_out_what_ends_as_it_is_asked_for(machine, school, cast, agreed, nadia):
    agreed(cast.day_care, package=Package.SMALL, ticked=frozenset())
    assert machine.token
    agreement = agreement_with(school)
    answer, _ = overtaken(
        lambda: services.answer_one(agreement, AgreementAction.END, by=nadia.actor), lambda: fetch(machine, USERS)
    )
    assert answer.status_code == 200
    assert {one["primaryOrg"]["sourcedId"] for one in answer.json()["users"]} == {"G12345"}
    assert {row.agreement.institution for row in Fetch.objects.all()} == {cast.day_care}


def test_whoever_ends_it_as_data_go_knows_of_them_and_asks_for_their_deletion(school, nadia):
    agreement = agreement_with(school)
    overtaken(
        lambda: fetching.begin(agreement, Package.SMALL),
        lambda: services.answer_one(agreement, AgreementAction.END, by=nadia.actor),
    )
    agreement.refresh_from_db()
    assert (agreement.state, agreement.deletion_asked_at is not None) == (AgreementState.ENDED, True)


def test_what_is_under_way_when_it_ends_comes_to_its_end_and_the_next_call_to_none(machine, school, nadia):
    answer = machine.get(EXPORT)
    chunks = iter(answer.streaming_content)
    begun = next(chunks)
    agreement = agreement_with(school)
    at_once(lambda: services.answer_one(agreement, AgreementAction.END, by=nadia.actor))
    assert read(begun + b"".join(chunks)).people
    assert Fetch.objects.get().complete
    agreement.refresh_from_db()
    assert agreement.deletion_asked_at is not None
    assert machine.get(EXPORT).status_code == 403


# A supplier that takes its time


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(snapshot, "IDLE_LIMIT", dt.timedelta(milliseconds=400))


def wait_until_it_is_ended(pid: int) -> None:
    deadline = time.monotonic() + 5
    while at_once(lambda: backend_is_there(pid)) == [True]:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def backend_is_there(pid: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE pid = %s)", [pid])
        return cursor.fetchone()[0]


def backend() -> int:
    return connection.connection.info.backend_pid


@pytest.mark.parametrize(("taken", "goes_on"), [(1, True), (2, True), (2, False)])  # between questions, amid an answer
def test_a_snapshot_does_not_wait_for_a_slow_supplier_without_end(impatient, machine, school, taken, goes_on):
    Group.objects.bulk_create(Group(institution=school, group_id=f"x{n}", name="Hold", type="Hold") for n in range(40))
    answer = machine.get(EXPORT)
    chunks = iter(answer.streaming_content)
    for _ in range(taken):
        next(chunks)
    wait_until_it_is_ended(backend())
    if goes_on:
        with pytest.raises(InternalError):  # cut off without its end: the supplier sees that it is not whole
            b"".join(chunks)
    answer.close()
    assert not connection.in_atomic_block
    assert not Fetch.objects.get().complete
    assert read(fetch(machine)[1]).people
    again = machine.get(EXPORT)
    assert read(b"".join(again.streaming_content)).people
    assert list(Fetch.objects.values_list("complete", flat=True)) == [True, True, False]


def test_outside_a_snapshot_a_connection_may_be_idle_as_before(impatient, school):
    release = Release(school, Package.SMALL, fields_of(Package.SMALL, ()))
    assert b"".join(Export(release, Filters(), timezone.now()))
    with transaction.atomic():
        assert Fetch.objects.count() == 0
        time.sleep(0.6)
        assert Fetch.objects.count() == 0

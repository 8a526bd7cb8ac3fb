"""*Dataadgangadministration*: who sees which requests, and what an answer does (D4.2 to D4.4)."""

import datetime as dt

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent
from dataagreements import services
from dataagreements.models import Agreement, AgreementEvent, Fetch, Scope, Subscription
from dataagreements.packages import Package
from dataagreements.states import AgreementAction, AgreementState, SystemAction
from institutions.models import InstitutionKind, InstitutionLevel, Ownership
from tests.agreements import agreement_with, approve, ask, institution
from tests.officers import MUNICIPALITY

REQUESTS = "/tilslutning/anmodninger/"
CONFIRM = "/tilslutning/anmodninger/bekraeft/"


@pytest.fixture
def house(cast):
    """A day care that owns itself."""
    return institution(cast, "G90002", ownership=Ownership.SELF_OWNED, cvr="12345674", p_number="1234567890")


def test_an_officer_sees_what_her_right_covers_and_nothing_else(nadia, sune, system, day_care, house):
    ask(system, sune, day_care, house)
    page = nadia.client().get(REQUESTS).content.decode()
    assert "Bakkehuset" in page
    assert "Huset G90002" not in page
    assert "Anmodninger (1)" in page


def test_the_request_goes_to_the_institution_itself_where_it_owns_itself(officer, sune, system, house):
    ask(system, sune, house)
    lise = officer("Lise Holt", p="1234567890")
    page = lise.client().get(REQUESTS).content.decode()
    assert 'name="anmodning"' in page
    approve(agreement_with(house), lise)


def test_a_right_on_a_municipal_units_p_number_sees_it_and_answers_nothing(officer, requested, day_care):
    lise = officer("Lise Holt", p=day_care.p_number)
    client = lise.client()
    assert 'name="anmodning"' not in client.get(REQUESTS).content.decode()
    page = client.get(f"/tilslutning/aftaler/{requested.pk}/")
    assert "svarer kommunen ved en medarbejder" in page.content.decode()
    assert client.post(f"/tilslutning/aftaler/{requested.pk}/", {"status": "approve"}).status_code == 403
    client.post(CONFIRM, {"anmodning": requested.pk, "status": "approve", "udfoer": "1"})
    requested.refresh_from_db()
    assert requested.state == AgreementState.WAITING


def test_another_institutions_agreement_is_not_there(officer, requested):
    stranger = officer("Ole Ny", cvr="12345674").client()
    for path in ("", "ophoer/", "databehandleraftale.pdf"):
        assert stranger.get(f"/tilslutning/aftaler/{requested.pk}/{path}").status_code == 404
    stranger.post(CONFIRM, {"anmodning": requested.pk, "status": "approve", "udfoer": "1"})
    requested.refresh_from_db()
    assert requested.state == AgreementState.WAITING


def test_several_are_approved_in_one_act_and_one_is_rejected(cast, nadia, sune, system, day_care):
    others = [institution(cast, f"G9001{n}") for n in range(3)]
    ask(system, sune, day_care, *others)
    client = nadia.client()
    keys = [agreement_with(one).pk for one in others]
    asks = client.post(CONFIRM, {"anmodning": keys})
    assert "Skift status på 3 anmodninger?" in asks.content.decode()
    assert Agreement.objects.filter(state=AgreementState.APPROVED).count() == 0
    done = client.post(
        CONFIRM, {"anmodning": keys, "status": "approve", "kommentar": "Fint", "udfoer": "1"}, follow=True
    )
    assert "3 anmodninger er godkendt" in done.content.decode()
    assert set(Agreement.objects.filter(pk__in=keys).values_list("state", flat=True)) == {AgreementState.APPROVED}
    client.post(CONFIRM, {"anmodning": agreement_with(day_care).pk, "status": "reject", "udfoer": "1"})
    assert agreement_with(day_care).state == AgreementState.REJECTED
    assert AgreementEvent.objects.filter(action="approve", comment="Fint", by=nadia.user).count() == 3
    assert AuditEvent.objects.filter(action="agreement.approve", actor=nadia.user).count() == 3


def test_all_that_waited_when_the_page_was_drawn_are_answered_and_no_others(cast, nadia, sune, system):
    first = [institution(cast, f"G9002{n}") for n in range(3)]
    ask(system, sune, *first)
    drawn = Agreement.objects.latest("pk").pk
    late = institution(cast, "G90030")
    ask(system, sune, late)
    nadia.client().post(CONFIRM, {"alle": "1", "til": drawn, "q": "", "status": "approve", "udfoer": "1"})
    assert {agreement_with(one).state for one in first} == {AgreementState.APPROVED}
    assert agreement_with(late).state == AgreementState.WAITING


def test_a_choice_of_all_keeps_to_what_was_searched_for(cast, nadia, sune, system, day_care):
    ask(system, sune, day_care, institution(cast, "G90040"))
    till = Agreement.objects.latest("pk").pk
    nadia.client().post(CONFIRM, {"alle": "1", "til": till, "q": "bakke", "status": "reject", "udfoer": "1"})
    assert Agreement.objects.filter(state=AgreementState.REJECTED).count() == 1


@pytest.mark.parametrize("form", [{}, {"anmodning": "x"}, {"anmodning": "9" * 30}, {"alle": "1", "til": "-1"}])
def test_nothing_chosen_is_told_and_changes_nothing(nadia, requested, form):
    page = nadia.client().post(CONFIRM, {**form, "status": "approve", "udfoer": "1"}, follow=True)
    assert "Du har ikke valgt nogen anmodning" in page.content.decode()
    requested.refresh_from_db()
    assert requested.state == AgreementState.WAITING


def test_without_a_status_the_page_asks_again(nadia, requested):
    page = nadia.client().post(CONFIRM, {"anmodning": requested.pk, "udfoer": "1"}).content.decode()
    assert "Vælg en ny status" in page


def test_a_cpr_number_in_a_comment_is_refused(nadia, requested):
    form = {"anmodning": requested.pk, "status": "approve", "kommentar": "Se 010190-1234", "udfoer": "1"}
    assert "CPR-nummer" in nadia.client().post(CONFIRM, form).content.decode()
    requested.refresh_from_db()
    assert requested.state == AgreementState.WAITING


def test_whoever_comes_second_is_told_who_was_faster(officer, nadia, requested):
    ida = officer("Ida Berg", cvr=MUNICIPALITY).client()
    path = f"/tilslutning/aftaler/{requested.pk}/"
    ida.get(path)
    approve(requested, nadia)
    page = ida.post(path, {"status": "approve"}).content.decode()
    assert "En anden har allerede svaret: Nadia Færch" in page
    assert AgreementEvent.objects.filter(action="approve").count() == 1
    again = ida.post(CONFIRM, {"anmodning": requested.pk, "status": "reject", "udfoer": "1"}, follow=True)
    assert "Du har ikke valgt nogen anmodning" in again.content.decode()


def test_the_answer_on_the_agreements_own_page(nadia, requested):
    client = nadia.client()
    path = f"/tilslutning/aftaler/{requested.pk}/"
    done = client.post(path, {"status": "approve", "kommentar": "Velkommen"}, follow=True)
    assert "Anmodningen er godkendt" in done.content.decode()
    requested.refresh_from_db()
    assert requested.state == AgreementState.APPROVED
    assert requested.confirm_by == timezone.localdate() + dt.timedelta(days=365)


def test_what_is_asked_beyond_the_last_agreement_is_marked_as_new(approved, nadia, sune, system, day_care):
    ask(system, sune, day_care, package=Package.FULL, ticked={"birth_date", "address"}, purpose="Noget andet")
    page = nadia.client().get(f"/tilslutning/aftaler/{agreement_with(day_care).pk}/").content.decode()
    assert "Pakken skifter fra Mellem til Fuld." in page
    assert "<strong>Adresse</strong>" in page
    assert page.count('class="change-new">Nyt') == 2  # the explanation, and the address
    assert "er nu “Noget andet”" in page


def test_a_new_agreement_takes_the_old_ones_place_and_until_then_the_old_one_counts(
    approved, nadia, sune, system, day_care
):
    ask(system, sune, day_care, package=Package.FULL)
    today = timezone.localdate()
    assert list(Agreement.objects.effective(today)) == [approved]
    approve(agreement_with(day_care), nadia)
    approved.refresh_from_db()
    assert approved.state == AgreementState.ENDED
    assert [one.terms.package for one in Agreement.objects.effective(today)] == [Package.FULL]
    assert approved.events.first().action == AgreementAction.REPLACE
    assert approved.deletion_asked_at is None


def test_an_end_stops_the_data_at_once_and_asks_for_deletion_of_what_was_fetched(approved, nadia):
    Fetch.objects.create(agreement=approved, format="xml", package=Package.MEDIUM, people=84)
    client = nadia.client()
    path = f"/tilslutning/aftaler/{approved.pk}/ophoer/"
    assert "beder vi den slette" in client.get(path).content.decode()
    assert "Aftalen er ophørt" in client.post(path, {"kommentar": ""}, follow=True).content.decode()
    approved.refresh_from_db()
    assert approved.state == AgreementState.ENDED
    assert approved.deletion_asked_at is not None
    assert not Agreement.objects.effective(timezone.localdate()).exists()
    assert client.post(path, {"kommentar": ""}).status_code == 302  # a second click
    assert AgreementEvent.objects.filter(action="end").count() == 1


def test_what_was_fetched_by_an_agreement_that_was_replaced_is_deleted_when_the_new_one_ends(
    approved, nadia, sune, system, day_care
):
    def ends() -> Agreement:
        agreement = Agreement.objects.get(state=AgreementState.APPROVED)
        nadia.client().post(f"/tilslutning/aftaler/{agreement.pk}/ophoer/", {"kommentar": ""})
        agreement.refresh_from_db()
        return agreement

    Fetch.objects.create(agreement=approved, format="xml", package=Package.MEDIUM, people=84)
    ask(system, sune, day_care, package=Package.FULL)
    approve(agreement_with(day_care), nadia)
    assert ends().deletion_asked_at is not None
    ask(system, sune, day_care)  # and all over again, with nothing fetched
    approve(agreement_with(day_care), nadia)
    assert ends().deletion_asked_at is None


def test_a_regret_says_that_it_should_not_have_been_approved(approved, nadia):
    nadia.client().post(f"/tilslutning/aftaler/{approved.pk}/ophoer/", {"fortryd": "1"})
    approved.refresh_from_db()
    assert approved.state == AgreementState.REJECTED
    assert approved.deletion_asked_at is None  # nothing was fetched


def test_nothing_is_effective_but_an_approved_agreement_in_time_of_an_active_connected_system(approved, sune, system):
    today = timezone.localdate()

    def effective() -> bool:
        return Agreement.objects.effective(today).exists()

    assert effective()
    services.switch_system(system, SystemAction.PASSIVATE, by=sune.actor)
    assert not effective()
    services.switch_system(system, SystemAction.ACTIVATE, by=sune.actor)
    assert effective()
    services.end_connection(system.connections.get(service="eksport"), by=sune.actor)
    assert not effective()


def test_its_own_last_day_and_the_year_without_a_confirmation_end_it(approved, nadia):
    year = approved.confirm_by
    assert Agreement.objects.effective(year).exists()
    assert not Agreement.objects.effective(year + dt.timedelta(days=1)).exists()
    assert services.expire(year) == 0
    assert services.expire(year + dt.timedelta(days=1)) == 1
    assert services.expire(year + dt.timedelta(days=1)) == 0
    approved.refresh_from_db()
    assert approved.state == AgreementState.ENDED
    assert approved.events.first().by is None


def test_a_confirmation_makes_it_count_another_year(approved, nadia):
    Agreement.objects.update(confirm_by=timezone.localdate() + dt.timedelta(days=3))
    client = nadia.client()
    assert "1 aftale skal bekræftes" in client.get("/tilslutning/dataaftaler/").content.decode()
    client.post(f"/tilslutning/aftaler/{approved.pk}/", {"status": "confirm"})
    approved.refresh_from_db()
    assert approved.confirm_by == timezone.localdate() + dt.timedelta(days=365)


def test_approvers_are_warned_once_a_month_before(approved, nadia, django_capture_on_commit_callbacks):
    subscribed(nadia)
    today = timezone.localdate()
    Agreement.objects.update(confirm_by=today + dt.timedelta(days=20))
    with django_capture_on_commit_callbacks(execute=True):
        assert services.warn(today) == 1
    assert services.warn(today) == 0
    assert mail.outbox[-1].subject == "1 aftale skal bekræftes inden en måned"


def subscribed(nadia):
    return Subscription.objects.create(
        email="dagtilbud@kommune.example",
        scope=Scope.CVR,
        identifier=MUNICIPALITY,
        by=nadia.user,
        confirmed_at=timezone.now(),
    )


@pytest.mark.parametrize("tab", ["anmodninger/", "anmodninger/?vis=alle", "dataaftaler/", "ophoert/"])
def test_the_lists_ask_the_same_few_questions_however_many_rows(
    tab, cast, nadia, sune, system, django_assert_max_num_queries
):
    places = [institution(cast, f"G91{n:03d}") for n in range(60)]
    ask(system, sune, *places)
    states = {"dataaftaler/": AgreementState.APPROVED, "ophoert/": AgreementState.ENDED}
    now = timezone.now()
    Agreement.objects.update(
        state=states.get(tab, AgreementState.WAITING), approved_at=now, confirm_by=timezone.localdate()
    )
    client = nadia.client()
    client.get("/tilslutning/" + tab)
    with django_assert_max_num_queries(9):
        page = client.get("/tilslutning/" + tab)
    assert page.content.decode().count('class="cell-name row-title"') == 50


def test_who_has_no_right_is_told_how_to_get_it(by_mitid):
    page = by_mitid("leif").get("/tilslutning/")
    assert page.status_code == 403
    assert "Tilslutning: Ret til at administrere aftaler på tilslutning.stil.dk" in page.content.decode()


def test_a_supplier_is_led_to_its_own_pages(sune, supplier):
    assert sune.client().get("/tilslutning/").headers["Location"] == reverse("dataagreements:providers")


def test_stil_sees_all_requests_and_answers_for_nobody(logged_in, requested):
    stil = logged_in("olga")
    assert "Bakkehuset" in stil.get(REQUESTS).content.decode()
    assert stil.post(CONFIRM, {"anmodning": requested.pk, "status": "approve", "udfoer": "1"}).status_code == 403
    assert stil.post(f"/tilslutning/aftaler/{requested.pk}/", {"status": "approve"}).status_code == 403


def test_the_contract_is_a_download_that_runs_nothing(approved, nadia, sune, supplier, system, day_care):
    contract = services.keep_contract(
        supplier,
        signed_on=dt.date(2026, 10, 14),
        file_name="<b>aftale.pdf",
        content=b"%PDF-1.7 <script>alert(1)</script>",
        by=sune.actor,
    )
    ask(system, sune, day_care, contract=contract)
    agreement = agreement_with(day_care)
    file = nadia.client().get(f"/tilslutning/aftaler/{agreement.pk}/databehandleraftale.pdf")
    assert file.headers["Content-Disposition"] == 'attachment; filename="databehandleraftale-2026-10-14.pdf"'
    assert file.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert (
        "Underskrevet 14. oktober 2026." in nadia.client().get(f"/tilslutning/aftaler/{agreement.pk}/").content.decode()
    )


def test_a_closed_institution_and_one_without_people_are_not_asked(cast, sune, system):
    closed = institution(cast, "G90051", closed_on=dt.date(2026, 1, 1))
    cluster = institution(cast, "D90052", level=InstitutionLevel.CLUSTER, kind=InstitutionKind.DAY_CARE)
    batch = ask(system, sune, closed, cluster)
    assert [row.outcome for row in batch.outcomes.all()] == ["closed", "no_people"]

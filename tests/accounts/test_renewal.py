"""Passing into another band, and the end of a password's year (D3.2, D3.4)."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
import time_machine
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import pictures, provisioning, services
from accounts.login import renewing
from accounts.models import AuditEvent, Credential, LoginSession, SecretForm, User
from accounts.models.user import ActorGroup
from accounts.policy import Band
from accounts.provisioning import Standing
from accounts.renewal import Due, Reason, Times, demand_on, keeps
from tests.accounts.test_pictures import FOUR, choose
from tests.cast import PASSWORD
from unilogin_portal.lib.errors import DomainError

OWN = "BaadTaage83"
ASKED, ASSIGNED, HOME = "/login/skift-snart/", "/login/din-nye-adgangskode/", "/mit-unilogin/"
NOON = timezone.make_aware(dt.datetime.fromisoformat("2026-11-20T12:00"))
MIDNIGHT = timezone.make_aware(dt.datetime.fromisoformat("2026-12-20"))
TIMES = Times(renewal_days=30, warning_days=14)
FIRST, MIDDLE, ADULT = Band


def days(number: float) -> dt.datetime:
    return NOON + dt.timedelta(days=number)


@pytest.fixture
def noon():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def emil(noon, cast) -> User:
    """In 7th form since the last import; his password is from the middle years and lasts until then."""
    Credential.objects.filter(user=cast["emil"]).update(expires_at=None)
    move(cast["emil"], ADULT)
    return cast["emil"]


def move(user: User, band: Band) -> None:
    """What an import tells the account."""
    assert user.person_id
    provisioning.push({user.person_id: Standing(band, ActorGroup.STUDENT, is_affiliated=True)})


def enter(client: Client, user: User, password: str = PASSWORD, next_path: str = "") -> HttpResponse:
    client.post(f"/login/brugernavn/?next={next_path}", {"username": user.username})
    return client.post("/login/adgangskode/", {"password": password})


def make_own(client: Client) -> HttpResponse:
    return client.post("/login/egen-adgangskode/", {"password": OWN, "repeated": OWN})


def leads_to(response: HttpResponse) -> str:
    return response.headers["Location"]


def actions_about(user: User) -> list[str]:
    return list(AuditEvent.objects.filter(subject=user.person_id).order_by("pk").values_list("action", flat=True))


@pytest.mark.parametrize(
    ("made_under", "band", "kept"),
    [
        (FIRST, FIRST, True),
        (FIRST, MIDDLE, False),
        (FIRST, ADULT, False),
        (MIDDLE, FIRST, False),
        (MIDDLE, MIDDLE, True),
        (MIDDLE, ADULT, False),
        (ADULT, FIRST, False),
        (ADULT, MIDDLE, True),
        (ADULT, ADULT, True),
    ],
)
def test_a_password_serves_the_bands_whose_rule_it_keeps(made_under, band, kept):
    assert keeps(made_under, band) is kept


@pytest.mark.parametrize(
    ("made_under", "band", "expires_at", "renew_by", "expected"),
    [
        (MIDDLE, MIDDLE, None, None, (Due.NOT_YET, None, None)),
        (MIDDLE, ADULT, None, None, (Due.SOON, Reason.BAND, MIDNIGHT)),
        (MIDDLE, ADULT, None, days(1), (Due.SOON, Reason.BAND, days(1))),
        (MIDDLE, ADULT, None, days(0), (Due.NOW, Reason.BAND, days(0))),
        (MIDDLE, ADULT, None, days(-1), (Due.NOW, Reason.BAND, days(-1))),
        # days that were begun for a band that has been left count for nothing
        (MIDDLE, MIDDLE, None, days(-1), (Due.NOT_YET, None, None)),
        (ADULT, ADULT, days(15), None, (Due.NOT_YET, None, None)),
        (ADULT, ADULT, days(14), None, (Due.SOON, Reason.AGE, days(14))),
        (ADULT, ADULT, days(0), None, (Due.NOW, Reason.AGE, days(0))),
        # two deadlines: the first
        (ADULT, FIRST, days(3), days(20), (Due.SOON, Reason.AGE, days(3))),
        (ADULT, FIRST, days(10), days(5), (Due.SOON, Reason.BAND, days(5))),
        (ADULT, FIRST, days(10), days(-5), (Due.NOW, Reason.BAND, days(-5))),
    ],
)
def test_what_is_asked_follows_from_bands_and_dates(made_under, band, expires_at, renew_by, expected):
    demand = demand_on(made_under, band, now=NOON, times=TIMES, expires_at=expires_at, renew_by=renew_by)
    assert (demand.due, demand.reason, demand.until) == expected


@pytest.mark.parametrize(
    ("made_under", "band", "expires_at", "renew_by", "place"),
    [
        (MIDDLE, MIDDLE, None, None, HOME),
        (MIDDLE, ADULT, None, None, ASKED),
        (MIDDLE, ADULT, None, days(0.1), ASKED),
        (MIDDLE, ADULT, None, days(-0.1), ASSIGNED),
        (ADULT, ADULT, days(20), None, HOME),
        (ADULT, ADULT, days(9), None, ASKED),
        (ADULT, ADULT, days(-0.1), None, ASSIGNED),
        (ADULT, MIDDLE, None, days(-0.1), HOME),
    ],
)
def test_a_log_in_lets_in_asks_or_insists(noon, client, cast, made_under, band, expires_at, renew_by, place):
    move(cast["emil"], band)
    terms = {"band": made_under, "expires_at": expires_at, "renew_by": renew_by}
    Credential.objects.filter(user=cast["emil"]).update(**terms)
    assert leads_to(enter(client, cast["emil"])) == place
    assert client.get(HOME).status_code == (200 if place == HOME else 302)


def test_the_question_says_until_when_one_can_wait(client, emil):
    enter(client, emil)
    page = client.get(ASKED).content.decode()
    assert "Du skal snart skifte kode" in page
    assert "Du kan vente til 20. december." in page


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (dt.timedelta(days=9), "Din adgangskode udløber om 9 dage"),
        (dt.timedelta(days=1), "Din adgangskode udløber om 1 dag"),
        (dt.timedelta(hours=3), "Din adgangskode udløber i dag"),
    ],
)
def test_the_end_of_the_year_is_told_in_days(noon, client, cast, left, words):
    Credential.objects.filter(user=cast["karim"]).update(expires_at=NOON + left)
    enter(client, cast["karim"])
    assert f"<h1>{words}</h1>" in client.get(ASKED).content.decode()


def test_the_thirty_days_begin_at_the_first_log_in_and_not_in_the_holidays(noon, client, emil):
    noon.shift(dt.timedelta(days=60))
    assert leads_to(enter(client, emil)) == ASKED
    noon.shift(dt.timedelta(days=29))
    assert leads_to(enter(Client(), emil)) == ASKED
    noon.shift(dt.timedelta(days=1))
    assert leads_to(enter(Client(), emil)) == ASSIGNED


def test_the_last_day_of_waiting_ends_at_midnight_in_denmark(noon, client, emil):
    enter(client, emil)
    noon.move_to(MIDNIGHT - dt.timedelta(seconds=1))
    assert leads_to(enter(Client(), emil)) == ASKED
    noon.move_to(MIDNIGHT)
    assert leads_to(enter(Client(), emil)) == ASSIGNED


def test_nobody_is_asked_twice_a_day_and_everybody_the_next_day(noon, client, emil):
    enter(client, emil)
    assert leads_to(client.post("/login/skift-senere/")) == HOME
    assert leads_to(enter(Client(), emil)) == HOME
    noon.shift(dt.timedelta(days=1))
    assert leads_to(enter(Client(), emil)) == ASKED


def test_who_does_not_answer_is_not_let_in_and_is_asked_again(client, emil):
    enter(client, emil)
    assert client.get(HOME).status_code == 302
    assert leads_to(enter(client, emil)) == ASKED


def test_not_now_lets_in_with_the_old_password_and_begins_a_new_session(client, emil):
    enter(client, emil)
    before = client.cookies["unilogin"].value
    client.post("/login/skift-senere/")
    assert client.cookies["unilogin"].value != before
    assert client.get(HOME).status_code == 200
    assert services.secret_is(User.objects.get(pk=emil.pk), PASSWORD)


def test_change_now_makes_one_by_the_new_rule_and_nobody_asks_again(client, emil):
    enter(client, emil)
    assert leads_to(client.post(ASKED)) == ASSIGNED
    refused = client.post("/login/egen-adgangskode/", {"password": "baadtaage", "repeated": "baadtaage"})
    assert "mangler et tal" in refused.content.decode()
    assert leads_to(make_own(client)) == HOME
    terms = Credential.objects.get(user=emil)
    assert (terms.band, terms.renew_by) == (ADULT, None)
    assert leads_to(enter(Client(), emil, OWN)) == HOME


@pytest.mark.parametrize(
    "way",
    [
        pytest.param(lambda client: client.post("/login/skift-senere/"), id="put-off"),
        pytest.param(lambda client: client.post(ASKED) and make_own(client), id="changed"),
    ],
)
def test_where_one_was_going_is_kept(client, emil, way: Callable[[Client], HttpResponse]):
    assert leads_to(enter(client, emil, next_path="/mit-unilogin/historik/")) == ASKED
    assert leads_to(way(client)) == "/mit-unilogin/historik/"


def test_where_one_was_going_is_kept_when_it_is_insisted(noon, client, emil):
    Credential.objects.filter(user=emil).update(renew_by=NOON)
    assert leads_to(enter(client, emil, next_path="/mit-unilogin/historik/")) == ASSIGNED
    assert "Du skal have en anden slags kode nu" in client.get(ASSIGNED).content.decode()
    assert leads_to(make_own(client)) == "/mit-unilogin/historik/"


@pytest.fixture
def esther(noon, cast) -> User:
    """In 4th form since the last import; she has four pictures."""
    services.set_secret(
        cast["esther"],
        services.hash_of(pictures.secret_of(FOUR)),
        expected_mark=services.secret_mark(cast["esther"]),
        by=cast["mette"],
        why=services.Why.CHILD,
        form=SecretForm.PICTURES,
    )
    move(cast["esther"], MIDDLE)
    return cast["esther"]


def choose_pictures(client: Client, user: User) -> HttpResponse:
    client.post("/login/brugernavn/", {"username": user.username})
    return choose(client)


def test_a_pupil_with_pictures_puts_it_off_or_gets_a_word_and_needs_no_helper(client, esther):
    assert leads_to(choose_pictures(client, esther)) == ASKED
    assert leads_to(client.post(ASKED)) == ASSIGNED
    word = re.search(r'class="secret-word">([a-z]+)<', client.get(ASSIGNED).content.decode())
    assert word
    client.post(ASSIGNED)
    assert leads_to(client.post("/login/gentag/", {"password": word[1]})) == HOME
    terms = Credential.objects.get(user=esther)
    assert (terms.band, terms.form, terms.renew_by) == (MIDDLE, SecretForm.WORDS, None)
    assert leads_to(enter(Client(), esther, word[1])) == HOME


def test_for_a_pupil_with_pictures_knowing_them_is_the_proof_when_it_is_insisted(client, esther):
    Credential.objects.filter(user=esther).update(renew_by=NOON)
    assert leads_to(choose_pictures(client, esther)) == ASSIGNED
    assert leads_to(make_own(client)) == HOME


def test_a_pupil_who_is_designated_for_pictures_is_asked_and_given_pictures(client, noon, cast):
    services.designate_band(cast["emil"], FIRST, by=cast["leif"])
    assert leads_to(enter(client, cast["emil"])) == ASKED
    client.post(ASKED)
    assert "Her er dine nye billeder" in client.get(ASSIGNED).content.decode()
    assert leads_to(make_own(client)) == ASSIGNED


def test_two_tabs_put_off_and_change_and_neither_does_harm(client, emil):
    enter(client, emil)
    client.get(ASKED)
    client.post("/login/skift-senere/")
    assert leads_to(client.post(ASKED)) == HOME
    assert leads_to(client.post("/login/skift-senere/")) == HOME
    assert actions_about(emil).count("password.put_off") == 1
    assert services.secret_is(User.objects.get(pk=emil.pk), PASSWORD)


def test_a_password_changed_elsewhere_meanwhile_closes_the_question(client, emil):
    enter(client, emil)
    other = Client()
    enter(other, emil)
    other.post(ASKED)
    make_own(other)
    page = client.post("/login/skift-senere/", follow=True)
    assert page.redirect_chain[-1][0] == "/login/brugernavn/"
    assert "Siden er blevet for gammel" in page.content.decode()
    assert client.get(HOME).status_code == 302
    assert LoginSession.objects.filter(user=emil).count() == 1


def test_who_is_blocked_meanwhile_is_not_let_in(client, emil, cast):
    enter(client, emil)
    services.block(emil, by=cast["leif"], role="Leder", institution="101001")
    assert leads_to(client.post("/login/skift-senere/")) == "/login/brugernavn/"
    assert client.get(HOME).status_code == 302


def test_a_question_that_stood_over_the_deadline_can_no_longer_be_put_off(noon, client, emil):
    enter(client, emil)
    noon.move_to(MIDNIGHT - dt.timedelta(minutes=5))
    enter(client, emil)
    noon.move_to(MIDNIGHT + dt.timedelta(minutes=5))
    assert leads_to(client.post("/login/skift-senere/")) == ASSIGNED
    assert client.get(HOME).status_code == 302


def test_the_question_closes_after_a_quarter_of_an_hour(noon, client, emil):
    enter(client, emil)
    noon.shift(dt.timedelta(minutes=16))
    assert leads_to(client.post("/login/skift-senere/")) == "/login/brugernavn/"
    assert client.get(HOME).status_code == 302


def test_a_log_in_by_mitid_is_not_asked(cast, mitid, client):
    Credential.objects.filter(user=cast["karim"]).update(expires_at=timezone.now() + dt.timedelta(days=3))
    assert leads_to(mitid(client, "karim")) == HOME


def test_every_step_is_in_the_audit_with_codes_only(noon, client, emil):
    enter(client, emil)
    client.post("/login/skift-senere/")
    noon.move_to(MIDNIGHT)
    enter(Client(), emil)
    events = AuditEvent.objects.filter(subject=emil.person_id, action__startswith="password.").order_by("pk")
    assert [(event.action, event.actor_id, event.details) for event in events] == [
        ("password.renewal_begun", None, {"band": "adult"}),
        ("password.put_off", emil.pk, {"reason": "band"}),
        ("password.forced", emil.pk, {"reason": "band"}),
    ]


def test_days_that_nothing_asks_for_any_more_are_forgotten(client, emil):
    enter(client, emil)
    assert Credential.objects.get(user=emil).renew_by == MIDNIGHT
    move(emil, MIDDLE)
    assert leads_to(enter(Client(), emil)) == HOME
    assert Credential.objects.get(user=emil).renew_by is None
    assert actions_about(emil)[-2:] == ["password.renewal_dropped", "login.admitted"]


def test_two_log_ins_at_once_begin_the_days_once(emil):
    both = [User.objects.select_related("credential").get(pk=emil.pk) for _ in range(2)]
    for user in both:
        renewing.note_days(user, now=NOON)
    assert actions_about(emil) == ["password.renewal_begun"]


@pytest.mark.parametrize(("band", "place"), [(ADULT, ASKED), (MIDDLE, HOME)])
def test_a_log_in_asks_the_database_a_number_of_times_that_is_known(noon, client, cast, band, place):
    Credential.objects.filter(user=cast["emil"]).update(expires_at=None)
    usual = queries_of_a_log_in(cast["karim"])
    move(cast["emil"], band)
    enter(Client(), cast["emil"])
    again = queries_of_a_log_in(cast["emil"], place)
    assert again <= usual + (1 if place == ASKED else 0)


def queries_of_a_log_in(user: User, place: str = HOME) -> int:
    client = Client()
    client.post("/login/brugernavn/", {"username": user.username})
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert leads_to(client.post("/login/adgangskode/", {"password": PASSWORD})) == place
    terms = [query for query in asked.captured_queries if 'FROM "accounts_credential"' in query["sql"]]
    assert terms == []
    return len(asked)


# A band of one's own: designation


def test_a_designated_pupil_keeps_the_easier_rule_through_a_level_change(client, noon, cast):
    Credential.objects.filter(user=cast["emil"]).update(expires_at=None)
    services.designate_band(cast["emil"], MIDDLE, by=cast["leif"], role="Lærer", institution="101001")
    move(cast["emil"], ADULT)
    emil = cast["emil"]
    assert (emil.band, emil.password_band, emil.designated_band) == (MIDDLE, ADULT, MIDDLE)
    assert leads_to(enter(client, emil)) == HOME


def test_without_the_designation_the_level_counts_again(client, noon, cast):
    test_a_designated_pupil_keeps_the_easier_rule_through_a_level_change(client, noon, cast)
    services.designate_band(cast["emil"], None, by=cast["leif"])
    assert cast["emil"].band == ADULT
    assert leads_to(enter(Client(), cast["emil"])) == ASKED


def test_a_new_password_follows_the_designated_rule(client, noon, cast):
    services.designate_band(cast["sofie"], MIDDLE, by=cast["leif"])
    assert services.violations_of(cast["sofie"], "lampeskov") == []
    assert services.violations_of(cast["karim"], "lampeskov") != []


def test_a_designation_is_in_the_audit_once_with_who_in_which_role(cast):
    for _ in range(2):
        services.designate_band(cast["emil"], FIRST, by=cast["leif"], role="Lærer", institution="101001")
    event = AuditEvent.objects.get(action="user.band_designated")
    assert (event.actor, event.subject_id, event.actor_role) == (cast["leif"], cast["emil"].person_id, "Lærer")
    assert event.details == {"before": "", "band": "first"}


def test_a_designation_begins_days_of_its_own(noon, client, emil, cast):
    enter(client, emil)
    noon.shift(dt.timedelta(days=20))
    services.designate_band(emil, FIRST, by=cast["leif"])
    enter(Client(), emil)
    noon.shift(dt.timedelta(days=29))
    assert leads_to(enter(Client(), emil)) == ASKED


def test_designating_the_rule_that_already_counts_gives_no_more_days(noon, client, emil, cast):
    services.designate_band(emil, FIRST, by=cast["leif"])
    enter(client, emil)
    begun = Credential.objects.get(user=emil).renew_by
    move(emil, FIRST)
    services.designate_band(emil, None, by=cast["leif"])
    assert Credential.objects.get(user=emil).renew_by == begun


@pytest.mark.parametrize(("name", "band"), [("karim", FIRST), ("mette", MIDDLE), ("emil", ADULT)])
def test_only_pupils_are_designated_and_only_to_an_easier_rule(cast, name, band):
    with pytest.raises(DomainError):
        services.designate_band(cast[name], band, by=cast["leif"])
    assert cast[name].designated_band == ""


def test_a_designation_ends_with_being_a_pupil(cast):
    services.designate_band(cast["sofie"], FIRST, by=cast["leif"])
    User.objects.filter(pk=cast["sofie"].pk).update(actor_group=ActorGroup.EMPLOYEE)
    assert cast["sofie"].band == ADULT


# Mit Unilogin


def test_mit_unilogin_says_by_when_and_offers_the_way(client, emil):
    enter(client, emil)
    client.post("/login/skift-senere/")
    page = client.get(HOME).content.decode()
    assert "Skal skifte inden 20. december" in page
    assert "Skift adgangskode" in page


def test_mit_unilogin_begins_no_days(client, emil):
    client.force_login(emil, backend="accounts.backends.UniloginBackend")
    assert "Skal snart skiftes" in client.get(HOME).content.decode()
    assert Credential.objects.get(user=emil).renew_by is None


def test_mit_unilogin_tells_the_date_of_a_password_that_soon_is_a_year_old(noon, client, cast):
    Credential.objects.filter(user=cast["karim"]).update(expires_at=NOON + dt.timedelta(days=9))
    client.force_login(cast["karim"], backend="accounts.backends.UniloginBackend")
    assert "Skal skifte inden 29. november" in client.get(HOME).content.decode()

"""Slowing down who guesses, and nobody else (ADR 0007)."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from typing import ClassVar

import pytest
import time_machine
from django.conf import settings as portal
from django.db import connection
from django.test import Client, RequestFactory
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts import browsers, services, throttle
from accounts.login import services as login_services
from accounts.models import AddressTries, AuditEvent, FailedLogins, KnownBrowser
from accounts.passwords import PortalArgon2Hasher
from tests.cast import PASSWORD, assemble

WRONG = "Forkert123"
KARIM = "kari7724"
FLOOR = portal.LOGIN_ADDRESS_PAUSES[0][0]


def enter(client: Client, username: str, password: str, address: str = "10.0.0.1") -> str:
    client.post("/login/brugernavn/", {"username": username})
    return client.post("/login/adgangskode/", {"password": password}, REMOTE_ADDR=address, follow=True).content.decode()


def is_in(page: str) -> bool:
    return "Hej " in page


def leave(client: Client) -> None:
    client.post("/login/log-af/")


def own_browser(*usernames: str) -> Client:
    """Return a browser from which these have logged in, one after the other, and off again."""
    client = Client()
    for username in usernames:
        assert is_in(enter(client, username, PASSWORD, "10.9.9.9"))
        leave(client)
    return client


def guess(times: int, username: str = KARIM, address: str = "10.0.0.1") -> str:
    """Guess wrongly from a browser that nobody knows; return the last page."""
    stranger = Client()
    return [enter(stranger, username, WRONG, address) for _ in range(times)][-1]


def spray(times: int, address: str = "10.0.0.1") -> None:
    """Guess once for each of so many user names, as the service counts it."""
    for number in range(times):
        throttle.fail(throttle.begin(f"spra{number:04d}", "", address))


def test_pauses_grow_by_the_table_and_end_at_twelve_hours(db):
    now, pauses = timezone.now(), []
    for _ in range(26):
        with time_machine.travel(now, tick=False):
            attempt = throttle.begin(KARIM, "", None)
            assert attempt.paused_until is None
        if attempt.pause:
            pauses.append((attempt.pause - now).total_seconds() / 60)
            now = attempt.pause
    assert pauses == [15, 30, 60, 120, 240, 480, 720, 720, 720, 720]


def test_a_pause_tells_how_long_it_still_lasts(client, cast):
    assert "Der er pause i 15 minutter" in guess(5)
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=10)):
        assert "Der er pause i 5 minutter" in guess(1)


def test_a_stranger_does_not_stop_the_owners_own_browser(cast):
    mine = own_browser(KARIM)
    assert "Der er pause" in guess(5)
    assert is_in(enter(mine, KARIM, PASSWORD))


def test_another_browser_of_the_owner_waits_like_a_stranger(cast):
    guess(5)
    assert "Der er pause" in enter(Client(), KARIM, PASSWORD)


def test_guessing_from_a_known_browser_pauses_there_and_nowhere_else(cast):
    mine, other = own_browser(KARIM), own_browser(KARIM)
    for _ in range(5):
        page = enter(mine, KARIM, WRONG)
    assert "Der er pause i 15 minutter" in page
    assert "Der er pause" in enter(mine, KARIM, PASSWORD)
    assert is_in(enter(other, KARIM, PASSWORD))


def test_the_owners_log_in_gives_a_stranger_no_new_tries(cast):
    mine = own_browser(KARIM)
    guess(4)
    assert is_in(enter(mine, KARIM, PASSWORD))
    assert "Der er pause" in guess(1)


def test_children_who_share_a_tablet_are_each_known_there_by_one_cookie(cast):
    tablet = own_browser(KARIM, "leif8835")
    assert KnownBrowser.objects.count() == 2
    for username in (KARIM, "leif8835"):
        guess(5, username)
        assert is_in(enter(tablet, username, PASSWORD))
        leave(tablet)


def test_a_browser_known_to_one_account_is_a_stranger_to_another(cast):
    classmate = own_browser("leif8835")
    for _ in range(5):
        enter(classmate, KARIM, WRONG)
    assert "Der er pause" in enter(Client(), KARIM, PASSWORD)


@pytest.mark.parametrize("value", ["", "x" * 43, "x" * 43 + ":forged"])
def test_a_cookie_that_we_did_not_sign_is_no_known_browser(cast, value):
    forger = Client()
    forger.cookies[browsers.cookie_name()] = value
    guess(5)
    assert "Der er pause" in enter(forger, KARIM, PASSWORD)


def test_a_browser_becomes_known_by_mitid_too(client, cast, mitid):
    mitid(client, "karim")
    leave(client)
    guess(5)
    assert is_in(enter(client, KARIM, PASSWORD))


def test_the_cookie_is_for_this_site_only_and_no_script_reads_it(cast):
    cookie = own_browser(KARIM).cookies["browser"]
    attributes = (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"])
    assert attributes == (True, "Lax", "/", "")
    assert cookie["max-age"] == 400 * 24 * 3600


def test_under_https_the_cookie_has_the_name_that_binds_it_to_this_host(cast, settings):
    settings.HTTPS = True
    client = Client()
    enter(client, KARIM, PASSWORD)
    cookie = client.cookies["__Host-browser"]
    assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", "")


def test_the_table_holds_neither_the_browsers_key_nor_the_same_for_two_users(cast):
    tablet = own_browser(KARIM, "leif8835")
    request = RequestFactory().get("/")
    request.COOKIES["browser"] = tablet.cookies["browser"].value
    key = browsers.key_of(request)
    assert key
    hashes = set(KnownBrowser.objects.values_list("key_hash", flat=True))
    assert len(hashes) == 2
    assert key not in str(hashes)


def test_who_has_not_logged_in_gets_no_such_cookie(client, cast):
    enter(client, KARIM, WRONG)
    assert "browser" not in client.cookies


def test_computers_that_forget_their_cookies_do_not_crowd_out_the_one_at_home(cast):
    home, now = own_browser(KARIM), timezone.now()
    with time_machine.travel(now + dt.timedelta(days=1)):
        enter(home, KARIM, PASSWORD)
        leave(home)
    with time_machine.travel(now + dt.timedelta(days=2)):
        for _ in range(25):
            own_browser(KARIM)
        guess(5)
        assert is_in(enter(home, KARIM, PASSWORD))
    assert KnownBrowser.objects.count() == browsers.KEPT


def test_a_school_behind_one_address_is_not_paused_by_many_wrong_tries(cast):
    spray(1)
    for _ in range(FLOOR + 100):
        throttle.note_admitted("10.0.0.1")
    spray(FLOOR + 50)
    assert is_in(enter(Client(), KARIM, PASSWORD))


def test_an_address_that_only_guesses_pauses_for_browsers_that_nobody_knows(cast):
    mine = own_browser(KARIM)
    spray(FLOOR)
    assert "Der er pause i 5 minutter" in enter(Client(), "leif8835", PASSWORD)
    assert is_in(enter(mine, KARIM, PASSWORD))
    assert is_in(enter(Client(), "leif8835", PASSWORD, "10.0.0.2"))


def test_the_pauses_of_an_address_grow(db):
    now, pauses = timezone.now(), []
    for _ in range(7):
        with time_machine.travel(now, tick=False):
            spray(FLOOR)
            until = AddressTries.objects.get().paused_until
            pauses.append(int((until - now).total_seconds() / 60))
        now = until + dt.timedelta(seconds=1)
    assert pauses == [5, 15, 30, 60, 120, 240, 240]


def test_one_account_that_logs_in_often_does_not_look_like_a_school(cast):
    spray(1)
    for _ in range(3):
        own = Client()
        enter(own, KARIM, PASSWORD)
        leave(own)
    assert AddressTries.objects.get().admitted == 1


def test_all_of_an_ipv6_network_is_one_address(db):
    for number in range(FLOOR):
        throttle.fail(throttle.begin(f"spra{number:04d}", "", f"2001:db8::{number:x}"))
    assert throttle.begin(KARIM, "", "2001:db8::ffff:1").counter == throttle.Counter.ADDRESS
    assert throttle.begin(KARIM, "", "2001:db8:0:1::1").counter == throttle.Counter.STRANGERS


class CountingHasher(PortalArgon2Hasher):
    """Counts its computations."""

    count: ClassVar[int] = 0

    def verify(self, password: str, encoded: str) -> bool:
        CountingHasher.count += 1
        return super().verify(password, encoded)


def test_every_refusal_costs_one_computation_of_the_hash(cast, settings):
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    services.secret_is(None, "the decoy is made once a process")

    def cost(username: str) -> int:
        CountingHasher.count = 0
        request = RequestFactory().post("/", REMOTE_ADDR="10.0.0.1")
        login_services.try_password(request, username, WRONG)
        return CountingHasher.count

    guess(5, "leif8835")
    names = {"wrong": KARIM, "unknown": "zzzz0001", "without a password": "esth7204", "paused": "leif8835"}
    assert {why: cost(name) for why, name in names.items()} == dict.fromkeys(names, 1)


def test_known_and_unknown_names_cost_the_same_queries(cast, django_assert_num_queries):
    for name in (KARIM, "zzzz0001"):
        throttle.fail(throttle.begin(name, "", "10.0.0.1"))
    for name in (KARIM, "zzzz0001"):
        with django_assert_num_queries(10):  # with the savepoints of two services
            throttle.fail(throttle.begin(name, "k" * 43, "10.0.0.1"))


def test_helpers_see_how_every_pupil_stands_in_two_queries(cast, django_assert_num_queries):
    mine = own_browser(KARIM)
    for _ in range(2):
        enter(mine, KARIM, WRONG)
    guess(5)
    users = [cast["karim"], cast["leif"], cast["emil"]]
    with django_assert_num_queries(2):
        standings = throttle.standings_of(users)
    assert [standings[user.pk].strangers.failures for user in users] == [5, 0, 0]
    assert [standings[user.pk].own_browsers.failures for user in users] == [2, 0, 0]
    assert [bool(standings[user.pk].paused_until) for user in users] == [True, False, False]


def test_a_helper_sees_and_ends_a_pause(cast):
    mine = own_browser(KARIM)
    for _ in range(6):
        enter(mine, KARIM, WRONG)
    guess(7)
    standing = throttle.standing_of(cast["karim"])
    assert (standing.own_browsers.failures, standing.strangers.failures) == (5, 5)
    assert standing.paused_until
    assert services.clear_pause(cast["karim"], by=cast["leif"], role="Leder", institution="101001")
    assert throttle.standing_of(cast["karim"]) == throttle.Standing(throttle.Tally(), throttle.Tally())
    assert is_in(enter(mine, KARIM, PASSWORD))
    assert is_in(enter(Client(), KARIM, PASSWORD))


def test_ending_a_pause_is_recorded_once_with_who_and_in_which_role(cast):
    guess(5)
    for expected in (True, False):
        done = services.clear_pause(cast["karim"], by=cast["leif"], role="Leder", institution="101001")
        assert done is expected
    event = AuditEvent.objects.get(action="login.pause_cleared")
    assert (event.actor, event.subject, event.actor_role, event.actor_institution) == (
        cast["leif"],
        cast["karim"].person,
        "Leder",
        "101001",
    )


def test_a_new_password_ends_the_pauses_of_every_browser(cast):
    mine = own_browser(KARIM)
    for _ in range(5):
        enter(mine, KARIM, WRONG)
    guess(5)
    karim = cast["karim"]
    hashed, mark = services.hash_of("BaadTaage83"), services.secret_mark(karim)
    services.set_secret(karim, hashed, expected_mark=mark, by=karim, why=services.Why.FORGOTTEN)
    assert throttle.standing_of(karim).paused_until is None


def test_the_audit_tells_which_counter_paused_and_never_a_key(cast):
    mine = own_browser(KARIM)
    for _ in range(5):
        enter(mine, KARIM, WRONG)
    guess(5)
    spray(FLOOR - 6)
    guess(1, "leif8835")
    found = AuditEvent.objects.filter(action__in=["login.paused", "login.address_paused"]).order_by("pk")
    assert [(event.action, event.details) for event in found] == [
        ("login.paused", {"counter": "own_browser"}),
        ("login.paused", {"counter": "strangers"}),
        ("login.address_paused", {"counter": "address"}),
    ]


# What strangers may do: who is tried, from which address, how many minutes after the try before.
STRANGERS = st.lists(
    st.tuples(st.sampled_from([KARIM, "leif8835", "zzzz0001"]), st.integers(1, 3), st.integers(0, 900)), max_size=60
)


@given(STRANGERS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_tries_of_strangers_ever_pause_the_owners_own_browser(cast, tries):
    FailedLogins.objects.all().delete()
    AddressTries.objects.all().delete()
    key, now = "k" * 43, timezone.now()
    row = {"first_at": now, "last_at": now}
    KnownBrowser.objects.get_or_create(user=cast["karim"], key_hash=browsers.hashed(KARIM, key), defaults=row)
    for username, address, minutes in tries:
        now += dt.timedelta(minutes=minutes)
        with time_machine.travel(now, tick=False):
            throttle.fail(throttle.begin(username, "s" * 43, f"10.0.0.{address}"))
            AddressTries.objects.update(paused_until=now + dt.timedelta(hours=1))  # the worst that an address can be
            mine = throttle.begin(KARIM, key, f"10.0.0.{address}")
            throttle.succeed(mine)
        assert mine.paused_until is None
        assert mine.pause is None


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_many_tries_at_once_on_all_counters_are_counted_one_by_one_and_none_waits_for_ever():
    cast = assemble()
    own_browser(KARIM)
    key = "k" * 43
    row = {"first_at": timezone.now(), "last_at": timezone.now()}
    KnownBrowser.objects.create(user=cast["karim"], key_hash=browsers.hashed(KARIM, key), **row)
    AddressTries.objects.all().delete()

    def work(number: int) -> str:
        try:
            if number % 10 == 9:
                services.clear_pause(cast["leif"], by=cast["karim"])
                return "cleared"
            name = f"many{number:04d}" if number % 2 else "leif8835"
            attempt = (
                throttle.begin(KARIM, key, "10.0.0.1") if number % 4 == 0 else throttle.begin(name, "", "10.0.0.1")
            )
            if not attempt.paused_until:
                throttle.fail(attempt)
            return "paused" if attempt.paused_until else str(attempt.counter)
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as pool:
        done = list(pool.map(work, range(120)))
    assert done.count("own_browser") == 5
    assert FailedLogins.objects.get(key=browsers.hashed(KARIM, key)).failures == 5
    assert AddressTries.objects.get().failures == done.count("strangers")


def test_the_operator_ends_a_pause_of_whom_they_can_name(client, cast, type_in):
    guess(5)
    type_in(client, "stil0001")
    assert KARIM not in client.get("/stil/admin/accounts/user/").content.decode()
    assert KARIM in client.get(f"/stil/admin/accounts/user/?q={KARIM}").content.decode()
    chosen = {"action": "end_pauses", "_selected_action": [cast["karim"].pk]}
    client.post(f"/stil/admin/accounts/user/?q={KARIM}", chosen)
    assert is_in(enter(Client(), KARIM, PASSWORD))
    assert AuditEvent.objects.get(action="login.pause_cleared").actor == cast["olga"]

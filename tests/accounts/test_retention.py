"""What is no longer needed is forgotten (D8.3, D9.4)."""

import datetime as dt

import time_machine
from django.utils import timezone

from accounts import audit, services, throttle
from accounts.models import AddressTries, AuditEvent, FailedLogins, LoginSession


def at(days_ago: int, action: str) -> None:
    event = audit.record(action, by=None)
    AuditEvent.objects.filter(pk=event.pk).update(at=timezone.now() - dt.timedelta(days=days_ago))


def test_log_ins_are_forgotten_after_half_a_year_and_all_else_after_five_years(db):
    for days, action in (
        (179, "login.admitted"),
        (181, "login.refused"),
        (181, "password.set"),
        (1826, "username.shown"),
    ):
        at(days, action)
    services.forget_what_is_old()
    assert set(AuditEvent.objects.values_list("action", flat=True)) == {
        "login.admitted",
        "password.set",
        "old.forgotten",
    }


def test_expired_sessions_and_old_failures_go_and_the_rest_stays(db):
    now = timezone.now()
    for number, ends in enumerate((now - dt.timedelta(minutes=1), now + dt.timedelta(minutes=1))):
        LoginSession.objects.create(
            session_key=str(number) * 64, session_data="", started_at=now, last_used_at=now, expire_date=ends
        )
    throttle.fail(throttle.begin("kari7724", "", "10.0.0.1"))
    FailedLogins.objects.create(key="old", last_failure_at=now - dt.timedelta(days=15))
    AddressTries.objects.create(key="old", since=now - dt.timedelta(days=2))
    assert services.forget_what_is_old() == {"sessions": 1, "failed_logins": 2, "browsers": 0, "events": 0}
    assert services.forget_what_is_old() == {"sessions": 0, "failed_logins": 0, "browsers": 0, "events": 0}
    assert FailedLogins.objects.count() == AddressTries.objects.count() == 1


def test_a_browser_is_forgotten_when_its_cookie_is_too_old(client, cast, type_in):
    type_in(client, cast["karim"])
    with time_machine.travel(timezone.now() + dt.timedelta(days=399)):
        assert services.forget_what_is_old()["browsers"] == 0
    with time_machine.travel(timezone.now() + dt.timedelta(days=401)):
        assert services.forget_what_is_old()["browsers"] == 1

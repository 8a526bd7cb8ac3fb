"""What STIL, a respondent or another worker does while a mail is on its way; and links that cannot be mailed."""

import datetime as dt
import smtplib
from collections.abc import Callable, Iterator, Sequence

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from accounts.models import AuditEvent
from institutions.actor import Actor
from reporting import campaigns, links, mailing, reports, tasks
from reporting.models import Campaign, MunicipalAddress, Report
from reporting.states import MailState, ReportState
from tests import sick_leave

from .pages import text_of, url

HOUR, MINUTE = dt.timedelta(hours=1), dt.timedelta(minutes=1)
STIL = Actor()

# What happens while mails are handed over, one for each.
meanwhile: list[Callable[[], object]] = []


class Backend(EmailBackend):
    """A server that is slow enough for something to happen."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        if meanwhile:
            meanwhile.pop(0)()
        return super().send_messages(messages)


@pytest.fixture(autouse=True)
def slow_server(time_machine, settings) -> Iterator[None]:
    time_machine.move_to(sick_leave.FRIDAY, tick=False)
    settings.EMAIL_BACKEND = "tests.reporting.test_stil_mailing.Backend"
    yield
    meanwhile.clear()


@pytest.fixture
def olga(logged_in):
    return logged_in("olga")


def due(report: Report) -> Report:
    Report.objects.filter(pk=report.pk).update(mail=MailState.DUE, state=ReportState.CREATED)
    return Report.objects.get(pk=report.pk)


def lose_link(report: Report, state: MailState) -> None:
    """As when the key that made it is taken out of the settings."""
    Report.objects.filter(pk=report.pk).update(token_hash="0" * 64, mail=state)


def hang_up() -> None:
    raise smtplib.SMTPServerDisconnected


def send(report: Report) -> None:
    mailing.send_links([report.pk], timezone.now)


def test_a_worker_that_was_overtaken_writes_nothing_down_of_the_mail_that_another_has_in_hand(school, time_machine):
    def overtake() -> None:
        reports.change_address(school, "ny@friskole.example", by=STIL, now=timezone.now())
        time_machine.shift(MINUTE)
        send(school)

    due(school)
    meanwhile[:] = [overtake, hang_up]
    send(school)
    now = Report.objects.get(pk=school.pk)
    assert (now.mail, now.mailed_at, now.state) == (MailState.CLAIMED, None, ReportState.CREATED)
    assert now.mail_claimed_at == timezone.now()


def move(report: Report) -> None:
    Report.objects.filter(pk=report.pk).update(email="ny@friskole.example")


def send_again(report: Report) -> None:
    reports.send_again(report, by=STIL, now=timezone.now())


def bounce(report: Report) -> None:
    Report.objects.filter(pk=report.pk).update(mail=MailState.BOUNCED)


@pytest.mark.parametrize("change", [move, send_again, bounce])
def test_a_reminder_does_not_go_where_the_address_or_the_mail_has_changed_since_it_was_written(school, change):
    asked: list[int] = []

    def clock() -> dt.datetime:
        asked.append(1)
        if len(asked) == 2:  # it is read, and not claimed yet
            change(school)
        return timezone.now()

    assert mailing.send_reminders([school.pk], timezone.now(), clock) == {}
    assert mail.outbox == []
    assert Report.objects.get(pk=school.pk).reminded_at is None


@pytest.mark.parametrize("hangs_up", [False, True])
def test_a_mail_that_may_have_gone_is_sent_once_an_hour_at_most_and_as_the_same(client, school, time_machine, hangs_up):
    report = due(school)
    send(report)
    Report.objects.update(mail=MailState.CLAIMED, mailed_at=None)
    time_machine.shift(HOUR + MINUTE)
    tried: list[int] = []
    meanwhile[:] = [lambda: (tried.append(1), hang_up() if hangs_up else None)] * 3
    for _ in range(3):
        client.post(url("lost_link"), {"identifier": "265017"})
        time_machine.shift(19 * MINUTE)
    assert len(tried) == 1
    assert len({message.extra_headers["Message-ID"] for message in mail.outbox}) == 1
    time_machine.shift(HOUR)
    client.post(url("lost_link"), {"identifier": "265017"})
    assert len(tried) == 2


def test_a_link_that_no_key_made_is_shown_as_not_delivered_and_a_new_one_can_be_given(olga, school, week):
    lose_link(school, MailState.DUE)
    tasks.keep_time()
    assert mail.outbox == []
    assert list(mailing.unsent(timezone.now())) == []
    assert "Søndre Friskole" in text_of(olga.get(url("campaign", week.pk), {"vis": "ikke-leveret"}))
    page = text_of(olga.get(url("report", school.pk)))
    assert "Kunne ikke leveres" in page
    assert "Giv et nyt link" in page
    olga.post(url("act_on_report", school.pk, "nyt-link"))
    school.refresh_from_db()
    assert school.mail == MailState.SENT
    assert [links.path_of(school) in message.body for message in mail.outbox] == [True]


def test_a_reminder_of_a_link_that_no_key_made_is_told_of_once(school):
    lose_link(school, MailState.SENT)
    at = timezone.now()
    assert mailing.send_reminders([school.pk], at, timezone.now) == {MailState.BOUNCED: 1}
    assert mailing.send_reminders([school.pk], at, timezone.now) == {}
    assert mail.outbox == []


def test_an_address_written_while_the_week_was_being_opened_gets_the_link(
    week: Campaign, roskilde: Report, django_assert_max_num_queries
):
    Report.objects.update(email="", mail=MailState.NO_ADDRESS, state=ReportState.CREATED)
    other = sick_leave.report_of(week, sick_leave.municipality("0400", "Bornholm"), email="", mail=MailState.NO_ADDRESS)
    MunicipalAddress.objects.create(municipality=sick_leave.municipality(), email="a@b.example")
    tasks.keep_time()
    tasks.keep_time()
    assert [message.to for message in mail.outbox] == [["a@b.example"]]
    held = dict(Report.objects.values_list("pk", "mail"))
    assert held == {roskilde.pk: MailState.SENT, other.pk: MailState.NO_ADDRESS}
    assert AuditEvent.objects.filter(action="campaign.addresses_filled_in").count() == 1
    with django_assert_max_num_queries(3):  # with the savepoint's two
        assert campaigns.fill_in_addresses(timezone.now()) == 0


def test_a_week_that_is_over_is_written_to_nobody_of(week, roskilde):
    Report.objects.update(email="", mail=MailState.NO_ADDRESS)
    MunicipalAddress.objects.create(municipality=sick_leave.municipality(), email="a@b.example")
    campaigns.close(week, by=None, now=timezone.now())
    assert campaigns.fill_in_addresses(timezone.now()) == 0
    roskilde.refresh_from_db()
    assert roskilde.mail == MailState.NO_ADDRESS


@pytest.mark.parametrize(("minutes", "can_be_chosen"), [(1, False), (20, True)])
def test_whoever_may_not_have_had_the_mail_can_be_chosen_for_a_reminder(olga, school, week, minutes, can_be_chosen):
    claimed_at = timezone.now() - dt.timedelta(minutes=minutes)
    Report.objects.filter(pk=school.pk).update(mail=MailState.CLAIMED, mail_claimed_at=claimed_at)
    answer = olga.get(f"/sygefravaer/uger/{week.pk}/")
    assert (f'name="svar" value="{school.pk}"' in answer.content.decode()) is can_be_chosen

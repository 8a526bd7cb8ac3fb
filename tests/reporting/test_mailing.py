"""The mails with links: what they say, that none goes twice, and what becomes of one that does not arrive."""

import datetime as dt
import smtplib
from collections import Counter
from collections.abc import Callable

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from institutions.actor import Actor
from reporting import campaigns, links, mailing, reports, tasks
from reporting.models import Campaign, Report
from reporting.states import MailState, ReportState
from reporting.weeks import ZONE
from tests import sick_leave

from .mail_server import Server, server

HOUR, MINUTE = dt.timedelta(hours=1), dt.timedelta(minutes=1)
STIL = Actor()


@pytest.fixture(autouse=True)
def friday(time_machine) -> None:
    """The week's Friday, after its links have gone out: no other week is due."""
    time_machine.move_to(sick_leave.FRIDAY, tick=False)


@pytest.fixture
def asked(week: Campaign) -> list[Report]:
    """Five schools whose link is to be mailed."""
    return [
        sick_leave.report_of(
            week,
            sick_leave.free_school(f"26500{n}", name=f"Friskole {n}"),
            state=ReportState.CREATED,
            mail=MailState.DUE,
        )
        for n in range(5)
    ]


@pytest.fixture
def mail_server(settings) -> Server:
    settings.EMAIL_BACKEND = "tests.reporting.mail_server.Backend"
    server.__init__()  # type: ignore[misc] - as new
    return server


def keys(asked: list[Report]) -> list[int]:
    return [report.pk for report in asked]


def send(asked: list[Report], now: Callable[[], dt.datetime] = timezone.now) -> Counter[str]:
    return mailing.send_links(keys(asked), now)


def states(asked: list[Report]) -> list[str]:
    held = dict(Report.objects.values_list("pk", "mail"))
    return [held[report.pk] for report in asked]


def html_of(message: EmailMultiAlternatives) -> str:
    [(content, kind)] = message.alternatives
    assert kind == "text/html"
    return str(content)


def test_the_mail_says_what_until_when_and_has_the_link_once_in_text_and_in_html(school, week):
    deadline = dt.datetime(2026, 11, 23, 12, tzinfo=ZONE)
    Campaign.objects.update(
        deadline_at=deadline, reminds_at=deadline - HOUR, opens_at=deadline - 72 * HOUR, closes_at=deadline + HOUR
    )
    Report.objects.update(mail=MailState.DUE, name="Krebs' & Søndre Friskole")
    Campaign.objects.update(message="Husk skolestartere & SFO.")
    send([school])
    [message] = mail.outbox
    link = "http://testserver" + links.path_of(school)
    assert message.subject == "Sygefravær i uge 47: jeres link"
    assert message.to == [school.email]
    for text in (message.body, html_of(message).replace("&#x27;", "'").replace("&amp;", "&")):
        assert "Til Krebs' & Søndre Friskole." in text
        assert "senest mandag den 23. november kl. 12" in text
        assert "Husk skolestartere & SFO." in text
        assert "send det ikke videre til andre skoler" in text
        assert "Styrelsen for It og Læring" in text
    assert [line for line in message.body.splitlines() if "http" in line] == [link]
    assert html_of(message).count(f'href="{link}"') == 1
    assert "style" not in html_of(message)
    assert "<script" not in html_of(message)
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"


def test_a_mail_that_went_is_not_sent_again(asked):
    assert send(asked) == {MailState.SENT: 5}
    assert send(asked) == {}
    assert list(mailing.unsent(timezone.now())) == []
    assert len(mail.outbox) == 5
    for report in Report.objects.all():
        assert (report.mail, report.state) == (MailState.SENT, ReportState.SENT)
        assert report.mailed_at is not None
    assert len({message.extra_headers["Message-ID"] for message in mail.outbox}) == 5


def test_a_mail_that_a_worker_died_at_is_never_sent_again_by_itself(asked):
    Report.objects.filter(pk=asked[0].pk).update(mail=MailState.CLAIMED, mail_claimed_at=timezone.now() - 9 * HOUR)
    tasks.keep_time()
    assert len(mail.outbox) == 4
    assert states(asked)[0] == MailState.CLAIMED


def test_stil_sends_it_once_more_and_as_the_same_mail(asked):
    claimed = asked[0]
    send([claimed])
    Report.objects.filter(pk=claimed.pk).update(mail=MailState.CLAIMED, mail_claimed_at=timezone.now() - 9 * HOUR)
    reports.send_again(claimed, by=STIL, now=timezone.now())
    send([claimed])
    assert len(mail.outbox) == 2
    assert len({message.extra_headers["Message-ID"] for message in mail.outbox}) == 1
    assert states([claimed]) == [MailState.SENT]


def test_a_claim_that_is_fresh_is_left_to_whoever_has_it(asked):
    Report.objects.filter(pk=asked[0].pk).update(mail=MailState.CLAIMED, mail_claimed_at=timezone.now() - 5 * MINUTE)
    with pytest.raises(reports.DomainError):
        reports.send_again(asked[0], by=STIL, now=timezone.now())


@pytest.mark.parametrize(
    ("answer", "became"),
    [
        (smtplib.SMTPRecipientsRefused({"x": (550, b"no such user")}), MailState.BOUNCED),
        (smtplib.SMTPRecipientsRefused({"x": (450, b"try later")}), MailState.DUE),
        (smtplib.SMTPDataError(554, b"rejected"), MailState.BOUNCED),
        (smtplib.SMTPDataError(451, b"try later"), MailState.DUE),
        (smtplib.SMTPSenderRefused(451, b"too many", "unilogin@example.dk"), MailState.DUE),
        (smtplib.SMTPNotSupportedError("SMTPUTF8"), MailState.BOUNCED),
        (smtplib.SMTPServerDisconnected("gone"), MailState.CLAIMED),
        (TimeoutError(), MailState.CLAIMED),
        (ValueError("no address"), MailState.BOUNCED),
    ],
)
def test_what_the_server_answers_decides_what_becomes_of_a_mail_and_stops_no_other(asked, mail_server, answer, became):
    mail_server.answers[asked[1].email] = answer
    send(asked)
    assert states(asked) == [MailState.SENT, became, *[MailState.SENT] * 3]
    assert len(mail_server.took) == 4
    mail_server.answers.clear()
    tasks.keep_time()
    assert len(mail_server.took) == (5 if became == MailState.DUE else 4)


def test_an_address_that_is_none_is_told_of_as_not_delivered(asked):
    Report.objects.filter(pk=asked[0].pk).update(email="kontor@\nskole")
    send(asked)
    assert states(asked) == [MailState.BOUNCED, *[MailState.SENT] * 4]


def test_all_mails_of_a_batch_go_over_one_line(asked, mail_server):
    send(asked)
    assert (mail_server.lines, len(mail_server.took)) == (1, 5)


def test_a_line_that_was_hung_up_is_made_anew_before_the_next_mail(asked, mail_server):
    mail_server.hangs_up_after = 2
    send(asked)
    assert states(asked) == [MailState.SENT] * 5
    assert (mail_server.lines, len(mail_server.took)) == (3, 5)


def test_a_server_out_of_reach_leaves_all_to_be_sent_later(asked, mail_server):
    mail_server.unreachable = True
    tasks.send_links(keys(asked))
    tasks.keep_time()
    assert states(asked) == [MailState.DUE] * 5
    mail_server.unreachable = False
    tasks.keep_time()
    assert len(mail_server.took) == 5


def test_nothing_is_sent_of_a_week_that_is_over_or_by_a_link_that_is_closed(asked, week):
    reports.revoke(asked[0], by=STIL)
    send(asked[:1])
    campaigns.close(week, by=None, now=timezone.now())
    send(asked)
    assert mail.outbox == []


def test_a_new_link_given_while_the_old_ones_mail_was_on_its_way_goes_as_well(asked):
    report = asked[0]
    Report.objects.filter(pk=report.pk).update(mail=MailState.CLAIMED, mail_claimed_at=timezone.now())
    before = links.token_of(report)
    renewed = reports.reissue(report, by=STIL, now=timezone.now())
    at = timezone.now()
    mailing._settle(report, MailState.SENT, at, at)  # what the other worker writes down now
    assert states([report]) == [MailState.DUE]
    send([report])
    [message] = mail.outbox
    assert links.token_of(renewed) in message.body
    assert links.report_of(before, timezone.now()) is None


# Reminders


@pytest.fixture
def reminding(week: Campaign, asked: list[Report]) -> dt.datetime:
    """All have their link; the first has sent its answers in, the second has begun. Returns when reminders are due."""
    send(asked)
    sick_leave.send(asked[0], sick_leave.SCHOOL_NUMBERS)
    sick_leave.fill_in(asked[1], sick_leave.SCHOOL_NUMBERS)
    mail.outbox.clear()
    return week.reminds_at


def test_those_who_have_not_answered_are_reminded_once_by_the_same_link(asked, reminding, time_machine):
    time_machine.move_to(reminding + MINUTE, tick=False)
    tasks.keep_time()
    tasks.keep_time()
    assert sorted(message.to[0] for message in mail.outbox) == sorted(report.email for report in asked[1:])
    for message in mail.outbox:
        report = Report.objects.get(email=message.to[0])
        assert message.subject == "Sygefravær i uge 47: vi mangler jeres svar"
        assert links.path_of(report) in message.body
        assert links.path_of(report) in html_of(message)
        assert "Udfyld ugens tal senest" in message.body


def test_who_has_just_been_sent_the_link_or_was_not_reached_is_not_reminded(asked, reminding, time_machine):
    Report.objects.filter(pk=asked[2].pk).update(mail=MailState.BOUNCED)
    Report.objects.filter(pk=asked[3].pk).update(mailed_at=reminding + MINUTE)
    time_machine.move_to(reminding + 2 * MINUTE, tick=False)
    tasks.keep_time()
    assert sorted(message.to[0] for message in mail.outbox) == [asked[1].email, asked[4].email]


def test_whoever_may_not_have_had_the_link_gets_it_with_the_reminder(asked, reminding, time_machine):
    lost = Report.objects.filter(pk=asked[2].pk)
    lost.update(mail=MailState.CLAIMED, mail_claimed_at=timezone.now(), mailed_at=None, state=ReportState.CREATED)
    time_machine.move_to(reminding + MINUTE, tick=False)
    tasks.keep_time()
    assert asked[2].email in [message.to[0] for message in mail.outbox]
    assert lost.get().mail == MailState.SENT
    assert lost.get().state == ReportState.SENT


def test_nobody_is_reminded_by_itself_after_the_deadline(week, reminding, time_machine):
    time_machine.move_to(week.deadline_at + MINUTE, tick=False)
    tasks.keep_time()
    assert mail.outbox == []


def test_a_reminder_that_did_not_go_is_tried_again(asked, reminding, time_machine, mail_server):
    time_machine.move_to(reminding + MINUTE, tick=False)
    mail_server.answers[asked[2].email] = smtplib.SMTPDataError(451, b"later")
    mail_server.answers[asked[3].email] = smtplib.SMTPDataError(554, b"never")
    tasks.keep_time()
    assert len(mail_server.took) == 2
    mail_server.answers.clear()
    tasks.keep_time()
    assert [message.to[0] for message in mail_server.took[2:]] == [asked[2].email]
    assert states(asked)[3] == MailState.BOUNCED


def test_whoever_finishes_before_the_reminder_goes_is_left_in_peace(asked, reminding):
    sick_leave.send(asked[2], sick_leave.SCHOOL_NUMBERS)
    mail.outbox.clear()
    told = mailing.send_reminders(keys(asked), reminding, lambda: reminding + MINUTE)
    assert told == {MailState.SENT: 3}


# The other mails


def test_a_report_that_is_open_again_is_told_of_with_its_own_day(school):
    sick_leave.send(school, sick_leave.SCHOOL_NUMBERS)
    mail.outbox.clear()
    reports.reopen(school, by=STIL, now=timezone.now())
    send([school])
    [message] = mail.outbox
    assert message.subject == "Sygefravær i uge 47: I kan rette jeres svar"
    assert "åben igen" in message.body
    assert links.path_of(school) in message.body


def test_after_the_deadline_the_mail_says_how_long_answers_are_taken(school, week):
    Report.objects.update(mail=MailState.DUE)
    send([school], lambda: week.deadline_at + MINUTE)
    [message] = mail.outbox
    assert "Fristen var" in message.body

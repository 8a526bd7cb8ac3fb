"""Mails that come back later: a report (RFC 3464) that says *failed* marks the address, and nothing else does."""

import datetime as dt
import os
import smtplib
import threading
import time
from collections.abc import Callable
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.parser import BytesParser
from pathlib import Path

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import OperationalError, connection

from accounts.models import AuditEvent
from institutions.actor import Actor
from reporting import bounces, mailing, reports, tasks
from reporting.models import Report
from reporting.states import MailState, ReportState
from tests import sick_leave

from .pages import text_of, url

RETURN = "retur@unilogin.test"
REPORT = "Content-Type: multipart/report; report-type=delivery-status\n"


class Maildir:
    """The folder that a mail server delivers into."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for part in ("new", "cur", "tmp"):
            (folder / part).mkdir(parents=True)

    def deliver(self, raw: bytes, name: str = "1795.a.mail") -> Path:
        path = self.folder / "new" / name
        path.write_bytes(raw)
        return path

    def holds(self, part: str) -> list[str]:
        return sorted(os.listdir(self.folder / part))


@pytest.fixture
def maildir(tmp_path, settings) -> Maildir:
    settings.BOUNCE_EMAIL, settings.BOUNCE_MAILDIR = RETURN, tmp_path / "bounces"
    return Maildir(tmp_path / "bounces")


@pytest.fixture
def sent(school: Report, maildir: Maildir, time_machine) -> Report:
    """A school whose link was handed to the mail server, with the envelope's sender in `mail.outbox`."""
    time_machine.move_to(sick_leave.FRIDAY)
    Report.objects.filter(pk=school.pk).update(mail=MailState.DUE, state=ReportState.CREATED)
    mailing.send_links([school.pk], lambda: sick_leave.FRIDAY)
    assert state_of(school) == MailState.SENT
    return school


def state_of(report: Report) -> str:
    return str(Report.objects.values_list("mail", flat=True).get(pk=report.pk))


def bounce(
    to: str, *, action: str = "failed", also: str = "", header: str = "To", returned: bytes = b"Subject: x\n\nx"
) -> bytes:
    """Return what a mail server writes of a mail that it could not deliver (RFC 6522, RFC 3464)."""
    message = MIMEMultipart("report", **{"report-type": "delivery-status"})
    message["From"] = "MAILER-DAEMON@mx.skole.test"
    message["Subject"] = "Undelivered Mail Returned to Sender"
    message[header] = to
    message.attach(MIMEText("Mailen kunne ikke afleveres: ukendt modtager.", "plain", "utf-8"))
    status = (
        b"Content-Type: message/delivery-status\n\n"
        b"Reporting-MTA: dns; mx.skole.test\n\n"
        b"Final-Recipient: rfc822; kontor@skole.test\nAction: "
        + action.encode()
        + b"\nStatus: 5.1.1\n"
        + (b"\nFinal-Recipient: rfc822; pedel@skole.test\nAction: " + also.encode() + b"\n" if also else b"")
    )
    message.attach(BytesParser().parsebytes(status))
    message.attach(MIMEMessage(BytesParser().parsebytes(returned)))
    return message.as_bytes()


def envelope_of_the_mail() -> str:
    return mail.outbox[-1].from_email


def test_a_mail_that_comes_back_is_marked_and_removed_and_stil_sees_it(sent, maildir, logged_in):
    whole = mail.outbox[-1].message().as_bytes()
    maildir.deliver(bounce(envelope_of_the_mail(), returned=whole))
    tasks.take_in_bounces()
    assert state_of(sent) == MailState.BOUNCED
    assert maildir.holds("new") == maildir.holds("cur") == []
    page = logged_in("olga").get(url("campaign", sent.campaign_id), {"vis": "ikke-leveret"})
    assert sent.name in text_of(page)


def test_each_mail_comes_back_to_an_address_of_its_own_and_is_from_the_portal(sent, roskilde, settings):
    Report.objects.filter(pk=roskilde.pk).update(mail=MailState.DUE)
    mailing.send_links([roskilde.pk], lambda: sick_leave.FRIDAY)
    first, second = mail.outbox
    assert first.from_email != second.from_email
    for message in (first, second):
        name, _, domain = message.from_email.partition("@")
        assert name.startswith("retur+")
        assert len(name) <= 64
        assert domain == "unilogin.test"
        assert message.message()["From"] == settings.DEFAULT_FROM_EMAIL


def test_to_the_mail_server_the_return_path_is_the_sender(sent, settings, monkeypatch):
    """The envelope's (RFC 5321 MAIL FROM), whatever the header says."""
    senders = []

    class Smtp(smtplib.SMTP):
        """A mail server that takes everything."""

        def __init__(self, *of_the_server: object, **more: object) -> None:
            pass

        def noop(self) -> tuple[int, bytes]:
            return 250, b"OK"

        def quit(self) -> tuple[int, bytes]:
            return 221, b"Bye"

        def sendmail(self, sender: str, *of_the_mail: object) -> dict[str, tuple[int, bytes]]:
            senders.append(sender)
            return {}

    monkeypatch.setattr("django.core.mail.backends.smtp.smtplib.SMTP", Smtp)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    Report.objects.filter(pk=sent.pk).update(mail=MailState.DUE)
    mailing.send_links([sent.pk], lambda: sick_leave.FRIDAY)
    assert senders == [bounces.return_path_of(sent, sick_leave.FRIDAY)]
    assert state_of(sent) == MailState.SENT


def test_a_reminder_comes_back_in_the_same_way(sent, maildir):
    mailing.send_reminders([sent.pk], sick_leave.FRIDAY, lambda: sick_leave.FRIDAY)
    assert len(mail.outbox) == 2
    maildir.deliver(bounce(envelope_of_the_mail()))
    tasks.take_in_bounces()
    assert state_of(sent) == MailState.BOUNCED


def test_without_a_bounce_address_mails_come_back_to_whom_they_are_from(school, settings):
    assert bounces.return_path_of(school, sick_leave.FRIDAY) == settings.DEFAULT_FROM_EMAIL
    tasks.take_in_bounces()  # and nothing is looked for


@pytest.mark.parametrize("header", ["To", "Delivered-To", "X-Original-To", "Envelope-To"])
def test_the_address_may_stand_where_the_mail_server_writes_it_and_in_capitals(sent, maildir, header):
    maildir.deliver(bounce(f'"RETUR" <{envelope_of_the_mail().upper()}>', header=header))
    tasks.take_in_bounces()
    assert state_of(sent) == MailState.BOUNCED


def out_of_office(to: str) -> bytes:
    return f"From: kontor@skole.test\nTo: {to}\nAuto-Submitted: auto-replied\n\nVi har efterårsferie.".encode()


@pytest.mark.parametrize(
    "written",
    [
        pytest.param(lambda to: bounce(to, action="delayed"), id="late"),
        pytest.param(lambda to: bounce(to, action="relayed"), id="handed on"),
        pytest.param(lambda to: bounce(to, also="relayed"), id="an alias that another was reached by"),
        pytest.param(lambda to: bounce(to, action=""), id="no action"),
        pytest.param(out_of_office, id="out of office"),
        pytest.param(lambda to: bounce(to.replace("+", "")), id="no key"),
        pytest.param(lambda to: bounce("x" + to), id="another's name"),
        pytest.param(lambda to: bounce(to + ".evil"), id="another's domain"),
        pytest.param(lambda to: bounce(to.replace("@", "0@")), id="key too long"),
        pytest.param(lambda to: bounce(f"retur+999999-1-{'0' * 18}@unilogin.test"), id="nobody's key"),
        pytest.param(lambda to: bounce(f"retur+{'9' * 12}-1-{'0' * 18}@unilogin.test"), id="large number"),
        pytest.param(lambda to: bounce(f"{to.rpartition('-')[0]}-{'0' * 18}@unilogin.test"), id="made up"),
        pytest.param(lambda to: bounce("x" * 20_000 + to), id="a head without end"),
        pytest.param(lambda to: b"", id="empty"),
        pytest.param(lambda to: b"\xff\x00" * 5000, id="no text"),
        pytest.param(lambda to: nested(to, 4000), id="nested without end"),
        pytest.param(lambda to: (REPORT + f"To: {to}\n\n").encode(), id="cut off"),
    ],
)  # fmt: skip
def test_anything_else_marks_nobody_and_is_put_aside(sent, maildir, written: Callable[[str], bytes]):
    maildir.deliver(written(envelope_of_the_mail()), name="1795.a")
    maildir.deliver(b"Subject: behind it\n\n", name="1795.b")
    tasks.take_in_bounces()
    assert state_of(sent) == MailState.SENT
    assert maildir.holds("new") == []
    assert [name.endswith(":2,S") for name in maildir.holds("cur")] == [True, True]
    assert not AuditEvent.objects.filter(action="report.mail_returned").exists()


def nested(to: str, depth: int) -> bytes:
    head = REPORT.rstrip("\n") + f"; boundary=b0\nTo: {to}\n\n"
    return (
        head + "".join(f"--b{n}\nContent-Type: multipart/mixed; boundary=b{n + 1}\n\n" for n in range(depth))
    ).encode()


def test_a_report_longer_than_is_read_is_understood_by_its_beginning(sent, maildir):
    maildir.deliver(bounce(envelope_of_the_mail(), returned=b"Subject: x\n\n" + b"y" * 80 + b"\n" * 3_000_000))
    tasks.take_in_bounces()
    assert state_of(sent) == MailState.BOUNCED


def test_what_a_stranger_writes_costs_no_time_however_it_is_written(sent, maildir):
    """The parser's time grows with the square of a line's length: nothing but the head is read without a key."""
    slow = REPORT.strip() + '; x="' + ";" * 200_000
    for n in range(20):
        maildir.deliver(f"To: retur+1-1-{'0' * 18}@unilogin.test\n{slow}\n\n".encode(), name=f"1795.{n:02}")
    began = time.process_time()
    tasks.take_in_bounces()
    assert time.process_time() - began < 1
    assert len(maildir.holds("cur")) == 20


def test_one_file_that_cannot_be_moved_or_read_does_not_stop_those_behind_it(sent, maildir, monkeypatch, caplog):
    maildir.deliver(b"Subject: ?\n\n", name="1" * 250)
    blocked = maildir.deliver(b"Subject: ?\n\n", name="1795.a")
    maildir.deliver(bounce(envelope_of_the_mail()), name="1795.b")
    opens = Path.open

    def refuse(path: Path, *arguments: str) -> object:
        if path == blocked:
            raise PermissionError
        return opens(path, *arguments)

    monkeypatch.setattr(Path, "open", refuse)
    tasks.take_in_bounces()
    assert state_of(sent) == MailState.BOUNCED
    assert maildir.holds("new") == ["1795.a"]
    assert "bounce_not_touched" in caplog.text


def test_while_the_database_does_not_answer_nothing_is_put_aside(sent, maildir):
    maildir.deliver(bounce(envelope_of_the_mail()))

    def gone(*of_the_query: object) -> None:
        raise OperationalError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.db.models.query.QuerySet.first", gone)
        with pytest.raises(OperationalError):
            tasks.take_in_bounces()
    assert len(maildir.holds("new")) == 1
    tasks.take_in_bounces()
    assert state_of(sent) == MailState.BOUNCED


def test_a_mail_that_came_back_stands_in_the_history_once(sent, maildir, logged_in):
    for _ in range(2):  # as when the worker died before the file was removed
        maildir.deliver(bounce(envelope_of_the_mail()))
        tasks.take_in_bounces()
    page = text_of(logged_in("olga").get(url("report", sent.pk)))
    assert page.count("En mail kom tilbage") == 1
    assert "Kunne ikke leveres" in page


def test_whoever_has_opened_the_link_is_not_taken_for_unreachable(sent, maildir, logged_in):
    Report.objects.filter(pk=sent.pk).update(opened_at=sick_leave.FRIDAY, state=ReportState.BEGUN)
    maildir.deliver(bounce(envelope_of_the_mail()))
    tasks.take_in_bounces()
    assert state_of(sent) == MailState.SENT
    assert mailing.remindable(sick_leave.FRIDAY).filter(pk=sent.pk).exists()
    assert "En mail kom tilbage" in text_of(logged_in("olga").get(url("report", sent.pk)))


def test_what_comes_back_of_an_earlier_mail_says_nothing_of_the_last(sent, maildir):
    earlier = envelope_of_the_mail()
    later = sick_leave.FRIDAY + dt.timedelta(hours=3)
    reports.send_again(sent, by=Actor(), now=later)
    maildir.deliver(bounce(earlier), name="1795.a")

    class Server(mailing.MailServer):
        """The report of the first mail is read while the second is in a worker's hand."""

        def send(self, message: object) -> MailState:
            tasks.take_in_bounces()
            return super().send(message)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mailing, "MailServer", Server)
        mailing.send_links([sent.pk], lambda: later)
    assert maildir.holds("new") == []
    assert state_of(sent) == MailState.SENT
    maildir.deliver(bounce(earlier), name="1795.b")
    tasks.take_in_bounces()
    assert state_of(sent) == MailState.SENT
    maildir.deliver(bounce(envelope_of_the_mail()), name="1795.c")
    tasks.take_in_bounces()
    assert state_of(sent) == MailState.BOUNCED


def test_what_comes_back_from_a_former_address_says_nothing_of_the_new_one(sent, maildir):
    former = envelope_of_the_mail()
    reports.change_address(sent, "ny@skole.test", by=Actor(), now=sick_leave.FRIDAY)
    mailing.send_links([sent.pk], lambda: sick_leave.FRIDAY)
    maildir.deliver(bounce(former))
    tasks.take_in_bounces()
    assert state_of(sent) == MailState.SENT


def test_one_that_was_marked_can_be_written_to_elsewhere(sent, maildir):
    maildir.deliver(bounce(envelope_of_the_mail()))
    tasks.take_in_bounces()
    reports.change_address(sent, "ny@skole.test", by=Actor(), now=sick_leave.FRIDAY)
    mailing.send_links([sent.pk], lambda: sick_leave.FRIDAY)
    assert state_of(sent) == MailState.SENT
    assert mail.outbox[-1].to == ["ny@skole.test"]


def test_a_mail_sent_under_the_former_secret_key_is_known_when_it_comes_back(sent, maildir, settings):
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another-" + "2" * 50
    maildir.deliver(bounce(envelope_of_the_mail()))
    tasks.take_in_bounces()
    assert state_of(sent) == MailState.BOUNCED


def test_what_nobody_understood_is_forgotten_after_a_fortnight(maildir, db):
    path = maildir.deliver(b"Subject: ?\n\n")
    tasks.take_in_bounces()
    [kept] = (maildir.folder / "cur").iterdir()
    assert not path.exists()
    long_ago = time.time() - 15 * 24 * 3600
    os.utime(kept, (long_ago, long_ago))
    tasks.take_in_bounces()
    assert maildir.holds("cur") == []


def test_links_in_the_folder_are_not_followed(sent, maildir, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(bounce(envelope_of_the_mail()))
    (maildir.folder / "new" / "link").symlink_to(elsewhere)
    tasks.take_in_bounces()
    assert state_of(sent) == MailState.SENT
    assert elsewhere.exists()


def test_a_folder_that_is_not_there_is_told_of_and_stops_nothing(settings, tmp_path, caplog, db):
    settings.BOUNCE_EMAIL, settings.BOUNCE_MAILDIR = RETURN, tmp_path / "missing"
    call_command("run_campaigns")
    assert "bounces_not_readable" in caplog.text


def test_no_address_stands_in_the_log(sent, maildir, caplog):
    maildir.deliver(bounce(envelope_of_the_mail()))
    tasks.take_in_bounces()
    assert "bounces_taken_in" in caplog.text
    for secret in (envelope_of_the_mail(), sent.email, "kontor@skole.test"):
        assert secret not in caplog.text


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_workers_read_the_folder_at_once_and_neither_stumbles(sent, maildir):
    for n in range(60):
        raw = bounce(envelope_of_the_mail()) if n % 2 else out_of_office(envelope_of_the_mail())
        maildir.deliver(raw, name=f"1795.{n:02}")
    failures: list[BaseException] = []

    def work() -> None:
        try:
            tasks.take_in_bounces()
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert failures == []
    assert state_of(sent) == MailState.BOUNCED
    assert maildir.holds("new") == []
    assert len(maildir.holds("cur")) == 30

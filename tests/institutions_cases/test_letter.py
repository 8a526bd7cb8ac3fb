"""The letter: what stands in it, that it works, that it is sent once, and that its secret is nowhere else."""

import datetime as dt
import re
import stat

import pytest
import time_machine
from django.apps import apps
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEvent, ContactRelation, User
from accounts.services import secret_is
from institutions import tasks
from institutions.cases import letter_pdf, letters, secure_mail, services
from institutions.cases.letter_text import LetterText
from institutions.models import Case, ContactRequest
from tests.cast import CPR
from unilogin_portal import checks

from .conftest import INBOX, NEW_USER, approve_by_both, fields, open_for

DAY = dt.date(2026, 11, 22)


class Handed:
    """A connector that keeps what it is given, and fails when told to."""

    letters: list[secure_mail.Letter] = []
    fails_before = fails_after = is_silent = False

    def send(self, letter: secure_mail.Letter) -> None:
        if self.fails_before:
            raise ConnectionError
        type(self).letters.append(letter)
        if self.fails_after:
            raise ConnectionError

    def has_sent(self, reference: str) -> bool:
        if self.is_silent:
            raise ConnectionError
        return any(letter.reference == reference for letter in self.letters)


@pytest.fixture
def handed(settings):
    """The connector above, and the texts of the letters it was handed, before they were made into PDF."""
    Handed.letters, Handed.fails_before, Handed.fails_after, Handed.is_silent = [], False, False, False
    settings.SECURE_MAIL = f"{__name__}.Handed"
    return Handed


@pytest.fixture
def texts(monkeypatch):
    """What was made into letters, in order: PDF hides its words from a test."""
    made = []

    def remember(text):
        made.append(text)
        return letter_pdf.pdf_of(text)

    monkeypatch.setattr(letters, "pdf_of", remember)
    return made


@pytest.fixture
def approved(opened, actors) -> Case:
    approve_by_both(opened, actors)
    return Case.objects.get(pk=opened.pk)


def state_of(case: Case) -> str:
    return Case.objects.get(pk=case.pk).state


def later(minutes: int):
    return time_machine.travel(timezone.now() + dt.timedelta(minutes=minutes))


def test_the_person_can_log_in_with_what_the_letter_says(approved, texts, cast, type_in):
    assert not cast["anna"].is_activated
    tasks.carry_out_case(approved.pk)
    [text] = texts
    assert (text.username, text.person, text.recipient) == ("anna3310", "Anna Krogh", "Leif Dam")
    assert text.institution == "Lærkeskolen"
    client = Client()
    type_in(client, text.username, text.secret)
    assert "Hej Anna" in client.get("/mit-unilogin/").content.decode()
    assert cast["anna"].is_activated
    event = AuditEvent.objects.get(action="password.set")
    assert (event.details["why"], event.actor_role, event.subject) == ("letter", "STIL", cast.person("anna"))


def test_it_lies_in_the_folder_for_its_owner_only_and_its_name_says_nothing(approved, letters):
    tasks.carry_out_case(approved.pk)
    [file] = letters.iterdir()
    assert file.name == f"{approved.number}-1.pdf"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(letters.stat().st_mode) == 0o700
    assert file.read_bytes().startswith(b"%PDF-")


def test_it_is_one_page_of_a4_with_a_title_and_no_other_word_about_itself():
    text = LetterText("S-2026-000123", "Lærkeskolen", "Leif", "Åse Bæk", "aase1234", "LampeSkov47", DAY)
    pdf = letter_pdf.pdf_of(text)
    assert pdf.count(b"/Type /Page\n") == 1
    assert re.search(rb"/MediaBox \[0 0 595\.\d+ 841\.\d+\]", pdf)
    assert b"/Title (Unilogin, sag S-2026-000123)" in pdf
    for word in (b"/Producer", b"/CreationDate", b"/ModDate", b"/Author", b"/Creator", b"/Metadata", b"aase1234"):
        assert word not in pdf
    assert "LampeSkov47" not in repr(text)
    assert "aase1234" not in repr(text)


@pytest.mark.parametrize("name", ["Åse Ærøbæk", "Zoë Łukasiewicz", "Гори Ћ", "محمد", "A" * 120 + " " + "B" * 120])
def test_any_name_can_stand_in_it_on_one_page(name):
    text = LetterText("S-2026-000123", name[:132], name[:100], name, "aase1234", "LampeSkov47", DAY)
    assert letter_pdf.pdf_of(text).count(b"/Type /Page\n") == 1


@pytest.mark.parametrize(
    ("wanted", "has_name", "has_secret"), [("username", True, False), ("password", False, True), ("both", True, True)]
)
def test_it_tells_what_was_wanted_and_only_a_new_password_changes_the_account(
    sent, texts, cast, actors, wanted, has_name, has_secret
):
    before = cast["anna"].password
    case = open_for(cast, actors, earlier_number=sent.number, wanted=wanted)
    approve_by_both(case, actors)
    services.carry_out(case.pk)
    text = texts[-1]
    assert (bool(text.username), bool(text.secret)) == (has_name, has_secret)
    assert (cast["anna"].password != before) == has_secret
    assert letter_pdf.pdf_of(text).count(b"/Type /Page\n") == 1
    assert state_of(case) == "sent"


def test_when_the_connector_fails_nothing_is_lost_and_the_next_try_draws_anew(approved, handed, texts, cast):
    handed.fails_before = True
    tasks.send_letters()
    assert state_of(approved) == "approved"
    handed.fails_before = False
    tasks.send_letters()  # too soon: whoever began it may still be at it
    assert handed.letters == []
    with later(11):
        tasks.send_letters()
    first, second = texts
    assert first.secret != second.secret
    assert not secret_is(cast["anna"], first.secret)
    assert secret_is(cast["anna"], second.secret)
    assert [letter.reference for letter in handed.letters] == [f"{approved.number}-2"]
    assert state_of(approved) == "sent"


def test_killed_between_the_hash_and_the_sending_leads_to_one_letter_that_works(
    approved, handed, texts, cast, monkeypatch
):
    def killed(self, letter):
        raise SystemExit  # no handler of ours sees it, as with a kill

    with monkeypatch.context() as patch:
        patch.setattr(handed, "send", killed)
        with pytest.raises(SystemExit):
            services.carry_out(approved.pk)
    assert state_of(approved) == "approved"
    with later(11):
        tasks.send_letters()
        tasks.send_letters()
    assert len(handed.letters) == 1
    assert secret_is(cast["anna"], texts[-1].secret)
    assert state_of(approved) == "sent"


def test_killed_after_the_sending_sends_no_second_letter_and_the_first_works(approved, handed, texts, cast):
    handed.fails_after = True
    services.carry_out(approved.pk)
    assert state_of(approved) == "approved"
    handed.fails_after = False
    with later(11):
        tasks.send_letters()
    assert len(handed.letters) == len(texts) == 1
    assert secret_is(cast["anna"], texts[0].secret)
    assert state_of(approved) == "sent"


def test_a_gateway_that_does_not_say_whether_a_letter_went_is_given_no_other(approved, handed):
    handed.fails_after = True
    tasks.send_letters()
    handed.fails_after, handed.is_silent = False, True
    with later(20):
        tasks.send_letters()
    assert (state_of(approved), len(handed.letters)) == ("approved", 1)
    handed.is_silent = False
    with later(40):
        tasks.send_letters()
    assert (state_of(approved), len(handed.letters)) == ("sent", 1)


def test_twice_is_once(approved, handed):
    tasks.carry_out_case(approved.pk)
    tasks.carry_out_case(approved.pk)
    assert len(handed.letters) == 1
    assert AuditEvent.objects.filter(action="password.set").count() == 1


def test_pauses_between_tries_grow_and_end_at_half_a_day(approved, handed):
    handed.fails_before = True
    waits, now = [], timezone.now()
    for _ in range(9):
        with time_machine.travel(now, tick=False):
            tasks.send_letters()
            until = ContactRequest.objects.get(case=approved).try_until
        waits.append(round((until - now).total_seconds() / 60))
        now = until
    assert waits == [10, 20, 40, 80, 160, 320, 640, 720, 720]


def test_without_a_connector_the_letter_waits_and_the_log_and_stil_say_so(approved, settings, cast, caplog, olga):
    settings.SECURE_MAIL = ""
    tasks.send_letters()
    assert state_of(approved) == "approved"
    assert not cast["anna"].has_secret  # nothing is drawn that cannot be sent
    assert "letter_waits" in caplog.text
    with later(20):
        olga.force_login(cast["olga"], backend="accounts.backends.UniloginBackend")
        assert "1 brev venter på sikker mail" in olga.get("/stil/sager/").content.decode()


@pytest.mark.parametrize(
    ("production", "path", "found"),
    [
        (True, "institutions.cases.secure_mail.Folder", ["portal.E005"]),
        (False, "institutions.cases.secure_mail.Folder", []),
        (True, "", []),
        (False, "nowhere.Gateway", ["portal.E006"]),
    ],
)
def test_a_start_says_what_is_wrong_with_the_connector(settings, production, path, found):
    settings.PRODUCTION, settings.SECURE_MAIL = production, path
    assert [message.id for message in checks.secure_mail_is_a_gateway(None)] == found


def test_the_night_can_be_run_by_hand(approved, handed):
    call_command("send_letters")
    assert state_of(approved) == "sent"


@pytest.mark.parametrize("what", ["blocked", "an employee", "no longer contact"])
def test_what_made_it_right_may_have_ended_since(approved, handed, cast, what, django_capture_on_commit_callbacks):
    if what == "blocked":
        User.objects.filter(pk=cast["anna"].pk).update(state="blocked")
    elif what == "an employee":
        User.objects.filter(pk=cast["anna"].pk).update(actor_group="Medarbejder")
    else:
        ContactRelation.objects.filter(contact=cast.person("anna")).delete()
    with django_capture_on_commit_callbacks(execute=True):
        tasks.send_letters()
    assert state_of(approved) == "rejected"
    assert handed.letters == []
    assert not cast["anna"].has_secret
    assert [message.to for message in mail.outbox] == [["kontor@example.dk"]]


def test_a_young_pupil_who_is_contact_person_gets_words_not_pictures(approved, texts, cast):
    User.objects.filter(pk=cast["anna"].pk).update(password_band="first")
    services.carry_out(approved.pk)
    assert re.fullmatch(r"[A-Za-z]+\d\d", texts[0].secret)


def written_out(value: object) -> str:
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else str(value)


def dump() -> str:
    """Return all that the database holds, as text and with every byte column written out."""
    rows = []
    for model in apps.get_models(include_auto_created=True):
        for row in model._base_manager.values_list():
            rows.append(" ".join(map(written_out, row)))  # noqa: PERF401 - clearer so
    return "\n".join(rows)


def test_database_logs_and_mails_hold_neither_the_number_nor_the_password(
    leif, olga, other_supporter, office, texts, capfd, caplog, django_capture_on_commit_callbacks
):
    caplog.set_level("DEBUG")
    with django_capture_on_commit_callbacks(execute=True):
        leif.post(NEW_USER, fields())
        case = Case.objects.get()
        for client in (olga, other_supporter):
            client.post(f"{INBOX}{case.number}/", {"svar": "godkend"})
        leif.post(f"/sager/{case.number}/", {"handling": "udleveret"})
    assert state_of(case) == "closed"
    written = dump() + "".join(capfd.readouterr()) + caplog.text
    written += "".join(f"{m.subject} {m.body} {m.to}" for m in mail.outbox)
    assert case.number in written
    assert len(mail.outbox) == 2  # to support that it came, to the school that it is sent
    for secret in (CPR["anna"], texts[0].secret):
        assert secret not in written
        assert secret.encode().hex() not in written
    for message in mail.outbox:
        assert "anna" not in (message.subject + message.body).lower()

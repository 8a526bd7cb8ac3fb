"""STIL's pages of one report and its link, and of addresses; and what respondents ask for themselves."""

import datetime as dt

import pytest
from django.core import mail
from django.utils import timezone

from accounts.models import AuditEvent
from reporting import answers, campaigns, links, reports
from reporting.models import MunicipalAddress, Report
from reporting.states import MailState, ReportState
from tests import sick_leave

from .pages import text_of, url

HOUR, MINUTE = dt.timedelta(hours=1), dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def friday(time_machine) -> None:
    """The week's Friday, after its links have gone out."""
    time_machine.move_to(sick_leave.FRIDAY, tick=False)


@pytest.fixture
def olga(logged_in):
    return logged_in("olga")


def test_a_report_shows_what_was_sent_in_each_version_and_not_what_is_being_written(olga, school):
    sick_leave.send(school, sick_leave.SCHOOL_NUMBERS)
    answers.ask_reopening(school, "Tallet for tirsdag er forkert", now=timezone.now())
    page = text_of(olga.get(url("report", school.pk)))
    assert "Tallet for tirsdag er forkert" in page
    assert f"kvittering SF-2026-47-{school.number:04}" in page
    olga.post(url("act_on_report", school.pk, "aabn"))
    sick_leave.fill_in(school, {**sick_leave.SCHOOL_NUMBERS, "school_staff": (43, 7, 7, 7, 7, 7)})
    page = text_of(olga.get(url("report", school.pk)))
    assert "Personale 42 3 4 6 5 2" in page
    assert "43 7 7" not in page
    assert "Åbnet til rettelse" in page
    sick_leave.send(Report.objects.get(pk=school.pk), {})
    page = text_of(olga.get(url("report", school.pk)))
    assert page.index("Svarene, version 2") < page.index("Svarene, version 1")
    assert "Personale 43 7 7 7 7 7" in page


def test_opening_again_copies_the_numbers_and_mails_the_same_link(olga, school):
    sick_leave.send(school, sick_leave.SCHOOL_NUMBERS)
    before = links.token_of(school)
    mail.outbox.clear()
    page = olga.post(url("act_on_report", school.pk, "aabn"), follow=True)
    assert "Indberetningen er åben igen" in text_of(page)
    school.refresh_from_db()
    assert school.state == ReportState.REOPENED
    assert school.reopened_until == timezone.now() + dt.timedelta(days=7)
    first, second = school.versions.order_by("number")
    assert list(first.lines.values_list("line", "total")) == list(second.lines.values_list("line", "total"))
    assert [before in message.body for message in mail.outbox] == [True]


def test_a_report_that_was_not_sent_cannot_be_opened_again(olga, school):
    page = olga.post(url("act_on_report", school.pk, "aabn"), follow=True)
    assert "Indberetningen er ikke længere der" in text_of(page)
    assert mail.outbox == []


def test_a_new_link_takes_the_place_of_the_old_one_which_is_dead_at_once(olga, school):
    before = links.token_of(school)
    assert "holder op med at virke" in text_of(olga.get(url("act_on_report", school.pk, "nyt-link")))
    olga.post(url("act_on_report", school.pk, "nyt-link"))
    school.refresh_from_db()
    after = links.token_of(school)
    assert before != after
    assert links.report_of(before, timezone.now()) is None
    assert links.report_of(after, timezone.now()) == school
    assert [after in message.body for message in mail.outbox] == [True]
    assert AuditEvent.objects.filter(action="report.link_renewed").exists()


def test_a_closed_link_opens_nothing_and_is_not_sent_until_there_is_a_new_one(olga, school):
    token = links.token_of(school)
    olga.post(url("act_on_report", school.pk, "luk-link"))
    assert links.report_of(token, timezone.now()) is None
    page = olga.post(url("act_on_report", school.pk, "send-igen"), follow=True)
    assert "Linket er lukket" in text_of(page)
    assert mail.outbox == []
    olga.post(url("act_on_report", school.pk, "nyt-link"))
    assert len(mail.outbox) == 1


def test_the_same_link_is_sent_again(olga, school):
    olga.post(url("act_on_report", school.pk, "send-igen"))
    assert [links.path_of(school) in message.body for message in mail.outbox] == [True]


def test_another_address_of_a_school_is_of_this_week_and_gets_the_link(olga, school):
    olga.post(url("change_report_address", school.pk), {"email": "leder@friskole.example"})
    assert [message.to for message in mail.outbox] == [["leder@friskole.example"]]
    school.refresh_from_db()
    assert school.institution is not None
    assert school.institution.email != "leder@friskole.example"
    page = olga.post(url("change_report_address", school.pk), {"email": "ikke en adresse"})
    assert "Skriv en mailadresse" in text_of(page)


def test_another_address_of_a_municipality_counts_from_now_on(olga, roskilde):
    olga.post(url("change_report_address", roskilde.pk), {"email": "ny@roskilde.example"})
    assert MunicipalAddress.objects.get(municipality="0265").email == "ny@roskilde.example"
    assert [message.to for message in mail.outbox] == [["ny@roskilde.example"]]


def test_of_a_week_long_over_nothing_can_be_sent(logged_in, school, week, time_machine):
    time_machine.move_to(week.closes_at + dt.timedelta(days=2))
    olga = logged_in("olga")
    campaigns.close(week, by=None, now=timezone.now())
    for act in ("send-igen", "nyt-link"):
        page = olga.post(url("act_on_report", school.pk, act), follow=True)
        assert "Ugen er slut" in text_of(page)
    assert mail.outbox == []


def test_an_act_that_is_none_is_not_there(olga, school):
    assert olga.get(url("act_on_report", school.pk, "slet")).status_code == 404


# Addresses


def test_many_addresses_are_taken_at_once_or_not_at_all(olga):
    sick_leave.municipality()
    wrong = olga.post(url("paste_addresses"), {"linjer": "0265;a@b.example\n9999;c@d.example\n0265;ikke"})
    assert "Linje 2: ingen kommune har koden 9999" in text_of(wrong)
    assert "Linje 3: det er ikke en mailadresse" in text_of(wrong)
    assert not MunicipalAddress.objects.exists()
    page = olga.post(url("paste_addresses"), {"linjer": "265; a@b.example\n\n0101\tc@d.example"}, follow=True)
    assert "2 adresser er ændret" in text_of(page)
    assert dict(MunicipalAddress.objects.values_list("municipality", "email")) == {
        "0265": "a@b.example",
        "0101": "c@d.example",
    }
    assert AuditEvent.objects.filter(action="municipal_addresses.changed").count() == 1


def test_a_municipality_without_address_gets_the_open_weeks_link_when_there_is_one(olga, roskilde):
    Report.objects.update(email="", mail=MailState.NO_ADDRESS)
    olga.post(url("change_address", "0265"), {"email": "a@b.example"})
    assert [message.to for message in mail.outbox] == [["a@b.example"]]
    roskilde.refresh_from_db()
    assert roskilde.mail == MailState.SENT


def test_an_address_is_found_by_name_code_or_address(olga):
    MunicipalAddress.objects.create(municipality=sick_leave.municipality(), email="post@roskilde.example")
    for words in ("roskil", "0265", "post@"):
        page = text_of(olga.get(url("addresses"), {"q": words}))
        assert "Roskilde Kommune" in page
        assert "Københavns Kommune" not in page
    assert "1 kommune har ingen adresse" in text_of(olga.get(url("addresses")))


# What respondents ask for themselves


@pytest.mark.parametrize("identifier", ["265017", " 265017 ", "Roskilde", "roskilde kommune", "0265", "265"])
def test_whoever_has_lost_the_link_gets_the_same_one_at_the_registered_address(client, school, roskilde, identifier):
    before = {links.path_of(one) for one in (school, roskilde)}
    report = school if "017" in identifier else roskilde
    answer = client.post(url("lost_link"), {"identifier": identifier})
    assert answer.headers["Location"] == url("link_sent")
    [message] = mail.outbox
    assert message.to == [report.email]
    assert links.path_of(report) in message.body
    assert before == {links.path_of(one) for one in Report.objects.all()}
    assert AuditEvent.objects.filter(action="report.asked_again", object_id=str(report.pk)).count() == 1


def test_it_is_sent_once_an_hour_at_most(client, school, time_machine):
    for _ in range(3):
        client.post(url("lost_link"), {"identifier": "265017"})
    assert len(mail.outbox) == 1
    time_machine.move_to(sick_leave.FRIDAY + HOUR + MINUTE, tick=False)
    client.post(url("lost_link"), {"identifier": "265017"})
    assert len(mail.outbox) == 2
    assert len({message.extra_headers["Message-ID"] for message in mail.outbox}) == 2


@pytest.mark.parametrize("identifier", ["265999", "Atlantis", "0", "%", "Søndre Friskole"])
def test_who_is_not_known_is_answered_the_same(client, school, identifier):
    known = client.post(url("lost_link"), {"identifier": "265017"})
    mail.outbox.clear()
    answer = client.post(url("lost_link"), {"identifier": identifier})
    assert (answer.status_code, answer.headers["Location"]) == (known.status_code, known.headers["Location"])
    assert mail.outbox == []


def test_a_link_that_is_closed_or_over_is_not_sent_again(client, school, week):
    reports.revoke(school, by=campaigns.Actor())
    client.post(url("lost_link"), {"identifier": "265017"})
    reports.reissue(school, by=campaigns.Actor(), now=timezone.now())
    Report.objects.update(mail=MailState.SENT)
    campaigns.close(week, by=None, now=timezone.now())
    client.post(url("lost_link"), {"identifier": "265017"})
    assert mail.outbox == []

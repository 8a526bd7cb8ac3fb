"""STIL's pages: the weeks, one week live, and reminders to those chosen."""

import datetime as dt
import re

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AuditEvent
from reporting import answers, campaigns, links, reports
from reporting.models import Campaign, MunicipalAddress, Report
from reporting.states import CampaignState, MailState
from reporting.weeks import ZONE, Week
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


@pytest.fixture
def asked(week: Campaign) -> list[Report]:
    """Twenty-five schools who have their link."""
    return [
        sick_leave.report_of(
            week,
            sick_leave.free_school(f"2650{n:02}", name=f"Friskole {n:02}"),
            mailed_at=timezone.now() - 4 * HOUR,
        )
        for n in range(25)
    ]


def test_the_way_in_leads_each_to_what_is_theirs(logged_in, cast):
    assert logged_in("olga").get("/sygefravaer/").headers["Location"] == url("campaigns")
    assert logged_in("leif").get("/sygefravaer/").headers["Location"] == url("statistics")
    assert logged_in("emil").get("/sygefravaer/").headers["Location"] == url("open_data")
    assert logged_in("visitor").get("/sygefravaer/").headers["Location"] == url("open_data")


# The weeks


def test_the_list_shows_each_week_with_its_answers(olga, week, asked):
    sick_leave.send(asked[0], sick_leave.SCHOOL_NUMBERS)
    answers.ask_reopening(asked[0], "Forkert tal", now=timezone.now())
    campaigns.plan_ahead(timezone.now())
    page = text_of(olga.get(url("campaigns")))
    assert "Uge 47, 2026" in page
    assert "1 af 25" in page
    assert "1 beder om at rette" in page
    assert page.index("Uge 48, 2026") < page.index("Uge 47, 2026")


def test_neither_the_weeks_nor_a_week_nor_the_addresses_ask_more_of_the_database_for_more_rows(olga, week, asked):
    pages = [url("campaigns"), url("campaign", week.pk), url("campaign_now", week.pk), url("addresses")]
    counted = []
    for page in pages:
        with CaptureQueriesContext(connection) as queries:
            assert olga.get(page).status_code == 200
        counted.append(len(queries))
    for n in range(20):
        sick_leave.report_of(week, sick_leave.free_school(f"2651{n:02}", name=f"Ny skole {n}"))
        sick_leave.campaign(Week(2026, 10 + n))
        MunicipalAddress.objects.create(
            municipality=sick_leave.municipality(f"08{n:02}", f"By {n}"), email="a@b.example"
        )
    for page, before in zip(pages, counted, strict=True):
        with CaptureQueriesContext(connection) as queries:
            assert olga.get(page).status_code == 200
        assert len(queries) == before


def test_a_week_tells_how_many_have_answered_begun_opened_and_were_not_reached(olga, week, asked):
    sick_leave.send(asked[0], sick_leave.SCHOOL_NUMBERS)
    sick_leave.fill_in(asked[1], sick_leave.SCHOOL_NUMBERS)
    answers.note_opened(asked[2], timezone.now())
    Report.objects.filter(pk=asked[3].pk).update(mail=MailState.BOUNCED)
    Report.objects.filter(pk=asked[4].pk).update(mail=MailState.CLAIMED, mail_claimed_at=timezone.now() - HOUR)
    sick_leave.send(asked[5], sick_leave.SCHOOL_NUMBERS)
    reports.reopen(asked[5], by=campaigns.Actor(), now=timezone.now())
    page = text_of(olga.get(url("campaign", week.pk)))
    for fact in ("Har svaret 2 af 25", "Er begyndt 1", "Har kun åbnet 1", "Har ikke åbnet 21"):
        assert fact in page
    assert "Kunne ikke leveres 2" in page
    assert "Genåbnet 1" in page
    assert "Uvist, om mailen er gået" in page
    assert "Fristen er mandag kl. 13, om 3 dage." in page


@pytest.mark.parametrize(
    ("asked_for", "expected"),
    [
        ({"vis": "svaret"}, {0}),
        ({"vis": "begyndt"}, {1}),
        ({"vis": "ikke-aabnet"}, set(range(2, 25))),
        ({"vis": "mangler"}, set(range(1, 25))),
        ({"vis": "ikke-leveret"}, {3}),
        ({"q": "friskole 07"}, {7}),
        ({"q": "265009"}, {9}),
        ({"slags": "municipality"}, set()),
        ({"vis": "findes ikke", "slags": "x", "q": "\0Friskole 24"}, {24}),
    ],
)
def test_the_respondents_are_found_by_how_they_stand_and_by_name_and_number(olga, week, asked, asked_for, expected):
    sick_leave.send(asked[0], sick_leave.SCHOOL_NUMBERS)
    sick_leave.fill_in(asked[1], sick_leave.SCHOOL_NUMBERS)
    Report.objects.filter(pk=asked[3].pk).update(mail=MailState.BOUNCED)
    lines = olga.get(url("campaign", week.pk), asked_for).context["lines"]
    assert {line.report.pk for line in lines} == {asked[n].pk for n in expected}


def test_the_page_asks_by_itself_and_is_drawn_anew_only_where_something_has_changed(olga, week, asked):
    address = re.search(r'hx-get="([^"]+)"', olga.get(url("campaign", week.pk)).content.decode())
    assert address is not None
    address = address[1].replace("&amp;", "&")
    assert olga.get(address).status_code == 204
    sick_leave.send(asked[3], sick_leave.SCHOOL_NUMBERS)
    answer = olga.get(address)
    assert "1 af 25" in text_of(answer)
    assert f'id="svar-{asked[3].pk}"' in answer.content.decode()


def test_no_page_shows_a_link(olga, week, asked):
    report = sick_leave.send(asked[0], sick_leave.SCHOOL_NUMBERS)
    token = links.token_of(report)
    pages = [
        url("campaigns"),
        url("campaign", week.pk),
        url("campaign_now", week.pk) + f"?viste={report.pk}",
        url("report", report.pk),
        url("act_on_report", report.pk, "nyt-link"),
        url("change_report_address", report.pk),
    ]
    for page in pages:
        content = olga.get(page).content.decode()
        assert token not in content
        assert report.token_hash not in content


def test_the_dates_and_the_message_of_a_week_are_changed(olga):
    campaign = campaigns.plan(Week(2026, 48))
    page = olga.get(url("change_campaign", campaign.pk)).content.decode()
    assert 'value="2026-11-27T08:00"' in page
    dates = {
        "opens_at": "2026-11-26T09:00",
        "reminds_at": "2026-11-30T08:00",
        "deadline_at": "2026-11-30T14:30",
        "closes_at": "2026-12-01T12:00",
    }
    olga.post(url("change_campaign", campaign.pk), {**dates, "message": "Kort uge."})
    campaign.refresh_from_db()
    assert campaign.opens_at == dt.datetime(2026, 11, 26, 9, tzinfo=ZONE)
    assert campaign.deadline_at == dt.datetime(2026, 11, 30, 14, 30, tzinfo=ZONE)
    assert campaign.message == "Kort uge."
    wrong = olga.post(url("change_campaign", campaign.pk), {**dates, "closes_at": "2026-11-30T08:00"})
    assert "Tidspunkterne skal komme i rækkefølge" in text_of(wrong)


def test_a_week_is_left_out_taken_in_and_opened_by_hand_after_a_question(olga):
    sick_leave.free_school()
    campaign = campaigns.plan(Week(2026, 48))
    move = url("move_campaign", campaign.pk)
    olga.post(move, {"handling": "udelad"})
    assert Campaign.objects.get().state == CampaignState.CANCELLED
    olga.post(move, {"handling": "tag-med"})
    assert "3 indberettere får en mail" in text_of(olga.post(move, {"handling": "aabn"}))
    assert not Report.objects.exists()
    page = olga.post(move, {"handling": "aabn", "bekraeftet": "1"}, follow=True)
    assert "Ugen er åben" in text_of(page)
    assert len(mail.outbox) == 1  # the cast's municipality and Roskilde have no address yet
    assert AuditEvent.objects.get(action="campaign.opened").actor is not None
    again = olga.post(move, {"handling": "aabn", "bekraeftet": "1"}, follow=True)
    assert "ikke længere der" in text_of(again)
    assert len(mail.outbox) == 1


# Reminders


def test_those_ticked_are_reminded(olga, week, asked):
    page = olga.post(url("remind", week.pk), {"svar": [asked[1].pk, asked[2].pk]}, follow=True)
    assert "2 påmindelser er på vej" in text_of(page)
    assert sorted(message.to[0] for message in mail.outbox) == [asked[1].email, asked[2].email]
    assert AuditEvent.objects.filter(action="report.reminded", actor__isnull=False).count() == 2


def test_more_than_twenty_are_asked_about_first(olga, week, asked):
    everybody = {"alle": "1", "q": "", "vis": "", "slags": ""}
    question = olga.post(url("remind", week.pk), everybody)
    assert "Påmind 25 indberettere?" in text_of(question)
    assert mail.outbox == []
    olga.post(url("remind", week.pk), {**everybody, "bekraeftet": "1"})
    assert len(mail.outbox) == 25


def test_all_of_the_list_are_those_of_the_list(olga, week, asked):
    olga.post(url("remind", week.pk), {"alle": "1", "q": "Friskole 1", "vis": "mangler"})
    assert len(mail.outbox) == 10


def test_who_has_answered_was_not_reached_or_was_just_reminded_is_not(olga, week, asked):
    sick_leave.send(asked[0], sick_leave.SCHOOL_NUMBERS)
    mail.outbox.clear()
    Report.objects.filter(pk=asked[1].pk).update(mail=MailState.BOUNCED)
    Report.objects.filter(pk=asked[2].pk).update(reminded_at=timezone.now() - 20 * MINUTE)
    page = olga.post(url("remind", week.pk), {"svar": [one.pk for one in asked[:4]]}, follow=True)
    assert [message.to[0] for message in mail.outbox] == [asked[3].email]
    assert "1 er påmindet inden for den sidste time" in text_of(page)
    nobody = olga.post(url("remind", week.pk), {"svar": [asked[0].pk, "x"]}, follow=True)
    assert "Du har ikke valgt nogen" in text_of(nobody)

"""Links: who has one that works is let in to one report; all others get the same page and nothing else."""

import datetime as dt
import io
import logging
import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from institutions.actor import Actor
from reporting import campaigns, links, reports
from reporting.models import Campaign, Report
from reporting.states import CampaignState, ReportState
from reporting.weeks import Week
from tests.cast import Cast
from tests.sick_leave import SCHOOL_NUMBERS, campaign, free_school, report_of, send
from unilogin_portal.lib import requestlog

from .conftest import Respondent

PAGES = ("answer", "later", "review", "receipt", "pdf", "ask_reopening")
A_DAY = dt.timedelta(days=1)


def pages_of(token: str) -> list[str]:
    """Return what every page says of a link, without what differs from one answer to another."""
    addresses = [reverse(f"reporting:{name}", args=[token]) for name in PAGES]
    addresses.append(reverse("reporting:step", args=[token, "personale"]))
    return [answered(Client(), path) for path in addresses]


def answered(client: Client, path: str) -> str:
    answer = client.get(path)
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", answer.content.decode())
    # The language's link holds the address itself.
    return f"{answer.status_code} {sorted(answer.headers)} {text.replace(path, '')}"


def guessed(school: Report) -> str:
    return "A" * 32


def revoked(school: Report) -> str:
    token = links.token_of(school)
    reports.revoke(school, by=Actor())
    return token


def renewed(school: Report) -> str:
    token = links.token_of(school)
    reports.reissue(school, by=Actor(), now=timezone.now())
    return token


def closed(school: Report) -> str:
    Campaign.objects.filter(pk=school.campaign_id).update(closes_at=school.campaign.deadline_at)
    campaigns.close(school.campaign, by=None, now=school.campaign.closes_at)
    return links.token_of(school)


def of_another_week(school: Report) -> str:
    before = campaign(school.campaign.of.shifted(-1), now=timezone.now() - dt.timedelta(days=7))
    assert school.institution
    token = links.token_of(report_of(before, school.institution))
    campaigns.close(before, by=None, now=timezone.now())
    return token


def too_old(school: Report) -> str:
    long_ago = timezone.now() - links.RECEIPT_FOR - dt.timedelta(days=8)
    before = campaign(school.campaign.of.shifted(-6), now=long_ago)
    assert school.institution
    report = send(report_of(before, school.institution), SCHOOL_NUMBERS, now=long_ago)
    return links.token_of(report)


def shortened(school: Report) -> str:
    return links.token_of(school)[:-1]


def in_capitals(school: Report) -> str:
    return links.token_of(school).swapcase()


def strange(school: Report) -> str:
    return "%00'\"<script>" + "æ" * 18


DEAD = (guessed, revoked, renewed, closed, of_another_week, too_old, shortened, in_capitals)


@pytest.mark.parametrize("dead", DEAD, ids=lambda function: function.__name__)
def test_every_link_that_does_not_work_gives_the_same_page(school: Report, dead: Callable[[Report], str]) -> None:
    name = school.name
    expected = pages_of("B" * 32)
    found = pages_of(dead(school))
    assert found == expected
    assert all(page.startswith("404") for page in found)
    assert not any(name in page or "SF-20" in page for page in found)


def test_a_link_of_strange_letters_gives_it_too(school: Report) -> None:
    answer = Client().get(f"/sygefravaer/svar/{strange(school)}/")
    assert answer.status_code == 404


def test_a_link_writes_into_its_own_report_only(
    school: Report, roskilde: Report, by_link: Callable[..., Respondent]
) -> None:
    assert by_link(roskilde).get("step", "personale").status_code == 404
    answer = by_link(school).post("step", "dagtilbud", was="{}", **{"children-total": 5})
    assert answer.status_code == 404
    by_link(school).write("personale", school_staff__total=1, children__total=7, municipal_staff__total=8)
    assert not roskilde.versions.exists()
    assert list(school.versions.get().lines.values_list("line", flat=True)) == ["school_staff"]


def test_a_page_that_was_open_when_the_link_died_saves_nothing(
    school: Report, by_link: Callable[..., Respondent]
) -> None:
    respondent = by_link(school)
    was = respondent.was("personale")
    reports.reissue(school, by=Actor(), now=timezone.now())
    assert respondent.post("step", "personale", was=was, **{"school_staff-total": 3}).status_code == 404
    assert not school.versions.exists()
    school.refresh_from_db()
    assert by_link(school).write("personale", school_staff__total=3).status_code == 200


def test_a_link_is_long_different_for_each_and_kept_as_a_hash_only(school: Report, roskilde: Report) -> None:
    tokens = {links.token_of(report) for report in (school, roskilde)}
    assert len(tokens) == 2
    assert all(len(token) * 6 >= 128 for token in tokens)
    for report in Report.objects.values():
        assert not tokens & {str(value) for value in report.values()}


def test_a_link_goes_on_working_when_the_secret_key_is_changed(
    school: Report, settings_key: Callable[[str], None]
) -> None:
    token = links.token_of(school)
    settings_key("another-secret-key-" + "1" * 40)
    assert links.report_of(token, timezone.now()) == school
    assert links.token_of(school) == token


@pytest.fixture
def settings_key(settings: object) -> Callable[[str], None]:
    def change(key: str) -> None:
        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]  # type: ignore[attr-defined]
        settings.SECRET_KEY = key  # type: ignore[attr-defined]

    return change


def test_a_report_is_written_in_until_the_minute_its_week_closes(school: Report) -> None:
    token, closes_at = links.token_of(school), school.campaign.closes_at
    assert links.report_of(token, closes_at - dt.timedelta(seconds=1)) == school
    assert links.report_of(token, closes_at) is None


def test_a_link_whose_report_is_open_again_works_after_its_week_and_then_shows_what_was_sent(
    school: Report, cast: Cast
) -> None:
    send(school, SCHOOL_NUMBERS)
    campaigns.close(school.campaign, by=None, now=school.campaign.closes_at)
    after = school.campaign.closes_at + A_DAY
    reports.reopen(school, by=Actor.of(cast["olga"]), now=after)
    school.refresh_from_db()
    token = links.token_of(school)
    opened = links.report_of(token, after + A_DAY)
    assert opened
    assert opened.takes_answers(after + A_DAY)
    campaigns.end_corrections(after + 8 * A_DAY)
    shown = links.report_of(token, after + 8 * A_DAY)
    assert shown
    assert shown.state == ReportState.FINISHED
    assert not shown.takes_answers(after + 8 * A_DAY)


def test_no_page_names_a_link(school: Report, cast: Cast, logged_in: Callable[[str], Client]) -> None:
    """Not even STIL's: whoever reads along there could report for everybody."""
    token = links.token_of(school)
    client = logged_in("olga")
    for path in (
        "/sygefravaer/uger/",
        f"/sygefravaer/uger/{school.campaign_id}/",
        f"/sygefravaer/svar-fra/{school.pk}/",
    ):
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert token not in answer.content.decode()
        assert "/svar/" not in answer.content.decode()


def test_asking_for_a_lost_link_tells_nobody_who_is_asked(school: Report) -> None:
    texts = set()
    for identifier in (school.institution.number, "999999", "Roskilde", "Ingensteds", "'; --"):  # type: ignore[union-attr]
        answer = Client().post(reverse("reporting:lost_link"), {"identifier": identifier}, follow=True)
        texts.add(answer.content.decode())
    assert len(texts) == 1


def test_a_cancelled_or_planned_week_has_no_link_that_works(db: None) -> None:
    school = free_school()
    for number, state in enumerate((CampaignState.PLANNED, CampaignState.CANCELLED), start=40):
        report = report_of(campaign(Week(2026, number), state=state), school)
        assert links.report_of(links.token_of(report), timezone.now()) is None


def test_links_are_of_no_use_to_search_engines_or_caches(school: Report, by_link: Callable[..., Respondent]) -> None:
    answer = by_link(school).get("step", "personale")
    assert answer["X-Robots-Tag"] == "noindex"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Referrer-Policy"] == "same-origin"
    assert settings.SECURE_REFERRER_POLICY == "same-origin"


def test_a_log_line_about_a_refused_or_broken_request_does_not_hold_the_link(
    school: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Django itself writes the address down when a form is too old, and when a page breaks."""
    token, written = links.token_of(school), io.StringIO()
    handler = logging.StreamHandler(written)
    handler.addFilter(requestlog.WithoutKeys())
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        strict = Client(enforce_csrf_checks=True)
        path = reverse("reporting:step", args=[token, "personale"])
        assert strict.post(path, {"was": "{}"}).status_code == 403
        monkeypatch.setattr("reporting.answering.Steps.__init__", broken)
        assert Client(raise_request_exception=False).get(path).status_code == 500
    finally:
        root.removeHandler(handler)
    assert "/sygefravaer/svar/…/trin/personale/" in written.getvalue()
    assert token not in written.getvalue()
    assert settings.LOGGING["handlers"]["console"]["filters"] == ["without keys"]


def broken(*arguments: object) -> None:
    raise RuntimeError("broken for a test")


def test_a_correction_that_is_sent_late_shows_its_receipt(school: Report, by_link: Callable[..., Respondent]) -> None:
    long_ago = timezone.now() - dt.timedelta(days=60)
    before = campaign(Week(2026, 38), now=long_ago)
    assert school.institution
    report = send(report_of(before, school.institution), SCHOOL_NUMBERS, now=long_ago)
    campaigns.close(before, by=None, now=before.closes_at)
    reports.reopen(report, by=Actor(), now=timezone.now())
    respondent = by_link(report)
    seen = respondent.get("review").context["seen"]  # type: ignore[attr-defined]
    answer = respondent.client.post(respondent.url("review"), {"seen": seen}, follow=True)
    assert answer.status_code == 200
    assert "SF-2026-38-0001-2" in answer.content.decode()

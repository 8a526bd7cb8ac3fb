"""The news: what is published is read, newest first, on pages and as a feed."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from lxml import etree, html

from accounts.models import AuditEvent, User
from accounts.states import UserState
from unilogin_portal import services
from unilogin_portal.models import NewsItem

ATOM = {"a": "http://www.w3.org/2005/Atom"}


def titles(response):
    return [link.text for link in html.fromstring(response.content).xpath("//ul[contains(@class, 'news')]//a")]


def test_news_are_listed_newest_first_ten_a_page(client, make_news):
    for number in range(1, 13):
        make_news(number)
    assert titles(client.get("/nyheder/")) == [f"Nyhed {number} på dansk" for number in range(1, 11)]
    assert titles(client.get("/nyheder/", {"side": "2"})) == ["Nyhed 11 på dansk", "Nyhed 12 på dansk"]


@pytest.mark.parametrize("page", ["99", "0", "x", "-1"])
def test_a_page_that_is_not_there_shows_one_that_is(client, make_news, page):
    make_news()
    assert titles(client.get("/nyheder/", {"side": page})) == ["Nyhed 1 på dansk"]


def test_a_page_of_news_costs_the_same_with_one_item_and_with_many(client, make_news, django_assert_num_queries):
    make_news(1)
    with django_assert_num_queries(2):
        client.get("/nyheder/")
    for number in range(2, 11):
        make_news(number)
    with django_assert_num_queries(2):
        client.get("/nyheder/")
    with django_assert_num_queries(2):  # the news, and whether the database answers
        client.get("/")


def test_only_what_is_published_by_now_is_shown(client, make_news):
    make_news(1, is_published=False)
    make_news(2, published_at=timezone.now() + dt.timedelta(hours=1))
    assert titles(client.get("/nyheder/")) == []
    assert client.get("/nyheder/nyhed-1/").status_code == 404
    assert client.get("/nyheder/nyhed-2/").status_code == 404
    assert b"Nyhed" not in client.get("/nyheder/atom.xml").content.replace(b"Nyheder", b"")


def test_without_news_the_page_says_so_and_leads_on(client, db):
    page = html.fromstring(client.get("/nyheder/").content)
    assert "Ingen nyheder endnu" in page.find_class("empty")[0].text_content()
    assert page.find_class("empty")[0].xpath(".//a/@href") == ["/hjaelp/"]


def test_an_item_is_read_in_the_language_of_the_page_and_is_never_markup(client, make_news):
    make_news(1, body_en="First <script>.\n\nSecond, see https://example.org/x.")
    page = html.fromstring(client.get("/nyheder/nyhed-1/", {"sprog": "en"}).content)
    paragraphs = [p.text_content() for p in page.xpath("//article//p")]
    assert "First <script>." in paragraphs
    assert page.xpath("//h1")[0].text == "News 1 in English"


def test_news_missing_a_language_is_refused_by_the_database(make_news):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_news(1, title_en="")


def feed(client, language="da"):
    response = client.get("/nyheder/atom.xml", {"sprog": language})
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return etree.fromstring(response.content)


def test_the_feed_has_what_rfc_4287_demands(client, make_news):
    for number in (1, 2):
        make_news(number)
    root = feed(client)
    assert root.tag == "{http://www.w3.org/2005/Atom}feed"
    for of in (root, *root.findall("a:entry", ATOM)):
        for name in ("id", "title", "updated"):
            assert of.findtext(f"a:{name}", namespaces=ATOM), name
            assert len(of.findall(f"a:{name}", ATOM)) == 1
        assert dt.datetime.fromisoformat(of.findtext("a:updated", namespaces=ATOM)).tzinfo
    assert root.findtext("a:author/a:name", namespaces=ATOM)
    assert root.xpath("a:link[@rel='self']/@href", namespaces=ATOM) == ["http://testserver/nyheder/atom.xml?sprog=da"]
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "da"


def test_ids_in_the_feed_are_unique_and_outlive_a_new_title_and_address(client, make_news):
    item = make_news(1)
    make_news(2)
    before = feed(client).xpath("a:entry/a:id/text()", namespaces=ATOM)
    item.slug, item.title_da = "en-anden-adresse", "En anden titel"
    services.save_news(item, by=None)
    after = feed(client).xpath("a:entry/a:id/text()", namespaces=ATOM)
    assert before == after
    assert len(set(before)) == 2
    assert all(identifier.startswith("tag:testserver,") for identifier in before)


def test_the_feed_speaks_the_language_asked_for(client, make_news):
    make_news(1)
    root = feed(client, "en")
    assert root.xpath("a:entry/a:title/text()", namespaces=ATOM) == ["News 1 in English"]
    assert root.xpath("a:entry/a:link/@href", namespaces=ATOM) == ["http://testserver/nyheder/nyhed-1/?sprog=en"]


def test_saving_news_is_recorded(make_news):
    item = make_news(1)
    services.save_news(item, by=None)
    event = AuditEvent.objects.get()
    assert (event.action, event.object_id) == ("news.changed", str(item.pk))


def test_an_operator_writes_news_in_the_administration_and_it_is_recorded(client, db):
    operator = User.objects.create(username="operator", is_staff=True, is_superuser=True, state=UserState.ACTIVE)
    client.force_login(operator)
    fields = dict.fromkeys(("title_da", "title_en", "summary_da", "summary_en", "body_da", "body_en"), "Tekst")
    sent = {**fields, "slug": "ny", "published_at_0": "2026-11-01", "published_at_1": "08:00", "is_published": "on"}
    response = client.post(reverse("admin:portal_newsitem_add"), sent)
    assert response.status_code == 302
    event = AuditEvent.objects.get(action="news.written")
    assert (event.actor, event.details) == (operator, {"slug": "ny", "published": True})


def test_news_are_taken_down_never_deleted(client, make_news):
    item = make_news()
    operator = User.objects.create(username="operator", is_staff=True, is_superuser=True, state=UserState.ACTIVE)
    client.force_login(operator)
    assert client.post(reverse("admin:portal_newsitem_delete", args=[item.pk]), {"post": "yes"}).status_code == 403
    assert NewsItem.objects.count() == 1

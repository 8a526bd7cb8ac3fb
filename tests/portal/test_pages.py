"""The frame and the portal's own pages: what every page keeps, in both languages, for visitors and for those inside."""

import re

import pytest
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.template import engines
from django.test import RequestFactory
from django.urls import reverse
from lxml import html

from accounts.models import Person, User
from accounts.states import UserState
from unilogin_portal.entries import ENTRIES
from unilogin_portal.help.guides import GUIDES

PAGES = [
    "/",
    "/hjaelp/",
    "/hjaelp/?q=adgangskode",
    "/hjaelp/?q=findes+ikke",
    "/nyheder/",
    "/nyheder/nyhed-1/",
    "/was/",
    "/cookies/",
    "/privatliv/",
    "/driftsstatus/",
    *(f"/hjaelp/{slug}/" for slug in GUIDES),
]
CSP = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}
# English words that no Danish sentence has, and that most of our English ones have.
ENGLISH = re.compile(r"\b(the|and|you|your|with|page|password|what)\b", re.IGNORECASE)
INLINE = "//style|//script[not(@src)]|//@style|//@*[starts-with(name(), 'on')]"


@pytest.fixture
def mette(db):
    person = Person.objects.create(
        cpr=Person.sealed_cpr("0101807890"), first_name="Mette", family_name="Holm & <Søn>", birth_date="1980-01-01"
    )
    return User.objects.create(person=person, username="mett4821", state=UserState.ACTIVE, is_affiliated=True)


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_every_page_answers_in_the_language_asked_for(client, make_news, path, language):
    make_news()
    response = client.get(f"{path}{'&' if '?' in path else '?'}sprog={language}")
    page = html.fromstring(response.content)
    assert response.status_code == 200
    assert response["Content-Language"] == language
    assert page.xpath("/html/@lang") == [language]
    assert len(page.xpath("//h1")) == 1
    assert len(page.xpath("//main")) == 1
    assert page.xpath("//title")[0].text.endswith(" – Unilogin")


@pytest.mark.parametrize("path", PAGES)
def test_no_page_needs_more_than_the_strict_policy_allows(client, make_news, path):
    make_news()
    response = client.get(path)
    policy = {directive.strip() for directive in response["Content-Security-Policy"].split(";")}
    assert policy == CSP
    assert not html.fromstring(response.content).xpath(INLINE)


@pytest.mark.parametrize("path", PAGES)
def test_no_english_is_left_on_a_danish_page(client, make_news, path):
    make_news()
    page = html.fromstring(client.get(path).content)
    for other in page.xpath("//*[@lang='en']|//script|//head"):
        other.drop_tree()
    assert not ENGLISH.findall(page.text_content())


def test_every_link_of_every_page_is_there(client, make_news):
    make_news()
    links = set()
    for path in PAGES:
        page = html.fromstring(client.get(path).content)
        found = page.xpath("//a/@href|//form/@action")
        assert "" not in found, path
        links.update(link for link in found if link.startswith("/"))
        for anchor in (link[1:] for link in found if link.startswith("#")):
            assert page.get_element_by_id(anchor) is not None
    for link in sorted(links):
        assert client.get(link).status_code in {200, 302}, link


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_fetched_from_elsewhere(client, make_news, path):
    make_news()
    page = html.fromstring(client.get(path).content)
    fetched = page.xpath("//@src|//link[@rel!='alternate']/@href|//use/@href")
    assert not [source for source in fetched if not source.startswith("/static/")]


def test_danish_is_spoken_whatever_the_browser_prefers(client, db):
    assert client.get("/", headers={"accept-language": "en-GB,en;q=0.9"})["Content-Language"] == "da"


def test_a_chosen_language_is_kept_until_another_is_chosen(client, db):
    cookie = client.get("/", {"sprog": "en"}).cookies["sprog"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert client.get("/was/")["Content-Language"] == "en"
    client.get("/", {"sprog": "da"})
    assert client.get("/was/")["Content-Language"] == "da"


def test_a_language_that_we_do_not_speak_changes_nothing(client, db):
    response = client.get("/", {"sprog": "../../etc"})
    assert response["Content-Language"] == "da"
    assert not response.cookies


def test_the_way_to_the_other_language_leads_to_the_same_page_and_query(client, db):
    page = html.fromstring(client.get("/hjaelp/", {"q": "kode & ord"}).content)
    [link, *_] = page.xpath("//a[@hreflang='en']")
    assert link.text == "English"
    there = client.get(link.get("href"))
    assert there["Content-Language"] == "en"
    assert there.context["query"] == "kode & ord"


def test_a_visitor_is_offered_to_log_in_and_no_form_sets_a_cookie(client, db):
    response = client.get("/")
    page = html.fromstring(response.content)
    assert reverse("login:choose") in page.xpath("//header//a/@href")
    assert not page.xpath("//header//form")
    assert not response.cookies


def test_who_is_inside_sees_their_name_and_leaves_by_a_form(client, mette):
    client.force_login(mette)
    page = html.fromstring(client.get("/").content)
    header = page.xpath("//header")[0]
    assert "Mette Holm & <Søn>" in header.text_content()
    for form in header.xpath(".//form"):
        assert (form.get("method"), form.get("action")) == ("post", reverse("login:out"))
        assert form.xpath(".//input[@name='csrfmiddlewaretoken']")
    assert reverse("mitunilogin:overview") in header.xpath(".//a/@href")


def test_the_frame_costs_no_more_than_session_user_and_roles(client, mette, django_assert_num_queries):
    client.force_login(mette)
    with django_assert_num_queries(3):
        client.get("/was/")


def test_the_front_page_leads_each_kind_of_user_on_in_one_click(client, db):
    page = html.fromstring(client.get("/").content)
    entries = [heading.text_content() for heading in page.xpath("//h3[contains(@class, 'card-heading')]")]
    assert entries == ["Elev", "Forælder", "Lærer og pædagog", "Skole og dagtilbud", "Kommune", "Leverandør"]
    shown = page.xpath("//*[contains(@class, 'entry')]//li/a/@href")
    assert shown == [link.url for entry in ENTRIES for link in entry.links]


def test_the_demo_badge_is_shown_only_in_a_demo(client, db, settings):
    settings.DEMO = True
    assert b"demo-badge" in client.get("/").content
    settings.DEMO = False
    assert b"demo-badge" not in client.get("/").content


def test_messages_stand_first_in_main_and_are_told(db):
    request = RequestFactory().get("/")
    context = {"messages": [Message(constants.SUCCESS, "Gemt <b>nu</b>"), Message(constants.ERROR, "Ikke sendt")]}
    page = html.fromstring(engines["django"].get_template("base.html").render(context, request))
    [first, second] = page.xpath("//main/*")[:2]
    assert first.get("class") == "alert alert-success"
    assert first.get("role") == "status"
    assert "Gemt <b>nu</b>" in first.text_content()
    assert second.get("class") == "alert alert-error"


@pytest.mark.parametrize(
    ("path", "content_type", "says"),
    [
        ("/robots.txt", "text/plain", "Disallow: /mit-unilogin/"),
        ("/.well-known/security.txt", "text/plain", "Contact: "),
    ],
)
def test_machines_find_what_they_ask_for(client, db, path, content_type, says):
    response = client.get(path)
    assert response["Content-Type"].startswith(content_type)
    assert says in response.content.decode()


def test_the_icon_is_where_browsers_look_for_it(client, db):
    for path in ("/favicon.ico", "/favicon.svg"):
        assert client.get(path)["Location"].endswith(".svg")


def test_the_cookie_page_names_every_cookie_by_its_real_name(client, db, settings):
    page = client.get("/cookies/").content.decode()
    for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME):
        assert f">{name}<" in page

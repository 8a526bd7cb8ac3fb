"""The guides: whole in both languages, true to the pages, and found by who looks for them."""

import pytest
from django.urls import reverse
from django.utils import translation
from lxml import html

from unilogin_portal import catalogue
from unilogin_portal.entries import ENTRIES
from unilogin_portal.help import statements
from unilogin_portal.help.guides import GROUPS, GUIDES
from unilogin_portal.help.search import folded, search
from unilogin_portal.help.text import LINK, STRONG, Text, address

ALL = [*GUIDES.values(), statements.ACCESSIBILITY, statements.PRIVACY]
TEXTS = [(guide.slug, text) for guide in ALL for text in guide.texts()]
# Names that are the same in every language, and therefore not in the catalogue.
NAMES = {"MitID", "Unilogin", "Mit Unilogin"}


def test_every_guide_stands_once_and_in_a_group():
    listed = [guide.slug for group in GROUPS for guide in group.guides]
    assert len(listed) == len(set(listed)) == len(GUIDES)


@pytest.mark.parametrize("guide", ALL, ids=lambda guide: guide.slug)
def test_every_text_is_there_in_both_languages_with_the_same_links_and_names(guide):
    for text in guide.texts():
        assert text.da.strip()
        assert text.en.strip()
        assert text.targets("da") == text.targets("en")
        assert len(STRONG.findall(text.da)) == len(STRONG.findall(text.en))


@pytest.mark.parametrize("guide", ALL, ids=lambda guide: guide.slug)
def test_every_link_of_a_guide_leads_somewhere(client, db, guide):
    for text in guide.texts():
        for target in text.targets("da"):
            path = address(target)
            assert path.startswith(("tel:", "mailto:")) or client.get(path).status_code in {200, 302}, target
    assert all(slug in GUIDES and slug != guide.slug for slug in guide.see_also)


def test_buttons_are_called_what_the_pages_call_them():
    held = {message.id: message.string for message in catalogue.load() if isinstance(message.id, str)}
    for slug, text in TEXTS:
        for danish, english in zip(STRONG.findall(text.da), STRONG.findall(text.en), strict=True):
            assert danish in NAMES or held.get(english) == danish, (slug, danish, english)


@pytest.mark.parametrize("language", ["da", "en"])
def test_no_markup_is_left_for_the_reader_to_see(language):
    with translation.override(language):
        for slug, text in TEXTS:
            for sign in ("**", "](", "{", "}"):
                assert sign not in html.fromstring(f"<p>{text.html}</p>").text_content(), (slug, str(text))


def test_texts_are_escaped_before_they_are_marked_up(db):
    text = Text("<b>Tryk</b> **Næste & videre**, [her](portal:help)", "x")
    assert str(text.html) == (
        f'&lt;b&gt;Tryk&lt;/b&gt; <strong>Næste &amp; videre</strong>, <a href="{reverse("portal:help")}">her</a>'
    )


def test_texts_name_the_installations_own_facts(settings):
    settings.SUPPORT_PHONE = "12 34 56 78"
    assert str(Text("Ring {support_phone}", "Call {support_phone}")) == "Ring 12 34 56 78"


def test_the_help_page_shows_every_guide_whole_without_script(client, db):
    page = html.fromstring(client.get("/hjaelp/").content)
    assert len(page.xpath("//button[@aria-controls][@aria-expanded='true']")) == len(GUIDES)
    assert not page.xpath("//*[contains(@class, 'accordion-content')][@aria-hidden='true']")
    assert [h.text_content() for h in page.xpath("//main//h2")][: len(GROUPS)] == [g.title.da for g in GROUPS]


def test_a_guide_has_a_page_of_its_own_with_numbered_steps_and_its_date(client, db):
    page = html.fromstring(client.get("/hjaelp/glemt-adgangskode/").content)
    assert page.xpath("//h1")[0].text == "Du har glemt adgangskoden"
    assert len(page.xpath("//ol[contains(@class, 'guide-steps')]/li")) == 5
    assert "Sidst ændret 21. november 2026" in page.text_content()
    assert page.xpath("//button[@data-print]")


def test_a_guide_that_is_not_there_is_not_found(client, db):
    assert client.get("/hjaelp/findes-ikke/").status_code == 404


@pytest.mark.parametrize(
    ("query", "language", "first"),
    [
        ("glemt adgangskode", "da", "glemt-adgangskode"),
        ("GLEMT ADGANGSKODE!", "da", "glemt-adgangskode"),
        ("Jeg har glemt mit brugernavn", "da", "glemt-brugernavn"),
        ("forælder brugernavn", "da", "brugernavn-foraelder"),
        ("foraelder brugernavn", "da", "brugernavn-foraelder"),
        ("uden mitid kontaktperson", "da", "kontaktperson-uden-mitid"),
        ("sygefravær", "da", "sygefravaer"),
        ("navnebeskyttelse hemmelig adresse", "da", "beskyttet-navn"),
        ("forgotten password", "en", "glemt-adgangskode"),
        ("sick leave", "en", "sygefravaer"),
        ("no access", "en", "ingen-adgang"),
        ("nulstille elev lærer xyzzy", "da", "elevadgang"),
    ],
)
def test_people_find_what_they_look_for(query, language, first):
    assert search(query, language)[0].slug == first


@pytest.mark.parametrize("query", ["xyzzy", "?!", "   ", "%", "()"])
def test_a_search_that_finds_nothing_is_an_empty_list(query):
    assert search(query, "da") == []


def test_spelling_without_danish_letters_folds_to_the_same():
    assert folded("Få ØL på CAFÉ Æble") == "faa oel paa cafe aeble"


def test_an_empty_result_has_a_way_on_and_keeps_the_words(client, db):
    page = html.fromstring(client.get("/hjaelp/", {"q": "<script>"}).content)
    [box] = page.find_class("empty")
    assert "Ingen vejledning passer til ”<script>”" in box.text_content()
    assert reverse("portal:help") in box.xpath(".//a/@href")
    assert page.xpath("//input[@name='q']/@value") == ["<script>"]


def test_a_query_without_words_shows_all_guides(client, db):
    assert client.get("/hjaelp/", {"q": "  "}).context["groups"] == GROUPS


def test_an_endless_query_is_cut(client, db):
    assert len(client.get("/hjaelp/", {"q": "kode " * 5000}).context["query"]) <= 100


def test_the_front_pages_entries_lead_to_guides_that_exist():
    for entry in ENTRIES:
        assert len(entry.links) == 3
        for link in entry.links:
            assert link.target.removeprefix("#") in GUIDES if link.target.startswith("#") else reverse(link.target)


def test_no_link_is_written_twice_over():
    assert all(len(words) > 1 for _, text in TEXTS for words, _ in LINK.findall(text.da))

"""Every page that stands by itself: seen in both languages, at both widths, by axe and at 320 pixels."""

import re

import pytest
from playwright.sync_api import expect

from unilogin_portal.help.guides import GUIDES

pytestmark = pytest.mark.browser

PATHS = [
    "/",
    "/hjaelp/",
    "/hjaelp/?q=mitid",
    "/hjaelp/?q=findesikke",
    "/hjaelp/glemt-adgangskode/",
    "/nyheder/",
    "/was/",
    "/cookies/",
    "/privatliv/",
    "/driftsstatus/",
    "/findes/ikke/",
    "/elevadgang/",
    "/login/",
    "/login/logget-af/",
    "/login/ingen-adgang/blocked/",
    "/login/ingen-adgang/too_young/",
    "/mit-unilogin/besked/findes-ikke/",
    "/aktiver/",
    "/sygefravaer/aabne-data/",
    "/sygefravaer/om-tallene/",
    "/sygefravaer/nyt-link/sendt/",
    "/mitid/acs",
    "/mitid/fortsaet/",
    "/test-mitid/login",
]


def look(visitor) -> None:
    """Keep a picture of the page, whatever its heading; let axe judge it; squeeze it to 320 pixels."""
    visitor.see_named(visitor.page.locator("h1").inner_text().strip())
    width = visitor.page.viewport_size
    visitor.page.set_viewport_size({"width": 320, "height": 640})
    visitor.fits()
    visitor.page.set_viewport_size(width)


def test_pages_that_stand_by_themselves(visitor):
    for path in PATHS:
        visitor.go(path)
        look(visitor)
    visitor.go("/nyheder/")
    visitor.click(visitor.page.locator("main h2 a, main h3 a").first)
    look(visitor)


def test_every_guide(arrive_as):
    """In both languages by one test: axe then judges each guide's structure once."""
    for visitor in (arrive_as(language=language, also="phone") for language in ("da", "en")):
        for slug in GUIDES:
            visitor.go(f"/hjaelp/{slug}/")
            visitor.see_named(visitor.page.locator("h1").inner_text())


def test_a_form_that_grew_too_old_says_so_in_the_portals_look(visitor):
    visitor.go("/login/brugernavn/")
    visitor.context.clear_cookies(name="csrf")
    visitor.write("User name", "anna1234")
    visitor.press("Next")
    expect(visitor.page).to_have_title(re.compile("Unilogin$"))
    look(visitor)


def test_the_language_chosen_is_kept(arrive_as):
    visitor = arrive_as()
    visitor.go("/")
    visitor.click(visitor.page.get_by_role("link", name="English").first)
    expect(visitor.page.locator("html")).to_have_attribute("lang", "en")
    visitor.go("/login/")
    expect(visitor.page.locator("h1")).to_have_text("Choose how to log in")
    visitor.click(visitor.page.get_by_role("link", name="Dansk").first)
    expect(visitor.page.locator("h1")).to_have_text("Vælg, hvordan du logger på")


def test_a_guide_prints_without_menu_and_footer(arrive_as):
    visitor = arrive_as()
    visitor.go("/hjaelp/glemt-adgangskode/")
    visitor.page.emulate_media(media="print")
    visitor.picture("printed")
    for hidden in ("nav.nav", "footer", ".portal-user .log-on"):
        assert not visitor.page.locator(hidden).first.is_visible()
    assert visitor.page.locator(".wordmark").is_visible()


def test_the_way_in_needs_no_mouse(arrive_as):
    visitor = arrive_as()
    page = visitor.page
    visitor.go("/login/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skipnav"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert "Unilogin" in page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")
    page.wait_for_url("**/login/brugernavn/")
    while page.evaluate("document.activeElement.name") != "username":
        page.keyboard.press("Tab")
    page.keyboard.type("zzzz")
    page.keyboard.press("Enter")
    visitor.reads("The user name must be four letters and four digits")


def test_a_double_click_is_one_click(arrive_as):
    visitor = arrive_as()
    visitor.go("/mitid/login?formaal=username")
    visitor.find("Karim Nielsen")
    visitor.press("Log in")
    visitor.arrive()
    visitor.page.get_by_role("button", name=visitor.say("Click to create your user")).dblclick()
    visitor.page.wait_for_load_state("networkidle")
    visitor.go("/aktiver/brugernavne/mit/")
    assert re.fullmatch(r"[a-z]{4}[0-9]{4}", visitor.page.locator(".secret-word").inner_text().strip())
    events = visitor.portal.rows("SELECT COUNT(*) FROM accounts_auditevent WHERE action = 'user.activated'")
    assert events == [(1,)]

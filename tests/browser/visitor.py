"""People in browsers: where they go, what they do, and what they see.

Each page that a visitor *sees* is kept as a screenshot under `var/screenshots/` and given to axe-core, which must find
nothing.
"""

import os
import re
import shutil
from pathlib import Path

from playwright.sync_api import BrowserContext, Locator, Page, ViewportSize, expect

from unilogin_portal import catalogue

from .portal import ROOT, Portal

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
SCREENSHOTS = ROOT / "var" / "screenshots"
# They are for people to look at, and take a tenth of the time: where nobody looks, none are taken.
KEEPS_PICTURES = os.environ.get("CI", "").lower() not in {"1", "true", "yes"}
WIDTHS = {"desktop": (1280, 900), "phone": (390, 844)}
# What axe cannot judge (contrast over a gradient) comes as "incomplete" and is not counted; all else is.
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]


# By how much a page is wider than its window.
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# A mark of a page's structure, without its words and numbers: axe judges structure, and no word of any language changes
# it. The mark is made in the browser: a page is long, and would be sent for each.
STRUCTURE = r"""async () => {
    const copy = document.documentElement.cloneNode(true);
    const words = ['alt', 'aria-label', 'content', 'data-title', 'href', 'lang', 'placeholder', 'title', 'value',
        // What scripts say, which differs from language to language.
        'hreflang', 'data-all', 'data-close-all', 'data-count', 'data-many', 'data-minutes', 'data-missing-many',
        'data-missing-one', 'data-more', 'data-none', 'data-one', 'data-open-all', 'data-seconds'];
    const walker = document.createTreeWalker(copy, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let node = copy; node; node = walker.nextNode()) {
        if (node.nodeType === Node.TEXT_NODE) node.data = node.data.trim() ? 'x' : '';
        else for (const name of words) if (node.getAttribute(name)) node.setAttribute(name, 'x');
    }
    const text = new TextEncoder().encode(copy.outerHTML.replace(/[0-9]+/g, '0'));
    const digest = await crypto.subtle.digest('SHA-256', text);
    return Array.from(new Uint8Array(digest), byte => byte.toString(16).padStart(2, '0')).join('');
}"""
# What is not judged needs no look at other files: axe would fetch all styles and media again.
JUDGE = "tags => axe.run(document, {runOnly: tags, resultTypes: ['violations'], preload: false})"


def size_of(width: str) -> ViewportSize:
    across, down = WIDTHS[width]
    return {"width": across, "height": down}


class Visitor:
    """Somebody at a screen: a browser of their own, a language, a width, with or without script.

    Every page they see is judged at the width `also`, too.
    """

    def __init__(
        self,
        context: BrowserContext,
        portal: Portal,
        *,
        name: str,
        language: str,
        width: str,
        script: bool,
        also: str = "",
    ) -> None:
        self.context = context
        self.portal = portal
        self.language = language
        self.script = script
        self.page: Page = context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", lambda m: self.complaints.append(m.text) if m.type == "error" else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.name, self.width, self.also = name, width, also
        for one in filter(None, (width, also)):
            shutil.rmtree(self.folder_of(one), ignore_errors=True)
        self.seen = 0
        self.catalogue = catalogue.load() if language == "da" else None

    def folder_of(self, width: str) -> Path:
        return SCREENSHOTS / self.name / f"{self.language}-{width}{'' if self.script else '-no-script'}"

    def say(self, message: str, **values: str) -> str:
        """Return a message of the portal in this visitor's language."""
        if self.catalogue is not None:
            translated = self.catalogue.get(message)
            assert translated is not None, f"no Danish for {message!r}"
            message = str(translated.string)
        return message % values if values else message

    def go(self, path: str) -> None:
        self.page.goto(self.portal.origin + path)

    def see(self, heading: str, **values: str) -> None:
        """Be on the page with this heading: keep its picture, and let axe judge it."""
        wanted = self.say(heading, **values)
        self._see(wanted, heading)

    def see_named(self, name: str) -> None:
        """The same, for a heading that is a name in every language."""
        self._see(name, name)

    def _see(self, wanted: str, heading: str) -> None:
        expect(self.page.locator("h1")).to_have_text(wanted)
        self.page.wait_for_load_state("load")
        expect(self.page.locator("html")).to_have_attribute("lang", self.language)
        self._judge(heading, self.width)
        if self.also:
            self.page.set_viewport_size(size_of(self.also))
            self._judge(heading, self.also)
            self.page.set_viewport_size(size_of(self.width))

    def _judge(self, heading: str, width: str) -> None:
        """The page fits, and axe finds nothing; a page of the same structure as one judged before has been judged."""
        self.fits()
        self.picture(heading, width)
        if not self.script:
            return
        judged = self.portal.judged / f"{width}-{self.page.evaluate(STRUCTURE)}"
        if not judged.exists():
            self.accessible()
            judged.touch()

    def picture(self, name: str, width: str = "") -> None:
        """Keep a screenshot, numbered in the order of the visit."""
        if not KEEPS_PICTURES:
            return
        self.seen += 1
        folder = self.folder_of(width or self.width)
        folder.mkdir(parents=True, exist_ok=True)
        words = "".join(c if c.isalnum() else "-" for c in name.lower())[:40].strip("-")
        self.page.screenshot(path=folder / f"{self.seen:02d}-{words}.png", full_page=True)

    def fits(self) -> None:
        """No page scrolls sideways, once the script has laid out its menu."""
        for _ in range(20):
            wider = self.page.evaluate(TOO_WIDE)
            if wider <= 0:
                break
            self.page.wait_for_timeout(100)
        assert wider <= 0, f"{self.page.url} is {wider} px too wide"

    def accessible(self) -> None:
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE.read_text())
        result = self.page.evaluate(JUDGE, AXE_TAGS)
        found = [(v["id"], [n["target"] for n in v["nodes"]], v["help"]) for v in result["violations"]]
        assert found == [], self.page.url

    def link(self, text: str, **values: str) -> Locator:
        return self.page.locator("main").get_by_role("link", name=self.say(text, **values))

    def follow(self, text: str, **values: str) -> None:
        self.click(self.link(text, **values).first)

    def press(self, text: str) -> None:
        self.click(self.page.locator("main").get_by_role("button", name=self.say(text), exact=True).first)

    def press_starting(self, text: str) -> None:
        """Press the button whose name begins so: what comes after is for screen readers."""
        name = re.compile("^" + re.escape(self.say(text)))
        self.click(self.page.locator("main").get_by_role("button", name=name).first)

    def click(self, what: Locator) -> None:
        """Click, and be on the whole page that this leads to."""
        what.click()
        self.page.wait_for_load_state("load")

    def write(self, label: str, text: str) -> None:
        self.page.get_by_label(self.say(label), exact=True).fill(text)

    def reads(self, message: str, **values: str) -> None:
        """The page's main part says this, now or in a moment."""
        self.shows(self.say(message, **values))

    def shows(self, text: str) -> None:
        """The same, for a text that is one in every language."""
        expect(self.page.locator("main")).to_contain_text(text, use_inner_text=True)

    def tick(self, box: Locator) -> None:
        """Choose a radio button or tick a box, as by keyboard: in this design system the drawn one covers the input."""
        if not box.is_checked():
            box.press("Space")
        expect(box).to_be_checked()

    def type_username(self, username: str) -> None:
        self.go("/login/brugernavn/")
        self.write("User name", username)
        self.press("Next")

    def log_in(self, username: str, password: str) -> None:
        self.type_username(username)
        self.write("Password", password)
        self.press("Next")

    def be(self, person: str, *, work: bool = False, cancel: bool = False) -> None:
        """At the stand-in for MitID: be this person, in private or at work, or go back."""
        self.see("Test login")
        self.find(person)
        if work:
            self.tick(self.page.get_by_role("radio", name=self.say("For my work (MitID Erhverv)")))
        self.press("Cancel" if cancel else "Log in")
        self.arrive()

    def find(self, person: str) -> None:
        """At the stand-in for MitID: search for this person, and choose them."""
        choice = self.page.get_by_role("radio", name=re.compile(f"^{re.escape(person)}\\b")).first
        if not choice.count():
            self.page.get_by_label(self.say("Search by name")).fill(person)
            self.press("Search")
        self.tick(choice)

    def arrive(self) -> None:
        """The answer goes back by itself with script, by a button without."""
        if not self.script:
            self.page.locator("main").get_by_role("button").first.click()
        self.page.wait_for_url(lambda url: "/test-mitid/" not in url and "/mitid/fortsaet" not in url)
        self.page.wait_for_load_state("load")

"""A running portal with the demo country, and people in browsers.

The server is gunicorn, as `make run` starts it; its database is put back between tests. Each page that a test *sees* is
kept as a screenshot under `var/screenshots/` and given to axe-core, which must find nothing.
"""

import fcntl
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Locator,
    Page,
    Playwright,
    ViewportSize,
    expect,
    sync_playwright,
)

from unilogin_portal import catalogue

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
SCREENSHOTS = ROOT / "var" / "screenshots"
# They are for people to look at, and take a tenth of the time: where nobody looks, none are taken.
KEEPS_PICTURES = os.environ.get("CI", "").lower() not in {"1", "true", "yes"}
OPERATOR_PASSWORD = "LampeSkov47"
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


@dataclass(frozen=True)
class Portal:
    """A portal that answers at `origin`."""

    origin: str
    database: Path
    template: Path
    judged: Path  # an empty file for each structure that was judged, for all workers

    def reset(self) -> None:
        """Put the demo country back as it was when it was loaded."""
        with closing(sqlite3.connect(self.template)) as source, closing(sqlite3.connect(self.database)) as target:
            source.backup(target)

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.database)) as connection:
            return connection.execute(query, values).fetchall()

    def write(self, query: str, *values: object) -> None:
        with closing(sqlite3.connect(self.database)) as connection, connection:
            connection.execute(query, values)


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def running_portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """Start gunicorn over the demo country, once a worker."""
    folder = tmp_path_factory.mktemp("portals") / "portal"
    shutil.copytree(demo_country(shared_by_workers(tmp_path_factory)), folder)
    database, port = folder / "portal.sqlite3", free_port()
    template = shutil.copy(database, folder / "template.sqlite3")
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", "unilogin_portal.wsgi"),
            *("--config", str(ROOT / "unilogin_portal" / "gunicorn.py"), "--bind", f"127.0.0.1:{port}"),
        ],
        env=environment_of(folder, port),
        cwd=ROOT,
    )
    judged = shared_by_workers(tmp_path_factory) / "judged"
    judged.mkdir(exist_ok=True)
    portal = Portal(f"http://127.0.0.1:{port}", database, template, judged)
    try:
        wait_until_it_answers(portal)
        yield portal
    finally:
        server.terminate()
        server.wait(timeout=20)


def environment_of(folder: Path, port: int) -> dict[str, str]:
    """Return the settings of a portal that keeps everything in this folder."""
    return {
        **os.environ,
        "DEBUG": "0",
        "DEMO": "1",
        "HASHED_STATIC": "1",
        "ORIGIN": f"http://127.0.0.1:{port}",
        "ALLOWED_HOSTS": "127.0.0.1",
        "DATABASE_URL": f"sqlite:///{folder / 'portal.sqlite3'}",
        "EMAIL_URL": f"filemail:///{folder / 'mail'}",
        "VAR_DIR": str(folder),
        "STATIC_ROOT": str(ROOT / "var" / "static"),
        "LOG_LEVEL": "WARNING",
        "WEB_WORKERS": "1",
        "DEMO_OPERATOR_PASSWORD": OPERATOR_PASSWORD,
        "IMPORT_CONSENT": "dataagreements.consent.may_deliver",  # the whole portal: what comes in, comes by agreement
    }


def shared_by_workers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of this run that all its workers have."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base


def demo_country(shared: Path) -> Path:
    """Return a folder with the demo country loaded. Of several workers one loads it, and the others wait."""
    folder, loaded = shared / "demo-country", shared / "demo-country-loaded"
    with (shared / "demo-country.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not loaded.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            load_demo_country(folder)
            loaded.touch()
    return folder


def load_demo_country(folder: Path) -> None:
    environment = environment_of(folder, 80)  # the portals that it is copied to have ports of their own
    manage = [sys.executable, str(ROOT / "manage.py")]
    if not (ROOT / "var" / "static" / "staticfiles.json").exists():
        options = ["--noinput", "--ignore", "scss", "--verbosity", "0"]
        subprocess.run([*manage, "collectstatic", *options], env=environment, check=True)
    subprocess.run([*manage, "messages", "compile"], env=environment, check=True)
    subprocess.run([*manage, "migrate", "--verbosity", "0"], env=environment, check=True)
    subprocess.run([*manage, "demo"], env=environment, check=True, stdout=subprocess.DEVNULL)
    with closing(sqlite3.connect(folder / "portal.sqlite3")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def wait_until_it_answers(portal: Portal) -> None:
    for _ in range(150):
        try:
            urllib.request.urlopen(f"{portal.origin}/sundhed/live", timeout=2).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError("the portal does not answer")


@pytest.fixture
def portal(running_portal: Portal) -> Portal:
    running_portal.reset()
    return running_portal


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
    browser = playwright.chromium.launch(
        executable_path=path,
        args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
    )
    yield browser
    browser.close()


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


@pytest.fixture
def arrive_as(chromium: Browser, portal: Portal, request: pytest.FixtureRequest) -> Iterator[Any]:
    """Return a maker of visitors; at the end no page of theirs may have complained."""
    visitors: list[Visitor] = []

    def arrive(
        *,
        language: str = "da",
        width: str = "desktop",
        script: bool = True,
        name: str | None = None,
        also: str = "",
    ) -> Visitor:
        context = chromium.new_context(
            viewport=size_of(width),
            java_script_enabled=script,
            bypass_csp=False,
            reduced_motion="reduce",
            base_url=portal.origin,
        )
        if language != "da":
            context.add_cookies([{"name": "sprog", "value": language, "url": portal.origin}])
        visitor = Visitor(
            context,
            portal,
            name=name or request.node.originalname.removeprefix("test_"),
            language=language,
            width=width,
            script=script,
            also=also,
        )
        visitors.append(visitor)
        return visitor

    yield arrive
    for visitor in visitors:
        visitor.context.close()
    complaints = [line for visitor in visitors for line in visitor.complaints if "status of 4" not in line]
    assert complaints == []


# Danish by phone and English at a desk, where each page is turned to the other width as well; and without script.
EVERY_WAY = [
    pytest.param({"language": "da", "width": "phone", "also": "desktop"}, id="da"),
    pytest.param({"language": "en", "width": "desktop", "also": "phone"}, id="en"),
    pytest.param({"language": "da", "width": "phone", "script": False}, id="no-script"),
]


@pytest.fixture(params=EVERY_WAY)
def visitor(request: pytest.FixtureRequest, arrive_as: Any) -> Visitor:
    """A visitor in each language, who sees each page at each width, and one without script."""
    made: Visitor = arrive_as(**request.param)
    return made

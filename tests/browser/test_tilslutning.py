"""Tilslutning by hand: a supplier asks, a municipality answers, and the supplier's system gets what was agreed.

What machines do goes over HTTP to the same portal, with ids and secrets that were made in the pages.
"""

import datetime as dt
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from django.utils import timezone
from playwright.sync_api import APIRequestContext, Playwright, expect

from dataagreements.demo import LEGAL_BASIS, READING_SYSTEM
from tests.institutions.deliveries import delivery, person, pupil

from .portal import Portal
from .test_flows import with_password
from .visitor import Visitor

pytestmark = pytest.mark.browser

SYSTEM = READING_SYSTEM.system
ROSKILDE = "97208662"
# Two are municipal in the register as well, and the other two are made so by `four_units`.
ALLOWED, REFUSED = ("G18466", "G18819", "G12392"), "G22127"
REQUESTS = "/tilslutning/anmodninger/"
WAITING = (
    "SELECT a.id FROM dataagreements_agreement a JOIN institutions_institution i ON i.id = a.institution_id"
    " JOIN dataagreements_system s ON s.id = a.system_id"
    " WHERE a.state = 'waiting' AND a.service = ? AND i.number = ? AND s.name = ?"
)


@dataclass
class Machine:
    """A supplier's system, by the id and secret that a page showed."""

    web: APIRequestContext
    client_id: str
    secret: str
    token: str = ""

    def log_in(self) -> "Machine":
        pair = {"client_id": self.client_id, "client_secret": self.secret}
        answer = self.web.post("/api/oauth/token", form={"grant_type": "client_credentials", **pair})
        assert answer.status == 200, answer.text()
        self.token = answer.json()["access_token"]
        return self

    def fetch(self, number: str) -> int:
        return self.web.get(f"/api/eksport/v7/{number}?pakke=lille", headers=self._headers()).status

    def deliver(self, number: str) -> int:
        data = delivery(pupil("b1", person(1)), number=number, source=SYSTEM)
        headers = {**self._headers(), "Content-Type": "application/xml"}
        return self.web.post(f"/api/import/v7/{number}", data=data, headers=headers).status

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


@pytest.fixture
def machine(playwright: Playwright, portal: Portal) -> Iterator[Callable[[tuple[str, str]], Machine]]:
    """Return a maker of systems from what a page showed; none of them has a browser's cookies."""
    web = playwright.request.new_context(base_url=portal.origin)
    yield lambda shown: Machine(web, *shown).log_in()
    web.dispose()


@pytest.fixture
def four_units(portal: Portal) -> Portal:
    """Four day-care units of Roskilde Kommune, and Læsebroen let by STIL to deliver as well."""
    mine = "UPDATE institutions_institution SET cvr = ?, ownership = 1 WHERE number IN ('G12392', 'G22127')"
    portal.write(mine, ROSKILDE)
    portal.write("UPDATE dataagreements_system SET import_source = name WHERE name = ?", SYSTEM)
    portal.write(
        "INSERT INTO dataagreements_connection (system_id, service, state, requested_at, valid_from)"
        " SELECT id, 'import', 'valid', created_at, created_at FROM dataagreements_system WHERE name = ?",
        SYSTEM,
    )
    return portal


def come_as(visitor: Visitor, person: str, path: str) -> Visitor:
    visitor.go(f"/mitid/login?formaal=login&next={path}")
    visitor.be(person, work=True)
    return visitor


def waiting(portal: Portal, number: str, service: str = "import") -> int:
    """Return the request that waits at an institution."""
    [(pk,)] = portal.rows(WAITING, service, number, SYSTEM)
    return int(pk)


def tick(visitor: Visitor, *requests: int) -> None:
    for pk in requests:
        visitor.tick(visitor.page.locator(f"#a{pk}"))


def answer_in_dialog(visitor: Visitor, label: str, comment: str = "") -> None:
    """*Bekræft statusskifte*, on what is ticked."""
    visitor.page.locator("main").get_by_role("button", name=visitor.say("Change status"), exact=True).click()
    dialog = visitor.page.get_by_role("dialog", name=visitor.say("Confirm change of status"))
    expect(dialog).to_be_visible()
    visitor.fits()
    visitor.tick(dialog.get_by_role("radio", name=visitor.say(label)))
    dialog.get_by_label(visitor.say("Comment")).fill(comment)
    visitor.picture(f"dialog {label}")
    visitor.click(dialog.get_by_role("button", name=visitor.say("Change status"), exact=True))


def ask_for_import(sune: Visitor, *numbers: str) -> None:
    sune.follow("Make data agreements with institutions")
    sune.page.locator("#id_service").select_option("import")
    sune.page.locator("#id_purpose").fill("Oplæsning til børn i dagtilbud")
    sune.page.locator("#id_legal_basis").fill(LEGAL_BASIS)
    sune.page.locator("#id_valid_until").fill((timezone.localdate() + dt.timedelta(days=365)).isoformat())
    sune.page.locator("#id_numbers").fill("\n".join(numbers))
    sune.press("Add")
    sune.see("Make data agreements with institutions")
    sune.press("Send")
    sune.page.wait_for_url("**/tilslutning/udbyder/anmodninger/*/")
    sune.see_named(sune.page.locator("h1").inner_text())


def open_system(sune: Visitor) -> None:
    sune.go("/tilslutning/udbyder/")
    sune.click(sune.page.locator("main").get_by_role("link", name=SYSTEM, exact=True))


def make_access(sune: Visitor) -> tuple[str, str]:
    """From the page of the system: make an id and a secret, and return what the page shows."""
    sune.follow("Make an id and a secret")
    sune.see("Make an id and a secret for %(name)s?", name=SYSTEM)
    sune.press("Make and show")
    sune.see("Id and secret of %(name)s", name=SYSTEM)
    client_id, secret = sune.page.locator("main table td").all_inner_texts()
    return client_id.strip(), secret.strip()


def test_a_supplier_asks_a_municipality_answers_and_data_go_accordingly(four_units, arrive_as, machine):
    portal = four_units
    sune = come_as(arrive_as(name="tilslutning_sune", also="phone"), "Sune Bak", "/tilslutning/udbyder/")
    sune.see("Suppliers")
    ask_for_import(sune, *ALLOWED, REFUSED)
    open_system(sune)
    laesebroen = machine(make_access(sune))
    assert [laesebroen.deliver(number) for number in (*ALLOWED, REFUSED)] == [403] * 4

    nadia = come_as(arrive_as(name="tilslutning_nadia", also="phone"), "Nadia Færch", "/tilslutning/")
    nadia.see("Data access administration")
    begun = time.monotonic()
    tick(nadia, *(waiting(portal, number) for number in ALLOWED))
    answer_in_dialog(nadia, "Approve")
    nadia.shows("3 anmodninger er godkendt.")
    refused = waiting(portal, REFUSED)
    tick(nadia, refused)
    answer_in_dialog(nadia, "Reject", "Vi bruger et andet system til oplæsning.")
    nadia.shows("1 anmodning er afvist.")
    assert [laesebroen.deliver(number) for number in ALLOWED] == [202] * 3
    assert laesebroen.deliver(REFUSED) == 403
    assert time.monotonic() - begun < 60
    nadia.go(f"/tilslutning/aftaler/{refused}/")
    nadia.shows("Vi bruger et andet system til oplæsning.")


def test_the_end_of_an_agreement_cuts_the_export_at_the_next_call(arrive_as, machine):
    sune = come_as(arrive_as(name="ophoer_sune", width="phone"), "Sune Bak", "/tilslutning/udbyder/")
    open_system(sune)
    laesebroen = machine(make_access(sune))
    assert laesebroen.fetch("G18466") == 200
    nadia = arrive_as(name="ophoer_nadia", width="phone", also="desktop")
    come_as(nadia, "Nadia Færch", "/tilslutning/dataaftaler/?q=G18466+" + SYSTEM)
    nadia.see("Data access administration")
    nadia.click(nadia.page.locator("#anmodninger a").first)
    nadia.see("%(system)s and %(institution)s", system=SYSTEM, institution="Børnehuset Peblingevej")
    expect(nadia.page.locator("section[aria-labelledby=fetched] tbody tr")).to_have_count(1)
    nadia.follow("End the agreement")
    nadia.see_named(nadia.page.locator("h1").inner_text())
    assert laesebroen.fetch("G18466") == 200
    nadia.press("End the agreement")
    nadia.reads("The agreement has ended. No data go from now on.")
    assert laesebroen.fetch("G18466") == 403
    nadia.see("%(system)s and %(institution)s", system=SYSTEM, institution="Børnehuset Peblingevej")


def test_a_secret_is_shown_once_and_what_is_revoked_lets_nothing_in(arrive_as, machine):
    sune = come_as(arrive_as(width="phone", also="desktop"), "Sune Bak", "/tilslutning/udbyder/")
    open_system(sune)
    shown = make_access(sune)
    laesebroen = machine(shown)
    sune.page.reload()  # the browser sends the form again
    sune.reads("That secret has been shown once and cannot be shown again. Make another one.")
    sune.see_named(SYSTEM)
    sune.shows(shown[0])
    for _ in range(2):
        expect(sune.page.locator("body")).not_to_contain_text(shown[1])
        sune.page.go_back()
    open_system(sune)
    assert laesebroen.fetch("G18466") == 200
    sune.follow("Revoke")
    sune.see("Revoke the access?")
    sune.press("Revoke the access")
    sune.reads("The access is revoked. Nothing gets in by it any more.")
    assert laesebroen.fetch("G18466") == 401
    expect(sune.page.locator("main")).not_to_contain_text(shown[0])


def test_what_systems_speak_to_is_a_page_to_read(arrive_as):
    """In both languages by one test. All of it fits; axe judges one operation of each section, once."""
    for visitor in (arrive_as(language=language, width="phone", also="desktop") for language in ("da", "en")):
        visitor.go("/api/")
        visitor.page.locator("details").evaluate_all("all => all.forEach((one) => { one.open = true })")
        visitor.fits()
        visitor.page.locator("details + details").evaluate_all("all => all.forEach((one) => { one.open = false })")
        visitor.see("Interfaces for suppliers")


def test_parents_see_who_receives_data_about_their_children(arrive_as):
    mette = arrive_as(width="phone", also="desktop")
    mette.log_in(*with_password(mette, "Mette", "Holm"))
    mette.go("/tilslutning/indsigt/")
    mette.see("Who receives data about you")
    mette.shows(SYSTEM)


@pytest.mark.parametrize("script", [True, False])
def test_requests_are_approved_on_a_page_of_its_own(arrive_as, script):
    """Without script the button leads there; with it the page is the same, and axe can judge it."""
    nadia = come_as(arrive_as(width="phone", script=script), "Nadia Færch", REQUESTS)
    tick(nadia, *(waiting(nadia.portal, number, "eksport") for number in ("G18466", "G18819")))
    if script:
        with nadia.page.expect_navigation():
            nadia.page.evaluate("document.getElementById('liste').submit()")
    else:
        nadia.press("Change status")
    nadia.see_named("Skift status på 2 anmodninger?")
    nadia.press("Change status")
    nadia.reads("Choose a new status")
    nadia.tick(nadia.page.get_by_role("radio", name=nadia.say("Approve")))
    nadia.press("Change status")
    nadia.shows("2 anmodninger er godkendt.")


def test_requests_are_approved_by_keyboard_alone(arrive_as):
    nadia = come_as(arrive_as(also="phone"), "Nadia Færch", REQUESTS)
    keys = nadia.page.keyboard
    for number in ("G18466", "G18819"):
        tab_to(nadia, f"#a{waiting(nadia.portal, number, 'eksport')}")
        keys.press("Space")
    tab_to(nadia, "[data-target=bekraeft]")
    keys.press("Enter")
    expect(nadia.page.get_by_role("dialog")).to_be_visible()
    nadia.see("Data access administration")
    tab_to(nadia, "#ns1")
    keys.press("Space")
    tab_to(nadia, "#dialog-kommentar")
    keys.type("Aftalt på mødet.")
    tab_to(nadia, "#bekraeft [name=udfoer]")
    keys.press("Enter")
    nadia.shows("2 anmodninger er godkendt.")


def tab_to(visitor: Visitor, wanted: str) -> None:
    for _ in range(80):
        visitor.page.keyboard.press("Tab")
        if visitor.page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            return
    raise AssertionError(f"Tab does not reach {wanted}")

"""A contact person without MitID (D3.6): a school asks, two supporters say yes, and a letter goes out."""

import re

import pytest
from playwright.sync_api import expect

from institutions.demo import cast

from .portal import OPERATOR_PASSWORD
from .visitor import Visitor

pytestmark = pytest.mark.browser

TITLE = "Unilogin for a contact person without MitID"


def ask(leader: Visitor, *, cpr: str) -> None:
    leader.write("The contact person's CPR number", cpr)
    leader.write("Recipient of the secure mail", "Leif Dam")
    for label in (
        "We have tried all ways to MitID together with the authorities concerned",
        "We have seen in our own system that the person is contact person for a child with us",
    ):
        leader.tick(leader.page.get_by_label(leader.say(label)))
    leader.press("Create the case")


@pytest.mark.parametrize(
    "screen", [{"width": "phone", "also": "desktop"}, {"language": "en", "also": "phone"}, {"script": False}]
)
def test_a_school_asks_two_supporters_agree_and_the_letter_is_handed_out(arrive_as, portal, screen):
    portal.write(
        "UPDATE accounts_user SET state = 'active', activated_at = created_at WHERE person_id ="
        " (SELECT id FROM accounts_person WHERE first_name = 'Leif' AND family_name = 'Dam')"
    )
    leader = arrive_as(**screen)
    leader.go("/mitid/login?formaal=login&next=/sager/")
    leader.be("Leif Dam", work=True)
    leader.see("Cases")
    leader.follow("Create a case")
    leader.see("Create a case")
    leader.click(leader.page.locator("main a[href*='bruger-til-kontaktperson']").first)
    ask(leader, cpr=cast.PETER.cpr)  # nobody's contact person
    expect(leader.page.locator(".alert-error, .form-error-message").first).to_be_visible()
    ask(leader, cpr=cast.JONAS.cpr)
    leader.page.wait_for_url(re.compile(r"/sager/s-", re.IGNORECASE))
    number = leader.page.url.rstrip("/").rpartition("/")[2].upper()
    leader.see("Case %(number)s", number=number)
    for username in ("stil0001", "stil0002"):
        supporter = arrive_as(**screen, name=username)
        supporter.log_in(username, OPERATOR_PASSWORD)
        supporter.go("/stil/sager/")
        supporter.see("Cases")
        supporter.click(supporter.page.locator("main").get_by_role("link", name=number).first)
        supporter.see("Case %(number)s", number=number)
        supporter.click(supporter.page.locator("button[value=godkend]"))
        supporter.see("Case %(number)s", number=number)
        expect(supporter.page.locator("button[value=godkend]")).to_have_count(0)
    letters = list((portal.database.parent / "secure-mail").iterdir())
    assert any(letter.read_bytes().startswith(b"%PDF") for letter in letters)
    leader.page.reload()
    leader.see("Case %(number)s", number=number)
    leader.click(leader.page.locator("button[value=udleveret]"))
    leader.see("Case %(number)s", number=number)
    expect(leader.page.locator("button[value=udleveret]")).to_have_count(0)

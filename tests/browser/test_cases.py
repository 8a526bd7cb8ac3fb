"""A contact person without MitID (D3.6): a school asks, two supporters say yes, and a letter goes out."""

import pytest

from institutions.demo import cast

from .conftest import OPERATOR_PASSWORD, Visitor

pytestmark = pytest.mark.browser

TITLE = "Unilogin for a contact person without MitID"


def ask(leader: Visitor, *, cpr: str) -> None:
    leader.write("The contact person's CPR number", cpr)
    leader.write("Recipient of the secure mail", "Leif Dam")
    for label in (
        "We have tried all ways to MitID together with the authorities concerned",
        "We have seen in our own system that the person is contact person for a child with us",
    ):
        leader.page.get_by_label(leader.say(label)).check(force=True)
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
    leader.page.locator("main a[href*='bruger-til-kontaktperson']").first.click()
    ask(leader, cpr=cast.PETER.cpr)  # nobody's contact person
    assert leader.page.locator(".alert-error, .form-error-message").count()
    ask(leader, cpr=cast.JONAS.cpr)
    number = leader.page.url.rstrip("/").rpartition("/")[2].upper()
    leader.see("Case %(number)s", number=number)
    for username in ("stil0001", "stil0002"):
        supporter = arrive_as(**screen, name=username)
        supporter.log_in(username, OPERATOR_PASSWORD)
        supporter.go("/stil/sager/")
        supporter.see("Cases")
        supporter.page.locator("main").get_by_role("link", name=number).first.click()
        supporter.see("Case %(number)s", number=number)
        supporter.page.locator("button[value=godkend]").click()
        supporter.see("Case %(number)s", number=number)
        assert not supporter.page.locator("button[value=godkend]").count()
    letters = list((portal.database.parent / "secure-mail").iterdir())
    assert any(letter.read_bytes().startswith(b"%PDF") for letter in letters)
    leader.page.reload()
    leader.see("Case %(number)s", number=number)
    leader.page.locator("button[value=udleveret]").click()
    leader.see("Case %(number)s", number=number)
    assert not leader.page.locator("button[value=udleveret]").count()

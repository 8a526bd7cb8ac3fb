"""Picture passwords by hand in a browser: with mouse, with keys alone, with and without script."""

import re

import pytest
from playwright.sync_api import expect

from .test_flows import username_of
from .visitor import Visitor

pytestmark = pytest.mark.browser

HEADING = "Choose your four pictures"


def give_pictures(visitor: Visitor) -> list[str]:
    """As Esther's mother: get four pictures for her, and repeat them. Return their names in order."""
    visitor.type_username(username_of(visitor, "Esther", "Holm"))
    visitor.see("Create your password")
    visitor.follow("Help my child with MitID")
    visitor.be("Mette Holm")
    visitor.see("%(name)s gets a new password", name="Esther")
    visitor.follow("Next")
    visitor.see("Here are your new pictures")
    names = [name.splitlines()[-1].strip() for name in visitor.page.locator(".pic-order li").all_inner_texts()]
    assert len(set(names)) == 4
    visitor.press("I can remember them")
    visitor.see("Show that you remember them")
    choose(visitor, names)
    visitor.press("Next")
    visitor.see("The new password is saved")
    return names


def tile(visitor: Visitor, name: str):
    return visitor.page.locator(".pic-grid").get_by_role("button", name=name, exact=True)


def choose(visitor: Visitor, names: list[str]) -> None:
    for name in names:
        tile(visitor, name).click()


def test_a_parent_gets_pictures_for_a_child_in_second_form_who_logs_in_with_them(visitor):
    names = give_pictures(visitor)
    visitor.type_username(username_of(visitor, "Esther", "Holm"))
    visitor.see(HEADING)
    choose(visitor, names[:2])
    visitor.see(HEADING)
    visitor.press("Next")
    expect(visitor.page.locator(".pic-message")).to_contain_text("2")
    visitor.press("Start over")
    choose(visitor, [names[1], names[0], names[2], names[3]])
    visitor.press("Next")
    visitor.see(HEADING)
    visitor.reads("Those were not the right pictures. Try again.")
    choose(visitor, names)
    visitor.press("Next")
    visitor.see("Hello %(name)s", name="Esther")


@pytest.mark.parametrize("language", ["da", "en"])
def test_pictures_are_chosen_with_keys_alone_and_the_status_never_says_which(arrive_as, language):
    visitor = arrive_as(language=language)
    names = give_pictures(visitor)
    visitor.type_username(username_of(visitor, "Esther", "Holm"))
    visitor.page.locator(".pic-button").first.focus()
    status = visitor.page.locator("[data-said]")
    at = 0
    shown = [text.strip() for text in visitor.page.locator(".pic-button").all_inner_texts()]
    visitor.page.keyboard.press("Enter")
    expect(status).to_have_text(visitor.say("# of 4 pictures chosen.").replace("#", "1"))
    visitor.page.keyboard.press("Backspace")
    expect(status).to_have_text(visitor.say("# of 4 pictures chosen.").replace("#", "0"))
    for name in names:
        at = walk(visitor, at, shown.index(name))
        visitor.page.keyboard.press("Enter")
        assert not any(re.search(rf"\b{other}\b", status.inner_text(), re.IGNORECASE) for other in names)
    expect(status).to_have_text(visitor.say("You have chosen four pictures. Press Next."))
    assert visitor.page.evaluate("document.activeElement.hasAttribute('data-next')")
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url("**/mit-unilogin/")


def walk(visitor: Visitor, here: int, there: int) -> int:
    """Go with the arrows from one tile to another: rows first."""
    for _ in range(abs(there // 4 - here // 4)):
        visitor.page.keyboard.press("ArrowDown" if there > here else "ArrowUp")
    across = there % 4 - here % 4
    for _ in range(abs(across)):
        visitor.page.keyboard.press("ArrowRight" if across > 0 else "ArrowLeft")
    return there


def test_every_drawing_is_shown(arrive_as):
    visitor = arrive_as()
    give_pictures(visitor)
    visitor.type_username(username_of(visitor, "Esther", "Holm"))
    drawn = visitor.page.evaluate(
        "[...document.querySelectorAll('.pic-button use')].map(use => use.getBoundingClientRect().width > 20)"
    )
    assert drawn == [True] * 16

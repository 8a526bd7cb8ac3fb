"""Answers that are let in, and what becomes of them."""

from accounts.models import LoginSession

from .door import Browser


def test_a_right_answer_is_put_aside_and_the_browser_sent_on(browser: Browser):
    forge = browser.forge()
    response = browser.post(forge.write())
    assert response.status_code == 303, response.content
    assert response["Location"] == "/mitid/fortsaet/"
    assert not LoginSession.objects.exists()
    assert not response.cookies

"""*Du skal snart skifte kode*, by hand in a browser (D3.2)."""

import re

import pytest
from playwright.sync_api import expect

from .test_flows import keep_assigned, with_password
from .visitor import Visitor

pytestmark = pytest.mark.browser

HISTORY = "/mit-unilogin/historik/"


def log_in_on_the_way_to_the_history(visitor: Visitor, username: str, password: str) -> None:
    visitor.go(f"/login/brugernavn/?next={HISTORY}")
    visitor.write("User name", username)
    visitor.press("Next")
    visitor.write("Password", password)
    visitor.press("Next")


def log_out(visitor: Visitor) -> None:
    visitor.context.clear_cookies(name="unilogin")


def test_a_pupil_in_a_new_band_puts_it_off_once_and_changes_the_next_day(visitor):
    username, password = with_password(visitor, "Sofie", "Lund")
    visitor.portal.write("UPDATE accounts_credential SET band = 'middle', expires_at = NULL")
    log_in_on_the_way_to_the_history(visitor, username, password)
    visitor.see("You must soon change your password")
    visitor.press("Not now")
    visitor.see("Who has seen and changed")
    visitor.go("/mit-unilogin/")
    visitor.see("Hello %(name)s", name="Sofie")
    visitor.shows(visitor.say("Must be changed by %(day)s", day="").strip())
    log_out(visitor)
    log_in_on_the_way_to_the_history(visitor, username, password)
    visitor.see("Who has seen and changed")
    log_out(visitor)
    visitor.portal.write("UPDATE accounts_auditevent SET at = datetime(at, '-1 day') WHERE action = 'password.put_off'")
    log_in_on_the_way_to_the_history(visitor, username, password)
    visitor.see("You must soon change your password")
    visitor.press("Change now")
    keep_assigned(visitor)
    visitor.see("Who has seen and changed")


def test_when_the_days_are_over_a_new_one_comes_before_anything_else(visitor):
    username, password = with_password(visitor, "Sofie", "Lund")
    visitor.portal.write("UPDATE accounts_credential SET band = 'middle', expires_at = NULL, renew_by = '2026-01-01'")
    log_in_on_the_way_to_the_history(visitor, username, password)
    visitor.see("Your new password")
    visitor.reads("You are to have another kind of password from now on, so you get a new one.")
    keep_assigned(visitor)
    visitor.see("Who has seen and changed")


def test_an_adult_is_told_some_days_before_the_password_expires(visitor):
    username, password = with_password(visitor, "Karim", "Nielsen")
    visitor.portal.write("UPDATE accounts_credential SET expires_at = datetime('now', '+9 days')")
    log_in_on_the_way_to_the_history(visitor, username, password)
    expect(visitor.page.locator("h1")).to_contain_text(" 9 ")
    expect(visitor.page).to_have_title(re.compile("^" + re.escape(visitor.say("Your password expires soon"))))
    visitor.picture("expires in nine days")
    visitor.fits()
    if visitor.script:
        visitor.accessible()
    visitor.press("Not now")
    visitor.see("Who has seen and changed")

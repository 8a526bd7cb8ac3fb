"""The flows of D3.4 and D2.6, by hand in a browser."""

import datetime as dt

import pytest

from .visitor import Visitor

pytestmark = pytest.mark.browser

OWN = "BaadTaage83"


def username_of(visitor: Visitor, first: str, family: str) -> str:
    rows = visitor.portal.rows(
        "SELECT u.username FROM accounts_user u JOIN accounts_person p ON p.id = u.person_id"
        " WHERE p.first_name = ? AND p.family_name = ?",
        first,
        family,
    )
    assert len(rows) == 1, f"{first} {family} is {len(rows)} people in the demo country"
    return str(rows[0][0])


def create_user(visitor: Visitor, person: str) -> None:
    """From the loginvælger to the page that offers the user names."""
    visitor.go("/login/")
    visitor.see("Choose how to log in")
    visitor.click(visitor.page.locator("a.choice").first)
    visitor.see("Enter your user name")
    visitor.follow("Get my or my child's user name")
    visitor.see("Get my or my child's user name")
    visitor.follow("Use MitID")
    visitor.be(person)
    visitor.see("Welcome, %(name)s", name=person.split(maxsplit=1)[0])
    visitor.press("Click to create your user")
    visitor.see("Which user name do you want to see?")


def see_own_username(visitor: Visitor) -> str:
    visitor.follow("My own user name")
    visitor.see("Your user name")
    return visitor.page.locator(".secret-word").inner_text().strip()


def make_first_password(visitor: Visitor, person: str, username: str) -> str:
    """Keep the assigned password and land on Mit Unilogin; return it."""
    visitor.write("User name", username)
    visitor.press("Next")
    visitor.see("Create your password")
    visitor.click(visitor.page.locator("main").get_by_role("link", name="MitID", exact=True))
    visitor.be(person)
    return keep_assigned(visitor)


def keep_assigned(visitor: Visitor) -> str:
    visitor.see("Your new password")
    secret = visitor.page.locator(".secret-word").inner_text().strip()
    visitor.press("Confirm")
    visitor.see("Repeat the password")
    visitor.write("Repeat the new password", secret)
    visitor.press("Next")
    return secret


def with_password(visitor: Visitor, first: str, family: str) -> tuple[str, str]:
    """Give a person of the demo country a password by their own MitID; return user name and password."""
    username = username_of(visitor, first, family)
    visitor.type_username(username)
    visitor.go("/mitid/login?formaal=own_password")
    visitor.find(f"{first} {family}")
    visitor.press("Log in")
    visitor.arrive()
    visitor.go("/login/egen-adgangskode/")
    visitor.write("New password", OWN)
    visitor.write("Repeat the new password", OWN)
    visitor.press("Next")
    visitor.page.wait_for_url("**/mit-unilogin/")
    visitor.context.clear_cookies(name="unilogin")
    return username, OWN


def test_a_parent_gets_a_user_name_sees_the_childrens_and_makes_a_password(visitor):
    create_user(visitor, "Mette Holm")
    username = see_own_username(visitor)
    visitor.follow("Back")
    visitor.follow("My child's user name")
    visitor.see("Your children's user names")
    visitor.shows(username_of(visitor, "Esther", "Holm"))
    visitor.shows(username_of(visitor, "Viggo", "Holm"))
    visitor.press("Finish")
    visitor.see("Enter your user name")
    make_first_password(visitor, "Mette Holm", username)
    visitor.see("Hello %(name)s", name="Mette")
    visitor.reads("Your new password is saved. Use it the next time you log in.")
    for text in (username, "Esther Holm", "Viggo Holm", visitor.say("Mother of %(name)s", name="Esther"), "Skemaet"):
        visitor.shows(text)
    visitor.go("/mit-unilogin/historik/")
    visitor.see("Who has seen and changed")
    visitor.go("/mit-unilogin/tjenester/skemaet/")
    visitor.see_named("Skemaet")


def test_an_employee_gets_a_user_name_and_makes_an_own_password(visitor):
    create_user(visitor, "Karim Nielsen")
    username = see_own_username(visitor)
    visitor.press("Finish")
    visitor.write("User name", username)
    visitor.press("Next")
    visitor.click(visitor.page.locator("main").get_by_role("link", name="MitID", exact=True))
    visitor.be("Karim Nielsen")
    visitor.follow("Choose my own password")
    visitor.see("Choose your own password")
    visitor.write("New password", "karim")
    visitor.write("Repeat the new password", "karims")
    visitor.press("Next")
    visitor.see("Choose your own password")
    visitor.reads("The password needs a digit")
    visitor.reads("The two passwords are not the same")
    visitor.write("New password", OWN)
    visitor.write("Repeat the new password", OWN)
    visitor.press("Next")
    visitor.see("Hello %(name)s", name="Karim")
    visitor.reads("Pedagogue")


def test_a_pupil_old_enough_for_mitid_does_it_alone(visitor):
    create_user(visitor, "Sofie Lund")
    username = see_own_username(visitor)
    visitor.press("Finish")
    make_first_password(visitor, "Sofie Lund", username)
    visitor.see("Hello %(name)s", name="Sofie")


def test_a_pupil_without_mitid_is_told_who_can_help_and_a_parent_helps_at_the_childs_screen(visitor):
    username = username_of(visitor, "Emil", "Berg")
    visitor.type_username(username)
    visitor.see("Create your password")
    visitor.reads("Tell your teacher. Your teacher knows who can help.")
    visitor.follow("Help my child with MitID")
    visitor.be("Lars Berg")
    visitor.see("%(name)s gets a new password", name="Emil")
    visitor.follow("Next")
    secret = keep_assigned(visitor)
    visitor.see("The new password is saved")
    visitor.follow("Log in")
    visitor.write("User name", username)
    visitor.press("Next")
    visitor.see("Enter your password")
    visitor.write("Password", secret)
    visitor.press("Next")
    visitor.see("Hello %(name)s", name="Emil")


def test_a_forgotten_password_is_replaced_by_mitid(visitor):
    username, _ = with_password(visitor, "Karim", "Nielsen")
    visitor.type_username(username)
    visitor.see("Enter your password")
    visitor.follow("Get a new password")
    visitor.see("Get a new password")
    visitor.follow("Forgotten password")
    visitor.see("Forgotten password")
    visitor.follow("Use MitID")
    visitor.be("Karim Nielsen")
    keep_assigned(visitor)
    visitor.see("Hello %(name)s", name="Karim")


def test_a_known_password_is_changed(visitor):
    username, password = with_password(visitor, "Karim", "Nielsen")
    visitor.log_in(username, password)
    visitor.see("Hello %(name)s", name="Karim")
    visitor.press("Change password")
    visitor.see("Get a new password")
    visitor.follow("Change password")
    visitor.see("Change password")
    visitor.write("Your current password", password)
    visitor.press("Next")
    keep_assigned(visitor)
    visitor.see("Hello %(name)s", name="Karim")


def test_a_parent_helps_from_mit_unilogin(visitor):
    username, password = with_password(visitor, "Lars", "Berg")
    visitor.log_in(username, password)
    visitor.see("Hello %(name)s", name="Lars")
    visitor.click(visitor.page.locator(".box").get_by_role("link").first)
    visitor.be("Lars Berg")
    visitor.see("%(name)s gets a new password", name="Emil")
    visitor.follow("Next")
    keep_assigned(visitor)
    visitor.see("The new password is saved")
    visitor.follow("Back to Mit Unilogin")
    visitor.see("Hello %(name)s", name="Lars")
    visitor.reads("Has a password.")


def test_a_wrong_user_name_and_a_wrong_password_are_answered_alike_and_five_bring_a_pause(visitor):
    username, _ = with_password(visitor, "Karim", "Nielsen")
    visitor.type_username("ikke et navn")
    visitor.see("Enter your user name")
    visitor.reads("The user name must be four letters and four digits")
    visitor.type_username(username)
    for _ in range(4):
        visitor.write("Password", "Forkert123")
        visitor.press("Next")
    visitor.see("Enter your password")
    visitor.reads("The user name or the password is wrong")
    visitor.write("Password", "Forkert123")
    visitor.press("Next")
    visitor.see("Enter your password")
    visitor.reads("Login is paused for %(time)s", time="15 minut")  # minutes, minutter


def test_who_belongs_nowhere_and_who_nobody_knows_are_told_what_to_do(visitor):
    visitor.go("/aktiver/")
    visitor.follow("Use MitID")
    visitor.be("Ida Vang")
    visitor.see("You are not linked to any school or day care")
    visitor.go("/mitid/login?formaal=login")
    visitor.be("Peter Olsen")
    visitor.see("We do not know you yet")


def test_a_contact_person_without_custody_sees_no_child_and_cannot_help(visitor):
    create_user(visitor, "Anna Krogh")
    assert visitor.link("My child's user name").count() == 0
    visitor.press("Finish")
    visitor.type_username(username_of(visitor, "Emil", "Berg"))
    visitor.follow("Help my child with MitID")
    visitor.be("Anna Krogh")
    visitor.see("This MitID does not match the user name")


def test_a_protected_mother_is_her_alias_all_the_way(visitor):
    visitor.go("/login/")
    visitor.click(visitor.page.locator("a.choice").nth(1))
    visitor.be("Ane Bech")
    visitor.see("Welcome, %(name)s", name="Ane")
    visitor.press("Click to create your user")
    visitor.follow("My child's user name")
    visitor.see("Your children's user names")
    visitor.shows("Bertram Bech")
    assert "Skov" not in visitor.page.content()


def test_a_service_that_is_not_for_one_says_no_access(visitor):
    username, password = with_password(visitor, "Sofie", "Lund")
    visitor.log_in(username, password)
    visitor.go("/mit-unilogin/tjenester/laererbordet/")
    visitor.see("No access")
    visitor.follow("Go to Mit Unilogin")
    visitor.see("Hello %(name)s", name="Sofie")


def test_giving_up_at_mitid_leads_back_with_a_way_on(visitor):
    visitor.go("/mitid/login?formaal=login")
    visitor.see("Test login")
    visitor.press("Cancel")
    visitor.arrive()
    visitor.see("We could not log you in with MitID")


def test_an_expired_password_must_be_changed_at_log_in(visitor):
    username, password = with_password(visitor, "Karim", "Nielsen")
    yesterday = (dt.datetime.now(dt.UTC) - dt.timedelta(days=1)).strftime("%Y-%m-%d %H:%M:%S")
    visitor.portal.write("UPDATE accounts_credential SET expires_at = ?", yesterday)
    visitor.log_in(username, password)
    visitor.see("Your new password")
    visitor.reads("Your old password is more than a year old, so you get a new one now.")


def test_sessions_on_other_devices_are_seen_and_ended(visitor, arrive_as):
    username, password = with_password(visitor, "Karim", "Nielsen")
    other = arrive_as(name="the_other_device")
    other.log_in(username, password)
    visitor.log_in(username, password)
    visitor.see("Hello %(name)s", name="Karim")
    visitor.press("Log out on all other devices")
    visitor.see("Hello %(name)s", name="Karim")
    other.go("/mit-unilogin/")
    other.see("Choose how to log in")

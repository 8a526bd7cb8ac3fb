"""Elevadgang by hand: a teacher in one browser and pupils in others, through new passwords and an adult's word."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from .portal import Portal
from .test_flows import username_of
from .visitor import Visitor

pytestmark = pytest.mark.browser

TEACHER, CLASS = "Mette Holm", "5.A"
SMALL_TEACHER, SMALL_CLASS = "Birgit Toft", "2.A"
CHOOSE = "Choose the picture that your teacher shows you"
# (the teacher's screen, the pupil's screen)
SCREENS = [
    pytest.param({"width": "desktop"}, {"width": "phone"}, id="da"),
    pytest.param({"width": "phone", "language": "en"}, {"width": "desktop", "language": "en"}, id="en"),
    pytest.param({"width": "desktop", "script": False}, {"width": "phone", "script": False}, id="no-script"),
]


def animals_of(locator: Any) -> str:
    return str(locator.locator("use[href*='animals']").get_attribute("href")).rpartition("#")[2]


class Class:
    """A teacher at the own screen, and the pupils of one class at theirs."""

    def __init__(self, arrive_as: Any, portal: Portal, *, teacher: str, group: str) -> None:
        self.arrive_as, self.portal, self.teacher_name, self.group = arrive_as, portal, teacher, group

    def teacher(self, **screen: Any) -> Visitor:
        """The teacher, logged in, on the page of the class."""
        first, family = self.teacher_name.split()
        self.portal.write(
            "UPDATE accounts_user SET state = 'active', activated_at = created_at WHERE person_id ="
            " (SELECT id FROM accounts_person WHERE first_name = ? AND family_name = ?)",
            *(first, family),
        )
        teacher: Visitor = self.arrive_as(**screen)
        teacher.go("/elevadgang/")
        teacher.see_named("Elevadgang")
        teacher.go("/mitid/login?formaal=login&next=/elevadgang/klasser/")
        teacher.be(self.teacher_name)
        if teacher.page.locator("h1").inner_text().strip() != self.group:
            teacher.click(teacher.page.locator(".class-tabs a").filter(has_text=self.group).first)
        teacher.see_named(self.group)
        return teacher

    def pupils(self, count: int) -> list[tuple[str, str]]:
        """Return names and user names of some pupils of the class, by name."""
        return [
            (str(name), str(username))
            for name, username in self.portal.rows(
                "SELECT p.first_name || ' ' || p.family_name, u.username FROM accounts_user u"
                " JOIN accounts_person p ON p.id = u.person_id JOIN institutions_membership m ON m.person_id = p.id"
                " JOIN institutions_group g ON g.id = m.main_group_id JOIN institutions_institution i"
                " ON i.id = g.institution_id WHERE g.name = ? AND i.name = 'Tjørnegårdskolen' AND m.to_date IS NULL"
                " ORDER BY p.first_name, p.family_name LIMIT ?",
                *(self.group, count),
            )
        ]


@pytest.fixture
def class_5a(arrive_as: Any, portal: Portal) -> Class:
    """Words."""
    return Class(arrive_as, portal, teacher=TEACHER, group=CLASS)


@pytest.fixture
def class_2a(arrive_as: Any, portal: Portal) -> Class:
    """Pictures."""
    return Class(arrive_as, portal, teacher=SMALL_TEACHER, group=SMALL_CLASS)


def give(teacher: Visitor, *names: str) -> None:
    """Tick the pupils, and give them new passwords."""
    for name in names:
        teacher.tick(teacher.page.get_by_label(teacher.say("Choose %(name)s", name=name), exact=True))
    teacher.press("Give new password")
    teacher.see("Open windows")


def card(teacher: Visitor, name: str) -> Any:
    return teacher.page.locator(".window").filter(has=teacher.page.get_by_role("heading", name=name, exact=True))


def look(teacher: Visitor) -> None:
    """See how it goes: with script the page follows by itself."""
    if not teacher.script:
        teacher.follow("Refresh now")


def says(teacher: Visitor, name: str, message: str, **values: str) -> None:
    look(teacher)
    card(teacher, name).get_by_text(teacher.say(message, **values)).first.wait_for(timeout=8000)


def choose_animal(pupil: Visitor, animal: str) -> None:
    pupil.click(pupil.page.locator(f".pic-button:has(use[href$='#{animal}'])"))


def keep_words(pupil: Visitor) -> str:
    pupil.see("Your new password")
    secret = pupil.page.locator(".secret-word").inner_text().strip()
    pupil.press("Confirm")
    pupil.see("Repeat the password")
    pupil.write("Repeat the new password", secret)
    pupil.press("Next")
    return secret


@pytest.mark.parametrize(("at_the_teachers", "at_the_pupils"), SCREENS)
def test_a_teacher_gives_a_new_password_that_only_the_pupil_sees(class_5a, at_the_teachers, at_the_pupils):
    [(name, username), *_] = class_5a.pupils(1)
    teacher, pupil = class_5a.teacher(**at_the_teachers), class_5a.arrive_as(**at_the_pupils)
    give(teacher, name)
    animal = animals_of(card(teacher, name))
    pupil.type_username(username)
    pupil.see(CHOOSE)
    choose_animal(pupil, animal)
    says(teacher, name, "%(first)s is getting the new password now", first=name.split()[0])
    secret = keep_words(pupil)
    pupil.see("Hello %(name)s", name=name.split()[0])
    card(teacher, name).locator(".status--ok").wait_for() if teacher.script else look(teacher)
    expect(card(teacher, name).locator(".status--ok")).to_have_count(1)
    assert secret not in teacher.page.content()
    teacher.see("Open windows")
    again = class_5a.arrive_as(**at_the_pupils)
    again.log_in(username, secret)
    again.see("Hello %(name)s", name=name.split()[0])


@pytest.mark.parametrize(("at_the_teachers", "at_the_pupils"), SCREENS)
def test_a_small_child_gets_new_pictures_in_the_class(class_2a, at_the_teachers, at_the_pupils):
    [(name, username), *_] = class_2a.pupils(1)
    teacher, pupil = class_2a.teacher(**at_the_teachers), class_2a.arrive_as(**at_the_pupils)
    give(teacher, name)
    teacher.click(card(teacher, name).get_by_role("link"))
    animal = animals_of(teacher.page.locator("main"))
    teacher.picture("large")
    pupil.type_username(username)
    pupil.see(CHOOSE)
    choose_animal(pupil, animal)
    pupil.see("Here are your new pictures")
    names = [text.splitlines()[-1].strip() for text in pupil.page.locator(".pic-order li").all_inner_texts()]
    pupil.press("I can remember them")
    pupil.see("Show that you remember them")
    for one in names:
        pupil.click(pupil.page.locator(".pic-grid").get_by_role("button", name=one, exact=True))
    pupil.press("Next")
    pupil.see("Hello %(name)s", name=name.split()[0])


def test_a_wrong_picture_closes_the_window_and_the_teacher_is_told_at_once(class_5a):
    [(name, username), *_] = class_5a.pupils(1)
    teacher, classmate = class_5a.teacher(), class_5a.arrive_as(width="phone")
    give(teacher, name)
    right = animals_of(card(teacher, name))
    classmate.type_username(username)
    wrong = next(
        animal for tile in classmate.page.locator(".pic-button").all() if (animal := animals_of(tile)) != right
    )
    choose_animal(classmate, wrong)
    classmate.see("That was not the picture.")
    says(teacher, name, "Closed: wrong picture")
    teacher.see("Open windows")
    classmate.type_username(username)
    classmate.page.wait_for_load_state("load")
    expect(classmate.page.locator(".pic-grid--nine")).to_have_count(0)
    teacher.click(card(teacher, name).get_by_role("button"))
    assert animals_of(card(teacher, name).first)


def test_after_five_minutes_nothing_comes_of_it(class_5a, portal):
    [(name, username), *_] = class_5a.pupils(1)
    teacher, pupil = class_5a.teacher(), class_5a.arrive_as(width="phone")
    give(teacher, name)
    animal = animals_of(card(teacher, name))
    pupil.type_username(username)
    pupil.see(CHOOSE)
    portal.write("UPDATE accounts_resetwindow SET expires_at = opened_at")
    choose_animal(pupil, animal)
    pupil.see("You can no longer choose.")
    says(teacher, name, "The time is over")
    portal.write("UPDATE accounts_resetwindow SET opened_at = datetime(opened_at, '-1 hour')")


def test_two_pupils_at_once_each_have_their_own_picture(class_5a):
    [(first, one), (second, other)] = class_5a.pupils(2)
    teacher = class_5a.teacher()
    give(teacher, first, second)
    animals = [animals_of(card(teacher, name)) for name in (first, second)]
    assert animals[0] != animals[1]
    screens = [class_5a.arrive_as(width="phone"), class_5a.arrive_as(width="desktop")]
    for screen, username in zip(screens, (one, other), strict=True):
        screen.type_username(username)
    for screen, animal in zip(screens, animals, strict=True):
        choose_animal(screen, animal)
    secrets = [keep_words(screen) for screen in screens]
    assert secrets[0] != secrets[1]
    for name in (first, second):
        card(teacher, name).locator(".status--ok").wait_for(timeout=8000)


def test_the_animal_is_chosen_with_keys_alone_and_by_name(class_5a):
    [(name, username), *_] = class_5a.pupils(1)
    teacher, pupil = class_5a.teacher(), class_5a.arrive_as()
    box = teacher.page.get_by_label(teacher.say("Choose %(name)s", name=name), exact=True)
    box.focus()
    teacher.page.keyboard.press("Space")
    teacher.page.get_by_role("button", name=teacher.say("Give new password"), exact=True).focus()
    teacher.page.keyboard.press("Enter")
    teacher.page.wait_for_url("**/elevadgang/vinduer/")
    animal = animals_of(card(teacher, name))
    pupil.go("/login/brugernavn/")
    pupil.page.get_by_label(pupil.say("User name"), exact=True).focus()
    pupil.page.keyboard.type(username)
    pupil.page.keyboard.press("Enter")
    pupil.page.wait_for_url("**/login/vaelg-billede/")
    tiles = [animals_of(tile) for tile in pupil.page.locator(".pic-button").all()]
    pupil.page.locator(".pic-button").first.focus()
    there = tiles.index(animal)
    for key, times in (("ArrowDown", there // 3), ("ArrowRight", there % 3)):
        for _ in range(times):
            pupil.page.keyboard.press(key)
    pupil.page.keyboard.press("Enter")
    pupil.page.wait_for_url("**/login/din-nye-adgangskode/")
    pupil.see("Your new password")


@pytest.mark.parametrize("language", ["da", "en"])
def test_pictures_can_be_chosen_at_two_hundred_per_cent(class_2a, language):
    [(name, username), *_] = class_2a.pupils(1)
    teacher, pupil = class_2a.teacher(), class_2a.arrive_as(language=language)
    give(teacher, name)
    animal = animals_of(card(teacher, name))
    pupil.page.set_viewport_size({"width": 320, "height": 512})  # what a screen of 640 px shows at 200 %
    pupil.type_username(username)
    pupil.see(CHOOSE)
    sizes = [tile.bounding_box() for tile in pupil.page.locator(".pic-button").all()]
    assert min(min(box["width"], box["height"]) for box in sizes) >= 44
    choose_animal(pupil, animal)
    pupil.see("Here are your new pictures")
    pupil.press("I can remember them")
    pupil.see("Show that you remember them")
    sizes = [tile.bounding_box() for tile in pupil.page.locator(".pic-button").all()]
    assert len(sizes) == 16
    assert min(min(box["width"], box["height"]) for box in sizes) >= 44


def log_in_by_a_window(school_class: Class, teacher: Visitor, name: str, username: str, **screen: Any) -> Visitor:
    """Let a pupil log in at an own screen, with a password that is made on the way."""
    teacher.go("/elevadgang/klasser/")
    give(teacher, name)
    pupil: Visitor = school_class.arrive_as(**screen)
    pupil.type_username(username)
    choose_animal(pupil, animals_of(card(teacher, name)))
    keep_words(pupil)
    pupil.see("Hello %(name)s", name=name.split(maxsplit=1)[0])
    return pupil


@pytest.mark.parametrize(("at_the_teachers", "at_the_pupils"), SCREENS)
def test_a_pupil_waits_for_an_adult_and_is_let_in_at_that_service_only(class_5a, at_the_teachers, at_the_pupils):
    [(name, username), *_] = class_5a.pupils(1)
    teacher = class_5a.teacher(**at_the_teachers)
    pupil = log_in_by_a_window(class_5a, teacher, name, username, **at_the_pupils)
    pupil.go("/mit-unilogin/tjenester/proevebanken/")
    pupil.see("Wait for your teacher")
    teacher.go("/elevadgang/venterum/")
    teacher.see("Waiting room")
    row = teacher.page.locator("tr").filter(has_text=name).first
    teacher.click(row.get_by_role("button", name=re.compile("^" + teacher.say("Approve"))))
    teacher.see("Waiting room")
    if not pupil.script:
        pupil.follow("Check now")
    pupil.page.wait_for_url("**/proevetjeneste/proevebanken/**", timeout=10_000)
    pupil.see_named("Prøvebanken")
    pupil.shows("VoksenVerificeret")
    pupil.go("/mit-unilogin/tjenester/klasseposten/")
    pupil.see("Wait for your teacher")
    pupil.go("/mit-unilogin/proevetjeneste/klasseposten/")
    pupil.see("Wait for your teacher")


def test_a_whole_class_is_approved_in_one_act_and_one_is_refused(class_5a):
    [(first, one), (second, other), (third, last)] = class_5a.pupils(3)
    teacher = class_5a.teacher()
    pupils = []
    for name, username in ((first, one), (second, other), (third, last)):
        pupil = log_in_by_a_window(class_5a, teacher, name, username, width="phone")
        pupil.go("/mit-unilogin/tjenester/klasseposten/")
        pupils.append(pupil)
    teacher.go("/elevadgang/venterum/")
    teacher.see("Waiting room")
    row = teacher.page.locator("tr").filter(has_text=third).first
    teacher.click(row.get_by_role("button", name=re.compile("^" + teacher.say("Refuse"))))
    teacher.press_starting("Approve both")
    for pupil in pupils[:2]:
        pupil.page.wait_for_url("**/proevetjeneste/klasseposten/**", timeout=10_000)
    pupils[2].page.get_by_role("heading", level=1).filter(has_not_text=pupils[2].say("Wait for your teacher")).wait_for(
        timeout=10_000
    )
    expect(pupils[2].page).to_have_url(re.compile("/login/voksen/"))
    pupils[2].accessible()


def test_at_home_a_parent_approves_with_mitid_and_the_session_stays_the_pupils(class_5a):
    username = username_of(class_5a.arrive_as(), "Emil", "Berg")
    teacher = class_5a.teacher()
    pupil = log_in_by_a_window(class_5a, teacher, "Emil Berg", username, width="phone")
    pupil.go("/mit-unilogin/tjenester/proevebanken/")
    pupil.see("Wait for your teacher")
    pupil.click(pupil.page.locator("main").get_by_role("link", name="MitID").last)
    pupil.see("Approve with MitID")
    pupil.follow("Continue with MitID")
    pupil.be("Anna Krogh")  # a contact person without custody
    pupil.see("This MitID cannot approve")
    pupil.follow("Back")
    pupil.click(pupil.page.locator("main").get_by_role("link", name="MitID").last)
    pupil.follow("Continue with MitID")
    pupil.be("Lars Berg")
    pupil.see("You have approved")
    pupil.follow("Go on to %(name)s", name="Prøvebanken")
    pupil.see_named("Prøvebanken")
    pupil.go("/mit-unilogin/")
    pupil.see("Hello %(name)s", name="Emil")

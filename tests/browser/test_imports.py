"""Imports as a school's leader sees them: held, approved, stopped, taken back; a new school year; a new CPR number.

The deliveries are those of the demo country's own school system, of a later night, with something changed.
"""

import datetime as dt
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from django.utils import timezone

from institutions.demo.cast_ties import SCHOOL
from institutions.demo.deliveries import delivery
from institutions.demo.inhabitants import Student, Tie
from institutions.demo.people import country
from institutions.demo.years import school_year

from .portal import ROOT, Portal
from .test_flows import with_password
from .visitor import Visitor

pytestmark = pytest.mark.browser

IMPORTS = "/brugeradministration/import/"
Change = Callable[[Tie], Tie | None]


def send(portal: Portal, change: Change = lambda tie: tie, *, at: dt.datetime | None = None, years: int = 0) -> int:
    """Let the school's system deliver, each tie as `change` makes it, or without it; return the run.

    Later than what the demo country has loaded, and than what it left waiting.
    """
    at = at or later(hours=2)
    school = next(one for one in country() if one.place.number == SCHOOL)
    ties = tuple(filter(None, (change(tie) for tie in school.ties if 2 in tie.nights)))
    path = portal.database.parent / "delivery.xml"
    path.write_bytes(delivery(replace(school, ties=ties), night=2, at=at, year=school_year(at.date()) + years))
    load(portal, path)
    [(run,)] = portal.rows("SELECT max(id) FROM institutions_importrun")
    return int(run)


def later(*, hours: int) -> dt.datetime:
    return timezone.localtime() + dt.timedelta(hours=hours)


def load(portal: Portal, path: Path) -> None:
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{portal.database}",
        "ORIGIN": portal.origin,
        "VAR_DIR": str(portal.database.parent),
        "EMAIL_URL": "filemail:///" + str(portal.database.parent / "mail"),
        "LOG_LEVEL": "ERROR",
    }
    command = [sys.executable, str(ROOT / "manage.py"), "import_users", str(path), "--json"]
    subprocess.run(command, env=environment, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def without_levels(*levels: str) -> Change:
    def change(tie: Tie) -> Tie | None:
        return None if isinstance(tie.part, Student) and tie.part.level in levels else tie

    return change


def a_year_later(tie: Tie) -> Tie | None:
    """Everybody moves up; level 9 leaves."""
    if not isinstance(tie.part, Student):
        return tie
    if tie.part.level == "9":
        return None
    level = str(int(tie.part.level) + 1)
    return replace(tie, part=replace(tie.part, level=level, main_group=level + tie.part.main_group[1:], groups=()))


def current(portal: Portal, level: str) -> int:
    """Count the school's pupils of a level in the database."""
    query = (
        "SELECT count(*) FROM institutions_membership m JOIN institutions_institution i ON i.id = m.institution_id"
        " WHERE i.number = ? AND m.level = ? AND m.to_date IS NULL"
    )
    return int(portal.rows(query, SCHOOL, level)[0][0])


def state_of(portal: Portal, run: int) -> str:
    return str(portal.rows("SELECT state FROM institutions_importrun WHERE id = ?", run)[0][0])


def be_leader(visitor: Visitor, path: str = IMPORTS) -> None:
    """Come in as the leader of the school, with MitID Erhverv."""
    with_password(visitor, "Leif", "Dam")
    visitor.go(f"/mitid/login?formaal=login&next={path}")
    visitor.be("Leif Dam", work=True)


def answer(visitor: Visitor, label: str, reason: str = "Vi har talt med leverandøren.") -> None:
    visitor.tick(visitor.page.locator("main").get_by_role("radio", name=visitor.say(label)))
    visitor.write("Reason", reason)
    visitor.press("Save your answer")


def test_a_held_import_is_seen_and_approved(visitor):
    run = send(visitor.portal, without_levels("2", "3"))
    be_leader(visitor)
    visitor.see("Import")
    visitor.click(visitor.page.locator("main .alert a").first)
    visitor.see("We have held an import back")
    visitor.press("Save your answer")
    visitor.see("We have held an import back")
    visitor.reads("Choose what we are to do")
    visitor.reads("Write a reason")
    visitor.tick(visitor.page.locator("main").get_by_role("radio").nth(1))
    visitor.write("Reason", "Årgangene er flyttet til naboskolen.")
    visitor.press("Save your answer")
    visitor.reads("The import is approved and loaded.")
    visitor.see_named(visitor.page.locator("h1").inner_text())
    assert (state_of(visitor.portal, run), current(visitor.portal, "2")) == ("loaded", 0)
    visitor.reads("Who has decided")
    visitor.shows("Årgangene er flyttet til naboskolen.")


@pytest.fixture(params=["phone", "desktop"])
def leader(request: pytest.FixtureRequest, arrive_as: Callable[..., Visitor]) -> Visitor:
    """The school's leader in Danish, at each width."""
    return arrive_as(width=request.param)


def see_run(visitor: Visitor) -> None:
    visitor.see_named(visitor.page.locator("h1").inner_text().strip())


def test_a_held_import_is_stopped_and_whoever_is_late_is_told(leader, arrive_as):
    run = send(leader.portal, without_levels("2", "3"))
    be_leader(leader, f"{IMPORTS}{run}/")
    see_run(leader)
    leader.follow("See and answer")
    late = arrive_as(name="the_late_tab", width="desktop")
    late.context.add_cookies(leader.context.cookies())
    leader.click(leader.page.locator("main").get_by_role("link", name="Se alle 45, der ophører"))
    leader.see("What would change")
    leader.follow("Answer")
    answer(leader, "Stop the import, and keep everything as it is")
    leader.reads("The import is stopped. Everything is as it was.")
    see_run(leader)
    assert (state_of(leader.portal, run), current(leader.portal, "2")) == ("rejected", 23)
    # As if a colleague had been the first.
    leader.portal.write(
        "UPDATE institutions_importdecision SET by_id = (SELECT id FROM accounts_user WHERE id != by_id LIMIT 1)"
    )
    late.go(f"{IMPORTS}{run}/godkend/")
    late.see("Somebody else has already answered")


def test_an_import_let_through_once_is_loaded_past_the_limits(leader):
    send(leader.portal)
    be_leader(leader)
    leader.click(leader.page.locator("main table a").first)
    see_run(leader)
    leader.follow("Let the next import through")
    leader.see("Let the next import through")
    leader.write("Reason", "To årgange flytter til naboskolen i nat.")
    leader.press("Let the next import through")
    leader.reads("The next import is loaded past the brakes, once.")
    see_run(leader)
    run = send(leader.portal, without_levels("2", "3"), at=later(hours=3))
    assert (state_of(leader.portal, run), current(leader.portal, "2")) == ("loaded", 0)


def test_a_loaded_import_is_taken_back_and_the_next_one_waits(leader):
    run = send(leader.portal, without_levels("2"))
    assert current(leader.portal, "2") == 0
    be_leader(leader, f"{IMPORTS}{run}/")
    leader.follow("Take the import back")
    leader.see("Take the import back")
    leader.press("Take the import back")
    leader.reads("Write a reason")
    leader.write("Reason", "2. årgang mangler i filen.")
    leader.press("Take the import back")
    leader.reads("The import is taken back. Everything is as it was before it.")
    see_run(leader)
    assert (state_of(leader.portal, run), current(leader.portal, "2")) == ("undone", 23)
    held = send(leader.portal, at=later(hours=3))
    assert state_of(leader.portal, held) == "awaiting_approval"
    leader.go(f"{IMPORTS}{held}/godkend/")
    leader.see("We have held an import back")
    leader.reads("Somebody took the last import back. See what has been corrected since, before you approve.")


def test_a_new_school_year_moves_everybody_up_without_being_held(leader):
    before = {level: current(leader.portal, level) for level in "12345678"}
    year = school_year(timezone.localdate())
    # What was loaded so far was last year's, so that tonight's is the first of the new one.
    leader.portal.write("UPDATE institutions_importseries SET school_year = ?", f"{year - 1}-{year}")
    run = send(leader.portal, a_year_later)
    be_leader(leader, f"{IMPORTS}{run}/")
    see_run(leader)
    assert state_of(leader.portal, run) == "loaded"
    assert {level: current(leader.portal, str(int(level) + 1)) for level in "12345678"} == before
    leader.go(f"{IMPORTS}")
    leader.click(leader.page.locator("main table a").first)
    leader.reads("School year")
    leader.shows(f"{year}-{year + 1}")


def test_errors_are_read_and_a_new_cpr_number_is_confirmed(leader):
    def change(tie: Tie) -> Tie | None:
        if tie.local_id in {"E0010", "E0011", "E0012"}:
            return replace(tie, person=replace(tie.person, cpr=f"61{tie.local_id[3:]}150{tie.local_id[2:]}"[:10]))
        return tie

    run = send(leader.portal, change)
    be_leader(leader, f"{IMPORTS}{run}/")
    see_run(leader)
    leader.click(leader.page.locator("main table").get_by_role("link", name="Skift CPR").first)
    leader.see("Change CPR")
    leader.write("New CPR number", "123")
    leader.press("Analyse")
    leader.see("Change CPR")
    leader.write("New CPR number", "690715-4002")
    leader.press("Analyse")
    leader.see("Confirm the new CPR number")
    leader.write("Reason", "Barnet har fået et nyt CPR-nummer.")
    leader.press("Confirm")
    leader.see("Change CPR")


def test_an_own_limit_is_set(leader):
    be_leader(leader, f"{IMPORTS}graenser/{SCHOOL}/")
    see_run(leader)
    leader.click(leader.page.locator("main table a").first)
    see_run(leader)
    leader.tick(leader.page.locator("main").get_by_role("radio", name=leader.say("The institution's own limit")))
    leader.write("Own limit in percent", "25")
    leader.write("Reason", "Vi er en lille skole.")
    leader.press("Save")
    leader.reads("The limit is saved. It applies from the next import.")
    see_run(leader)


def test_a_held_import_is_answered_by_keyboard_alone(arrive_as):
    visitor = arrive_as(width="desktop")
    run = send(visitor.portal, without_levels("2", "3"))
    be_leader(visitor, f"{IMPORTS}{run}/godkend/")
    keys = visitor.page.keyboard
    for _ in range(60):
        keys.press("Tab")
        if visitor.page.evaluate("document.activeElement.type") == "radio":
            break
    keys.press("ArrowDown")
    keys.press("ArrowUp")
    keys.press("Tab")
    keys.type("Udtrækket er afbrudt.")
    keys.press("Tab")
    keys.press("Enter")
    visitor.page.wait_for_url(f"**{IMPORTS}{run}/")
    visitor.reads("The import is stopped. Everything is as it was.")
    assert state_of(visitor.portal, run) == "rejected"


def test_an_import_under_way_is_followed_live(leader):
    run = send(leader.portal)
    leader.portal.write("UPDATE institutions_importrun SET state = 'running' WHERE id = ?", run)
    be_leader(leader, f"{IMPORTS}{run}/")
    progress = leader.page.locator("main [hx-get]")
    assert leader.say("Refresh") in progress.inner_text()
    see_run(leader)
    leader.portal.write("UPDATE institutions_importrun SET state = 'loaded' WHERE id = ?", run)
    progress.wait_for(state="detached")
    leader.page.get_by_text(leader.say("No errors"), exact=True).wait_for()


def test_the_way_in_is_on_mit_unilogin(leader):
    be_leader(leader, "/mit-unilogin/")
    leader.see("Hello %(name)s", name="Leif")
    leader.click(leader.page.locator("main a.tile", has_text="Brugeradministration"))
    leader.see("Import")


def test_a_teacher_is_kept_out(arrive_as):
    visitor = arrive_as()
    visitor.log_in(*with_password(visitor, "Karim", "Nielsen"))
    visitor.go(IMPORTS)
    visitor.see("No access")

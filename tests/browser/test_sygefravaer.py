"""The weekly sick-leave report by hand: a school on a phone over three visits, and corrected; a municipality at a desk.

Links come from the mails that went out when the demo country's week was opened.
"""

import email
import email.policy
import re

import pytest
from playwright.sync_api import expect

from .portal import OPERATOR_PASSWORD, Portal
from .visitor import Visitor

pytestmark = pytest.mark.browser

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
ONE_THAT_WAITS = (
    "SELECT r.id, r.name, r.email FROM reporting_report r JOIN reporting_campaign c ON c.id = r.campaign_id"
    " WHERE c.state = 'open' AND r.kind = ? AND r.state = 'sent' AND r.email <> '' ORDER BY r.number"
)
MINUTE = 60_000
SCHOOL = "Roskilde private Realskole"
STATE = "SELECT r.state, r.finished_at IS NOT NULL FROM reporting_report r WHERE r.id = ?"
NUMBERS = (
    "SELECT v.number, l.line, l.total, l.monday FROM reporting_answerline l"
    " JOIN reporting_reportversion v ON v.id = l.version_id WHERE v.report_id = ? ORDER BY v.number, l.line"
)


def respondent(portal: Portal, kind: str) -> tuple[int, str, str]:
    """Return the key and the name of somebody of this kind who has not begun, and the link in their mail."""
    for pk, name, address in portal.rows(ONE_THAT_WAITS, kind):
        for file in sorted((portal.database.parent / "mail").iterdir(), reverse=True):
            for part in file.read_text().split("-" * 79):
                message = email.message_from_string(part.strip(), policy=email.policy.default)
                text = message.get_body(("plain",)) if message["To"] == address else None
                link = re.search(r"(/sygefravaer/svar/\S+/)", text.get_content()) if text else None
                if link:
                    return int(pk), str(name), link[1]
    raise AssertionError(f"no {kind} of the demo country has a mail that waits")


def fill(visitor: Visitor, line: str, total: int, *absent: int) -> None:
    """Write a line's numbers, those days that are asked for."""
    visitor.page.locator(f"[name={line}-total]").fill(str(total))
    for day, number in zip(DAYS, absent, strict=False):
        cell = visitor.page.locator(f"[name={line}-{day}]")
        if cell.count():
            cell.fill(str(number))


def saved_by_itself(visitor: Visitor) -> None:
    expect(visitor.page.locator("[data-saved]")).to_contain_text(re.compile(r"Gemt kl\. \d+\.\d\d\.$"))


def test_a_school_reports_on_a_phone_over_three_visits_prints_and_is_corrected(arrive_as, portal):
    pk, name, link = respondent(portal, "school")
    first = arrive_as(width="phone", also="desktop", name="sygefravaer_skole")
    first.go(link)
    first.see("Pupils in normal classes")
    first.shows(name)
    with first.page.expect_response(lambda answer: answer.request.method == "POST"):
        fill(first, "level_0", 20, 1, 2, 0, 1, 1)
        fill(first, "level_1", 18, 0, 0, 0, 0, 0)
    saved_by_itself(first)
    first.context.close()

    second = arrive_as(width="phone", name="sygefravaer_skole_2")
    second.go(link)
    second.see("Pupils in normal classes")
    expect(second.page.locator("[name=level_0-tuesday]")).to_have_value("2")
    go_on(second)
    second.see("Pupils in special classes")
    fill(second, "special", 12, 0, 1, 1, 0, 0)
    go_on(second)
    second.see("School starters")
    fill(second, "starters", 0, 0, 0, 0, 0, 0)
    second.press("Save and go on later")
    second.see("What you have written is saved")

    third = arrive_as(width="phone", also="desktop", name="sygefravaer_skole_3")
    third.go(link)
    third.see("Staff")
    fill(third, "school_staff", 42, 24, 4, 6, 5, 2)
    third.press("Next")
    third.see("Staff")
    third.shows("Mandag: 24 af 42 er mere end halvdelen")
    confirm_all(third)
    third.see("Look through all of it")
    third.page.emulate_media(media="print")
    expect(third.page.get_by_role("button", name="Print svarene")).to_be_hidden()
    third.picture("paa papir")
    third.page.emulate_media(media="screen")
    third.click(third.page.get_by_role("button", name="Afslut"))
    third.see("Thank you. The answers are sent")
    paper = third.page.request.get(portal.origin + link + "svar.pdf")
    assert paper.ok
    assert paper.body().startswith(b"%PDF")
    assert portal.rows(STATE, pk) == [("finished", 1)]

    # The link shows the receipt now; what was wrong is asked to be opened, and STIL does.
    third.go(link)
    third.see("Thank you. The answers are sent")
    third.follow("Ask us to open the answer again")
    third.see("Ask us to open the answer again")
    third.page.locator("textarea").fill("Mandag er forkert")
    third.press("Send")
    third.see("Thank you. The answers are sent")
    olga = arrive_as(name="sygefravaer_stil", also="phone")
    olga.log_in("stil0001", OPERATOR_PASSWORD)
    olga.page.wait_for_url("**/mit-unilogin/")
    olga.go(f"/sygefravaer/svar-fra/{pk}/")
    olga.see_named(olga.page.locator("h1").inner_text())
    olga.shows("Mandag er forkert")
    olga.follow("Open for correction")
    olga.see_named(olga.page.locator("h1").inner_text())
    olga.click(olga.page.locator("main button.button-primary"))
    olga.see_named(olga.page.locator("h1").inner_text())

    third.go(link)
    third.see("Look through all of it")
    third.go(link + "trin/personale/")
    fill(third, "school_staff", 42, 4)
    go_on(third)
    third.see("Look through all of it")
    third.click(third.page.get_by_role("button", name="Afslut"))
    third.see("Thank you. The answers are sent")
    third.shows("-2")
    staff = [row for row in portal.rows(NUMBERS, pk) if row[1] == "school_staff"]
    assert staff == [(1, "school_staff", 42, 24), (2, "school_staff", 42, 4)]


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_municipality_reports(arrive_as, portal, script):
    pk, name, link = respondent(portal, "municipality")
    visitor = arrive_as(name="sygefravaer_kommune", script=script, also="phone" if script else "")
    visitor.go(link)
    visitor.see("Municipal schools")
    visitor.shows(name)
    fill(visitor, "schools", 12)
    fill(visitor, "municipal_staff", 620, 621, 33, 40, 36, 28)
    visitor.press("Next")
    visitor.see("Municipal schools")
    visitor.shows("621 syge er flere end de 620, I har skrevet i alt")
    fill(visitor, "municipal_staff", 620, 31)
    go_on(visitor)
    visitor.see("Day care including childminders")
    for line, total in (("day_care_institutions", 34), ("childminders", 51)):
        fill(visitor, line, total)
    fill(visitor, "children", 2450, 180, 190, 175, 160, 150)
    fill(visitor, "day_care_staff", 730, 45, 44, 51, 40, 38)
    go_on(visitor)
    visitor.see("Look through all of it")
    visitor.click(visitor.page.get_by_role("button", name="Afslut"))
    visitor.see("Thank you. The answers are sent")
    assert portal.rows(STATE, pk) == [("finished", 1)]


def go_on(visitor: Visitor) -> None:
    """Press *Næste*. The weeks before were filled in for the demo: that a total has moved is asked about."""
    visitor.press("Next")
    confirm_all(visitor)


def confirm_all(visitor: Visitor) -> None:
    for _ in range(3):
        boxes = visitor.page.get_by_role("checkbox")
        if not boxes.count():
            return
        for place in range(boxes.count()):
            visitor.tick(boxes.nth(place))
        visitor.press("Next")


def test_two_people_at_once_see_each_others_numbers(arrive_as, portal):
    _pk, _name, link = respondent(portal, "school")
    one, two = (arrive_as(width=width, name=f"sygefravaer_to_{width}") for width in ("desktop", "phone"))
    for visitor in (one, two):
        visitor.page.clock.install()  # the page asks every few seconds: the clock is turned on instead of waiting
        visitor.go(link + "trin/personale/")
        visitor.see("Staff")
    one.page.locator("[name=school_staff-total]").fill("42")
    saved_by_itself(one)
    two.page.locator("[name=school_staff-monday]").fill("3")
    expect(two.page.locator("[name=school_staff-total]")).to_have_value("42")
    expect(two.page.locator("[data-saved]")).to_contain_text("En anden har skrevet tal her. De er sat ind.")
    one.page.clock.fast_forward(MINUTE)
    expect(one.page.locator("[name=school_staff-monday]")).to_have_value("3")
    # Both write the same number: nobody is overwritten unseen.
    two.page.locator("[name=school_staff-monday]").blur()
    one.page.route("**/?tal=1", lambda route: route.fulfill(body="{}"))
    two.page.locator("[name=school_staff-tuesday]").fill("5")
    saved_by_itself(two)
    two.page.locator("[name=school_staff-tuesday]").blur()
    one.page.locator("[name=school_staff-tuesday]").fill("6")
    expect(one.page.locator("[data-saved]")).to_contain_text("En anden har imens skrevet 5 her")
    one.page.locator("[name=school_staff-tuesday]").fill("7")
    expect(one.page.locator("[data-saved]")).not_to_contain_text("En anden")
    saved_by_itself(one)
    two.page.clock.fast_forward(MINUTE)
    expect(two.page.locator("[name=school_staff-tuesday]")).to_have_value("7")


def test_a_report_is_filled_in_by_keyboard(arrive_as, portal):
    _pk, _name, link = respondent(portal, "school")
    visitor = arrive_as(name="sygefravaer_tastatur")
    visitor.go(link + "trin/personale/")
    visitor.see("Staff")
    field = visitor.page.locator("[name=school_staff-total]")
    field.focus()
    for number in ("42", "1", "1", "1", "1", "1"):
        visitor.page.keyboard.type(number)
        visitor.page.keyboard.press("Tab")
        if visitor.page.evaluate("document.activeElement.type") == "submit":
            break
    visitor.page.keyboard.press("Enter")
    visitor.see("Look through all of it")


def test_a_link_that_does_not_work_says_what_to_do(visitor, portal):
    visitor.go("/sygefravaer/svar/" + "A" * 32 + "/")
    visitor.see("The link does not work")
    visitor.follow("Have your link sent again")
    visitor.see("Have your link sent again")
    visitor.press("Send the link")
    visitor.see("Have your link sent again")
    visitor.page.locator("[name=identifier]").fill("265017")
    visitor.press("Send the link")
    visitor.see("Look in your inbox")


def test_stil_follows_a_week_reminds_and_reads_the_figures(arrive_as, portal):
    pk, _name, _link = respondent(portal, "school")
    olga = arrive_as(name="sygefravaer_stil_uge", also="phone")
    olga.log_in("stil0001", OPERATOR_PASSWORD)
    olga.page.wait_for_url("**/mit-unilogin/")
    ((campaign,),) = portal.rows("SELECT id FROM reporting_campaign WHERE state = 'open'")
    for path in (
        "uger/",
        f"uger/{campaign}/",
        f"uger/{campaign}/?vis=ikke-leveret",
        f"uger/{campaign}/?q=findesikke",
        f"uger/{campaign}/ret/",
        f"svar-fra/{pk}/adresse/",
        "adresser/",
        "adresser/mange/",
        "adresser/0265/",
        "statistik/",
    ):
        olga.go(f"/sygefravaer/{path}")
        olga.see_named(olga.page.locator("h1").inner_text().strip())
    for group in olga.page.locator("select").first.locator("option").all():
        value = group.get_attribute("value")
        olga.go(f"/sygefravaer/statistik/?tal={value}")
        olga.see_named(olga.page.locator("h1").inner_text().strip())
    olga.go(f"/sygefravaer/uger/{campaign}/")
    olga.tick(olga.page.locator("tbody input[type=checkbox]").first)
    olga.press("Send reminder")
    olga.shows("påmindelse")


def test_stil_reminds_and_opens_an_answer_again_without_script(arrive_as, portal):
    ((campaign,),) = portal.rows("SELECT id FROM reporting_campaign WHERE state = 'open'")
    ((answered,),) = portal.rows(
        "SELECT id FROM reporting_report WHERE state = 'finished' AND campaign_id = ? LIMIT 1", campaign
    )
    olga = arrive_as(name="sygefravaer_stil_uden", script=False)
    olga.log_in("stil0001", OPERATOR_PASSWORD)
    olga.go(f"/sygefravaer/uger/{campaign}/")
    olga.tick(olga.page.locator("tbody input[type=checkbox]").first)
    olga.press("Send reminder")
    olga.shows("påmindelse")
    olga.go(f"/sygefravaer/svar-fra/{answered}/")
    olga.follow("Open for correction")
    olga.click(olga.page.locator("main button.button-primary"))
    assert portal.rows(STATE, answered) == [("reopened", 1)]


def test_a_leader_compares_the_schools_weeks_with_the_country(arrive_as):
    """On a phone, from Mit Unilogin."""
    leader = arrive_as(width="phone", also="desktop", name="sygefravaer_leder")
    leader.go("/mitid/login?formaal=username&next=/mit-unilogin/")
    leader.be("Maiken Schmidt")
    leader.press("Click to create your user")
    leader.go("/mitid/login?formaal=login&next=/mit-unilogin/")
    leader.be("Maiken Schmidt")
    leader.see("Hello %(name)s", name="Maiken")
    leader.click(leader.page.get_by_role("link", name="Sygefravær").first)
    leader.see_named(leader.page.locator("h1").inner_text())
    expect(leader.page.get_by_label("Sammenlign med landet").locator("option:checked")).to_have_text(SCHOOL)
    leader.shows("Hele landet")
    leader.page.get_by_label("Tal for").select_option("personale-frie-skoler")
    leader.press("Show")
    leader.see_named(leader.page.locator("h1").inner_text())
    leader.page.emulate_media(media="print")
    expect(leader.page.get_by_role("button", name="Vis")).to_be_hidden()
    leader.picture("paa papir")
    leader.page.emulate_media(media="screen")
    with leader.page.expect_download() as fetched:
        leader.page.get_by_role("link", name="CSV").click()
    assert SCHOOL in fetched.value.path().read_text("utf-8-sig")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_municipalitys_officer_reads_its_figures_and_no_schools(arrive_as, script):
    nadia = arrive_as(name="sygefravaer_kommunen", script=script, also="phone" if script else "")
    nadia.go("/mitid/login?formaal=login&next=/mit-unilogin/")
    nadia.be("Nadia Færch", work=True)
    nadia.see("Hello %(name)s", name="Nadia Færch")
    nadia.click(nadia.page.get_by_role("link", name="Sygefravær").first)
    nadia.see_named(nadia.page.locator("h1").inner_text())
    places = nadia.page.get_by_label("Sammenlign med landet").locator("option").all_inner_texts()
    assert places == ["Kun hele landet", "Roskilde"]
    for group in ("boern-dagtilbud", "elever"):
        nadia.page.get_by_label("Tal for").select_option(group)
        nadia.press("Show")
        nadia.see_named(nadia.page.locator("h1").inner_text())
    nadia.click(nadia.page.locator("main tbody th a").last)
    nadia.reads("Back from this week to the newest figures")

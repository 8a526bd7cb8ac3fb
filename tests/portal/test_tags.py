"""The tags that every page uses: icons, status, dates, alerts, the menu."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.template import engines
from django.test import RequestFactory
from django.urls import resolve
from django.utils import translation
from lxml import html

from unilogin_portal.lib import dates
from unilogin_portal.lib.status import ICONS, Status

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
NOW = dt.datetime(2026, 11, 21, 12, 0, tzinfo=COPENHAGEN)


def rendered(template, request=None, **context):
    return engines["django"].from_string(template).render(context, request)


def test_an_icon_is_decoration_unless_it_has_a_name():
    assert 'aria-hidden="true"' in rendered('{% icon "help" %}')
    named = rendered('{% icon "open-in-new" _("opens in a new window") %}')
    assert 'role="img" aria-label="åbner i nyt vindue"' in named
    assert "all-svg-icons.svg#open-in-new" in named


@pytest.mark.parametrize("tone", sorted(ICONS))
def test_a_status_is_an_icon_and_a_word(tone):
    mark = html.fromstring(rendered("{% status tone text %}", tone=tone, text="Venter <18> dage"))
    assert mark.get("class") == f"status status--{tone}"
    assert mark.text_content() == "Venter <18> dage"
    assert mark.xpath(".//use/@href")[0].endswith(f"#{ICONS[tone]}")


def test_a_status_is_read_from_whatever_has_one():
    class Agreement:
        status = Status("bad", "Spærret", "lock")

    class Import:
        def status(self):
            return Status("ok", "Indlæst")

    assert "#lock" in rendered("{% status obj %}", obj=Agreement())
    assert "Indlæst" in rendered("{% status obj %}", obj=Import())
    assert "Spærret" in rendered("{% status obj %}", obj=Agreement.status)


@pytest.mark.parametrize(
    ("moment", "danish", "english"),
    [
        (NOW.replace(hour=7, minute=52), "I dag kl. 7.52", "Today at 7:52"),
        (NOW - dt.timedelta(days=1), "I går kl. 12.00", "Yesterday at 12:00"),
        (dt.datetime(2026, 11, 19, 10, 14, tzinfo=COPENHAGEN), "19. nov. kl. 10.14", "19 Nov at 10:14"),
        (dt.datetime(2025, 5, 3, 9, 2, tzinfo=COPENHAGEN), "3. maj 2025 kl. 9.02", "3 May 2025 at 9:02"),
        # An hour before midnight in UTC is already the next day in Denmark.
        (dt.datetime(2026, 11, 20, 23, 30, tzinfo=dt.UTC), "I dag kl. 0.30", "Today at 0:30"),
    ],
)
def test_moments_are_said_as_people_say_them(moment, danish, english):
    assert dates.when_text(moment, NOW) == danish
    with translation.override("en"):
        assert dates.when_text(moment, NOW) == english


def test_days_and_clock_times_follow_the_language():
    assert rendered("{{ d|day }} {{ d|clock }}", d=NOW) == "21. november 2026 kl. 12.00"
    with translation.override("en"):
        assert rendered("{{ d|day }} {{ d|clock }}", d=NOW) == "21 November 2026 12:00"
    assert rendered("{{ d|day }}{{ d|clock }}{{ d|when }}", d=None) == ""


def test_an_alert_says_what_it_is_and_keeps_its_links():
    alert = html.fromstring(
        rendered('{% alert "error" heading %}Prøv igen, eller <a href="/">gå hjem</a>.{% endalert %}', heading="A & B")
    )
    assert alert.get("role") == "alert"
    assert alert.xpath(".//svg/@aria-label") == ["Fejl"]
    assert alert.find_class("alert-heading")[0].text == "A & B"
    assert alert.xpath(".//a/@href") == ["/"]


def test_notes_stand_under_a_heading_that_names_them():
    notes = html.fromstring(
        rendered("{% notes heading %}<li>{{ text }}</li>{% endnotes %}", heading="A & B", text="<b>")
    )
    assert notes.get("class") == "side"
    assert notes.xpath("//section/@aria-labelledby") == notes.xpath("//h2/@id")
    assert [item.text_content() for item in notes.xpath(".//h2|.//li")] == ["A & B", "<b>"]


def test_variables_in_an_alert_are_escaped():
    assert "<b>" not in rendered('{% alert "info" %}{{ text }}{% endalert %}', text="<b>")


def test_a_link_out_of_the_portal_says_so():
    link = html.fromstring(rendered('{% external url "Læsebroen" %}', url="https://example.org/?a=1&b=2"))
    assert (link.get("target"), link.get("rel")) == ("_blank", "noopener noreferrer")
    assert link.xpath(".//svg/@aria-label") == ["åbner i nyt vindue"]


@pytest.mark.parametrize(
    ("path", "label", "current"), [("/hjaelp/", "Hjælp", "page"), ("/hjaelp/support/", "Hjælp", "true")]
)
def test_the_menu_marks_where_we_are_in_row_and_drawer(path, label, current):
    request = RequestFactory().get(path)
    request.resolver_match = resolve(path)
    page = html.fromstring(rendered("<div>{% include 'components/public_menu.html' %}</div>", request))
    marked = page.xpath("//a[@aria-current]")
    assert [link.text_content() for link in marked] == [label] * 2
    assert {link.get("aria-current") for link in marked} == {current}


def test_a_menu_item_shows_how_many_wait():
    item = html.fromstring(rendered('{% menu_item "Venterum" "/venterum/" count=4 %}'))
    assert item.text_content() == "Venterum (4)"


def test_breadcrumbs_lead_back_and_end_where_we_are():
    crumbs = html.fromstring(
        rendered('{% breadcrumbs "Forside" "portal:front" "Hjælp" "portal:help" title %}', title="<A>")
    )
    assert crumbs.xpath(".//a/@href") == ["/", "/hjaelp/"]
    assert crumbs.xpath(".//li[@aria-current='page']")[0].text_content() == "<A>"

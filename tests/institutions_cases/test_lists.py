"""The two lists: what stands on them, in which order, and that they cost the same however long they are."""

import datetime as dt

import pytest
from django.utils import timezone
from lxml import html

from accounts.models import Person
from institutions.cases import services
from institutions.cases.states import CaseState
from institutions.models import Case, CaseKind, ContactRequest

from .conftest import INBOX
from .test_opening import words


def many(cast, count: int, **changes):
    now = timezone.now()
    for number in range(count):
        at = now - dt.timedelta(days=number, hours=1)
        case = Case.objects.create(
            **{
                "number": f"S-2025-{number + 1:06d}",
                "kind": CaseKind.CONTACT_USER,
                "institution": cast.school,
                "opened_by": cast["leif"],
                "opened_role": "Leder",
                "created_at": at,
                "changed_at": at,
                **changes,
            }
        )
        ContactRequest.objects.create(case=case, cpr=b"x", cvr="94348552", recipient="Leif", wanted="both")


def numbers(response) -> list[str]:
    return html.fromstring(response.content).xpath("//tbody//td[1]/a/text()")


def test_an_institution_without_cases_is_told_what_they_are_for(leif):
    page = words(leif.get("/sager/"))
    assert "I har ingen sager endnu" in page
    assert "Opret sag" in page


def test_the_institution_sees_its_own_newest_first(leif, cast, elsewhere):
    many(cast, 3)
    Case.objects.filter(number="S-2025-000002").update(institution=elsewhere)
    assert numbers(leif.get("/sager/")) == ["S-2025-000001", "S-2025-000003"]


def test_both_lists_cost_the_same_however_long_they_are(leif, olga, cast, django_assert_max_num_queries):
    many(cast, 60)
    with django_assert_max_num_queries(9):
        assert len(numbers(leif.get("/sager/"))) == 25
    with django_assert_max_num_queries(9):
        assert len(numbers(olga.get(INBOX))) == 25
    assert len(numbers(olga.get(INBOX, {"side": "3"}))) == 10


def test_one_case_costs_the_same_however_much_was_written(opened, leif, olga, actors, django_assert_max_num_queries):
    for number in range(20):
        services.answer(opened, by=actors["leif"], text=f"Besked {number}")
    with django_assert_max_num_queries(10):
        leif.get(f"/sager/{opened.number}/")
    with django_assert_max_num_queries(14):
        olga.get(f"{INBOX}{opened.number}/")


def test_the_inbox_shows_what_waits_oldest_first(olga, cast, opened):
    many(cast, 3)
    Case.objects.filter(number="S-2025-000001").update(state=CaseState.SENT)
    response = olga.get(INBOX)
    assert numbers(response) == ["S-2025-000003", "S-2025-000002", opened.number]
    assert "Sager (3)" in response.content.decode()


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"tilstand": "alle"}, 4),
        ({"tilstand": "sent"}, 1),
        ({"tilstand": "closed"}, 0),
        ({"type": "contact_user"}, 3),
        ({"type": "contact_forgotten"}, 0),
        ({"alder": "2"}, 2),
        ({"alder": "14"}, 0),
        ({"tilstand": "<script>", "alder": "x", "side": "x"}, 3),
    ],
)
def test_the_inbox_is_narrowed_by_state_kind_and_age(olga, cast, asked, found):
    many(cast, 4)
    Case.objects.filter(number="S-2025-000001").update(state=CaseState.SENT)
    assert len(numbers(olga.get(INBOX, asked))) == found


def test_counts_say_what_waits_and_what_is_old(olga, cast):
    many(cast, 20)
    facts = html.fromstring(olga.get(INBOX).content).xpath("//dl[@class='facts']//dd/text()")
    assert facts == ["20", "6", "0", "0"]


def test_no_list_names_a_person_it_is_about(leif, olga, opened, cast):
    for page in (words(leif.get("/sager/")), words(olga.get(INBOX))):
        assert "Anna" not in page
    assert Person.objects.filter(first_name="Anna").exists()


def test_the_way_in_stands_in_the_menus(logged_in, cast):
    assert "/sager/" in logged_in("leif").get("/brugeradministration/import/").content.decode()
    assert "/stil/sager/" in logged_in("olga").get("/brugeradministration/import/").content.decode()
    assert "/sager/" in logged_in("leif").get("/mit-unilogin/").content.decode()
    assert "/stil/sager/" in logged_in("olga").get("/mit-unilogin/").content.decode()
    assert "/sager/" not in logged_in("mette").get("/mit-unilogin/").content.decode()

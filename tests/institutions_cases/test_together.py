"""Many at once, on PostgreSQL: approvals, letters and numbers."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from accounts.models import AuditEvent
from institutions.cases import services
from institutions.models import Case, CaseApproval, CaseKind
from tests.cast import assemble
from unilogin_portal.lib.errors import DomainError

from .conftest import approve_by_both, asked, open_for
from .test_letter import Handed

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def cast(transactional_db):
    """The cast, where threads can see it."""
    return assemble()


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Do all in threads that start together; return what came of each, an error for what was refused."""
    results: list[object] = [None] * len(acts)
    start = threading.Barrier(len(acts))

    def run(place: int, act: Callable[[], object]) -> None:
        start.wait()
        try:
            results[place] = act()
        except DomainError as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_two_supporters_who_approve_at_once_count_as_two(opened, actors):
    at_once(
        lambda: services.approve(opened, by=actors["olga"]),
        lambda: services.approve(opened, by=actors["second"]),
    )
    assert Case.objects.get(pk=opened.pk).state == "approved"
    assert list(opened.events.values_list("action", flat=True)) == ["open", "approve", "complete"]


def test_one_supporter_who_approves_twice_at_once_counts_as_one(opened, actors):
    results = at_once(*[lambda: services.approve(opened, by=actors["olga"])] * 4)
    assert sum(isinstance(result, DomainError) for result in results) == 3
    assert Case.objects.get(pk=opened.pk).state == "in_approval"
    assert CaseApproval.objects.count() == 1


def test_an_approval_and_a_withdrawal_at_once_lead_to_one_of_the_two(opened, actors):
    services.approve(opened, by=actors["olga"])
    at_once(
        lambda: services.approve(opened, by=actors["second"]),
        lambda: services.withdraw(opened, by=actors["leif"]),
    )
    case = Case.objects.get(pk=opened.pk)
    assert (case.state, case.approvals.count()) in {("approved", 2), ("withdrawn", 1)}


def test_several_workers_at_one_letter_send_it_once(opened, actors, settings):
    Handed.letters, Handed.fails_before, Handed.fails_after = [], False, False
    settings.SECURE_MAIL = f"{Handed.__module__}.Handed"
    approve_by_both(opened, actors)
    at_once(*[lambda: services.carry_out(opened.pk)] * 4)
    assert Case.objects.get(pk=opened.pk).state == "sent"
    assert len(Handed.letters) == 1
    assert AuditEvent.objects.filter(action="password.set").count() == 1


def test_cases_created_at_once_get_different_numbers(cast, actors):
    results = at_once(
        lambda: open_for(cast, actors, "anna").number,
        lambda: open_for(cast, actors, "mette").number,
    )
    assert sorted(number[-6:] for number in results) == ["000001", "000002"]


def test_a_double_click_at_once_opens_one_case(cast, actors):
    results = at_once(*[lambda: open_for(cast, actors)] * 3)
    assert sum(isinstance(result, DomainError) for result in results) == 2
    assert Case.objects.count() == 1


def test_many_questions_at_once_are_no_more_than_ten(cast, actors):
    def ask():
        return services.open_contact_case(CaseKind.CONTACT_USER, cast.school, asked("bo"), by=actors["leif"])

    at_once(*[ask] * (services.MOST_QUESTIONS + 6))
    assert AuditEvent.objects.filter(action=services.ASKED).count() == services.MOST_QUESTIONS

"""The table of states: every state, act and side either moves or is refused; and what the database itself refuses."""

import itertools

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from institutions.cases.kinds import KINDS
from institutions.cases.states import TRANSITIONS, WHO, CaseAction, CaseState, Side, may, next_state
from institutions.models import Case, CaseApproval, CaseEvent, CaseKind
from unilogin_portal.lib.errors import IllegalTransition

S, A = CaseState, CaseAction
EXPECTED = {
    ("created", "approve", "stil"): "in_approval",
    ("created", "complete", "stil"): "approved",
    ("created", "reject", "stil"): "rejected",
    ("created", "ask", "stil"): "created",
    ("created", "answer", "institution"): "created",
    ("created", "withdraw", "institution"): "withdrawn",
    ("in_approval", "approve", "stil"): "in_approval",
    ("in_approval", "complete", "stil"): "approved",
    ("in_approval", "reject", "stil"): "rejected",
    ("in_approval", "ask", "stil"): "in_approval",
    ("in_approval", "answer", "institution"): "in_approval",
    ("in_approval", "withdraw", "institution"): "withdrawn",
    ("approved", "answer", "institution"): "approved",
    ("approved", "send", "system"): "sent",
    ("approved", "stop", "system"): "rejected",
    ("approved", "finish", "system"): "closed",
    ("sent", "answer", "institution"): "sent",
    ("sent", "close", "institution"): "closed",
    ("sent", "close", "stil"): "closed",
}


@pytest.mark.parametrize(("state", "action", "side"), list(itertools.product(CaseState, CaseAction, Side)))
def test_every_state_act_and_side_either_moves_or_is_refused(state, action, side):
    leads_to = EXPECTED.get((state.value, action.value, side.value))
    assert may(state, action, side) == (leads_to is not None)
    if leads_to:
        assert next_state(state, action, side) == leads_to
    else:
        with pytest.raises(IllegalTransition):
            next_state(state, action, side)


def test_every_act_in_the_table_is_somebodys():
    assert {action for _, action in TRANSITIONS} <= set(WHO)
    assert all(WHO[action] for action in CaseAction)


def test_every_kind_has_a_row_with_a_form_a_handler_and_its_approvals():
    """A letter that opens somebody's account takes two supporters; a company that wants to do business one."""
    assert set(KINDS) == set(CaseKind)
    for kind in KINDS.values():
        assert kind.form_class()
        assert callable(import_string(kind.handler))
        assert kind.approvals == (2 if kind.by_institutions else 1)
        assert not kind.facts or callable(import_string(kind.facts))
        assert kind.kept.days > 365


def refused_by_the_database(change):
    with pytest.raises(IntegrityError), transaction.atomic():
        change()


def test_the_database_keeps_the_invariants_by_itself(opened, cast):
    now, cases = timezone.now(), Case.objects.filter(pk=opened.pk)
    refused_by_the_database(lambda: cases.update(closed_at=now))
    refused_by_the_database(lambda: cases.update(state=S.CLOSED))
    refused_by_the_database(lambda: cases.update(state=S.SENT, asked_at=now))
    refused_by_the_database(lambda: cases.update(state="lost"))
    refused_by_the_database(lambda: cases.update(kind="lost"))
    refused_by_the_database(lambda: cases.update(kind=CaseKind.CONTACT_FORGOTTEN))
    refused_by_the_database(lambda: cases.update(earlier=opened.pk))
    refused_by_the_database(lambda: cases.update(number="7"))
    opened.pk = None
    refused_by_the_database(opened.save)  # the number once, and one open case a person
    opened.number = "S-2026-999999"
    refused_by_the_database(opened.save)


def test_the_database_takes_one_approval_of_each_and_knows_who_wrote(opened, cast):
    row = {"case": opened, "by": cast["olga"], "at": timezone.now()}
    CaseApproval.objects.create(**row)
    refused_by_the_database(lambda: CaseApproval.objects.create(**row))
    event = {"case": opened, "at": timezone.now(), "action": A.ASK, "side": Side.STIL}
    refused_by_the_database(lambda: CaseEvent.objects.create(**event))
    refused_by_the_database(lambda: CaseEvent.objects.create(**{**event, "side": Side.SYSTEM}, by=cast["olga"]))
    contact = type(opened.contact).objects.filter(case=row["case"])
    refused_by_the_database(lambda: contact.update(recipient=""))
    refused_by_the_database(lambda: contact.update(cvr="1"))
    refused_by_the_database(lambda: contact.update(wanted="all"))
    refused_by_the_database(lambda: contact.update(sent_at=timezone.now()))

"""What beat does of Tilslutning, done by hand; and what nobody needs any more."""

import datetime as dt

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from dataagreements.models import Agreement, Submission
from dataagreements.states import AgreementState


def test_an_agreement_that_is_over_ends_by_hand_too(approved, capsys):
    with time_machine.travel(timezone.now() + dt.timedelta(days=400)):
        call_command("run_agreements", "nightly")
    assert Agreement.objects.get().state == AgreementState.ENDED
    assert "nightly: done" in capsys.readouterr().out


@pytest.mark.django_db
@pytest.mark.parametrize("task", ["remind", "digest", "forget_old", "send_unfinished"])
def test_what_has_nothing_to_do_says_that_it_is_done(task, capsys):
    call_command("run_agreements", task)
    assert f"{task}: done" in capsys.readouterr().out


def test_another_task_is_refused():
    with pytest.raises(CommandError):
        call_command("run_agreements", "everything")


def test_what_was_sent_is_remembered_as_long_as_what_became_of_it(system, day_care):
    Submission.objects.create(system=system, institution=day_care, source="x", sha256="0" * 64, size=1)
    for years, left in ((4, 1), (6, 0)):
        with time_machine.travel(timezone.now() + dt.timedelta(days=years * 365)):
            call_command("run_agreements", "forget_old")
        assert Submission.objects.count() == left

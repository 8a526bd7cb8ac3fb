"""What a person may do with a run: a table."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from unilogin_portal.lib.errors import IllegalTransition

from ..models import RunState


class RunAction(TextChoices):
    APPROVE = "approve", _("Approve")
    REJECT = "reject", _("Stop")
    UNDO = "undo", _("Take back")


# An approved run is received once more: it is loaded by the next worker that is free.
TRANSITIONS: dict[tuple[RunState, RunAction], RunState] = {
    (RunState.AWAITING_APPROVAL, RunAction.APPROVE): RunState.RECEIVED,
    (RunState.AWAITING_APPROVAL, RunAction.REJECT): RunState.REJECTED,
    (RunState.LOADED, RunAction.UNDO): RunState.UNDONE,
    (RunState.LOADED_WITH_ISSUES, RunAction.UNDO): RunState.UNDONE,
}

_REFUSALS = {
    RunAction.APPROVE: _("This import no longer waits for an answer. Nothing was changed."),
    RunAction.REJECT: _("This import no longer waits for an answer. Nothing was changed."),
    RunAction.UNDO: _("Only an import that was loaded can be taken back."),
}


def next_state(state: RunState, action: RunAction) -> RunState:
    """Return the state that `action` leads to, or raise `IllegalTransition`."""
    try:
        return TRANSITIONS[state, action]
    except KeyError:
        raise IllegalTransition(_REFUSALS[action]) from None

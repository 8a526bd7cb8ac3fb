"""The states of a case, what leads from one to another, and whose act that is (D3.6): tables, for every kind."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from unilogin_portal.lib.errors import IllegalTransition


class CaseState(TextChoices):
    CREATED = "created", _("Newly created")
    IN_APPROVAL = "in_approval", _("In approval")
    APPROVED = "approved", _("Approved")
    SENT = "sent", _("Sent by secure mail")
    CLOSED = "closed", _("Closed")
    REJECTED = "rejected", _("Rejected")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class CaseAction(TextChoices):
    OPEN = "open", _("Case created")
    APPROVE = "approve", _("Approved")
    COMPLETE = "complete", _("Approved as the last one needed")
    REJECT = "reject", _("Rejected")
    ASK = "ask", _("Question to the institution")
    ANSWER = "answer", _("Message from the institution")
    WITHDRAW = "withdraw", _("Withdrawn")
    SEND = "send", _("Letter sent by secure mail")
    STOP = "stop", _("Stopped")
    CLOSE = "close", _("Closed")
    FINISH = "finish", _("Carried out")


class Side(TextChoices):
    """On whose behalf somebody acts in a case."""

    INSTITUTION = "institution", _("The institution")  # or the company that asks
    STIL = "stil", _("STIL, the agency")
    SYSTEM = "system", _("The system")


# What STIL still has to answer; what is not over for whoever waits for it; what is over.
UNANSWERED = (CaseState.CREATED, CaseState.IN_APPROVAL)
OPEN = (*UNANSWERED, CaseState.APPROVED)
FINAL = (CaseState.CLOSED, CaseState.REJECTED, CaseState.WITHDRAWN)

TRANSITIONS: dict[tuple[CaseState, CaseAction], CaseState] = {
    (CaseState.CREATED, CaseAction.APPROVE): CaseState.IN_APPROVAL,
    (CaseState.CREATED, CaseAction.COMPLETE): CaseState.APPROVED,  # a kind that needs one approval only
    (CaseState.CREATED, CaseAction.REJECT): CaseState.REJECTED,
    (CaseState.CREATED, CaseAction.ASK): CaseState.CREATED,
    (CaseState.CREATED, CaseAction.ANSWER): CaseState.CREATED,
    (CaseState.CREATED, CaseAction.WITHDRAW): CaseState.WITHDRAWN,
    (CaseState.IN_APPROVAL, CaseAction.APPROVE): CaseState.IN_APPROVAL,  # a kind that needs three or more
    (CaseState.IN_APPROVAL, CaseAction.COMPLETE): CaseState.APPROVED,
    (CaseState.IN_APPROVAL, CaseAction.REJECT): CaseState.REJECTED,
    (CaseState.IN_APPROVAL, CaseAction.ASK): CaseState.IN_APPROVAL,
    (CaseState.IN_APPROVAL, CaseAction.ANSWER): CaseState.IN_APPROVAL,
    (CaseState.IN_APPROVAL, CaseAction.WITHDRAW): CaseState.WITHDRAWN,
    (CaseState.APPROVED, CaseAction.ANSWER): CaseState.APPROVED,
    (CaseState.APPROVED, CaseAction.SEND): CaseState.SENT,
    (CaseState.APPROVED, CaseAction.STOP): CaseState.REJECTED,  # what made it right has ended since
    (CaseState.APPROVED, CaseAction.FINISH): CaseState.CLOSED,  # a kind without a letter
    (CaseState.SENT, CaseAction.ANSWER): CaseState.SENT,
    (CaseState.SENT, CaseAction.CLOSE): CaseState.CLOSED,
}

WHO: dict[CaseAction, frozenset[Side]] = {
    CaseAction.OPEN: frozenset({Side.INSTITUTION}),
    CaseAction.APPROVE: frozenset({Side.STIL}),
    CaseAction.COMPLETE: frozenset({Side.STIL}),
    CaseAction.REJECT: frozenset({Side.STIL}),
    CaseAction.ASK: frozenset({Side.STIL}),
    CaseAction.ANSWER: frozenset({Side.INSTITUTION}),
    CaseAction.WITHDRAW: frozenset({Side.INSTITUTION}),
    CaseAction.SEND: frozenset({Side.SYSTEM}),
    CaseAction.STOP: frozenset({Side.SYSTEM}),
    CaseAction.CLOSE: frozenset({Side.INSTITUTION, Side.STIL}),
    CaseAction.FINISH: frozenset({Side.SYSTEM}),
}


def next_state(state: CaseState, action: CaseAction, side: Side) -> CaseState:
    """Return the state that `action` by `side` leads to, or raise `IllegalTransition`."""
    if side not in WHO[action] or (state, action) not in TRANSITIONS:
        raise IllegalTransition(_("The case has moved on in the meantime, and nothing was saved."))
    return TRANSITIONS[state, action]


def may(state: CaseState, action: CaseAction, side: Side) -> bool:
    """Whether a page offers `action` to `side`."""
    return side in WHO[action] and (state, action) in TRANSITIONS

"""The states of a campaign, of a report and of its mail: tables, read by pure functions (D7)."""

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from unilogin_portal.lib.errors import IllegalTransition


class CampaignState(models.TextChoices):
    PLANNED = "planned", _("Planned")
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Left out")


class CampaignAction(models.TextChoices):
    CHANGE = "change", _("Change")
    OPEN = "open", _("Open")
    CLOSE = "close", _("Close")
    CANCEL = "cancel", _("Leave out")
    RESTORE = "restore", _("Take in again")


CAMPAIGN_MOVES: dict[tuple[CampaignState, CampaignAction], CampaignState] = {
    (CampaignState.PLANNED, CampaignAction.CHANGE): CampaignState.PLANNED,
    (CampaignState.PLANNED, CampaignAction.OPEN): CampaignState.OPEN,
    (CampaignState.PLANNED, CampaignAction.CANCEL): CampaignState.CANCELLED,
    (CampaignState.CANCELLED, CampaignAction.RESTORE): CampaignState.PLANNED,
    (CampaignState.OPEN, CampaignAction.CHANGE): CampaignState.OPEN,
    (CampaignState.OPEN, CampaignAction.CLOSE): CampaignState.CLOSED,
}


class ReportState(models.TextChoices):
    """OPRETTET, SENDT, PAABEGYNDT, AFSLUTTET, UDLOEBET (D7), and open again for correction."""

    CREATED = "created", _("Not sent")
    SENT = "sent", _("Not begun")
    BEGUN = "begun", _("Begun")
    FINISHED = "finished", _("Finished")
    REOPENED = "reopened", _("Open again")
    EXPIRED = "expired", _("Not answered")


class ReportAction(models.TextChoices):
    SEND = "send", _("Send the link")
    SAVE = "save", _("Save")
    FINISH = "finish", _("Finish")
    REOPEN = "reopen", _("Open again")
    EXPIRE = "expire", _("Close")


# A number may be saved before the mail is known to have gone: by telephone, STIL gives nobody a link, but a mail may be
# slow to be written down. What is open again when its campaign closes keeps what was sent before.
REPORT_MOVES: dict[tuple[ReportState, ReportAction], ReportState] = {
    (ReportState.CREATED, ReportAction.SEND): ReportState.SENT,
    (ReportState.CREATED, ReportAction.SAVE): ReportState.BEGUN,
    (ReportState.CREATED, ReportAction.FINISH): ReportState.FINISHED,
    (ReportState.CREATED, ReportAction.EXPIRE): ReportState.EXPIRED,
    (ReportState.SENT, ReportAction.SEND): ReportState.SENT,
    (ReportState.SENT, ReportAction.SAVE): ReportState.BEGUN,
    (ReportState.SENT, ReportAction.FINISH): ReportState.FINISHED,
    (ReportState.SENT, ReportAction.EXPIRE): ReportState.EXPIRED,
    (ReportState.BEGUN, ReportAction.SEND): ReportState.BEGUN,
    (ReportState.BEGUN, ReportAction.SAVE): ReportState.BEGUN,
    (ReportState.BEGUN, ReportAction.FINISH): ReportState.FINISHED,
    (ReportState.BEGUN, ReportAction.EXPIRE): ReportState.EXPIRED,
    (ReportState.FINISHED, ReportAction.REOPEN): ReportState.REOPENED,
    (ReportState.REOPENED, ReportAction.SEND): ReportState.REOPENED,
    (ReportState.REOPENED, ReportAction.SAVE): ReportState.REOPENED,
    (ReportState.REOPENED, ReportAction.FINISH): ReportState.FINISHED,
    (ReportState.REOPENED, ReportAction.EXPIRE): ReportState.FINISHED,
}
# Those whose numbers may be written in.
WRITABLE = frozenset(state for state, action in REPORT_MOVES if action == ReportAction.SAVE)
UNANSWERED = frozenset({ReportState.CREATED, ReportState.SENT, ReportState.BEGUN})


class MailState(models.TextChoices):
    """How far the mail with the link has come. CLAIMED, and no more, means that a worker died at it: it may have gone,
    and is not sent again by itself."""

    DUE = "due", _("To be sent")
    CLAIMED = "claimed", _("Perhaps sent")
    SENT = "sent", _("Sent")
    BOUNCED = "bounced", _("Could not be delivered")
    NO_ADDRESS = "no_address", _("No address")


def next_campaign_state(state: str, action: CampaignAction) -> CampaignState:
    """Return where the act leads. Raises `IllegalTransition`."""
    try:
        return CAMPAIGN_MOVES[CampaignState(state), action]
    except KeyError:
        raise IllegalTransition(gettext("The week is no longer where this can be done.")) from None


def next_report_state(state: str, action: ReportAction) -> ReportState:
    """Return where the act leads. Raises `IllegalTransition`."""
    try:
        return REPORT_MOVES[ReportState(state), action]
    except KeyError:
        raise IllegalTransition(gettext("The report is no longer where this can be done.")) from None

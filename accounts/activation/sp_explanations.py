"""What a person is told when an answer from MitID is refused: a table. The reason itself is for the log only."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .refusals import Reason


@dataclass(frozen=True)
class Explanation:
    """A heading, what is the case, and what the person can do."""

    heading: str | Promise
    lead: str | Promise
    advice: tuple[str | Promise, ...]


_FAILED = _("We could not log you in with MitID")
_TRY_AGAIN = _("Try again. Start at the login page, not with the Back button.")
_OTHER_LOGIN = _("Or choose another login.")

GENERAL = Explanation(
    _FAILED,
    _("You are not logged in. Try again, or choose another login."),
    (_TRY_AGAIN, _("If it happens again, write to support and mention the number below.")),
)
CANCELLED = Explanation(
    _FAILED,
    _("The login with MitID was not completed. You are not logged in."),
    (_("Try again when you have your MitID at hand."), _OTHER_LOGIN),
)
OTHER_BROWSER = Explanation(
    _FAILED,
    _("The answer from MitID does not belong to this browser, or has already been used. You are not logged in."),
    (
        _TRY_AGAIN,
        _("Use the same browser all the way: MitID must return to the window you started in."),
        _("Check that your browser accepts cookies from this site."),
    ),
)
TOO_LATE = Explanation(
    _FAILED,
    _("It took more than ten minutes, so the login has expired. You are not logged in."),
    (_TRY_AGAIN, _OTHER_LOGIN),
)
WRONG_CLOCK = Explanation(
    _FAILED,
    _("The answer from MitID is too old, or came too early. You are not logged in."),
    (_TRY_AGAIN, _("If it happens again, write to support and mention the number below.")),
)
LEVEL_TOO_LOW = Explanation(
    _("Your MitID login is not secure enough for this"),
    _("You used MitID at a lower level of assurance than we need. You are not logged in."),
    (
        _("Try again with the MitID app, code display or chip, not just a password."),
        _("Or choose another login."),
    ),
)

EXPLANATIONS: Mapping[Reason, Explanation] = {
    Reason.CANCELLED: CANCELLED,
    Reason.LOA_TOO_LOW: LEVEL_TOO_LOW,
    Reason.REQUEST_TOO_OLD: TOO_LATE,
    **dict.fromkeys(
        (
            Reason.NO_BROWSER_COOKIE,
            Reason.OTHER_BROWSER,
            Reason.UNKNOWN_REQUEST,
            Reason.ALREADY_ANSWERED,
            Reason.ASSERTION_REPLAYED,
            Reason.NOTHING_TO_COLLECT,
        ),
        OTHER_BROWSER,
    ),
    **dict.fromkeys(
        (
            Reason.WRONG_ISSUE_INSTANT,
            Reason.NOT_YET_VALID,
            Reason.EXPIRED,
            Reason.CONFIRMATION_EXPIRED,
            Reason.SESSION_EXPIRED,
            Reason.AUTHENTICATION_TOO_OLD,
        ),
        WRONG_CLOCK,
    ),
}


def explanation_of(reason: Reason) -> Explanation:
    return EXPLANATIONS.get(reason, GENERAL)

"""Carrying a new CPR number from *Analysér* to the confirmation: sealed, for one user, for a few minutes."""

import base64
import binascii
import datetime as dt
import json
from dataclasses import astuple, dataclass

from django.utils.translation import gettext as _

from accounts.models import User
from unilogin_portal.lib import crypto
from unilogin_portal.lib.errors import DomainError

CONTEXT = "useradmin.change_cpr"
VALID = dt.timedelta(minutes=10)


@dataclass(frozen=True)
class CprChange:
    """Who gets which number."""

    series_id: int
    local_id: str
    cpr: str
    outcome: str = ""  # what it came to when it was analysed, a `CprOutcome`


def sealed(change: CprChange, user: User, now: dt.datetime) -> str:
    """Return what stands in the form's hidden field."""
    text = json.dumps([user.pk, now.timestamp(), *astuple(change)])
    return base64.urlsafe_b64encode(crypto.seal(text, CONTEXT)).decode()


def opened(token: str, user: User, now: dt.datetime) -> CprChange:
    """Return what was analysed, or raise `DomainError` where it was by somebody else, too long ago, or altered."""
    try:
        by, at, *change = json.loads(crypto.unseal(base64.urlsafe_b64decode(token.encode()), CONTEXT))
    except (binascii.Error, ValueError, crypto.SecretUnreadable):
        raise DomainError(_too_old()) from None
    if by != user.pk or not 0 <= now.timestamp() - at <= VALID.total_seconds():
        raise DomainError(_too_old())
    return CprChange(*change)


def _too_old() -> str:
    return _("The page has become too old, and nothing is saved. Enter the number again.")

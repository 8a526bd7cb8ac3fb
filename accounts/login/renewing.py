"""Asking for a new password at log-in, letting it be put off, and insisting when the time is over (D3.2).

Only who comes with the password is asked: it is the password whose time ends, and a log-in by MitID does not use it.
"""

from datetime import datetime

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from unilogin_portal.lib.errors import DomainError

from .. import access, audit, renewal
from .. import services as accounts
from ..models import Credential, User
from ..policy import Band
from ..renewal import Due, Reason
from ..services import Why
from . import flow
from .services import Outcome, admit, begin_making, standing_of

_WHY = {Reason.BAND: Why.OUTGROWN, Reason.AGE: Why.EXPIRED}


def asks(request: HttpRequest, user: User, *, next_path: str) -> bool:
    """Whether the user, who has just given the password, is to be asked before going on: once a day at most."""
    now = timezone.now()
    note_days(user, now=now)
    if accounts.demand_on(user, now=now).due is not Due.SOON or access.has_put_off_today(user):
        return False
    request.session.cycle_key()  # the session may do more from here on than before
    flow.remember_offer(request.session, flow.Offer(user.pk, accounts.secret_mark(user), now.timestamp(), next_path))
    return True


def note_days(user: User, *, now: datetime) -> None:
    """Begin the days that a new band gives at the first log-in that finds it, and forget them where none is found."""
    terms = getattr(user, "credential", None)
    if terms is None:
        return
    kept = renewal.keeps(Band(terms.band), user.band)
    if kept is (terms.renew_by is None):
        return
    terms.renew_by = None if kept else renewal.end_of_renewal(now, accounts.renewal_times())
    # Of two log-ins at once the second finds it noted.
    still_so = Credential.objects.filter(pk=terms.pk, made_at=terms.made_at, renew_by__isnull=not kept)
    with transaction.atomic():
        if still_so.update(renew_by=terms.renew_by):
            action = "password.renewal_dropped" if kept else "password.renewal_begun"
            audit.record(action, user, by=None, subject=user.person, band=user.band)


def owner_of(offer: flow.Offer) -> User:
    """Return who was asked, if the password given then is still theirs and they may still come in."""
    user = access.user_with_id(offer.user_id)
    if accounts.secret_mark(user) != offer.mark or standing_of(user) not in {Outcome.ADMITTED, Outcome.EXPIRED}:
        raise DomainError(_("That page has expired. Nothing was saved. Start again with your user name."))
    return user


def put_off(request: HttpRequest, user: User) -> bool:
    """*Ikke nu*: let the user in as they are. False past the deadline, even where the page was drawn before it."""
    demand = accounts.demand_on(user, now=timezone.now())
    if demand.due is Due.NOW:
        return False
    with transaction.atomic():
        admit(request, user)
        audit.record("password.put_off", user, by=user, subject=user.person, reason=demand.reason)
    return True


def make_now(request: HttpRequest, user: User, *, next_path: str) -> None:
    """*Skift nu*: the password that was just given is the proof (D3.4 C)."""
    begin_making(request, user, why=Why.KNOWN, by=user, next_path=next_path)


def insist(request: HttpRequest, user: User, *, next_path: str) -> None:
    """A new one comes before anything else. That the old one was known is the proof, for the youngest too (D3.4)."""
    reason = accounts.demand_on(user, now=timezone.now()).reason or Reason.AGE
    audit.record("password.forced", user, by=user, subject=user.person, reason=reason)
    begin_making(request, user, why=_WHY[reason], by=user, next_path=next_path)

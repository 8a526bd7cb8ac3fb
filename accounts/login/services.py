"""Deciding who comes in by user name and password, and starting sessions and new passwords."""

import enum
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from django.contrib.auth import login, logout
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import ngettext

from unilogin_portal.lib import crypto, metrics
from unilogin_portal.lib.gate import LOA_SESSION_KEY, LevelOfAssurance
from unilogin_portal.lib.requestlog import client_ip

from .. import access, audit, browsers, services, sessions, step_ups, throttle
from ..models import SecretForm, User
from ..renewal import Due
from ..states import UserState
from . import adult, flow, window

BACKEND = "accounts.backends.UniloginBackend"
# Of this many unknown user names one is answered like an account without a password, one like an account with
# pictures and the others like one with a password, always the same ones: so no answer tells that an account exists.
DECOYS = 4


class Step(enum.Enum):
    """What follows the user name."""

    PASSWORD = "password"  # noqa: S105  (the name of a step)
    PICTURES = "pictures"
    FIRST_PASSWORD = "first_password"  # noqa: S105
    ANIMAL = "animal"


_DECOY_STEPS = {0: Step.FIRST_PASSWORD, 1: Step.PICTURES}


class Outcome(enum.Enum):
    """What a password led to."""

    ADMITTED = "admitted"
    WRONG = "wrong"
    PAUSED = "paused"
    BLOCKED = "blocked"
    UNAFFILIATED = "unaffiliated"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Answer:
    """An outcome, the user where the password was right, and the end of the pause where there is one."""

    outcome: Outcome
    user: User | None = None
    paused_until: datetime | None = None

    @property
    def wait(self) -> str:
        """Return how long the pause still lasts, in words."""
        left = self.paused_until - timezone.now() if self.paused_until else timedelta()
        minutes = max(1, ceil(left.total_seconds() / 60))
        if minutes < 120:
            return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}
        return ngettext("%(count)s hour", "%(count)s hours", ceil(minutes / 60)) % {"count": ceil(minutes / 60)}


def step_after(username: str) -> Step:
    """Return what follows this user name now. It must not tell whether there is such an account."""
    return Step.ANIMAL if window.display_for(username) else usual_step(username)


def usual_step(username: str) -> Step:
    """Return what follows this user name while no window is open for it."""
    user = access.user_named(username)
    if user is None:
        return _DECOY_STEPS.get(_share(username, "login.decoy"), Step.PASSWORD)
    if not user.has_secret:
        return Step.FIRST_PASSWORD
    return Step.PICTURES if _has_pictures(user) else Step.PASSWORD


def chooses_pictures(username: str) -> bool:
    return usual_step(username) is Step.PICTURES


def keeps_picture_order(username: str) -> bool:
    """Whether the pictures stand in a fixed order for this user name; they do for some unknown ones too."""
    user = access.user_named(username)
    return user.keeps_picture_order if user is not None else _share(username, "login.order") == 0


def _has_pictures(user: User) -> bool:
    terms = getattr(user, "credential", None)
    return terms is not None and terms.form == SecretForm.PICTURES


def _share(username: str, context: str) -> int:
    return int(crypto.fingerprint(username, context)[:8], 16) % DECOYS


def try_password(request: HttpRequest, username: str, secret: str) -> Answer:
    """Judge one try.

    A wrong user name, a wrong password and an account without one get the same answer in the same time.
    """
    attempt = throttle.begin(username, browsers.key_of(request), client_ip(request))
    if attempt.paused_until:
        if attempt.counter is not throttle.Counter.ADDRESS:  # there the pause is to spare the computation, too
            services.secret_is(None, secret)
        return _counted(Answer(Outcome.PAUSED, paused_until=attempt.paused_until))
    user = access.user_named(username)
    if not services.secret_is(user, secret):
        return _counted(_refused(user, attempt))
    assert user is not None  # noqa: S101  nobody's password is ever right
    throttle.succeed(attempt)
    return _counted(Answer(standing_of(user), user))


def _refused(user: User | None, attempt: throttle.Try) -> Answer:
    subject = user.person if user else None
    if attempt.pause:
        audit.record("login.paused", by=None, subject=subject, counter=attempt.counter)
    else:
        audit.record("login.refused", by=None, subject=subject)
    if throttle.fail(attempt):
        audit.record("login.address_paused", by=None, counter=throttle.Counter.ADDRESS)
    return Answer(Outcome.PAUSED if attempt.pause else Outcome.WRONG, paused_until=attempt.pause)


def choose_animal(request: HttpRequest, username: str, display: window.Display, animal: str, *, next_path: str) -> bool:
    """Take the one choice at a window; the right one is the right to a new password. Raises `DomainError`."""
    if not window.choose(display, animal):
        if throttle.fail_at_window(username, browsers.key_of(request), client_ip(request)):
            audit.record("login.address_paused", by=None, counter=throttle.Counter.ADDRESS)
        return False
    opened = display.window
    assert opened is not None  # noqa: S101  made-up animals are never right
    why, by = services.Why.HELPED, opened.opened_by
    begin_making(request, opened.user, why=why, by=by, next_path=next_path, window_id=opened.pk)
    return True


def standing_of(user: User) -> Outcome:
    """Return what an account that proved itself may do. Operators of STIL belong to no institution."""
    if user.state == UserState.BLOCKED:
        return Outcome.BLOCKED
    if not user.may_come_in:
        return Outcome.UNAFFILIATED
    overdue = services.demand_on(user, now=timezone.now()).due is Due.NOW
    return Outcome.EXPIRED if overdue else Outcome.ADMITTED


def _counted(answer: Answer) -> Answer:
    metrics.LOGINS.labels("password", answer.outcome.value).inc()
    return answer


def admit(
    request: HttpRequest,
    user: User,
    *,
    method: str = "password",
    loa: LevelOfAssurance = LevelOfAssurance.NONE,
    **remembered: object,
) -> None:
    """Begin the user's session: a new key, nothing left of the visitor's, but `remembered`."""
    session = request.session
    assert isinstance(session, sessions.SessionStore)  # noqa: S101  (SESSION_ENGINE)
    session.begin_anew()
    with transaction.atomic():
        login(request, user, backend=BACKEND)
        request.session[sessions.METHOD_KEY] = method
        request.session[LOA_SESSION_KEY] = int(loa)
        request.session[sessions.LOGIN_ID_KEY] = secrets.token_hex(16)
        for key, value in remembered.items():
            request.session[key] = value
        sessions.name_device(request)
        counts = throttle.is_first_of_the_hour(browsers.remember(request, user))
        audit.record("login.admitted", by=user, subject=user.person, method=method)
    if counts:
        throttle.note_admitted(client_ip(request))


def leave(request: HttpRequest) -> None:
    """End the session; the visitor's next one remembers only how to log off at MitID."""
    if request.user.is_authenticated:
        audit.record("login.left", by=request.user, subject=request.user.person)
        if login_id := request.session.get(sessions.LOGIN_ID_KEY):
            step_ups.drop(request.user, by=request.user, login_id=login_id)
    mitid = request.session.get(adult.MITID_KEY) or request.session.get(sessions.MITID_KEY)
    logout(request)
    if mitid:
        request.session[sessions.MITID_KEY] = mitid


def begin_making(
    request: HttpRequest, user: User, *, why: services.Why, by: User, next_path: str = "", window_id: int = 0
) -> None:
    """Note that `by` has proved the right to give `user` a new password now."""
    making = flow.Making(
        user_id=user.pk,
        why=why,
        by_id=by.pk,
        mark=services.secret_mark(user),
        started=timezone.now().timestamp(),
        next=next_path,
        window=window_id,
    )
    request.session.cycle_key()  # the session may do more from here on than before
    flow.remember_making(request.session, making)

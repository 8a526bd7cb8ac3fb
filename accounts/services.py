"""What changes accounts: activation, passwords, sessions."""

import hashlib
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from unilogin_portal.lib.errors import DomainError
from unilogin_portal.lib.mail import send_on_commit

from . import audit, browsers, policy, renewal, reset_mail, sessions, step_ups, throttle
from .models import Credential, FormerSecret, LoginSession, SecretForm, User
from .models.user import ActorGroup
from .states import UserAction, UserState, next_state

FORMER_SECRETS_KEPT = 5  # D3.2


class Why(StrEnum):
    """By what right a new password is made (D3.3)."""

    FIRST = "first"
    FORGOTTEN = "forgotten"
    KNOWN = "known"
    EXPIRED = "expired"
    OUTGROWN = "outgrown"
    CHILD = "child"
    HELPED = "helped"  # by a teacher or user administrator, through Elevadgang
    LETTER = "letter"  # in a letter from STIL, to a contact person without MitID (D3.6)


# A pupil's password that somebody else gave: parents may have asked to hear of it.
BY_ANOTHER = frozenset({Why.CHILD, Why.HELPED})


def _locked(user: User) -> User:
    """Lock the account and read it anew. `no_key`: whoever is noted as an actor meanwhile need not wait for it."""
    return User.objects.select_for_update(no_key=True).get(pk=user.pk)


@transaction.atomic
def activate(user: User, *, by: User) -> User:
    """Take an imported account into use. Twice is once: a second click changes nothing."""
    locked = _locked(user)
    if locked.is_activated:
        return locked
    locked.state = next_state(UserState(locked.state), UserAction.ACTIVATE)
    locked.activated_at = timezone.now()
    locked.save(update_fields=["state", "activated_at"])
    audit.record("user.activated", locked, by=by, subject=locked.person)
    return locked


@transaction.atomic
def block(user: User, *, by: User | None, role: str = "", institution: str = "") -> User:
    """Keep the user out until `unblock`; all sessions end now."""
    blocked = _move(user, UserAction.BLOCK, by=by, role=role, institution=institution)  # accounts first, as everywhere
    sessions.end_sessions(user.pk)
    step_ups.drop(user, by=by)
    return blocked


@transaction.atomic
def unblock(user: User, *, by: User | None, role: str = "", institution: str = "") -> User:
    """Let the user in again."""
    return _move(user, UserAction.UNBLOCK, by=by, role=role, institution=institution)


def _move(user: User, action: UserAction, *, by: User | None, role: str, institution: str) -> User:
    locked = _locked(user)
    locked.state = next_state(UserState(locked.state), action)
    locked.save(update_fields=["state"])
    audit.record(f"user.{action}", locked, by=by, subject=locked.person, role=role, institution=institution)
    return locked


# D3.2: what may be noted for one pupil. The last band is nobody's easier rule.
DESIGNATED = frozenset({policy.Band.FIRST_YEARS, policy.Band.MIDDLE_YEARS})


@transaction.atomic
def designate_band(user: User, band: policy.Band | None, *, by: User, role: str = "", institution: str = "") -> User:
    """Note that a pupil follows this band's rule, whatever the level; None: the level's again. Twice is once."""
    locked = _locked(user)
    before, wanted = locked.designated_band, band or ""
    if before == wanted:
        return locked
    if band is not None and (band not in DESIGNATED or locked.actor_group != ActorGroup.STUDENT):
        raise DomainError(_("Only a pupil can be given an easier kind of password than the class."))
    old_band, locked.designated_band = locked.band, wanted
    locked.save(update_fields=["designated_band"])
    if locked.band != old_band:  # days that another band began do not count for this one
        Credential.objects.filter(user=locked).update(renew_by=None)
    audit.record(
        "user.band_designated",
        locked,
        by=by,
        subject=locked.person,
        role=role,
        institution=institution,
        before=before,
        band=wanted,
    )
    return locked


def demand_on(user: User, *, now: datetime) -> renewal.Demand:
    """Return whether the user is to make a new password, why, and by when (D3.2)."""
    terms = getattr(user, "credential", None)
    if terms is None:
        return renewal.NO_DEMAND
    return renewal.demand_on(
        policy.Band(terms.band),
        user.band,
        now=now,
        times=renewal_times(),
        expires_at=terms.expires_at,
        renew_by=terms.renew_by,
    )


def renewal_times() -> renewal.Times:
    return renewal.Times(settings.PASSWORD_RENEWAL_DAYS, settings.PASSWORD_WARNING_DAYS)


@transaction.atomic
def clear_pause(user: User, *, by: User, role: str = "", institution: str = "") -> bool:
    """Let the user try again at once, from every browser; return whether there was anything to clear."""
    if not throttle.clear(user):
        return False
    audit.record("login.pause_cleared", user, by=by, subject=user.person, role=role, institution=institution)
    return True


def secret_mark(user: User) -> str:
    """Return a mark of the present password: whoever is about to replace it notices when another did so first."""
    return hashlib.sha256(user.password.encode()).hexdigest()[:16]


def names_of(user: User) -> list[str]:
    """Return the names that must not be part of the user's password: those shown, the registered one, the user name."""
    if user.person is None:
        return [user.username]
    return [user.username, user.person.first_name, user.person.family_name, *user.person.registered_name()]


def violations_of(user: User, secret: str) -> list[policy.Violation]:
    """Return what is wrong with `secret` as this user's next password, the last five included."""
    found = policy.violations(secret, policy.policy_of(user.band), names_of(user))
    if not found and is_reused(user, secret):
        found.append(policy.Violation.REUSED)
    return found


def is_reused(user: User, secret: str) -> bool:
    """Whether `secret` is the present password or one of those before it: five in all. Costs up to five hashes."""
    former = user.former_secrets.values_list("password", flat=True)[: FORMER_SECRETS_KEPT - 1]
    return any(check_password(secret, known) for known in [user.password, *former] if known)


@lru_cache(maxsize=1)
def _decoy() -> str:
    return make_password("decoy")


def secret_is(user: User | None, secret: str) -> bool:
    """Whether `secret` is the user's password. Takes as long for nobody, and for who has none, as for a wrong one."""
    known = user is not None and user.has_secret
    right = check_password(secret, user.password if user is not None and known else _decoy())
    return known and right


def hash_of(secret: str) -> str:
    return make_password(secret)


def is_hash_of(hashed: str, secret: str) -> bool:
    return check_password(secret, hashed)


@transaction.atomic
def set_secret(
    user: User,
    hashed: str,
    *,
    expected_mark: str,
    by: User | None,
    why: Why,
    form: SecretForm = SecretForm.WORDS,
    role: str = "",
    institution: str = "",
) -> User:
    """Give `user` the password or pictures with this hash, end all its sessions, lift a pause, and tell by mail.

    `role` and `institution`: in which capacity `by` helped.
    `expected_mark` is the `secret_mark` that the change started from; another's change since then is a `DomainError`.
    """
    locked = _locked(user)
    if secret_mark(locked) != expected_mark:
        raise DomainError(_("The password has been changed in the meantime. Nothing was saved. Start again."))
    if locked.state == UserState.BLOCKED:
        raise DomainError(_("The account is blocked. Ask the school or day care."))
    now = timezone.now()
    _retire(locked, now=now)
    locked.password = hashed
    if not locked.is_activated:
        locked.state, locked.activated_at = next_state(UserState(locked.state), UserAction.ACTIVATE), now
    locked.save(update_fields=["password", "state", "activated_at"])
    _note_terms(locked, form, now=now)
    sessions.end_sessions(locked.pk)
    step_ups.drop(locked, by=None)  # they belonged to log-ins that are over
    throttle.clear(locked)
    role = ActorGroup.CONTACT if why is Why.CHILD else role
    audit.record("password.set", locked, by=by, subject=locked.person, role=role, institution=institution, why=why)
    _tell(locked)
    if why in BY_ANOTHER:
        reset_mail.tell_parents(locked.person, by=by, role=role, institution=institution)
    return locked


def _note_terms(user: User, form: SecretForm, *, now: datetime) -> None:
    """Note under which rule the new password was made, what it is made of, and until when it counts."""
    days = policy.policy_of(user.band).lifetime_days
    expires_at = now + timedelta(days=days) if days else None
    terms = {"band": user.band, "form": form, "made_at": now, "expires_at": expires_at, "renew_by": None}
    Credential.objects.update_or_create(user=user, defaults=terms)


def _retire(user: User, *, now: datetime) -> None:
    """Keep the hash that is being replaced among the former ones, and no more of them than the rule asks for."""
    if not user.has_secret:
        return
    FormerSecret.objects.create(user=user, password=user.password, retired_at=now)
    kept = user.former_secrets.values_list("pk", flat=True)[: FORMER_SECRETS_KEPT - 1]
    user.former_secrets.exclude(pk__in=list(kept)).delete()


def _tell(user: User) -> None:
    """Mail the account's own person, where an address is known: undoing a theft begins with hearing of it."""
    if user.person is not None and user.person.email:
        send_on_commit("password_changed", user.person.email, {})


@transaction.atomic
def end_session(user: User, session: LoginSession) -> None:
    """Log the user off on one device."""
    session.delete()
    audit.record("session.ended", by=user, subject=user.person)


@transaction.atomic
def end_other_sessions(user: User, *, keep: str) -> int:
    """Log the user off everywhere but in the session with the key `keep`; return how many ended."""
    ended = sessions.end_sessions(user.pk, except_key=keep)
    audit.record("session.others_ended", by=user, subject=user.person, ended=ended)
    return ended


@transaction.atomic
def forget_what_is_old() -> dict[str, int]:
    """Delete expired sessions, tries that no longer count and events past their retention; return how many of each."""
    expired = LoginSession.objects.filter(expire_date__lt=timezone.now()).delete()[0]
    gone = {"sessions": expired, "failed_logins": throttle.forget_old(), "browsers": browsers.forget_old()}
    gone["events"] = audit.forget_old()
    if any(gone.values()):
        audit.record("old.forgotten", by=None, gone=gone)
    return gone

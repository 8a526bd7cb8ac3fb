"""Opening a window in which a pupil gets a new password, and what becomes of it (D3.5).

The window is tied to the pupil: the adult who opened it sees an animal, and the pupil must find it among nine on the
pupil's own screen, in one choice. The adult never sees the password.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from unilogin_portal.lib.errors import DomainError

from . import animals, audit, services
from .models import Person, ResetWindow, SecretForm, User
from .models.helping import LIVE_WINDOWS
from .services import Why
from .states import UserState, WindowAction, WindowState, next_window_state

# Who has found the right picture has as long to make the password as everybody who makes one.
MAKING_TIME = timedelta(minutes=15)
# How long a window that is over can be looked up. What was done stands in the audit.
KEPT = timedelta(days=7)


@dataclass(frozen=True)
class Opened:
    """What *Giv ny adgangskode* led to: the windows; and who got none, the blocked and who is not only a pupil."""

    windows: list[ResetWindow]
    blocked: list[User]
    others: list[User]


@transaction.atomic
def open_for(users: Iterable[User], *, by: User, role: str, institution: str) -> Opened:
    """Open a window for each pupil. One that is open already is withdrawn: a pupil has one at most.

    The number of queries does not depend on how many there are.
    """
    now = timezone.now()
    locked = list(
        User.objects.select_for_update(of=("self",), no_key=True)
        .select_related("person")
        .filter(pk__in=[user.pk for user in users])
        .order_by("pk")
    )
    blocked = [user for user in locked if user.state == UserState.BLOCKED]
    reached = [user for user in locked if user.state != UserState.BLOCKED and user.may_come_in]
    helped = [user for user in reached if user.is_only_a_pupil]
    others = [user for user in reached if not user.is_only_a_pupil]
    _close_earlier(helped, by=by, role=role, institution=institution, now=now)
    taken = list(ResetWindow.objects.live(now).filter(opened_by=by).values_list("animal", flat=True))
    windows = []
    for user in helped:
        animal = animals.draw(taken)
        taken.append(animal)
        windows.append(
            ResetWindow(
                user=user,
                animal=animal,
                shown=animals.nine_with(animal),
                opened_by=by,
                role=role,
                institution=institution,
                opened_at=now,
                expires_at=now + timedelta(minutes=settings.RESET_WINDOW_MINUTES),
            )
        )
    windows = ResetWindow.objects.bulk_create(windows)
    pairs = [(window, window.user.person) for window in windows]
    audit.record_many("window.opened", pairs, by=by, role=role, institution=institution)
    return Opened(windows, blocked, others)


def _close_earlier(users: Sequence[User], *, by: User, role: str, institution: str, now: datetime) -> None:
    earlier = list(
        ResetWindow.objects.select_for_update(of=("self",))
        .filter(user__in=users, state__in=LIVE_WINDOWS)
        .select_related("user__person")
        .order_by("pk")
    )
    over = [window for window in earlier if window.expires_at <= now]
    open_still = [window for window in earlier if window.expires_at > now]
    _end_many(over, WindowState.EXPIRED, now)
    _end_many(open_still, WindowState.WITHDRAWN, now)
    audit.record_many("window.expired", _pairs(over), by=None)
    audit.record_many("window.withdrawn", _pairs(open_still), by=by, role=role, institution=institution)


def _pairs(windows: Iterable[ResetWindow]) -> list[tuple[ResetWindow, Person | None]]:
    return [(window, window.user.person) for window in windows]


def _end_many(windows: Iterable[ResetWindow], state: WindowState, now: datetime) -> None:
    ResetWindow.objects.filter(pk__in=[window.pk for window in windows]).update(state=state, ended_at=now)


@transaction.atomic
def withdraw(window: ResetWindow, *, by: User, role: str, institution: str) -> ResetWindow:
    """*Luk*: nothing comes of the window any more, also where the pupil is making the password right now."""
    locked, now = _locked(window.pk), timezone.now()
    _move(locked, WindowAction.WITHDRAW, now=now)
    audit.record("window.withdrawn", locked, by=by, subject=locked.user.person, role=role, institution=institution)
    return locked


def open_window_named(username: str) -> ResetWindow | None:
    """Return the window in which the owner of this user name can choose the animal now: one query, for any name."""
    windows = ResetWindow.objects.live(timezone.now()).select_related("user__person", "opened_by")
    window = windows.filter(user__username=username, state=WindowState.OPEN).first()
    return window if window and window.user.is_active and window.user.may_come_in else None


@transaction.atomic
def choose(window: ResetWindow, animal: str) -> bool:
    """Take the one choice of the pupil's screen; return whether it was right. A wrong one closes the window.

    Raises `IllegalTransition` where the window is over, or somebody has chosen already: only one screen goes on.
    """
    locked, now = _locked(window.pk), timezone.now()
    right = animal == locked.animal
    _move(locked, WindowAction.CHOOSE if right else WindowAction.MISCHOOSE, now=now)
    audit.record("window.chosen" if right else "window.mischosen", locked, by=None, subject=locked.user.person)
    return right


@transaction.atomic
def use(window_id: int, hashed: str, *, expected_mark: str, form: SecretForm) -> User:
    """Save the password that the pupil has made in the window. Raises `DomainError` where the window is over."""
    owner_id = ResetWindow.objects.values_list("user", flat=True).get(pk=window_id)
    User.objects.select_for_update(no_key=True).get(pk=owner_id)  # accounts before windows, as everywhere
    locked, now = _locked(window_id), timezone.now()
    if locked.state_at(now) is WindowState.EXPIRED:
        raise DomainError(_("The time is over. Nothing was saved. Ask your teacher to open for you once more."))
    if locked.state_at(now) is not WindowState.CHOSEN:
        raise DomainError(_("Your teacher has closed the window. Nothing was saved. Ask your teacher."))
    _move(locked, WindowAction.USE, now=now)
    return services.set_secret(
        locked.user,
        hashed,
        expected_mark=expected_mark,
        by=locked.opened_by,
        why=Why.HELPED,
        form=form,
        role=locked.role,
        institution=locked.institution,
    )


@transaction.atomic
def expire_overdue() -> int:
    """Write down which windows' time is over; return how many. Safe to run twice."""
    now = timezone.now()
    overdue = list(
        ResetWindow.objects.select_for_update(of=("self",)).overdue(now).select_related("user__person").order_by("pk")
    )
    _end_many(overdue, WindowState.EXPIRED, now)
    audit.record_many("window.expired", _pairs(overdue), by=None)
    return len(overdue)


def forget_old() -> int:
    """Delete windows that ended more than a week ago; return how many."""
    return ResetWindow.objects.filter(ended_at__lt=timezone.now() - KEPT).delete()[0]


def _locked(pk: int) -> ResetWindow:
    windows = ResetWindow.objects.select_for_update(of=("self",)).select_related("user__person", "opened_by")
    return windows.get(pk=pk)


def _move(window: ResetWindow, action: WindowAction, *, now: datetime) -> None:
    window.state = next_window_state(window.state_at(now), action)
    if window.state == WindowState.CHOSEN:
        window.expires_at = now + MAKING_TIME
    else:
        window.ended_at = now
    window.save(update_fields=["state", "expires_at", "ended_at"])

"""What an adult at the school does to a pupil's account, beside windows and step-ups (D3.5)."""

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from unilogin_portal.lib.errors import DomainError

from . import audit, reset_windows, services
from .models import AuditEvent, Person, ResetWindow, User

VIEWED = "person.viewed"


@transaction.atomic
def block(user: User, *, by: User, role: str, institution: str) -> User:
    """Keep the pupil out: windows that are open end with the sessions, and with what an adult gave their word for."""
    ensure_is_only_a_pupil(user)
    blocked = services.block(user, by=by, role=role, institution=institution)
    for window in ResetWindow.objects.live(timezone.now()).filter(user=user):
        reset_windows.withdraw(window, by=by, role=role, institution=institution)
    return blocked


@transaction.atomic
def clear_pause(user: User, *, by: User, role: str, institution: str) -> bool:
    """Let the pupil try again at once; return whether there was anything to clear."""
    ensure_is_only_a_pupil(user)
    return services.clear_pause(user, by=by, role=role, institution=institution)


def ensure_is_only_a_pupil(user: User) -> None:
    """Raise `DomainError` where the account is an employee's too: a class list gives nobody power over that."""
    if not user.is_only_a_pupil:
        raise DomainError(_("The account is not only a pupil's, and cannot be changed here."))


@transaction.atomic
def keep_picture_order(user: User, keeps: bool, *, by: User, role: str, institution: str) -> User:
    """Note whether the sixteen pictures always stand in the same order for this pupil. Twice is once."""
    locked = User.objects.select_for_update().get(pk=user.pk)
    if locked.keeps_picture_order == keeps:
        return locked
    locked.keeps_picture_order = keeps
    locked.save(update_fields=["keeps_picture_order"])
    audit.record(
        "user.picture_order_set",
        locked,
        by=by,
        subject=locked.person,
        role=role,
        institution=institution,
        keeps=keeps,
    )
    return locked


def note_viewed(people: Iterable[tuple[Person, str]], *, by: User, role: str) -> None:
    """Record that protected people among these were looked up, each at an institution (number): once a day and viewer.

    No query where nobody is protected.
    """
    protected = {person: institution for person, institution in people if person.protected}
    if protected:
        _note_viewed(protected, by=by, role=role)


@transaction.atomic
def _note_viewed(protected: Mapping[Person, str], *, by: User, role: str) -> None:
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    seen = AuditEvent.objects.filter(action=VIEWED, actor=by, subject__in=list(protected), at__gte=midnight)
    already = set(seen.values_list("subject", flat=True))
    for institution in sorted(set(protected.values())):
        new = [person for person, place in protected.items() if place == institution and person.pk not in already]
        audit.record_many(VIEWED, [(None, person) for person in new], by=by, role=role, institution=institution)


@transaction.atomic
def note_printed(people: Iterable[Person], *, by: User, role: str, institution: str) -> None:
    """Record for everybody on it that a list was printed."""
    audit.record_many("list.printed", [(None, person) for person in people], by=by, role=role, institution=institution)
